"""`RENAME COLUMN` breaks the previous release at once.

The running release names the old column in every query. Add a column of the new name, keep both by a trigger, fill
it, and drop the old one when no release uses it; or rename the table and put a view of the old name and columns in
its place, in one transaction.

Bad:

```sql
ALTER TABLE tasks RENAME COLUMN title TO name;
```

Good:

```sql
BEGIN;
ALTER TABLE tasks RENAME COLUMN title TO name;
ALTER TABLE tasks RENAME TO todos;
CREATE VIEW tasks AS
  SELECT id, user_id, name AS title, description, completed, status, due, period, created_at FROM todos;
COMMIT;
```
"""

from migration_ls.operations.rename_column import RenameColumn
from migration_ls.rules.finding import Severity
from migration_ls.rules.judging import Danger, Place, Verdict, step_rule
from migration_ls.schema.tables import RelationKind


def _judge(place: Place, operation: RenameColumn) -> Verdict | None:
    if not place.effect.breaks or place.is_fresh(operation.table) or place.effect.fails_always:
        return None
    viewed = place.script.base.kind(operation.table) in {RelationKind.VIEW, RelationKind.MATERIALIZED_VIEW}
    if not viewed and not place.is_old(operation.table, (operation.column,)):
        return None
    base, after = place.script.base, place.schema_after_transaction()
    old_name = operation.table
    if base.kind(old_name) is None:
        # renamed in this file: the release knows it by a name under which something else stands now
        names = [name for name in base.tables if name not in after.tables and after.kind(name) is RelationKind.VIEW]
        old_name = names[0] if len(names) == 1 else old_name
    if not viewed and after.kind(old_name) is RelationKind.VIEW:
        return None
    return Verdict(
        message=f"`RENAME COLUMN` breaks a release that still uses `{operation.table}.{operation.column}`",
        help=f"Add `{operation.to}`, keep both by a trigger, and drop `{operation.column}` in a later release",
        dangers=(Danger.BREAKS,),
    )


RULE = step_rule(__name__, __doc__, _judge, on=(RenameColumn,), severity=Severity.WARNING)
