"""Commands of the server: generate, verify."""

import logging
from typing import TYPE_CHECKING
from uuid import uuid4

from lsprotocol import types

from migration_ls.server.session import Place, Session

if TYPE_CHECKING:
    from pygls.lsp.server import LanguageServer

    from migration_ls.workspace.analysis import Analysis
    from migration_ls.workspace.verify import VerificationResult

logger = logging.getLogger(__name__)


async def generate_command(server: "LanguageServer", session: Session, place: Place) -> dict[str, object]:
    """Offer the migration of a file as an edit; the client applies it."""
    from migration_ls.server.code_action import generation_of
    from migration_ls.server.edits import CannotCreateError, workspace_edit

    analysis = await session.analysis(place.workspace)
    generation = await session.answer(lambda: generation_of(analysis, place.path))
    problems = [f"{item.what}: {item.why}. {item.help}" for item in generation.refused]
    problems += [f"{unplanned.what}: {unplanned.why}. Instead: {unplanned.help}" for unplanned in generation.unplanned]
    if problems:
        _show(server, types.MessageType.Warning, "; ".join(problems))
    if generation.is_empty:
        if not problems:
            _show(server, types.MessageType.Info, "Nothing to do: nobody asks for a change that the schema lacks")
        return {"applied": False}
    try:
        edit = workspace_edit(
            session, server.client_capabilities, place.workspace, generation.new_files, generation.changed_files
        )
    except CannotCreateError:
        _show(server, types.MessageType.Warning, cannot_create(place))
        return {"applied": False}
    answer = await server.workspace_apply_edit_async(
        types.ApplyWorkspaceEditParams(edit=edit, label=f"Generate {generation.title}")
    )
    if not answer.applied:
        _show(
            server,
            types.MessageType.Warning,
            f"The editor did not apply it: {answer.failure_reason or 'no reason given'}",
        )
    return {"applied": answer.applied, "title": generation.title}


def cannot_create(place: Place) -> str:
    """What to say to an editor that cannot create files."""
    return f"This editor cannot create files from a server: run `migration-ls generate {place.path}` in a terminal"


async def verify_command(server: "LanguageServer", session: Session, place: Place) -> dict[str, object]:
    """Prove the migration of a file on a throwaway server, with progress; the evidence is offered as an edit."""
    from migration_ls.server.edits import workspace_edit
    from migration_ls.verification.engine import EngineError
    from migration_ls.verification.prove import ProofCancelled
    from migration_ls.workspace.revision_scripts import NothingToVerifyError

    analysis = await session.analysis(place.workspace)
    progress = _Progress(server, session)
    await progress.begin("Proving the migration")
    try:
        result = await session.prove(lambda: _proof(analysis, place, progress))
    except (NothingToVerifyError, EngineError) as error:
        _show(server, types.MessageType.Warning, str(error))
        return {"passed": False}
    except ProofCancelled:
        return {"passed": False}
    finally:
        progress.end()
    kind = types.MessageType.Info if result.passed else types.MessageType.Warning
    _show(server, kind, result.summary)
    if result.changed_files:
        edit = workspace_edit(session, server.client_capabilities, place.workspace, (), result.changed_files)
        await server.workspace_apply_edit_async(types.ApplyWorkspaceEditParams(edit=edit, label="Write the evidence"))
    return {"passed": result.passed, "summary": result.summary}


def _proof(analysis: "Analysis", place: Place, progress: "_Progress") -> "VerificationResult":
    from migration_ls.workspace.verify import Wish, latest, verify

    paths = (place.path,) if place.path in analysis.history.names else latest(analysis)
    return verify(analysis, paths, Wish(report=progress.report, cancelled=progress.cancelled))


class _Progress:
    """Progress of a long job, where the client shows it; told from a worker, sent by the event loop."""

    def __init__(self, server: "LanguageServer", session: Session) -> None:
        import asyncio

        self._server = server
        self._session = session
        self._loop = asyncio.get_running_loop()
        self._token = f"migration-ls-{uuid4()}"
        window = server.client_capabilities.window
        self._shown = bool(window and window.work_done_progress)

    async def begin(self, title: str) -> None:
        if self._shown:
            await self._server.work_done_progress.create_async(self._token)
            self._server.work_done_progress.begin(
                self._token, types.WorkDoneProgressBegin(title=title, cancellable=True)
            )

    def report(self, text: str) -> None:
        if self._shown:
            step = types.WorkDoneProgressReport(message=text)
            self._loop.call_soon_threadsafe(self._server.work_done_progress.report, self._token, step)

    def cancelled(self) -> bool:
        future = self._server.work_done_progress.tokens.get(self._token)
        return self._session.closing.is_set() or (future is not None and future.cancelled())

    def end(self) -> None:
        if self._shown:
            self._server.work_done_progress.end(self._token, types.WorkDoneProgressEnd())


def _show(server: "LanguageServer", kind: types.MessageType, text: str) -> None:
    server.window_show_message(types.ShowMessageParams(type=kind, message=text))
