"""A new NOT NULL column without a default fails on a table with rows, and breaks INSERTs of the previous release.

Existing rows have no value for it, so the statement fails unless the table is empty. Where it does go through, the
release that is still running does not know the column, and each of its INSERTs fails.

Bad:

```sql
ALTER TABLE tasks ADD COLUMN priority varchar(20) NOT NULL;
```

Good:

```sql
ALTER TABLE tasks ADD COLUMN priority varchar(20) NOT NULL DEFAULT 'medium';
```
"""

from migration_ls.operations.add_column import AddColumn
from migration_ls.operations.effect import Hazard
from migration_ls.operations.set_not_null import SetNotNull
from migration_ls.rules.finding import Severity
from migration_ls.rules.judging import Danger, Place, Verdict, step_rule


def _judge(place: Place, operation: AddColumn | SetNotNull) -> Verdict | None:
    if Hazard.REQUIRED not in place.effect.breaks or place.is_fresh(operation.table):
        return None
    if isinstance(operation, SetNotNull):
        return Verdict(
            message=f"the previous release's INSERTs have no value for the new `{operation.table}.{operation.column}`",
            help="Give it a default, or set NOT NULL once every release that runs writes it",
            dangers=(Danger.BREAKS,),
        )
    if place.script.requested and operation.column.python_default:
        return None
    column = f"`{operation.table}.{operation.column.name}`"
    return Verdict(
        message=f"existing rows and the previous release's INSERTs have no value for {column}, which is NOT NULL",
        help="Give it a default, or add it nullable, fill it and set NOT NULL later",
        dangers=(Danger.MAY_FAIL, Danger.BREAKS),
    )


RULE = step_rule(__name__, __doc__, _judge, on=(AddColumn, SetNotNull), severity=Severity.WARNING)
