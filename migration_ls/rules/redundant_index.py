"""An index that is the beginning of another one only costs writes.

A B-tree index on `(a, b)` serves every query that one on `(a)` serves. The shorter one has to be written at each
INSERT and UPDATE, and takes room in memory.

Bad:

```sql
CREATE INDEX CONCURRENTLY idx_tasks_status_again ON tasks (status);
```

Good:

```sql
CREATE INDEX CONCURRENTLY idx_tasks_user_id ON tasks (user_id);
```
"""

from migration_ls.operations.create_index import CreateIndex
from migration_ls.rules.finding import Severity
from migration_ls.rules.judging import Danger, Place, Verdict, step_rule
from migration_ls.schema.tables import Index


def _judge(place: Place, operation: CreateIndex) -> Verdict | None:
    index = operation.index
    table = place.context.schema.table(operation.table)
    if table is None or index.unique or index.where or index.include or not _plain(index):
        return None
    if index.name and table.index(index.name):
        return None
    longer = [
        (other.name, other.columns)
        for other in table.indexes
        if other.where is None and _plain(other) and other.parts[: len(index.parts)] == index.parts
    ]
    if len(index.columns) == 1:
        keys = [(key.name, key.columns) for key in table.uniques]
        keys += [(table.primary_key.name, table.primary_key.columns)] if table.primary_key else []
        longer += [key for key in keys if key[1][:1] == index.columns]
    if not longer:
        return None
    return Verdict(
        message=f"every query that this index serves is served by `{longer[0][0] or '?'}` already",
        help="Leave it out",
        dangers=(Danger.ADVICE,),
    )


def _plain(index: Index) -> bool:
    return index.using == "btree" and all(not part.is_expression and not part.descending for part in index.parts)


RULE = step_rule(__name__, __doc__, _judge, on=(CreateIndex,), severity=Severity.INFORMATION)
