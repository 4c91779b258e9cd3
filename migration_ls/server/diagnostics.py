"""Findings as diagnostics: pulled where the client can, pushed otherwise."""

from lsprotocol import types

from migration_ls.rules.finding import Finding, Severity
from migration_ls.server.position import to_range
from migration_ls.server.session import Place, Session
from migration_ls.text.fingerprint import fingerprint
from migration_ls.text.lines import LineIndex
from migration_ls.workspace.analysis import Analysis
from migration_ls.workspace.workspace import Workspace

_PAGES = "https://github.com/migration-ls/migration-ls/blob/main/docs/rules/{}.md"
_SEVERITIES = {
    Severity.ERROR: types.DiagnosticSeverity.Error,
    Severity.WARNING: types.DiagnosticSeverity.Warning,
    Severity.INFORMATION: types.DiagnosticSeverity.Information,
    Severity.HINT: types.DiagnosticSeverity.Hint,
}


def diagnostics_of(session: Session, workspace: Workspace, analysis: Analysis, path: str) -> list[types.Diagnostic]:
    """The diagnostics of one file."""
    file = analysis.snapshot.files.get(path)
    index = LineIndex(file.text if file else "")
    return [diagnostic(session, workspace, analysis, finding, index) for finding in analysis.findings.get(path, ())]


def diagnostic(
    session: Session, workspace: Workspace, analysis: Analysis, finding: Finding, index: LineIndex
) -> types.Diagnostic:
    """One finding."""
    return types.Diagnostic(
        range=to_range(index, finding.span, session.encoding),
        severity=_SEVERITIES[finding.severity],
        code=finding.rule,
        code_description=types.CodeDescription(href=_PAGES.format(finding.rule)),
        source="migration-ls",
        message=f"{finding.message}\n{finding.help}",
        related_information=[
            types.DiagnosticRelatedInformation(
                location=types.Location(
                    uri=session.uri(workspace, related.origin.path),
                    range=to_range(_index(analysis, related.origin.path), related.origin.span, session.encoding),
                ),
                message=related.message,
            )
            for related in finding.related
        ],
    )


def _index(analysis: Analysis, path: str) -> LineIndex:
    file = analysis.snapshot.files.get(path)
    return LineIndex(file.text if file else "")


def result_id(items: list[types.Diagnostic]) -> str:
    """A name for a list of diagnostics that changes when the list does."""
    return fingerprint(*(repr(item) for item in items))


def report(
    session: Session, place: Place, analysis: Analysis, previous: str | None
) -> types.RelatedFullDocumentDiagnosticReport | types.RelatedUnchangedDocumentDiagnosticReport:
    """The answer to a pull for one document."""
    items = diagnostics_of(session, place.workspace, analysis, place.path)
    name = result_id(items)
    if name == previous:
        return types.RelatedUnchangedDocumentDiagnosticReport(result_id=name)
    return types.RelatedFullDocumentDiagnosticReport(items=items, result_id=name)


def workspace_report(
    session: Session,
    analyses: "list[tuple[Workspace, Analysis]]",
    previous: dict[str, str],
) -> types.WorkspaceDiagnosticReport:
    """The answer to a pull for everything."""
    reports: list[types.WorkspaceFullDocumentDiagnosticReport | types.WorkspaceUnchangedDocumentDiagnosticReport] = []
    for workspace, analysis in analyses:
        for path, file in sorted(analysis.snapshot.files.items()):
            uri = session.uri(workspace, path)
            items = diagnostics_of(session, workspace, analysis, path)
            if not items and uri not in previous:
                continue
            name = result_id(items)
            if previous.get(uri) == name:
                reports.append(
                    types.WorkspaceUnchangedDocumentDiagnosticReport(uri=uri, version=file.version, result_id=name)
                )
            else:
                reports.append(
                    types.WorkspaceFullDocumentDiagnosticReport(
                        uri=uri, version=file.version, items=items, result_id=name
                    )
                )
    return types.WorkspaceDiagnosticReport(items=reports)
