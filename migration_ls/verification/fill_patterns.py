"""Texts that match a pattern of a CHECK, so that rows can satisfy it. Whether they do is for the server to say."""

from dataclasses import dataclass

from migration_ls.postgres.quoting import literal

_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_DIGITS = "0123456789"
_WORD = _LETTERS + _LETTERS.upper() + _DIGITS + "_"
_PRINTABLE = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 -_.,:;!#%&/()"
_CLASSES = {"d": _DIGITS, "w": _WORD, "s": " ", "D": _LETTERS, "W": "-", "S": _LETTERS}
_NAMED = {
    "alpha": _LETTERS + _LETTERS.upper(),
    "digit": _DIGITS,
    "alnum": _LETTERS + _LETTERS.upper() + _DIGITS,
    "lower": _LETTERS,
    "upper": _LETTERS.upper(),
    "space": " ",
    "xdigit": _DIGITS + "abcdef",
    "punct": "-.",
    "word": _WORD,
}
_DEFAULT_REPEAT = 6


def like_expression(pattern: str) -> str:
    """An expression of the row number `_g_` for texts that are LIKE the pattern."""
    parts: list[str] = []
    text = ""
    numbered = False
    skip = False
    for position, character in enumerate(pattern):
        if skip:
            skip = False
        elif character == "\\" and position + 1 < len(pattern):
            text += pattern[position + 1]
            skip = True
        elif character == "%":
            parts += [literal(text + "a")] if numbered else [literal(text + "a"), "_g_::text"]
            text, numbered = "", True
        else:
            text += "a" if character == "_" else character
    parts.append(literal(text))
    return " || ".join(parts)


def matching_texts(pattern: str, count: int) -> list[str]:
    """Up to `count` different texts that match a regular expression of PostgreSQL; empty when it is not understood."""
    try:
        tree = _Parser(pattern).parse()
    except _UnknownPattern:
        return []
    found = dict.fromkeys(_Writer(number).text(tree) for number in range(count))
    return [text for text in found if "\0" not in text]


class _UnknownPattern(Exception):  # noqa: N818 - a signal inside this module
    pass


@dataclass(frozen=True, slots=True)
class _Characters:
    choices: str


@dataclass(frozen=True, slots=True)
class _Repeat:
    item: "_Node"
    least: int
    most: int | None


@dataclass(frozen=True, slots=True)
class _Choice:
    branches: "tuple[tuple[_Node, ...], ...]"


_Node = _Characters | _Repeat | _Choice


class _Parser:
    """Reads the common part of regular expressions; anything else is refused."""

    def __init__(self, pattern: str) -> None:
        self._pattern = pattern
        self._at = 0

    def parse(self) -> _Choice:
        tree = self._choice()
        if self._at < len(self._pattern):
            raise _UnknownPattern
        return tree

    def _peek(self) -> str:
        return self._pattern[self._at : self._at + 1]

    def _take(self) -> str:
        character = self._peek()
        if not character:
            raise _UnknownPattern
        self._at += 1
        return character

    def _choice(self) -> _Choice:
        branches = [self._sequence()]
        while self._peek() == "|":
            self._take()
            branches.append(self._sequence())
        return _Choice(tuple(branches))

    def _sequence(self) -> tuple[_Node, ...]:
        found: list[_Node] = []
        while self._peek() not in {"", "|", ")"}:
            item = self._item()
            if item is not None:
                found.append(self._repeated(item))
        return tuple(found)

    def _item(self) -> _Node | None:
        match character := self._take():
            case "^" | "$":
                return None
            case "(":
                return self._group()
            case "[":
                return _Characters(self._bracket())
            case ".":
                return _Characters(_LETTERS)
            case "\\":
                return self._escape()
            case "*" | "+" | "?" | "{":
                raise _UnknownPattern
            case _:
                return _Characters(character)

    def _group(self) -> _Node:
        if self._peek() == "?":
            self._take()
            if self._take() != ":":
                raise _UnknownPattern
        tree = self._choice()
        if self._take() != ")":
            raise _UnknownPattern
        return tree

    def _escape(self) -> _Node | None:
        character = self._take()
        if character in _CLASSES:
            return _Characters(_CLASSES[character])
        if character in "AZmMyY":
            return None
        if character.isalnum():
            raise _UnknownPattern
        return _Characters(character)

    def _bracket(self) -> str:
        negated = self._peek() == "^"
        if negated:
            self._take()
        choices = ""
        first = True
        while first or self._peek() != "]":
            first = False
            choices += self._bracket_part()
        self._take()
        if negated:
            choices = "".join(character for character in _PRINTABLE if character not in choices)
        if not choices:
            raise _UnknownPattern
        return choices

    def _bracket_part(self) -> str:
        character = self._take()
        if character == "[" and self._peek() == ":":
            end = self._pattern.find(":]", self._at)
            name = self._pattern[self._at + 1 : end]
            if end < 0 or name not in _NAMED:
                raise _UnknownPattern
            self._at = end + 2
            return _NAMED[name]
        if character == "\\":
            escaped = self._take()
            return _CLASSES.get(escaped, escaped)
        if self._peek() == "-" and self._pattern[self._at + 1 : self._at + 2] not in {"", "]"}:
            self._take()
            last = self._take()
            return "".join(map(chr, range(ord(character), min(ord(last), ord(character) + 200) + 1)))
        return character

    def _repeated(self, item: _Node) -> _Node:
        bounds = {"*": (0, None), "+": (1, None), "?": (0, 1)}
        while (character := self._peek()) in {"*", "+", "?", "{"} and character:
            self._take()
            least, most = self._bounds() if character == "{" else bounds[character]
            if self._peek() == "?":
                self._take()
            item = _Repeat(item, least, most)
        return item

    def _bounds(self) -> tuple[int, int | None]:
        end = self._pattern.find("}", self._at)
        low, comma, high = self._pattern[self._at : end].partition(",")
        if end < 0 or not low.isdigit() or (high and not high.isdigit()):
            raise _UnknownPattern
        self._at = end + 1
        return int(low), int(high) if high else (None if comma else int(low))


class _Writer:
    """Writes one text of a pattern; the number decides every choice, as digits of a mixed base."""

    def __init__(self, number: int) -> None:
        self._number = number

    def text(self, node: _Node) -> str:
        match node:
            case _Characters(choices=choices):
                return choices[self._digit(len(choices))]
            case _Repeat(item=item, least=least, most=most):
                usual = max(least, _DEFAULT_REPEAT if most is None else min(most, _DEFAULT_REPEAT))
                return "".join(self.text(item) for _ in range(usual))
            case _Choice(branches=branches):
                return "".join(self.text(part) for part in branches[self._digit(len(branches))])

    def _digit(self, base: int) -> int:
        if base < 1:
            return 0
        self._number, digit = divmod(self._number, base)
        return digit
