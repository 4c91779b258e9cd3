"""`DROP TABLE` destroys its rows, and the previous release that still uses it fails.

Rename the table first and wait until nobody misses it; then drop it in a version of its own, and say why that is
meant.

Bad:

```sql
DROP TABLE tasks;
```

Good:

```sql
-- schema: CREATE TABLE drafts (id integer);
-- migration-ls: ignore[drop-table] renamed in 041, unused since
DROP TABLE drafts;
```
"""

from migration_ls.operations.drop_table import DropTable
from migration_ls.rules.finding import Severity
from migration_ls.rules.judging import Danger, Place, Verdict, step_rule


def _judge(place: Place, operation: DropTable) -> Verdict | None:
    if place.is_fresh(operation.name) or not place.effect.loses or not place.effect.locks:
        return None
    return Verdict(
        message=f"`DROP TABLE` loses {place.effect.loses}, and breaks a release that still uses it",
        help="Rename it and wait until nobody misses it; where the loss is meant, say so with a reason",
        dangers=(Danger.LOSES, Danger.BREAKS),
    )


RULE = step_rule(__name__, __doc__, _judge, on=(DropTable,), severity=Severity.ERROR)
