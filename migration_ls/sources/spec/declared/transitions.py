"""How a column is, and how it shall be: `INTEGER NOT NULL → NUMERIC(8,2) NOT NULL`, `none → DATE NULL`."""

import re
from dataclasses import replace

from migration_ls.schema import request as asked
from migration_ls.schema.names import Name
from migration_ls.schema.request import Change
from migration_ls.schema.tables import Column
from migration_ls.sources.spec.declared.columns import column_bullet
from migration_ls.sources.spec.details import Details
from migration_ls.sources.spec.items import Item, Said, SaidChange, SaidColumn

_ARROW = re.compile(r"(?P<old>.*?)\s*(?:→|->|=>)\s*(?P<new>.*)", re.DOTALL)
_ABSENT = re.compile(
    r"\(?(?:none|nothing|absent|missing|removed?|dropped|deleted|gone|n/?a|does not exist|entfällt|"
    r"no existe|[-\u2013—]?)\)?"
    r"(?:\s*[(,].*)?",
    re.IGNORECASE | re.DOTALL,
)
_RENAMED = re.compile(r"(?:renamed?|called)\s+(?:to\s+|as\s+)?(?P<to>[^\W\d]\w*)\b.*", re.IGNORECASE | re.DOTALL)


def transition(table: Name, name: str, column: Column | None, words: str, said: Said) -> list[Item] | None:
    """The changes from the one to the other; None where the words are no such pair, or the column does not fit."""
    match = _ARROW.fullmatch(words.replace("`", "").strip())
    if match is None:
        return None
    old, new = match["old"].strip(), match["new"].strip()
    if column is None:
        details = _details(name, new) if _ABSENT.fullmatch(old) else None
        if details is None or not details.is_typed:
            return None
        return [SaidColumn(table=table, name=name, details=replace(details, state="new"), said=said)]
    changes: list[Change] = []
    if renamed := _RENAMED.fullmatch(new):
        changes.append(asked.RenameColumn(table=table, column=name, to=renamed["to"]))
    elif _ABSENT.fullmatch(new):
        changes.append(asked.DropColumn(table=table, column=name))
    else:
        before, after = _details(name, old), _details(name, new)
        if before is None or after is None or not (before.is_typed and after.is_typed):
            return None
        changes += _differences(table, name, before, after, column)
    return [SaidChange(change=change, said=said) for change in changes]


def _details(name: str, words: str) -> Details | None:
    read = column_bullet(f"`{name}`: {words}")
    return read[1] if read else None


def _differences(table: Name, name: str, before: Details, after: Details, column: Column) -> list[Change]:
    from migration_ls.sources.sql.expressions import expression

    found: list[Change] = []
    if after.type is not None and after.type not in {before.type, column.type}:
        found.append(asked.ChangeType(table=table, column=name, type=after.type))
    if after.default is not None and after.default != before.default:
        found.append(asked.ChangeDefault(table=table, column=name, default=expression(after.default)))
    if after.nullable is not None and after.nullable not in {before.nullable, column.nullable}:
        fill = expression(after.default) if after.default else column.default
        found.append(
            asked.ChangeNullable(
                table=table, column=name, nullable=after.nullable, fill=None if after.nullable else fill
            )
        )
    return found
