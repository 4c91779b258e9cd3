"""Fixes that prove a constraint without blocking anybody."""

import re

from migration_ls.operations.add_constraint import AddConstraint
from migration_ls.operations.set_not_null import SetNotNull
from migration_ls.postgres.quoting import identifier, identifiers, object_name
from migration_ls.rules import fixing
from migration_ls.rules.finding import Fix
from migration_ls.rules.judging import Place
from migration_ls.schema.names import Name
from migration_ls.schema.tables import PrimaryKey, RelationKind, Table, Unique
from migration_ls.text.edits import Edit, insert
from migration_ls.text.span import Span


def validate_later(place: Place, operation: AddConstraint) -> tuple[Fix, ...]:
    """Add the constraint NOT VALID, and validate it behind the transaction.

    Where a tool puts the file in a transaction, the validation is left to a later migration.
    """
    name = _name_of(place, operation)
    if name is None or not _is_alter_table(place):
        return ()
    # The first edit goes to the end of the clause; the keywords DEFERRABLE and NOT VALID may stand in any order.
    edits = [insert(place.clause.span.end, " NOT VALID")]
    block = place.layout.of[place.number]
    if block is not None and block.begin is None:
        return fixing.one_fix("Add it `NOT VALID`, to be validated by a later migration", edits)
    validation = fixing.after_transaction(place, [_validate(operation.table, name)])
    return fixing.one_fix("Add it `NOT VALID` and validate it afterwards", [*edits, validation] if validation else ())


def from_index(place: Place, operation: AddConstraint) -> tuple[Fix, ...]:
    """Build the index of a unique constraint or primary key concurrently before, and take it."""
    key = operation.constraint
    table = place.context.schema.table(operation.table)
    before = place.statement.before.schema.table(operation.table)
    if not isinstance(key, PrimaryKey | Unique) or not _is_alter_table(place) or not _has(before, key.columns):
        return ()
    if table is None or table.kind is not RelationKind.TABLE or table.partition_of:
        return ()
    name = _name_of(place, operation)
    if name is None:
        return ()
    more = f" INCLUDE ({identifiers(key.include)})" if isinstance(key, Unique) and key.include else ""
    more += " NULLS NOT DISTINCT" if isinstance(key, Unique) and key.nulls_not_distinct else ""
    build = f"CREATE UNIQUE INDEX CONCURRENTLY {identifier(name)} ON {operation.table.sql} ({identifiers(key.columns)})"
    built = fixing.put_before(place, [f"{build}{more};"])
    if built is None:
        return ()
    kind = "PRIMARY KEY" if isinstance(key, PrimaryKey) else "UNIQUE"
    quoted = identifier(name)
    deferrable = re.search(
        r"(?:NOT\s+)?DEFERRABLE.*\Z", place.clause.span.of(place.script.text), re.IGNORECASE | re.DOTALL
    )
    tail = f" {deferrable[0]}" if deferrable else ""
    taken = Edit(place.clause.span, f"ADD CONSTRAINT {quoted} {kind} USING INDEX {quoted}{tail}")
    return fixing.one_fix("Build its index concurrently before", [built, taken])


def prove_not_null(place: Place, operation: SetNotNull) -> tuple[Fix, ...]:
    """A check added NOT VALID and validated, so that SET NOT NULL reads no row; then the check goes."""
    table = place.statement.before.schema.table(operation.table)
    if not _is_alter_table(place) or not _has(table, (operation.column,)):
        return ()
    name = identifier(object_name(operation.table.name, operation.column, "not_null"))
    target, column = f"ALTER TABLE {operation.table.sql}", identifier(operation.column)
    validation = fixing.outside(place, [f"{target} VALIDATE CONSTRAINT {name};"])
    if validation is None:
        return ()
    lines = [
        f"{target} ADD CONSTRAINT {name} CHECK ({column} IS NOT NULL) NOT VALID;",
        *validation,
        f"{target} ALTER COLUMN {column} SET NOT NULL;",
        f"{target} DROP CONSTRAINT {name};",
    ]
    title = "Prove it with a check first, without blocking"
    if len(place.statement.statement.clauses) == 1:
        return fixing.one_fix(title, [fixing.replaced(place, lines)])
    rest = _without_clause(place)
    return fixing.one_fix(title, [rest, fixing.put_behind(place, lines)] if rest else ())


def _without_clause(place: Place) -> Edit | None:
    """The clause taken out of its ALTER TABLE, with the comma before or behind it."""
    text, span = place.script.text, place.clause.span
    whole = place.statement.statement.span
    if behind := re.compile(r"\s*,\s*").match(text, span.end, whole.end):
        return Edit(Span(span.start, behind.end()), "")
    before = re.search(r"\s*,\s*\Z", text[whole.start : span.start])
    return Edit(Span(whole.start + before.start(), span.end), "") if before else None


def _name_of(place: Place, operation: AddConstraint) -> str | None:
    """The constraint's name; where it has none, the one that PostgreSQL chooses."""
    if operation.constraint.name:
        return operation.constraint.name
    before, after = place.context.schema.table(operation.table), place.step.after.table(operation.table)
    known = {item.name for item in before.constraints} if before else set()
    added = [item.name for item in after.constraints if item.name not in known] if after else []
    return added[0] if len(added) == 1 else None


def _has(table: Table | None, columns: tuple[str, ...]) -> bool:
    """Whether the columns are there before the statement; of a table that is not known, they are taken to be."""
    return table is None or table.assumed or all(table.column(column) for column in columns)


def _is_alter_table(place: Place) -> bool:
    """Whether the clause stands in an ALTER TABLE of the file itself, not in a DO block or another statement."""
    return place.statement.statement.kind == "ALTER TABLE" and not place.clause.conditional


def _validate(table: Name, constraint: str) -> str:
    return f"ALTER TABLE {table.sql} VALIDATE CONSTRAINT {identifier(constraint)};"
