"""Random changes of documents in every shape: the edited text, read again, says what was wanted and nothing else."""

import random
import re
from pathlib import Path

import pytest

from migration_ls.operations.replay import final_schema
from migration_ls.operations.union import Operation
from migration_ls.postgres.quoting import identifier
from migration_ls.rendering.models.changes import changes_by_table
from migration_ls.rendering.schema_doc.edit import edit_document
from migration_ls.rendering.schema_doc.facts import facts_of_schema, wanted_facts
from migration_ls.schema.names import Name
from migration_ls.schema.schema import Schema
from migration_ls.schema.tables import Column, Table
from migration_ls.sources.schema_doc import read_schema_document
from migration_ls.sources.sql.reader import read_sql
from migration_ls.text.edits import apply_edits

CASES = sorted((Path(__file__).parent.parent / "cases" / "documents").glob("*.md"))
DRAWN = {"box_only"}
"""Boxes drawn side by side have no room for more words."""
CHANGES = 8


def spelled(name: Name) -> str:
    parts = (name.name,) if name.namespace == "public" else (name.namespace, name.name)
    return ".".join(identifier(part) for part in parts)


def used_columns(table: Table) -> set[str]:
    used = {column for key in (*table.uniques, *table.foreign_keys) for column in key.columns}
    used |= {word for index in table.indexes for part in index.parts for word in re.findall(r"\w+", part.text)}
    used |= {word for index in table.indexes for word in re.findall(r"\w+", str(index.where))}
    used |= {column for check in table.checks for column in check.expression.columns}
    used |= {word for column in table.columns for word in re.findall(r"\w+", str(column.generated))}
    return used | set(table.primary_key.columns if table.primary_key else ())


def random_change(schema: Schema, table: Table, chance: random.Random) -> str:
    """A change that PostgreSQL would take."""
    name = spelled(table.name)
    used = used_columns(table)
    free = [column for column in table.columns if column.name not in used and not column.generated]
    types = ["integer", "varchar(40)", "text", "timestamptz", "numeric(7, 2)", "boolean", "uuid", "date", "bigint"]
    found = [add_column(name, types, chance) for _ in range(3)]
    column: Column | None = chance.choice(free) if free else None
    if column is not None:
        quoted = identifier(column.name)
        kind = chance.choice([kind for kind in ("varchar(33)", "numeric(9, 3)", "bigint") if kind != str(column.type)])
        if column.default is None and not column.autoincrement and not column.identity:
            found.append(f"ALTER TABLE {name} ALTER COLUMN {quoted} TYPE {kind}")
            found.append(f"ALTER TABLE {name} ADD UNIQUE ({quoted})")
            found.append(f"CREATE INDEX idx_{table.name.name}_{chance.randint(1, 99)} ON {name} ({quoted})")
        found.append(f"ALTER TABLE {name} DROP COLUMN {quoted}")
        found.append(f"ALTER TABLE {name} RENAME COLUMN {quoted} TO renamed_it")
        found.append(f"ALTER TABLE {name} ALTER COLUMN {quoted} {'SET' if column.nullable else 'DROP'} NOT NULL")
        if column.default is not None:
            found.append(f"ALTER TABLE {name} ALTER COLUMN {quoted} DROP DEFAULT")
        elif column.type.name in {"integer", "smallint", "bigint"} and not column.autoincrement and not column.identity:
            found.append(f"ALTER TABLE {name} ALTER COLUMN {quoted} SET DEFAULT 17")
            found.append(f"ALTER TABLE {name} ADD CHECK ({quoted} < 900)")
    found += rarer_changes(schema, table, free, chance)
    keys = [
        (other.name, column)
        for other in schema.tables.values()
        for column in other.columns
        if other.primary_key is not None and other.primary_key.columns == (column.name,)
    ]
    if keys:
        other, key = chance.choice(keys)
        target = f"REFERENCES {spelled(other)} ({identifier(key.name)}) ON DELETE CASCADE"
        found.append(f"ALTER TABLE {name} ADD COLUMN other_ref {key.type} {target}")
    return chance.choice(found)


def rarer_changes(schema: Schema, table: Table, free: list[Column], chance: random.Random) -> list[str]:
    """Keys of several columns, partial indexes, labels, whole tables."""
    name = spelled(table.name)
    found = [
        "CREATE TABLE new_things (id bigint PRIMARY KEY, label varchar(30) NOT NULL DEFAULT 'x', seen_at timestamptz)"
    ]
    pair = ", ".join(identifier(column.name) for column in free[:2])
    if len(free) > 1:
        found.append(f"ALTER TABLE {name} ADD UNIQUE ({pair})")
        where = identifier(free[0].name)
        found.append(f"CREATE INDEX idx_part_{chance.randint(1, 99)} ON {name} ({pair}) WHERE {where} IS NOT NULL")
    if len(schema.tables) > 1 and all(
        table.name not in {key.ref_table for key in other.foreign_keys} for other in schema.tables.values()
    ):
        found.append(f"DROP TABLE {name}")
    for enum in schema.enums.values():
        found.append(f"ALTER TYPE {enum.name.sql} ADD VALUE 'brand_new' AFTER '{enum.values[0]}'")
        found.append(f"ALTER TYPE {enum.name.sql} RENAME VALUE '{enum.values[-1]}' TO 'other_word'")
    return found


def add_column(name: str, types: list[str], chance: random.Random) -> str:
    kind = chance.choice(types)
    default = {"integer": "7", "boolean": "false", "text": "'some'", "varchar(40)": "'some'", "timestamptz": "now()"}
    words = chance.choice(["", " NOT NULL"])
    if kind in default and chance.random() < 0.5:
        words += f" DEFAULT {default[kind]}"
    return f"ALTER TABLE {name} ADD COLUMN added_{chance.randint(1, 9)} {kind}{words}"


def differences(text: str, operations: list[Operation], schema: Schema, wanted: Schema) -> list[str]:
    """What the edited document says otherwise than wanted."""
    edits = edit_document(text, operations, wanted, purposes={}, path="schema.md").edits
    labels = {enum.values: name.sql for name, enum in wanted.enums.items()}
    facts = wanted_facts(schema, wanted, operations, changes_by_table(operations, wanted, wanted))
    said = facts_of_schema(read_schema_document("schema.md", apply_edits(text, edits)).schema, labels)
    return sorted(map(str, said ^ facts))


@pytest.mark.parametrize("case", [case for case in CASES if case.stem not in DRAWN], ids=lambda path: path.stem)
def test_a_random_change_comes_back_when_the_document_is_read_again(case: Path) -> None:
    text = case.read_text("utf-8")
    chance = random.Random(case.stem)
    schema = read_schema_document("schema.md", text).schema
    tables = [table for table in schema.tables.values() if not table.external]
    for _ in range(CHANGES if tables else 0):
        sql = random_change(schema, chance.choice(tables), chance)
        statements = read_sql(sql).statements
        operations = [operation for statement in statements for operation in statement.operations]
        assert differences(text, operations, schema, final_schema(schema, statements)) == [], sql
