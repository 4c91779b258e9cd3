"""`migration-ls effects`."""

import json
from pathlib import Path
from typing import Any

import click

from migration_ls.cli.effect_json import effect_json
from migration_ls.cli.project import analysed, fail, project_option, relative, root_of
from migration_ls.operations.replay import ReplayedStatement, replay
from migration_ls.postgres.versions import NEWEST, OLDEST
from migration_ls.rendering.words import blocked_words, lock_words, work_words
from migration_ls.schema.schema import Schema
from migration_ls.text.lines import LineIndex


@click.command("effects")
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@project_option
@click.option("--postgres", type=click.IntRange(OLDEST, NEWEST), help="The major version; by default the project's.")
@click.option("--format", "form", type=click.Choice(["human", "json"]), default="human", show_default=True)
def command(files: tuple[Path, ...], project: Path | None, postgres: int | None, form: str) -> None:
    """Say for each statement of FILES what PostgreSQL locks, rewrites, scans and builds.

    A file of the migrations folder is looked at on the schema that precedes it, any other on the current one. Several
    files are taken in the order given, each on the schema the one before it leaves.
    """
    from migration_ls.workspace.programs import program_of
    from migration_ls.workspace.project import find_root

    root = root_of(project) if project else (find_root(files[0].resolve().parent) or files[0].resolve().parent)
    _, analysis = analysed(root)
    major = postgres or analysis.snapshot.settings.postgres
    statements: list[dict[str, Any]] = []
    schema: Schema | None = None
    for number, file in enumerate(files):
        path = relative(root, file)
        source = analysis.snapshot.files.get(path)
        if source is not None and source.problem:
            fail(f"{path} {source.problem}", "Save the file as UTF-8 text.")
        if source is None or path not in analysis.scripts:
            fail(f"{file} is no migration of the project", "Name a file that ends in .sql, or an Alembic revision.")
        before = schema if number and schema is not None else analysis.scripts[path].base
        program = program_of(path, source.text, analysis.history.beside(path))
        replayed = replay(before, program.statements, postgres=major, wrapped=program.in_transaction)
        schema = replayed[-1].after.schema if replayed else before
        index = LineIndex(source.text)
        statements += [_entry(path, item, index, several=len(files) > 1) for item in replayed]
        if form == "human":
            _print(path, replayed, index)
    if form == "json":
        click.echo(
            json.dumps({"version": 1, "postgres": major, "statements": statements}, indent=2, ensure_ascii=False)
        )


def _entry(path: str, item: ReplayedStatement, index: LineIndex, *, several: bool) -> dict[str, Any]:
    statement = item.statement
    entry: dict[str, Any] = {"path": path} if several else {}
    entry |= {"line": index.line(statement.span.start) + 1, "sql": statement.sql, "kind": statement.kind}
    return entry | effect_json(item.effect)


def _print(path: str, replayed: tuple[ReplayedStatement, ...], index: LineIndex) -> None:
    for item in replayed:
        effect = item.effect
        first = item.statement.sql.split("\n", 1)[0].strip()
        click.echo(f"{path}:{index.line(item.statement.span.start) + 1}: {first}")
        if not effect.analysed:
            click.echo(f"    not analysed: {effect.reason}\n")
            continue
        click.echo(f"    locks   {lock_words(effect).replace('`', '')}")
        click.echo(f"    work    {work_words(effect).replace('`', '')}; {blocked_words(effect)}")
        if effect.transaction_forbidden:
            click.echo("    cannot run inside a transaction block")
        if effect.loses:
            click.echo(f"    loses   {effect.loses.replace('`', '')}")
        for hazard in (*effect.fails_always, *effect.fails):
            click.echo(f"    fails   {'on ' if hazard in effect.fails else 'always: '}{hazard}")
        for hazard in effect.breaks:
            click.echo(f"    breaks  the previous release: {hazard}")
        if effect.reason:
            click.echo(f"    since   {effect.reason.replace('`', '')}")
        click.echo()
