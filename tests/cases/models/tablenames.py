from enum import StrEnum
from typing import ClassVar

from sqlalchemy.orm import declared_attr
from sqlmodel import Field, SQLModel

PREFIX = "app_"
NAMES = {"a": "first", "b": "second"}


class Tables(StrEnum):
    USERS = "tn_users"
    POSTS = "tn_posts"


class Config:
    table_prefix = "cfg_"
    names = {"z": "zed"}


def table_name(name: str) -> str:
    return f"{PREFIX}{name}"


def pluralize(word: str) -> str:
    if word.endswith("y"):
        return word[:-1] + "ies"
    return word + "s"


class A(SQLModel, table=True):
    __tablename__ = PREFIX + NAMES["a"]
    id: int = Field(primary_key=True)


class B(SQLModel, table=True):
    __tablename__: ClassVar[str] = f"{PREFIX}{NAMES['b']}"
    id: int = Field(primary_key=True)
    a: int = Field(foreign_key=f"{A.__tablename__}.id")


class C(SQLModel, table=True):
    __tablename__ = Tables.USERS
    id: int = Field(primary_key=True)


class D(SQLModel, table=True):
    __tablename__ = Tables.POSTS.value
    id: int = Field(primary_key=True)
    c: int = Field(foreign_key=Tables.USERS + ".id")
    d: int = Field(foreign_key="%s.id" % Tables.USERS.value)


class E(SQLModel, table=True):
    __tablename__ = table_name("e")
    id: int = Field(primary_key=True)


class F(SQLModel, table=True):
    __tablename__ = "{}_{}".format("f", "table")
    id: int = Field(primary_key=True)


class G(SQLModel, table=True):
    __tablename__ = "_".join(["g", "h", "i"])
    id: int = Field(primary_key=True)


class H(SQLModel, table=True):
    __tablename__ = Config.table_prefix + Config.names["z"].upper().lower()
    id: int = Field(primary_key=True)


class CamelCaseThing(SQLModel, table=True):
    id: int = Field(primary_key=True)


class Plural(SQLModel):
    @declared_attr.directive
    def __tablename__(cls) -> str:
        return pluralize(cls.__name__.lower())


class City(Plural, table=True):
    id: int = Field(primary_key=True)


class Town(Plural, table=True):
    id: int = Field(primary_key=True)
    city_id: int = Field(foreign_key="cities.id")


class Snake(SQLModel):
    @declared_attr
    def __tablename__(cls) -> str:
        name = cls.__name__
        out = ""
        for i, ch in enumerate(name):
            if ch.isupper() and i:
                out += "_"
            out += ch.lower()
        return out


class LongSnakeName(Snake, table=True):
    id: int = Field(primary_key=True)


class ModelSuffix(SQLModel):
    @declared_attr
    def __tablename__(cls) -> str:
        return cls.__name__.replace("Model", "").lower() + "s"


class ReportModel(ModelSuffix, table=True):
    id: int = Field(primary_key=True)


class J(SQLModel, table=True):
    __tablename__ = "j" if PREFIX == "app_" else "k"
    id: int = Field(primary_key=True)


class Quoted(SQLModel, table=True):
    __tablename__ = 'Order Lines"x'
    id: int = Field(primary_key=True)
    order: int = Field(index=True)
    Mixed: str = Field(unique=True)
