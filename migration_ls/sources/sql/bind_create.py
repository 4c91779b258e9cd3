"""CREATE of tables, indexes, views, types, sequences, triggers and the rest."""

import re
from dataclasses import replace
from typing import Any, Literal

from postgast import pg_query_pb2 as pb

from migration_ls.operations.alter_type import CreateType
from migration_ls.operations.change_rows import ChangeRows
from migration_ls.operations.create_domain import CreateDomain
from migration_ls.operations.create_enum import CreateEnum
from migration_ls.operations.create_extension import CreateExtension
from migration_ls.operations.create_function import CreateFunction
from migration_ls.operations.create_index import CreateIndex
from migration_ls.operations.create_sequence import CreateSequence, plain
from migration_ls.operations.create_table import CreateTable
from migration_ls.operations.create_trigger import CreateTrigger
from migration_ls.operations.create_view import CreateView
from migration_ls.operations.inert import Inert
from migration_ls.operations.set_table_option import SetTableOption
from migration_ls.operations.statement import Clause
from migration_ls.postgres.locks import LockMode
from migration_ls.postgres.quoting import identifier
from migration_ls.schema.expression import Expression, Volatility
from migration_ls.schema.names import Name
from migration_ls.schema.schema import Domain, Enum, Function, Sequence, Trigger
from migration_ls.schema.tables import Dependent, Index, Table
from migration_ls.sources.sql.columns import index_part, key_columns
from migration_ls.sources.sql.reads import relations_read, view_of
from migration_ls.sources.sql.source import Source
from migration_ls.sources.sql.tokens import Token
from migration_ls.sources.sql.types import type_of


def bind_index(node: Any, source: Source) -> tuple[Clause, ...]:
    """CREATE INDEX."""
    where = None
    if node.HasField("where_clause"):
        at = source.after(source.at(node.relation.location), "where")
        where = source.expression(
            node.where_clause, source.text_of(source.tokens[at + 1 :]) if at is not None else None
        )
    index = Index(
        name=node.idxname or None,
        parts=tuple(index_part(item, source) for item in node.index_params),
        unique=node.unique,
        using=node.access_method or "btree",
        where=where,
        include=tuple(item.index_elem.name for item in node.index_including_params),
        nulls_not_distinct=node.nulls_not_distinct,
    )
    operation = CreateIndex(
        table=source.name(node.relation),
        index=index,
        concurrently=node.concurrent,
        if_not_exists=node.if_not_exists,
        only=not node.relation.inh,
    )
    return (source.clause(operation),)


def bind_view(node: Any, source: Source) -> tuple[Clause, ...]:
    """CREATE VIEW."""
    view = view_of(source.created(node.view), node.query, _query_text(source), source, key_columns(node.aliases))
    view = replace(view, head=_head_text(source, node.view.relname))
    return (source.clause(CreateView(view=view, replaces=node.replace)),)


def bind_table_as(node: Any, source: Source) -> tuple[Clause, ...]:
    """CREATE TABLE ... AS, whose columns only a server knows for certain, and CREATE MATERIALIZED VIEW."""
    reads = relations_read(node.query, source)
    if node.objtype == pb.OBJECT_MATVIEW:
        aliases = key_columns(node.into.col_names)
        view = view_of(source.name(node.into.rel), node.query, _query_text(source), source, aliases)
        view = replace(view, head=_head_text(source, node.into.rel.relname))
        operation = CreateView(
            view=view, materialized=True, if_not_exists=node.if_not_exists, with_data=not node.into.skip_data
        )
        return (source.clause(operation),)
    made = source.clause(made_by_query(node.into, node.query, source, if_not_exists=node.if_not_exists))
    if node.into.skip_data:
        return (made, *(source.clause(ChangeRows(kind="select", reads=reads, only=True)) for _ in reads[:1]))
    return (*_read(reads, source), made)


def made_by_query(into: Any, query: Any, source: Source, *, if_not_exists: bool = False) -> CreateTable:
    """The table that CREATE TABLE AS or SELECT INTO makes, with the columns that its query gives."""
    name = source.created(into.rel)
    view = view_of(name, query, "", source, key_columns(into.col_names))
    unlogged = into.rel.relpersistence == "u"
    return CreateTable(table=Table(name=name, assumed=True, unlogged=unlogged), if_not_exists=if_not_exists, query=view)


def _read(reads: tuple[Name, ...], source: Source) -> tuple[Clause, ...]:
    return (source.clause(ChangeRows(kind="select", reads=reads)),) if reads else ()


def bind_enum(node: Any, source: Source) -> tuple[Clause, ...]:
    """CREATE TYPE ... AS ENUM."""
    enum = Enum(name=source.type_name_of(node.type_name), values=key_columns(node.vals))
    return (source.clause(CreateEnum(enum=enum)),)


def bind_extension(node: Any, source: Source) -> tuple[Clause, ...]:
    """CREATE EXTENSION."""
    return (source.clause(CreateExtension(name=node.extname, if_not_exists=node.if_not_exists)),)


def bind_composite(node: Any, source: Source) -> tuple[Clause, ...]:
    """CREATE TYPE ... AS (...)."""
    return (source.clause(CreateType(name=source.type_name_from(node.typevar))),)


def bind_range(node: Any, source: Source) -> tuple[Clause, ...]:
    """CREATE TYPE ... AS RANGE."""
    return (source.clause(CreateType(name=source.type_name_of(node.type_name))),)


def bind_define(node: Any, source: Source) -> tuple[Clause, ...]:
    """CREATE TYPE of a base type or a shell; aggregates, operators and the like change nothing that is modelled."""
    if node.kind == pb.OBJECT_TYPE:
        return (source.clause(CreateType(name=source.type_name_of(node.defnames))),)
    return (source.clause(Inert(what=_head(source))),)


def bind_domain(node: Any, source: Source) -> tuple[Clause, ...]:
    """CREATE DOMAIN."""
    nullable, default = True, None
    checks: list[tuple[str | None, Expression]] = []
    for item in node.constraints:
        part = item.constraint
        match part.contype:
            case pb.CONSTR_NOTNULL:
                nullable = False
            case pb.CONSTR_DEFAULT:
                default = source.expression(part.raw_expr)
            case pb.CONSTR_CHECK:
                inside = source.text_of(source.brackets_after(source.at(part.location)))
                checks.append((part.conname or None, source.expression(part.raw_expr, inside)))
            case _:
                pass
    domain = Domain(
        name=source.type_name_of(node.domainname),
        base=str(type_of(node.type_name)),
        nullable=nullable,
        default=default,
        checks=tuple(checks),
    )
    return (source.clause(CreateDomain(domain=domain)),)


def bind_sequence(node: Any, source: Source) -> tuple[Clause, ...]:
    """CREATE SEQUENCE and ALTER SEQUENCE."""
    owner = next((item.def_elem.arg.list.items for item in node.options if item.def_elem.defname == "owned_by"), ())
    words = [item.string.sval for item in owner]
    owned = None
    if len(words) > 1:
        owned = (source.named(words[-2], words[-3] if len(words) > 2 else ""), words[-1])
    alters = node.DESCRIPTOR.name == "AlterSeqStmt"
    name = source.name(node.sequence) if alters else source.created(node.sequence)
    options = dict(filter(None, (_sequence_option(item.def_elem) for item in node.options)))
    sequence = Sequence(name=name, owned_by=owned, options=tuple(sorted(options.items())))
    sequence = sequence if alters else plain(sequence)
    operation = CreateSequence(
        sequence=sequence,
        alters=alters,
        if_not_exists=not alters and node.if_not_exists,
        if_exists=alters and node.missing_ok,
        owns=any(item.def_elem.defname == "owned_by" for item in node.options),
        restarts=any(item.def_elem.defname == "restart" for item in node.options),
    )
    return (source.clause(operation),)


def _sequence_option(option: Any) -> tuple[str, str] | None:
    """The name and value of an option that a sequence keeps; `no` for `NO MAXVALUE`."""
    if option.defname not in {"as", "increment", "start", "minvalue", "maxvalue", "cache", "cycle"}:
        return None
    match option.arg.WhichOneof("node") if option.HasField("arg") else None:
        case "integer":
            return option.defname, str(option.arg.integer.ival)
        case "float":
            return option.defname, option.arg.float.fval
        case "boolean":
            return option.defname, "yes" if option.arg.boolean.boolval else "no"
        case "type_name":
            return option.defname, str(type_of(option.arg.type_name))
        case _:
            return option.defname, "no"


def bind_function(node: Any, source: Source) -> tuple[Clause, ...]:
    """CREATE FUNCTION and CREATE PROCEDURE; the body is not run."""
    outs = {pb.FUNC_PARAM_OUT, pb.FUNC_PARAM_TABLE}
    given = [item.function_parameter for item in node.parameters if item.function_parameter.mode not in outs]
    options = {item.def_elem.defname: item.def_elem.arg for item in node.options}
    parts: list[Any] = list(options["as"].list.items) if "as" in options else []
    body = parts[0].string.sval if len(parts) == 1 else None
    language = options["language"].string.sval.lower() if "language" in options else "sql"
    function = Function(
        name=source.type_name_of(node.funcname),
        arguments=tuple(str(type_of(item.arg_type)) for item in given),
        language=language,
        volatility=Volatility(options["volatility"].string.sval) if "volatility" in options else Volatility.VOLATILE,
        parameters=tuple(item.name for item in given),
        returns=_returned(node, named=len(given) < len(node.parameters)),
        refuses=_refuses(body) if body and language == "plpgsql" else "",
    )
    return (source.clause(CreateFunction(function=function, replaces=node.replace, body=body)),)


def _returned(node: Any, *, named: bool) -> str:
    """The type that a function gives back; empty for procedures, and where parameters name what it gives."""
    if named or not node.HasField("return_type"):
        return ""
    return ("setof " if node.return_type.setof else "") + str(type_of(node.return_type))


def bind_trigger(node: Any, source: Source) -> tuple[Clause, ...]:
    """CREATE TRIGGER."""
    columns = frozenset(key_columns(node.columns))
    if node.HasField("when_clause"):
        columns |= source.expression(node.when_clause).columns
    trigger = Trigger(
        name=node.trigname,
        table=source.name(node.relation),
        definition=source.sql,
        columns=columns,
    )
    return (source.clause(CreateTrigger(trigger=trigger, replaces=node.replace)),)


_RAISES = re.compile(r"\braise\s+(?:exception\b|sqlstate\b|'|using\b)", re.IGNORECASE)
_RAISES_FIRST = re.compile(
    r"(?:\s|--[^\n]*\n)*(?:declare\b.*?)?\bbegin\s+raise\s+(?:exception\b|sqlstate\b|')", re.IGNORECASE | re.DOTALL
)


def _refuses(body: str) -> Literal["", "sometimes", "always"]:
    """Whether a body in PL/pgSQL raises an error."""
    if not _RAISES.search(body):
        return ""
    return "always" if _RAISES_FIRST.match(body) else "sometimes"


def bind_policy(node: Any, source: Source) -> tuple[Clause, ...]:
    """CREATE POLICY and ALTER POLICY: who sees which rows."""
    parts = [getattr(node, part) for part in ("qual", "with_check") if node.HasField(part)]
    columns = frozenset[str]().union(*(source.expression(part).columns for part in parts))
    policy = Dependent(kind="policy", name=node.policy_name, columns=columns)
    alters = node.DESCRIPTOR.name == "AlterPolicyStmt"
    operation = SetTableOption(
        table=source.name(node.table),
        what=_head(source),
        mode=LockMode.ACCESS_EXCLUSIVE,
        restricts=True,
        needs=policy if alters else None,
        # where only one of the two conditions is given, the other one stays
        leaves=policy if len(parts) == 2 or not alters else None,
    )
    asked = tuple(dict.fromkeys(name for part in parts for name in relations_read(part, source)))
    planned = (source.clause(ChangeRows(kind="planned", reads=asked)),) if asked else ()
    return (source.clause(operation), *planned)


def bind_rule(node: Any, source: Source) -> tuple[Clause, ...]:
    """CREATE RULE."""
    operation = SetTableOption(
        table=source.name(node.relation),
        what=f"RULE {identifier(node.rulename)}",
        mode=LockMode.ACCESS_EXCLUSIVE,
        leaves=Dependent(kind="rule", name=node.rulename),
    )
    found = [source.clause(operation)]
    for action in node.actions:
        kind = action.WhichOneof("node")
        if kind in {"insert_stmt", "update_stmt", "delete_stmt"}:
            written = source.name(getattr(action, kind).relation)
            found.append(source.clause(SetTableOption(table=written, what="RULE", mode=LockMode.ROW_EXCLUSIVE)))
    return tuple(found)


def bind_statistics(node: Any, source: Source) -> tuple[Clause, ...]:
    """CREATE STATISTICS."""
    return tuple(
        source.clause(
            SetTableOption(table=source.name(item.range_var), what=_head(source), mode=LockMode.SHARE_UPDATE_EXCLUSIVE)
        )
        for item in node.relations
        if item.WhichOneof("node") == "range_var"
    ) or (source.clause(Inert(what=_head(source))),)


def _head(source: Source) -> str:
    return " ".join(source.sql.split())[:80]


def _head_text(source: Source, name: str) -> str:
    """What stands between a view's name and AS."""
    end = source.after(0, "as")
    items = source.tokens[:end] if end is not None else ()
    at = next((number for number, item in enumerate(items) if _is_name(item.of(source.sql), name)), None)
    return source.text_of(tuple(items[at + 1 :])) or "" if at is not None else ""


def _is_name(word: str, name: str) -> bool:
    return word == name or word.lower() == name or word == f'"{name}"'


def _query_text(source: Source) -> str:
    """The query of a view: what follows AS."""
    at = source.after(0, "as")
    items: tuple[Token, ...] = source.tokens[at + 1 :] if at is not None else ()
    return source.text_of(items) or source.sql
