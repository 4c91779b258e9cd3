"""Text whose blocks can be told line by line, which is what most sections of most documents are.

Headings, flat lists, paragraphs and tables that nothing else touches mean the same to every reader of markdown, so
they are told apart here; for anything else the parser is asked, which takes several times as long.
"""

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Mark:
    """Where a block begins or ends, in the words of the parser's tokens; `map` are its lines."""

    type: str
    map: tuple[int, int] | None = None
    markup: str = ""
    tag: str = ""
    info: str = ""


_LINE = re.compile(
    r"(?P<blank> *)\Z|(?P<heading>#{1,6}) +[^\s#]|(?P<bullet>[-*+]) (?:[A-Za-z`\"(](?!``)|\*\*[\w`])|(?P<row>\|)|"
    r"(?P<words>[A-Za-z(\"](?!``)|`[^`]|\*\*[\w`])"
)
_ODD = re.compile(r"[\r\t\f\v\x00\x1c-\x1e\x85\u2028\u2029]")
_DELIMITERS = re.compile(r"\|(?: *:?-+:? *\|)+ *\Z")
_ENDED_ROW = re.compile(r"\|.*\| *\Z")
_BAR = re.compile(r"(?<!\\)\|")


def simple_marks(text: str) -> list[Mark] | None:
    """The blocks of a text; None where the parser has to tell them."""
    if _ODD.search(text):
        return None
    lines = text.split("\n")
    marks: list[Mark] = []
    in_list, number = False, 0
    while number < len(lines):
        match = _LINE.match(lines[number])
        if match is None:
            return None
        kind = match.lastgroup
        if in_list and kind not in {"bullet", "blank"}:
            if lines[number - 1].strip() and kind != "heading":
                # the line goes on with the entry above it
                return None
            marks.append(Mark("bullet_list_close"))
            in_list = False
        if kind == "blank":
            number += 1
        elif kind == "heading":
            level = len(match["heading"])
            marks.append(Mark("heading_open", (number, number + 1), match["heading"], f"h{level}"))
            number += 1
        elif kind == "bullet":
            if not in_list:
                marks.append(Mark("bullet_list_open"))
                in_list = True
            marks += (Mark("list_item_open"), Mark("paragraph_open", (number, number + 1)))
            number += 1
        else:
            end = _table_end(lines, number) if kind == "row" else _paragraph_end(lines, number)
            if end is None:
                return None
            marks.append(Mark("table_open" if kind == "row" else "paragraph_open", (number, end)))
            if kind == "row":
                marks.append(Mark("table_close"))
            number = end
    if in_list:
        marks.append(Mark("bullet_list_close"))
    return marks


def _paragraph_end(lines: list[str], start: int) -> int | None:
    """Behind the lines of running text; None where a line may make something else of them."""
    number = start
    while number < len(lines) and (match := _LINE.match(lines[number])) is not None and match.lastgroup == "words":
        number += 1
    following = _LINE.match(lines[number]) if number < len(lines) else None
    if number < len(lines) and (following is None or following.lastgroup == "row"):
        return None
    return number


def _table_end(lines: list[str], start: int) -> int | None:
    """Behind the rows of a table; None where the lines may be none."""
    header = lines[start]
    if start + 1 >= len(lines) or not _ENDED_ROW.match(header) or not _DELIMITERS.match(lines[start + 1]):
        return None
    if "\\" in header or len(_BAR.findall(header)) != lines[start + 1].count("|"):
        return None
    number = start + 2
    while number < len(lines) and lines[number][:1] == "|":
        number += 1
    if number < len(lines) and lines[number].strip():
        return None
    return number
