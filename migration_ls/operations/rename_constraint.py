"""ALTER TABLE ... RENAME CONSTRAINT."""

from dataclasses import dataclass, replace

from migration_ls.operations.base import Inverse
from migration_ls.operations.context import Context
from migration_ls.operations.effect import Effect, Hazard, locks
from migration_ls.operations.lookup import certain, change_table, exists, missing_table, refused
from migration_ls.postgres.locks import LockMode
from migration_ls.schema.dependents import with_descendants
from migration_ls.schema.names import Name
from migration_ls.schema.schema import Schema
from migration_ls.schema.tables import Check, Table


@dataclass(frozen=True, slots=True, kw_only=True)
class RenameConstraint:
    """Call a constraint otherwise."""

    table: Name
    constraint: str
    to: str

    def apply(self, schema: Schema) -> Schema:
        """The table with the constraint's new name."""
        for name in self._tables(schema):
            schema = change_table(schema, name, self._renamed)
        return schema

    def _tables(self, schema: Schema) -> tuple[Name, ...]:
        """A check is the children's too; keys of partitions have names of their own."""
        table = schema.table(self.table)
        is_check = table is None or isinstance(table.constraint(self.constraint), Check)
        return with_descendants(schema, self.table) if is_check else (self.table,)

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
        schema = context.schema
        table = schema.table(self.table)
        refusal = missing_table(schema, self.table)
        if table and table.constraint(self.constraint) is None and certain(schema, self.table) and not table.assumed:
            refusal = refused(f"`{self.table}` has no constraint `{self.constraint}` at this point", Hazard.MISSING)
        elif table and (table.constraint(self.to) or table.index(self.to)):
            refusal = exists(f"the constraint `{self.to}` of `{self.table}`")
        return replace(refusal, locks=locks(LockMode.ACCESS_EXCLUSIVE, *self._tables(schema)))
