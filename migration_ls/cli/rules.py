"""`migration-ls rules`."""

import click

from migration_ls.rules.registry import RULES


@click.command("rules")
def command() -> None:
    """List the rules, each with the hazard it tells of."""
    width = max(len(rule.name) for rule in RULES)
    for rule in sorted(RULES, key=lambda rule: rule.name):
        click.echo(f"{rule.name.ljust(width)}  {rule.summary}")
