"""A change of type that rounds or cuts values destroys what they held.

`numeric` to `integer`, a smaller scale, `timestamp` to `date`, `double precision` to `real`: PostgreSQL rounds or
cuts without a word, and no rollback brings the digits back. Keep the old column until nobody needs it.

Bad:

```sql
-- schema: CREATE TABLE prices (id integer PRIMARY KEY, amount numeric(10, 4));
ALTER TABLE prices ALTER COLUMN amount TYPE numeric(10, 2);
```

Good:

```sql
-- schema: CREATE TABLE prices (id integer PRIMARY KEY, amount numeric(10, 4));
ALTER TABLE prices ADD COLUMN amount_cents numeric(10, 2);
```
"""

from migration_ls.operations.set_type import SetType
from migration_ls.rules.finding import Severity
from migration_ls.rules.judging import Danger, Place, Verdict, step_rule


def _judge(place: Place, operation: SetType) -> Verdict | None:
    if not place.effect.loses or place.effect.fails_always or not place.is_old(operation.table, (operation.column,)):
        return None
    return Verdict(
        message=f"the change to `{operation.type}` rounds or cuts stored values: it loses {place.effect.loses}",
        help="Write to a new column of that type, and keep the old one until nobody needs it",
        dangers=(Danger.LOSES,),
    )


RULE = step_rule(__name__, __doc__, _judge, on=(SetType,), severity=Severity.ERROR)
