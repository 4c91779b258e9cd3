"""DROP, RENAME and moves between namespaces."""

from dataclasses import replace
from typing import Any, Literal

from postgast import pg_query_pb2 as pb

from migration_ls.operations.alter_domain import AlterDomain
from migration_ls.operations.alter_function import AlterFunction
from migration_ls.operations.alter_type import AlterType
from migration_ls.operations.create_extension import DropExtension
from migration_ls.operations.drop_function import DropFunction
from migration_ls.operations.drop_index import DropIndex
from migration_ls.operations.drop_namespace import DropNamespace
from migration_ls.operations.drop_sequence import DropSequence
from migration_ls.operations.drop_table import DropTable
from migration_ls.operations.drop_trigger import DropTrigger
from migration_ls.operations.drop_type import DropType
from migration_ls.operations.drop_view import DropView
from migration_ls.operations.inert import Inert
from migration_ls.operations.opaque import Opaque
from migration_ls.operations.rename_column import RenameColumn
from migration_ls.operations.rename_constraint import RenameConstraint
from migration_ls.operations.rename_index import RenameIndex
from migration_ls.operations.rename_namespace import RenameNamespace
from migration_ls.operations.rename_part import RenamePart
from migration_ls.operations.rename_table import RenameTable
from migration_ls.operations.rename_type import RenameType
from migration_ls.operations.set_table_option import SetTableOption
from migration_ls.operations.statement import Clause
from migration_ls.operations.union import Operation
from migration_ls.postgres.locks import LockMode
from migration_ls.schema.expression import Volatility
from migration_ls.schema.names import Name
from migration_ls.schema.tables import Dependent
from migration_ls.sources.sql.source import Source
from migration_ls.sources.sql.types import type_of

_RELATIONS = frozenset(
    {pb.OBJECT_TABLE, pb.OBJECT_FOREIGN_TABLE, pb.OBJECT_VIEW, pb.OBJECT_MATVIEW, pb.OBJECT_SEQUENCE}
)
_WITH_DEPENDENTS = frozenset(
    {
        pb.OBJECT_ACCESS_METHOD,
        pb.OBJECT_AGGREGATE,
        pb.OBJECT_COLLATION,
        pb.OBJECT_FDW,
        pb.OBJECT_FOREIGN_SERVER,
        pb.OBJECT_LANGUAGE,
        pb.OBJECT_OPCLASS,
        pb.OBJECT_OPERATOR,
        pb.OBJECT_OPFAMILY,
        pb.OBJECT_TSCONFIGURATION,
        pb.OBJECT_TSDICTIONARY,
        pb.OBJECT_TSPARSER,
        pb.OBJECT_TSTEMPLATE,
    }
)
_FUNCTIONS = frozenset({pb.OBJECT_FUNCTION, pb.OBJECT_PROCEDURE, pb.OBJECT_ROUTINE})
_PART_KINDS: dict[int, Literal["trigger", "policy", "rule"]] = {
    pb.OBJECT_TRIGGER: "trigger",
    pb.OBJECT_POLICY: "policy",
    pb.OBJECT_RULE: "rule",
}
_PARTS = frozenset({pb.OBJECT_COLUMN, pb.OBJECT_TABCONSTRAINT})


def bind_drop(node: Any, source: Source) -> tuple[Clause, ...]:
    """One clause per object."""
    spans = source.last_list(len(node.objects))
    return tuple(source.clause(_drop(node, item, source), span) for item, span in zip(node.objects, spans, strict=True))


def _drop(node: Any, item: Any, source: Source) -> Operation:
    cascade = node.behavior == pb.DROP_CASCADE
    form = item.WhichOneof("node")
    parts: Any = item.type_name.names if form == "type_name" else item.list.items if form == "list" else ()
    match node.remove_type:
        case pb.OBJECT_TABLE | pb.OBJECT_FOREIGN_TABLE:
            return DropTable(
                name=source.name_of(parts),
                if_exists=node.missing_ok,
                cascade=cascade,
                foreign=node.remove_type == pb.OBJECT_FOREIGN_TABLE,
                together=_together(node, source),
            )
        case pb.OBJECT_VIEW | pb.OBJECT_MATVIEW as kind:
            return DropView(
                name=source.name_of(parts),
                materialized=kind == pb.OBJECT_MATVIEW,
                if_exists=node.missing_ok,
                cascade=cascade,
                together=_together(node, source),
            )
        case pb.OBJECT_INDEX:
            return DropIndex(
                name=source.name_of(parts),
                concurrently=node.concurrent,
                if_exists=node.missing_ok,
                cascade=cascade,
                alone=len(node.objects) == 1,
            )
        case pb.OBJECT_SEQUENCE:
            return DropSequence(name=source.name_of(parts), if_exists=node.missing_ok, cascade=cascade)
        case pb.OBJECT_TYPE | pb.OBJECT_DOMAIN:
            return DropType(name=source.type_name_of(parts), if_exists=node.missing_ok, cascade=cascade)
        case pb.OBJECT_SCHEMA:
            return DropNamespace(namespace=item.string.sval, cascade=cascade, if_exists=node.missing_ok)
        case pb.OBJECT_TRIGGER:
            table = source.name_of(list(parts)[:-1])
            return DropTrigger(table=table, name=parts[-1].string.sval, if_exists=node.missing_ok)
        case pb.OBJECT_POLICY | pb.OBJECT_RULE as kind:
            return SetTableOption(
                table=source.name_of(list(parts)[:-1]),
                what=_head(source),
                mode=LockMode.ACCESS_EXCLUSIVE,
                needs=Dependent(kind=_PART_KINDS[kind], name=parts[-1].string.sval),
                removes=True,
                if_exists=node.missing_ok,
            )
        case kind if kind in _FUNCTIONS and not cascade and form == "object_with_args":
            return DropFunction(signature=signature_of(item.object_with_args, source), if_exists=node.missing_ok)
        case pb.OBJECT_EXTENSION if not cascade and form == "string":
            return DropExtension(name=item.string.sval, if_exists=node.missing_ok)
        case pb.OBJECT_STATISTIC_EXT:
            return Opaque(why="the table of the statistics is not known", relations=())
        case kind if kind in _WITH_DEPENDENTS and not cascade:
            return Opaque(why="what depends on it is not modelled", relations=())
        case _ if cascade:
            return Opaque(why="CASCADE drops whatever depends on it", relations=None)
        case _:
            return Inert(what=_head(source))


def signature_of(function: Any, source: Source) -> str:
    """The function as CREATE FUNCTION knows it; without brackets where the statement names no arguments."""
    name = source.type_name_of(function.objname)
    if function.args_unspecified:
        return name.sql
    types = ", ".join(str(type_of(item.type_name)) for item in function.objargs)
    return f"{name.sql}({types})"


def _together(node: Any, source: Source) -> tuple[Name, ...]:
    """All that the statement drops, where it is more than one."""
    if len(node.objects) < 2:
        return ()
    return tuple(source.name_of(item.list.items) for item in node.objects)


def bind_rename(node: Any, source: Source) -> tuple[Clause, ...]:
    """ALTER ... RENAME."""
    clause = source.clause(_rename(node, source))
    guarded = node.missing_ok and node.rename_type in _RELATIONS | _PARTS
    return (replace(clause, if_exists=source.name(node.relation)) if guarded else clause,)


def _rename(node: Any, source: Source) -> Operation:
    match node.rename_type:
        case kind if kind in _RELATIONS:
            return RenameTable(name=source.name(node.relation), to=node.newname)
        case pb.OBJECT_INDEX:
            return RenameIndex(name=source.name(node.relation), to=node.newname, if_exists=node.missing_ok)
        case pb.OBJECT_COLUMN:
            return RenameColumn(table=source.name(node.relation), column=node.subname, to=node.newname)
        case pb.OBJECT_TABCONSTRAINT:
            return RenameConstraint(table=source.name(node.relation), constraint=node.subname, to=node.newname)
        case kind if (part := _PART_KINDS.get(kind)) is not None:
            return RenamePart(table=source.name(node.relation), kind=part, name=node.subname, to=node.newname)
        case pb.OBJECT_SCHEMA:
            return RenameNamespace(namespace=node.subname, to=node.newname)
        case kind if kind in _FUNCTIONS:
            return AlterFunction(signature=signature_of(node.object.object_with_args, source), to=node.newname)
        case pb.OBJECT_TYPE | pb.OBJECT_DOMAIN:
            return RenameType(name=source.type_name_of(node.object.list.items), to=node.newname)
        case pb.OBJECT_DOMCONSTRAINT:
            return AlterDomain(
                domain=source.type_name_of(node.object.list.items),
                action="rename constraint",
                constraint=node.subname,
                to=node.newname,
            )
        case pb.OBJECT_ATTRIBUTE:
            return AlterType(
                name=source.type_name_from(node.relation), what=_head(source), attribute=node.subname, removes=True
            )
        case _:
            return Inert(what=_head(source))


def bind_move(node: Any, source: Source) -> tuple[Clause, ...]:
    """ALTER ... SET SCHEMA."""
    if node.object_type in _RELATIONS:
        name = source.name(node.relation)
        clause = source.clause(RenameTable(name=name, to=name.name, to_namespace=node.newschema))
        return (replace(clause, if_exists=name) if node.missing_ok else clause,)
    if node.object_type in {pb.OBJECT_TYPE, pb.OBJECT_DOMAIN}:
        name = source.type_name_of(node.object.list.items)
        return (source.clause(RenameType(name=name, to=name.name, to_namespace=node.newschema)),)
    if node.object_type in _FUNCTIONS:
        signature = signature_of(node.object.object_with_args, source)
        return (source.clause(AlterFunction(signature=signature, to_namespace=node.newschema)),)
    return (source.clause(Inert(what=_head(source))),)


def bind_function_change(node: Any, source: Source) -> tuple[Clause, ...]:
    """ALTER FUNCTION, PROCEDURE and ROUTINE."""
    said = [item.def_elem.arg.string.sval for item in node.actions if item.def_elem.defname == "volatility"]
    signature = signature_of(node.func, source)
    return (source.clause(AlterFunction(signature=signature, volatility=Volatility(said[0]) if said else None)),)


def _head(source: Source) -> str:
    return " ".join(source.sql.split())[:80]
