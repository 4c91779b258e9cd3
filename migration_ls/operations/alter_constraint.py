"""ALTER TABLE ... ALTER CONSTRAINT: when a foreign key is checked."""

from dataclasses import dataclass, replace

from migration_ls.operations.base import Inverse
from migration_ls.operations.context import Context
from migration_ls.operations.effect import Effect, Hazard, locks
from migration_ls.operations.lookup import NOTHING, certain, change_table, missing_table, refused
from migration_ls.postgres.locks import LockMode
from migration_ls.schema.dependents import with_descendants
from migration_ls.schema.names import Name
from migration_ls.schema.schema import Schema
from migration_ls.schema.tables import ForeignKey, Table


@dataclass(frozen=True, slots=True, kw_only=True)
class AlterConstraint:
    """Let a foreign key be checked at the end of a transaction, or no more."""

    table: Name
    constraint: str
    deferrable: bool
    deferred: bool = False

    def apply(self, schema: Schema) -> Schema:
        """The table with the key changed."""
        return change_table(schema, self.table, self._changed)

    def _changed(self, table: Table) -> Table:
        key = table.constraint(self.constraint)
        return table.with_constraint(self._set(key)) if isinstance(key, ForeignKey) else table

    def _set(self, key: ForeignKey) -> ForeignKey:
        return replace(key, deferrable=self.deferrable, deferred=self.deferred)

    def inverse(self, schema: Schema) -> Inverse:
        """The key as it was."""
        table = schema.table(self.table)
        key = table.constraint(self.constraint) if table else None
        if not isinstance(key, ForeignKey):
            return NOTHING
        back = AlterConstraint(
            table=self.table, constraint=self.constraint, deferrable=key.deferrable, deferred=key.deferred
        )
        return Inverse(operations=(back,))

    def effect(self, context: Context) -> Effect:
        """ACCESS EXCLUSIVE, brief; only foreign keys can be altered."""
        schema = context.schema
        table = schema.table(self.table)
        refusal = missing_table(schema, self.table)
        if table is not None and not table.assumed and certain(schema, self.table):
            key = table.constraint(self.constraint)
            if key is None:
                why = f"`{self.table}` has no constraint `{self.constraint}` at this point"
                refusal = refused(why, Hazard.MISSING)
            elif not isinstance(key, ForeignKey):
                refusal = refused(f"`{self.constraint}` of `{self.table}` is no foreign key")
        return replace(refusal, locks=locks(LockMode.ACCESS_EXCLUSIVE, *with_descendants(schema, self.table)))
