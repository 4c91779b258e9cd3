"""A suppression that suppresses nothing hides the next hazard of that name.

The statement was changed, moved or made safe, or the name of the rule is not right. Take the comment away.

Bad:

```sql
-- migration-ls: ignore[drop-table] empty since release 12
ALTER TABLE tasks ADD COLUMN priority varchar(20);
```

Good:

```sql
-- schema: CREATE TABLE drafts (id integer);
-- migration-ls: ignore[drop-table] empty since release 12
DROP TABLE drafts;
```
"""

from collections.abc import Iterator

from migration_ls.rules.finding import Finding, Severity
from migration_ls.rules.judging import script_rule
from migration_ls.rules.rule import Script


def _check(script: Script) -> Iterator[Finding]:
    """Nothing by itself: what is unused is known when every other rule has looked, see `suppressions.apply`."""
    del script
    yield from ()


RULE = script_rule(__name__, __doc__, _check, severity=Severity.INFORMATION)
