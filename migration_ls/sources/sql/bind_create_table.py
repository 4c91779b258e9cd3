"""CREATE TABLE, with partitions, LIKE and inheritance."""

from dataclasses import replace
from typing import Any

from postgast import pg_query_pb2 as pb

from migration_ls.operations.create_table import CreateTable
from migration_ls.operations.statement import Clause
from migration_ls.schema.names import Name
from migration_ls.schema.tables import Check, Column, Constraint, ForeignKey, PrimaryKey, RelationKind, Table
from migration_ls.sources.sql.columns import column_definition, constraint_of, key_columns
from migration_ls.sources.sql.source import Source
from migration_ls.sources.sql.tokens import segments
from migration_ls.text.span import Span

_STRATEGIES = {
    pb.PARTITION_STRATEGY_LIST: "LIST",
    pb.PARTITION_STRATEGY_RANGE: "RANGE",
    pb.PARTITION_STRATEGY_HASH: "HASH",
}


def bind_create_table(node: Any, source: Source) -> tuple[Clause, ...]:
    """CREATE TABLE."""
    return (_clause(node, source, RelationKind.TABLE),)


def bind_create_foreign_table(node: Any, source: Source) -> tuple[Clause, ...]:
    """CREATE FOREIGN TABLE."""
    return (_clause(node.base_stmt, source, RelationKind.FOREIGN),)


def _clause(node: Any, source: Source, kind: RelationKind) -> Clause:
    name = source.created(node.relation)
    spans = _element_spans(node, source)
    columns: list[Column] = []
    constraints: list[Constraint] = []
    required: set[str] = set()
    likes: list[Name] = []
    like_options: list[int] = []
    parts: list[tuple[str, Span]] = []
    for item, span in zip(node.table_elts, spans, strict=True):
        match item.WhichOneof("node"):
            case "column_def" if item.column_def.HasField("type_name"):
                made = column_definition(item.column_def, source, span)
                columns.append(made.column)
                constraints += made.constraints
                parts.append((f"column {made.column.name}", span))
            case "constraint":
                constraint = constraint_of(item.constraint, source)
                constraints += [constraint] if constraint else []
                parts.append((f"constraint {item.constraint.conname}", span))
                if item.constraint.contype == pb.CONSTR_NOTNULL:
                    required |= set(key_columns(item.constraint.keys))
            case "table_like_clause":
                likes.append(source.name(item.table_like_clause.relation))
                like_options.append(item.table_like_clause.options)
            case _:
                pass
    # A new table has no rows to prove anything of, whatever NOT VALID says.
    constraints = [
        replace(item, validated=True) if isinstance(item, Check | ForeignKey) else item for item in constraints
    ]
    parents = tuple(source.name(item.range_var) for item in node.inh_relations)
    is_partition = node.HasField("partbound")
    typed = node.HasField("of_typename")
    table = _with_constraints(
        Table(
            name=name,
            columns=tuple(columns),
            kind=RelationKind.PARTITIONED if node.HasField("partspec") else kind,
            partition_key=_partition_key(node.partspec, source) if node.HasField("partspec") else None,
            partition_of=parents[0] if is_partition and parents else None,
            is_default_partition=is_partition and node.partbound.is_default,
            inherits=() if is_partition else parents,
            unlogged=node.relation.relpersistence == "u",
            # the columns of a typed table are its type's, of which only the name is known
            of_type=source.type_name_of(node.of_typename.names) if typed else None,
            assumed=typed,
        ),
        constraints,
        required,
    )
    operation = CreateTable(
        table=table,
        if_not_exists=node.if_not_exists,
        likes=tuple(likes),
        like_options=tuple(like_options),
        repeats=_repeats(columns, constraints),
        bound=_bound(node, source) if is_partition else None,
    )
    return source.clause(operation, parts=tuple(parts))


def _with_constraints(table: Table, constraints: list[Constraint], required: set[str]) -> Table:
    for constraint in constraints:
        table = table.with_constraint(constraint)
        if isinstance(constraint, PrimaryKey):
            required |= set(constraint.columns)
    columns = tuple(replace(column, nullable=False) if column.name in required else column for column in table.columns)
    return replace(table, columns=columns)


def _repeats(columns: list[Column], constraints: list[Constraint]) -> tuple[str, ...]:
    names = [column.name for column in columns]
    twice = tuple(dict.fromkeys(name for name in names if names.count(name) > 1))
    keys = sum(isinstance(item, PrimaryKey) for item in constraints)
    return (*twice, *(("PRIMARY KEY",) if keys > 1 else ()))


def _element_spans(node: Any, source: Source) -> tuple[Span, ...]:
    count = len(node.table_elts)
    if not count:
        return ()
    start = source.at(node.relation.location)
    found = segments(source.brackets_after(start), 1)
    return found if len(found) == count else (source.whole,) * count


def _partition_key(spec: Any, source: Source) -> str:
    """`RANGE (created_at)`."""
    parts = [
        item.partition_elem.name or f"({source.expression(item.partition_elem.expr).canonical})"
        for item in spec.part_params
    ]
    return f"{_STRATEGIES.get(spec.strategy, 'RANGE')} ({', '.join(parts)})"


def _bound(node: Any, source: Source) -> str:
    """`FOR VALUES ...` as written, or `DEFAULT`."""
    if node.partbound.is_default:
        return "DEFAULT"
    start = source.after(0, "for")
    if start is None:
        return "FOR VALUES"
    # behind VALUES, WITH opens the bound of a hash partition
    behind = source.tokens[min(start + 2, len(source.tokens) - 1)].end
    stop = source.after(behind, "partition", "using", "with", "tablespace")
    return source.text_of(source.tokens[start:stop]) or "FOR VALUES"
