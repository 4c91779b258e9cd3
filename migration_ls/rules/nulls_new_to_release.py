"""`DROP NOT NULL` lets nulls in that the previous release does not expect.

Its statements still work, but code that reads the column may not be ready for a null. Deploy readers that are before
anybody writes one.

Bad:

```sql
ALTER TABLE tasks ALTER COLUMN title DROP NOT NULL;
```

Good:

```sql
ALTER TABLE tasks ALTER COLUMN title SET DEFAULT '';
```
"""

from migration_ls.operations.drop_not_null import DropNotNull
from migration_ls.operations.lookup import column_of
from migration_ls.rules.finding import Severity
from migration_ls.rules.judging import Danger, Place, Verdict, step_rule


def _judge(place: Place, operation: DropNotNull) -> Verdict | None:
    column = column_of(place.context.schema, operation.table, operation.column)
    if place.is_fresh(operation.table) or place.effect.fails_always or (column and column.nullable):
        return None
    if not place.is_old(operation.table, (operation.column,)):
        return None
    return Verdict(
        message=f"a release that reads `{operation.table}.{operation.column}` may not be ready for a null",
        help="Deploy readers that take nulls before anybody writes one",
        dangers=(Danger.ADVICE,),
    )


RULE = step_rule(__name__, __doc__, _judge, on=(DropNotNull,), severity=Severity.INFORMATION)
