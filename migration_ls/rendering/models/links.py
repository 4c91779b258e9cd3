"""Relationships over a new table of links, in the place of those over the foreign key that it replaces."""

import re
from dataclasses import dataclass

from migration_ls.rendering.models.declared import DeclaredWriter, Style
from migration_ls.rendering.models.files import Files, OpenFile
from migration_ls.rendering.models.layout import CallText, Code, call
from migration_ls.rendering.models.places import ClassPlace, FieldPlace
from migration_ls.rendering.models.relationships import has_habit, is_taken, leads_to, placed
from migration_ls.rendering.models.style import Project, is_relationship, writer_of
from migration_ls.rendering.models.words import class_name, plural, snake
from migration_ls.schema.tables import Table
from migration_ls.text.edits import Edit

_SEVERAL = re.compile(r"\b(?:list|set|sequence|collection|instrumentedlist)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkSide:
    """One of the two classes that a table links, and its relationship to the other that goes, if it had one."""

    file: OpenFile
    place: ClassPlace
    former: FieldPlace | None = None


def linked(files: Files, table: Table) -> tuple[LinkSide, LinkSide] | None:
    """The classes whose rows a new table links, in projects that use relationships; None for any other table.

    A table of links has two references to different tables and nothing else, and both together are its key.
    """
    keys = table.foreign_keys
    columns = [column for key in keys for column in key.columns]
    primary = table.primary_key.columns if table.primary_key else ()
    if len(keys) != 2 or set(columns) != set(primary) or len(table.columns) != len(columns):
        return None
    tables = [files.reading.tables.get(key.ref_table) for key in keys]
    classes = [files.class_of(item) for item in tables if item is not None]
    one, other = classes if len(classes) == 2 else (None, None)
    if one is None or other is None or one[1] is other[1] or not has_habit(one, other):
        return None
    return _side(one, other), _side(other, one)


def _side(here: tuple[OpenFile, ClassPlace], there: tuple[OpenFile, ClassPlace]) -> LinkSide:
    file, place = here
    gone = {edit.span for edit in file.edits if not edit.new}
    former = next(
        (
            item
            for item in place.fields
            if is_relationship(file.module, item)
            and leads_to(file, item, there[1].name)
            and any(span.covers(item.lines) for span in gone)
        ),
        None,
    )
    return LinkSide(file=file, place=place, former=former)


def first_use(sides: tuple[LinkSide, LinkSide]) -> tuple[OpenFile, ClassPlace] | None:
    """The class that the link's class has to stand before, where both are in one file."""
    one, other = sides
    if one.file is not other.file:
        return None
    return one.file, min(one.place, other.place, key=lambda place: place.lines.start)


def relate_links(sides: tuple[LinkSide, LinkSide], table: Table, project: Project) -> None:
    """Add a relationship over the link to both classes, each in the place of the former one."""
    names = [_name(one, other) for one, other in (sides, sides[::-1])]
    if any(
        is_taken((side.file, side.place), name) and (side.former is None or side.former.name != name)
        for side, name in zip(sides, names, strict=True)
    ):
        return
    for side, other, name, back in zip(sides, sides[::-1], names, names[::-1], strict=True):
        line = _line(side, other, name, back, table, project)
        if side.former is None:
            side.file.edits.append(placed(side.file, side.place, line))
            continue
        lines = side.former.lines
        side.file.edits[:] = [edit for edit in side.file.edits if not (edit.new == "" and edit.span.covers(lines))]
        side.file.edits.append(Edit(lines, line))


def _name(side: LinkSide, other: LinkSide) -> str:
    """What the relationship was called, in the plural; one that led to several has a name for them already."""
    former = side.former
    if (
        former is not None
        and former.annotation is not None
        and _SEVERAL.search(side.file.module.code(former.annotation))
    ):
        return former.name
    return plural(former.name if former else snake(other.place.name))


def _line(side: LinkSide, other: LinkSide, name: str, back: str, table: Table, project: Project) -> str:
    file, place, layout = side.file, side.place, side.file.layout
    writer = writer_of(file, place, project)
    names = writer.typist.names
    target = f"{layout.quote}{other.place.name}{layout.quote}"
    generic = "list" if writer.typist.lower_generics else names.use("typing", "List")
    annotation = f"{generic}[{target}]"
    secondary = table.name.name if table.name.namespace == "public" else str(table.name)
    if isinstance(writer, DeclaredWriter):
        relation = call(
            names.use("sqlalchemy.orm", "relationship"),
            *([target] if writer.style is Style.COLUMN else []),
            secondary=layout.string(secondary),
            back_populates=layout.string(back),
            init="False" if writer.style is Style.DATACLASS else None,
        )
        mapped = "" if writer.style is Style.COLUMN else f": {names.use('sqlalchemy.orm', 'Mapped')}[{annotation}]"
        head = f"{place.indent}{name}{mapped} = "
    else:
        options: Code | None = None
        if first_use((side, other)) is None:
            # the class of the link is in another module, which may be read later; its table's name is enough
            options = CallText("{", ((layout.string("secondary"), layout.string(secondary)),))
        relation = call(
            names.use("sqlmodel", "Relationship"),
            back_populates=layout.string(back),
            link_model=class_name(table.name.name) if options is None else None,
            sa_relationship_kwargs=options,
        )
        head = f"{place.indent}{name}: {annotation} = "
    return f"{head}{layout.render(relation, place.indent, len(head))}{layout.newline}"
