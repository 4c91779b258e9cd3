"""DROP SCHEMA."""

from dataclasses import dataclass, replace

from migration_ls.operations.base import Inverse
from migration_ls.operations.context import Context
from migration_ls.operations.effect import Effect, Hazard, locks
from migration_ls.operations.lookup import NOTHING, impossible
from migration_ls.postgres.locks import LockMode
from migration_ls.schema.names import Name
from migration_ls.schema.schema import Schema


@dataclass(frozen=True, slots=True, kw_only=True)
class DropNamespace:
    """Drop a namespace, and with `cascade` everything in it."""

    namespace: str
    cascade: bool = False

    def _relations(self, schema: Schema) -> tuple[Name, ...]:
        names = (*schema.tables, *schema.views, *schema.sequences)
        return tuple(name for name in dict.fromkeys(names) if name.namespace == self.namespace)

    def apply(self, schema: Schema) -> Schema:
        """The schema without what stood in the namespace."""
        if self._relations(schema) and not self.cascade:
            return schema
        keep = self.namespace
        return replace(
            schema,
            tables={name: item for name, item in schema.tables.items() if name.namespace != keep},
            views={name: item for name, item in schema.views.items() if name.namespace != keep},
            enums={name: item for name, item in schema.enums.items() if name.namespace != keep},
            sequences={name: item for name, item in schema.sequences.items() if name.namespace != keep},
            namespaces=schema.namespaces - {keep},
        )

    def inverse(self, schema: Schema) -> Inverse:
        """None when there was something in it."""
        return impossible(f"everything in `{self.namespace}`") if self._relations(schema) else NOTHING

    def effect(self, context: Context) -> Effect:
        """ACCESS EXCLUSIVE on everything in it."""
        names = self._relations(context.schema)
        if names and not self.cascade:
            reason = f"`{names[0]}` stands in `{self.namespace}`"
            return Effect(fails_always=(Hazard.DEPENDENTS,), reason=reason)
        loses = f"everything in `{self.namespace}`" if names or context.schema.uncertain_all else None
        return Effect(
            locks=locks(LockMode.ACCESS_EXCLUSIVE, *names),
            loses=loses,
            breaks=(Hazard.NAME_GONE,) if loses else (),
        )
