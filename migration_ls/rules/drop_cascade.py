"""`CASCADE` drops objects that the statement does not name.

Views, foreign keys, columns and indexes that depend on the object go with it without a word, and what used them
fails. Drop them one by one, so that the file says what goes.

Bad:

```sql
DROP TABLE users CASCADE;
```

Good:

```sql
-- schema: CREATE TABLE drafts (id integer);
-- migration-ls: ignore[drop-table] empty since release 12
DROP TABLE drafts;
```
"""

from migration_ls.operations.drop_column import DropColumn
from migration_ls.operations.drop_constraint import DropConstraint
from migration_ls.operations.drop_index import DropIndex
from migration_ls.operations.drop_table import DropTable
from migration_ls.operations.drop_type import DropType
from migration_ls.operations.drop_view import DropView
from migration_ls.rules.finding import Severity
from migration_ls.rules.judging import Danger, Place, Verdict, step_rule
from migration_ls.rules.wording import quoted
from migration_ls.schema.schema import Schema

_Drop = DropColumn | DropConstraint | DropIndex | DropTable | DropType | DropView


def _judge(place: Place, operation: _Drop) -> Verdict | None:
    if not operation.cascade or place.effect.fails_always:
        return None
    gone = _dependents(place.context.schema, operation)
    words = f"also drops {quoted(gone)}" if gone else "also drops whatever depends on it"
    return Verdict(
        message=f"`CASCADE` {words}, which the file does not name",
        help="Drop the dependents one by one, without `CASCADE`",
        dangers=(Danger.BREAKS,) if gone and not isinstance(operation, DropConstraint) else (Danger.ADVICE,),
    )


def _dependents(schema: Schema, operation: _Drop) -> list[str]:
    match operation:
        case DropTable(name=name):
            views = [str(view.name) for view in schema.views.values() if name in view.reads]
            keys = [
                key.name or f"a foreign key of {table.name}"
                for table in schema.referencing(name)
                for key in table.foreign_keys
                if key.ref_table == name and table.name != name
            ]
            return [*views, *keys]
        case DropView(name=name):
            return [str(view.name) for view in schema.views.values() if name in view.reads]
        case DropColumn(table=name, column=column):
            return [str(view.name) for view in schema.views.values() if (name, column) in view.columns]
        case DropType(name=name):
            return [
                f"{table.name}.{column.name}"
                for table in schema.tables.values()
                for column in table.columns
                if column.type.name == name.sql
            ]
        case DropConstraint(table=name, constraint=constraint):
            found = schema.table(name)
            key = found.constraint(constraint) if found else None
            columns = getattr(key, "columns", ())
            return [
                other.name or f"a foreign key of {table.name}"
                for table in schema.referencing(name)
                for other in table.foreign_keys
                if other.ref_table == name and columns and set(other.ref_columns or columns) == set(columns)
            ]
        case DropIndex():
            return []


RULE = step_rule(
    __name__,
    __doc__,
    _judge,
    on=(DropColumn, DropConstraint, DropIndex, DropTable, DropType, DropView),
    severity=Severity.WARNING,
)
