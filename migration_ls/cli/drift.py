"""`migration-ls drift`."""

import json
from pathlib import Path
from typing import Any

import click

from migration_ls.cli.project import analysed, dsn_option, project_option
from migration_ls.diffing.drift import Drift, Source
from migration_ls.workspace.drift import TITLES, drift_of, sources_of, words


@click.command("drift")
@dsn_option
@project_option
@click.option("--format", "form", type=click.Choice(["human", "json"]), default="human", show_default=True)
def command(dsn: str | None, project: Path | None, form: str) -> None:
    """Say in what the schema document, the models, the migrations and the database differ.

    No difference are names, order, a Python default that means what the server's says, and what the schema document
    does not speak of. Tables that are managed elsewhere are left alone.
    """
    _, analysis = analysed(project, dsn=dsn)
    found = drift_of(analysis)
    if form == "json":
        data = {"format": "drift/1", "differences": [drift_json(item) for item in found]}
        click.echo(json.dumps(data, indent=1, ensure_ascii=False))
        return
    sources = sources_of(analysis)
    if not found:
        compared = " and ".join(TITLES[source] for source in sources)
        click.echo(f"no difference between {compared}" if len(sources) > 1 else "nothing to compare")
    for item in found:
        click.echo(f"{item.what.replace('`', '')}: {item.kind.replace('_', ' ')}")
        for source, said in item.says.items():
            place = item.places.get(source)
            where = f"  ({place.path}:{place.line + 1})" if place else ""
            click.echo(f"    {TITLES[source]}: {words(item.kind, said).replace('`', '')}{where}")
        click.echo()


def drift_json(item: Drift) -> dict[str, Any]:
    """One difference in the format `drift/1`; a source that the project does not have is not named."""
    result: dict[str, Any] = {"kind": item.kind.value, "table": str(item.table), "column": item.column}
    result |= {source.value: item.says.get(source) for source in Source if source in item.says}
    if item.columns:
        result["columns"] = list(item.columns)
    if item.expression is not None:
        result["expression"] = item.expression
    places = {source.value: {"path": place.path, "line": place.line + 1} for source, place in item.places.items()}
    return result | {"places": places}
