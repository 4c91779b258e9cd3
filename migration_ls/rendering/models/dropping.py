"""Taking fields, constraints and indexes away from a table's class."""

import re
from dataclasses import dataclass

from migration_ls.diffing.differences import columns_of
from migration_ls.operations.naming import named_constraint
from migration_ls.rendering.models.changes import TableChanges
from migration_ls.rendering.models.declared import made_by
from migration_ls.rendering.models.files import Files, OpenFile
from migration_ls.rendering.models.listings import Items, edit_listing
from migration_ls.rendering.models.places import ClassPlace, FieldPlace, Listing
from migration_ls.schema.tables import Exclusion, ForeignKey, Index, Table, Unique
from migration_ls.text.edits import Edit
from migration_ls.text.span import Span


def own_field(files: Files, present: Table, column: str) -> tuple[OpenFile, FieldPlace] | None:
    """The statement of a column that belongs to this table alone, maybe in a base class, and its file."""
    now = present.column(column)
    if now is None or now.origin is None:
        return None
    sharing = [
        table.name
        for table in files.reading.tables.values()
        if any(item.origin == now.origin for item in table.columns)
    ]
    file = files.open(now.origin.path)
    if file is None or len(sharing) > 1:
        return None
    for place in file.module.classes:
        for item in place.fields:
            if item.span.contains(now.origin.span.start):
                return file, item
    return None


def without_keywords(found: tuple[OpenFile, FieldPlace] | None, keywords: set[str], made: str = "") -> None:
    """Take keywords away from a field's call, and what a call of `made` gives its column."""
    if found is None:
        return
    file, item = found
    module = file.module
    listing = module.listing(item.value_node) or module.annotated_listing(item)
    if listing is None:
        return
    for keyword in ("sa_column", "sa_column_kwargs"):
        inner = listing.argument(keyword)
        nested = module.listing(inner.node) if inner is not None else None
        if nested is not None:
            file.edits += _without(file, nested, keywords, made)
    file.edits += _without(file, listing, keywords, made)


def _without(file: OpenFile, listing: Listing, keywords: set[str], made: str) -> list[Edit]:
    drop = {number for number, item in enumerate(listing.arguments) if made and made_by(file.module, item) == made}
    items = Items(change={}, remove=frozenset(keywords), drop=frozenset(drop), dict_keys=not listing.function)
    return edit_listing(file.module, file.layout, listing, items)


_VALIDATOR = re.compile(r"@(?:\w+\.)*(?:field_validator|validator|validates|field_serializer)\(([^)]*)\)")


@dataclass(slots=True, kw_only=True)
class Dropper:
    """Collects the edits that take away what a table loses."""

    files: Files
    file: OpenFile
    place: ClassPlace
    present: Table
    wanted: Table
    changes: TableChanges

    def drop(self) -> list[int]:
        """Take fields away; the numbers of table arguments that go with them or by themselves."""
        for name in self.changes.dropped:
            if self.present.column(name) is None:
                continue
            found = own_field(self.files, self.present, name)
            if found is None:
                self.files.refuse(self.file.path, f"`{self.present.name}.{name}` comes from a class that others share")
                continue
            file, item = found
            if _is_validated(file, item):
                self.files.refuse(file.path, f"`{name}` is named by a validator, so the field stays")
                continue
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
            if inner is None or not inner.function:
                continue
            if self._is_dropped(inner.span) or self._is_gone(inner, names):
                found.append(number)
        return found

    def _is_dropped(self, span: Span) -> bool:
        """Whether a constraint or index that goes was read from this place, whatever it is called there."""
        for item in (*self.present.constraints, *self.present.indexes):
            if item.origin is None or item.origin.path != self.file.path or item.origin.span != span:
                continue
            if isinstance(item, Index):
                return item.name in self.changes.dropped_indexes
            name = named_constraint(self.present, item).name
            if isinstance(item, Exclusion) and self.changes.dropped:
                return self.wanted.constraint(name or "") is None
            return name in self.changes.dropped_constraints
        return False

    def _is_gone(self, listing: Listing, names: set[str]) -> bool:
        strings = [_string(self.file, item.value) for item in listing.positional]
        name = listing.argument("name")
        called = _string(self.file, name.value) if name else None
        kind = listing.function.split(".")[-1]
        if kind == "Index" and strings:
            called, strings = strings[0], strings[1:]
        if called in names:
            return True
        if any(columns_of(item) & set(self.changes.dropped) for item in self.present.indexes if item.name == called):
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
                case ForeignKey(columns=(column,)) if not self._is_made_anew(column):
                    self._without(column, {"foreign_key", "ondelete"}, "ForeignKey")
                case _:
                    pass

    def _is_made_anew(self, column: str) -> bool:
        """Whether the column gets another foreign key, which is written in the place of the one that goes."""
        return any(isinstance(item, ForeignKey) and item.columns == (column,) for item in self.changes.constraints)

    def _without(self, column: str, keywords: set[str], made: str = "") -> None:
        if column not in self.changes.dropped:
            without_keywords(own_field(self.files, self.present, column), keywords, made)


def _is_validated(file: OpenFile, item: FieldPlace) -> bool:
    """Whether a validator of the class names the field: pydantic refuses the class without it."""
    for place in file.module.classes:
        if place.lines.covers(item.span):
            body = file.module.code(place.body)
            return any(f"{quote}{item.name}{quote}" in call for call in _VALIDATOR.findall(body) for quote in "\"'")
    return False


def _string(file: OpenFile, span: Span) -> str | None:
    code = file.module.code(span)
    if len(code) > 1 and code[0] in "\"'" and code[-1] == code[0] and "\\" not in code:
        return code[1:-1]
    return None


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
