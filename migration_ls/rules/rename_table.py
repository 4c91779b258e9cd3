"""Renaming or moving a table breaks the previous release at once.

The running release names the old table in every query. Put a view of the old name in its place in the same
transaction: a simple view takes INSERT, UPDATE, DELETE, `ON CONFLICT` and `RETURNING`.

Bad:

```sql
ALTER TABLE tasks RENAME TO todos;
```

Good:

```sql
BEGIN;
ALTER TABLE tasks RENAME TO todos;
CREATE VIEW tasks AS SELECT * FROM todos;
COMMIT;
```
"""

from migration_ls.operations.rename_table import RenameTable
from migration_ls.rules.finding import Severity
from migration_ls.rules.judging import Danger, Place, Verdict, step_rule
from migration_ls.rules.replaced import lost_columns


def _judge(place: Place, operation: RenameTable) -> Verdict | None:
    if not place.effect.breaks or place.is_fresh(operation.name) or place.effect.fails_always:
        return None
    after = place.schema_after_transaction()
    if after.kind(operation.name) is not None:
        missing = lost_columns(place.script.base, after, operation.name)
        if not missing:
            return None
        return Verdict(
            message=f"what stands in the place of `{operation.name}` lacks {missing}, which a release may still use",
            help="Give it every column under its old name",
            dangers=(Danger.BREAKS,),
        )
    verb = "moving" if operation.to_namespace else "renaming"
    return Verdict(
        message=f"{verb} `{operation.name}` to `{operation.new_name}` breaks a release that still uses the old name",
        help="Put a view of the old name in its place in the same transaction",
        dangers=(Danger.BREAKS,),
    )


RULE = step_rule(__name__, __doc__, _judge, on=(RenameTable,), severity=Severity.WARNING)
