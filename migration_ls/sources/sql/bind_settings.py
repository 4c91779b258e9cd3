"""Transactions, settings, comments, maintenance, and changes of types."""

from typing import Any, Literal

from postgast import pg_query_pb2 as pb

from migration_ls.operations.add_enum_value import AddEnumValue
from migration_ls.operations.alter_domain import AlterDomain
from migration_ls.operations.change_rights import ChangeRights
from migration_ls.operations.comment_on import CommentOn
from migration_ls.operations.inert import Inert
from migration_ls.operations.maintain import Maintain
from migration_ls.operations.opaque import Opaque
from migration_ls.operations.publish_tables import PublishTables
from migration_ls.operations.refresh_view import RefreshView
from migration_ls.operations.reindex import Reindex
from migration_ls.operations.rename_enum_value import RenameEnumValue
from migration_ls.operations.rewrite_table import RewriteTable
from migration_ls.operations.set_setting import SetSetting
from migration_ls.operations.set_table_option import SetTableOption
from migration_ls.operations.statement import Clause
from migration_ls.operations.transaction_control import TransactionControl
from migration_ls.postgres.locks import LockMode
from migration_ls.sources.sql.expressions import literal_of
from migration_ls.sources.sql.source import Source

_Control = Literal["begin", "commit", "rollback", "savepoint", "release", "rollback to"]
_TRANSACTIONS: dict[int, _Control] = {
    pb.TRANS_STMT_BEGIN: "begin",
    pb.TRANS_STMT_START: "begin",
    pb.TRANS_STMT_COMMIT: "commit",
    pb.TRANS_STMT_PREPARE: "commit",
    pb.TRANS_STMT_ROLLBACK: "rollback",
    pb.TRANS_STMT_SAVEPOINT: "savepoint",
    pb.TRANS_STMT_RELEASE: "release",
    pb.TRANS_STMT_ROLLBACK_TO: "rollback to",
}


_FOLLOWED = ("lock_timeout", "statement_timeout", "search_path", "timezone")
"""Settings that change what later statements do."""


def bind_transaction(node: Any, source: Source) -> tuple[Clause, ...]:
    """BEGIN, COMMIT and the like; `AND CHAIN` begins anew."""
    kind = _TRANSACTIONS.get(node.kind)
    if kind is None:
        return (source.clause(Inert(what=source.sql)),)
    found = (source.clause(TransactionControl(kind=kind, savepoint=node.savepoint_name or None)),)
    return (*found, source.clause(TransactionControl(kind="begin"))) if node.chain else found


def bind_setting(node: Any, source: Source) -> tuple[Clause, ...]:
    """SET and RESET."""
    if node.kind == pb.VAR_RESET_ALL:
        return tuple(source.clause(SetSetting(name=name, values=None)) for name in _FOLLOWED)
    if node.kind in {pb.VAR_SET_MULTI, pb.VAR_SET_CURRENT}:
        return (source.clause(Inert(what=source.sql)),)
    values = tuple(literal_of(item) or "" for item in node.args) if node.kind == pb.VAR_SET_VALUE else None
    return (source.clause(SetSetting(name=node.name, values=values, local=node.is_local)),)


def bind_comment(node: Any, source: Source) -> tuple[Clause, ...]:
    """COMMENT ON."""
    parts = list(node.object.list.items)
    comment = node.comment or None
    relations = {pb.OBJECT_TABLE, pb.OBJECT_VIEW, pb.OBJECT_MATVIEW, pb.OBJECT_FOREIGN_TABLE, pb.OBJECT_SEQUENCE}
    what = "" if node.objtype == pb.OBJECT_TABLE else _commented(source)
    if node.objtype in relations:
        return (source.clause(CommentOn(table=source.name_of(parts), comment=comment, what=what)),)
    if node.objtype == pb.OBJECT_COLUMN and len(parts) > 1:
        operation = CommentOn(table=source.name_of(parts[:-1]), column=parts[-1].string.sval, comment=comment)
        return (source.clause(operation),)
    if node.objtype in _PARTS and len(parts) > 1:
        return (source.clause(CommentOn(table=source.name_of(parts[:-1]), comment=comment, part=True, what=what)),)
    return (source.clause(CommentOn(table=None, comment=comment, what=what)),)


def _commented(source: Source) -> str:
    """The object as it is called between ON and IS, its kind in capitals."""
    words = [token.text for token in source.tokens]
    if "on" not in words or "is" not in words:
        return ""
    first, last = words.index("on") + 1, len(words) - 1 - words[::-1].index("is")
    if first >= last:
        return ""
    text = " ".join(source.sql[source.tokens[first].start : source.tokens[last].start].split())
    kind, _, rest = text.partition(" ")
    if kind.upper() == "MATERIALIZED":
        kind, _, rest = "MATERIALIZED VIEW", "", rest.partition(" ")[2]
    return f"{kind.upper()} {rest}"


_PARTS = frozenset({pb.OBJECT_TABCONSTRAINT, pb.OBJECT_TRIGGER, pb.OBJECT_POLICY, pb.OBJECT_RULE})


def bind_grant(node: Any, source: Source) -> tuple[Clause, ...]:
    """GRANT and REVOKE; on what is no table, they change nothing that is modelled."""
    tables = [item.range_var for item in node.objects if item.WhichOneof("node") == "range_var"]
    what = "GRANT" if node.is_grant else "REVOKE"
    return tuple(source.clause(ChangeRights(table=source.name(item), what=what)) for item in tables) or (
        source.clause(Inert(what=what)),
    )


def bind_publication(node: Any, source: Source) -> tuple[Clause, ...]:
    """CREATE and ALTER PUBLICATION: the tables that are named are locked, nobody waits."""
    tables = [
        source.name(item.publication_obj_spec.pubtable.relation)
        for item in node.pubobjects
        if item.publication_obj_spec.HasField("pubtable")
    ]
    alters = node.DESCRIPTOR.name == "AlterPublicationStmt"
    if not tables and not node.for_all_tables:
        return (source.clause(Inert(what="PUBLICATION")),)
    if alters and node.action == pb.AP_DropObjects:
        drops = (
            SetTableOption(table=item, what="PUBLICATION", mode=LockMode.SHARE_UPDATE_EXCLUSIVE) for item in tables
        )
        return tuple(source.clause(operation) for operation in drops)
    sent = [literal_of(item.def_elem.arg) or "" for item in node.options if item.def_elem.defname == "publish"]
    operation = PublishTables(
        tables=None if node.for_all_tables else tuple(tables),
        sends_changes=not sent or "update" in sent[0].lower() or "delete" in sent[0].lower(),
    )
    # those that it holds now are locked too
    rest = (source.clause(Opaque(why="what a publication holds is not modelled", relations=())),)
    return (source.clause(operation), *(rest if alters and node.action == pb.AP_SetObjects else ()))


def bind_alter_enum(node: Any, source: Source) -> tuple[Clause, ...]:
    """ALTER TYPE ... ADD VALUE and RENAME VALUE."""
    name = source.type_name_of(node.type_name)
    if node.old_val:
        return (source.clause(RenameEnumValue(enum=name, value=node.old_val, to=node.new_val)),)
    operation = AddEnumValue(
        enum=name,
        value=node.new_val,
        neighbour=node.new_val_neighbor or None,
        side="after" if node.new_val_is_after or not node.new_val_neighbor else "before",
        if_not_exists=node.skip_if_new_val_exists,
    )
    return (source.clause(operation),)


def bind_alter_domain(node: Any, source: Source) -> tuple[Clause, ...]:
    """ALTER DOMAIN; the letters are the parser's (`AlterDomainStmt`)."""
    domain = source.type_name_of(node.type_name)
    definition = getattr(node, "def")
    match node.subtype:
        case "N":
            operation = AlterDomain(domain=domain, action="drop not null")
        case "O":
            operation = AlterDomain(domain=domain, action="set not null")
        case "T":
            default = source.expression(definition) if node.HasField("def") else None
            operation = AlterDomain(domain=domain, action="set default", expression=default)
        case "V":
            operation = AlterDomain(domain=domain, action="validate", constraint=node.name)
        case "X":
            operation = AlterDomain(
                domain=domain, action="drop constraint", constraint=node.name, if_exists=node.missing_ok
            )
        case "C" if definition.constraint.contype == pb.CONSTR_NOTNULL:
            operation = AlterDomain(domain=domain, action="set not null")
        case "C":
            part = definition.constraint
            inside = source.text_of(source.brackets_after(source.at(part.location)))
            operation = AlterDomain(
                domain=domain,
                action="add check",
                constraint=part.conname or None,
                expression=source.expression(part.raw_expr, inside),
                validated=not part.skip_validation,
            )
        case _:
            return (source.clause(Opaque(why="it changes a domain in an unknown way", relations=())),)
    return (source.clause(operation),)


def bind_reindex(node: Any, source: Source) -> tuple[Clause, ...]:
    """REINDEX."""
    concurrently = any(item.def_elem.defname == "concurrently" and is_on(item.def_elem) for item in node.params)
    match node.kind:
        case pb.REINDEX_OBJECT_INDEX:
            return (source.clause(Reindex(index=source.name(node.relation), concurrently=concurrently)),)
        case pb.REINDEX_OBJECT_TABLE:
            return (source.clause(Reindex(table=source.name(node.relation), concurrently=concurrently)),)
        case _:
            namespace = node.name if node.kind == pb.REINDEX_OBJECT_SCHEMA else None
            return (source.clause(Reindex(concurrently=concurrently, many=True, namespace=namespace)),)


def bind_refresh(node: Any, source: Source) -> tuple[Clause, ...]:
    """REFRESH MATERIALIZED VIEW."""
    operation = RefreshView(name=source.name(node.relation), concurrently=node.concurrent, with_data=not node.skip_data)
    return (source.clause(operation),)


def bind_vacuum(node: Any, source: Source) -> tuple[Clause, ...]:
    """VACUUM and ANALYZE."""
    names = tuple(source.name(item.vacuum_relation.relation) for item in node.rels)
    if any(item.def_elem.defname == "full" and is_on(item.def_elem) for item in node.options):
        return (source.clause(RewriteTable(what="VACUUM FULL", tables=names, transaction_forbidden=True)),)
    return (source.clause(Maintain(tables=names, vacuums=node.is_vacuumcmd)),)


def bind_cluster(node: Any, source: Source) -> tuple[Clause, ...]:
    """CLUSTER."""
    tables = (source.name(node.relation),) if node.HasField("relation") else ()
    if not tables:
        why = "which tables were sorted before is not known"
        return (source.clause(Opaque(why=why, relations=())),)
    operation = RewriteTable(what="CLUSTER", tables=tables, index=node.indexname or None)
    return (source.clause(operation),)


def bind_move_all(node: Any, source: Source) -> tuple[Clause, ...]:
    """ALTER TABLE ALL IN TABLESPACE."""
    if node.orig_tablespacename == node.new_tablespacename:
        return (source.clause(Inert(what="ALTER TABLE ALL")),)
    return (source.clause(RewriteTable(what="SET TABLESPACE", tables=())),)


def is_on(option: Any) -> bool:
    """Whether an option such as `CONCURRENTLY` or `ANALYZE false` is switched on."""
    if not option.HasField("arg"):
        return True
    match option.arg.WhichOneof("node"):
        case "boolean":
            return bool(option.arg.boolean.boolval)
        case "integer":
            return bool(option.arg.integer.ival)
        case "string":
            return option.arg.string.sval.lower() not in {"false", "off", "0"}
        case _:
            return True
