"""Runs cases on real servers and says where what is claimed about a statement and what it did differ."""

import argparse
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from migration_ls.operations.change_rows import ChangeRows
from migration_ls.operations.effect import Effect, Hazard, Lock, Probe
from migration_ls.operations.replay import ReplayedStatement, final_schema, replay
from migration_ls.postgres.locks import LockMode
from migration_ls.postgres.versions import NEWEST, OLDEST
from migration_ls.rules import suppressions
from migration_ls.rules.finding import Finding
from migration_ls.rules.registry import find
from migration_ls.rules.rule import RuleSettings, Script
from migration_ls.schema.names import Name
from migration_ls.schema.schema import Schema
from migration_ls.sources.sql.reader import read_sql
from migration_ls.verification.database import Connection, Database, Server
from migration_ls.verification.fetch import exact_engine
from migration_ls.verification.previous_release import failing
from migration_ls.verification.script import SqlFile, lines_of, run_file
from migration_ls.verification.server import throwaway_server
from migration_ls.verification.trace import Observed, tracing
from tests.truth import afterwards, release
from tests.truth.corpus import FOLDER, Case, load

TIME_ZONE = "America/Lima"
"""Of the judge's servers: none that a statement could take for UTC."""
_EMPTY = """
DO $$ DECLARE one record; BEGIN
  FOR one IN SELECT format('%I.%I', n.nspname, c.relname) AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p') AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'
  LOOP EXECUTE 'TRUNCATE ' || one.name || ' CASCADE'; END LOOP;
END $$
"""


@dataclass(frozen=True, slots=True)
class Disagreement:
    """Something claimed that a server does not show, or shown that was not claimed."""

    case: Case
    major: int
    about: str
    detail: str

    def __str__(self) -> str:
        """`[15] alter_types: widen varchar: locks: ...`."""
        return f"[{self.major}] {self.case}: {self.about}: {self.detail}"


@dataclass(slots=True)
class Run:
    """What one case did on one server."""

    replayed: tuple[ReplayedStatement, ...]
    observed: list[Observed] = field(default_factory=list)
    lost: bool = False
    broken: list[str] = field(default_factory=list)
    findings: tuple[Finding, ...] = ()
    apart: list[str] = field(default_factory=list)
    """In what the schema after it is not what the catalogs show."""
    foretold: list[str] = field(default_factory=list)
    """The queries of the first statement's effect that returned rows before it ran."""

    @property
    def error(self) -> bool:
        """Whether a statement failed."""
        return any(item.error for item in self.observed)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the judge found in a case: where claims and server differ, which rules spoke, how many statements ran.

    `danger` is what the server showed to be dangerous, `warned` whether an error or a warning was told.
    """

    disagreements: tuple[Disagreement, ...]
    rules: frozenset[str]
    statements: int
    danger: str | None
    warned: bool


class Judge:
    """Judges cases on one server; what a file of cases is given is made once.

    Each case runs on filled tables, and again on empty ones: always when `thorough`, else where something failed or
    was said to fail, which is what empty tables are for.
    """

    def __init__(self, server: Server, *, thorough: bool = True) -> None:
        self._server = server
        self._thorough = thorough
        self._templates: dict[str, Database] = {}

    def judge(self, case: Case) -> Verdict:
        """The verdict on a case: on filled tables, and on empty ones, where only what always fails may fail."""
        filled = self._run(case, empty=False)
        found = [*_compare(filled, case, empty=False), *_consequences(filled, case), *_foretold(filled)]
        if "danger" not in case.unseen:
            found += _verdict(filled)
        if self._thorough or filled.error or any(item.effect.fails_always for item in filled.replayed):
            found += _compare(self._run(case, empty=True), case, empty=True)
        return Verdict(
            tuple(Disagreement(case, self._server.major, *item) for item in dict.fromkeys(found)),
            frozenset(finding.rule for finding in filled.findings),
            len(filled.observed),
            _danger(filled),
            any(finding.severity.is_danger for finding in filled.findings),
        )

    def _run(self, case: Case, *, empty: bool) -> Run:
        before = _schema(case.given + "\n" + case.setup, self._server.major)
        run = Run(replay(before, read_sql(case.run).statements, postgres=self._server.major))
        run.findings = _findings(case, before, run.replayed, self._server.major)
        with self._server.database(self._template(case)) as database:
            with database.connect() as connection:
                run_file(connection, SqlFile(path="setup", text=case.setup))
                if empty:
                    connection.execute(_EMPTY)
                    sent, stored, refused = [], {}, set()
                else:
                    sent, stored = release.statements(connection), release.kept(connection)
                    refused = set(failing(connection, sent))
                    run.foretold = [
                        probe.query for probe in _probes(run) if connection.execute(probe.query.encode()).fetchall()
                    ]
            with tracing(database) as tracer:
                for line in lines_of(SqlFile(path="run", text=case.run)):
                    run.observed.append(tracer.run(line))
                    if run.observed[-1].error:
                        break
            if not empty and not run.error:
                with database.connect() as connection:
                    run.lost = release.lost(stored, release.kept(connection))
                    run.broken = _broken(connection, sent, refused)
                    if run.replayed and not _is_open(run):
                        run.apart = list(afterwards.apart(run.replayed[-1].after.schema, afterwards.live(connection)))
        return run

    def _template(self, case: Case) -> Database:
        if case.given not in self._templates:
            database = self._server.create()
            with database.connect() as connection:
                run_file(connection, SqlFile(path=f"{case.area}.sql", text=case.given))
            self._templates[case.given] = database
        return self._templates[case.given]


def _is_open(run: Run) -> bool:
    """Whether the file ends inside a transaction, which the end of the session undoes."""
    return run.replayed[-1].after.transaction is not None


def _broken(connection: Connection, sent: Sequence[str], refused: set[int]) -> list[str]:
    after = failing(connection, sent)
    return [
        f"{sent[place]}: {message}"
        for place, message in after.items()
        # these values may be duplicates; that a new rule refuses them does not mean that the application writes them
        if place not in refused and "duplicate key value" not in message
    ]


@cache
def _schema(sql: str, major: int) -> Schema:
    statements = read_sql(sql).statements
    assert major
    return final_schema(Schema(), statements)


def _findings(case: Case, before: Schema, replayed: tuple[ReplayedStatement, ...], major: int) -> tuple[Finding, ...]:
    script = Script(
        path="002_case.sql",
        text=case.run,
        statements=replayed,
        settings=RuleSettings(postgres=major),
        base=before,
    )
    return suppressions.apply(find(script), case.run, suppressions.Language.SQL, path=script.path).kept


def _compare(run: Run, case: Case, *, empty: bool) -> Iterator[tuple[str, str]]:
    rows = "empty" if empty else "filled"
    if len(run.replayed) < len(run.observed):
        yield "reading", f"{len(run.observed)} statements are run, {len(run.replayed)} were read"
        return
    held: dict[Name, LockMode] = {}
    inside = False
    for replayed, observed in zip(run.replayed, run.observed, strict=False):
        effect = replayed.effect
        guarded = any(step.clause.conditional for step in replayed.steps)
        where = f"`{' '.join(observed.sql.split())[:100]}`"
        if not effect.analysed:
            if "analysis" not in case.unseen:
                yield "analysis", f"{where} is not analysed"
            return
        if observed.error is not None:
            if empty and not effect.fails_always and not (effect.fails and _is_about_rows(replayed)):
                yield "fails_always", f"{where} fails on empty tables: {observed.error.message}"
            elif not effect.fails_always and not effect.fails:
                yield "fails", f"{where} fails: {observed.error.message}"
            return
        if effect.fails_always:
            reasons = ", ".join(effect.fails_always)
            yield "fails_always", f"{where} does not fail ({rows}); claimed: {reasons}: {effect.reason}"
            return
        if not (empty and guarded):
            # whether the statements under a condition or in a loop run is for the rows to say
            yield from (
                (about, f"{where} ({rows}) {detail}")
                for about, detail in _same(
                    effect,
                    observed,
                    held | _renamed(effect, held, run.replayed[0].before.schema),
                    fewer=(empty and _is_about_rows(replayed)) or _rows_decide(replayed),
                )
                if about not in case.unseen
            )
        inside = _is_inside(observed, inside=inside)
        held = _grown(held, observed) if inside else {}


def _renamed(effect: Effect, held: dict[Name, LockMode], before: Schema) -> dict[Name, LockMode]:
    """Under their new names relations that the file renamed before: they are locked as strongly as can be."""
    names = [lock.relation for lock in effect.locks if before.kind(lock.relation) is None]
    return dict.fromkeys(names, LockMode.ACCESS_EXCLUSIVE) if LockMode.ACCESS_EXCLUSIVE in held.values() else {}


def _is_about_rows(replayed: ReplayedStatement) -> bool:
    """Whether the statement changes rows: without rows it locks less, and what it refers to is not there."""
    return any(isinstance(operation, ChangeRows) for operation in replayed.statement.operations)


def _rows_decide(replayed: ReplayedStatement) -> bool:
    """Whether its rows decide what a statement does at all: which WHEN of a MERGE applies."""
    return any(isinstance(operation, ChangeRows) and operation.actions for operation in replayed.statement.operations)


def _same(effect: Effect, observed: Observed, held: dict[Name, LockMode], *, fewer: bool) -> Iterator[tuple[str, str]]:
    claimed = {lock.relation: lock.mode for lock in effect.locks}
    shown = _strongest(observed.locks)
    for relation in sorted(claimed.keys() | shown.keys()):
        said, seen = claimed.get(relation), shown.get(relation)
        if said == seen or (said is not None and held.get(relation, 0) >= max(said, seen or said)):
            # what the transaction holds already is not taken again
            continue
        if fewer and said is not None and (seen is None or seen < said):
            continue
        yield "locks", f"on {relation}: claimed {said or 'none'}, taken {seen or 'none'}"
    if set(effect.rewrites) != set(observed.rewrites):
        yield "rewrites", f"claimed {_names(effect.rewrites)}, done {_names(observed.rewrites)}"
    if set(effect.scans) != set(observed.scans):
        yield "scans", f"claimed {_names(effect.scans)}, done {_names(observed.scans)}"
    rewritten = set(effect.rewrites) | set(observed.rewrites)
    said_built = Counter(str(table) for table in effect.built_on if table not in rewritten)
    seen_built = Counter(str(table) for table in observed.built_on if table not in rewritten)
    if said_built != seen_built:
        yield "builds", f"claimed {dict(said_built)}, done {dict(seen_built)}"
    if not held and effect.transaction_forbidden != (observed.transaction == "forbidden"):
        yield "transaction", f"claimed forbidden: {effect.transaction_forbidden}, shown: {observed.transaction}"


def _consequences(run: Run, case: Case) -> Iterator[tuple[str, str]]:
    effects = [item.effect for item in run.replayed]
    if run.error or not all(effect.analysed for effect in effects):
        return
    claimed_loss = [effect.loses for effect in effects if effect.loses]
    changes_rows = any(item.statement.kind in {"UPDATE", "MERGE", "INSERT"} for item in run.replayed)
    if run.lost and not claimed_loss and not changes_rows and "loses" not in case.unseen:
        yield "loses", "stored values are gone, and nothing was said"
    # a condition may pick no row
    sure = [loss for loss in claimed_loss if "condition" not in loss]
    if sure and not run.lost and "loses" not in case.unseen:
        yield "loses", f"nothing is gone; claimed: {sure[0]}"
    breaks = [hazard for effect in effects for hazard in effect.breaks]
    if run.broken and not breaks and "breaks" not in case.unseen:
        yield "breaks", f"nothing was said, and this fails now: {run.broken[0]}"
    if Hazard.NAME_GONE in breaks and not run.broken and "breaks" not in case.unseen:
        yield "breaks", "everything works as before; claimed: a name is gone"
    if run.apart and "schema" not in case.unseen:
        yield "schema", "; ".join(run.apart)


def _probes(run: Run) -> tuple[Probe, ...]:
    """The queries that tell whether the first statement fails, where rows alone decide."""
    effect = run.replayed[0].effect if run.replayed else Effect()
    return () if effect.fails_always else effect.probes


def _foretold(run: Run) -> Iterator[tuple[str, str]]:
    """Whether the queries that are to tell beforehand whether a statement fails told it."""
    if not _probes(run) or not run.observed:
        return
    error = run.observed[0].error
    if error and not run.foretold and error.message:
        yield "probes", f"it fails, and no query told so: {error.message}"
    if run.foretold and not error:
        yield "probes", f"it does not fail, though rows came from {run.foretold[0]}"


def _verdict(run: Run) -> Iterator[tuple[str, str]]:
    """Whether errors and warnings are told where a server shows danger, and only there."""
    if not all(item.effect.analysed for item in run.replayed):
        return
    why = _danger(run)
    told = [finding for finding in run.findings if finding.severity.is_danger]
    if why and not told:
        yield "danger", f"nobody is warned: {why}"
    if told and not why:
        yield "danger", f"a false alarm: {told[0].rule}: {told[0].message}"


def _danger(run: Run) -> str | None:
    if run.error:
        return "a statement fails"
    if run.lost:
        return "stored values are lost"
    if run.broken:
        return f"the running release breaks: {run.broken[0]}"
    held: dict[Name, LockMode] = {}
    inside = False
    for observed in run.observed:
        now = _grown(held, observed)
        worked = {*observed.rewrites, *observed.scans, *observed.built_on}
        if observed.changed_rows and held:
            worked |= {lock.relation for lock in observed.locks}
        blocked = [name for name, mode in now.items() if mode.blocks_writes or mode.blocks_reads]
        if worked and blocked:
            return f"{blocked[0]} is blocked while {sorted(map(str, worked))} is worked on"
        inside = _is_inside(observed, inside=inside)
        held = now if inside else {}
    return None


def _is_inside(observed: Observed, *, inside: bool) -> bool:
    """Whether a transaction block is open behind a statement."""
    words = [word.rstrip(";") for word in observed.sql.upper().split()[:2]]
    if words[:1] == ["BEGIN"] or words == ["START", "TRANSACTION"]:
        return True
    if words[:1] in (["COMMIT"], ["END"], ["ABORT"], ["ROLLBACK"]) and words[1:] != ["TO"]:
        return False
    return inside


def _grown(held: dict[Name, LockMode], observed: Observed) -> dict[Name, LockMode]:
    return _strongest([*(Lock(name, mode) for name, mode in held.items()), *observed.locks])


def _strongest(locks: Iterable[Lock]) -> dict[Name, LockMode]:
    found: dict[Name, LockMode] = {}
    for lock in locks:
        found[lock.relation] = max(lock.mode, found.get(lock.relation, lock.mode))
    return found


def _names(names: Iterable[Name]) -> list[str]:
    return sorted(map(str, names))


def _summary(verdicts: Sequence[Verdict]) -> str:
    """How many dangerous cases were told, how many safe ones were not, and on how many statements the locks agree."""
    dangerous = [verdict for verdict in verdicts if verdict.danger]
    safe = [verdict for verdict in verdicts if not verdict.danger]
    statements = sum(verdict.statements for verdict in verdicts)
    wrong = {
        (item.case, item.detail.split(" (")[0])
        for verdict in verdicts
        for item in verdict.disagreements
        if item.about == "locks"
    }
    return (
        f"{len(verdicts)} judged; warned of {sum(verdict.warned for verdict in dangerous)} of {len(dangerous)} dangerous, "
        f"{sum(verdict.warned for verdict in safe)} false alarms on {len(safe)} safe; "
        f"locks right on {statements - len(wrong)} of {statements} statements"
    )


def main(arguments: Sequence[str]) -> int:
    """Judge files of cases from the command line."""
    parser = argparse.ArgumentParser(description="Compare claimed effects with what servers do.")
    parser.add_argument("files", nargs="*", type=Path, help="files of cases; all by default")
    parser.add_argument("--majors", default="15", help="such as 13,15,18 or 13-18 (default: 15)")
    parser.add_argument("--case", default="", help="only cases whose name contains this")
    parser.add_argument("--about", default="", help="only disagreements about: locks, scans, danger, ...")
    chosen = parser.parse_args(arguments)
    first, dash, last = chosen.majors.partition("-")
    majors = range(int(first), int(last) + 1) if dash else [int(part) for part in chosen.majors.split(",")]
    paths = [path if path.exists() else FOLDER / path.name for path in chosen.files] or sorted(FOLDER.glob("*.sql"))
    cases = [case for path in paths for case in load(path) if chosen.case in case.name]
    bad = 0
    verdicts: list[Verdict] = []
    for major in majors:
        if not OLDEST <= major <= NEWEST:
            parser.error(f"{major} is no supported major")
        with ExitStack() as stack:
            judge = Judge(stack.enter_context(throwaway_server(exact_engine(major), time_zone=TIME_ZONE)))
            for case in cases:
                if major in case.majors:
                    try:
                        verdicts.append(judge.judge(case))
                        found = verdicts[-1].disagreements
                    except Exception as error:  # noqa: BLE001 - a broken case must not hide the others
                        found = (Disagreement(case, major, "case", f"{type(error).__name__}: {error}"),)
                    shown = [item for item in found if chosen.about in item.about]
                    bad += bool(shown)
                    for item in shown:
                        print(item)  # noqa: T201
    print(_summary(verdicts), f"; {bad} cases in disagreement", sep="")  # noqa: T201
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
