"""Changing the attributes of a composite type breaks the release that writes and reads its values whole.

A value of the type is written as a row with as many fields as it has: once there is another, what the running release
writes is malformed. An attribute that is dropped takes its values with it, in every column of the type at once.

Bad:

```sql
-- schema: CREATE TYPE address AS (street text, city text); CREATE TABLE shops (id integer PRIMARY KEY, place address);
ALTER TYPE address ADD ATTRIBUTE zip text;
```

Good:

```sql
-- schema: CREATE TYPE address AS (street text, city text); CREATE TABLE shops (id integer PRIMARY KEY, place address);
ALTER TABLE shops ADD COLUMN zip text;
```
"""

from migration_ls.operations.alter_type import AlterType
from migration_ls.rules.finding import Severity
from migration_ls.rules.judging import Danger, Place, Verdict, step_rule


def _judge(place: Place, operation: AlterType) -> Verdict | None:
    if not place.effect.breaks:
        return None
    lost = f" and loses {place.effect.loses}" if place.effect.loses else ""
    return Verdict(
        message=f"changing the attributes of `{operation.name}` breaks a release that writes its values whole{lost}",
        help="Add a column of its own beside it, or a new type and a new column",
        dangers=(Danger.LOSES, Danger.BREAKS) if lost else (Danger.BREAKS,),
    )


RULE = step_rule(__name__, __doc__, _judge, on=(AlterType,), severity=Severity.ERROR)
