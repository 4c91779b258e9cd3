"""A `lock_timeout` of zero or of many seconds protects nobody.

Zero means no timeout at all. Everything that comes after the waiting statement waits as long as it does, so the
timeout is the longest stall the application may feel: a few seconds at most.

Bad:

```sql
SET lock_timeout = '5min';
ALTER TABLE tasks ADD COLUMN priority varchar(20);
```

Good:

```sql
SET lock_timeout = '2s';
ALTER TABLE tasks ADD COLUMN priority varchar(20);
```
"""

from collections.abc import Iterator

from migration_ls.rules import timeouts
from migration_ls.rules.finding import Finding, Severity
from migration_ls.rules.judging import rule_name, script_rule
from migration_ls.rules.rule import Script

_LONGEST = 10_000


def _check(script: Script) -> Iterator[Finding]:
    for statement in script.statements:
        timeout = statement.before.session.lock_timeout
        if timeout is None or 0 < timeout <= _LONGEST or not timeouts.takes_strong_lock(statement):
            continue
        value = f"{timeout / 1000:g} s" if timeout else "0"
        consequence = "lets the application wait that long" if timeout else "switches it off"
        yield Finding(
            path=script.path,
            span=statement.statement.span,
            rule=rule_name(__name__),
            severity=Severity.INFORMATION,
            message=f"a `lock_timeout` of {value} before `{statement.statement.kind}` {consequence}",
            help="Set `lock_timeout` to a few seconds",
            effect=statement.effect,
        )
        return


RULE = script_rule(__name__, __doc__, _check, severity=Severity.INFORMATION)
