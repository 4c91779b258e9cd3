"""Making a `Table(...)` without a class say what is wanted."""

from dataclasses import dataclass, replace

from migration_ls.operations.naming import named_constraint
from migration_ls.rendering.models.arguments import constraint_code, index_code
from migration_ls.rendering.models.changes import TableChanges
from migration_ls.rendering.models.declared import Style, column_item, column_items, restyled
from migration_ls.rendering.models.fields import Extras, Writer
from migration_ls.rendering.models.files import Files, OpenFile
from migration_ls.rendering.models.layout import Code
from migration_ls.rendering.models.listings import Items, edit_listing
from migration_ls.rendering.models.places import Argument, Listing
from migration_ls.rendering.models.renaming import follow
from migration_ls.rendering.models.style import Project, writer_of
from migration_ls.rendering.models.types import UnsayableTypeError
from migration_ls.schema.origin import Origin
from migration_ls.schema.tables import Constraint, ForeignKey, Table, Unique
from migration_ls.text.edits import Edit


@dataclass(slots=True, kw_only=True)
class TableCallEditor:
    """Collects the edits of one call of `Table`."""

    files: Files
    file: OpenFile
    listing: Listing
    present: Table
    wanted: Table
    changes: TableChanges
    project: Project

    def edit(self) -> None:
        """Put the edits of columns, constraints and indexes into the file."""
        writer = restyled(writer_of(self.file, None, self.project), Style.COLUMN, explicit=True)
        try:
            self._edit(writer)
        except UnsayableTypeError as error:
            self.files.refuse(self.file.path, f"`{self.wanted.name}`: {error}")

    def _edit(self, writer: Writer) -> None:
        extras, add = self._parts(writer)
        edits: list[Edit] = []
        if self.present.name.name != self.wanted.name.name:
            edits.append(Edit(self.listing.arguments[0].span, self.file.layout.string(self.wanted.name.name)))
            follow(self.files, self.present.name, self.wanted.name)
        old_names = {new: old for old, new in self.changes.renamed.items()}
        for name in dict.fromkeys([*self.changes.columns, *extras, *old_names]):
            now = self.present.column(old_names.get(name, name))
            wanted = self.wanted.column(name)
            if wanted is None:
                continue
            if now is None:
                given = replace(extras.get(name, Extras()), primary=self._is_key(name))
                add.insert(0, column_item(writer, wanted, given))
                continue
            found = self._argument(now.origin)
            inner = self.file.module.listing(found.node) if found is not None else None
            if inner is None:
                raise UnsayableTypeError(f"`{name}` is made by code that cannot be edited")
            if name in old_names:
                first = inner.arguments[0]
                edits.append(Edit(first.span, self.file.layout.string(name)))
            items = column_items(writer, self.file.module, inner, now, wanted, extras.get(name, Extras()), mapped=False)
            edits += edit_listing(self.file.module, self.file.layout, inner, items)
        items = Items(change={}, add=[(None, item) for item in add], drop=frozenset(self._gone()))
        self.file.edits += [*edits, *edit_listing(self.file.module, self.file.layout, self.listing, items)]

    def _is_key(self, name: str) -> bool:
        return self.wanted.primary_key is not None and name in self.wanted.primary_key.columns

    def _argument(self, origin: Origin | None) -> Argument | None:
        """The argument of the call that was read from a place."""
        if origin is None or origin.path != self.file.path:
            return None
        return next((item for item in self.listing.arguments if item.span == origin.span), None)

    def _gone(self) -> list[int]:
        gone: list[Origin | None] = []
        for name in self.changes.dropped:
            column = self.present.column(name)
            gone += [column.origin] if column is not None else []
        for item in self.present.constraints:
            if named_constraint(self.present, item).name in self.changes.dropped_constraints:
                gone.append(item.origin)
        gone += [item.origin for item in self.present.indexes if item.name in self.changes.dropped_indexes]
        spans = [origin.span for origin in gone if origin is not None and origin.path == self.file.path]
        return [number for number, item in enumerate(self.listing.arguments) if item.span in spans]

    def _parts(self, writer: Writer) -> tuple[dict[str, Extras], list[Code]]:
        """What columns say besides themselves, and what the call gains."""
        extras: dict[str, Extras] = {}
        add: list[Code] = []
        for item in self.changes.constraints:
            constraint: Constraint = next((x for x in self.wanted.constraints if x.name == item.name), item)
            self._check_columns(getattr(constraint, "columns", ()))
            match constraint:
                case ForeignKey(columns=(column,)) if len(constraint.ref_columns) < 2:
                    key = constraint if constraint.ref_columns else replace(constraint, ref_columns=("id",))
                    extras[column] = replace(extras.get(column, Extras()), key=key)
                case Unique(columns=(column,)) if constraint.name in {
                    None,
                    self.project.conventions.unique(self.wanted.name, (column,)),
                }:
                    extras[column] = replace(extras.get(column, Extras()), unique=True)
                case _:
                    add.append(constraint_code(writer.typist, constraint, self.wanted.name, self.project.conventions))
        known = {item.name for item in self.present.indexes}
        for index in self.changes.indexes:
            if index.name not in known:
                self._check_columns(index.columns)
                add.append(index_code(writer.typist, index))
        return extras, add

    def _check_columns(self, columns: tuple[str, ...]) -> None:
        """Refuse what is on a column that is added after the call."""
        for name in columns:
            column = self.present.column(name)
            place = column.origin.span if column is not None and column.origin is not None else None
            if place is not None and not self.listing.span.covers(place):
                raise UnsayableTypeError(f"`{name}` is no column of the call that makes the table")
