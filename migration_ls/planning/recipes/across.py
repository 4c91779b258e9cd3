"""Triggers that keep columns of two tables in step, and the backfills and queries that say the same.

A row of the source is locked before its values are read or written, on either way: whoever comes second sees what the
first has written. It is also locked before a row of the other table is inserted, and the backfills wait for nobody; so
a deadlock takes two releases that change or delete what is the same row to them, each in its own table, at one moment.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence

from migration_ls.planning.plan import Backfill, Beside, NewRows
from migration_ls.planning.plan import Check as PlanCheck
from migration_ls.planning.recipes.in_step import InStep, differs
from migration_ls.planning.recipes.moves import Move, Way
from migration_ls.postgres.quoting import identifier, identifiers, object_name
from migration_ls.schema.names import Name
from migration_ls.schema.tables import Column
from migration_ls.sources.sql.expressions import expression

_Lines = Callable[[Move, str], list[str]]
"""Statements for a row of the other table, `OLD` or `NEW`."""
_AFTER = "AFTER INSERT OR UPDATE"
_EVER = "AFTER INSERT OR UPDATE OR DELETE"


def triggers(move: Move) -> tuple[InStep, ...]:
    """What keeps the two tables in step, in the order it is made."""
    source, target = move.source.name, move.target.name
    match move.way:
        case Way.THERE:
            return (
                _trigger(move, source, "to_rows", _AFTER, _to_rows(move)),
                _trigger(move, target, "given", "BEFORE INSERT OR UPDATE", _given(move), _declared(move)),
                _trigger(move, target, "back", _EVER, _back(move, _only_row, _row_left)),
            )
        case Way.ONE:
            return (
                _trigger(move, target, "first", "BEFORE INSERT", [_locked(move, "NEW")]),
                _trigger(move, source, "to_row", _AFTER, _to_own_row(move)),
                _trigger(move, target, "back", _EVER, _back(move, _own_row, _emptied)),
            )
        case Way.LINKS:
            return (
                _trigger(move, target, "first", "BEFORE INSERT", [_locked(move, "NEW")]),
                _trigger(move, source, "to_links", _AFTER, _to_links(move)),
                _trigger(move, target, "back", _EVER, _back(move, _one_link)),
            )


def filling(move: Move) -> Backfill:
    """The values of the rows that exist."""
    keys = move.target.primary_key if move.way is Way.THERE else move.source.primary_key
    columns = keys.columns if keys else ()
    joined = move.joined("target", "source")
    if move.way is Way.THERE:
        values: list[tuple[str, str]] = []
        missing: list[str] = []
        for old, new in zip(move.olds, move.news, strict=True):
            own, value = f"target.{identifier(new.name)}", f"source.{identifier(old.name)}"
            values.append((new.name, f"COALESCE({own}, {value})"))
            missing.append(f"({own} IS NULL AND {value} IS NOT NULL)")
        (first, text), *more = values
        return Backfill(
            table=move.target.name,
            column=first,
            value=expression(text),
            keys=columns,
            where=" OR ".join(missing),
            more=tuple((name, expression(item)) for name, item in more),
            beside=(Beside(table=move.source.name, alias="source", on=joined),),
        )
    given = " OR ".join(f"target.{identifier(column.name)} IS NOT NULL" for column in move.olds)
    own = move.joined("other", "target")
    if move.way is Way.LINKS:
        own += f" AND {_equal(move, 'other', 'target')}"
    where = f"({given}) AND NOT EXISTS (SELECT FROM {move.target.name.sql} AS other WHERE {own})"
    return Backfill(
        table=move.source.name,
        column=move.olds[0].name,
        value=expression(identifier(move.olds[0].name)),
        keys=columns,
        where=where,
        rows=NewRows(
            table=move.target.name,
            columns=(*move.key.columns, *_names(move.news)),
            sources=(*move.parent_key, *_names(move.olds)),
        ),
        beside=tuple(_referred(move)) if move.way is Way.LINKS else (),
    )


def _referred(move: Move) -> Iterator[Beside]:
    """What a link refers to besides: whoever deletes that may be about to change the rows that the batch holds."""
    renamed = {new.name: old.name for old, new in zip(move.olds, move.news, strict=True)}
    for number, key in enumerate(move.kept_keys, start=1):
        alias, pairs = f"referred_{number}", zip(key.ref_columns, key.columns, strict=True)
        on = " AND ".join(f"{alias}.{identifier(name)} = target.{identifier(renamed[own])}" for name, own in pairs)
        yield Beside(table=key.ref_table, alias=alias, on=on, strength="KEY SHARE")


def filling_again(move: Move) -> Backfill:
    """The columns once more where they were, when the contract is undone."""
    joined = move.joined("other", "target")
    key = move.target.primary_key
    order = f" ORDER BY {_of('other', key.columns)} LIMIT 1" if key and move.way is not Way.ONE else ""
    values: list[tuple[str, str]] = []
    wrong: list[str] = []
    for old, new in zip(move.olds, move.news, strict=True):
        found = f"SELECT other.{identifier(new.name)} FROM {move.target.name.sql} AS other WHERE {joined}"
        value = f"({found}{order})"
        part = differs(old.name, old.type, value, "target.")
        if move.way is Way.THERE:
            # rows that do not agree stay as they are: writing one of their values here would write it to all of them
            odd = f"{found} AND {differs(new.name, new.type, value, 'other.')}"
            part = f"({part} AND EXISTS ({found}) AND NOT EXISTS ({odd}))"
        if move.way is Way.LINKS:
            part = f"(target.{identifier(old.name)} IS NULL AND EXISTS ({found}))"
        wrong.append(part)
        own = f"target.{identifier(old.name)}"
        values.append((old.name, f"CASE WHEN {part} THEN {value} ELSE {own} END" if move.way is Way.THERE else value))
    (first, text), *more = values
    return Backfill(
        table=move.source.name,
        column=first,
        value=expression(text),
        keys=move.source.primary_key.columns if move.source.primary_key else (),
        where=" OR ".join(wrong),
        more=tuple((name, expression(item)) for name, item in more),
    )


def parity(move: Move) -> PlanCheck:
    """Finds rows of which the two tables say different things; there are none once the rows are filled."""
    source, target = move.source.name, move.target.name
    joined, unlike = move.joined("target", "source"), _unlike(move, "target")
    match move.way:
        case Way.THERE:
            query = (
                f"SELECT source.*\nFROM {source.sql} AS source JOIN {target.sql} AS target ON {joined}\n"
                f"WHERE ({unlike})\n      AND NOT EXISTS (SELECT FROM {target.sql} AS other "
                f"WHERE {_others(move, 'target')})"
            )
        case Way.ONE:
            query = (
                f"SELECT source.*\nFROM {source.sql} AS source LEFT JOIN {target.sql} AS target ON {joined}\n"
                f"WHERE {unlike}"
            )
        case Way.LINKS:
            linked = f"SELECT FROM {target.sql} AS target WHERE {joined}"
            own = f"source.{identifier(move.olds[0].name)}"
            query = (
                f"SELECT source.*\nFROM {source.sql} AS source\n"
                f"WHERE CASE WHEN {own} IS NULL THEN EXISTS ({linked})\n"
                f"      ELSE NOT EXISTS ({linked} AND {_equal(move, 'target', 'source')}) END"
            )
    name = move.olds[0].name
    return PlanCheck(
        name=f"{source.name}_{name}_moved",
        query=f"{query}\nLIMIT 10",
        about=f"{source}.{name}",
        failure=f"{source} has rows whose {name} is not in step with {target}",
    )


def _trigger(
    move: Move, table: Name, ending: str, when: str, lines: Sequence[str], declared: Sequence[str] = ()
) -> InStep:
    name = object_name("zz", move.source.name.name[:20], move.olds[0].name[:20], ending)
    head = ["DECLARE", *(f"    {line}" for line in declared)] if declared else []
    body = "\n".join([*head, "BEGIN", *(f"    {line}" for line in lines), "    RETURN NEW;", "END"])
    return InStep(table=table, name=name, body=f"\n{body}\n", when=when)


def _to_rows(move: Move) -> list[str]:
    """What the source says goes to every row that refers to it."""
    values = list(zip(move.olds, move.news, strict=True))
    lines: list[str] = []
    for old, new in values:
        own = f"NEW.{identifier(old.name)}"
        lines += [
            f"IF TG_OP = 'INSERT' OR {_changed([old])} THEN",
            f"    UPDATE {move.target.name.sql} AS target SET {identifier(new.name)} = {own}",
            f"    WHERE {move.joined('target', 'NEW')} AND {differs(new.name, new.type, own, 'target.')};",
            "END IF;",
        ]
    return lines


def _declared(move: Move) -> list[str]:
    return [
        f"value_{number} {move.source.name.sql}.{identifier(column.name)}%TYPE;"
        for number, column in enumerate(move.olds, start=1)
    ]


def _given(move: Move) -> list[str]:
    """A row that comes to a row of the source without a value gets the one that is there."""
    key = _columns(move.target.columns, move.key.columns)
    names = ", ".join(f"value_{number}" for number in range(1, len(move.olds) + 1))
    lines = [
        f"IF TG_OP = 'INSERT' OR {_changed(key)} THEN",
        f"    SELECT {_of('source', _names(move.olds))} INTO {names}",
        f"    FROM {move.source.name.sql} AS source WHERE {move.joined('NEW', 'source')} FOR NO KEY UPDATE;",
    ]
    for number, column in enumerate(move.news, start=1):
        own = f"NEW.{identifier(column.name)}"
        lines += [
            f"    IF (TG_OP = 'INSERT' AND {own} IS NULL) OR (TG_OP = 'UPDATE' AND NOT ({_changed([column])})) THEN",
            f"        {own} := value_{number};",
            "    END IF;",
        ]
    return [*lines, "END IF;"]


def _back(move: Move, there: _Lines, gone: _Lines | None = None) -> list[str]:
    """After each change of the other table: the source's row that it referred to, and the one that it refers to."""
    key = _columns(move.target.columns, move.key.columns)
    lines = [
        f"IF TG_OP = 'UPDATE' AND NOT ({_changed([*key, *move.news])}) THEN",
        "    RETURN NEW;",
        "END IF;",
    ]
    moved = f"TG_OP = 'DELETE' OR (TG_OP = 'UPDATE' AND ({_changed(key)}))"
    lines += [f"IF {moved} THEN"]
    lines += [f"    {line}" for line in (_locked(move, "OLD"), *(gone or there)(move, "OLD"))]
    lines += ["END IF;", "IF TG_OP <> 'DELETE' THEN"]
    lines += [f"    {line}" for line in (_locked(move, "NEW"), *there(move, "NEW"))]
    return [*lines, "END IF;"]


def _locked(move: Move, row: str) -> str:
    return f"PERFORM FROM {move.source.name.sql} AS source WHERE {move.joined(row, 'source')} FOR NO KEY UPDATE;"


def _only_row(move: Move, row: str) -> list[str]:
    """The value of the only row that refers to the source's row; of several, none counts more than the others."""
    return [
        f"UPDATE {move.source.name.sql} AS source SET {_sets(move, row)}",
        f"WHERE {move.joined(row, 'source')} AND ({_unlike(move, row)})",
        *_alone(move, row),
    ]


def _row_left(move: Move, row: str) -> list[str]:
    """The same when a row goes, which may leave one alone."""
    return [
        f"UPDATE {move.source.name.sql} AS source SET {_sets(move, 'target')} FROM {move.target.name.sql} AS target",
        f"WHERE {move.joined(row, 'source')} AND {move.joined('target', 'source')} AND ({_unlike(move, 'target')})",
        *_alone(move, "target"),
    ]


def _alone(move: Move, row: str) -> list[str]:
    """The end of a statement for what has no other row besides that."""
    return [
        f"      AND NOT EXISTS (SELECT FROM {move.target.name.sql} AS other",
        f"                      WHERE {_others(move, row)});",
    ]


def _to_own_row(move: Move) -> list[str]:
    """A row of its own for what has a value; nothing is written for a row of the source without one."""
    target, key = move.target.name.sql, move.key.columns
    names = _names(move.news)
    empty = " AND ".join(f"NEW.{identifier(name)} IS NULL" for name in _names(move.olds))
    pairs = list(zip(move.olds, move.news, strict=True))
    cleared = ", ".join(f"{identifier(name)} = NULL" for name in names)
    filled = " OR ".join(f"target.{identifier(name)} IS NOT NULL" for name in names)
    sets = ", ".join(f"{identifier(name)} = excluded.{identifier(name)}" for name in names)
    unlike = " OR ".join(differs(new.name, new.type, f"NEW.{identifier(old.name)}", "target.") for old, new in pairs)
    return [
        f"IF TG_OP = 'UPDATE' AND NOT ({_changed(move.olds)}) THEN",
        "    RETURN NEW;",
        "END IF;",
        f"IF {empty} THEN",
        f"    UPDATE {target} AS target SET {cleared} WHERE {move.joined('target', 'NEW')} AND ({filled});",
        "ELSE",
        f"    INSERT INTO {target} AS target ({identifiers((*key, *names))})",
        f"    VALUES ({_of('NEW', (*move.parent_key, *_names(move.olds)))})",
        f"    ON CONFLICT ({identifiers(key)}) DO UPDATE SET {sets} WHERE {unlike};",
        "END IF;",
    ]


def _own_row(move: Move, row: str) -> list[str]:
    return [
        f"UPDATE {move.source.name.sql} AS source SET {_sets(move, row)}",
        f"WHERE {move.joined(row, 'source')} AND ({_unlike(move, row)});",
    ]


def _emptied(move: Move, row: str) -> list[str]:
    sets = ", ".join(f"{identifier(name)} = NULL" for name in _names(move.olds))
    filled = " OR ".join(f"source.{identifier(name)} IS NOT NULL" for name in _names(move.olds))
    return [
        f"UPDATE {move.source.name.sql} AS source SET {sets}",
        f"WHERE {move.joined(row, 'source')} AND ({filled});",
    ]


def _to_links(move: Move) -> list[str]:
    """The value's link takes the place of the former value's; further links stay."""
    target, (old,) = move.target.name.sql, move.olds
    columns = identifiers((*move.key.columns, *_names(move.news)))
    return [
        f"IF TG_OP = 'UPDATE' AND NOT ({_changed(move.olds)}) THEN",
        "    RETURN NEW;",
        "END IF;",
        f"IF NEW.{identifier(old.name)} IS NOT NULL THEN",
        f"    INSERT INTO {target} ({columns})",
        f"    VALUES ({_of('NEW', (*move.parent_key, old.name))}) ON CONFLICT DO NOTHING;",
        "END IF;",
        "IF TG_OP = 'UPDATE' THEN",
        f"    DELETE FROM {target} AS target",
        f"    WHERE {move.joined('target', 'NEW')} AND {_equal(move, 'target', 'OLD')};",
        "END IF;",
    ]


def _one_link(move: Move, row: str) -> list[str]:
    """The value stays while there is a link for it; else it is that of the first link, or none."""
    target, (old,), (new,) = move.target.name.sql, move.olds, move.news
    any_link = f"FROM {target} AS target WHERE {move.joined('target', 'source')}"
    own = identifier(new.name)
    return [
        f"UPDATE {move.source.name.sql} AS source SET {identifier(old.name)} =",
        f"    (SELECT target.{own} {any_link} ORDER BY target.{own} LIMIT 1)",
        f"WHERE {move.joined(row, 'source')}",
        f"      AND NOT EXISTS (SELECT {any_link} AND {_equal(move, 'target', 'source')})",
        f"      AND (source.{identifier(old.name)} IS NOT NULL OR EXISTS (SELECT {any_link}));",
    ]


def _equal(move: Move, target: str, source: str) -> str:
    return " AND ".join(
        f"{target}.{identifier(new.name)} = {source}.{identifier(old.name)}"
        for old, new in zip(move.olds, move.news, strict=True)
    )


def _sets(move: Move, row: str) -> str:
    """The source's columns, set to what a row of the other table says."""
    return ", ".join(
        f"{identifier(old.name)} = {row}.{identifier(new.name)}" for old, new in zip(move.olds, move.news, strict=True)
    )


def _unlike(move: Move, row: str) -> str:
    """The condition that the source says otherwise than a row of the other table."""
    return " OR ".join(
        differs(old.name, old.type, f"{row}.{identifier(new.name)}", "source.")
        for old, new in zip(move.olds, move.news, strict=True)
    )


def _others(move: Move, row: str) -> str:
    """The condition that `other` belongs to the source's row too, and is another than the one that stands for it."""
    key = move.target.primary_key.columns if move.target.primary_key else ()
    return f"{move.joined('other', 'source')} AND ({_of('other', key)}) <> ({_of(row, key)})"


def _changed(columns: Iterable[Column]) -> str:
    return " OR ".join(
        differs(column.name, column.type, f"OLD.{identifier(column.name)}", "NEW.") for column in columns
    )


def _columns(columns: Iterable[Column], names: Sequence[str]) -> list[Column]:
    return [column for column in columns if column.name in names]


def _names(columns: Iterable[Column]) -> tuple[str, ...]:
    return tuple(column.name for column in columns)


def _of(row: str, names: Iterable[str]) -> str:
    return ", ".join(f"{row}.{identifier(name)}" for name in names)
