"""What the specs of every sample ask for leads to migrations that pass the judges of plans."""

from dataclasses import replace
from pathlib import Path

import pytest

from migration_ls.diffing.following import direct_differences
from migration_ls.operations.add_constraint import AddConstraint
from migration_ls.operations.create_table import CreateTable
from migration_ls.operations.drop_constraint import DropConstraint
from migration_ls.operations.set_type import SetType
from migration_ls.planning.plan import Plan
from migration_ls.rendering.sql.statements import statement, table_with_indexes
from migration_ls.schema.tables import Check
from migration_ls.verification.database import Server
from migration_ls.workspace.analysis import analyse
from migration_ls.workspace.conversions import conversions
from migration_ls.workspace.generate import plan_of
from migration_ls.workspace.targets import is_spec, targets
from migration_ls.workspace.workspace import Workspace
from tests.planning.judge import Case, judge_plan
from tests.workspace.test_database_of_samples import NAMES, PROJECTS, script_of

pytestmark = [pytest.mark.postgres, pytest.mark.xdist_group("plans")]


@pytest.mark.parametrize("name", NAMES)
def test_specs_of_samples_are_planned_well(server: Server, name: str) -> None:
    analysis = analyse(Workspace(Path(PROJECTS / name)).snapshot())
    found = [path for path in targets(analysis) if path is not None and is_spec(analysis, path)]
    assert found
    for path in found:
        made = replace(plan_of(analysis, path), postgres=server.major)
        before = script_of(analysis)
        case = Case(before=before, after=before + _directly(made), holds=_holds(made), kills=3)
        verdict = judge_plan(server, case, made)
        assert (path, verdict.problems) == (path, [])


def _directly(made: Plan) -> str:
    """What is wanted in the plainest words, as if nobody used the database."""
    parts: list[str] = []
    for operation in direct_differences(made.current, made.wanted, [request.change for request in made.requests]):
        match operation:
            case CreateTable(table=table):
                parts += table_with_indexes(table)
            case SetType(column=column, type=type_, using=None):
                parts.append(f"{statement(operation)} USING {column}::{type_}")
            case _:
                parts.append(statement(operation))
    return "".join(f"{part};\n" for part in parts)


def _holds(made: Plan) -> list[tuple[str, str]]:
    """What rows that are there have to satisfy, since constraints on their columns are wanted: made true and let go."""
    found = [*conversions(made.current, made.wanted)]
    for number, operation in enumerate(made.differences):
        if isinstance(operation, AddConstraint) and isinstance(operation.constraint, Check):
            table = made.current.table(operation.table)
            check = replace(operation.constraint, name=f"held_{number}")
            if table is not None and all(table.column(column) for column in check.expression.columns):
                gone = DropConstraint(table=operation.table, constraint=f"held_{number}")
                found.append((statement(replace(operation, constraint=check)), statement(gone)))
    return found
