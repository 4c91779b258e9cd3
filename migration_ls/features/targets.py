"""Which migration serves what stands in a file."""

from migration_ls.schema.request import Request
from migration_ls.workspace.analysis import Analysis
from migration_ls.workspace.targets import is_spec, requests_of, targets, thing


def plan_target(analysis: Analysis, request: Request) -> str | None:
    """The target whose migration makes the change: a spec's path, or None for models and documents.

    What a model asks for and a spec does, too, belongs to the spec's migration.
    """
    if is_spec(analysis, request.origin.path):
        return request.origin.path
    for target in targets(analysis):
        if target is not None and thing(request.change) in {
            thing(other.change) for other in requests_of(analysis, target)
        }:
            return target
    return None


def file_target(analysis: Analysis, path: str) -> str | None:
    """The target that a file's migration is for: a spec is its own.

    Models and documents share one, None; where specs ask for all that they do, it is the first of those.
    """
    if is_spec(analysis, path):
        return path
    if requests_of(analysis, None):
        return None
    opened = analysis.knowledge.open_in(path)
    return plan_target(analysis, opened[0]) if opened else None
