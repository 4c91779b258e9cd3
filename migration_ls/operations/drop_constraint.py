"""ALTER TABLE ... DROP CONSTRAINT."""

from dataclasses import dataclass, replace

from migration_ls.operations.base import Inverse
from migration_ls.operations.context import Context
from migration_ls.operations.effect import Effect, Hazard, locks
from migration_ls.operations.lookup import NOTHING, certain, missing_table, refused
from migration_ls.operations.partitioning import key_below
from migration_ls.postgres.locks import LockMode
from migration_ls.schema.dependents import descendants, parents, with_descendants
from migration_ls.schema.names import Name
from migration_ls.schema.schema import Schema
from migration_ls.schema.tables import Check, ForeignKey, PrimaryKey, Table, Unique


@dataclass(frozen=True, slots=True, kw_only=True)
class DropConstraint:
    """Drop a constraint by name."""

    table: Name
    constraint: str
    if_exists: bool = False
    cascade: bool = False

    def apply(self, schema: Schema) -> Schema:
        """The table without the constraint."""
        if self.cascade:
            for other, key in self._users(schema):
                table = schema.table(other)
                schema = schema.with_table(table.without_constraint(key)) if table else schema
        table = schema.table(self.table)
        constraint = table.constraint(self.constraint) if table else None
        if table is None or constraint is None:
            return schema
        for below in descendants(schema, self.table):
            part = key_below(below, constraint) if below.partition_of else below.constraint(self.constraint)
            if part is not None and part.name:
                schema = schema.with_table(below.without_constraint(part.name))
        return schema.with_table(schema.tables[self.table].without_constraint(self.constraint))

    def _users(self, schema: Schema) -> tuple[tuple[Name, str], ...]:
        """The foreign keys that rest on the key: table and name."""
        table = schema.table(self.table)
        constraint = table.constraint(self.constraint) if table else None
        if not isinstance(constraint, PrimaryKey | Unique):
            return ()
        return tuple(
            (other.name, key.name or "")
            for other in schema.referencing(self.table)
            for key in other.foreign_keys
            if key.ref_table == self.table and set(key.ref_columns or constraint.columns) == set(constraint.columns)
        )

    def inverse(self, schema: Schema) -> Inverse:
        """The constraint again; rows written since may violate it."""
        from migration_ls.operations.add_constraint import AddConstraint  # noqa: PLC0415 - each undoes the other

        table = schema.table(self.table)
        constraint = table.constraint(self.constraint) if table else None
        if constraint is None:
            return NOTHING
        return Inverse(operations=(AddConstraint(table=self.table, constraint=replace(constraint, origin=None)),))

    def effect(self, context: Context) -> Effect:
        """ACCESS EXCLUSIVE on the table; a foreign key's other table too."""
        schema = context.schema
        table = schema.table(self.table)
        taken = locks(LockMode.ACCESS_EXCLUSIVE, *with_descendants(schema, self.table))
        if table is None:
            return replace(missing_table(schema, self.table), locks=taken)
        constraint = table.constraint(self.constraint)
        if self._is_key_of_parent(schema, table):
            return replace(refused(f"`{self.constraint}` of `{self.table}` is inherited"), locks=taken)
        if constraint is None:
            unknown = self.if_exists or table.assumed or not certain(schema, self.table)
            return Effect(
                locks=taken,
                fails_always=() if unknown else (Hazard.MISSING,),
                reason="" if unknown else f"`{self.table}` has no constraint `{self.constraint}` at this point",
            )
        if isinstance(constraint, ForeignKey) and constraint.ref_table != self.table:
            taken = (*taken, *locks(LockMode.ACCESS_EXCLUSIVE, *with_descendants(schema, constraint.ref_table)))
        users = tuple(dict.fromkeys(name for name, _ in self._users(schema)))
        if users and not self.cascade:
            return replace(refused(f"a foreign key of `{users[0]}` depends on `{self.constraint}`"), locks=taken)
        if isinstance(constraint, Check) and self._comes_from_above(schema, table):
            return replace(refused(f"`{self.constraint}` of `{self.table}` is inherited"), locks=taken)
        return Effect(
            locks=(*taken, *locks(LockMode.ACCESS_EXCLUSIVE, *(name for name in users if name != self.table)))
        )

    def _comes_from_above(self, schema: Schema, table: Table) -> bool:
        return any((parent := schema.table(name)) and parent.constraint(self.constraint) for name in parents(table))

    def _is_key_of_parent(self, schema: Schema, table: Table) -> bool:
        """Whether the name is the one that a partition gives to a key of its parent."""
        parent = schema.table(table.partition_of) if table.partition_of else None
        if parent is None:
            return False
        made = {f"{table.name.name}_{'_'.join(unique.columns)}_key" for unique in parent.uniques}
        made |= {f"{table.name.name}_pkey"} if parent.primary_key else set()
        return self.constraint in made
