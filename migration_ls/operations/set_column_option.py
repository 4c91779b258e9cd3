"""ALTER TABLE ... ALTER COLUMN ... SET STATISTICS, STORAGE, COMPRESSION or an option such as n_distinct."""

from dataclasses import dataclass
from typing import Literal

from migration_ls.operations.base import Inverse
from migration_ls.operations.context import Context
from migration_ls.operations.effect import Effect, locks, union
from migration_ls.operations.lookup import column_of, impossible, missing_column, noted, refused
from migration_ls.postgres.locks import LockMode
from migration_ls.postgres.types import BYTES
from migration_ls.schema.dependents import with_descendants
from migration_ls.schema.names import Name
from migration_ls.schema.schema import Schema

ColumnOption = Literal["statistics", "storage", "compression", "options"]
_COMPRESSION_SINCE = 14


@dataclass(frozen=True, slots=True, kw_only=True)
class SetColumnOption:
    """Say how a column is sampled or stored; `value` as written, `column` None where it is given by number."""

    table: Name
    column: str | None
    option: ColumnOption
    what: str
    value: str = ""
    only: bool = False

    def apply(self, schema: Schema) -> Schema:
        """The schema with a note of it."""
        return noted(schema, self.table, self.what)

    def inverse(self, schema: Schema) -> Inverse:  # noqa: ARG002
        """Unknown: the former value is not modelled."""
        return impossible(f"the former setting ({self.what}) of `{self.table}`")

    def effect(self, context: Context) -> Effect:
        """Brief; what is stored stays as it is. Statistics and storage go down to the tables below."""
        schema = context.schema
        heavy = self.option in {"storage", "compression"}
        mode = LockMode.ACCESS_EXCLUSIVE if heavy else LockMode.SHARE_UPDATE_EXCLUSIVE
        alone = self.only or self.option in {"options", "compression"}
        names = (self.table,) if alone else with_descendants(schema, self.table)
        return union([self._refused(context), Effect(locks=locks(mode, *names))])

    def _refused(self, context: Context) -> Effect:
        schema = context.schema
        if self.option == "compression" and context.postgres < _COMPRESSION_SINCE:
            return refused(f"SET COMPRESSION is understood from {_COMPRESSION_SINCE} on")
        if self.column is None:
            return refused("only columns of an index are called by number")
        column = column_of(schema, self.table, self.column)
        if column is None:
            return missing_column(schema, self.table, self.column)
        fixed = column.type.name in BYTES and column.type.name not in {"inet", "cidr"} and not column.type.is_array
        demanding = heavy_value(self.option, self.value)
        if fixed and demanding:
            return refused(f"`{self.table}.{self.column}` is of a type of fixed length, which is stored plain")
        return Effect()


def heavy_value(option: ColumnOption, value: str) -> bool:
    """Whether the value asks for what only types of any length can do."""
    if option == "storage":
        return value.lower() not in {"plain", "default"}
    return option == "compression" and value.lower() != "default"
