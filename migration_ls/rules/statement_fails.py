"""The statement fails on every database with this schema.

It speaks of an object that is not there at this point, makes one that is there already, drops one that others depend
on, or asks for what PostgreSQL does not do. The schema is that of everything that runs before it.

Bad:

```sql
ALTER TABLE tasks DROP CONSTRAINT chk_tasks_missing;
```

Good:

```sql
ALTER TABLE tasks DROP CONSTRAINT IF EXISTS chk_tasks_missing;
```
"""

from collections import Counter

from migration_ls.operations.change_rows import ChangeRows
from migration_ls.operations.effect import Hazard
from migration_ls.operations.lock_table import LockTable
from migration_ls.operations.union import Operation
from migration_ls.rules.finding import Severity
from migration_ls.rules.judging import Danger, Place, Verdict, step_rule

_HELP = {
    Hazard.MISSING: "Correct the name, or make the object before it is used",
    Hazard.EXISTS: "Remove the statement, or write `IF NOT EXISTS` where PostgreSQL takes it",
    Hazard.DEPENDENTS: "Change what depends on it first",
    Hazard.SYNTAX: "Write it in a form that the major has, or set `postgres` to the major that runs it",
    Hazard.TRANSACTION: "Put it after `BEGIN`, or commit before it",
    Hazard.OVERFLOW: "Say with `USING` how the values are made",
}


def _judge(place: Place, operation: Operation) -> Verdict | None:
    # other rules speak of what cannot stand in a transaction block, and of LOCK TABLE outside of one
    told = place.effect.transaction_forbidden or isinstance(operation, LockTable)
    hazards = [hazard for hazard in place.effect.fails_always if hazard is not Hazard.TRANSACTION or not told]
    if hazards:
        return Verdict(
            message=f"`{place.statement.statement.kind}` fails: {place.effect.reason or hazards[0].value}",
            help=_HELP.get(hazards[0], "Change the statement"),
            dangers=(Danger.FAILS,),
        )
    if isinstance(operation, ChangeRows) and operation.kind in {"insert", "update"}:
        twice = [column for column, count in Counter(operation.columns).items() if count > 1]
        if twice:
            return Verdict(
                message=f"`{place.statement.statement.kind}` fails: it writes the column `{twice[0]}` twice",
                help="Write each column once",
                dangers=(Danger.FAILS,),
            )
    return None


RULE = step_rule(__name__, __doc__, _judge, on=(), severity=Severity.ERROR)
