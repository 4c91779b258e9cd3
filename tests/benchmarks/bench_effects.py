"""A migration of 1,000 statements over 200 tables: read, replayed and judged whole, and after one statement changed."""

import gc
import time
from collections.abc import Iterator
from itertools import count

import postgast
import pytest

from migration_ls.operations.again import Replay, replay_again
from migration_ls.operations.replay import final_schema
from migration_ls.rules.registry import find
from migration_ls.rules.rule import RuleSettings, Script
from migration_ls.schema.schema import Schema
from migration_ls.sources.sql.parse import parse_statement
from migration_ls.sources.sql.reader import SqlFile, read_sql
from tests.benchmarks.generated import sql_file

COLUMNS = ", ".join(f"c{number} varchar(200) NOT NULL" for number in range(8))
BEFORE = "CREATE TABLE tasks (id int PRIMARY KEY);\n" + "".join(
    f"CREATE TABLE table_{number} (id serial PRIMARY KEY, {COLUMNS});\n" for number in range(200)
)
STATEMENTS = 1_000


@pytest.fixture(autouse=True)
def collector() -> Iterator[None]:
    """The collector as the server and the commands set it."""
    before = gc.get_threshold()
    gc.set_threshold(50_000)
    yield
    gc.set_threshold(*before)


@pytest.fixture(scope="module")
def schema() -> Schema:
    return final_schema(Schema(), read_sql(BEFORE).statements)


def looked_at(schema: Schema, file: SqlFile, former: Replay | None = None) -> Replay:
    replayed = replay_again(schema, file.statements, former)
    find(Script(path="x.sql", text=file.text, statements=replayed.statements, settings=RuleSettings(), base=schema))
    return replayed


def parse_seconds(text: str) -> float:
    rounds = []
    for _ in range(9):
        begun = time.perf_counter()
        postgast.parse(text)
        rounds.append(time.perf_counter() - begun)
    return sorted(rounds)[4]


def test_the_whole_file(benchmark, schema: Schema):
    text = sql_file(STATEMENTS)

    def fresh() -> None:
        parse_statement.cache_clear()

    benchmark.pedantic(lambda: looked_at(schema, read_sql(text)), setup=fresh, rounds=15, warmup_rounds=2)
    benchmark.extra_info["times postgast.parse"] = round(benchmark.stats.stats.median / parse_seconds(text), 1)


def test_one_statement_changed(benchmark, schema: Schema):
    text = sql_file(STATEMENTS)
    place = text.index("\n", len(text) // 2) + 1
    numbers = count()
    kept: list[tuple[SqlFile, Replay]] = []
    file = read_sql(text)
    kept.append((file, looked_at(schema, file)))

    def edit() -> None:
        file, former = kept[-1]
        edited = f"{text[:place]}ALTER TABLE tasks ADD COLUMN typed_{next(numbers)} integer;\n{text[place:]}"
        again = read_sql(edited, file)
        kept[:] = [(again, looked_at(schema, again, former))]

    benchmark.pedantic(edit, rounds=60, warmup_rounds=3)
    benchmark.extra_info["times postgast.parse"] = round(benchmark.stats.stats.median / parse_seconds(text), 1)
