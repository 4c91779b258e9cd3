"""What one migration is made for: the requests of one feature, or those of models and documents alone."""

from migration_ls.schema import request as asked
from migration_ls.schema.names import Name
from migration_ls.schema.request import Change, Request
from migration_ls.workspace.analysis import Analysis, feature_of
from migration_ls.workspace.files import Role
from migration_ls.workspace.knowledge import RequestState


def requests_of(analysis: Analysis, path: str | None) -> tuple[Request, ...]:
    """The open requests that one migration serves.

    For a spec: its own, and what models and documents say of the same things. For any other file, or None: what
    models and documents ask for and no spec does.
    """
    open_requests = [item.request for item in analysis.knowledge.asked if item.state is RequestState.OPEN]
    if path is not None and is_spec(analysis, path):
        feature = feature_of(path)
        own = [request for request in open_requests if feature_of(request.origin.path) == feature]
        asked_about = {item for request in own for item in things(request.change)}
        return tuple(
            request
            for request in open_requests
            if feature_of(request.origin.path) == feature
            or (not is_spec(analysis, request.origin.path) and thing(request.change) in asked_about)
        )
    in_specs = {
        item for request in open_requests if is_spec(analysis, request.origin.path) for item in things(request.change)
    }
    return tuple(
        request
        for request in open_requests
        if not is_spec(analysis, request.origin.path) and thing(request.change) not in in_specs
    )


def targets(analysis: Analysis) -> tuple[str | None, ...]:
    """The targets that have something to do: specs by path, then None for models and documents."""
    open_paths = [item.request.origin.path for item in analysis.knowledge.asked if item.state is RequestState.OPEN]
    features: dict[str, str] = {}
    for path in sorted(path for path in open_paths if is_spec(analysis, path)):
        features.setdefault(feature_of(path), path)
    specs: tuple[str | None, ...] = tuple(features.values())
    return (*specs, None) if requests_of(analysis, None) else specs


def is_spec(analysis: Analysis, path: str) -> bool:
    """Whether the file is a feature spec."""
    file = analysis.snapshot.files.get(path)
    return file is not None and file.role is Role.SPEC


def things(change: Change) -> frozenset[tuple[str, ...]]:
    """All that a change is about: a rename is also the new name that appears and the old one that is gone."""
    own = frozenset({thing(change)})
    match change:
        case asked.RenameColumn(table=table, column=column, to=to):
            return own | {("column", str(table), to), thing(asked.DropColumn(table=table, column=column))}
        case asked.RenameTable(table=table, to=to):
            return own | {("table", str(Name(to, table.namespace))), thing(asked.DropTable(table=table))}
        case asked.ReplaceColumns(table=table, columns=columns, into=into):
            gone = {thing(asked.DropColumn(table=table, column=column)) for column in columns}
            return own | gone | {("column", str(table), column.name) for column in into}
        case asked.MoveColumns(table=table, columns=columns, to=to, into=into):
            gone = {thing(asked.DropColumn(table=table, column=column)) for column in columns}
            return own | gone | {("table", str(to))} | {("column", str(to), column.name) for column in into}
        case _:
            return own


def thing(change: Change) -> tuple[str, ...]:
    """What a change is about, so that two wishes for one thing are known as such."""
    match change:
        case asked.AddColumn(table=table, column=column):
            return ("column", str(table), column.name)
        case asked.AddTable(table=table):
            return ("table", str(table.name))
        case asked.AddIndex(table=table, index=index):
            return ("index", str(table), *(str(part) for part in index.parts))
        case asked.AddConstraint(table=table, constraint=constraint):
            columns = getattr(constraint, "columns", ()) or sorted(getattr(constraint, "expression").columns)  # noqa: B009
            return ("constraint", str(table), type(constraint).__name__, *columns)
        case asked.AddEnum(enum=enum):
            return ("enum", str(enum.name))
        case asked.AddEnumValue(enum=enum_name, value=value):
            return ("label", str(enum_name), value)
        case asked.ChangeEnum(enum=enum_name):
            return ("labels", str(enum_name))
        case _:
            words = (getattr(change, name, "") for name in ("column", "index", "constraint", "to"))
            return (type(change).__name__, str(change.table), *(str(word) for word in words))
