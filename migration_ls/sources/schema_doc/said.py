"""What is said of one column, while its entry is read."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from migration_ls.schema.tables import FkAction
from migration_ls.sources.schema_doc.types import TypeSaid
from migration_ls.text.span import Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """The other side of a foreign key as written: `users`, `users.id`, `app.users.id`; empty when nobody says."""

    path: str = ""
    columns: tuple[str, ...] = ()


@dataclass(slots=True, kw_only=True)
class Said:
    """Everything said of one column; None and empty mean that nothing is said.

    `checks` are conditions, with `{}` for the column. `places` are by part: `name`, `type`, `nullable`, `default`,
    `length`. `unread` counts the items that say nothing we know.
    """

    type: TypeSaid | None = None
    type_word: str = ""
    """A word where a type is expected that may be the name of one the documents make."""
    nullable: bool | None = None
    default: str | None = None
    primary_key: bool = False
    unique: bool = False
    index: str | None = None
    autoincrement: bool = False
    identity: Literal["always", "by default"] | None = None
    generated: str | None = None
    reference: Target | None = None
    on_delete: FkAction | None = None
    on_update: FkAction | None = None
    values: tuple[str, ...] = ()
    low: str | None = None
    high: str | None = None
    length: str | None = None
    checks: list[str] = field(default_factory=list)
    collation: str | None = None
    comment: str | None = None
    places: dict[str, Span] = field(default_factory=dict)
    unread: int = 0

    @property
    def is_typed(self) -> bool:
        """Whether the words settle a type."""
        return bool(
            self.type
            or self.primary_key
            or self.reference
            or self.values
            or self.identity
            or self.autoincrement
            or self.generated
        )

    @property
    def is_described(self) -> bool:
        """Whether the words say of the thing what only columns have."""
        return self.nullable is not None or self.length is not None or self.default is not None or self.unique


LONGEST = 2000
"""What is longer is no entry about a column or an index, and is not looked at."""


def _outside_quotes(text: str, start: int) -> Iterator[tuple[int, str]]:
    """The characters from `start` on that stand in no quotes; an apostrophe inside of a word quotes nothing."""
    quote = ""
    for offset in range(start, len(text)):
        character = text[offset]
        if quote:
            quote = "" if character == quote else quote
        elif character in "'\"" and not (offset and text[offset - 1].isalnum()):
            quote = character if text.find(character, offset + 1) > 0 else ""
        else:
            yield offset, character


def balanced(text: str, start: int) -> int:
    """Where the bracket at `start` is closed, past it; the end of the text when it never is."""
    depth = 0
    for offset, character in _outside_quotes(text, start):
        if character in "([{":
            depth += 1
        elif character in ")]}":
            depth -= 1
            if depth <= 0:
                return offset + 1
    return len(text)


def without_brackets(text: str) -> str:
    """The text without brackets around the whole of it."""
    text = text.strip()
    return text[1:-1].strip() if text.startswith("(") and balanced(text, 0) == len(text) else text


_NEXT = re.compile(
    r"\s+(?:not\s+null|null\b|nullable|primary\s+key|unique\b|references\b|check\s*\(|generated\s|auto_?increment|"
    r"on\s+(?:update|delete)\b|comment\s+['\"]|index(?:ed)?\b|collate\b|constraint\s|stored\b|fk\b|foreign\s+key|"
    r"default\b)",
    re.IGNORECASE,
)


def value_end(text: str, start: int) -> int:
    """Where a value ends: at a comma, a semicolon or a closing bracket outside of its own, or before an SQL word."""
    end, depth = len(text), 0
    for offset, character in _outside_quotes(text, start):
        is_next = character.isspace() and offset > start and depth == 0 and bool(_NEXT.match(text, offset))
        if (depth == 0 and character in ",;)]}") or is_next:
            end = offset
            break
        depth += (character in "([{") - (character in ")]}")
    return start + len(text[start:end].rstrip())
