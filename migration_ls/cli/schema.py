"""`migration-ls schema`."""

import json
from pathlib import Path
from typing import Any

import click

from migration_ls.cli.project import analysed, dsn_option, fail, live_of, project_option, relative, root_of
from migration_ls.operations.create_enum import CreateEnum
from migration_ls.rendering.sql.statements import schema_sql
from migration_ls.schema.json import as_printed, schema_json
from migration_ls.schema.schema import Schema
from migration_ls.workspace.analysis import Analysis
from migration_ls.workspace.project import find_root

_MOST_SHOWN = 200
_SOURCES = ("models", "schema-doc", "migrations", "alembic", "database", "current", "wanted")


_SETTINGS = {"models": "models", "schema-doc": "schema-doc", "migrations": "migrations", "alembic": "migrations"}
"""Which setting names the files of a source."""


@click.command("schema")
@click.argument("paths", nargs=-1, type=click.Path(exists=True, path_type=Path))
@click.option(
    "--from", "source", type=click.Choice(_SOURCES), default="current", show_default=True, help="Which source."
)
@click.option("--format", "form", type=click.Choice(["json", "sql"]), default="json", show_default=True)
@dsn_option
@project_option
def command(paths: tuple[Path, ...], source: str, form: str, dsn: str | None, project: Path | None) -> None:
    """Print the schema as one source tells it: models, schema document, migrations (SQL or Alembic) or a database.

    PATHS are read in place of the files that the project has for the source: models files or packages, documents, one
    migrations folder. `current` is what production has and pending migrations add, `wanted` is that with everything
    that is asked for.
    """
    if source == "database":
        live = live_of(dsn, project)
        schema = live.schema
        for text in live.unread:
            click.echo(f"migration-ls: not understood, so left out: {' '.join(text.split())[:_MOST_SHOWN]}", err=True)
        if form == "sql":
            click.echo("".join(f"{text};\n" for text in live.statements), nl=False)
            return
    else:
        root, overrides = _named(paths, source, project)
        schema = _schema(analysed(root, overrides=overrides)[1], source)
    if form == "json":
        click.echo(json.dumps(schema_json(schema), indent=1, ensure_ascii=False))
    else:
        enums = tuple(CreateEnum(enum=enum) for enum in schema.enums.values())
        click.echo(schema_sql(tuple(schema.tables.values()), enums), nl=False)


def _named(paths: tuple[Path, ...], source: str, project: Path | None) -> tuple[Path | None, dict[str, Any] | None]:
    """The project that the paths stand in, and the settings that name them."""
    first = next((path.resolve() for path in paths), None)
    if first is None:
        return project, None
    setting = _SETTINGS.get(source)
    if setting is None:
        raise click.UsageError(f"--from {source} takes no PATHS")
    if setting == "migrations" and (len(paths) > 1 or not first.is_dir()):
        raise click.UsageError(f"--from {source} takes one folder")
    folder = first if first.is_dir() else first.parent
    root = root_of(project) if project else (find_root(folder) or folder)
    names = [relative(root, path) for path in paths]
    return root, {setting: names[0] if setting == "migrations" else names}


def _schema(analysis: Analysis, source: str) -> Schema:
    knowledge = analysis.knowledge
    match source:
        case "models":
            return knowledge.models.schema
        case "schema-doc":
            return knowledge.document.schema
        case "migrations" | "alembic":
            if not analysis.history.forward:
                fail("the project has no migrations", "Set `migrations` in the settings to their folder.")
            if source == "alembic" and not analysis.history.revisions.graph.order:
                fail("the project has no Alembic revisions", "They stand in a folder called `versions`.")
            return as_printed(analysis.history.current)
        case "wanted":
            return knowledge.wanted
        case _:
            return knowledge.current
