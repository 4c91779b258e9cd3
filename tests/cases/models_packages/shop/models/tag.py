from sqlalchemy.orm import Mapped, mapped_column, relationship

from . import base
from .product import Product, product_tags


class Tag(base.Base):
    label: Mapped[str] = mapped_column(unique=True, index=True)
    products: Mapped[list[Product]] = relationship(secondary=product_tags, back_populates="tags")
