"""What a query reads and calls."""

from typing import Any

from migration_ls.postgres.volatility import IMMUTABLE, STABLE
from migration_ls.schema.names import Name
from migration_ls.sources.sql.simplify import descendants
from migration_ls.sources.sql.source import Source

_HARMLESS = frozenset(
    """
    clock_timestamp currval gen_random_uuid lastval nextval random random_normal set_config setseed setval timeofday
    uuid_generate_v1 uuid_generate_v1mc uuid_generate_v3 uuid_generate_v4 uuid_generate_v5 uuidv4 uuidv7 query_to_xml
    table_to_xml txid_status coalesce greatest least
    """.split()
)
"""Volatile functions that change no schema."""
_CATALOGS = frozenset({"pg_catalog", "information_schema"})


def relations_read(node: Any, source: Source, target: Name | None = None) -> tuple[Name, ...]:
    """The relations named under a node, without its CTEs, the catalogs and the target."""
    own: set[str] = set()
    found: dict[Name, None] = {}
    relations: list[Any] = []
    for item in descendants(node):
        match item.WhichOneof("node"):
            case "common_table_expr":
                own.add(item.common_table_expr.ctename)
            case "range_var":
                relations.append(item.range_var)
            case _:
                pass
    for relation in relations:
        if not relation.schemaname and (relation.relname in own or relation.relname.startswith("pg_")):
            continue
        name = source.name(relation)
        if relation.schemaname not in _CATALOGS and name != target:
            found[name] = None
    return tuple(found)


def unknown_functions(node: Any) -> tuple[str, ...]:
    """The functions called under a node of which nothing is known: they may do anything."""
    found: dict[str, None] = {}
    for item in descendants(node):
        if item.WhichOneof("node") == "func_call":
            name = item.func_call.funcname[-1].string.sval
            if name not in _HARMLESS and name not in IMMUTABLE and name not in STABLE and not name.startswith("pg_"):
                found[name] = None
    return tuple(found)


def has_limit(node: Any) -> bool:
    """Whether a query under the node takes a limited number of rows."""
    return any(
        item.WhichOneof("node") == "select_stmt" and item.select_stmt.HasField("limit_count")
        for item in descendants(node)
    )
