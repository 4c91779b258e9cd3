"""ALTER TABLE: one clause per action."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from postgast import pg_query_pb2 as pb

from migration_ls.operations.add_column import AddColumn
from migration_ls.operations.add_constraint import AddConstraint
from migration_ls.operations.alter_constraint import AlterConstraint
from migration_ls.operations.alter_type import AlterType
from migration_ls.operations.attach_partition import AttachPartition
from migration_ls.operations.change_index import ChangeIndex
from migration_ls.operations.detach_partition import DetachPartition
from migration_ls.operations.drop_column import DropColumn
from migration_ls.operations.drop_constraint import DropConstraint
from migration_ls.operations.drop_not_null import DropNotNull
from migration_ls.operations.inherit_table import InheritTable
from migration_ls.operations.opaque import Opaque
from migration_ls.operations.rewrite_table import RewriteTable
from migration_ls.operations.set_column_option import ColumnOption, SetColumnOption
from migration_ls.operations.set_default import SetDefault
from migration_ls.operations.set_identity import SetIdentity
from migration_ls.operations.set_not_null import SetNotNull
from migration_ls.operations.set_table_option import SetTableOption
from migration_ls.operations.set_type import SetType
from migration_ls.operations.statement import Clause
from migration_ls.operations.union import Operation
from migration_ls.operations.use_index import UseIndex
from migration_ls.operations.validate_constraint import ValidateConstraint
from migration_ls.postgres.locks import LockMode
from migration_ls.schema.names import Name
from migration_ls.schema.tables import Dependent
from migration_ls.sources.sql.columns import column_definition, constraint_of, key_columns
from migration_ls.sources.sql.source import Source
from migration_ls.sources.sql.types import type_of
from migration_ls.text.span import Span

_LIGHT = frozenset({pb.AT_DropCluster, pb.AT_SetRelOptions, pb.AT_ResetRelOptions})
_COLUMN_OPTIONS: dict[int, ColumnOption] = {
    pb.AT_SetStatistics: "statistics",
    pb.AT_SetStorage: "storage",
    pb.AT_SetCompression: "compression",
    pb.AT_SetOptions: "options",
    pb.AT_ResetOptions: "options",
}
_RULES = frozenset({pb.AT_EnableRule, pb.AT_EnableAlwaysRule, pb.AT_EnableReplicaRule, pb.AT_DisableRule})
_TRIGGERS = frozenset(
    {
        pb.AT_EnableTrig,
        pb.AT_EnableAlwaysTrig,
        pb.AT_EnableReplicaTrig,
        pb.AT_EnableTrigAll,
        pb.AT_EnableTrigUser,
        pb.AT_DisableTrig,
        pb.AT_DisableTrigAll,
        pb.AT_DisableTrigUser,
    }
)
_RESTRICTING = frozenset({pb.AT_EnableRowSecurity, pb.AT_ForceRowSecurity})
_REWRITING = {
    pb.AT_SetLogged: "SET LOGGED",
    pb.AT_SetUnLogged: "SET UNLOGGED",
    pb.AT_SetTableSpace: "SET TABLESPACE",
    pb.AT_SetAccessMethod: "SET ACCESS METHOD",
    pb.AT_SetExpression: "SET EXPRESSION",
}
_WITH_ONLY = AddColumn | AddConstraint | DropColumn | SetColumnOption | SetDefault | SetType
_HEAVY_OPTIONS = frozenset({"user_catalog_table", "security_barrier", "security_invoker", "check_option"})


def bind_alter_table(node: Any, source: Source) -> tuple[Clause, ...]:
    """The actions, each with its own span."""
    table = source.name(node.relation)
    spans = source.after_relation(node.relation)
    if len(spans) != len(node.cmds):
        spans = (source.whole,) * len(node.cmds)
    if node.objtype == pb.OBJECT_INDEX:
        return tuple(
            source.clause(_change_index(item.alter_table_cmd, node, source, span), span)
            for item, span in zip(node.cmds, spans, strict=True)
        )
    if node.objtype == pb.OBJECT_TYPE:
        return tuple(
            source.clause(
                _attribute(item.alter_table_cmd, source.type_name_from(node.relation), span.of(source.sql)), span
            )
            for item, span in zip(node.cmds, spans, strict=True)
        )
    found: list[Clause] = []
    for item, span in zip(node.cmds, spans, strict=True):
        action = item.alter_table_cmd
        operation = _operation(action, table, source, span)
        if not node.relation.inh:
            operation = _alone(operation)
        clause = source.clause(operation, span)
        found.append(replace(clause, if_exists=table) if node.missing_ok else clause)
    return tuple(found)


def _attribute(action: Any, name: Name, what: str) -> AlterType:
    """One action on an attribute of a composite type."""
    added = action.subtype == pb.AT_AddColumn
    return AlterType(
        name=name,
        what=what,
        attribute=_definition(action).column_def.colname if added else action.name,
        retypes=action.subtype == pb.AT_AlterColumnType,
        removes=action.subtype == pb.AT_DropColumn,
        adds=added,
    )


def _change_index(action: Any, node: Any, source: Source, span: Span) -> Operation:
    attached = None
    if action.subtype == pb.AT_AttachPartition:
        attached = source.name(_definition(action).partition_cmd.name)
    return ChangeIndex(
        name=source.name(node.relation), what=span.of(source.sql), attaches=attached, if_exists=node.missing_ok
    )


def _operation(action: Any, table: Name, source: Source, span: Span) -> Operation:
    if (binder := _BINDERS.get(action.subtype)) is not None:
        return binder(action, table, source, span)
    what = span.of(source.sql)
    if action.subtype in _REWRITING:
        return RewriteTable(what=_REWRITING[action.subtype], tables=(table,))
    if action.subtype in _LIGHT:
        return _set_options(action, table, what)
    if action.subtype in _TRIGGERS:
        needs = Dependent(kind="trigger", name=action.name) if action.name else None
        return SetTableOption(table=table, what=what, mode=LockMode.SHARE_ROW_EXCLUSIVE, needs=needs)
    return SetTableOption(
        table=table,
        what=what,
        mode=LockMode.ACCESS_EXCLUSIVE,
        of_type=source.type_name_of(_definition(action).type_name.names) if action.subtype == pb.AT_AddOf else None,
        not_of=action.subtype == pb.AT_DropOf,
        restricts=action.subtype in _RESTRICTING,
        needs=Dependent(kind="rule", name=action.name) if action.subtype in _RULES else None,
    )


def _set_options(action: Any, table: Name, what: str) -> Operation:
    items = [item.def_elem for item in _definition(action).list.items]
    heavy = {item.defname for item in items} & _HEAVY_OPTIONS
    sets = action.subtype == pb.AT_SetRelOptions
    options = tuple((f"{item.defnamespace}.{item.defname}".lstrip("."), _value(item.arg)) for item in items)
    return SetTableOption(
        table=table,
        what=what,
        mode=LockMode.ACCESS_EXCLUSIVE if heavy else LockMode.SHARE_UPDATE_EXCLUSIVE,
        options=options if sets else (),
        refusal_when_partitioned=(
            f"`{table}` is partitioned, and has no rows to sort" if action.subtype == pb.AT_DropCluster else ""
        ),
    )


def _value(node: Any) -> str:
    """The value of an option as written; empty where it is only named."""
    match node.WhichOneof("node"):
        case "integer":
            return str(node.integer.ival)
        case "float":
            return str(node.float.fval)
        case "string":
            return str(node.string.sval)
        case "boolean":
            return "true" if node.boolean.boolval else "false"
        case "type_name":
            return str(node.type_name.names[-1].string.sval)
        case _:
            return ""


def _set_column_option(action: Any, table: Name, source: Source, span: Span) -> Operation:
    definition = _definition(action) if action.HasField("def") else None
    return SetColumnOption(
        table=table,
        column=action.name or None,
        option=_COLUMN_OPTIONS[action.subtype],
        what=span.of(source.sql),
        value=_value(definition) if definition is not None else "",
    )


def _use_index(action: Any, table: Name, source: Source, span: Span) -> Operation:
    return UseIndex(table=table, index=action.name, what=span.of(source.sql))


def _replica_identity(action: Any, table: Name, source: Source, span: Span) -> Operation:
    what = span.of(source.sql)
    if name := _definition(action).replica_identity_stmt.name:
        return UseIndex(table=table, index=name, what=what, identifies=True)
    return SetTableOption(table=table, what=what, mode=LockMode.ACCESS_EXCLUSIVE)


def _inherit(action: Any, table: Name, source: Source, span: Span) -> Operation:  # noqa: ARG001
    parent = source.name(_definition(action).range_var)
    return InheritTable(table=table, parent=parent, adds=action.subtype == pb.AT_AddInherit)


def _change_owner(action: Any, table: Name, source: Source, span: Span) -> Operation:
    stays = action.newowner.roletype in {pb.ROLESPEC_CURRENT_USER, pb.ROLESPEC_CURRENT_ROLE, pb.ROLESPEC_SESSION_USER}
    return SetTableOption(
        table=table, what=span.of(source.sql), mode=LockMode.ACCESS_EXCLUSIVE, with_sequences=not stays
    )


def _definition(action: Any) -> Any:
    """The action's `def`, a key word of Python."""
    return getattr(action, "def")


def _add_column(action: Any, table: Name, source: Source, span: Span) -> Operation:
    made = column_definition(_definition(action).column_def, source, span)
    return AddColumn(table=table, column=made.column, constraints=made.constraints, if_not_exists=action.missing_ok)


def _alone(operation: Operation) -> Operation:
    """The operation on the table alone, as ONLY says."""
    return replace(operation, only=True) if isinstance(operation, _WITH_ONLY) else operation


def _drop_column(action: Any, table: Name, source: Source, span: Span) -> Operation:  # noqa: ARG001
    return DropColumn(
        table=table, column=action.name, if_exists=action.missing_ok, cascade=action.behavior == pb.DROP_CASCADE
    )


def _set_default(action: Any, table: Name, source: Source, span: Span) -> Operation:
    if not action.HasField("def"):
        return SetDefault(table=table, column=action.name, default=None)
    index = source.after(span.start, "default")
    text = source.sql[source.tokens[index].end : span.end].strip() if index is not None else None
    return SetDefault(table=table, column=action.name, default=source.expression(_definition(action), text))


def _set_type(action: Any, table: Name, source: Source, span: Span) -> Operation:
    definition = _definition(action).column_def
    using = None
    if definition.HasField("raw_default"):
        index = source.after(span.start, "using")
        text = source.sql[source.tokens[index].end : span.end].strip() if index is not None else None
        using = source.expression(definition.raw_default, text)
    collation = definition.coll_clause.collname[-1].string.sval if definition.HasField("coll_clause") else None
    return SetType(
        table=table, column=action.name, type=type_of(definition.type_name), using=using, collation=collation
    )


def _add_constraint(action: Any, table: Name, source: Source, span: Span) -> Operation:
    node = _definition(action).constraint
    constraint = constraint_of(node, source)
    if constraint is not None:
        return AddConstraint(table=table, constraint=constraint, using_index=node.indexname or None)
    if node.contype == pb.CONSTR_NOTNULL and node.keys:
        return SetNotNull(table=table, column=key_columns(node.keys)[0])
    return Opaque(why=f"`{span.of(source.sql)}` is not known", relations=(table,))


def _alter_constraint(action: Any, table: Name, source: Source, span: Span) -> Operation:  # noqa: ARG001
    # the parser of 18 has a node of its own for it
    definition = _definition(action)
    node = (
        definition.atalter_constraint
        if definition.WhichOneof("node") == "atalter_constraint"
        else definition.constraint
    )
    return AlterConstraint(table=table, constraint=node.conname, deferrable=node.deferrable, deferred=node.initdeferred)


def _attach(action: Any, table: Name, source: Source, span: Span) -> Operation:
    partition = _definition(action).partition_cmd
    start = source.after(span.start, "for")
    bound = source.sql[source.tokens[start].start : span.end].strip() if start is not None else "DEFAULT"
    return AttachPartition(
        table=table, partition=source.name(partition.name), is_default=partition.bound.is_default, bound=bound
    )


def _detach(action: Any, table: Name, source: Source, span: Span) -> Operation:  # noqa: ARG001
    partition = _definition(action).partition_cmd
    return DetachPartition(
        table=table,
        partition=source.name(partition.name),
        concurrently=partition.concurrent,
        finalizes=action.subtype == pb.AT_DetachPartitionFinalize,
    )


def _add_identity(action: Any, table: Name, source: Source, span: Span) -> Operation:  # noqa: ARG001
    kind = _definition(action).constraint.generated_when
    return SetIdentity(table=table, column=action.name, identity="always" if kind == "a" else "by default", adds=True)


def _set_identity(action: Any, table: Name, source: Source, span: Span) -> Operation:  # noqa: ARG001
    for item in _definition(action).list.items:
        if item.def_elem.defname == "generated":
            always = item.def_elem.arg.integer.ival == ord("a")
            return SetIdentity(
                table=table, column=action.name, identity="always" if always else "by default", adds=False
            )
    return SetIdentity(table=table, column=action.name, identity="by default", adds=False, restarts=True)


_Binder = Callable[[Any, Name, Source, Span], Operation]
_BINDERS: dict[int, _Binder] = {
    pb.AT_AddColumn: _add_column,
    pb.AT_DropColumn: _drop_column,
    pb.AT_ColumnDefault: _set_default,
    pb.AT_DropNotNull: lambda action, table, _source, _span: DropNotNull(table=table, column=action.name),
    pb.AT_SetNotNull: lambda action, table, _source, _span: SetNotNull(table=table, column=action.name),
    pb.AT_AlterColumnType: _set_type,
    pb.AT_AddConstraint: _add_constraint,
    pb.AT_ValidateConstraint: lambda action, table, _source, _span: ValidateConstraint(
        table=table, constraint=action.name
    ),
    pb.AT_DropConstraint: lambda action, table, _source, _span: DropConstraint(
        table=table,
        constraint=action.name,
        if_exists=action.missing_ok,
        cascade=action.behavior == pb.DROP_CASCADE,
    ),
    pb.AT_AlterConstraint: _alter_constraint,
    pb.AT_AddInherit: _inherit,
    pb.AT_DropInherit: _inherit,
    pb.AT_ChangeOwner: _change_owner,
    pb.AT_ClusterOn: _use_index,
    pb.AT_ReplicaIdentity: _replica_identity,
    **dict.fromkeys(_COLUMN_OPTIONS, _set_column_option),
    pb.AT_AttachPartition: _attach,
    pb.AT_DetachPartition: _detach,
    pb.AT_DetachPartitionFinalize: _detach,
    pb.AT_AddIdentity: _add_identity,
    pb.AT_SetIdentity: _set_identity,
    pb.AT_DropIdentity: lambda action, table, _source, _span: SetIdentity(
        table=table, column=action.name, identity=None, adds=False, if_exists=action.missing_ok
    ),
    pb.AT_DropExpression: lambda action, table, _source, _span: SetIdentity(
        table=table, column=action.name, identity=None, drops_expression=True, if_exists=action.missing_ok
    ),
}
