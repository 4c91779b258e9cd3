"""New labels of enum types that a class or a call defines."""

from migration_ls.operations.add_enum_value import AddEnumValue
from migration_ls.rendering.models.files import Files, OpenFile
from migration_ls.rendering.models.places import ClassPlace, FieldPlace
from migration_ls.schema.origin import Origin
from migration_ls.schema.schema import Enum, Schema
from migration_ls.text.edits import Edit, insert


def add_label(files: Files, present: Schema, operation: AddEnumValue) -> None:
    """A member for the new label, beside its neighbour, written like the others."""
    enum = present.enums.get(operation.enum)
    if enum is None or operation.value in enum.values or enum.origin is None:
        return
    if (found := files.enum_class(enum)) is None:
        _in_call(files, enum, enum.origin, operation)
        return
    file, place = found
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


def keep_labels(files: Files, present: Schema, wanted: Enum) -> None:
    """Take away the members of the labels that the enum shall not have; the order of the others is nobody's wish."""
    enum = present.enums.get(wanted.name)
    gone = [value for value in enum.values if value not in wanted.values] if enum else []
    if enum is None or not gone:
        return
    if (found := files.enum_class(enum)) is None:
        files.refuse(enum.origin.path if enum.origin else "", f"labels of `{wanted.name}` are taken away by hand")
        return
    file, place = found
    members = [item for item in place.fields if item.value is not None and not item.name.startswith("_")]
    by_name = set(enum.values) <= {item.name for item in members}
    file.edits += [Edit(item.lines, "") for item in members if _label(file, item, by_name=by_name) in gone]


def _in_call(files: Files, enum: Enum, origin: Origin, operation: AddEnumValue) -> None:
    """The new label among the strings of `Enum("a", "b", name="x")`."""
    file = files.open(origin.path)
    if file is None:
        return
    neighbour = operation.neighbour if operation.neighbour in enum.values else enum.values[-1]
    code = file.module.code(origin.span)
    for quote in "\"'":
        at = code.find(f"{quote}{neighbour}{quote}")
        if at < 0:
            continue
        new = file.layout.string(operation.value)
        if operation.side == "before" and neighbour == operation.neighbour:
            file.edits.append(insert(origin.span.start + at, f"{new}, "))
        else:
            file.edits.append(insert(origin.span.start + at + len(neighbour) + 2, f", {new}"))
        return
    files.refuse(origin.path, f"the labels of the enum `{operation.enum}` are not written where it is defined")


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
