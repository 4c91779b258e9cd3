"""`DETACH PARTITION` without `CONCURRENTLY` takes ACCESS EXCLUSIVE on the whole partitioned table.

The parent, the partition and the default partition are locked, so every query of the parent queues. From 14 on
`CONCURRENTLY` waits without blocking; it needs a parent without a default partition, and no transaction block. It
leaves a check on the detached table that says what its bound said.

Bad:

```sql
-- schema: CREATE TABLE events (day date) PARTITION BY RANGE (day);
-- schema: CREATE TABLE events_2020 PARTITION OF events FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');
ALTER TABLE events DETACH PARTITION events_2020;
```

Good:

```sql
-- schema: CREATE TABLE events (day date) PARTITION BY RANGE (day);
-- schema: CREATE TABLE events_2020 PARTITION OF events FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');
ALTER TABLE events DETACH PARTITION events_2020 CONCURRENTLY;
```
"""

from migration_ls.operations.detach_partition import DetachPartition
from migration_ls.rules import fixing
from migration_ls.rules.finding import Fix, Severity
from migration_ls.rules.judging import Danger, Place, Verdict, step_rule
from migration_ls.rules.wording import waits
from migration_ls.text.edits import insert


def _judge(place: Place, operation: DetachPartition) -> Verdict | None:
    if not place.effect.locks or place.effect.fails_always:
        return None
    if place.effect.fails:
        return Verdict(
            message=f"`DETACH PARTITION` fails where rows refer to rows of `{operation.partition}` by a foreign key",
            help="Delete or move those rows first",
            dangers=(Danger.MAY_FAIL,),
        )
    if operation.concurrently:
        return None
    partitions = place.context.schema.partitions(operation.table)
    possible = place.context.postgres >= 14 and not any(item.is_default_partition for item in partitions)
    return Verdict(
        message=f"`DETACH PARTITION` {waits(place.effect.locks)} while it queues and runs",
        help="Detach it with `CONCURRENTLY`" if possible else "Set a lock timeout, and try again when it is reached",
        dangers=(Danger.ADVICE,),
        fixes=_fixes(place) if possible else (),
    )


def _fixes(place: Place) -> tuple[Fix, ...]:
    moved = fixing.out_of_transaction(place)
    if moved is None or place.statement.statement.kind != "ALTER TABLE":
        return ()
    return fixing.one_fix("Detach it concurrently", [insert(place.clause.span.end, " CONCURRENTLY"), *moved])


RULE = step_rule(__name__, __doc__, _judge, on=(DetachPartition,), severity=Severity.INFORMATION)
