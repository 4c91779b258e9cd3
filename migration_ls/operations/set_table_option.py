"""ALTER TABLE actions that change the catalog only, and the lock each takes; also policies and rules."""

from dataclasses import dataclass, replace

from migration_ls.operations.base import Inverse
from migration_ls.operations.context import Context
from migration_ls.operations.effect import Effect, Hazard, locks, union
from migration_ls.operations.lookup import certain, change_table, impossible, missing_table, noted, refused
from migration_ls.postgres.locks import LockMode
from migration_ls.postgres.storage_options import refused_option
from migration_ls.schema.dependents import with_descendants
from migration_ls.schema.names import Name
from migration_ls.schema.schema import Schema
from migration_ls.schema.tables import Dependent, RelationKind, Table


@dataclass(frozen=True, slots=True, kw_only=True)
class SetTableOption:
    """SET (fillfactor), OWNER TO, ENABLE TRIGGER, row level security, CREATE POLICY and the like.

    `what` is the action as written; `restricts` says that the running release may see less or be refused. `options`
    are storage parameters with their values. `needs` is what has to stand at the table (of it, the name counts),
    `leaves` what stands there afterwards, `removes` what does no longer. `with_sequences`: those of its columns too.
    `of_type` ties its columns to a type, `not_of` unties them.
    """

    table: Name
    what: str
    mode: LockMode
    restricts: bool = False
    options: tuple[tuple[str, str], ...] = ()
    needs: Dependent | None = None
    leaves: Dependent | None = None
    removes: bool = False
    if_exists: bool = False
    with_sequences: bool = False
    refusal_when_partitioned: str = ""
    of_type: Name | None = None
    not_of: bool = False

    def apply(self, schema: Schema) -> Schema:
        """The table with or without the policy or rule; what else was set is kept as it was written."""
        if self.of_type or self.not_of:
            return change_table(schema, self.table, lambda table: replace(table, of_type=self.of_type))
        if self.leaves is None and not self.removes:
            return noted(schema, self.table, self.what)
        return change_table(schema, self.table, self._changed)

    def _changed(self, table: Table) -> Table:
        meant = self.leaves or self.needs
        kept = tuple(item for item in table.dependents if meant is None or not item.is_same(meant))
        return replace(table, dependents=(*kept, self.leaves) if self.leaves else kept)

    def inverse(self, schema: Schema) -> Inverse:  # noqa: ARG002
        """Unknown: the former value is not modelled."""
        return impossible(f"the former setting ({self.what}) of `{self.table}`")

    def effect(self, context: Context) -> Effect:
        """The lock of the action, brief."""
        schema = context.schema
        table = schema.table(self.table)
        sequences = table.owned_sequences if table and self.with_sequences else ()
        if self.if_exists and table and self.needs and not self._stands(schema, table, self.needs):
            return Effect()
        # a view reads with the rights of its owner
        other_rights = self.with_sequences and schema.kind(self.table) is RelationKind.VIEW
        own = Effect(
            locks=locks(self.mode, self.table, *sequences, *self._below(schema, table)),
            breaks=(Hazard.NEW_RESTRICTION,) if self.restricts or other_rights else (),
        )
        return union([missing_table(schema, self.table), self._refused(context, table), own])

    def _below(self, schema: Schema, table: Table | None) -> tuple[Name, ...]:
        """The partitions, which have the triggers of their parent."""
        if table is None or table.kind is not RelationKind.PARTITIONED or self.mode is not LockMode.SHARE_ROW_EXCLUSIVE:
            return ()
        triggers = [item for item in table.dependents if item.kind == "trigger"]
        return with_descendants(schema, self.table)[1:] if triggers else ()

    def _refused(self, context: Context, table: Table | None) -> Effect:
        if table is None:
            return Effect()
        partitioned = table.kind is RelationKind.PARTITIONED
        if partitioned and self.refusal_when_partitioned:
            return refused(self.refusal_when_partitioned)
        if partitioned and self.options:
            return refused(f"`{self.table}` is partitioned: options are set on its partitions")
        for name, value in self.options if table.kind is RelationKind.TABLE else ():
            if why := refused_option(name, value, context.postgres):
                return refused(why)
        if self.needs and not self._stands(context.schema, table, self.needs):
            why = f"`{self.table}` has no {self.needs.kind} `{self.needs.name}` at this point"
            return refused(why, Hazard.MISSING)
        return Effect()

    def _stands(self, schema: Schema, table: Table, meant: Dependent) -> bool:
        """Whether it is there, or may be; partitions have the triggers of their parent."""
        if table.assumed or not certain(schema, self.table):
            return True
        if any(item.is_same(meant) for item in table.dependents):
            return True
        above = schema.table(table.partition_of) if table.partition_of else None
        return above is not None and self._stands(schema, above, meant)
