"""Rows inserted with numbers of their own collide with those that the sequence hands out later.

`INSERT` with a value for a `serial` or identity column does not move its sequence. The next row that takes a number
from it fails with a duplicate key. Set the sequence behind the largest number.

Bad:

```sql
-- schema: CREATE TABLE roles (id serial PRIMARY KEY, name text);
INSERT INTO roles (id, name) VALUES (1, 'admin'), (2, 'member');
```

Good:

```sql
-- schema: CREATE TABLE roles (id serial PRIMARY KEY, name text);
INSERT INTO roles (id, name) VALUES (1, 'admin'), (2, 'member');
SELECT setval(pg_get_serial_sequence('roles', 'id'), (SELECT max(id) FROM roles));
```
"""

from migration_ls.operations.change_rows import ChangeRows
from migration_ls.rules.finding import Severity
from migration_ls.rules.judging import Danger, Place, Verdict, step_rule


def _judge(place: Place, operation: ChangeRows) -> Verdict | None:
    if operation.kind not in {"insert", "copy"} or operation.table is None or not operation.columns:
        return None
    table = place.context.schema.table(operation.table)
    counted = [
        column.name
        for column in (table.columns if table else ())
        if (column.autoincrement or column.identity) and column.name in operation.columns
    ]
    if not counted or any("setval" in item.statement.sql.lower() for item in place.script.statements[place.number :]):
        return None
    column = f"`{operation.table}.{counted[0]}`"
    return Verdict(
        message=f"numbers given to {column} do not move its sequence, so later rows collide with them",
        help="Set the sequence behind the largest number with `setval`",
        dangers=(Danger.ADVICE,),
    )


RULE = step_rule(__name__, __doc__, _judge, on=(ChangeRows,), severity=Severity.INFORMATION)
