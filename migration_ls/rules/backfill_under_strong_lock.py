"""A backfill in a transaction that changed a table keeps that table's strong lock until the last row is changed.

`ALTER TABLE` takes ACCESS EXCLUSIVE for a moment, but the lock stays until the transaction ends. An `UPDATE` after it
in the same transaction makes everybody wait for the whole backfill. Commit the change of the schema first.

Bad:

```sql
BEGIN;
ALTER TABLE tasks ADD COLUMN priority varchar(20);
UPDATE tasks SET priority = 'medium';
COMMIT;
```

Good:

```sql
BEGIN;
ALTER TABLE tasks ADD COLUMN priority varchar(20) NOT NULL DEFAULT 'medium';
COMMIT;
```
"""

from migration_ls.operations.change_rows import ChangeRows
from migration_ls.rules.finding import Severity
from migration_ls.rules.judging import Danger, Place, Verdict, step_rule
from migration_ls.rules.wording import waits, work


def _judge(place: Place, operation: ChangeRows) -> Verdict | None:
    if not place.step.raw_effect.touches_rows or operation.table is None or place.context.transaction is None:
        return None
    copied = operation.from_rows and not all(place.is_fresh(table) for table in operation.reads)
    if place.is_fresh(operation.table) and not copied:
        return None
    held = [lock for lock in place.context.transaction.held if lock.mode.blocks_writes]
    if not held:
        return None
    return Verdict(
        message=f"the transaction changes rows while it {waits(held, f'until {work(place.step.raw_effect)}')}",
        help="Commit the change of the schema before the rows are changed",
        dangers=(Danger.BLOCKS,),
        blocked=place.step.raw_effect.touches_rows,
    )


RULE = step_rule(__name__, __doc__, _judge, on=(ChangeRows,), severity=Severity.WARNING)
