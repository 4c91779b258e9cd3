"""A change of type on a column with a check reads every row while reads and writes wait.

Even a change that needs no rewrite makes PostgreSQL prove the checks of the column again, under ACCESS EXCLUSIVE.
Drop the check before, and add it `NOT VALID` after it.

Bad:

```sql
-- schema: CREATE TABLE notes (id integer PRIMARY KEY, body varchar(100) CHECK (body <> ''));
ALTER TABLE notes ALTER COLUMN body TYPE varchar(200);
```

Good:

```sql
-- schema: CREATE TABLE notes (id integer PRIMARY KEY, body varchar(100) CONSTRAINT notes_body CHECK (body <> ''));
ALTER TABLE notes DROP CONSTRAINT notes_body;
ALTER TABLE notes ALTER COLUMN body TYPE varchar(200);
ALTER TABLE notes ADD CONSTRAINT notes_body CHECK (body <> '') NOT VALID;
ALTER TABLE notes VALIDATE CONSTRAINT notes_body;
```
"""

from migration_ls.operations.set_type import SetType
from migration_ls.rules.finding import Severity
from migration_ls.rules.judging import Danger, Place, Verdict, step_rule
from migration_ls.rules.wording import blocks_for_work


def _judge(place: Place, operation: SetType) -> Verdict | None:
    if not place.effect.scans or place.effect.rewrites or place.effect.fails_always:
        return None
    change = f"`ALTER COLUMN {operation.column} TYPE {operation.type}` proves the checks of the column again: it"
    return Verdict(
        message=f"{change} {blocks_for_work(place.effect)}",
        help="Drop the check first, and add it `NOT VALID` after the change",
        dangers=(Danger.BLOCKS,),
        blocked=place.effect.scans,
    )


RULE = step_rule(__name__, __doc__, _judge, on=(SetType,), severity=Severity.WARNING)
