"""Statements on rows: INSERT, UPDATE, DELETE, MERGE, COPY, SELECT, TRUNCATE, LOCK."""

from collections.abc import Iterator
from typing import Any

from postgast import pg_query_pb2 as pb

from migration_ls.operations.change_rows import ChangeRows
from migration_ls.operations.inert import Inert
from migration_ls.operations.lock_table import LockTable
from migration_ls.operations.opaque import Opaque
from migration_ls.operations.set_setting import SetSetting
from migration_ls.operations.statement import Clause
from migration_ls.operations.truncate import Truncate
from migration_ls.postgres.locks import LockMode
from migration_ls.schema.expression import Expression
from migration_ls.schema.names import Name
from migration_ls.sources.sql.bind_create import made_by_query
from migration_ls.sources.sql.expressions import column_name, literal_of
from migration_ls.sources.sql.reads import has_limit, relations_read, sequences_named, unknown_functions
from migration_ls.sources.sql.simplify import descendants
from migration_ls.sources.sql.source import Source

_KEYS = frozenset({"id", "ctid", "pk", "uuid", "guid"})


def bind_insert(node: Any, source: Source) -> tuple[Clause, ...]:
    """INSERT."""
    table = source.name(node.relation)
    reads = relations_read(node, source, table)
    query = node.select_stmt.select_stmt
    operation = ChangeRows(
        kind="insert",
        table=table,
        reads=reads,
        columns=tuple(item.res_target.name for item in node.cols),
        from_rows=bool(query.from_clause or query.larg.from_clause) if node.HasField("select_stmt") else False,
        bounded=has_limit(node),
        rows=_values(node),
        conflict=_conflict(node),
        conflict_constraint=node.on_conflict_clause.infer.conname or None,
        overriding=node.override in {pb.OVERRIDING_SYSTEM_VALUE, pb.OVERRIDING_USER_VALUE},
        sequences=sequences_named(node, source),
    )
    return (source.clause(operation), *_inner_changes(node, source))


def bind_update(node: Any, source: Source, batches: frozenset[str] = frozenset()) -> tuple[Clause, ...]:
    """UPDATE; `batches` are queries of a statement around it that take a limited number of rows."""
    table = source.name(node.relation)
    operation = ChangeRows(
        kind="update",
        table=table,
        reads=relations_read(node, source, table),
        where=_where(node, source),
        bounded=has_limit(node) or _takes_batch(node) or _joins(node.from_clause, batches),
        columns=tuple(item.res_target.name for item in node.target_list),
        unchanged=tuple(
            item.res_target.name
            for item in node.target_list
            if column_name(item.res_target.val) == item.res_target.name
        ),
        nulls=tuple(item.res_target.name for item in node.target_list if item.res_target.val.a_const.isnull),
        sequences=sequences_named(node, source),
        only=not node.relation.inh,
    )
    return (source.clause(operation), *_inner_changes(node, source))


def bind_delete(node: Any, source: Source, batches: frozenset[str] = frozenset()) -> tuple[Clause, ...]:
    """DELETE; `batches` as for UPDATE."""
    table = source.name(node.relation)
    operation = ChangeRows(
        kind="delete",
        table=table,
        reads=relations_read(node, source, table),
        where=_where(node, source),
        bounded=has_limit(node) or _takes_batch(node) or _joins(node.using_clause, batches),
        only=not node.relation.inh,
    )
    return (source.clause(operation), *_inner_changes(node, source))


def bind_merge(node: Any, source: Source) -> tuple[Clause, ...]:
    """MERGE."""
    table = source.name(node.relation)
    operation = ChangeRows(
        kind="merge",
        table=table,
        reads=relations_read(node, source, table),
        actions=tuple(_merging(item.merge_when_clause, table) for item in node.merge_when_clauses),
    )
    return (source.clause(operation),)


def _merging(clause: Any, table: Name) -> ChangeRows:
    """What one WHEN of MERGE does with a row."""
    columns = tuple(item.res_target.name for item in clause.target_list)
    match clause.command_type:
        case pb.CMD_INSERT:
            overriding = clause.override in {pb.OVERRIDING_SYSTEM_VALUE, pb.OVERRIDING_USER_VALUE}
            row = tuple(_value(item) for item in clause.values)
            return ChangeRows(kind="insert", table=table, columns=columns, rows=(row,), overriding=overriding)
        case pb.CMD_UPDATE:
            return ChangeRows(kind="update", table=table, columns=columns, bounded=True)
        case pb.CMD_DELETE:
            return ChangeRows(kind="delete", table=table, bounded=True)
        case _:
            return ChangeRows(kind="planned", table=table)


def bind_copy(node: Any, source: Source) -> tuple[Clause, ...]:
    """COPY."""
    table = source.name(node.relation) if node.HasField("relation") else None
    if node.is_from and table is not None:
        columns = tuple(item.string.sval for item in node.attlist)
        return (source.clause(ChangeRows(kind="copy", table=table, columns=columns)),)
    reads = (table,) if table else relations_read(node.query, source)
    return (source.clause(ChangeRows(kind="select", reads=reads)),)


def bind_select(node: Any, source: Source) -> tuple[Clause, ...]:
    """SELECT: what it reads, locks and calls."""
    if (setting := _set_config(node)) is not None:
        return (source.clause(setting),)
    reads = relations_read(node, source)
    found: list[Clause] = []
    locked = _locked(node, source)
    sequences = sequences_named(node, source)
    if locked:
        others = tuple(name for name in reads if name not in locked)
        found.append(
            source.clause(
                ChangeRows(
                    kind="select for update", table=locked[0], locked=locked[1:], reads=others, sequences=sequences
                )
            )
        )
    elif reads or sequences:
        found.append(source.clause(ChangeRows(kind="select", reads=reads, sequences=sequences)))
    found += _inner_changes(node, source)
    if node.HasField("into_clause"):
        found.append(source.clause(made_by_query(node.into_clause, pb.Node(select_stmt=node), source)))
    if unknown := unknown_functions(node):
        found.append(source.clause(Opaque(why=f"it calls the function `{unknown[0]}`", relations=None)))
    return tuple(found) or (source.clause(Inert(what="SELECT")),)


def bind_truncate(node: Any, source: Source) -> tuple[Clause, ...]:
    """TRUNCATE."""
    names = tuple(source.name(item.range_var) for item in node.relations)
    operation = Truncate(
        tables=names,
        cascade=node.behavior == pb.DROP_CASCADE,
        restarts=node.restart_seqs,
        only=not all(item.range_var.inh for item in node.relations),
    )
    return (source.clause(operation),)


def bind_lock(node: Any, source: Source) -> tuple[Clause, ...]:
    """LOCK TABLE."""
    names = tuple(source.name(item.range_var) for item in node.relations)
    mode = LockMode(node.mode) if node.mode in set(LockMode) else LockMode.ACCESS_EXCLUSIVE
    return (
        source.clause(LockTable(tables=names, mode=mode, only=not all(item.range_var.inh for item in node.relations))),
    )


def _values(node: Any) -> tuple[tuple[str, ...], ...] | None:
    """The rows of VALUES: literals as they are printed, `DEFAULT`, and nothing for what is computed."""
    if not node.HasField("select_stmt"):
        return ((),)
    query = node.select_stmt.select_stmt
    if query.values_lists:
        return tuple(tuple(_value(item) for item in row.list.items) for row in query.values_lists)
    return None


def _value(node: Any) -> str:
    match node.WhichOneof("node"):
        case "set_to_default":
            return "DEFAULT"
        case "type_cast":
            return _value(node.type_cast.arg)
        case "a_const":
            constant = node.a_const
            match constant.WhichOneof("val"):
                case "sval":
                    return "'" + str(constant.sval.sval).replace("'", "''") + "'"
                case "ival":
                    return str(constant.ival.ival)
                case "fval":
                    return str(constant.fval.fval)
                case "boolval":
                    return "true" if constant.boolval.boolval else "false"
                case _:
                    return "NULL" if constant.isnull else ""
        case _:
            return ""


def _conflict(node: Any) -> tuple[str, ...] | None:
    if not node.HasField("on_conflict_clause"):
        return None
    elements = [item.index_elem for item in node.on_conflict_clause.infer.index_elems]
    return tuple(element.name for element in elements) if all(element.name for element in elements) else ()


def _locked(node: Any, source: Source) -> tuple[Name, ...]:
    """The relations whose rows FOR UPDATE and the like lock, here or in a query inside."""
    found: dict[Name, None] = {}
    queries = [node, *(item.select_stmt for item in descendants(node) if item.WhichOneof("node") == "select_stmt")]
    for query in queries:
        places = dict(_places(query.from_clause, source)) if query.locking_clause else {}
        for clause in query.locking_clause:
            named = [item.range_var.relname for item in clause.locking_clause.locked_rels]
            for alias, name in places.items():
                if not named or alias in named:
                    found[name] = None
    return tuple(found)


def _places(items: Any, source: Source) -> Iterator[tuple[str, Name]]:
    """The relations of a FROM by the names they go by in the query."""
    for item in items:
        match item.WhichOneof("node"):
            case "range_var":
                relation = item.range_var
                yield (
                    relation.alias.aliasname if relation.HasField("alias") else relation.relname,
                    source.name(relation),
                )
            case "join_expr":
                yield from _places((item.join_expr.larg, item.join_expr.rarg), source)
            case _:
                pass


def _inner_changes(node: Any, source: Source) -> tuple[Clause, ...]:
    """The changes that CTEs make."""
    found: list[Clause] = []
    if not node.HasField("with_clause"):
        return ()
    queries = (item.common_table_expr for item in node.with_clause.ctes)
    batches = frozenset(query.ctename for query in queries if has_limit(query.ctequery))
    for item in descendants(node.with_clause):
        kind = item.WhichOneof("node")
        if kind == "insert_stmt":
            found += bind_insert(item.insert_stmt, source)
        elif kind == "update_stmt":
            found += bind_update(item.update_stmt, source, batches)
        elif kind == "delete_stmt":
            found += bind_delete(item.delete_stmt, source, batches)
    return tuple(found)


def _joins(items: Any, batches: frozenset[str]) -> bool:
    """Whether the rows are those of a batch: it is joined, alone or with others."""
    return any(item.WhichOneof("node") == "range_var" and item.range_var.relname in batches for item in items)


def _where(node: Any, source: Source) -> Expression | None:
    """The condition, as written where the statement itself holds it."""
    if not node.HasField("where_clause"):
        return None
    text = None
    start = source.after(source.at(node.relation.location), "where")
    if start is not None:
        stop = source.after(source.tokens[start].end, "returning")
        text = source.text_of(source.tokens[start + 1 : stop])
    found = source.expression(node.where_clause, text)
    printed = source.expression(node.where_clause)
    return printed if printed.text and found != printed else found


def _takes_batch(node: Any) -> bool:
    """Whether the condition picks rows by key: `id = 5`, `id IN (...)`, or a range closed on both sides."""
    if not node.HasField("where_clause"):
        return False
    terms = _terms(node.where_clause)
    lower: set[str] = set()
    upper: set[str] = set()
    for term in terms:
        if term.WhichOneof("node") != "a_expr":
            continue
        test = term.a_expr
        column = column_name(test.lexpr)
        sign = test.name[0].string.sval if test.name else ""
        if column is None:
            continue
        if test.kind == pb.AEXPR_BETWEEN:
            return True
        if column in _KEYS and sign == "=" and _is_small(test):
            return True
        if sign in {">", ">="}:
            lower.add(column)
        elif sign in {"<", "<="}:
            upper.add(column)
    return bool(lower & upper)


def _is_small(test: Any) -> bool:
    """Whether the right side of `=` or IN is a few values and not a query or another table's column."""
    if test.kind == pb.AEXPR_IN:
        return True
    return test.rexpr.WhichOneof("node") in {"a_const", "param_ref", "type_cast", "a_array_expr"}


def _terms(node: Any) -> list[Any]:
    if node.WhichOneof("node") == "bool_expr" and node.bool_expr.boolop == pb.AND_EXPR:
        return [term for item in node.bool_expr.args for term in _terms(item)]
    return [node]


def _set_config(node: Any) -> SetSetting | None:
    """`SELECT set_config('lock_timeout', '5s', true)` is a SET LOCAL."""
    if len(node.target_list) != 1 or node.from_clause:
        return None
    value = node.target_list[0].res_target.val
    if value.WhichOneof("node") != "func_call":
        return None
    call = value.func_call
    if call.funcname[-1].string.sval != "set_config" or len(call.args) != 3:
        return None
    name, setting, local = (literal_of(item) for item in call.args)
    if name is None or setting is None:
        return None
    return SetSetting(name=name, values=tuple(part.strip() for part in setting.split(",")), local=local == "true")
