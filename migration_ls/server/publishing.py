"""Telling the client what was found: diagnostics pushed to those that do not pull, hints to pull again, the status."""

import asyncio
import logging
from typing import TYPE_CHECKING

from lsprotocol import types

from migration_ls.server.session import Session

if TYPE_CHECKING:
    from pygls.lsp.server import LanguageServer

    from migration_ls.workspace.analysis import Analysis
    from migration_ls.workspace.workspace import Workspace

logger = logging.getLogger(__name__)

_QUIET_SECONDS = 0.4
"""How long nothing may have changed before the client is asked to pull again."""


class Publisher:
    """Sends what changed; one round at a time, and the result of a round that something overtook is dropped."""

    def __init__(self, server: "LanguageServer", session: Session, *, status: bool) -> None:
        self._server = server
        self._session = session
        self._status = status
        self._published: dict[str, str] = {}
        self._changes = 0
        self._round: asyncio.Task[None] | None = None

    def touched(self) -> None:
        """Something changed: publish what follows from it."""
        self._changes += 1
        if self._round is None or self._round.done():
            self._round = asyncio.get_running_loop().create_task(self._run())

    def stop(self) -> None:
        """Publish nothing any more."""
        if self._round is not None:
            self._round.cancel()

    async def _run(self) -> None:
        seen = -1
        while seen != self._changes and not self._session.closing.is_set():
            if self._pulls():
                await asyncio.sleep(_QUIET_SECONDS)
            seen = self._changes
            try:
                await self._publish(seen)
            except Exception:
                # One analysis that fails ends neither the server nor the rounds to come.
                logger.exception("Findings could not be published")

    def _pulls(self) -> bool:
        document = self._server.client_capabilities.text_document
        return document is not None and document.diagnostic is not None

    async def _publish(self, seen: int) -> None:
        workspaces = self._session.workspaces
        analyses = [(workspace, await self._session.analysis(workspace)) for workspace in workspaces]
        if seen != self._changes:
            return
        if self._pulls():
            await self._ask_to_pull()
        else:
            await self._push(analyses)
        if self._status:
            from migration_ls.server.status import status_of

            self._server.protocol.notify("migration-ls/status", status_of([analysis for _, analysis in analyses]))

    async def _ask_to_pull(self) -> None:
        workspace = self._server.client_capabilities.workspace
        if workspace and workspace.diagnostics and workspace.diagnostics.refresh_support:
            self._server.workspace_diagnostic_refresh(None)
        if workspace and workspace.code_lens and workspace.code_lens.refresh_support:
            self._server.workspace_code_lens_refresh(None)

    async def _push(self, analyses: "list[tuple[Workspace, Analysis]]") -> None:
        """Send what changed since it was last sent; files without findings any more get an empty list."""
        sent = await self._session.answer(lambda: self._reports(analyses))
        for uri, (name, report) in sent.items():
            if self._published.get(uri) != name:
                self._server.text_document_publish_diagnostics(report)
        for uri in self._published.keys() - sent.keys():
            self._server.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri=uri, diagnostics=[]))
        self._published = {uri: name for uri, (name, _) in sent.items()}

    def _reports(
        self, analyses: "list[tuple[Workspace, Analysis]]"
    ) -> dict[str, tuple[str, types.PublishDiagnosticsParams]]:
        from migration_ls.server.diagnostics import diagnostics_of

        opened = [place for uri in self._session.open_uris if (place := self._session.known(uri))]
        reports: dict[str, tuple[str, types.PublishDiagnosticsParams]] = {}
        for workspace, analysis in analyses:
            paths = analysis.findings.keys() | {place.path for place in opened if place.workspace is workspace}
            for path in sorted(paths):
                uri = self._session.uri(workspace, path)
                found = diagnostics_of(self._session, workspace, analysis, path)
                file = analysis.snapshot.files.get(path)
                report = types.PublishDiagnosticsParams(
                    uri=uri, diagnostics=found.items, version=file.version if file else None
                )
                reports[uri] = found.name, report
        return reports
