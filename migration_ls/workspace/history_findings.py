"""What is wrong with the history as a whole: revisions that do not follow each other, tables that nothing makes."""

from collections.abc import Iterator

from migration_ls.rules.finding import Finding, Related, Severity
from migration_ls.schema.origin import Origin
from migration_ls.sources.alembic.graph import Graph
from migration_ls.workspace.history import Gap
from migration_ls.workspace.memory import remembered

INCOMPLETE = "incomplete-history"


@remembered(6)
def of_graph(graph: Graph) -> tuple[Finding, ...]:
    """Findings about revisions that Alembic cannot run, or not without being told more."""
    return (*_heads(graph), *_lost(graph), *_twice(graph), *_circle(graph))


def of_gap(gap: Gap | None) -> Iterator[Finding]:
    """A finding at the first statement that needs tables which no migration makes, where another source knows them."""
    if gap is None or gap.assumed_from is None:
        return
    one, several = " and ".join(f"`{name}`" for name in gap.tables), len(gap.tables) > 1
    yield Finding(
        path=gap.place.path,
        span=gap.place.span,
        rule=INCOMPLETE,
        severity=Severity.INFORMATION,
        message=(
            f"`{gap.kind}` needs {one}, which no migration makes, so on an empty database it fails; here "
            f"{'they are' if several else 'it is'} taken as {gap.assumed_from} has {'them' if several else 'it'}"
        ),
        help="Write the tables into a baseline before the first migration, with `migration-ls baseline`",
    )


def _heads(graph: Graph) -> Iterator[Finding]:
    for heads in graph.heads.values():
        if len(heads) < 2 or any(revision.labels for revision in graph.revisions.values()):
            # Branches with labels are meant to go on side by side.
            continue
        names = [graph.revisions[path].revision for path in heads]
        for path in heads:
            own = graph.revisions[path].revision
            others = ", ".join(f"`{name}`" for name in names if name != own)
            yield _finding(
                graph,
                path,
                rule="several-heads",
                message=f"`{own}` is a head and so is {others}, so `alembic upgrade head` does not know which to run",
                help_=f"Merge them with `alembic merge {' '.join(names)}`, or let one follow the other",
                related=tuple(
                    Related(origin=_origin(graph, other), message="the other head") for other in heads if other != path
                ),
            )


def _lost(graph: Graph) -> Iterator[Finding]:
    for path, name in graph.lost:
        yield _finding(
            graph,
            path,
            rule="missing-revision",
            message=f"`{graph.revisions[path].revision}` follows `{name}`, which is not there, so Alembic runs nothing",
            help_="Correct the identifier, or bring the revision back",
        )


def _twice(graph: Graph) -> Iterator[Finding]:
    for first, second in graph.twice:
        name = graph.revisions[second].revision
        yield _finding(
            graph,
            second,
            rule="duplicate-version",
            message=f"`{second.rpartition('/')[2]}` and `{first.rpartition('/')[2]}` have the same revision `{name}`",
            help_="Give one of them an identifier of its own",
        )


def _circle(graph: Graph) -> Iterator[Finding]:
    for path in graph.circle:
        yield _finding(
            graph,
            path,
            rule="revisions-in-circle",
            message=f"`{graph.revisions[path].revision}` follows itself over others, so Alembic runs nothing",
            help_="Correct one `down_revision` of the circle",
        )


def _finding(
    graph: Graph, path: str, *, rule: str, message: str, help_: str, related: tuple[Related, ...] = ()
) -> Finding:
    return Finding(
        path=path,
        span=graph.revisions[path].place,
        rule=rule,
        severity=Severity.ERROR,
        message=message,
        help=help_,
        related=related,
    )


def _origin(graph: Graph, path: str) -> Origin:
    revision = graph.revisions[path]
    return Origin(path=path, span=revision.place, line=revision.line)
