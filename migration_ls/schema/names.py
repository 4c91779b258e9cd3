"""Names of relations, types and sequences."""

import re
from dataclasses import dataclass

from migration_ls.postgres.quoting import qualified


@dataclass(frozen=True, slots=True, order=True)
class Name:
    """A name in a namespace, unquoted, as the catalog has it."""

    name: str
    namespace: str = "public"

    def __hash__(self) -> int:
        """Of the name alone, which Python keeps: names of different namespaces are rarely the same."""
        return hash(self.name)

    def __str__(self) -> str:
        """`tasks`, or `app.tasks` outside `public`; for people and JSON."""
        return self.name if self.namespace == "public" else f"{self.namespace}.{self.name}"

    @property
    def sql(self) -> str:
        """The name as SQL has to spell it."""
        return qualified(self.namespace, self.name)


def type_named(spelling: str) -> Name:
    """The name of the type that a column's type spells: `mood`, `app.mood`, `"Role"`."""
    if '"' not in spelling:
        return name_from_text(spelling)
    words = [quoted.replace('""', '"') or plain for quoted, plain in _PART.findall(spelling)]
    return Name(words[-1], words[-2] if len(words) > 1 else "public") if words else Name(spelling)


_PART = re.compile(r'"((?:[^"]|"")+)"|([^".]+)')


def name_from_text(text: str) -> Name:
    """The name that `str` printed."""
    namespace, dot, name = text.rpartition(".")
    return Name(name, namespace) if dot else Name(text)
