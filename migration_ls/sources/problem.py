"""What a reader did not understand, at the place where it stands."""

from dataclasses import dataclass

from migration_ls.text.span import Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing a reader could not make sense of.

    `code` is a kebab-case name, the rule under which it is reported (`models-syntax-error`). `message` says what and
    what follows, one sentence, no full stop, identifiers in backticks; `help` is an imperative. `serious` problems
    are errors (nothing, or not all, could be read); the others are hints.
    """

    code: str
    message: str
    help: str
    span: Span
    serious: bool = True
    quiet: bool = False
    """Nothing to be done, only to be known: what was assumed."""
    replacement: str | None = None
    """What to write in place of the span, where that removes the problem."""
