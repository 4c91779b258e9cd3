"""`migration-ls schema`."""

import json
from pathlib import Path

import click

from migration_ls.cli.project import analysed, dsn_option, fail, live_of, project_option
from migration_ls.operations.create_enum import CreateEnum
from migration_ls.rendering.sql.statements import schema_sql
from migration_ls.schema.json import as_printed, schema_json
from migration_ls.schema.schema import Schema
from migration_ls.workspace.analysis import Analysis

_MOST_SHOWN = 200
_SOURCES = ("models", "schema-doc", "migrations", "alembic", "database", "current", "wanted")


@click.command("schema")
@click.option(
    "--from", "source", type=click.Choice(_SOURCES), default="current", show_default=True, help="Which source."
)
@click.option("--format", "form", type=click.Choice(["json", "sql"]), default="json", show_default=True)
@dsn_option
@project_option
def command(source: str, form: str, dsn: str | None, project: Path | None) -> None:
    """Print the schema as one source tells it: models, schema document, migrations (SQL or Alembic) or a database.

    `current` is what production has and pending migrations add, `wanted` is that with everything that is asked for.
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
        schema = _schema(analysed(project)[1], source)
    if form == "json":
        click.echo(json.dumps(schema_json(schema), indent=1, ensure_ascii=False))
    else:
        enums = tuple(CreateEnum(enum=enum) for enum in schema.enums.values())
        click.echo(schema_sql(tuple(schema.tables.values()), enums), nl=False)


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
