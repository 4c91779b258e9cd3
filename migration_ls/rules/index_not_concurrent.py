"""`CREATE INDEX` without `CONCURRENTLY` blocks writes until the index is built.

`CREATE INDEX` takes a SHARE lock and keeps it for the whole build: readers go on, every INSERT, UPDATE and DELETE
waits. `CONCURRENTLY` takes SHARE UPDATE EXCLUSIVE, reads the table twice and lets writers go on. It cannot run inside
a transaction block, and when it fails it leaves an INVALID index behind, which has to be dropped before trying again.
A table made in the same file is empty and used by nobody, so its indexes are fine as they are.

Bad:

```sql
CREATE INDEX idx_tasks_user_id ON tasks (user_id);
```

Good:

```sql
CREATE INDEX CONCURRENTLY idx_tasks_user_id ON tasks (user_id);
```

On a partitioned table `CONCURRENTLY` is refused: make the index with `ON ONLY` the parent, build one concurrently on
each partition, and attach them. PostgreSQL 14.0 to 14.3 could corrupt indexes built concurrently; use a later minor.
"""

from migration_ls.operations.create_index import CreateIndex
from migration_ls.rules import fixing
from migration_ls.rules.finding import Fix, Severity
from migration_ls.rules.judging import Danger, Place, Verdict, step_rule
from migration_ls.rules.wording import blocks_for_work
from migration_ls.schema.tables import RelationKind


def _judge(place: Place, operation: CreateIndex) -> Verdict | None:
    if operation.concurrently or not place.effect.built_on:
        return None
    partitioned = place.context.schema.kind(operation.table) is RelationKind.PARTITIONED
    return Verdict(
        message=f"`CREATE INDEX` on `{operation.table}` {blocks_for_work(place.effect)}",
        help=(
            "Make the index with `ON ONLY` the parent, build one concurrently on each partition, then attach them"
            if partitioned
            else "Build it with `CONCURRENTLY`, outside a transaction"
        ),
        dangers=(Danger.BLOCKS,),
        blocked=place.effect.built_on,
        fixes=() if partitioned else _fixes(place),
    )


def _fixes(place: Place) -> tuple[Fix, ...]:
    keyword = fixing.put_after_keyword(place, r"CREATE\s+(?:UNIQUE\s+)?INDEX", "CONCURRENTLY")
    moved = fixing.out_of_transaction(place)
    if keyword is None or moved is None:
        return ()
    title = "Build the index concurrently" + (", outside the transaction" if moved else "")
    return fixing.one_fix(title, [keyword, *moved])


RULE = step_rule(__name__, __doc__, _judge, on=(CreateIndex,), severity=Severity.WARNING)
