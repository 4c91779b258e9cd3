"""ALTER TABLE ... ALTER COLUMN ... TYPE."""

import re
from dataclasses import dataclass, replace

from migration_ls.operations import probes
from migration_ls.operations.base import Grade, Inverse
from migration_ls.operations.context import Context
from migration_ls.operations.create_sequence import COUNTING, counting_apart
from migration_ls.operations.effect import Effect, Hazard, Probe, locks, union
from migration_ls.operations.lookup import (
    NOTHING,
    base_type,
    change_table,
    column_of,
    is_inherited,
    missing_column,
    missing_type,
    refused,
    typed,
)
from migration_ls.postgres.casts import COLLATABLE, TypeChange, comparable, index_family, is_number, type_change
from migration_ls.postgres.locks import LockMode
from migration_ls.postgres.quoting import identifier
from migration_ls.postgres.types import ColumnType, parse_type
from migration_ls.schema.dependents import keys_to, views_on, with_descendants, with_rows
from migration_ls.schema.expression import Expression, mentions
from migration_ls.schema.names import Name, type_named
from migration_ls.schema.schema import Schema
from migration_ls.schema.tables import Column, Table


@dataclass(frozen=True, slots=True, kw_only=True)
class SetType:
    """Give a column another type; `using` is the expression that makes the new values."""

    table: Name
    column: str
    type: ColumnType
    using: Expression | None = None
    collation: str | None = None
    only: bool = False

    def apply(self, schema: Schema) -> Schema:
        """The table and those below it with the column's new type."""
        column = column_of(schema, self.table, self.column)
        if column and column.autoincrement and self.type.name not in COUNTING:
            schema = counting_apart(schema, self.table, column)
        for name in with_descendants(schema, self.table):
            schema = change_table(schema, name, self._changed)
        return schema

    def _changed(self, table: Table) -> Table:
        column = table.column(self.column)
        if column is None:
            return table
        collation = column.collation if self.collation is None else self.collation
        return table.with_column(
            replace(column, type=self.type, collation=None if collation == "default" else collation)
        )

    def inverse(self, schema: Schema) -> Inverse:
        """The old type again; values that lost digits stay so, values that grew may not fit."""
        column = column_of(schema, self.table, self.column)
        if column is None:
            return NOTHING
        collation = column.collation or ("default" if self._recollates(column) else None)
        back = SetType(table=self.table, column=self.column, type=column.type, collation=collation)
        there = type_change(column.type, self.type)
        returns = type_change(self.type, column.type)
        if there.lossy or self.using:
            return Inverse(
                operations=(back,), grade=Grade.LOSES, loss=f"what `{self.table}.{self.column}` held before the change"
            )
        if returns.may_fail or returns.lossy:
            loss = f"values of `{self.table}.{self.column}` written since that the old type does not hold"
            return Inverse(operations=(back,), grade=Grade.LOSES, loss=loss)
        return Inverse(operations=(back,))

    def effect(self, context: Context) -> Effect:
        """ACCESS EXCLUSIVE; a rewrite unless the old values are valid as they stand on disk."""
        schema = context.schema
        table = schema.table(self.table)
        column = table.column(self.column) if table else None
        names = with_descendants(schema, self.table)
        taken = locks(LockMode.ACCESS_EXCLUSIVE, *names)
        if table is None or column is None:
            reason = "the present type is not known, so a rewrite has to be expected"
            unknown = Effect(locks=taken, rewrites=(self.table,), reason=reason)
            return union([missing_column(schema, self.table, self.column), typed(table), unknown])
        change = self._change(context, column)
        same = column.type == self.type and not self._recollates(column)
        tied = () if same else self._tied(schema, table)
        rows = with_rows(schema, names)
        built = [] if change.rewrites else self._rebuilt(schema, rows, column)
        checked = any(self.column in check.expression.columns for check in table.checks if check.validated)
        sequence = (column.sequence,) if column.sequence and column.identity else ()
        own = Effect(
            locks=(
                *taken,
                *locks(LockMode.ACCESS_EXCLUSIVE, *tied),
                *locks(LockMode.SHARE_ROW_EXCLUSIVE, *sequence),
            ),
            rewrites=rows if change.rewrites else (),
            builds=tuple(name for name, _ in built),
            built_on=tuple(place for _, place in built),
            scans=self._scans(schema, table, change, checked=checked and not same),
            loses=self._loss(column, change),
            fails=(Hazard.OVERFLOW,) if change.may_fail and not self._cuts() else (),
            breaks=(Hazard.NEW_RESTRICTION,) if change.may_fail or self._reads_otherwise(column) else (),
            reason=self._reason(column.type, change),
            probes=self._probes(column.type, change),
        )
        return union([missing_type(schema, self.type), self._refused(schema, table, column, change), own])

    def _change(self, context: Context, column: Column) -> TypeChange:
        """What the cast does, through the domains on both sides."""
        old, new = base_type(context.schema, column.type), base_type(context.schema, self.type)
        if column.type == self.type:
            change = TypeChange(rewrites=False)
        else:
            change = type_change(old, new, context.session.time_zone)
            if old != column.type and new.modifiers:
                # the length of a domain is not looked at
                change = replace(change, rewrites=True)
        if self.using and not self._trivial():
            return TypeChange(rewrites=True, may_fail=change.may_fail, lossy=False)
        if column.type != self.type and _has_conditions(context.schema, self.type):
            # a domain's conditions are looked at for every value
            return replace(change, rewrites=True, may_fail=True)
        return change

    def _tied(self, schema: Schema, table: Table) -> tuple[Name, ...]:
        """The tables on the other side of foreign keys, which are made anew for the new type."""
        found = [key.ref_table for key in table.foreign_keys if self.column in key.columns]
        found += [other.name for other, _ in keys_to(schema, table, (self.column,))]
        return tuple(dict.fromkeys(name for name in found if name != self.table))

    def _scans(self, schema: Schema, table: Table, change: TypeChange, *, checked: bool) -> tuple[Name, ...]:
        """Checks are looked at again where nothing is rewritten, foreign keys where something is."""
        if not change.rewrites:
            return with_rows(schema, with_descendants(schema, self.table)) if checked else ()
        found: list[Name] = []
        for key in table.foreign_keys:
            if self.column in key.columns and key.validated:
                found += [self.table, key.ref_table]
        for other, key in keys_to(schema, table, (self.column,)):
            if key.validated:
                found += [other.name, self.table]
        return tuple(dict.fromkeys(found))

    def rebuilds_indexes(self, schema: Schema) -> bool:
        """Whether an index is built again though the rows stay as they are."""
        table = schema.table(self.table)
        column = table.column(self.column) if table else None
        return column is not None and bool(self._rebuilt(schema, (self.table,), column))

    def _rebuilt(self, schema: Schema, rows: tuple[Name, ...], column: Column) -> list[tuple[str, Name]]:
        """The indexes that do not serve the new type as they are (`CheckIndexCompatible`), with their tables."""
        old, new = base_type(schema, column.type), base_type(schema, self.type)
        other = self._recollates(column) or index_family(old.name) != index_family(new.name)
        found: list[tuple[str, Name]] = []
        for name in rows:
            table = schema.table(name)
            for index in table.indexes if table else ():
                special = index.where is not None or any(part.is_expression for part in index.parts)
                if (index.uses(self.column) and special) or (other and self.column in index.columns):
                    found.append((index.name or "?", name))
            keys = (table.primary_key, *table.uniques) if table else ()
            found += [(key.name or "?", name) for key in keys if key and other and self.column in key.columns]
            for item in table.exclusions if table else ():
                # a bracket besides that around its elements opens an expression or a condition
                special = item.definition.count("(") > 1
                if (special or other) and self.column in re.findall(r"\w+", item.definition):
                    found.append((item.name or "?", name))
        return found

    def _recollates(self, column: Column) -> bool:
        """Whether the order of its values becomes another."""
        collation = None if self.collation == "default" else self.collation
        return self.collation is not None and collation != column.collation

    def _reads_otherwise(self, column: Column) -> bool:
        """Whether what the running release writes is not understood any more."""
        if (column.type.name, self.type.name) == ("inet", "cidr"):
            return True
        return column.type.name in {"money", "boolean"} and self.type.name not in COLLATABLE

    def _refused(self, schema: Schema, table: Table, column: Column, change: TypeChange) -> Effect:
        where = f"`{self.table}.{self.column}`"
        if views := views_on(schema, self.table, self.column):
            return refused(f"the view `{views[0].name}` depends on {where}")
        if self.only and schema.children(self.table):
            return refused(f"the type of {where} has to change in the tables below too")
        if needing := table.needing(self.column):
            return refused(f"the {needing[0].kind} `{needing[0].name}` depends on {where}")
        if is_inherited(schema, table, self.column):
            return refused(f"{where} is inherited: its type changes where it comes from")
        if table.partition_key and mentions(table.partition_key, self.column):
            return refused(f"`{self.column}` is part of the partition key of `{self.table}`")
        if made := table.generated_from((self.column,)):
            return refused(f"the generated column `{made[0].name}` depends on {where}")
        if self.collation and self.type.is_built_in and self.type.name not in COLLATABLE:
            return refused(f"`{self.type}` takes no COLLATE")
        if change.needs_using and not self.using:
            return refused(f"`{column.type}` is not cast to `{self.type}` without USING", Hazard.OVERFLOW)
        return self._unfit(schema, table, column)

    def _unfit(self, schema: Schema, table: Table, column: Column) -> Effect:
        """What stands at the column and cannot take the new type."""
        pairs = [
            (schema.table(key.ref_table), ref)
            for key in table.foreign_keys
            for name, ref in zip(key.columns, key.ref_columns, strict=False)
            if name == self.column
        ]
        pairs += [
            (other, name)
            for other, key in keys_to(schema, table, (self.column,))
            for name, ref in zip(key.columns, key.ref_columns or (self.column,), strict=False)
            if ref == self.column
        ]
        for other, name in pairs:
            far = other.column(name) if other and other.name != self.table else None
            if other and far and not comparable(self.type, far.type):
                return refused(f"a foreign key compares it with `{other.name}.{name}`, which is `{far.type}`")
        old, new = base_type(schema, column.type), base_type(schema, self.type)
        if column.default and column.default.value is not None and type_change(old, new).needs_using:
            return refused(f"the default of `{self.table}.{self.column}` is not cast to `{self.type}`")
        textual = index_family(new.name) == "text" and not new.is_array
        for index in table.indexes:
            for part in index.parts:
                if part.text == self.column and (part.opclass or "").endswith("_pattern_ops") and not textual:
                    return refused(f"the operator class `{part.opclass}` of `{index.name}` does not take `{self.type}`")
        return Effect()

    def _loss(self, column: Column, change: TypeChange) -> str | None:
        where = f"`{self.table}.{self.column}`"
        if change.lossy:
            return f"digits of {where}"
        coarse = self.type.name == "boolean" and column.type.name in _NUMBERS
        length = self.type.length
        if change.may_fail and self._cuts():
            # a cast that is written cuts, where an assignment would fail
            return f"what values of {where} hold behind {length} characters"
        if self.using and coarse:
            return f"what {where} held but whether it is zero"
        if self.using and not self._trivial():
            functions = self.using.functions - ({"lower", "upper"} if column.type.name.endswith("range") else set())
            if self.column not in self.using.columns or functions & _COARSE:
                return f"what {where} held, as far as `{self.using.text}` does not keep it"
        return None

    def _trivial(self) -> bool:
        """Whether USING is the column itself, cast at most to the new type."""
        return self.using is not None and (
            self.using.canonical in {self.column, identifier(self.column)}
            or (
                self.using.columns == frozenset({self.column})
                and set(self.using.casts) == {str(self.type)}
                and not self.using.functions
            )
        )

    def _cuts(self) -> bool:
        """Whether a written cast to a type with a length cuts what is too long, where an assignment refuses it."""
        return self.using is not None and self.type.length is not None and str(self.type) in self.using.casts

    def _probes(self, old: ColumnType, change: TypeChange) -> tuple[Probe, ...]:
        if not change.may_fail or self._cuts() or self.type.is_array:
            return ()
        if self.type.length is not None:
            return (probes.too_long(self.table, self.column, self.type.length),)
        if is_number(old) and is_number(self.type):
            return (probes.out_of_range(self.table, self.column, self.type),)
        return ()

    def _reason(self, old: ColumnType, change: TypeChange) -> str:
        if change.rewrites:
            return f"`{old}` and `{self.type}` are stored differently, or must be checked value by value"
        return ""


_NUMBERS = frozenset({"smallint", "integer", "bigint", "numeric", "real", "double precision"})
_COARSE = frozenset(
    """
    abs btrim ceil ceiling date_part date_trunc extract floor greatest initcap least left length lower ltrim md5 mod
    nullif regexp_replace replace right round rtrim sign split_part substr substring translate trim trunc upper
    """.split()
)
"""Functions that give one value for several."""


def _has_conditions(schema: Schema, type_: ColumnType) -> bool:
    """Whether the type is a domain with conditions, its own or those of one below it."""
    domain = None if type_.is_array else schema.domains.get(type_named(type_.name))
    return domain is not None and (
        bool(domain.checks) or not domain.nullable or _has_conditions(schema, parse_type(domain.base))
    )
