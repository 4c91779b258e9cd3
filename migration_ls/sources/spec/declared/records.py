"""Tables written as data: YAML and JSON that name tables, columns and types."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from migration_ls.schema import request as asked
from migration_ls.schema.names import Name
from migration_ls.schema.origin import Origin
from migration_ls.sources.markdown.blocks import Fence
from migration_ls.sources.spec.context import Context
from migration_ls.sources.spec.declared.inline import new_name
from migration_ls.sources.spec.details import Details, default_sql, read_details
from migration_ls.sources.spec.items import Item, Said, SaidChange, SaidColumn, SaidTable
from migration_ls.sources.spec.types import type_of
from migration_ls.text.span import Span

if TYPE_CHECKING:
    from yaml.nodes import Node

LANGUAGES = frozenset({"yaml", "yml", "json", "jsonc"})
_LONGEST = 50_000
_MOST = 2_000
"""Entries that are looked at: aliases can make a short text endless."""
_NAME = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)?")
_COLUMNS = frozenset({"columns", "fields", "attributes"})
_NO_TABLES = frozenset({"tables", "new_tables", "entities", "models", "schema", "properties", "table"})
_TYPES = frozenset({"type", "data_type", "sql_type", "datatype", "db_type"})
_NULLS = frozenset({"nullable", "null", "optional"})
_REQUIRED = frozenset({"required", "not_null", "notnull", "notNull"})
_KEYS = frozenset({"primary_key", "primarykey", "primaryKey", "pk"})
_YES, _NO = frozenset({"true", "yes", "on"}), frozenset({"false", "no", "off"})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Entry:
    """A key of a mapping, or an item of a sequence with an empty key, with its place."""

    key: str
    value: "str | tuple[_Entry, ...]"
    span: Span

    @property
    def under(self) -> "tuple[_Entry, ...]":
        return self.value if isinstance(self.value, tuple) else ()

    @property
    def text(self) -> str:
        return self.value if isinstance(self.value, str) else ""


def records(text: str, block: Fence, context: Context) -> Iterator[Item]:
    """The tables and columns of a block; nothing for data that declares none."""
    for entry in _walk(_Entry(key="", value=_read(block.content.of(text), block.content.start), span=block.content)):
        columns = next((below for below in entry.under if below.key.lower() in _COLUMNS), None)
        if columns is not None:
            yield from _table(entry, columns, context)
        elif (known := context.tables.find(entry.key)) is not None and context.tables.table(known) is not None:
            yield from _changes(entry, known, context)


def _table(entry: _Entry, columns: _Entry, context: Context) -> Iterator[Item]:
    given = next(
        (below.text for below in entry.under if below.key.lower() in {"table", "name", "tablename"} and below.text), ""
    )
    words = given or entry.key
    if not _NAME.fullmatch(words) or words.lower() in _NO_TABLES:
        return
    found = [(name, details, below.span) for below in columns.under for name, details in _column(below)]
    if not any(details.is_typed for _, details, _ in found):
        return
    name = context.tables.find(words) or new_name(words, context)
    if context.tables.table(name) is None:
        yield SaidTable(name=name, said=_said(entry.span, words, context), is_whole=True)
    for column, details, span in found:
        yield SaidColumn(table=name, name=column, details=details, said=_said(span, column, context))


def _changes(entry: _Entry, table: Name, context: Context) -> Iterator[Item]:
    """What shall become of a table that is there: `tasks: {add: [...], drop: [...]}`."""
    for below in entry.under:
        if below.key.lower() in {"add", "added", "new", "add_columns"}:
            items = [
                inner for item in below.under for inner in (item.under if not item.key and _is_pair(item) else (item,))
            ]
            for item in items:
                for name, details in _column(item):
                    said = _said(item.span, name, context)
                    yield SaidColumn(table=table, name=name, details=details, said=said)
        elif below.key.lower() in {"drop", "dropped", "remove", "removed", "drop_columns"}:
            for item in below.under:
                if item.text and (column := context.tables.column(table, item.text)):
                    change = asked.DropColumn(table=table, column=column.name)
                    yield SaidChange(change=change, said=_said(item.span, item.text, context))


def _is_pair(item: _Entry) -> bool:
    """Whether an entry of a list is a name with its type, not a record of facts."""
    return (
        not item.key and len(item.under) == 1 and item.under[0].key.lower() not in _TYPES | {"name", "column", "field"}
    )


def _said(span: Span, words: str, context: Context) -> Said:
    return context.said_at(Origin(context.path, span, context.lines.line(span.start)), words)


def _column(entry: _Entry) -> Iterator[tuple[str, Details]]:
    """`id: serial`, `id: {type: serial}` and `{name: id, type: serial}`."""
    facts = {below.key: _words(below) for below in entry.under}
    name = entry.key or next((facts[key] for key in ("name", "column", "field") if facts.get(key)), "")
    if not re.fullmatch(r"[^\W\d]\w*", name):
        return
    details = _details(facts) if facts else read_details(entry.text)
    if details.is_typed and details.state not in {"existing", "computed"}:
        yield name, replace(details, unread=())


def _words(entry: _Entry) -> str:
    return entry.text or ", ".join(below.text for below in entry.under)


def _details(facts: Mapping[str, str]) -> Details:
    details = Details()
    for key, value in facts.items():
        lowered, yes = key.lower(), value.lower() in _YES
        if lowered in _TYPES:
            if read := type_of(value):
                details = replace(details, type=read.type, values=read.values, autoincrement=read.autoincrement)
        elif lowered in _NULLS and (yes or value.lower() in _NO):
            details = replace(details, nullable=yes)
        elif key in _REQUIRED and (yes or value.lower() in _NO):
            details = replace(details, nullable=not yes)
        elif key in _KEYS and yes:
            details = replace(details, primary_key=True)
        elif lowered == "unique" and yes:
            details = replace(details, unique=True)
        elif lowered in {"index", "indexed"} and yes:
            details = replace(details, index="btree")
        elif lowered in {"default", "server_default"} and value.lower() not in {"null", "none", "~", ""}:
            details = replace(details, default=default_sql(value))
        elif lowered in {"references", "foreign_key", "fk", "ref"} and value:
            details = read_details(f"references {value}", details)
        elif lowered in {"on_delete", "ondelete"}:
            details = read_details(f"on delete {value}", details)
        elif lowered in {"values", "enum", "choices"}:
            details = read_details(f"one of {value}", details)
        elif lowered in {"max_length", "length", "maxlength"} and value.isdigit():
            details = replace(details, length=int(value))
    return details


def _read(text: str, start: int) -> tuple[_Entry, ...]:
    """The entries of the text, none where it cannot be read."""
    import yaml

    if len(text) > _LONGEST:
        return ()
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except (yaml.YAMLError, RecursionError, ValueError):
        return ()
    budget = [_MOST]
    return tuple(_entries(node, start, budget)) if node is not None else ()


def _entries(node: "Node", start: int, budget: list[int]) -> Iterator[_Entry]:
    from yaml.nodes import MappingNode, ScalarNode, SequenceNode

    pairs = (
        node.value
        if isinstance(node, MappingNode)
        else [(None, item) for item in node.value]
        if isinstance(node, SequenceNode)
        else []
    )
    for key, value in pairs:
        budget[0] -= 1
        if budget[0] < 0:
            return
        first = key or value
        span = Span(start + first.start_mark.index, start + max(first.end_mark.index, value.end_mark.index))
        name = key.value if isinstance(key, ScalarNode) else ""
        inside = value.value if isinstance(value, ScalarNode) else tuple(_entries(value, start, budget))
        yield _Entry(key=name, value=inside, span=span)


def _walk(entry: _Entry) -> Iterator[_Entry]:
    yield entry
    for below in entry.under:
        yield from _walk(below)
