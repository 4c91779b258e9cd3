"""`ADD FOREIGN KEY` without `NOT VALID` reads both tables while writes to both wait.

A new foreign key takes SHARE ROW EXCLUSIVE on both tables until every row is matched, and fails where a row refers to
one that is not there. `NOT VALID` takes the locks for a moment; `VALIDATE CONSTRAINT` in a later transaction takes
SHARE UPDATE EXCLUSIVE on one table and ROW SHARE on the other, and blocks no writer.

Bad:

```sql
ALTER TABLE tasks ADD CONSTRAINT fk_tasks_user_id FOREIGN KEY (user_id) REFERENCES users (id);
```

Good:

```sql
ALTER TABLE tasks ADD CONSTRAINT fk_tasks_user_id FOREIGN KEY (user_id) REFERENCES users (id) NOT VALID;
ALTER TABLE tasks VALIDATE CONSTRAINT fk_tasks_user_id;
```

On a partitioned table a foreign key can be `NOT VALID` from 18 on; before, add it to the partitions one by one.
"""

from migration_ls.operations.add_constraint import AddConstraint
from migration_ls.rules import constraint_fixes
from migration_ls.rules.finding import Severity
from migration_ls.rules.judging import Danger, Place, Verdict, step_rule
from migration_ls.rules.wording import blocks_for_work
from migration_ls.schema.tables import ForeignKey, RelationKind


def _judge(place: Place, operation: AddConstraint) -> Verdict | None:
    key = operation.constraint
    if not isinstance(key, ForeignKey) or operation.table not in place.effect.scans:
        return None
    old = place.is_old(operation.table, key.columns)
    partitioned = place.context.schema.kind(operation.table) is RelationKind.PARTITIONED
    late = not partitioned or place.context.postgres >= 18
    return Verdict(
        message=f"`ADD FOREIGN KEY` on `{operation.table}` {blocks_for_work(place.effect)}",
        help=(
            "Add it `NOT VALID`, then `VALIDATE CONSTRAINT` in a later transaction"
            if late
            else "Add it to the partitions one by one, `NOT VALID` first"
        ),
        dangers=(Danger.BLOCKS, Danger.MAY_FAIL) if old else (Danger.BLOCKS,),
        blocked=place.effect.scans,
        fixes=constraint_fixes.validate_later(place, operation) if late else (),
    )


RULE = step_rule(__name__, __doc__, _judge, on=(AddConstraint,), severity=Severity.WARNING)
