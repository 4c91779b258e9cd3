"""What a query reads and calls."""

import re
from typing import Any

from migration_ls.operations.naming import sequence_of
from migration_ls.postgres.volatility import IMMUTABLE, STABLE
from migration_ls.schema.names import Name
from migration_ls.schema.schema import View
from migration_ls.sources.sql.simplify import descendants, string_of
from migration_ls.sources.sql.source import Source
from migration_ls.sources.sql.types import type_of

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
    aliases: list[Any] = []
    for item in descendants(node):
        match item.WhichOneof("node"):
            case "locking_clause":
                # FOR UPDATE OF names what goes by the name in the query
                aliases += [part.range_var for part in item.locking_clause.locked_rels]
            case "common_table_expr":
                own.add(item.common_table_expr.ctename)
            case "range_var":
                relations.append(item.range_var)
            case _:
                pass
    for relation in relations:
        if any(relation is alias or relation == alias for alias in aliases):
            continue
        if not relation.schemaname and (relation.relname in own or relation.relname.startswith("pg_")):
            continue
        name = source.name(relation)
        if relation.schemaname not in _CATALOGS and name != target:
            found[name] = None
    return tuple(found)


def view_of(name: Name, query: Any, text: str, source: Source, aliases: tuple[str, ...] = ()) -> View:
    """The view that a query makes; `aliases` are the names given to its columns."""
    places: dict[str, Name] = {}
    mentions: set[tuple[Name | None, str]] = set()
    for item in descendants(query):
        if item.WhichOneof("node") == "range_var":
            relation = item.range_var
            alias = relation.alias.aliasname if relation.HasField("alias") else relation.relname
            places[alias] = source.name(relation)
    for item in descendants(query):
        if item.WhichOneof("node") == "column_ref":
            mentions.add(_mention(item.column_ref.fields, places))
    reads = frozenset(relations_read(query, source))
    return View(
        name=name,
        query=text,
        reads=reads,
        mentions=frozenset((place if place in reads else None, column) for place, column in mentions),
        selected=_selected(query, places, aliases),
        origins=_origins(query, places),
    )


def _origins(query: Any, places: dict[str, Name]) -> tuple[tuple[Name | None, str | None], ...]:
    found: list[tuple[Name | None, str | None]] = []
    for item in query.select_stmt.target_list if query.WhichOneof("node") == "select_stmt" else ():
        value = item.res_target.val
        match value.WhichOneof("node"):
            case "column_ref":
                place, column = _mention(value.column_ref.fields, places)
                if column == "*":
                    return ()
                found.append((place, column))
            case "type_cast":
                found.append((None, f"::{type_of(value.type_cast.type_name)}"))
            case _:
                found.append((None, None))
    return tuple(found)


def _mention(fields: Any, places: dict[str, Name]) -> tuple[Name | None, str]:
    """The column of a reference, and the relation where it says which; whole rows are all columns."""
    words = [item.string.sval if item.WhichOneof("node") == "string" else "*" for item in fields]
    if len(words) == 1 and words[0] in places:
        return places[words[0]], "*"
    return (places.get(words[-2]) if len(words) > 1 else None), words[-1]


def _selected(query: Any, places: dict[str, Name], aliases: tuple[str, ...]) -> tuple[tuple[Name | None, str], ...]:
    select = query.select_stmt if query.WhichOneof("node") == "select_stmt" else None
    while select is not None and not select.target_list and select.HasField("larg"):
        select = select.larg
    found: list[tuple[Name | None, str]] = []
    for item in select.target_list if select is not None else ():
        target = item.res_target
        kind = target.val.WhichOneof("node")
        if target.name:
            found.append((None, target.name))
        elif kind == "column_ref":
            place, column = _mention(target.val.column_ref.fields, places)
            found.append((place, column) if column == "*" else (None, column))
        else:
            found.append((None, _given_name(target.val)))
    named: list[tuple[Name | None, str]] = [(None, alias) for alias in aliases]
    return (*named, *found[len(named) :])


def _given_name(node: Any) -> str:
    """The name that a column without one gets (`FigureColname`), for the usual kinds."""
    match node.WhichOneof("node"):
        case "func_call":
            return str(node.func_call.funcname[-1].string.sval)
        case "type_cast":
            inner = _given_name(node.type_cast.arg)
            return inner if inner != "?column?" else str(node.type_cast.type_name.names[-1].string.sval)
        case "column_ref" if node.column_ref.fields[-1].WhichOneof("node") == "string":
            return str(node.column_ref.fields[-1].string.sval)
        case "coalesce_expr":
            return "coalesce"
        case "case_expr":
            return "case"
        case _:
            return "?column?"


def sequences_named(node: Any, source: Source) -> tuple[Name, ...]:
    """The sequences that calls of `nextval` and `setval` under a node name, also by `pg_get_serial_sequence`."""
    found: dict[Name, None] = {}
    for item in descendants(node):
        if item.WhichOneof("node") != "func_call":
            continue
        call = item.func_call
        if call.funcname[-1].string.sval not in {"nextval", "setval"} or not call.args:
            continue
        first = call.args[0]
        while first.WhichOneof("node") == "type_cast":
            first = first.type_cast.arg
        text = string_of(first)
        if text is not None:
            found[_sequence(text, source)] = None
        elif first.WhichOneof("node") == "func_call":
            inner = first.func_call
            words = [string_of(argument) for argument in inner.args]
            if inner.funcname[-1].string.sval == "pg_get_serial_sequence" and len(words) == 2 and all(words):
                table = _sequence(str(words[0]), source)
                found[sequence_of(table, str(words[1]))] = None
    return tuple(found)


def _sequence(text: str, source: Source) -> Name:
    """The name that a literal of type `regclass` spells."""
    words = re.findall(r'"((?:[^"]|"")*)"|([^".\s]+)', text)
    parts = [quoted.replace('""', '"') if quoted else plain.lower() for quoted, plain in words]
    return source.named(parts[-1] if parts else "", parts[-2] if len(parts) > 1 else "")


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
