"""What the reader of models says of places, problems, packages, versions, and half-typed code."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from migration_ls.schema.json import schema_json
from migration_ls.schema.names import Name
from migration_ls.schema.tables import Column, Table
from migration_ls.sources.models import ModelFile, pinned_sqlmodel, read_models
from migration_ls.sources.reading import SchemaReading

IMPORTS = "from datetime import datetime\nfrom sqlmodel import Field, SQLModel\n\n\n"
TASK = """class Task(SQLModel, table=True):
    __tablename__ = "tasks"

    id: int | None = Field(default=None, primary_key=True)
    title: str = Field(max_length=200, nullable=False)
    at: datetime = Field(default_factory=datetime.utcnow)
    done: bool = False
"""
CASES = sorted((Path(__file__).parent.parent / "cases" / "models").glob("*.py"))


def read(text: str, version: tuple[int, ...] | None = (0, 0, 39)) -> SchemaReading:
    return read_models([ModelFile(path="app/models.py", text=text)], sqlmodel_version=version)


def table(reading: SchemaReading, name: str = "tasks", namespace: str = "public") -> Table:
    return reading.schema.tables[Name(name, namespace)]


def column(reading: SchemaReading, name: str, of: str = "tasks") -> Column:
    found = table(reading, of).column(name)
    assert found is not None
    return found


def codes(reading: SchemaReading) -> list[str]:
    return [problem.code for _, problem in reading.problems]


def test_places_are_the_words_that_say_it() -> None:
    text = IMPORTS + TASK
    reading = read(text)
    title, done, at = column(reading, "title"), column(reading, "done"), column(reading, "at")

    def words(item: Column, part: str) -> str:
        place = item.place(part)
        assert place is not None
        return place.span.of(text)

    assert title.origin is not None
    assert title.origin.span.of(text) == "title: str = Field(max_length=200, nullable=False)"
    assert title.origin.line == text[: text.index("title")].count("\n")
    assert (words(title, "name"), words(title, "type"), words(title, "length")) == ("title", "str", "200")
    assert words(title, "nullable") == "nullable=False"
    assert (words(done, "default"), words(at, "default")) == ("False", "datetime.utcnow")
    key = table(reading).primary_key
    assert key is not None
    assert key.origin is not None
    assert key.origin.span.of(text) == "primary_key=True"


def test_places_count_code_points() -> None:
    text = (
        IMPORTS
        + 'é = "ü𝄞"\n'
        + TASK.replace('"tasks"\n', '"tasks"  # 𝄞é\n    ü: str = Field(default="𝄞", max_length=3)\n')
    )
    found = column(read(text), "ü")
    assert found.origin is not None
    assert found.origin.span.of(text) == 'ü: str = Field(default="𝄞", max_length=3)'


@pytest.mark.parametrize("ends", ["\r\n", "\r"])
def test_places_hold_for_other_line_ends(ends: str) -> None:
    text = (IMPORTS + TASK).replace("\n", ends)
    found = column(read(text), "done")
    assert found.origin is not None
    assert (found.origin.span.of(text), found.origin.line) == ("done: bool = False", 10)


def test_a_byte_order_mark_is_passed_over() -> None:
    text = "\ufeff" + IMPORTS + TASK
    origin = table(read(text)).origin
    assert origin is not None
    assert origin.span.of(text) == "Task"


def test_a_bare_datetime_depends_on_the_version() -> None:
    text = IMPORTS + TASK
    assert str(column(read(text, (0, 0, 44)), "at").type) == "timestamp without time zone"
    assert str(column(read(text, None), "at").type) == "timestamp without time zone"
    assert str(column(read(text, (0, 0, 45)), "at").type) == "timestamp with time zone"


def test_a_half_typed_field_hides_nothing_else() -> None:
    text = (
        IMPORTS
        + TASK.replace("    at:", "    priority: str = Field(\n    at:")
        + "\n\nclass Other(SQLModel, table=True):\n    id: int = Field(primary_key=True)\n"
    )
    reading = read(text)
    assert [item.name for item in table(reading).columns] == ["id", "title", "at", "done"]
    assert Name("other") in reading.schema.tables
    ((path, problem),) = reading.problems
    assert (path, problem.code, problem.span.start) == (
        "app/models.py",
        "models-syntax-error",
        text.index("Field(\n") + 5,
    )
    assert "`Task`" in problem.message
    assert reading.schema.uncertain == {Name("tasks")}
    assert not reading.schema.uncertain_all


def test_a_broken_base_makes_its_tables_doubtful() -> None:
    base = "class Base(SQLModel):\n    id: int = Field(primary_key=True)\n    x: = 3\n\n\n"
    reading = read(IMPORTS + base + "class Task(Base, table=True):\n    title: str\n")
    assert reading.schema.uncertain == {Name("task")}


def test_a_broken_statement_that_may_be_anything_makes_all_doubtful() -> None:
    reading = read(IMPORTS + TASK + "\n\nclass (SQLModel, table=True):\n    id: int\n")
    assert Name("tasks") in reading.schema.tables
    assert reading.schema.uncertain_all


def test_prose_in_a_docstring_is_no_statement() -> None:
    text = '"""Models.\n\nclass Old(SQLModel, table=True):\n@nothing\nfrom here on.\n"""\n' + IMPORTS + TASK
    reading = read(text)
    assert (list(reading.schema.tables), reading.problems) == ([Name("tasks")], ())


def test_brackets_may_close_in_the_first_column() -> None:
    text = IMPORTS + "NAMES = [\nTask,\nOther,\n]\n" + TASK
    reading = read(text)
    assert (list(reading.schema.tables), reading.problems) == ([Name("tasks")], ())


def test_a_type_that_nobody_knows_is_reported_and_left() -> None:
    reading = read(IMPORTS + TASK + "    thing: Mystery\n    many: list[str]\n")
    assert codes(reading) == ["models-unknown-type", "models-unknown-type"]
    assert not any(problem.serious for _, problem in reading.problems)
    assert column(reading, "thing").type.name == "mystery"


def test_what_sqlmodel_refuses_is_reported() -> None:
    text = IMPORTS + TASK.replace(
        "title: str = Field(max_length=200, nullable=False)",
        "title: str = Field(primary_key=True, sa_column=Column(String(9)))",
    )
    reading = read(text)
    ((_, problem),) = reading.problems
    assert (problem.code, problem.serious, problem.span.of(text)) == ("models-refused-field", True, "primary_key=True")
    assert str(column(reading, "title").type) == "character varying(9)"


def test_a_table_that_is_defined_twice_counts_once() -> None:
    files = [ModelFile(path=f"{folder}/models.py", text=IMPORTS + TASK) for folder in ("phase1", "phase2")]
    reading = read_models(files)
    origin = table(reading).origin
    assert origin is not None
    assert origin.path == "phase1/models.py"
    assert codes(reading) == ["models-duplicate-table"]


def test_names_are_followed_through_packages() -> None:
    files = {
        "backend/app/models/__init__.py": "from .task import Task\nfrom .user import *\n",
        "backend/app/models/base.py": "from sqlmodel import Field, SQLModel as _Base\n\n"
        "class Base(_Base):\n    id: int = Field(primary_key=True)\n\n\nSCHEMA = 'app'\n",
        "backend/app/models/user.py": "from app.models import base as b\nfrom sqlmodel import Field as F\n\n"
        "class User(b.Base, table=True):\n    __table_args__ = {'schema': b.SCHEMA}\n"
        "    name: str = F(max_length=b.LIMIT)\n    b: int = F(index=True)\n",
        "backend/app/models/task.py": "from . import User\nfrom .base import Base, SCHEMA\n"
        "from sqlmodel import Field\n\nclass Task(Base, table=True):\n"
        "    owner: int = Field(foreign_key=f'{SCHEMA}.{User.__tablename__}.id')\n",
        "backend/app/models.py": IMPORTS
        + "class Hidden(SQLModel, table=True):\n    id: int = Field(primary_key=True)\n",
    }
    reading = read_models([ModelFile(path=path, text=text) for path, text in files.items()])
    assert set(reading.schema.tables) == {Name("task"), Name("user", "app")}
    assert table(reading, "task").foreign_keys[0].ref_table == Name("user", "app")
    assert [item.name for item in table(reading, "user", "app").columns] == ["id", "name", "b"]


def test_defaults_of_python_and_of_the_server_are_kept_apart() -> None:
    fields = """    a: str = Field(default="x", sa_column_kwargs={"server_default": "y"})
    b: dict = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    c: datetime = Field(default_factory=lambda: datetime.now(timezone.utc))
    d: timedelta = timedelta(days=7)
    e: Decimal = Decimal("0.5")
    f: int | None = None
"""
    reading = read(IMPORTS + TASK + fields)
    a, b, c, d, e, f = (column(reading, name) for name in "abcdef")
    assert a.default is not None
    assert (a.default.text, a.python_default and a.python_default.text) == ("'y'", "x")
    assert b.python_default is not None
    assert (b.python_default.kind, b.python_default.text, b.python_default.applied_by) == ("callable", "dict", "model")
    assert c.python_default is not None
    assert (c.python_default.kind, c.python_default.text) == ("callable", "datetime.now")
    assert (d.python_default and d.python_default.text, e.python_default and e.python_default.text) == ("7 days", "0.5")
    assert f.python_default is None


def test_an_enumeration_gives_its_names_and_a_default_its_label() -> None:
    text = (
        IMPORTS
        + "import enum\n\nclass Level(str, enum.Enum):\n    LOW = 'low'\n    HIGH = 'high'\n\n\n"
        + TASK
        + "    level: Level = Level.LOW\n    word: str = Level.LOW\n"
    )
    reading = read(text)
    enum = reading.schema.enums[Name("level")]
    assert enum.values == ("LOW", "HIGH")
    assert enum.origin is not None
    assert enum.origin.span.of(text) == "Level"
    level, word = column(reading, "level").python_default, column(reading, "word").python_default
    assert (level and level.text, word and word.text) == ("LOW", "low")


@pytest.mark.parametrize(
    ("files", "version", "path"),
    [
        ({"requirements.txt": "fastapi\nsqlmodel==0.0.22\n"}, (0, 0, 22), "requirements.txt"),
        ({"requirements.txt": "sqlmodel>=0.0.24,<0.0.40\n"}, (0, 0, 24), "requirements.txt"),
        ({"requirements.txt": "sqlmodel[x] ~= 0.0.22 ; python_version > '3'\n"}, (0, 0, 22), "requirements.txt"),
        ({"pyproject.toml": 'dependencies = ["sqlmodel==0.0.38", "x"]\n'}, (0, 0, 38), "pyproject.toml"),
        ({"pyproject.toml": '[tool.poetry.dependencies]\nsqlmodel = "^0.0.8"\n'}, (0, 0, 8), "pyproject.toml"),
        (
            {"pyproject.toml": '"sqlmodel>=0.0.8"', "uv.lock": '[[package]]\nname = "sqlmodel"\nversion = "0.0.27"\n'},
            (0, 0, 27),
            "uv.lock",
        ),
        (
            {"a/requirements.txt": "sqlmodel==0.0.9", "requirements.txt": "sqlmodel==0.0.10"},
            (0, 0, 10),
            "requirements.txt",
        ),
        ({"requirements.txt": "sqlmodel\nsqlmodel-x==1.2\nsqlmodel<0.0.40"}, None, None),
    ],
)
def test_the_pinned_version(files: dict[str, str], version: tuple[int, ...] | None, path: str | None) -> None:
    assert pinned_sqlmodel(files) == (version, path)


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_reading_after_an_edit_is_reading_afresh(path: Path) -> None:
    text = path.read_text()
    edits = [
        text,
        "# moved\n\n" + text,
        text.replace("int", "str", 3),
        text + "\n\nX = 1\n",
        text.replace("\n\n\nclass", "\n\n\n\nclass", 2),
    ]
    for number, edited in enumerate(edits):
        again = read_models([ModelFile(path="edited.py", text=edited)])
        fresh = read_models([ModelFile(path=f"fresh{number}.py", text=edited)])
        assert schema_json(again.schema) == schema_json(fresh.schema)
        for one, other in zip(again.schema.tables.values(), fresh.schema.tables.values(), strict=True):
            for left, right in zip(one.columns, other.columns, strict=True):
                spans = [[origin.span for _, origin in item.places] for item in (left, right)]
                assert spans[0] == spans[1]
        assert [problem for _, problem in again.problems] == [problem for _, problem in fresh.problems]


PIECES = [
    "(",
    ")",
    "[",
    '"""',
    '"',
    ":",
    "\n",
    "\n    ",
    "class X(",
    "\\",
    "Field(",
    "\0",
    "\ud800",
    "é",
    "\f",
    "\r",
    "lambda x:",
    "**",
]


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(CASES),
    st.lists(st.tuples(st.integers(0, 9000), st.integers(0, 40), st.sampled_from(PIECES)), max_size=6),
)
def test_any_text_can_be_read(path: Path, damage: list[tuple[int, int, str]]) -> None:
    text = path.read_text()
    for at, length, piece in damage:
        start = min(at, len(text))
        text = text[:start] + piece + text[start + length :]
    reading = read(text)
    assert all(problem.span.end <= len(text) for _, problem in reading.problems)
    for item in reading.schema.tables.values():
        if item.class_name is not None and item.origin is not None:
            assert item.origin.span.of(text) == item.class_name
