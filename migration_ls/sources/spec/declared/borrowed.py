"""Fences in notations that other readers know: DBML, Prisma, diagrams, and calls of Alembic."""

import re
from collections.abc import Iterator

from migration_ls.operations.create_table import CreateTable
from migration_ls.schema.origin import Origin
from migration_ls.schema.request import Grade
from migration_ls.schema.tables import Table
from migration_ls.sources.markdown.blocks import Fence
from migration_ls.sources.spec.context import Context
from migration_ls.sources.spec.declared.sql import operation_items
from migration_ls.sources.spec.items import Item, Said
from migration_ls.text.span import Span

NOTATIONS = frozenset({"dbml", "prisma", "mermaid", "plantuml", "puml", "d2"})
"""Languages of fences that the reader of schema documents knows."""
_CALL = re.compile(r"^[ \t]*(?:with\s+)?(?:op|batch_op)\.\w+\(", re.MULTILINE)
_UPGRADE = re.compile(r"^[ \t]*def upgrade\b", re.MULTILINE)
_NO_TABLES = re.compile(r"\s*(?:graph|flowchart|sequenceDiagram|stateDiagram|gantt|pie|journey|mindmap|timeline)\b")


def noted(text: str, block: Fence, context: Context) -> Iterator[Item]:
    """The tables that a diagram or another schema language declares."""
    from migration_ls.sources.schema_doc.reader import read_schema_document

    if _NO_TABLES.match(block.text):
        return
    read = read_schema_document(context.path, f"## Schema\n\n```{block.language}\n{block.text}\n```\n")
    first = context.lines.line(block.content.start)
    for table in read.schema.tables.values():

        def place(line: int | None) -> Said:
            number = first + max(0, (line if line is not None else 3) - 3)
            return _line_said(text, number, context)

        named = re.search(rf"\b{re.escape(table.name.name)}\b", block.text)
        head = block.text.count("\n", 0, named.start()) + 3 if named else None
        said = place(table.origin.line if table.origin else head)

        def part(words: str, table: Table = table, said: Said = said) -> Said | None:
            column = table.column(words.removeprefix("column "))
            return place(column.origin.line) if column and column.origin else said

        yield from operation_items(CreateTable(table=table), said, context, part)


def calls_alembic(block: Fence) -> bool:
    """Whether the fence holds calls such as `op.add_column(...)`."""
    return bool(_CALL.search(block.text))


def directives(text: str, block: Fence, context: Context) -> Iterator[Item]:
    """What calls of Alembic change; a fence need not be a whole revision."""
    from migration_ls.sources.alembic.reader import read_revision

    lines = block.text.split("\n")
    if not _UPGRADE.search(block.text):
        lines = ["def upgrade():", *(f"    {line}" for line in lines)]
    shift = len(lines) - len(block.text.split("\n")) + 2
    source = "\n".join(("revision = 'spec'", "down_revision = None", *lines))
    revision = read_revision(source)
    for statement in revision.upgrade if revision else ():
        number = source.count("\n", 0, statement.span.start) - shift
        said = _line_said(text, context.lines.line(block.content.start) + max(0, number), context)
        for clause in statement.clauses:
            yield from operation_items(clause.operation, said, context, lambda _: None)


def _line_said(text: str, line: int, context: Context) -> Said:
    starts = context.lines.starts
    line = min(line, len(starts) - 1)
    start, end = starts[line], starts[line + 1] if line + 1 < len(starts) else len(text)
    words = text[start:end]
    span = Span(start + len(words) - len(words.lstrip()), start + len(words.rstrip()))
    span = span if span.start <= span.end else Span(start, start)
    return Said(
        origin=Origin(context.path, span, line),
        evidence=" ".join(words.split()),
        grade=Grade.DECLARED,
        block=context.block,
    )
