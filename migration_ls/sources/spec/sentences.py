"""Blocks of text into sentences that keep their place, without emphasis and labels."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from migration_ls.text.span import Span

_LABEL = re.compile(
    r"""\s*(?:
        (?:[-*+]|\d{1,3}[.)]|\([a-z0-9]{1,2}\)
          |\d{1,2}(?:\.\d{1,2}){1,3}[.):]?)\s+     # the marker of a list, the number of a clause
      | \[[ xX]\]\s+                                               # a box to tick
      | (?:\*\*|__)?\[?(?:FR|NFR|REQ|R|US|AC|BR|DR|SC|UC|RF)-?\d+[\w.]*\]?(?:\*\*|__)?\s*[:.)-]?(?:\*\*|__)?\s*
      | (?:\*\*|__)\[?[A-Z]{1,5}-?\d+(?:\.\d+)*[a-z]?\]?(?:\*\*|__)\s*[:.)-]?\s+   # any code in bold
      | (?:Rule|Regel|Regla|Règle)\s*:\s+                          # of Gherkin
      | (?:\*\*|__)(?:Requirement|Rule|Story)\s*[\d.]*:?(?:\*\*|__)\s*:?\s*
    )""",
    re.VERBOSE | re.IGNORECASE,
)
_TOKEN = re.compile(
    r"""(?P<space>[ \t]*(?:\r\n|\n|\r)[ \t>]*|[ \t]+)
    | (?P<emphasis>\*\*|__|(?<![\w*])[*_](?=\w)|(?<=[\w.,;:!?)])[*_](?![\w*]))
    | (?P<kept>`[^`\r\n]*`|[^`*_ \t\r\n]+|.)""",
    re.VERBOSE | re.DOTALL,
)
"""White space, which becomes one blank, marks of emphasis, which go, and the rest; code stays as it is."""
_END = re.compile(r"(?<=[.!?])\s+(?=[\"'`A-ZÀ-Þ¿¡(])")
_ABBREVIATION = re.compile(r"(?:\b(?:e\.g|i\.e|etc|incl|vs|approx|max|min|no)\.)\Z", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence: its words on one line, without emphasis and label; `offsets` lead back into the document."""

    text: str
    offsets: tuple[int, ...]

    @property
    def span(self) -> Span:
        """Where it stands."""
        return Span(self.offsets[0], self.offsets[-1] + 1) if self.offsets else Span(0, 0)

    def at(self, start: int, end: int) -> Span:
        """Where a part of it stands."""
        if not self.offsets or start >= end:
            return self.span
        return Span(self.offsets[start], self.offsets[min(end, len(self.offsets)) - 1] + 1)

    def part(self, start: int, end: int) -> "Sentence":
        """A part of it, without white space around."""
        text = self.text[start:end]
        start += len(text) - len(text.lstrip())
        stop = start + len(text.strip())
        return Sentence(self.text[start:stop], self.offsets[start:stop])


def label_end(text: str, start: int, end: int) -> int:
    """Where the words begin after list markers, boxes and labels such as `**FR-001**:`."""
    while (match := _LABEL.match(text, start, end)) and match.end() > start:
        start = match.end()
    return start


@lru_cache(maxsize=4096)
def whole(text: str, span: Span) -> Sentence:
    """All words of a block as one sentence."""
    start = label_end(text, span.start, span.end)
    kept: list[int] = []
    parts: list[str] = []
    for match in _TOKEN.finditer(text, start, span.end):
        if match.lastgroup == "space":
            if parts:
                parts.append(" ")
                kept.append(match.start())
        elif match.lastgroup == "kept":
            parts.append(match[0])
            kept.extend(range(match.start(), match.end()))
    if parts and parts[-1] == " ":
        parts.pop()
        kept.pop()
    return Sentence("".join(parts), tuple(kept))


def sentences(text: str, span: Span) -> Iterator[Sentence]:
    """The sentences of a block, in order."""
    block = whole(text, span)
    start = 0
    for match in _END.finditer(block.text):
        if _ABBREVIATION.search(block.text, start, match.start()):
            continue
        yield block.part(start, match.start())
        start = match.end()
    if start < len(block.text):
        yield block.part(start, len(block.text))
