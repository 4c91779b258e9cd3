"""DROP SEQUENCE."""

from dataclasses import dataclass, replace

from migration_ls.operations.base import Inverse
from migration_ls.operations.context import Context
from migration_ls.operations.effect import Effect, Hazard, locks
from migration_ls.operations.lookup import NOTHING, impossible, missing_table, refused, wrong_kind
from migration_ls.postgres.locks import LockMode
from migration_ls.schema.dependents import made_by, sequence_users
from migration_ls.schema.names import Name
from migration_ls.schema.schema import Schema
from migration_ls.schema.tables import RelationKind


@dataclass(frozen=True, slots=True, kw_only=True)
class DropSequence:
    """Drop a sequence; the number it had reached is lost."""

    name: Name
    if_exists: bool = False
    cascade: bool = False

    def apply(self, schema: Schema) -> Schema:
        """The schema without the sequence, and with `cascade` without the defaults that use it."""
        if self.cascade:
            for table, name in sequence_users(schema, self.name):
                column = table.column(name)
                if column and not column.identity:
                    bare = replace(column, autoincrement=False, default=None, sequence=None)
                    schema = schema.with_table(schema.tables[table.name].with_column(bare))
        return replace(schema, sequences={key: value for key, value in schema.sequences.items() if key != self.name})

    def inverse(self, schema: Schema) -> Inverse:
        """None: the number it had reached is gone."""
        if schema.kind(self.name) is not RelationKind.SEQUENCE:
            return NOTHING
        return impossible(f"the number that `{self.name}` had reached")

    def effect(self, context: Context) -> Effect:
        """ACCESS EXCLUSIVE on the sequence, and with CASCADE on the tables whose defaults use it."""
        schema = context.schema
        kind = schema.kind(self.name)
        if kind is None:
            return Effect() if self.if_exists else missing_table(schema, self.name)
        if kind is not RelationKind.SEQUENCE:
            return wrong_kind(schema, self.name, "sequence")
        users = sequence_users(schema, self.name)
        made = made_by(schema, self.name)
        identity = bool(made and made[1].identity)
        if identity or (users and not self.cascade):
            reason = f"`{users[0][0].name}.{users[0][1]}` depends on `{self.name}`"
            return refused(reason)
        needed = any(column and column.nullable is False for table, name in users if (column := table.column(name)))
        return Effect(
            locks=locks(LockMode.ACCESS_EXCLUSIVE, self.name, *dict.fromkeys(table.name for table, _ in users)),
            loses=f"the number that `{self.name}` had reached",
            breaks=(Hazard.NAME_GONE, *((Hazard.DEFAULT_GONE,) if needed else ())),
        )
