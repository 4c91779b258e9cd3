"""Dropping a view breaks the previous release that still reads it.

Where the view is only made anew, do it in one transaction and keep its columns, or use `CREATE OR REPLACE VIEW`: then
nobody sees anything gone.

Bad:

```sql
DROP VIEW open_tasks;
```

Good:

```sql
BEGIN;
DROP VIEW open_tasks;
CREATE VIEW open_tasks AS SELECT id, completed, title FROM tasks WHERE NOT completed;
COMMIT;
```
"""

from migration_ls.operations.drop_view import DropView
from migration_ls.rules.finding import Severity
from migration_ls.rules.judging import Danger, Place, Verdict, step_rule
from migration_ls.schema.schema import Schema


def _judge(place: Place, operation: DropView) -> Verdict | None:
    if not place.effect.breaks or place.is_fresh(operation.name):
        return None
    after = place.schema_after_transaction()
    if after.kind(operation.name) is not None:
        missing = _missing(place, operation, after)
        if not missing:
            return None
        return Verdict(
            message=f"`{operation.name}` is made anew without {missing}, which a release may still read",
            help="Keep the columns until the release that stops reading them is everywhere",
            dangers=(Danger.BREAKS,),
        )
    return Verdict(
        message=f"`{place.statement.statement.kind}` of `{operation.name}` breaks a release that still reads it",
        help="Drop it after the release that stops reading it, or make it anew in the same transaction",
        dangers=(Danger.BREAKS,),
    )


def _missing(place: Place, operation: DropView, after: Schema) -> str:
    """The columns that the new view lacks; empty where that is not known."""
    old, new = place.context.schema.views.get(operation.name), after.views.get(operation.name)
    if old is None or new is None or old.outputs is None or new.outputs is None:
        return ""
    return " and ".join(f"`{column}`" for column in old.outputs if column not in new.outputs)


RULE = step_rule(__name__, __doc__, _judge, on=(DropView,), severity=Severity.WARNING)
