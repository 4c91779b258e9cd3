"""DROP FUNCTION and DROP PROCEDURE."""

from dataclasses import dataclass, replace

from migration_ls.operations.base import Inverse
from migration_ls.operations.context import Context
from migration_ls.operations.effect import Effect
from migration_ls.operations.lookup import NOTHING, refused
from migration_ls.schema.schema import Schema, Trigger
from migration_ls.schema.tables import Table


@dataclass(frozen=True, slots=True, kw_only=True)
class DropFunction:
    """Drop a function; `signature` as DROP FUNCTION takes it, without brackets where it names no arguments."""

    signature: str
    if_exists: bool = False

    def apply(self, schema: Schema) -> Schema:
        """The schema without the function."""
        gone = {self._meant(schema)}
        return replace(schema, functions={key: item for key, item in schema.functions.items() if key not in gone})

    def _meant(self, schema: Schema) -> str | None:
        """The signature of the function, where it is known."""
        if self.signature in schema.functions:
            return self.signature
        return next((key for key in schema.functions if key.partition("(")[0] == self.signature), None)

    def inverse(self, schema: Schema) -> Inverse:  # noqa: ARG002
        """Nothing: what the function did is not known here."""
        return NOTHING

    def effect(self, context: Context) -> Effect:
        """No lock on any relation.

        Without CASCADE it refuses to go while a default, a check, an index or a trigger calls it.
        """
        name = self.signature.partition("(")[0].rpartition(".")[2]
        schema = context.schema
        users: list[Table | Trigger] = [table for table in schema.tables.values() if _calls(table, name)]
        users += [item for item in schema.triggers.values() if item.function == name.strip('"')]
        meant = self._meant(schema)
        others = [item for item in schema.functions if item.startswith(f"{name}(") and item != meant]
        if not users or others or meant is None:
            return Effect()
        user = users[0]
        what = "the trigger " if isinstance(user, Trigger) else ""
        return refused(f"{what}`{user.name}` depends on the function `{name}`")


def _calls(table: Table, function: str) -> bool:
    """Whether a default, a generated column, a check or an index of the table calls the function."""
    used = [expression for column in table.columns for expression in (column.default, column.generated)]
    used += [check.expression for check in table.checks]
    used += [
        expression
        for index in table.indexes
        for expression in (index.where, *(part.expression for part in index.parts))
    ]
    return any(expression is not None and function in expression.functions for expression in used)
