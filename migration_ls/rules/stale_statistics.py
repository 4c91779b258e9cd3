"""A change of type drops the column's statistics, and a bulk change makes them wrong; plans follow them.

Until `ANALYZE` has run, by hand or by autovacuum, the planner guesses: an index that served a query may be left aside.

Bad:

```sql
ALTER TABLE tasks ALTER COLUMN status TYPE text;
```

Good:

```sql
ALTER TABLE tasks ALTER COLUMN status TYPE text;
ANALYZE tasks (status);
```
"""

from migration_ls.operations.change_rows import ChangeRows
from migration_ls.operations.maintain import Maintain
from migration_ls.operations.set_type import SetType
from migration_ls.postgres.quoting import identifier
from migration_ls.rules import fixing
from migration_ls.rules.finding import Severity
from migration_ls.rules.judging import Danger, Place, Verdict, step_rule
from migration_ls.schema.names import Name


def _judge(place: Place, operation: SetType | ChangeRows) -> Verdict | None:
    table = operation.table
    if table is None or place.script.generated or place.is_fresh(table) or _analysed_behind(place, table):
        return None
    if isinstance(operation, SetType):
        if place.effect.fails_always or not place.is_old(table, (operation.column,)):
            return None
        message = f"the statistics of `{table}.{operation.column}` are gone with its type"
        lines = [f"ANALYZE {table.sql} ({identifier(operation.column)});"]
    elif table in place.effect.touches_rows and operation.kind in {"update", "insert", "merge"}:
        message = f"the statistics of `{table}` are those from before the change"
        lines = [f"ANALYZE {table.sql};"]
    else:
        return None
    edit = fixing.after_transaction(place, lines)
    return Verdict(
        message=message,
        help=f"Run `ANALYZE` on `{table}` afterwards",
        dangers=(Danger.NOTE,),
        fixes=fixing.offered(fixing.one_fix(f"Add {lines[0].rstrip(';')}", [edit] if edit else [])),
    )


def _analysed_behind(place: Place, table: Name) -> bool:
    """Whether the file takes the statistics of the table again, later on."""
    return any(
        isinstance(item, Maintain) and (not item.tables or table in item.tables)
        for statement in place.script.statements[place.number + 1 :]
        for item in statement.statement.operations
    )


RULE = step_rule(__name__, __doc__, _judge, on=(SetType, ChangeRows), severity=Severity.HINT)
