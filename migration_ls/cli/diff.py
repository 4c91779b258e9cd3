"""`migration-ls diff`."""

import json
import re
from pathlib import Path
from typing import Any

import click

from migration_ls.cli.project import analysed, dsn_option, project_option
from migration_ls.operations.union import Operation
from migration_ls.rendering.sql.statements import statement
from migration_ls.rendering.words import describe
from migration_ls.schema.names import Name
from migration_ls.schema.request import Request
from migration_ls.workspace.analysis import Analysis
from migration_ls.workspace.diff import Diff, Difference, diff_of

_WORDS = re.compile(r"(?<=[a-z])(?=[A-Z])")


@click.command("diff")
@dsn_option
@project_option
@click.option("--format", "form", type=click.Choice(["human", "json"]), default="human", show_default=True)
def command(dsn: str | None, project: Path | None, form: str) -> None:
    """Show what the wanted schema has otherwise than the current one, and who asks for it.

    The current schema is what production has and pending migrations add. Each difference comes as the plain statement
    that would remove it - `migration-ls plan` shows the safe way - with document, line and grade of every request.
    """
    _, analysis = analysed(project, dsn=dsn)
    diff = diff_of(analysis)
    if form == "json":
        click.echo(json.dumps(_json(analysis, diff), indent=1, ensure_ascii=False))
        return
    for item in diff.differences:
        click.echo(_human(item))
    for request in diff.planned:
        click.echo(f"planned: {describe(request).replace('`', '')}\n    {_place(request)}, by a pending migration\n")
    for conflict in diff.conflicts:
        click.echo(f"disagreement: {conflict.what}")
        for request, said in zip((conflict.first, conflict.second), conflict.says, strict=True):
            click.echo(f"    {_place(request)}: {said.replace('`', '')}")
        click.echo()
    for assumption in diff.assumptions:
        click.echo(f"assumed: {assumption.replace('`', '')}")
    if not diff.differences:
        click.echo("no difference: the current schema has everything that is asked for")


def _human(item: Difference) -> str:
    lines = [f"{_sign(item.operation)} {statement(item.operation)}".replace("\n", "\n  ")]
    lines += [f'    {_place(request)} ({request.grade}): "{request.evidence}"' for request in item.requests]
    lines += [] if item.requests else ["    follows from the others"]
    return "\n".join(lines) + "\n"


def _place(request: Request) -> str:
    return f"{request.origin.path}:{request.origin.line + 1}"


def _sign(operation: Operation) -> str:
    kind = type(operation).__name__
    return "+" if kind.startswith(("Add", "Create")) else "-" if kind.startswith("Drop") else "~"


def _json(analysis: Analysis, diff: Diff) -> dict[str, Any]:
    return {
        "format": "diff/1",
        "base": analysis.knowledge.base_source,
        "pending": list(analysis.knowledge.pending),
        "changes": [_change(item) for item in diff.differences],
        "planned": [{"what": describe(request).replace("`", ""), **_asked(request)} for request in diff.planned],
        "conflicts": [
            {
                "what": conflict.what,
                "requests": [
                    {**_asked(request), "says": said.replace("`", "")}
                    for request, said in zip((conflict.first, conflict.second), conflict.says, strict=True)
                ],
            }
            for conflict in diff.conflicts
        ],
        "assumptions": list(diff.assumptions),
    }


def _change(item: Difference) -> dict[str, Any]:
    table, name = _about(item.operation)
    return {
        "change": _kind(item.operation),
        "table": table.name if table else None,
        "schema": table.namespace if table and table.namespace != "public" else None,
        "name": name,
        "sql": statement(item.operation),
        "requests": [_asked(request) for request in item.requests],
    }


def _kind(operation: Operation) -> str:
    """The kind in the words of `changes/1`."""
    words = _WORDS.sub("_", type(operation).__name__).lower()
    return "alter_type" if words == "set_type" else words.replace("create_", "add_")


def _asked(request: Request) -> dict[str, Any]:
    return {
        "document": request.origin.path,
        "line": request.origin.line + 1,
        "grade": request.grade.value,
        "evidence": request.evidence,
    }


def _about(operation: Operation) -> tuple[Name | None, str | None]:
    """The table, and the column, constraint, index or other thing that the operation is about."""
    table = getattr(operation, "table", None)
    thing = next(
        (
            value
            for key in ("column", "constraint", "index", "enum", "name")
            if (value := getattr(operation, key, None))
        ),
        None,
    )
    if not isinstance(table, Name):
        table = getattr(table, "name", None) or (thing if isinstance(thing, Name) else None)
        return table, None if thing is None or isinstance(thing, Name) else str(getattr(thing, "name", thing))
    return table, None if thing is None else str(getattr(thing, "name", thing))
