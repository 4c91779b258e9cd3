"""A column that goes while another of its type comes is often a rename, and its values are lost on the way.

Tools that compare models with a database see a renamed field as one that went and one that came. PostgreSQL keeps the
values only where it is told `RENAME COLUMN`, or where they are copied.

Bad:

```sql
ALTER TABLE tasks DROP COLUMN description;
ALTER TABLE tasks ADD COLUMN details text;
```

Good:

```sql
ALTER TABLE tasks ADD COLUMN details text;
UPDATE tasks SET details = description WHERE id BETWEEN 1 AND 1000 AND details IS NULL;
```
"""

from collections.abc import Iterator

from migration_ls.operations.add_column import AddColumn
from migration_ls.operations.drop_column import DropColumn
from migration_ls.rules.finding import Finding, Severity
from migration_ls.rules.judging import rule_name, script_rule
from migration_ls.rules.rule import Script


def _check(script: Script) -> Iterator[Finding]:
    steps = [(step, step.clause.operation) for item in script.statements for step in item.steps]
    added = [operation for _, operation in steps if isinstance(operation, AddColumn)]
    for step, operation in steps:
        if not isinstance(operation, DropColumn) or script.generated:
            continue
        before = script.base.table(operation.table)
        old = before.column(operation.column) if before else None
        alike = [
            new.column.name
            for new in added
            if old is not None
            and new.table == operation.table
            and new.column.type == old.type
            and new.column.generated is None
            and new.column.name != old.name
        ]
        if len(alike) == 1:
            yield Finding(
                path=script.path,
                span=step.clause.span,
                rule=rule_name(__name__),
                severity=Severity.INFORMATION,
                message=f"`{operation.table}.{operation.column}` goes and `{alike[0]}` of the same type comes",
                help="Where the values are to be kept, rename the column or copy them first",
                effect=step.effect,
            )


RULE = script_rule(__name__, __doc__, _check, severity=Severity.INFORMATION)
