"""`ATTACH PARTITION` reads the partition, and the default partition, while their reads and writes wait.

Every row has to be proven to belong there. A validated check on the new partition that says the same makes its scan
needless; a check on the default partition that excludes the range does the same for that one.

Bad:

```sql
-- schema: CREATE TABLE events (day date) PARTITION BY RANGE (day);
-- schema: CREATE TABLE events_2020 (day date);
ALTER TABLE events ATTACH PARTITION events_2020 FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');
```

Good:

```sql
-- schema: CREATE TABLE events (day date) PARTITION BY RANGE (day);
-- schema: CREATE TABLE events_2020 (day date);
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
    if not place.effect.scans:
        return None
    made = isinstance(operation, CreateTable)
    return Verdict(
        message=f"`{'PARTITION OF' if made else 'ATTACH PARTITION'}` {blocks_for_work(place.effect)}",
        help="Prove it first by a validated `CHECK` that says the same as the bound",
        dangers=(Danger.BLOCKS, Danger.MAY_FAIL),
        blocked=place.effect.scans,
    )


RULE = step_rule(__name__, __doc__, _judge, on=(AttachPartition, CreateTable), severity=Severity.WARNING)
