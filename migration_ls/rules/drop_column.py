"""`DROP COLUMN` destroys its values, and the previous release that still reads it fails.

No rollback brings the values back; indexes and constraints that use the column go with it without a word. An ORM
names every mapped column in its queries, so the release that is running fails at once. Let a release stop using the
column first, keep a copy of what may be needed, then drop it in a version of its own, and say why that is meant.

Bad:

```sql
ALTER TABLE tasks DROP COLUMN description;
```

Good:

```sql
-- migration-ls: ignore[drop-column] unused since release 41, copied to archive.tasks_description
ALTER TABLE tasks DROP COLUMN description;
```
"""

from migration_ls.operations.drop_column import DropColumn
from migration_ls.rules.finding import Severity
from migration_ls.rules.judging import Danger, Place, Verdict, step_rule
from migration_ls.rules.wording import quoted


def _judge(place: Place, operation: DropColumn) -> Verdict | None:
    if (
        not place.effect.loses
        or place.is_fresh(operation.table)
        or not place.is_old(operation.table, (operation.column,))
    ):
        return None
    loses = f"{place.effect.loses}{_too(place, operation)}"
    return Verdict(
        message=f"`DROP COLUMN` loses {loses}, and breaks a release that still uses it",
        help="Stop using it in a release of its own first; where the loss is meant, say so with a reason",
        dangers=(Danger.LOSES, Danger.BREAKS),
    )


def _too(place: Place, operation: DropColumn) -> str:
    """Indexes that vanish although they have other columns too."""
    table = place.context.schema.table(operation.table)
    wide = [
        index.name or "?"
        for index in (table.indexes if table else ())
        if operation.column in index.columns and len(index.parts) > 1
    ]
    return f" and the index {quoted(wide)}" if len(wide) == 1 else f" and the indexes {quoted(wide)}" if wide else ""


RULE = step_rule(__name__, __doc__, _judge, on=(DropColumn,), severity=Severity.ERROR)
