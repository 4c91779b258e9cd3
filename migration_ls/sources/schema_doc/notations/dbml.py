"""DBML, the language of dbdiagram.io and dbdocs.io (https://dbml.dbdiagram.io/docs)."""

import re
from collections.abc import Iterator

from migration_ls.schema.names import name_from_text
from migration_ls.schema.schema import Enum
from migration_ls.schema.tables import PrimaryKey, Unique
from migration_ls.sources.schema_doc.clauses import action_of
from migration_ls.sources.schema_doc.entries import Entry
from migration_ls.sources.schema_doc.lists import told_by_index
from migration_ls.sources.schema_doc.notations.values import Noted, NotedTable, Placed
from migration_ls.sources.schema_doc.said import Said, Target, balanced
from migration_ls.sources.schema_doc.told import Told, ToldConstraint, ToldReference
from migration_ls.sources.schema_doc.types import TypeSaid, type_at, unknown_type
from migration_ls.text.span import Span

_WORD = r"(?:\"[^\"\n]+\"|\w+)"
_PATH = rf"{_WORD}(?:\.{_WORD})*"
_BLOCK = re.compile(
    rf"^[ \t]*(?P<kind>table|enum|ref|indexes|project|tablegroup|note)\b[ \t]*(?P<name>{_PATH})?"
    rf"(?:[ \t]+as[ \t]+(?P<alias>{_WORD}))?[ \t]*(?P<settings>\[[^\]\n]*\])?[ \t]*\{{",
    re.IGNORECASE | re.MULTILINE,
)
_COLUMN = re.compile(
    rf"^[ \t]*(?P<name>{_WORD})[ \t]+(?P<type>(?:\"[^\"\n]+\"|[\w.]+)(?:[ \t]*\([^()\n]*\))?(?:\[\])?)[ \t]*"
    r"(?P<settings>\[(?:'[^'\n]*'|`[^`\n]*`|\"[^\"\n]*\"|[^\]\n'`\"])*\])?",
    re.MULTILINE,
)
_REF = re.compile(
    rf"(?:^|(?<=[\n{{]))[ \t]*"
    rf"(?:ref\b[ \t]*{_WORD}?[ \t]*:)?[ \t]*(?P<left>{_PATH}(?:\.\([^()]*\))?)[ \t]*(?P<way><>|[<>-])[ \t]*"
    rf"(?P<right>{_PATH}(?:\.\([^()]*\))?)[ \t]*(?P<settings>\[[^\]\n]*\])?",
    re.IGNORECASE | re.MULTILINE,
)
_SETTING = re.compile(r"(?:'[^']*'|`[^`]*`|\"[^\"]*\"|[^,'`\"])+")
_INDEX = re.compile(
    r"^[ \t]*(?P<columns>\([^\n]*?\)(?=[ \t]*(?:\[|$))|`[^`]+`|\w+)[ \t]*(?P<settings>\[[^\]\n]*\])?", re.MULTILINE
)
_LABEL = re.compile(rf"^[ \t]*(?P<label>{_WORD})[ \t]*(?:\[[^\]\n]*\])?[ \t]*$", re.MULTILINE)
_COMMENT = re.compile(r"//[^\n]*|/\*.*?\*/|'''.*?'''", re.DOTALL)


def read_dbml(text: str, base: int) -> Noted:
    """The tables, enums and references of a fence; comments and long notes are passed over."""
    quiet = _COMMENT.sub(lambda match: re.sub(r"[^\n]", " ", match[0]), text)
    tables: list[NotedTable] = []
    enums: list[tuple[Enum, Span]] = []
    told: list[Placed] = []
    aliases: dict[str, str] = {}
    rest = quiet
    position = 0
    while block := _BLOCK.search(quiet, position):
        end = balanced(quiet, block.end() - 1)
        position = end
        body = Span(block.end(), max(block.end(), end - 1))
        name = (block["name"] or "").replace('"', "")
        span = Span(*block.span("name")).shifted(base) if block["name"] else Span(base, base)
        match block["kind"].lower():
            case "table":
                tables.append(_table(quiet, body, name, span, base))
                aliases |= {block["alias"].strip('"'): name} if block["alias"] else {}
            case "enum":
                labels = [found["label"].strip('"') for found in _LABEL.finditer(quiet, body.start, body.end)]
                enums.append((Enum(name=name_from_text(name), values=tuple(dict.fromkeys(labels))), span))
            case "ref":
                told += _references(quiet, body, base, aliases)
            case _:
                pass
        rest = rest[: block.start()] + re.sub(r"[^\n]", " ", rest[block.start() : end]) + rest[end:]
    told += _references(rest, Span(0, len(rest)), base, aliases)
    return Noted(tables=tuple(tables), enums=tuple(enums), told=tuple(told))


def _table(text: str, body: Span, name: str, span: Span, base: int) -> NotedTable:
    told: list[Placed] = []
    columns = text
    position = body.start
    while (block := _BLOCK.search(text, position, body.end)) is not None:
        position = end = balanced(text, block.end() - 1)
        if block["kind"].lower() == "indexes":
            told += _indexes(text, Span(block.end(), max(block.end(), end - 1)), base)
        columns = columns[: block.start()] + re.sub(r"[^\n]", " ", columns[block.start() : end]) + columns[end:]
    entries = [_column(match, base) for match in _COLUMN.finditer(columns, body.start, body.end)]
    return NotedTable(name=name, span=span, entries=tuple([entry for entry in entries if entry]), told=tuple(told))


def _column(match: "re.Match[str]", base: int) -> Entry | None:
    words = match["type"].strip('"')
    found = type_at(words)
    read = found[0] if found and found[1] >= len(words.rstrip()) else None
    if read is None and (own := unknown_type(words)) is not None:
        read = TypeSaid(type=own)
    if read is None:
        return None
    said = Said(type=read, autoincrement=read.serial, nullable=True)
    said.places["name"] = _place(match, "name", base)
    said.places["type"] = _place(match, "type", base)
    start = base + match.start("settings") + 1
    for setting in _SETTING.finditer((match["settings"] or "[]")[1:-1]):
        words = setting[0].strip()
        _setting(said, words)
        lead = start + setting.start() + len(setting[0]) - len(setting[0].lstrip())
        if words.lower() in {"not null", "null"}:
            said.places["nullable"] = Span(lead, lead + len(words))
        elif value := re.match(r"default\s*:\s*", words, re.IGNORECASE):
            said.places["default"] = Span(lead + value.end(), lead + len(words))
    return Entry(name=match["name"].strip('"'), said=said, span=Span(match.start("name"), match.end()).shifted(base))


def _place(match: "re.Match[str]", group: str, base: int) -> Span:
    return Span(match.start(group) + base, match.end(group) + base)


def _setting(said: Said, setting: str) -> None:
    word, _, value = setting.partition(":")
    value = value.strip()
    match " ".join(word.lower().split()):
        case "pk" | "primary key":
            said.primary_key, said.nullable = True, False
        case "increment":
            said.autoincrement = True
        case "not null":
            said.nullable = False
        case "null":
            said.nullable = True
        case "unique":
            said.unique = True
        case "default":
            said.default = value.strip("`")
        case "note":
            said.comment = value.strip("'\"") or None
        case "ref" if value[:1] in {">", "-"}:
            path = value[1:].strip().replace('"', "")
            said.reference = Target(path=path)
        case "delete":
            said.on_delete = action_of(value)
        case "update":
            said.on_update = action_of(value)
        case _:
            pass


def _indexes(text: str, body: Span, base: int) -> Iterator[Placed]:
    for match in _INDEX.finditer(text, body.start, body.end):
        columns = match["columns"].replace("`", "").strip()
        columns = columns[1:-1] if columns.startswith("(") else columns
        settings = (match["settings"] or "").lower()
        span = Span(match.start("columns"), match.end()).shifted(base)
        names = tuple(part.strip(' "') for part in columns.split(","))
        if re.search(r"[\[,]\s*(?:pk|primary key)\s*[\],]", settings):
            yield ToldConstraint(constraint=PrimaryKey(name=None, columns=names)), span
            continue
        if re.search(r"[\[,]\s*unique\s*[\],]", settings) and all(name.isidentifier() for name in names):
            yield ToldConstraint(constraint=Unique(name=None, columns=names)), span
            continue
        unique = "unique " if re.search(r"[\[,]\s*unique\b", settings) else ""
        using = re.search(r"type\s*:\s*(\w+)", settings)
        method = f" using {using[1]}" if using else ""
        named = re.search(r"name\s*:\s*['\"](\w+)['\"]", match["settings"] or "")
        label = f" {named[1]}" if named and re.match(r"(?:ix|idx|ux|uq)_|.*_(?:idx|ix)\Z", named[1]) else ""
        for told in told_by_index(f"{unique}index{label} on ({columns}){method}"):
            yield told, span


def _references(text: str, body: Span, base: int, aliases: dict[str, str]) -> Iterator[Placed]:
    for match in _REF.finditer(text, body.start, body.end):
        left, right = _side(match["left"], aliases), _side(match["right"], aliases)
        if not left[1] or not right[1] or match["way"] == "<>":
            continue
        child, parent = (left, right) if match["way"] in {">", "-"} else (right, left)
        deletion = re.search(r"delete\s*:\s*([\w ]+)", match["settings"] or "")
        told: Told = ToldReference(
            columns=child[1],
            target=parent[0],
            ref_columns=parent[1],
            on_delete=action_of(deletion[1]) if deletion else None,
            table=child[0],
        )
        yield told, Span(match.start("left"), match.end()).shifted(base)


def _side(path: str, aliases: dict[str, str]) -> tuple[str, tuple[str, ...]]:
    """`users.id` or `users.(a, b)` as a table and its columns."""
    table, _, columns = path.replace('"', "").rpartition(".")
    table = aliases.get(table, table)
    return table, tuple(part.strip() for part in columns.strip("()").split(",")) if table else ()
