"""Wiki markup, as Jira has it, as Markdown of the same length: `h2. Data` is `##  Data`, so that all places stay."""

import re

_HEADING = re.compile(r"^(?P<blank>[ \t]*)h(?P<level>[1-6])\.(?=[ \t]+\S)", re.MULTILINE)
_CODE = re.compile(r"\{(?P<word>code|noformat)(?::(?P<more>[^}\r\n]*))?\}")
_LANGUAGE = re.compile(r"(?:language=)?(?P<language>[a-z]+)(?=\||\Z)", re.IGNORECASE)
_LIST = re.compile(r"^(?P<marks>[*#-]{1,6})(?=[ \t]+\S)")
_MONO = re.compile(r"\{\{(?P<words>[^{}`\r\n]+)\}\}")
_BOLD_NAME = re.compile(r"(?<![\w*`])\*(?P<name>[A-Za-z_]\w*(?:\.\w+)*)\*(?![\w*`])")
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\n|\r|\Z)")


def is_wiki(text: str) -> bool:
    """Whether a text is wiki markup: it has headings such as `h2. Data`."""
    return "h" in text and bool(_HEADING.search(text))


def as_markdown(text: str) -> str:
    """The text with what Markdown writes otherwise; every other character stays, and all stay where they are."""
    if not is_wiki(text):
        return text
    deepest = max(int(match["level"]) for match in _HEADING.finditer(text))
    least = min(int(match["level"]) for match in _HEADING.finditer(text))
    # three marks and no more have room, since a blank must follow
    shift = least - 1 if deepest > 3 else 0
    made: list[str] = []
    coded = False
    for match in _LINE.finditer(text):
        line = match[0]
        fence = _CODE.match(line.lstrip(" \t"))
        if fence is not None and (coded or not _CODE.search(line.lstrip(" \t"), fence.end())):
            coded = not coded
            made.append(_fence(line, fence))
        else:
            made.append(line if coded else _words(line, shift))
    return "".join(made)


def _fence(line: str, match: "re.Match[str]") -> str:
    """The line that opens or closes a block of code; what stands behind the mark on it is no code."""
    blank = line[: len(line) - len(line.lstrip(" \t"))]
    language = _LANGUAGE.match(match["more"] or "")
    mark = f"```{language['language'] if language else ''}"
    body = line.rstrip("\r\n")
    return (blank + mark).ljust(len(body))[: len(body)] + line[len(body) :]


def _words(line: str, shift: int) -> str:
    if heading := _HEADING.match(line):
        level = max(1, min(3, int(heading["level"]) - shift))
        return heading["blank"] + ("#" * level).ljust(3) + _code(line[heading.end() :])
    if marks := _LIST.match(line):
        depth = len(marks["marks"])
        # a tab is as deep as a nested list stands
        return "\t" * (depth - 1) + "-" + _code(line[depth:])
    return _code(line)


def _code(words: str) -> str:
    words = _MONO.sub(lambda match: f" `{match['words']}` ", words)
    return _BOLD_NAME.sub(lambda match: f"`{match['name']}`", words)
