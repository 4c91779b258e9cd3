"""The command line: one module per command, imported when it is called."""

import gc
import sys
from importlib import import_module
from io import TextIOWrapper

import click

from migration_ls import __version__

COMMANDS = {
    "baseline": "Write a first migration with the tables that the others need and none makes.",
    "check": "Report what is unsafe or unclear, as the editor does.",
    "diff": "Show what the wanted schema has otherwise than the current one, and who asks for it.",
    "drift": "Say in what the schema document, the models, the migrations and the database differ.",
    "effects": "Say for each statement of SQL files what PostgreSQL locks, rewrites and scans.",
    "explain": "Print the page of a rule.",
    "generate": "Write the whole migration: SQL, rollback, validation, document, models, schema document.",
    "plan": "Show the steps that generate would write.",
    "requests": "Say what the specs ask for, with line, grade and evidence.",
    "rules": "List the rules.",
    "schema": "Print the schema as one source tells it.",
    "serve": "Start the language server.",
    "stats": "Print sizes and row counts of a database's tables, for the settings.",
    "verify": "Prove migrations on a throwaway PostgreSQL.",
}


class _Lazy(click.Group):
    """Finds a command by its name and imports its module only then."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        del ctx
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f"migration_ls.cli.{cmd_name}")
        command: click.Command = module.command
        return command if command.name == cmd_name else super().get_command(ctx, cmd_name)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl(sorted(COMMANDS.items()))


@click.group(
    cls=_Lazy,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Exit status: 0 nothing at or above --fail-on, 1 findings, 2 bad usage or an error of ours.",
)
@click.version_option(__version__, prog_name="migration-ls")
def cli() -> None:
    r"""Change the schema of a PostgreSQL database under a running application, safely.

    migration-ls reads feature specs, specs/database/schema.md, SQLModel models and the migrations folder, says what a
    change will do to a live database, and writes the whole migration for it.

    \b
    migration-ls check                         what is unsafe, here and now
    migration-ls requests                      what the specs ask for
    migration-ls generate --dry-run            the migration for it, as a diff
    migration-ls verify --latest               proof on a throwaway PostgreSQL
    """


_YOUNG_OBJECTS = 100_000
"""How many new objects make the collector look: a command makes many, keeps most of them, and ends soon."""


def main() -> None:
    """The entry point; bad bytes in names or text never end a command."""
    gc.set_threshold(_YOUNG_OBJECTS)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    cli()
