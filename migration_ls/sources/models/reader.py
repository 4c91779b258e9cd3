"""Models files to a schema."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from migration_ls.postgres.types import ColumnType
from migration_ls.schema.names import Name
from migration_ls.schema.schema import Enum, Schema
from migration_ls.schema.schema import Sequence as SqlSequence
from migration_ls.schema.tables import Table
from migration_ls.sources.models.analyse import ModelFile, Module, analyse_file
from migration_ls.sources.models.build import Built, table_of_call, table_of_class, with_late
from migration_ls.sources.models.class_reading import ClassReading, read_class
from migration_ls.sources.models.context import AWARE_SINCE, Context
from migration_ls.sources.models.facts import Assignment, Class
from migration_ls.sources.models.late import Late, late_parts
from migration_ls.sources.models.lookup import Lookup
from migration_ls.sources.models.metadata import project_metadata
from migration_ls.sources.models.modules import Modules
from migration_ls.sources.models.renamed import with_former_names
from migration_ls.sources.models.terms import Call
from migration_ls.sources.models.values import ClassValue, Env, Node
from migration_ls.sources.problem import Problem
from migration_ls.sources.reading import SchemaReading


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """What one file makes. `children` are classes that share the table of a base, by the base's path and name."""

    tables: tuple[tuple[ClassValue | None, Built], ...]
    children: tuple[tuple[tuple[str, str], ClassValue], ...]
    late: tuple[Late, ...]
    enums: tuple[Enum, ...]
    problems: tuple[tuple[str, Problem], ...]
    doubtful: tuple[Name, ...]
    """Tables of classes that could not be read to the end, or that have such a base."""
    incomplete: tuple[str, ...]
    asked: tuple[Module, ...]
    """The files that were looked into; while they stay the same, so does all of this."""


def read_models(files: Sequence[ModelFile], *, sqlmodel_version: tuple[int, ...] | None = None) -> SchemaReading:
    """What SQLModel and SQLAlchemy classes and tables say; nothing is imported.

    Tables carry the place of their class's name, columns that of their field. A class with statements that cannot be
    parsed is read as far as it can be, and is among the schema's `uncertain` relations.

    Args:
        files: every file that may define, or lend fields to, a table.
        sqlmodel_version: decides what depends on it; None counts as a version before 0.0.45.
    """
    modules = Modules([analyse_file(file) for file in files])
    aware = (sqlmodel_version or (0,)) >= AWARE_SINCE
    context = Context(lookup=Lookup(modules), aware_datetimes=aware)
    context.metadata = project_metadata(context)
    readings = [_read_again(modules, module, context) for module in modules.all if not modules.hidden(module)]
    schema, problems = _joined(readings, context)
    found = [(module.path, problem) for module in modules.all for problem in module.problems]
    version = ".".join(map(str, sqlmodel_version)) if sqlmodel_version else "an unknown version before 0.0.45"
    notes: tuple[str, ...] = (f"models are read as SQLModel {version} makes them",)
    if any(metadata.patterns for metadata in context.metadata.values()):
        notes = (*notes, "constraints are named by the naming convention of the metadata")
    return SchemaReading(
        schema=with_former_names(_with_doubts(schema, readings, modules), files),
        problems=tuple(dict.fromkeys([*found, *problems, *context.problems])),
        notes=notes,
    )


def _read_again(modules: Modules, module: Module, project: Context) -> Read:
    """The reading of a file, the last one when nothing that it rests on has changed."""
    key = (modules.paths, project.metadata, project.aware_datetimes)
    known: tuple[object, Read] | None = module.kept.get(Read)
    if known is not None and known[0] == key and all(modules.has(asked) for asked in known[1].asked):
        return known[1]
    result = _read_module(modules, module, project, key)
    module.kept[Read] = (key, result)
    return result


def _read_module(modules: Modules, module: Module, project: Context, key: object) -> Read:
    context = project.fresh()
    classes: list[tuple[ClassValue, ClassReading]] = []
    tables: list[tuple[ClassValue | None, Built]] = []
    for offset, statement in module.bindings.values():
        match statement:
            case Class():
                cls = ClassValue(statement, Env(module, offset))
                reading = read_class(modules, cls, project, key)
                classes.append((cls, reading))
                tables += [(cls, reading.built)] if reading.built else []
            case Assignment(value=Call() as call):
                built = _table_object(context, Node(call, Env(module, offset)))
                tables += [(None, built)] if built else []
            case _:
                pass
    late = tuple(late_parts(context, module))
    asked = {module.path}.union(*(reading.paths for _, reading in classes), (path for path, _ in context.lookup.asked))
    incomplete = {(item.path, name) for item in modules.all for name in item.incomplete}
    return Read(
        tables=tuple(tables),
        children=tuple((reading.parent, cls) for cls, reading in classes if reading.parent),
        late=late,
        enums=(*(enum for _, reading in classes for enum in reading.enums), *context.enums.values()),
        problems=(*(item for _, reading in classes for item in reading.problems), *context.problems),
        doubtful=tuple(
            reading.built.table.name
            for _, reading in classes
            if reading.built and not incomplete.isdisjoint(reading.bases)
        ),
        incomplete=tuple(cls.name for cls, _ in classes if cls.name in module.incomplete),
        asked=tuple(item for item in modules.all if item.path in asked),
    )


def _table_object(context: Context, node: Node) -> Built | None:
    try:
        return table_of_call(context, node)
    except RecursionError:
        return None


def _joined(readings: list[Read], context: Context) -> tuple[Schema, list[tuple[str, Problem]]]:
    problems = [problem for reading in readings for problem in reading.problems]
    children: dict[tuple[str, str], list[ClassValue]] = {}
    for reading in readings:
        for parent, child in reading.children:
            children.setdefault(parent, []).append(child)
    tables: dict[Name, Built] = {}
    for reading in readings:
        for cls, built in reading.tables:
            whole = built
            if cls is not None and (parts := children.get((cls.env.module.path, cls.name))):
                whole = table_of_class(context, cls, parts) or built
            first = tables.setdefault(whole.table.name, whole)
            if first is not whole and whole.table.origin is not None:
                problems.append(_twice(whole.table, first.table))
    for reading in readings:
        for late in reading.late:
            if late.table in tables:
                tables[late.table] = with_late(tables[late.table], late.parts, late.drafts)
    enums: dict[Name, Enum] = {enum.name: enum for enum in context.enums.values()}
    for reading in readings:
        for enum in reading.enums:
            enums.setdefault(enum.name, enum)
    finished = {name: _with_borrowed(built, tables) for name, built in tables.items()}
    sequences = {Name(name): SqlSequence(name=Name(name)) for built in tables.values() for name in built.sequences}
    namespaces = frozenset({"public", *(name.namespace for name in finished), *(name.namespace for name in enums)})
    return Schema(tables=finished, enums=enums, sequences=sequences, namespaces=namespaces), problems


def _twice(table: Table, first: Table) -> tuple[str, Problem]:
    origin = table.origin or first.origin
    assert origin is not None
    where = first.origin.path if first.origin else "another file"
    problem = Problem(
        code="models-duplicate-table",
        message=f"`{table.name}` is defined in `{where}` as well, and this definition is not looked at",
        help="Leave one definition of the table, or say with `models` in the settings which files count",
        span=origin.span,
        serious=False,
    )
    return origin.path, problem


def _with_borrowed(built: Built, tables: dict[Name, Built]) -> Table:
    """The table with the types of columns that take theirs from the column they refer to."""
    table = built.table
    for column_name, name, referred in built.borrowed:
        type_ = _type_of(name, referred, tables, 0)
        column = table.column(column_name)
        if type_ is not None and column is not None:
            table = table.with_column(replace(column, type=type_))
    return table


def _type_of(name: Name, column: str, tables: dict[Name, Built], depth: int) -> ColumnType | None:
    built = tables.get(name)
    if built is None or depth > len(tables):
        return None
    for borrower, other, referred in built.borrowed:
        if borrower == column:
            return _type_of(other, referred, tables, depth + 1)
    found = built.table.column(column)
    return found.type if found else None


def _with_doubts(schema: Schema, readings: list[Read], modules: Modules) -> Schema:
    """The schema that says of which tables something could not be read."""
    names = {name for module in modules.all for name in module.incomplete}
    if not names and not any(module.opaque for module in modules.all):
        return schema
    doubtful = {name for reading in readings for name in reading.doubtful}
    known = {name for reading in readings for name in reading.incomplete}
    return replace(
        schema,
        uncertain=frozenset(doubtful & schema.tables.keys()),
        uncertain_all=any(module.opaque for module in modules.all) or not names <= known,
    )
