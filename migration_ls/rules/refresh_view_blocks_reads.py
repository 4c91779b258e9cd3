"""`REFRESH MATERIALIZED VIEW` without `CONCURRENTLY` blocks reads of the view until it is computed.

A plain refresh writes the whole view anew under ACCESS EXCLUSIVE. `CONCURRENTLY` compares the new rows with the old
ones under EXCLUSIVE, which readers do not feel. It needs a unique index on plain columns of the view, without a
condition.

Bad:

```sql
REFRESH MATERIALIZED VIEW task_counts;
```

Good:

```sql
REFRESH MATERIALIZED VIEW CONCURRENTLY task_counts;
```
"""

from migration_ls.operations.refresh_view import RefreshView
from migration_ls.rules import fixing
from migration_ls.rules.finding import Fix, Severity
from migration_ls.rules.judging import Danger, Place, Verdict, step_rule
from migration_ls.rules.wording import blocks_for_work


def _judge(place: Place, operation: RefreshView) -> Verdict | None:
    if operation.concurrently or operation.name not in place.effect.rewrites:
        return None
    if not operation.with_data:
        return Verdict(
            message=f"`{operation.name}` cannot be read from here on: `WITH NO DATA` empties it",
            help="Refresh it with data, or drop it once no release reads it",
            dangers=(Danger.BREAKS,),
        )
    return Verdict(
        message=f"`REFRESH MATERIALIZED VIEW` of `{operation.name}` {blocks_for_work(place.effect)}",
        help="Give the view a unique index and refresh it with `CONCURRENTLY`",
        dangers=(Danger.BLOCKS,),
        blocked=(operation.name,),
        fixes=_fixes(place, operation),
    )


def _fixes(place: Place, operation: RefreshView) -> tuple[Fix, ...]:
    view = place.context.schema.table(operation.name)
    indexes = view.indexes if view else ()
    if not any(index.unique and not index.where and len(index.columns) == len(index.parts) for index in indexes):
        return ()
    keyword = fixing.put_after_keyword(place, r"REFRESH\s+MATERIALIZED\s+VIEW", "CONCURRENTLY")
    return fixing.one_fix("Refresh the view concurrently", [keyword] if keyword else [])


RULE = step_rule(__name__, __doc__, _judge, on=(RefreshView,), severity=Severity.WARNING)
