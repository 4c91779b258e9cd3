"""Migration files that hold the way forward and the way back: dbmate, goose, sql-migrate, node-pg-migrate, MyBatis."""

import re
from dataclasses import dataclass

from migration_ls.text.span import Span

_MARK = re.compile(
    r"""^[ \t]*--[ \t]*(?:
        migrate:(?P<dbmate>up|down)\b(?P<options>[^\n\r]*)
        | \+(?:goose|migrate|micrate)[ \t]+(?P<goose>up|down)\b(?P<flags>[^\n\r]*)
        | (?P<node>up|down)[ \t]+migration\b
        | //[ \t]*@(?P<mybatis>undo)\b
    )""",
    re.VERBOSE | re.IGNORECASE | re.MULTILINE,
)
_NO_TRANSACTION = re.compile(
    r"^[ \t]*--[ \t]*(?:\+goose[ \t]+no[ \t]+transaction|no-transaction|atlas:txmode[ \t]+none|"
    r"flyway:executeInTransaction=false)\b",
    re.IGNORECASE | re.MULTILINE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sections:
    """The part of a file that is run forward, the one that undoes it, and whether it asks for no transaction."""

    forward: Span
    rollback: Span | None = None
    no_transaction: bool = False


def sections_of(text: str) -> Sections:
    """The sections that comments mark; without marks the whole file is run forward."""
    no_transaction = _NO_TRANSACTION.search(text) is not None
    marks = list(_MARK.finditer(text))
    if not marks:
        return Sections(forward=Span(0, len(text)), no_transaction=no_transaction)
    forward: Span | None = None
    rollback: Span | None = None
    for mark, after in zip(marks, [*marks[1:], None], strict=True):
        span = Span(mark.end(), after.start() if after else len(text))
        word = (mark["dbmate"] or mark["goose"] or mark["node"] or "down").lower()
        if word == "up":
            forward = forward or span
            options = f"{mark['options'] or ''}{mark['flags'] or ''}".replace(" ", "").lower()
            no_transaction = no_transaction or "transaction:false" in options or "notransaction" in options
        else:
            rollback = rollback or span
    # MyBatis marks only the way back.
    start = Span(0, marks[0].start())
    return Sections(forward=forward or start, rollback=rollback, no_transaction=no_transaction)
