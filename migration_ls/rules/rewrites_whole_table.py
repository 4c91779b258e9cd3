"""`VACUUM FULL`, `CLUSTER` and changes of storage write the whole table anew while nobody can use it.

`VACUUM FULL`, `CLUSTER`, `SET LOGGED`, `SET UNLOGGED`, `SET TABLESPACE` and `SET ACCESS METHOD` copy the table and
its indexes under ACCESS EXCLUSIVE, and need as much free space again. The extension `pg_repack` does the same online;
plain `VACUUM` blocks nobody.

Bad:

```sql
VACUUM FULL tasks;
```

Good:

```sql
VACUUM tasks;
```
"""

from migration_ls.operations.rewrite_table import RewriteTable
from migration_ls.rules.finding import Severity
from migration_ls.rules.judging import Danger, Place, Verdict, step_rule
from migration_ls.rules.wording import blocks_for_work


def _judge(place: Place, operation: RewriteTable) -> Verdict | None:
    if operation.tables and not place.effect.rewrites:
        return None
    target = " of every table" if not operation.tables else ""
    return Verdict(
        message=f"`{operation.what}`{target} {blocks_for_work(place.effect)}",
        help="Use `pg_repack`, or plan a short outage",
        dangers=(Danger.BLOCKS,),
        blocked=place.effect.rewrites,
    )


RULE = step_rule(__name__, __doc__, _judge, on=(RewriteTable,), severity=Severity.WARNING)
