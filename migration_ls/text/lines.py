r"""Lines of a text. A line ends at `\n`, `\r\n` or `\r`, and at nothing else."""

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import accumulate

_LINE_END = re.compile(r"\r\n|\n|\r")
_WITH_END = (1).__add__


@dataclass(frozen=True)
class LineIndex:
    """Converts code-point offsets of `text` to lines and back; lines and columns count from 0."""

    text: str

    @cached_property
    def starts(self) -> tuple[int, ...]:
        """The offset at which each line begins; the first is 0."""
        return _starts(self.text)

    def line(self, offset: int) -> int:
        """The line `offset` stands on."""
        return bisect_right(self.starts, offset) - 1

    def position(self, offset: int) -> tuple[int, int]:
        """Line and code-point column of `offset`; past the end means the end."""
        offset = max(0, min(offset, len(self.text)))
        line = self.line(offset)
        return line, offset - self.starts[line]

    def offset(self, line: int, column: int) -> int:
        """The offset of a position; outside the text means the nearest place inside it."""
        if line < 0:
            return 0
        if line >= len(self.starts):
            return len(self.text)
        start = self.starts[line]
        return min(start + max(0, column), start + len(self.line_text(line)))

    def line_text(self, line: int) -> str:
        """The line without its end."""
        start = self.starts[line]
        end = self.starts[line + 1] if line + 1 < len(self.starts) else len(self.text)
        return self.text[start:end].rstrip("\r\n")


@lru_cache(maxsize=4)
def _starts(text: str) -> tuple[int, ...]:
    """Many ask for the lines of one text, one after the other."""
    if "\r" not in text:
        lengths = map(len, text.split("\n")[:-1])
        return tuple(accumulate(map(_WITH_END, lengths), initial=0))
    return (0, *(match.end() for match in _LINE_END.finditer(text)))
