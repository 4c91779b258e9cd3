"""A constraint written at a new column is proven while reads and writes wait.

`ADD COLUMN ... CHECK` reads every row, `... UNIQUE` and `... PRIMARY KEY` build an index, `... DEFAULT x REFERENCES
...` matches every row, all under the ACCESS EXCLUSIVE of the new column. Add the column alone, then the constraint in
its safe form.

Bad:

```sql
ALTER TABLE tasks ADD COLUMN effort integer DEFAULT 1 CHECK (effort > 0);
```

Good:

```sql
ALTER TABLE tasks ADD COLUMN effort integer DEFAULT 1;
ALTER TABLE tasks ADD CONSTRAINT chk_tasks_effort CHECK (effort > 0) NOT VALID;
ALTER TABLE tasks VALIDATE CONSTRAINT chk_tasks_effort;
```
"""

from migration_ls.operations.add_column import AddColumn
from migration_ls.operations.effect import Hazard
from migration_ls.rules.finding import Severity
from migration_ls.rules.judging import Danger, Place, Verdict, step_rule
from migration_ls.rules.wording import blocks_for_work, failures
from migration_ls.schema.tables import Check, ForeignKey


def _judge(place: Place, operation: AddColumn) -> Verdict | None:
    effect = place.effect
    if place.is_fresh(operation.table) or not operation.constraints:
        return None
    proven = bool(effect.scans) and any(isinstance(item, Check | ForeignKey) for item in operation.constraints)
    if Hazard.REQUIRED in effect.breaks and not any(isinstance(item, Check) for item in operation.constraints):
        proven = False
    if not effect.builds and (not proven or effect.rewrites):
        return None
    duplicates = Hazard.DUPLICATES in effect.fails
    why = f", and {failures(effect)}" if duplicates else ""
    return Verdict(
        message=f"`ADD COLUMN {operation.column.name}` with its constraint {blocks_for_work(effect)}{why}",
        help="Add the column alone, then the constraint `NOT VALID` or from an index built concurrently",
        dangers=(Danger.BLOCKS, Danger.MAY_FAIL) if duplicates else (Danger.BLOCKS,),
        blocked=(*effect.scans, *effect.built_on),
    )


RULE = step_rule(__name__, __doc__, _judge, on=(AddColumn,), severity=Severity.WARNING)
