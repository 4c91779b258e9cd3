"""Types as documents spell them: SQL, Python, TypeScript and plain words."""

import re
from dataclasses import dataclass
from functools import lru_cache

from migration_ls.postgres.types import BUILT_IN, ColumnType, parse_type

TIMESTAMP = ColumnType("timestamp with time zone")

_WORDS: dict[str, str] = {
    "string": "character varying", "str": "character varying", "texto": "text", "cadena": "character varying",
    "short text": "character varying", "long text": "text", "longtext": "text", "mediumtext": "text",
    "autostring": "character varying", "nvarchar": "character varying", "email": "character varying",
    "emailstr": "character varying", "url": "character varying", "number": "integer", "entero": "integer",
    "whole number": "integer", "small integer": "smallint", "big integer": "bigint", "long": "bigint",
    "short": "smallint", "small int": "smallint", "big int": "bigint", "yes/no": "boolean", "true/false": "boolean",
    "double": "double precision", "float": "double precision", "money": "numeric",
    "datetime": "timestamp with time zone", "date-time": "timestamp with time zone",
    "date and time": "timestamp with time zone", "timestamp with tz": "timestamp with time zone",
    "timestamp without tz": "timestamp without time zone", "fecha": "date", "fecha y hora": "timestamp with time zone",
    "datetime with timezone": "timestamp with time zone", "guid": "uuid", "uuid4": "uuid", "uuid v4": "uuid",
    "dict": "jsonb", "object": "jsonb", "map": "jsonb", "json object": "jsonb", "blob": "bytea", "binary": "bytea",
    "bytes": "bytea", "booleano": "boolean", "flag": "boolean", "timedelta": "interval", "duration": "interval",
    "tinyint": "smallint", "mediumint": "integer", "any": "jsonb", "array": "text[]", "list": "text[]",
    "citext": "citext", "ltree": "ltree", "hstore": "hstore", "vector": "vector", "geometry": "geometry",
    "geography": "geography",
}  # fmt: skip
_NOUNS = frozenset("name path line box circle point polygon".split())
"""Types whose names documents use for other things."""
_SQL = (BUILT_IN - _NOUNS) | {
    "int", "int2", "int4", "int8", "float4", "float8", "bool", "varchar", "char", "bpchar", "decimal", "dec",
    "timestamp", "timestamptz", "time", "timetz", "varbit", "serial", "bigserial", "smallserial", "serial4", "serial8",
}  # fmt: skip
_MODULE = re.compile(r"\b(?:uuid|datetime|dt|decimal|typing|sa|sqlalchemy|pydantic)\.(?=[A-Za-z])")
_OPTIONAL = re.compile(
    r"(?:Optional\[(?P<py>.+)\]|(?P<or>.+?)\s*\|\s*(?:None|null|undefined)|(?:None|null)\s*\|\s*(?P<rev>.+)|(?P<q>.+?)\?"
    r"|(?:optional|nullable)\s+(?P<word>.+))\Z"
)
_ARRAY = re.compile(
    r"(?:(?:list|array|List|Array|set|Set|Sequence)\s*[\[<]\s*(?P<generic>[\w()., ]+)\s*[\]>]"
    r"|(?:list|array|lista)\s+(?:of|de)\s+(?P<of>[\w ]+?)|(?P<ts>[\w()]+)\[\])\Z",
    re.IGNORECASE,
)
_SIZED = re.compile(
    r"(?P<name>varchar2?|nvarchar|character varying|char|character|string|numeric|decimal|dec|varbit)"
    r"(?:\s*:\s*|\s+)(?:of\s+)?(?:(?:max(?:imum)?\s+)?(?:length|len|size)\s+|up\s+to\s+|max\.?\s+)?"
    r"(?P<size>\d+(?:\s*,\s*\d+)?)(?:\s*(?:characters?|chars?|digits|zeichen|stellen|caracteres|caractères))?\Z",
    re.IGNORECASE,
)
"""A length without brackets: `varchar 50`, `string of length 12`."""
_ENUM = re.compile(r"(?:enum|literal)\s*[\[(<]\s*(?P<values>[^()\[\]]+)[\])>]\Z", re.IGNORECASE)
_UNION = re.compile(r"(?:['\"][^'\"]+['\"]\s*\|\s*)+['\"][^'\"]+['\"]\Z")
_DICT = re.compile(r"(?:dict|Dict|Mapping|Record)\s*[\[<].*[\]>]\Z")
_SHAPE = re.compile(
    r"(?P<name>[a-z_][a-z0-9_ -]*?)\s*(?:\((?P<modifiers>[\d\s,]*)\))?(?P<zone>\s+with(?:out)? time zone)?\Z"
)
_PLURALS = {"strings": "string", "texts": "text", "integers": "integer", "ints": "int", "numbers": "number",
            "uuids": "uuid", "words": "text", "names": "text"}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class TypeWords:
    """A type as read: with whether it takes nulls and the values it allows, where the spelling says so."""

    type: ColumnType | None
    nullable: bool | None = None
    values: tuple[str, ...] = ()
    autoincrement: bool = False


@lru_cache(maxsize=2048)
def type_of(spelling: str) -> TypeWords | None:
    """The type that the words spell, None when they spell none."""
    from migration_ls.sources.spec.words import list_of

    text = _MODULE.sub("", " ".join(spelling.strip().strip("`*").split()))
    if (sized := _SIZED.match(text)) is not None:
        text = f"{sized['name']}({sized['size']})"
    if not text or len(text) > 80:
        return None
    if (match := _ENUM.match(text)) or (match := _UNION.match(text)):
        values = list_of(match["values"] if "values" in match.groupdict() else match[0])
        return TypeWords(type=None, values=values) if len(values) > 1 else None
    if match := _OPTIONAL.match(text):
        inner = type_of(next(part for part in match.groups() if part))
        return TypeWords(type=inner.type, nullable=True, values=inner.values) if inner else None
    if match := _ARRAY.match(text):
        element = _plain(next(part for part in match.groups() if part).strip())
        if element is None:
            return None
        bare = element.name == "character varying" and not element.modifiers
        return TypeWords(type=ColumnType("text" if bare else element.name, element.modifiers, 1))
    if _DICT.match(text):
        return TypeWords(type=ColumnType("jsonb"))
    lowered = text.lower()
    read = _plain(lowered)
    return TypeWords(type=read, autoincrement="serial" in lowered) if read else None


def _plain(text: str) -> ColumnType | None:
    lowered = text.lower()
    lowered = _PLURALS.get(lowered, lowered)
    match = _SHAPE.match(lowered)
    if match is None:
        return None
    name = match["name"]
    if name in _WORDS:
        word = _WORDS[name]
        if match["modifiers"] and word in {"character varying", "numeric"}:
            return parse_type(f"{word}({match['modifiers']})")
        # `text[]` elements are plain again: an array of arrays is no type of ours.
        return parse_type(word)
    if name in _SQL:
        return text_without_length(parse_type(lowered))
    return None


def text_without_length(read: ColumnType) -> ColumnType:
    """`text(500)`, which PostgreSQL does not know, is a varchar of that length."""
    return ColumnType("character varying", read.modifiers) if read.name == "text" and read.modifiers else read
