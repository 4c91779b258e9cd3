"""Shorthand for `ALTER TABLE` in fences: `ALTER orders ADD priority smallint`, `alter orders:` and lines under it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from migration_ls.schema.names import Name
from migration_ls.sources.markdown.blocks import Fence
from migration_ls.sources.spec.context import Context
from migration_ls.sources.spec.declared.fences import row_said
from migration_ls.sources.spec.declared.lines import change_line
from migration_ls.sources.spec.declared.sql import statement_items
from migration_ls.sources.spec.items import Item
from migration_ls.text.span import Span

_ID = r"[^\W\d]\w*"
_LINE = re.compile(r"^[ \t]*(?P<line>\S[^\r\n]*)", re.MULTILINE)
_ACTION = r"(?:add|drop|remove|delete|rename|alter|modify|change|set)\b"
_ONE = re.compile(
    rf"(?!alter\s+table\b)(?:(?:alter|change|modify|update)\s+)?(?:table\s+)?[\"`]?(?P<table>{_ID}(?:\.{_ID})?)[\"`]?\s*:?\s+(?P<rest>{_ACTION}.*)",
    re.IGNORECASE,
)
_HEAD = re.compile(
    rf"(?:alter|change|modify|update|table)\s+(?!table\b)[\"`]?(?P<table>{_ID}(?:\.{_ID})?)[\"`]?\s*[:({{]?\s*",
    re.IGNORECASE,
)
_UNDER = re.compile(rf"(?:[-*]\s+)?(?P<rest>{_ACTION}.*)", re.IGNORECASE)
_SPELLED = (
    (re.compile(r"\A(?:remove|delete)\b", re.IGNORECASE), "DROP"),
    (
        re.compile(rf"\A(?:modify|change)\s+(?:column\s+)?(?P<column>{_ID})\s+(?:to\s+|type\s+)?(?=\w)", re.IGNORECASE),
        r"ALTER \g<column> TYPE ",
    ),
)
_COMMENT = re.compile(r"\s+(?:--|#|//)\s.*\Z")


@dataclass(frozen=True, slots=True)
class _Change:
    """What shall become of a table, and the line that says so."""

    table: Name
    words: str
    span: Span


def shorthand(text: str, block: Fence, context: Context) -> Iterator[Item]:
    """What the lines ask of tables that are there; other lines ask for nothing."""
    for change in _changes(text, block, context):
        yield from _read(change, text, context)


def _changes(text: str, block: Fence, context: Context) -> Iterator[_Change]:
    table: Name | None = None
    for match in _LINE.finditer(text, block.content.start, block.content.end):
        line = _COMMENT.sub("", match["line"]).rstrip(" ,;")
        span = Span(match.start("line"), match.start("line") + len(match["line"].rstrip()))
        one = _ONE.fullmatch(line)
        if one and (named := _known(one["table"], context)):
            table = None
            yield _Change(named, one["rest"], span)
        elif (head := _HEAD.fullmatch(line)) and (named := _known(head["table"], context)):
            table = named
        elif table and (under := _UNDER.fullmatch(line)):
            yield _Change(table, under["rest"], span)
        else:
            table = None


def _known(words: str, context: Context) -> Name | None:
    found = context.tables.find(words)
    return found if found and context.tables.table(found) else None


def _read(change: _Change, text: str, context: Context) -> Iterator[Item]:
    """The change as SQL has it, else as a line of a list would."""
    words = change.words
    for pattern, spelled in _SPELLED:
        words = pattern.sub(spelled, words)
    said = row_said(text, change.span, context)
    items = statement_items(f"ALTER TABLE {change.table.sql} {words}", said, context)
    if items is None:
        items = change_line(change.words, said, replace(context, subject=change.table))
    yield from items or ()
