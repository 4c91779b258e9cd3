"""Changes of several operations that belong together: what is replaced under its name."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from migration_ls.diffing.differences import columns_of
from migration_ls.diffing.objects import is_materialized, readers_of
from migration_ls.operations.add_column import AddColumn
from migration_ls.operations.add_constraint import AddConstraint
from migration_ls.operations.comment_on import CommentOn
from migration_ls.operations.create_index import CreateIndex
from migration_ls.operations.create_trigger import CreateTrigger
from migration_ls.operations.create_view import CreateView
from migration_ls.operations.drop_column import DropColumn
from migration_ls.operations.drop_constraint import DropConstraint
from migration_ls.operations.drop_index import DropIndex
from migration_ls.operations.drop_trigger import DropTrigger
from migration_ls.operations.drop_view import DropView
from migration_ls.operations.rename_index import RenameIndex
from migration_ls.operations.set_default import SetDefault
from migration_ls.operations.set_identity import SetIdentity
from migration_ls.operations.union import Operation
from migration_ls.planning import checks
from migration_ls.planning.plan import Mode, Phase
from migration_ls.planning.recipes.constraints import REBUILT, build, proof
from migration_ls.planning.recipes.objects import set_identity
from migration_ls.planning.recipes.together import BUILT_AT_ONCE, bundle, new_views, view_draft
from migration_ls.planning.situation import Draft, Recipe, Situation, Turn
from migration_ls.postgres.quoting import object_name
from migration_ls.schema.names import Name
from migration_ls.schema.tables import Check, Constraint, ForeignKey, PrimaryKey, Unique, index_of

_REPLACED = "the one of that name goes and the new one comes in one transaction, so nobody sees neither"


@dataclass(frozen=True, slots=True, kw_only=True)
class Combined:
    """A recipe for several operations; `asked` is the one that stands for them."""

    asked: Operation
    recipe: Recipe


def combined(todo: Sequence[Operation], situation: Situation) -> tuple[list[Combined], list[Operation]]:
    """Recipes for operations that belong together, and the operations that are left."""
    left = list(todo)
    found: list[Combined] = []
    for make in (_indexes, _remade_columns, _constraints, _identities, _views, _triggers):
        more, left = make(left, situation)
        found += more
    return found, left


_Part = tuple[list[Combined], list[Operation]]


def _indexes(todo: list[Operation], situation: Situation) -> _Part:  # noqa: ARG001
    """An index of another definition under the same name: built under another name, then put in its place."""
    dropped = {(item.table, item.name.name): item for item in todo if isinstance(item, DropIndex)}
    found: list[Combined] = []
    used: list[Operation] = []
    for item in todo:
        if not isinstance(item, CreateIndex) or (item.table, item.index.name or "") not in dropped:
            continue
        old = dropped[item.table, item.index.name or ""]
        found.append(Combined(asked=item, recipe=Recipe(drafts=_replaced_index(item, old))))
        used += [item, old]
    return found, _without(todo, used)


def _replaced_index(new: CreateIndex, old: DropIndex) -> tuple[Draft, ...]:
    name = new.index.name or ""
    passing = object_name("", name, "new")
    first = build(replace(new, index=replace(new.index, name=passing)), "under another name, while the old one serves")
    return (
        replace(first, checks=(), accepted=REBUILT),
        Draft(
            phase=Phase.EXPAND,
            turn=Turn.INDEX,
            operation=replace(old, concurrently=True, if_exists=True),
            title=f"Drop the former index `{name}`",
            why="CONCURRENTLY: nobody waits behind a strong lock",
            table=new.table,
            mode=Mode.AUTOCOMMIT,
            after_last=True,
        ),
        Draft(
            phase=Phase.EXPAND,
            turn=Turn.INDEX,
            operation=RenameIndex(name=Name(passing, new.table.namespace), to=name),
            title=f"Put the new index in the place of `{name}`",
            why="a change of the catalog that locks the index alone",
            table=new.table,
            alone=True,
            checks=(checks.index_is(new.table, new.index),),
            after_last=True,
        ),
    )


def _remade_columns(todo: list[Operation], situation: Situation) -> _Part:
    """A generated column with another expression: dropped and added in one transaction, with what stands on it."""
    dropped = {(item.table, item.column): item for item in todo if isinstance(item, DropColumn)}
    found: list[Combined] = []
    used: list[Operation] = []
    for item in todo:
        if not isinstance(item, AddColumn) or (item.table, item.column.name) not in dropped:
            continue
        old = dropped[item.table, item.column.name]
        known = situation.current.table(item.table)
        present = {one.name for one in (*known.constraints, *known.indexes)} if known else set[str | None]()
        standing = [
            other
            for other in todo
            if (
                isinstance(other, AddConstraint)
                and other.table == item.table
                and other.constraint.name in present
                and item.column.name in columns_of(other.constraint)
            )
            or (
                isinstance(other, CreateIndex)
                and other.table == item.table
                and other.index.name in present
                and item.column.name in columns_of(other.index)
            )
        ]
        found.append(Combined(asked=item, recipe=Recipe(drafts=_remade(item, old, standing, situation))))
        used += [item, old, *standing]
    return found, _without(todo, used)


def _remade(new: AddColumn, old: DropColumn, standing: Iterable[Operation], situation: Situation) -> tuple[Draft, ...]:
    table, name = new.table, new.column.name
    small = situation.is_small(table)
    why = (
        "the table is written anew, which is brief while it is small"
        if small
        else ("PostgreSQL computes the values of all rows while nobody can use the table: run it in a quiet hour")
    )
    accepted = (
        ("drop-column", "its values are computed from other columns, and are computed again at once"),
        ("add-column-rewrites-table", why),
        ("slow-work-under-lock", why),
    )
    return bundle(
        [
            *new_views(table, situation, Turn.COLUMN),
            Draft(
                phase=Phase.EXPAND,
                turn=Turn.COLUMN,
                operation=old,
                title=f"Drop the generated column `{name}` of `{table}`",
                why="its expression cannot be changed in place on every supported version",
                table=table,
                accepted=accepted,
            ),
            Draft(
                phase=Phase.EXPAND,
                turn=Turn.COLUMN,
                operation=new,
                title=f"Add `{table}.{name}` with its new expression",
                why=why,
                table=table,
                accepted=accepted,
                checks=(checks.column_is(table, new.column),),
            ),
            *(
                Draft(
                    phase=Phase.EXPAND,
                    turn=Turn.COLUMN,
                    operation=item,
                    title=f"Put back what stood on `{name}`",
                    why="it went with the column",
                    table=table,
                    passing=True,
                    accepted=BUILT_AT_ONCE,
                )
                for item in standing
            ),
        ]
    )


def _constraints(todo: list[Operation], situation: Situation) -> _Part:
    """A constraint of another body under the same name."""
    dropped = {(item.table, item.constraint): item for item in todo if isinstance(item, DropConstraint)}
    found: list[Combined] = []
    used: list[Operation] = []
    keys = {item.table: item for item in todo if isinstance(item, DropConstraint) and _is_key(item, situation)}
    for item in todo:
        if not isinstance(item, AddConstraint):
            continue
        old = dropped.get((item.table, item.constraint.name or ""))
        if old is None and isinstance(item.constraint, PrimaryKey):
            old = keys.get(item.table)
        if old is None:
            continue
        recipe = _replaced_constraint(item, old, item.constraint, situation)
        if recipe is not None:
            found.append(Combined(asked=item, recipe=recipe))
            used += [item, old]
    return found, _without(todo, used)


def _is_key(item: DropConstraint, situation: Situation) -> bool:
    table = situation.current.table(item.table)
    return bool(table and table.primary_key and table.primary_key.name == item.constraint)


def _replaced_constraint(
    new: AddConstraint, old: DropConstraint, constraint: Constraint, situation: Situation
) -> Recipe | None:
    table, name = new.table, constraint.name or ""
    match constraint:
        case Check() | ForeignKey():
            swap = _swap(new, old, replace(new, constraint=replace(constraint, validated=False)), Turn.NOT_VALID)
            return Recipe(drafts=(*swap, proof(table, constraint, situation)))
        case Unique() | PrimaryKey():
            passing = name if constraint.name != old.constraint else object_name("", name, "new")
            index = index_of(constraint, passing)
            first = replace(
                build(CreateIndex(table=table, index=index), "so that writers go on while it is built"),
                checks=(),
                accepted=REBUILT,
            )
            swap = _swap(new, old, replace(new, using_index=passing), Turn.ATTACH)
            last = replace(
                swap[-1],
                checks=(checks.constraint_is(table, constraint, validated=True),),
                undone_first=_references_gone(table, situation),
            )
            return Recipe(drafts=(first, *swap[:-1], last))
        case _:
            return None


def _references_gone(table: Name, situation: Situation) -> tuple[DropConstraint, ...]:
    """Foreign keys to the table that the plan drops: its rollback makes them again, and run once more meets them."""
    kept = {
        (other.name, key.name)
        for other in situation.wanted.referencing(table)
        for key in other.foreign_keys
        if key.ref_table == table
    }
    return tuple(
        DropConstraint(table=other.name, constraint=key.name, if_exists=True)
        for other in situation.current.referencing(table)
        for key in other.foreign_keys
        if key.ref_table == table and key.name is not None and (other.name, key.name) not in kept
    )


def _swap(new: AddConstraint, old: DropConstraint, added: AddConstraint, turn: int) -> tuple[Draft, ...]:
    name = new.constraint.name or ""
    return bundle(
        [
            Draft(
                phase=Phase.EXPAND,
                turn=turn,
                operation=replace(old, if_exists=True),
                title=f"Drop the former constraint `{old.constraint}` of `{new.table}`",
                why=_REPLACED,
                table=new.table,
                always=True,
            ),
            Draft(
                phase=Phase.EXPAND,
                turn=turn,
                operation=added,
                title=f"Add the constraint `{name}` to `{new.table}`",
                why="without reading a row, so the strong lock is brief",
                table=new.table,
                always=True,
            ),
        ]
    )


def _identities(todo: list[Operation], situation: Situation) -> _Part:
    """A column that counts by itself from now on loses its former default in the same transaction."""
    defaults = {(item.table, item.column): item for item in todo if isinstance(item, SetDefault) and not item.default}
    found: list[Combined] = []
    used: list[Operation] = []
    for item in todo:
        if isinstance(item, SetIdentity) and item.identity and (item.table, item.column) in defaults:
            old = defaults[item.table, item.column]
            drafts = set_identity(item, situation).drafts
            first = Draft(
                phase=Phase.EXPAND,
                turn=drafts[0].turn,
                operation=old,
                title=f"Drop the former default of `{item.table}.{item.column}`",
                why="a column has a default or counts by itself, never both",
                table=item.table,
                accepted=(("default-gone", "the identity that follows in the same transaction takes its place"),),
            )
            found.append(Combined(asked=item, recipe=Recipe(drafts=bundle([first, *drafts]))))
            used += [item, old]
    return found, _without(todo, used)


def _views(todo: list[Operation], situation: Situation) -> _Part:
    """Views whose query changes, with those that read them: dropped and made again in one transaction."""
    current, wanted = situation.current, situation.wanted
    both = {name for name in wanted.views if name in current.views}
    members = [
        item
        for item in todo
        if (isinstance(item, DropView) and item.name in both)
        or (isinstance(item, CreateView) and item.view.name in both)
    ]
    if not members:
        return [], todo
    remade = {item.view.name for item in members if isinstance(item, CreateView)}
    standing = [item for item in todo if isinstance(item, CreateIndex | CommentOn) and item.table in remade]
    operations = [item for item in todo if item in members or item in standing]
    drafts = bundle([view_draft(item, Turn.VIEW) for item in operations])
    gone = [name for name in readers_of(current, remade) if name not in wanted.views]
    if gone:
        # the rollback makes these again; where it runs once more they stand in its way
        away = [DropView(name=name, materialized=is_materialized(current, name), if_exists=True) for name in gone]
        drafts = (*drafts[:-1], replace(drafts[-1], undone_first=tuple(away)))
    asked = next(item for item in members if isinstance(item, CreateView))
    return [Combined(asked=asked, recipe=Recipe(drafts=drafts))], _without(todo, operations)


def _triggers(todo: list[Operation], situation: Situation) -> _Part:  # noqa: ARG001
    """A trigger of another definition under the same name: the one goes and the other comes in one transaction."""
    dropped = {(item.table, item.name): item for item in todo if isinstance(item, DropTrigger)}
    found: list[Combined] = []
    used: list[Operation] = []
    for item in todo:
        if not isinstance(item, CreateTrigger) or (item.trigger.table, item.trigger.name) not in dropped:
            continue
        old = dropped[item.trigger.table, item.trigger.name]
        drafts = [
            Draft(
                phase=Phase.EXPAND,
                turn=Turn.VIEW,
                operation=operation,
                title=f"Put another trigger in the place of `{old.name}` of `{old.table}`",
                why=_REPLACED,
                table=old.table,
            )
            for operation in (replace(old, if_exists=True), item)
        ]
        found.append(Combined(asked=item, recipe=Recipe(drafts=bundle(drafts))))
        used += [item, old]
    return found, _without(todo, used)


def _without(todo: list[Operation], used: Sequence[Operation]) -> list[Operation]:
    gone = {id(item) for item in used}
    return [item for item in todo if id(item) not in gone]
