"""A suppression has to say why.

The reason stands behind the rule and is what the next reader needs. Without one nothing is suppressed.

Bad:

```sql
-- migration-ls: ignore[drop-column]
ALTER TABLE tasks DROP COLUMN description;
```

Good:

```sql
-- migration-ls: ignore[drop-column] unused since release 41
ALTER TABLE tasks DROP COLUMN description;
```
"""

from collections.abc import Iterator

from migration_ls.rules.finding import Finding, Severity
from migration_ls.rules.judging import script_rule
from migration_ls.rules.rule import Script


def _check(script: Script) -> Iterator[Finding]:
    """Nothing by itself: comments of every language are read by `suppressions.without_reason`."""
    del script
    yield from ()


RULE = script_rule(__name__, __doc__, _check, severity=Severity.INFORMATION)
