"""Drift of a project: in what its sources differ, which of them lags, and the edits that bring it up to date."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from migration_ls.diffing.aligning import aligned
from migration_ls.diffing.drift import Drift, DriftKind, Said, Source, drift
from migration_ls.rendering.models.edit import edit_models
from migration_ls.rendering.schema_doc.edit import edit_document
from migration_ls.rules.finding import Finding, Related, Severity
from migration_ls.schema.origin import Origin
from migration_ls.schema.schema import Schema
from migration_ls.text.span import Span
from migration_ls.workspace.changes import ChangedFile
from migration_ls.workspace.files import Role
from migration_ls.workspace.memory import remembered

if TYPE_CHECKING:
    from migration_ls.workspace.analysis import Analysis

TITLES = {
    Source.SCHEMA_DOC: "the schema document",
    Source.MODELS: "the models",
    Source.MIGRATIONS: "the migrations",
    Source.DATABASE: "the database",
}
RULE = "sources-differ"


def sources_of(analysis: "Analysis") -> Mapping[Source, Schema]:
    """The schema as each source of the project tells it; only those that there are."""
    knowledge, snapshot = analysis.knowledge, analysis.snapshot
    found: dict[Source, Schema] = {}
    if any(snapshot.of_role(Role.SCHEMA_DOC)):
        found[Source.SCHEMA_DOC] = knowledge.document.schema
    if any(snapshot.of_role(Role.MODELS)):
        found[Source.MODELS] = knowledge.models.schema
    if knowledge.base_source == "migrations":
        found[Source.MIGRATIONS] = knowledge.current
    elif knowledge.base_source == "database" and analysis.history.applied:
        found[Source.MIGRATIONS] = analysis.history.after[analysis.history.applied[-1]]
    if snapshot.live is not None:
        found[Source.DATABASE] = snapshot.live.schema
    return found


def drift_of(analysis: "Analysis") -> tuple[Drift, ...]:
    """In what the sources of the project differ; asked again for the same sources, it is the same object."""
    return _drift(tuple(sources_of(analysis).items()))


@remembered(6)
def _drift(sources: tuple[tuple[Source, Schema], ...]) -> tuple[Drift, ...]:
    return drift(dict(sources))


def lagging(found: Drift) -> tuple[Source, ...]:
    """The sources to bring up to date, as far as nobody asks for the change already.

    What models say otherwise than production is a request. So the models lag where they lack something beside the
    columns that they map, and the document where it is alone with what it says of something that is there. Migrations
    lag where the database that ran them has something else: somebody changed it by hand.
    """
    said = found.says
    there = [source for source in (Source.DATABASE, Source.MIGRATIONS) if source in said]
    lags: list[Source] = []
    if Source.SCHEMA_DOC in said and found.alone(Source.SCHEMA_DOC) and said[Source.SCHEMA_DOC] is not True:
        lags.append(Source.SCHEMA_DOC)
    beside = found.kind in {DriftKind.MISSING_TABLE, DriftKind.UNIQUE, DriftKind.CHECK, DriftKind.INDEX}
    if said.get(Source.MODELS) is False and beside and any(said[source] is True for source in there):
        lags.append(Source.MODELS)
    if len({said[source] for source in there}) > 1:
        lags.append(Source.MIGRATIONS)
    return tuple(lags)


def lagging_at(analysis: "Analysis", path: str, span: Span) -> Iterator[tuple[Drift, Source]]:
    """The differences that are told in a file where `span` is selected, and the source that lags there."""
    for found in drift_of(analysis):
        for source, place in _lags(found, _homes(analysis)):
            if place.path == path and place.span.meets(span):
                yield found, source


def _homes(analysis: "Analysis") -> Mapping[Source, tuple[str, ...]]:
    homes = {
        source: tuple(sorted(file.path for file in analysis.snapshot.of_role(role))) for source, role in _ROLES.items()
    }
    return {**homes, Source.MIGRATIONS: analysis.history.applied[-1:]}


def findings_of_drift(analysis: "Analysis") -> tuple[Finding, ...]:
    """A remark at each thing that lags, with the places that say it otherwise.

    What stands in none of a source's files is told at the top of the first.
    """
    homes = _homes(analysis)
    return _drift_findings(drift_of(analysis), tuple(homes.items()))


@remembered(6)
def _drift_findings(found: tuple[Drift, ...], homes: tuple[tuple[Source, tuple[str, ...]], ...]) -> tuple[Finding, ...]:
    return tuple(_finding(item, source, place) for item in found for source, place in _lags(item, dict(homes)))


def _lags(found: Drift, homes: Mapping[Source, tuple[str, ...]]) -> Iterator[tuple[Source, Origin]]:
    for source in lagging(found):
        place = found.places.get(source)
        if place is None and homes.get(source):
            place = Origin(homes[source][0], Span(0, 0), 0)
        if place is not None:
            yield source, place


def _finding(found: Drift, source: Source, place: Origin) -> Finding:
    others = [other for other in found.says if other is not source]
    by_words: dict[str, list[str]] = {}
    for other in others:
        by_words.setdefault(words(found.kind, found.says[other]), []).append(TITLES[other])
    said = ", ".join(f"{what} in {' and '.join(titles)}" for what, titles in by_words.items())
    return Finding(
        path=place.path,
        span=place.span,
        rule=RULE,
        severity=Severity.INFORMATION,
        message=f"{found.what[0].upper() + found.what[1:]}: {words(found.kind, found.says[source])} here, {said}",
        help="Write a migration that does it as well, or undo it on the database"
        if source is Source.MIGRATIONS
        else f"Bring {TITLES[source]} up to date, or change the others to what it says",
        related=tuple(
            Related(origin=found.places[other], message=f"{TITLES[other]}: {words(found.kind, found.says[other])}")
            for other in others
            if other in found.places
        ),
    )


def words(kind: DriftKind, said: Said) -> str:
    """What a source says, short: `character(3)`, `takes nulls`, `missing`."""
    if kind is DriftKind.NULLABLE:
        return "says nothing of nulls" if said is None else "takes nulls" if said else "takes no nulls"
    if isinstance(said, bool):
        return "there" if said else "missing"
    if said is None:
        return {DriftKind.DEFAULT: "no default", DriftKind.ON_DELETE: "no action"}.get(kind, "missing")
    return f"`{said}`"


def alignment(analysis: "Analysis", found: Drift, source: Source, like: Source) -> tuple[ChangedFile, ...]:
    """The edits after which `source` (the document or the models) says about one thing what `like` says."""
    sources = sources_of(analysis)
    wanted, operations = aligned(sources[source], found, sources[like])
    if not operations:
        return ()
    files = {file.path: file for file in analysis.snapshot.of_role(_ROLES[source]) if file.problem is None}
    if source is Source.MODELS:
        texts = {path: file.text for path, file in files.items()}
        version = analysis.knowledge.sqlmodel_version
        edits = edit_models(texts, operations, wanted, purposes={}, sqlmodel_version=version).edits
    else:
        place = found.places.get(source)
        path = place.path if place else next(iter(sorted(files)))
        edits = {path: edit_document(files[path].text, operations, wanted, purposes={}, path=path).edits}
    return tuple(
        ChangedFile(
            path=path,
            old_text=files[path].text,
            edits=made,
            purpose=f"{found.what}: as in {TITLES[like]}",
            version=files[path].version,
        )
        for path, made in edits.items()
        if made
    )


_ROLES = {Source.SCHEMA_DOC: Role.SCHEMA_DOC, Source.MODELS: Role.MODELS}
