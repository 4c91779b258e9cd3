"""One report of a rule, with the edits that would remove its cause."""

from dataclasses import dataclass, field
from enum import IntEnum

from migration_ls.operations.effect import Effect
from migration_ls.schema.origin import Origin
from migration_ls.text.edits import Edit
from migration_ls.text.span import Span


class Severity(IntEnum):
    """How bad it is; error and warning mean danger. The numbers are the protocol's."""

    ERROR = 1
    WARNING = 2
    INFORMATION = 3
    HINT = 4

    @property
    def is_danger(self) -> bool:
        """Whether it is an error or a warning."""
        return self <= Severity.WARNING


@dataclass(frozen=True, slots=True, kw_only=True)
class Fix:
    """Edits of the file the finding stands in, made for exactly the text they were computed from.

    `title` is an imperative, as an editor's menu shows it.
    """

    title: str
    edits: tuple[Edit, ...]
    preferred: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Related:
    """Another place that belongs to a finding, and what it shows."""

    origin: Origin
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A hazard at a place.

    `message`: object and consequence, one sentence without a full stop; `help`: an imperative. `sql` is the
    statement that a change of a model or document would mean. `actions` name larger offers that a feature resolves
    (`generate`, `declare`).
    """

    path: str
    span: Span
    rule: str
    severity: Severity
    message: str
    help: str
    effect: Effect | None = None
    related: tuple[Related, ...] = ()
    fixes: tuple[Fix, ...] = field(default=(), compare=False)
    sql: str | None = None
