"""Files under edit: what they hold, what they are called, and the edits collected so far."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from migration_ls.rendering.models.layout import Layout, layout_of
from migration_ls.rendering.models.modules import read_module
from migration_ls.rendering.models.names import Names
from migration_ls.rendering.models.places import ClassPlace, Listing, Module, UnreadableModuleError
from migration_ls.schema.names import Name
from migration_ls.schema.schema import Enum, Schema
from migration_ls.schema.tables import Table
from migration_ls.text.edits import Edit


@dataclass(frozen=True, slots=True, kw_only=True)
class EditRefused:
    """A change of a file that was not made, and why: one sentence without a full stop."""

    path: str
    reason: str


@dataclass(slots=True, kw_only=True)
class OpenFile:
    """One file under edit."""

    path: str
    module: Module
    layout: Layout
    names: Names
    edits: list[Edit] = field(default_factory=list)

    def all_edits(self, imports: list[Edit]) -> tuple[Edit, ...]:
        """The collected edits with those of the imports, in the order of the text, without idle ones."""
        found = [*self.edits, *imports]
        return tuple(edit for edit in sorted(found, key=_place) if edit.span.of(self.module.text) != edit.new)


def _place(edit: Edit) -> tuple[int, int]:
    return edit.span.start, edit.span.end


@dataclass(slots=True, kw_only=True)
class Files:
    """All files, opened when they are needed."""

    texts: Mapping[str, str]
    reading: Schema
    opened: dict[str, OpenFile | None] = field(default_factory=dict)
    refused: dict[EditRefused, None] = field(default_factory=dict)
    imports: bool = True
    """Whether missing imports are added; excerpts in documents have none."""

    def refuse(self, path: str, reason: str) -> None:
        """Note that something was not changed."""
        self.refused[EditRefused(path=path, reason=reason)] = None

    def open(self, path: str) -> OpenFile | None:
        """The file; None when it cannot be edited."""
        if path not in self.opened:
            self.opened[path] = self._read(path)
        return self.opened[path]

    def _read(self, path: str) -> OpenFile | None:
        text = self.texts.get(path)
        if text is None:
            return None
        try:
            module = read_module(text)
        except UnreadableModuleError as error:
            self.refuse(path, f"the file cannot be parsed: {error}")
            return None
        step = next((item.indent for item in module.classes if not item.inline), "    ")
        layout = layout_of(text, module.newline, step)
        return OpenFile(path=path, module=module, layout=layout, names=Names(module, layout.width))

    def class_of(self, table: Table) -> tuple[OpenFile, ClassPlace] | None:
        """The class that defines a table, and its file."""
        if table.origin is None:
            return None
        file = self.open(table.origin.path)
        place = file.module.class_at(table.origin.span.start) if file else None
        return (file, place) if file and place else None

    def call_of(self, table: Table) -> tuple[OpenFile, Listing] | None:
        """The call of `Table` that makes a table, and its file."""
        file = self.open(table.origin.path) if table.origin is not None else None
        if file is None or table.origin is None:
            return None
        found = self.class_of(table)
        fixed = found[1].field("__table__") if found is not None else None
        if fixed is not None:
            listing = file.module.listing(fixed.value_node)
            return (file, listing) if listing is not None else None
        for listing in file.module.tables:
            if listing.span.covers(table.origin.span):
                return file, listing
        return None

    def enum_class(self, enum: Enum) -> tuple[OpenFile, ClassPlace] | None:
        """The class whose members are the labels of an enum type, and its file."""
        file = self.open(enum.origin.path) if enum.origin else None
        if file is None or enum.origin is None:
            return None
        start = enum.origin.span.start
        place = next(
            (item for item in file.module.classes if item.lines.contains(start) and start < item.header_end), None
        )
        return (file, place) if place and not place.is_table else None

    def enum_classes(self) -> dict[Name, str]:
        """What the class of each enum type is called, as far as the reading tells."""
        found = {name: self.enum_class(enum) for name, enum in self.reading.enums.items()}
        return {name: place[1].name for name, place in found.items() if place}

    def enum_members(self) -> dict[str, str]:
        """What members of enum classes are called, by class and label: `State.booked` is `State.BOOKED`."""
        members: dict[str, str] = {}
        for enum in self.reading.enums.values():
            if (found := self.enum_class(enum)) is None:
                continue
            file, place = found
            for item in place.fields:
                label = file.module.code(item.value).strip("\"'") if item.value else item.name
                for word in (label, item.name):
                    if word in enum.values:
                        members.setdefault(f"{place.name}.{word}", f"{place.name}.{item.name}")
        return members

    def edits(self) -> dict[str, tuple[Edit, ...]]:
        """All edits by path, files without any left out."""
        found = {
            path: file.all_edits(file.names.import_edits() if self.imports else [])
            for path, file in self.opened.items()
            if file
        }
        return {path: edits for path, edits in sorted(found.items()) if edits}
