"""A models file and a schema document of 50 tables: read for the first time, and after a field of one was added."""

from itertools import count

from migration_ls.sources.models import ModelFile, analyse, convert, read_models
from migration_ls.sources.schema_doc import read_schema_document

TABLES = 50
HEAD = """import enum
import uuid
from datetime import datetime
from decimal import Decimal
from typing import Optional

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, Relationship, SQLModel


class Stamped(SQLModel):
    created_at: datetime = Field(sa_type=sa.DateTime(timezone=True), sa_column_kwargs={"server_default": sa.func.now()})
    updated_at: Optional[datetime] = Field(default=None, sa_column=sa.Column(sa.DateTime(timezone=True), onupdate=sa.func.now()))
"""
TABLE = '''

class State{n}(str, enum.Enum):
    OPEN = "open"
    DONE = "done"


class Thing{n}(Stamped, table=True):
    """What number {n} is for."""

    __tablename__ = "things_{n}"
    __table_args__ = (
        sa.Index("ix_things_{n}_open", "owner_id", postgresql_where=sa.text("done_at IS NULL")),
        sa.CheckConstraint("amount >= 0", name="things_{n}_amount"),
        sa.UniqueConstraint("owner_id", "name"),
    )

    id: uuid.UUID = Field(default_factory=uuid.uuid4, primary_key=True)
    owner_id: uuid.UUID = Field(foreign_key="things_{other}.id", index=True, ondelete="CASCADE")
    name: str = Field(max_length=200, index=True)
    state: State{n} = Field(default=State{n}.OPEN)
    amount: Decimal = Field(default=Decimal(0), max_digits=10, decimal_places=2)
    payload: dict = Field(default_factory=dict, sa_column=sa.Column(JSONB, nullable=False, server_default="{{}}"))
    done_at: Optional[datetime] = None
    owner: "Thing{other}" = Relationship(sa_relationship_kwargs={{"lazy": "selectin"}})
'''


def text_of(extra: str = "") -> str:
    tables = [TABLE.format(n=n, other=max(n - 1, 0)) for n in range(TABLES)]
    tables[TABLES // 2] += extra
    return HEAD + "".join(tables)


def read(text: str) -> int:
    return len(read_models([ModelFile(path="models.py", text=text)]).schema.tables)


def test_the_whole_file(benchmark):
    text = text_of()

    def fresh() -> None:
        convert.statements_of.cache_clear()
        convert.term_of.cache_clear()
        analyse.forget()

    assert benchmark.pedantic(lambda: read(text), setup=fresh, rounds=30, warmup_rounds=2) == TABLES


def test_one_class_changed(benchmark):
    numbers = count()
    read(text_of())
    texts = iter([text_of(f"    extra_{next(numbers)}: Optional[int] = None\n") for _ in range(200)])
    assert benchmark.pedantic(lambda: read(next(texts)), rounds=150, warmup_rounds=5) == TABLES


SECTION = """## things_{n}

What number {n} is for.

- `id`: BIGINT (primary key, auto-increment)
- `owner_{n}_id`: UUID (not null, foreign key -> things_{other}.id)
- `name`: VARCHAR(200) (required, unique)
- `state`: VARCHAR(20) (not null, default 'open', one of open, done)
- `amount`: NUMERIC(10,2) (nullable)
- `payload`: JSONB
- `{stamp}_at`: TIMESTAMPTZ (not null, default now())

"""


def document_of(stamp: str, extra: str = "") -> str:
    """A document whose words about time stamps, `stamp`, no earlier one had."""
    sections = [SECTION.format(n=n, other=max(n - 1, 0), stamp=stamp) for n in range(TABLES)]
    sections[TABLES // 2] = sections[TABLES // 2].rstrip() + f"\n{extra}\n" if extra else sections[TABLES // 2]
    return "# Schema\n\n" + "".join(sections)


def read_document(text: str) -> int:
    return len(read_schema_document("schema.md", text).schema.tables)


def test_the_whole_document(benchmark):
    read_document(document_of("made"))
    texts = iter([document_of(f"made_{n}") for n in range(200)])
    assert benchmark.pedantic(lambda: read_document(next(texts)), rounds=30, warmup_rounds=2) == TABLES


def test_one_section_changed(benchmark):
    read_document(document_of("made"))
    texts = iter([document_of("made", f"- `extra_{n}`: INTEGER (nullable)") for n in range(200)])
    assert benchmark.pedantic(lambda: read_document(next(texts)), rounds=150, warmup_rounds=5) == TABLES
