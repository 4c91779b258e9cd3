"""The language server: what it answers, and what it does when something changes."""

import asyncio
import inspect
import logging
from collections.abc import Callable
from typing import Any

from lsprotocol import types
from pygls.lsp.server import LanguageServer

from migration_ls import __version__
from migration_ls.server.position import encoding_of, to_offset, to_path, to_range, to_span
from migration_ls.server.session import Place, Session

logger = logging.getLogger(__name__)

DEBOUNCE_SECONDS = 0.02
SECTION = "migration-ls"
WATCHED = ("**/*.sql", "**/*.md", "**/*.py", "**/*.toml", "**/requirements*.txt", "**/*.lock")


def make_server() -> LanguageServer:
    """A server that is ready to be started; nothing heavy is imported before `initialize` is answered."""
    server = LanguageServer("migration-ls", __version__, text_document_sync_kind=types.TextDocumentSyncKind.Full)
    _Handlers(server).register()
    return server


_Method = Callable[[Any], Any]


def _guarded(method: _Method) -> _Method:
    """The handler as a plain function; an error of ours is logged, and the client gets an empty answer."""
    if inspect.iscoroutinefunction(method):

        async def answer(params: Any = None) -> Any:
            try:
                return await method(params)
            except Exception:
                logger.exception("`%s` failed", method.__name__)
                return None

        return answer

    def tell(params: Any = None) -> Any:
        try:
            return method(params)
        except Exception:
            logger.exception("`%s` failed", method.__name__)
            return None

    return tell


class _Handlers:
    """One session's handlers."""

    def __init__(self, server: LanguageServer) -> None:
        self._server = server
        self._session = Session()
        self._open: set[str] = set()
        self._published: dict[str, str] = {}
        self._waiting: asyncio.Task[None] | None = None
        self._status = False

    def register(self) -> None:
        """Tell pygls what is answered here."""

        def feature(name: str, options: Any = None) -> Callable[[_Method], None]:
            def take(method: _Method) -> None:
                self._server.feature(name, options)(_guarded(method))

            return take

        feature(types.INITIALIZE)(self._initialize)
        feature(types.INITIALIZED)(self._initialized)
        feature(types.SHUTDOWN)(self._shutdown)
        feature(types.TEXT_DOCUMENT_DID_OPEN)(self._did_open)
        feature(types.TEXT_DOCUMENT_DID_CHANGE)(self._did_change)
        feature(types.TEXT_DOCUMENT_DID_SAVE)(self._did_save)
        feature(types.TEXT_DOCUMENT_DID_CLOSE)(self._did_close)
        feature(types.WORKSPACE_DID_CHANGE_WATCHED_FILES)(self._did_change_files)
        feature(types.WORKSPACE_DID_CHANGE_CONFIGURATION)(self._did_change_configuration)
        feature(types.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS)(self._did_change_folders)
        feature(
            types.TEXT_DOCUMENT_DIAGNOSTIC,
            types.DiagnosticOptions(
                identifier="migration-ls", inter_file_dependencies=True, workspace_diagnostics=True
            ),
        )(self._document_diagnostic)
        feature(types.WORKSPACE_DIAGNOSTIC)(self._workspace_diagnostic)
        feature(types.TEXT_DOCUMENT_HOVER)(self._hover)
        feature(
            types.TEXT_DOCUMENT_CODE_ACTION,
            types.CodeActionOptions(
                code_action_kinds=[types.CodeActionKind.QuickFix, "source.generateMigration"], resolve_provider=True
            ),
        )(self._code_action)
        feature(types.CODE_ACTION_RESOLVE)(self._resolve_code_action)
        feature(types.TEXT_DOCUMENT_CODE_LENS, types.CodeLensOptions(resolve_provider=False))(self._code_lens)
        feature(types.TEXT_DOCUMENT_INLAY_HINT)(self._inlay_hint)
        self._server.command("migration-ls.generate")(_guarded(self._generate))
        self._server.command("migration-ls.verify")(_guarded(self._verify))

    # Life of the session

    def _initialize(self, params: types.InitializeParams) -> None:
        folders = [folder.uri for folder in params.workspace_folders or ()]
        if not folders and params.root_uri:
            folders = [params.root_uri]
        self._session.folders = [path for uri in folders if (path := to_path(uri))]
        options = params.initialization_options
        if isinstance(options, dict):
            self._status = options.get("status") is True

    async def _initialized(self, params: types.InitializedParams) -> None:
        del params
        self._session.encoding = encoding_of(self._server.workspace.position_encoding)
        await self._watch()
        await self._configure()
        await self._session.work(self._session.open_folders)
        self._touched()

    def _shutdown(self, params: None) -> None:
        del params
        if self._waiting:
            self._waiting.cancel()
        self._session.close()

    async def _watch(self) -> None:
        """Ask to be told of changes outside the editor, where the client can be asked."""
        workspace = self._server.client_capabilities.workspace
        able = workspace.did_change_watched_files if workspace else None
        if not (able and able.dynamic_registration):
            return
        watchers = [types.FileSystemWatcher(glob_pattern=pattern) for pattern in WATCHED]
        registration = types.Registration(
            id="migration-ls-files",
            method=types.WORKSPACE_DID_CHANGE_WATCHED_FILES,
            register_options=types.DidChangeWatchedFilesRegistrationOptions(watchers=watchers),
        )
        await self._server.client_register_capability_async(types.RegistrationParams(registrations=[registration]))

    async def _configure(self) -> None:
        """Ask for the settings, where the client can be asked."""
        workspace = self._server.client_capabilities.workspace
        if not (workspace and workspace.configuration):
            return
        item = types.ConfigurationItem(section=SECTION)
        answer = await self._server.workspace_configuration_async(types.ConfigurationParams(items=[item]))
        await self._set(answer[0] if answer else None)

    async def _set(self, values: Any) -> None:
        """Take settings; what cannot be used is said, and the former ones stay."""
        from migration_ls.workspace.settings import SettingsError, read_settings

        values = values.get(SECTION, values) if isinstance(values, dict) else {}
        known = {key: value for key, value in values.items() if value is not None}
        try:
            read_settings({}, known)
        except SettingsError as error:
            message = types.ShowMessageParams(type=types.MessageType.Warning, message=f"migration-ls: {error}")
            self._server.window_show_message(message)
            return
        self._session.overrides = known
        for workspace in self._session.workspaces:
            workspace.configure(known)

    # What the client tells

    async def _did_open(self, params: types.DidOpenTextDocumentParams) -> None:
        document = params.text_document
        self._open.add(document.uri)
        await self._take(document.uri, document.text, document.version)

    async def _did_change(self, params: types.DidChangeTextDocumentParams) -> None:
        text = params.content_changes[-1].text if params.content_changes else None
        if text is not None:
            await self._take(params.text_document.uri, text, params.text_document.version)

    async def _take(self, uri: str, text: str, version: int) -> None:
        place = self._session.place(uri)
        if place is not None:
            place.workspace.open(place.path, text, version)
            self._touched()

    async def _did_save(self, params: types.DidSaveTextDocumentParams) -> None:
        place = self._session.place(params.text_document.uri)
        if place is not None:
            place.workspace.refresh([place.path])
            self._touched()

    async def _did_close(self, params: types.DidCloseTextDocumentParams) -> None:
        self._open.discard(params.text_document.uri)
        place = self._session.place(params.text_document.uri)
        if place is not None:
            place.workspace.close(place.path)
            self._touched()

    async def _did_change_files(self, params: types.DidChangeWatchedFilesParams) -> None:
        for change in params.changes:
            place = self._session.place(change.uri)
            if place is not None:
                place.workspace.refresh([place.path])
        self._touched()

    async def _did_change_configuration(self, params: types.DidChangeConfigurationParams) -> None:
        workspace = self._server.client_capabilities.workspace
        if workspace and workspace.configuration:
            await self._configure()
        else:
            await self._set(params.settings)
        self._touched()

    async def _did_change_folders(self, params: types.DidChangeWorkspaceFoldersParams) -> None:
        for folder in params.event.removed:
            if path := to_path(folder.uri):
                self._session.close_folder(path)
        self._session.folders += [path for folder in params.event.added if (path := to_path(folder.uri))]
        await self._session.work(self._session.open_folders)
        self._touched()

    # Diagnostics

    def _pulls(self) -> bool:
        document = self._server.client_capabilities.text_document
        return document is not None and document.diagnostic is not None

    def _touched(self) -> None:
        """Publish soon; a change that follows at once replaces this one."""
        if self._waiting is not None:
            self._waiting.cancel()
        self._waiting = asyncio.get_running_loop().create_task(self._publish())

    async def _publish(self) -> None:
        await asyncio.sleep(DEBOUNCE_SECONDS)
        if self._pulls():
            await self._ask_to_pull()
        else:
            await self._push()
        if self._status:
            await self._tell_status()

    async def _ask_to_pull(self) -> None:
        workspace = self._server.client_capabilities.workspace
        if workspace and workspace.diagnostics and workspace.diagnostics.refresh_support:
            await self._server.workspace_diagnostic_refresh_async(None)
        if workspace and workspace.code_lens and workspace.code_lens.refresh_support:
            await self._server.workspace_code_lens_refresh_async(None)

    async def _push(self) -> None:
        """Send what changed since it was last sent; files without findings any more get an empty list."""
        from migration_ls.server.diagnostics import diagnostics_of, result_id

        sent: dict[str, str] = {}
        for workspace in self._session.workspaces:
            analysis = await self._session.analysis(workspace)
            paths = set(analysis.findings)
            paths |= {
                place.path for uri in self._open if (place := self._session.place(uri)) and place.workspace is workspace
            }
            for path in sorted(paths):
                uri = self._session.uri(workspace, path)
                items = diagnostics_of(self._session, workspace, analysis, path)
                sent[uri] = result_id(items)
                if self._published.get(uri) != sent[uri]:
                    file = analysis.snapshot.files.get(path)
                    version = file.version if file else None
                    self._server.text_document_publish_diagnostics(
                        types.PublishDiagnosticsParams(uri=uri, diagnostics=items, version=version)
                    )
        for uri in self._published.keys() - sent.keys():
            self._server.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri=uri, diagnostics=[]))
        self._published = sent

    async def _tell_status(self) -> None:
        from migration_ls.server.status import status_of

        analyses = [await self._session.analysis(workspace) for workspace in self._session.workspaces]
        self._server.protocol.notify("migration-ls/status", status_of(analyses))

    async def _document_diagnostic(self, params: types.DocumentDiagnosticParams) -> types.DocumentDiagnosticReport:
        from migration_ls.server.diagnostics import report

        place = await self._fresh(params.text_document.uri)
        if place is None:
            return types.RelatedFullDocumentDiagnosticReport(items=[])
        analysis = await self._session.analysis(place.workspace)
        return report(self._session, place, analysis, params.previous_result_id)

    async def _workspace_diagnostic(self, params: types.WorkspaceDiagnosticParams) -> types.WorkspaceDiagnosticReport:
        from migration_ls.server.diagnostics import workspace_report

        analyses = [(workspace, await self._session.analysis(workspace)) for workspace in self._session.workspaces]
        previous = {item.uri: item.value for item in params.previous_result_ids}
        return workspace_report(self._session, analyses, previous)

    # Requests

    async def _fresh(self, uri: str) -> Place | None:
        """The place of a document; its project is read again first where the client does not watch files."""
        place = self._session.place(uri)
        workspace = self._server.client_capabilities.workspace
        watched = workspace.did_change_watched_files if workspace else None
        if place is not None and not (watched and watched.dynamic_registration):
            place.workspace.refresh_if_stale()
        return place

    async def _hover(self, params: types.HoverParams) -> types.Hover | None:
        from migration_ls.features.hover import hover
        from migration_ls.text.lines import LineIndex

        place = await self._fresh(params.text_document.uri)
        if place is None:
            return None
        analysis = await self._session.analysis(place.workspace)
        file = analysis.snapshot.files.get(place.path)
        if file is None:
            return None
        index = LineIndex(file.text)
        offset = to_offset(index, params.position, self._session.encoding)
        found = await self._session.work(lambda: hover(analysis, place.path, offset))
        if found is None:
            return None
        content = types.MarkupContent(kind=types.MarkupKind.Markdown, value=found.markdown)
        return types.Hover(contents=content, range=to_range(index, found.span, self._session.encoding))

    async def _code_action(self, params: types.CodeActionParams) -> list[types.CodeAction]:
        from migration_ls.server.code_action import code_actions

        place = await self._fresh(params.text_document.uri)
        if place is None:
            return []
        analysis = await self._session.analysis(place.workspace)
        client = self._server.client_capabilities
        return await self._session.work(lambda: code_actions(self._session, client, place, analysis, params))

    async def _resolve_code_action(self, action: types.CodeAction) -> types.CodeAction:
        from pydantic import ValidationError

        from migration_ls.server.code_action import ActionData, resolved
        from migration_ls.server.edits import CannotCreateError
        from migration_ls.server.execute_command import cannot_create

        if action.data is None:
            return action
        try:
            data = ActionData.model_validate(action.data)
        except ValidationError:
            return action
        place = self._session.place(data.uri)
        if place is None:
            return action
        analysis = await self._session.analysis(place.workspace)
        client = self._server.client_capabilities
        try:
            return await self._session.work(lambda: resolved(self._session, client, place, analysis, action, data))
        except CannotCreateError:
            warning = types.ShowMessageParams(type=types.MessageType.Warning, message=cannot_create(place))
            self._server.window_show_message(warning)
            return action

    async def _code_lens(self, params: types.CodeLensParams) -> list[types.CodeLens]:
        from migration_ls.features.lenses import lenses
        from migration_ls.text.lines import LineIndex

        place = await self._fresh(params.text_document.uri)
        if place is None:
            return []
        analysis = await self._session.analysis(place.workspace)
        file = analysis.snapshot.files.get(place.path)
        found = await self._session.work(lambda: lenses(analysis, place.path))
        index = LineIndex(file.text if file else "")
        return [
            types.CodeLens(
                range=to_range(index, lens.span, self._session.encoding),
                command=types.Command(
                    title=lens.title, command=f"migration-ls.{lens.command}", arguments=[{"uri": place.uri}]
                ),
            )
            for lens in found
        ]

    async def _inlay_hint(self, params: types.InlayHintParams) -> list[types.InlayHint]:
        from migration_ls.features.inlay_hints import inlay_hints
        from migration_ls.server.position import to_position
        from migration_ls.text.lines import LineIndex

        place = await self._fresh(params.text_document.uri)
        if place is None:
            return []
        analysis = await self._session.analysis(place.workspace)
        file = analysis.snapshot.files.get(place.path)
        index = LineIndex(file.text if file else "")
        within = to_span(index, params.range, self._session.encoding)
        return [
            types.InlayHint(
                position=to_position(index, hint.offset, self._session.encoding),
                label=hint.text,
                padding_left=True,
            )
            for hint in inlay_hints(analysis, place.path, within)
        ]

    async def _generate(self, arguments: Any = None) -> dict[str, object]:
        from migration_ls.server.execute_command import generate_command

        place = self._named(arguments)
        return await generate_command(self._server, self._session, place) if place else {"applied": False}

    async def _verify(self, arguments: Any = None) -> dict[str, object]:
        from migration_ls.server.execute_command import verify_command

        place = self._named(arguments)
        return await verify_command(self._server, self._session, place) if place else {"passed": False}

    def _named(self, arguments: Any) -> Place | None:
        """The file that a command's argument names; a message when it names none of a project."""
        uri = arguments.get("uri") if isinstance(arguments, dict) else getattr(arguments, "uri", None)
        place = self._session.place(uri) if isinstance(uri, str) else None
        if place is None:
            message = types.ShowMessageParams(
                type=types.MessageType.Warning, message="migration-ls: the file belongs to no project"
            )
            self._server.window_show_message(message)
        return place
