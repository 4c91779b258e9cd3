"""The two readings of tags: an array in the table, or a table of tags and one of pairs."""

from dataclasses import replace

from migration_ls.postgres.types import ColumnType
from migration_ls.schema import request as asked
from migration_ls.schema.names import Name
from migration_ls.schema.origin import Origin
from migration_ls.schema.request import Change, Reading, Request
from migration_ls.schema.tables import Column, ForeignKey, PrimaryKey, Table, Unique
from migration_ls.sources.problem import Problem
from migration_ls.sources.spec.items import SaidTags
from migration_ls.sources.spec.options import SpecOptions
from migration_ls.sources.spec.tables import Tables
from migration_ls.sources.spec.words import singular

_ARRAY, _TABLES = "column", "tables"


def tag_requests(
    item: SaidTags, group: str, tables: Tables, options: SpecOptions
) -> tuple[list[Request], list[Problem]]:
    """Requests of the preferred reading, the first of them with the other one, and the question."""
    joined = _joined(item, tables)
    if joined is None:
        return [], []
    array = _array(item)
    columns = Reading(option=_ARRAY, title=f"an array `{item.table}.{item.name}`", changes=(array,))
    title = " and ".join(f"`{change.table.name}`" for change in joined if isinstance(change, asked.AddTable))
    separate = Reading(option=_TABLES, title=f"tables {title}", changes=joined)
    # Where there is a table of tags already, its rows are what people mean.
    prefers_tables = options.tags == "tables" or len(joined) == 1
    chosen, other = (separate, columns) if prefers_tables else (columns, separate)
    said = item.said
    requests = [
        Request(
            change=change,
            origin=said.origin,
            grade=said.grade,
            evidence=said.evidence,
            group=group,
            option=chosen.option,
        )
        for change in chosen.changes
    ]
    requests[0] = replace(
        requests[0],
        alternatives=(other,),
        assumption=f"The {item.name} of `{item.table}` are {chosen.title}, not {other.title}",
    )
    problem = Problem(
        code="ambiguous-request",
        message=f"The {item.name} of `{item.table}` may be {columns.title} or {separate.title}; {chosen.title} is "
        f"assumed",
        help="Choose one of the readings, or declare it under a heading such as `Database changes`",
        span=said.origin.span,
        serious=False,
    )
    return requests, [problem]


def _array(item: SaidTags) -> asked.AddColumn:
    from migration_ls.sources.sql.expressions import expression

    column = Column(
        name=item.name,
        type=ColumnType("text", (), 1),
        nullable=False,
        default=expression("'{}'"),
        origin=item.said.origin,
    )
    return asked.AddColumn(table=item.table, column=column)


def _joined(item: SaidTags, tables: Tables) -> tuple[Change, ...] | None:
    """The tables to add; none at all when the table has its tags already, or has no key to refer to."""
    known = tables.table(item.table)
    key = known.primary_key.columns if known and known.primary_key else ()
    owner = known.column(key[0]) if known and len(key) == 1 else None
    if known is None or owner is None:
        return (_tag_table(item, Name(item.name, item.table.namespace)),)
    tags = tables.find(item.name)
    existing = tables.table(tags) if tags else None
    for table in tables.schema.tables.values():
        targets = {foreign.ref_table for foreign in table.foreign_keys}
        if existing and {item.table, existing.name} <= targets:
            return None
    tag_key = existing.column(existing.primary_key.columns[0]) if existing and existing.primary_key else None
    name = existing.name if existing and tag_key else Name(item.name, item.table.namespace)
    pairs = _pairs(item, name, owner, tag_key or Column(name="id", type=ColumnType("integer")))
    return (pairs,) if existing and tag_key else (_tag_table(item, name), pairs)


def _tag_table(item: SaidTags, name: Name) -> asked.AddTable:
    origin = item.said.origin
    columns = (
        Column(name="id", type=ColumnType("integer"), nullable=False, autoincrement=True, origin=origin),
        Column(name="name", type=ColumnType("character varying", ("50",)), nullable=False, origin=origin),
    )
    table = Table(
        name=name,
        columns=columns,
        primary_key=PrimaryKey(name=None, columns=("id",)),
        uniques=(Unique(name=None, columns=("name",)),),
        origin=origin,
    )
    return asked.AddTable(table=table)


def _pairs(item: SaidTags, tags: Name, owner: Column, tag: Column) -> asked.AddTable:
    origin = item.said.origin
    words = item.table.name.split("_")
    mine = "_".join((*words[:-1], singular(words[-1])))
    one, two = f"{mine}_{owner.name}", f"{singular(item.name)}_{tag.name}"
    table = Table(
        name=Name(f"{mine}_{item.name}", item.table.namespace),
        columns=(_key_column(one, owner, origin), _key_column(two, tag, origin)),
        primary_key=PrimaryKey(name=None, columns=(one, two)),
        foreign_keys=(
            ForeignKey(name=None, columns=(one,), ref_table=item.table, ref_columns=(owner.name,), on_delete="CASCADE"),
            ForeignKey(name=None, columns=(two,), ref_table=tags, ref_columns=(tag.name,), on_delete="CASCADE"),
        ),
        origin=origin,
    )
    return asked.AddTable(table=table)


def _key_column(name: str, target: Column, origin: Origin) -> Column:
    return Column(name=name, type=target.type, nullable=False, origin=origin)
