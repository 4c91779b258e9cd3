"""From a key to the diagnostics, as a client sees it: a server process, spoken to over its standard input and output.

python -m pytest tests/benchmarks/bench_typing.py --benchmark-columns=median,max,rounds
"""

import itertools
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from generated import project, sql_file, write
from wire import Document, started

ROUNDS = 60
PATH = "backend/migrations/002_many.sql"


def middle(text: str, word: str) -> tuple[str, str, str]:
    """What stands before, in and after the first line with the word in the second half of the text."""
    lines = text.splitlines(keepends=True)
    number = next(number for number in range(len(lines) // 2, len(lines)) if word in lines[number])
    return "".join(lines[:number]), lines[number], "".join(lines[number + 1 :])


def appended(text: str, count: int) -> str:
    return f"{text}ALTER TABLE tasks ADD COLUMN note_{'x' * (count % 40)} text;\n"


def inserted(text: str, count: int) -> str:
    before, line, after = middle(text, "ALTER TABLE item")
    return f"{before}UPDATE tasks SET title = '{'x' * (count % 40)}' WHERE id = 1;\n{line}{after}"


def renamed(text: str, count: int) -> str:
    before, line, after = middle(text, "ALTER TABLE item")
    return before + line.replace(" integer", f"{'x' * (count % 40)} integer") + after


def measure(benchmark, root: Path, path: str, edit: Callable[[int], str], rounds: int = ROUNDS) -> None:
    """Time rounds of the edit, no two of which leave the same text."""
    client = started(root)
    counter = itertools.count(1)
    document = Document(client, root / path, edit(0))
    for _ in range(5):
        document.change(edit(next(counter)))
    benchmark.pedantic(document.change, setup=lambda: ((edit(next(counter)),), {}), rounds=rounds)
    data = sorted(benchmark.stats.stats.data)
    benchmark.extra_info["p95_ms"] = round(data[int(len(data) * 0.95) - 1] * 1000, 1)
    benchmark.extra_info["memory_mib"] = client.memory() // 2**20
    client.close()


@pytest.mark.parametrize("statements", [100, 1_000, 10_000])
@pytest.mark.parametrize("edit", [appended, inserted, renamed])
def test_a_file_of_statements(benchmark, tmp_path, statements, edit):
    write(
        tmp_path / "backend/migrations/001_tasks.sql",
        "CREATE TABLE tasks (id bigserial PRIMARY KEY, title text NOT NULL);\n",
    )
    text = sql_file(statements)
    write(tmp_path / PATH, text)
    slow = statements > 1_000 and edit is renamed
    measure(benchmark, tmp_path, PATH, lambda count: edit(text, count), rounds=15 if slow else ROUNDS)


@pytest.mark.parametrize("tables", [50, 1_000])
@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        ("backend/app/models.py", "value_1: str = Field(max_length=200)", "value_1: str = Field(max_length={})"),
        ("specs/database/schema.md", "value_1: varchar(200)", "value_1: varchar({})"),
    ],
    ids=["models", "document"],
)
def test_a_project_of_tables(benchmark, tmp_path, tables, path, old, new):
    project(tmp_path, tables)
    text = (tmp_path / path).read_text("utf-8")
    measure(benchmark, tmp_path, path, lambda count: text.replace(old, new.format(200 + count), 1))
