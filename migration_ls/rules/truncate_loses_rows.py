"""`TRUNCATE` destroys every row of the table.

It takes ACCESS EXCLUSIVE, and with `CASCADE` it empties every table that refers to this one as well.

Bad:

```sql
TRUNCATE tasks;
```

Good:

```sql
DELETE FROM tasks WHERE id IN (SELECT id FROM tasks WHERE completed ORDER BY id LIMIT 1000);
```
"""

from migration_ls.operations.truncate import Truncate
from migration_ls.rules.finding import Severity
from migration_ls.rules.judging import Danger, Place, Verdict, step_rule


def _judge(place: Place, operation: Truncate) -> Verdict | None:
    if all(place.is_fresh(table) for table in operation.tables) or not place.effect.loses:
        return None
    cascade = "`TRUNCATE ... CASCADE`" if operation.cascade else "`TRUNCATE`"
    return Verdict(
        message=f"{cascade} loses {place.effect.loses}",
        help="Delete what has to go in batches; where the loss is meant, say so with a reason",
        dangers=(Danger.LOSES,),
    )


RULE = step_rule(__name__, __doc__, _judge, on=(Truncate,), severity=Severity.ERROR)
