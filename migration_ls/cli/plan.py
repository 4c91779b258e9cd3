"""`migration-ls plan`."""

import json
from pathlib import Path

import click

from migration_ls.cli.effect_json import effect_json
from migration_ls.cli.project import analysed, project_option, relative, root_of
from migration_ls.planning.plan import Phase, Plan
from migration_ls.planning.releases import release_words, stages
from migration_ls.rendering.sql.script import forward
from migration_ls.rendering.sql.statements import statement
from migration_ls.rendering.words import blocked_words, lock_words
from migration_ls.workspace.generate import plan_of
from migration_ls.workspace.targets import targets


@click.command("plan")
@click.argument("spec", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@project_option
@click.option("--format", "form", type=click.Choice(["markdown", "json", "sql"]), default="markdown", show_default=True)
def command(spec: Path | None, project: Path | None, form: str) -> None:
    """Show the steps that generate would write for SPEC, or for everything that is asked for."""
    root = root_of(project, spec)
    _, analysis = analysed(root)
    wanted = (relative(root, spec),) if spec else targets(analysis)
    plans = [(target or "models and schema document", plan_of(analysis, target)) for target in wanted]
    if form == "json":
        click.echo(json.dumps({"version": 1, "plans": [_json(name, plan) for name, plan in plans]}, indent=2))
        return
    for name, plan in plans:
        click.echo(_sql(plan) if form == "sql" else _markdown(name, plan))
    if not plans:
        click.echo("nothing to do: nobody asks for a change that the schema does not have")


def _sql(plan: Plan) -> str:
    return "\n".join(f"-- {phase}\n{forward(plan, phase)}" for phase in Phase if plan.in_phase(phase))


def _markdown(name: str, plan: Plan) -> str:
    lines = [f"## Plan for {name}", ""]
    for number, step in enumerate(plan.steps, start=1):
        lines += [
            f"{number}. **{step.title}** ({step.phase})",
            f"   `{statement(step.operation)}`".replace("\n", " "),
            f"   {step.why}; {lock_words(step.effect)}: {blocked_words(step.effect)}",
        ]
    lines += ["", "| after | releases that may run | |", "|---|---|---|"]
    lines += [f"| {stage.after or 'nothing'} | {release_words(stage)} | {stage.note} |" for stage in stages(plan)]
    lines.append("")
    lines += [f"- backfill `{item.table}.{item.column}` with `{item.value.text}`" for item in plan.backfills]
    lines += [f"- assumed: {item}" for item in plan.assumptions]
    lines += [f"- not planned: {item.what}: {item.why}. Instead: {item.help}" for item in plan.unplanned]
    return "\n".join(lines) + "\n"


def _json(name: str, plan: Plan) -> dict[str, object]:
    return {
        "target": name,
        "steps": [
            {
                "title": step.title,
                "phase": step.phase,
                "sql": statement(step.operation),
                "why": step.why,
                "transaction": step.mode,
                "effect": effect_json(step.effect),
                "inverse": [statement(item) for item in step.inverse],
                "inverse_grade": step.inverse_grade,
                "loss": step.loss,
                "checks": [
                    {"name": check.name, "query": check.query, "failure": check.failure} for check in step.checks
                ],
            }
            for step in plan.steps
        ],
        "backfills": [
            {"table": str(item.table), "column": item.column, "value": item.value.text} for item in plan.backfills
        ],
        "releases": [
            {"after": stage.after, "previous": stage.previous, "new": stage.new, "note": stage.note}
            for stage in stages(plan)
        ],
        "assumptions": list(plan.assumptions),
        "unplanned": [{"what": item.what, "why": item.why, "help": item.help} for item in plan.unplanned],
    }
