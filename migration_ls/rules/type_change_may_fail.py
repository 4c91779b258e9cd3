"""A narrower type fails where a value does not fit.

`bigint` to `integer`, `text` to `varchar(n)`, a shorter `varchar`: the statement fails at the first row that does not
fit, and where it succeeds, the previous release may still write such values and is refused. Look for them first.

Bad:

```sql
ALTER TABLE tasks ALTER COLUMN title TYPE varchar(50);
```

Good:

```sql
ALTER TABLE tasks ADD CONSTRAINT chk_tasks_title_length CHECK (char_length(title) <= 50) NOT VALID;
```
"""

from migration_ls.operations.effect import Hazard
from migration_ls.operations.set_type import SetType
from migration_ls.rules.finding import Severity
from migration_ls.rules.judging import Danger, Place, Verdict, step_rule


def _judge(place: Place, operation: SetType) -> Verdict | None:
    if Hazard.OVERFLOW not in place.effect.fails or place.effect.fails_always:
        return None
    if not place.is_old(operation.table, (operation.column,)):
        return None
    table = place.context.schema.table(operation.table)
    old = table.column(operation.column) if table else None
    was = f" from `{old.type}`" if old else ""
    column = f"`{operation.table}.{operation.column}`"
    return Verdict(
        message=f"the change of {column}{was} to `{operation.type}` fails where a value does not fit",
        help="Look for values that do not fit, and prove by a validated `CHECK` that there are none",
        dangers=(Danger.MAY_FAIL, Danger.BREAKS),
    )


RULE = step_rule(__name__, __doc__, _judge, on=(SetType,), severity=Severity.WARNING)
