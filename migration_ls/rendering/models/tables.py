"""Making one table's class say what is wanted."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from migration_ls.operations.naming import named_constraint
from migration_ls.rendering.models.arguments import (
    args_edits,
    constraint_code,
    index_code,
    top_of_body,
)
from migration_ls.rendering.models.changes import TableChanges
from migration_ls.rendering.models.conventions import Conventions
from migration_ls.rendering.models.fields import Extras, Writer, field_name
from migration_ls.rendering.models.files import Files, OpenFile
from migration_ls.rendering.models.layout import Code
from migration_ls.rendering.models.listings import Items, edit_listing
from migration_ls.rendering.models.places import ClassPlace, FieldPlace, Listing
from migration_ls.rendering.models.style import audit_fields, columns_of, is_audit, is_relationship, writer_of
from migration_ls.rendering.models.types import UnsayableTypeError, Version
from migration_ls.schema.names import Name
from migration_ls.schema.tables import Check, Column, Constraint, ForeignKey, Index, Table, Unique
from migration_ls.text.edits import Edit, insert
from migration_ls.text.span import Span


@dataclass(slots=True, kw_only=True)
class TableEditor:
    """Collects the edits for one table that has a class."""

    files: Files
    file: OpenFile
    place: ClassPlace
    present: Table
    wanted: Table
    changes: TableChanges
    purposes: Mapping[tuple[Name, str], str]
    version: Version
    conventions: Conventions
    enums: Mapping[Name, str]
    members: Mapping[str, str]

    def edit(self) -> None:
        """Put the edits of fields, arguments and docstring into the file."""
        self._rename()
        gone = self._drop()
        new = [name for name in self.changes.columns if self._own_field(name) is None]
        writer = self._writer(frozenset(field_name(name)[0] for name in new))
        extras, add = self._extras(writer)
        self._keep_index_names(add, writer)
        for name in dict.fromkeys([*self.changes.columns, *extras]):
            if name not in new:
                self._complete(writer, name, extras.get(name, Extras()))
        self._new_fields(writer, [name for name in new if self._is_new(name)], extras)
        self._arguments(add, gone)

    def _writer(self, new_names: frozenset[str]) -> Writer:
        return writer_of(
            self.file.module,
            self.file.names,
            self.file.layout,
            self.place,
            self.version,
            self.enums,
            self.members,
            new_names,
        )

    def _is_new(self, name: str) -> bool:
        """Whether a field is to be written for a column that the class itself does not have."""
        now = self.present.column(name)
        wanted = self.wanted.column(name)
        return now is None or (wanted is not None and (now.type, now.nullable, now.default) != (
            wanted.type, wanted.nullable, wanted.default
        ))  # fmt: skip

    def _own_field(self, column: str) -> tuple[OpenFile, FieldPlace] | None:
        """The statement of a column that belongs to this table alone, maybe in a base class of its own."""
        old = next((before for before, to in self.changes.renamed.items() if to == column), column)
        now = self.present.column(column) or self.present.column(old)
        if now is None or now.origin is None:
            return None
        sharing = [
            table.name
            for table in self.files.reading.tables.values()
            if any(item.origin == now.origin for item in table.columns)
        ]
        file = self.files.open(now.origin.path)
        if file is None or len(sharing) > 1:
            return None
        for place in file.module.classes:
            for item in place.fields:
                if item.span.meets(now.origin.span) and item.span.contains(now.origin.span.start):
                    return file, item
        return None

    def _rename(self) -> None:
        for old, new in self.changes.renamed.items():
            found = self._own_field(old)
            if found is None or self.present.column(old) is None:
                continue
            file, item = found
            file.edits.append(Edit(item.name_span, field_name(new)[0]))
            for path in self.files.texts:
                self._rename_strings(path, old, new)

    def _keep_index_names(self, add: list[Code], writer: Writer) -> None:
        """An index that `index=True` named after the old column keeps its name, as PostgreSQL keeps it."""
        for old, new in self.changes.renamed.items():
            name = self.conventions.index(self.present.name, (old,))
            index = self.present.index(name)
            kept = self.wanted.index(name)
            if index is None or kept is None or _single_column(index) != old:
                continue
            self._without(old, {"index"})
            if kept.columns == (new,):
                add.append(index_code(writer.typist, kept))

    def _rename_strings(self, path: str, old: str, new: str) -> None:
        file = self.files.open(path)
        if file is None:
            return
        whole = f"{self.present.name}.{old}"
        for place in file.module.classes:
            for item in place.fields:
                if item.value is None:
                    continue
                own = file is self.file and place.name == self.place.name and item.name == "__table_args__"
                file.edits += _renamed_strings(file, item.value, whole, f"{self.present.name}.{new}")
                if own:
                    file.edits += _renamed_strings(file, item.value, old, new)

    def _drop(self) -> list[int]:
        """Take fields away; the numbers of table arguments that go with them or by themselves."""
        for name in self.changes.dropped:
            if self.present.column(name) is None:
                continue
            found = self._own_field(name)
            if found is None:
                self.files.refuse(self.file.path, f"`{self.present.name}.{name}` comes from a class that others share")
                continue
            file, item = found
            if not item.alone:
                self.files.refuse(file.path, f"the field `{name}` shares its line with other statements")
                continue
            file.edits.append(_removal(file, self.place, item, self._left(file)))
        self._drop_keywords()
        return self._gone_arguments()

    def _left(self, file: OpenFile) -> bool:
        """Whether the class keeps any statement."""
        return file is not self.file or len(self.place.fields) > len(self.changes.dropped)

    def _gone_arguments(self) -> list[int]:
        field = self.place.field("__table_args__")
        listing = self.file.module.listing(field.value_node) if field else None
        if listing is None:
            return []
        names = {*self.changes.dropped_constraints, *self.changes.dropped_indexes}
        found: list[int] = []
        for number, item in enumerate(listing.arguments):
            inner = self.file.module.listing(item.node)
            if inner is not None and inner.function and self._is_gone(inner, names):
                found.append(number)
        return found

    def _is_gone(self, listing: Listing, names: set[str]) -> bool:
        strings = [_string(self.file, item.value) for item in listing.positional]
        name = listing.argument("name")
        called = _string(self.file, name.value) if name else None
        kind = listing.function.split(".")[-1]
        if kind == "Index" and strings:
            called, strings = strings[0], strings[1:]
        if called in names:
            return True
        if kind in {"CheckConstraint", "Index"} and (expression := next(iter(strings), None)):
            known = [item for item in self.present.checks if item.name == called and called]
            uses = {c for item in known for c in item.expression.columns} or {expression}
            return bool(uses & set(self.changes.dropped)) or bool(set(strings) & set(self.changes.dropped))
        lists = [self.file.module.listing(item.node) for item in listing.positional[:1]]
        inside = {_string(self.file, item.value) for inner in lists if inner for item in inner.arguments}
        return bool((set(strings) | inside) & set(self.changes.dropped))

    def _drop_keywords(self) -> None:
        """Take `index`, `unique` and `foreign_key` from fields whose index or constraint goes."""
        wanted = {item.columns for item in self.wanted.indexes if item.using == "btree"}
        for index in self.present.indexes:
            if index.name in self.changes.dropped_indexes and len(index.columns) == 1 and index.columns not in wanted:
                self._without(index.columns[0], {"index"} | ({"unique"} if index.unique else set()))
        for item in self.present.constraints:
            named = named_constraint(self.present, item).name if item.name is None else item.name
            if named not in self.changes.dropped_constraints:
                continue
            match item:
                case Unique(columns=(column,)):
                    self._without(column, {"unique"})
                case ForeignKey(columns=(column,)):
                    self._without(column, {"foreign_key", "ondelete"})
                case _:
                    pass

    def _without(self, column: str, keywords: set[str]) -> None:
        found = self._own_field(column)
        if found is None or column in self.changes.dropped:
            return
        file, item = found
        listing = file.module.listing(item.value_node)
        if listing is not None:
            items = Items(change={}, remove=frozenset(keywords))
            file.edits += edit_listing(file.module, file.layout, listing, items)

    def _extras(self, writer: Writer) -> tuple[dict[str, Extras], list[Code]]:
        """What fields say besides their column, and what the table's arguments gain."""
        extras: dict[str, Extras] = {
            name: Extras(purpose=self.purposes.get((self.wanted.name, name), "")) for name in self.changes.columns
        }
        add: list[Code] = []
        for constraint in self.changes.constraints:
            named = next((item for item in self.wanted.constraints if item.name == constraint.name), constraint)
            if not self._has_constraint(named):
                self._place_constraint(writer, named, extras, add)
            elif isinstance(named, Check):
                self._note_values(named, extras)
        for index in self.changes.indexes:
            if any(item.name == index.name or _same_index(item, index) for item in self.present.indexes):
                continue
            simple = _single_column(index)
            if simple and index.name == self.conventions.index(self.wanted.name, (simple,)) and not index.unique:
                extras[simple] = replace(extras.get(simple, Extras()), index=True)
            else:
                add.append(index_code(writer.typist, index))
        return extras, add

    def _has_constraint(self, wanted: Constraint) -> bool:
        for item in self.present.constraints:
            if wanted.name is not None and item.name == wanted.name and type(item) is type(wanted):
                return True
            match item, wanted:
                case Unique(), Unique():
                    if set(item.columns) == set(wanted.columns):
                        return True
                case ForeignKey(), ForeignKey():
                    if (item.columns, item.ref_table) == (wanted.columns, wanted.ref_table):
                        return True
                case Check(), Check():
                    if item.expression == wanted.expression:
                        return True
                case _:
                    pass
        return False

    def _place_constraint(
        self, writer: Writer, constraint: Constraint, extras: dict[str, Extras], add: list[Code]
    ) -> None:
        match constraint:
            case ForeignKey(columns=(column,)) if len(constraint.ref_columns) < 2:
                key = constraint if constraint.ref_columns else replace(constraint, ref_columns=("id",))
                extras[column] = replace(extras.get(column, Extras()), key=key)
                return
            case Unique(columns=(column,)) if constraint.name in {
                None,
                self.conventions.unique(self.wanted.name, (column,)),
            }:
                now = self.present.column(column)
                indexed = any(item.columns == (column,) for item in (*self.present.indexes, *self.changes.indexes))
                if not indexed and (now is None or self._own_field(column)):
                    extras[column] = replace(extras.get(column, Extras()), unique=True)
                    return
            case Check():
                self._note_values(constraint, extras)
            case _:
                pass
        try:
            add.append(constraint_code(writer.typist, constraint, self.wanted.name, self.conventions))
        except UnsayableTypeError as error:
            self.files.refuse(self.file.path, str(error))

    def _note_values(self, check: Check, extras: dict[str, Extras]) -> None:
        """The values a check allows are validated by the field too."""
        values, columns = check.expression.allowed_values, check.expression.columns
        if values and len(columns) == 1 and (column := next(iter(columns))):
            extras[column] = replace(extras.get(column, Extras()), values=values)

    def _complete(self, writer: Writer, name: str, extras: Extras) -> None:
        found = self._own_field(name)
        old = next((before for before, to in self.changes.renamed.items() if to == name), name)
        now, wanted = self.present.column(name) or self.present.column(old), self.wanted.column(name)
        if found is None or now is None or wanted is None:
            return
        file, item = found
        if file is not self.file:
            writer = writer_of(file.module, file.names, file.layout, None, self.version, self.enums, self.members)
        if self._is_key(name):
            wanted = replace(wanted, nullable=now.nullable)
        try:
            file.edits += writer.completed(file.module, item, now, replace(wanted, name=now.name), extras)
        except UnsayableTypeError as error:
            self.files.refuse(file.path, f"`{self.wanted.name}.{name}`: {error}")

    def _is_key(self, name: str) -> bool:
        return self.wanted.primary_key is not None and name in self.wanted.primary_key.columns

    def _new_fields(self, writer: Writer, names: list[str], extras: Mapping[str, Extras]) -> None:
        texts: dict[str, str] = {}
        for name in names:
            column = self.wanted.column(name)
            if column is None:
                continue
            given = replace(extras.get(name, Extras()), primary=self._is_key(name))
            try:
                texts[name] = writer.new_field(column, given)
            except UnsayableTypeError as error:
                self.files.refuse(self.file.path, f"`{self.wanted.name}.{name}`: {error}")
        plain = [text for name, text in texts.items() if not is_audit(name)]
        audit = [text for name, text in texts.items() if is_audit(name)]
        if plain:
            self.file.edits.append(self._insertion(plain, before_audit=True))
        if audit:
            self.file.edits.append(self._insertion(audit, before_audit=False))
        if texts:
            self._document(list(texts))

    def _insertion(self, texts: list[str], *, before_audit: bool) -> Edit:
        module, newline = self.file.module, self.file.layout.newline
        fields = [item for item in columns_of(module, self.place) if item.alone]
        lines = [f"{text}{newline}" for text in texts]
        if self.place.inline:
            colon = module.text.index(":", max(self.place.name_span.end, self.place.body.start - 80))
            return Edit(Span(colon + 1, self.place.body.end), newline + "".join(lines).rstrip("\r\n"))
        if fields:
            apart = _apart(module.text, fields)
            count = audit_fields(fields) if before_audit else 0
            if count == len(fields):
                return insert(
                    _above(module.text, fields[0]), "".join(line + (newline if apart else "") for line in lines)
                )
            anchor = fields[-count - 1]
            text = "".join((newline if apart else "") + line for line in lines)
            return insert(anchor.lines.end, _ended(module.text, anchor.lines.end, newline) + text)
        if self.place.filler is not None:
            return Edit(self.place.filler, "".join(lines))
        dunder = [item for item in self.place.fields if item.name.startswith("__") and item.alone]
        if dunder:
            end = dunder[-1].lines.end
            return insert(end, _ended(module.text, end, newline) + newline + "".join(lines))
        place = top_of_body(module, self.place)
        gap = "" if self.place.is_empty else newline
        lead = _ended(module.text, place, newline) + (newline if self.place.is_empty and self.place.docstring else "")
        return insert(place, lead + "".join(lines) + gap)

    def _document(self, names: list[str]) -> None:
        """Add lines to the `Attributes:` section of the class's docstring."""
        if self.place.docstring is None:
            return
        text = self.file.module.text
        import re

        doc = self.place.docstring.of(text)
        match = re.search(r"(?m)^([ \t]*)Attributes:[ \t]*(?:\r\n|\n|\r)((?:[ \t]+\S.*(?:\r\n|\n|\r))+)", doc)
        if match is None:
            return
        entries = [line for line in re.split(r"\r\n|\n|\r", match[2]) if line.strip()]
        indent = entries[0][: len(entries[0]) - len(entries[0].lstrip())]
        if len(indent) <= len(match[1]):
            return
        last = match.start(2)
        for line in re.finditer(r".*(?:\r\n|\n|\r)", match[2]):
            if len(line[0]) - len(line[0].lstrip(" \t")) < len(indent):
                break
            last = match.start(2) + line.end()
        new = [
            f"{indent}{field_name(name)[0]}: {self._purpose(name)}{self.file.layout.newline}"
            for name in names
            if f"{name}:" not in match[2]
        ]
        self.file.edits.append(insert(self.place.docstring.start + last, "".join(new)))

    def _purpose(self, name: str) -> str:
        purpose = self.purposes.get((self.wanted.name, name)) or name.replace("_", " ")
        return purpose[:1].upper() + purpose[1:]

    def _arguments(self, add: list[Code], gone: list[int]) -> None:
        edits = args_edits(self.file.module, self.file.layout, self.place, add, gone, self._inherited())
        if edits is None:
            reason = f"`__table_args__` of `{self.place.name}` is no tuple or dict that can be extended"
            self.files.refuse(self.file.path, reason)
            return
        self.file.edits += edits

    def _inherited(self) -> str | None:
        """How the class repeats table arguments that a base class gives it."""
        if self.place.field("__table_args__") is not None:
            return None
        for base in self.place.bases:
            for path in self.files.texts:
                file = self.files.open(path)
                place = file.module.class_named(base.split(".")[-1]) if file else None
                field = place.field("__table_args__") if place else None
                if file is not None and field is not None:
                    is_dict = file.module.code(field.value or field.span).startswith(("{", "dict("))
                    return f"{'' if is_dict else '*'}{base}.__table_args__"
        return None


def _string(file: OpenFile, span: Span) -> str | None:
    code = file.module.code(span)
    if len(code) > 1 and code[0] in "\"'" and code[-1] == code[0] and "\\" not in code:
        return code[1:-1]
    return None


def _renamed_strings(file: OpenFile, span: Span, old: str, new: str) -> list[Edit]:
    text, edits = file.module.text, []
    for quote in "\"'":
        literal = f"{quote}{old}{quote}"
        at = text.find(literal, span.start, span.end)
        while at >= 0:
            edits.append(Edit(Span(at + 1, at + 1 + len(old)), new))
            at = text.find(literal, at + len(literal), span.end)
    return edits


def _removal(file: OpenFile, place: ClassPlace, item: FieldPlace, left: bool) -> Edit:  # noqa: FBT001
    """The edit that takes a field's lines away, and one of two blank lines it stood between."""
    text, lines = file.module.text, item.lines
    if not left:
        return Edit(lines, f"{place.indent}pass{file.layout.newline}")
    before = text[: lines.start].replace("\r\n", "\n").replace("\r", "\n")
    after = text[lines.end :]
    if before.endswith("\n\n") and after[:1] in {"\r", "\n"}:
        return Edit(Span(lines.start, lines.end + (2 if after.startswith("\r\n") else 1)), "")
    return Edit(lines, "")


def _apart(text: str, fields: list[FieldPlace]) -> bool:
    """Whether fields stand apart by blank lines."""
    if len(fields) < 2:
        return False
    gaps = [
        not text[one.lines.end : other.lines.start].strip() and one.lines.end < other.lines.start
        for one, other in zip(fields, fields[1:], strict=False)
    ]
    return sum(gaps) * 2 > len(gaps)


def _above(text: str, item: FieldPlace) -> int:
    """Before a field and the comments that stand right above it."""
    start = item.lines.start
    while start:
        previous = max(text.rfind("\n", 0, start - 1), text.rfind("\r", 0, start - 1)) + 1
        if not text[previous:start].strip().startswith("#"):
            break
        start = previous
    return start


def _ended(text: str, offset: int, newline: str) -> str:
    """A line's end where the text before the offset has none."""
    return "" if offset == 0 or text[offset - 1] in "\r\n" else newline


def _single_column(index: Index) -> str | None:
    """The column of an index on one plain column, of the default kind."""
    if len(index.parts) != 1 or index.using != "btree" or index.where or index.include or index.nulls_not_distinct:
        return None
    part = index.parts[0]
    plain = not (part.is_expression or part.descending or part.nulls or part.opclass or part.collation)
    return part.text if plain else None


def _same_index(one: Index, other: Index) -> bool:
    return (one.name is None or other.name is None) and (one.parts, one.unique, one.using, one.where) == (
        other.parts,
        other.unique,
        other.using,
        other.where,
    )


def is_relation(file: OpenFile, item: FieldPlace) -> bool:
    """Whether a field of the file is a relationship."""
    return is_relationship(file.module, item)


def new_column(column: Column) -> Column:
    """A column as a new table's class has it."""
    return replace(column, origin=None, places=())
