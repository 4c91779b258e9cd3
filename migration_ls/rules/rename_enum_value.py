"""`RENAME VALUE` of an enum breaks the previous release at once.

Every row that has the label changes with it, and the running release neither knows the new label when it reads nor
may write the old one. No lock shows it. Add the new label, let a release read both, then move the rows.

Bad:

```sql
ALTER TYPE mood RENAME VALUE 'ok' TO 'fine';
```

Good:

```sql
ALTER TYPE mood ADD VALUE 'fine';
```
"""

from migration_ls.operations.rename_enum_value import RenameEnumValue
from migration_ls.rules.finding import Severity
from migration_ls.rules.judging import Danger, Place, Verdict, step_rule


def _judge(place: Place, operation: RenameEnumValue) -> Verdict | None:
    if operation.enum not in place.script.base.enums and operation.enum in place.context.schema.enums:
        return None
    return Verdict(
        message=f"renaming `{operation.value}` of `{operation.enum}` breaks a release that still reads or writes it",
        help=f"Add `{operation.to}`, let a release read both, then move the rows in batches",
        dangers=(Danger.BREAKS,),
    )


RULE = step_rule(__name__, __doc__, _judge, on=(RenameEnumValue,), severity=Severity.WARNING)
