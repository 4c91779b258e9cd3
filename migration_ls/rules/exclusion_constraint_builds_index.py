"""`ADD EXCLUDE` builds its index while reads and writes wait.

The index of an exclusion constraint is built under ACCESS EXCLUSIVE, and there is neither a `NOT VALID` form nor one
that takes an index. Make a new table with the constraint and copy the rows, or accept a short outage on purpose.

Bad:

```sql
ALTER TABLE tasks ADD CONSTRAINT tasks_no_overlap EXCLUDE USING gist (period WITH &&);
```

Good:

```sql
CREATE TABLE bookings (id integer PRIMARY KEY, period tsrange, EXCLUDE USING gist (period WITH &&));
```
"""

from migration_ls.operations.add_constraint import AddConstraint
from migration_ls.rules.finding import Severity
from migration_ls.rules.judging import Danger, Place, Verdict, step_rule
from migration_ls.rules.wording import blocks_for_work
from migration_ls.schema.tables import Exclusion


def _judge(place: Place, operation: AddConstraint) -> Verdict | None:
    if not isinstance(operation.constraint, Exclusion) or not place.effect.built_on:
        return None
    return Verdict(
        message=f"`ADD EXCLUDE` on `{operation.table}` {blocks_for_work(place.effect)}",
        help="Make a new table with the constraint and copy the rows in batches, or plan a short outage",
        dangers=(Danger.BLOCKS, Danger.MAY_FAIL),
        blocked=place.effect.built_on,
    )


RULE = step_rule(__name__, __doc__, _judge, on=(AddConstraint,), severity=Severity.WARNING)
