"""A statement of a migration and what it means."""

from dataclasses import dataclass, field

from migration_ls.operations.union import Operation
from migration_ls.schema.names import Name
from migration_ls.text.span import Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """One operation of a statement and the characters that ask for it.

    `conditional` clauses stand under an IF of a DO block: whether they run depends on the database. `parts` are
    finer places by what stands there (`column priority`, `constraint chk_tasks_priority`), counted from the clause's
    start.
    """

    operation: Operation
    span: Span
    conditional: bool = False
    parts: tuple[tuple[str, Span], ...] = field(default=(), compare=False)
    if_exists: Name | None = None
    """The relation without which it does nothing: ALTER TABLE IF EXISTS."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """A statement as read: its place in the file (without leading comments and the semicolon) and its clauses.

    `kind` is the statement's command tag, such as `ALTER TABLE` or `CREATE INDEX`.
    """

    span: Span
    sql: str
    kind: str
    clauses: tuple[Clause, ...] = ()
    needs: tuple[int, str] | None = None
    """The major that brought its newest syntax, and that syntax; None where every supported one has it."""
    leading: Span | None = field(default=None, compare=False)
    """The comments before it."""

    @property
    def operations(self) -> tuple[Operation, ...]:
        """What its clauses mean, in the order they are written."""
        return tuple([clause.operation for clause in self.clauses])
