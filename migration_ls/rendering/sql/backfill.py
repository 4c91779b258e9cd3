"""Backfills: batches by key, each committed, resumable, with a pause and progress notices."""

from migration_ls.planning.plan import Backfill
from migration_ls.postgres.quoting import comment, dollar_quoted, identifier, identifiers, literal
from migration_ls.rendering.sql.held import held_batches

BATCH = 5_000
PAUSE_SECONDS = 0.1


def backfill_block(item: Backfill) -> str:
    """A DO block that fills the column, run outside a transaction block since it commits by itself.

    It may be stopped at any moment and run again: rows that have a value are passed over.
    """
    table, column = item.table.sql, identifier(item.column)
    if item.rows or item.beside:
        body = held_batches(item, BATCH, PAUSE_SECONDS)
    else:
        body = _by_key(item, table, column) if item.keys else _by_place(item, table, column)
    filled, name = item.filled
    label = f"{filled}.{name}"
    return (
        f"{comment(f'Fill {label} in batches of {BATCH} rows, each committed, with a pause of {PAUSE_SECONDS} s.')}\n"
        "-- It may be stopped at any moment and run again. Run it outside a transaction.\n"
        "SET lock_timeout = '2s';\n"
        "SET statement_timeout = 0;\n"
        f"DO {dollar_quoted(body)};\n"
        f"ANALYZE {filled.sql} ({identifier(name)});\n"
        "RESET statement_timeout;\n"
        "RESET lock_timeout;"
    )


def _by_key(item: Backfill, table: str, column: str) -> str:
    keys = identifiers(item.keys)
    # The value may use a key's column: the page calls it otherwise then.
    names = [f"key_{number}" for number in range(1, len(item.keys) + 1)] if item.where else list(item.keys)
    page = f"batch ({identifiers(names)})" if item.where else "batch"
    batch = ", ".join(f"batch.{identifier(name)}" for name in names)
    target = ", ".join(f"target.{identifier(key)}" for key in item.keys)
    where = f"({item.where})" if item.where else f"target.{column} IS NULL"
    lasts = [f"last_{number}" for number in range(1, len(item.keys) + 1)]
    declared = "\n".join(
        f"    {name} {table}.{identifier(key)}%TYPE;" for name, key in zip(lasts, item.keys, strict=True)
    )
    last = ", ".join(lasts)
    descending = ", ".join(f"{identifier(key)} DESC" for key in item.keys)
    return f"""
DECLARE
{declared}
    page bigint;
    changed bigint;
    filled bigint := 0;
BEGIN
    LOOP
        WITH page AS (
            SELECT {keys} FROM {table}
            WHERE {lasts[0]} IS NULL OR ({keys}) > ({last})
            ORDER BY {keys} LIMIT {BATCH}
        ), written AS (
            UPDATE {table} AS target SET {_set(item)}
            FROM page AS {page}
            WHERE ({target}) = ({batch}) AND {where}
            RETURNING 1
        )
        SELECT {", ".join(f"edge.{identifier(key)}" for key in item.keys)},
               (SELECT count(*) FROM page), (SELECT count(*) FROM written)
        INTO {last}, page, changed
        FROM (SELECT {keys} FROM page ORDER BY {descending} LIMIT 1) AS edge;
        EXIT WHEN NOT FOUND;
        filled := filled + changed;
        COMMIT;
        RAISE NOTICE '%: % rows filled', {_label(item)}, filled;
        EXIT WHEN page < {BATCH};
        PERFORM pg_sleep({PAUSE_SECONDS});
    END LOOP;
END
"""


def _by_place(item: Backfill, table: str, column: str) -> str:
    return f"""
DECLARE
    pages bigint := pg_relation_size({literal(item.table.sql)}) / current_setting('block_size')::bigint;
    page bigint := 0;
    changed bigint;
    filled bigint := 0;
BEGIN
    WHILE page <= pages LOOP
        UPDATE {table} SET {_set(item)}
        WHERE {f"({item.where})" if item.where else f"{column} IS NULL"}
              AND ctid >= format('(%s,0)', page)::tid AND ctid < format('(%s,0)', page + 100)::tid;
        GET DIAGNOSTICS changed = ROW_COUNT;
        filled := filled + changed;
        page := page + 100;
        COMMIT;
        RAISE NOTICE '%: % rows filled', {_label(item)}, filled;
        PERFORM pg_sleep({PAUSE_SECONDS});
    END LOOP;
END
"""


def _label(item: Backfill) -> str:
    """What it fills, as a literal."""
    table, column = item.filled
    return literal(f"{table}.{column}")


def _set(item: Backfill) -> str:
    return ", ".join(f"{identifier(name)} = {value.text}" for name, value in ((item.column, item.value), *item.more))
