"""`ATTACH PARTITION` reads the partition, and the default partition, while their reads and writes wait.

Every row has to be proven to belong there. A validated check on the new partition that says the same, of a column
that is NOT NULL, makes its scan needless; a check on the default partition that excludes the range does the same for
that one. Indexes and foreign keys of the parent that the table lacks are built and proven meanwhile.

Bad:

```sql
-- schema: CREATE TABLE events (day date) PARTITION BY RANGE (day);
-- schema: CREATE TABLE events_2020 (day date NOT NULL);
ALTER TABLE events ATTACH PARTITION events_2020 FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');
```

Good:

```sql
-- schema: CREATE TABLE events (day date) PARTITION BY RANGE (day);
-- schema: CREATE TABLE events_2020 (day date NOT NULL);
ALTER TABLE events_2020 ADD CONSTRAINT events_2020_day CHECK (day >= '2020-01-01' AND day < '2021-01-01') NOT VALID;
ALTER TABLE events_2020 VALIDATE CONSTRAINT events_2020_day;
ALTER TABLE events ATTACH PARTITION events_2020 FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');
```
"""

from migration_ls.operations.attach_partition import AttachPartition
from migration_ls.operations.create_table import CreateTable
from migration_ls.rules.finding import Severity
from migration_ls.rules.judging import Danger, Place, Verdict, step_rule
from migration_ls.rules.wording import blocks_for_work


def _judge(place: Place, operation: AttachPartition | CreateTable) -> Verdict | None:
    if not place.effect.scans and not place.effect.built_on:
        return None
    made = isinstance(operation, CreateTable)
    return Verdict(
        message=f"`{'PARTITION OF' if made else 'ATTACH PARTITION'}` {blocks_for_work(place.effect)}",
        help="Prove it first by a validated `CHECK` like the bound, and build the parent's indexes and keys on it",
        dangers=(Danger.BLOCKS, *((Danger.MAY_FAIL,) if place.effect.fails else ())),
        blocked=(*place.effect.scans, *place.effect.built_on),
    )


RULE = step_rule(__name__, __doc__, _judge, on=(AttachPartition, CreateTable), severity=Severity.WARNING)
