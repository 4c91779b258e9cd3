"""`ADD CONSTRAINT ... CHECK` without `NOT VALID` reads every row while reads and writes wait.

A new check is proven for all rows at once, under ACCESS EXCLUSIVE, and fails where a row violates it. `NOT VALID`
skips the proof and still judges every new row; `VALIDATE CONSTRAINT` in a later transaction proves the old ones under
SHARE UPDATE EXCLUSIVE, which blocks neither readers nor writers.

Bad:

```sql
ALTER TABLE tasks ADD CONSTRAINT chk_tasks_status CHECK (status IN ('open', 'done'));
```

Good:

```sql
ALTER TABLE tasks ADD CONSTRAINT chk_tasks_status CHECK (status IN ('open', 'done')) NOT VALID;
ALTER TABLE tasks VALIDATE CONSTRAINT chk_tasks_status;
```
"""

from migration_ls.operations.add_constraint import AddConstraint
from migration_ls.rules import constraint_fixes
from migration_ls.rules.finding import Severity
from migration_ls.rules.judging import Danger, Place, Verdict, step_rule
from migration_ls.rules.wording import blocks_for_work
from migration_ls.schema.tables import Check


def _judge(place: Place, operation: AddConstraint) -> Verdict | None:
    check = operation.constraint
    if not isinstance(check, Check) or not place.effect.scans:
        return None
    old = place.is_old(operation.table, check.expression.columns)
    return Verdict(
        message=f"`ADD CONSTRAINT ... CHECK` on `{operation.table}` {blocks_for_work(place.effect)}",
        help="Add it `NOT VALID`, then `VALIDATE CONSTRAINT` in a later transaction",
        dangers=(Danger.BLOCKS, Danger.MAY_FAIL) if old else (Danger.BLOCKS,),
        blocked=place.effect.scans,
        fixes=constraint_fixes.validate_later(place, operation),
    )


RULE = step_rule(__name__, __doc__, _judge, on=(AddConstraint,), severity=Severity.WARNING)
