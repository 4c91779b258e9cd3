"""An index that one migration builds and another of the same deploy drops, or builds anew, was built for nothing.

Building takes a scan of the table and room on disk. A later change of the column's type, or a rewrite of the table,
builds every index again; a later drop of the column takes the index with it.

Bad:

```text
003_index.sql   CREATE INDEX CONCURRENTLY orders_status ON orders (status);
004_status.sql  ALTER TABLE orders ALTER COLUMN status TYPE integer USING status::integer;
```

Good:

```text
003_status.sql  ALTER TABLE orders ALTER COLUMN status TYPE integer USING status::integer;
004_index.sql   CREATE INDEX CONCURRENTLY orders_status ON orders (status);
```
"""

from collections.abc import Iterator

from migration_ls.operations.create_index import CreateIndex
from migration_ls.operations.drop_column import DropColumn
from migration_ls.operations.drop_index import DropIndex
from migration_ls.operations.replay import Step
from migration_ls.rules.finding import Finding, Severity
from migration_ls.rules.judging import deploy_rule, rule_name
from migration_ls.rules.rule import Deploy, Script
from migration_ls.schema.names import Name


def _check(deploy: Deploy) -> Iterator[Finding]:
    if len(deploy.scripts) < 2:
        return
    built: dict[Name, tuple[Script, Step, CreateIndex]] = {}
    for script in deploy.scripts:
        for statement in script.statements:
            for step in statement.steps:
                for name in [name for name, made in built.items() if _undone(step, name, made, script)]:
                    first, place, _ = built.pop(name)
                    yield Finding(
                        path=first.path,
                        span=place.clause.span,
                        rule=rule_name(__name__),
                        severity=Severity.INFORMATION,
                        message=f"`{name}` is built here, and `{deploy.title(script.path)}` undoes that",
                        help="Build it after the other migration, or leave it out",
                        effect=place.effect,
                    )
                operation = step.clause.operation
                if isinstance(operation, CreateIndex) and operation.index.name and deploy.was_there(operation.table):
                    built[Name(operation.index.name, operation.table.namespace)] = script, step, operation


def _undone(step: Step, name: Name, made: tuple[Script, Step, CreateIndex], script: Script) -> bool:
    """Whether the step of a later script drops the index, or has it built once more."""
    first, _, built = made
    if first.path == script.path or first.generated or script.generated:
        return False
    match step.clause.operation:
        case DropIndex(name=dropped):
            return dropped == name
        case DropColumn(table=table, column=column):
            return table == built.table and built.index.uses(column)
        case _:
            return built.table in step.effect.rewrites or name.name in step.effect.builds


RULE = deploy_rule(__name__, __doc__, _check, severity=Severity.INFORMATION)
