"""ALTER SCHEMA ... RENAME TO."""

from dataclasses import dataclass, replace

from migration_ls.operations.base import Inverse
from migration_ls.operations.context import Context
from migration_ls.operations.effect import Effect, Hazard
from migration_ls.operations.lookup import exists, missing_namespace
from migration_ls.operations.rename_table import RenameTable
from migration_ls.operations.rename_type import RenameType
from migration_ls.schema.names import Name
from migration_ls.schema.schema import Schema


@dataclass(frozen=True, slots=True, kw_only=True)
class RenameNamespace:
    """Call a namespace otherwise; what stands in it is found under the new name."""

    namespace: str
    to: str

    def apply(self, schema: Schema) -> Schema:
        """The schema with everything that stood in the namespace under its new name."""
        if self.to in schema.namespaces:
            return schema
        relations = dict.fromkeys((*schema.tables, *schema.views, *schema.sequences))
        for name in [name for name in relations if name.namespace == self.namespace]:
            schema = RenameTable(name=name, to=name.name, to_namespace=self.to).apply(schema)
        for name in [name for name in (*schema.enums, *schema.domains, *schema.types) if self._holds(name)]:
            schema = RenameType(name=name, to=name.name, to_namespace=self.to).apply(schema)
        namespaces = schema.namespaces - {self.namespace} | {self.to}
        functions = [
            replace(item, name=Name(item.name.name, self.to)) if self._holds(item.name) else item
            for item in schema.functions.values()
        ]
        return replace(schema, namespaces=namespaces, functions={item.signature: item for item in functions})

    def _holds(self, name: Name) -> bool:
        return name.namespace == self.namespace

    def inverse(self, schema: Schema) -> Inverse:  # noqa: ARG002
        """The rename back."""
        return Inverse(operations=(RenameNamespace(namespace=self.to, to=self.namespace),))

    def effect(self, context: Context) -> Effect:
        """No lock on any relation; the running release no longer finds what stands in it."""
        schema = context.schema
        if self.to in schema.namespaces:
            return exists(f"the namespace `{self.to}`")
        missing = missing_namespace(schema, self.namespace)
        if missing.fails_always:
            return missing
        # also what is not modelled may stand in one that was there before
        made_here = context.base is not None and self.namespace not in context.base.namespaces
        return Effect(breaks=() if made_here and not schema.uncertain_all else (Hazard.NAME_GONE,))
