"""DROP TABLE."""

from dataclasses import dataclass, replace

from migration_ls.operations.base import Inverse
from migration_ls.operations.context import Context
from migration_ls.operations.effect import Effect, Hazard, locks
from migration_ls.operations.lookup import NOTHING, impossible, missing_table
from migration_ls.postgres.locks import LockMode
from migration_ls.schema.dependents import views_going_with
from migration_ls.schema.names import Name
from migration_ls.schema.schema import Schema


@dataclass(frozen=True, slots=True, kw_only=True)
class DropTable:
    """Drop a table and its rows."""

    name: Name
    if_exists: bool = False
    cascade: bool = False

    def apply(self, schema: Schema) -> Schema:
        """The schema without the table, its partitions, and keys that refer to it."""
        if schema.table(self.name) is None:
            return schema
        for partition in schema.partitions(self.name):
            schema = DropTable(name=partition.name).apply(schema)
        if self.cascade:
            gone = set(views_going_with(schema, (self.name,)))
            schema = replace(schema, views={key: view for key, view in schema.views.items() if key not in gone})
        for table in schema.referencing(self.name):
            for key in table.foreign_keys:
                if key.ref_table == self.name and key.name:
                    table = table.without_constraint(key.name)  # noqa: PLW2901
            schema = schema.with_table(table)
        return schema.without_table(self.name)

    def inverse(self, schema: Schema) -> Inverse:
        """None: making the table again brings no rows back."""
        if schema.table(self.name) is None:
            return NOTHING
        return impossible(f"the rows of `{self.name}`")

    def effect(self, context: Context) -> Effect:
        """ACCESS EXCLUSIVE on the table, its partitions, and every table it refers to or that refers to it."""
        schema = context.schema
        table = schema.table(self.name)
        if table is None:
            return Effect() if self.if_exists else missing_table(schema, self.name)
        referencing = tuple(item.name for item in schema.referencing(self.name) if item.name != self.name)
        views = tuple(name for name in views_going_with(schema, (self.name,)) if name != self.name)
        depends = not self.cascade and bool(referencing)
        viewed = not self.cascade and bool(views)
        names = (
            self.name,
            *(item.name for item in schema.partitions(self.name)),
            *(key.ref_table for key in table.foreign_keys),
            *(() if depends else referencing),
            *((table.partition_of,) if table.partition_of else ()),
            *(views if self.cascade else ()),
        )
        return Effect(
            locks=locks(LockMode.ACCESS_EXCLUSIVE, *dict.fromkeys(names)),
            loses=f"the rows of `{self.name}`",
            breaks=(Hazard.NAME_GONE,),
            fails_always=(Hazard.DEPENDENTS,) if depends or viewed else (),
            reason=f"other objects depend on `{self.name}`" if depends or viewed else "",
        )
