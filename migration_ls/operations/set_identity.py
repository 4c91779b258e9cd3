"""ALTER TABLE ... ALTER COLUMN ... ADD GENERATED AS IDENTITY, DROP IDENTITY, DROP EXPRESSION."""

from dataclasses import dataclass, replace
from typing import Literal

from migration_ls.operations.add_column import AddColumn
from migration_ls.operations.base import Grade, Inverse
from migration_ls.operations.context import Context
from migration_ls.operations.drop_column import DropColumn
from migration_ls.operations.effect import Effect, Hazard, locks
from migration_ls.operations.lookup import NOTHING, change_table, column_of, missing_column, refused
from migration_ls.operations.naming import numbered_column
from migration_ls.postgres.locks import LockMode
from migration_ls.schema.dependents import with_descendants
from migration_ls.schema.names import Name
from migration_ls.schema.schema import Schema
from migration_ls.schema.tables import Column, RelationKind, Table


@dataclass(frozen=True, slots=True, kw_only=True)
class SetIdentity:
    """Make a column an identity column, or (None) an ordinary one; `drops_expression` ends its being generated."""

    table: Name
    column: str
    identity: Literal["always", "by default"] | None
    drops_expression: bool = False
    adds: bool | None = None
    """True for ADD GENERATED, which wants a column that is none yet, False for SET; None for the one that fits."""
    if_exists: bool = False
    restarts: bool = False
    """Whether only its sequence changes (RESTART, SET INCREMENT), and `identity` says nothing."""

    def apply(self, schema: Schema) -> Schema:
        """The table with the column changed."""
        return change_table(schema, self.table, self._changed)

    def _changed(self, table: Table) -> Table:
        column = table.column(self.column)
        if column is None or self.restarts:
            return table
        generated = None if self.drops_expression else column.generated
        sequence = column.sequence if self.identity or self.drops_expression else None
        changed = replace(column, identity=self.identity, generated=generated, sequence=sequence)
        return table.with_column(numbered_column(table.name, changed))

    def inverse(self, schema: Schema) -> Inverse:
        """What the column was."""
        column = column_of(schema, self.table, self.column)
        if column is None or self.restarts:
            return NOTHING
        if self.drops_expression:
            if column.generated is None:
                return NOTHING
            back = AddColumn(table=self.table, column=replace(column, origin=None, places=()))
            return Inverse(
                operations=(DropColumn(table=self.table, column=self.column), back),
                grade=Grade.LOSES,
                loss=f"values written to `{self.table}.{self.column}` since: they are computed again",
            )
        return Inverse(operations=(SetIdentity(table=self.table, column=self.column, identity=column.identity),))

    def effect(self, context: Context) -> Effect:
        """ACCESS EXCLUSIVE, brief."""
        column = column_of(context.schema, self.table, self.column)
        gone = self.identity is None and not self.drops_expression and column is not None and bool(column.identity)
        refusal = self._refused(column) if column else missing_column(context.schema, self.table, self.column)
        mode = LockMode.ACCESS_EXCLUSIVE if self.identity is None else LockMode.SHARE_ROW_EXCLUSIVE
        own = column.sequence if column and self.adds is not True and not self.drops_expression else None
        return replace(
            refusal,
            locks=(
                *locks(LockMode.ACCESS_EXCLUSIVE, *self._names(context)),
                *(locks(mode, own) if own and column and column.identity else ()),
            ),
            breaks=(Hazard.DEFAULT_GONE,) if gone else (Hazard.NEW_RESTRICTION,) if self._stops(column) else (),
        )

    def _stops(self, column: Column | None) -> bool:
        """Whether INSERTs that give a value, as they may up to now, are refused from now on."""
        return self.identity == "always" and not self.restarts and column is not None and column.identity != "always"

    def _names(self, context: Context) -> tuple[Name, ...]:
        """The table and what is below it: of identities the partitions since 17, of expressions all."""
        names = with_descendants(context.schema, self.table)
        table = context.schema.table(self.table)
        column = table.column(self.column) if table else None
        shared = table is not None and table.kind is RelationKind.PARTITIONED and context.postgres >= _SHARED_SINCE
        if self.if_exists and column and not column.identity and not self.drops_expression:
            shared = False
        return names if self.drops_expression or shared else names[:1]

    def _refused(self, column: Column) -> Effect:
        where = f"`{self.table}.{self.column}`"
        if self.drops_expression:
            wrong = not column.generated and not self.if_exists
            return refused(f"{where} is no stored generated column") if wrong else Effect()
        adds = self.adds if self.adds is not None else self.identity is not None and not column.identity
        if adds and column.nullable is not False:
            return refused(f"{where} has to be NOT NULL first")
        if adds and column.has_default:
            return refused(f"{where} has a default or an identity already")
        if not adds and not column.identity and not self.if_exists:
            return refused(f"{where} is no identity column")
        return Effect()


_SHARED_SINCE = 17
