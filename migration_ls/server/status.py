"""One line on the state of all projects, for an editor's status bar."""

from collections.abc import Sequence

from migration_ls.rules.finding import Severity
from migration_ls.workspace.analysis import Analysis


def status_of(analyses: Sequence[Analysis]) -> dict[str, str]:
    """What `migration-ls/status` tells: `text`, `tooltip` and `severity` (`ok`, `warning` or `error`)."""
    findings = [finding for analysis in analyses for found in analysis.findings.values() for finding in found]
    errors = sum(finding.severity is Severity.ERROR for finding in findings)
    warnings = sum(finding.severity is Severity.WARNING for finding in findings)
    lines = [
        f"{len(analysis.knowledge.current.tables)} tables, from {analysis.knowledge.base_source}"
        f" in {analysis.snapshot.root.name}"
        for analysis in analyses
    ]
    return {
        "text": f"{errors} errors, {warnings} warnings" if errors or warnings else "no danger found",
        "tooltip": "\n".join(lines) or "no project found",
        "severity": "error" if errors else "warning" if warnings else "ok",
    }
