"""INSERT, UPDATE, DELETE, MERGE and COPY FROM; also SELECT, which changes none."""

from dataclasses import dataclass
from typing import Literal

from migration_ls.operations.base import Inverse
from migration_ls.operations.context import Context
from migration_ls.operations.effect import Effect, Hazard, locks
from migration_ls.operations.lookup import NOTHING, certain, impossible
from migration_ls.postgres.locks import LockMode
from migration_ls.schema.expression import Expression
from migration_ls.schema.names import Name
from migration_ls.schema.schema import Schema


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeRows:
    """Change or read rows.

    `table` is the target (None for SELECT), `reads` the other relations. `where` is the condition; `bounded` says
    that a batch is taken (LIMIT, a range of keys), so that the work does not grow with the table. `columns` are
    those that are written.
    """

    kind: Literal["insert", "update", "delete", "merge", "copy", "select", "select for update"]
    table: Name | None = None
    reads: tuple[Name, ...] = ()
    where: Expression | None = None
    bounded: bool = False
    columns: tuple[str, ...] = ()
    from_rows: bool = False
    """An INSERT whose rows come from a query over a relation, not from VALUES."""

    def apply(self, schema: Schema) -> Schema:
        """The schema as it is."""
        return schema

    def inverse(self, schema: Schema) -> Inverse:  # noqa: ARG002
        """None for what rows held before."""
        if self.table is None or self.kind in {"select", "select for update"}:
            return NOTHING
        return impossible(f"what the rows of `{self.table}` held before")

    @property
    def changes_all(self) -> bool:
        """Whether every row is changed: no condition, or one that is always true."""
        return self.kind in {"update", "delete"} and (
            self.where is None or self.where.canonical in {"true", "1 = 1", "(1 = 1)"}
        )

    def effect(self, context: Context) -> Effect:
        """ROW EXCLUSIVE on the target: readers and writers go on, except at the changed rows."""
        schema = context.schema
        taken = locks(LockMode.ACCESS_SHARE, *(name for name in self.reads if name != self.table))
        if self.kind == "select" or self.table is None:
            return Effect(locks=taken)
        if self.kind == "select for update":
            return Effect(locks=(*locks(LockMode.ROW_SHARE, self.table), *taken))
        taken = (*locks(LockMode.ROW_EXCLUSIVE, self.table), *taken)
        if schema.kind(self.table) is None and certain(schema, self.table):
            reason = f"`{self.table}` does not exist at this point"
            return Effect(locks=taken, fails_always=(Hazard.MISSING,), reason=reason)
        grows = self.kind in {"update", "delete", "merge"} or self.from_rows
        return Effect(
            locks=taken,
            touches_rows=(self.table,) if grows and not self.bounded else (),
            loses=f"the rows of `{self.table}`" if self.kind == "delete" and self.changes_all else None,
        )
