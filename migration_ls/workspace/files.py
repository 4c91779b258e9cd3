"""Which file is which, and their texts."""

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What a file of the project is to us."""

    MODELS = "models"
    SCHEMA_DOC = "schema document"
    SPEC = "spec"
    MIGRATION = "migration"
    ALEMBIC = "alembic revision"
    ENVIRONMENT = "alembic environment"
    """`env.py`, which may name a naming convention."""
    PLAN = "sqitch plan"
    COMPANION = "companion"
    """Rollback, validation or backfill file of a migration: looked at, never replayed."""
    SQL = "sql"
    """An SQL file outside the migrations folder."""
    DOCUMENT = "migration document"
    PIN = "version pin"
    """Says which SQLModel the project uses."""
    SETTINGS = "settings"


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceFile:
    """A file of the project.

    `path` is relative to the root, with `/`. `version` is the editor's, None when the file is not open. `problem` says
    why the text cannot be read (bytes that are not UTF-8); the text is then empty.
    """

    path: str
    role: Role
    text: str
    version: int | None = None
    problem: str | None = None
