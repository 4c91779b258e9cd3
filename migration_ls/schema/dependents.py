"""What depends on what: the views that read a relation or a column, and what goes with them."""

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace

from migration_ls.schema.names import Name
from migration_ls.schema.schema import Schema, View
from migration_ls.schema.tables import Column, ForeignKey, RelationKind, Table


def resolved(view: View, schema: Schema) -> View:
    """The view with the columns it reads and has, as a server takes them when the view is made."""
    read: set[tuple[Name, str]] = set()
    for relation, column in view.mentions:
        for name in (relation,) if relation is not None else view.reads:
            there = columns_of(schema, name)
            if column == "*":
                read |= {(name, item) for item in there or ()}
            elif there is None or column in there:
                read.add((name, column))
    return replace(view, columns=frozenset(read), outputs=_outputs(view, schema))


def _outputs(view: View, schema: Schema) -> tuple[str, ...] | None:
    found: list[str] = []
    for relation, column in view.selected:
        if column != "*":
            found.append(column)
            continue
        if relation is None and len(view.reads) != 1:
            # the order of the relations in the query is not known here
            return None
        there = columns_of(schema, relation or next(iter(view.reads)))
        if there is None:
            return None
        found += there
    return tuple(found) or None


def output_types(schema: Schema, view: View) -> tuple[str | None, ...]:
    """The types of a view's columns where they are plain columns of what it reads, or casts; None for the others."""
    found: list[str | None] = []
    for relation, column in view.origins:
        if column is None or column.startswith("::"):
            found.append(column and column[2:])
            continue
        there = [name for name in ((relation,) if relation else sorted(view.reads)) if name in schema.tables]
        columns = [item for name in there if (item := schema.tables[name].column(column)) is not None]
        found.append(str(columns[0].type) if len(columns) == 1 else None)
    return tuple(found)


def columns_of(schema: Schema, name: Name) -> tuple[str, ...] | None:
    """The names of a relation's columns; None where they are not known."""
    if view := schema.views.get(name):
        return view.outputs
    table = schema.table(name)
    if table is None or table.assumed:
        return None
    return tuple(column.name for column in table.columns)


def views_on(schema: Schema, relation: Name, column: str | None = None) -> tuple[View, ...]:
    """The views that read the relation, or the column of it."""
    return tuple(
        view
        for view in schema.views.values()
        if relation in view.reads and (column is None or (relation, column) in view.columns)
    )


def views_going_with(schema: Schema, relations: Iterable[Name]) -> tuple[Name, ...]:
    """The relations and every view above them: what CASCADE drops, each once, in that order."""
    found = list(dict.fromkeys(relations))
    for name in _growing(found):
        found += [view.name for view in views_on(schema, name) if view.name not in found]
    return tuple(found)


def descendants(schema: Schema, name: Name) -> tuple[Table, ...]:
    """The partitions of a table and what inherits from it, at every depth."""
    found: dict[Name, Table] = {}
    todo = list(schema.children(name))
    while todo:
        table = todo.pop(0)
        if table.name not in found:
            found[table.name] = table
            todo += schema.children(table.name)
    return tuple(found.values())


def with_descendants(schema: Schema, name: Name) -> tuple[Name, ...]:
    """The relation, its partitions and what inherits from it."""
    return (name, *(table.name for table in descendants(schema, name)))


def with_rows(schema: Schema, names: Iterable[Name]) -> tuple[Name, ...]:
    """Those of the relations that hold rows themselves, which partitioned and foreign tables do not."""
    return tuple(name for name in names if schema.kind(name) not in _WITHOUT_ROWS)


_WITHOUT_ROWS = frozenset({RelationKind.PARTITIONED, RelationKind.FOREIGN})


def parents(table: Table) -> tuple[Name, ...]:
    """The tables that it is a partition or a child of."""
    return (*((table.partition_of,) if table.partition_of else ()), *table.inherits)


def keys_to(schema: Schema, table: Table, columns: Collection[str]) -> tuple[tuple[Table, ForeignKey], ...]:
    """The foreign keys that refer to any of the columns of the table, each with the table that has it."""
    return tuple(
        (other, key)
        for other in schema.referencing(table.name)
        for key in other.foreign_keys
        if key.ref_table == table.name and not set(columns).isdisjoint(key.referred(table))
    )


def expanded(schema: Schema, names: Iterable[Name]) -> tuple[Name, ...]:
    """What a query on the relations reads: views with what stands under them, tables with their descendants."""
    found: dict[Name, None] = {}
    todo = list(names)
    while todo:
        name = todo.pop(0)
        if name in found:
            continue
        found[name] = None
        view = schema.views.get(name)
        if view is not None and schema.table(name) is None:
            todo += sorted(view.reads)
        else:
            todo += [table.name for table in schema.children(name)]
    return tuple(found)


def sequences_of(schema: Schema, table: Table) -> tuple[Name, ...]:
    """The sequences that belong to the table's columns, and go with it."""
    owned = [item.name for item in schema.sequences.values() if item.owned_by and item.owned_by[0] == table.name]
    return tuple(dict.fromkeys((*table.owned_sequences, *owned)))


def made_by(schema: Schema, sequence: Name) -> tuple[Table, Column] | None:
    """The SERIAL or identity column that made the sequence, and its table."""
    table = schema.owner_of(sequence)
    column = next((item for item in table.columns if item.sequence == sequence), None) if table else None
    return (table, column) if table and column else None


def sequence_users(schema: Schema, sequence: Name) -> tuple[tuple[Table, str], ...]:
    """The columns whose default counts with the sequence, and their tables."""
    made = made_by(schema, sequence)
    counts = made and (made[1].identity or made[1].autoincrement)
    found = [(made[0], made[1].name)] if made and counts else []
    for table in schema.tables.values():
        for column in table.columns:
            default = column.default
            if default is not None and "nextval" in default.functions and _names_it(default.canonical, sequence):
                found.append((table, column.name))
    return tuple(found)


def _names_it(expression: str, sequence: Name) -> bool:
    return sequence in sequences_counted(expression, sequence.namespace)


def sequences_counted(expression: str, namespace: str) -> tuple[Name, ...]:
    """The sequences that calls of `nextval` in an expression name; those without a namespace are of the given one."""
    texts = (text.replace("''", "'") for text in _COUNTED.findall(expression))
    return tuple(_spelled(text, namespace) for text in texts)


_COUNTED = re.compile(r"nextval\(\s*'((?:[^']|'')*)'")
_PART = re.compile(r'"((?:[^"]|"")+)"|([^".]+)')


def _spelled(text: str, namespace: str) -> Name:
    words = [quoted.replace('""', '"') or plain.lower() for quoted, plain in _PART.findall(text)]
    return Name(words[-1] if words else "", words[-2] if len(words) > 1 else namespace)


def relation_named(schema: Schema, name: Name) -> str | None:
    """What kind of thing has the name among relations and indexes, whose names must differ in a namespace."""
    kind = schema.kind(name)
    if kind is not None:
        return str(kind)
    if schema.find_index(name.name, name.namespace) or schema.index_owner(name):
        return "index"
    return None


def _growing(items: list[Name]) -> Iterator[Name]:
    """The items of a list, also those that come meanwhile."""
    number = 0
    while number < len(items):
        yield items[number]
        number += 1
