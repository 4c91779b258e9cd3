"""Fences of differences: lines with `+` are to come, lines with `-` are to go."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from migration_ls.schema import request as asked
from migration_ls.schema.names import Name
from migration_ls.schema.origin import Origin
from migration_ls.sources.spec.context import Context
from migration_ls.sources.spec.items import Item, SaidChange, SaidColumn
from migration_ls.text.span import Span

_SIGN = re.compile(r"^(?P<sign>[+-])(?![+-]{2})", re.MULTILINE)
_GONE = re.compile(r"-\s*(?:[`\"]|sa\.)?(?P<name>[^\W\d]\w*)[`\"]?\s*(?::|\s)\s*\S", re.MULTILINE)


def is_diff(content: str) -> bool:
    """Whether lines of a fence are marked so."""
    return any(_SIGN.match(line) for line in content.split("\n"))


def without_signs(text: str, content: Span) -> str:
    """The document with the signs of the fence as blanks and what goes left out, so that places stay the same."""
    lines = [
        " " * len(line) if line.startswith("-") else (" " + line[1:] if line.startswith("+") else line)
        for line in content.of(text).split("\n")
    ]
    return text[: content.start] + "\n".join(lines) + text[content.end :]


def added(items: Sequence[Item], text: str) -> Iterator[Item]:
    """Of what the fence declares that which stands on lines with `+`; a column that stays is none."""
    for item in items:
        line = text.rfind("\n", 0, item.said.origin.span.start) + 1
        if not isinstance(item, SaidColumn):
            yield item
        elif text[line : line + 1] == "+":
            yield replace(item, details=replace(item.details, state=item.details.state or "changed"))


def removed(text: str, content: Span, table: Name | None, items: Sequence[Item], context: Context) -> Iterator[Item]:
    """The columns on lines with `-` that no line with `+` gives back."""
    owners = {item.table for item in items if isinstance(item, SaidColumn)} or ({table} if table else set())
    kept = {item.name for item in items if isinstance(item, SaidColumn)}
    offset = content.start
    for line in content.of(text).split("\n"):
        match = _GONE.match(line)
        owner = next((name for name in owners if match and context.tables.column(name, match["name"])), None)
        if match and owner and match["name"] not in kept:
            span = Span(offset, offset + len(line.rstrip()))
            said = context.said_at(Origin(context.path, span, context.lines.line(offset)), line)
            yield SaidChange(change=asked.DropColumn(table=owner, column=match["name"]), said=said)
        offset += len(line) + 1
