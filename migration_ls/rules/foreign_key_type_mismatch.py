"""A foreign key whose type is not that of the referenced column casts at every comparison, or overflows.

An `integer` that refers to a `bigint` key is full at 2,147,483,647; a `varchar` that refers to a `text` merely
differs. Give both the same type.

Bad:

```sql
-- schema: CREATE TABLE teams (id bigint PRIMARY KEY);
ALTER TABLE users ADD COLUMN team_id integer REFERENCES teams (id);
```

Good:

```sql
-- schema: CREATE TABLE teams (id bigint PRIMARY KEY);
ALTER TABLE users ADD COLUMN team_id bigint REFERENCES teams (id);
```
"""

from collections.abc import Iterator

from migration_ls.operations.add_column import AddColumn
from migration_ls.operations.add_constraint import AddConstraint
from migration_ls.operations.create_table import CreateTable
from migration_ls.operations.replay import Step
from migration_ls.rules.finding import Finding, Severity
from migration_ls.rules.judging import part_of, rule_name, script_rule
from migration_ls.rules.rule import Script
from migration_ls.schema.names import Name
from migration_ls.schema.tables import ForeignKey


def _check(script: Script) -> Iterator[Finding]:
    for statement in script.statements:
        for step in statement.steps:
            for table, key in _keys(step):
                yield from _compare(script, step, table, key)


def _compare(script: Script, step: Step, name: Name, key: ForeignKey) -> Iterator[Finding]:
    table, other = step.after.table(name), step.after.table(key.ref_table)
    if table is None or other is None:
        return
    for own_name, ref_name in zip(key.columns, key.referred(other), strict=False):
        own, ref = table.column(own_name), other.column(ref_name)
        if own and ref and own.type.name != ref.type.name and {own.type.name, ref.type.name} != _TEXTS:
            yield Finding(
                path=script.path,
                span=part_of(step.clause, f"column {key.columns[0]}", f"constraint {key.name}"),
                rule=rule_name(__name__),
                severity=Severity.INFORMATION,
                message=(
                    f"`{name}.{own_name}` is `{own.type}` and refers to "
                    f"`{key.ref_table}.{ref_name}`, which is `{ref.type}`"
                ),
                help="Give both columns the same type",
            )


_TEXTS = {"text", "character varying"}


def _keys(step: Step) -> list[tuple[Name, ForeignKey]]:
    match step.clause.operation:
        case AddConstraint(table=table, constraint=ForeignKey() as key):
            return [(table, key)]
        case AddColumn(table=table, constraints=constraints):
            return [(table, item) for item in constraints if isinstance(item, ForeignKey)]
        case CreateTable(table=made):
            return [(made.name, key) for key in made.foreign_keys]
        case _:
            return []


RULE = script_rule(__name__, __doc__, _check, severity=Severity.INFORMATION)
