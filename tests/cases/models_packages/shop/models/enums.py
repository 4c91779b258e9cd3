from enum import StrEnum, auto

__all__ = ("OrderStatus", "Currency")


class OrderStatus(StrEnum):
    NEW = auto()
    PAID = auto()
    SENT = "shipped"


class Currency(StrEnum):
    EUR = "EUR"
    USD = "USD"
