"""`migration-ls requests`."""

import json
from pathlib import Path

import click

from migration_ls.cli.project import analysed, project_option, relative, root_of
from migration_ls.rendering.words import describe
from migration_ls.schema.request import Request
from migration_ls.workspace.analysis import feature_of
from migration_ls.workspace.knowledge import RequestState


@click.command("requests")
@click.argument("specs", nargs=-1, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@project_option
@click.option("--format", "form", type=click.Choice(["human", "json"]), default="human", show_default=True)
def command(specs: tuple[Path, ...], project: Path | None, form: str) -> None:
    """Say what the specs ask for: each change with its line, grade and the words it rests on.

    Without SPECS all feature specs of the project are read. What the schema has already is not asked for.
    """
    root = root_of(project, specs[0] if specs else None)
    _, analysis = analysed(root)
    wanted = {feature_of(relative(root, path)) for path in specs}
    readings = {path: reading for path, reading in analysis.specs.items() if not wanted or feature_of(path) in wanted}
    if form == "json":
        from migration_ls.sources.spec.json import requests_json

        click.echo(json.dumps(requests_json(readings), indent=2, ensure_ascii=False))
        return
    planned = {item.request for item in analysis.knowledge.asked if item.state is RequestState.PLANNED}
    found = False
    for feature in dict.fromkeys(map(feature_of, readings)):
        own = [item.request for item in analysis.knowledge.asked if feature_of(item.request.origin.path) == feature]
        for request in own:
            found = True
            click.echo(_described(request, planned=request in planned))
    if not found:
        click.echo("no spec asks for a change of the schema")


def _described(request: Request, *, planned: bool) -> str:
    state = " (planned: a pending migration does it)" if planned else ""
    lines = [
        f"{request.origin.path}:{request.origin.line + 1}: {describe(request).replace('`', '')}{state}",
        f'    {request.grade}, from "{request.evidence}"',
    ]
    if request.assumption:
        lines.append(f"    assumed: {request.assumption}")
    lines += [f"    or: {reading.title}" for reading in request.alternatives]
    return "\n".join(lines) + "\n"
