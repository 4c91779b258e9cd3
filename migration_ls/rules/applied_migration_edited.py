"""A migration that is edited after it ran makes new databases differ from production.

Runners remember versions, some of them checksums: production never sees the edit, a new database runs it. What is to
change belongs into a new migration.

Bad:

```text
002_tasks.sql (on the main branch)   ALTER TABLE tasks ADD COLUMN note text;
002_tasks.sql (here)                 ALTER TABLE tasks ADD COLUMN note varchar(200);
```

Good:

```text
002_tasks.sql (here)                 ALTER TABLE tasks ADD COLUMN note text;
003_note.sql (here)                  ALTER TABLE tasks ADD CONSTRAINT chk_note CHECK (length(note) <= 200) NOT VALID;
```
"""

from collections.abc import Iterator

from migration_ls.rules.finding import Finding, Severity
from migration_ls.rules.judging import deploy_rule, rule_name
from migration_ls.rules.rule import Deploy
from migration_ls.text.span import Span


def _check(deploy: Deploy) -> Iterator[Finding]:
    for script in deploy.history:
        if script.path in deploy.edited:
            first = script.statements[0].statement.span if script.statements else Span(0, 0)
            yield Finding(
                path=script.path,
                span=first,
                rule=rule_name(__name__),
                severity=Severity.INFORMATION,
                message=f"`{deploy.title(script.path)}` says something else than when production ran it",
                help="Put the file back, and write the change as a new migration",
            )


RULE = deploy_rule(__name__, __doc__, _check, severity=Severity.INFORMATION)
