"""CREATE TABLE."""

from dataclasses import dataclass, replace

from migration_ls.operations.base import Grade, Inverse
from migration_ls.operations.context import Context
from migration_ls.operations.drop_table import DropTable
from migration_ls.operations.effect import Effect, locks
from migration_ls.operations.lookup import NOTHING, exists
from migration_ls.operations.naming import named_constraints, numbered
from migration_ls.postgres.locks import LockMode
from migration_ls.schema.names import Name
from migration_ls.schema.schema import Schema
from migration_ls.schema.tables import Column, Table


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateTable:
    """Make a table with everything in it; `likes` are tables whose columns are copied (`LIKE`).

    `bound` is the `FOR VALUES ...` of a partition, or `DEFAULT`.
    """

    table: Table
    if_not_exists: bool = False
    likes: tuple[Name, ...] = ()
    bound: str | None = None

    def apply(self, schema: Schema) -> Schema:
        """The schema with the table; a partition or child gets its parent's columns."""
        if schema.kind(self.table.name) is not None:
            return schema
        inherited: dict[str, Column] = {}
        for name in (
            *self.table.inherits,
            *((self.table.partition_of,) if self.table.partition_of else ()),
            *self.likes,
        ):
            parent = schema.table(name)
            inherited |= {column.name: column for column in parent.columns} if parent else {}
        own = {column.name: column for column in self.table.columns}
        table = replace(self.table, columns=tuple((inherited | own).values())) if inherited else self.table
        return schema.with_table(numbered(named_constraints(table)))

    def inverse(self, schema: Schema) -> Inverse:
        """DROP TABLE, which loses the rows written since."""
        if schema.kind(self.table.name) is not None:
            return NOTHING
        return Inverse(
            operations=(DropTable(name=self.table.name),),
            grade=Grade.LOSES,
            loss=f"the rows written to `{self.table.name}` since",
        )

    def effect(self, context: Context) -> Effect:
        """Locks only the tables that foreign keys refer to, and the parent of a partition."""
        schema = context.schema
        if schema.kind(self.table.name) is not None:
            return Effect() if self.if_not_exists else exists(f"`{self.table.name}`")
        referenced = tuple(
            dict.fromkeys(key.ref_table for key in self.table.foreign_keys if key.ref_table != self.table.name)
        )
        taken = locks(LockMode.SHARE_ROW_EXCLUSIVE, *referenced)
        if self.table.partition_of:
            default = next(
                (item for item in schema.partitions(self.table.partition_of) if item.is_default_partition), None
            )
            scans = (default.name,) if default and not self.table.is_default_partition else ()
            taken = (*taken, *locks(LockMode.ACCESS_EXCLUSIVE, self.table.partition_of, *scans))
            return Effect(locks=taken, scans=scans)
        return Effect(locks=(*taken, *locks(LockMode.SHARE_UPDATE_EXCLUSIVE, *self.table.inherits)))
