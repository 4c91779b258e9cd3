"""`VALIDATE CONSTRAINT` fails where an old row does not satisfy the constraint.

It blocks nobody, so that is no harm but a stopped migration. Look for such rows first, or fill them in.

Bad:

```sql
-- schema: ALTER TABLE tasks ADD CONSTRAINT chk_tasks_title CHECK (title <> '') NOT VALID;
ALTER TABLE tasks VALIDATE CONSTRAINT chk_tasks_title;
```

Good:

```sql
ALTER TABLE tasks ADD COLUMN priority varchar(20);
ALTER TABLE tasks ADD CONSTRAINT chk_tasks_priority CHECK (priority IN ('high', 'low')) NOT VALID;
ALTER TABLE tasks VALIDATE CONSTRAINT chk_tasks_priority;
```
"""

from migration_ls.operations.validate_constraint import ValidateConstraint
from migration_ls.rules.finding import Severity
from migration_ls.rules.judging import Danger, Place, Verdict, step_rule
from migration_ls.rules.wording import failures
from migration_ls.schema.tables import Check, ForeignKey


def _judge(place: Place, operation: ValidateConstraint) -> Verdict | None:
    if not place.effect.fails or place.effect.fails_always:
        return None
    table = place.context.schema.table(operation.table)
    match table.constraint(operation.constraint) if table else None:
        case Check(expression=expression):
            columns = tuple(expression.columns)
        case ForeignKey(columns=own):
            columns = own
        case _:
            columns = ()
    if columns and not place.is_old(operation.table, columns):
        return None
    return Verdict(
        message=f"`VALIDATE CONSTRAINT {operation.constraint}` reads every row: {failures(place.effect)}",
        help="Look for such rows before, and correct them",
        dangers=(Danger.ADVICE,),
    )


RULE = step_rule(__name__, __doc__, _judge, on=(ValidateConstraint,), severity=Severity.INFORMATION)
