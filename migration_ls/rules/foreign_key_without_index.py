"""A foreign key without an index on its columns makes every DELETE of a referenced row read the whole table.

PostgreSQL indexes the referenced side only. When a row there is deleted or its key changes, the referring rows are
looked for, and without an index that is a scan for each row.

Bad:

```sql
ALTER TABLE tasks ADD CONSTRAINT fk_tasks_user_id FOREIGN KEY (user_id) REFERENCES users (id) NOT VALID;
```

Good:

```sql
CREATE INDEX CONCURRENTLY idx_tasks_user_id ON tasks (user_id);
ALTER TABLE tasks ADD CONSTRAINT fk_tasks_user_id FOREIGN KEY (user_id) REFERENCES users (id) NOT VALID;
```
"""

from collections.abc import Iterator

from migration_ls.operations.add_column import AddColumn
from migration_ls.operations.add_constraint import AddConstraint
from migration_ls.operations.create_table import CreateTable
from migration_ls.operations.union import Operation
from migration_ls.rules.finding import Finding, Severity
from migration_ls.rules.judging import part_of, rule_name, script_rule
from migration_ls.rules.rule import Script
from migration_ls.rules.wording import quoted
from migration_ls.schema.names import Name
from migration_ls.schema.tables import ForeignKey, Table


def _check(script: Script) -> Iterator[Finding]:
    if not script.statements:
        return
    final = script.statements[-1].after.schema
    for statement in script.statements:
        for clause in statement.statement.clauses:
            for name, key in _keys(clause.operation):
                table = final.table(name)
                if table is None or _is_indexed(table, key.columns) or not all(table.column(c) for c in key.columns):
                    continue
                yield Finding(
                    path=script.path,
                    span=part_of(clause, f"column {key.columns[0]}", f"constraint {key.name}"),
                    rule=rule_name(__name__),
                    severity=Severity.INFORMATION,
                    message=(
                        f"no index begins with {quoted(key.columns)} of `{name}`, "
                        f"so every DELETE of a row of `{key.ref_table}` reads the whole table"
                    ),
                    help="Index the columns of the foreign key",
                )


def _keys(operation: Operation) -> list[tuple[Name, ForeignKey]]:
    match operation:
        case AddConstraint(table=table, constraint=ForeignKey() as key):
            return [(table, key)]
        case AddColumn(table=table, constraints=constraints):
            return [(table, item) for item in constraints if isinstance(item, ForeignKey)]
        case CreateTable(table=made):
            return [(made.name, key) for key in made.foreign_keys]
        case _:
            return []


def _is_indexed(table: Table, columns: tuple[str, ...]) -> bool:
    keys = [table.primary_key.columns] if table.primary_key else []
    keys += [unique.columns for unique in table.uniques]
    keys += [index.columns for index in table.indexes if index.where is None and index.parts[0].is_expression is False]
    return any(set(key[: len(columns)]) == set(columns) for key in keys)


RULE = script_rule(__name__, __doc__, _check, severity=Severity.INFORMATION)
