"""Slow work under a strong lock without `statement_timeout` lasts as long as it lasts.

Where reads or writes wait for work that grows with the table, a statement timeout is the end of the outage. Builds
with `CONCURRENTLY`, validations and backfills block nobody and need none.

Bad:

```sql
ALTER TABLE tasks ALTER COLUMN status SET NOT NULL;
```

Good:

```sql
ALTER TABLE tasks ADD CONSTRAINT tasks_status_not_null CHECK (status IS NOT NULL) NOT VALID;
ALTER TABLE tasks VALIDATE CONSTRAINT tasks_status_not_null;
ALTER TABLE tasks ALTER COLUMN status SET NOT NULL;
```
"""

from collections.abc import Iterator

from migration_ls.operations.replay import ReplayedStatement
from migration_ls.rules import timeouts
from migration_ls.rules.finding import Finding, Severity
from migration_ls.rules.judging import rule_name, script_rule
from migration_ls.rules.rule import Script
from migration_ls.rules.wording import blocks_for_work


def _check(script: Script) -> Iterator[Finding]:
    needing = [number for number, statement in enumerate(script.statements) if _needs(statement)]
    if not needing:
        return
    statement = script.statements[needing[0]]
    kind = statement.statement.kind
    yield Finding(
        path=script.path,
        span=statement.statement.span,
        rule=rule_name(__name__),
        severity=Severity.INFORMATION,
        message=f"`{kind}` {blocks_for_work(statement.effect)}, and no `statement_timeout` ends it",
        help="Set `statement_timeout` to what the application can bear before it",
        effect=statement.effect,
        fixes=timeouts.set_for(script, needing, "statement_timeout", "30s"),
    )


def _needs(statement: ReplayedStatement) -> bool:
    return (
        timeouts.takes_strong_lock(statement)
        and statement.effect.work_grows
        and statement.before.session.statement_timeout is None
    )


RULE = script_rule(__name__, __doc__, _check, severity=Severity.INFORMATION)
