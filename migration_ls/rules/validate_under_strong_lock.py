"""`VALIDATE CONSTRAINT` behind a strong lock reads every row while reads or writes wait.

`VALIDATE CONSTRAINT` by itself blocks neither readers nor writers. Locks are kept until the transaction ends, though:
after `ADD CONSTRAINT ... NOT VALID` in the same transaction, or together with another clause in one `ALTER TABLE`,
the whole scan runs under the lock of its neighbour, and `NOT VALID` was for nothing.

Bad:

```sql
BEGIN;
ALTER TABLE tasks ADD CONSTRAINT chk_tasks_status CHECK (status IN ('open', 'done')) NOT VALID;
ALTER TABLE tasks VALIDATE CONSTRAINT chk_tasks_status;
COMMIT;
```

Good:

```sql
BEGIN;
ALTER TABLE tasks ADD CONSTRAINT chk_tasks_status CHECK (status IN ('open', 'done')) NOT VALID;
COMMIT;
ALTER TABLE tasks VALIDATE CONSTRAINT chk_tasks_status;
```
"""

from migration_ls.operations.validate_constraint import ValidateConstraint
from migration_ls.rules import fixing
from migration_ls.rules.finding import Fix, Severity
from migration_ls.rules.judging import Danger, Place, Verdict, step_rule
from migration_ls.rules.wording import waits, work


def _judge(place: Place, operation: ValidateConstraint) -> Verdict | None:
    if not place.effect.scans:
        return None
    held = [lock for lock in place.holds().locks if lock.mode.blocks_writes]
    if not held:
        return None
    what = f"`VALIDATE CONSTRAINT {operation.constraint}`"
    consequence = waits(held, f"until {work(place.effect)}")
    return Verdict(
        message=f"{what} runs in a transaction that {consequence}",
        help="Validate it in a transaction of its own, after the one that adds it",
        dangers=(Danger.BLOCKS,),
        blocked=place.effect.scans,
        fixes=_fixes(place),
    )


def _fixes(place: Place) -> tuple[Fix, ...]:
    if len(place.statement.statement.clauses) > 1:
        return ()
    block = place.layout.of[place.number]
    if block is None or block.begin is None:
        return ()
    return fixing.one_fix("Validate it outside the transaction", fixing.out_of_transaction(place))


RULE = step_rule(__name__, __doc__, _judge, on=(ValidateConstraint,), severity=Severity.WARNING)
