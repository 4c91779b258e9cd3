"""The effect of the statement is not known.

Dynamic SQL, the DDL of an extension, or a statement that could not be read: it may lock, rewrite or drop anything,
and what is said about the statements after it may be wrong. Write the statement out where that is possible.

Bad:

```sql
DO $$ BEGIN EXECUTE 'ALTER TABLE ' || current_setting('app.table') || ' ADD COLUMN x integer'; END $$;
```

Good:

```sql
ALTER TABLE tasks ADD COLUMN x integer;
```
"""

from migration_ls.operations.union import Operation
from migration_ls.rules.finding import Severity
from migration_ls.rules.judging import Danger, Place, Verdict, step_rule


def _judge(place: Place, operation: Operation) -> Verdict | None:  # noqa: ARG001
    if place.effect.analysed:
        return None
    kind = place.statement.statement.kind or "statement"
    reason = f": {place.effect.reason}" if place.effect.reason else ""
    return Verdict(
        message=f"`{kind}` was not analysed{reason}",
        help="Write the statement out, or look at its locks and its work yourself",
        dangers=(Danger.ADVICE,),
    )


RULE = step_rule(__name__, __doc__, _judge, on=(), severity=Severity.INFORMATION)
