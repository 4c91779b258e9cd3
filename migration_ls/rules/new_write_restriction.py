"""A new constraint or trigger can refuse what the previous release still writes.

Even `NOT VALID` is enforced for every new row, and a trigger whose function raises an error refuses the write it stands
at. Deploy a release that keeps the rule first, then add the constraint or the trigger.

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
from migration_ls.operations.create_trigger import CreateTrigger
from migration_ls.rules.finding import Severity
from migration_ls.rules.judging import Danger, Place, Verdict, step_rule
from migration_ls.schema.schema import Trigger
from migration_ls.schema.tables import Check, ForeignKey


def _judge(place: Place, operation: AddConstraint | CreateTrigger) -> Verdict | None:
    if isinstance(operation, CreateTrigger):
        return _of_trigger(place, operation.trigger)
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


def _of_trigger(place: Place, trigger: Trigger) -> Verdict | None:
    if not trigger.refuses or place.is_fresh(trigger.table) or place.effect.fails_always:
        return None
    always = trigger.refuses == "always"
    return Verdict(
        message=f"the trigger `{trigger.name}` {'refuses' if always else 'can refuse'} writes of a previous release to "
        f"`{trigger.table}`",
        help="Deploy a release that does not need these writes first",
        dangers=(Danger.BREAKS if always else Danger.ADVICE,),
    )


RULE = step_rule(__name__, __doc__, _judge, on=(AddConstraint, CreateTrigger), severity=Severity.WARNING)
