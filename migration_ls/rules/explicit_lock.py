"""`LOCK TABLE` keeps everybody out until the transaction ends.

How long that is depends on everything that follows. PostgreSQL takes the lock that a statement needs by itself.
Outside a transaction block the statement fails, since the lock would be gone at once.

Bad:

```sql
BEGIN;
LOCK TABLE users IN ACCESS EXCLUSIVE MODE;
ALTER TABLE users ADD COLUMN seen_at timestamptz;
COMMIT;
```

Good:

```sql
BEGIN;
SET LOCAL lock_timeout = '5s';
ALTER TABLE users ADD COLUMN seen_at timestamptz;
COMMIT;
```
"""

from migration_ls.operations.lock_table import LockTable
from migration_ls.rules.finding import Severity
from migration_ls.rules.judging import Danger, Place, Verdict, step_rule
from migration_ls.rules.wording import quoted, waits


def _judge(place: Place, operation: LockTable) -> Verdict | None:
    tables = quoted(operation.tables)
    if place.context.transaction is None and place.statement.statement.kind.startswith("LOCK"):
        return Verdict(
            message=f"`LOCK TABLE` of {tables} fails outside a transaction block",
            help="Put it after `BEGIN`, or remove it",
            dangers=(Danger.FAILS,),
        )
    if not place.effect.blocks_writes:
        return None
    return Verdict(
        message=f"`LOCK TABLE` {waits(place.effect.locks, 'until the transaction ends')}",
        help="Remove it: each statement takes the lock it needs",
        dangers=(Danger.ADVICE,),
    )


RULE = step_rule(__name__, __doc__, _judge, on=(LockTable,), severity=Severity.ERROR)
