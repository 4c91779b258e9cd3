"""`migration-ls explain`."""

from difflib import get_close_matches

import click

from migration_ls.cli.project import fail
from migration_ls.rules.docs import page
from migration_ls.rules.registry import RULES
from migration_ls.rules.remarks import REMARKS, remark_page


@click.command("explain")
@click.argument("rule")
def command(rule: str) -> None:
    """Print the page of RULE: the hazard, why it is one, and the safe form."""
    by_name = {item.name: item for item in RULES}
    remark = next((item for item in REMARKS if item.name == rule), None)
    if remark is not None:
        click.echo(remark_page(remark), nl=False)
        return
    if rule not in by_name:
        near = get_close_matches(rule, by_name, n=3)
        fail(
            f"there is no rule `{rule}`", f"Did you mean {' or '.join(near)}?" if near else "See `migration-ls rules`."
        )
    click.echo(page(by_name[rule]), nl=False)
