"""ALTER TABLE ... RENAME CONSTRAINT."""

from dataclasses import dataclass, replace

from migration_ls.operations.base import Inverse
from migration_ls.operations.context import Context
from migration_ls.operations.effect import Effect, locks
from migration_ls.operations.lookup import change_table, missing_table
from migration_ls.postgres.locks import LockMode
from migration_ls.schema.names import Name
from migration_ls.schema.schema import Schema
from migration_ls.schema.tables import Table


@dataclass(frozen=True, slots=True, kw_only=True)
class RenameConstraint:
    """Call a constraint otherwise."""

    table: Name
    constraint: str
    to: str

    def apply(self, schema: Schema) -> Schema:
        """The table with the constraint's new name."""
        return change_table(schema, self.table, self._renamed)

    def _renamed(self, table: Table) -> Table:
        constraint = table.constraint(self.constraint)
        if constraint is None:
            return table
        return table.without_constraint(self.constraint).with_constraint(replace(constraint, name=self.to))

    def inverse(self, schema: Schema) -> Inverse:  # noqa: ARG002
        """The rename back."""
        return Inverse(operations=(RenameConstraint(table=self.table, constraint=self.to, to=self.constraint),))

    def effect(self, context: Context) -> Effect:
        """ACCESS EXCLUSIVE, brief."""
        return replace(missing_table(context.schema, self.table), locks=locks(LockMode.ACCESS_EXCLUSIVE, self.table))
