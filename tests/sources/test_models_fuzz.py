"""Half-typed models: lines and characters taken away, doubled and mixed up; reading never raises and never hangs."""

import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from migration_ls.operations.add_column import AddColumn
from migration_ls.postgres.types import ColumnType
from migration_ls.rendering.models.edit import edit_models
from migration_ls.schema.schema import Schema
from migration_ls.schema.tables import Column
from migration_ls.sources.models import ModelFile, read_models

CASES = Path(__file__).parent.parent / "cases" / "models"
TEXTS = [path.read_text() for path in sorted(CASES.glob("*.py"))]
BITS = ["(", ")", "[", "]", "{", "}", '"', "'", '"""', "\\", "\n", "\r", "\t", "\x00", "\ufeff", "é", "\U0001f600", ",", ":",
        " = ", "*", "**", "lambda x: ", "class A(A): ", "A.A.A", "x = x\n", "def f():\n    return f()\n", "f()", "{x}"]  # fmt: skip
SECONDS = 5.0
"""Far above what any file takes; a loop without an end takes more."""


@st.composite
def half_typed(draw: st.DrawFn) -> str:
    text = draw(st.sampled_from(TEXTS))
    for _ in range(draw(st.integers(1, 6))):
        lines = text.splitlines(keepends=True) or [""]
        at = draw(st.integers(0, len(lines) - 1))
        place = draw(st.integers(0, len(text)))
        match draw(st.integers(0, 6)):
            case 0:
                del lines[at]
                text = "".join(lines)
            case 1:
                lines.insert(draw(st.integers(0, len(lines))), lines[at])
                text = "".join(lines)
            case 2:
                text = text[:place] + text[place + draw(st.integers(1, 9)) :]
            case 3:
                text = text[:place] + draw(st.sampled_from(BITS)) + text[place:]
            case 4:
                text = text[:place]
            case 5:
                other = draw(st.integers(0, len(lines) - 1))
                lines[at], lines[other] = lines[other], lines[at]
                text = "".join(lines)
            case _:
                text = text.replace("\n", draw(st.sampled_from(["\r\n", "\r", "\n\n"])))
    return text


def read(text: str) -> Schema:
    begun = time.perf_counter()
    reading = read_models([ModelFile(path="models.py", text=text)], sqlmodel_version=(0, 0, 50))
    assert time.perf_counter() - begun < SECONDS
    for path, problem in reading.problems:
        assert path == "models.py"
        assert 0 <= problem.span.start <= problem.span.end <= len(text)
    return reading.schema


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(text=half_typed())
def test_half_typed_models_are_read_without_an_exception(text: str) -> None:
    schema = read(text)
    for table in schema.tables.values():
        places = [table.origin, *(column.origin for column in table.columns)]
        assert all(place is None or place.span.end <= len(text) for place in places)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(text=half_typed())
def test_half_typed_models_are_edited_or_left_alone(text: str) -> None:
    schema = read(text)
    name = next(iter(schema.tables), None)
    if name is None:
        return
    column = Column(name="zz_new", type=ColumnType("integer"), nullable=True)
    wanted = schema.with_table(schema.tables[name].with_column(column))
    operation = AddColumn(table=name, column=column)
    edits = edit_models({"models.py": text}, [operation], wanted, purposes={}, sqlmodel_version=(0, 0, 50))
    assert edits.edits or edits.refused


@settings(max_examples=60, deadline=None)
@given(data=st.binary(max_size=400))
def test_any_bytes_are_read_without_an_exception(data: bytes) -> None:
    read(data.decode("utf-8", "replace"))
    read(data.decode("latin-1"))


@pytest.mark.parametrize(
    "text",
    [
        "from sqlmodel import *\nclass A(A, table=True):\n    id: A = A.id\n",
        "def f(x):\n    return f(f(x))\nname = f('a')\nclass T(SQLModel, table=True):\n    __tablename__ = f(name)\n    id: int = f(1)\n",
        "class T(SQLModel, table=True):\n    __tablename__ = ''.join(x for x in __tablename__)\n    id: int = Field(primary_key=True)\n",
        "X = X + X\nY = [*Y, *Y]\nclass T(SQLModel, table=True):\n    __table_args__ = (*Y, *X)\n    id: int = Field(primary_key=True)\n",
        "def g():\n    for a in range(10 ** 9):\n        for b in range(10 ** 9):\n            x = 'y' * 10 ** 9\n    return x\nclass T(SQLModel, table=True):\n    __tablename__ = g()\n    id: int = Field(primary_key=True)\n",
        "N = 'x' * 400\ndef g(n):\n    out = ''\n    for a in n:\n        for b in n:\n            for c in n:\n                out += a\n    return out\nclass T(SQLModel, table=True):\n    __tablename__ = g(N)\n    id: int = Field(primary_key=True)\n",
        "class M(str, Enum):\n    A = M.A\n    B = M('x')\nclass T(SQLModel, table=True):\n    m: M = Field(primary_key=True)\n",
        "import re\nclass T(SQLModel, table=True):\n    __tablename__ = '{:>999999999}'.format('x')\n    id: int = Field(primary_key=True)\n",
        "class T(SQLModel, table=True):\n    __tablename__ = '%999999999d' % 1\n    id: int = Field(primary_key=True)\n",
        "class T(SQLModel, table=True):\n    id: int = Field(primary_key=True, max_length=9 ** 9 ** 9, default=2 ** 99999999)\n",
        "a = [b for b in a for a in b]\nclass T(SQLModel, table=True):\n    __table_args__ = tuple(a)\n    id: int = Field(primary_key=True)\n",
    ],
)
def test_code_without_an_end_is_not_followed_for_ever(text: str) -> None:
    read(text)
