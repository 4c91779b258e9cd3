"""Edits that rules offer: keywords put in, statements moved out of their transaction or after it, and fixing it all."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import lru_cache

from migration_ls.rules.finding import Finding, Fix
from migration_ls.rules.judging import Place
from migration_ls.rules.layout import is_control, local_settings
from migration_ls.rules.rule import Script
from migration_ls.text.edits import Edit, apply_edits, insert
from migration_ls.text.span import Span

_TO_SEMICOLON = re.compile(r"(?:\s|--[^\r\n]*|/\*.*?\*/)*;", re.DOTALL)
_REST_OF_LINE = re.compile(r"[ \t]*(?:--[^\r\n]*)?(?=[\r\n]|\Z)")
_GAP = re.compile(r"(?:\A|(?<=[\r\n]))[ \t]*(?:\r\n|\n|\r)")
_MARK = re.compile(
    r"^--[ \t]*(?:migrate:|\+\w+[ \t]|changeset|liquibase|rambler)[^\r\n]*(?:\r\n|\n|\r)?", re.IGNORECASE | re.MULTILINE
)
_BLANK_LINE = re.compile(r"[ \t]*(?:\r\n|\n|\r)")


def one_fix(title: str, edits: Iterable[Edit] | None) -> tuple[Fix, ...]:
    """The fix of these edits; none when there are none to make."""
    made = tuple(edits or ())
    return (Fix(title=title, edits=made),) if made else ()


def offered(fixes: Iterable[Fix]) -> tuple[Fix, ...]:
    """The same fixes as something that can be had, not as what should be done."""
    return tuple(replace(fix, preferred=False) for fix in fixes)


def put_after_keyword(place: Place, keyword: str, new: str) -> Edit | None:
    """`new` behind the first `keyword` of the statement (a pattern), with a space before it."""
    match = re.match(
        rf"(?:\s|--[^\n]*|/\*.*?\*/)*{keyword}\b", place.statement.statement.sql, re.IGNORECASE | re.DOTALL
    )
    if match is None:
        return None
    return insert(place.statement.statement.span.start + match.end(), f" {new}")


def out_of_transaction(place: Place) -> list[Edit] | None:
    """Edits that end the transaction before the statement and open it again for what follows.

    Nothing to do outside a transaction; None when the statement cannot leave it (a runner's own, savepoints, DO).
    A BEGIN or COMMIT that would stand around nothing is taken away.
    """
    block = place.layout.of[place.number]
    if block is None:
        return []
    if not block.splittable:
        return _untransacted(place.script) if block.begin is None else None
    script, number = place.script, place.number
    before = [item for item in block.inner if item < number]
    behind = [item for item in block.inner if item > number]
    edits: list[Edit] = []
    if _has_work(script, before):
        edits.append(_put_behind(script, number - 1, ["COMMIT;", *_gap_after(script, number - 1)], gap=1))
    else:
        edits += [_removed(script, item) for item in [block.begin, *before] if item is not None]
    if _has_work(script, behind):
        edits.append(_put_behind(script, number, _opening(script, before)))
    elif block.end is not None:
        edits += [_removed(script, item) for item in [*behind, block.end]]
    return edits


def outside(place: Place, lines: Iterable[str]) -> list[str] | None:
    """The lines between an end of the transaction and a new beginning; None where it cannot be split."""
    block = place.layout.of[place.number]
    if block is None:
        return list(lines)
    if not block.splittable:
        return None
    before = [item for item in block.inner if item < place.number]
    return ["COMMIT;", "", *lines, "", *_opening(place.script, before)]


def put_before(place: Place, lines: Iterable[str]) -> Edit | None:
    """The lines before the statement, outside of its transaction; None where there is no such place."""
    block = place.layout.of[place.number]
    script, newline = place.script, _newline(place.script)
    at = place.number
    if block is not None and block.begin is not None and not _has_work(script, [n for n in block.inner if n < at]):
        at, wrapped = block.begin, list(lines)
    elif (wrapped_lines := outside(place, lines)) is not None:
        wrapped = wrapped_lines
    else:
        return None
    return insert(before_statement(script, at), newline.join([*wrapped, "", ""]))


def after_transaction(place: Place, lines: Iterable[str]) -> Edit | None:
    """The lines behind the COMMIT, or behind the statement outside a transaction; None where there is no such place."""
    block = place.layout.of[place.number]
    if block is None:
        return _put_behind(place.script, place.number, lines)
    if block.begin is None or block.end is None or not block.splittable:
        return None
    return _put_behind(place.script, block.end, lines)


def put_behind(place: Place, lines: Iterable[str]) -> Edit:
    """The lines behind the statement, after a blank line."""
    return _put_behind(place.script, place.number, lines)


def lines_behind(script: Script, number: int, lines: Iterable[str]) -> Edit:
    """The lines right behind the statement."""
    return _put_behind(script, number, lines, gap=1)


def lines_before(script: Script, number: int, lines: Iterable[str]) -> Edit:
    """The lines right before the statement and its comments."""
    newline = _newline(script)
    return insert(before_statement(script, number), "".join(f"{line}{newline}" for line in lines))


def replaced(place: Place, statements: Sequence[str]) -> Edit:
    """The statement replaced by others; the last needs no semicolon of its own, the file has one."""
    body = _newline(place.script).join(item if not item or item.endswith(";") else f"{item};" for item in statements)
    closed = _TO_SEMICOLON.match(place.script.text, place.statement.statement.span.end)
    return Edit(place.statement.statement.span, body.removesuffix(";") if closed else body)


def before_statement(script: Script, number: int) -> int:
    """Where something may be put before the statement: above its comments, at the beginning of a line.

    What stands at the top of the file, and the marks of migration tools, stay above.
    """
    statement = script.statements[number].statement
    text, floor = script.text, end_of(script, number - 1) if number else 0
    start = max(statement.leading.start if statement.leading else statement.span.start, floor)
    above = text[start : statement.span.start]
    gaps = [*_GAP.finditer(above), *_MARK.finditer(above)]
    start += max((match.end() for match in gaps), default=0)
    if number == 0:
        own = text.find("migration-ls: ignore[", start, statement.span.start)
        start = own if own >= 0 else statement.span.start
    head = max(text.rfind("\n", 0, start), text.rfind("\r", 0, start)) + 1
    return head if head >= floor and not text[head:start].strip(" \t-/*") else start


def end_of(script: Script, number: int) -> int:
    """The offset behind the statement's semicolon and a comment on the same line."""
    statement = script.statements[number].statement
    match = _TO_SEMICOLON.match(script.text, statement.span.end)
    end = match.end() if match else statement.span.end
    rest = _REST_OF_LINE.match(script.text, end)
    return rest.end() if rest else end


def fix_all(text: str, find: Callable[[str], Iterable[Finding]], *, rounds: int = 200) -> str:
    """The text after one preferred fix after the other, the worst finding first, until none is left."""
    for _ in range(rounds):
        findings = sorted(find(text), key=lambda finding: finding.severity)
        fixes = (fix for finding in findings for fix in finding.fixes if fix.preferred)
        changed = next((new for fix in fixes if (new := apply_edits(text, fix.edits)) != text), None)
        if changed is None:
            return text
        text = changed
    return text


def _has_work(script: Script, numbers: Iterable[int]) -> bool:
    return any(not is_control(script.statements[number]) for number in numbers)


def _opening(script: Script, before: Iterable[int]) -> list[str]:
    """A new BEGIN with the settings that the transaction had so far."""
    local = [script.statements[number] for number in before if local_settings(script.statements[number])]
    return ["BEGIN;", *(f"{statement.statement.sql.strip().rstrip(';')};" for statement in local)]


def _put_behind(script: Script, number: int, lines: Iterable[str], *, gap: int = 2) -> Edit:
    newline = _newline(script)
    closed = _TO_SEMICOLON.match(script.text, script.statements[number].statement.span.end)
    end = end_of(script, number)
    tail = "" if not script.text[end : end + 1].strip() else newline
    return insert(end, f"{'' if closed else ';'}{newline * gap}{newline.join(lines)}{tail}")


def _gap_after(script: Script, number: int) -> list[str]:
    """A line more where no blank line follows the statement."""
    line = _BLANK_LINE.match(script.text, end_of(script, number))
    return [] if line and _BLANK_LINE.match(script.text, line.end()) else [""]


def _removed(script: Script, number: int) -> Edit:
    """The statement taken away, with its line where nothing else stands on it, and one blank line that followed."""
    statement = script.statements[number].statement
    text = script.text
    match = _TO_SEMICOLON.match(text, statement.span.end)
    start, end = statement.span.start, match.end() if match else statement.span.end
    head = max(text.rfind("\n", 0, start), text.rfind("\r", 0, start)) + 1
    line = _BLANK_LINE.match(text, end)
    if text[head:start].strip():
        return Edit(Span(start, end), "")
    if line is None:
        return Edit(Span(head, end) if not text[end:].strip() else Span(start, end), "")
    end = line.end()
    blank = _BLANK_LINE.match(text, end)
    if blank and (head == 0 or text[:head].endswith(("\n\n", "\r\n\r\n"))):
        end = blank.end()
    return Edit(Span(head, end), "")


_DBMATE = re.compile(r"^--[ \t]*migrate:up[ \t]*$", re.MULTILINE)
_GOOSE = re.compile(r"^--[ \t]*\+goose[ \t]+Up", re.MULTILINE | re.IGNORECASE)


def _untransacted(script: Script) -> list[Edit] | None:
    """The mark by which dbmate and goose run a file outside a transaction; other runners have none."""
    if match := _DBMATE.search(script.text):
        return [insert(match.end(), " transaction:false")]
    if match := _GOOSE.search(script.text):
        return [insert(match.start(), f"-- +goose NO TRANSACTION{_newline(script)}")]
    return None


def _newline(script: Script) -> str:
    return _line_break(script.text)


@lru_cache(maxsize=8)
def _line_break(text: str) -> str:
    return "\r\n" if "\r\n" in text else "\n"
