"""A default that lives in Python only gives existing rows no value, and breaks INSERTs of the previous release.

`Field(default="medium")` fills objects that the new code makes; the database never hears of it. Existing rows have no
value for a NOT NULL column, and the release that is running does not know the column at all. Give it a
`server_default`, in SQLModel `sa_column_kwargs={"server_default": "medium"}`; `migration-ls generate` writes a
default into the migration.

Bad:

```python
priority: str = Field(default="medium", max_length=20)
```

Good:

```python
priority: str = Field(default="medium", max_length=20, sa_column_kwargs={"server_default": "medium"})
```
"""

from migration_ls.operations.add_column import AddColumn
from migration_ls.operations.effect import Hazard
from migration_ls.rules.finding import Severity
from migration_ls.rules.judging import Danger, Place, Verdict, step_rule


def _judge(place: Place, operation: AddColumn) -> Verdict | None:
    column = operation.column
    if not place.script.requested or column.python_default is None or Hazard.REQUIRED not in place.effect.breaks:
        return None
    name = f"`{operation.table}.{column.name}`"
    return Verdict(
        message=(
            f"existing rows and the previous release's INSERTs have no value for {name}: "
            "the default lives only in Python"
        ),
        help="Give it a `server_default`, or run `migration-ls generate`, which writes one into the migration",
        dangers=(Danger.MAY_FAIL, Danger.BREAKS),
    )


RULE = step_rule(__name__, __doc__, _judge, on=(AddColumn,), severity=Severity.WARNING)
