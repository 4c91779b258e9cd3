"""Where a markdown document can be cut into parts that are read by themselves."""

import re

_STRUCTURE = re.compile(
    r"^(?:(?P<heading>#{1,6}[ \t])|[ ]{0,3}(?P<fence>`{3,}|~{3,})(?P<info>[^\n]*)|[ ]{0,3}<!--(?P<comment>)"
    r"|[ ]{0,3}(?P<html><(?:[?!]|/?(?:script|pre|style|textarea)\b))|[ \t>*+.)\d-]+(?:`{3}|~{3})(?P<inner>))",
    re.MULTILINE | re.IGNORECASE,
)
_BLANK_BEFORE = re.compile(r"(?:\A|\n)[ \t\r]*\n\Z")


def section_starts(text: str) -> list[int]:
    """Where parts begin that can be read by themselves, and the text's end: at headings after an empty line.

    Whatever may hide a heading (a fence in a list, raw HTML) ends the search: what follows is one part.
    """
    starts = [0]
    if "\r" in text.replace("\r\n", ""):
        return [0, len(text)]
    fence, hidden_until = "", 0
    for match in _STRUCTURE.finditer(text):
        if match.start() < hidden_until:
            continue
        if fence:
            if match["fence"] and match["fence"].startswith(fence) and not match["info"].strip():
                fence = ""
        elif match["fence"]:
            fence = match["fence"]
        elif match["comment"] is not None:
            end = text.find("-->", match.end())
            hidden_until = len(text) if end < 0 else end
        elif match["heading"]:
            if match.start() and _BLANK_BEFORE.search(text, max(0, match.start() - 80), match.start()):
                starts.append(match.start())
        else:
            break
    return [*starts, len(text)]
