"""Column definitions and constraints, as CREATE TABLE and ALTER TABLE write them."""

from dataclasses import dataclass, replace
from typing import Any, Literal

from postgast import pg_query_pb2 as pb

from migration_ls.postgres.quoting import identifier
from migration_ls.schema.expression import Expression
from migration_ls.schema.tables import (
    Check,
    Column,
    Constraint,
    Exclusion,
    FkAction,
    ForeignKey,
    IndexPart,
    PrimaryKey,
    Unique,
)
from migration_ls.sources.sql.expressions import default_of
from migration_ls.sources.sql.source import Source
from migration_ls.sources.sql.types import is_serial, type_of
from migration_ls.text.span import Span

_ACTIONS: dict[str, FkAction] = {
    "a": "NO ACTION",
    "r": "RESTRICT",
    "c": "CASCADE",
    "n": "SET NULL",
    "d": "SET DEFAULT",
}
_ATTRIBUTES = frozenset(
    {
        pb.CONSTR_ATTR_DEFERRABLE,
        pb.CONSTR_ATTR_NOT_DEFERRABLE,
        pb.CONSTR_ATTR_DEFERRED,
        pb.CONSTR_ATTR_IMMEDIATE,
    }
)


@dataclass(frozen=True, slots=True)
class ColumnDefinition:
    """A column and the constraints written at it."""

    column: Column
    constraints: tuple[Constraint, ...]


def column_definition(node: Any, source: Source, span: Span) -> ColumnDefinition:
    """The column that a `ColumnDef` node, standing at `span`, defines."""
    type_ = type_of(node.type_name)
    serial = is_serial(node.type_name)
    column = Column(
        name=node.colname,
        type=type_,
        nullable=not (node.is_not_null or serial),
        autoincrement=serial,
        collation=node.coll_clause.collname[-1].string.sval if node.HasField("coll_clause") else None,
    )
    constraints: list[Constraint] = []
    for position, item in enumerate(node.constraints):
        part = item.constraint
        match part.contype:
            case pb.CONSTR_NOTNULL:
                column = replace(column, nullable=False)
            case pb.CONSTR_NULL:
                column = replace(column, nullable=True)
            case pb.CONSTR_DEFAULT:
                written = source.expression(part.raw_expr, _default_text(node, position, source, span))
                column = replace(column, default=default_of(written, type_))
            case pb.CONSTR_IDENTITY:
                identity: Literal["always", "by default"] = "always" if part.generated_when == "a" else "by default"
                column = replace(column, identity=identity, nullable=False)
            case pb.CONSTR_GENERATED:
                inside = source.text_of(source.brackets_after(source.at(part.location)))
                virtual = part.generated_kind == "v"
                column = replace(column, generated=source.expression(part.raw_expr, inside), virtual=virtual)
            case kind if kind in _ATTRIBUTES:
                if constraints and kind in {pb.CONSTR_ATTR_DEFERRABLE, pb.CONSTR_ATTR_DEFERRED}:
                    constraints[-1] = _deferrable(constraints[-1], deferred=kind == pb.CONSTR_ATTR_DEFERRED)
            case _:
                made = constraint_of(part, source, (node.colname,))
                constraints += [made] if made else []
                if isinstance(made, PrimaryKey):
                    column = replace(column, nullable=False)
    return ColumnDefinition(column, tuple(constraints))


def _default_text(column: Any, position: int, source: Source, span: Span) -> str | None:
    """The text of a default: from behind DEFAULT to the next constraint."""
    part = column.constraints[position].constraint
    start = source.at(part.location)
    ends = [source.at(item.constraint.location) for item in column.constraints]
    if column.HasField("coll_clause"):
        ends.append(source.at(column.coll_clause.location))
    stop = min((end for end in ends if end > start), default=span.end)
    items = [token for token in source.tokens if start <= token.start < stop]
    named = next((index for index, token in enumerate(items) if token.text == "default"), None)
    return source.text_of(tuple(items[named + 1 :])) if named is not None else None


def constraint_of(node: Any, source: Source, columns: tuple[str, ...] = ()) -> Constraint | None:
    """The constraint of a `Constraint` node; `columns` is the one it is written at. None for NOT NULL."""
    name = node.conname or None
    match node.contype:
        case pb.CONSTR_PRIMARY:
            return PrimaryKey(
                name=name,
                columns=_keys(node.keys) or columns,
                include=_keys(node.including),
                deferrable=node.deferrable,
                deferred=node.initdeferred,
            )
        case pb.CONSTR_UNIQUE:
            return Unique(
                name=name,
                columns=_keys(node.keys) or columns,
                nulls_not_distinct=node.nulls_not_distinct,
                include=_keys(node.including),
                deferrable=node.deferrable,
                deferred=node.initdeferred,
            )
        case pb.CONSTR_CHECK:
            return Check(
                name=name,
                expression=_check(node, source),
                validated=_validated(node),
                no_inherit=node.is_no_inherit,
            )
        case pb.CONSTR_FOREIGN:
            return ForeignKey(
                name=name,
                columns=_keys(node.fk_attrs) or columns,
                ref_table=source.name(node.pktable),
                ref_columns=_keys(node.pk_attrs),
                on_delete=_ACTIONS.get(node.fk_del_action, "NO ACTION"),
                on_update=_ACTIONS.get(node.fk_upd_action, "NO ACTION"),
                deferrable=node.deferrable,
                deferred=node.initdeferred,
                full=node.fk_matchtype == "f",
                emptied=_keys(node.fk_del_set_cols),
                validated=_validated(node),
            )
        case pb.CONSTR_EXCLUSION:
            return Exclusion(name=name, definition=_exclusion(node, source))
        case pb.CONSTR_NOTNULL if node.keys and node.skip_validation:
            check = source.expression(None, f"{identifier(_keys(node.keys)[0])} IS NOT NULL")
            return Check(name=name, expression=check, validated=False)
        case _:
            return None


def key_columns(nodes: Any) -> tuple[str, ...]:
    """The names in a list of `String` nodes."""
    return _keys(nodes)


def index_part(node: Any, source: Source) -> IndexPart:
    """One column or expression of an index."""
    element = node.index_elem
    descending = element.ordering == pb.SORTBY_DESC
    nulls: Literal["first", "last"] | None = None
    if element.nulls_ordering == pb.SORTBY_NULLS_FIRST and not descending:
        nulls = "first"
    elif element.nulls_ordering == pb.SORTBY_NULLS_LAST and descending:
        nulls = "last"
    expression = None if element.name else source.expression(element.expr)
    return IndexPart(
        text=expression.canonical if expression else element.name,
        expression=expression,
        is_expression=not element.name,
        descending=descending,
        nulls=nulls,
        opclass=element.opclass[-1].string.sval if element.opclass else None,
        collation=element.collation[-1].string.sval if element.collation else None,
    )


def _keys(nodes: Any) -> tuple[str, ...]:
    return tuple(node.string.sval for node in nodes)


def _validated(node: Any) -> bool:
    return not node.skip_validation


def _check(node: Any, source: Source) -> Expression:
    start = source.at(node.location)
    named = next((token for token in source.tokens if token.start >= start and token.text == "check"), None)
    inside = source.brackets_after(named.end) if named else ()
    return source.expression(node.raw_expr, source.text_of(inside))


def _deferrable(constraint: Constraint, *, deferred: bool) -> Constraint:
    if not isinstance(constraint, PrimaryKey | Unique | ForeignKey):
        return constraint
    return replace(constraint, deferrable=True, deferred=deferred or constraint.deferred)


def _exclusion(node: Any, source: Source) -> str:
    """The definition as SQL, from EXCLUDE on."""
    elements: list[str] = []
    for item in node.exclusions:
        element, operators = item.list.items[0], item.list.items[1].list.items
        part = index_part(element, source)
        target = f"({part.text})" if part.is_expression else identifier(part.text)
        elements.append(f"{target} WITH {operators[-1].string.sval}")
    where = f" WHERE ({source.expression(node.where_clause).text})" if node.HasField("where_clause") else ""
    return f"EXCLUDE USING {node.access_method or 'btree'} ({', '.join(elements)}){where}"
