"""The lock of each statement, at its end."""

from dataclasses import dataclass

from migration_ls.text.span import Span
from migration_ls.workspace.analysis import Analysis


@dataclass(frozen=True, slots=True, kw_only=True)
class Hint:
    """A text behind an offset."""

    offset: int
    text: str


def inlay_hints(analysis: Analysis, path: str, within: Span) -> tuple[Hint, ...]:
    """The hints of an SQL file inside a span."""
    script = analysis.scripts.get(path)
    return tuple(
        Hint(
            offset=item.statement.span.end, text=f"{item.effect.strongest}{' + rows' if item.effect.work_grows else ''}"
        )
        for item in (script.statements if script else ())
        if item.effect.strongest is not None and within.contains(item.statement.span.end)
    )
