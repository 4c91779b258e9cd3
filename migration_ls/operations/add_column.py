"""ALTER TABLE ... ADD COLUMN."""

from dataclasses import dataclass, replace

from migration_ls.operations.add_constraint import AddConstraint
from migration_ls.operations.base import Grade, Inverse
from migration_ls.operations.context import Context
from migration_ls.operations.default_fits import default_fits
from migration_ls.operations.drop_column import DropColumn
from migration_ls.operations.effect import Effect, Hazard, locks, union
from migration_ls.operations.lookup import (
    NOTHING,
    base_type,
    change_table,
    column_of,
    exists,
    missing_table,
    missing_type,
    mutable,
    refused,
    typed,
    unlike_key,
)
from migration_ls.operations.naming import numbered_column
from migration_ls.postgres.locks import LockMode
from migration_ls.schema.dependents import with_descendants, with_rows
from migration_ls.schema.functions import is_volatile
from migration_ls.schema.names import Name, type_named
from migration_ls.schema.schema import Schema
from migration_ls.schema.tables import Check, Column, Constraint, ForeignKey, PrimaryKey, RelationKind, Table


@dataclass(frozen=True, slots=True, kw_only=True)
class AddColumn:
    """Add a column, with the constraints written at it."""

    table: Name
    column: Column
    constraints: tuple[Constraint, ...] = ()
    if_not_exists: bool = False
    only: bool = False

    def apply(self, schema: Schema) -> Schema:
        """The table and those below it with the column, and its constraints."""
        if column_of(schema, self.table, self.column.name):
            return schema
        for name in (self.table,) if self.only else with_descendants(schema, self.table):
            schema = change_table(schema, name, self._with_it)
        for constraint in self.constraints:
            schema = AddConstraint(table=self.table, constraint=constraint).apply(schema)
        return schema

    def _with_it(self, table: Table) -> Table:
        """A table below keeps a column of its own that has the name."""
        if table.column(self.column.name):
            return table
        below = table.name != self.table
        # a default of NULL is not stored
        default = None if self.column.default and self.column.default.is_null else self.column.default
        return table.with_column(numbered_column(table.name, replace(self.column, default=default, inherited=below)))

    def inverse(self, schema: Schema) -> Inverse:
        """DROP COLUMN, which loses the values written since."""
        if column_of(schema, self.table, self.column.name):
            return NOTHING
        return Inverse(
            operations=(DropColumn(table=self.table, column=self.column.name),),
            grade=Grade.LOSES,
            loss=f"the values written to `{self.table}.{self.column.name}` since",
        )

    def effect(self, context: Context) -> Effect:
        """ACCESS EXCLUSIVE; rewrites for a value that differs per row, scans for a constraint that must be proven."""
        schema = context.schema
        if column_of(schema, self.table, self.column.name):
            if self.if_not_exists:
                return Effect(locks=locks(LockMode.ACCESS_EXCLUSIVE, self.table))
            return replace(
                exists(f"the column `{self.table}.{self.column.name}`"),
                locks=locks(LockMode.ACCESS_EXCLUSIVE, self.table),
            )
        parts = [
            missing_table(schema, self.table),
            missing_type(schema, self.column.type),
            typed(schema.table(self.table)),
            self._refused(schema),
            mutable(schema, self.column.generated, f"the generated column `{self.column.name}`"),
            self._own_effect(schema),
        ]
        parts += [self._constraint_effect(schema, constraint) for constraint in self.constraints]
        return union(parts)

    def _refused(self, schema: Schema) -> Effect:
        table = schema.table(self.table)
        if schema.kind(self.table) in _COLUMNLESS:
            return refused(f"`{self.table}` is a {schema.kind(self.table)}, which takes no new column")
        column, where = self.column, f"`{self.table}.{self.column.name}`"
        if column.default is not None and (column.autoincrement or column.identity or column.generated):
            return refused(f"{where} has a default, and a way to make its values besides")
        if not default_fits(base_type(schema, column.type), column.default):
            return refused(f"`{column.default.text if column.default else ''}` is no `{column.type}`")
        if table and table.primary_key and any(isinstance(item, PrimaryKey) for item in self.constraints):
            return refused(f"`{self.table}` has a primary key already")
        for key in self.constraints:
            if isinstance(key, ForeignKey) and (why := unlike_key(schema, (column,), key)):
                return refused(why)
        if table and table.partition_of:
            return refused(f"`{self.table}` is a partition: a column is added to `{table.partition_of}`")
        if self.only and schema.children(self.table):
            return refused(f"a column of `{self.table}` has to be added to the tables below it too")
        return Effect()

    def _own_effect(self, schema: Schema) -> Effect:
        names = with_descendants(schema, self.table)
        rows = with_rows(schema, names)
        why = self._rewrite_reason(schema)
        domain = schema.domains.get(type_named(self.column.type.name))
        not_null = self.column.nullable is False or (domain is not None and not domain.nullable)
        required = not_null and not self.column.has_default
        return Effect(
            locks=locks(LockMode.ACCESS_EXCLUSIVE, *names),
            rewrites=rows if why else (),
            scans=rows if required and not why else (),
            fails=(Hazard.NO_VALUE,) if required else (),
            breaks=(Hazard.REQUIRED,) if required else (),
            reason=why,
        )

    def _rewrite_reason(self, schema: Schema) -> str:
        column = self.column
        if column.generated and not column.virtual:
            return "a stored generated column is computed for every row"
        if column.autoincrement or column.identity:
            return "every row gets its own number"
        domain = schema.domains.get(type_named(column.type.name))
        if domain and (domain.checks or not domain.nullable):
            return "the value of a domain with constraints is checked for every row"
        if column.default and is_volatile(schema, column.default):
            return f"the default `{column.default.text}` is volatile: it is computed for every row"
        return ""

    def _constraint_effect(self, schema: Schema, constraint: Constraint) -> Effect:
        rows = with_rows(schema, with_descendants(schema, self.table))
        match constraint:
            case ForeignKey():
                scans = (*rows, constraint.ref_table) if self.column.default else ()
                taken = locks(LockMode.SHARE_ROW_EXCLUSIVE, constraint.ref_table)
                return Effect(locks=taken, scans=scans, fails=(Hazard.ORPHANS,) if scans else ())
            case Check():
                constant_null = self.column.default is None and not self.column.has_default
                return Effect(
                    scans=rows,
                    fails=() if constant_null else (Hazard.VIOLATIONS,),
                )
            case _:
                return Effect(
                    builds=(constraint.name or "?",) * len(rows),
                    built_on=rows,
                    fails=(Hazard.DUPLICATES,) if self.column.default and not self.column.default.is_null else (),
                )


_COLUMNLESS = frozenset({RelationKind.VIEW, RelationKind.MATERIALIZED_VIEW, RelationKind.SEQUENCE})
