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

import re

from migration_ls.operations.effect import locks
from migration_ls.operations.opaque import Opaque
from migration_ls.postgres.locks import LockMode
from migration_ls.rules.finding import Severity
from migration_ls.rules.judging import Danger, Place, Verdict, step_rule
from migration_ls.rules.wording import quoted, waits
from migration_ls.schema.names import Name

_PROVES = re.compile(
    r"""ALTER\s+DOMAIN\s+(?:"?(?P<namespace>\w+)"?\.)?"?(?P<name>\w+)"?\s+
    (?:ADD\s+(?:CONSTRAINT\s+\S+\s+)?(?:CHECK|NOT\s+NULL)|SET\s+NOT\s+NULL|VALIDATE\s+CONSTRAINT)""",
    re.IGNORECASE | re.VERBOSE,
)
_NOT_VALID = re.compile(r"\bNOT\s+VALID\s*\Z", re.IGNORECASE)


def _judge(place: Place, operation: Opaque) -> Verdict | None:  # noqa: ARG001
    sql = place.statement.statement.sql
    match = _PROVES.match(sql) if place.statement.statement.kind == "ALTER DOMAIN" else None
    if match is None or _NOT_VALID.search(sql):
        return None
    domain = Name(match["name"], match["namespace"] or "public")
    tables = [
        table.name
        for table in place.context.schema.tables.values()
        if not place.is_fresh(table.name) and any(column.type.element.name == str(domain) for column in table.columns)
    ]
    if not tables:
        return None
    consequence = waits(locks(LockMode.SHARE, *tables), f"until every row of {quoted(tables)} is read")
    return Verdict(
        message=f"`ALTER DOMAIN` of `{domain}` {consequence}",
        help="Add the constraint `NOT VALID`, and look for values that do not fit before it is validated",
        dangers=(Danger.BLOCKS, Danger.MAY_FAIL),
        blocked=tuple(tables),
    )


RULE = step_rule(__name__, __doc__, _judge, on=(Opaque,), severity=Severity.WARNING)
