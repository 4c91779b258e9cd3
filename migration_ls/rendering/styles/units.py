"""A script as units: transactions, and statements that stand alone."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

from migration_ls.sources.sql.split import split

_FIRST_WORD = re.compile(r"\s*(\w+)")
_SUPPRESSION = re.compile(r"^[ \t]*-- migration-ls: ignore\[.*\n?", re.MULTILINE)
_GUARD = re.compile(r"\ADO \$(\w*)\$.*\bDROP INDEX\b.*\$\1\$\Z", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Unit:
    """Statements without semicolons, each under its comments.

    A `transaction` is one block; what is `alone` must not stand in one, nor be sent together with anything else.
    `settings` are in force around what stands alone.
    """

    kind: Literal["transaction", "alone"]
    statements: tuple[str, ...]
    settings: tuple[tuple[str, str], ...] = ()

    @property
    def sql(self) -> str:
        """As a script."""
        body = "\n".join(f"{statement};" for statement in self.statements)
        if self.kind == "transaction":
            return f"BEGIN;\n{body}\nCOMMIT;"
        before = "".join(f"SET {name} = {value};\n" for name, value in self.settings)
        after = "".join(f"\nRESET {name};" for name, _ in reversed(self.settings))
        return f"{before}{body}{after}"


def units_of(text: str) -> tuple[Unit, ...]:
    """The units of a script that this product made: every statement stands in a transaction or alone."""
    found: list[Unit] = []
    inside: list[str] | None = None
    settings: dict[str, str] = {}
    pending = ""
    for piece in split(text):
        sql = piece.span.of(text)
        leading = pending + piece.leading.of(text).strip()
        pending = ""
        first = _FIRST_WORD.match(sql)
        word = first[1].upper() if first else ""
        if word == "BEGIN":
            inside, pending = [], _line(leading)
        elif word == "COMMIT" and inside is not None:
            found.append(Unit("transaction", tuple(inside)))
            inside = None
        elif inside is not None:
            inside.append(_line(leading) + sql)
        elif word == "SET":
            name, _, value = sql[3:].partition("=")
            settings[name.strip()] = value.strip()
            pending = _line(leading)
        elif word == "RESET":
            settings.pop(sql[5:].strip(), None)
        else:
            found.append(Unit("alone", (_line(leading) + sql,), tuple(settings.items())))
    return tuple(found)


def _line(comments: str) -> str:
    return f"{comments.strip()}\n" if comments.strip() else ""


def bare(statement: str) -> str:
    """The statement without the comments above it."""
    lines = statement.split("\n")
    while lines and (not lines[0].strip() or lines[0].lstrip().startswith("--")):
        lines = lines[1:]
    return "\n".join(lines)


def is_guard(unit: Unit) -> bool:
    """Whether it only drops what a failed build of an index left."""
    return unit.kind == "alone" and _GUARD.match(bare(unit.statements[0])) is not None


def without_guards(units: Iterable[Unit]) -> list[Unit]:
    """The units without guards, whose comments go to what they guard."""
    found: list[Unit] = []
    comments = ""
    for unit in units:
        if is_guard(unit):
            statement = unit.statements[0]
            comments = statement[: len(statement) - len(bare(statement))]
            continue
        found.append(replace(unit, statements=(comments + unit.statements[0], *unit.statements[1:])))
        comments = ""
    return found


def without_suppressions(text: str) -> str:
    """The text without its suppressions."""
    return _SUPPRESSION.sub("", text)


def in_one_transaction(units: Iterable[Unit]) -> Unit:
    """Everything in one transaction, for runners that know nothing else: indexes are built while writers wait."""
    statements: list[str] = []
    for unit in without_guards(units):
        statements += blocking(unit).statements
    return Unit("transaction", tuple(statements))


_ACCEPTED = (
    "-- migration-ls: ignore[{rule}] the runner puts each file in a transaction: on a large table build the index by "
    "hand before, with CONCURRENTLY, and this finds it there\n"
)


def blocking(unit: Unit) -> Unit:
    """What stands alone in the form that a transaction takes."""
    if unit.kind == "transaction":
        return unit
    statements: list[str] = []
    for statement in unit.statements:
        sql = bare(statement)
        comments = statement[: len(statement) - len(sql)]
        if re.match(r"CREATE\b.*\bINDEX CONCURRENTLY\b", sql):
            comments += _ACCEPTED.format(rule="index-not-concurrent")
        if re.match(r"DROP INDEX CONCURRENTLY\b", sql):
            comments += _ACCEPTED.format(rule="drop-index-not-concurrent").replace("build the index", "drop it")
        if re.match(r"DO\b", sql):
            # batches cannot be committed one by one here
            sql = re.sub(r"^ *(?:COMMIT|PERFORM pg_sleep\([\d.]+\));\n", "", sql, flags=re.MULTILINE)
        statements.append(comments + re.sub(r"\bINDEX CONCURRENTLY\b", "INDEX", sql))
    limits = ("SET LOCAL lock_timeout = '2s'", "SET LOCAL statement_timeout = 0")
    return Unit("transaction", (*limits, *statements))


def as_single_query(unit: Unit) -> Unit:
    """An index that is built by a runner which sends one statement at a time: a leftover must not be accepted."""

    def plain(statement: str) -> str:
        return re.sub(r"\b(CREATE (?:UNIQUE )?INDEX CONCURRENTLY) IF NOT EXISTS\b", r"\1", statement)

    return replace(unit, statements=tuple(plain(statement) for statement in unit.statements), settings=())
