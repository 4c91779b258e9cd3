"""What is fuzzed: each reader with what stands directly behind it, from any text."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from migration_ls.operations.replay import final_schema, replay
from migration_ls.rules.registry import find
from migration_ls.rules.rule import RuleSettings, Script
from migration_ls.schema.schema import Schema
from migration_ls.sources.alembic.reader import read_revision
from migration_ls.sources.models import ModelFile, read_models
from migration_ls.sources.schema_doc.reader import read_schema_document
from migration_ls.sources.spec.reader import read_spec
from migration_ls.sources.sql.reader import read_sql

FOUND = Path(__file__).parent / "found"
_TESTS = Path(__file__).parent.parent
_TABLES = """
CREATE TYPE state AS ENUM ('open', 'closed');
CREATE TABLE users (id bigserial PRIMARY KEY, email varchar(255) NOT NULL UNIQUE, name text, created_at timestamptz);
CREATE TABLE tasks (id serial PRIMARY KEY, user_id bigint NOT NULL REFERENCES users (id), title varchar(200) NOT NULL,
    state state NOT NULL DEFAULT 'open', done boolean NOT NULL DEFAULT false, due date, total numeric(10, 2));
CREATE INDEX tasks_due ON tasks (due) WHERE NOT done;
CREATE VIEW open_tasks AS SELECT id, title FROM tasks WHERE NOT done;
"""


SCHEMA = final_schema(Schema(), read_sql(_TABLES).statements)


def _sql(text: str) -> None:
    statements = replay(SCHEMA, read_sql(text).statements)
    find(Script(path="x.sql", text=text, statements=tuple(statements), settings=RuleSettings(), base=SCHEMA))


def _models(text: str) -> None:
    read_models([ModelFile(path="app/models.py", text=text)])


def _schema_document(text: str) -> None:
    read_schema_document("schema.md", text)


def _spec(text: str) -> None:
    read_spec("spec.md", text, SCHEMA)


def _alembic(text: str) -> None:
    read_revision(text)


TARGETS: Mapping[str, Callable[[str], None]] = {
    "sql": _sql,
    "models": _models,
    "schema-document": _schema_document,
    "spec": _spec,
    "alembic": _alembic,
}
_SEEDS = {
    "sql": ("projects/*/backend/migrations/**/*.sql", "cases/rules/**/*.sql", "truth/cases/*.sql"),
    "models": ("projects/*/**/models.py", "projects/*/**/models/*.py", "cases/models/*.py"),
    "schema-document": ("projects/*/specs/database/*.md", "cases/schema_doc/**/*.md"),
    "spec": ("projects/*/specs/features/*.md", "projects/*/specs/*/spec.md", "cases/spec/**/*.md"),
    "alembic": ("projects/*/backend/alembic/versions/*.py",),
}


def seeds(target: str) -> Iterator[bytes]:
    """Real files of the kind that the target reads, cut at 4,000 bytes so that a round stays quick."""
    for pattern in _SEEDS[target]:
        for path in sorted(_TESTS.glob(pattern)):
            data = path.read_bytes()
            for start in range(0, min(len(data), 40_000), 4_000):
                yield data[start : start + 4_000]


def text_of(data: bytes) -> str:
    """The text that the workspace makes of a file's bytes."""
    return data.decode("utf-8", "replace")
