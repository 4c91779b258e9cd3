"""What changes in the schema."""

from migration_ls.operations.add_column import AddColumn
from migration_ls.operations.add_constraint import AddConstraint
from migration_ls.operations.create_index import CreateIndex
from migration_ls.operations.create_table import CreateTable
from migration_ls.operations.union import Operation
from migration_ls.planning.matching import request_of
from migration_ls.planning.plan import Plan
from migration_ls.rendering.document.tables import fence, table
from migration_ls.rendering.sql.definitions import constraint_sql, type_sql
from migration_ls.rendering.sql.statements import statement, table_with_indexes
from migration_ls.schema.names import Name


def schema_changes(plan: Plan) -> str:
    """New columns, indexes, constraints and tables, and everything else that changes."""
    parts = [
        "### Schema Changes",
        *_columns(plan),
        *_indexes(plan),
        *_constraints(plan),
        *_tables(plan),
        *_others(plan),
    ]
    return "\n\n".join(parts)


def purpose_of(plan: Plan, operation: Operation) -> str:
    """Why an operation is wanted, in the words of those who ask; where a mere name asks, its place."""
    request = request_of(operation, plan.requests)
    if request is None:
        return ""
    words = request.purpose or request.evidence
    return words if " " in words else f"`{request.origin.path}` line {request.origin.line + 1}"


def _columns(plan: Plan) -> list[str]:
    added: dict[Name, list[AddColumn]] = {}
    for operation in plan.differences:
        if isinstance(operation, AddColumn):
            added.setdefault(operation.table, []).append(operation)
    parts = ["#### New Columns"] if added else []
    for name, operations in added.items():
        rows = [
            (
                item.column.name,
                type_sql(item.column.type),
                "No" if item.column.nullable is False else "Yes",
                f"`{item.column.default.text}`" if item.column.default else "none",
                purpose_of(plan, item),
            )
            for item in operations
        ]
        parts.append(f"**Table:** `{name}`\n\n" + table(("Column", "Type", "Nullable", "Default", "Purpose"), rows))
    return parts


def _indexes(plan: Plan) -> list[str]:
    rows = [
        (
            item.index.name or "",
            str(item.table),
            ", ".join(str(part) for part in item.index.parts),
            ("unique " if item.index.unique else "") + item.index.using,
            purpose_of(plan, item),
        )
        for item in plan.differences
        if isinstance(item, CreateIndex)
    ]
    return ["#### New Indexes", table(("Index Name", "Table", "Columns", "Type", "Reason"), rows)] if rows else []


def _constraints(plan: Plan) -> list[str]:
    rows = [
        (item.constraint.name or "", str(item.table), f"`{constraint_sql(item.constraint)}`", purpose_of(plan, item))
        for item in plan.differences
        if isinstance(item, AddConstraint)
    ]
    return ["#### New Constraints", table(("Constraint", "Table", "Definition", "Reason"), rows)] if rows else []


def _tables(plan: Plan) -> list[str]:
    created = [item for item in plan.differences if isinstance(item, CreateTable)]
    if not created:
        return []
    text = "\n\n".join(f"{line};" for item in created for line in table_with_indexes(item.table))
    return ["#### New Tables", fence("sql", text)]


def _others(plan: Plan) -> list[str]:
    others = [
        item for item in plan.differences if not isinstance(item, AddColumn | CreateIndex | AddConstraint | CreateTable)
    ]
    rows = [(f"`{statement(item)}`", purpose_of(plan, item)) for item in others]
    return ["#### Other Changes", table(("In its plain form", "Asked for by"), rows)] if rows else []
