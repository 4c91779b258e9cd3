"""Making one table's class say what is wanted."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from itertools import pairwise

from migration_ls.operations.naming import named_constraint
from migration_ls.rendering.models.arguments import (
    args_edits,
    constraint_code,
    index_code,
    top_of_body,
)
from migration_ls.rendering.models.changes import TableChanges
from migration_ls.rendering.models.completing import completed
from migration_ls.rendering.models.declared import completed_declared, is_declared
from migration_ls.rendering.models.dropping import Dropper, own_field, without_keywords
from migration_ls.rendering.models.fields import Extras, Writer, field_name
from migration_ls.rendering.models.files import Files, OpenFile
from migration_ls.rendering.models.layout import Code, one_line
from migration_ls.rendering.models.places import ClassPlace, FieldPlace, above
from migration_ls.rendering.models.style import Project, audit_fields, columns_of, is_audit, writer_of
from migration_ls.rendering.models.types import UnsayableTypeError
from migration_ls.schema.tables import Check, Constraint, ForeignKey, Index, Table, Unique
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
    project: Project
    listed: list[Code] = field(default_factory=list)
    """Arguments that the table has to list besides what changes ask for."""

    def edit(self) -> None:
        """Put the edits of fields, arguments and docstring into the file."""
        self._rename()
        dropper = Dropper(
            files=self.files, file=self.file, place=self.place, present=self.present, wanted=self.wanted,
            changes=self.changes,
        )  # fmt: skip
        gone = dropper.drop()
        new = [name for name in self.changes.columns if self._own_field(name) is None]
        writer = self._writer(frozenset(field_name(name)[0] for name in new))
        if self.changes.renamed:
            self._follow_expressions(writer)
        extras, add = self._extras(writer)
        self._keep_index_names(add, writer)
        add += self.listed
        for name in dict.fromkeys([*self.changes.columns, *extras]):
            if name not in new:
                self._complete(writer, name, extras.get(name, Extras()))
        self._arguments(add, gone)
        self._new_fields(writer, [name for name in new if self._is_new(name)], extras)

    def _writer(self, new_names: frozenset[str]) -> Writer:
        return writer_of(self.file, self.place, self.project, new_names)

    def _is_new(self, name: str) -> bool:
        """Whether a field is to be written for a column that the class itself does not have."""
        now = self.present.column(name)
        wanted = self.wanted.column(name)
        return now is None or (wanted is not None and (now.type, now.nullable, now.default) != (
            wanted.type, wanted.nullable, wanted.default
        ))  # fmt: skip

    def _own_field(self, column: str) -> tuple[OpenFile, FieldPlace] | None:
        old = next((before for before, to in self.changes.renamed.items() if to == column), column)
        return own_field(self.files, self.present, column) or own_field(self.files, self.present, old)

    def _rename(self) -> None:
        for old, new in self.changes.renamed.items():
            found = self._own_field(old)
            if found is None or self.present.column(old) is None:
                continue
            file, item = found
            file.edits.append(self._new_name(file, item, old, new))
            for path in self.files.texts:
                self._rename_strings(path, old, new)

    def _new_name(self, file: OpenFile, item: FieldPlace, old: str, new: str) -> Edit:
        """The edit of the field's name, or of the string that names its column."""
        column = self.present.column(old)
        place = column.place("name") if column is not None else None
        if place is not None and place.path == file.path and file.module.code(place.span)[:1] in "\"'":
            return Edit(place.span, file.layout.string(new))
        return Edit(item.name_span, field_name(new)[0])

    def _follow_expressions(self, writer: Writer) -> None:
        """Checks and indexes whose SQL names a column that is renamed say its new name."""
        names = set(self.changes.renamed)
        parts: list[Check | Index] = [*self.present.checks, *self.present.indexes]
        for item in parts:
            if item.origin is None or item.origin.path != self.file.path or not any(map(_uses(item), names)):
                continue
            if isinstance(item, Index):
                index = self.wanted.index(item.name) if item.name else None
                if index is None or not (index.where or any(part.is_expression for part in index.parts)):
                    continue
                code = index_code(writer.typist, index)
            else:
                check = next((other for other in self.wanted.checks if other.name == item.name and item.name), None)
                if check is None:
                    continue
                code = constraint_code(writer.typist, check, self.wanted.name, self.project.conventions)
            span = item.origin.span
            self.file.edits = [edit for edit in self.file.edits if not span.covers(edit.span)]
            self.file.edits.append(Edit(span, one_line(code)))

    def _keep_index_names(self, add: list[Code], writer: Writer) -> None:
        """An index that `index=True` named after the old column keeps its name, as PostgreSQL keeps it."""
        for old, new in self.changes.renamed.items():
            name = self.project.conventions.index(self.present.name, (old,))
            index = self.present.index(name)
            kept = self.wanted.index(name)
            if index is None or kept is None or _single_column(index) != old:
                continue
            without_keywords(self._own_field(old), {"index"})
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

    def _extras(self, writer: Writer) -> tuple[dict[str, Extras], list[Code]]:
        """What fields say besides their column, and what the table's arguments gain."""
        extras: dict[str, Extras] = {
            name: Extras(purpose=self.project.purposes.get((self.wanted.name, name), ""))
            for name in self.changes.columns
        }
        add: list[Code] = []
        for constraint in self.changes.constraints:
            named = next((item for item in self.wanted.constraints if item.name == constraint.name), constraint)
            if self._needs_foreign(getattr(named, "columns", ())):
                self._refuse_foreign(named.name)
            elif not self._has_constraint(named):
                self._place_constraint(writer, named, extras, add)
            elif isinstance(named, Check):
                self._note_values(named, extras)
        for index in self.changes.indexes:
            kept = [item for item in self.present.indexes if item.name not in self.changes.dropped_indexes]
            if any(item.name == index.name or _same_index(item, index) for item in kept):
                continue
            if self._needs_foreign(index.columns):
                self._refuse_foreign(index.name)
                continue
            simple = _single_column(index)
            if (
                simple
                and index.name == self.project.conventions.index(self.wanted.name, (simple,))
                and not index.unique
            ):
                extras[simple] = replace(extras.get(simple, Extras()), index=True)
            else:
                add.append(index_code(writer.typist, index))
        return extras, add

    def _needs_foreign(self, columns: Iterable[str]) -> bool:
        """Whether a column is none of the class itself: a child that shares its table has it, or it is added later."""
        for column in columns:
            found = self._own_field(column)
            now = self.present.column(column)
            if found is None and now is not None and now.origin is not None and now.origin.path == self.file.path:
                inside = any(place.lines.covers(now.origin.span) for place in self.file.module.classes)
                made = any(listing.span.covers(now.origin.span) for listing in self.file.module.tables)
                if not inside and not made and self.files.call_of(self.present) is None:
                    return True
            if found is not None:
                holder = next((item for item in found[0].module.classes if item.lines.covers(found[1].span)), None)
                if holder is not None and self.place.name in holder.bases and holder.name != self.place.name:
                    return True
        return False

    def _refuse_foreign(self, name: str | None) -> None:
        what = f"`{name}`" if name else "a constraint"
        reason = f"{what} is on a column of `{self.present.name}` that `{self.place.name}` does not have itself"
        self.files.refuse(self.file.path, reason)

    def _has_constraint(self, wanted: Constraint) -> bool:
        for item in self.present.constraints:
            if named_constraint(self.present, item).name in self.changes.dropped_constraints:
                continue
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
                self.project.conventions.unique(self.wanted.name, (column,)),
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
            add.append(constraint_code(writer.typist, constraint, self.wanted.name, self.project.conventions))
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
            writer = writer_of(file, None, self.project)
        if self._is_key(name):
            wanted = replace(wanted, nullable=now.nullable)
        try:
            complete = completed_declared if is_declared(file.module, item) else completed
            file.edits += complete(writer, file.module, item, now, replace(wanted, name=now.name), extras)
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
                    above(module.text, fields[0].lines.start),
                    "".join(line + (newline if apart else "") for line in lines),
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
        purpose = self.project.purposes.get((self.wanted.name, name)) or name.replace("_", " ")
        return purpose[:1].upper() + purpose[1:]

    def _arguments(self, add: list[Code], gone: list[int]) -> None:
        options: dict[str, Code | None] = {}
        if self.changes.comment and self.present.comment != self.wanted.comment:
            comment = self.wanted.comment
            options["comment"] = self.file.layout.string(comment) if comment else None
        edits = args_edits(self.file.module, self.file.layout, self.place, add, gone, self._inherited(), options)
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
                given = place.field("__table_args__") if place else None
                if file is not None and given is not None:
                    is_dict = file.module.code(given.value or given.span).startswith(("{", "dict("))
                    return f"{'' if is_dict else '*'}{base}.__table_args__"
        return None


def _uses(item: Check | Index) -> Callable[[str], bool]:
    return item.uses if isinstance(item, Index) else item.expression.columns.__contains__


def _renamed_strings(file: OpenFile, span: Span, old: str, new: str) -> list[Edit]:
    text, edits = file.module.text, []
    for quote in "\"'":
        literal = f"{quote}{old}{quote}"
        at = text.find(literal, span.start, span.end)
        while at >= 0:
            edits.append(Edit(Span(at + 1, at + 1 + len(old)), new))
            at = text.find(literal, at + len(literal), span.end)
    return edits


def _apart(text: str, fields: list[FieldPlace]) -> bool:
    """Whether fields stand apart by blank lines."""
    if len(fields) < 2:
        return False
    gaps = [
        not text[one.lines.end : other.lines.start].strip() and one.lines.end < other.lines.start
        for one, other in pairwise(fields)
    ]
    return sum(gaps) * 2 > len(gaps)


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
