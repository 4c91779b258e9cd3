"""How the entries of a list are read, by what the list is about."""

import re
from collections.abc import Callable, Iterable

from migration_ls.sources.markdown.inline import plain
from migration_ls.sources.schema_doc.lists import told_by_constraint, told_by_index, told_by_relation
from migration_ls.sources.schema_doc.told import Told
from migration_ls.sources.schema_doc.topics import INLINE_CONSTRAINT, Kind


def reader_of(label: Kind | None) -> Callable[[str], Iterable[Told]] | None:
    """What reads the entries of lists under that label; None where they may be columns."""
    match label:
        case "indexes":
            return told_by_index
        case "constraints":
            return told_by_constraint
        case "relations":
            return told_by_relation
        case _:
            return None


def is_statement(text: str) -> bool:
    """Whether an entry among columns is a constraint: `unique (a, b)`; `unique: boolean (...)` is a column."""
    return bool(INLINE_CONSTRAINT.match(plain(text))) and not re.match(r"\s*`?[\w]+`?\s*:\s*\w+\s*\(", text)
