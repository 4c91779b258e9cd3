"""Columns in UTF-8, UTF-16 and UTF-32 units, and UTF-8 byte offsets: the only place that knows of encodings."""

from bisect import bisect_right
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property


class Encoding(StrEnum):
    """In which units a client counts the columns of a line."""

    UTF8 = "utf-8"
    UTF16 = "utf-16"
    UTF32 = "utf-32"


def units(text: str, encoding: Encoding) -> int:
    """How many units of `encoding` the text takes."""
    if encoding is Encoding.UTF32 or text.isascii():
        return len(text)
    if encoding is Encoding.UTF16:
        return len(text) + sum(1 for char in text if char > "\uffff")
    return len(text.encode("utf-8", "surrogatepass"))


def code_points(line: str, column: int, encoding: Encoding) -> int:
    """The code-point column that `column` units reach; inside a character means before it."""
    if encoding is Encoding.UTF32 or line.isascii():
        return min(column, len(line))
    taken = 0
    for index, char in enumerate(line):
        taken += units(char, encoding)
        if taken > column:
            return index
    return len(line)


@dataclass(frozen=True)
class ByteIndex:
    """Converts UTF-8 byte offsets of `text`, as parsers in C report them, to code-point offsets."""

    text: str

    @cached_property
    def _wide(self) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """Byte offset after each character that takes more than one byte, and how many extra bytes came so far."""
        ends: list[int] = []
        extras: list[int] = []
        extra = 0
        for index, char in enumerate(self.text):
            if char > "\x7f":
                extra += len(char.encode("utf-8", "surrogatepass")) - 1
                ends.append(index + 1 + extra)
                extras.append(extra)
        return tuple(ends), tuple(extras)

    def code_point(self, byte_offset: int) -> int:
        """The code-point offset of `byte_offset`."""
        if self.text.isascii():
            return min(byte_offset, len(self.text))
        ends, extras = self._wide
        before = bisect_right(ends, byte_offset)
        return min(byte_offset - (extras[before - 1] if before else 0), len(self.text))
