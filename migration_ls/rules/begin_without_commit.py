"""A transaction that is never committed is undone when the session ends.

PostgreSQL says nothing and the file seems to have run, but none of it stays. The other way round, a `BEGIN` inside a
transaction is a warning only, and the first `COMMIT` ends the transaction of the migration tool.

Bad:

```sql
BEGIN;
ALTER TABLE tasks ADD COLUMN priority varchar(20);
```

Good:

```sql
BEGIN;
ALTER TABLE tasks ADD COLUMN priority varchar(20);
COMMIT;
```
"""

from collections.abc import Iterator

from migration_ls.operations.transaction_control import TransactionControl
from migration_ls.rules import fixing
from migration_ls.rules.finding import Finding, Fix, Severity
from migration_ls.rules.judging import rule_name, script_rule
from migration_ls.rules.layout import lay_out
from migration_ls.rules.rule import Script


def _check(script: Script) -> Iterator[Finding]:
    layout = lay_out(script.statements)
    for block in layout.blocks:
        if block.begin is not None and block.end is None:
            yield _finding(
                script,
                block.begin,
                Severity.ERROR,
                "the transaction is never committed, so nothing of it stays",
                "End it with `COMMIT`",
                _committed(script),
            )
    for number, statement in enumerate(script.statements):
        inside = statement.before.transaction is not None
        for operation in statement.statement.operations:
            if isinstance(operation, TransactionControl) and inside and operation.kind == "begin":
                consequence = "`BEGIN` inside a transaction begins nothing, and the next `COMMIT` ends the outer one"
                yield _finding(script, number, Severity.INFORMATION, consequence, "Remove it")
            elif isinstance(operation, TransactionControl) and not inside and operation.kind == "commit":
                consequence = "`COMMIT` stands outside a transaction and ends nothing"
                yield _finding(
                    script, number, Severity.INFORMATION, consequence, "Remove it, or add the missing `BEGIN`"
                )


def _finding(  # the fixes differ, the rest is the same
    script: Script, number: int, severity: Severity, message: str, help_: str, fixes: tuple[Fix, ...] = ()
) -> Finding:
    return Finding(
        path=script.path,
        span=script.statements[number].statement.span,
        rule=rule_name(__name__),
        severity=severity,
        message=message,
        help=help_,
        fixes=fixes,
    )


def _committed(script: Script) -> tuple[Fix, ...]:
    last = len(script.statements) - 1
    return fixing.one_fix("Commit the transaction", [fixing.lines_behind(script, last, ["COMMIT;"])])


RULE = script_rule(__name__, __doc__, _check, severity=Severity.ERROR)
