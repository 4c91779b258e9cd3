"""A migration that changes a table which a later migration makes fails on every empty database.

On the developer's machine the table is there, because the later migration ran first. Where all of them run in order,
in CI or on a new server, the first statement that needs it fails.

Bad:

```text
003_notes.sql     ALTER TABLE projects ADD COLUMN note text;
004_projects.sql  CREATE TABLE projects (id bigint PRIMARY KEY);
```

Good:

```text
003_projects.sql  CREATE TABLE projects (id bigint PRIMARY KEY);
004_notes.sql     ALTER TABLE projects ADD COLUMN note text;
```
"""

from collections.abc import Iterator

from migration_ls.operations.create_table import CreateTable
from migration_ls.operations.effect import Hazard
from migration_ls.rules.finding import Finding, Severity
from migration_ls.rules.judging import deploy_rule, rule_name
from migration_ls.rules.rule import Deploy
from migration_ls.schema.names import Name


def _check(deploy: Deploy) -> Iterator[Finding]:
    made: dict[Name, int] | None = None
    for number, script in enumerate(deploy.history):
        for statement in script.statements:
            if Hazard.MISSING not in statement.effect.fails_always:
                continue
            made = _made(deploy) if made is None else made
            for step in statement.steps:
                table = getattr(step.clause.operation, "table", None)
                if Hazard.MISSING not in step.effect.fails_always or not isinstance(table, Name):
                    continue
                if step.context.schema.kind(table) is None and made.get(table, -1) > number:
                    later = deploy.title(deploy.history[made[table]].path)
                    yield Finding(
                        path=script.path,
                        span=step.clause.span,
                        rule=rule_name(__name__),
                        severity=Severity.ERROR,
                        message=f"`{table}` is made by `{later}`, which runs after this migration",
                        help="Give this migration a later version, or the other an earlier one",
                        effect=step.effect,
                    )


def _made(deploy: Deploy) -> dict[Name, int]:
    """Which of the migrations makes each table first."""
    found: dict[Name, int] = {}
    for number, script in enumerate(deploy.history):
        for statement in script.statements:
            for operation in statement.statement.operations:
                if isinstance(operation, CreateTable):
                    found.setdefault(operation.table.name, number)
    return found


RULE = deploy_rule(__name__, __doc__, _check, severity=Severity.ERROR)
