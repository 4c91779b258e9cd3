"""What can be done at a place: fixes of findings, generating the migration, declaring what prose implies."""

from dataclasses import dataclass
from typing import Literal

from migration_ls.diffing.drift import Drift, Source
from migration_ls.features.renames import possible_renames
from migration_ls.features.targets import file_target
from migration_ls.rules.finding import Finding, Fix
from migration_ls.schema.request import Grade, Request
from migration_ls.sources.spec.declare import declaration_edit
from migration_ls.text.span import Span
from migration_ls.workspace.analysis import Analysis
from migration_ls.workspace.changes import ChangedFile
from migration_ls.workspace.drift import TITLES, alignment, drift_of, lagging_at
from migration_ls.workspace.files import Role
from migration_ls.workspace.history_findings import INCOMPLETE
from migration_ls.workspace.knowledge import RequestState
from migration_ls.workspace.targets import requests_of


@dataclass(frozen=True, slots=True, kw_only=True)
class FixAction:
    """A fix of a finding, ready to be made."""

    title: str
    fix: Fix
    finding: Finding


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """Something larger that is worked out when it is chosen.

    `line` and `option` say which request is declared, and in which of its readings; of an alignment `option` says which
    difference, which source is edited, and after which. `here` says that something in the selection asks for it, not
    only another place of the file.
    """

    kind: Literal["generate", "declare", "align", "rename", "baseline"]
    title: str
    line: int = 0
    option: str | None = None
    here: bool = False


Action = FixAction | Offer


def actions(analysis: Analysis, path: str, span: Span) -> tuple[Action, ...]:
    """What is on offer where `span` is selected."""
    file = analysis.snapshot.files.get(path)
    if file is None:
        return ()
    found: list[Action] = [
        FixAction(title=fix.title, fix=fix, finding=finding)
        for finding in analysis.findings.get(path, ())
        if finding.span.meets(span)
        for fix in finding.fixes
    ]
    if file.role in {Role.SPEC, Role.MODELS, Role.SCHEMA_DOC}:
        count = len(requests_of(analysis, file_target(analysis, path)))
        if count:
            title = f"Generate migration for {count} change{'' if count == 1 else 's'}"
            here = any(request.origin.span.meets(span) for request in analysis.knowledge.open_in(path))
            found.append(Offer(kind="generate", title=title, here=here))
    if any(item.rule == INCOMPLETE and item.span.meets(span) for item in analysis.findings.get(path, ())):
        found.append(
            Offer(kind="baseline", title="Write a baseline with the tables that no migration makes", here=True)
        )
    if file.role is Role.SPEC:
        found += _declarations(analysis, path, span)
    if file.role is Role.MODELS:
        found += [
            Offer(
                kind="rename",
                title=f"Treat as rename of {former}",
                line=request.origin.line,
                option=former,
                here=True,
            )
            for request, former in possible_renames(analysis, path, span)
        ]
    if file.role in {Role.MODELS, Role.SCHEMA_DOC}:
        found += _alignments(analysis, path, span)
    return tuple(found)


def _alignments(analysis: Analysis, path: str, span: Span) -> list[Offer]:
    """Where a source lags behind another: bring it up to date, or make models say what the document says."""
    offers: list[Offer] = []
    for found, lags in lagging_at(analysis, path, span):
        for source in (lags, *(other for other in (Source.SCHEMA_DOC, Source.MODELS) if other is not lags)):
            able = (like for like in _truest(found, source, lags) if alignment(analysis, found, source, like))
            if (like := next(able, None)) is not None:
                says = "say" if like in _PLURAL else "says"
                title = f"Change {TITLES[source]} to what {TITLES[like]} {says} of {found.what}".replace("`", "")
                option = f"{source.value}<{like.value}<{found.key}"
                offers.append(Offer(kind="align", title=title, option=option, here=True))
    return offers


_PLURAL = frozenset({Source.MODELS, Source.MIGRATIONS})


def _truest(found: Drift, source: Source, lags: Source) -> list[Source]:
    """After which sources another may be edited: what lags after what production has, all else after what lags."""
    if source is not lags:
        return [lags] if lags in found.says else []
    order = (Source.DATABASE, Source.MIGRATIONS, Source.MODELS, Source.SCHEMA_DOC)
    return [other for other in order if other in found.says and other is not source]


def aligned(analysis: Analysis, option: str) -> tuple[ChangedFile, ...]:
    """The edits that an offer of an alignment stands for; none when the sources do not differ so any more."""
    source, like, key = (*option.split("<", 2), "", "")[:3]
    found = next((item for item in drift_of(analysis) if item.key == key), None)
    return alignment(analysis, found, Source(source), Source(like)) if found else ()


def _implied(analysis: Analysis, path: str) -> list[Request]:
    return [
        item.request
        for item in analysis.knowledge.asked
        if item.state is RequestState.OPEN and item.request.grade is Grade.IMPLIED and item.request.origin.path == path
    ]


def _declarations(analysis: Analysis, path: str, span: Span) -> list[Offer]:
    """One offer for each sentence, and one for each other reading of it."""
    offers: list[Offer] = []
    seen: set[int] = set()
    for request in _implied(analysis, path):
        line = request.origin.line
        if not request.origin.span.meets(span):
            continue
        if line not in seen:
            seen.add(line)
            offers.append(Offer(kind="declare", title="Declare it in the spec", line=line, here=True))
        offers += [
            Offer(kind="declare", title=f"Declare it as {reading.title}", line=line, option=reading.option, here=True)
            for reading in request.alternatives
        ]
    return offers


def declared(analysis: Analysis, path: str, line: int, option: str | None) -> ChangedFile | None:
    """The edit that writes what a line implies into its spec; None when it implies nothing any more."""
    file = analysis.snapshot.files.get(path)
    requests = [request for request in _implied(analysis, path) if request.origin.line == line]
    if file is None or not requests:
        return None
    edit = declaration_edit(file.text, requests, option)
    return ChangedFile(
        path=path, old_text=file.text, edits=(edit,), purpose="spec: the declared change", version=file.version
    )
