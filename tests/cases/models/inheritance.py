"""Bases, mixins, overriding, order of columns, names of tables."""
import re
from datetime import datetime
from typing import Optional

import sqlalchemy as sa
from sqlalchemy.orm import declared_attr
from sqlmodel import Field, Relationship, SQLModel


def snake(name: str) -> str:
    """The usual function."""
    first = re.sub(r"(.)([A-Z][a-z]+)", r"\1_\2", name)
    return re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", first).lower()


class InhBase(SQLModel):
    @declared_attr.directive
    def __tablename__(cls) -> str:
        return snake(cls.__name__) + "s"


class Ids(SQLModel):
    id: Optional[int] = Field(default=None, primary_key=True)


class Stamps(SQLModel):
    created_at: datetime = Field(default_factory=datetime.utcnow, index=True)
    updated_at: Optional[datetime] = None


class Plain:
    note: str = Field(default="", max_length=10)


class Personal(SQLModel):
    name: str = Field(max_length=50)
    email: str = Field(max_length=100)
    age: int


class HumanBeing(InhBase, Personal, Stamps, Ids, table=True):
    email: str = Field(max_length=250, unique=True)
    extra: int = 1
    age: Optional[int] = None


class HumanRead(HumanBeing):
    more: int = 0


class WithPlain(Plain, Ids, table=True):
    __tablename__ = "with_" + "plain"
    b: int
    others: list["Linked"] = Relationship(back_populates="owner")
    a: int


class Linked(InhBase, Ids, table=True):
    owner_id: Optional[int] = Field(default=None, foreign_key=f"{WithPlain.__tablename__}.id")
    owner: Optional[WithPlain] = Relationship(back_populates="others")
    name: str


class Diamond(Stamps, Ids):
    middle: int


class DiamondTable(Diamond, Stamps, InhBase, table=True):
    __table_args__ = {"schema": "inh", "comment": "a diamond"}
    tail: str
