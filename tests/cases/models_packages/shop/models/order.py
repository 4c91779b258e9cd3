from datetime import datetime
from typing import Optional

from sqlalchemy import ForeignKey, ForeignKeyConstraint, PrimaryKeyConstraint, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from .base import Base, TimestampMixin as Stamps
from .enums import OrderStatus
from .product import Product


class CustomerOrder(Stamps, Base):
    status: Mapped[OrderStatus] = mapped_column(default=OrderStatus.NEW)
    paid_at: Mapped[Optional[datetime]]
    data: Mapped[dict] = mapped_column(JSONB, server_default=text("'{}'::jsonb"))
    lines: Mapped[list["OrderLine"]] = relationship(cascade="all, delete-orphan")


class OrderLine(Base):
    __table_args__ = (
        UniqueConstraint("order_id", "product_id"),
        {"comment": "What was bought"},
    )
    order_id: Mapped[int] = mapped_column(ForeignKey(CustomerOrder.id))
    product_id: Mapped[int] = mapped_column(ForeignKey("shop.product.id", ondelete="RESTRICT"))
    quantity: Mapped[int] = mapped_column(server_default="1")
    product: Mapped[Product] = relationship(back_populates="lines")


class Shipment(Base):
    __tablename__ = "shipments"
    id: Mapped[int] = mapped_column()
    order_id: Mapped[int]
    leg: Mapped[int]
    __table_args__ = (
        PrimaryKeyConstraint("id", "leg"),
        ForeignKeyConstraint(["order_id"], [CustomerOrder.id], ondelete="CASCADE", name="shipment_order"),
        {"schema": "logistics"},
    )
