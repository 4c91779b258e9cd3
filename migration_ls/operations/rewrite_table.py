"""What writes a table anew: CLUSTER, VACUUM FULL, SET LOGGED, SET TABLESPACE, SET ACCESS METHOD."""

from dataclasses import dataclass, replace

from migration_ls.operations.base import Inverse
from migration_ls.operations.context import Context
from migration_ls.operations.effect import Effect, Hazard, locks, union
from migration_ls.operations.lookup import NOTHING, change_table, missing_table, refused
from migration_ls.postgres.locks import LockMode
from migration_ls.schema.dependents import with_descendants, with_rows
from migration_ls.schema.names import Name
from migration_ls.schema.schema import Schema
from migration_ls.schema.tables import RelationKind


@dataclass(frozen=True, slots=True, kw_only=True)
class RewriteTable:
    """Write tables anew; `what` says how, `tables` is empty for all of them."""

    what: str
    tables: tuple[Name, ...]
    transaction_forbidden: bool = False
    index: str | None = None
    """The index that CLUSTER sorts by, where it is named."""

    def apply(self, schema: Schema) -> Schema:
        """The schema as it is, but for what is logged."""
        if self.what not in _LOGGED or self._is_done(schema):
            return schema
        for name in self.tables:
            schema = change_table(schema, name, lambda table: replace(table, unlogged=self.what == "SET UNLOGGED"))
        return schema

    def inverse(self, schema: Schema) -> Inverse:
        """The other of SET LOGGED and SET UNLOGGED; nothing for the rest."""
        if self.what not in _LOGGED or self._is_done(schema):
            return NOTHING
        other = "SET LOGGED" if self.what == "SET UNLOGGED" else "SET UNLOGGED"
        return Inverse(operations=(RewriteTable(what=other, tables=self.tables),))

    def effect(self, context: Context) -> Effect:
        """ACCESS EXCLUSIVE, a new heap and new indexes; nothing to do for what is so already, or has no rows."""
        schema = context.schema
        names = self.tables or tuple(schema.tables)
        if self.what == "VACUUM FULL":
            names = tuple(name for table in names for name in _with_partitions(schema, table))
        rows = () if self._is_done(schema) else with_rows(schema, names)
        sequences = self._sequences(context) if rows else ()
        own = Effect(
            locks=locks(LockMode.ACCESS_EXCLUSIVE, *names, *sequences),
            rewrites=rows,
            transaction_forbidden=self.transaction_forbidden,
        )
        return union([missing_table(schema, self.tables[0]) if self.tables else Effect(), self._refused(context), own])

    def _is_done(self, schema: Schema) -> bool:
        """Whether it says what holds already."""
        if self.what not in _LOGGED:
            return False
        found = [schema.table(name) for name in self.tables]
        return all(
            table is not None and not table.assumed and table.unlogged == (self.what == "SET UNLOGGED")
            for table in found
        )

    def _sequences(self, context: Context) -> tuple[Name, ...]:
        """The sequences that become logged or unlogged with their table."""
        if self.what not in _LOGGED or context.postgres < _SEQUENCES_SINCE:
            return ()
        found = [context.schema.table(name) for name in self.tables]
        return tuple(name for table in found if table for name in table.owned_sequences)

    def _refused(self, context: Context) -> Effect:
        schema = context.schema
        if self.what == "SET ACCESS METHOD" and context.postgres < _ACCESS_METHOD_SINCE:
            return refused(f"SET ACCESS METHOD is understood from {_ACCESS_METHOD_SINCE} on")
        for name in self.tables:
            table = schema.table(name)
            if table is None:
                continue
            partitioned = table.kind is RelationKind.PARTITIONED
            if partitioned and self.what == "SET ACCESS METHOD" and context.postgres < _OF_PARTITIONED_SINCE:
                return refused(f"`{name}` is partitioned: only its partitions have an access method")
            if partitioned and self.what in _LOGGED and context.postgres >= _PARTITIONED_REFUSED_SINCE:
                return refused(f"`{name}` is partitioned: only its partitions are logged or not")
            if self.index and not (table.index(self.index) or table.constraint(self.index)) and not table.assumed:
                return refused(f"`{name}` has no index `{self.index}` at this point", Hazard.MISSING)
            if (why := self._tied(schema, name)) and not self._is_done(schema):
                return refused(why)
        return Effect()

    def _tied(self, schema: Schema, name: Name) -> str:
        """The foreign key in the way: a logged table cannot refer to an unlogged one."""
        table = schema.table(name)
        if self.what == "SET UNLOGGED":
            for other in schema.referencing(name):
                if not other.unlogged and other.name != name:
                    return f"the logged `{other.name}` refers to `{name}`"
        if self.what == "SET LOGGED" and table:
            for key in table.foreign_keys:
                if (far := schema.table(key.ref_table)) and far.unlogged and far.name != name:
                    return f"`{name}` refers to the unlogged `{far.name}`"
        return ""


_LOGGED = frozenset({"SET LOGGED", "SET UNLOGGED"})
_SEQUENCES_SINCE = 15
_ACCESS_METHOD_SINCE = 15
_OF_PARTITIONED_SINCE = 17
_PARTITIONED_REFUSED_SINCE = 18


def _with_partitions(schema: Schema, name: Name) -> tuple[Name, ...]:
    return with_descendants(schema, name) if schema.kind(name) is RelationKind.PARTITIONED else (name,)
