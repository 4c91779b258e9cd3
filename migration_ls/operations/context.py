"""What an effect depends on besides the operation: the schema before, the server, the session, the transaction."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

from migration_ls.operations.effect import Lock
from migration_ls.postgres.versions import DEFAULT
from migration_ls.schema.names import Name
from migration_ls.schema.schema import Schema


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """Settings in force, milliseconds for times; None where the file does not set them."""

    time_zone: str | None = None
    search_path: tuple[str, ...] = ("public",)
    lock_timeout: int | None = None
    statement_timeout: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Transaction:
    """An open transaction block: what it holds and made so far. `explicit` means the file says BEGIN."""

    explicit: bool = True
    held: tuple[Lock, ...] = ()
    """Locks taken so far on relations that were there before the file, strongest per relation."""
    added_values: frozenset[tuple[Name, str]] = frozenset()
    """Enum labels added in it, which it cannot use yet."""
    added_not_valid: frozenset[tuple[Name, str]] = frozenset()
    """Constraints added NOT VALID in it: table and name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """The situation an operation runs in. `fresh` are relations that the same file made: empty, and used by nobody."""

    schema: Schema
    postgres: int = DEFAULT
    session: Session = field(default_factory=Session)
    transaction: Transaction | None = None
    fresh: AbstractSet[Name] = frozenset()
    base: Schema | None = None
    """The schema before the file: what the running release knows of."""

    def is_new(self, table: Name, column: str) -> bool:
        """Whether the same file made the column, so that the running release does not know of it."""
        known = self.base.table(table) if self.base else None
        return known is not None and not known.assumed and known.column(column) is None

    savepoints: tuple[str | None, ...] = ()
