"""`DROP INDEX` without `CONCURRENTLY` takes ACCESS EXCLUSIVE on the index's table.

The drop itself is short, but the lock queues behind every running query, and everything that comes later queues
behind it. `CONCURRENTLY` waits without blocking anybody. It takes one index at a time, no `CASCADE`, and no
transaction block.

Bad:

```sql
DROP INDEX idx_tasks_status;
```

Good:

```sql
DROP INDEX CONCURRENTLY idx_tasks_status;
```
"""

from migration_ls.operations.drop_index import DropIndex
from migration_ls.postgres.locks import LockMode
from migration_ls.rules import fixing
from migration_ls.rules.finding import Fix, Severity
from migration_ls.rules.judging import Danger, Place, Verdict, step_rule
from migration_ls.rules.wording import waits
from migration_ls.schema.schema import Schema
from migration_ls.schema.tables import RelationKind


def _judge(place: Place, operation: DropIndex) -> Verdict | None:
    if operation.concurrently or place.effect.strongest is not LockMode.ACCESS_EXCLUSIVE or place.effect.fails_always:
        return None
    return Verdict(
        message=f"`DROP INDEX` of `{operation.name}` {waits(place.effect.locks)} while it queues and runs",
        help="Drop it with `CONCURRENTLY`, outside a transaction",
        dangers=(Danger.ADVICE,),
        fixes=_fixes(place),
    )


def _fixes(place: Place) -> tuple[Fix, ...]:
    drops = [item for item in place.statement.statement.operations if isinstance(item, DropIndex)]
    if any(item.cascade or _partitioned(place.context.schema, item) for item in drops):
        return ()
    keyword = fixing.put_after_keyword(place, r"DROP\s+INDEX", "CONCURRENTLY")
    moved = fixing.out_of_transaction(place)
    if keyword is None or moved is None:
        return ()
    if len(drops) > 1:
        keyword = fixing.replaced(place, [_statement(item) for item in drops])
    title = "Drop the index concurrently" + (", outside the transaction" if moved else "")
    return fixing.one_fix(title, [keyword, *moved])


def _partitioned(schema: Schema, drop: DropIndex) -> bool:
    found = schema.find_index(drop.name.name, drop.name.namespace)
    return bool(found and (found[0].kind is RelationKind.PARTITIONED or found[0].partition_of))


def _statement(drop: DropIndex) -> str:
    return f"DROP INDEX CONCURRENTLY {'IF EXISTS ' if drop.if_exists else ''}{drop.name.sql}"


RULE = step_rule(__name__, __doc__, _judge, on=(DropIndex,), severity=Severity.INFORMATION)
