"""ALTER INDEX ... RENAME TO."""

from dataclasses import dataclass, replace

from migration_ls.operations.base import Inverse
from migration_ls.operations.context import Context
from migration_ls.operations.effect import Effect, Hazard
from migration_ls.operations.lookup import all_known, certain, exists, refused
from migration_ls.schema.dependents import relation_named
from migration_ls.schema.names import Name
from migration_ls.schema.schema import Schema


@dataclass(frozen=True, slots=True, kw_only=True)
class RenameIndex:
    """Call an index otherwise, also one that belongs to a constraint."""

    name: Name
    to: str
    if_exists: bool = False

    def apply(self, schema: Schema) -> Schema:
        """The schema with the new name."""
        found = schema.find_index(self.name.name, self.name.namespace)
        if found:
            table, index = found
            items = tuple(replace(item, name=self.to) if item is index else item for item in table.indexes)
            return schema.with_table(replace(table, indexes=items))
        for table in schema.tables.values():
            if table.name.namespace == self.name.namespace and (old := table.constraint(self.name.name)):
                renamed = table.without_constraint(self.name.name).with_constraint(replace(old, name=self.to))
                return schema.with_table(renamed)
        return schema

    def inverse(self, schema: Schema) -> Inverse:  # noqa: ARG002
        """The rename back."""
        return Inverse(operations=(RenameIndex(name=Name(self.to, self.name.namespace), to=self.name.name),))

    def effect(self, context: Context) -> Effect:
        """SHARE UPDATE EXCLUSIVE on the index alone; no lock on a table."""
        schema = context.schema
        if not (schema.find_index(self.name.name, self.name.namespace) or schema.index_owner(self.name)):
            known = certain(schema, self.name) and all_known(schema)
            if self.if_exists or not known:
                return Effect()
            return refused(f"`{self.name}` does not exist at this point", Hazard.MISSING)
        if relation_named(schema, Name(self.to, self.name.namespace)):
            return exists(f"`{self.to}`")
        return Effect()
