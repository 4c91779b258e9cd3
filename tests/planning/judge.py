# ruff: noqa: T201 - a command that prints
"""The judges of plans: what a plan from one schema to another must do on a real server filled with rows.

`python -m tests.planning.judge --count 100 --seed 1` runs random pairs and prints what does not hold.
"""

import argparse
import sys
import threading
import time
import traceback
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from random import Random
from typing import TYPE_CHECKING, Any

import psycopg

from migration_ls.diffing.differences import differences
from migration_ls.operations.base import Grade
from migration_ls.operations.replay import final_schema, replay
from migration_ls.planning.plan import Phase, Plan
from migration_ls.planning.planner import plan
from migration_ls.planning.situation import Situation
from migration_ls.rendering.sql.losses import losses_in
from migration_ls.rendering.sql.versions import Version, versions
from migration_ls.rules.finding import Severity
from migration_ls.rules.registry import find
from migration_ls.rules.rule import RuleSettings, Script
from migration_ls.rules.suppressions import Language, apply
from migration_ls.schema import request as asked
from migration_ls.schema.names import Name
from migration_ls.schema.origin import Origin
from migration_ls.schema.request import Change, Request
from migration_ls.schema.request import Grade as Wish
from migration_ls.schema.schema import Schema
from migration_ls.sources.sql.reader import read_sql
from migration_ls.text.span import Span
from migration_ls.verification.catalog import catalog, difference, rows, rows_difference
from migration_ls.verification.database import Database, Server
from migration_ls.verification.fill import fill
from migration_ls.verification.losses import catalog_left, rows_left
from migration_ls.verification.script import Line, ScriptError, SqlFile, execute, failures, lines_of
from migration_ls.workspace.needed import settled_versions

if TYPE_CHECKING:
    from tests.planning.worlds import World

LOCK_TIMEOUT_SECONDS = 2.0
SLACK_SECONDS = 1.5
ROWS = 25


@dataclass
class Case:
    """What to judge: two schemas as SQL, restrictions held while rows are made, and what is known of production."""

    before: str
    after: str
    holds: list[tuple[str, str]] = field(default_factory=list)
    situation: Mapping[str, Any] = field(default_factory=dict)
    kills: int | None = None
    """How many kills to try per version; None for one after every statement."""
    rows: int = ROWS
    asked: list[Change] = field(default_factory=list)
    """Changes that the schemas alone do not tell: renames, expressions."""
    meanwhile: str = ""
    """What the new release writes before the contract."""


@dataclass
class Verdict:
    plan: Plan
    versions: tuple[Version, ...]
    problems: list[str] = field(default_factory=list)
    longest_wait: float = 0.0


def schema_of_sql(text: str) -> Schema:
    reading = read_sql(text)
    assert not reading.problems, reading.problems
    return final_schema(Schema(), reading.statements)


def judge(server: Server, case: Case, rng: Random | None = None) -> Verdict:
    """Everything that does not hold, in words."""
    current, wanted = schema_of_sql(case.before), schema_of_sql(case.after)
    made = plan(Situation(current=current, wanted=wanted, postgres=server.major, **case.situation), requests_of(case))
    return judge_plan(server, case, made, rng)


def judge_plan(server: Server, case: Case, made: Plan, rng: Random | None = None) -> Verdict:
    """As `judge`, for a plan that is made already."""
    found = settled_versions(versions(made), made.current, RuleSettings(postgres=server.major))
    verdict = Verdict(plan=made, versions=found)
    for item in made.unplanned:
        verdict.problems.append(f"unplanned: {item.what}: {item.why}")
    verdict.problems += _reading(made, verdict.versions, server.major)
    if not verdict.problems:
        _Round(server, case, verdict, rng or Random(0)).run()
    return verdict


def requests_of(case: Case) -> list[Request]:
    origin = Origin(path="spec.md", span=Span(0, 1), line=0)
    return [Request(change=change, origin=origin, grade=Wish.DECLARED, evidence="asked for") for change in case.asked]


def _reading(made: Plan, found: tuple[Version, ...], major: int) -> Iterator[str]:
    """What reading the files back tells: they lead to the wanted schema, and our own rules are content."""
    schema = made.current
    for version in found:
        before = schema
        for role, text in (
            (version.role, version.forward),
            ("backfill", version.backfill),
            ("validate", version.validate),
        ):
            if text is not None:
                yield from _findings(role, text, schema, major)
                schema = final_schema(schema, read_sql(text).statements)
        yield from _findings("rollback", version.rollback, schema, major)
        back = final_schema(schema, read_sql(version.rollback).statements)
        if grade(made, version.phase) is not Grade.IMPOSSIBLE and (left := differences(back, before)):
            yield f"the rollback of {version.role}, read back, leaves {[_shown(item) for item in left]}"
    if left := differences(schema, made.wanted):
        yield f"planning again yields {[_shown(item) for item in left]}"


def _shown(operation: object) -> str:
    return str(operation)[:300]


def _findings(role: str, text: str, schema: Schema, major: int) -> Iterator[str]:
    reading = read_sql(text)
    for problem in reading.problems:
        yield f"{role} does not parse: {problem.message}"
    script = Script(
        path=f"{role}.sql",
        text=text,
        statements=replay(schema, reading.statements, postgres=major),
        settings=RuleSettings(postgres=major),
        base=schema,
        role=role,
        generated=True,
    )
    spans = [item.statement.span for item in script.statements]
    parted = apply(find(script), text, Language.SQL, path=script.path, statements=spans)
    for finding in (*parted.kept, *parted.unused):
        if finding.severity in {Severity.ERROR, Severity.WARNING} or finding.rule == "unused-suppression":
            line = text.count("\n", 0, finding.span.start)
            yield f"{role}: {finding.rule}: {finding.message} | {text.splitlines()[line][:150]}"


def grade(made: Plan, phase: Phase) -> Grade:
    """The worst grade of the steps of a phase."""
    grades = {step.inverse_grade for step in made.in_phase(phase)}
    return next((one for one in (Grade.IMPOSSIBLE, Grade.LOSES) if one in grades), Grade.EXACT)


def renames(world: "World") -> list[Change]:
    """What the new names of a world are asked for by."""
    return [
        asked.RenameColumn(table=Name(table), column=column, to=to)
        if column
        else asked.RenameTable(table=Name(table), to=to)
        for table, column, to in world.renames()
    ]


class _Round:
    """One pair on one server."""

    def __init__(self, server: Server, case: Case, verdict: Verdict, rng: Random) -> None:
        self.server = server
        self.case = case
        self.verdict = verdict
        self.rng = rng

    def run(self) -> None:
        with self.server.database() as target, self.server.database() as work:
            run_text(target, "wanted", self.case.after)
            wanted = catalog(target)
            self._prepare(work)
            start, start_rows = catalog(work), rows(work)
            all_exact = True
            for version in self.verdict.versions:
                if version.phase is Phase.CONTRACT:
                    run_text(work, "meanwhile", self.case.meanwhile)
                try:
                    all_exact &= self._version(work, version)
                except ScriptError as error:
                    line = self._line(error, version)
                    self._problem(f"{version.role}: {error} | {line}")
                    return
            left = difference(wanted, catalog(work))
            for item in left:
                self._problem(f"after all, {item}")
            if all_exact and len(self.verdict.versions) > 1 and not left:
                for version in reversed(self.verdict.versions):
                    run_text(work, f"rollback of {version.role}", version.rollback)
                self._same("after the rollback of all", start, work, start_rows)

    def _prepare(self, work: Database) -> None:
        run_text(work, "current", self.case.before)
        run_text(work, "holds", "".join(f"{hold};\n" for hold, _ in self.case.holds))
        filled = fill(work, self.case.rows)
        assert not filled.problems, filled.problems
        run_text(work, "free", "".join(f"{free};\n" for _, free in self.case.holds))

    def _version(self, work: Database, version: Version) -> bool:
        """Forward, back, killed, forward again; whether the rollback is exact."""
        worst = grade(self.verdict.plan, version.phase)
        before, before_rows = catalog(work), rows(work)
        if worst is Grade.IMPOSSIBLE:
            self._killed_in_copies(work, version)
            with self.server.database(work) as kept:
                self._losing(kept, work, version)
            return False
        self._forward(work, version, watched=True)
        after, after_rows = catalog(work), rows(work)
        for text in (version.forward, version.backfill):
            if text:
                run_text(work, f"{version.role} a second time", text)
        self._same(f"{version.role} a second time", after, work, after_rows)
        run_text(work, f"rollback of {version.role}", version.rollback)
        self._same(f"rollback of {version.role}", before, work, before_rows)
        run_text(work, f"rollback of {version.role} a second time", version.rollback)
        self._same(f"rollback of {version.role} a second time", before, work, before_rows)
        for number, end in enumerate(self._kills(version)):
            self._killed(work, version, end)
            if number % 2:
                self._forward(work, version)
                self._same(f"{version.role} killed after line {end.line} and run again", after, work, None)
            run_text(work, f"rollback of {version.role} killed after line {end.line}", version.rollback)
            self._same(f"{version.role} killed after line {end.line} and undone", before, work, before_rows)
        self._forward(work, version)
        self._same(f"{version.role} again", after, work, None)
        return worst is Grade.EXACT

    def _losing(self, kept: Database, work: Database, version: Version) -> None:
        """Forward, back and forward again; what is lost is what the rollback says, no more and no less."""
        self._forward(work, version, watched=True)
        after = catalog(work)
        losses = losses_in(version.rollback)
        run_text(work, f"rollback of {version.role}", version.rollback)
        before = catalog(kept)
        gone = catalog_left(before, difference(before, catalog(work)), losses)
        changed = rows_left(kept, work, rows_difference(rows(kept), rows(work)), losses)
        if not gone.said and not changed.said:
            self._problem(f"{version.role}: said to lose {losses}, but nothing is lost")
        for item in (*gone.unsaid, *changed.unsaid):
            self._problem(f"rollback of {version.role}: not said to be lost: {item}")
        self._forward(work, version)
        self._same(f"{version.role} again", after, work, None)

    def _killed_in_copies(self, work: Database, version: Version) -> None:
        ends = self._kills(version)
        if not ends:
            return
        expected = None
        for end in (None, *ends):
            with self.server.database(work) as copy:
                if end is not None:
                    self._killed(copy, version, end)
                self._forward(copy, version)
                if expected is None:
                    expected = catalog(copy)
                else:
                    self._same(f"{version.role} killed after line {end.line} and run again", expected, copy, None)

    def _forward(self, work: Database, version: Version, *, watched: bool = False) -> None:
        if watched:
            with _watched(work, self.verdict):
                self._forward(work, version)
            return
        for role, text in ((version.role, version.forward), ("backfill", version.backfill)):
            if text:
                run_text(work, role, text)
        run_text(work, "validate", version.validate)

    def _kills(self, version: Version) -> list[Line]:
        """Statements after which a kill leaves something behind, alternately undone and run again."""
        ends = [*_ends(version.forward or "")]
        if self.case.kills is not None and len(ends) > self.case.kills:
            ends = [ends[index] for index in sorted(self.rng.sample(range(len(ends)), self.case.kills))]
        return [end for end in ends for _ in range(2)] if self.case.kills is None else ends

    def _killed(self, work: Database, version: Version, end: Line) -> None:
        with work.connect() as connection:
            for line in lines_of(SqlFile(path=version.role, text=version.forward or "")):
                with failures(connection, line):
                    execute(connection, line)
                if line == end:
                    return

    def _same(self, what: str, wanted, work: Database, wanted_rows) -> None:
        for item in difference(wanted, catalog(work)):
            self._problem(f"{what}: {item}")
        if wanted_rows is not None:
            for item in rows_difference(wanted_rows, rows(work)):
                self._problem(f"{what}: {item}")

    def _problem(self, text: str) -> None:
        if text not in self.verdict.problems:
            self.verdict.problems.append(text)

    def _line(self, error: ScriptError, version: Version) -> str:
        texts = {version.role: version.forward, "backfill": version.backfill, "validate": version.validate}
        text = texts.get(error.failure.path, version.rollback) or ""
        return text.split("\n")[error.failure.line - 1] if text else ""


def _ends(text: str) -> Iterator[Line]:
    """The statements that end outside a transaction and do something."""
    inside = False
    for line in lines_of(SqlFile(path="", text=text)):
        word = line.sql.split(None, 1)[0].upper().rstrip(";")
        if word == "BEGIN":
            inside = True
        elif word == "COMMIT":
            inside = False
        if not inside and word not in {"SET", "RESET"}:
            yield Line(path="forward", line=line.line, sql=line.sql)


def run_text(database: Database, path: str, text: str) -> None:
    """Run a whole file."""
    with database.connect() as connection:
        for line in lines_of(SqlFile(path=path, text=text)):
            with failures(connection, line):
                execute(connection, line)


@contextmanager
def _watched(database: Database, verdict: Verdict) -> Iterator[None]:
    """A second session that reads and writes all tables meanwhile, and how long it waited at most."""
    names = [name.sql for name, table in verdict.plan.current.tables.items() if table.kind == "table" and table.columns]
    stop = threading.Event()

    def use() -> None:
        with database.connect() as connection:
            while not stop.is_set():
                for name in names:
                    for statement in (f"SELECT FROM {name} LIMIT 1", f"DELETE FROM {name} WHERE false"):
                        begun = time.monotonic()
                        try:
                            connection.execute(statement.encode())
                        except psycopg.Error as error:
                            if error.sqlstate not in {"42P01", "40P01"}:
                                verdict.problems.append(f"a second session: {error}")
                        verdict.longest_wait = max(verdict.longest_wait, time.monotonic() - begun)
                stop.wait(0.005)

    thread = threading.Thread(target=use)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()
    if verdict.longest_wait > LOCK_TIMEOUT_SECONDS + SLACK_SECONDS:
        verdict.problems.append(f"a second session waited {verdict.longest_wait:.1f} s")


def main() -> None:
    """Judge random pairs and print what does not hold."""
    from migration_ls.verification.engine import choose_engine
    from migration_ls.verification.server import throwaway_server
    from tests.planning.worlds import KINDS, Maker

    parser = argparse.ArgumentParser()
    parser.add_argument("--count", type=int, default=20)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--major", type=int, default=15)
    parser.add_argument("--kills", type=int, default=3)
    parser.add_argument("--most", type=int, default=5)
    parser.add_argument("--only", nargs="*", default=())
    parser.add_argument("--show", action="store_true")
    arguments = parser.parse_args()
    if arguments.only:
        KINDS[:] = arguments.only
    failed = 0
    begun = time.monotonic()
    with throwaway_server(choose_engine(arguments.major)) as server:
        for seed in range(arguments.seed, arguments.seed + arguments.count):
            pair = Maker(Random(seed)).pair(arguments.most)
            simple = {"downtime": True} if seed % 4 == 0 else {}
            case = Case(
                pair.before.sql(),
                pair.after.sql(),
                pair.holds,
                situation=simple,
                kills=arguments.kills,
                asked=renames(pair.after),
            )
            problems: list[str] = []
            try:
                problems = judge(server, case, Random(seed)).problems
            except Exception as error:  # noqa: BLE001 - the next pair shall be judged too
                problems = [f"{type(error).__name__}: {error}", traceback.format_exc()[-700:]]
            if problems:
                failed += 1
                print(f"== seed {seed}: {', '.join(pair.kinds)}")
                for problem in problems[:6]:
                    print(f"   {problem}")
            if arguments.show:
                print(pair)
                made = plan(
                    Situation(current=schema_of_sql(case.before), wanted=schema_of_sql(case.after)), requests_of(case)
                )
                for version in versions(made):
                    for what in ("forward", "backfill", "rollback"):
                        print(f"---- {version.role}: {what}\n{getattr(version, what)}")
    print(f"{failed} of {arguments.count} failed in {time.monotonic() - begun:.0f} s")
    sys.exit(bool(failed))


if __name__ == "__main__":
    main()
