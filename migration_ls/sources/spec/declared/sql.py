"""SQL in fences, read by PostgreSQL's own grammar."""

from collections.abc import Callable, Iterator

from migration_ls.operations.add_column import AddColumn
from migration_ls.operations.add_constraint import AddConstraint
from migration_ls.operations.add_enum_value import AddEnumValue
from migration_ls.operations.create_enum import CreateEnum
from migration_ls.operations.create_index import CreateIndex
from migration_ls.operations.create_table import CreateTable
from migration_ls.operations.drop_column import DropColumn
from migration_ls.operations.drop_constraint import DropConstraint
from migration_ls.operations.drop_index import DropIndex
from migration_ls.operations.drop_not_null import DropNotNull
from migration_ls.operations.drop_table import DropTable
from migration_ls.operations.rename_column import RenameColumn
from migration_ls.operations.rename_table import RenameTable
from migration_ls.operations.set_default import SetDefault
from migration_ls.operations.set_not_null import SetNotNull
from migration_ls.operations.set_type import SetType
from migration_ls.operations.statement import Clause, Statement
from migration_ls.operations.union import Operation
from migration_ls.schema import request as asked
from migration_ls.schema.names import Name
from migration_ls.schema.origin import Origin
from migration_ls.schema.request import Change
from migration_ls.schema.tables import Check, Column, Constraint, ForeignKey, PrimaryKey, Unique
from migration_ls.sources.spec.context import Context
from migration_ls.sources.spec.details import Details
from migration_ls.sources.spec.items import Item, Said, SaidChange, SaidColumn, SaidConstraint, SaidIndex, SaidTable
from migration_ls.text.span import Span


def read_sql_fence(text: str, content: Span, context: Context) -> tuple[Item, ...] | None:
    """What the SQL of a fence changes; None when PostgreSQL cannot read it, so that it is something else."""
    from migration_ls.sources.sql.reader import read_sql

    read = read_sql(content.of(text))
    if not read.statements or any(problem.serious for problem in read.problems):
        return None
    return tuple(
        item
        for statement in read.statements
        for clause in statement.clauses
        for item in _items(statement, clause, content.start, context)
    )


def statement_items(sql: str, said: Said, context: Context) -> list[Item] | None:
    """What a statement that other words were put into asks for; None when PostgreSQL cannot read it."""
    from migration_ls.sources.sql.reader import read_sql

    read = read_sql(sql)
    if not read.statements or any(problem.serious for problem in read.problems):
        return None
    return [
        item
        for clause in read.statements[0].clauses
        for item in operation_items(clause.operation, said, context, lambda _: None)
    ]


def _items(statement: Statement, clause: Clause, shift: int, context: Context) -> Iterator[Item]:
    def of(span: Span) -> Said:
        words = statement.sql[span.start - statement.span.start : span.end - statement.span.start]
        place = span.shifted(shift)
        return context.said_at(Origin(context.path, place, context.lines.line(place.start)), words)

    places = {part: span.shifted(clause.span.start) for part, span in clause.parts}
    yield from operation_items(
        clause.operation, of(clause.span), context, lambda part: of(places[part]) if part in places else None
    )


def operation_items(
    operation: Operation, said: Said, context: Context, place: Callable[[str], Said | None]
) -> Iterator[Item]:
    """What an operation asks for; `place` knows where parts such as `column title` are said, if anywhere else."""
    match operation:
        case CreateTable(table=table) if table.partition_of is None:
            name = _resolved(table.name, context)
            key = table.primary_key.columns if table.primary_key else ()
            yield SaidTable(name=name, said=said, is_whole=True, key=key)
            at = {column.name: place(f"column {column.name}") or said for column in table.columns}
            for column in table.columns:
                yield _column(name, column, at[column.name])
            for constraint in table.constraints:
                if isinstance(constraint, PrimaryKey):
                    continue
                used = _columns_of(constraint)
                named = place(f"constraint {constraint.name}") if constraint.name else None
                at_column = at.get(used[0] if len(used) == 1 else "", said)
                yield SaidConstraint(table=name, constraint=constraint, said=named or at_column)
            for index in table.indexes:
                yield SaidIndex(table=name, index=index, said=said)
        case AddColumn(table=name, column=column, constraints=constraints):
            name = _resolved(name, context)
            yield _column(name, column, said)
            for constraint in constraints:
                yield SaidConstraint(table=name, constraint=constraint, said=said)
        case AddConstraint(table=name, constraint=constraint) if not isinstance(constraint, PrimaryKey):
            yield SaidConstraint(table=_resolved(name, context), constraint=constraint, said=said)
        case CreateIndex(table=name, index=index):
            yield SaidIndex(table=_resolved(name, context), index=index, said=said)
        case _:
            if change := _change(operation, context):
                yield SaidChange(change=change, said=said)


def _change(operation: Operation, context: Context) -> Change | None:
    match operation:
        case DropColumn(table=table, column=column):
            return asked.DropColumn(table=_resolved(table, context), column=column)
        case RenameColumn(table=table, column=column, to=to):
            return asked.RenameColumn(table=_resolved(table, context), column=column, to=to)
        case RenameTable(name=table, to=to):
            return asked.RenameTable(table=_resolved(table, context), to=to)
        case DropTable(name=table):
            return asked.DropTable(table=_resolved(table, context))
        case SetType(table=table, column=column, type=type_):
            return asked.ChangeType(table=_resolved(table, context), column=column, type=type_)
        case SetNotNull(table=table, column=column):
            return asked.ChangeNullable(table=_resolved(table, context), column=column, nullable=False)
        case DropNotNull(table=table, column=column):
            return asked.ChangeNullable(table=_resolved(table, context), column=column, nullable=True)
        case SetDefault(table=table, column=column, default=default):
            return asked.ChangeDefault(table=_resolved(table, context), column=column, default=default)
        case DropConstraint(table=table, constraint=name):
            return asked.DropConstraint(table=_resolved(table, context), constraint=name)
        case DropIndex(name=name):
            found = context.tables.schema.find_index(name.name)
            return asked.DropIndex(table=found[0].name, index=name.name) if found else None
        case CreateEnum(enum=enum):
            return asked.AddEnum(enum=enum)
        case AddEnumValue(enum=name, value=value, neighbour=near, side=side):
            return asked.AddEnumValue(enum=name, value=value, after=near if side == "after" else None)
        case _:
            return None


def _resolved(name: Name, context: Context) -> Name:
    """The existing table where a document leaves its namespace out."""
    if context.tables.table(name) or name.namespace != "public":
        return name
    found = context.tables.find(name.name)
    return found if found and found.name == name.name else name


def _column(table: Name, column: Column, said: Said) -> SaidColumn:
    details = Details(
        type=column.type,
        nullable=column.nullable,
        default=column.default.text if column.default else None,
        autoincrement=column.autoincrement,
        identity=column.identity,
        generated=column.generated.text if column.generated else None,
    )
    return SaidColumn(table=table, name=column.name, details=details, said=said)


def _columns_of(constraint: Constraint) -> tuple[str, ...]:
    match constraint:
        case Check(expression=expression):
            return tuple(expression.columns)
        case Unique(columns=columns) | ForeignKey(columns=columns) | PrimaryKey(columns=columns):
            return columns
        case _:
            return ()
