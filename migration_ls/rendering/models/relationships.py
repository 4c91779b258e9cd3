"""Relationships on both sides of a foreign key, in projects that use them."""

from migration_ls.rendering.models.files import Files, OpenFile
from migration_ls.rendering.models.layout import Layout, call, one_line
from migration_ls.rendering.models.names import Names
from migration_ls.rendering.models.places import ClassPlace, FieldPlace, Module
from migration_ls.rendering.models.style import columns_of, is_relationship, writer_of
from migration_ls.rendering.models.words import plural, snake
from migration_ls.schema.names import Name
from migration_ls.schema.schema import Schema
from migration_ls.schema.tables import Column, ForeignKey, Table
from migration_ls.text.edits import Edit, insert


def relate(files: Files, wanted: Schema, table: Name, key: ForeignKey) -> None:
    """Add a relationship to both classes of a new foreign key, where that is the project's habit and unambiguous."""
    child, parent = files.reading.tables.get(table), files.reading.tables.get(key.ref_table)
    if child is None or parent is None or child is parent or not _unambiguous(wanted, table, key.ref_table):
        return
    here, there = files.class_of(child), files.class_of(parent)
    if here is None or there is None or not _habit(here, there):
        return
    column = wanted.tables[table].column(key.columns[0])
    if column is None:
        return
    one = _stem(key.columns[0]) or snake(there[1].name)
    many = plural(snake(here[1].name))
    if _taken(here, one) or _taken(there, many) or _linked(here, there):
        return
    _add(files, here, there, _ToOne(one, many, column), many=False)
    _add(files, there, here, _ToOne(many, one, column), many=True)


class _ToOne:
    """One side: what it is called, and what the other side is."""

    def __init__(self, name: str, back: str, column: Column) -> None:
        self.name = name
        self.back = back
        self.nullable = column.nullable is not False


def _unambiguous(wanted: Schema, one: Name, other: Name) -> bool:
    keys = [key for key in wanted.tables[one].foreign_keys if key.ref_table == other]
    back = [key for key in wanted.tables[other].foreign_keys if key.ref_table == one] if other in wanted.tables else []
    return len(keys) == 1 and not back


def _habit(*classes: tuple[OpenFile, ClassPlace]) -> bool:
    return any(_relations(file.module, item) for file, _ in classes for item in file.module.classes)


def _relations(module: Module, place: ClassPlace) -> list[FieldPlace]:
    return [item for item in place.fields if is_relationship(module, item)]


def _taken(side: tuple[OpenFile, ClassPlace], name: str) -> bool:
    return side[1].field(name) is not None


def _linked(here: tuple[OpenFile, ClassPlace], there: tuple[OpenFile, ClassPlace]) -> bool:
    """Whether a relationship between the two classes is there already."""
    for (file, place), (_, other) in ((here, there), (there, here)):
        for item in _relations(file.module, place):
            if item.annotation and other.name in file.module.code(item.annotation).replace('"', " ").split("[")[-1]:
                return True
    return False


def _stem(column: str) -> str | None:
    """`project` of `project_id`."""
    for ending in ("_id", "_uuid", "_code", "Id"):
        if column.endswith(ending) and len(column) > len(ending):
            return column[: -len(ending)]
    return None


def _add(
    files: Files,  # noqa: ARG001
    side: tuple[OpenFile, ClassPlace],
    other: tuple[OpenFile, ClassPlace],
    link: _ToOne,
    *,
    many: bool,
) -> None:
    file, place = side
    layout: Layout = file.layout
    writer = writer_of(file.module, file.names, layout, place, None, {})
    names = writer.typist.names
    target = f'"{other[1].name}"' if layout.quote == '"' else f"'{other[1].name}'"
    if many:
        generic = "list" if writer.typist.lower_generics else names.use("typing", "List")
        annotation = f"{generic}[{target}]"
    elif not link.nullable and not _optional_habit(file.module):
        annotation = target
    else:
        # a union with a quoted name cannot be evaluated, so it is quoted as a whole or spelled Optional
        annotation = f"{names.use('typing', 'Optional')}[{target}]"
    relation = call(names.use("sqlmodel", "Relationship"), back_populates=layout.string(link.back))
    line = f"{place.indent}{link.name}: {annotation} = {one_line(relation)}{layout.newline}"
    file.edits.append(_placed(file, place, line))
    if other[0] is not file:
        _import_for_checkers(file, names, other)


def _optional_habit(module: Module) -> bool:
    """Whether the file says Optional for what a relationship leads to even where the key is required."""
    for place in module.classes:
        for item in _relations(module, place):
            if item.annotation and module.code(item.annotation).startswith(("Optional[", "typing.Optional[")):
                return True
    return False


def _placed(file: OpenFile, place: ClassPlace, line: str) -> Edit:
    present = _relations(file.module, place)
    if present:
        end = present[-1].lines.end
        return insert(end, _ended(file, end) + line)
    fields = columns_of(file.module, place)
    end = fields[-1].lines.end if fields else place.lines.end
    return insert(end, f"{_ended(file, end)}{file.layout.newline}{line}")


def _ended(file: OpenFile, offset: int) -> str:
    return "" if offset == 0 or file.module.text[offset - 1] in "\r\n" else file.layout.newline


def _import_for_checkers(file: OpenFile, names: Names, other: tuple[OpenFile, ClassPlace]) -> None:
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
    _ = names


def _relative(path: str, other: str) -> str:
    """The relative import of a neighbouring module."""
    stem = other.rsplit("/", 1)[-1].removesuffix(".py")
    same = path.rsplit("/", 1)[0] == other.rsplit("/", 1)[0]
    return f".{stem}" if same else stem


def dropped_relationships(files: Files, present: Table, column: str) -> None:
    """Take away the relationships that rest on a foreign key whose column goes."""
    keys = [key for key in present.foreign_keys if key.columns == (column,)]
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
    import re

    file, place = side
    for item in _relations(file.module, place):
        names = re.findall(r"\w+", file.module.code(item.annotation)) if item.annotation else []
        if target in names and item.alone and "link_model" not in file.module.code(item.span):
            file.edits.append(Edit(item.lines, ""))
