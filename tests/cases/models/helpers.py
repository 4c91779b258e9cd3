import uuid
from datetime import datetime
from functools import partial
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Column, ForeignKey, String
from sqlalchemy.dialects.postgresql import UUID
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlmodel import Field, SQLModel

NAME_LENGTH = 64
MAX = {"title": 200, "slug": NAME_LENGTH * 2}
utcnow = sa.text("timezone('utc', now())")
TimeStamp = sa.DateTime(timezone=True)


class Base(DeclarativeBase):
    pass


def pk(**kwargs: Any) -> Column:
    return Column(UUID(as_uuid=True), primary_key=True, default=uuid.uuid4, **kwargs)


def fk(target: str, *, nullable: bool = False, ondelete: str | None = "CASCADE", index: bool = True) -> Column:
    """A foreign key."""
    return Column(UUID(as_uuid=True), ForeignKey(target, ondelete=ondelete), nullable=nullable, index=index)


def stamp(name=None, auto=False):
    options = {"nullable": False, "server_default": utcnow}
    if auto:
        options["onupdate"] = utcnow
    return Column(TimeStamp, **options)


def short(length: int = NAME_LENGTH) -> Mapped[str]:
    return mapped_column(String(length), nullable=False)


required = partial(mapped_column, nullable=False)


class Owner(SQLModel, table=True):
    __tablename__ = "owner"
    id: uuid.UUID = Field(sa_column=pk(comment="the key"))
    name: str = Field(max_length=NAME_LENGTH)
    title: str = Field(max_length=MAX["title"])
    slug: str = Field(sa_column=Column(String(MAX["slug"]), unique=True))


class Thing(SQLModel, table=True):
    __tablename__ = "thing"
    id: uuid.UUID = Field(sa_column=pk())
    owner_id: uuid.UUID = Field(sa_column=fk("owner.id"))
    parent_id: uuid.UUID | None = Field(default=None, sa_column=fk("thing.id", nullable=True, ondelete="SET NULL", index=False))
    made: datetime = Field(sa_column=stamp())
    changed: datetime = Field(sa_column=stamp(auto=True))


class Plain(Base):
    __tablename__ = "plain"
    id = pk()
    name: Mapped[str] = short()
    code: Mapped[str] = short(5)
    size: Mapped[int] = required(sa.Integer)
    ref = fk("target.id")
    when = sa.Column(TimeStamp, server_default=utcnow)


class Target(Base):
    __tablename__ = "target"
    id = pk()
