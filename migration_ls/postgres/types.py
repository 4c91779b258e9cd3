"""Types as PostgreSQL's `format_type` spells them, their other spellings, and what they take on disk."""

import re
from dataclasses import dataclass, replace
from functools import lru_cache

from migration_ls.postgres.quoting import identifier

ALIASES: dict[str, str] = {
    "int": "integer", "int4": "integer", "int2": "smallint", "int8": "bigint", "float8": "double precision",
    "float4": "real", "float": "double precision", "bool": "boolean", "varchar": "character varying",
    "char": "character", "bpchar": "character", "nchar": "character", "decimal": "numeric", "dec": "numeric",
    "timestamp": "timestamp without time zone", "timestamptz": "timestamp with time zone",
    "time": "time without time zone", "timetz": "time with time zone", "varbit": "bit varying",
    "serial": "integer", "serial4": "integer", "bigserial": "bigint", "serial8": "bigint",
    "smallserial": "smallint", "serial2": "smallint",
}  # fmt: skip
"""Spellings that the parser or the catalog knows under another name."""

SERIALS = frozenset({"serial", "serial4", "bigserial", "serial8", "smallserial", "serial2"})

BUILT_IN = frozenset(
    """bigint bit boolean box bytea character cidr circle date daterange inet int4range int4multirange int8range
    int8multirange integer interval json jsonb jsonpath line lseg macaddr macaddr8 money name nummultirange numeric
    numrange oid path pg_lsn pg_snapshot point polygon real regclass regconfig regtype smallint text tsmultirange
    tsquery tsrange tstzmultirange tstzrange tsvector txid_snapshot uuid xid xml datemultirange""".split()
) | {
    "bit varying", "character varying", "double precision", "time with time zone", "time without time zone",
    "timestamp with time zone", "timestamp without time zone", '"char"',
}  # fmt: skip

BYTES: dict[str, int] = {
    "boolean": 1, "smallint": 2, "integer": 4, "bigint": 8, "real": 4, "double precision": 8, "date": 4,
    "timestamp without time zone": 8, "timestamp with time zone": 8, "time without time zone": 8,
    "time with time zone": 12, "interval": 16, "uuid": 16, "money": 8, "oid": 4, "macaddr": 6, "inet": 7, "cidr": 7,
}  # fmt: skip
"""Bytes of a value, for types of fixed length (`pg_type.typlen`), and the usual length of addresses."""

_SHAPE = re.compile(
    r"""(?P<name>"(?:[^"]|"")+"(?:\."(?:[^"]|"")+")?|[^\W\d][\w$. ]*?)\s*
    (?:\((?P<modifiers>[^()]*)\))?\s*
    (?P<zone>with(?:out)?\s+time\s+zone)?\s*
    (?P<array>(?:\[\d*\]|\s+array)*)\Z""",
    re.VERBOSE | re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class ColumnType:
    """A type: `name` without modifiers as `format_type` spells it, modifiers such as a length, array dimensions.

    A type outside `pg_catalog` and `public` has its namespace in the name: `app.mood`.
    """

    name: str
    modifiers: tuple[str, ...] = ()
    dimensions: int = 0

    def __str__(self) -> str:
        """The type as `format_type` spells it: `character varying(20)`, `timestamp(3) with time zone`, `text[]`."""
        inner = f"({','.join(self.modifiers)})" if self.modifiers else ""
        base = self.name
        for kind in ("timestamp", "time"):
            if base.startswith(f"{kind} with"):
                return f"{kind}{inner}{base[len(kind) :]}{'[]' if self.dimensions else ''}"
        if self.name == "interval" and self.modifiers and not self.modifiers[0].isdigit():
            inner = " " + self.modifiers[0]
        return f"{base}{inner}{'[]' if self.dimensions else ''}"

    @property
    def element(self) -> "ColumnType":
        """The type of an array's elements; of another type itself."""
        return replace(self, dimensions=0)

    @property
    def is_array(self) -> bool:
        """Whether values are arrays."""
        return self.dimensions > 0

    @property
    def is_built_in(self) -> bool:
        """Whether PostgreSQL brings the type itself; others are enums, domains or an extension's."""
        return self.name in BUILT_IN

    @property
    def length(self) -> int | None:
        """N of `character varying(N)` and `character(N)`."""
        if self.name in {"character varying", "character"} and self.modifiers and self.modifiers[0].isdigit():
            return int(self.modifiers[0])
        return None


@lru_cache(maxsize=1024)
def parse_type(spelling: str) -> ColumnType:
    """The type that a spelling names, in canonical form; total: an odd spelling becomes a type of that name.

    Unquoted names are folded to lower case. `serial` gives `integer`.
    """
    text = " ".join(spelling.strip().split())
    match = _SHAPE.match(text)
    if match is None:
        return ColumnType(text)
    name = match["name"].strip()
    if name.startswith('"'):
        name = ".".join(identifier(part.replace('""', '"')) for part in name[1:-1].split('"."'))
    else:
        name = _fold(name, match["zone"])
    modifiers = tuple(part.strip() for part in (match["modifiers"] or "").split(",") if part.strip())
    dimensions = 1 if match["array"].strip() else 0
    if name.endswith(" array"):
        name, dimensions = _fold(name.removesuffix(" array"), None), 1
    if name == "numeric" and len(modifiers) == 1:
        modifiers = (*modifiers, "0")
    if name in {"character", "bit"} and not modifiers and text.lower() not in {"bpchar", '"char"'}:
        modifiers = ("1",)
    return ColumnType(name, modifiers, dimensions)


def _fold(name: str, zone: str | None) -> str:
    name = name.lower().removeprefix("pg_catalog.").removeprefix("public.")
    name = name.replace("national character", "character").replace("char varying", "character varying")
    name = name.replace("charactercharacter", "character")
    if zone:
        return f"{name} {' '.join(zone.lower().split())}"
    return ALIASES.get(name, name)
