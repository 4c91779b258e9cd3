"""The files of one migration in the style of its runner."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Literal, assert_never

from migration_ls.rendering.sql.versions import Version
from migration_ls.rendering.styles.revision import RevisionNames, revision_text
from migration_ls.rendering.styles.units import (
    Unit,
    as_single_query,
    bare,
    blocking,
    in_one_transaction,
    units_of,
    without_guards,
    without_suppressions,
)

Style = Literal["dbmate", "goose", "flyway", "golang-migrate", "alembic", "wrapped"]
"""`wrapped`: plain files for a runner that puts each in a transaction."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StyledFile:
    """One migration: what its files contain, by the end of their names (`.sql`, `.up.sql`); the first is the migration.

    `part` is added to the migration's name where it takes several files: `backfill`, `finish`, `2`.
    """

    part: str
    texts: tuple[tuple[str, str], ...]
    held: bool = False
    """Not to be run with the others, but once no process of the previous release is left."""


@dataclass(frozen=True, slots=True)
class _Piece:
    """What one file does, and what undoes it."""

    part: str
    forward: tuple[Unit, ...]
    back: tuple[Unit, ...]
    remarks: str = ""
    held: bool = False


def styled(versions: Sequence[Version], style: Style, names: RevisionNames | None = None) -> tuple[StyledFile, ...]:
    """The migrations of a plan, in the order they run."""
    match style:
        case "goose":
            return tuple(_goose(piece) for piece in _by_version(versions))
        case "flyway":
            return tuple(_flyway(piece) for piece in _by_version(versions))
        case "dbmate":
            return tuple(_dbmate(piece) for piece in _by_query(versions))
        case "golang-migrate":
            return tuple(_golang(piece) for piece in _by_query(versions))
        case "wrapped":
            return tuple(_wrapped(piece) for piece in _by_transaction(versions))
        case "alembic":
            return _alembic(versions, names or RevisionNames(title="migration"))
        case _:
            assert_never(style)


def _by_version(versions: Sequence[Version]) -> list[_Piece]:
    """One file per version, and one for its backfill, for runners that send each statement by itself."""
    found: list[_Piece] = []
    for version in versions:
        part = "" if version.role == "forward" else version.role
        remarks = _remarks(version.rollback)
        back = units_of(version.rollback[len(remarks) :])
        held = version.held
        if version.forward:
            found.append(_Piece(part, units_of(version.forward), back, remarks, held))
        if version.backfill:
            found.append(_Piece("backfill", units_of(version.backfill), () if version.forward else back))
    return found


def _remarks(rollback: str) -> str:
    """What the rollback says of itself: what it cannot bring back."""
    lines = rollback.split("\n")
    stop = next((number for number, line in enumerate(lines) if not line.startswith("--")), len(lines))
    return "\n".join(lines[:stop])


def _by_query(versions: Sequence[Version]) -> list[_Piece]:
    """Files that can be sent as one query: what must stand alone has a file of its own."""
    found: list[_Piece] = []
    for version in versions:
        start = len(found)
        part = "" if version.role == "forward" else version.role
        waiting: list[Unit] = []
        undone: list[Unit] = []
        for forward, back in version.groups:
            units = without_guards(units_of(forward))
            reverse = without_guards(units_of(back))
            if all(unit.kind == "transaction" for unit in (*units, *reverse)):
                waiting += units
                undone = [*reverse, *undone]
                continue
            if waiting:
                found.append(_Piece(part, tuple(waiting), tuple(undone)))
                waiting, undone = [], []
            if len(reverse) > 1:
                reverse = [in_one_transaction(reverse)]
            last = len(units) - 1
            found += [
                _Piece(part, (as_single_query(unit),), tuple(map(as_single_query, reverse)) if number == last else ())
                for number, unit in enumerate(units)
            ]
        if waiting:
            found.append(_Piece(part, tuple(waiting), tuple(undone)))
        found += [_Piece("backfill", (as_single_query(unit),), ()) for unit in units_of(version.backfill or "")]
        held = version.held
        found[start:] = [
            replace(piece, held=held, part="_".join(filter(None, (piece.part, str(number) if number > 1 else ""))))
            for number, piece in enumerate(found[start:], 1)
        ]
    return found


def _by_transaction(versions: Sequence[Version]) -> list[_Piece]:
    """One file per transaction; what must stand outside of any is done in its blocking form, or by hand before."""
    found: list[_Piece] = []
    for version in versions:
        start = len(found)
        held = version.held
        part = "" if version.role == "forward" else version.role
        for forward, back in version.groups:
            units = without_guards(units_of(forward))
            reverse = (in_one_transaction(units_of(back)),) if units_of(back) else ()
            found += [
                _Piece(part, (blocking(unit),), reverse if number == len(units) - 1 else (), "", held)
                for number, unit in enumerate(units)
            ]
        if version.backfill:
            found.append(_Piece("backfill", units_of(version.backfill), (), _BY_HAND, held))
        found[start:] = [
            replace(piece, part="_".join(filter(None, (piece.part, str(number) if number > 1 else ""))))
            for number, piece in enumerate(found[start:], 1)
        ]
    return found


_BY_HAND = "-- Run this by hand with psql, outside a transaction, before the migrations that follow it."


def _wrapped(piece: _Piece) -> StyledFile:
    """Statements without BEGIN and COMMIT; a file that commits by itself is for people, never for the runner."""
    if piece.remarks == _BY_HAND:
        return StyledFile(part=piece.part, texts=((".by-hand.sql", f"{_BY_HAND}\n\n{_script(piece.forward)}"),))

    def body(units: Sequence[Unit]) -> str:
        return "".join(f"{statement};\n" for unit in units for statement in unit.statements)

    undone = body(piece.back) or "-- What stands in the migrations before it undoes it.\n"
    return StyledFile(
        part=piece.part, texts=((".sql", body(piece.forward)), ("_rollback.sql", undone)), held=piece.held
    )


def _script(units: Sequence[Unit]) -> str:
    return "\n\n".join(unit.sql for unit in units) + "\n" if units else ""


def _undone(piece: _Piece) -> str:
    remarks = f"{piece.remarks}\n\n" if piece.remarks else ""
    return remarks + (_script(piece.back) if piece.back else "-- What stands in the migrations before it undoes it.\n")


def _dbmate(piece: _Piece) -> StyledFile:
    text = (
        f"-- migrate:up transaction:false\n\n{_script(piece.forward)}\n"
        f"-- migrate:down transaction:false\n\n{without_suppressions(_undone(piece))}"
    )
    return StyledFile(part=piece.part, texts=((".sql", text),), held=piece.held)


def _golang(piece: _Piece) -> StyledFile:
    texts = ((".up.sql", _script(piece.forward)), (".down.sql", _undone(piece)))
    return StyledFile(part=piece.part, texts=texts, held=piece.held)


def _flyway(piece: _Piece) -> StyledFile:
    conf = "executeInTransaction=false\n"
    return StyledFile(
        part=piece.part,
        texts=(
            (".sql", _script(piece.forward)),
            (".sql.conf", conf),
            (".undo.sql", _undone(piece)),
            (".undo.sql.conf", conf),
        ),
        held=piece.held,
    )


def _goose(piece: _Piece) -> StyledFile:
    """Each transaction is one statement for goose, so that it never spreads over connections."""

    def marked(units: Sequence[Unit]) -> str:
        return "\n\n".join(_goose_unit(unit) for unit in units) + "\n" if units else ""

    remarks = f"{piece.remarks}\n\n" if piece.remarks else ""
    down = remarks + (without_suppressions(marked(piece.back)) or "SELECT 'undone by the migrations before it';\n")
    text = f"-- +goose NO TRANSACTION\n-- +goose Up\n\n{marked(piece.forward)}\n-- +goose Down\n\n{down}"
    return StyledFile(part=piece.part, texts=((".sql", text),), held=piece.held)


def _goose_unit(unit: Unit) -> str:
    if unit.kind == "transaction":
        return f"-- +goose StatementBegin\n{unit.sql}\n-- +goose StatementEnd"
    marked = replace(unit, statements=tuple(_if_dollars(statement) for statement in unit.statements))
    lines = marked.sql
    return lines.replace("\n-- +goose StatementEnd;", ";\n-- +goose StatementEnd")


def _if_dollars(statement: str) -> str:
    """Semicolons inside of a DO block do not end it."""
    if not re.match(r"DO\b", bare(statement)):
        return statement
    return f"-- +goose StatementBegin\n{statement}\n-- +goose StatementEnd"


def _alembic(versions: Sequence[Version], names: RevisionNames) -> tuple[StyledFile, ...]:
    found: list[StyledFile] = []
    down = names.down_revision
    for number, piece in enumerate(_by_version(versions)):
        revision = names.revision(number)
        message = "_".join(filter(None, (names.title, piece.part)))
        text = revision_text(
            message,
            revision,
            down,
            piece.forward,
            without(piece.back),
            piece.remarks,
            created=names.created,
        )
        found.append(StyledFile(part=piece.part, texts=((".py", text),), held=piece.held))
        down = revision
    return tuple(found)


def without(units: tuple[Unit, ...]) -> tuple[Unit, ...]:
    """Without suppressions: the way back in a file of both is looked at by no rule, and they would be unused."""
    clean: Callable[[str], str] = without_suppressions
    return tuple(replace(unit, statements=tuple(clean(statement) for statement in unit.statements)) for unit in units)
