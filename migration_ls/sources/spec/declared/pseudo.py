"""SQL that is none: a table's name, and under it its columns without commas and brackets."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from migration_ls.sources.spec.declared.columns import NAME
from migration_ls.sources.spec.details import Details, default_sql, read_details
from migration_ls.sources.spec.types import type_of
from migration_ls.text.span import Span

_LINE = re.compile(r"[^\r\n]+")
_HEAD = re.compile(
    rf"(?:(?:create\s+)?table\s+|tabla\s+|class\s+)?(?P<name>{NAME}(?:\.{NAME})?)\s*(?:\(.*?(?:table=True).*\))?\s*[:({{]?\s*(?:--.*|#.*)?\Z",
    re.IGNORECASE,
)
_COLUMN = re.compile(
    rf"\s+(?P<name>{NAME})\s*:?\s+(?P<rest>[A-Za-z].*?)(?:\s*=\s*(?P<value>[^#,]+?))?\s*,?\s*(?:(?:--|#|//)\s*(?P<comment>.*))?\Z"
)
_FK = re.compile(r"\b(?:references|fk(?:\s+to)?|foreign key(?:\s+to)?)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class PseudoColumn:
    """A column and the line it stands on."""

    name: str
    details: Details
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class PseudoTable:
    """A table and its columns."""

    name: str
    span: Span
    columns: tuple[PseudoColumn, ...]


def pseudo_tables(text: str, content: Span) -> Iterator[PseudoTable]:
    """The tables of such a block: each with at least one typed column."""
    name, span = "", content
    columns: list[PseudoColumn] = []
    for match in _LINE.finditer(text, content.start, content.end):
        line = match[0]
        if line[:1] not in " \t" and (head := _HEAD.match(line.strip())):
            if name and columns:
                yield PseudoTable(name=name, span=span, columns=tuple(columns))
            name, span, columns = head["name"], Span(match.start(), match.end()), []
        elif name and (read := _COLUMN.match(line)) and (details := _details(read["rest"], read["value"])):
            columns.append(PseudoColumn(name=read["name"], details=details, span=_trimmed(match)))
    if name and columns:
        yield PseudoTable(name=name, span=span, columns=tuple(columns))


def _trimmed(match: "re.Match[str]") -> Span:
    line = match[0]
    return Span(match.start() + len(line) - len(line.lstrip()), match.start() + len(line.rstrip()))


def _details(rest: str, value: str | None) -> Details | None:
    for length in range(min(6, len(rest.split())), 0, -1):
        words = rest.split()
        spelled = " ".join(words[:length])
        if (read := type_of(spelled)) and read.type:
            more = read_details(" ".join(words[length:]), Details(type=read.type, nullable=read.nullable))
            if value and value != "None":
                more = replace(more, default=default_sql(value))
            serial = read.autoincrement or more.autoincrement
            return more if not serial else _with_serial(more)
    return None


def _with_serial(details: Details) -> Details:
    return replace(details, autoincrement=True)
