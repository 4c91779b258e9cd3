from .base import Base, TimestampMixin
from .enums import *
from .product import Product, product_tags
from .tag import Tag
from . import order

__all__ = ["Base", "Product", "Tag", "order"]
