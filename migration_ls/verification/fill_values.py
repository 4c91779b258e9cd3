"""Values for columns, as SQL expressions of the row's number `_g_`: what a type can hold, and what checks speak of."""

import itertools
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from migration_ls.postgres.quoting import literal
from migration_ls.verification.fill_patterns import like_expression, matching_texts
from migration_ls.verification.fill_types import ValueType

TEXT = frozenset({"text", "varchar", "bpchar", "citext", "name"})
WHOLE = frozenset({"int2", "int4", "int8", "oid"})
DECIMAL = frozenset({"numeric", "float4", "float8", "money"})
TIMES = frozenset({"date", "timestamp", "timestamptz"})

_STRING = re.compile(r"(~~\*?|!~~\*?|~\*?)?\s*(?:\(\s*)?'((?:[^']|'')*)'")
_CAST = re.compile(
    r"::\s*(?:\"[^\"]+\"|[a-z_][\w.]*)(?:\s+(?:varying|precision|without time zone|with time zone))?"
    r"(?:\(\d+(?:,\s*\d+)?\))?(?:\[\])?"
)
_NUMBER = re.compile(r"(?<![\w.])-?\d+(?:\.\d+)?(?![\w.])")
_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_LONG = 500
_MANY = 64


@dataclass(frozen=True, slots=True)
class Candidate:
    """An expression for a column's values; `distinct` when each row number gives another value."""

    sql: str
    distinct: bool = False


def plain_candidates(kind: ValueType, name: str) -> list[Candidate]:
    """Expressions for a column of the type that no check speaks of, the best one first; empty for unknown types."""
    if kind.element is not None:
        inner = plain_candidates(kind.element, name)
        return [
            *(Candidate(f"ARRAY[{item.sql}]::{kind.base_sql}", item.distinct) for item in inner[:2]),
            Candidate(f"'{{}}'::{kind.base_sql}"),
        ]
    return [Candidate(f"({item.sql})::{kind.base_sql}", item.distinct) for item in _of_base(kind, name)]


def _of_base(kind: ValueType, name: str) -> list[Candidate]:
    base = kind.base
    match base:
        case _ if kind.kind == "e":
            count = len(kind.labels)
            labels = ", ".join(literal(label) for label in kind.labels)
            mixed = [Candidate(f"(ARRAY[{labels}])[1 + _g_ % {count}]")] if count else []
            return mixed + [Candidate(literal(label)) for label in kind.labels]
        case _ if kind.kind == "c":
            inner = [plain_candidates(part, name) for part in kind.parts]
            return [Candidate(f"ROW({', '.join(item[0].sql for item in inner)})", distinct=True)] if all(inner) else []
        case _ if kind.kind == "r":
            return _ranges(kind, name)
        case "int2":
            return [Candidate("_g_ % 32000 + 1", distinct=True), *_numbers(["0", "1", "-1"])]
        case _ if base in WHOLE:
            return [
                Candidate("_g_ + 1", distinct=True),
                Candidate("_g_ + 2", distinct=True),
                *_numbers(["0", "1", "2", "10", "100", "-1"]),
            ]
        case _ if base in DECIMAL:
            return _decimals(kind)
        case _ if base in TEXT:
            return _texts(kind.length if base != "name" else 60, name)
        case "bool":
            return [Candidate("_g_ % 2 = 0"), Candidate("true"), Candidate("false")]
        case "uuid":
            return [Candidate(f"md5({literal(name)} || _g_)", distinct=True)]
        case "json" | "jsonb":
            texts = ["{}", "[]", '""', "0", "true", "null"]
            return [
                Candidate("jsonb_build_object('n', _g_)", distinct=True),
                *(Candidate(literal(text)) for text in texts),
            ]
        case _:
            return _rarer(kind)


def _rarer(kind: ValueType) -> list[Candidate]:
    length = kind.length or 1
    expressions = {
        "date": "date '2024-01-01' + (_g_ % 3000)::int",
        "timestamp": "timestamp '2024-01-01' + _g_ * interval '1 minute'",
        "timestamptz": "timestamptz '2024-01-01 00:00:00+00' + _g_ * interval '1 minute'",
        "time": "time '00:00' + (_g_ % 1440) * interval '1 minute'",
        "timetz": "timetz '00:00+00' + (_g_ % 1440) * interval '1 minute'",
        "interval": "(_g_ + 1) * interval '1 minute'",
        "bytea": "decode(md5(_g_::text), 'hex')",
        "inet": "inet '10.0.0.0' + _g_",
        "cidr": "(inet '10.0.0.0' + _g_)::cidr",
        "macaddr": "lpad(to_hex(_g_), 12, '0')",
        "macaddr8": "lpad(to_hex(_g_), 16, '0')",
        "xml": "'<n>' || _g_ || '</n>'",
        "tsvector": "to_tsvector('simple', 'word' || _g_)",
        "tsquery": "'word' || _g_",
        "bit": f"lpad(right((_g_::int)::bit(32)::text, {length}), {length}, '0')",
        "varbit": f"right((_g_::int)::bit(32)::text, {min(length, 32)})",
        "point": "point(_g_, _g_)",
        "box": "box(point(0, 0), point(_g_ + 1, _g_ + 1))",
        "circle": "circle(point(_g_, _g_), 1)",
        "lseg": "lseg(point(0, 0), point(_g_ + 1, 1))",
        "line": "line(point(0, 0), point(_g_ + 1, 1))",
        "path": "path(polygon(box(point(0, 0), point(_g_ + 1, 1))))",
        "polygon": "polygon(box(point(0, 0), point(_g_ + 1, 1)))",
        "pg_lsn": "'0/' || to_hex(_g_ + 1)",
        "hstore": "'n=>' || _g_",
        "ltree": "'top.n' || _g_",
        "char": "chr(97 + (_g_ % 26)::int)",
        "regclass": "'pg_class'",
        "cube": "'(' || _g_ || ')'",
        "vector": f"'[' || repeat('1,', {length - 1}) || (_g_ % 100) || ']'",
        "halfvec": f"'[' || repeat('1,', {length - 1}) || (_g_ % 100) || ']'",
    }
    if kind.kind == "m":
        return [Candidate("'{}'")]
    if kind.base not in expressions:
        return []
    found = [Candidate(expressions[kind.base], distinct=True)]
    if kind.base in TIMES:
        step = "1" if kind.base == "date" else "interval '1 day'"
        found += [Candidate(f"{expressions[kind.base]} {sign} {step}", distinct=True) for sign in "+-"]
        within = "(_g_ % 300)::int" if kind.base == "date" else step
        found += [Candidate(f"{kind.base} '{year}-01-01' + {within}") for year in (2100, 2000)]
    if kind.base in {"time", "interval"}:
        found.append(Candidate(f"{expressions[kind.base]} + interval '1 second'", distinct=True))
    return found


def _ranges(kind: ValueType, name: str) -> list[Candidate]:
    if not kind.parts:
        return []
    subtype = kind.parts[0]
    if subtype.base in TIMES:
        start = f"{subtype.base} '2024-01-01'"
        step = ("(_g_ * 2)::int", "1") if subtype.base == "date" else ("_g_ * interval '2 hours'", "interval '1 hour'")
        return [Candidate(f"{kind.base}({start} + {step[0]}, {start} + {step[0]} + {step[1]})", distinct=True)]
    inner = plain_candidates(subtype, name)
    if subtype.base in WHOLE | DECIMAL:
        cast = subtype.base_sql
        return [Candidate(f"{kind.sql}((_g_ * 10)::{cast}, (_g_ * 10 + 5)::{cast})", distinct=True)]
    return [Candidate(f"{kind.sql}({inner[0].sql}, NULL)", distinct=True)] if inner else []


def _numbers(texts: Iterable[str]) -> list[Candidate]:
    return [Candidate(text) for text in texts]


def _decimals(kind: ValueType) -> list[Candidate]:
    if kind.precision is None:
        return [
            Candidate("_g_ + 0.5", distinct=True),
            Candidate("_g_ + 1.5", distinct=True),
            *_numbers(["0", "1", "-1", "0.5"]),
        ]
    digits, scale = kind.precision
    scale = scale - 2048 if scale >= 1024 else scale
    largest = 10 ** min(digits, 15)
    return [
        Candidate(f"((_g_ + 1) % {largest})::numeric / {10 ** max(scale, 0)}", distinct=True),
        *_numbers(["0", "1" if digits > scale else "0.1", "-1" if digits > scale else "-0.1"]),
    ]


def _texts(length: int | None, name: str) -> list[Candidate]:
    found: list[Candidate] = []
    lowered = name.lower()
    if "mail" in lowered and (length is None or length >= 30):
        found.append(Candidate("'user' || _g_ || '@example.com'", distinct=True))
    if "url" in lowered and (length is None or length >= 40):
        found.append(Candidate("'https://example.com/' || _g_", distinct=True))
    if length is None:
        found.append(Candidate(f"{literal(name + ' ')} || _g_", distinct=True))
    else:
        usual = text_of_length(min(length, len(name) + 12), name)
        every = 10 if length <= _LONG else 100
        full = text_of_length(length, name)
        mixed = usual if usual == full else f"CASE WHEN _g_ % {every} = 0 THEN {full} ELSE {usual} END"
        found.append(Candidate(mixed, distinct=True))
    return [*found, Candidate("'a'"), Candidate("''"), Candidate("'A'"), Candidate("'1'")]


def text_of_length(length: int, name: str = "x") -> str:
    """An expression for a text of exactly that length, another one for each row as far as the length allows."""
    if length <= 0:
        return "''"
    if length < 12:
        letters = [f"chr(97 + (_g_ / {26**place} % 26)::int)" for place in range(min(length, 6))]
        padding = [literal("x" * (length - 6))] if length > 6 else []
        return " || ".join([*reversed(letters), *padding])
    return f"rpad({literal(name[: length - 11] + ' ')} || _g_, {length}, 'x')"


def check_candidates(kind: ValueType, name: str, expressions: Iterable[str], rows: int) -> list[Candidate]:
    """Expressions for a column that checks speak of: the plain ones, and what the checks' own words suggest."""
    plain = plain_candidates(kind, name)
    suggested: list[Candidate] = []
    for expression in expressions:
        suggested += _suggested(kind, expression, rows)
    inner = kind.element or kind
    best, rest = plain[:1], plain[1:]
    casted = [
        Candidate(f"({item.sql})::{(kind if item.sql.startswith('ARRAY') else inner).base_sql}", item.distinct)
        for item in suggested
    ]
    if kind.element is not None:
        casted = [
            *(Candidate(f"ARRAY[{item.sql}]::{kind.base_sql}", item.distinct) for item in casted),
            Candidate(f"ARRAY[{', '.join(item.sql for item in casted[:_MANY])}]::{kind.base_sql}"),
            *_arrays_of_lengths(kind, best, expressions),
        ]
    return list(dict.fromkeys([*best, *casted, *rest]))


def _arrays_of_lengths(kind: ValueType, best: list[Candidate], expressions: Iterable[str]) -> Iterator[Candidate]:
    inner = plain_candidates(kind.element, "x")[:1] if kind.element else []
    for number in {int(float(text)) for expression in expressions for text in _literals(expression)[1]}:
        for size in (number, number + 1):
            if inner and best and 0 < size <= _MANY:
                yield Candidate(f"array_fill({inner[0].sql}, ARRAY[{size}])::{kind.base_sql}")


def _literals(expression: str) -> tuple[list[tuple[str, str]], list[str]]:
    """Strings with the pattern operator before them, and numbers."""
    strings = [(match[1] or "", match[2].replace("''", "'")) for match in _STRING.finditer(expression)]
    bare = _CAST.sub(" ", _STRING.sub(" ", expression))
    numbers = _NUMBER.findall(bare) + [text for _, text in strings if _NUMBER.fullmatch(text)]
    return strings, numbers


def _suggested(kind: ValueType, expression: str, rows: int) -> list[Candidate]:
    strings, numbers = _literals(expression)
    base = (kind.element or kind).base
    if base in WHOLE:
        return list(_near_whole(sorted({int(float(text)) for text in numbers})))
    if base in DECIMAL:
        return list(_near_decimals(sorted({float(text) for text in numbers})))
    if base in TEXT:
        return _near_texts(strings, [int(float(text)) for text in numbers], expression, rows)
    if base in TIMES:
        return list(_near_dates(base, [text for _, text in strings if _DATE.match(text)]))
    if base in {"json", "jsonb"}:
        keys = [text for _, text in strings if text]
        pairs = [", ".join(f"{literal(key)}, {value}" for key in keys[:_MANY]) for value in ("'x'::text", "1", "true")]
        return [Candidate(f"jsonb_build_object({inner})") for inner in pairs if inner]
    if (kind.element or kind).kind == "e":
        return []
    return [
        Candidate(literal(text))
        for operator, text in strings
        if not operator and base in {"time", "interval", "inet", "cidr"}
    ]


def _near_whole(numbers: list[int]) -> Iterator[Candidate]:
    for low, high in itertools.pairwise(numbers):
        yield Candidate(f"{low} + _g_ % {high - low + 1}")
        if high - low > 1:
            yield Candidate(f"{low + 1} + _g_ % {high - low - 1}")
    if numbers:
        yield Candidate(f"{numbers[-1] + 1} + _g_", distinct=True)
        yield Candidate(f"{numbers[0] - 1} - _g_ % 100")
    for number in numbers:
        for near in (number, number + 1, number - 1):
            yield Candidate(str(near))


def _near_decimals(numbers: list[float]) -> Iterator[Candidate]:
    for low, high in itertools.pairwise(numbers):
        yield Candidate(f"{low} + ({high} - {low}) * (1 + _g_ % 98) / 100.0")
    if numbers:
        yield Candidate(f"{numbers[-1]} + 1 + _g_ % 1000")
        yield Candidate(f"{numbers[0]} - 1")
    for number in numbers:
        for near in (number, number + 0.01, number - 0.01):
            yield Candidate(f"{near:.6f}")


def _near_dates(base: str, dates: list[str]) -> Iterator[Candidate]:
    step, day = ("(_g_ % 20)::int", "1") if base == "date" else ("_g_ * interval '1 second'", "interval '1 day'")
    for text in dates:
        yield Candidate(f"{base} {literal(text)} + {step}", distinct=base != "date")
        yield Candidate(f"{base} {literal(text)} - {day}")


def _near_texts(strings: list[tuple[str, str]], numbers: list[int], expression: str, rows: int) -> list[Candidate]:
    found: list[Candidate] = []
    plain: list[str] = []
    for operator, text in strings:
        if operator.startswith("~~"):
            found.append(Candidate(like_expression(text), distinct="%" in text))
        elif operator.startswith("~"):
            samples = matching_texts(text, min(rows, 500))
            if samples:
                array = ", ".join(literal(sample) for sample in samples)
                found.append(Candidate(f"(ARRAY[{array}])[1 + _g_ % {len(samples)}]", distinct=len(samples) >= rows))
        elif not operator:
            plain.append(text)
    if len(plain) > 1:
        values = ", ".join(literal(text) for text in plain)
        found.append(Candidate(f"(ARRAY[{values}])[1 + _g_ % {len(plain)}]"))
    found += [Candidate(literal(text)) for text in plain]
    if "length" in expression:
        sizes = dict.fromkeys(
            size for number in numbers for size in (number, number + 1, number - 1) if 0 <= size <= 4000
        )
        found += [Candidate(text_of_length(size), distinct=size > 2) for size in sizes]
    return found
