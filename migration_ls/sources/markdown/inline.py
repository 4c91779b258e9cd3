"""Marks inside of lines: emphasis, code, links, tags and character references of HTML."""

import html
import re
from functools import lru_cache

HIDDEN = "\ue000"
"""Stands in quotes for a backslash that escapes a pipe; no part of any value."""
TAG = re.compile(
    r"</?(?:br|b|i|u|a|p|em|tt|th|td|ul|ol|li|dl|dt|dd|sub|sup|kbd|div|del|ins|code|span|mark|small|strong|summary|"
    r"details|font|center|h[1-6])(?:\s[^<>]*)?/?>",
    re.IGNORECASE,
)
"""The tags that people use inside of text; other angle brackets may be types: `List<int>`."""
NOTE = re.compile(r"\[\^[\w-]+\]|[\u00b9\u00b2\u00b3\u2070\u2074-\u2079]+|[†‡]+")
"""Marks that lead to a note below."""
_REFERENCE = re.compile(r"&(?:#\d{1,6}|#x[\da-f]{1,5}|[a-z]{2,8});", re.IGNORECASE)
_LINK = re.compile(
    r"!?\[(?P<words>[^\[\]\r\n]+)\]\((?P<target>(?:#|\.{0,2}/|https?:|mailto:|[\w./%-]+\.\w{2,4}\b)[^()\r\n]*)\)"
)
_MARKUP = re.compile(r"`+|\*\*|__|(?<!\w)[*_]|[*_](?!\w)")
_MARKS = re.compile(r"`|\*\*|(?<!\w)__(?=\w)|(?<=\w)__(?!\w)")
_ESCAPES = re.compile(r"'[^']*'|\\(?=[|*\[\]<>])")
_ESCAPED_NAME = re.compile(r"\w*(?:\\_\w*)+")


def bare(text: str) -> str:
    """The text without tags and targets of links; marks of code and emphasis stay."""
    if "<" in text:
        text = TAG.sub("", re.sub(r"</?code>", "`", text))
    return _LINK.sub(lambda match: match["words"], text) if "](" in text else text


@lru_cache(maxsize=8192)
def plain(text: str) -> str:
    """The text without inline marks of code and emphasis, tags and targets of links."""
    text = bare(text)
    if "\\" in text:
        text = re.sub(r"\\(?=[_*\[\]<>|])", "", text)
    text = _MARKUP.sub("", text)
    return (html.unescape(text) if "&" in text else text).strip()


def masked(text: str) -> str:
    """The text without marks, tags and line ends, every other character where it was.

    Escapes of pipes are spaces, or `HIDDEN` inside quotes, where spaces count.
    """
    if "<" in text:
        text = TAG.sub(_blank, text)
    if "&" in text:
        text = _unescaped(text)
    if "](" in text:
        text = _LINK.sub(_link, text)
    if "\\_" in text:
        text = _ESCAPED_NAME.sub(lambda match: match[0].replace("\\", "").ljust(len(match[0])), text)
    quiet = _ESCAPES.sub(lambda match: match[0].replace("\\|", f"{HIDDEN}|") if match[0][0] == "'" else " ", text)
    quiet = NOTE.sub(lambda match: " " * len(match[0]), quiet)
    return re.sub(r"[\r\n\t]", " ", _MARKS.sub(lambda match: " " * len(match[0]), quiet))


def _blank(match: "re.Match[str]") -> str:
    """Spaces for a tag; what stands behind a new line is another item."""
    return (";" if match[0][:3].lower() == "<br" else " ") + " " * (len(match[0]) - 1)


def _link(match: "re.Match[str]") -> str:
    words = match["words"]
    lead = match.start("words") - match.start()
    return " " * lead + words + " " * (len(match[0]) - lead - len(words))


def _unescaped(text: str) -> str:
    """With the characters that references stand for; what quotes hold keeps its spaces."""
    is_open = False

    def character(match: "re.Match[str]") -> str:
        nonlocal is_open
        found = html.unescape(match[0])
        if len(found) != 1 or found == "&":
            return match[0]
        gap = " " * (len(match[0]) - 1)
        if found in "'\"":
            is_open = not is_open
            return gap + found if is_open else found + gap
        return found + gap

    return _REFERENCE.sub(character, text)
