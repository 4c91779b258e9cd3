"""Code actions: fixes at once, larger offers when they are chosen."""

from collections.abc import Sequence
from typing import Literal

from lsprotocol import types
from pydantic import BaseModel, ConfigDict, ValidationError

from migration_ls.features.actions import FixAction, Offer, actions, declared
from migration_ls.features.targets import file_target
from migration_ls.server.clock import now
from migration_ls.server.diagnostics import diagnostic
from migration_ls.server.edits import CannotCreateError, workspace_edit
from migration_ls.server.position import to_span
from migration_ls.server.session import Place, Session
from migration_ls.text.lines import LineIndex
from migration_ls.workspace.analysis import Analysis
from migration_ls.workspace.changes import ChangedFile, Generation
from migration_ls.workspace.generate import generate

GENERATE = "source.generateMigration"


class ActionData(BaseModel):
    """What a resolved action needs to know again."""

    model_config = ConfigDict(extra="forbid")

    kind: Literal["generate", "declare"]
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
                made = _offer(session, client, place, analysis, action)
        if _is_wanted(made, wanted):
            result.append(made)
    return result


def _is_wanted(action: types.CodeAction, only: Sequence[types.CodeActionKind | str] | None) -> bool:
    if only is None:
        return True
    kind = str(action.kind.value if isinstance(action.kind, types.CodeActionKind) else action.kind)
    names = [str(item.value if isinstance(item, types.CodeActionKind) else item) for item in only]
    return any(kind == name or kind.startswith(f"{name}.") for name in names)


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
    session: Session, client: types.ClientCapabilities, place: Place, analysis: Analysis, offer: Offer
) -> types.CodeAction:
    data = ActionData(kind=offer.kind, uri=place.uri, line=offer.line, option=offer.option)
    kind: str = GENERATE if offer.kind == "generate" else types.CodeActionKind.QuickFix.value
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
    if data.kind == "declare":
        changed = declared(analysis, place.path, data.line, data.option)
        files = (changed,) if changed else ()
        action.edit = workspace_edit(session, client, place.workspace, (), files)
        return action
    generation = generation_of(analysis, place.path)
    action.edit = workspace_edit(session, client, place.workspace, generation.new_files, generation.changed_files)
    return action


def generation_of(analysis: Analysis, path: str) -> Generation:
    """What generate would write for a file: a spec's own migration, else that of what the file asks for."""
    return generate(analysis, file_target(analysis, path), now=now())
