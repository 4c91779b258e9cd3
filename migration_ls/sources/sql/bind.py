"""A parsed statement to clauses: one binder per kind of node, and nothing falls through in silence."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from migration_ls.operations.change_rows import ChangeRows
from migration_ls.operations.create_function import CreateFunction
from migration_ls.operations.create_namespace import CreateNamespace
from migration_ls.operations.inert import Inert
from migration_ls.operations.opaque import Opaque
from migration_ls.operations.statement import Clause
from migration_ls.operations.union import Operation
from migration_ls.sources.sql import bind_create, bind_dml, bind_drop, bind_settings
from migration_ls.sources.sql.bind_alter_table import bind_alter_table
from migration_ls.sources.sql.bind_create_table import bind_create_foreign_table, bind_create_table
from migration_ls.sources.sql.bind_do import bind_call, bind_do
from migration_ls.sources.sql.bind_settings import is_on
from migration_ls.sources.sql.grammar import SyntaxProblem, parse
from migration_ls.sources.sql.kind import kind_of
from migration_ls.sources.sql.source import Source

_Binder = Callable[[Any, Source], tuple[Clause, ...]]

_BINDERS: dict[str, _Binder] = {
    "alter_table_stmt": bind_alter_table,
    "alter_table_move_all_stmt": bind_settings.bind_move_all,
    "create_stmt": bind_create_table,
    "create_foreign_table_stmt": bind_create_foreign_table,
    "create_table_as_stmt": bind_create.bind_table_as,
    "index_stmt": bind_create.bind_index,
    "view_stmt": bind_create.bind_view,
    "create_enum_stmt": bind_create.bind_enum,
    "create_extension_stmt": bind_create.bind_extension,
    "create_domain_stmt": bind_create.bind_domain,
    "composite_type_stmt": bind_create.bind_composite,
    "create_range_stmt": bind_create.bind_range,
    "define_stmt": bind_create.bind_define,
    "create_seq_stmt": bind_create.bind_sequence,
    "alter_function_stmt": bind_drop.bind_function_change,
    "alter_seq_stmt": bind_create.bind_sequence,
    "create_trig_stmt": bind_create.bind_trigger,
    "create_policy_stmt": bind_create.bind_policy,
    "alter_policy_stmt": bind_create.bind_policy,
    "rule_stmt": bind_create.bind_rule,
    "create_stats_stmt": bind_create.bind_statistics,
    "drop_stmt": bind_drop.bind_drop,
    "rename_stmt": bind_drop.bind_rename,
    "alter_object_schema_stmt": bind_drop.bind_move,
    "insert_stmt": bind_dml.bind_insert,
    "update_stmt": bind_dml.bind_update,
    "delete_stmt": bind_dml.bind_delete,
    "merge_stmt": bind_dml.bind_merge,
    "copy_stmt": bind_dml.bind_copy,
    "select_stmt": bind_dml.bind_select,
    "truncate_stmt": bind_dml.bind_truncate,
    "lock_stmt": bind_dml.bind_lock,
    "transaction_stmt": bind_settings.bind_transaction,
    "variable_set_stmt": bind_settings.bind_setting,
    "grant_stmt": bind_settings.bind_grant,
    "comment_stmt": bind_settings.bind_comment,
    "create_publication_stmt": bind_settings.bind_publication,
    "alter_publication_stmt": bind_settings.bind_publication,
    "alter_enum_stmt": bind_settings.bind_alter_enum,
    "alter_domain_stmt": bind_settings.bind_alter_domain,
    "reindex_stmt": bind_settings.bind_reindex,
    "refresh_mat_view_stmt": bind_settings.bind_refresh,
    "vacuum_stmt": bind_settings.bind_vacuum,
    "cluster_stmt": bind_settings.bind_cluster,
}

_INERT = frozenset(
    """
    alter_extension_stmt grant_role_stmt alter_default_privileges_stmt
    alter_owner_stmt create_role_stmt alter_role_stmt alter_role_set_stmt drop_role_stmt
    create_cast_stmt create_conversion_stmt create_op_class_stmt
    create_op_family_stmt create_am_stmt create_transform_stmt create_plang_stmt create_fdw_stmt
    create_foreign_server_stmt create_user_mapping_stmt alter_fdw_stmt alter_foreign_server_stmt
    alter_user_mapping_stmt drop_user_mapping_stmt create_event_trig_stmt alter_event_trig_stmt
    alter_operator_stmt alter_op_family_stmt alter_type_stmt alter_collation_stmt
    alter_stats_stmt alter_tsconfiguration_stmt alter_tsdictionary_stmt alter_object_depends_stmt
    alter_database_stmt alter_database_set_stmt alter_database_refresh_coll_stmt createdb_stmt
    dropdb_stmt create_table_space_stmt drop_table_space_stmt
    alter_table_space_options_stmt alter_system_stmt check_point_stmt discard_stmt
    listen_stmt unlisten_stmt notify_stmt load_stmt variable_show_stmt prepare_stmt deallocate_stmt
    constraints_set_stmt sec_label_stmt declare_cursor_stmt close_portal_stmt fetch_stmt
    """.split()
)
"""Nodes that touch no relation and nothing that is modelled."""


_ALONE = frozenset("alter_system_stmt createdb_stmt dropdb_stmt create_table_space_stmt drop_table_space_stmt".split())
"""Those of them that cannot stand in a transaction block."""


_APART = frozenset(
    """
    create_subscription_stmt alter_subscription_stmt
    drop_subscription_stmt reassign_owned_stmt
    """.split()
)
"""Nodes whose locks are not known, but which change nothing that is modelled."""


def bind(node: Any, source: Source) -> tuple[Clause, ...]:
    """The clauses of the statement under a `Node`; what is not known becomes opaque."""
    kind = node.WhichOneof("node") or ""
    message: Any = getattr(node, kind) if kind else None
    if kind == "select_stmt" and source.scope.bodies and (called := _called(message, source)) is not None:
        return called
    if kind == "create_function_stmt":
        return tuple(_with_body(clause, message, source) for clause in bind_create.bind_function(message, source))
    if (binder := _BINDERS.get(kind)) is not None:
        return binder(message, source)
    if kind == "do_stmt":
        return bind_do(message, source, bind)
    if kind == "call_stmt":
        name = message.funccall.funcname[-1].string.sval
        called = bind_call(name, source, bind)
        if called is None:
            return (source.clause(Opaque(why=f"it calls the procedure `{name}`", relations=None)),)
        return called or (source.clause(Inert(what="CALL")),)
    if kind == "create_schema_stmt":
        within = Source(source.sql, replace(source.scope, namespace=message.schemaname))
        inner = [clause for item in message.schema_elts for clause in bind(item, within)]
        own: Operation = Inert(what=kind_of(source.sql))
        if message.schemaname:
            own = CreateNamespace(namespace=message.schemaname, if_not_exists=message.if_not_exists)
        return (source.clause(own), *inner)
    if kind == "explain_stmt":
        runs = any(item.def_elem.defname == "analyze" and is_on(item.def_elem) for item in message.options)
        return bind(message.query, source) if runs else _planned(message.query, source)
    if kind in {"prepare_stmt", "declare_cursor_stmt"}:
        return _planned(message.query, source)
    if kind in _INERT:
        return (source.clause(Inert(what=kind_of(source.sql), transaction_forbidden=kind in _ALONE)),)
    why = f"`{kind_of(source.sql)}` is not known"
    return (source.clause(Opaque(why=why, relations=() if kind in _APART else None)),)


def _with_body(clause: Clause, message: Any, source: Source) -> Clause:
    """CREATE FUNCTION with the relations that its body names, where that is SQL."""
    made = clause.operation
    if not isinstance(made, CreateFunction):
        return clause
    queries: list[Any] = []
    if message.HasField("sql_body"):
        lists = [item.list.items for item in message.sql_body.list.items]
        queries = [query for items in lists for query in items]
    elif (
        made.function.language == "sql"
        and made.body is not None
        and not isinstance(tree := parse(made.body), SyntaxProblem)
    ):
        queries = [statement.stmt for statement in tree.stmts]
    changes = [
        item.operation
        for query in queries
        if query.WhichOneof("node") in _QUERIES
        for item in _planned(query, source)
        if isinstance(item.operation, ChangeRows)
    ]
    reads = tuple(dict.fromkeys(name for change in changes for name in change.reads))
    writes = tuple(dict.fromkeys(change.table for change in changes if change.table and change.kind == "planned"))
    return replace(clause, operation=replace(made, reads=reads, writes=writes)) if changes else clause


_QUERIES = frozenset({"select_stmt", "insert_stmt", "update_stmt", "delete_stmt", "merge_stmt"})


def _called(select: Any, source: Source) -> tuple[Clause, ...] | None:
    """The clauses of `SELECT f()` where the file itself defines the function; None for any other query."""
    if len(select.target_list) != 1 or select.from_clause:
        return None
    value = select.target_list[0].res_target.val
    if value.WhichOneof("node") != "func_call":
        return None
    called = bind_call(value.func_call.funcname[-1].string.sval, source, bind)
    return (called or (source.clause(Inert(what="SELECT")),)) if called is not None else None


def _plan(change: ChangeRows) -> ChangeRows:
    return ChangeRows(kind="planned", table=change.table, reads=change.reads)


def _planned(query: Any, source: Source) -> tuple[Clause, ...]:
    """A query that is planned and not run, or run bit by bit."""
    match query.WhichOneof("node"):
        case "select_stmt":
            return bind_dml.bind_select(query.select_stmt, source)
        case "create_table_as_stmt":
            return _planned(query.create_table_as_stmt.query, source)
        case "insert_stmt" | "update_stmt" | "delete_stmt" | "merge_stmt":
            return tuple(
                replace(clause, operation=_plan(clause.operation))
                if isinstance(clause.operation, ChangeRows)
                else clause
                for clause in bind(query, source)
            )
        case _:
            pass
    return (source.clause(Inert(what=kind_of(source.sql))),)
