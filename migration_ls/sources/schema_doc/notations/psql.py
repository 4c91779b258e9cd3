r"""Tables that programs print: psql's `\d`, MySQL's DESCRIBE, lines of pipes over a rule of dashes."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from migration_ls.sources.markdown.blocks import Cell, TableBlock
from migration_ls.sources.markdown.inline import plain
from migration_ls.sources.schema_doc.lists import told_by_constraint, told_by_index
from migration_ls.sources.schema_doc.told import Told
from migration_ls.text.span import Span

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\n|\r|\Z)")
_PSQL_RULE = re.compile(r"[ \t]*-{2,}(?:\+-{2,})+[ \t]*\Z")
_GRID_RULE = re.compile(r"[ \t]*[+┌├└╔╠╚|][-=─═+┬┼┴┐┤┘╦╬╩╗╣╝:|]{3,}[+┐┤┘╗╣╝|][ \t]*\Z")
_TITLE = re.compile(
    r"[ \t]*(?:(?:foreign |unlogged |partitioned )?table|tabelle|tabla|tabela)\s+\"(?P<name>[\w.]+)\"", re.IGNORECASE
)
_FOOTER = re.compile(
    r"(?P<kind>indexes|foreign-key constraints|check constraints|not-null constraints|"
    r"referenced by|triggers|[\w -]+):[ \t]*\Z",
    re.IGNORECASE,
)
_NAMED = re.compile(r"[ \t]+\"(?P<name>[^\"]+)\"[ \t]+(?P<rest>\S[^\r\n]*)")
_INDEX = re.compile(
    r"(?P<kind>(?:PRIMARY KEY|UNIQUE CONSTRAINT|UNIQUE|EXCLUDE)?),?\s*(?P<method>\w+)\s*(?P<rest>\(.*)", re.IGNORECASE
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Printed:
    """A printed table: its title, if that names a table, its rows, and what stands below of keys and indexes.

    `is_psql` says that empty cells under `Nullable` mean that NULL is allowed.
    """

    name: str
    name_span: Span
    block: TableBlock
    told: tuple[tuple[Told, Span], ...] = ()
    is_psql: bool = False


def read_printed(text: str, base: int, line: int) -> Iterator[Printed]:
    """The tables that a fence shows as programs print them; `line` is that of its first."""
    lines = [(match.start(), match[0].rstrip("\r\n")) for match in _LINE.finditer(text)]
    number = 1
    while number < len(lines):
        content = lines[number][1]
        is_psql = bool(_PSQL_RULE.match(content))
        is_grid = bool(_GRID_RULE.match(content)) and bool(
            _GRID_RULE.match(lines[number - 2][1] if number > 1 else content)
        )
        header = lines[number - 1]
        if not (is_psql or is_grid) or "|" not in header[1].replace("│", "|").replace("║", "|"):
            number += 1
            continue
        first = number + 1
        last = first
        while (
            last < len(lines)
            and "|" in lines[last][1].replace("│", "|").replace("║", "|")
            and not _GRID_RULE.match(lines[last][1])
        ):
            last += 1
        rows = [_cells(start, row, base) for start, row in lines[first:last]]
        cells = _cells(header[0], header[1], base)
        fitting = [row for row in rows if len(row) == len(cells)]
        span = Span(base + header[0], base + lines[max(last - 1, number)][0] + len(lines[max(last - 1, number)][1]))
        block = TableBlock(header=cells, rows=tuple(fitting), span=span, line=line + number - 1)
        name, place = _title(lines, number - 2, base)
        yield Printed(
            name=name,
            name_span=place,
            block=block,
            told=tuple(_footers(lines[last:], base)) if is_psql else (),
            is_psql=is_psql,
        )
        number = max(last, number + 1)


def _title(lines: list[tuple[int, str]], number: int, base: int) -> tuple[str, Span]:
    for start, content in reversed(lines[max(0, number - 1) : number + 1]):
        if match := _TITLE.match(content):
            return match["name"], Span(*match.span("name")).shifted(base + start)
    return "", Span(base, base)


def _cells(start: int, content: str, base: int) -> tuple[Cell, ...]:
    bare = re.sub(r"[│║┃]", "|", content)
    begin = len(bare) - len(bare.lstrip())
    if bare[begin : begin + 1] == "|":
        begin += 1
        bare = bare.rstrip().removesuffix("|")
    found: list[Cell] = []
    for match in re.finditer(r"(?P<cell>[^|]*)(?:\||\Z)", bare[begin:]):
        words = match["cell"]
        if match.start() and match.start() == len(bare[begin:]) and not bare.endswith("|"):
            break
        left = base + start + begin + match.start() + len(words) - len(words.lstrip())
        found.append(Cell(text=plain(words), span=Span(left, left + len(words.strip()))))
    return tuple(found)


def _footers(lines: list[tuple[int, str]], base: int) -> Iterator[tuple[Told, Span]]:
    """What psql prints below the columns, until the next table."""
    kind = ""
    for start, content in lines:
        if _TITLE.match(content) or _PSQL_RULE.match(content):
            return
        if footer := _FOOTER.match(content):
            kind = footer["kind"].lower()
        elif (match := _NAMED.match(content)) is not None:
            span = Span(base + start + match.start("name") - 1, base + start + len(content.rstrip()))
            for told in _told(kind, match["name"], match["rest"]):
                yield told, span


def _told(kind: str, name: str, rest: str) -> tuple[Told, ...]:
    if kind.startswith("index") and (match := _INDEX.match(rest)) is not None:
        columns = match["rest"]
        what = match["kind"].upper()
        if what == "PRIMARY KEY":
            return told_by_constraint(f"PRIMARY KEY {columns}")
        if what == "UNIQUE CONSTRAINT":
            return told_by_constraint(f"CONSTRAINT {name} UNIQUE {columns}")
        unique = "UNIQUE " if what == "UNIQUE" else ""
        return told_by_index(f"CREATE {unique}INDEX {name} ON migration_ls_here USING {match['method']} {columns}")
    if kind.startswith(("foreign", "check")):
        return told_by_constraint(f"CONSTRAINT {name} {rest}")
    return ()
