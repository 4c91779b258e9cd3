"""Changes that are only asked for are judged where they are asked for."""

from dataclasses import dataclass

import pytest

from migration_ls.operations.add_column import AddColumn
from migration_ls.operations.add_constraint import AddConstraint
from migration_ls.operations.create_index import CreateIndex
from migration_ls.operations.create_table import CreateTable
from migration_ls.operations.drop_column import DropColumn
from migration_ls.operations.replay import final_schema
from migration_ls.operations.set_type import SetType
from migration_ls.operations.union import Operation
from migration_ls.postgres.types import parse_type
from migration_ls.rules.requested import RequestedStep, find_requested
from migration_ls.rules.rule import RuleSettings
from migration_ls.schema.names import Name
from migration_ls.schema.origin import Origin
from migration_ls.schema.schema import Schema
from migration_ls.schema.tables import Column, Index, IndexPart, PythonDefault, Table, Unique
from migration_ls.sources.sql.reader import read_sql
from migration_ls.text.span import Span

CURRENT = final_schema(
    Schema(),
    read_sql("CREATE TABLE tasks (id integer PRIMARY KEY, title varchar(200) NOT NULL, status text);").statements,
)
TASKS = Name("tasks")
ORIGIN = Origin("backend/app/models.py", Span(100, 140), 7)


@dataclass
class Told:
    rules: dict[str, str]
    places: set[Span]


def judge(*operations: Operation, place: Span | None = None, python: PythonDefault | None = None) -> Told:
    steps = [
        RequestedStep(
            operation=item, sql="ALTER TABLE tasks ...", origin=ORIGIN, place_span=place, python_default=python
        )
        for item in operations
    ]
    findings = find_requested(steps, RuleSettings(), current=CURRENT)
    assert all(item.path == ORIGIN.path and item.sql and not item.fixes for item in findings)
    return Told({item.rule: item.severity.name.lower() for item in findings}, {item.span for item in findings})


def test_a_default_in_python_only_is_a_danger() -> None:
    column = Column(name="priority", type=parse_type("varchar(20)"), nullable=False)
    told = judge(AddColumn(table=TASKS, column=column), python=PythonDefault(kind="value", text="medium"))
    assert told.rules == {"client-only-default": "warning"}
    assert told.places == {ORIGIN.span}


def test_a_required_column_without_any_default_is_a_danger() -> None:
    column = Column(name="priority", type=parse_type("varchar(20)"), nullable=False)
    assert judge(AddColumn(table=TASKS, column=column)).rules == {"required-column": "warning"}


@pytest.mark.parametrize("nullable", [True, None])
def test_a_nullable_column_is_none(nullable) -> None:
    column = Column(name="note", type=parse_type("text"), nullable=nullable)
    assert judge(AddColumn(table=TASKS, column=column), python=PythonDefault(kind="value", text="")).rules == {}


def test_a_narrower_type_is_a_danger_at_its_length() -> None:
    told = judge(SetType(table=TASKS, column="title", type=parse_type("varchar(50)")), place=Span(120, 123))
    assert told.rules["type-change-may-fail"] == "warning"
    assert told.rules["type-change-rewrites-table"] == "information"
    assert told.places == {Span(120, 123)}


def test_a_dropped_column_loses_its_values() -> None:
    assert judge(DropColumn(table=TASKS, column="status")).rules == {"drop-column": "error"}


def test_what_the_plan_avoids_is_information() -> None:
    index = Index(name="ix_tasks_status", parts=(IndexPart(text="status"),))
    assert judge(CreateIndex(table=TASKS, index=index)).rules == {"index-not-concurrent": "information"}


def test_a_unique_constraint_may_still_fail() -> None:
    unique = Unique(name="uq_status", columns=("status",))
    assert judge(AddConstraint(table=TASKS, constraint=unique)).rules["unique-constraint-builds-index"] == "warning"


def test_later_steps_see_the_earlier_ones() -> None:
    column = Column(name="code", type=parse_type("text"))
    index = Index(name="ix_tasks_code", parts=(IndexPart(text="code"),))
    told = judge(AddColumn(table=TASKS, column=column), CreateIndex(table=TASKS, index=index))
    assert told.rules == {"index-not-concurrent": "information"}


def test_types_of_a_new_table_are_told_at_their_columns() -> None:
    at = Origin(ORIGIN.path, Span(130, 138), 8)
    columns = (Column(name="id", type=parse_type("bigint")), Column(name="at", type=parse_type("timestamp"), origin=at))
    table = Table(name=Name("visits"), columns=columns)
    told = judge(CreateTable(table=table), place=Span(106, 112))
    assert told.rules == {"column-type-advice": "information"}
    assert told.places == {at.span}
