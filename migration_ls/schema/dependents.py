"""What depends on what: the views that read a relation or a column, and what goes with them."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from migration_ls.schema.names import Name
from migration_ls.schema.schema import Schema, View


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


def _growing(items: list[Name]) -> Iterator[Name]:
    """The items of a list, also those that come meanwhile."""
    number = 0
    while number < len(items):
        yield items[number]
        number += 1
