"""`REINDEX` without `CONCURRENTLY` blocks writes, and reads that would use the index.

`REINDEX` takes SHARE on the table and ACCESS EXCLUSIVE on each index it builds, and since a query locks all indexes
of its tables while it is planned, readers stall as well. `REINDEX ... CONCURRENTLY` (12 and later) builds new indexes
beside the old ones. It cannot run inside a transaction block; when it fails, it leaves indexes named `..._ccnew` to
drop.

Bad:

```sql
REINDEX TABLE tasks;
```

Good:

```sql
REINDEX TABLE CONCURRENTLY tasks;
```
"""

from migration_ls.operations.reindex import Reindex
from migration_ls.rules import fixing
from migration_ls.rules.finding import Fix, Severity
from migration_ls.rules.judging import Danger, Place, Verdict, step_rule
from migration_ls.rules.wording import blocks_for_work


def _judge(place: Place, operation: Reindex) -> Verdict | None:
    if operation.concurrently or not place.effect.builds:
        return None
    if not place.effect.locks:
        what, consequence = "an index", "holds SHARE on its table until it is built, so writes wait"
    else:
        what, consequence = f"`{operation.table or operation.index or '*'}`", blocks_for_work(place.effect)
    what = what if operation.table or operation.index else "all tables"
    return Verdict(
        message=f"`REINDEX` of {what} {consequence}, and so do reads that are planned over the index",
        help="Build it again with `CONCURRENTLY`, outside a transaction",
        dangers=(Danger.BLOCKS,),
        blocked=place.effect.built_on,
        fixes=_fixes(place),
    )


def _fixes(place: Place) -> tuple[Fix, ...]:
    pattern = r"REINDEX\s+(?:\([^)]*\)\s*)?(?:INDEX|TABLE|SCHEMA|DATABASE)"
    keyword = fixing.put_after_keyword(place, pattern, "CONCURRENTLY")
    moved = fixing.out_of_transaction(place)
    if keyword is None or moved is None:
        return ()
    return fixing.one_fix("Reindex concurrently" + (", outside the transaction" if moved else ""), [keyword, *moved])


RULE = step_rule(__name__, __doc__, _judge, on=(Reindex,), severity=Severity.WARNING)
