"""What a document says of a database as single facts, and which of them shall hold after a migration."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from migration_ls.operations.add_column import AddColumn
from migration_ls.operations.add_enum_value import AddEnumValue
from migration_ls.operations.create_table import CreateTable
from migration_ls.operations.drop_not_null import DropNotNull
from migration_ls.operations.drop_table import DropTable
from migration_ls.operations.naming import named_constraints
from migration_ls.operations.rename_column import RenameColumn
from migration_ls.operations.rename_enum_value import RenameEnumValue
from migration_ls.operations.rename_table import RenameTable
from migration_ls.operations.set_default import SetDefault
from migration_ls.operations.set_identity import SetIdentity
from migration_ls.operations.set_not_null import SetNotNull
from migration_ls.operations.set_type import SetType
from migration_ls.operations.union import Operation
from migration_ls.rendering.models.changes import TableChanges
from migration_ls.schema.names import Name
from migration_ls.schema.schema import Schema
from migration_ls.schema.tables import Check, Column, Constraint, ForeignKey, Index, PrimaryKey, Table, Unique


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing said: `aspect` of `what` (a column's name, the columns of a key) in a table; `value` says it."""

    table: Name
    aspect: str
    what: tuple[str, ...]
    value: object = None


def facts_of_schema(schema: Schema, labels: Mapping[tuple[str, ...], str]) -> frozenset[Fact]:
    """Everything that a schema says; enum types with labels of those given go by the name given."""
    names = {name.sql: labels.get(enum.values, name.sql) for name, enum in schema.enums.items()}
    found: set[Fact] = set()
    for table in schema.tables.values():
        found |= facts_of_table(table, names)
    found |= {Fact(name, "enum", (), enum.values) for name, enum in schema.enums.items()}
    return frozenset(found)


def facts_of_table(table: Table, names: Mapping[str, str]) -> set[Fact]:
    """Everything about a table."""
    found = {fact for column in table.columns for fact in facts_of_column(table.name, column, names)}
    for constraint in table.constraints:
        found |= set(constraint_facts(table.name, constraint))
    for index in table.indexes:
        found.add(index_fact(table.name, index))
    return found


def facts_of_column(table: Name, column: Column, names: Mapping[str, str]) -> Iterable[Fact]:
    """Type, nullability and value of a column, each by itself."""
    what = (column.name,)
    kind = str(column.type)
    element = kind.removesuffix("[]")
    yield Fact(table, "type", what, names.get(element, element) + kind[len(element) :])
    yield Fact(table, "nullable", what, column.nullable)
    yield Fact(table, "default", what, _folded(column.default.canonical) if column.default else None)
    yield Fact(table, "counts", what, (column.autoincrement, column.identity))
    yield Fact(table, "generated", what, column.generated.canonical if column.generated else None)


_NOW = frozenset({"now()", "current_timestamp", "transaction_timestamp()"})


def _folded(default: str) -> str:
    return "now()" if default.lower() in _NOW else default


def constraint_facts(table: Name, constraint: Constraint) -> Iterable[Fact]:
    """A constraint, without its name; none for what no document says."""
    match constraint:
        case PrimaryKey(columns=columns):
            yield Fact(table, "primary key", columns)
        case Unique(columns=columns):
            yield Fact(table, "unique", tuple(sorted(columns)))
        case Check(expression=condition):
            values = condition.allowed_values
            said = ("in", *sorted(values)) if values else condition.canonical
            yield Fact(table, "check", tuple(sorted(condition.columns)), said)
        case ForeignKey():
            target = (constraint.ref_table, constraint.ref_columns, constraint.on_delete)
            yield Fact(table, "foreign key", constraint.columns, target)
        case _:
            pass


def index_fact(table: Name, index: Index) -> Fact:
    """An index, without its name; a unique one of columns alone is as good as the constraint."""
    parts = tuple([str(part).lower() for part in index.parts])
    if index.unique and index.where is None and not any(part.is_expression for part in index.parts):
        return Fact(table, "unique", tuple(sorted(index.columns)))
    where = index.where.canonical if index.where else None
    return Fact(table, "index", parts, (index.unique, index.using, where))


def wanted_facts(
    before: Schema, wanted: Schema, operations: Sequence[Operation], changes: Mapping[Name, TableChanges]
) -> frozenset[Fact]:
    """The facts of a document after the operations: those of `before`, changed as far as they touch its tables."""
    labels = {enum.values: name.sql for name, enum in wanted.enums.items()}
    names: dict[str, str] = {}
    aspects = _aspects(operations)
    for operation in operations:
        if isinstance(operation, RenameColumn | RenameTable):
            before = operation.apply(before)
    facts = set(facts_of_schema(before, labels))
    for name, change in changes.items():
        if (told := before.tables.get(name)) is not None and (table := wanted.tables.get(name)) is not None:
            _change(facts, told, table, change, aspects, names)
    facts -= _gone_with_columns(before, wanted, operations, changes)
    for operation in operations:
        match operation:
            case CreateTable(table=made) if before.tables and made.name not in before.tables:
                facts |= facts_of_table(wanted.tables.get(made.name, made), names)
            case DropTable(name=name) if name not in wanted.tables:
                facts = {fact for fact in facts if fact.table != name or fact.aspect == "enum"}
            case AddEnumValue(enum=name) | RenameEnumValue(enum=name) if (enum := wanted.enums.get(name)) is not None:
                facts = {_relabelled(fact, name, enum.values, operation) for fact in facts}
            case _:
                pass
    return frozenset(facts)


def _gone_with_columns(
    before: Schema, wanted: Schema, operations: Sequence[Operation], changes: Mapping[Name, TableChanges]
) -> set[Fact]:
    """Enum types that nothing but the entry of a dropped column, or one of a dropped table, spells out."""
    tables = {item.name for item in operations if isinstance(item, DropTable) and item.name not in wanted.tables}
    dropped = [
        column
        for name, table in before.tables.items()
        for column in table.columns
        if name in tables or (name in changes and column.name in changes[name].dropped)
    ]
    entries = {column.origin.span for column in dropped if column.origin is not None}
    return {
        Fact(name, "enum", (), enum.values)
        for name, enum in before.enums.items()
        if enum.origin is not None and enum.origin.span in entries
    }


def _relabelled(fact: Fact, enum: Name, values: tuple[str, ...], operation: Operation) -> Fact:
    """The labels of the type, also where the document has it under a name of its own."""
    if fact.aspect != "enum" or not isinstance(fact.value, tuple):
        return fact
    match operation:
        case AddEnumValue(value=value):
            former = tuple([label for label in values if label != value])
        case RenameEnumValue(value=value, to=to):
            former = tuple([value if label == to else label for label in values])
        case _:
            return fact
    return Fact(fact.table, "enum", (), values) if fact.table == enum or fact.value == former else fact


_ALL = frozenset({"type", "nullable", "default", "counts", "generated"})
_Aspects = Mapping[tuple[Name, str], frozenset[str]]


def _aspects(operations: Sequence[Operation]) -> _Aspects:
    """What the operations set of each column, by table and the name that the column has in the end."""
    found: dict[tuple[Name, str], frozenset[str]] = {}
    for operation in operations:
        match operation:
            case AddColumn(table=table, column=column):
                found[table, column.name] = _ALL
            case SetType(table=table, column=name):
                found[table, name] = found.get((table, name), frozenset()) | {"type"}
            case SetNotNull(table=table, column=name) | DropNotNull(table=table, column=name):
                found[table, name] = found.get((table, name), frozenset()) | {"nullable"}
            case SetDefault(table=table, column=name):
                found[table, name] = found.get((table, name), frozenset()) | {"default"}
            case SetIdentity(table=table, column=name):
                found[table, name] = found.get((table, name), frozenset()) | {"counts"}
            case RenameColumn(table=table, column=name, to=to) if (table, name) in found:
                found[table, to] = found.pop((table, name))
            case RenameTable(name=old, new_name=new):
                found |= {(new, name): found.pop((table, name)) for table, name in [*found] if table == old}
            case _:
                pass
    return found


def _change(
    facts: set[Fact], told: Table, table: Table, change: TableChanges, aspects: _Aspects, names: Mapping[str, str]
) -> None:
    """Takes the facts about one table that no longer hold, and adds those that do."""
    name = table.name
    for column in change.dropped:
        facts -= {fact for fact in facts if fact.table == name and column in fact.what}
        # PostgreSQL drops what is built on a column together with it
        facts -= {index_fact(name, index) for index in told.indexes if column in _used(index)}
    for column in change.columns:
        found, touched = table.column(column), aspects.get((name, column), frozenset())
        if found is not None and (touched == _ALL or told.column(column) is not None):
            facts -= {
                item for item in facts if item.table == name and item.what == (column,) and item.aspect in touched
            }
            facts |= {item for item in facts_of_column(name, found, names) if item.aspect in touched}
    _change_keys(facts, told, table, change)


def _used(index: Index) -> frozenset[str]:
    """The columns that an index needs, those of expressions and of its condition included."""
    words = {word for part in index.parts if part.is_expression for word in re.findall(r"\w+", part.text)}
    return frozenset({*index.columns, *index.include, *words}) | (index.where.columns if index.where else frozenset())


def _change_keys(facts: set[Fact], told: Table, table: Table, change: TableChanges) -> None:
    name = table.name
    kept = {fact for item in table.constraints for fact in constraint_facts(name, item)}
    kept |= {index_fact(name, index) for index in table.indexes}
    named = named_constraints(told)
    for items, dropped in ((named.constraints, change.dropped_constraints), (named.indexes, change.dropped_indexes)):
        called = {fact for item in items if item.name in dropped for fact in _facts_of(name, item)}
        # the document may call none by a name that is known: then what is not wanted goes
        facts -= (called or ({fact for item in items for fact in _facts_of(name, item)} if dropped else set())) - kept
    for constraint in change.constraints:
        facts |= set(constraint_facts(name, table.constraint(constraint.name or "") or constraint)) & kept
    for index in change.indexes:
        facts |= {index_fact(name, table.index(index.name or "") or index)} & kept
    keys = {fact for fact in facts if fact.table == name and fact.aspect == "primary key"}
    if len(keys) > 1:
        facts -= keys - kept


def _facts_of(table: Name, item: Constraint | Index) -> Iterable[Fact]:
    return (index_fact(table, item),) if isinstance(item, Index) else constraint_facts(table, item)


def left_to_say(said: frozenset[Fact], wanted: frozenset[Fact]) -> tuple[str, ...]:
    """What a document still says wrong or not at all, each in words for who shall write it by hand."""
    missing = sorted(wanted - said, key=str)
    spoken = {(fact.table, fact.aspect, fact.what) for fact in missing}
    over = [fact for fact in sorted(said - wanted, key=str) if (fact.table, fact.aspect, fact.what) not in spoken]
    return tuple(
        dict.fromkeys([*(_by_hand(fact) for fact in missing), *(f"no longer {_by_hand(fact)}" for fact in over)])
    )


def _by_hand(fact: Fact) -> str:
    what = ", ".join(fact.what)
    match fact.aspect:
        case "type":
            return f"`{fact.table}.{what}` is `{fact.value}`"
        case "nullable":
            return f"`{fact.table}.{what}` {'is NOT NULL' if fact.value is False else 'may be NULL'}"
        case "default":
            return f"`{fact.table}.{what}` has " + (f"the default `{fact.value}`" if fact.value else "no default")
        case "enum":
            labels = fact.value if isinstance(fact.value, tuple) else ()
            return f"`{fact.table}` has the labels {', '.join(f'`{label}`' for label in labels)}"
        case "counts" | "generated":
            return f"`{fact.table}.{what}` gets its value as the database has it"
        case _:
            return f"`{fact.table}` has a {fact.aspect} on `{what}`"
