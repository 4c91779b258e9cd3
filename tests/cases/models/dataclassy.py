from __future__ import annotations

import datetime
import decimal
import enum
import uuid
from typing import Annotated, Any, Literal, NewType, Optional

from sqlalchemy import BigInteger, ForeignKey, Numeric, String, Text, UniqueConstraint, func
from sqlalchemy.dialects.postgresql import JSONB, TIMESTAMP
from sqlalchemy.orm import DeclarativeBase, Mapped, MappedAsDataclass, mapped_column, relationship

intpk = Annotated[int, mapped_column(primary_key=True, init=False)]
bigid = Annotated[int, mapped_column(BigInteger, primary_key=True, autoincrement=True)]
str50 = Annotated[str, 50]
str255 = Annotated[str, mapped_column(String(255))]
money = Annotated[decimal.Decimal, "money"]
created = Annotated[datetime.datetime, mapped_column(server_default=func.now(), init=False)]
user_fk = Annotated[int, mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)]
Handle = NewType("Handle", str)
Level = Literal["debug", "info", "warning"]


class Base(MappedAsDataclass, DeclarativeBase, kw_only=True):
    type_annotation_map = {
        str50: String(50),
        money: Numeric(12, 4),
        datetime.datetime: TIMESTAMP(timezone=True),
        dict[str, Any]: JSONB,
        Handle: String(40),
    }


class Colour(enum.Enum):
    red = 1
    blue = 2


class Account(Base):
    __tablename__ = "account"

    id: Mapped[intpk]
    name: Mapped[str50]
    alias: Mapped[Optional[str50]]
    mail: Mapped[str255 | None] = mapped_column(unique=True)
    balance: Mapped[money] = mapped_column(default=decimal.Decimal("0"))
    rate: Mapped[decimal.Decimal] = mapped_column(Numeric(5, 3), default=None)
    made: Mapped[created]
    extra: Mapped[dict[str, Any]] = mapped_column(default_factory=dict)
    colour: Mapped[Colour | None] = mapped_column(default=None)
    handle: Mapped[Handle] = mapped_column(default="x")
    level: Mapped[Level] = mapped_column(default="info")
    posts: Mapped[list[Entry]] = relationship(back_populates="account", default_factory=list, repr=False)


class Entry(Base):
    __tablename__ = "entry"
    __table_args__ = (UniqueConstraint("account_id", "title"),)

    id: Mapped[bigid] = mapped_column(init=False)
    account_id: Mapped[user_fk]
    title: Mapped[str] = mapped_column(String(80))
    body: Mapped[str] = mapped_column(Text, deferred=True)
    token: Mapped[uuid.UUID] = mapped_column(default_factory=uuid.uuid4, insert_default=uuid.uuid4)
    at: Mapped[datetime.date | None] = mapped_column(init=False)
    took: Mapped[datetime.timedelta] = mapped_column(default=datetime.timedelta(0))
    blob: Mapped[bytes | None] = mapped_column(default=None)
    account: Mapped[Account] = relationship(back_populates="posts", init=False)
