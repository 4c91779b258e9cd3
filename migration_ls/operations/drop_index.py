"""DROP INDEX."""

from dataclasses import dataclass, field, replace

from migration_ls.operations.base import Inverse
from migration_ls.operations.context import Context
from migration_ls.operations.effect import Effect, Hazard, locks
from migration_ls.operations.lookup import NOTHING
from migration_ls.postgres.locks import LockMode
from migration_ls.schema.names import Name
from migration_ls.schema.schema import Schema


@dataclass(frozen=True, slots=True, kw_only=True)
class DropIndex:
    """Drop an index by name. `table` is its table where the writer knows it; the statement does not say."""

    name: Name
    concurrently: bool = False
    if_exists: bool = False
    cascade: bool = False
    table: Name | None = field(default=None, compare=False)

    def apply(self, schema: Schema) -> Schema:
        """The table without the index."""
        found = schema.find_index(self.name.name, self.name.namespace)
        if found is None:
            return schema
        table, index = found
        return schema.with_table(
            replace(table, indexes=tuple(item for item in table.indexes if item.name != index.name))
        )

    def inverse(self, schema: Schema) -> Inverse:
        """The same index again."""
        from migration_ls.operations.create_index import CreateIndex  # noqa: PLC0415 - each undoes the other

        found = schema.find_index(self.name.name, self.name.namespace)
        if found is None:
            return NOTHING
        table, index = found
        return Inverse(
            operations=(
                CreateIndex(
                    table=table.name, index=replace(index, origin=None, valid=True), concurrently=self.concurrently
                ),
            )
        )

    def effect(self, context: Context) -> Effect:
        """ACCESS EXCLUSIVE on the index's table; CONCURRENTLY takes SHARE UPDATE EXCLUSIVE, outside a transaction."""
        schema = context.schema
        found = schema.find_index(self.name.name, self.name.namespace)
        mode = LockMode.SHARE_UPDATE_EXCLUSIVE if self.concurrently else LockMode.ACCESS_EXCLUSIVE
        base = Effect(
            transaction_forbidden=self.concurrently,
            waits_for_transactions=self.concurrently,
        )
        if found:
            return replace(base, locks=locks(mode, found[0].name))
        for table in schema.tables.values():
            if table.name.namespace == self.name.namespace and table.constraint(self.name.name):
                return replace(
                    base,
                    locks=locks(mode, table.name),
                    fails_always=(Hazard.DEPENDENTS,),
                    reason=f"the index belongs to a constraint of `{table.name}`",
                )
        if self.table:
            return replace(base, locks=locks(mode, self.table))
        if self.if_exists:
            return base
        if schema.uncertain_all:
            return replace(base, reason=f"the table of `{self.name}` is not known", analysed=False)
        return replace(base, fails_always=(Hazard.MISSING,), reason=f"`{self.name}` does not exist at this point")
