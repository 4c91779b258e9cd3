"""Another collation, or another length under an index with a condition, builds indexes again while all wait.

The values stay as they are. But another collation orders them otherwise, so each index on the column is built anew
under ACCESS EXCLUSIVE; and whatever the new type, an index whose condition or expression names the column is. Move to a
new column, or drop the indexes before and build them concurrently after.

Bad:

```sql
ALTER TABLE tasks ALTER COLUMN status TYPE varchar(20) COLLATE "C";
```

Good:

```sql
ALTER TABLE tasks ALTER COLUMN description TYPE text COLLATE "C";
```
"""

from migration_ls.operations.set_type import SetType
from migration_ls.rules.finding import Severity
from migration_ls.rules.judging import Danger, Place, Verdict, step_rule
from migration_ls.rules.wording import blocks_for_work


def _judge(place: Place, operation: SetType) -> Verdict | None:
    if not place.effect.built_on or place.effect.rewrites or place.effect.fails_always:
        return None
    what = "the new collation" if operation.collation else "the new type"
    return Verdict(
        message=f"{what} of `{operation.table}.{operation.column}` {blocks_for_work(place.effect)}",
        help="Drop the indexes concurrently before, and build them concurrently after",
        dangers=(Danger.BLOCKS,),
        blocked=place.effect.built_on,
    )


RULE = step_rule(__name__, __doc__, _judge, on=(SetType,), severity=Severity.WARNING)
