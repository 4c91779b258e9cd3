"""New tables, in the manner of the tables that are there."""

import re

from migration_ls.operations.naming import named_constraints
from migration_ls.rendering.schema_doc.bullets import BulletWriter
from migration_ls.rendering.schema_doc.fences import SqlTable
from migration_ls.rendering.schema_doc.lists import lists_of
from migration_ls.rendering.schema_doc.request import Wish
from migration_ls.rendering.schema_doc.rows import new_rows
from migration_ls.rendering.schema_doc.shape import BulletList, ColumnTable, Form, Shape, SqlFence, first_block
from migration_ls.schema.tables import Constraint, ForeignKey
from migration_ls.sources.markdown.blocks import Heading
from migration_ls.text.edits import Edit, insert
from migration_ls.text.lines import LineIndex


def new_table(text: str, shape: Shape, wish: Wish, newline: str) -> Edit | None:
    """A section for a new table behind that of the last one; None when the document has no table to go by."""
    if not shape.forms:
        return None
    model = shape.forms[-1]
    heading = _heading(model)
    body = _body(text, shape, model, wish, newline)
    title = _title(text, heading, model, wish) if heading else f"## {wish.table.name}"
    end = _end(text, shape, model)
    before = text[:end]
    gap = "" if before.endswith((newline * 2,)) else (newline if before.endswith(newline) else newline * 2)
    rule = f"---{newline}{newline}" if _ruled(text, heading) else ""
    follows = newline if text[end:].strip() and text[end] not in "\r\n" else ""
    return insert(end, f"{gap}{rule}{title}{newline}{newline}{body}{follows}")


def _heading(form: Form) -> Heading | None:
    section = first_block(form).section
    return section[-1] if section else None


def _ruled(text: str, heading: Heading | None) -> bool:
    if heading is None:
        return False
    index = LineIndex(text)
    above = [index.line_text(line).strip() for line in range(max(0, heading.line - 2), heading.line)]
    return "---" in above


def _title(text: str, heading: Heading, model: Form, wish: Wish) -> str:
    """The heading's line with the new table's name in the place of the old one."""
    index = LineIndex(text)
    line = index.line_text(heading.line)
    line = re.split(r"\s+[—\u2013]\s+|\s+\((?=managed|gestionad)", line)[0]
    number = re.search(r"(?<=\s)(\d+)(?=[.)]\s)", line)
    if number:
        line = line[: number.start()] + str(int(number[1]) + 1) + line[number.end() :]
    for old, new in ((str(model.table), str(wish.table.name)), (model.table.name, wish.table.name.name)):
        if re.search(rf"\b{re.escape(old)}\b", line):
            return line.replace(old, new)
    marks = re.match(r"#+ ", line)
    return f"{marks[0] if marks else '## '}{wish.table.name}"


def _end(text: str, shape: Shape, model: Form) -> int:
    """The end of the last table's section, its indexes and remarks included."""
    index = LineIndex(text)
    section = shape.section(model)
    last = section[-1] if section else model.last
    line = index.line(last.span.end)
    starts = index.starts
    return starts[line + 1] if line + 1 < len(starts) else len(text)


def _body(text: str, shape: Shape, model: Form, wish: Wish, newline: str) -> str:
    facts = [item for column in wish.table.columns if (item := wish.facts(column.name))]
    if isinstance(model, SqlFence):
        return _sql(text, model, wish, newline)
    if isinstance(model, ColumnTable):
        body = new_rows(text, model, facts, newline)
    else:
        writer = BulletWriter(text, model, newline)
        body = "".join(writer.line(item) + newline for item in facts)
        label = _label(text, model)
        body = f"{label}{newline}{body}" if label else body
    return body + lists_of(text, shape, model, wish, newline)


def _label(text: str, model: BulletList) -> str:
    """`**Columns:**` above the bullets, with the blank line the document puts there."""
    index = LineIndex(text)
    line = model.bullets[0].line - 1
    blank = 0
    while line >= 0 and not index.line_text(line).strip():
        line, blank = line - 1, blank + 1
    label = index.line_text(line).strip() if line >= 0 else ""
    if re.match(r"\*\*.*\*\*:?\Z", label):
        return label + ("\n" * blank)
    return ""


def _sql(text: str, model: SqlFence, wish: Wish, newline: str) -> str:
    fence = SqlTable(text, model, newline)
    table = named_constraints(wish.table)
    indent = fence.indent()
    entries: list[str] = []
    single = table.primary_key.columns if table.primary_key and len(table.primary_key.columns) == 1 else ()
    for column in table.columns:
        facts = wish.facts(column.name)
        if facts is None:
            continue
        entry = fence.column(facts)
        if column.name in single:
            entry = entry.replace(f" {fence.cased('NOT NULL')}", "", 1) + f" {fence.cased('PRIMARY KEY')}"
        entries.append(entry)
    if table.primary_key and not single:
        entries.append(f"{fence.cased('PRIMARY KEY')} ({', '.join(table.primary_key.columns)})")
    constraints: tuple[Constraint, ...] = (*table.uniques, *table.checks, *table.foreign_keys)
    for item in constraints:
        if isinstance(item, ForeignKey) and len(item.columns) == 1:
            continue
        if said := fence.constraint(item):
            entries.append(said)
    body = f",{newline}".join(f"{indent}{entry}" for entry in entries)
    lines = [f"{fence.cased('CREATE TABLE')} {table.name.sql} (", body, ");"]
    lines += [fence.index(table.name, item) for item in table.indexes]
    language = LineIndex(text).line_text(model.block.line).strip()
    return newline.join([language, *lines, "```"]) + newline
