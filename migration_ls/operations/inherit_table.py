"""ALTER TABLE ... INHERIT and NO INHERIT."""

from dataclasses import dataclass, replace

from migration_ls.operations.base import Inverse
from migration_ls.operations.context import Context
from migration_ls.operations.effect import Effect, Hazard, Lock, union
from migration_ls.operations.lookup import NOTHING, certain, change_table, missing_table, refused
from migration_ls.postgres.locks import LockMode
from migration_ls.schema.dependents import with_descendants
from migration_ls.schema.names import Name
from migration_ls.schema.schema import Schema
from migration_ls.schema.tables import Check, Table


@dataclass(frozen=True, slots=True, kw_only=True)
class InheritTable:
    """Make a table a child of another, or (not `adds`) no longer."""

    table: Name
    parent: Name
    adds: bool = True

    def apply(self, schema: Schema) -> Schema:
        """The table with one parent more or less."""
        if self._refused(schema).fails_always:
            return schema
        return change_table(schema, self.table, self._changed)

    def _changed(self, table: Table) -> Table:
        kept = tuple(name for name in table.inherits if name != self.parent)
        if self.adds:
            return replace(table, inherits=(*kept, self.parent))
        columns = tuple(replace(column, inherited=bool(kept) and column.inherited) for column in table.columns)
        return replace(table, inherits=kept, columns=columns)

    def inverse(self, schema: Schema) -> Inverse:
        """The other of the two."""
        if self._refused(schema).fails_always:
            return NOTHING
        return Inverse(operations=(InheritTable(table=self.table, parent=self.parent, adds=not self.adds),))

    def effect(self, context: Context) -> Effect:
        """ACCESS EXCLUSIVE on the child, brief: its columns and checks are compared, no row is read."""
        mode = LockMode.SHARE_UPDATE_EXCLUSIVE if self.adds else LockMode.ACCESS_SHARE
        taken = (Lock(self.table, LockMode.ACCESS_EXCLUSIVE), Lock(self.parent, mode))
        return union([self._refused(context.schema), Effect(locks=taken)])

    def _refused(self, schema: Schema) -> Effect:
        table, parent = schema.table(self.table), schema.table(self.parent)
        for name, found in ((self.table, table), (self.parent, parent)):
            if found is None:
                return missing_table(schema, name)
        assert table is not None
        assert parent is not None
        if table.partition_of:
            return refused(f"`{self.table}` is a partition, and inherits from `{table.partition_of}` alone")
        if not self.adds:
            if self.parent in table.inherits or not certain(schema, self.table) or table.assumed:
                return Effect()
            return refused(f"`{self.table}` does not inherit from `{self.parent}`", Hazard.MISSING)
        if self.parent in with_descendants(schema, self.table):
            return refused(f"`{self.parent}` inherits from `{self.table}`, or is it")
        if self.parent in table.inherits:
            return refused(f"`{self.table}` inherits from `{self.parent}` already", Hazard.EXISTS)
        return self._unlike(table, parent)

    def _unlike(self, table: Table, parent: Table) -> Effect:
        """What the child lacks of the parent."""
        if table.assumed or parent.assumed:
            return Effect()
        for column in parent.columns:
            mine = table.column(column.name)
            if mine is None:
                return refused(f"`{self.table}` has no column `{column.name}`, as `{self.parent}` has")
            if mine.type != column.type:
                return refused(f"`{self.table}.{column.name}` is `{mine.type}`, not `{column.type}`")
            if column.nullable is False and mine.nullable:
                return refused(f"`{self.table}.{column.name}` is nullable, and not so in `{self.parent}`")
        for check in parent.checks:
            own = table.constraint(check.name) if check.name else None
            if not isinstance(own, Check) or own.expression != check.expression:
                return refused(f"`{self.table}` has no check `{check.name}`, as `{self.parent}` has")
        return Effect()
