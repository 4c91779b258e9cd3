"""Random wanted changes of models in every style: what is offered reads as wanted, and SQLAlchemy takes it.

What cannot be said is refused with a reason; no edit says something else. The models are the cases of the reader.
"""

import ast
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from random import Random
from types import ModuleType

import pytest
from pydantic import networks
from sqlalchemy.orm import clear_mappers, configure_mappers
from sqlmodel import SQLModel
from sqlmodel.main import default_registry

from migration_ls.diffing.differences import differences
from migration_ls.operations.naming import named_constraint, named_constraints, numbered
from migration_ls.operations.replay import final_schema
from migration_ls.operations.union import Operation
from migration_ls.postgres.quoting import identifier as q
from migration_ls.rendering.models.edit import ModelEdits, edit_models
from migration_ls.schema.schema import Schema, schema_of
from migration_ls.schema.tables import Column, ForeignKey, PrimaryKey, Table
from migration_ls.sources.models import ModelFile, read_models
from migration_ls.sources.sql.reader import read_sql
from migration_ls.text.edits import apply_edits
from tests.sources.test_models_against_sqlalchemy import lines, load, metadatas_of, said, truth

CASES = Path(__file__).parent.parent / "cases" / "models"
VERSION = (0, 0, 50)
CHANGES = 7
"""Changes of each file."""
NEW = (
    "text", "varchar(20) NOT NULL DEFAULT 'medium'", "varchar(20) NOT NULL DEFAULT 'a' CHECK (zz IN ('a', 'b'))",
    "integer NOT NULL DEFAULT 0", "numeric(10,2)", "jsonb NOT NULL DEFAULT '{}'", "text[]", "timestamptz DEFAULT now()",
    "uuid DEFAULT gen_random_uuid()", "boolean NOT NULL DEFAULT false", "date", "bigint UNIQUE", "interval", "bytea",
    "time", "double precision", "varchar(5)[] NOT NULL DEFAULT '{}'", "smallint", "inet", "char(3)", "timestamp(3)",
)  # fmt: skip
WIDER = {"integer": "bigint", "smallint": "integer", "character varying": "text", "real": "double precision"}
VALUES = {"integer": "7", "bigint": "7", "boolean": "true", "uuid": "gen_random_uuid()", "text": "'d'", "numeric": "1"}


@pytest.fixture(autouse=True)
def _clean(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(networks, "import_email_validator", lambda: None)
    asyncio = ModuleType("sqlalchemy.ext.asyncio")
    asyncio.AsyncAttrs = type("AsyncAttrs", (), {})  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "sqlalchemy.ext.asyncio", asyncio)
    forget()
    yield
    forget()


def forget() -> None:
    SQLModel.metadata.clear()
    default_registry.dispose()
    clear_mappers()


def named(table: Table) -> Table:
    return numbered(named_constraints(table))


def read(text: str) -> Schema:
    return read_models([ModelFile(path="models.py", text=text)], sqlmodel_version=VERSION).schema


def wishes(table: Table, random: Random) -> dict[str, str]:
    """SQL by the kind of change."""
    name = table.name.sql
    found = {
        "add column": f"ALTER TABLE {name} ADD COLUMN zz {random.choice(NEW)};",
        "new table": "CREATE TABLE zz_new (id serial PRIMARY KEY, name varchar(30) NOT NULL, note text);",
        "enum": f"CREATE TYPE zz_kind AS ENUM ('a', 'in progress'); ALTER TABLE {name} ADD COLUMN zz zz_kind DEFAULT 'a';",
        "comment on table": f"COMMENT ON TABLE {name} IS 'what it''s for';",
        "drop table": f"DROP TABLE {name} CASCADE;",
        "rename table": f"ALTER TABLE {name} RENAME TO zz_renamed;",
    }
    key = table.primary_key
    if key is not None and len(key.columns) == 1 and (target := table.column(key.columns[0])) is not None:
        found["self reference"] = (
            f"ALTER TABLE {name} ADD COLUMN zz_id {target.type} REFERENCES {name} ({q(target.name)}) ON DELETE SET NULL;"
            f" CREATE INDEX zz_id_ix ON {name} (zz_id);"
        )
    for constraint in table.constraints:
        constraint_name = q(named_constraint(table, constraint).name or "")
        if not isinstance(constraint, PrimaryKey):
            found[f"drop {type(constraint).__name__}"] = f"ALTER TABLE {name} DROP CONSTRAINT {constraint_name};"
        if isinstance(constraint, ForeignKey) and constraint.ref_columns:
            columns = ", ".join(map(q, constraint.columns))
            referred = f"{constraint.ref_table.sql} ({', '.join(map(q, constraint.ref_columns))})"
            found["change key"] = (
                f"ALTER TABLE {name} DROP CONSTRAINT {constraint_name}; ALTER TABLE {name} ADD CONSTRAINT"
                f" {constraint_name} FOREIGN KEY ({columns}) REFERENCES {referred} ON DELETE RESTRICT;"
            )
    for index in table.indexes:
        namespace = "" if table.name.namespace == "public" else f"{q(table.name.namespace)}."
        found["drop index"] = f"DROP INDEX {namespace}{q(index.name or '')};"
    keys = key.columns if key is not None else ()
    columns = [column for column in table.columns if column.name not in keys and not column.generated]
    return found | (of_column(name, random.choice(columns)) if len(columns) > 1 else {})


def of_column(table: str, column: Column) -> dict[str, str]:
    name, alter = q(column.name), f"ALTER TABLE {table} ALTER COLUMN {q(column.name)}"
    found = {
        "index": f"CREATE INDEX zz_ix ON {table} ({name});",
        "partial index": f"CREATE UNIQUE INDEX zz_ix ON {table} ({name}) WHERE {name} IS NOT NULL;",
        "expression index": f"CREATE INDEX zz_ix ON {table} (md5(({name})::text) DESC);",
        "unique": f"ALTER TABLE {table} ADD CONSTRAINT zz_u UNIQUE ({name});",
        "check": f"ALTER TABLE {table} ADD CONSTRAINT zz_c CHECK ({name}::text IN ('a', 'b'));",
        "exclude": f"ALTER TABLE {table} ADD CONSTRAINT zz_x EXCLUDE USING gist ({name} WITH =);",
        "rename column": f"ALTER TABLE {table} RENAME COLUMN {name} TO zz_renamed;",
        "comment": f"COMMENT ON COLUMN {table}.{name} IS 'note it';",
        "drop column": f"ALTER TABLE {table} DROP COLUMN {name} CASCADE;",
    }
    if column.identity:
        return found | {"drop identity": f"{alter} DROP IDENTITY;"}
    found["nullability"] = f"{alter} {'SET' if column.nullable else 'DROP'} NOT NULL;"
    if column.default is not None:
        return found | {"drop default": f"{alter} DROP DEFAULT;"}
    found["type"] = f"{alter} TYPE {WIDER.get(column.type.name, 'text')} USING NULL;"
    if (value := VALUES.get(str(column.type))) is not None:
        found["default"] = f"{alter} SET DEFAULT {value};"
    if column.type.name == "integer" and not column.nullable and not column.type.is_array:
        found["identity"] = f"{alter} ADD GENERATED ALWAYS AS IDENTITY;"
    return found


def changed(text: str, before: Schema, sql: str, *, renames: bool) -> tuple[Schema, ModelEdits]:
    statements = read_sql(sql).statements
    after = final_schema(before, statements)
    operations: list[Operation] = list(differences(before, after))
    if renames:
        operations = [clause.operation for statement in statements for clause in statement.clauses]
    edits = edit_models({"models.py": text}, operations, after, purposes={}, sqlmodel_version=VERSION)
    return after, edits


def left(now: Schema, wanted: Schema) -> list[Operation]:
    """In what the tables differ; constraints that the models do not name have the name that the database gave them."""
    found: list[Operation] = []
    for name in {*now.tables, *wanted.tables}:
        tables = [schema.tables.get(name) for schema in (now, wanted)]
        one, other = (schema_of([unnamed(table)] if table is not None else []) for table in tables)
        found += differences(one, other)
    return found


def unnamed(table: Table) -> Table:
    """With the names that PostgreSQL would choose for constraints; SQLAlchemy does not compare theirs."""
    return named(
        replace(
            table,
            primary_key=replace(table.primary_key, name=None) if table.primary_key else None,
            uniques=tuple(replace(item, name=None) for item in table.uniques),
            foreign_keys=tuple(replace(item, name=None) for item in table.foreign_keys),
            checks=tuple(replace(item, name=item.expression.canonical) for item in table.checks),
        )
    )


def taken_by_sqlalchemy(text: str, path: Path) -> None:
    path.write_text(text)
    module = load(path)
    assert lines(said(text)) == lines(truth(metadatas_of(module))), text


@pytest.mark.parametrize("path", sorted(CASES.glob("*.py")), ids=lambda path: path.stem)
@pytest.mark.filterwarnings("ignore")
def test_what_is_offered_says_what_is_wanted(path: Path, tmp_path: Path) -> None:
    text = path.read_text()
    before = read(text)
    for table in list(before.tables.values()):
        before = before.with_table(named(table))
    made = 0
    for seed in range(CHANGES):
        random = Random(f"{path.stem} {seed}")
        table = random.choice(list(before.tables.values()))
        kinds = wishes(table, random)
        kind = random.choice(sorted(kinds))
        after, edits = changed(text, before, kinds[kind], renames=kind.startswith("rename"))
        assert not edits.new_files
        new = apply_edits(text, edits.edits.get("models.py", ()))
        ast.parse(new)
        assert edits.refused or new != text, kinds[kind]
        if edits.refused:
            continue
        assert left(read(new), after) == [], (kinds[kind], new)
        made += 1
        try:
            taken_by_sqlalchemy(new, tmp_path / f"models_{seed}.py")
            if table.class_name is not None or not kind.startswith("drop"):
                # Relationships that are made by calls stay as they are.
                configure_mappers()
        finally:
            forget()
    assert made, "every change was refused"
