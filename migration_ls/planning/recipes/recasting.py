"""Enum types whose labels go or change places: PostgreSQL can only add labels, so the type is made anew.

Where tables are small, or the application may be stopped, their columns move over in one transaction. Otherwise each
column is replaced by one of the new type beside it, and the types change names when the columns do.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from migration_ls.diffing.differences import columns_of
from migration_ls.diffing.objects import inner_first, is_materialized, made_view, readers_of
from migration_ls.diffing.relabelling import (
    Relabelling,
    added_labels,
    by_label,
    columns_of_type,
    free_type,
    is_of,
    relabellings,
)
from migration_ls.operations.add_column import AddColumn
from migration_ls.operations.add_constraint import AddConstraint
from migration_ls.operations.base import Inverse
from migration_ls.operations.create_enum import CreateEnum
from migration_ls.operations.create_index import CreateIndex
from migration_ls.operations.drop_column import DropColumn
from migration_ls.operations.drop_constraint import DropConstraint
from migration_ls.operations.drop_index import DropIndex
from migration_ls.operations.drop_type import DropType
from migration_ls.operations.drop_view import DropView
from migration_ls.operations.rename_type import RenameType
from migration_ls.operations.set_default import SetDefault
from migration_ls.operations.union import Operation
from migration_ls.operations.validate_constraint import ValidateConstraint
from migration_ls.planning import checks
from migration_ls.planning.plan import Phase, Unplanned
from migration_ls.planning.recipes.in_step import keeps_labels
from migration_ls.planning.recipes.pairs import recast_pair, refusal_of
from migration_ls.planning.recipes.tables import drop_type
from migration_ls.planning.recipes.together import BUILT_AT_ONCE, view_draft
from migration_ls.planning.situation import Draft, Recast, Situation, Turn
from migration_ls.postgres.quoting import object_name
from migration_ls.schema.dependents import descendants, views_on
from migration_ls.schema.names import Name, type_named
from migration_ls.schema.schema import Schema
from migration_ls.schema.tables import Check, Column, Index, Table
from migration_ls.sources.sql.expressions import expression

_BY_HAND = "change it by hand first; it is checked then"
_Refusal = tuple[str, str]
_Items = tuple[tuple[Draft, Operation], ...]
_Renames = tuple[tuple[Draft, RenameType], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Recasts:
    """The situation with the types that are made anew left to `drafts`; `switched` belongs to the columns' switch."""

    situation: Situation
    drafts: _Items = ()
    switched: _Renames = ()
    unplanned: tuple[Unplanned, ...] = ()


def recast_types(situation: Situation) -> Recasts:
    """Every type whose labels go or change places, each in the form that its tables allow."""
    found = Recasts(situation=situation)
    for change in relabellings(situation.current, situation.wanted):
        users = dict.fromkeys(table.name for table, _ in columns_of_type(situation.current, change.after.name))
        found = _at_once(change, found) if not users or situation.simple_reason(*users) else _gradually(change, found)
    return found


def _refused(found: Recasts, name: Name, refusal: _Refusal) -> Recasts:
    """The type stays as it is; everything else is planned."""
    why, way_out = refusal
    situation = found.situation
    kept = situation.wanted.with_enum(situation.current.enums[name])
    item = Unplanned(what=f"`{name}`", why=f"its labels go or change places, and {why}", help=way_out)
    return replace(found, situation=replace(situation, wanted=kept), unplanned=(*found.unplanned, item))


def with_switched(drafts: Sequence[tuple[Draft, Operation]], switched: _Renames) -> list[tuple[Draft, Operation]]:
    """The drafts with the types' change of names at the start of the first switch, in its transaction.

    It is undone at the start too: what undoes the rest calls the types by the names that they had.
    """
    places = [number for number, (draft, _) in enumerate(drafts) if draft.phase is Phase.SWITCH]
    if not places or not switched:
        return list(drafts)
    back = [RenameType(name=item.new_name, to=item.name.name) for _, item in reversed(switched)]
    first, asked = drafts[places[0]]
    found = list(drafts)
    found[places[0]] = (replace(first, joined=True), asked)
    last = found[places[-1]][0]
    found[places[-1]] = (replace(last, undone_first=tuple(back)), found[places[-1]][1])
    return [*found[: places[0]], *switched, *found[places[0] :]]


# Beside the old type


def _gradually(change: Relabelling, found: Recasts) -> Recasts:
    situation, name = found.situation, change.after.name
    current, wanted = situation.current, situation.wanted
    item = Recast(
        name=name,
        passing=free_type(name, "new", current, wanted),
        former=change.former,
        before=change.before,
        after=change.after,
    )
    if refusal := _in_the_way(item, situation):
        return _refused(found, name, refusal)
    renamed = RenameType(name=name, to=item.passing.name).apply(wanted).with_enum(item.before)
    aside = RenameType(name=name, to=item.former.name)
    place = RenameType(name=item.passing, to=name.name)
    gone = replace(drop_type(DropType(name=item.former)).drafts[0], checks=())
    return Recasts(
        situation=replace(situation, wanted=renamed, recasts=(*situation.recasts, item)),
        drafts=(*found.drafts, (gone, gone.operation)),
        switched=(*found.switched, *_renamed(aside, place, item, first=not found.switched)),
        unplanned=found.unplanned,
    )


def _renamed(aside: RenameType, place: RenameType, item: Recast, *, first: bool) -> Iterator[tuple[Draft, RenameType]]:
    for number, operation in enumerate((aside, place)):
        draft = Draft(
            phase=Phase.SWITCH,
            turn=Turn.TYPE,
            operation=operation,
            title=f"Call the type `{operation.name}` `{operation.to}`",
            why="a change of the catalog alone: both releases go on to cast to the name that they know",
            table=None,
            alone=True,
            passing=True,
            joined=number > 0 or not first,
            checks=(checks.enum_is_just(item.after),) if number else (),
            accepted=(("rename-object", "the new type has the name within the transaction"),),
        )
        yield draft, operation


def _in_the_way(item: Recast, situation: Situation) -> _Refusal | None:
    current, wanted = situation.current, situation.wanted
    if refusal := _of_type(item.name, current) or _of_type(item.name, wanted):
        return refusal
    for table, column in columns_of_type(current, item.name):
        known = wanted.table(table.name)
        after = known.column(column.name) if known else None
        if after is None or not is_of(after, item.name):
            continue
        pair = recast_pair(table.name, column, after, item)
        if refusal := refusal_of(pair, situation):
            why, way_out = refusal
            return (
                why,
                f"{way_out}; or stop the application for it (`downtime = true`)"
                if "downtime" not in way_out
                else way_out,
            )
    for view in (*current.views.values(), *wanted.views.values()):
        reads = any((table.name, column.name) in view.columns for table, column in columns_of_type(current, item.name))
        if not reads and _casts(view.query, item.name):
            return f"the view `{view.name}` casts to it, though it reads no column of it", _BY_HAND
    return None


def _casts(query: str, name: Name) -> bool:
    spelled = rf'(?:{re.escape(name.namespace)}"?\."?)?{re.escape(name.name)}\b'
    return re.search(rf'(?::|\bas\s+)"?{spelled}', query, re.IGNORECASE) is not None


def _of_type(name: Name, schema: Schema) -> _Refusal | None:
    """What is made of the type itself, and cannot be moved to another."""
    for domain in schema.domains.values():
        if domain.base.removesuffix("[]") in {name.sql, str(name)}:
            return f"the domain `{domain.name}` is made of it", "let its columns have the type itself first"
    word = re.compile(rf"(?<![\w$]){re.escape(name.name)}(?![\w$])")
    if functions := [item for item in sorted(schema.functions) if word.search(item.partition("(")[2])]:
        return f"the function `{functions[0]}` takes or gives it", "drop the function first, and make it again after it"
    return None


# In one transaction


def _at_once(change: Relabelling, found: Recasts) -> Recasts:
    situation, name = found.situation, change.after.name
    if refusal := _hard(name, situation):
        return _refused(found, name, refusal)
    kept = situation.wanted.with_enum(change.before)
    for operation in added_labels(change.before, change.after):
        kept = operation.apply(kept)
    old = [(table, column) for table, column in change.columns if situation.current.table(table.name)]
    proofs = [_proof(table, column, change.gone) for table, column in old if change.gone]
    drafts = [draft for table, check in proofs for draft in _proven(table, check, change.gone)]
    drafts += _moved(change, proofs, situation)
    asked = RenameType(name=name, to=change.former.name)
    items = ((draft, asked) for draft in drafts)
    return replace(found, situation=replace(situation, wanted=kept), drafts=(*found.drafts, *items))


def _hard(name: Name, situation: Situation) -> _Refusal | None:
    """What stands at a column so that its type cannot be changed in one transaction either."""
    wanted = situation.wanted
    if refusal := _of_type(name, wanted):
        return refusal
    for table, column in columns_of_type(wanted, name):
        where = f"`{table.name}.{column.name}`"
        if needing := table.needing(column.name):
            return f"the {needing[0].kind} `{needing[0].name}` stands on {where}", _BY_HAND
        if table.partition_key and re.search(rf"\b{re.escape(column.name)}\b", table.partition_key):
            return (
                f"{where} is part of the partition key of `{table.name}`",
                "make a new partitioned table of the new type",
            )
        if column.generated:
            return f"{where} is generated", "make it a plain column first"
        for key in (
            *table.foreign_keys,
            *(key for other in wanted.referencing(table.name) for key in other.foreign_keys),
        ):
            if (key in table.foreign_keys and column.name in key.columns) or column.name in key.ref_columns:
                return (
                    f"the foreign key `{key.name}` compares {where}",
                    "drop the foreign key first, and add it after it",
                )
        for item in table.exclusions:
            if column.name in columns_of(item):
                return f"the exclusion constraint `{item.name}` stands on {where}", _BY_HAND
        for below in descendants(wanted, table.name):
            if own := [
                item
                for item in _standing(below, {column.name})
                if item.name not in {one.name for one in table.constraints}
            ]:
                return f"`{own[0].name}` of `{below.name}` stands on {where}", _BY_HAND
    return None


def _standing(table: Table, columns: set[str]) -> list[Check | Index]:
    """The checks and indexes whose expressions use the columns: PostgreSQL cannot read them over another type."""
    found: list[Check | Index] = [check for check in table.checks if columns & columns_of(check)]
    for index in table.indexes:
        special = index.where is not None or any(part.is_expression for part in index.parts)
        if special and columns & columns_of(index):
            found.append(index)
    return found


def _proof(table: Table, column: Column, gone: Sequence[str]) -> tuple[Table, Check]:
    text = keeps_labels(column.name, gone, is_array=column.type.is_array)
    name = object_name("chk", table.name.name[:24], column.name[:20], "labels")
    return table, Check(name=name, expression=expression(text), validated=False)


def _proven(table: Table, check: Check, gone: Sequence[str]) -> Iterator[Draft]:
    name = table.name
    labels = ", ".join(f"`{value}`" for value in gone)
    rows = checks.rows_satisfy(name, check)
    yield Draft(
        phase=Phase.CONTRACT,
        turn=Turn.DROP,
        operation=AddConstraint(table=name, constraint=check),
        title=f"Refuse {labels} in `{name}`",
        why="NOT VALID reads no row, so the strong lock is brief; no process of the previous release may be left",
        table=name,
        alone=True,
    )
    yield Draft(
        phase=Phase.CONTRACT,
        turn=Turn.DROP,
        operation=ValidateConstraint(table=name, constraint=check.name or ""),
        title=f"Prove that no row of `{name}` holds {labels}",
        why="it fails while a row does: give those rows another label first",
        table=name,
        alone=True,
        checks=(rows,) if rows else (),
    )


def _moved(change: Relabelling, proofs: Iterable[tuple[Table, Check]], situation: Situation) -> tuple[Draft, ...]:
    """The old type steps aside, the new one takes its name, the columns and what is on them move, the old one goes."""
    wanted, users = situation.wanted, change.columns
    name, former = change.after.name, change.former
    columns: dict[Name, set[str]] = {}
    for table, column in users:
        columns.setdefault(table.name, set()).add(column.name)
    views = _views(columns, name, wanted)
    drafts = [
        view_draft(DropView(name=view, materialized=is_materialized(wanted, view)), Turn.DROP)
        for view in reversed(views)
    ]
    drafts += [
        _step(DropConstraint(table=table.name, constraint=check.name or ""), table.name) for table, check in proofs
    ]
    again: list[Draft] = []
    for table_name, used in columns.items():
        taken, put = _taken(wanted.tables[table_name], used)
        drafts += taken
        again += put
    drafts.append(_step(RenameType(name=name, to=former.name), None))
    drafts.append(_step(CreateEnum(enum=change.after), None))
    for table, column in users:
        drafts += _column(table, column, former)
    drafts += again
    for view in views:
        drafts += [view_draft(item, Turn.DROP) for item in made_view(wanted, wanted.views[view])]
    last = _step(DropType(name=former), None)
    drafts.append(replace(last, checks=(checks.enum_is_just(change.after),)))
    title = (
        f"Make the type `{name}` anew, with the labels {', '.join(f'`{value}`' for value in wanted.enums[name].values)}"
    )
    why = (
        "PostgreSQL takes no label away and moves none: the columns are written anew while nobody can use their tables"
    )
    reason = situation.simple_reason(*columns)
    return tuple(
        replace(
            draft,
            phase=Phase.CONTRACT,
            turn=Turn.DROP,
            title=title,
            why=f"{why}; {reason}" if reason else "no column uses it",
            joined=number > 0,
            alone=True,
        )
        for number, draft in enumerate(drafts)
    )


def _views(columns: dict[Name, set[str]], name: Name, wanted: Schema) -> list[Name]:
    """The views on the columns, those that cast to the type, and those that read these; innermost first."""
    direct = [
        view.name for table, used in columns.items() for column in used for view in views_on(wanted, table, column)
    ]
    direct += [view.name for view in wanted.views.values() if view.outputs is None or _casts(view.query, name)]
    direct = list(dict.fromkeys(direct))
    return inner_first(wanted, dict.fromkeys((*direct, *readers_of(wanted, direct)))) if direct else []


def _taken(table: Table, columns: set[str]) -> tuple[list[Draft], list[Draft]]:
    """What stands on the columns by an expression, taken away and put back; so are columns generated from them."""
    made = table.generated_from(columns)
    items = _standing(table, columns | {column.name for column in made})
    names = {column.name for column in made}
    items += [item for item in table.indexes if item not in items and names & columns_of(item)]
    taken: list[Draft] = []
    put: list[Draft] = []
    for item in items:
        away, back = _dropped(table, item)
        taken.append(replace(_step(away, table.name), inverse=Inverse(operations=(back,))))
        put.append(replace(_step(back, table.name), inverse=Inverse(operations=(away,))))
    for column in made:
        taken.append(_step(DropColumn(table=table.name, column=column.name), table.name))
        put.insert(0, _step(AddColumn(table=table.name, column=column), table.name))
    return taken, put


def _dropped(table: Table, item: Check | Index) -> tuple[Operation, Operation]:
    if isinstance(item, Check):
        drop = DropConstraint(table=table.name, constraint=item.name or "", if_exists=True)
        return drop, AddConstraint(table=table.name, constraint=item)
    name = Name(item.name or "", table.name.namespace)
    return DropIndex(name=name, table=table.name, if_exists=True), CreateIndex(table=table.name, index=item)


def _column(table: Table, column: Column, former: Name) -> Iterator[Draft]:
    name = table.name
    back = by_label(name, column, former)
    moved = _step(by_label(name, column, type_named(column.type.element.name)), name)
    if column.default is not None:
        again = RenameType(name=type_named(column.type.element.name), to=former.name).of_column(column).default
        first = _step(SetDefault(table=name, column=column.name, default=None), name)
        yield replace(first, inverse=Inverse(operations=(SetDefault(table=name, column=column.name, default=again),)))
    yield replace(moved, inverse=Inverse(operations=(back,)))
    if column.default is not None:
        last = _step(SetDefault(table=name, column=column.name, default=column.default), name)
        yield replace(last, inverse=Inverse(operations=(SetDefault(table=name, column=column.name, default=None),)))


_MOVED = "the values keep their labels, and no row holds one that goes"
_ACCEPTED = (
    *(
        (rule, _MOVED)
        for rule in (
            "type-change-rewrites-table",
            "type-change-scans-table",
            "type-change-may-fail",
            "type-change-loses-values",
            "default-gone",
            "drop-column",
            "add-column-rewrites-table",
        )
    ),
    *(
        (rule, "the type of the name is there again within the transaction")
        for rule in ("rename-object", "drop-object-loses-data")
    ),
    *BUILT_AT_ONCE,
)


def _step(operation: Operation, table: Name | None) -> Draft:
    return Draft(
        phase=Phase.CONTRACT,
        turn=Turn.DROP,
        operation=operation,
        title="",
        why="",
        table=table,
        always=True,
        accepted=_ACCEPTED,
    )
