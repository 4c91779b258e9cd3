"""INSERT, UPDATE, DELETE, MERGE and COPY FROM; also SELECT, which changes none."""

from dataclasses import dataclass
from typing import Literal

from migration_ls.operations import row_effects
from migration_ls.operations.base import Inverse
from migration_ls.operations.context import Context
from migration_ls.operations.effect import Effect, Lock, locks, union
from migration_ls.operations.lookup import NOTHING, impossible, missing_table
from migration_ls.postgres.locks import LockMode
from migration_ls.schema.dependents import expanded
from migration_ls.schema.expression import Expression
from migration_ls.schema.names import Name
from migration_ls.schema.schema import Schema


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeRows:
    """Change or read rows.

    `table` is the target (None for SELECT), `reads` the other relations. `where` is the condition; `bounded` says
    that a batch is taken (LIMIT, a range of keys), so that the work does not grow with the table. `columns` are
    those that are written. `planned`: EXPLAIN and PREPARE lock what they would change, and change nothing.
    """

    kind: Literal["insert", "update", "delete", "merge", "copy", "select", "select for update", "planned"]
    table: Name | None = None
    reads: tuple[Name, ...] = ()
    where: Expression | None = None
    bounded: bool = False
    columns: tuple[str, ...] = ()
    from_rows: bool = False
    """An INSERT whose rows come from a query over a relation, not from VALUES."""
    rows: tuple[tuple[str, ...], ...] | None = None
    """What VALUES lists: literals as written, `DEFAULT`, or empty for what is computed; None where it is a query."""
    conflict: tuple[str, ...] | None = None
    """The columns of ON CONFLICT, empty where it names none; None without one."""
    conflict_constraint: str | None = None
    """The constraint that ON CONFLICT names."""
    overriding: bool = False
    unchanged: tuple[str, ...] = ()
    """Columns that an UPDATE sets to themselves."""
    nulls: tuple[str, ...] = ()
    """Columns that an UPDATE sets to NULL."""
    sequences: tuple[Name, ...] = ()
    """Sequences named in calls of `nextval` and `setval`."""
    locked: tuple[Name, ...] = ()
    """Other relations whose rows a FOR UPDATE or FOR SHARE locks."""
    only: bool = False
    actions: tuple["ChangeRows", ...] = ()
    """What MERGE does with the rows, one for each WHEN."""

    def apply(self, schema: Schema) -> Schema:
        """The schema as it is."""
        return schema

    def inverse(self, schema: Schema) -> Inverse:  # noqa: ARG002
        """None for what rows held before."""
        if self.table is None or self.kind in {"select", "select for update", "planned"}:
            return NOTHING
        return impossible(f"what the rows of `{self.table}` held before")

    @property
    def changes_all(self) -> bool:
        """Whether every row is changed: no condition, or one that is always true."""
        return self.kind in {"update", "delete"} and (
            self.where is None or self.where.canonical in {"true", "1 = 1", "(1 = 1)"}
        )

    @property
    def _loss(self) -> str | None:
        if self.kind != "delete":
            return None
        return f"the rows of `{self.table}`{'' if self.changes_all else ' that its condition picks'}"

    def effect(self, context: Context) -> Effect:
        """ROW EXCLUSIVE on the target and ROW SHARE beyond foreign keys: others go on, except at the changed rows."""
        schema = context.schema
        parts = [missing_table(schema, name) for name in (*self.reads, *self.sequences)]
        read = self.reads if self.only and self.table is None else expanded(schema, self.reads)
        parts.append(Effect(locks=locks(LockMode.ACCESS_SHARE, *read)))
        parts.append(Effect(locks=locks(LockMode.ROW_EXCLUSIVE, *self.sequences)))
        parts.append(Effect(locks=locks(LockMode.ROW_SHARE, *expanded(schema, self.locked))))
        if self.table is None or self.kind == "select":
            return union(parts)
        if self.kind == "planned":
            locked = locks(LockMode.ROW_EXCLUSIVE, *expanded(schema, (self.table,)))
            return union([*parts, missing_table(schema, self.table), Effect(locks=locked)])
        if self.kind == "select for update":
            parts.append(missing_table(schema, self.table))
            parts.append(Effect(locks=locks(LockMode.ROW_SHARE, *expanded(schema, (self.table,)))))
            return union(parts)
        parts.append(missing_table(schema, self.table))
        grows = self.kind in {"update", "delete", "merge"} or self.from_rows
        parts.append(
            Effect(
                locks=(Lock(self.table, LockMode.ROW_EXCLUSIVE),),
                touches_rows=(self.table,) if grows and not self.bounded else (),
                loses=self._loss,
            )
        )
        target = row_effects.target_of(schema, self.table)
        if isinstance(target, Effect):
            parts.append(target)
        else:
            parts.append(Effect(locks=locks(LockMode.ROW_EXCLUSIVE, *target.under)))
            if target.table is not None:
                for change in (self, *self.actions):
                    parts += row_effects.effects(schema, target.table, change)
        return union(parts)
