"""A primary key on columns that are not NOT NULL reads every row while reads and writes wait.

A primary key makes its columns NOT NULL. Where no validated check proves that there are no nulls, every row is read
under ACCESS EXCLUSIVE, even when the key takes an index that is built already, and the statement fails at the first
null.

Bad:

```sql
-- schema: CREATE TABLE events (id integer); CREATE UNIQUE INDEX events_key ON events (id);
ALTER TABLE events ADD CONSTRAINT events_pkey PRIMARY KEY USING INDEX events_key;
```

Good:

```sql
-- schema: CREATE TABLE events (id integer); CREATE UNIQUE INDEX events_key ON events (id);
ALTER TABLE events ADD CONSTRAINT events_id_not_null CHECK (id IS NOT NULL) NOT VALID;
ALTER TABLE events VALIDATE CONSTRAINT events_id_not_null;
ALTER TABLE events ADD CONSTRAINT events_pkey PRIMARY KEY USING INDEX events_key;
ALTER TABLE events DROP CONSTRAINT events_id_not_null;
```
"""

from dataclasses import replace

from migration_ls.operations.add_constraint import AddConstraint
from migration_ls.rules.finding import Severity
from migration_ls.rules.judging import Danger, Place, Verdict, step_rule
from migration_ls.rules.wording import blocks_for_work
from migration_ls.schema.tables import PrimaryKey


def _judge(place: Place, operation: AddConstraint) -> Verdict | None:
    if not isinstance(operation.constraint, PrimaryKey) or not place.effect.scans:
        return None
    scan = replace(place.effect, builds=(), built_on=())
    return Verdict(
        message=f"`ADD PRIMARY KEY` on nullable columns of `{operation.table}` {blocks_for_work(scan)}",
        help="Prove the columns with a validated `CHECK (... IS NOT NULL)` first",
        dangers=(Danger.BLOCKS, Danger.MAY_FAIL),
        blocked=place.effect.scans,
    )


RULE = step_rule(__name__, __doc__, _judge, on=(AddConstraint,), severity=Severity.WARNING)
