"""Python classes in fences: fields with annotations, in SQLModel's words or bare."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from migration_ls.postgres.types import ColumnType
from migration_ls.schema.tables import Constraint, Index
from migration_ls.sources.spec.declared.table_args import table_args
from migration_ls.sources.spec.details import Details, Reference, default_sql, read_details
from migration_ls.sources.spec.types import type_of
from migration_ls.text.span import Span

_LINE = re.compile(r"[^\r\n]+")
_CLASS = re.compile(r"class\s+(?P<name>\w+)\s*(?:\((?P<bases>[^)]*)\))?\s*:")
_FIELD = re.compile(
    r"\s+(?P<name>[a-z_]\w*)\s*:\s*(?P<type>[^=#]+?)\s*(?:=\s*(?P<value>[^#]+?))?\s*(?:#\s*(?P<comment>.*))?\Z"
)
_TABLENAME = re.compile(r"\s+__tablename__[^=]*=\s*[\"'](?P<name>\w+)[\"']")
_NOT_TABLES = re.compile(
    r"(?:Create|Update|Read|Response|Request|Out|In|Base|Public|Schema|DTO|Payload|Event|Enum|Filter|Params)\Z"
)
_MAPPED = re.compile(r"\A(?:\w+\.)?Mapped\[(.+)\]\Z")
_TARGET = re.compile(r"\bForeignKey\(\s*[\"'](?P<target>[\w.]+)[\"'](?P<more>[^()]*)\)")
_COLUMN_TYPE = re.compile(
    r"\b(?:(?P<sized>String|Unicode|VARCHAR|CHAR|Numeric|DECIMAL)\((?P<size>\d+(?:\s*,\s*\d+)?)\)"
    r"|(?P<plain>SmallInteger|BigInteger|Integer|Text|JSONB|Date|Boolean|Float|DateTime|UUID|Uuid|LargeBinary)\b)"
)
_ARGUMENT = re.compile(r"(?P<key>\w+)\s*=\s*(?P<value>\"[^\"]*\"|'[^']*'|[^,()]+(?:\([^()]*\))?)")


@dataclass(frozen=True, slots=True, kw_only=True)
class PythonField:
    """A field of a class and the line it stands on."""

    name: str
    details: Details
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class PythonClass:
    """A class that is a table, or may be: `is_table` where it says so."""

    name: str
    table: str | None
    is_table: bool
    span: Span
    fields: tuple[PythonField, ...]
    keys: tuple[tuple[Constraint | Index, Span], ...] = ()
    """Constraints and indexes beside the fields, with their places."""


def python_classes(text: str, content: Span) -> Iterator[PythonClass]:
    """The classes of a block, request models and enums left out."""
    made = list(_classes(text, content))
    ends = [*(item.span.start for item in made[1:]), content.end]
    for item, end in zip(made, ends, strict=False):
        yield replace(item, keys=tuple(table_args(text, Span(item.span.start, end))))


def _classes(text: str, content: Span) -> Iterator[PythonClass]:
    made: PythonClass | None = None
    for match in _LINE.finditer(text, content.start, content.end):
        line = match[0]
        if head := _CLASS.match(line.lstrip()):
            if made:
                yield made
            bases = head["bases"] or ""
            skipped = _NOT_TABLES.search(head["name"]) or "Enum" in bases or "BaseModel" in bases
            span = Span(match.start(), match.end())
            made = (
                None
                if skipped
                else PythonClass(
                    name=head["name"], table=None, is_table="table=True" in bases.replace(" ", ""), span=span, fields=()
                )
            )
        elif made and (named := _TABLENAME.match(line)):
            made = replace(made, table=named["name"])
        elif made and (read := _FIELD.match(line)) and (details := _details(read)):
            start = match.start() + len(line) - len(line.lstrip())
            field = PythonField(
                name=read["name"], details=details, span=Span(start, match.start() + len(line.rstrip()))
            )
            made = replace(made, fields=(*made.fields, field))
    if made:
        yield made


def _details(match: "re.Match[str]") -> Details | None:
    spelled = _MAPPED.sub(r"\1", match["type"].strip().strip("\"'"))
    read = type_of(spelled)
    comment = read_details(match["comment"] or "")
    if comment.state in {"existing", "computed", "removed"}:
        return None
    if read is None or (read.type is None and not read.values):
        return None
    details = Details(type=read.type, values=read.values, nullable=bool(read.nullable))
    value = (match["value"] or "").strip()
    if re.match(r"(?:\w+\.)?(?:Field|Relationship|mapped_column|Column)\(", value):
        if "Relationship(" in value:
            return None
        details = _arguments(value, details)
    elif value and value != "None":
        details = replace(details, default=default_sql(_literal(value)))
    return details.under(replace(comment, unread=()))


def _positional(call: str, details: Details) -> Details:
    """What stands in a column's call without a key: its type, and what it refers to."""
    if target := _TARGET.search(call):
        table, _, column = target["target"].rpartition(".")
        details = replace(details, references=Reference(table=table, column=column))
        if action := re.search(r"ondelete\s*=\s*[\"']([\w ]+)[\"']", target["more"]):
            details = read_details(f"on delete {action[1]}", details)
    if spelled := _COLUMN_TYPE.search(_TARGET.sub("", call)):
        sized = {"Unicode": "varchar", "String": "varchar"}.get(spelled["sized"], spelled["sized"])
        read = type_of(f"{sized}({spelled['size']})" if spelled["sized"] else _CLASSES[spelled["plain"]])
        details = replace(details, type=read.type if read else details.type)
    return details


def _arguments(call: str, details: Details) -> Details:
    if "mapped_column(" in call or "Column(" in call:
        details = _positional(call, details)
    for argument in _ARGUMENT.finditer(call):
        key, value = argument["key"], argument["value"].strip()
        if key == "max_length" and value.isdigit():
            details = replace(details, length=int(value))
        elif key == "foreign_key":
            table, _, column = value.strip("\"'").rpartition(".")
            details = replace(details, references=Reference(table=table, column=column))
        elif key == "ondelete" and details.references:
            details = read_details(f"on delete {value.strip(chr(34) + chr(39))}", details)
        elif key in {"unique", "primary_key"} and value == "True":
            details = replace(
                details, unique=key == "unique" or details.unique, primary_key=key != "unique" or details.primary_key
            )
        elif key == "index" and value == "True":
            details = replace(details, index="btree")
        elif key == "nullable":
            details = replace(details, nullable=value == "True")
        elif key == "default" and value != "None":
            details = replace(details, default=default_sql(_literal(value)))
        elif key in {"sa_type", "type_"} and (read := type_of(_CLASSES.get(value.partition("(")[0], value))):
            details = replace(details, type=read.type or details.type)
        elif key in {"max_digits", "decimal_places"} and value.isdigit():
            known = details.type.modifiers if details.type and details.type.name == "numeric" else ()
            digits, places = (*known, "0")[:2] if known else ("38", "0")
            sized = (value, places) if key == "max_digits" else (digits, value)
            details = replace(details, type=ColumnType("numeric", sized))
        elif key in {"ge", "le"} and re.fullmatch(r"-?\d+(?:\.\d+)?", value):
            details = replace(details, low=value) if key == "ge" else replace(details, high=value)
    return details


_CLASSES = {"SmallInteger": "smallint", "BigInteger": "bigint", "Integer": "integer", "Text": "text", "JSONB": "jsonb",
            "Date": "date", "Boolean": "boolean", "Float": "double precision", "DateTime": "timestamp with time zone",
            "UUID": "uuid", "Uuid": "uuid", "LargeBinary": "bytea"}  # fmt: skip


def _literal(value: str) -> str:
    return {"True": "true", "False": "false"}.get(value, value)
