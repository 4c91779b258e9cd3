"""Texts that PL/pgSQL puts together from literals alone: what `EXECUTE` of them runs is known beforehand."""

import re

from migration_ls.postgres.quoting import identifier, literal
from migration_ls.sources.sql.tokens import Token

_PLACE = re.compile(r"%(?:(?P<number>\d+)\$)?(?P<kind>[sIL%])")


def constant_text(items: tuple[Token, ...], text: str) -> str | None:
    """The value of a literal, of `'a' || 'b'`, `quote_ident('a')` or `format('%I', 'a')`; None for anything else."""
    parts: list[str] = []
    rest = items
    while rest:
        value, rest = _operand(rest, text)
        if value is None:
            return None
        parts.append(value)
        if not rest:
            return "".join(parts)
        if len(rest) < 3 or (rest[0].text, rest[1].text) != ("|", "|"):
            return None
        rest = rest[2:]
    return None


def content(spelling: str) -> str:
    """The content of a string literal."""
    if spelling.startswith("$"):
        mark = spelling[: spelling.index("$", 1) + 1]
        return spelling.removeprefix(mark).removesuffix(mark)
    if spelling[0] in "eE":
        return spelling[2:].removesuffix("'").replace("''", "'").replace("\\'", "'").replace("\\n", "\n")
    return spelling[spelling.index("'") + 1 :].removesuffix("'").replace("''", "'")


def _operand(items: tuple[Token, ...], text: str) -> tuple[str | None, tuple[Token, ...]]:
    """The value of what stands first, and what stands behind it."""
    first = items[0]
    if first.kind == "string":
        return content(first.of(text)), items[1:]
    if first.kind != "word" or len(items) < 3 or items[1].text != "(":
        return None, ()
    closing = next(
        (i for i, item in enumerate(items) if i > 1 and item.text == ")" and item.depth == first.depth), None
    )
    if closing is None:
        return None, ()
    arguments = [constant_text(part, text) for part in _parts(items[2:closing], first.depth + 1)]
    known = [argument for argument in arguments if argument is not None]
    if len(known) != len(arguments):
        return None, ()
    return _call(first.text, known), items[closing + 1 :]


def _parts(items: tuple[Token, ...], depth: int) -> list[tuple[Token, ...]]:
    found: list[tuple[Token, ...]] = [()]
    for item in items:
        if item.text == "," and item.depth == depth:
            found.append(())
        else:
            found[-1] = (*found[-1], item)
    return found


def _call(function: str, arguments: list[str]) -> str | None:
    match function, arguments:
        case "quote_ident", [name]:
            return identifier(name)
        case "quote_literal", [value]:
            return literal(value)
        case "concat", _:
            return "".join(arguments)
        case "format", [pattern, *values]:
            return _format(pattern, values)
        case _:
            return None


def _format(pattern: str, values: list[str]) -> str | None:
    """As the server's `format`, for `%s`, `%I`, `%L` and `%1$I`."""
    place = 0
    found: list[str] = []
    end = 0
    for match in _PLACE.finditer(pattern):
        found.append(pattern[end : match.start()])
        end = match.end()
        if match["kind"] == "%":
            found.append("%")
            continue
        place = int(match["number"]) if match["number"] else place + 1
        if not 1 <= place <= len(values):
            return None
        value = values[place - 1]
        found.append({"s": value, "I": identifier(value), "L": literal(value)}[match["kind"]])
    rest = pattern[end:]
    return None if "%" in rest else "".join([*found, rest])
