"""Everything that is known and found for one snapshot."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from migration_ls.diffing.asked import asked_by_document, asked_by_models
from migration_ls.diffing.wanted import Wanted, wanted_schema
from migration_ls.operations.naming import named_constraints, numbered
from migration_ls.operations.union import Operation
from migration_ls.rendering.sql.header import header_of
from migration_ls.rules.finding import Finding
from migration_ls.rules.rule import RuleSettings, Script
from migration_ls.schema.alike import alike
from migration_ls.schema.names import Name, name_from_text
from migration_ls.schema.request import Request
from migration_ls.schema.schema import Schema
from migration_ls.sources.models import ModelFile, pinned_sqlmodel, read_models
from migration_ls.sources.reading import RequestReading, SchemaReading
from migration_ls.sources.schema_doc import read_schema_documents
from migration_ls.sources.spec.options import SpecOptions
from migration_ls.sources.spec.reader import read_feature
from migration_ls.workspace.assumed import assumed_schema
from migration_ls.workspace.files import Role, SourceFile
from migration_ls.workspace.findings import collect
from migration_ls.workspace.history import Gap, History, Production, history_of
from migration_ls.workspace.knowledge import Asked, Knowledge, RequestState
from migration_ls.workspace.live import Live
from migration_ls.workspace.memory import Kept, KeptByPath, remembered
from migration_ls.workspace.production import rule_settings
from migration_ls.workspace.programs import Beside
from migration_ls.workspace.recorded import applied_on
from migration_ls.workspace.runs import run_of
from migration_ls.workspace.settings import Settings
from migration_ls.workspace.snapshot import Snapshot

_EMPTY, _UNKNOWN = Schema(), Schema(uncertain_all=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Analysis:
    """What the product knows of one snapshot. `findings` are by path, suppressions applied, in order."""

    snapshot: Snapshot
    knowledge: Knowledge
    wanted: Wanted
    history: History
    scripts: Mapping[str, Script]
    specs: Mapping[str, RequestReading]
    findings: Mapping[str, tuple[Finding, ...]]


@lru_cache(maxsize=2)
def analyse(snapshot: Snapshot) -> Analysis:
    """The analysis of a snapshot; asked again for the same snapshot, it is there already."""
    version, source = _sqlmodel(snapshot)
    models = _models(snapshot, version)
    document = _document(snapshot)
    models_at_base = _models_at_base(snapshot, version)
    history, base_source = _history(snapshot, document, models_at_base or models)
    specs, asked = _asked(
        tuple(file for file in snapshot.of_role(Role.SPEC) if file.problem is None),
        snapshot.settings,
        history.planned,
        history.base,
        models,
        models_at_base,
        document,
        base_source,
    )
    wanted = _wanted(history.current, asked)
    scripts = _scripts(snapshot, history, has_base=base_source != "nothing")
    knowledge = Knowledge(
        base=history.base,
        base_source=base_source,
        current=history.current,
        wanted=wanted.schema,
        asked=asked,
        pending=history.pending,
        models=models,
        document=document,
        sqlmodel_version=version,
        sqlmodel_source=source,
        before=history.before,
    )
    analysis = Analysis(
        snapshot=snapshot,
        knowledge=knowledge,
        wanted=wanted,
        history=history,
        scripts=scripts,
        specs=specs,
        findings={},
    )
    return replace(analysis, findings=collect(analysis))


def _sqlmodel(snapshot: Snapshot) -> tuple[tuple[int, ...] | None, str | None]:
    if snapshot.settings.sqlmodel:
        parts = tuple(int(part) for part in snapshot.settings.sqlmodel.split(".") if part.isdigit())
        return parts or None, "the settings"
    return _pinned(tuple(snapshot.of_role(Role.PIN)))


@remembered(6)
def _pinned(files: tuple[SourceFile, ...]) -> tuple[tuple[int, ...] | None, str | None]:
    return pinned_sqlmodel({file.path: file.text for file in files})


def _models(snapshot: Snapshot, version: tuple[int, ...] | None) -> SchemaReading:
    files = tuple(
        ModelFile(path=file.path, text=file.text) for file in snapshot.of_role(Role.MODELS) if file.problem is None
    )
    return _external(_read_models(files, version), snapshot.settings)


@lru_cache(maxsize=4)
def _read_models(files: tuple[ModelFile, ...], version: tuple[int, ...] | None) -> SchemaReading:
    return read_models(files, sqlmodel_version=version)


def _models_at_base(snapshot: Snapshot, version: tuple[int, ...] | None) -> SchemaReading | None:
    """The models as of the base; None without git."""
    if snapshot.base is None:
        return None
    paths = {file.path for file in snapshot.of_role(Role.MODELS)}
    gone = {path for path, text in snapshot.base.changed.items() if text is not None and path.endswith("models.py")}
    texts = ((path, snapshot.at_base(path)) for path in sorted(paths | gone))
    files = tuple(ModelFile(path=path, text=text) for path, text in texts if text is not None)
    return _external(_read_models(files, version), snapshot.settings)


def _document(snapshot: Snapshot) -> SchemaReading:
    files = tuple((file.path, file.text) for file in snapshot.of_role(Role.SCHEMA_DOC) if file.problem is None)
    return _external(_read_documents(files), snapshot.settings)


@lru_cache(maxsize=4)
def _read_documents(files: tuple[tuple[str, str], ...]) -> SchemaReading:
    return read_schema_documents(files)


@remembered(6)
def _external(reading: SchemaReading, settings: Settings) -> SchemaReading:
    """With the tables that the settings say are managed elsewhere marked so."""
    schema = reading.schema
    for text in settings.external_tables:
        table = schema.table(name_from_text(text))
        schema = schema.with_table(replace(table, external=True)) if table else schema
    return reading if schema is reading.schema else replace(reading, schema=schema)


def _history(snapshot: Snapshot, document: SchemaReading, models: SchemaReading) -> tuple[History, str]:
    """What production has and what is on its way, and from which source the former is known."""
    history = history_of(snapshot, _EMPTY)
    document_at_base = _document_at_base(snapshot) or document
    live = snapshot.live
    sources = {
        "database": live.schema if live is not None else None,
        "migrations": history.base if history.applied else None,
        "schema-doc": document_at_base.schema if document_at_base.schema.tables else None,
        "models": models.schema if models.schema.tables else None,
    }
    wish = snapshot.settings.current
    order = tuple(sources) if wish == "auto" else (wish,)
    source = next((name for name in order if sources[name] is not None), "nothing")
    if source == "database" and live is not None:
        return _on_database(snapshot, history, live, document_at_base.schema), source
    if source == "migrations":
        if history.missing:
            assumed = _assumed(history.missing, history.operations, document_at_base.schema, models.schema)
            history = replace(
                history_of(snapshot, assumed), missing=history.missing, gap=_explained(history.gap, assumed)
            )
        return history, source
    told = sources.get(source)
    start = _as_on_a_server(told) if told else _EMPTY if history.forward else _UNKNOWN
    if len(history.forward) > len(history.pending):
        # The setting says that another source than the migrations tells what production has.
        return replace(history, base=start, current=start, planned=start, pending=()), source
    return history_of(snapshot, start), source


def _on_database(snapshot: Snapshot, history: History, live: Live, *others: Schema) -> History:
    """The history when a database tells what production has."""
    start = _EMPTY
    if history.missing:
        start = _assumed(history.missing, history.operations, live.schema, *others)
        history = history_of(snapshot, start)
    production = _production(live, history)
    return replace(history_of(snapshot, start, production), missing=frozenset(), gap=None)


@remembered(6)
def _production(live: Live, history: History) -> Production:
    return Production(schema=live.schema, applied=applied_on(live, history))


_ASSUMED: Kept[Schema] = Kept(8)


@remembered(4)
def _as_on_a_server(schema: Schema) -> Schema:
    """The schema of models or a document with the names that PostgreSQL gives to what has none in them."""
    for table in tuple(schema.tables.values()):
        schema = schema.with_table(numbered(named_constraints(table)))
    return schema


def _explained(gap: Gap | None, assumed: Schema) -> Gap | None:
    """The gap with who knows the tables."""
    origins = [table.origin for name in (gap.tables if gap else ()) if (table := assumed.tables.get(name))]
    paths = sorted({origin.path for origin in origins if origin is not None})
    return replace(gap, assumed_from=", ".join(f"`{path}`" for path in paths)) if gap and paths else gap


def _assumed(missing: frozenset[Name], operations: tuple[Operation, ...], document: Schema, models: Schema) -> Schema:
    """The tables that no migration makes; the very ones from before where an edit of their source left them alone."""

    def make() -> Schema:
        made = assumed_schema(missing, operations, _as_on_a_server(document), _as_on_a_server(models))
        return next((schema for schema in _ASSUMED.results() if alike(schema, made)), made)

    return _ASSUMED.get((missing, operations, document, models), make)


def _document_at_base(snapshot: Snapshot) -> SchemaReading | None:
    if snapshot.base is None:
        return None
    texts = ((file.path, snapshot.at_base(file.path)) for file in snapshot.of_role(Role.SCHEMA_DOC))
    return _read_documents(tuple((path, text) for path, text in texts if text is not None))


@remembered(6)
def _asked(  # noqa: PLR0913, PLR0917 - everything that a request depends on
    specs: tuple[SourceFile, ...],
    settings: Settings,
    planned: Schema,
    base: Schema,
    models: SchemaReading,
    models_at_base: SchemaReading | None,
    document: SchemaReading,
    base_source: str,
) -> tuple[Mapping[str, RequestReading], tuple[Asked, ...]]:
    """Every request, open or planned, and what each spec says."""
    before = models_at_base.schema if models_at_base else None

    def all_of(schema: Schema) -> tuple[dict[str, RequestReading], list[Request]]:
        readings = _specs(specs, schema, _spec_options(settings))
        requests = [request for reading in readings.values() for request in reading.requests]
        if base_source != "nothing":
            requests += _asked_by_models(schema, models.schema, before)
            requests += _asked_by_document(schema, document.schema)
        return readings, requests

    readings, still_open = all_of(planned)
    if planned is base:
        return readings, tuple(Asked(request=request, state=RequestState.OPEN) for request in still_open)
    at_base, all_requests = all_of(base)
    waiting = {(request.change, request.origin) for request in still_open}
    asked = [Asked(request=request, state=RequestState.OPEN) for request in still_open]
    asked += [
        Asked(request=request, state=RequestState.PLANNED)
        for request in all_requests
        if (request.change, request.origin) not in waiting
    ]
    return {path: readings.get(path, reading) for path, reading in at_base.items()} | readings, tuple(asked)


_asked_by_models = remembered(6)(asked_by_models)
_asked_by_document = remembered(6)(asked_by_document)


@remembered(6)
def _wanted(current: Schema, asked: tuple[Asked, ...]) -> Wanted:
    return wanted_schema(current, [item.request for item in asked if item.state is RequestState.OPEN])


@remembered(6)
def _spec_options(settings: Settings) -> SpecOptions:
    return SpecOptions(tags=settings.tags, enums=settings.enums)


def _specs(specs: tuple[SourceFile, ...], schema: Schema, options: SpecOptions) -> dict[str, RequestReading]:
    """What each document asks for, by path; documents of one folder are one feature."""
    features: dict[str, list[SourceFile]] = {}
    for file in specs:
        features.setdefault(feature_of(file.path), []).append(file)
    result: dict[str, RequestReading] = {}
    for files in features.values():
        ordered = sorted(files, key=lambda file: (not file.path.endswith("spec.md"), file.path))
        result |= _feature(tuple((file.path, file.text) for file in ordered), schema, options)
    return result


@remembered(1_000)
def _feature(
    documents: tuple[tuple[str, str], ...], schema: Schema, options: SpecOptions
) -> Mapping[str, RequestReading]:
    return read_feature(documents, schema, options)


def feature_of(path: str) -> str:
    """What tells features apart: the folder of `spec.md` and `data-model.md`, else the file itself."""
    folder, _, name = path.rpartition("/")
    return folder if name in {"spec.md", "data-model.md"} else path


def _scripts(snapshot: Snapshot, history: History, *, has_base: bool) -> dict[str, Script]:
    """Every SQL file as it runs on the schema before it."""
    settings = rule_settings(snapshot.settings)
    scripts: dict[str, Script] = {}
    for file in snapshot.of_role(Role.MIGRATION, Role.SQL, Role.ALEMBIC):
        name = history.names.get(file.path)
        if file.problem is not None or (file.role is Role.ALEMBIC and name is None):
            continue
        before = history.before.get(file.path, history.current)
        if not has_base and not history.forward:
            before = _doubted(before)
        elif file.path in history.aside:
            before = _UNKNOWN
        role = name.role if name else "forward"
        script = _script(file.path, file.text, before, settings, role, snapshot.settings, history.beside(file.path))
        scripts[file.path] = _applied(script) if _is_applied(snapshot, file) else script
    return scripts


def _is_applied(snapshot: Snapshot, file: SourceFile) -> bool:
    """Whether the file stands in the migrations folder as it did at the base."""
    return (
        file.role in {Role.MIGRATION, Role.ALEMBIC}
        and snapshot.base is not None
        and file.path not in snapshot.base.changed
    )


@remembered(512)
def _applied(script: Script) -> Script:
    return replace(script, applied=True)


_SCRIPTS: KeptByPath[Script] = KeptByPath(2)


def _script(
    path: str,
    text: str,
    before: Schema,
    rules: RuleSettings,
    role: str,
    settings: Settings,
    beside: Beside,
) -> Script:
    """One file as it runs on the schema before it; the one from before where it cannot tell that from the former."""
    ran = run_of(path, text, before, settings, beside)

    def make() -> Script:
        header = header_of(text)
        return Script(
            path=path,
            text=text,
            statements=ran.statements,
            settings=rules,
            base=before,
            role=role,
            generated=header is not None and header.intact,
            wrapped=settings.wraps_in_transaction or path.endswith(".py"),
        )

    return _SCRIPTS.of(path).get((text, ran.replayed, rules, role, settings), make)


@remembered(64)
def _doubted(schema: Schema) -> Schema:
    return replace(schema, uncertain_all=True)
