"""Edits of documents of many styles: read again they say what was wanted, and nothing else has moved."""

import re
from pathlib import Path

import pytest

from migration_ls.operations.replay import final_schema
from migration_ls.postgres.quoting import identifier
from migration_ls.rendering.schema_doc.edit import edit_schema_document
from migration_ls.schema.names import Name
from migration_ls.schema.tables import Column, Table
from migration_ls.sources.schema_doc import read_schema_document
from migration_ls.sources.sql.reader import read_sql
from migration_ls.text.edits import apply_edits

CASES = Path(__file__).parent.parent / "cases" / "documents"
STYLES = [
    "better_auth_camel", "entities_camel", "escaped_pipes", "french_table", "future_sections", "german_table",
    "index_words", "no_outer_pipes", "oracle_style", "spanish_table", "todo_bullets", "two_in_one", "two_namespaces",
    "typescript_trap",
]  # fmt: skip


def spelled(name: Name) -> str:
    parts = (name.name,) if name.namespace == "public" else (name.namespace, name.name)
    return ".".join(identifier(part) for part in parts)


def free_column(table: Table) -> Column | None:
    """A column that nothing else speaks of."""
    used = {column for key in (*table.uniques, *table.foreign_keys, *table.indexes) for column in key.columns}
    used |= {word for index in table.indexes for word in re.findall(r"\w+", str(index.where))}
    used |= {column for check in table.checks for column in check.expression.columns}
    used |= set(table.primary_key.columns) if table.primary_key else set()
    return next((column for column in table.columns if column.name not in used), None)


def changes(table: Table) -> list[str]:
    name = spelled(table.name)
    found = [
        f"ALTER TABLE {name} ADD COLUMN rank integer NOT NULL DEFAULT 3",
        f"ALTER TABLE {name} ADD COLUMN memo varchar(40)",
    ]
    if column := free_column(table):
        quoted = identifier(column.name)
        found.append(f"ALTER TABLE {name} DROP COLUMN {quoted}")
        found.append(
            f"ALTER TABLE {name} ALTER COLUMN {quoted} {'DROP' if column.nullable is False else 'SET'} NOT NULL"
        )
        found.append(f"ALTER TABLE {name} ALTER COLUMN {quoted} TYPE numeric(7, 2)")
    return found


def facts(table: Table) -> dict[str, tuple[str, bool | None, str | None]]:
    """What is said of each column."""
    return {
        column.name: (str(column.type), column.nullable, column.default.canonical if column.default else None)
        for column in table.columns
    }


@pytest.mark.parametrize("style", STYLES)
def test_an_edited_document_says_what_was_wanted_and_nothing_else_moves(style: str) -> None:
    text = (CASES / f"{style}.md").read_text("utf-8")
    current = read_schema_document("schema.md", text).schema
    for name, table in current.tables.items():
        for sql in changes(table) if not table.external else ():
            statements = read_sql(sql).statements
            wanted = final_schema(current, statements)
            operations = [operation for statement in statements for operation in statement.operations]
            edits = edit_schema_document(text, operations, wanted, purposes={}, path="schema.md")
            result = apply_edits(text, edits)
            assert facts(read_schema_document("schema.md", result).schema.tables[name]) == facts(wanted.tables[name])
            before, after = text.splitlines(), result.splitlines()
            moved = [line for line in before if line not in after], [line for line in after if line not in before]
            assert max(map(len, moved)) <= 1, sql
            assert [line for line in before if line in after] == [line for line in after if line in before], sql
