"""A table that is written anew takes its size again on disk, and as much in the WAL and on replicas.

The old files are removed when the transaction commits. A full disk stops the server; a replica lags by the whole size.

Bad:

```sql
-- sizes: tasks=5000000000
ALTER TABLE tasks ALTER COLUMN id TYPE bigint;
```

Good:

```sql
-- sizes: tasks=5000000000
ALTER TABLE tasks ADD COLUMN id_new bigint;
```
"""

from collections.abc import Iterator

from migration_ls.rules.finding import Finding, Severity
from migration_ls.rules.judging import rule_name, script_rule
from migration_ls.rules.rule import Script

_LARGE = 1_000_000_000


def _check(script: Script) -> Iterator[Finding]:
    sizes = script.settings.sizes
    for statement in script.statements if sizes else ():
        large = [name for name in statement.effect.rewrites if sizes.get(name, 0) >= _LARGE]
        if large:
            known = ", ".join(f"`{name}` takes {sizes[name] / 1e9:.1f} GB" for name in large)
            yield Finding(
                path=script.path,
                span=statement.statement.span,
                rule=rule_name(__name__),
                severity=Severity.INFORMATION,
                message=f"{known}, and is written once more beside itself, into the WAL and on every replica",
                help="Look for the free space and the lag that this takes, or go by a new column",
                effect=statement.effect,
            )


RULE = script_rule(__name__, __doc__, _check, severity=Severity.INFORMATION)
