"""The language server: what it answers, and what it does when something changes."""

import asyncio
import inspect
import logging
from collections.abc import Callable
from importlib import import_module
from typing import Any

from lsprotocol import types
from pygls.lsp.server import LanguageServer

from migration_ls import __version__
from migration_ls.server.position import encoding_of, to_path
from migration_ls.server.publishing import Publisher
from migration_ls.server.session import Place, Session

logger = logging.getLogger(__name__)

SECTION = "migration-ls"
_HANDLERS = ("code_action", "code_lens", "diagnostics", "edits", "execute_command", "hover", "inlay_hint")
WATCHED = ("**/*.sql", "**/*.md", "**/*.py", "**/*.toml", "**/requirements*.txt", "**/*.lock", "**/.git/HEAD")


class MigrationServer(LanguageServer):
    """The server of one client; it ends its workers when the client has gone, whether that was said or not."""

    def __init__(self) -> None:
        super().__init__("migration-ls", __version__, text_document_sync_kind=types.TextDocumentSyncKind.Full)
        self.session = Session()
        self.said_goodbye = False
        """Whether the client asked for the shutdown before it left."""

    def shutdown(self) -> None:
        """End the workers."""
        self.session.close()
        super().shutdown()  # type: ignore[no-untyped-call]


def make_server() -> MigrationServer:
    """A server that is ready to be started; nothing heavy is imported before `initialize` is answered."""
    server = MigrationServer()
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

    def __init__(self, server: MigrationServer) -> None:
        self._server = server
        self._session = server.session
        self._publisher = Publisher(server, self._session, status=False)
        self._asking: set[asyncio.Task[None]] = set()

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
        session = self._session
        session.folders = [path for uri in folders if (path := to_path(uri))]
        session.encoding = encoding_of(self._server.workspace.position_encoding)
        workspace = params.capabilities.workspace
        watching = workspace.did_change_watched_files if workspace else None
        session.tells_changes = bool(watching and watching.dynamic_registration)
        session.ends_last_lines = params.client_info is not None and params.client_info.name == "Neovim"
        options = params.initialization_options
        status = isinstance(options, dict) and options.get("status") is True
        self._publisher = Publisher(self._server, session, status=status)

    async def _initialized(self, params: types.InitializedParams) -> None:
        del params
        # A client that never answers shall not keep the projects from being opened.
        self._ask(self._watch)
        self._ask(self._configure)
        await self._session.work(_import_handlers)
        await self._session.work(self._session.open_folders)
        self._publisher.touched()

    def _ask(self, question: Callable[[], Any]) -> None:
        """Ask the client something without waiting for its answer."""
        task = asyncio.get_running_loop().create_task(_guarded(lambda _: question())(None))
        self._asking.add(task)
        task.add_done_callback(self._asking.discard)

    def _shutdown(self, params: None) -> None:
        del params
        self._server.said_goodbye = True
        self._publisher.stop()
        self._session.close()

    async def _watch(self) -> None:
        """Ask to be told of changes outside the editor, where the client can be asked."""
        if not self._session.tells_changes:
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
        self._publisher.touched()

    async def _set(self, values: Any) -> None:
        """Take settings; what cannot be used is said, and the former ones stay."""
        values = values.get(SECTION, values) if isinstance(values, dict) else {}
        known = {key: value for key, value in values.items() if value is not None} if isinstance(values, dict) else {}
        problem = await self._session.answer(lambda: _problem(known))
        if problem is None:
            self._session.configure(known)
            return
        message = types.ShowMessageParams(type=types.MessageType.Warning, message=f"migration-ls: {problem}")
        self._server.window_show_message(message)

    # What the client tells

    def _did_open(self, params: types.DidOpenTextDocumentParams) -> None:
        document = params.text_document
        self._session.look_again()
        self._session.set_text(document.uri, document.text, document.version)
        self._publisher.touched()

    def _did_change(self, params: types.DidChangeTextDocumentParams) -> None:
        text = params.content_changes[-1].text if params.content_changes else None
        if text is not None:
            self._session.set_text(params.text_document.uri, text, params.text_document.version)
            self._publisher.touched()

    def _did_save(self, params: types.DidSaveTextDocumentParams) -> None:
        self._session.reread(params.text_document.uri)
        self._session.look_again()
        self._publisher.touched()

    def _did_close(self, params: types.DidCloseTextDocumentParams) -> None:
        self._session.forget_text(params.text_document.uri)
        self._publisher.touched()

    def _did_change_files(self, params: types.DidChangeWatchedFilesParams) -> None:
        for change in params.changes:
            self._session.reread(change.uri)
        self._publisher.touched()

    async def _did_change_configuration(self, params: types.DidChangeConfigurationParams) -> None:
        workspace = self._server.client_capabilities.workspace
        if workspace and workspace.configuration:
            await self._configure()
        else:
            await self._set(params.settings)
            self._publisher.touched()

    async def _did_change_folders(self, params: types.DidChangeWorkspaceFoldersParams) -> None:
        for folder in params.event.removed:
            if path := to_path(folder.uri):
                self._session.close_folder(path)
        self._session.folders += [path for folder in params.event.added if (path := to_path(folder.uri))]
        await self._session.work(self._session.open_folders)
        self._publisher.touched()

    # Requests

    async def _place(self, uri: str) -> Place | None:
        """The place of a document; what changed on disk is read first where the client does not tell of it."""
        self._session.look_again()
        return await self._session.place(uri)

    async def _document_diagnostic(self, params: types.DocumentDiagnosticParams) -> types.DocumentDiagnosticReport:
        place = await self._place(params.text_document.uri)
        if place is None:
            return types.RelatedFullDocumentDiagnosticReport(items=[])
        from migration_ls.server.diagnostics import report

        analysis = await self._session.analysis(place.workspace)
        return await self._session.answer(lambda: report(self._session, place, analysis, params.previous_result_id))

    async def _workspace_diagnostic(self, params: types.WorkspaceDiagnosticParams) -> types.WorkspaceDiagnosticReport:
        self._session.look_again()
        analyses = [(workspace, await self._session.analysis(workspace)) for workspace in self._session.workspaces]
        from migration_ls.server.diagnostics import workspace_report

        previous = {item.uri: item.value for item in params.previous_result_ids}
        return await self._session.answer(lambda: workspace_report(self._session, analyses, previous))

    async def _hover(self, params: types.HoverParams) -> types.Hover | None:
        place = await self._place(params.text_document.uri)
        if place is None:
            return None
        from migration_ls.server.hover import hover_at

        analysis = await self._session.recent_analysis(place)
        return await self._session.answer(lambda: hover_at(self._session, place, analysis, params.position))

    async def _code_action(self, params: types.CodeActionParams) -> list[types.CodeAction]:
        place = await self._place(params.text_document.uri)
        if place is None:
            return []
        from migration_ls.server.code_action import code_actions

        analysis = await self._session.analysis(place.workspace)
        client = self._server.client_capabilities
        return await self._session.answer(lambda: code_actions(self._session, client, place, analysis, params))

    async def _resolve_code_action(self, action: types.CodeAction) -> types.CodeAction:
        from migration_ls.server.code_action import data_of, resolved
        from migration_ls.server.edits import CannotCreateError
        from migration_ls.server.execute_command import cannot_create

        data = data_of(action)
        place = await self._place(data.uri) if data else None
        if data is None or place is None:
            return action
        analysis = await self._session.analysis(place.workspace)
        client = self._server.client_capabilities
        try:
            return await self._session.answer(lambda: resolved(self._session, client, place, analysis, action, data))
        except CannotCreateError:
            warning = types.ShowMessageParams(type=types.MessageType.Warning, message=cannot_create(place))
            self._server.window_show_message(warning)
            return action

    async def _code_lens(self, params: types.CodeLensParams) -> list[types.CodeLens]:
        place = await self._place(params.text_document.uri)
        if place is None:
            return []
        from migration_ls.server.code_lens import code_lenses

        analysis = await self._session.analysis(place.workspace)
        return await self._session.answer(lambda: code_lenses(self._session, place, analysis))

    async def _inlay_hint(self, params: types.InlayHintParams) -> list[types.InlayHint]:
        place = await self._place(params.text_document.uri)
        if place is None:
            return []
        from migration_ls.server.inlay_hint import hints_in

        analysis = await self._session.recent_analysis(place)
        return await self._session.answer(lambda: hints_in(self._session, place, analysis, params.range))

    async def _generate(self, arguments: Any = None) -> dict[str, object]:
        from migration_ls.server.execute_command import generate_command

        place = await self._named(arguments)
        return await generate_command(self._server, self._session, place) if place else {"applied": False}

    async def _verify(self, arguments: Any = None) -> dict[str, object]:
        from migration_ls.server.execute_command import verify_command

        place = await self._named(arguments)
        return await verify_command(self._server, self._session, place) if place else {"passed": False}

    async def _named(self, arguments: Any) -> Place | None:
        """The file that a command's argument names; a message when it names none of a project."""
        uri = arguments.get("uri") if isinstance(arguments, dict) else getattr(arguments, "uri", None)
        place = await self._place(uri) if isinstance(uri, str) else None
        if place is None:
            message = types.ShowMessageParams(
                type=types.MessageType.Warning, message="migration-ls: the file belongs to no project"
            )
            self._server.window_show_message(message)
        return place


def _import_handlers() -> None:
    """Import what the handlers need beside the event loop, so that it never stands still for it."""
    for name in _HANDLERS:
        import_module(f"migration_ls.server.{name}")


def _problem(values: dict[str, Any]) -> str | None:
    """What is wrong with settings, if anything."""
    from migration_ls.workspace.settings import SettingsError, read_settings

    try:
        read_settings({}, values)
    except SettingsError as error:
        return str(error)
    return None
