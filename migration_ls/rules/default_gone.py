"""Taking the default of a NOT NULL column away breaks INSERTs that rely on it.

The previous release leaves the column out of its INSERTs and lets the server fill it. Without the default, each of
them fails. Deploy a release that writes the column first.

Bad:

```sql
ALTER TABLE tasks ALTER COLUMN completed DROP DEFAULT;
```

Good:

```sql
ALTER TABLE tasks ALTER COLUMN completed SET DEFAULT true;
```
"""

from migration_ls.operations.effect import Hazard
from migration_ls.operations.lookup import column_of
from migration_ls.operations.set_default import SetDefault
from migration_ls.operations.set_identity import SetIdentity
from migration_ls.rules.finding import Severity
from migration_ls.rules.judging import Danger, Place, Verdict, step_rule


def _judge(place: Place, operation: SetDefault | SetIdentity) -> Verdict | None:
    if Hazard.DEFAULT_GONE not in place.effect.breaks or place.is_fresh(operation.table):
        return None
    after = column_of(place.schema_after_transaction(), operation.table, operation.column)
    if after is not None and after.has_default:
        return None
    column = f"`{operation.table}.{operation.column}`"
    return Verdict(
        message=f"without its default, INSERTs of the previous release that leave {column} out fail",
        help="Deploy a release that writes the column first",
        dangers=(Danger.BREAKS,),
    )


RULE = step_rule(__name__, __doc__, _judge, on=(SetDefault, SetIdentity), severity=Severity.WARNING)
