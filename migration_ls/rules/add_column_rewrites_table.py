"""A new column whose value differs from row to row makes PostgreSQL write the whole table anew.

A constant default costs nothing: it is kept in the catalog. A volatile default (`gen_random_uuid()`,
`clock_timestamp()`, `random()`), `SERIAL`, identity, a stored generated column, and a default of a domain with
constraints need a value per row: table and indexes are rewritten under ACCESS EXCLUSIVE. `now()` is stable, so it is
no problem.

Bad:

```sql
ALTER TABLE tasks ADD COLUMN token uuid DEFAULT gen_random_uuid();
```

Good:

```sql
ALTER TABLE tasks ADD COLUMN token uuid;
ALTER TABLE tasks ALTER COLUMN token SET DEFAULT gen_random_uuid();
```

Give the old rows their values in batches afterwards. For numbers make a sequence and use `nextval` as the default;
for computed values use a trigger and a backfill.
"""

from migration_ls.operations.add_column import AddColumn
from migration_ls.rules.finding import Severity
from migration_ls.rules.judging import Danger, Place, Verdict, step_rule
from migration_ls.rules.wording import because, blocks_for_work


def _judge(place: Place, operation: AddColumn) -> Verdict | None:
    if not place.effect.rewrites:
        return None
    reason = because(place.effect)
    return Verdict(
        message=f"`ADD COLUMN {operation.column.name}` {blocks_for_work(place.effect)}{reason}",
        help=_help(operation),
        dangers=(Danger.BLOCKS,),
        blocked=place.effect.rewrites,
    )


def _help(operation: AddColumn) -> str:
    column = operation.column
    if column.generated:
        return "Add a plain column, keep it up to date by a trigger, and fill the old rows in batches"
    if column.autoincrement or column.identity:
        return "Add a plain column, set a default of `nextval`, and number the old rows in batches"
    return "Add the column without a default, set the default after it, and fill the old rows in batches"


RULE = step_rule(__name__, __doc__, _judge, on=(AddColumn,), severity=Severity.WARNING)
