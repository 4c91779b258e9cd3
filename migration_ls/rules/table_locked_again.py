"""Several migrations of one deploy that lock one table make the application wait once for each.

Each lock queues behind the queries that run, and everything behind it waits too. Brief locks add up, and a deploy that
gives up halfway leaves half of them done.

Bad:

```text
003_priority.sql    ALTER TABLE orders ADD COLUMN priority integer;
004_channel.sql     ALTER TABLE orders ADD COLUMN channel text;
```

Good:

```text
003_priority_and_channel.sql    ALTER TABLE orders ADD COLUMN priority integer, ADD COLUMN channel text;
```
"""

from collections.abc import Iterator

from migration_ls.rules import timeouts
from migration_ls.rules.finding import Finding, Severity
from migration_ls.rules.judging import deploy_rule, rule_name
from migration_ls.rules.rule import Deploy
from migration_ls.schema.names import Name


def _check(deploy: Deploy) -> Iterator[Finding]:
    first: dict[Name, str] = {}
    written = [script for script in deploy.scripts if not script.generated]
    for script in written if len(written) > 1 else ():
        told: set[Name] = set()
        for statement in script.statements:
            if not timeouts.takes_strong_lock(statement):
                continue
            for lock in statement.effect.locks:
                name = lock.relation
                if not lock.mode.blocks_writes or not deploy.was_there(name) or script.settings.is_small(name):
                    continue
                earlier = first.setdefault(name, script.path)
                if earlier != script.path and name not in told:
                    told.add(name)
                    yield Finding(
                        path=script.path,
                        span=statement.statement.span,
                        rule=rule_name(__name__),
                        severity=Severity.INFORMATION,
                        message=f"`{name}` is locked here again, after `{deploy.title(earlier)}` of the same deploy",
                        help="Make it one migration, or deploy them at different times",
                        effect=statement.effect,
                    )


RULE = deploy_rule(__name__, __doc__, _check, severity=Severity.INFORMATION)
