"""Statements whose effect is not known."""

from dataclasses import dataclass, replace

from migration_ls.operations.base import Inverse
from migration_ls.operations.context import Context
from migration_ls.operations.effect import Effect
from migration_ls.operations.lookup import impossible
from migration_ls.schema.names import Name
from migration_ls.schema.schema import Schema


@dataclass(frozen=True, slots=True, kw_only=True)
class Opaque:
    """Dynamic SQL, an extension's DDL, a statement that did not parse.

    `why` says what stands in the way, as an end of "not analysed: ...". `relations` are those it names; None means
    that it may touch any.
    """

    why: str
    relations: tuple[Name, ...] | None = None

    def apply(self, schema: Schema) -> Schema:
        """The schema, with doubt about what the statement may have changed."""
        if self.relations is None:
            return replace(schema, uncertain_all=True)
        return replace(schema, uncertain=schema.uncertain | frozenset(self.relations))

    def inverse(self, schema: Schema) -> Inverse:  # noqa: ARG002
        """Unknown."""
        return impossible("what the statement did, which is not known")

    def effect(self, context: Context) -> Effect:  # noqa: ARG002
        """Unknown, and said to be."""
        return Effect(analysed=False, reason=self.why)
