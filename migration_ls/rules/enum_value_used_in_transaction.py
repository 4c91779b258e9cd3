"""A label that was added to an enum cannot be used in the same transaction.

PostgreSQL refuses it with "unsafe use of new value" until the transaction is committed. Put `ADD VALUE` in a
transaction or file of its own, before what uses the label.

Bad:

```sql
-- schema: CREATE TABLE moods (id integer PRIMARY KEY, mood mood);
BEGIN;
ALTER TYPE mood ADD VALUE 'great';
ALTER TABLE moods ALTER COLUMN mood SET DEFAULT 'great';
COMMIT;
```

Good:

```sql
-- schema: CREATE TABLE moods (id integer PRIMARY KEY, mood mood);
ALTER TYPE mood ADD VALUE 'great';
ALTER TABLE moods ALTER COLUMN mood SET DEFAULT 'great';
```
"""

from collections.abc import Iterator

from migration_ls.operations.effect import Hazard
from migration_ls.rules.finding import Finding, Severity
from migration_ls.rules.judging import rule_name, script_rule
from migration_ls.rules.rule import Script


def _check(script: Script) -> Iterator[Finding]:
    for statement in script.statements:
        transaction = statement.before.transaction
        if transaction is None or not transaction.added_values or statement.effect.transaction_forbidden:
            continue
        if Hazard.TRANSACTION in statement.effect.fails_always:
            yield Finding(
                path=script.path,
                span=statement.statement.span,
                rule=rule_name(__name__),
                severity=Severity.ERROR,
                message=statement.effect.reason,
                help="Commit after `ADD VALUE`, before the label is used",
                effect=statement.effect,
            )


RULE = script_rule(__name__, __doc__, _check, severity=Severity.ERROR)
