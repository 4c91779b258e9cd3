"""DROP SCHEMA."""

from dataclasses import dataclass, replace

from migration_ls.operations.base import Inverse
from migration_ls.operations.context import Context
from migration_ls.operations.drop_table import DropTable
from migration_ls.operations.drop_type import DropType
from migration_ls.operations.effect import Effect, Hazard, locks, union
from migration_ls.operations.lookup import NOTHING, impossible, missing_namespace, refused
from migration_ls.postgres.locks import LockMode
from migration_ls.schema.dependents import views_going_with
from migration_ls.schema.names import Name
from migration_ls.schema.schema import Schema


@dataclass(frozen=True, slots=True, kw_only=True)
class DropNamespace:
    """Drop a namespace, and with `cascade` everything in it."""

    namespace: str
    cascade: bool = False
    if_exists: bool = False

    def _relations(self, schema: Schema) -> tuple[Name, ...]:
        names = (*schema.tables, *schema.views, *schema.sequences)
        return tuple(name for name in dict.fromkeys(names) if name.namespace == self.namespace)

    def apply(self, schema: Schema) -> Schema:
        """The schema without what stood in the namespace."""
        if self._relations(schema) and not self.cascade:
            return schema
        keep = self.namespace
        for name in [name for name in schema.tables if name.namespace == keep]:
            schema = DropTable(name=name, cascade=True).apply(schema)
        for name in [name for name in (*schema.enums, *schema.domains, *schema.types) if name.namespace == keep]:
            schema = DropType(name=name, cascade=True).apply(schema)
        return replace(
            schema,
            tables={name: item for name, item in schema.tables.items() if name.namespace != keep},
            views={name: item for name, item in schema.views.items() if name.namespace != keep},
            sequences={name: item for name, item in schema.sequences.items() if name.namespace != keep},
            functions={key: item for key, item in schema.functions.items() if item.name.namespace != keep},
            namespaces=schema.namespaces - {keep},
        )

    def inverse(self, schema: Schema) -> Inverse:
        """None when there was something in it."""
        return impossible(f"everything in `{self.namespace}`") if self._relations(schema) else NOTHING

    def effect(self, context: Context) -> Effect:
        """ACCESS EXCLUSIVE on everything in it, and on what its tables are tied to."""
        schema = context.schema
        names = self._relations(schema)
        if names and not self.cascade:
            reason = f"`{names[0]}` stands in `{self.namespace}`"
            return refused(reason)
        if not names and not self.if_exists and missing_namespace(schema, self.namespace).fails_always:
            return missing_namespace(schema, self.namespace)
        views = views_going_with(schema, names)
        parts = [Effect(locks=locks(LockMode.ACCESS_EXCLUSIVE, *names, *(v for v in views if v not in names)))]
        parts += [
            Effect(locks=DropTable(name=name, cascade=True).effect(context).locks)
            for name in names
            if name in schema.tables and name not in schema.views
        ]
        loses = f"everything in `{self.namespace}`" if names or schema.uncertain_all else None
        parts.append(Effect(loses=loses, breaks=(Hazard.NAME_GONE,) if loses else ()))
        return union(parts)
