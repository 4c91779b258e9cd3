"""A unique index fails where two rows are equal; a concurrent build leaves an INVALID index then.

The INVALID index is kept up to date and refuses new equal rows, but no query uses it, and a second run with `IF NOT
EXISTS` takes it for the index that was wanted. So the warning asks one thing: can the file end well with a broken
index, or be stopped by rows that nothing looked at? It cannot where something before the build proves the rows, which
is a `DO` block that looks for equal ones and raises an exception, a `DELETE` that removes them, or another unique index
on some of the columns. And it cannot end well where a constraint is made of the index later in the same file, which
refuses an INVALID one: that is the safe way to a unique constraint, and there this is advice.

Bad:

```sql
CREATE UNIQUE INDEX CONCURRENTLY uq_users_email ON users (email);
```

Good:

```sql
DO $$ BEGIN
  IF EXISTS (SELECT FROM users GROUP BY email HAVING count(*) > 1) THEN
    RAISE EXCEPTION 'two users have the same email';
  END IF;
END $$;
CREATE UNIQUE INDEX CONCURRENTLY uq_users_email ON users (email);
```
"""

import re

from migration_ls.operations.add_constraint import AddConstraint
from migration_ls.operations.change_rows import ChangeRows
from migration_ls.operations.create_index import CreateIndex
from migration_ls.operations.effect import Hazard
from migration_ls.operations.union import Operation
from migration_ls.rules.finding import Severity
from migration_ls.rules.judging import Danger, Place, Verdict, step_rule
from migration_ls.schema.names import Name
from migration_ls.schema.tables import Column, Table

_LOOKS_FOR_EQUALS = re.compile(r"HAVING\s+count\s*\(.*?\)\s*(?:>|<>|!=)\s*1\b", re.IGNORECASE | re.DOTALL)


def _judge(place: Place, operation: CreateIndex) -> Verdict | None:
    if Hazard.DUPLICATES not in place.effect.fails or place.effect.fails_always or not place.effect.built_on:
        return None
    table = place.context.schema.table(operation.table)
    if _proven(table, operation) or _only_nulls(place, table, operation) or _guarded(place, operation):
        return None
    debris = ", and leaves an INVALID index" if operation.concurrently else ""
    return Verdict(
        message=f"the unique index on `{operation.table}` fails where two rows are equal{debris}",
        help="Look for equal rows before, in a `DO` block that raises an exception when it finds some",
        dangers=(Danger.ADVICE if _becomes_constraint(place, operation) else Danger.MAY_FAIL,),
    )


def _becomes_constraint(place: Place, operation: CreateIndex) -> bool:
    """Whether the file goes on to make a constraint of the index, which refuses one that is INVALID."""
    return any(
        isinstance(later, AddConstraint) and later.using_index == operation.index.name
        for statement in place.script.statements[place.number + 1 :]
        for later in statement.statement.operations
    )


def _proven(table: Table | None, operation: CreateIndex) -> bool:
    """Whether a key on some of the columns makes the rows differ already."""
    if table is None:
        return False
    columns = set(operation.index.columns)
    keys = [table.primary_key.columns] if table.primary_key else []
    keys += [unique.columns for unique in table.uniques]
    keys += [
        index.columns
        for index in table.indexes
        if index.unique and not index.where and index.valid and len(index.columns) == len(index.parts)
    ]
    return any(key and set(key) <= columns for key in keys)


def _only_nulls(place: Place, table: Table | None, operation: CreateIndex) -> bool:
    """Whether a column of the index was made in this file and holds nothing but nulls, which never are equal."""
    if table is None or operation.index.nulls_not_distinct:
        return False
    columns = [table.column(name) for name in operation.index.columns]
    return any(
        column is not None and _empty(column) and not place.is_old(operation.table, (column.name,))
        for column in columns
    )


def _empty(column: Column) -> bool:
    return not column.has_default and column.nullable is not False


def _guarded(place: Place, operation: CreateIndex) -> bool:
    """Whether equal rows are removed before it, or a DO block looks for them and raises an exception."""
    for statement in place.script.statements[: place.number]:
        if any(_removes_rows(item, operation.table) for item in statement.statement.operations):
            return True
        sql = statement.statement.sql
        if (
            statement.statement.kind == "DO"
            and operation.table.name in sql
            and "RAISE EXCEPTION" in " ".join(sql.upper().split())
            and _LOOKS_FOR_EQUALS.search(sql)
        ):
            return True
    return False


def _removes_rows(operation: Operation, table: Name) -> bool:
    return (
        isinstance(operation, ChangeRows)
        and (operation.kind, operation.table) == ("delete", table)
        and operation.where is not None
    )


RULE = step_rule(__name__, __doc__, _judge, on=(CreateIndex,), severity=Severity.WARNING)
