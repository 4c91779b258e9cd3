"""What the steps of a plan leave undone: no difference between two schemas is passed over in silence."""

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import TypeVar

from migration_ls.planning.plan import PlanStep, Unplanned
from migration_ls.schema.schema import Schema
from migration_ls.schema.tables import Table

_BY_HAND = "write it by hand, in a migration of its own; it is checked then"


def after(steps: Sequence[PlanStep], current: Schema) -> Schema:
    """The schema that the steps make of the current one."""
    for step in steps:
        current = step.operation.apply(current)
    return current


def leftovers(current: Schema, made: Schema, wanted: Schema) -> Iterator[Unplanned]:
    """Everything of which the wanted schema says otherwise than the current one, and still than the schema made."""
    for name, table in wanted.tables.items():
        old, new = current.table(name), made.table(name)
        if old is None or old is table or new is None:
            continue
        for what, why, way_out in _of_table(old, new, table):
            yield Unplanned(what=f"`{name}{what}`", why=why, help=way_out)
    for at, what in sorted((wanted.settings ^ current.settings) & (wanted.settings ^ made.settings)):
        if current.table(at) and wanted.table(at):
            says = "is wanted" if (at, what) in wanted.settings else "shall be taken back"
            yield Unplanned(what=f"`{at}`", why=f"`{what}` {says}, and is not planned", help=_BY_HAND)
    yield from _of_maps("domain", current.domains, wanted.domains, made.domains)
    yield from _of_maps("trigger", current.triggers, wanted.triggers, made.triggers)
    for what, names, others, found in (
        ("type", current.types, wanted.types, made.types),
        ("function", frozenset(current.functions), frozenset(wanted.functions), frozenset(made.functions)),
        ("namespace", current.namespaces, wanted.namespaces, made.namespaces),
    ):
        yield from _of_sets(what, names, others, found)


def _of_table(old: Table, made: Table, wanted: Table) -> Iterator[tuple[str, str, str]]:
    if old.kind is not wanted.kind is not made.kind:
        way = "make the new one beside it, copy the rows, and change names when it is filled"
        yield "", f"a {old.kind} does not become a {wanted.kind} in place", way
    elif old.partition_key != wanted.partition_key != made.partition_key:
        way = "make a table of that key beside it, copy the rows, and change names when it is filled"
        yield "", f"its partition key cannot be changed to {wanted.partition_key}", way
    if old.partition_of != wanted.partition_of != made.partition_of:
        verb, other = ("ATTACH", wanted.partition_of) if wanted.partition_of else ("DETACH", old.partition_of)
        way = f"write ALTER TABLE {other} {verb} PARTITION {wanted.name} by hand; it is checked then"
        yield "", f"it becomes a partition of {wanted.partition_of or 'no table'}, which is not planned", way
    elif old.bound != wanted.bound != made.bound and wanted.bound is not None:
        way = "detach it and attach it again, by hand; it is checked then"
        yield "", f"the bound of a partition cannot be changed in place to {wanted.bound}", way
    if old.inherits != wanted.inherits != made.inherits:
        yield "", "another inheritance is not planned", "write ALTER TABLE ... INHERIT or NO INHERIT by hand"
    if old.unlogged is not wanted.unlogged is not made.unlogged:
        word = "UNLOGGED" if wanted.unlogged else "LOGGED"
        way = f"write ALTER TABLE {wanted.name} SET {word} by hand, for a quiet hour"
        yield "", f"it becomes {word}, which writes it anew while nobody can use it", way
    for column in wanted.columns:
        before, after = old.column(column.name), made.column(column.name)
        if before and after and before.autoincrement is not column.autoincrement is not after.autoincrement:
            yield f".{column.name}", "a column does not become SERIAL, or stop being one, in place", _BY_HAND
        if before and after and before.virtual is not column.virtual is not after.virtual:
            way = "add one beside it, and drop this one"
            yield f".{column.name}", "a generated column is not stored or computed otherwise in place", way
    yield from _of_dependents(old, made, wanted)


def _of_dependents(old: Table, made: Table, wanted: Table) -> Iterator[tuple[str, str, str]]:
    """Policies and rules, of which only the names are known; triggers are looked at with their definitions."""

    def named(table: Table) -> AbstractSet[tuple[str, str]]:
        return {(item.kind, item.name) for item in table.dependents if item.kind != "trigger"}

    for kind, name in sorted((named(wanted) - named(old)) - named(made)):
        yield "", f"the {kind} `{name}` is new, and its definition is not kept", _BY_HAND
    for kind, name in sorted((named(old) - named(wanted)) & named(made)):
        yield "", f"the {kind} `{name}` goes, and its definition is not kept for the way back", _BY_HAND


_Key = TypeVar("_Key")


def _of_maps(
    what: str, before: Mapping[_Key, object], after: Mapping[_Key, object], left: Mapping[_Key, object]
) -> Iterator[Unplanned]:
    for key in dict.fromkeys((*before, *after)):
        if before.get(key) != after.get(key) != left.get(key):
            name = f"{key[0]}.{key[1]}" if isinstance(key, tuple) else str(key)
            yield Unplanned(what=f"`{name}`", why=f"this change of a {what} is not planned", help=_BY_HAND)


def _of_sets(
    what: str, before: AbstractSet[object], after: AbstractSet[object], left: AbstractSet[object]
) -> Iterator[Unplanned]:
    for item in sorted(map(str, (after - before) - left)):
        yield Unplanned(what=f"`{item}`", why=f"the {what} is new, and its definition is not kept", help=_BY_HAND)
    for item in sorted(map(str, (before - after) & left)):
        yield Unplanned(
            what=f"`{item}`", why=f"the {what} goes, and its definition is not kept for the way back", help=_BY_HAND
        )
