"""A plan of many changes over many tables: `python -m tests.benchmarks.bench_plan`.

The bar is 300 ms for 100 changes over 1,000 tables; each figure is the median of several runs, in time of the processor,
so that what else the machine does counts little.
"""

# ruff: noqa: T201 - a command that prints
import time
from collections.abc import Callable
from statistics import median

from migration_ls.diffing.wanted import wanted_schema
from migration_ls.operations.replay import final_schema
from migration_ls.planning.plan import Plan
from migration_ls.planning.planner import plan
from migration_ls.planning.situation import Situation
from migration_ls.postgres.types import parse_type
from migration_ls.schema import request as asked
from migration_ls.schema.names import Name
from migration_ls.schema.origin import Origin
from migration_ls.schema.request import Change, Grade, Request
from migration_ls.schema.schema import Schema
from migration_ls.schema.tables import Check, Column, Index, IndexPart, Unique
from migration_ls.sources.sql.expressions import expression
from migration_ls.sources.sql.reader import read_sql
from migration_ls.text.span import Span

BAR_MS = 300
_RUNS = 5


def schema(tables: int) -> Schema:
    """Tables that refer to each other, with indexes, and a view on every tenth."""
    text = ""
    for number in range(tables):
        key = f" REFERENCES t{number - 1} (id)" if number else ""
        text += f"CREATE TABLE t{number} (id serial PRIMARY KEY, a int NOT NULL, b varchar(40), c text, p int{key});"
        text += f"CREATE INDEX ix_t{number}_a ON t{number} (a);"
        if number % 10 == 0:
            text += f"CREATE VIEW v{number} AS SELECT id, a FROM t{number};"
    return final_schema(Schema(), read_sql(text).statements)


def changes(count: int, tables: int) -> list[Request]:
    """As many wishes, of seven kinds, spread over the tables."""
    kinds: tuple[Callable[[Name], Change], ...] = (
        lambda table: asked.AddColumn(table=table, column=Column(name="extra", type=parse_type("text"))),
        lambda table: asked.DropColumn(table=table, column="c"),
        lambda table: asked.ChangeType(table=table, column="b", type=parse_type("varchar(80)")),
        lambda table: asked.ChangeNullable(table=table, column="b", nullable=False),
        lambda table: asked.AddIndex(table=table, index=Index(name=None, parts=(IndexPart(text="b"),))),
        lambda table: asked.AddConstraint(table=table, constraint=Check(name=None, expression=expression("a > 0"))),
        lambda table: asked.AddConstraint(table=table, constraint=Unique(name=None, columns=("a", "b"))),
    )
    place = Origin(path="models.py", span=Span(0, 1), line=0)
    names = [Name(f"t{number * tables // count}") for number in range(count)]
    return [
        Request(change=kinds[number % len(kinds)](name), origin=place, grade=Grade.DECLARED, evidence="asked for")
        for number, name in enumerate(names)
    ]


def planned(current: Schema, requests: list[Request]) -> Plan:
    """From requests to the plan."""
    wanted = wanted_schema(current, requests)
    return plan(Situation(current=current, wanted=wanted.schema), requests, wanted.assumptions)


def measure(count: int, tables: int) -> float:
    """Milliseconds from requests to the plan."""
    current, requests = schema(tables), changes(count, tables)
    assert not planned(current, requests).unplanned
    spent: list[float] = []
    for _ in range(_RUNS):
        begun = time.process_time()
        planned(current, requests)
        spent.append((time.process_time() - begun) * 1000)
    return median(spent)


def main() -> None:
    """Print the figures."""
    for count, tables in ((10, 100), (100, 1_000), (1_000, 1_000)):
        print(f"{count:5} changes over {tables:5} tables: {measure(count, tables):7.1f} ms")


if __name__ == "__main__":
    main()
