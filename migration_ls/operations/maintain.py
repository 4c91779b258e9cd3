"""VACUUM and ANALYZE."""

from dataclasses import dataclass

from migration_ls.operations.base import Inverse
from migration_ls.operations.context import Context
from migration_ls.operations.effect import Effect, locks, union
from migration_ls.operations.lookup import NOTHING, missing_table
from migration_ls.postgres.locks import LockMode
from migration_ls.schema.dependents import descendants, with_rows
from migration_ls.schema.names import Name
from migration_ls.schema.schema import Schema
from migration_ls.schema.tables import RelationKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Maintain:
    """Clean tables up or take their statistics; no tables are all of them."""

    tables: tuple[Name, ...]
    vacuums: bool = False

    @property
    def what(self) -> str:
        """Its first word."""
        return "VACUUM" if self.vacuums else "ANALYZE"

    def apply(self, schema: Schema) -> Schema:
        """The schema as it is."""
        return schema

    def inverse(self, schema: Schema) -> Inverse:  # noqa: ARG002
        """Nothing."""
        return NOTHING

    def effect(self, context: Context) -> Effect:
        """SHARE UPDATE EXCLUSIVE: nobody waits."""
        schema = context.schema
        parts = [Effect(transaction_forbidden=self.vacuums)]
        for name in self.tables or with_rows(schema, schema.tables):
            kind = schema.kind(name)
            parts.append(missing_table(schema, name))
            if kind in {RelationKind.VIEW, RelationKind.SEQUENCE}:
                continue
            parts.append(Effect(locks=locks(LockMode.SHARE_UPDATE_EXCLUSIVE, name)))
            for child in descendants(schema, name):
                heir = child.partition_of is None
                if not (heir and self.vacuums):
                    looked_at = heir and context.postgres < _HEIRS_LOCKED_SINCE
                    mode = LockMode.ACCESS_SHARE if looked_at else LockMode.SHARE_UPDATE_EXCLUSIVE
                    parts.append(Effect(locks=locks(mode, child.name)))
        return union(parts)


_HEIRS_LOCKED_SINCE = 18
