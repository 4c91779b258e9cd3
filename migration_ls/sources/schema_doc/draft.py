"""A table while a document is read: every form in which it stands adds to it."""

from dataclasses import dataclass, field, replace

from migration_ls.postgres.quoting import identifier, literal
from migration_ls.postgres.types import ColumnType
from migration_ls.schema.names import Name
from migration_ls.schema.origin import Origin
from migration_ls.schema.schema import Enum
from migration_ls.schema.tables import (
    Check,
    Column,
    ForeignKey,
    Index,
    IndexPart,
    PrimaryKey,
    Table,
    Unique,
)
from migration_ls.sources.spec.details import Details
from migration_ls.sources.sql.expressions import expression

_FORMS = ("sql", "table", "bullets", "python")


@dataclass(slots=True)
class Draft:
    """What a document says of one table so far; `form` is the form its columns came from."""

    name: Name
    origin: Origin
    external: bool = False
    form: str = ""
    columns: dict[str, Column] = field(default_factory=dict)
    key: list[str] = field(default_factory=list)
    uniques: list[Unique] = field(default_factory=list)
    checks: list[Check] = field(default_factory=list)
    foreign_keys: list[ForeignKey] = field(default_factory=list)
    indexes: list[Index] = field(default_factory=list)
    enums: list[Enum] = field(default_factory=list)

    def takes(self, form: str) -> bool:
        """Whether columns of that form count: the most formal statement of a table is read, the others repeat it."""
        if self.form in {"", form}:
            self.form = form
            return True
        if _FORMS.index(form) < _FORMS.index(self.form):
            self.form = form
            self.columns.clear()
            self.key.clear()
            self.uniques.clear()
            self.checks.clear()
            self.foreign_keys.clear()
            return True
        return False

    def add(self, name: str, details: Details, origin: Origin, tables: "dict[str, Name]") -> None:
        """A column as words describe it."""
        if name in self.columns:
            return
        type_ = self._type(name, details)
        self.columns[name] = Column(
            name=name,
            type=type_,
            nullable=False if details.primary_key else details.nullable,
            default=expression(details.default) if details.default and not details.primary_key else None,
            autoincrement=details.autoincrement and not details.identity,
            identity=details.identity,
            generated=expression(details.generated) if details.generated else None,
            origin=origin,
            places=(("name", origin),),
        )
        if details.default and details.primary_key and not details.autoincrement:
            self.columns[name] = replace(self.columns[name], default=expression(details.default))
        if details.primary_key:
            self.key.append(name)
        if details.unique:
            self.uniques.append(Unique(name=None, columns=(name,), origin=origin))
        if details.index is not None:
            index = Index(name=None, parts=(IndexPart(text=name),), using=details.index or "btree", origin=origin)
            self.add_index(index)
        if details.references:
            target = tables.get(details.references.table, _name(details.references.table))
            self.foreign_keys.append(
                ForeignKey(
                    name=None,
                    columns=(name,),
                    ref_table=target,
                    ref_columns=(details.references.column,) if details.references.column else ("id",),
                    on_delete=details.on_delete or details.references.on_delete,
                    origin=origin,
                )
            )
        for text in self._conditions(name, details):
            self.checks.append(Check(name=None, expression=expression(text), origin=origin))

    def _type(self, name: str, details: Details) -> ColumnType:
        type_ = details.type
        if details.values and details.native_enum:
            enum = Enum(name=Name(f"{self.name.name}_{name}", self.name.namespace), values=details.values)
            self.enums.append(enum)
            return ColumnType(str(enum.name))
        if type_ is None:
            type_ = (
                ColumnType("integer")
                if details.references or details.autoincrement
                else ColumnType("character varying")
            )
        if details.length and type_.name == "character varying" and not type_.modifiers:
            type_ = ColumnType(type_.name, (str(details.length),), type_.dimensions)
        return type_

    def _conditions(self, name: str, details: Details) -> list[str]:
        column = identifier(name)
        found = [check.replace("{}", column) for check in details.checks]
        if details.values and not details.native_enum:
            found.append(f"{column} IN ({', '.join(literal(value) for value in details.values)})")
        if details.low is not None and details.high is not None:
            found.append(f"{column} BETWEEN {details.low} AND {details.high}")
        elif details.low is not None:
            found.append(f"{column} >= {details.low}")
        elif details.high is not None:
            found.append(f"{column} <= {details.high}")
        return found

    def add_index(self, index: Index) -> None:
        """An index, unless the same is there already, or a key or unique constraint makes it."""
        columns = index.columns
        if list(columns) == self.key and columns:
            return
        if any(item.parts == index.parts and item.where == index.where for item in self.indexes):
            if index.name and (known := next(item for item in self.indexes if item.parts == index.parts)).name is None:
                self.indexes[self.indexes.index(known)] = index
            return
        if index.unique and any(item.columns == columns for item in self.uniques) and index.where is None:
            return
        self.indexes.append(index)

    def table(self) -> Table:
        """The table as far as the document tells."""
        return Table(
            name=self.name,
            columns=tuple(self.columns.values()),
            primary_key=PrimaryKey(name=None, columns=tuple(self.key), origin=self.origin) if self.key else None,
            uniques=tuple(dict.fromkeys(self.uniques)),
            checks=tuple(dict.fromkeys(self.checks)),
            foreign_keys=tuple(dict.fromkeys(self.foreign_keys)),
            indexes=tuple(self.indexes),
            external=self.external,
            origin=self.origin,
        )


def _name(text: str) -> Name:
    namespace, dot, name = text.rpartition(".")
    return Name(name, namespace) if dot else Name(text)
