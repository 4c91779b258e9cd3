"""`DELETE` without a condition destroys every row of the table.

A condition that is always true is none. Even where every row has to go, delete in batches: one statement holds a lock
on every row until it commits.

Bad:

```sql
DELETE FROM tasks;
```

Good:

```sql
DELETE FROM tasks WHERE id IN (SELECT id FROM tasks WHERE completed ORDER BY id LIMIT 1000);
```
"""

from migration_ls.operations.change_rows import ChangeRows
from migration_ls.rules.finding import Severity
from migration_ls.rules.judging import Danger, Place, Verdict, step_rule


def _judge(place: Place, operation: ChangeRows) -> Verdict | None:
    if (
        operation.kind != "delete"
        or not operation.changes_all
        or operation.table is None
        or place.is_fresh(operation.table)
    ):
        return None
    return Verdict(
        message=f"`DELETE` without a condition loses {place.effect.loses}",
        help="Give it a `WHERE` that says which rows go",
        dangers=(Danger.LOSES,),
    )


RULE = step_rule(__name__, __doc__, _judge, on=(ChangeRows,), severity=Severity.ERROR)
