"""A transaction that takes strong locks on several tables can deadlock with the application.

It waits for the second table while it keeps the first, and a request that uses both in another order waits the other
way round. Change one table per transaction; where several must change together, keep it short and set a lock timeout.

Bad:

```sql
BEGIN;
ALTER TABLE tasks ADD COLUMN priority varchar(20);
ALTER TABLE users ADD COLUMN nickname text;
COMMIT;
```

Good:

```sql
BEGIN;
ALTER TABLE tasks ADD COLUMN priority varchar(20);
COMMIT;
BEGIN;
ALTER TABLE users ADD COLUMN nickname text;
COMMIT;
```
"""

from collections.abc import Iterator

from migration_ls.rules.finding import Finding, Severity
from migration_ls.rules.judging import rule_name, script_rule
from migration_ls.rules.layout import Block, lay_out
from migration_ls.rules.rule import Script
from migration_ls.rules.wording import quoted


def _check(script: Script) -> Iterator[Finding]:
    for block in lay_out(script.statements).blocks:
        yield from _in_block(script, block)


def _in_block(script: Script, block: Block) -> Iterator[Finding]:
    """The first statement that locks another table than those before it."""
    for number in block.inner:
        statement = script.statements[number]
        before = statement.before.transaction
        held = {lock.relation for lock in before.held if lock.mode.blocks_writes} if before else set()
        more = [lock for lock in statement.effect.locks if lock.mode.blocks_writes and lock.relation not in held]
        if held and more:
            yield Finding(
                path=script.path,
                span=statement.statement.span,
                rule=rule_name(__name__),
                severity=Severity.INFORMATION,
                message=(
                    f"the transaction waits for {more[0].mode} on `{more[0].relation}` while it holds a strong lock on "
                    f"{quoted(sorted(held))}, so it can deadlock with the application"
                ),
                help="Give each table a transaction of its own",
                effect=statement.effect,
            )
            return


RULE = script_rule(__name__, __doc__, _check, severity=Severity.INFORMATION)
