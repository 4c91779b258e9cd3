"""Findings as text for people and as JSON."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from migration_ls.cli.effect_json import effect_json
from migration_ls.rules.finding import Finding, Severity
from migration_ls.text.encoding import Encoding, units
from migration_ls.text.lines import LineIndex

FORMATS = ("human", "json", "github")
_NAMES = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFORMATION: "info", Severity.HINT: "hint"}
_COLOURS = {
    Severity.ERROR: "bold red",
    Severity.WARNING: "bold yellow",
    Severity.INFORMATION: "bold blue",
    Severity.HINT: "bold cyan",
}
_TAB = 4
RULE_PAGES = "https://github.com/migration-ls/migration-ls/blob/main/docs/rules/{}.md"


def render(form: str, findings: Sequence[Finding], texts: Mapping[str, str], *, colour: bool = False) -> str:
    """The findings in one of `FORMATS`; `texts` are the files they stand in."""
    indexes = {path: LineIndex(text) for path, text in texts.items()}
    match form:
        case "json":
            return json.dumps(findings_json(findings, indexes), indent=2, ensure_ascii=False) + "\n"
        case "github":
            return "".join(_github(finding, _index(indexes, finding)) for finding in findings)
        case _:
            return _human(findings, indexes, colour=colour)


def counted(findings: Sequence[Finding], files: int) -> str:
    """`2 errors, 1 warning in 8 files`."""
    if not findings:
        return f"no findings in {files} {'file' if files == 1 else 'files'}"
    parts: list[str] = []
    for severity, word in ((Severity.ERROR, "error"), (Severity.WARNING, "warning"), (Severity.INFORMATION, "remark")):
        number = sum(
            finding.severity == severity or (severity is Severity.INFORMATION and finding.severity > severity)
            for finding in findings
        )
        if number:
            parts.append(f"{number} {word}{'' if number == 1 else 's'}")
    return f"{', '.join(parts)} in {files} {'file' if files == 1 else 'files'}"


def _index(indexes: Mapping[str, LineIndex], finding: Finding) -> LineIndex:
    return indexes.get(finding.path) or LineIndex("")


def findings_json(findings: Sequence[Finding], indexes: Mapping[str, LineIndex]) -> dict[str, Any]:
    """The shape of `check --format json`; lines and characters from 0, in UTF-16."""
    entries = [finding_json(finding, _index(indexes, finding)) for finding in findings]
    not_analysed = [
        {"path": entry["path"], "line": entry["range"]["start"]["line"], "message": entry["message"]}
        for entry in entries
        if entry["rule"] == "not-analysed"
    ]
    return {"version": 1, "findings": entries, "not_analysed": not_analysed}


def finding_json(finding: Finding, index: LineIndex) -> dict[str, Any]:
    """One finding."""
    entry: dict[str, Any] = {
        "path": finding.path,
        "range": {"start": _position(index, finding.span.start), "end": _position(index, finding.span.end)},
        "rule": finding.rule,
        "severity": finding.severity.name.lower(),
        "message": finding.message,
        "help": finding.help,
        "url": RULE_PAGES.format(finding.rule),
        "fixable": bool(finding.fixes),
    }
    if finding.effect is not None:
        entry["effect"] = effect_json(finding.effect)
    return entry


def _position(index: LineIndex, offset: int) -> dict[str, int]:
    line, column = index.position(offset)
    return {"line": line, "character": units(index.line_text(line)[:column], Encoding.UTF16)}


def _github(finding: Finding, index: LineIndex) -> str:
    kind = {"error": "error", "warning": "warning"}.get(_NAMES[finding.severity], "notice")
    line, column = index.position(finding.span.start)
    end_line, end_column = index.position(finding.span.end)

    def escaped(text: str) -> str:
        return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")

    start, end = f"line={line + 1},col={column + 1}", f"endLine={end_line + 1},endColumn={end_column + 1}"
    place = f"file={escaped(finding.path)},{start},{end}"
    return f"::{kind} {place},title={finding.rule}::{escaped(f'{finding.message}. {finding.help}.')}\n"


def _human(findings: Sequence[Finding], indexes: Mapping[str, LineIndex], *, colour: bool) -> str:
    from io import StringIO

    from rich.console import Console
    from rich.text import Text

    out = StringIO()
    console = Console(file=out, force_terminal=colour, no_color=not colour, width=10_000, highlight=False, markup=False)
    for finding in findings:
        index = _index(indexes, finding)
        line, column = index.position(finding.span.start)
        style = _COLOURS[finding.severity]
        head = Text.assemble(
            (f"{finding.path}:{line + 1}:{column + 1}", "bold"),
            ": ",
            (_NAMES[finding.severity], style),
            f"[{finding.rule}]",
            f": {finding.message}",
        )
        console.print(head, soft_wrap=True)
        for text in _excerpt(finding, index, style):
            console.print(text, soft_wrap=True)
        console.print(Text.assemble("     = ", ("help", "bold"), f": {finding.help}"), soft_wrap=True)
        for fix in finding.fixes[:1]:
            console.print(Text.assemble("     = ", ("fix", "bold"), f": {fix.title}"), soft_wrap=True)
        console.print()
    return out.getvalue()


def _excerpt(finding: Finding, index: LineIndex, style: str) -> "list[Any]":
    """The line the finding begins on, with carets under its characters; tabs become spaces."""
    from rich.cells import cell_len
    from rich.text import Text

    if not index.text:
        return []
    line, column = index.position(finding.span.start)
    end_line, end_column = index.position(finding.span.end)
    source = index.line_text(line)
    end = end_column if end_line == line else len(source.rstrip())
    before = " " * cell_len(source[:column].expandtabs(_TAB))
    carets = "^" * max(1, cell_len(source[:end].expandtabs(_TAB)) - len(before))
    number = str(line + 1).rjust(4)
    return [Text(f"{number} | {source.expandtabs(_TAB)}"), Text.assemble(f"     | {before}", (carets, style))]
