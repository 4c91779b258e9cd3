"""A transaction that holds a strong lock outlives a client that hangs, unless a timeout ends it.

Between two statements nothing but `idle_in_transaction_session_timeout` (from 17 on also `transaction_timeout`) ends a
session whose client stopped answering: its lock stays, and everybody waits for it. A script that psql runs to its end
never pauses; one that somebody types, or whose connection breaks, does.

Bad:

```sql
BEGIN;
SET LOCAL lock_timeout = '2s';
ALTER TABLE tasks ADD COLUMN priority varchar(20);
COMMIT;
```

Good:

```sql
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL idle_in_transaction_session_timeout = '10s';
ALTER TABLE tasks ADD COLUMN priority varchar(20);
COMMIT;
```
"""

from collections.abc import Iterator

from migration_ls.operations.set_setting import SetSetting
from migration_ls.rules import fixing, timeouts
from migration_ls.rules.finding import Finding, Severity
from migration_ls.rules.judging import rule_name, script_rule
from migration_ls.rules.layout import lay_out
from migration_ls.rules.rule import Script
from migration_ls.rules.wording import waits

_SETTING = "idle_in_transaction_session_timeout"
_SETTINGS = frozenset({_SETTING, "transaction_timeout"})


def _check(script: Script) -> Iterator[Finding]:
    if script.generated:
        return
    layout = lay_out(script.statements)
    needing: list[int] = []
    for number, statement in enumerate(script.statements):
        for operation in statement.statement.operations:
            if isinstance(operation, SetSetting) and operation.name in _SETTINGS:
                return
        block = layout.of[number]
        if block is not None and block.begin is not None and timeouts.takes_strong_lock(statement):
            needing.append(number)
    if needing:
        statement = script.statements[needing[0]]
        yield Finding(
            path=script.path,
            span=statement.statement.span,
            rule=rule_name(__name__),
            severity=Severity.HINT,
            message=f"`{statement.statement.kind}` {waits(statement.effect.locks)}, and a client that hangs keeps it",
            help=f"Set `{_SETTING}` to some seconds in the transaction",
            effect=statement.effect,
            fixes=fixing.offered(timeouts.set_for(script, needing, _SETTING, "10s")),
        )


RULE = script_rule(__name__, __doc__, _check, severity=Severity.HINT)
