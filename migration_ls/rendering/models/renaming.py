"""Calling a table otherwise: the name of its class's table, and what refers to it by name."""

import re

from migration_ls.rendering.models.arguments import index_code, top_of_body
from migration_ls.rendering.models.conventions import Conventions
from migration_ls.rendering.models.dropping import own_field, without_keywords
from migration_ls.rendering.models.files import Files
from migration_ls.rendering.models.layout import Code
from migration_ls.rendering.models.style import Project, writer_of
from migration_ls.schema.names import Name
from migration_ls.schema.tables import Table
from migration_ls.text.edits import Edit, insert

_STRING = re.compile(r"""(?P<quote>["'])(?P<text>[^"'\n\\]*)(?P=quote)""")


def rename_table(files: Files, table: Table, to: Name, project: Project) -> list[Code] | None:
    """Let the class say the new name, and foreign keys follow it; None when the class cannot be edited.

    Gives the indexes that the class has to list from now on: PostgreSQL keeps their names, which `index=True` would
    make anew.
    """
    found = files.class_of(table)
    if found is None or to.namespace != table.name.namespace:
        return None
    file, place = found
    text = file.layout.string(to.name)
    field = place.field("__tablename__")
    if field is not None and field.value is not None:
        file.edits.append(Edit(field.value, text))
    else:
        line = f"{place.indent}__tablename__ = {text}{file.layout.newline}"
        end = "" if place.is_empty else file.layout.newline
        file.edits.append(insert(top_of_body(file.module, place), line + end))
    follow(files, table.name, to)
    writer = writer_of(file, place, project)
    kept: list[Code] = []
    for index in table.indexes:
        if len(index.columns) != 1 or index.name != _convention(project.conventions, table.name, index.columns[0]):
            continue
        column = index.columns[0]
        without_keywords(own_field(files, table, column), {"index"} | ({"unique"} if index.unique else set()))
        kept.append(index_code(writer.typist, index))
    return kept


def _convention(conventions: Conventions, table: Name, column: str) -> str:
    return conventions.index(table, (column,))


def follow(files: Files, old: Name, new: Name) -> None:
    """Let strings such as `"users.id"` in fields and table arguments say the new name of a table."""
    for path in files.texts:
        _follow(files, path, old, new)


def _follow(files: Files, path: str, old: Name, new: Name) -> None:
    file = files.open(path)
    if file is None:
        return
    spans = [item.value for place in file.module.classes for item in place.fields if item.value is not None]
    spans += [listing.span for listing in file.module.tables]
    for span in spans:
        for match in _STRING.finditer(file.module.text, span.start, span.end):
            before, dot, column = match["text"].rpartition(".")
            if dot and before == str(old) and column.isidentifier():
                start = match.start("text")
                file.edits.append(Edit(span.__class__(start, start + len(before)), str(new)))
