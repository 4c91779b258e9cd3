"""SQL in fences, also where PostgreSQL would refuse it, and lists of columns that look like SQL."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Literal

from migration_ls.operations.add_column import AddColumn
from migration_ls.operations.add_constraint import AddConstraint
from migration_ls.operations.comment_on import CommentOn
from migration_ls.operations.create_enum import CreateEnum
from migration_ls.operations.create_index import CreateIndex
from migration_ls.operations.create_table import CreateTable
from migration_ls.operations.set_default import SetDefault
from migration_ls.operations.set_identity import SetIdentity
from migration_ls.operations.set_not_null import SetNotNull
from migration_ls.operations.set_type import SetType
from migration_ls.operations.statement import Statement
from migration_ls.postgres.types import ColumnType
from migration_ls.schema.names import Name
from migration_ls.schema.schema import Enum
from migration_ls.schema.tables import Column, Constraint, Index, Table
from migration_ls.sources.schema_doc.entries import Entry, folded_name
from migration_ls.sources.schema_doc.foreign import foreign_type
from migration_ls.sources.schema_doc.lists import told_by_constraint, told_by_index
from migration_ls.sources.schema_doc.said import Said, balanced
from migration_ls.sources.schema_doc.scan import scan
from migration_ls.sources.schema_doc.told import Told
from migration_ls.sources.schema_doc.types import TypeSaid, type_at, unknown_type
from migration_ls.sources.sql.reader import read_sql
from migration_ls.text.span import Span


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeTable:
    """A table that SQL makes: as PostgreSQL reads it, or, where it would refuse it, by `entries` and `told` alone.

    `entries` are the columns' definitions with their places, `comments` what stands behind them.
    """

    name: Name
    span: Span
    table: Table | None = None
    entries: tuple[Entry, ...] = ()
    told: tuple[tuple[Told, Span], ...] = ()
    comments: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Added:
    """Something that SQL adds to a table or database."""

    what: Enum | Index | Constraint | Column | SetDefault | SetNotNull | SetIdentity | SetType | tuple[str, str]
    span: Span
    table: Name | None = None


_CREATE = re.compile(
    r"\s*create\s+(?:unlogged\s+)?table\s+(?:if\s+not\s+exists\s+)?(?P<name>[\w.\"`\[\]]+)\s*(?=\()", re.IGNORECASE
)
_CONSTRAINT = re.compile(
    r"\s*(?:constraint\s|(?:unique|primary\s+key|foreign\s+key|check|exclude|index|key)\b\s*[\w\s`\"]*\()",
    re.IGNORECASE,
)
_COMMENT = re.compile(r"--[^\r\n]*|/\*.*?\*/", re.DOTALL)
_DEFINITION = re.compile(r"\s*(?P<name>\"[^\"]+\"|`[^`]+`|\[[^\]]+\]|[^\W\d][\w$]*)\s+(?=\S)")
_BOX = re.compile(r"[│┌└├─┐┘┤┬┴┼═║╔╗╚╝▼►]|\+--|--\+|\|\s")


LANGUAGES = frozenset(
    """sql postgresql postgres pgsql psql plpgsql postgres-sql ddl mysql mariadb sqlite sqlite3 tsql t-sql mssql
    sqlserver oracle plsql snowflake redshift cockroachdb""".split()
)
"""What people call fences of SQL."""
_KEY = re.compile(
    r"\s*(?P<kind>unique|fulltext|spatial)?\s*(?:key|index)\s+(?P<name>[^\W\d]\w*)?\s*(?:using\s+\w+\s*)?"
    r"\((?P<columns>[\w\s,]+)\)",
    re.IGNORECASE,
)
_FOREIGN = re.compile(r"[\[`]")


def read_sql_fence(text: str, base: int) -> Iterator[MadeTable | Added]:
    """What the SQL of a fence makes; statements that make nothing (queries, grants, sample rows) are passed over."""
    for item in _read_sql(text):
        match item:
            case MadeTable():
                entries = tuple([entry.moved(base) for entry in item.entries])
                told = tuple([(told, span.shifted(base)) for told, span in item.told])
                yield replace(item, span=item.span.shifted(base), entries=entries, told=told)
            case Added():
                yield replace(item, span=item.span.shifted(base))


@lru_cache(maxsize=1024)
def _read_sql(text: str) -> tuple[MadeTable | Added, ...]:
    return tuple(item for statement in read_sql(text).statements for item in _statement(statement, text, 0))


def _statement(statement: Statement, text: str, base: int) -> Iterator[MadeTable | Added]:
    made = any(isinstance(operation, CreateTable) for operation in statement.operations)
    if not made and (create := _CREATE.match(text, statement.span.start)):
        yield from _slipped(statement, create, text, base)
        return
    for clause in statement.clauses:
        span = clause.span.shifted(base)
        match clause.operation:
            case CreateTable(table=table):
                create = _CREATE.match(text, statement.span.start)
                start = create.end() if create else statement.span.start
                entries, comments, _ = _body(text, start, statement.span.end, base)
                yield MadeTable(name=table.name, span=span, table=table, entries=entries, comments=comments)
            case CreateEnum(enum=enum):
                yield Added(what=enum, span=span)
            case CreateIndex(table=table, index=index):
                yield Added(what=index, span=span, table=table)
            case AddConstraint(table=table, constraint=constraint):
                yield Added(what=constraint, span=span, table=table)
            case AddColumn(table=table, column=column, constraints=constraints):
                yield Added(what=column, span=span, table=table)
                for constraint in constraints:
                    yield Added(what=constraint, span=span, table=table)
            case SetDefault() | SetNotNull() | SetIdentity() | SetType() as altered:
                yield Added(what=altered, span=span, table=altered.table)
            case CommentOn(table=table, column=str() as column, comment=str() as comment):
                yield Added(what=(column, comment), span=span, table=table)
            case _:
                pass


def _slipped(statement: Statement, create: "re.Match[str]", text: str, base: int) -> Iterator[MadeTable]:
    entries, comments, told = _body(text, create.end(), statement.span.end, base)
    if not entries:
        return
    parts = [part.strip('"`[]') for part in create["name"].split(".")]
    yield MadeTable(
        name=Name(parts[-1], parts[-2]) if len(parts) > 1 else Name(parts[-1]),
        span=statement.span.shifted(base),
        entries=entries,
        told=told,
        comments=comments,
    )


_Body = tuple[tuple[Entry, ...], dict[str, str], tuple[tuple[Told, Span], ...]]


def _body(text: str, start: int, end: int, base: int) -> _Body:
    """The definitions between a table's brackets."""
    opening = text.find("(", start, end)
    if opening < 0:
        return (), {}, ()
    quiet = _COMMENT.sub(lambda match: re.sub(r"[^\r\n]", " ", match[0]), text[:end])
    closing = balanced(quiet, opening) - 1
    entries: list[Entry] = []
    told: list[tuple[Told, Span]] = []
    comments: dict[str, str] = {}
    for first, last in _definitions(quiet, opening + 1, max(closing, opening + 1)):
        piece = quiet[first:last]
        if _CONSTRAINT.match(piece):
            span = Span(base + first, base + last)
            told += [(item, span) for item in _constraint(re.sub(r"[`\[\]]", "", piece))]
        elif entry := _definition(quiet, first, last, base):
            entries.append(entry)
            if comment := _remark(text, last):
                comments[entry.name] = comment
    return tuple(entries), comments, tuple(told)


def _constraint(piece: str) -> tuple[Told, ...]:
    """What stands between the columns; MySQL has keys there that are indexes."""
    key = _KEY.match(piece)
    if key is None:
        return told_by_constraint(piece)
    if (key["kind"] or "").lower() == "unique":
        return told_by_constraint(f"UNIQUE ({key['columns']})")
    return told_by_index(f"INDEX {key['name'] or ''} ({key['columns']})")


def _definitions(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The pieces between commas outside brackets, or between lines where the comma was forgotten; trimmed."""
    depth, quote, first = 0, "", start
    for offset in range(start, end + 1):
        character = text[offset] if offset < end else ","
        if quote:
            quote = "" if character == quote else quote
        elif character in "'\"":
            quote = character
        elif character in "([":
            depth += 1
        elif character in ")]":
            depth -= 1
        forgotten = character in "\r\n" and depth == 0 and not quote and _begins_column(text, offset + 1, end)
        if (character == "," and depth == 0 and not quote) or forgotten or offset == end:
            piece = text[first:offset]
            if piece.strip():
                yield first + len(piece) - len(piece.lstrip()), first + len(piece.rstrip())
            first = offset + (0 if forgotten else 1)


def _begins_column(text: str, offset: int, end: int) -> bool:
    match = _DEFINITION.match(text, offset, end)
    return bool(
        match and "\n" not in match[0] and type_at(text, match.end()) and match["name"].lower() not in _WORDS_OF_SQL
    )


_BIT = ColumnType("bit", ("1",))
_WORDS_OF_SQL = frozenset(
    "not null default references unique primary check constraint on generated collate foreign".split()
)


def _definition(text: str, first: int, last: int, base: int) -> Entry | None:
    """`name TYPE conditions`."""
    match = _DEFINITION.match(text, first, last)
    if match is None or match["name"].lower() in _WORDS_OF_SQL:
        return None
    said = Said()
    rest = re.sub(r"[\r\n\t`]", " ", text[match.end() : last])
    scan(said, rest, base + match.end(), "entry")
    if said.type is None:
        word = re.match(r"[^\W\d][\w.]*(?:\([\w\s,]*\))?(?:\[\])?", rest)
        if word is None:
            return None
        known = foreign_type(word[0])
        read = known or unknown_type(word[0])
        if read is None:
            return None
        said = Said(type=TypeSaid(type=read, loose=word[0] if known else ""))
        said.places["type"] = Span(base + match.end(), base + match.end() + word.end())
        scan(said, rest[word.end() :], base + match.end() + word.end(), "words")
    if said.type and said.type.type == _BIT and _FOREIGN.match(match["name"]):
        said.type = replace(said.type, type=ColumnType("boolean"), loose="BIT")
    said.nullable = True if said.nullable is None else said.nullable
    said.places["name"] = Span(base + match.start("name"), base + match.end("name"))
    return Entry(name=folded_name(match["name"]).strip("`[]"), said=said, span=Span(base + first, base + last))


def _remark(text: str, end: int) -> str | None:
    """The comment behind a definition on its line."""
    match = re.compile(r"[ \t]*,?[ \t]*--+[ \t]*(?P<words>[^\r\n]*)").match(text, end)
    return match["words"].strip() or None if match else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """Columns that a plain fence or a diagram lists; `name` is empty where the section says which table they are of."""

    name: str
    span: Span
    entries: tuple[Entry, ...]
    form: Literal["bullets", "diagram"] = "bullets"


_LINE = re.compile(r"[^\r\n]+")
_TITLE = re.compile(r"\s*(?:table\s*:?\s+)?(?P<name>[^\W\d][\w.]*)\s*[:({]?\s*(?:--.*|#.*)?\Z", re.IGNORECASE)


def read_plain_fence(text: str, base: int) -> Iterator[Listed]:
    """Pseudo-SQL: a table's name, then a line per column, `column TYPE conditions -- comment`."""
    if _BOX.search(text) or re.search(
        r"(?i)(?<!on )\b(?:select|insert|update|delete|create|alter|drop)\b|[{};=]\s*$|=>|::", text
    ):
        return
    name, span, entries = "", Span(base, base), []
    for line in _LINE.finditer(text):
        content = line[0].split("--")[0].rstrip(" ,\t")
        begin = line.start() + len(line[0]) - len(line[0].lstrip())
        typed = _DEFINITION.match(content.replace("-", " ", 1) if content.lstrip().startswith("- ") else content)
        if (
            typed
            and type_at(content, typed.end())
            and (entry := _definition(text, begin, line.start() + len(content), base))
        ):
            entry.said.nullable = None if "nullable" not in entry.said.places else entry.said.nullable
            entry.said.comment = entry.said.comment or _remark(text, line.start() + len(content))
            entries.append(entry)
        elif title := _TITLE.match(line[0]):
            if len(entries) > 1:
                yield Listed(name=name, span=span, entries=tuple(entries))
            name, entries = title["name"], []
            span = Span(base + line.start() + title.start("name"), base + line.start() + title.end("name"))
    if len(entries) > 1:
        yield Listed(name=name, span=span, entries=tuple(entries))
