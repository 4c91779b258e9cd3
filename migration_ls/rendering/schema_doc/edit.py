"""Edits that make a schema document say what a migration makes of the database."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from migration_ls.operations.add_constraint import AddConstraint
from migration_ls.operations.add_enum_value import AddEnumValue
from migration_ls.operations.create_table import CreateTable
from migration_ls.operations.drop_not_null import DropNotNull
from migration_ls.operations.drop_table import DropTable
from migration_ls.operations.rename_column import RenameColumn
from migration_ls.operations.set_default import SetDefault
from migration_ls.operations.set_not_null import SetNotNull
from migration_ls.operations.set_type import SetType
from migration_ls.operations.union import Operation
from migration_ls.rendering.models.changes import TableChanges, changes_by_table
from migration_ls.rendering.models.edit import edit_snippets
from migration_ls.rendering.schema_doc.bullets import edit_bullets
from migration_ls.rendering.schema_doc.column_ways import renamings
from migration_ls.rendering.schema_doc.facts import left_to_say, wanted_facts
from migration_ls.rendering.schema_doc.fences import SqlTable, edit_fence
from migration_ls.rendering.schema_doc.labels import edit_labels
from migration_ls.rendering.schema_doc.lists import edit_lists
from migration_ls.rendering.schema_doc.mending import Reader, Version, edits_between, mended, stepped
from migration_ls.rendering.schema_doc.request import Wish
from migration_ls.rendering.schema_doc.rows import edit_rows
from migration_ls.rendering.schema_doc.sections import new_table
from migration_ls.rendering.schema_doc.shape import BulletList, ColumnTable, Form, Shape, SqlFence, document_forms
from migration_ls.rendering.schema_doc.table_ways import new_sections, table_removals
from migration_ls.rendering.schema_doc.ways import Ways
from migration_ls.schema.names import Name
from migration_ls.schema.schema import Schema
from migration_ls.schema.tables import Check, ForeignKey, Unique
from migration_ls.text.edits import Edit, OverlappingEditsError, apply_edits, insert
from migration_ls.text.span import Span


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentEdits:
    """The edits of a document, and what of the change it cannot be made to say: to be written by hand."""

    edits: tuple[Edit, ...]
    left: tuple[str, ...] = ()


def edit_document(
    text: str,
    operations: Sequence[Operation],
    wanted: Schema,
    *,
    purposes: Mapping[tuple[Name, str], str],
    path: str,
) -> DocumentEdits:
    """The edits after which the document, read again, says of its tables what `wanted` holds.

    The usual edits are read again; what they leave wrong is mended in the form in which the document says it, and
    what cannot be mended is named in `left`. Nothing else that the document says changes.
    """
    usual = edit_schema_document(text, operations, wanted, purposes=purposes, path=path)
    reader = Reader(path, {enum.values: name.sql for name, enum in wanted.enums.items()})
    before = reader.read(text)
    facts = wanted_facts(before.schema, wanted, operations, changes_by_table(operations, wanted, wanted))
    if _after(reader, text, usual).facts == facts:
        return DocumentEdits(edits=usual)
    here = before
    for operation in operations:
        if isinstance(operation, RenameColumn):
            table = here.schema.tables.get(operation.table)
            ways_to_rename = renamings(here, operation.table, operation.column, operation.to) if table else ()
            here = stepped(reader, here, facts, ways_to_rename)
        one = edit_schema_document(here.text, [operation], wanted, purposes=purposes, path=path)
        after = _after(reader, here.text, one)
        here = after if after.facts ^ facts < here.facts ^ facts else here
        match operation:
            case CreateTable(table=made) if made.name in wanted.tables and made.name not in here.schema.tables:
                if here.schema.tables:
                    sections = new_sections(here, wanted.tables[made.name], _newline(text))
                    here = stepped(reader, here, facts, sections)
            case DropTable(name=name) if name in here.schema.tables:
                here = stepped(reader, here, facts, table_removals(here, name))
            case _:
                pass
    ways = Ways(wanted, _newline(text))
    best = mended(reader, here, facts, ways.say, ways.unsay)
    return DocumentEdits(edits=tuple(edits_between(text, best.text)), left=left_to_say(best.facts, facts))


def _after(reader: Reader, text: str, edits: Sequence[Edit]) -> Version:
    """The version that edits lead to; the same one where they cannot all be made."""
    try:
        return reader.read(apply_edits(text, edits))
    except OverlappingEditsError:
        return reader.read(text)


def _newline(text: str) -> str:
    return next((mark for mark in ("\r\n", "\n", "\r") if mark in text), "\n")


def edit_schema_document(
    text: str,
    operations: Sequence[Operation],
    wanted: Schema,
    *,
    purposes: Mapping[tuple[Name, str], str],
    path: str,
) -> tuple[Edit, ...]:
    """The edits after which the document says what `wanted` holds, as far as `operations` touch it.

    Each table is edited in the forms in which the document has it (rows, bullets, SQL, classes), in the words of its
    neighbours; tables that the document does not have are left out, new ones get a section like the last one's. The
    same call on the result gives no edits. `path` is only used to name the document's Python in problems.
    """
    newline = _newline(text)
    names = [*wanted.tables]
    shape = document_forms(text, names)
    changes = changes_by_table(operations, wanted, wanted)
    edits: list[Edit] = []
    for name, change in changes.items():
        if name not in wanted.tables:
            continue
        aspects = _aspects(operations, name)
        wish = Wish(
            table=wanted.tables[name], schema=wanted, changes=_with_keys(change, aspects), aspects=aspects,
            purposes=purposes,
        )  # fmt: skip
        edits += _table(text, shape, name, wish, newline)
    edits += _python(shape, operations, wanted, purposes, path)
    for operation in operations:
        if isinstance(operation, AddEnumValue):
            edits += edit_labels(text, operation, wanted)
        if isinstance(operation, CreateTable) and not shape.of(operation.table.name) and not shape.python:
            table = wanted.tables.get(operation.table.name, operation.table)
            wish = Wish(table=table, schema=wanted, changes=TableChanges(), purposes=purposes)
            if edit := new_table(text, shape, wish, newline):
                edits.append(edit)
    return tuple(edit for edit in sorted(edits, key=_place) if edit.span.of(text) != edit.new)


def _place(edit: Edit) -> tuple[int, int]:
    return edit.span.start, edit.span.end


def _aspects(operations: Sequence[Operation], table: Name) -> dict[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}

    def note(column: str, aspect: str) -> None:
        found[column] = found.get(column, frozenset()) | {aspect}

    for operation in operations:
        match operation:
            case SetType(table=name, column=column) if name == table:
                note(column, "type")
            case SetNotNull(table=name, column=column) | DropNotNull(table=name, column=column) if name == table:
                note(column, "nullable")
            case SetDefault(table=name, column=column) if name == table:
                note(column, "default")
            case AddConstraint(table=name, constraint=ForeignKey(columns=(column,))) if name == table:
                note(column, "key")
            case AddConstraint(table=name, constraint=Check(expression=expression)) if (
                name == table and len(expression.columns) == 1
            ):
                note(next(iter(expression.columns)), "check")
            case AddConstraint(table=name, constraint=Unique(columns=(column,))) if name == table:
                note(column, "unique")
            case _:
                pass
    return found


def _with_keys(changes: TableChanges, aspects: Mapping[str, frozenset[str]]) -> TableChanges:
    """Columns that gain a key are spoken of at the column, too."""
    changes.columns |= dict.fromkeys(column for column, found in aspects.items() if found & {"key", "unique", "check"})
    return changes


def _table(text: str, shape: Shape, name: Name, wish: Wish, newline: str) -> list[Edit]:
    edits: list[Edit] = []
    forms = shape.of(name)
    for form in forms:
        match form:
            case ColumnTable():
                edits += edit_rows(text, form, wish, newline)
            case BulletList():
                edits += edit_bullets(text, form, wish, newline)
            case SqlFence():
                edits += edit_fence(text, form, wish, newline)
                edits += _fence_indexes(text, form, wish, newline)
    others: list[Form] = [form for form in forms if not isinstance(form, SqlFence)]
    if others and len(others) == len(forms):
        edits += edit_lists(text, shape, others[-1], wish, newline)
    return edits


def _fence_indexes(text: str, form: SqlFence, wish: Wish, newline: str) -> list[Edit]:
    """CREATE INDEX lines behind those of the table, without dropped ones."""
    table = SqlTable(text, form, newline)
    content = form.block.content
    names = [re.escape(form.table.name), re.escape(str(form.table))]
    name = rf"\"?(?:{'|'.join(names)})\"?\b"
    pattern = rf"(?im)^[ \t]*create\s+(?:unique\s+)?index[^;]*?\bon\s+(?:only\s+)?{name}[^;]*;[^\r\n]*(?:\r\n|\n|\r|\Z)"
    present = list(re.compile(pattern).finditer(text, content.start, content.end))
    edits: list[Edit] = []
    gone = wish.changes.dropped_indexes
    for match in present:
        words = set(re.findall(r"\w+", match[0]))
        if words & {*gone, *wish.changes.dropped}:
            edits.append(Edit(Span(*match.span()), ""))
    new = [item for item in wish.changes.indexes if not (item.name and re.search(rf"\b{re.escape(item.name)}\b", text))]
    if not new:
        return edits
    lines = [table.index(form.table, item) for item in new]
    if present:
        end = present[-1].end()
    else:
        semicolon = text.find(";", table.close, content.end)
        end = semicolon + 1 if semicolon >= 0 else table.close + 1
        following = re.compile(r"[^\r\n]*(?:\r\n|\n|\r|\Z)").match(text, end)
        end = following.end() if following else end
    ended = "" if text[end - 1] in "\r\n" else newline
    edits.append(insert(end, ended + newline.join(lines) + newline))
    return edits


def _python(
    shape: Shape,
    operations: Sequence[Operation],
    wanted: Schema,
    purposes: Mapping[tuple[Name, str], str],
    path: str,
) -> list[Edit]:
    """Classes in fences are edited as models are, without imports, which such excerpts leave out."""
    if not shape.python:
        return []
    joined, starts = "", []
    for fence in shape.python:
        starts.append((len(joined), fence.block))
        joined += fence.block.text + "\n\n"
    name = f"{path}.py"
    found = edit_snippets({name: joined}, operations, wanted, purposes=purposes)
    edits: list[Edit] = []
    for edit in found.get(name, ()):
        start, block = next(item for item in reversed(starts) if item[0] <= edit.span.start)
        limit = len(block.text)
        span = Span(min(edit.span.start - start, limit), min(edit.span.end - start, limit))
        edits.append(replace(edit, span=span.shifted(block.content.start)))
    return edits
