"""SQLAlchemy's types, enumerations, generated columns."""
import enum
from decimal import Decimal
from typing import Any, Optional

import sqlalchemy as sa
from sqlalchemy import Column, Computed, Identity, Sequence
from sqlalchemy.dialects import postgresql as pg
from sqlalchemy.ext.mutable import MutableDict
from sqlalchemy.types import TypeDecorator
from sqlmodel import Field, SQLModel


class Mood(enum.Enum):
    HAPPY = "happy"
    SAD = "sad"


class Size(str, enum.Enum):
    S = enum.auto()
    M = enum.auto()


def values(cls: type[enum.Enum]) -> list[str]:
    return [member.value for member in cls]


class Cents(TypeDecorator):
    impl = sa.BigInteger
    cache_ok = True


class Name(TypeDecorator):
    impl = sa.String(33)
    cache_ok = True


class Guid(TypeDecorator):
    impl = sa.CHAR
    cache_ok = True

    def load_dialect_impl(self, dialect):
        if dialect.name == "postgresql":
            return dialect.type_descriptor(pg.UUID())
        return dialect.type_descriptor(sa.CHAR(32))


class TypeCase(SQLModel, table=True):
    id: Optional[int] = Field(default=None, sa_column=Column(sa.BigInteger, Identity(always=True), primary_key=True))
    s1: str = Field(sa_type=sa.String)
    s2: str = Field(sa_type=sa.Unicode(5))
    s3: str = Field(sa_type=sa.VARCHAR(6))
    s4: str = Field(sa_type=sa.Text())
    s5: str = Field(sa_type=sa.CHAR)
    n1: Decimal = Field(sa_type=sa.Numeric)
    n2: Decimal = Field(sa_type=sa.Numeric(10))
    n3: Decimal = Field(sa_type=sa.DECIMAL(10, 3))
    f1: float = Field(sa_type=sa.Float)
    f2: float = Field(sa_type=sa.Float(precision=10))
    f3: float = Field(sa_type=sa.REAL)
    f4: float = Field(sa_type=sa.Float(53))
    t1: Any = Field(sa_type=sa.Time(timezone=True))
    t2: Any = Field(sa_type=pg.TIMESTAMP(timezone=True, precision=3))
    t3: Any = Field(sa_type=sa.Interval)
    t4: Any = Field(sa_type=sa.TIMESTAMP)
    u1: Any = Field(sa_type=sa.Uuid)
    u2: Any = Field(sa_type=pg.UUID(as_uuid=True))
    j1: Any = Field(sa_type=sa.JSON().with_variant(pg.JSONB(), "postgresql"))
    j2: Any = Field(sa_type=MutableDict.as_mutable(pg.JSONB))
    a1: Any = Field(sa_type=sa.ARRAY(sa.Integer))
    a2: Any = Field(sa_type=pg.ARRAY(pg.ENUM(Mood, name="mood")))
    b1: Any = Field(sa_type=sa.LargeBinary)
    b2: Any = Field(sa_type=pg.BIT(3, varying=True))
    r1: Any = Field(sa_type=pg.INT4RANGE)
    x1: Any = Field(sa_type=pg.TSVECTOR)
    x2: Any = Field(sa_type=pg.INET)
    x3: Any = Field(sa_type=pg.CITEXT)
    cents: int = Field(sa_type=Cents)
    named: str = Field(sa_type=Name())
    guid: str = Field(sa_type=Guid(32))
    e1: Mood
    e2: Mood = Field(default=Mood.SAD, sa_column=Column(sa.Enum(Mood, values_callable=values, name="mood_value"), server_default=Mood.SAD.value))
    e3: Size = Field(sa_type=sa.Enum(Size, native_enum=False, length=9))
    e4: str = Field(sa_type=sa.Enum("x", "yy", name="letters", schema="typ"))
    e5: Size = Field(sa_type=sa.Enum(Size, values_callable=lambda x: [e.value for e in x]))
    e6: str = Field(sa_type=sa.Enum("x", "yy", native_enum=False, create_constraint=True, name="ck_letters"))
    total: Optional[Decimal] = Field(default=None, sa_column=Column(sa.Numeric(12, 2), Computed("n2 * 2")))
    counter: Optional[int] = Field(default=None, sa_column=Column(sa.Integer, Sequence("counter_seq"), server_default=sa.text("nextval('counter_seq')")))


class Counted(SQLModel, table=True):
    id: int = Field(sa_column=Column(sa.SmallInteger, primary_key=True, autoincrement=False))


class Keyed(SQLModel, table=True):
    id: int = Field(default=5, primary_key=True)


class Served(SQLModel, table=True):
    id: int = Field(primary_key=True, sa_column_kwargs={"server_default": "7"})


class Pair(SQLModel, table=True):
    one: int = Field(primary_key=True)
    two: int = Field(sa_column=Column(sa.Integer, primary_key=True, autoincrement=True))
