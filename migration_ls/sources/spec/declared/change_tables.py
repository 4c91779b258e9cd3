"""Tables of changes: what a row is about, and what shall become of it."""

from collections.abc import Iterator
from dataclasses import dataclass

_OWNERS = frozenset("table tabelle tabla tableau entity model".split())
_WHATS = frozenset("what where column field object item element was spalte feld campo columna colonne qué".split())
_BEFORES = frozenset("before old from current was currently vorher alt bisher antes actual avant".split())
_AFTERS = frozenset("after new to becomes now wanted target nachher neu künftig después nuevo après".split())
_ACTIONS = frozenset(
    """change changes action operation modification änderung aktion cambio acción changement do todo verb
    kind""".split()
)


@dataclass(frozen=True, slots=True)
class ChangeColumns:
    """Where a table of changes says what a row is about, and what was and shall be, if it says so."""

    subject: tuple[int, ...]
    before: int | None = None
    after: int | None = None


def change_columns(header: list[str]) -> ChangeColumns | None:
    """The columns of a table of changes: what they are about, then what shall become of it; None for other tables."""
    plain = [words.strip("*`_ ").lower() for words in header]
    action = next((number for number, words in enumerate(plain) if words in _ACTIONS), None)
    before = next((number for number, words in enumerate(plain) if words in _BEFORES), None)
    after = next((number for number, words in enumerate(plain) if words in _AFTERS), None)
    if action is None and before is not None and after is not None:
        action = before
    else:
        before = after = None
    if action is None or action == 0:
        return None
    if plain[0] in _OWNERS and (action == 1 or plain[1] in _WHATS):
        return ChangeColumns((0, 1) if action > 1 else (0,), before, after)
    return ChangeColumns((0,), before, after) if plain[0] in _WHATS else None


def change_row(cells: list[str], columns: ChangeColumns) -> Iterator[str]:
    """What a row is about, and what it says of it."""
    subject = columns.subject
    yield ".".join(cells[number].replace("`", "").strip() for number in subject if cells[number].strip())
    if columns.before is not None and columns.after is not None:
        yield f"{cells[columns.before].strip('*_ ')} → {cells[columns.after].strip('*_ ')}"
        return
    rest = [cell.strip() for number, cell in enumerate(cells) if number not in subject and cell.strip()]
    yield " ".join(rest[:1]) + (" " + ", ".join(rest[1:]) if len(rest) > 1 else "")
