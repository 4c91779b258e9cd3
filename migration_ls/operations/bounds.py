"""Bounds of partitions: which rows belong where, as far as plain literals tell."""

import re
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation

from migration_ls.operations.lookup import proves_not_null
from migration_ls.schema.tables import Table

Value = tuple[int, Decimal, str]
"""Ordered as the values of one column are: by a rank for MINVALUE and MAXVALUE, as a number, as text."""
_LOWEST: Value = (-1, Decimal(0), "")
_HIGHEST: Value = (1, Decimal(0), "")
_LITERAL = re.compile(
    r"'(?:[^']|'')*'|[-+]?\d+(?:\.\d+)?|\bminvalue\b|\bmaxvalue\b|\bnull\b|\btrue\b|\bfalse\b", re.IGNORECASE
)
_RANGE = re.compile(r"FROM\s*\((.*?)\)\s*TO\s*\((.*)\)\s*\Z", re.IGNORECASE | re.DOTALL)
_LIST = re.compile(r"IN\s*\((.*)\)\s*\Z", re.IGNORECASE | re.DOTALL)
_HASH = re.compile(r"MODULUS\s+(\d+)\s*,\s*REMAINDER\s+(\d+)", re.IGNORECASE)
_TEST = re.compile(r'"?(\w+)"?\s*(=|<>|<=|>=|<|>|IN|NOT IN)\s*(.+)\Z', re.IGNORECASE | re.DOTALL)

Range = tuple[Value, Value]


def value_of(literal: str) -> Value | None:
    """A literal as it is ordered; None for NULL and what is no plain literal."""
    text = re.sub(r"::[\w\s]+(?:\(\d+\))?\Z", "", literal.strip())
    text = re.sub(r"\A(?:date|timestamp(?:tz)?)\s+(?=')", "", text, flags=re.IGNORECASE)
    match = _LITERAL.fullmatch(text)
    if match is None or text.lower() == "null":
        return None
    if text.lower() in {"minvalue", "maxvalue"}:
        return _LOWEST if text.lower() == "minvalue" else _HIGHEST
    word = text[1:-1].replace("''", "'") if text.startswith("'") else text.lower()
    try:
        number = Decimal(word)
    except InvalidOperation:
        return 0, Decimal(0), word
    return (0, number, "") if number.is_finite() else (0, Decimal(0), word)


def listed(bound: str) -> frozenset[Value] | None:
    """The values of a list bound, without NULL; None for another kind."""
    match = _LIST.search(bound)
    if match is None:
        return None
    return frozenset(value for item in _LITERAL.findall(match[1]) if (value := value_of(item)) is not None)


def ranged(bound: str) -> Range | None:
    """The first column's range; None for another kind, or where it is not plain."""
    match = _RANGE.search(bound)
    if match is None:
        return None
    low, high = _LITERAL.findall(match[1]), _LITERAL.findall(match[2])
    if not low or not high or len(low) != len(high):
        return None
    first, last = value_of(low[0]), value_of(high[0])
    return (first, last) if first is not None and last is not None else None


def plain_limits(bound: str) -> tuple[str, str] | None:
    """The literals of a range of one column that has both ends; None for other bounds."""
    match = _RANGE.search(bound)
    if match is None or _columns(bound) != 1:
        return None
    ends = match[1].strip(), match[2].strip()
    return None if {"minvalue", "maxvalue"} & {end.lower() for end in ends} else ends


def _columns(bound: str) -> int:
    match = _RANGE.search(bound)
    return len(_LITERAL.findall(match[1])) if match else 1


def bounds_overlap(one: str, other: str) -> bool:
    """Whether some row would belong to both, or hash bounds do not fit each other; False where it is not plain."""
    mine, its = listed(one), listed(other)
    if mine is not None and its is not None:
        return bool(mine & its)
    here, there = ranged(one), ranged(other)
    if here and there and _columns(one) == _columns(other) == 1:
        return here[0] < there[1] and there[0] < here[1]
    first, second = _HASH.search(one), _HASH.search(other)
    if first and second:
        small, large = sorted((int(first[1]), int(second[1])))
        if not small or large % small:
            return True
        return int(first[2]) % small == int(second[2]) % small
    return False


def holds(bound: str, value: Value) -> bool | None:
    """Whether a row with the value of the one key column belongs; None where that is not plain."""
    values = listed(bound)
    if values is not None:
        return value in values
    limits = ranged(bound)
    if limits and _columns(bound) == 1:
        return limits[0] <= value < limits[1]
    return None


def may_hold(bound: str, sign: str, values: Iterable[Value]) -> bool:
    """Whether a row may belong for which the key column compares so with one of the values."""
    there, limits = listed(bound), ranged(bound)
    if there is not None:
        return any(_compares(item, sign, value) for item in there for value in values)
    if limits is None:
        return True
    low, high = limits
    match sign:
        case "=":
            return any(low <= value < high or (value == high and _columns(bound) > 1) for value in values)
        case "<":
            return any(low < value for value in values)
        case "<=":
            return any(low <= value for value in values)
        case ">" | ">=":
            return any(value < high or _columns(bound) > 1 for value in values)
        case _:
            return True


def _compares(item: Value, sign: str, value: Value) -> bool:
    match sign:
        case "=":
            return item == value
        case "<":
            return item < value
        case "<=":
            return item <= value
        case ">":
            return item > value
        case ">=":
            return item >= value
        case _:
            return True


def proves_bound(table: Table, column: str | None, bound: str) -> bool:
    """Whether validated checks of the table prove that all its rows belong to the bound on the column."""
    if column is None or not _never_null(table, column):
        return False
    values, limits = listed(bound), ranged(bound)
    low = high = None
    for sign, found in tests(table, column):
        if values is not None and sign == "=" and set(found) <= values:
            return True
        if len(found) == 1:
            low = max(found[0], low or found[0]) if sign in {">=", ">", "="} else low
            high = min(found[0], high or found[0]) if sign == "<" else high
    if limits is None or _columns(bound) > 1:
        return False
    low_enough = limits[0] == _LOWEST or (low is not None and low >= limits[0])
    return low_enough and (limits[1] == _HIGHEST or (high is not None and high <= limits[1]))


def proves_outside(table: Table, column: str | None, bound: str) -> bool:
    """Whether validated checks of the table prove that none of its rows belongs to the bound on the column."""
    if column is None:
        return False
    values, limits = listed(bound), ranged(bound)
    for check in table.checks:
        if not check.validated:
            continue
        sides = [terms(side) for side in _split(check.expression.canonical, "OR")]
        if all(any(_apart(test, column, values, limits) for test in side) for side in sides):
            return True
    return False


def _apart(
    test: tuple[str, str, tuple[Value, ...]], column: str, values: frozenset[Value] | None, limits: Range | None
) -> bool:
    name, sign, found = test
    if name != column:
        return False
    if values is not None:
        return (sign == "<>" and values <= set(found)) or (sign == "=" and not values & set(found))
    if limits is None or len(found) != 1:
        return False
    return (sign == "<" and found[0] <= limits[0]) or (sign in {">=", "="} and found[0] >= limits[1])


def tests(table: Table, column: str) -> Iterable[tuple[str, tuple[Value, ...]]]:
    """What validated checks say of the column: comparisons with literals that hold for every row."""
    for check in table.checks:
        if check.validated and len(_split(check.expression.canonical, "OR")) == 1:
            for name, sign, values in terms(check.expression.canonical):
                if name == column:
                    yield sign, values


def _never_null(table: Table, column: str) -> bool:
    found = table.column(column)
    return (
        bool(found and found.nullable is False)
        or any(check.validated and column in check.expression.not_nulls for check in table.checks)
        or proves_not_null(table, column)
    )


def terms(expression: str) -> list[tuple[str, str, tuple[Value, ...]]]:
    """The comparisons of a column with literals that are joined by AND: column, sign, values."""
    found: list[tuple[str, str, tuple[Value, ...]]] = []
    for part in _split(expression, "AND"):
        match = _TEST.match(part.strip().strip("()") if part.count("(") == part.count(")") == 0 else part.strip())
        if match is None:
            continue
        sign = match[2].upper()
        if sign in {"IN", "NOT IN"}:
            values = tuple(value for item in _LITERAL.findall(match[3]) if (value := value_of(item)) is not None)
            found.append((match[1], "=" if sign == "IN" else "<>", values))
        elif (value := value_of(match[3])) is not None:
            found.append((match[1], sign, (value,)))
    return found


def _split(expression: str, word: str) -> list[str]:
    """The operands of AND or OR at the outermost level."""
    text = expression.strip()
    while text.startswith("(") and _closes(text) == len(text) - 1:
        text = text[1:-1].strip()
    parts: list[str] = []
    depth = start = 0
    quoted = False
    for place, char in enumerate(text):
        quoted ^= char == "'"
        if quoted:
            continue
        depth += (char == "(") - (char == ")")
        if depth == 0 and text[place : place + len(word) + 2].upper() == f" {word} ":
            parts.append(text[start:place])
            start = place + len(word) + 2
    parts.append(text[start:])
    return parts


def _closes(text: str) -> int:
    depth = 0
    for place, char in enumerate(text):
        depth += (char == "(") - (char == ")")
        if depth == 0:
            return place
    return -1
