"""`SET NOT NULL` reads every row while reads and writes wait.

PostgreSQL proves that the column holds no null by reading the whole table under ACCESS EXCLUSIVE, and fails at the
first null. From 12 on a validated `CHECK (column IS NOT NULL)` is proof enough, and nothing is read. Keep the
statements apart: dropping the check in the same `ALTER TABLE` brings the scan back, and so does validating it there.

Bad:

```sql
ALTER TABLE tasks ALTER COLUMN status SET NOT NULL;
```

Good:

```sql
ALTER TABLE tasks ADD CONSTRAINT tasks_status_not_null CHECK (status IS NOT NULL) NOT VALID;
ALTER TABLE tasks VALIDATE CONSTRAINT tasks_status_not_null;
ALTER TABLE tasks ALTER COLUMN status SET NOT NULL;
ALTER TABLE tasks DROP CONSTRAINT tasks_status_not_null;
```
"""

from migration_ls.operations.set_not_null import SetNotNull
from migration_ls.rules import constraint_fixes
from migration_ls.rules.finding import Severity
from migration_ls.rules.judging import Danger, Place, Verdict, step_rule
from migration_ls.rules.wording import blocks_for_work


def _judge(place: Place, operation: SetNotNull) -> Verdict | None:
    if not place.effect.scans:
        return None
    return Verdict(
        message=f"`SET NOT NULL` on `{operation.table}.{operation.column}` {blocks_for_work(place.effect)}",
        help="Prove it first with a validated `CHECK (... IS NOT NULL)`, then set it without a scan",
        dangers=(Danger.BLOCKS, Danger.MAY_FAIL),
        blocked=place.effect.scans,
        fixes=constraint_fixes.prove_not_null(place, operation),
    )


RULE = step_rule(__name__, __doc__, _judge, on=(SetNotNull,), severity=Severity.WARNING)
