"""Dropping a schema, a sequence, a type with its columns or a database destroys what is in it.

`DROP SCHEMA ... CASCADE` takes every table of the schema, `DROP TYPE ... CASCADE` every column of the type, `DROP
SEQUENCE` the number that was reached, after which a new sequence hands out numbers that are taken.

Bad:

```sql
-- schema: CREATE SCHEMA billing; CREATE TABLE billing.invoices (id integer PRIMARY KEY);
DROP SCHEMA billing CASCADE;
```

Good:

```sql
-- schema: CREATE SCHEMA billing;
DROP SCHEMA billing;
```
"""

from migration_ls.operations.drop_namespace import DropNamespace
from migration_ls.operations.drop_sequence import DropSequence
from migration_ls.operations.drop_type import DropType
from migration_ls.operations.inert import Inert
from migration_ls.operations.opaque import Opaque
from migration_ls.rules.finding import Severity
from migration_ls.rules.judging import Danger, Place, Verdict, step_rule
from migration_ls.schema.dependents import made_by


def _judge(place: Place, operation: DropNamespace | DropSequence | DropType | Inert | Opaque) -> Verdict | None:
    kind = place.statement.statement.kind
    loses = _ALL.get(kind) if isinstance(operation, Inert | Opaque) else place.effect.loses
    if not loses or (isinstance(operation, DropSequence) and _counts_on(place, operation)):
        return None
    return Verdict(
        message=f"`{kind}` loses {loses}",
        help="Move what is still needed elsewhere first; where the loss is meant, say so with a reason",
        dangers=(Danger.LOSES, Danger.BREAKS),
    )


def _counts_on(place: Place, operation: DropSequence) -> bool:
    """Whether another sequence takes over in the same transaction, set to go on from where this one was."""
    made = made_by(place.script.base, operation.name)
    table = place.schema_after_transaction().table(made[0].name) if made else None
    column = table.column(made[1].name) if table and made else None
    later = (item.statement.sql.lower() for item in place.script.statements[place.number + 1 :])
    return (
        column is not None
        and (bool(column.identity) or column.autoincrement)
        and any("setval" in sql or "restart" in sql for sql in later)
    )


_ALL = {"DROP DATABASE": "everything in the database", "DROP OWNED": "everything that the role owns"}


RULE = step_rule(
    __name__, __doc__, _judge, on=(DropNamespace, DropSequence, DropType, Inert, Opaque), severity=Severity.ERROR
)
