"""Fences: SQL, Python, and what is written as if it were one of them."""

import re
from collections.abc import Iterator

from migration_ls.schema.origin import Origin
from migration_ls.schema.request import Grade
from migration_ls.sources.markdown.blocks import Fence
from migration_ls.sources.spec.context import Context
from migration_ls.sources.spec.declared.inline import new_name
from migration_ls.sources.spec.declared.pseudo import pseudo_tables
from migration_ls.sources.spec.declared.python import python_classes
from migration_ls.sources.spec.declared.sql import read_sql_fence
from migration_ls.sources.spec.items import Item, Said, SaidColumn, SaidTable
from migration_ls.sources.spec.sections import Mood
from migration_ls.sources.spec.words import words_of
from migration_ls.text.span import Span

_SKIPPED_LANGUAGES = frozenset(
    "json yaml yml http bash sh shell typescript ts tsx javascript js jsx html css mermaid graphql toml ini diff "
    "xml curl console".split()
)


def read_fence(text: str, block: Fence, context: Context, mood: Mood) -> Iterator[Item]:
    """What a fence declares; data, requests and shell commands declare nothing."""
    language = block.language.strip("{}.")
    if language in _SKIPPED_LANGUAGES:
        return
    if language.startswith("py"):
        yield from _python(text, block, context, mood)
        return
    if language in {"sql", "postgres", "postgresql", "psql", "pgsql"} or re.match(r"\s*(?:ALTER|CREATE)\s", block.text):
        items = read_sql_fence(text, block.content, context)
        if items is not None:
            yield from items
            return
    if mood is Mood.DECLARES or language.endswith("sql"):
        for made in pseudo_tables(text, block.content):
            name = context.tables.find(made.name) or new_name(made.name, context)
            if context.tables.table(name) is None:
                yield SaidTable(name=name, said=row_said(text, made.span, context), is_whole=True)
            for column in made.columns:
                said = row_said(text, column.span, context)
                yield SaidColumn(table=name, name=column.name, details=column.details, said=said)


def _python(text: str, block: Fence, context: Context, mood: Mood) -> Iterator[Item]:
    for made in python_classes(text, block.content):
        known = context.tables.find(made.table or made.name)
        declares = made.is_table or mood is Mood.DECLARES
        if not made.fields or (known is None and not declares):
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


def row_said(text: str, span: Span, context: Context) -> Said:
    """That a line or row of a table declares it."""
    words = re.sub(r"\s*\|\s*", " | ", span.of(text)).replace("`", "").strip(" |")
    origin = Origin(context.path, span, context.lines.line(span.start))
    return Said(origin=origin, evidence=words, grade=Grade.DECLARED, block=context.block)
