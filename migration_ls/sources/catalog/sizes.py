"""How large tables are, from the rows of the sizes query."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from migration_ls.schema.names import Name
from migration_ls.sources.catalog.runners import is_bookkeeping

_TABLES = """
SELECT n.nspname, c.relname, c.relkind::text, c.reltuples::bigint, c.relpages::bigint, pg_stat_get_live_tuples(c.oid),
  {blocks}, {bytes},
  (SELECT jsonb_build_array(pn.nspname, p.relname) FROM pg_inherits i JOIN pg_class p ON p.oid = i.inhparent
     JOIN pg_namespace pn ON pn.oid = p.relnamespace WHERE i.inhrelid = c.oid AND c.relispartition)
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace LEFT JOIN pg_class t ON t.oid = c.reltoastrelid
WHERE c.relkind IN ('r', 'm', 'p') AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'
  AND NOT EXISTS (
    SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
ORDER BY 1, 2
"""
MEASURED_SIZES = _TABLES.format(
    blocks="CASE WHEN c.relkind <> 'p' THEN pg_relation_size(c.oid) / current_setting('block_size')::bigint END",
    bytes="CASE WHEN c.relkind <> 'p' THEN pg_table_size(c.oid) END",
).encode()
"""Bytes as they are on disk; holds each table under ACCESS SHARE for a moment, so it can wait behind a migration."""
BELIEVED_SIZES = _TABLES.format(
    blocks="NULL", bytes="(c.relpages + coalesce(t.relpages, 0))::bigint * current_setting('block_size')::bigint"
).encode()
"""Bytes as of the last VACUUM or ANALYZE; reads catalogs alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """About how many rows a table has, None where the server never counted, and its bytes without indexes.

    Of a partitioned table they are the sums of its partitions, whose own entries stand beside it.
    """

    rows: int | None
    bytes: int


def sizes_of(answer: Iterable[tuple[object, ...]]) -> Mapping[Name, Size]:
    """The sizes by table from the answer to either query; the tables of migration runners are left out."""
    own: dict[Name, Size] = {}
    parts: dict[Name, list[Name]] = {}
    partitioned: set[Name] = set()
    for namespace, relation, kind, tuples, pages, live, blocks, size, above in answer:
        name = Name(str(relation), str(namespace))
        if is_bookkeeping(name.name):
            continue
        own[name] = Size(rows=_rows(_number(tuples), _number(pages), _number(live), blocks), bytes=_number(size))
        if isinstance(above, list):
            parts.setdefault(Name(str(above[1]), str(above[0])), []).append(name)
        if kind == "p":
            partitioned.add(name)

    def whole(name: Name) -> Size:
        if name not in partitioned:
            return own[name]
        below = [whole(part) for part in parts.get(name, ())]
        counts = [item.rows for item in below]
        rows = None if None in counts else sum(count or 0 for count in counts)
        return Size(rows=rows, bytes=sum(item.bytes for item in below))

    return {name: whole(name) for name in own}


def _rows(tuples: int, pages: int, live: int, blocks: object) -> int | None:
    """As the planner estimates: rows per page as last counted, times the pages that there are now.

    `reltuples` is -1 before the first VACUUM or ANALYZE, on 13 it is 0 with no pages (manual: pg_class). What was never
    counted has as many rows as the statistics collector saw come and go, if it saw any. No page means no row.
    """
    if blocks == 0:
        return 0
    if tuples > 0 and pages > 0:
        return round(tuples / pages * (_number(blocks) or pages))
    return live if live > 0 else None


def _number(value: object) -> int:
    return value if isinstance(value, int) else 0
