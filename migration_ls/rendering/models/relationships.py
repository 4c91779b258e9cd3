"""Relationships on both sides of a foreign key, in projects that use them."""

import re
from dataclasses import dataclass

from migration_ls.rendering.models.declared import DeclaredWriter, Style
from migration_ls.rendering.models.files import Files, OpenFile
from migration_ls.rendering.models.layout import CallText, call
from migration_ls.rendering.models.listings import Items, edit_listing
from migration_ls.rendering.models.places import ClassPlace, FieldPlace, above
from migration_ls.rendering.models.style import Project, columns_of, is_relationship, writer_of
from migration_ls.rendering.models.words import plural, snake
from migration_ls.schema.names import Name
from migration_ls.schema.schema import Schema
from migration_ls.schema.tables import ForeignKey, Table
from migration_ls.text.edits import Edit, insert
from migration_ls.text.span import Span


def relate(files: Files, wanted: Schema, table: Name, key: ForeignKey, project: Project) -> None:
    """Add a relationship to both classes of a new foreign key, where that is the project's habit.

    Where the two tables now refer to each other more than once, the relationships between them, old and new, say
    which column they follow: SQLAlchemy refuses to guess.
    """
    child, parent = files.reading.tables.get(table), files.reading.tables.get(key.ref_table)
    if child is None or parent is None or child is parent:
        return
    here, there = files.class_of(child), files.class_of(parent)
    if here is None or there is None:
        return
    ways = [(child, item) for item in _kept(child, wanted) if item.ref_table == parent.name]
    ways += [(parent, item) for item in _kept(parent, wanted) if item.ref_table == child.name]
    if len(ways) == 1:
        owner = here[1].name if ways[0][0] is child else there[1].name
        _disambiguate(here, there, f"[{owner}.{ways[0][1].columns[0]}]")
    column = wanted.tables[table].column(key.columns[0])
    if column is None or not has_habit(here, there):
        return
    one = _stem(key.columns[0]) or snake(there[1].name)
    many = plural(snake(here[1].name))
    if ways:
        many = f"{one}_{many}"
    if is_taken(here, one) or is_taken(there, many) or (not ways and _linked(here, there)):
        return
    follows = f"[{here[1].name}.{key.columns[0]}]" if ways else None
    nullable = column.nullable is not False
    _add(here, there, _Side(name=one, back=many, follows=follows, many=False, nullable=nullable), project)
    _add(there, here, _Side(name=many, back=one, follows=follows, many=True, nullable=nullable), project)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Side:
    """One side of a new relationship, and what the other side is called."""

    name: str
    back: str
    follows: str | None
    many: bool
    nullable: bool


def _kept(table: Table, wanted: Schema) -> list[ForeignKey]:
    """The foreign keys that the table has and keeps."""
    target = wanted.tables.get(table.name)
    columns = {item.columns for item in target.foreign_keys} if target else set()
    return [item for item in table.foreign_keys if item.columns in columns]


def _disambiguate(here: tuple[OpenFile, ClassPlace], there: tuple[OpenFile, ClassPlace], follows: str) -> None:
    """Let the relationships between two classes say which key they follow."""
    for (file, place), (_, other) in ((here, there), (there, here)):
        for item in _relations(file, place):
            listing = file.module.listing(item.value_node)
            if listing is None or not leads_to(file, item, other.name) or listing.argument("link_model"):
                continue
            argument = listing.argument("sa_relationship_kwargs")
            options = file.module.listing(argument.node) if argument else None
            value = file.layout.string(follows)
            if argument is None:
                entry = CallText("{", ((file.layout.string("foreign_keys"), value),))
                items = Items(change={"sa_relationship_kwargs": entry})
                file.edits += edit_listing(file.module, file.layout, listing, items)
            elif options is not None and not any(options.argument(name) for name in ("foreign_keys", "primaryjoin")):
                items = Items(change={"foreign_keys": value}, dict_keys=not options.function)
                file.edits += edit_listing(file.module, file.layout, options, items)


def leads_to(file: OpenFile, item: FieldPlace, target: str) -> bool:
    """Whether a relationship's annotation or call names the class."""
    listing = file.module.listing(item.value_node)
    spans = [item.annotation] if item.annotation is not None else []
    spans += [part.span for part in listing.positional[:1]] if listing is not None else []
    return any(target in re.findall(r"\w+", file.module.code(span)) for span in spans)


def has_habit(*classes: tuple[OpenFile, ClassPlace]) -> bool:
    """Whether the files of these classes use relationships."""
    fields = ((file.module, item) for file, _ in classes for place in file.module.classes for item in place.fields)
    return any(is_relationship(module, item) for module, item in fields)


def _relations(file: OpenFile, place: ClassPlace) -> list[FieldPlace]:
    """The relationships of a class that stay."""
    return [item for item in place.fields if is_relationship(file.module, item) and not _goes(file, item)]


def _goes(file: OpenFile, item: FieldPlace) -> bool:
    return any(edit.span.covers(item.span) and edit.span.end > edit.span.start for edit in file.edits)


def is_taken(side: tuple[OpenFile, ClassPlace], name: str) -> bool:
    """Whether the class keeps a field of that name."""
    found = side[1].field(name)
    return found is not None and not _goes(side[0], found)


def _linked(here: tuple[OpenFile, ClassPlace], there: tuple[OpenFile, ClassPlace]) -> bool:
    """Whether a relationship between the two classes is there already."""
    return any(
        leads_to(file, item, other.name)
        for (file, place), (_, other) in ((here, there), (there, here))
        for item in _relations(file, place)
    )


def _stem(column: str) -> str | None:
    """`project` of `project_id`."""
    for ending in ("_id", "_uuid", "_code", "Id"):
        if column.endswith(ending) and len(column) > len(ending):
            return column[: -len(ending)]
    return None


def _add(side: tuple[OpenFile, ClassPlace], other: tuple[OpenFile, ClassPlace], link: _Side, project: Project) -> None:
    file, place = side
    layout = file.layout
    writer = writer_of(file, place, project)
    names = writer.typist.names
    target = f"{layout.quote}{other[1].name}{layout.quote}"
    if link.many:
        generic = "list" if writer.typist.lower_generics else names.use("typing", "List")
        annotation = f"{generic}[{target}]"
    elif not link.nullable and not _optional_habit(file):
        annotation = target
    else:
        # a union with a quoted name cannot be evaluated, Optional can
        annotation = f"{names.use('typing', 'Optional')}[{target}]"
    if isinstance(writer, DeclaredWriter):
        relation = call(
            names.use("sqlalchemy.orm", "relationship"),
            *([target] if writer.style is Style.COLUMN else []),
            back_populates=layout.string(link.back),
            foreign_keys=layout.string(link.follows) if link.follows else None,
            init="False" if writer.style is Style.DATACLASS else None,
        )
        mapped = "" if writer.style is Style.COLUMN else f": {names.use('sqlalchemy.orm', 'Mapped')}[{annotation}]"
        head = f"{place.indent}{link.name}{mapped} = "
    else:
        options = None
        if link.follows:
            options = CallText("{", ((layout.string("foreign_keys"), layout.string(link.follows)),))
        relation = call(
            names.use("sqlmodel", "Relationship"),
            back_populates=layout.string(link.back),
            sa_relationship_kwargs=options,
        )
        head = f"{place.indent}{link.name}: {annotation} = "
    line = f"{head}{layout.render(relation, place.indent, len(head))}{layout.newline}"
    file.edits.append(placed(file, place, line))
    if other[0] is not file:
        _import_for_checkers(file, other)


def _optional_habit(file: OpenFile) -> bool:
    """Whether the file says Optional for what a relationship leads to even where the key is required."""
    for place in file.module.classes:
        for item in _relations(file, place):
            if item.annotation and file.module.code(item.annotation).startswith(("Optional[", "typing.Optional[")):
                return True
    return False


def placed(file: OpenFile, place: ClassPlace, line: str) -> Edit:
    """The edit that adds a line for a relationship, after those that stay."""
    present = _relations(file, place)
    if present:
        end = present[-1].lines.end
        return insert(end, _ended(file, end) + line)
    fields = columns_of(file.module, place)
    end = fields[-1].lines.end if fields else place.lines.end
    return insert(end, f"{_ended(file, end)}{file.layout.newline}{line}")


def _ended(file: OpenFile, offset: int) -> str:
    return "" if offset == 0 or file.module.text[offset - 1] in "\r\n" else file.layout.newline


def _import_for_checkers(file: OpenFile, other: tuple[OpenFile, ClassPlace]) -> None:
    """A file that has a block for type checkers imports the class there; at run time the name is enough."""
    module = file.module
    if any(other[1].name in (here for _, here in item.names) for item in (*module.imports, *module.type_checking)):
        return
    if module.type_checking_body is None:
        return
    path = _relative(file.path, other[0].path)
    lines = module.line_span(module.type_checking_body)
    indent = module.text[lines.start : module.type_checking_body.start]
    style = next((item for item in module.type_checking if item.level == 0 and "." in item.module), None)
    source = f"{style.module.rsplit('.', 1)[0]}.{path.rsplit('.', 1)[-1]}" if style else path
    file.edits.append(insert(lines.end, f"{indent}from {source} import {other[1].name}{file.layout.newline}"))


def _relative(path: str, other: str) -> str:
    """The relative import of a neighbouring module."""
    stem = other.rsplit("/", 1)[-1].removesuffix(".py")
    same = path.rsplit("/", 1)[0] == other.rsplit("/", 1)[0]
    return f".{stem}" if same else stem


def dropped_relationships(files: Files, present: Table, columns: tuple[str, ...]) -> None:
    """Take away the relationships that rest on a foreign key of these columns, which goes."""
    keys = [key for key in present.foreign_keys if key.columns == columns]
    for key in keys:
        others = [item for item in present.foreign_keys if item.ref_table == key.ref_table and item is not key]
        parent = files.reading.tables.get(key.ref_table)
        here = files.class_of(present)
        there = files.class_of(parent) if parent else None
        if others or here is None or there is None:
            continue
        _take_away(here, there[1].name)
        if there[1] is not here[1]:
            _take_away(there, here[1].name)


def _take_away(side: tuple[OpenFile, ClassPlace], target: str) -> None:
    file, place = side
    for item in _relations(file, place):
        if leads_to(file, item, target) and item.alone and "link_model" not in file.module.code(item.span):
            file.edits.append(_removal(file, item))


def _removal(file: OpenFile, item: FieldPlace) -> Edit:
    """The edit that takes a relationship away; where it ends a block, with the comment and blank line above it."""
    text, start, end = file.module.text, item.lines.start, item.lines.end
    following = re.match(r"[ \t]*(?:\r\n|\n|\r|\Z)|(?![ \t])", text[end:])
    if following is None:
        return Edit(item.lines, "")
    start = above(text, start)
    if match := re.search(r"(?<=[\r\n])[ \t]*(?:\r\n|\n|\r)\Z", text[:start]):
        start = match.start()
    return Edit(Span(start, end), "")
