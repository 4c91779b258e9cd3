"""Code actions: fixes at once, larger offers when they are chosen."""

from collections.abc import Sequence
from typing import Literal

from lsprotocol import types
from pydantic import BaseModel, ConfigDict, ValidationError

from migration_ls.features.actions import FixAction, Offer, actions, aligned, declared
from migration_ls.features.renames import rename_recorded
from migration_ls.features.targets import file_target
from migration_ls.server.clock import now
from migration_ls.server.diagnostics import diagnostic
from migration_ls.server.edits import CannotCreateError, workspace_edit
from migration_ls.server.position import to_span
from migration_ls.server.session import Place, Session
from migration_ls.text.lines import LineIndex
from migration_ls.workspace.analysis import Analysis
from migration_ls.workspace.baseline import baseline
from migration_ls.workspace.changes import ChangedFile, Generation
from migration_ls.workspace.generate import generate

GENERATE = "source.generateMigration"


class ActionData(BaseModel):
    """What a resolved action needs to know again."""

    model_config = ConfigDict(extra="forbid")

    kind: Literal["generate", "declare", "align", "rename", "baseline"]
    uri: str
    line: int = 0
    option: str | None = None


def data_of(action: types.CodeAction) -> ActionData | None:
    """What an action of ours carries; None when it is another's, or has nothing to resolve."""
    try:
        return ActionData.model_validate(_plain(action.data))
    except ValidationError:
        return None


def _plain(value: object) -> object:
    """Pygls hands over objects of any JSON as named tuples or as mappings."""
    make = getattr(value, "_asdict", None)
    return make() if callable(make) else value


def code_actions(
    session: Session, client: types.ClientCapabilities, place: Place, analysis: Analysis, params: types.CodeActionParams
) -> list[types.CodeAction]:
    """The actions of a range, those kinds alone that the client asks for."""
    file = analysis.snapshot.files.get(place.path)
    if file is None:
        return []
    index = LineIndex(file.text)
    span = to_span(index, params.range, session.encoding)
    wanted = params.context.only
    result: list[types.CodeAction] = []
    for action in actions(analysis, place.path, span):
        match action:
            case FixAction():
                made = _fix(session, client, place, analysis, action, index)
            case Offer():
                kind = _kind_of(action, wanted)
                made = _offer(session, client, place, analysis, action, kind)
        if _is_wanted(made.kind, wanted):
            result.append(made)
    return result


_Kind = types.CodeActionKind | str


def _kind_of(offer: Offer, only: Sequence[_Kind] | None) -> _Kind:
    """Editors hide source actions until they are asked for: where the selection asks for it, it is a quick fix."""
    if offer.kind in {"declare", "align", "rename", "baseline"} or (
        offer.here and (only is None or _is_wanted(types.CodeActionKind.QuickFix, only))
    ):
        return types.CodeActionKind.QuickFix
    return GENERATE


def _is_wanted(kind: _Kind | None, only: Sequence[_Kind] | None) -> bool:
    if only is None:
        return True
    name = _name_of(kind or "")
    return any(wanted in {"", name} or name.startswith(f"{wanted}.") for wanted in map(_name_of, only))


def _name_of(kind: _Kind) -> str:
    return str(kind.value if isinstance(kind, types.CodeActionKind) else kind)


def _fix(
    session: Session,
    client: types.ClientCapabilities,
    place: Place,
    analysis: Analysis,
    action: FixAction,
    index: LineIndex,
) -> types.CodeAction:
    file = analysis.snapshot.files[place.path]
    changed = ChangedFile(
        path=place.path, old_text=file.text, edits=action.fix.edits, purpose=action.title, version=file.version
    )
    return types.CodeAction(
        title=action.title,
        kind=types.CodeActionKind.QuickFix,
        diagnostics=[diagnostic(session, place.workspace, analysis, action.finding, index)],
        is_preferred=action.fix.preferred,
        edit=workspace_edit(session, client, place.workspace, (), (changed,)),
    )


def _offer(
    session: Session, client: types.ClientCapabilities, place: Place, analysis: Analysis, offer: Offer, kind: _Kind
) -> types.CodeAction:
    data = ActionData(kind=offer.kind, uri=place.uri, line=offer.line, option=offer.option)
    action = types.CodeAction(title=offer.title, kind=kind, data=data.model_dump())
    if resolves(client):
        return action
    try:
        return resolved(session, client, place, analysis, action, data)
    except CannotCreateError:
        # The command explains what the client cannot do, and how to go on.
        action.command = types.Command(
            title=offer.title, command="migration-ls.generate", arguments=[{"uri": place.uri}]
        )
        return action


def resolves(client: types.ClientCapabilities) -> bool:
    """Whether the client asks for an action's edit when it is chosen."""
    document = client.text_document
    support = document.code_action.resolve_support if document and document.code_action else None
    return support is not None and "edit" in support.properties


def resolved(
    session: Session,
    client: types.ClientCapabilities,
    place: Place,
    analysis: Analysis,
    action: types.CodeAction,
    data: ActionData,
) -> types.CodeAction:
    """The action with its edit.

    Raises:
        CannotCreateError: the client cannot create files.
    """
    if data.kind == "align":
        action.edit = workspace_edit(session, client, place.workspace, (), aligned(analysis, data.option or ""))
        return action
    if data.kind in {"declare", "rename"}:
        if data.kind == "declare":
            changed = declared(analysis, place.path, data.line, data.option)
        else:
            changed = rename_recorded(analysis, place.path, data.line, data.option or "")
        files = (changed,) if changed else ()
        action.edit = workspace_edit(session, client, place.workspace, (), files)
        return action
    generation = baseline(analysis) if data.kind == "baseline" else generation_of(analysis, place.path)
    action.edit = workspace_edit(session, client, place.workspace, generation.new_files, generation.changed_files)
    return action


def generation_of(analysis: Analysis, path: str) -> Generation:
    """What generate would write for a file: a spec's own migration, else that of what the file asks for."""
    return generate(analysis, file_target(analysis, path), now=now())
