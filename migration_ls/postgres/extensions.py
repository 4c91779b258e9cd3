"""Which extension brings a type or an operator class."""

import re

TYPES: dict[str, str] = {
    "citext": "citext", "hstore": "hstore", "ltree": "ltree", "lquery": "ltree", "cube": "cube", "seg": "seg",
    "isbn": "isn", "isbn13": "isn", "ean13": "isn", "geometry": "postgis", "geography": "postgis",
    "vector": "vector", "halfvec": "vector", "sparsevec": "vector", "intarray": "intarray",
}  # fmt: skip
"""Extension by type."""

OPERATOR_CLASSES: dict[str, str] = {
    "gin_trgm_ops": "pg_trgm", "gist_trgm_ops": "pg_trgm", "gin__int_ops": "intarray", "gist__int_ops": "intarray",
    "gist__intbig_ops": "intarray", "gin_hstore_ops": "hstore", "gist_hstore_ops": "hstore",
    "gist_ltree_ops": "ltree", "vector_l2_ops": "vector", "vector_ip_ops": "vector", "vector_cosine_ops": "vector",
}  # fmt: skip
"""Extension by operator class."""

_SCALARS = frozenset(
    """smallint integer bigint real numeric text character uuid boolean date money oid interval bytea inet cidr
    macaddr""".split()
) | {
    "double precision",
    "character varying",
    "timestamp without time zone",
    "timestamp with time zone",
    "time without time zone",
    "time with time zone",
}
_EQUAL = re.compile(r'"?(\w+)"?\s+(?:\w+_ops\s+)?WITH\s+(?:=|<>)', re.IGNORECASE)


def needed_by_exclusion(definition: str, types: "dict[str, str]") -> str | None:
    """`btree_gist` for an exclusion that compares scalars with GiST; `types` are the column types by name."""
    if not re.search(r"USING\s+gist", definition, re.IGNORECASE):
        return None
    scalar = any(types.get(match[1]) in _SCALARS for match in _EQUAL.finditer(definition))
    return "btree_gist" if scalar else None
