"""A new constraint of a domain reads every table that uses it while their writes wait.

`ALTER DOMAIN ... ADD CONSTRAINT` and `SET NOT NULL` take SHARE on each table with a column of the domain, read all
its rows, and fail at the first value that does not fit. `NOT VALID` skips the old rows; `VALIDATE CONSTRAINT` proves
them later.

Bad:

```sql
-- schema: CREATE DOMAIN score AS integer; CREATE TABLE games (id integer PRIMARY KEY, score score);
ALTER DOMAIN score ADD CONSTRAINT score_positive CHECK (VALUE > 0);
```

Good:

```sql
-- schema: CREATE DOMAIN score AS integer; CREATE TABLE games (id integer PRIMARY KEY, score score);
ALTER DOMAIN score ADD CONSTRAINT score_positive CHECK (VALUE > 0) NOT VALID;
```
"""

from migration_ls.operations.alter_domain import AlterDomain
from migration_ls.rules.finding import Severity
from migration_ls.rules.judging import Danger, Place, Verdict, step_rule
from migration_ls.rules.wording import quoted, waits


def _judge(place: Place, operation: AlterDomain) -> Verdict | None:
    tables = place.effect.scans
    if not tables:
        return None
    consequence = waits(place.effect.locks, f"until every row of {quoted(tables)} is read")
    return Verdict(
        message=f"`ALTER DOMAIN` of `{operation.domain}` {consequence}",
        help="Add the constraint `NOT VALID`, and look for values that do not fit before it is validated",
        dangers=(Danger.BLOCKS, Danger.MAY_FAIL),
        blocked=tables,
    )


RULE = step_rule(__name__, __doc__, _judge, on=(AlterDomain,), severity=Severity.WARNING)
