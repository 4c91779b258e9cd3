"""Batches about the rows of two tables that take no part in a deadlock: they wait for no row while they hold others.

A release that writes one of the tables makes triggers write the other, in either order. A batch that waited for such
a writer while it held what that writer wants would end one of the two; so it passes over what others hold, and comes
back to it once its own locks are gone.
"""

from migration_ls.planning.plan import Backfill
from migration_ls.postgres.quoting import identifier, identifiers, literal

_TRIES = 100


def held_batches(item: Backfill, size: int, pause: float) -> str:
    """The body of a DO block: pages by key, each repeated until no row of it was held by others."""
    table, keys = item.table.sql, identifiers(item.keys)
    numbers = range(1, len(item.keys) + 1)
    lasts, nexts, names = ([f"{word}_{number}" for number in numbers] for word in ("last", "next", "key"))
    types = [f"{table}.{identifier(key)}%TYPE" for key in item.keys]
    declared = "\n".join(
        f"    {name} {type_};" for group in (lasts, nexts) for name, type_ in zip(group, types, strict=True)
    )
    moved = "\n".join(f"        {last} := {following};" for last, following in zip(lasts, nexts, strict=True))
    descending = ", ".join(f"{identifier(key)} DESC" for key in item.keys)
    filled, name = item.filled
    return f"""
DECLARE
{declared}
    page bigint;
    passed_over bigint;
    changed bigint;
    filled bigint := 0;
    tries int := 0;
BEGIN
    LOOP
        WITH page AS (
            SELECT {keys} FROM {table}
            WHERE {lasts[0]} IS NULL OR ({keys}) > ({", ".join(lasts)})
            ORDER BY {keys} LIMIT {size}
        ), missing AS (
            SELECT 1
{_source(item, names)}
        ), held AS (
            SELECT {_given(item, names)}
{_source(item, names)}
            {_locks(item)}
        ), written AS (
            {_written(item, names)}
            RETURNING 1
        )
        SELECT {", ".join(f"edge.{identifier(key)}" for key in item.keys)}, (SELECT count(*) FROM page),
               (SELECT count(*) FROM missing) - (SELECT count(*) FROM held), (SELECT count(*) FROM written)
        INTO {", ".join(nexts)}, page, passed_over, changed
        FROM (SELECT {keys} FROM page ORDER BY {descending} LIMIT 1) AS edge;
        EXIT WHEN NOT FOUND;
        filled := filled + changed;
        COMMIT;
        RAISE NOTICE '%: % rows filled', {literal(f"{filled}.{name}")}, filled;
        IF passed_over > 0 THEN
            tries := tries + 1;
            IF tries = {_TRIES} THEN
                RAISE lock_not_available
                    USING MESSAGE = format('%s rows are locked by others: run it again', passed_over);
            END IF;
            PERFORM pg_sleep({pause});
            CONTINUE;
        END IF;
        tries := 0;
{moved}
        EXIT WHEN page < {size};
        PERFORM pg_sleep({pause});
    END LOOP;
END
"""


def _values(item: Backfill) -> list[str]:
    if item.rows:
        return [f"target.{identifier(name)}" for name in item.rows.sources]
    return [item.value.text, *(value.text for _, value in item.more)]


def _given(item: Backfill, names: list[str]) -> str:
    """What a batch writes, from rows that are locked by then."""
    keys = [f"target.{identifier(key)} AS {name}" for key, name in zip(item.keys, names, strict=True)]
    return ", ".join([*keys, *(f"{text} AS value_{number}" for number, text in enumerate(_values(item), start=1))])


def _source(item: Backfill, names: list[str]) -> str:
    target = ", ".join(f"target.{identifier(key)}" for key in item.keys)
    batch = ", ".join(f"batch.{name}" for name in names)
    lines = [
        f"FROM {item.table.sql} AS target",
        f"JOIN page AS batch ({', '.join(names)}) ON ({target}) = ({batch})",
        *(f"JOIN {other.table.sql} AS {other.alias} ON {other.on}" for other in item.beside),
        f"WHERE ({item.where})",
    ]
    return "\n".join(f"            {line}" for line in lines)


def _locks(item: Backfill) -> str:
    parts = [("NO KEY UPDATE", "target"), *((other.strength, other.alias) for other in item.beside)]
    return " ".join(f"FOR {strength} OF {alias} SKIP LOCKED" for strength, alias in parts)


def _written(item: Backfill, names: list[str]) -> str:
    values = [f"value_{number}" for number in range(1, len(_values(item)) + 1)]
    if item.rows:
        return (
            f"INSERT INTO {item.rows.table.sql} ({identifiers(item.rows.columns)})\n"
            f"            SELECT {', '.join(values)} FROM held\n"
            "            ON CONFLICT DO NOTHING"
        )
    columns = [item.column, *(name for name, _ in item.more)]
    sets = ", ".join(f"{identifier(name)} = held.{value}" for name, value in zip(columns, values, strict=True))
    target = ", ".join(f"target.{identifier(key)}" for key in item.keys)
    held = ", ".join(f"held.{name}" for name in names)
    return f"UPDATE {item.table.sql} AS target SET {sets}\n            FROM held WHERE ({target}) = ({held})"
