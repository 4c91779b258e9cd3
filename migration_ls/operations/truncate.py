"""TRUNCATE."""

from dataclasses import dataclass

from migration_ls.operations.base import Inverse
from migration_ls.operations.context import Context
from migration_ls.operations.effect import Effect, locks, union
from migration_ls.operations.lookup import impossible, missing_table, refused, wrong_kind
from migration_ls.postgres.locks import LockMode
from migration_ls.schema.dependents import sequences_of, with_descendants, with_rows
from migration_ls.schema.names import Name
from migration_ls.schema.schema import Schema
from migration_ls.schema.tables import RelationKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Truncate:
    """Empty tables; with `cascade` also those that refer to them."""

    tables: tuple[Name, ...]
    cascade: bool = False
    restarts: bool = False
    only: bool = False

    def apply(self, schema: Schema) -> Schema:
        """The schema as it is."""
        return schema

    def inverse(self, schema: Schema) -> Inverse:  # noqa: ARG002
        """None."""
        return impossible(f"the rows of {', '.join(f'`{table}`' for table in self.tables)}")

    def effect(self, context: Context) -> Effect:
        """ACCESS EXCLUSIVE; every row is gone. RESTART IDENTITY takes the sequences too."""
        schema = context.schema
        parts = [missing_table(schema, name) for name in self.tables]
        parts += [wrong_kind(schema, name, "table") for name in self.tables if schema.kind(name) in _OTHERS]
        names: dict[Name, None] = {}
        for name in self.tables:
            names |= dict.fromkeys((name,) if self.only else with_descendants(schema, name))
            if self.only and schema.kind(name) is RelationKind.PARTITIONED:
                parts.append(refused(f"`{name}` has its rows in partitions"))
        todo = list(names) if self.cascade else []
        while todo:
            for other in schema.referencing(todo.pop()):
                more = [item for item in with_descendants(schema, other.name) if item not in names]
                names |= dict.fromkeys(more)
                todo += more
        referring = [
            (name, table.name) for name in names for table in schema.referencing(name) if table.name not in names
        ]
        if referring:
            reason = f"a foreign key of `{referring[0][1]}` refers to `{referring[0][0]}`"
            parts.append(refused(reason))
        if context.postgres < _PARENTS_LEFT_SINCE:
            above = [table.partition_of for name in names if (table := schema.table(name)) and table.partition_of]
            parts.append(Effect(locks=locks(LockMode.ACCESS_SHARE, *above)))
        tables = [table for name in names if (table := schema.table(name))] if self.restarts else []
        sequences = dict.fromkeys(sequence for table in tables for sequence in sequences_of(schema, table))
        emptied = with_rows(schema, names)
        own = Effect(
            locks=locks(LockMode.ACCESS_EXCLUSIVE, *names, *sequences),
            rewrites=emptied,
            loses=f"the rows of {' and '.join(f'`{name}`' for name in emptied)}" if emptied else None,
        )
        return union([*parts, own])


_PARENTS_LEFT_SINCE = 14
_OTHERS = frozenset({RelationKind.VIEW, RelationKind.MATERIALIZED_VIEW, RelationKind.SEQUENCE})
