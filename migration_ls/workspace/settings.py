"""Settings: what they mean, their defaults, where they are read from."""

import re
import tomllib
from collections.abc import Mapping
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator
from pydantic_core import PydanticCustomError

from migration_ls.postgres.versions import DEFAULT, NEWEST, OLDEST

SECTION = "migration-ls"
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def _kebab(name: str) -> str:
    return name.replace("_", "-")


class _Base(BaseModel):
    model_config = ConfigDict(alias_generator=_kebab, populate_by_name=True, extra="forbid", frozen=True)


class TableSettings(_Base):
    """What is known about a table's size."""

    rows: int | None = Field(default=None, ge=0, description="How many rows the table has in production.")
    size: int | None = Field(default=None, ge=0, description="How many bytes the table takes, without its indexes.")


class Settings(_Base):
    """Settings of a project, from `[tool.migration-ls]` in `pyproject.toml` or from `migration-ls.toml`."""

    postgres: int = Field(
        default=DEFAULT, ge=OLDEST, le=NEWEST, description="The major version of PostgreSQL that production runs."
    )
    current: Literal["auto", "database", "migrations", "schema-doc", "models"] = Field(
        default="auto", description="Which source says what production has; `auto` takes the first that there is."
    )
    database: str | None = Field(
        default=None,
        description="The environment variable that holds the DSN of production's database, or of a copy: it is read, "
        "in a read-only transaction, for the schema that production has, its row counts and its record of migrations.",
    )
    base_ref: str | None = Field(
        default=None,
        description="The git reference that production runs; by default the merge base with the main branch.",
    )
    tags: Literal["array", "tables"] = Field(
        default="array", description="How things that can be tagged are stored: a `text[]` column, or two tables."
    )
    enums: Literal["check", "native"] = Field(
        default="check", description="How levels and states are stored: text with a CHECK, or a native enum."
    )
    style: Literal["auto", "psql", "alembic", "dbmate", "goose", "flyway", "golang-migrate"] = Field(
        default="auto",
        description="For which runner migrations are written; `auto` does as the newest one, else scripts for psql.",
    )
    small_table_rows: int = Field(
        default=10_000, ge=0, description="Below how many known rows blocking work is only information."
    )
    wraps_in_transaction: bool = Field(
        default=False, description="Whether the runner puts each migration file in a transaction."
    )
    downtime: bool = Field(default=False, description="Whether the application may be stopped during a migration.")
    external_tables: tuple[str, ...] = Field(
        default=(), description="Tables that are managed elsewhere: referenced, never changed."
    )
    models: tuple[str, ...] = Field(default=(), description="Models files or packages; found by themselves unless set.")
    migrations: str | None = Field(default=None, description="The migrations folder; found by itself unless set.")
    schema_doc: tuple[str, ...] = Field(default=(), description="Schema documents; found by themselves unless set.")
    specs: tuple[str, ...] = Field(default=(), description="Feature specs as globs; found by themselves unless set.")
    sqlmodel: str | None = Field(
        default=None, description="The version of SQLModel, where no lock file or requirements pin it."
    )
    tables: Mapping[str, TableSettings] = Field(default_factory=dict, description="What is known about single tables.")

    @field_validator("database")
    @classmethod
    def _names_a_variable(cls, value: str | None) -> str | None:
        """Refuse a DSN: with its password it would stand in a file that everybody of the project has."""
        if value is not None and not _VARIABLE.fullmatch(value):
            raise PydanticCustomError(
                "no_variable", "name an environment variable that holds the DSN; the DSN itself belongs in no file"
            )
        return value


class SettingsError(Exception):
    """A setting that cannot be used; the message says which and where."""


def read_settings(files: Mapping[str, str], overrides: Mapping[str, Any] | None = None) -> Settings:
    """The settings that the project's files say; `overrides`, the editor's, win.

    Args:
        files: texts of `pyproject.toml` and `migration-ls.toml`, as far as they exist.
        overrides: values by kebab-case key; None means not set.

    Raises:
        SettingsError: a file is no TOML, or a value is not what its key takes.
    """
    values: dict[str, Any] = {}
    for path in ("pyproject.toml", "migration-ls.toml"):
        text = files.get(path)
        if text is None:
            continue
        try:
            document = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            raise SettingsError(f"{path} is not valid TOML: {error}") from error
        section = document.get("tool", {}).get(SECTION, {}) if path == "pyproject.toml" else document
        values |= _checked(section, path)
    values |= _checked({key: value for key, value in (overrides or {}).items() if value is not None}, "the editor")
    return Settings.model_validate(values)


def _checked(section: Any, where: str) -> dict[str, Any]:
    try:
        Settings.model_validate(section)
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"]) or SECTION
        if first["type"] == "extra_forbidden":
            known = TableSettings if first["loc"][0] == "tables" else Settings
            names = ", ".join(f"`{field.alias or name}`" for name, field in known.model_fields.items())
            raise SettingsError(f"there is no setting `{key}`, in {where}; known are {names}") from error
        raise SettingsError(f"setting `{key}` in {where}: {first['msg']}") from error
    return dict(section)
