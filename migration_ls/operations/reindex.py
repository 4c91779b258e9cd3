"""REINDEX."""

from dataclasses import dataclass

from migration_ls.operations.base import Inverse
from migration_ls.operations.context import Context
from migration_ls.operations.effect import Effect, locks
from migration_ls.operations.lookup import NOTHING
from migration_ls.postgres.locks import LockMode
from migration_ls.schema.names import Name
from migration_ls.schema.schema import Schema


@dataclass(frozen=True, slots=True, kw_only=True)
class Reindex:
    """Build indexes again: one (`index`), those of a table, or (neither) those of a namespace or database."""

    table: Name | None = None
    index: Name | None = None
    concurrently: bool = False
    many: bool = False

    def apply(self, schema: Schema) -> Schema:
        """The schema as it is."""
        return schema

    def inverse(self, schema: Schema) -> Inverse:  # noqa: ARG002
        """Nothing."""
        return NOTHING

    def effect(self, context: Context) -> Effect:
        """SHARE on the table and ACCESS EXCLUSIVE on each index; CONCURRENTLY takes SHARE UPDATE EXCLUSIVE."""
        schema = context.schema
        mode = LockMode.SHARE_UPDATE_EXCLUSIVE if self.concurrently else LockMode.SHARE
        forbidden = self.concurrently or self.many
        if self.table:
            table = schema.table(self.table)
            names = tuple(index.name or "?" for index in table.indexes) if table else ("?",)
            keys = tuple(item.name or "?" for item in (*table.uniques, table.primary_key) if item) if table else ()
            builds = (*names, *keys) or ("?",)
            return Effect(
                locks=locks(mode, self.table),
                builds=builds,
                built_on=(self.table,) * len(builds),
                transaction_forbidden=forbidden,
            )
        if self.index:
            found = schema.find_index(self.index.name, self.index.namespace)
            owner = (
                found[0].name
                if found
                else next((item.name for item in schema.tables.values() if item.constraint(self.index.name)), None)
            )
            if owner is None:
                return Effect(
                    transaction_forbidden=forbidden,
                    builds=(self.index.name,),
                    analysed=False,
                    reason=f"the table of `{self.index}` is not known",
                )
            return Effect(
                locks=locks(mode, owner),
                builds=(self.index.name,),
                built_on=(owner,),
                transaction_forbidden=forbidden,
            )
        tables = tuple(schema.tables)
        return Effect(
            locks=locks(mode, *tables),
            builds=("?",) * len(tables),
            built_on=tables,
            transaction_forbidden=True,
        )
