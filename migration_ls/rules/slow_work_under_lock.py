"""Slow work in a transaction that holds a strong lock keeps everybody waiting for that lock.

Locks stay until the transaction ends. A scan, a rewrite or the build of an index on one table makes the users of
every table wait that was changed before it in the same transaction. Give slow statements a transaction of their own,
before the others.

Bad:

```sql
BEGIN;
ALTER TABLE users ADD COLUMN nickname text;
ALTER TABLE tasks ALTER COLUMN user_id TYPE bigint;
COMMIT;
```

Good:

```sql
BEGIN;
ALTER TABLE users ADD COLUMN nickname text;
COMMIT;
CREATE INDEX CONCURRENTLY idx_tasks_user_id ON tasks (user_id);
```
"""

from migration_ls.operations.change_rows import ChangeRows
from migration_ls.operations.union import Operation
from migration_ls.operations.validate_constraint import ValidateConstraint
from migration_ls.rules.finding import Severity
from migration_ls.rules.judging import Danger, Place, Verdict, step_rule
from migration_ls.rules.wording import blocked, quoted, work


def _judge(place: Place, operation: Operation) -> Verdict | None:
    transaction = place.context.transaction
    if transaction is None or not transaction.held or isinstance(operation, ChangeRows | ValidateConstraint):
        return None
    effect = place.effect
    if not (effect.rewrites or effect.scans or effect.builds) or effect.transaction_forbidden:
        return None
    own = {lock.relation: lock.mode for lock in effect.locks if lock.mode.blocks_writes}
    held = [lock for lock in transaction.held if lock.mode.blocks_writes and lock.mode > own.get(lock.relation, 0)]
    if not held:
        return None
    mode = max(lock.mode for lock in held)
    tables = [lock.relation for lock in held if lock.mode == mode]
    return Verdict(
        message=(
            f"the transaction already holds {mode} on {quoted(tables)}, "
            f"so {blocked(mode)} there wait until {work(effect)}"
        ),
        help="Give it a transaction of its own, before what takes the other lock",
        dangers=(Danger.BLOCKS,),
        blocked=(*effect.rewrites, *effect.scans, *effect.built_on),
        span=place.statement.statement.span,
    )


RULE = step_rule(__name__, __doc__, _judge, on=(), severity=Severity.WARNING)
