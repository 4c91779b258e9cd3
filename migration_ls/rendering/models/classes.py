"""New classes: tables and enums, in a file that is there or in one of their own."""

from dataclasses import dataclass, replace

from migration_ls.rendering.models.arguments import constraint_code, index_code
from migration_ls.rendering.models.declared import Style
from migration_ls.rendering.models.fields import Extras, Writer
from migration_ls.rendering.models.files import Files, OpenFile
from migration_ls.rendering.models.layout import CallText, Code
from migration_ls.rendering.models.modules import read_module
from migration_ls.rendering.models.names import Names
from migration_ls.rendering.models.places import ClassPlace, Module, above
from migration_ls.rendering.models.style import Project, style_of, writer_of
from migration_ls.rendering.models.types import UnsayableTypeError
from migration_ls.rendering.models.words import class_name, snake
from migration_ls.schema.schema import Enum
from migration_ls.schema.tables import Check, Constraint, ForeignKey, Table, Unique
from migration_ls.text.edits import apply_edits, insert

__all__ = ["ClassMaker"]


@dataclass(slots=True, kw_only=True)
class ClassMaker:
    """Writes new classes; `new_files` are whole files by path."""

    files: Files
    project: Project
    new_files: dict[str, str]

    def add_enum(self, enum: Enum, near: OpenFile) -> None:
        """A class for a new enum type, before the first table of a file."""
        name = class_name(enum.name.name)
        module, newline = near.module, near.layout.newline
        if enum.name in self.project.enums or module.class_named(name):
            return
        members = [(_member(value), value) for value in enum.values]
        base = near.names.bound("enum", "Enum") or near.names.use("enum", "Enum")
        step = near.layout.step
        lines = [f"class {name}(str, {base}):"]
        lines += [f"{step}{member} = {near.layout.string(value)}" for member, value in members]
        starts = [item.lines.start for item in module.classes if item.is_table or self._makes_table(near, item)]
        starts += [module.line_span(item.span).start for item in module.tables]
        text = newline.join(lines) + newline
        if starts:
            near.edits.append(insert(min(starts), text + newline + newline))
        else:
            near.edits.append(insert(len(module.text), newline + newline + text))
        self.project.enums[enum.name] = name
        self.project.members.update({f"{name}.{value}": f"{name}.{member}" for member, value in members})

    def _makes_table(self, file: OpenFile, place: ClassPlace) -> bool:
        return any(
            table.origin is not None
            and table.origin.path == file.path
            and place.name_span.contains(table.origin.span.start)
            for table in self.files.reading.tables.values()
        )

    def add_table(self, table: Table, before: tuple[OpenFile, ClassPlace] | None = None) -> None:
        """A class for a new table; `before` is one that uses it, and so has to come after it."""
        file = self._home(table)
        if file is None:
            self.files.refuse("", f"there is no file with models for the class of `{table.name}`")
            return
        try:
            if self._one_each(file):
                self._own_file(table, file)
                return
            text = self._class(table, file.module, file.names, file)
        except UnsayableTypeError as error:
            self.files.refuse(file.path, f"`{table.name}`: {error}")
            return
        newline = file.layout.newline
        if before is not None and before[0] is file:
            place = above(file.module.text, before[1].lines.start)
            file.edits.append(insert(place, f"{text}{newline}{newline}"))
            return
        last = [item for item in file.module.classes if item.is_table or self._makes_table(file, item)]
        place = last[-1].lines.end if last else len(file.module.text)
        ended = "" if place == 0 or file.module.text[place - 1] in "\r\n" else newline
        file.edits.append(insert(place, f"{ended}{newline}{newline}{text}"))

    def _home(self, table: Table) -> OpenFile | None:
        """The file for a new class: that of a table it refers to, else that with most tables."""
        for key in table.foreign_keys:
            target = self.files.reading.tables.get(key.ref_table)
            if target is not None and target is not table and (found := self.files.class_of(target)):
                return found[0]
        counts: dict[str, int] = {}
        for item in self.files.reading.tables.values():
            if item.origin is not None:
                near = item.name.namespace == table.name.namespace
                counts[item.origin.path] = counts.get(item.origin.path, 0) + (1000 if near else 1)
        paths = sorted(counts, key=lambda path: (-counts[path], path)) or sorted(self.files.texts)
        return next((file for path in paths if (file := self.files.open(path))), None)

    def _one_each(self, file: OpenFile) -> bool:
        """Whether the package keeps one table per file."""
        folder = file.path.rpartition("/")[0]
        paths = [item.origin.path for item in self.files.reading.tables.values() if item.origin]
        here = [path for path in paths if path.rpartition("/")[0] == folder and not path.endswith("/__init__.py")]
        return len(here) > 1 and len(set(here)) == len(here)

    def _own_file(self, table: Table, like: OpenFile) -> None:
        """A new module beside the others, and its line in the package's `__init__`."""
        folder = like.path.rpartition("/")[0]
        name = class_name(table.name.name)
        stem = snake(name)
        empty = read_module("")
        names = Names(empty, like.layout.width)
        text = self._class(table, empty, names, like)
        newline = like.layout.newline
        head = apply_edits("", names.import_edits()).replace("\n", newline)
        model = self._declared(like)
        if model is not None:
            head += _import_of(model.bases[0], like) + newline
        path = f"{folder}/{stem}.py" if folder else f"{stem}.py"
        self.new_files[path] = _grouped(head, newline) + newline + newline + text
        package = f"{folder}/__init__.py" if folder else "__init__.py"
        init = self.files.open(package)
        if init is not None and init.module.imports:
            _export(init, stem, name)

    def _class(self, table: Table, module: Module, names: Names, like: OpenFile) -> str:
        """The text of the class, its last line ended."""
        name = class_name(table.name.name)
        model = self._declared(like)
        writer = self._writer(table, module, names, like, model)
        base = model.bases[0] if model else writer.typist.names.use("sqlmodel", "SQLModel") + ", table=True"
        newline, step = like.layout.newline, like.layout.step
        extras, items = self._parts(table, writer)
        lines = [f"class {name}({base}):"]
        lines += [f"{step}{line}" for line in _documented(table, like)]
        lines.append(f"{step}__tablename__ = {like.layout.string(table.name.name)}")
        if table.name.namespace != "public":
            schema = (like.layout.string("schema"), like.layout.string(table.name.namespace))
            items.append(CallText("{", (schema,)))
        if items:
            lines.append(self._args(writer, items))
        lines.append("")
        key = table.primary_key.columns if table.primary_key else ()
        for column in table.columns:
            given = replace(
                extras.get(column.name, Extras()),
                primary=column.name in key,
                purpose=self.project.purposes.get((table.name, column.name), ""),
            )
            lines.append(writer.new_field(column, given))
        return newline.join(lines) + newline

    def _declared(self, like: OpenFile) -> ClassPlace | None:
        """A table's class of plain SQLAlchemy, whose one base new classes get too; None where SQLModel makes them."""
        if any(item.is_table for item in like.module.classes):
            return None
        opened = [file for path in self.files.texts if (file := self.files.open(path)) is not None]
        tables = {item.name for file in opened for item in file.module.classes if self._makes_table(file, item)}
        fitting = [
            item
            for item in like.module.classes
            if len(item.bases) == 1 and item.bases[0] not in tables and item.name in tables
        ]
        return next((item for item in fitting if style_of(like.module, item) not in {None, Style.DATACLASS}), None)

    def _writer(self, table: Table, module: Module, names: Names, like: OpenFile, model: ClassPlace | None) -> Writer:
        taken = frozenset(column.name for column in table.columns)
        style = writer_of(replace(like, names=Names(like.module, like.layout.width)), model, self.project)
        typist = replace(style.typist, names=names.within(taken))
        if module is not like.module:
            typist = replace(typist, now_factory=None)
        return replace(style, typist=typist, indent=like.layout.step)

    def _args(self, writer: Writer, items: list[Code]) -> str:
        head = f"{writer.indent}__table_args__ = "
        if len(items) == 1 and isinstance(items[0], CallText) and items[0].function == "{":
            return head + writer.layout.render(items[0], writer.indent, len(head))
        code = CallText("", tuple((None, item) for item in items))
        if len(items) == 1:
            return head + writer.layout.render(code, writer.indent, len(head))
        return head + writer.layout.exploded(code, writer.indent)

    def _parts(self, table: Table, writer: Writer) -> tuple[dict[str, Extras], list[Code]]:
        """What stands at the fields, and what in the table's arguments."""
        extras: dict[str, Extras] = {}
        items: list[Code] = []
        constraints: tuple[Constraint, ...] = (*table.uniques, *table.checks, *table.foreign_keys, *table.exclusions)
        for constraint in constraints:
            match constraint:
                case ForeignKey(columns=(column,)) if len(constraint.ref_columns) < 2:
                    key = constraint if constraint.ref_columns else replace(constraint, ref_columns=("id",))
                    extras[column] = replace(extras.get(column, Extras()), key=key)
                    continue
                case Unique(columns=(column,)) if constraint.name in {
                    None,
                    self.project.conventions.unique(table.name, (column,)),
                }:
                    extras[column] = replace(extras.get(column, Extras()), unique=True)
                    continue
                case Check(expression=expression) if expression.allowed_values and len(expression.columns) == 1:
                    column = next(iter(expression.columns))
                    extras[column] = replace(extras.get(column, Extras()), values=expression.allowed_values)
                case _:
                    pass
            items.append(constraint_code(writer.typist, constraint, table.name, self.project.conventions))
        primary, usual = table.primary_key, {None, f"{table.name.name}_pkey"}
        if primary is not None and primary.name not in usual and "pk" not in self.project.conventions.patterns:
            items.append(constraint_code(writer.typist, primary, table.name, self.project.conventions))
        for index in table.indexes:
            column = index.parts[0].text if len(index.parts) == 1 else ""
            simple = column and index_is_plain(index.using, index.where, index.unique) and str(index.parts[0]) == column
            if (
                simple
                and index.name == self.project.conventions.index(table.name, (column,))
                and not index.parts[0].is_expression
            ):
                extras[column] = replace(extras.get(column, Extras()), index=True)
            else:
                items.append(index_code(writer.typist, index))
        return extras, items


def index_is_plain(using: str, where: object, unique: bool) -> bool:  # noqa: FBT001
    """Whether an index is an ordinary one of all rows."""
    return using == "btree" and where is None and not unique


def _documented(table: Table, like: OpenFile) -> list[str]:
    """A docstring, where the file's table classes have them and there is something to say."""
    habit = any(item.docstring for item in like.module.classes if item.is_table)
    if not habit or not table.comment:
        return []
    return [f'"""{table.comment}"""', ""]


def _is_keyword(word: str) -> bool:
    import keyword

    return keyword.iskeyword(word) or word in {"name", "value", "mro"}


def _member(value: str) -> str:
    """The label itself where it is a name that a member may have."""
    import re

    name = re.sub(r"\W+", "_", value).strip("_") or "empty"
    name = f"value_{name}" if name[:1].isdigit() else name
    return f"{name}_" if _is_keyword(name) else name


def _export(init: OpenFile, stem: str, name: str) -> None:
    """The new class in a package's `__init__`, as the others stand there."""
    newline = init.layout.newline
    last = init.module.imports[-1]
    source = f"{last.module.rpartition('.')[0]}.{stem}" if last.level == 0 else f"{'.' * last.level}{stem}"
    init.edits.append(insert(last.lines.end, f"from {source} import {name}{newline}"))
    exported = init.module.exported
    if exported is not None:
        from migration_ls.rendering.models.listings import Items, edit_listing

        items = Items(change={}, add=[(None, init.layout.string(name))])
        init.edits += edit_listing(init.module, init.layout, exported, items)


def _import_of(base: str, like: OpenFile) -> str:
    """The line that imports the base of new classes into a module beside another one."""
    for item in like.module.imports:
        if any(here == base for _, here in item.names):
            return f"from {'.' * item.level}{item.module} import {base}"
    return f"from .{like.path.rpartition('/')[2].removesuffix('.py')} import {base}"


def _grouped(head: str, newline: str) -> str:
    """Import lines in groups: standard library first."""
    import sys

    lines = [line for line in head.split(newline) if line]
    own = [line for line in lines if line.split()[1].split(".")[0] in sys.stdlib_module_names]
    other = [line for line in lines if line not in own]
    groups = [newline.join(sorted(group)) + newline for group in (own, other) if group]
    return newline.join(groups)


def class_place(file: OpenFile, name: str) -> ClassPlace | None:
    """A class of a file by name."""
    return file.module.class_named(name)
