"""Comments that say, with a reason, that a finding is known and meant."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from migration_ls.rules.finding import Finding, Fix, Severity
from migration_ls.text.edits import Edit
from migration_ls.text.lines import LineIndex
from migration_ls.text.span import Span

WITHOUT_REASON = "suppression-without-reason"
UNUSED = "unused-suppression"


class Language(StrEnum):
    """In whose comments suppressions stand."""

    SQL = "sql"
    MARKDOWN = "markdown"
    PYTHON = "python"


@dataclass(frozen=True, slots=True, kw_only=True)
class Suppression:
    """One comment: the rules it names, why, and whether it counts for the whole file."""

    span: Span
    line: int
    rules: tuple[str, ...]
    reason: str
    whole_file: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Suppressed:
    """What is left of findings, what was suppressed, and findings about suppressions that did nothing."""

    kept: tuple[Finding, ...]
    suppressed: tuple[Finding, ...]
    unused: tuple[Finding, ...]


_BODY = r"migration-ls:[ \t]*(?P<kind>ignore(?:-file)?)[ \t]*\[(?P<rules>[^\]\r\n]*)\]"
_PATTERNS = {
    Language.SQL: re.compile(rf"--[ \t]*{_BODY}(?P<reason>[^\r\n]*)|/\*[ \t]*{_BODY.replace('?P<', '?P<c_')}"
                             r"(?P<c_reason>[^\r\n]*?)\*/"),
    Language.MARKDOWN: re.compile(rf"<!--[ \t]*{_BODY}(?P<reason>[^\r\n]*?)-->"),
    Language.PYTHON: re.compile(rf"#[ \t]*{_BODY}(?P<reason>[^\r\n]*)"),
}  # fmt: skip
_COMMENT = {
    Language.SQL: re.compile(r"[ \t]*(?:--|/\*.*\*/[ \t]*$)"),
    Language.MARKDOWN: re.compile(r"[ \t]*<!--.*-->[ \t]*$"),
    Language.PYTHON: re.compile(r"[ \t]*#"),
}


def read(text: str, language: Language) -> tuple[Suppression, ...]:
    """Every suppression of the text, in order."""
    if "migration-ls:" not in text:
        return ()
    lines = LineIndex(text)
    found = []
    for match in _PATTERNS[language].finditer(text):
        groups = match.groupdict()
        rules, reason = (groups.get("rules") or groups.get("c_rules") or ""), groups["reason"] or groups.get("c_reason")
        found.append(
            Suppression(
                span=Span(match.start(), match.end()),
                line=lines.line(match.start()),
                rules=tuple(name.strip() for name in rules.split(",") if name.strip()),
                reason=(reason or "").strip(" \t:-—"),
                whole_file=(groups["kind"] or groups.get("c_kind")) == "ignore-file",
            )
        )
    return tuple(found)


def apply(
    findings: Iterable[Finding], text: str, language: Language, *, path: str, statements: Sequence[Span] = ()
) -> Suppressed:
    """Part the findings of a file by its suppressions.

    A comment counts for what stands on its own line and for what follows right below it; with the spans of
    `statements`, a comment above a statement counts for all of it.
    """
    comments = [comment for comment in read(text, language) if comment.reason]
    if not comments:
        return Suppressed(kept=tuple(findings), suppressed=(), unused=())
    reach = _Reach(text, language, statements)
    used: set[tuple[int, str]] = set()
    kept: list[Finding] = []
    suppressed: list[Finding] = []
    for finding in findings:
        lines = reach.of(finding.span)
        hits = [
            number
            for number, comment in enumerate(comments)
            if finding.rule in comment.rules and (comment.whole_file or comment.line in lines)
        ]
        used |= {(number, finding.rule) for number in hits}
        (suppressed if hits else kept).append(finding)
    return Suppressed(kept=tuple(kept), suppressed=tuple(suppressed), unused=tuple(_unused(comments, used, path, text)))


def without_reason(text: str, language: Language, path: str) -> Iterator[Finding]:
    """A finding for each suppression that does not say why; it suppresses nothing."""
    for comment in read(text, language):
        if not comment.reason:
            yield Finding(
                path=path,
                span=comment.span,
                rule=WITHOUT_REASON,
                severity=Severity.INFORMATION,
                message=f"the suppression of {_listed(comment.rules)} gives no reason, so it suppresses nothing",
                help="Say behind the brackets why it is meant",
            )


def _unused(comments: list[Suppression], used: set[tuple[int, str]], path: str, text: str) -> Iterator[Finding]:
    for number, comment in enumerate(comments):
        idle = tuple(rule for rule in comment.rules if (number, rule) not in used)
        if not idle:
            continue
        fixes: tuple[Fix, ...] = ()
        if len(idle) == len(comment.rules):
            fixes = (Fix(title="Remove the suppression", edits=(Edit(_whole_line(text, comment.span), ""),)),)
        yield Finding(
            path=path,
            span=comment.span,
            rule=UNUSED,
            severity=Severity.INFORMATION,
            message=f"{_listed(idle)} is not found here, so the suppression does nothing",
            help="Remove the suppression",
            fixes=fixes,
        )


def _listed(rules: tuple[str, ...]) -> str:
    return ", ".join(f"`{rule}`" for rule in rules) or "no rule"


def _whole_line(text: str, span: Span) -> Span:
    """The comment, with its line where nothing else stands on it."""
    lines = LineIndex(text)
    line = lines.line(span.start)
    start = lines.starts[line]
    end = lines.starts[line + 1] if line + 1 < len(lines.starts) else len(text)
    alone = not text[start : span.start].strip() and not text[span.end : end].strip()
    return Span(start, end) if alone else span


@dataclass(frozen=True, slots=True)
class _Reach:
    """Which lines a comment may stand on to count for a place."""

    text: str
    language: Language
    statements: Sequence[Span]

    def of(self, span: Span) -> frozenset[int]:
        lines = LineIndex(self.text)
        own = lines.line(span.start)
        found = self._above(lines, own) | {own}
        for statement in self.statements:
            if statement.covers(span):
                first = lines.line(statement.start)
                found |= self._above(lines, first) | {first}
        return frozenset(found)

    def _above(self, lines: LineIndex, line: int) -> set[int]:
        """Comment lines above; in SQL past earlier lines of the statement, in markdown past those of the block."""
        found: set[int] = set()
        for above in range(line - 1, -1, -1):
            content = lines.line_text(above)
            if _COMMENT[self.language].match(content):
                found.add(above)
            elif not self._continues(content):
                break
        return found

    def _continues(self, content: str) -> bool:
        match self.language:
            case Language.SQL:
                return bool(content.strip()) and ";" not in content
            case Language.MARKDOWN:
                return bool(content.strip())
            case Language.PYTHON:
                return False
