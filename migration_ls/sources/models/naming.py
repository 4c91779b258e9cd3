"""Names that SQLAlchemy makes: naming conventions of `MetaData`, and how long names are cut."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from hashlib import md5

from migration_ls.postgres.versions import IDENTIFIER_BYTES
from migration_ls.schema.names import Name

_TOKEN = re.compile(r"%\((\w+)\)[sd]")
_COLUMN = re.compile(r"(?:(?P<referred>referred_)?)column_(?P<index>\d+)(?P<many>_?N)?_(?P<what>name|key|label)\Z")
_CLASSES = {
    "Index": "ix",
    "UniqueConstraint": "uq",
    "CheckConstraint": "ck",
    "ForeignKeyConstraint": "fk",
    "PrimaryKeyConstraint": "pk",
}
_HASHED = 8
"""Characters that SQLAlchemy gives up for the hash of a name that is too long."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """What a name is made for: the table, the columns, what a foreign key refers to, and the name that was given."""

    table: Name
    columns: tuple[str, ...] = ()
    referred: Name | None = None
    referred_columns: tuple[str, ...] = ()
    given: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Metadata:
    """A `MetaData`: patterns by `ix`, `uq`, `ck`, `fk`, `pk`, and the namespace of tables that name none."""

    patterns: Mapping[str, str] = field(default_factory=dict)
    namespace: str | None = None

    def makes(self, kind: str) -> bool:
        """Whether names of such parts are made; else they are as given."""
        return kind == "ix" or kind in self.patterns

    def name(self, kind: str, of: Named) -> str | None:
        """The name of a constraint or index: as given, or as the convention makes it."""
        pattern = self.patterns.get(kind)
        if pattern is None:
            if of.given is not None or kind != "ix":
                return of.given
            # As the pattern `ix_%(column_0_label)s` would.
            return cut(f"ix_{_label(of.table, of.columns[0]) if of.columns else ''}")
        if of.given is not None and "constraint_name" not in pattern:
            return of.given
        if of.given is None and "constraint_name" in pattern:
            return None
        return cut(_TOKEN.sub(lambda match: _token(match[1], of), pattern))


def patterns_of(entries: Mapping[str, str]) -> dict[str, str]:
    """The patterns of a naming convention; classes as keys count as their short names."""
    return {_CLASSES.get(key, key): value for key, value in entries.items()}


def cut(name: str) -> str:
    """A generated name as SQLAlchemy shortens it for PostgreSQL."""
    if len(name) <= IDENTIFIER_BYTES:
        return name
    digest = md5(name.encode("utf-8", "surrogatepass"), usedforsecurity=False).hexdigest()
    return f"{name[: IDENTIFIER_BYTES - _HASHED]}_{digest[-4:]}"


def _token(token: str, of: Named) -> str:
    match token:
        case "table_name":
            return of.table.name
        case "constraint_name":
            return of.given or ""
        case "referred_table_name":
            return of.referred.name if of.referred else ""
        case _:
            pass
    found = _COLUMN.match(token)
    if found is None:
        return ""
    columns = of.referred_columns if found["referred"] else of.columns
    labels: Callable[[str], str] = (lambda column: _label(of.table, column)) if found["what"] == "label" else str
    if found["many"]:
        return ("_" if found["many"] == "_N" else "").join(map(labels, columns))
    index = int(found["index"])
    return labels(columns[index]) if index < len(columns) else ""


def _label(table: Name, column: str) -> str:
    whole = table.name if table.namespace == "public" else f"{table.namespace}_{table.name}"
    return f"{whole}_{column}"
