"""`CREATE INDEX CONCURRENTLY IF NOT EXISTS` accepts an INVALID index of that name.

A concurrent build that failed leaves an index that is written to and never read. Run again, the statement sees the
name and does nothing. Drop the leftover first: a `DO` block can look whether the index is valid.

Bad:

```sql
CREATE INDEX CONCURRENTLY IF NOT EXISTS idx_tasks_user_id ON tasks (user_id);
```

Good:

```sql
DO $$ BEGIN
  IF EXISTS (SELECT FROM pg_index WHERE indexrelid = to_regclass('idx_tasks_user_id') AND NOT indisvalid) THEN
    DROP INDEX idx_tasks_user_id;
  END IF;
END $$;
CREATE INDEX CONCURRENTLY IF NOT EXISTS idx_tasks_user_id ON tasks (user_id);
```
"""

from migration_ls.operations.create_index import CreateIndex
from migration_ls.operations.drop_index import DropIndex
from migration_ls.rules.finding import Severity
from migration_ls.rules.judging import Danger, Place, Verdict, step_rule


def _judge(place: Place, operation: CreateIndex) -> Verdict | None:
    if not (operation.concurrently and operation.if_not_exists and operation.index.name):
        return None
    if place.is_fresh(operation.table) or _guarded(place, operation.index.name):
        return None
    return Verdict(
        message=f"`IF NOT EXISTS` accepts an INVALID `{operation.index.name}` that a failed build left behind",
        help="Drop an invalid index of that name first, in a `DO` block that looks at `pg_index.indisvalid`",
        dangers=(Danger.ADVICE,),
    )


def _guarded(place: Place, index: str) -> bool:
    """Whether the file drops the index before, always or where it is invalid."""
    for statement in reversed(place.script.statements[: place.number]):
        if any(isinstance(item, DropIndex) and item.name.name == index for item in statement.statement.operations):
            return True
        sql = statement.statement.sql
        if statement.statement.kind == "DO" and index in sql and "indisvalid" in sql.lower():
            return True
    return False


RULE = step_rule(__name__, __doc__, _judge, on=(CreateIndex,), severity=Severity.INFORMATION)
