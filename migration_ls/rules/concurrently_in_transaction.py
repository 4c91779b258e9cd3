"""`CONCURRENTLY`, `VACUUM` and their like fail inside a transaction block.

They commit by themselves while they run, so PostgreSQL refuses them after `BEGIN`, and also where a migration tool
puts the whole file in a transaction. End the transaction first, or tell the tool to run the file without one.

Bad:

```sql
BEGIN;
CREATE INDEX CONCURRENTLY idx_tasks_user_id ON tasks (user_id);
COMMIT;
```

Good:

```sql
CREATE INDEX CONCURRENTLY idx_tasks_user_id ON tasks (user_id);
```
"""

from migration_ls.operations.effect import Hazard
from migration_ls.operations.union import Operation
from migration_ls.rules import fixing
from migration_ls.rules.finding import Severity
from migration_ls.rules.judging import Danger, Place, Verdict, step_rule


def _judge(place: Place, operation: Operation) -> Verdict | None:  # noqa: ARG001
    transaction = place.context.transaction
    alone = transaction is not None and place.statement.statement.kind in _ALONE
    forbidden = Hazard.TRANSACTION in place.effect.fails_always and place.effect.transaction_forbidden
    if not forbidden and not alone:
        return None
    own = transaction is not None and transaction.explicit
    around = "" if own else ", and the migration tool puts one around the file"
    return Verdict(
        message=f"`{_what(place)}` cannot run inside a transaction block{around}",
        help="End the transaction before it" if own else "Tell the tool to run this file outside a transaction",
        dangers=(Danger.FAILS,),
        fixes=fixing.one_fix("Move it out of the transaction", fixing.out_of_transaction(place)),
    )


_ALONE = frozenset(
    {"VACUUM", "CREATE DATABASE", "DROP DATABASE", "ALTER SYSTEM", "CREATE TABLESPACE", "DROP TABLESPACE"}
)


def _what(place: Place) -> str:
    kind = place.statement.statement.kind
    concurrent = "CONCURRENTLY" in place.statement.statement.sql.upper()
    return f"{kind} CONCURRENTLY" if concurrent else kind


RULE = step_rule(__name__, __doc__, _judge, on=(), severity=Severity.ERROR)
