"""`ADD PRIMARY KEY` builds its index while reads and writes wait.

The index is built under ACCESS EXCLUSIVE, every row is read for nulls unless the columns are NOT NULL, and the
statement fails where two rows are equal. Build a unique index concurrently, make the columns NOT NULL, then take the
index.

Bad:

```sql
-- schema: CREATE TABLE events (id integer NOT NULL);
ALTER TABLE events ADD PRIMARY KEY (id);
```

Good:

```sql
-- schema: CREATE TABLE events (id integer NOT NULL);
DO $$ BEGIN
  IF EXISTS (SELECT FROM events GROUP BY id HAVING count(*) > 1) THEN
    RAISE EXCEPTION 'two events have the same id';
  END IF;
END $$;
CREATE UNIQUE INDEX CONCURRENTLY events_pkey ON events (id);
ALTER TABLE events ADD CONSTRAINT events_pkey PRIMARY KEY USING INDEX events_pkey;
```
"""

from migration_ls.operations.add_constraint import AddConstraint
from migration_ls.rules import constraint_fixes
from migration_ls.rules.finding import Severity
from migration_ls.rules.judging import Danger, Place, Verdict, step_rule
from migration_ls.rules.wording import blocks_for_work
from migration_ls.schema.tables import PrimaryKey


def _judge(place: Place, operation: AddConstraint) -> Verdict | None:
    if not isinstance(operation.constraint, PrimaryKey) or not place.effect.built_on:
        return None
    return Verdict(
        message=f"`ADD PRIMARY KEY` on `{operation.table}` {blocks_for_work(place.effect)}",
        help="Build a unique index concurrently, then `ADD CONSTRAINT ... PRIMARY KEY USING INDEX`",
        dangers=(Danger.BLOCKS, Danger.MAY_FAIL),
        blocked=place.effect.built_on,
        fixes=constraint_fixes.from_index(place, operation),
    )


RULE = step_rule(__name__, __doc__, _judge, on=(AddConstraint,), severity=Severity.WARNING)
