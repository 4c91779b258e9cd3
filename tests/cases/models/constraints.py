"""Table arguments, names, schemas, kinds of index."""
from datetime import datetime
from typing import Optional

import sqlalchemy as sa
from sqlalchemy import CheckConstraint, Column, ForeignKeyConstraint, Index, PrimaryKeyConstraint, UniqueConstraint, desc, func, text
from sqlalchemy.dialects.postgresql import JSONB, ExcludeConstraint
from sqlmodel import Field, SQLModel

SCHEMA = "con"
COMMON = {"schema": SCHEMA}


def audit() -> tuple:
    return (CheckConstraint("length(name) > 0", name="ck_audit"),)


class Owner(SQLModel, table=True):
    __tablename__ = "owners"
    __table_args__ = (UniqueConstraint("area", "number"), PrimaryKeyConstraint("number", "area", name="pk_owners"), COMMON)
    area: int
    number: int
    name: str = Field(index=True, unique=True)
    a_column_with_a_long_name_that_is_cut_somewhere_in_the_middle: int = Field(index=True)


class Thing(SQLModel, table=True):
    __tablename__ = "things"
    __table_args__ = (
        *audit(),
        ForeignKeyConstraint(["area", "number"], [f"{SCHEMA}.owners.area", f"{SCHEMA}.owners.number"], ondelete="CASCADE"),
        UniqueConstraint("name", "area", name="uq_things", deferrable=True, initially="DEFERRED"),
        CheckConstraint("size BETWEEN 1 AND 10"),
        Index("ix_things_lower", text("lower(name)"), unique=True),
        Index("ix_things_func", func.lower("x")),
        Index("ix_things_desc", desc("size"), "name"),
        Index("ix_things_mixed", "area", text("size DESC NULLS LAST"), postgresql_where=text("size > 3")),
        Index("ix_things_gin", "data", postgresql_using="gin"),
        Index("ix_things_include", "name", postgresql_include=["size"]),
        Index(None, "size", "name"),
        {**COMMON, "comment": "things"},
    )
    id: Optional[int] = Field(default=None, primary_key=True)
    area: int
    number: int
    name: str = Field(max_length=20)
    size: int = Field(default=1, index=True)
    data: dict = Field(default_factory=dict, sa_type=JSONB)
    at: datetime = Field(sa_column=Column(sa.DateTime(), server_default=text("now()"), nullable=False, unique=True))
    self_id: Optional[int] = Field(default=None, foreign_key="con.things.id")


class Booking(SQLModel, table=True):
    __table_args__ = (ExcludeConstraint(("room", "="), ("number", "="), using="gist", name="no_overlap"),)
    id: Optional[int] = Field(default=None, primary_key=True)
    room: int
    number: int


Index("ix_late", Thing.number, unique=True)

link = sa.Table(
    "thing_links",
    SQLModel.metadata,
    Column("one", sa.ForeignKey("con.things.id"), primary_key=True),
    Column("two", sa.Integer, sa.ForeignKey("con.things.id", ondelete="CASCADE"), primary_key=True),
    Column("rank", sa.SmallInteger, nullable=False, server_default="0", index=True),
    sa.UniqueConstraint("rank", "two"),
    schema=SCHEMA,
)
