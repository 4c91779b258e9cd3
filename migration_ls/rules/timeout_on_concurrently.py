"""A timeout that ends a `CONCURRENTLY` build leaves an INVALID index behind.

The build takes as long as the table is large, and waits for every transaction that uses it, blocking nobody
meanwhile. A timeout made for other statements cuts it off. Set both timeouts to 0 for it.

Bad:

```sql
SET statement_timeout = '30s';
CREATE INDEX CONCURRENTLY idx_tasks_user_id ON tasks (user_id);
```

Good:

```sql
SET statement_timeout = 0;
CREATE INDEX CONCURRENTLY idx_tasks_user_id ON tasks (user_id);
```
"""

from migration_ls.operations.create_index import CreateIndex
from migration_ls.operations.reindex import Reindex
from migration_ls.rules.finding import Severity
from migration_ls.rules.judging import Danger, Place, Verdict, step_rule
from migration_ls.rules.wording import listed


def _judge(place: Place, operation: CreateIndex | Reindex) -> Verdict | None:
    session = place.context.session
    if not operation.concurrently or not place.effect.builds or place.effect.fails_always:
        return None
    timeouts = [
        f"`{name}`"
        for name, value in (("lock_timeout", session.lock_timeout), ("statement_timeout", session.statement_timeout))
        if value
    ]
    if not timeouts:
        return None
    return Verdict(
        message=f"{listed(timeouts)} can end `CONCURRENTLY` halfway, which leaves an INVALID index",
        help="Set it to 0 before this statement",
        dangers=(Danger.ADVICE,),
    )


RULE = step_rule(__name__, __doc__, _judge, on=(CreateIndex, Reindex), severity=Severity.INFORMATION)
