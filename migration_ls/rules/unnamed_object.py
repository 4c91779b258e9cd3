"""A constraint or index without a name gets one that later migrations have to guess.

PostgreSQL derives it from the table and the columns, and adds a number where it is taken, so it can differ between
databases. Rollbacks and later changes need to name it.

Bad:

```sql
ALTER TABLE tasks ADD CHECK (title <> '') NOT VALID;
```

Good:

```sql
ALTER TABLE tasks ADD CONSTRAINT chk_tasks_title CHECK (title <> '') NOT VALID;
```
"""

from migration_ls.operations.add_constraint import AddConstraint
from migration_ls.operations.create_index import CreateIndex
from migration_ls.rules.finding import Severity
from migration_ls.rules.judging import Danger, Place, Verdict, step_rule


def _judge(place: Place, operation: AddConstraint | CreateIndex) -> Verdict | None:
    if place.script.requested:
        return None
    if isinstance(operation, CreateIndex):
        what, named = "index", operation.index.name
    else:
        what, named = "constraint", operation.constraint.name or operation.using_index
    if named:
        return None
    return Verdict(
        message=f"the {what} on `{operation.table}` has no name, so later migrations have to guess it",
        help="Give it a name",
        dangers=(Danger.ADVICE,),
    )


RULE = step_rule(__name__, __doc__, _judge, on=(AddConstraint, CreateIndex), severity=Severity.INFORMATION)
