from __future__ import annotations

import enum
import uuid
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import BigInteger, Boolean, CheckConstraint, Date, DateTime, Enum, ForeignKey, Index, Integer, Numeric, String, Text, UniqueConstraint, func, text
from sqlalchemy.dialects.postgresql import ARRAY, INET, JSONB, UUID
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

_NOW = func.now()


class Base(DeclarativeBase):
    """Base."""


class UserStatus(str, enum.Enum):
    ACTIVE = "active"
    BANNED = "banned"


class TxnDirection(enum.StrEnum):
    IN = "in"
    OUT = "out"


def enum_type(py_enum: type, name: str, length: int = 20) -> Enum:
    return Enum(py_enum, name=name, native_enum=False, length=length, create_constraint=False, validate_strings=True, values_callable=lambda e: [m.value for m in e])


def _in_list(column: str, enum_cls: type) -> str:
    values = ", ".join(f"'{m.value}'" for m in enum_cls)
    return f"{column} IN ({values})"


class TimestampMixin:
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=_NOW, nullable=False)
    updated_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=_NOW, onupdate=_NOW)


class User(TimestampMixin, Base):
    __tablename__ = "users"
    __table_args__ = (CheckConstraint(_in_list("status", UserStatus), name="ck_users_status"),)
    id: Mapped[uuid.UUID] = mapped_column(UUID(as_uuid=True), primary_key=True, default=uuid.uuid4, server_default=text("gen_random_uuid()"))
    name: Mapped[str] = mapped_column(String(120), nullable=False)
    status: Mapped[UserStatus] = mapped_column(enum_type(UserStatus, "user_status"), default=UserStatus.ACTIVE, server_default=UserStatus.ACTIVE.value)
    last_ip: Mapped[str | None] = mapped_column(INET)
    roles: Mapped[list[str]] = mapped_column(ARRAY(String), default=list, server_default=text("'{}'::varchar[]"))
    accounts: Mapped[list[Account]] = relationship(back_populates="user", cascade="all, delete-orphan")


class Account(TimestampMixin, Base):
    __tablename__ = "accounts"
    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    currency: Mapped[str] = mapped_column(String(3), default="EUR", server_default="EUR")
    limit: Mapped[Decimal | None] = mapped_column(Numeric(14, 2))
    user: Mapped[User] = relationship(back_populates="accounts")
    __table_args__ = (UniqueConstraint("user_id", "currency", name="uq_account"),)


class Txn(Base):
    __tablename__ = "transactions"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), nullable=False)
    direction: Mapped[TxnDirection] = mapped_column(Enum(TxnDirection, name="txn_direction", create_type=True, values_callable=lambda c: [e.value for e in c]), nullable=False)
    amount: Mapped[Decimal] = mapped_column(Numeric(14, 2), nullable=False)
    booked: Mapped[date] = mapped_column(Date, server_default=func.current_date())
    data: Mapped[dict | None] = mapped_column(JSONB)
    cleared: Mapped[bool] = mapped_column(Boolean, default=False)
    reverses_id: Mapped[int | None] = mapped_column(ForeignKey("transactions.id", ondelete="SET NULL"))
    note: Mapped[str] = mapped_column(Text, default="", server_default="")
    kind: Mapped[int] = mapped_column(Integer, comment="1 = card")

    __table_args__ = (
        Index("ix_txn_open", account_id, booked.desc(), postgresql_where=cleared.is_(False)),
        Index("ix_txn_amount", "amount", unique=True, postgresql_where=text("reverses_id IS NULL")),
        CheckConstraint("amount > 0", name="positive"),
    )
