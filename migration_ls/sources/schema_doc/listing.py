"""Tables whose rows are indexes, constraints or relations: what their columns are about, and their rows."""

import re
from collections.abc import Iterator, Sequence

from migration_ls.sources.markdown.blocks import TableBlock
from migration_ls.sources.markdown.inline import plain
from migration_ls.text.span import Span

Headers = tuple[tuple[str, str], ...]
"""What a column may be about, and the pattern of its header, in the order in which they are tried."""


def header_words(table: TableBlock) -> list[str]:
    """The headers in small letters, without marks."""
    return [" ".join(plain(cell.text).lower().split()) for cell in table.header]


def roles_in(words: Sequence[str], headers: Headers) -> list[str]:
    """What each column is about, each role once; `other` for the rest."""
    roles: list[str] = []
    for word in words:
        fitting = [role for role, pattern in headers if role not in roles and re.fullmatch(pattern, word)]
        roles.append(fitting[0] if fitting else "other")
    return roles


def listed_rows(text: str, table: TableBlock, roles: Sequence[str]) -> Iterator[tuple[Span, dict[str, str]]]:
    """Each row's place and its cells by what they are about."""
    for row in table.rows:
        cells = {role: plain(cell.span.of(text).replace("\\|", "|")) for role, cell in zip(roles, row, strict=False)}
        yield Span(row[0].span.start, max(row[0].span.start, *(cell.span.end for cell in row))), cells
