"""Without a primary key, logical replication refuses UPDATE and DELETE.

A published table needs a replica identity, which is the primary key unless another is set. Change data capture stops
as well. Set another replica identity first, or take the new key in the same transaction.

Bad:

```sql
ALTER TABLE tasks DROP CONSTRAINT tasks_pkey;
```

Good:

```sql
ALTER TABLE tasks ADD CONSTRAINT chk_tasks_title CHECK (title <> '') NOT VALID;
ALTER TABLE tasks DROP CONSTRAINT chk_tasks_title;
```
"""

from migration_ls.operations.drop_constraint import DropConstraint
from migration_ls.rules.finding import Severity
from migration_ls.rules.judging import Danger, Place, Verdict, step_rule


def _judge(place: Place, operation: DropConstraint) -> Verdict | None:
    table = place.context.schema.table(operation.table)
    key = table.primary_key if table else None
    if key is None or key.name != operation.constraint or place.is_fresh(operation.table) or place.effect.fails_always:
        return None
    after = place.schema_after_transaction().table(operation.table)
    if after is not None and after.primary_key is not None:
        return None
    return Verdict(
        message=f"without a primary key, a published `{operation.table}` refuses UPDATE and DELETE",
        help="Set another replica identity first, or take a new key in the same transaction",
        dangers=(Danger.ADVICE,),
    )


RULE = step_rule(__name__, __doc__, _judge, on=(DropConstraint,), severity=Severity.INFORMATION)
