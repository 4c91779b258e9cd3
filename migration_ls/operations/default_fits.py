"""Whether a default can be one of a column's type: PostgreSQL looks when the column or the default is made."""

import re

from migration_ls.postgres.cast_facts import ASSIGNED
from migration_ls.postgres.types import ColumnType
from migration_ls.schema.expression import Expression

_NUMBER = re.compile(r"[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?\Z", re.IGNORECASE)
_INTEGER = re.compile(r"\s*[-+]?(\d[\d_]*|0x[\da-f_]+|0o[0-7_]+|0b[01_]+)\s*\Z", re.IGNORECASE)
_UUID = re.compile(r"\s*\{?[\da-f]{4}(-?[\da-f]{4}){7}\}?\s*\Z", re.IGNORECASE)
_SPECIAL = frozenset({"nan", "infinity", "-infinity", "inf", "-inf", "+infinity", "+inf"})
_BOOLEANS = re.compile(r"\s*(t|tr|tru|true|f|fa|fal|fals|false|y|ye|yes|n|no|on|of|off|0|1)\s*\Z", re.IGNORECASE)
_INTEGERS = frozenset({"smallint", "integer", "bigint"})
_FLOATS = frozenset({"numeric", "real", "double precision"})
_NO_NUMBER = frozenset(
    """boolean bytea cidr date inet json jsonb uuid xml interval macaddr point tsvector tsquery""".split()
) | {
    "timestamp with time zone", "timestamp without time zone", "time with time zone", "time without time zone",
}  # fmt: skip
_CALLS = {
    "gen_random_uuid()": "uuid",
    "now()": "timestamp with time zone",
    "clock_timestamp()": "timestamp with time zone",
    "statement_timestamp()": "timestamp with time zone",
    "transaction_timestamp()": "timestamp with time zone",
    "CURRENT_TIMESTAMP": "timestamp with time zone",
    "CURRENT_DATE": "date",
    "random()": "double precision",
}
_STRINGS = frozenset({"text", "character varying", "character", "name"})


def default_fits(type_: ColumnType, default: Expression | None) -> bool:
    """Whether the default is taken; what is not understood here counts as taken."""
    if default is None or default.is_null or not type_.is_built_in:
        return True
    if (call := _CALLS.get(default.canonical)) is not None:
        return not type_.is_array and (type_.name in {call, *_STRINGS} or (call, type_.name) in ASSIGNED)
    if default.value is None:
        return True
    if _NUMBER.match(default.text.strip()):
        return not type_.is_array and type_.name not in _NO_NUMBER
    if not default.text.lstrip().startswith("'") or not default.text.rstrip().endswith("'"):
        return True
    return _reads(type_, default.value)


def _reads(type_: ColumnType, text: str) -> bool:
    """Whether the type's input function takes the text."""
    if type_.is_array:
        return text.lstrip().startswith(("{", "["))
    if type_.name in _INTEGERS:
        return _INTEGER.match(text) is not None
    if type_.name in _FLOATS:
        short = text.strip()
        return bool(_NUMBER.match(short) or _INTEGER.match(short)) or short.lower() in _SPECIAL
    if type_.name == "boolean":
        return _BOOLEANS.match(text) is not None
    if type_.name == "uuid":
        return _UUID.match(text) is not None
    return True
