"""Taking away the class of a table that goes."""

import re

from migration_ls.rendering.models.files import Files, OpenFile
from migration_ls.rendering.models.listings import Items, edit_listing
from migration_ls.rendering.models.places import ClassPlace
from migration_ls.rendering.models.style import is_relationship
from migration_ls.schema.tables import Table
from migration_ls.text.edits import Edit
from migration_ls.text.span import Span


def remove_class(files: Files, table: Table) -> None:
    """Take away the class, the relationships that lead to it, and its imports; refused where other code uses it."""
    found = files.class_of(table)
    if found is None:
        path = table.origin.path if table.origin else ""
        files.refuse(path, f"`{table.name}` is not defined by a class, so what defines it is left as it is")
        return
    file, place = found
    edits: list[tuple[OpenFile, Edit]] = [(file, _whole(file, place))]
    for path in files.texts:
        other = files.open(path)
        if other is None:
            files.refuse(file.path, f"whether `{path}` uses `{place.name}` cannot be told, so the class stays")
            return
        edits += _traces(other, place)
    for path in files.texts:
        other = files.open(path)
        if other is not None and (line := _used(other, place.name, [edit for at, edit in edits if at is other])):
            files.refuse(file.path, f"`{place.name}` is used in line {line} of `{path}` as well, so the class stays")
            return
    for at, edit in edits:
        at.edits.append(edit)


def _whole(file: OpenFile, place: ClassPlace) -> Edit:
    """The class with the blank lines before it."""
    text, start = file.module.text, place.lines.start
    while start and text[:start].endswith(("\n\n", "\n\r\n", "\r\r")):
        start -= 2 if text[:start].endswith("\r\n") else 1
    end = place.lines.end
    if start == 0 or end >= len(text):
        return Edit(Span(start, end), "")
    return Edit(Span(start, end), "")


def _traces(file: OpenFile, place: ClassPlace) -> list[tuple[OpenFile, Edit]]:
    """Relationships to the class, and imports of it."""
    module = file.module
    found: list[tuple[OpenFile, Edit]] = []
    for other in module.classes:
        if other.lines == place.lines:
            continue
        leading = [item for item in other.fields if is_relationship(module, item) and item.alone]
        names = re.compile(rf"\b{re.escape(place.name)}\b")
        gone = [item for item in leading if names.search(module.code(item.span))]
        # A class that would be empty keeps the field, and with it the use that refuses the edit.
        if len(gone) < len(other.fields):
            found += [(file, Edit(item.lines, "")) for item in gone]
    for statement in (*module.imports, *module.type_checking):
        numbers = [number for number, (name, _) in enumerate(statement.names) if name == place.name]
        if not numbers or statement.listing is None:
            continue
        if len(numbers) == len(statement.names):
            if statement not in module.type_checking or len(module.type_checking) > 1:
                found.append((file, Edit(statement.lines, "")))
        else:
            items = Items(change={}, drop=frozenset(numbers))
            found += [(file, edit) for edit in edit_listing(module, file.layout, statement.listing, items)]
    if module.exported is not None:
        strings = [module.code(item.span)[1:-1] for item in module.exported.arguments]
        drop = frozenset(number for number, name in enumerate(strings) if name == place.name)
        items = Items(change={}, drop=drop)
        found += [(file, edit) for edit in edit_listing(module, file.layout, module.exported, items)] if drop else []
    return found


def _used(file: OpenFile, name: str, edits: list[Edit]) -> int | None:
    """The line, from 1, of a use that the edits leave; comments count too, since nobody knows."""
    text = file.module.text
    for match in re.finditer(rf"\b{re.escape(name)}\b", text):
        inside = any(edit.span.start <= match.start() and match.end() <= edit.span.end for edit in edits)
        again = any(edit.span.covers(Span(match.start(), match.end())) and name in edit.new.split() for edit in edits)
        comment = "#" in text[file.module.line_span(Span(match.start(), match.start())).start : match.start()]
        if (not inside or again) and not comment:
            return text.count("\n", 0, match.start()) + 1
    return None
