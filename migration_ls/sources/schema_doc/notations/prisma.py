"""Prisma's schema language (https://www.prisma.io/docs/orm/reference/prisma-schema-reference)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from migration_ls.postgres.types import ColumnType, parse_type
from migration_ls.schema.names import name_from_text
from migration_ls.schema.schema import Enum
from migration_ls.schema.tables import FkAction, PrimaryKey, Unique
from migration_ls.sources.schema_doc.clauses import action_of
from migration_ls.sources.schema_doc.entries import Entry
from migration_ls.sources.schema_doc.lists import told_by_index
from migration_ls.sources.schema_doc.notations.values import Noted, NotedTable, Placed
from migration_ls.sources.schema_doc.said import Said, balanced
from migration_ls.sources.schema_doc.told import Told, ToldConstraint, ToldReference
from migration_ls.sources.schema_doc.types import TypeSaid
from migration_ls.text.span import Span

_TYPES = {
    "String": "text", "Boolean": "boolean", "Int": "integer", "BigInt": "bigint", "Float": "double precision",
    "Decimal": "numeric(65,30)", "DateTime": "timestamp(3) without time zone", "Json": "jsonb", "Bytes": "bytea",
}  # fmt: skip
"""What Prisma makes of its types on PostgreSQL."""
_NATIVE = {
    "VarChar": "character varying", "Char": "character", "Text": "text", "Uuid": "uuid", "Citext": "citext",
    "Inet": "inet", "Xml": "xml", "Integer": "integer", "SmallInt": "smallint", "Oid": "oid", "BigInt": "bigint",
    "DoublePrecision": "double precision", "Real": "real", "Decimal": "numeric", "Money": "money",
    "Timestamp": "timestamp without time zone", "Timestamptz": "timestamp with time zone", "Date": "date",
    "Time": "time without time zone", "Timetz": "time with time zone", "Json": "json", "JsonB": "jsonb",
    "ByteA": "bytea", "Boolean": "boolean", "Bit": "bit", "VarBit": "bit varying",
}  # fmt: skip
_BLOCK = re.compile(r"^[ \t]*(?P<kind>model|enum|view|type)[ \t]+(?P<name>\w+)[ \t]*\{", re.MULTILINE)
_FIELD = re.compile(
    r"^[ \t]*(?P<name>[A-Za-z]\w*)[ \t]+(?P<type>\w+)(?P<many>\[\])?(?P<optional>\?)?(?P<rest>[^\n]*)", re.MULTILINE
)
_MAPPED = re.compile(r"@map\(\s*(?:name\s*:\s*)?\"([^\"]+)\"")
_WHOLE = re.compile(r"@@(?P<kind>id|unique|index|map|schema)\b[ \t]*(?=\()")
_LABEL = re.compile(r"^[ \t]*(?P<label>[A-Za-z]\w*)(?P<rest>[^\n]*)", re.MULTILINE)
_COMMENT = re.compile(r"//[^\n]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Model:
    name: str
    table: str
    body: Span
    span: Span
    columns: dict[str, str]


def read_prisma(text: str, base: int) -> Noted:
    """The tables, enums and references of a fence."""
    quiet = _COMMENT.sub(lambda match: " " * len(match[0]), text)
    models: dict[str, _Model] = {}
    enums: list[tuple[Enum, Span]] = []
    types: dict[str, str] = {}
    for block in _BLOCK.finditer(quiet):
        body = Span(block.end(), max(block.end(), balanced(quiet, block.end() - 1) - 1))
        span = Span(*block.span("name"))
        if block["kind"] == "model":
            models[block["name"]] = _model(quiet, block["name"], body, span)
        elif block["kind"] == "enum":
            enum = _enum(quiet, block["name"], body)
            types[block["name"]] = enum.name.sql
            enums.append((enum, span.shifted(base)))
    tables = [_table(quiet, model, models, types, base) for model in models.values()]
    return Noted(tables=tuple(tables), enums=tuple(enums))


def _model(text: str, name: str, body: Span, span: Span) -> _Model:
    table, place = name, ""
    for match in _WHOLE.finditer(text, body.start, body.end):
        quoted = re.search(r"\"([^\"]+)\"", text[match.end() : balanced(text, match.end())])
        if quoted and match["kind"] == "map":
            table = quoted[1]
        elif quoted and match["kind"] == "schema":
            place = f"{quoted[1]}."
    columns: dict[str, str] = {}
    for field in _FIELD.finditer(text, body.start, body.end):
        mapped = _MAPPED.search(field["rest"])
        columns[field["name"]] = mapped[1] if mapped else field["name"]
    return _Model(name=name, table=place + table, body=body, span=span, columns=columns)


def _enum(text: str, name: str, body: Span) -> Enum:
    labels: list[str] = []
    for match in _LABEL.finditer(text, body.start, body.end):
        mapped = _MAPPED.search(match["rest"])
        labels.append(mapped[1] if mapped else match["label"])
    renamed = re.search(r"@@map\(\s*(?:name\s*:\s*)?\"([^\"]+)\"", text[body.start : body.end])
    return Enum(name=name_from_text(renamed[1] if renamed else name), values=tuple(labels))


def _table(text: str, model: _Model, models: dict[str, _Model], enums: dict[str, str], base: int) -> NotedTable:
    entries: list[Entry] = []
    told: list[Placed] = []
    for field in _FIELD.finditer(text, model.body.start, model.body.end):
        span = Span(field.start("name"), field.start() + len(field[0].rstrip())).shifted(base)
        if field["type"] in models:
            told += [(item, span) for item in _relation(field, model, models)]
        elif entry := _column(field, model, enums, span, base):
            entries.append(entry)
    for match in _WHOLE.finditer(text, model.body.start, model.body.end):
        arguments = text[match.end() + 1 : balanced(text, match.end()) - 1]
        span = Span(match.start(), match.end() + len(arguments) + 2).shifted(base)
        told += [(item, span) for item in _told(match["kind"], arguments, model)]
    return NotedTable(
        name=model.table,
        class_name=model.name if model.table != model.name else None,
        span=model.span.shifted(base),
        entries=tuple(entries),
        told=tuple(told),
    )


def _column(field: "re.Match[str]", model: _Model, enums: dict[str, str], span: Span, base: int) -> Entry | None:
    type_ = _type(field, enums)
    if type_ is None:
        return None
    rest = field["rest"]
    said = Said(type=TypeSaid(type=type_), nullable=bool(field["optional"] or field["many"]))
    said.primary_key = bool(re.search(r"(?<!@)@id\b", rest))
    said.unique = bool(re.search(r"(?<!@)@unique\b", rest))
    said.nullable = False if said.primary_key else said.nullable
    if (default := re.search(r"@default(?=\()", rest)) is not None:
        end = max(balanced(rest, default.end()) - 1, default.end() + 1)
        _default(said, rest[default.end() + 1 : end].strip())
        if said.default is not None:
            at = base + field.start("rest")
            said.places["default"] = Span(at + default.end() + 1, at + end)
    mapped = _MAPPED.search(field["rest"])
    place = Span(*mapped.span(1)).shifted(field.start("rest")) if mapped else Span(*field.span("name"))
    said.places["name"] = place.shifted(base)
    said.places["type"] = Span(*field.span("type")).shifted(base)
    return Entry(name=model.columns[field["name"]], said=said, span=span)


def _type(field: "re.Match[str]", enums: dict[str, str]) -> ColumnType | None:
    word = field["type"]
    native = re.search(r"@db\.(?P<name>\w+)(?:\((?P<args>[^()]*)\))?", field["rest"])
    if word == "Unsupported":
        return None
    if native and native["name"] in _NATIVE:
        modifiers = tuple(part.strip() for part in (native["args"] or "").split(",") if part.strip())
        read = replace(parse_type(_NATIVE[native["name"]]), modifiers=modifiers)
    elif word in _TYPES:
        read = parse_type(_TYPES[word])
    elif word in enums:
        read = ColumnType(str(enums[word]))
    else:
        return None
    return replace(read, dimensions=1) if field["many"] else read


def _default(said: Said, words: str) -> None:
    if words == "autoincrement()":
        said.autoincrement = True
    elif words == "now()":
        said.default = "CURRENT_TIMESTAMP"
    elif found := re.match(r"dbgenerated\(\s*\"(.*)\"\s*\)", words):
        said.default = found[1]
    elif not re.match(r"(?:uuid|cuid|nanoid|ulid)\(", words):
        # the client makes such keys, the database does not
        said.default = words


def _names(words: str, model: _Model) -> tuple[str, ...]:
    found = re.search(r"\[([^\[\]]*)\]", words)
    parts = [re.sub(r"\(.*?\)", "", part).strip() for part in (found[1] if found else "").split(",")]
    return tuple(model.columns.get(part, part) for part in parts if part)


def _relation(field: "re.Match[str]", model: _Model, models: dict[str, _Model]) -> Iterator[Told]:
    found = re.search(r"@relation(?=\()", field["rest"])
    if found is None:
        return
    words = field["rest"][found.end() : balanced(field["rest"], found.end())]
    fields = re.search(r"fields\s*:\s*(\[[^\]]*\])", words)
    references = re.search(r"references\s*:\s*(\[[^\]]*\])", words)
    if fields is None or references is None:
        return
    other = models[field["type"]]
    deletion = re.search(r"onDelete\s*:\s*(\w+)", words)
    action: FkAction | None = action_of(re.sub(r"(?<=[a-z])(?=[A-Z])", " ", deletion[1])) if deletion else None
    if action is None:
        # https://www.prisma.io/docs/orm/prisma-schema/data-model/relations/referential-actions
        action = "SET NULL" if field["optional"] else "RESTRICT"
    yield ToldReference(
        columns=_names(fields[1], model), target=other.table, ref_columns=_names(references[1], other), on_delete=action
    )


def _told(kind: str, arguments: str, model: _Model) -> Iterator[Told]:
    columns = _names(arguments, model)
    if kind == "id" and columns:
        yield ToldConstraint(constraint=PrimaryKey(name=None, columns=columns))
    elif kind == "unique" and columns:
        yield ToldConstraint(constraint=Unique(name=None, columns=columns))
    elif kind == "index" and columns:
        method = re.search(r"type\s*:\s*(Gin|Gist|Brin|Hash|SpGist)", arguments)
        using = f"using {method[1].lower()} " if method else ""
        quoted = ", ".join(f'"{column}"' if re.search(r"[A-Z]", column) else column for column in columns)
        yield from told_by_index(f"index {using}on ({quoted})")
