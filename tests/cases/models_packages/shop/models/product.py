from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy import CheckConstraint, Column, ForeignKey, Numeric, String, Table
from sqlalchemy.orm import Mapped, mapped_column, relationship

from .base import Base, TimestampMixin
from .enums import Currency

if TYPE_CHECKING:
    from .order import OrderLine
    from .tag import Tag

product_tags = Table(
    "product_tags",
    Base.metadata,
    Column("product_id", ForeignKey("product.id", ondelete="CASCADE"), primary_key=True),
    Column("tag_id", ForeignKey("tag.id", ondelete="CASCADE"), primary_key=True),
)


class Product(TimestampMixin, Base):
    sku: Mapped[str] = mapped_column(String(32), unique=True)
    name: Mapped[str] = mapped_column(String(200), index=True)
    price: Mapped[Decimal] = mapped_column(Numeric(10, 2))
    currency: Mapped[Currency] = mapped_column(
        sa.Enum(Currency, name="currency", values_callable=lambda e: [m.value for m in e]),
        server_default=Currency.EUR.value,
    )
    tags: Mapped[list[Tag]] = relationship(secondary=product_tags, back_populates="products")
    lines: Mapped[list[OrderLine]] = relationship(back_populates="product", passive_deletes=True)

    __table_args__ = (
        CheckConstraint("price >= 0", name="price_positive"),
        sa.Index("product_lower_name", sa.func.lower(name)),
    )
