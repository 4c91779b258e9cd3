"""New labels of enum types that a class or a call defines."""

from migration_ls.operations.add_enum_value import AddEnumValue
from migration_ls.rendering.models.files import Files, OpenFile
from migration_ls.rendering.models.places import ClassPlace, FieldPlace
from migration_ls.schema.schema import Schema
from migration_ls.text.edits import insert


def add_label(files: Files, present: Schema, operation: AddEnumValue) -> None:
    """A member for the new label, beside its neighbour, written like the others."""
    enum = present.enums.get(operation.enum)
    if enum is None or operation.value in enum.values or enum.origin is None:
        return
    file = files.open(enum.origin.path)
    place = file.module.class_at(enum.origin.span.start) if file else None
    if file is None or place is None:
        files.refuse(enum.origin.path, f"the enum `{operation.enum}` is not defined by a class that can be edited")
        return
    members = [item for item in place.fields if item.value is not None and not item.name.startswith("_")]
    by_name = set(enum.values) <= {item.name for item in members}
    name = _name(operation.value, members, by_name=by_name)
    value = _value(file, members, name if by_name else operation.value, operation.value)
    anchor = next((item for item in members if _label(file, item, by_name=by_name) == operation.neighbour), None)
    line = f"{place.indent}{name} = {value}{file.layout.newline}"
    if anchor is not None and operation.side == "before":
        file.edits.append(insert(anchor.lines.start, line))
        return
    last = anchor or (members[-1] if members else None)
    end = last.lines.end if last else _end(place)
    ended = "" if file.module.text[end - 1] in "\r\n" else file.layout.newline
    file.edits.append(insert(end, ended + line))


def _end(place: ClassPlace) -> int:
    return place.lines.end


def _label(file: OpenFile, item: FieldPlace, *, by_name: bool) -> str:
    if by_name or item.value is None:
        return item.name
    return file.module.code(item.value).strip("\"'")


def _name(value: str, members: list[FieldPlace], *, by_name: bool) -> str:
    if by_name:
        return value
    upper = bool(members) and all(item.name.isupper() for item in members)
    name = "".join(char if char.isalnum() else "_" for char in value)
    name = f"value_{name}" if name[:1].isdigit() else name
    return name.upper() if upper else name


def _value(file: OpenFile, members: list[FieldPlace], name: str, value: str) -> str:
    """The member's value, in the manner of the last one: a number, `auto()`, a string in its case."""
    last = file.module.code(members[-1].value) if members and members[-1].value else ""
    if last.endswith("auto()"):
        return last
    if last.isdigit():
        numbers = [int(code) for item in members if item.value and (code := file.module.code(item.value)).isdigit()]
        return str(max(numbers) + 1)
    lowered = all(item.value and file.module.code(item.value).strip("\"'") == item.name.lower() for item in members)
    return file.layout.string(name.lower() if lowered and name.isupper() else value)
