"""SQL expressions as values: readers parse them once, nobody above needs a parser."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from migration_ls.postgres.quoting import identifier, literal, with_columns


class Volatility(StrEnum):
    """How much the value of an expression may change; unknown functions count as volatile."""

    IMMUTABLE = "immutable"
    STABLE = "stable"
    VOLATILE = "volatile"


def mentions(text: str, name: str) -> bool:
    """Whether the name stands in an expression's text as a word; close enough where only the text is known."""
    if name not in text:
        return False
    return name in "".join(char if char.isalnum() or char in "_$" else " " for char in text).split()


@dataclass(frozen=True, slots=True, kw_only=True)
class Expression:
    """An expression; two are equal when their canonical spellings are.

    `text` is as the user wrote it. `canonical` is a spelling of PostgreSQL's own printer without needless casts and
    parentheses. `columns` and `functions` are the unqualified names it uses; `casts` the types it casts to.
    `value` is the content of a plain literal as text, `true` or `42` or `medium`; None for anything else and for NULL.
    """

    text: str = field(compare=False)
    canonical: str
    columns: frozenset[str] = field(default=frozenset(), compare=False)
    functions: frozenset[str] = field(default=frozenset(), compare=False)
    casts: tuple[str, ...] = field(default=(), compare=False)
    volatility: Volatility = field(default=Volatility.IMMUTABLE, compare=False)
    mutable: str = field(default="", compare=False)
    """The first of PostgreSQL's own functions, or word as CURRENT_DATE, in it that no form of is immutable."""
    value: str | None = field(default=None, compare=False)
    not_nulls: frozenset[str] = field(default=frozenset(), compare=False)
    """The columns that are not null where the expression is true: those of `c IS NOT NULL`, also among terms of AND."""
    allowed_values: tuple[str, ...] = field(default=(), compare=False)
    """The literals of `c IN ('a', 'b')`, in order, when the expression is just that."""

    @property
    def is_null(self) -> bool:
        """Whether it is the literal NULL."""
        return self.canonical == "NULL"

    def renamed(self, names: Mapping[str, str]) -> "Expression":
        """The expression after columns were renamed; `names` maps the old name to the new one."""
        if not self.columns & names.keys():
            return self
        spelled = {old: identifier(new) for old, new in names.items()}
        return replace(
            self,
            text=with_columns(self.text, spelled),
            canonical=with_columns(self.canonical, spelled),
            columns=frozenset(names.get(name, name) for name in self.columns),
            not_nulls=frozenset(names.get(name, name) for name in self.not_nulls),
        )

    def retyped(self, old: str, new: str) -> "Expression":
        """The expression after a type was renamed; both names are spelled as in SQL, without `public`."""
        if not any(cast.removesuffix("[]") == old for cast in self.casts):
            return self
        return replace(
            self,
            text=with_type(self.text, old, new),
            canonical=with_type(self.canonical, old, new),
            casts=tuple(new + cast[len(old) :] if cast.removesuffix("[]") == old else cast for cast in self.casts),
        )


def with_type(text: str, old: str, new: str) -> str:
    """The SQL with another type in its casts; what stands in quotes as a value is left as it is."""
    bare = re.escape(old.strip('"')).replace(r'"\."', r'"?\s*\.\s*"?')
    cast = re.compile(
        rf'(?P<value>\'(?:[^\']|\'\')*\')|(?P<head>::\s*|\bAS\s+)(?:"?public"?\s*\.\s*)?"?{bare}"?(?![\w$."])',
        re.IGNORECASE,
    )
    return cast.sub(lambda match: match["value"] or f"{match['head']}{new}", text)


def next_value(sequence: str) -> Expression:
    """The default that counts with the sequence of that SQL name."""
    name = literal(sequence)
    return Expression(
        text=f"nextval({name}::regclass)",
        canonical=f"nextval({name})",
        functions=frozenset({"nextval"}),
        volatility=Volatility.VOLATILE,
    )
