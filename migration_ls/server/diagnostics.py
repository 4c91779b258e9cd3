"""Findings as diagnostics: pulled where the client can, pushed otherwise."""

from dataclasses import dataclass
from weakref import WeakKeyDictionary

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


@dataclass(frozen=True, slots=True, eq=False)
class Diagnostics:
    """The diagnostics of one file; `name` changes when they do."""

    items: list[types.Diagnostic]
    name: str


@dataclass(frozen=True, slots=True, eq=False)
class _Kept:
    findings: tuple[Finding, ...]
    text: str
    result: Diagnostics


_KEPT: "WeakKeyDictionary[Workspace, dict[str, _Kept]]" = WeakKeyDictionary()
"""What was converted last, by project and path: one keystroke leaves all other files as they were."""


def diagnostics_of(session: Session, workspace: Workspace, analysis: Analysis, path: str) -> Diagnostics:
    """The diagnostics of one file."""
    file = analysis.snapshot.files.get(path)
    text = file.text if file else ""
    findings = analysis.findings.get(path, ())
    by_path = _KEPT.setdefault(workspace, {})
    kept = by_path.get(path)
    if kept is not None and kept.findings is findings and kept.text is text:
        return kept.result
    index = LineIndex(text)
    items = [diagnostic(session, workspace, analysis, finding, index) for finding in findings]
    result = Diagnostics(items, fingerprint(*(repr(item) for item in items)))
    by_path[path] = _Kept(findings, text, result)
    return result


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


def report(
    session: Session, place: Place, analysis: Analysis, previous: str | None
) -> types.RelatedFullDocumentDiagnosticReport | types.RelatedUnchangedDocumentDiagnosticReport:
    """The answer to a pull for one document."""
    found = diagnostics_of(session, place.workspace, analysis, place.path)
    if found.name == previous:
        return types.RelatedUnchangedDocumentDiagnosticReport(result_id=found.name)
    return types.RelatedFullDocumentDiagnosticReport(items=found.items, result_id=found.name)


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
            found = diagnostics_of(session, workspace, analysis, path)
            if not found.items and uri not in previous:
                continue
            if previous.get(uri) == found.name:
                reports.append(
                    types.WorkspaceUnchangedDocumentDiagnosticReport(
                        uri=uri, version=file.version, result_id=found.name
                    )
                )
            else:
                reports.append(
                    types.WorkspaceFullDocumentDiagnosticReport(
                        uri=uri, version=file.version, items=found.items, result_id=found.name
                    )
                )
    return types.WorkspaceDiagnosticReport(items=reports)
