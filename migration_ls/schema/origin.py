"""Where in the user's files something is said."""

from dataclasses import dataclass

from migration_ls.text.span import Span


@dataclass(frozen=True, slots=True)
class Origin:
    """A place in a file: its path relative to the project, with `/`, and the code points there.

    `line` counts from 0.
    """

    path: str
    span: Span
    line: int
