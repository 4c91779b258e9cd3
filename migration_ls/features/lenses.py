"""Offers above lines: what is pending there, how risky it is, and the command that goes on."""

from dataclasses import dataclass

from migration_ls.features.targets import file_target
from migration_ls.rendering.document.estimates import estimate
from migration_ls.rendering.sql.header import header_of
from migration_ls.schema.origin import Origin
from migration_ls.text.span import Span
from migration_ls.workspace.analysis import Analysis
from migration_ls.workspace.files import Role
from migration_ls.workspace.generate import plan_of
from migration_ls.workspace.knowledge import RequestState
from migration_ls.workspace.production import rows_of, sizes_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Lens:
    """A line of text above a span, and the command behind it: `generate` or `verify`."""

    span: Span
    title: str
    command: str


def lenses(analysis: Analysis, path: str) -> tuple[Lens, ...]:
    """The lenses of a file."""
    file = analysis.snapshot.files.get(path)
    if file is None:
        return ()
    if file.role in {Role.MIGRATION, Role.ALEMBIC}:
        header = header_of(file.text)
        name = analysis.history.names.get(path)
        if header and name and path in analysis.history.forward:
            return (Lens(span=Span(0, 0), title="Verify on a throwaway PostgreSQL", command="verify"),)
        return ()
    if file.role in {Role.SPEC, Role.MODELS, Role.SCHEMA_DOC}:
        return _pending(analysis, path, file.role)
    return ()


def _pending(analysis: Analysis, path: str, role: Role) -> tuple[Lens, ...]:
    places: dict[Span, int] = {}
    for item in analysis.knowledge.asked:
        origin = item.request.origin
        if item.state is not RequestState.OPEN or origin.path != path:
            continue
        place = _heading(analysis, origin) if role is Role.MODELS else None
        places[place or origin.span] = places.get(place or origin.span, 0) + 1
    if not places:
        return ()
    if role is not Role.MODELS:
        first = min(places)
        places = {first: sum(places.values())}
    plan = plan_of(analysis, file_target(analysis, path))
    risk = estimate(plan, rows_of(analysis.snapshot), sizes_of(analysis.snapshot)).risk.lower()
    return tuple(
        Lens(
            span=span,
            title=f"{count} pending change{'' if count == 1 else 's'} · risk {risk} · Generate migration",
            command="generate",
        )
        for span, count in sorted(places.items())
    )


def _heading(analysis: Analysis, origin: Origin) -> Span | None:
    """The class that a place in a models file belongs to: the last that begins before it."""
    tables = analysis.knowledge.models.schema.tables.values()
    starts = [
        table.origin.span
        for table in tables
        if table.origin and table.origin.path == origin.path and table.origin.span.start <= origin.span.start
    ]
    return max(starts, default=None)
