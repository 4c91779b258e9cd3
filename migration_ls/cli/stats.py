"""`migration-ls stats`."""

import json
import re
from pathlib import Path

import click

from migration_ls.cli.project import dsn_option, live_of, project_option
from migration_ls.workspace.project import find_root

_BARE = re.compile(r"[A-Za-z0-9_-]+")


@click.command("stats")
@dsn_option
@project_option
@click.option("--format", "form", type=click.Choice(["human", "json", "toml"]), default="human", show_default=True)
def command(dsn: str | None, project: Path | None, form: str) -> None:
    """Print how many rows the tables of a database have and how many bytes they take, the largest first.

    Rows are those of the server's statistics: no table is read, and none is locked. With `--format toml` they come as
    settings, to be pasted into migration-ls.toml where the project has one, else into pyproject.toml.
    """
    live = live_of(dsn, project)
    sizes = sorted(live.sizes.items(), key=lambda item: (-item[1].bytes, str(item[0])))
    match form:
        case "json":
            tables = [{"table": str(name), "rows": size.rows, "bytes": size.bytes} for name, size in sizes]
            click.echo(
                json.dumps({"version": 1, "postgres": live.major, "tables": tables}, indent=1, ensure_ascii=False)
            )
        case "toml":
            section = _section(project)
            for name, size in sizes:
                key = str(name) if _BARE.fullmatch(str(name)) else json.dumps(str(name), ensure_ascii=False)
                rows = f"rows = {size.rows}" if size.rows is not None else "# rows: not known before the first ANALYZE"
                click.echo(f"[{section}tables.{key}]\n{rows}\nsize = {size.bytes}\n")
        case _:
            width = max((len(str(name)) for name, _ in sizes), default=5)
            click.echo(f"{'table':{width}}  {'rows':>15}  {'bytes':>17}")
            for name, size in sizes:
                rows = "not known" if size.rows is None else f"{size.rows:,}"
                click.echo(f"{name!s:{width}}  {rows:>15}  {size.bytes:>17,}")


def _section(project: Path | None) -> str:
    """Where the settings of tables stand in the file that the project has for them."""
    root = project or find_root(Path.cwd())
    return "" if root is not None and (root / "migration-ls.toml").is_file() else "tool.migration-ls."
