import enum
from enum import Enum, IntEnum, StrEnum, auto, unique
from typing import Literal, Optional

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, ENUM
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlmodel import Column, Field, SQLModel
from sqlmodel import Enum as SMEnum

STATUSES = ("new", "old", "it's")
MORE = [*STATUSES, "gone"]
Color = Enum("Color", "RED GREEN BLUE")
Shape = enum.Enum("Shape", [("ROUND", "round"), ("SQUARE", "square")])
Size = Enum("Size", {"S": "small", "L": "large"})
Side = Enum("Side", ["LEFT", "RIGHT"])


class AutoName(str, Enum):
    @staticmethod
    def _generate_next_value_(name, start, count, last_values):
        return name.lower()


class Fruit(AutoName):
    APPLE = auto()
    PEAR = auto()


class Lower(StrEnum):
    Alpha = auto()
    BETA = auto()


@unique
class Number(IntEnum):
    ONE = 1
    TWO = 2
    ALSO_TWO = 3

    @property
    def label(self):
        return self.name.title()


class Alias(Enum):
    A = "a"
    B = "b"
    C = "a"
    _ignore_ = []

    def describe(self):
        return self.value


class Planet(Enum):
    MERCURY = (3.303e23, 2.4397e6)
    VENUS = (4.869e24, 6.0518e6)

    def __init__(self, mass, radius):
        self.mass = mass


class Rich(str, Enum):
    label: str

    def __new__(cls, value, label):
        obj = str.__new__(cls, value)
        obj._value_ = value
        obj.label = label
        return obj

    X = ("x", "The X")
    Y = ("y", "The Y")


def values(cls: type[Enum]) -> list[str]:
    return [m.value for m in cls]


def enum_column(cls, name, **kwargs):
    return Column(sa.Enum(cls, name=name, values_callable=values), **kwargs)


def store(cls, length=20):
    return sa.Enum(cls, native_enum=False, length=length, create_constraint=True, name=cls.__name__.lower() + "_ck", values_callable=lambda e: [i.value for i in e])


class Zoo(SQLModel, table=True):
    __tablename__ = "enum_zoo"
    id: int | None = Field(default=None, primary_key=True)
    color: Color
    shape: Shape = Field(default=Shape.ROUND)
    size: Optional[Size] = Field(sa_column=Column(sa.Enum(Size, values_callable=lambda x: [i.value for i in x], name="sizes")))
    side: Side = Side.LEFT
    fruit: Fruit = Fruit.APPLE
    lower: Lower = Field(sa_type=sa.Enum(Lower, values_callable=values, name="lower"))
    number: Number = Field(default=Number.ONE, index=True)
    alias: Alias
    planet: Planet | None = None
    rich: Rich = Field(sa_column=enum_column(Rich, "rich_enum", nullable=False))
    words: str = Field(sa_column=Column(sa.Enum(*STATUSES, name="words"), server_default="it's"))
    more: str = Field(sa_column=Column(ENUM(*MORE, name="more", create_type=False), nullable=False, default="new"))
    nonnative: Alias = Field(sa_column=Column(sa.Enum(Alias, native_enum=False)))
    nonnative2: Alias = Field(sa_column=Column(store(Alias)))
    literal: Literal["a", "bb"] = Field("a", sa_type=sa.String(2))
    literal2: Optional[Literal["x", "y"]] = Field(default=None, max_length=5, sa_type=sa.String)
    sm: Fruit = Field(sa_column=Column(SMEnum(Fruit)))
    arr: list[Fruit] = Field(sa_column=Column(ARRAY(sa.Enum(Fruit, name="fruit"))))
    text_of: Fruit = Field(sa_type=sa.String(10))
    schema_: str = Field(sa_column=Column("schema", sa.Enum("u", "v", name="uv", schema="other")))


class Base(DeclarativeBase):
    type_annotation_map = {enum.Enum: sa.Enum(enum.Enum, native_enum=False, length=30)}


class Zoo2(Base):
    __tablename__ = "enum_zoo2"

    class Inner(Enum):
        A = 1
        B = 2

    id: Mapped[int] = mapped_column(primary_key=True)
    inner: Mapped[Inner] = mapped_column(sa.Enum(Inner, name="inner_kind"))
    fruit: Mapped[Fruit]
    lit: Mapped[Literal["p", "qq"]] = mapped_column(sa.Enum("p", "qq", name="lit_enum"))
    lit2: Mapped[Literal["long", "x"] | None]
    inherit: Mapped[str] = mapped_column(sa.Enum("1", "2", name="inh", inherit_schema=True))
    __table_args__ = {"schema": "zoo"}
