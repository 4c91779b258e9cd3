"""The inverse of each step in its safe form: what runs in an emergency obeys the same rules."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace

from migration_ls.diffing.differences import columns_of
from migration_ls.diffing.objects import comments_at, is_materialized
from migration_ls.operations.add_column import AddColumn
from migration_ls.operations.add_constraint import AddConstraint
from migration_ls.operations.base import Grade, Inverse
from migration_ls.operations.create_index import CreateIndex
from migration_ls.operations.create_view import CreateView
from migration_ls.operations.drop_column import DropColumn
from migration_ls.operations.drop_constraint import DropConstraint
from migration_ls.operations.drop_index import DropIndex
from migration_ls.operations.drop_sequence import DropSequence
from migration_ls.operations.drop_table import DropTable
from migration_ls.operations.drop_view import DropView
from migration_ls.operations.set_default import SetDefault
from migration_ls.operations.set_not_null import SetNotNull
from migration_ls.operations.set_type import SetType
from migration_ls.operations.union import Operation
from migration_ls.operations.validate_constraint import ValidateConstraint
from migration_ls.planning.plan import Phase, PlanStep
from migration_ls.planning.recipes.columns import not_null_drafts
from migration_ls.planning.recipes.in_step import cast_value
from migration_ls.planning.situation import Draft
from migration_ls.postgres.casts import type_change
from migration_ls.postgres.quoting import object_name
from migration_ls.schema.names import Name
from migration_ls.schema.schema import Schema, View
from migration_ls.schema.tables import Check, ForeignKey, PrimaryKey, Unique, index_of
from migration_ls.sources.sql.expressions import expression


def inverse_of(draft: Draft, schema: Schema) -> Inverse:
    """What undoes the draft's operation on that schema, and how far."""
    operation = draft.operation
    if draft.passing:
        return Inverse(operations=())
    if draft.inverse is not None:
        return draft.inverse
    if isinstance(operation, DropColumn) and (found := _computed(operation, schema)):
        return Inverse(operations=tuple(found))
    inverse = operation.inverse(schema)
    after = operation.apply(schema)
    undone: list[Operation] = []
    for item in inverse.operations:
        undone += _gentle(item, after, draft)
        if isinstance(item, CreateView) and isinstance(operation, DropView):
            undone += [*_indexes(item, schema), *comments_at(schema, item.view.name)]
        after = item.apply(after)
    if isinstance(operation, SetType) and (default := _default(operation, schema)):
        undone.append(default)
    return replace(inverse, operations=tuple(undone))


def without_lost_views(steps: Sequence[PlanStep]) -> tuple[PlanStep, ...]:
    """The steps with no inverse that makes a view over what a later step drops for good."""
    columns: set[tuple[Name, str]] = set()
    relations: set[Name] = set()
    found: list[PlanStep] = []
    for step in reversed(steps):
        operation = step.operation
        if step.inverse_grade is Grade.IMPOSSIBLE and isinstance(operation, DropColumn):
            columns.add((operation.table, operation.column))
        elif step.inverse_grade is Grade.IMPOSSIBLE and isinstance(operation, DropTable):
            relations.add(operation.name)
        made = next((item.view for item in step.inverse if isinstance(item, CreateView)), None)
        if (
            made
            and isinstance(operation, DropView)
            and step.phase is Phase.CONTRACT
            and _uses(made, columns, relations)
        ):
            loss = f"the view `{made.name}`, which reads what is dropped"
            step = replace(step, inverse=(), inverse_grade=Grade.IMPOSSIBLE, loss=loss)  # noqa: PLW2901
            relations.add(made.name)
        found.append(step)
    return tuple(reversed(found))


def _uses(view: View, columns: AbstractSet[tuple[Name, str]], relations: AbstractSet[Name]) -> bool:
    named = {name for _, name in view.mentions}
    lost = any(table in view.reads and ("*" in named or column in named) for table, column in columns)
    return lost or not relations.isdisjoint(view.reads)


def _default(operation: SetType, schema: Schema) -> SetDefault | None:
    """The default as it was: PostgreSQL keeps casts between the types in it."""
    table = schema.table(operation.table)
    column = table.column(operation.column) if table else None
    if column is None or column.default is None or column.type.name == operation.type.name:
        return None
    return SetDefault(table=operation.table, column=operation.column, default=column.default)


def _computed(operation: DropColumn, schema: Schema) -> list[Operation] | None:
    """A generated column is made again with what stood on it: nothing in it is lost."""
    table = schema.table(operation.table)
    column = table.column(operation.column) if table else None
    if table is None or column is None or column.generated is None:
        return None
    found: list[Operation] = [AddColumn(table=operation.table, column=column)]
    found += [
        AddConstraint(table=operation.table, constraint=item)
        for item in table.constraints
        if column.name in columns_of(item)
    ]
    found += [
        CreateIndex(table=operation.table, index=item) for item in table.indexes if column.name in columns_of(item)
    ]
    return found


def _indexes(view: CreateView, schema: Schema) -> list[Operation]:
    table = schema.table(view.view.name)
    if table is None or not is_materialized(schema, view.view.name):
        return []
    return [CreateIndex(table=table.name, index=index) for index in table.indexes]


def _gentle(operation: Operation, schema: Schema, draft: Draft) -> list[Operation]:
    """An operation of a rollback in its safe form."""
    match operation:
        case DropIndex():
            return [replace(operation, concurrently=True, if_exists=True)]
        case DropColumn() | DropTable() | DropConstraint() | DropView() | DropSequence():
            return [replace(operation, if_exists=True)]
        case CreateIndex():
            return [replace(operation, concurrently=True)]
        case AddConstraint(table=table, constraint=(Check() | ForeignKey()) as constraint) if constraint.validated:
            bare = replace(operation, constraint=replace(constraint, validated=False))
            return [bare, ValidateConstraint(table=table, constraint=constraint.name or "")]
        case AddConstraint(table=table, constraint=(Unique() | PrimaryKey()) as constraint) if (
            not operation.using_index and not getattr(constraint, "deferrable", False)
        ):
            # Where another constraint has the name still, the index is built under a passing one.
            name = object_name("", constraint.name or "", "old") if draft.always else constraint.name
            index = index_of(constraint, name)
            built = CreateIndex(table=table, index=index, concurrently=True)
            return [built, replace(operation, using_index=index.name)]
        case SetType(table=table, column=name, using=None):
            known = schema.table(table)
            column = known.column(name) if known else None
            if column is None or not type_change(column.type, operation.type).needs_using:
                return [operation]
            return [replace(operation, using=expression(cast_value(name, operation.type, name, column.type).text))]
        case SetNotNull(table=table, column=column):
            known = schema.table(table)
            if known and known.column(column):
                return [draft.operation for draft in not_null_drafts(table, column, Phase.EXPAND)]
            return [operation]
        case _:
            return [operation]
