"""Fences: SQL, Python, and what is written as if it were one of them."""

import re
from collections.abc import Iterator
from dataclasses import replace

from migration_ls.schema.names import Name
from migration_ls.schema.origin import Origin
from migration_ls.schema.request import Grade
from migration_ls.schema.tables import Index
from migration_ls.sources.markdown.blocks import Fence
from migration_ls.sources.spec.context import Context
from migration_ls.sources.spec.declared.borrowed import NOTATIONS, calls_alembic, directives, noted
from migration_ls.sources.spec.declared.columns import column_bullet
from migration_ls.sources.spec.declared.diffs import added, is_diff, removed, without_signs
from migration_ls.sources.spec.declared.inline import new_name
from migration_ls.sources.spec.declared.pseudo import pseudo_tables
from migration_ls.sources.spec.declared.python import python_classes
from migration_ls.sources.spec.declared.records import LANGUAGES, records
from migration_ls.sources.spec.declared.sql import read_sql_fence
from migration_ls.sources.spec.details import Details, read_details
from migration_ls.sources.spec.items import Item, Said, SaidColumn, SaidConstraint, SaidIndex, SaidTable
from migration_ls.sources.spec.sections import Mood
from migration_ls.sources.spec.words import words_of
from migration_ls.text.span import Span

_LINE = re.compile(r"^[ \t]*(?P<line>[^\s#/-][^\r\n]*)", re.MULTILINE)
_COMMENT = re.compile(r",?\s*(?:--|#|//)\s*(?P<words>.*)\Z")
_SKIPPED_LANGUAGES = frozenset(
    "http bash sh shell typescript ts tsx javascript js jsx html css graphql toml ini xml curl console".split()
)


_WAY_BACK = re.compile(r"\s*(?:--|#)[^\n]*\b(?:down|rollback|roll\s+back|undo|revert)\b", re.IGNORECASE)
"""A first comment that says that the rest undoes the change."""


def read_fence(text: str, block: Fence, context: Context, mood: Mood) -> Iterator[Item]:
    """What a fence declares; data, requests and shell commands declare nothing.

    `context.subject` is the table of bare columns.
    """
    language = block.language.strip("{}.")
    if _WAY_BACK.match(block.text):
        return
    if language == "diff" or (not language and "\n+" in block.text):
        yield from _diff(text, block, context, mood)
    elif language in NOTATIONS:
        if mood is Mood.DECLARES:
            yield from noted(text, block, context)
    elif language in LANGUAGES:
        if mood is Mood.DECLARES:
            yield from records(text, block, context)
    elif language not in _SKIPPED_LANGUAGES:
        yield from _code(text, block, context, mood)


def _diff(text: str, block: Fence, context: Context, mood: Mood) -> Iterator[Item]:
    if not is_diff(block.content.of(text)):
        return
    language = "python" if re.search(r"^.\s*class\s", block.text, re.MULTILINE) else ""
    bare = without_signs(text, block.content)
    inner = replace(block, language=language, text=block.content.of(bare))
    items = tuple(_code(bare, inner, context, mood))
    yield from added(items, text)
    yield from removed(text, block.content, context.subject, items, context)


def _code(text: str, block: Fence, context: Context, mood: Mood) -> Iterator[Item]:
    language = block.language.strip("{}.")
    if language.startswith("py"):
        yield from directives(text, block, context) if calls_alembic(block) else _python(text, block, context, mood)
        return
    if language in {"sql", "postgres", "postgresql", "psql", "pgsql"} or re.match(r"\s*(?:ALTER|CREATE)\s", block.text):
        items = read_sql_fence(text, block.content, context)
        if items is not None:
            yield from items
            return
    if mood is Mood.DECLARES or language.endswith("sql"):
        items = tuple(_pseudo(text, block, context))
        yield from items or (_bare_lines(text, block, context, context.subject) if context.subject else ())


def new_table_lines(text: str, block: Fence, name: Name, said: Said, context: Context) -> Iterator[Item]:
    """The columns, one a line, of a new table that the heading names."""
    items = tuple(_bare_lines(text, block, context, name))
    if items and all(isinstance(item, SaidColumn) and item.details.type for item in items):
        yield SaidTable(name=name, said=said, is_whole=True)
        yield from items


def _pseudo(text: str, block: Fence, context: Context) -> Iterator[Item]:
    for made in pseudo_tables(text, block.content):
        name = context.tables.find(made.name) or new_name(made.name, context)
        if context.tables.table(name) is None:
            yield SaidTable(name=name, said=row_said(text, made.span, context), is_whole=True)
        for column in made.columns:
            said = row_said(text, column.span, context)
            yield SaidColumn(table=name, name=column.name, details=column.details, said=said)


def _bare_lines(text: str, block: Fence, context: Context, table: Name) -> Iterator[Item]:
    """Columns of the section's table, one a line."""
    for match in _LINE.finditer(text, block.content.start, block.content.end):
        said = row_said(text, Span(*match.span("line")), context)
        read = _bare_line(match["line"].strip())
        if read is not None and read[1].state not in {"existing", "computed"}:
            for name in read[0]:
                yield SaidColumn(table=table, name=name, details=read[1], said=said)


def _bare_line(line: str) -> tuple[tuple[str, ...], Details] | None:
    """The columns of a line; a comment may be of them or just about them."""
    comment = _COMMENT.search(line)
    if comment is None:
        return column_bullet(line.rstrip(",;"), declares=True)
    bare = line[: comment.start()].rstrip(",; ")
    read = column_bullet(f"{bare}, {comment['words']}", declares=True) or column_bullet(bare, declares=True)
    return (read[0], read[1].under(read_details(comment["words"]))) if read else None


def _python(text: str, block: Fence, context: Context, mood: Mood) -> Iterator[Item]:
    for made in python_classes(text, block.content):
        known = context.tables.find(made.table or made.name)
        declares = made.is_table or mood is Mood.DECLARES
        if not (made.fields or made.keys) or (known is None and not declares):
            continue
        name = known or (
            new_name(made.table, context) if made.table else context.habits.table_name(words_of(made.name))
        )
        if context.tables.table(name) is None:
            context.tables.add(made.name, name)
            yield SaidTable(name=name, said=row_said(text, made.span, context), is_whole=True)
        for item in made.fields:
            said = row_said(text, item.span, context)
            yield SaidColumn(table=name, name=item.name, details=item.details, said=said)
        for key, span in made.keys:
            said = row_said(text, span, context)
            if isinstance(key, Index):
                yield SaidIndex(table=name, index=key, said=said)
            else:
                yield SaidConstraint(table=name, constraint=key, said=said)


def row_said(text: str, span: Span, context: Context) -> Said:
    """That a line or row of a table declares it."""
    words = re.sub(r"\s*\|\s*", " | ", span.of(text)).replace("`", "").strip(" |")
    origin = Origin(context.path, span, context.lines.line(span.start))
    return Said(origin=origin, evidence=words, grade=Grade.DECLARED, block=context.block)
