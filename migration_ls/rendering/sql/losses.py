"""How a rollback says what it cannot bring back, and reading that again."""

import re
from collections.abc import Iterable

from migration_ls.postgres.quoting import comment

_SAID = re.compile(r"^[ \t]*(?:--|#) This cannot bring back (?P<loss>[^\r\n]+)", re.MULTILINE)
_SINCE = re.compile(r"(?<=\s)since\b")


def losses_said(losses: Iterable[str]) -> str:
    """A comment for each loss, each once; where there is none, that everything comes back."""
    lines = [f"This cannot bring back {loss}." for loss in losses]
    return "\n".join(map(comment, dict.fromkeys(lines or ["This brings back exactly what was there before."])))


def losses_in(text: str) -> tuple[str, ...]:
    """The losses that a rollback's comments say, in SQL or in Python; people may write such comments too.

    Those of what is written since are left out: a rollback that comes at once brings everything back.
    """
    found = (match["loss"].rstrip(". ") for match in _SAID.finditer(text))
    return tuple(loss for loss in found if not _SINCE.search(loss))
