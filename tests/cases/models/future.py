from __future__ import annotations

import datetime
import uuid
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Optional, TypeAlias

from sqlalchemy import Numeric, String, Text
from sqlmodel import Column, Field, Relationship, SQLModel

Slug: TypeAlias = Annotated[str, Field(max_length=60, index=True)]
Money = Annotated[Decimal, Field(max_digits=10, decimal_places=2)]
OptStr = Optional[str]
Id = int | None


class Author(SQLModel, table=True):
    id: Id = Field(default=None, primary_key=True)
    slug: Slug
    pay: Money = Decimal(0)
    pay2: Annotated[Decimal, Field(sa_type=Numeric(4, 1))]
    bio: OptStr = Field(default=None, sa_type=Text)
    nick: OptStr
    born: datetime.date | None = None
    at: datetime.datetime = Field(default_factory=lambda: datetime.datetime.now(datetime.UTC))
    uid: uuid.UUID = Field(default_factory=uuid.uuid4, index=True, unique=True)
    a: "str | None" = None
    b: "Optional[datetime.time]" = None
    c: Annotated["int", Field(ge=0)] = 0
    d: Annotated[Optional[str], Field(sa_column=Column("dee", String(5), nullable=False))] = None
    e: Annotated[str, "doc", Field(max_length=4)] = Field(default="x", index=True)
    f: Annotated[str, Field(max_length=4)] = "y"
    g: Annotated[str, Field(max_length=4), Field(unique=True)] = Field(nullable=True)
