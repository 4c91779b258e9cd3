"""In what the sources that describe one schema differ."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from migration_ls.diffing.python_defaults import server_default
from migration_ls.postgres.types import ColumnType
from migration_ls.schema.expression import Expression
from migration_ls.schema.names import Name
from migration_ls.schema.origin import Origin
from migration_ls.schema.schema import Schema
from migration_ls.schema.tables import Check, Column, ForeignKey, Index, RelationKind, Table, Unique
from migration_ls.sources.catalog.runners import is_bookkeeping


class Source(StrEnum):
    """What describes the schema; the values are the keys of the format `drift/1`."""

    SCHEMA_DOC = "schema_md"
    MODELS = "models"
    MIGRATIONS = "migrations"
    DATABASE = "database"


class DriftKind(StrEnum):
    """In what two sources differ."""

    MISSING_TABLE = "missing_table"
    MISSING_COLUMN = "missing_column"
    TYPE = "type"
    NULLABLE = "nullable"
    DEFAULT = "default"
    AUTOINCREMENT = "autoincrement"
    UNIQUE = "unique"
    FOREIGN_KEY = "foreign_key"
    ON_DELETE = "on_delete"
    CHECK = "check"
    INDEX = "index"


Said = str | bool | None
PYTHON = " (python)"
"""Behind a default that the server does not know."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Drift:
    """One thing that the sources say differently.

    `says` has what each source says that knows the table: a type, a default or an action as text, whether it takes
    nulls, whether the thing is there. `columns` are those of a key or an index, `expression` a check's. `places` are
    where each source says it, or where it would stand.
    """

    kind: DriftKind
    table: Name
    column: str | None = None
    columns: tuple[str, ...] = ()
    expression: str | None = None
    says: Mapping[Source, Said] = field(default_factory=dict)
    places: Mapping[Source, Origin] = field(default_factory=dict, compare=False)

    @property
    def what(self) -> str:
        """The thing in question: `tasks.priority`, `the index on tasks (owner_id)`."""
        listed = ", ".join(self.columns)
        match self.kind:
            case DriftKind.MISSING_TABLE:
                return f"`{self.table}`"
            case DriftKind.UNIQUE:
                return f"uniqueness of `{self.table}` ({listed})"
            case DriftKind.FOREIGN_KEY | DriftKind.ON_DELETE:
                return f"the foreign key of `{self.table}` ({listed})"
            case DriftKind.CHECK:
                return f"the check `{self.expression}` of `{self.table}`"
            case DriftKind.INDEX:
                return f"the index on `{self.table}` ({listed})"
            case _:
                return f"`{self.table}.{self.column}`"

    @property
    def key(self) -> str:
        """What tells it apart from the others, as a text."""
        return "|".join([self.kind, str(self.table), self.column or "", ",".join(self.columns), self.expression or ""])

    def alone(self, source: Source) -> bool:
        """Whether what the source says is said by none of the others."""
        mine = _plain(self.says[source])
        return all(_plain(said) != mine for other, said in self.says.items() if other is not source)


def _plain(said: Said) -> Said:
    return said.removesuffix(PYTHON) if isinstance(said, str) else said


def drift(sources: Mapping[Source, Schema]) -> tuple[Drift, ...]:
    """The differences between the sources, by table, column and kind.

    No difference are: names and order, a Python default that means what a server default says, a unique index in place
    of a unique constraint, what a schema document does not speak of (nulls, defaults, actions, indexes), and tables
    that a source says are managed elsewhere.
    """
    names = {
        name
        for source, schema in sources.items()
        for name, table in schema.tables.items()
        if _described(table) and not _only_lists_partitions(source, table)
    }
    elsewhere = {name for schema in sources.values() for name in names if _external(schema.tables.get(name))}
    found: list[Drift] = []
    for name in sorted(names - elsewhere, key=str):
        found += _of_table(name, sources)
    return tuple(found)


def _described(table: Table) -> bool:
    return table.kind in {RelationKind.TABLE, RelationKind.PARTITIONED} and not is_bookkeeping(table.name.name)


def _only_lists_partitions(source: Source, table: Table) -> bool:
    """Whether the table is a partition: documents and models describe the whole alone."""
    return table.partition_of is not None and source in {Source.MIGRATIONS, Source.DATABASE}


def _external(table: Table | None) -> bool:
    return table is not None and table.external


def _of_table(name: Name, sources: Mapping[Source, Schema]) -> Iterator[Drift]:
    known = {source: schema.tables[name] for source, schema in sources.items() if name in schema.tables}
    # what migrations only assume, because another source says it, is nothing that they say
    tables = {source: table for source, table in known.items() if not table.assumed}
    if not tables:
        return
    lacking = [source for source, schema in sources.items() if source not in known and not schema.uncertain_all]
    if lacking:
        says: dict[Source, Said] = {source: source in known for source in sources}
        places = {source: table.origin for source, table in tables.items() if table.origin}
        yield Drift(kind=DriftKind.MISSING_TABLE, table=name, says=says, places=places)
    if len(tables) > 1:
        half_read = {source for source in tables if name in sources[source].uncertain}
        yield from _of_columns(name, tables, sources, half_read)
        for differences in (_uniques, _foreign_keys, _checks, _indexes):
            yield from differences(name, tables, half_read)


_Tables = Mapping[Source, Table]


def _of_columns(
    name: Name, tables: _Tables, schemas: Mapping[Source, Schema], half_read: set[Source]
) -> Iterator[Drift]:
    for column in sorted({column.name for table in tables.values() for column in table.columns}):
        held = {source: item for source, table in tables.items() if (item := table.column(column)) is not None}
        places = {source: place for source, item in held.items() if (place := item.origin or tables[source].origin)}
        if len(held) < len([source for source in tables if source in held or source not in half_read]):
            around = {source: table.origin for source, table in tables.items() if table.origin} | places
            yield Drift(
                kind=DriftKind.MISSING_COLUMN,
                table=name,
                column=column,
                says={source: source in held for source in tables},
                places=around,
            )
        if len(held) > 1:
            yield from _of_column(name, column, tables, held, schemas)


def _of_column(
    name: Name, column: str, tables: _Tables, held: Mapping[Source, Column], schemas: Mapping[Source, Schema]
) -> Iterator[Drift]:
    def one(kind: DriftKind, says: Mapping[Source, Said], part: str) -> Drift:
        places = {source: place for source, item in held.items() if (place := item.place(part))}
        return Drift(kind=kind, table=name, column=column, says=says, places=places)

    types = [_Typed(source, item.type, _labels(item.type, schemas[source])) for source, item in held.items()]
    if any(not types[0].is_same(other) for other in types[1:]):
        yield one(DriftKind.TYPE, {item.source: item.text(types) for item in types}, "type")
    nulls = {source: _takes_nulls(tables[source], item) for source, item in held.items()}
    if len({value for value in nulls.values() if value is not None}) > 1:
        yield one(DriftKind.NULLABLE, nulls, "nullable")
    counts = {source: item.autoincrement or item.identity is not None for source, item in held.items()}
    if len(set(counts.values())) > 1:
        yield one(DriftKind.AUTOINCREMENT, dict(counts), "type")
    elif _defaults_differ(held):
        yield one(DriftKind.DEFAULT, {source: _default_text(item) for source, item in held.items()}, "default")


def _takes_nulls(table: Table, column: Column) -> bool | None:
    in_key = table.primary_key is not None and column.name in table.primary_key.columns
    return False if in_key else column.nullable


@dataclass(frozen=True, slots=True)
class _Typed:
    """The type that one source gives a column; of an enum with its labels."""

    source: Source
    type: ColumnType
    labels: tuple[str, ...] | None

    def is_same(self, other: "_Typed") -> bool:
        """Whether both mean one type; a document may leave a length open, and an enum without its name."""
        described = Source.SCHEMA_DOC in {self.source, other.source}
        if self.labels is not None and other.labels is not None:
            if described:
                return {label.lower() for label in self.labels} == {label.lower() for label in other.labels}
            return set(self.labels) == set(other.labels) and _last(self.type) == _last(other.type)
        if self.type == other.type:
            return True
        if _bare(self.type) == _bare(other.type):
            return any(item.source is Source.SCHEMA_DOC and not item.type.modifiers for item in (self, other))
        return not self.type.is_built_in and not other.type.is_built_in and _last(self.type) == _last(other.type)

    def text(self, others: "Sequence[_Typed]") -> str:
        """The type as it is shown: an enum with its labels where the names alone would not show the difference."""
        same_name = sum(_last(other.type) == _last(self.type) for other in others) > 1
        return f"{self.type} ({', '.join(self.labels)})" if self.labels is not None and same_name else str(self.type)


def _labels(type_: ColumnType, schema: Schema) -> tuple[str, ...] | None:
    enum = next((enum for name, enum in schema.enums.items() if str(name) == type_.element.name), None)
    return enum.values if enum else None


def _bare(type_: ColumnType) -> tuple[str, int]:
    return type_.name, type_.dimensions


def _last(type_: ColumnType) -> tuple[str, int]:
    return type_.name.rpartition(".")[2].lower(), type_.dimensions


def _defaults_differ(held: Mapping[Source, Column]) -> bool:
    """Whether what an INSERT without the column stores depends on which source is believed.

    A Python default speaks where the models have no server default: it may differ from a default that the others
    state, but its absence on the server alone is the habit of most projects.
    """
    stated: list[Expression | None] = []
    python: list[Expression] = []
    for source, column in held.items():
        if column.default is not None:
            stated.append(None if column.default.is_null else column.default)
        elif source is Source.MODELS and column.python_default is not None:
            meant = server_default(column)
            python += [meant] if meant else []
        elif source is not Source.SCHEMA_DOC and column.generated is None:
            stated.append(None)
    if any(not _same_default(stated[0], other) for other in stated[1:]):
        return True
    known = [default for default in stated if default is not None]
    return bool(python and known) and not _same_default(python[0], known[0])


def _same_default(one: Expression | None, other: Expression | None) -> bool:
    if one is None or other is None:
        return one is other
    return one == other or (one.value is not None and one.value == other.value)


def _default_text(column: Column) -> str | None:
    if column.default is not None:
        return column.default.text
    meant = server_default(column) if column.python_default else None
    return f"{meant.text}{PYTHON}" if meant else None


def _presence(
    kind: DriftKind,
    name: Name,
    tables: _Tables,
    held: Mapping[Source, Any],
    *,
    columns: tuple[str, ...] = (),
    expression: str | None = None,
) -> Drift:
    """That some of the sources have a thing and some do not."""
    around = {source: table.origin for source, table in tables.items() if table.origin}
    own = {source: thing.origin for source, thing in held.items() if thing.origin}
    return Drift(
        kind=kind,
        table=name,
        columns=columns,
        expression=expression,
        says={source: source in held for source in tables},
        places=around | own,
    )


def _judged(tables: _Tables, half_read: set[Source], *, document: bool = True) -> set[Source]:
    """The sources of which it counts that they lack something."""
    return {source for source in tables if source not in half_read and (document or source is not Source.SCHEMA_DOC)}


def _uniques(name: Name, tables: _Tables, half_read: set[Source]) -> Iterator[Drift]:
    by_columns: dict[frozenset[str], dict[Source, Unique | Index]] = {}
    for source, table in tables.items():
        unique: list[Unique | Index] = [*table.uniques, *(index for index in table.indexes if _is_unique(index))]
        for item in unique:
            by_columns.setdefault(frozenset(item.columns), {}).setdefault(source, item)
    keys = {frozenset(table.primary_key.columns) for table in tables.values() if table.primary_key}
    for columns, held in sorted(by_columns.items(), key=lambda item: sorted(item[0])):
        if columns not in keys and _judged(tables, half_read) - held.keys() and _known(columns, tables):
            ordered = next(iter(held.values())).columns
            yield _presence(DriftKind.UNIQUE, name, tables, held, columns=ordered)


def _is_unique(index: Index) -> bool:
    """Whether it does what a unique constraint does."""
    return index.unique and index.where is None and not any(part.is_expression for part in index.parts)


def _known(columns: frozenset[str], tables: _Tables) -> bool:
    """Whether every source has the columns: what stands on a missing column is missing with it."""
    return all(table.column(column) is not None for table in tables.values() for column in columns)


def _foreign_keys(name: Name, tables: _Tables, half_read: set[Source]) -> Iterator[Drift]:
    by_columns: dict[tuple[str, ...], dict[Source, ForeignKey]] = {}
    for source, table in tables.items():
        for key in table.foreign_keys:
            by_columns.setdefault(key.columns, {}).setdefault(source, key)
    for columns, held in sorted(by_columns.items()):
        if not _known(frozenset(columns), tables):
            continue
        targets = {key.ref_table for key in held.values()}
        if _judged(tables, half_read) - held.keys() or len(targets) > 1:
            missing = _presence(DriftKind.FOREIGN_KEY, name, tables, held, columns=columns)
            says = {source: str(held[source].ref_table) if source in held else None for source in tables}
            yield replace(missing, says=says)
        actions = {
            source: None if key.on_delete == "NO ACTION" else key.on_delete
            for source, key in held.items()
            if not (source is Source.SCHEMA_DOC and key.on_delete == "NO ACTION")
        }
        if len(set(actions.values())) > 1:
            places = {source: key.origin for source, key in held.items() if key.origin}
            yield Drift(kind=DriftKind.ON_DELETE, table=name, columns=columns, says=actions, places=places)


def _checks(name: Name, tables: _Tables, half_read: set[Source]) -> Iterator[Drift]:
    by_text: dict[str, dict[Source, Check]] = {}
    for source, table in tables.items():
        for check in table.checks:
            by_text.setdefault(check.expression.canonical, {}).setdefault(source, check)
    for _, held in sorted(by_text.items()):
        teller, check = next(iter(held.items()))
        # a server prints casts that nobody wrote
        text = check.expression.canonical if teller is Source.DATABASE else check.expression.text
        if _judged(tables, half_read) - held.keys() and _known(check.expression.columns, tables):
            yield _presence(DriftKind.CHECK, name, tables, held, expression=text)


def _indexes(name: Name, tables: _Tables, half_read: set[Source]) -> Iterator[Drift]:
    by_form: dict[Any, dict[Source, Index]] = {}
    for source, table in tables.items():
        for index in table.indexes:
            if not _is_unique(index):
                form = (index.parts, index.unique, index.using, index.where)
                by_form.setdefault(form, {}).setdefault(source, index)
    for _, held in sorted(by_form.items(), key=lambda item: [str(part) for part in item[0][0]]):
        index = next(iter(held.values()))
        if _judged(tables, half_read, document=False) - held.keys() and _known(frozenset(index.columns), tables):
            columns = tuple(str(part) for part in index.parts)
            yield _presence(DriftKind.INDEX, name, tables, held, columns=columns)
