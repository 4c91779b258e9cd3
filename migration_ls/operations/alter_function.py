"""ALTER FUNCTION and ALTER PROCEDURE: another name, namespace or volatility."""

from dataclasses import dataclass, replace

from migration_ls.operations.base import Inverse
from migration_ls.operations.context import Context
from migration_ls.operations.effect import Effect
from migration_ls.operations.lookup import NOTHING
from migration_ls.schema.expression import Volatility
from migration_ls.schema.names import Name
from migration_ls.schema.schema import Schema


@dataclass(frozen=True, slots=True, kw_only=True)
class AlterFunction:
    """Call a function otherwise, move it to another namespace, or say how much its result may change."""

    signature: str
    to: str | None = None
    to_namespace: str | None = None
    volatility: Volatility | None = None

    def apply(self, schema: Schema) -> Schema:
        """The schema with the function changed; as it was where the function is not known."""
        old = schema.functions.get(self.signature)
        if old is None:
            return schema
        name = Name(self.to or old.name.name, self.to_namespace or old.name.namespace)
        new = replace(old, name=name, volatility=self.volatility or old.volatility)
        others = {key: item for key, item in schema.functions.items() if key != self.signature}
        return replace(schema, functions={**others, new.signature: new})

    def inverse(self, schema: Schema) -> Inverse:
        """The function as it was."""
        old = schema.functions.get(self.signature)
        if old is None:
            return NOTHING
        back = AlterFunction(
            signature=replace(
                old, name=Name(self.to or old.name.name, self.to_namespace or old.name.namespace)
            ).signature,
            to=old.name.name if self.to else None,
            to_namespace=old.name.namespace if self.to_namespace else None,
            volatility=old.volatility if self.volatility else None,
        )
        return Inverse(operations=(back,))

    def effect(self, context: Context) -> Effect:  # noqa: ARG002
        """No lock on any relation."""
        return Effect()
