"""ALTER TABLE ... CLUSTER ON, REPLICA IDENTITY USING INDEX: an index is given a part to play."""

from dataclasses import dataclass

from migration_ls.operations.base import Inverse
from migration_ls.operations.context import Context
from migration_ls.operations.effect import Effect, Hazard, locks, union
from migration_ls.operations.lookup import certain, impossible, missing_table, noted, refused
from migration_ls.postgres.locks import LockMode
from migration_ls.schema.names import Name
from migration_ls.schema.schema import Schema
from migration_ls.schema.tables import Exclusion, PrimaryKey, RelationKind, Table, Unique


@dataclass(frozen=True, slots=True, kw_only=True)
class UseIndex:
    """Mark the index by which CLUSTER sorts, or (`identifies`) whose columns name a row to replicas."""

    table: Name
    index: str
    what: str
    identifies: bool = False

    def apply(self, schema: Schema) -> Schema:
        """The schema with a note of what names its rows to replicas."""
        return noted(schema, self.table, self.what) if self.identifies else schema

    def inverse(self, schema: Schema) -> Inverse:  # noqa: ARG002
        """Unknown: the former mark is not modelled."""
        return impossible(f"the former setting ({self.what}) of `{self.table}`")

    def effect(self, context: Context) -> Effect:
        """Brief: a mark in the catalog."""
        schema = context.schema
        table = schema.table(self.table)
        mode = LockMode.ACCESS_EXCLUSIVE if self.identifies else LockMode.SHARE_UPDATE_EXCLUSIVE
        found = self._refused(schema, table) if table else missing_table(schema, self.table)
        return union([found, Effect(locks=locks(mode, self.table))])

    def _refused(self, schema: Schema, table: Table) -> Effect:
        if table.kind is RelationKind.PARTITIONED and not self.identifies:
            return refused(f"`{self.table}` is partitioned, and has no rows to sort")
        index, constraint = table.index(self.index), table.constraint(self.index)
        if index is None and not isinstance(constraint, PrimaryKey | Unique | Exclusion):
            if table.assumed or not certain(schema, self.table):
                return Effect()
            return refused(f"`{self.table}` has no index `{self.index}` at this point", Hazard.MISSING)
        if not self.identifies:
            clusters = index is None or index.where is None
            return Effect() if clusters else refused(f"`{self.index}` is partial, and does not hold every row")
        if index is not None and (not index.unique or index.where or any(part.is_expression for part in index.parts)):
            return refused(f"`{self.index}` is not unique over plain columns for every row")
        if isinstance(constraint, Exclusion) or (isinstance(constraint, Unique) and constraint.deferrable):
            return refused(f"`{self.index}` does not tell rows apart at once")
        columns = index.columns if index else constraint.columns if isinstance(constraint, Unique) else ()
        nullable = [name for name in columns if (column := table.column(name)) and column.nullable]
        return refused(f"`{self.index}` has the nullable column `{nullable[0]}`") if nullable else Effect()
