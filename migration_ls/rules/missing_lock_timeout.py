"""A statement that takes a strong lock without `lock_timeout` can stall the application behind a long query.

While it waits for its lock, everything that comes later waits behind it, even plain reads. With a lock timeout of a
few seconds it gives up instead, and can be tried again. `CONCURRENTLY` needs none: its waits block nobody.

Bad:

```sql
ALTER TABLE tasks ADD COLUMN priority varchar(20);
```

Good:

```sql
SET lock_timeout = '2s';
ALTER TABLE tasks ADD COLUMN priority varchar(20);
RESET lock_timeout;
```
"""

from collections.abc import Iterator

from migration_ls.operations.replay import ReplayedStatement
from migration_ls.rules import timeouts
from migration_ls.rules.finding import Finding, Severity
from migration_ls.rules.judging import rule_name, script_rule
from migration_ls.rules.rule import Script
from migration_ls.rules.wording import waits


def _check(script: Script) -> Iterator[Finding]:
    needing = [number for number, statement in enumerate(script.statements) if _needs(statement)]
    if not needing:
        return
    statement = script.statements[needing[0]]
    yield Finding(
        path=script.path,
        span=statement.statement.span,
        rule=rule_name(__name__),
        severity=Severity.INFORMATION,
        message=f"`{statement.statement.kind}` {waits(statement.effect.locks)}, and no `lock_timeout` ends the queue",
        help="Set `lock_timeout` to a few seconds before it, and try again when it is reached",
        effect=statement.effect,
        fixes=timeouts.set_for(script, needing, "lock_timeout", "2s"),
    )


def _needs(statement: ReplayedStatement) -> bool:
    return timeouts.takes_strong_lock(statement) and statement.before.session.lock_timeout is None


RULE = script_rule(__name__, __doc__, _check, severity=Severity.INFORMATION)
