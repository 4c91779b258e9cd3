"""Types as schema documents spell them, at the start of a text."""

import re
from dataclasses import dataclass, replace
from functools import lru_cache

from migration_ls.postgres.types import BUILT_IN, ColumnType, parse_type
from migration_ls.sources.markdown.inline import HIDDEN

_LOOSE: dict[str, str] = {
    "string": "character varying", "str": "character varying", "cadena": "character varying",
    "email": "character varying", "emailstr": "character varying", "url": "character varying",
    "nvarchar": "character varying", "varchar2": "character varying", "autostring": "character varying",
    "texto": "text", "longtext": "text", "mediumtext": "text", "tinytext": "text", "clob": "text",
    "number": "integer", "entero": "integer", "long": "bigint", "tinyint": "smallint", "mediumint": "integer",
    "double": "double precision", "booleano": "boolean", "flag": "boolean",
    "datetime": "timestamp without time zone", "date-time": "timestamp without time zone",
    "timestamp with tz": "timestamp with time zone", "timestamp with timezone": "timestamp with time zone",
    "timestamp without tz": "timestamp without time zone", "datetime with time zone": "timestamp with time zone",
    "datetime with timezone": "timestamp with time zone", "datetime with tz": "timestamp with time zone",
    "utcdatetime": "timestamp with time zone", "naivedatetime": "timestamp without time zone",
    "timestamp_tz": "timestamp with time zone", "timestamp tz": "timestamp with time zone",
    "fecha": "date", "fecha y hora": "timestamp without time zone", "hora": "time without time zone",
    "guid": "uuid", "uuid4": "uuid", "uuidv4": "uuid", "timedelta": "interval", "duration": "interval",
    "dict": "json", "object": "jsonb", "map": "jsonb", "json object": "jsonb",
    "blob": "bytea", "binary": "bytea", "bytes": "bytea", "varbinary": "bytea", "largebinary": "bytea",
    "smallinteger": "smallint", "biginteger": "bigint", "unicode": "character varying", "unicodetext": "text",
    "array": "text[]", "list": "text[]",
    "ganzzahl": "integer", "dezimal": "numeric", "dezimalzahl": "numeric", "wahrheitswert": "boolean",
    "zeitstempel mit zeitzone": "timestamp with time zone", "horodatage avec fuseau": "timestamp with time zone",
    "zeichenkette": "character varying", "zeitstempel": "timestamp without time zone", "datum": "date",
    "chaîne": "character varying", "chaine": "character varying", "texte": "text", "entier": "integer",
    "booléen": "boolean", "booleen": "boolean", "décimal": "numeric", "flottant": "double precision",
    "data": "date", "horodatage": "timestamp without time zone", "inteiro": "integer",
}  # fmt: skip
"""Words for types that PostgreSQL does not have."""
_ALIASES = frozenset(
    """int int2 int4 int8 float float4 float8 bool varchar char bpchar nchar decimal dec timestamp timestamptz
    time timetz varbit serial bigserial smallserial serial2 serial4 serial8""".split()
)
_EXTENSIONS = frozenset("citext ltree hstore vector halfvec geometry geography".split())
_PLURALS = {"strings": "string", "integers": "integer", "uuids": "uuid", "texts": "text", "timestamps": "timestamp",
            "numbers": "number", "booleans": "boolean", "dates": "date", "ints": "int", "floats": "float",
            "textos": "texto"}  # fmt: skip
_KNOWN = BUILT_IN | _ALIASES | _EXTENSIONS | (set(_LOOSE) - {"data"}) | set(_PLURALS)
_BY_LENGTH = sorted(
    (name for name in _KNOWN if name.replace(" ", "").replace("-", "").isalnum()), key=len, reverse=True
)
_NAMES = "|".join(re.escape(name).replace(r"\ ", r"\s+") for name in _BY_LENGTH)
_ZONE = re.compile(r"\s*(?P<zone>with(?:out)?\s+time\s*zone)\b", re.IGNORECASE)
_SIMPLE = re.compile(
    rf"(?P<name>{_NAMES}|timestamp_tz|data(?=\s*(?:[(,;)]|\Z)))(?![\w-])(?:\s?\((?P<args>[\d\s,]+)\))?", re.IGNORECASE
)
_ARRAY_MARK = re.compile(r"\s*\[\d*\]|\s+array\b", re.IGNORECASE)
_ARRAY_OF = re.compile(r"(?:array|list|lista|set)\s*(?:of\s+|de\s+|[<\[]\s*)", re.IGNORECASE)
_OPTIONAL = re.compile(r"Optional\s*\[\s*")
_OR_NONE = re.compile(r"\s*\|\s*(?:None|null|undefined)\b|\?")
_DICT = re.compile(r"(?:dict|Dict|Mapping|Record)\s*[\[<][^\[\]<>]*(?:\[[^\]]*\])?[^\[\]<>]*[\]>]")
_PYTHON_DATETIME = re.compile(r"DateTime\s*\(\s*timezone\s*=\s*(?P<zone>True|False)\s*\)", re.IGNORECASE)
_ENUM = re.compile(
    r"(?P<words>(?P<kind>(?:string|str|varchar|text)\s+)?(?:enum(?:eration)?|literal))\b"
    r"\s*(?P<open>[(\[{<]\s*)?(?P<colon>:\s*)?(?:of\s+)?",
    re.IGNORECASE,
)
_CLOSING = {"(": ")", "[": "]", "{": "}", "<": ">"}
_QUOTED_UNION = re.compile(r"(?P<q>['\"])[\w -]+(?P=q)(?:\s*\|\s*(?P=q)[\w -]+(?P=q))+")
_UNKNOWN = re.compile(r"(?P<name>[^\W\d]\w*(?:\.[^\W\d]\w*)?)(?P<args>\([\w\s,]*\))?(?P<array>\[\])?\Z")
_SERIAL = re.compile(r"(?:small|big)?serial\d?\b", re.IGNORECASE)
_VALUE = re.compile(r"'(?:[^']|'')*'|\"[^\"]*\"|`[^`]*`|[^\s,|/;]+(?:\s+[^\s,|/;]+)*")


@dataclass(frozen=True, slots=True, kw_only=True)
class TypeSaid:
    """A type as read: `loose` is the word when it is none of PostgreSQL's, `values` are an inline enum's labels."""

    type: ColumnType | None
    nullable: bool | None = None
    values: tuple[str, ...] = ()
    native_enum: bool = False
    serial: bool = False
    loose: str = ""


_DEEPEST = 4
"""Types in types that anybody writes."""


def type_at(text: str, start: int = 0, depth: int = 0) -> tuple[TypeSaid, int] | None:
    """The type that stands at `start` and where it ends; None where no type does."""
    if depth > _DEEPEST:
        return None
    if match := _OPTIONAL.match(text, start):
        inner = type_at(text, match.end(), depth + 1)
        if inner is None or text[inner[1] : inner[1] + 1] != "]":
            return None
        return replace(inner[0], nullable=True), inner[1] + 1
    found = _base_at(text, start, depth)
    if found is None:
        return None
    said, end = found
    while said.type is not None and (match := _ARRAY_MARK.match(text, end)):
        said = replace(said, type=replace(said.type, dimensions=1))
        end = match.end()
    if match := _OR_NONE.match(text, end):
        said, end = replace(said, nullable=True), match.end()
    return said, end


def _base_at(text: str, start: int, depth: int) -> tuple[TypeSaid, int] | None:
    if match := _PYTHON_DATETIME.match(text, start):
        zone = "with" if match["zone"].lower() == "true" else "without"
        return TypeSaid(type=ColumnType(f"timestamp {zone} time zone")), match.end()
    if match := _QUOTED_UNION.match(text, start):
        return TypeSaid(type=ColumnType("character varying"), values=values_of(match[0])), match.end()
    if match := _ENUM.match(text, start):
        return _enum(text, match)
    if match := _DICT.match(text, start):
        return TypeSaid(type=ColumnType("json"), loose="dict"), match.end()
    if match := _ARRAY_OF.match(text, start):
        inner = type_at(text, match.end(), depth + 1)
        if inner and inner[0].type is not None:
            end = inner[1] + (text[inner[1] : inner[1] + 1] in {"]", ">"} and match[0].rstrip()[-1:] in {"[", "<"})
            return TypeSaid(type=replace(inner[0].type, dimensions=1), loose=inner[0].loose), end
    if match := _SIMPLE.match(text, start):
        return _simple(text, match)
    return None


def _enum(text: str, match: re.Match[str]) -> tuple[TypeSaid, int] | None:
    """`ENUM('a', 'b')`, `enum: a, b`, `string enum (a | b)`; without values it is an enum nobody spells out."""
    kind = ColumnType("character varying") if match["kind"] else None
    if match["open"]:
        closing = _CLOSING[match["open"].strip()]
        end = text.find(closing, match.end())
        inner = text[match.end() : end if end >= 0 else len(text)]
        values = values_of(re.sub(r"^\s*(?:values?|labels?)\s*:", "", inner))
        if any(len(value) > 60 for value in values):
            return None
        return TypeSaid(type=kind, values=values, native_enum=kind is None), end + 1 if end >= 0 else len(text)
    if not match["colon"] and not re.match(r"\s*['\"]", text[match.end() :]):
        return TypeSaid(type=kind, native_enum=kind is None), match.end("words")
    values, end = listed(text, match.end())
    return TypeSaid(type=kind, values=values, native_enum=kind is None), end


def listed(text: str, start: int) -> tuple[tuple[str, ...], int]:
    """The values of a list without brackets: until a semicolon, a closing bracket or a word about columns."""
    stop = re.compile(
        r"[;)\]]|,?\s*\b(?:not\s+null|null(?:able)?|required|optional|default|unique|index(?:ed)?|primary|pk|fk|"
        r"references|"
        r"foreign)\b|\s+[-\u2013—]\s|\.(?:\s|\Z)",
        re.IGNORECASE,
    )
    match = stop.search(text, start)
    end = match.start() if match else len(text)
    end = start + len(text[start:end].rstrip(" ,("))
    return values_of(text[start:end]), end


def values_of(text: str) -> tuple[str, ...]:
    """The values of `'a', 'b'`, `a | b`, `a/b`, `a, b or c`, without quotes."""
    plain = re.sub(r"\s+(?:or|and|y|o)\s+", ", ", text.replace(HIDDEN, ""))
    found = (match[0].strip() for match in _VALUE.finditer(plain))
    bare = (re.sub(r"^(['\"`])(.*)\1$", r"\2", value.strip("()[]{} ")) for value in found)
    return tuple(dict.fromkeys(value.replace("''", "'") for value in bare if value))


def _simple(text: str, match: re.Match[str]) -> tuple[TypeSaid, int]:
    word = " ".join(match["name"].lower().split())
    word = _PLURALS.get(word, word)
    end = match.end()
    zone = _ZONE.match(text, end) if "time" in word and "zone" not in word else None
    if zone:
        end = zone.end()
    loose = match["name"] if word in _LOOSE else ""
    base = _LOOSE.get(word, word)
    if zone:
        base = re.sub(r"^(timestamp|time).*", rf"\1 {' '.join(zone['zone'].lower().split())}", base)
        base = re.sub(r"time\s*zone$", "time zone", base)
    read = parse_type(base)
    if match["args"] and read.name in _WITH_ARGUMENTS:
        arguments = tuple(part.strip() for part in match["args"].split(",") if part.strip())
        read = replace(
            read, modifiers=(*arguments, "0") if read.name == "numeric" and len(arguments) == 1 else arguments
        )
    if word == "number" and match["args"]:
        read = _number(match["args"])
    if read.name == "text" and match["args"] and match["args"].strip().isdigit():
        # PostgreSQL's own `text` has no length
        read, loose = (
            ColumnType("character varying", (match["args"].strip(),)),
            f"{match['name']}({match['args'].strip()})",
        )
    if longest := _LONGEST.match(text, end):
        read, end = ColumnType("bytea" if read.name == "bytea" else "text"), longest.end()
    if word == "tinyint" and match["args"] == "1":
        read = ColumnType("boolean")
    return TypeSaid(type=read, serial=bool(_SERIAL.match(word)), loose=loose), end


def _number(arguments: str) -> ColumnType:
    """`NUMBER(10)` is a whole number of ten digits, as Oracle has it; with decimals it is numeric."""
    digits, _, decimals = (part.strip() for part in arguments.partition(","))
    if decimals.strip("0") or not digits.isdigit():
        return ColumnType("numeric", (digits, decimals))
    size = int(digits)
    return ColumnType("smallint" if size < 5 else "integer" if size < 10 else "bigint" if size < 19 else "numeric")


_LONGEST = re.compile(r"\s?\(\s*max\s*\)", re.IGNORECASE)
_WITH_ARGUMENTS = frozenset(
    {"character varying", "character", "numeric", "bit", "bit varying", "vector", "halfvec", "interval",
     "timestamp with time zone", "timestamp without time zone", "time with time zone", "time without time zone"}
)  # fmt: skip


@lru_cache(maxsize=1024)
def loose_type(name: str) -> ColumnType | None:
    """What a type name that PostgreSQL does not have stands for, `datetime`; None where nothing is known of it."""
    word = _LOOSE.get(name.lower())
    return parse_type(word) if word else None


def unknown_type(text: str) -> ColumnType | None:
    """A name that may be an enum's, a domain's or an extension's; None when the text is no name."""
    match = _UNKNOWN.match(text.strip())
    return parse_type(text.strip()) if match and match["name"].lower() not in _NO_TYPES else None


_NO_TYPES = frozenset(
    """yes no none null optional required unique primary key the a an see any enum string fk pk new existing tbd
    unknown various n/a same""".split()
)
