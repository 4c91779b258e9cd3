"""A new constraint can refuse what the previous release still writes.

Even `NOT VALID` is enforced for every new row. Deploy a release that keeps the rule first, then add the constraint.

Bad:

```sql
ALTER TABLE tasks ADD CONSTRAINT chk_tasks_title CHECK (title <> '') NOT VALID;
```

Good:

```sql
ALTER TABLE tasks ADD COLUMN priority varchar(20);
ALTER TABLE tasks ADD CONSTRAINT chk_tasks_priority CHECK (priority IN ('high', 'low')) NOT VALID;
```
"""

from migration_ls.operations.add_constraint import AddConstraint
from migration_ls.rules.finding import Severity
from migration_ls.rules.judging import Danger, Place, Verdict, step_rule
from migration_ls.schema.tables import Check, ForeignKey


def _judge(place: Place, operation: AddConstraint) -> Verdict | None:
    constraint = operation.constraint
    if not isinstance(constraint, Check | ForeignKey) or place.is_fresh(operation.table) or place.effect.fails_always:
        return None
    columns = constraint.expression.columns if isinstance(constraint, Check) else constraint.columns
    if not place.is_old(operation.table, columns) or (
        isinstance(constraint, Check) and constraint.expression.not_nulls
    ):
        return None
    what = f"`{constraint.name}`" if constraint.name else "the new constraint"
    return Verdict(
        message=f"{what} refuses rows that a previous release may still write to `{operation.table}`",
        help="Deploy a release that keeps the rule first",
        dangers=(Danger.ADVICE,),
    )


RULE = step_rule(__name__, __doc__, _judge, on=(AddConstraint,), severity=Severity.INFORMATION)
