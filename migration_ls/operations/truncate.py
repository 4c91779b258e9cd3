"""TRUNCATE."""

from dataclasses import dataclass

from migration_ls.operations.base import Inverse
from migration_ls.operations.context import Context
from migration_ls.operations.effect import Effect, Hazard, locks
from migration_ls.operations.lookup import impossible
from migration_ls.postgres.locks import LockMode
from migration_ls.schema.names import Name
from migration_ls.schema.schema import Schema


@dataclass(frozen=True, slots=True, kw_only=True)
class Truncate:
    """Empty tables; with `cascade` also those that refer to them."""

    tables: tuple[Name, ...]
    cascade: bool = False

    def apply(self, schema: Schema) -> Schema:
        """The schema as it is."""
        return schema

    def inverse(self, schema: Schema) -> Inverse:  # noqa: ARG002
        """None."""
        return impossible(f"the rows of {', '.join(f'`{table}`' for table in self.tables)}")

    def effect(self, context: Context) -> Effect:
        """ACCESS EXCLUSIVE; every row is gone."""
        schema = context.schema
        names = list(self.tables)
        for name in names:
            names += [child.name for child in schema.partitions(name) if child.name not in names]
            if self.cascade:
                names += [table.name for table in schema.referencing(name) if table.name not in names]
        referenced = [
            name for name in names if not self.cascade for table in schema.referencing(name) if table.name not in names
        ]
        return Effect(
            locks=locks(LockMode.ACCESS_EXCLUSIVE, *names),
            rewrites=tuple(names),
            loses=f"the rows of {' and '.join(f'`{name}`' for name in names)}",
            fails_always=(Hazard.DEPENDENTS,) if referenced else (),
            reason=f"a foreign key refers to `{referenced[0]}`" if referenced else "",
        )
