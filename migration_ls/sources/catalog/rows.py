"""Rows of the catalog query as values."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from migration_ls.schema.names import Name


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogRow:
    """One object: its kind, its name as the server prints it, what it is like, and where it belongs."""

    kind: str
    name: str
    properties: Mapping[str, object]
    place: Mapping[str, object]

    def text(self, key: str) -> str | None:
        """A property as text; None where it is not there."""
        value = self.properties.get(key)
        return None if value is None else str(value)

    def has(self, key: str) -> bool:
        """Whether a property is true."""
        return self.properties.get(key) is True

    def marked(self, key: str) -> bool:
        """Whether a mark of the place is true."""
        return self.place.get(key) is True

    def at(self, key: str) -> str:
        """A part of the place as text; empty where it is not there."""
        value = self.place.get(key)
        return "" if value is None else str(value)

    @property
    def relation(self) -> Name:
        """The relation that the object is, or stands at."""
        return Name(self.at("relation"), self.at("namespace"))

    @property
    def own_name(self) -> Name:
        """The name of what stands in a namespace of its own."""
        return Name(self.at("name"), self.at("namespace"))

    @property
    def number(self) -> int:
        """What rises in the order in which objects were made."""
        value = self.place.get("number")
        return value if isinstance(value, int) else 0

    def names(self, key: str) -> tuple[Name, ...]:
        """A part of the place that lists relations, each with its namespace."""
        listed = self.place.get(key)
        return tuple(name for item in listed if (name := _name(item))) if isinstance(listed, list) else ()

    def named(self, key: str) -> Name | None:
        """A part of the place that is one relation or type with its namespace."""
        return _name(self.place.get(key))


def _name(pair: object) -> Name | None:
    match pair:
        case [str() as namespace, str() as name, *_]:
            return Name(name, namespace)
        case _:
            return None


def rows_of(answer: Iterable[tuple[object, ...]]) -> tuple[CatalogRow, ...]:
    """The rows of the catalog query's answer; what has not its form is left out."""
    found: list[CatalogRow] = []
    for row in answer:
        match row:
            case (str() as kind, str() as name, dict() as properties, dict() as place):
                found.append(CatalogRow(kind=kind, name=name, properties=properties, place=place))
            case _:
                pass
    return tuple(found)
