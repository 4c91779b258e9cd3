"""A contract step that ships in the deploy of its expand step takes away what the running release still uses.

Between the two stands the deploy of the new release: the old one has to be gone everywhere before its columns go. Keep
the contract file back until then.

Bad:

```text
one deploy:   002_rename.sql  003_rename_contract.sql
```

Good:

```text
one deploy:   002_rename.sql
the next:     003_rename_contract.sql
```
"""

from collections.abc import Iterator

from migration_ls.rules.finding import Finding, Severity
from migration_ls.rules.judging import deploy_rule, rule_name
from migration_ls.rules.rule import Deploy
from migration_ls.text.span import Span


def _check(deploy: Deploy) -> Iterator[Finding]:
    earlier = [script for script in deploy.scripts if script.role != "contract"]
    for script in deploy.scripts:
        own = (
            [other for other in earlier if deploy.belongs(other.path, script.path)] if script.role == "contract" else []
        )
        if script.role == "contract" and own and script.statements:
            first = script.statements[0].statement.span
            yield Finding(
                path=script.path,
                span=Span(first.start, first.end),
                rule=rule_name(__name__),
                severity=Severity.INFORMATION,
                message=f"this contract step and `{deploy.title(own[0].path)}` are pending in one deploy",
                help="Run it in a later deploy, when the new release runs everywhere",
            )


RULE = deploy_rule(__name__, __doc__, _check, severity=Severity.INFORMATION)
