"""Dropping a view breaks the previous release that still reads it.

Where the view is only made anew, do it in one transaction, or use `CREATE OR REPLACE VIEW`: then nobody sees it gone.

Bad:

```sql
DROP VIEW open_tasks;
```

Good:

```sql
BEGIN;
DROP VIEW open_tasks;
CREATE VIEW open_tasks AS SELECT id, title, due FROM tasks WHERE NOT completed;
COMMIT;
```
"""

from migration_ls.operations.drop_view import DropView
from migration_ls.rules.finding import Severity
from migration_ls.rules.judging import Danger, Place, Verdict, step_rule


def _judge(place: Place, operation: DropView) -> Verdict | None:
    if not place.effect.breaks or place.is_fresh(operation.name):
        return None
    if place.schema_after_transaction().kind(operation.name) is not None:
        return None
    return Verdict(
        message=f"`{place.statement.statement.kind}` of `{operation.name}` breaks a release that still reads it",
        help="Drop it after the release that stops reading it, or make it anew in the same transaction",
        dangers=(Danger.BREAKS,),
    )


RULE = step_rule(__name__, __doc__, _judge, on=(DropView,), severity=Severity.WARNING)
