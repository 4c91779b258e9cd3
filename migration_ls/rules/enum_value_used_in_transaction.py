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

from migration_ls.operations.add_enum_value import AddEnumValue
from migration_ls.operations.replay import ReplayedStatement
from migration_ls.postgres.quoting import literal
from migration_ls.rules.finding import Finding, Severity
from migration_ls.rules.judging import rule_name, script_rule
from migration_ls.rules.rule import Script
from migration_ls.schema.names import Name


def _check(script: Script) -> Iterator[Finding]:
    for statement in script.statements:
        transaction = statement.before.transaction
        if transaction is None or not transaction.added_values:
            continue
        for enum, value in sorted(transaction.added_values):
            begun_with = statement.before.transaction_start
            old = begun_with is None or enum in begun_with.enums
            if old and _uses(statement, enum, value):
                yield Finding(
                    path=script.path,
                    span=statement.statement.span,
                    rule=rule_name(__name__),
                    severity=Severity.ERROR,
                    message=f"the label `{value}` of `{enum}` cannot be used in the transaction that adds it",
                    help="Commit after `ADD VALUE`, before the label is used",
                    effect=statement.effect,
                )
                break


def _uses(statement: ReplayedStatement, enum: Name, value: str) -> bool:
    """Whether the label stands in the statement, which names the type or a table with a column of it."""
    sql = statement.statement.sql
    if literal(value) not in sql or any(isinstance(item, AddEnumValue) for item in statement.statement.operations):
        return False
    if statement.statement.kind.startswith(("COMMENT", "DO")):
        return False
    tables = {lock.relation for step in statement.steps for lock in step.raw_effect.locks}
    for name in tables:
        table = statement.after.schema.table(name)
        if table and any(column.type.element.name in {enum.name, str(enum)} for column in table.columns):
            return True
    return enum.name in sql


RULE = script_rule(__name__, __doc__, _check, severity=Severity.ERROR)
