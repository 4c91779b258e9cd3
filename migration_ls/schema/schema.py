"""A whole database."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from migration_ls.postgres.quoting import identifier
from migration_ls.schema.changed import changed
from migration_ls.schema.expression import Expression, Volatility
from migration_ls.schema.lookups import Tables
from migration_ls.schema.names import Name
from migration_ls.schema.origin import Origin
from migration_ls.schema.tables import Index, RelationKind, Table


@dataclass(frozen=True, slots=True, kw_only=True)
class Enum:
    """An enum type and its labels in order."""

    name: Name
    values: tuple[str, ...]
    origin: Origin | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Domain:
    """A domain: a base type and the checks it brings."""

    name: Name
    base: str
    nullable: bool = True
    default: Expression | None = None
    checks: tuple[tuple[str | None, Expression], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """A view: its query as written, and the relations it reads.

    `mentions` are the columns named in the query with the relation they are said to be of (None: any it reads); `*` is
    all of them. `selected` are the names of its own columns as the query gives them, with `*` where it lists none.
    What these come to on a schema stands in `columns` and `outputs`, None where a relation is not known.
    """

    name: Name
    query: str
    reads: frozenset[Name] = frozenset()
    mentions: frozenset[tuple[Name | None, str]] = field(default=frozenset(), compare=False)
    selected: tuple[tuple[Name | None, str], ...] = field(default=(), compare=False)
    columns: frozenset[tuple[Name, str]] = field(default=frozenset(), compare=False)
    outputs: tuple[str, ...] | None = field(default=None, compare=False)
    origins: tuple[tuple[Name | None, str | None], ...] = field(default=(), compare=False)
    """Where each of its columns comes from: a relation's column, or a type as `::bigint`; empty where `*` hides it."""
    head: str = ""
    """What stands between its name and `AS`: names of columns, options."""
    origin: Origin | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sequence:
    """A sequence that no SERIAL or identity column made."""

    name: Name
    owned_by: tuple[Name, str] | None = None
    options: tuple[tuple[str, str], ...] = ()
    """What it was told otherwise than by default, sorted: `as`, `increment`, `start`, `minvalue`, `cycle`, ..."""


_RUNS = re.compile(
    r'\bexecute\s+(?:function|procedure)\s+(?:(?:"[^"]+"|\w+)\s*\.\s*)?(?:"(?P<quoted>[^"]+)"|(?P<plain>\w+))\s*\(',
    re.IGNORECASE,
)
_NAMED = r'(?:"(?:[^"]|"")*"|[^\W\d][\w$]*)'
_CALLED = re.compile(rf"(?P<head>\btrigger\s+){_NAMED}", re.IGNORECASE)
_STANDS_AT = re.compile(
    rf"(?P<head>\btrigger\s+{_NAMED}\s(?:(?!\bon\b).)*?\bon\s+){_NAMED}(?:\s*\.\s*{_NAMED})?",
    re.IGNORECASE | re.DOTALL,
)


Refuses = Literal["", "sometimes", "always"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Function:
    """A function or procedure by name and types of its arguments.

    `parameters` are the names of its arguments, empty where one has none; `returns` is the type it gives back, empty
    where its parameters say it.
    """

    name: Name
    arguments: tuple[str, ...] = ()
    language: str = "sql"
    volatility: Volatility = Volatility.VOLATILE
    parameters: tuple[str, ...] = ()
    returns: str = ""
    refuses: Refuses = ""
    """Whether its body raises an error, as far as that is known."""

    @property
    def signature(self) -> str:
        """The function as DROP FUNCTION takes it."""
        return f"{self.name.sql}({', '.join(self.arguments)})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trigger:
    """A trigger, its definition as written."""

    name: str
    table: Name
    definition: str
    columns: frozenset[str] = field(default=frozenset(), compare=False)
    """The columns it cannot do without: those of UPDATE OF and of WHEN."""

    @property
    def function(self) -> str:
        """The name of the function it runs, without its namespace; empty where the definition does not say."""
        found = _RUNS.search(self.definition)
        return (found["quoted"] or found["plain"].lower()) if found else ""

    def called(self, name: str) -> "Trigger":
        """The trigger under another name."""
        definition = _CALLED.sub(lambda match: match["head"] + identifier(name), self.definition, count=1)
        return replace(self, name=name, definition=definition)

    def moved(self, table: Name) -> "Trigger":
        """The trigger of a table that has another name now."""
        definition = _STANDS_AT.sub(lambda match: match["head"] + table.sql, self.definition, count=1)
        return replace(self, table=table, definition=definition)


@dataclass(frozen=True, slots=True, kw_only=True)
class Comment:
    """What is said of anything but a table and its columns: `what` as COMMENT ON takes it, `INDEX ix_title`.

    `table` is the relation it belongs to, or is; `part` says that it is a constraint, trigger, policy or rule of it.
    """

    what: str
    text: str
    table: Name | None = None
    part: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Schema:
    """Everything a database holds that we model; maps are never changed in place.

    `uncertain` names relations about which an opaque statement may have made our knowledge wrong;
    `uncertain_all` says that any of them may be.
    """

    tables: Mapping[Name, Table] = field(default_factory=dict)
    views: Mapping[Name, View] = field(default_factory=dict)
    enums: Mapping[Name, Enum] = field(default_factory=dict)
    domains: Mapping[Name, Domain] = field(default_factory=dict)
    sequences: Mapping[Name, Sequence] = field(default_factory=dict)
    triggers: Mapping[tuple[Name, str], Trigger] = field(default_factory=dict)
    types: frozenset[Name] = field(default=frozenset(), compare=False)
    """Composite, range and base types, of which only the names are known."""
    comments: Mapping[str, Comment] = field(default_factory=dict, compare=False)
    settings: frozenset[tuple[Name, str]] = field(default=frozenset(), compare=False)
    """What was set at a table that is kept as it was written alone: storage parameters, row security, an owner."""
    functions: Mapping[str, Function] = field(default_factory=dict)
    """Functions by signature."""
    extensions: frozenset[str] = frozenset()
    namespaces: frozenset[str] = frozenset({"public"})
    uncertain: frozenset[Name] = field(default=frozenset(), compare=False)
    uncertain_all: bool = field(default=False, compare=False)

    def __post_init__(self) -> None:
        """Take tables from any map."""
        if not isinstance(self.tables, Tables):
            object.__setattr__(self, "tables", Tables(self.tables))

    def table(self, name: Name) -> Table | None:
        """The table of that name."""
        return self.tables.get(name)

    def kind(self, name: Name) -> RelationKind | None:
        """What the relation is; None when there is none of that name."""
        if table := self.tables.get(name):
            return table.kind
        if name in self.views:
            return RelationKind.VIEW
        return RelationKind.SEQUENCE if name in self.sequences or self.owner_of(name) else None

    def has_type(self, name: Name) -> bool:
        """Whether it is a type that somebody made: an enum, a domain, another, or a relation's row."""
        return name in self.enums or name in self.domains or name in self.types or self.kind(name) is not None

    def with_table(self, table: Table) -> "Schema":
        """With the table added or changed."""
        tables = self._tables.with_table(table)
        return self if tables is self.tables else changed(self, tables=tables)

    def without_table(self, name: Name) -> "Schema":
        """Without the table of that name."""
        tables = self._tables.without(name)
        return self if tables is self.tables else changed(self, tables=tables)

    def with_enum(self, enum: Enum) -> "Schema":
        """With the enum added or changed."""
        return replace(self, enums={**self.enums, enum.name: enum})

    def with_triggers_at(self, table: Name, new: Name | None) -> "Schema":
        """With the triggers of the table at the new one, or (None) without them."""
        if not any(at == table for at, _ in self.triggers):
            return self
        kept: dict[tuple[Name, str], Trigger] = {}
        for (at, name), trigger in self.triggers.items():
            if at != table:
                kept[at, name] = trigger
            elif new is not None:
                kept[new, name] = trigger.moved(new)
        return replace(self, triggers=kept)

    def partitions(self, name: Name) -> tuple[Table, ...]:
        """The direct partitions of a table."""
        return tuple(table for table in self._tables.children(name) if table.partition_of == name)

    def children(self, name: Name) -> tuple[Table, ...]:
        """The direct partitions of a table, and the tables that inherit from it."""
        return self._tables.children(name)

    def owner_of(self, sequence: Name) -> Table | None:
        """The table with a column that a SERIAL type or an identity gave the sequence."""
        return self._tables.with_sequence(sequence)

    def find_index(self, name: str, namespace: str | None = None) -> tuple[Table, Index] | None:
        """The index of that name and its table; an index lives in its table's namespace."""
        for table in self._tables.with_index(name):
            if namespace in (None, table.name.namespace) and (index := table.index(name)):
                return table, index
        return None

    def index_owner(self, name: Name) -> Table | None:
        """The table whose key, unique or exclusion constraint has its index under the name."""
        tables = self._tables.with_key(name.name)
        return next((table for table in tables if table.name.namespace == name.namespace), None)

    def referencing(self, name: Name) -> tuple[Table, ...]:
        """Tables with a foreign key to the table, itself included where it refers to itself."""
        return self._tables.referencing(name)

    def changes_of_tables(self, other: "Schema") -> Iterator[tuple[tuple[int, Table] | None, tuple[int, Table] | None]]:
        """What stands at each name where the tables of the two may differ: the place in the order, and the table."""
        return self._tables.differences(other._tables)  # noqa: SLF001 - of the same class

    @property
    def _tables(self) -> Tables:
        return self.tables if isinstance(self.tables, Tables) else Tables(self.tables)


def schema_of(tables: Iterable[Table] = (), enums: Iterable[Enum] = ()) -> Schema:
    """A schema of these tables and enums."""
    return Schema(
        tables={table.name: table for table in tables},
        enums={enum.name: enum for enum in enums},
    )
