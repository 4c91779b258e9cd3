"""Proving a migration on a real server: forward, checks, previous release, rollback, forward again."""

import time
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import psycopg

from migration_ls.schema.names import Name
from migration_ls.verification.brief_locks import fills, grows_with, long_locks
from migration_ls.verification.catalog import (
    Catalog,
    RowsOf,
    catalog,
    difference,
    rows,
    rows_difference,
    without_labels,
)
from migration_ls.verification.checks import failing_checks, passing_checks
from migration_ls.verification.database import Database, Server, server_at
from migration_ls.verification.engine import Engine
from migration_ls.verification.fill import Filled, fill
from migration_ls.verification.losses import catalog_left, rows_left, staying, words
from migration_ls.verification.previous_release import ReleaseStatement, failing, release_statements
from migration_ls.verification.proof import STEPS, Estimate, Migration, Proof, ProofStep
from migration_ls.verification.script import Failure, ScriptError, SqlFile, lines_of, run_file
from migration_ls.verification.server import throwaway_server
from migration_ls.verification.trace import Observed, existing, tracing

_GROWTH = 4
_Status = psycopg.pq.TransactionStatus


class ProofCancelled(Exception):  # noqa: N818 - not an error
    """The caller's `cancelled` said so; everything was cleaned up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Prepared:
    """A database with the current schema and rows, to be cloned for each proof on it."""

    database: Database
    filled: Filled
    catalog: Catalog
    rows: Mapping[Name, RowsOf]
    larger: dict[tuple[frozenset[Name], int], Database] = field(default_factory=dict)
    """With more rows in some tables, for measuring."""


@dataclass(slots=True, kw_only=True)
class Prover:
    """Proves migrations on one server. What was prepared for one proof is kept for the next on the same schema."""

    server: Server
    wanted_major: int | None = None
    report: Callable[[str], None] = field(default=lambda _: None)
    cancelled: Callable[[], bool] = field(default=lambda: False)
    _prepared: dict[tuple[tuple[SqlFile, ...], tuple[tuple[str, str], ...], int], _Prepared] = field(
        default_factory=dict, repr=False
    )

    def prove(self, migration: Migration) -> Proof:
        """Everything that a real server shows about the migration.

        Raises:
            ProofCancelled: The caller wanted no more.
        """
        proof = Proof(
            engine_label=self.server.label,
            major=self.server.major,
            wanted_major=self.wanted_major,
        )
        steps = _Steps(self.report, migration)
        try:
            prepared = self._prepare(migration, steps)
            observed, estimates = self._round(migration, prepared, steps)
        except _Stop as stop:
            observed, estimates = stop.observed, ()
        return replace(proof, steps=steps.finished(), observed=observed, estimates=estimates)

    def _prepare(self, migration: Migration, steps: "_Steps") -> _Prepared:
        key = (migration.before, migration.assume, migration.rows)
        known = self._prepared.get(key)
        if known is None:
            self.forget()
            steps.begin("current-schema-loads")
            database = self.server.create()
            problem = self._run(database, migration.before)
            if problem is not None:
                self.server.drop(database)
                steps.end(problem)
                raise _Stop
            steps.end()
            steps.begin("rows-fill")
            self._check_cancelled()
            with database.connect() as connection:
                for make, _ in migration.assume:
                    connection.execute(make.encode())
            filled = fill(database, migration.rows, samples=1)
            with database.connect() as connection:
                for _, end in reversed(migration.assume):
                    connection.execute(end.encode())
            known = _Prepared(database=database, filled=filled, catalog=catalog(database), rows=rows(database))
            self._prepared[key] = known
        else:
            steps.begin("current-schema-loads")
            steps.end()
            steps.begin("rows-fill")
        nothing = bool(known.filled.tables) and len(known.filled.problems) == len(known.filled.tables)
        steps.end(*known.filled.problems, passed=not nothing)
        return known

    def forget(self) -> None:
        """Drop what is kept for further proofs."""
        for old in self._prepared.values():
            for database in (old.database, *old.larger.values()):
                self.server.drop(database)
        self._prepared.clear()

    def _larger(self, migration: Migration, prepared: _Prepared, tables: frozenset[Name], size: int) -> Database:
        key = (tables, size)
        if key not in prepared.larger:
            database = self.server.create(prepared.database)
            fill(database, size, seed=migration.rows, only=tables)
            prepared.larger[key] = database
        return prepared.larger[key]

    def _round(
        self, migration: Migration, prepared: _Prepared, steps: "_Steps"
    ) -> tuple[tuple[Observed, ...], tuple[Estimate, ...]]:
        with self.server.database(prepared.database) as database:
            statements = _statements(migration, prepared.filled)
            if migration.validate:
                steps.begin("checks-fail-before")
                passing = passing_checks(database, migration.validate)
                if passing and migration.assume:
                    passing = self._passing_on_any_rows(migration, passing)
                steps.end(*passing)
            works = self._working(database, statements)
            steps.begin("forward-applies")
            observed, problem = self._forward(database, migration.forward)
            steps.end(*filter(None, (problem,)))
            if problem is not None:
                raise _Stop(observed)
            self._after_forward(database, migration, works, steps)
            steps.begin("brief-locks")
            steps.end(*long_locks(observed, migration.rows, migration.production_rows, migration.small_table_rows))
            if migration.rollback:
                self._back_and_forth(database, migration, prepared, steps, observed)
        return observed, self._estimates(migration, prepared, observed)

    def _passing_on_any_rows(self, migration: Migration, passing: tuple[str, ...]) -> tuple[str, ...]:
        """Of these, the checks that pass on rows of any kind too.

        A check of rows that the migration needs anyway can only fail on rows that were not made to satisfy it, and one
        of columns that a trigger keeps in step only on rows that were there before the trigger.
        """
        for with_triggers in (True, False):
            with self.server.database() as database:
                if self._run(database, migration.before) is not None:
                    return passing
                if not with_triggers:
                    with database.connect() as connection:
                        connection.execute(_NO_TRIGGERS)
                fill(database, migration.rows)
                still = set(passing_checks(database, migration.validate))
            passing = tuple(item for item in passing if item in still)
            if not passing:
                break
        return passing

    def _after_forward(
        self, database: Database, migration: Migration, works: Sequence[ReleaseStatement], steps: "_Steps"
    ) -> None:
        self._check_cancelled()
        if migration.validate:
            steps.begin("checks-pass-after")
            steps.end(*failing_checks(database, migration.validate))
        if works:
            steps.begin("previous-release-works")
            with database.connect() as connection:
                broken = failing(connection, [statement.sql for statement in works])
            steps.end(*(f"{works[number].about}: {message}" for number, message in broken.items()))

    def _back_and_forth(
        self,
        database: Database,
        migration: Migration,
        prepared: _Prepared,
        steps: "_Steps",
        observed: tuple[Observed, ...],
    ) -> None:
        steps.begin("rollback-restores-catalog")
        problem = self._run(database, migration.rollback)
        if problem is not None:
            steps.end(problem)
            raise _Stop(observed)
        restored = catalog(database)
        changed = difference(prepared.catalog, without_labels(restored, migration.new_labels))
        left = catalog_left(prepared.catalog, changed, migration.losses)
        stay = () if changed or not difference(prepared.catalog, restored) else staying(migration.new_labels)
        steps.end(*left.unsaid, *words(left), *stay, passed=not left.unsaid)
        steps.begin("rollback-restores-rows")
        moved = rows_difference(prepared.rows, rows(database))
        left = rows_left(prepared.database, database, moved, migration.losses)
        steps.end(*left.unsaid, *words(left), passed=not left.unsaid)
        steps.begin("forward-applies-again")
        problem = self._run(database, migration.forward)
        found = [problem] if problem else []
        if not found and migration.validate:
            found += failing_checks(database, migration.validate)
        steps.end(*found)

    def _working(self, database: Database, statements: Sequence[ReleaseStatement]) -> list[ReleaseStatement]:
        """Those that work before the migration: what fails then proves nothing about it."""
        if not statements:
            return []
        self._check_cancelled()
        with database.connect() as connection:
            broken = failing(connection, [statement.sql for statement in statements])
        return [statement for number, statement in enumerate(statements) if number not in broken]

    def _forward(self, database: Database, files: Sequence[SqlFile]) -> tuple[tuple[Observed, ...], str | None]:
        """Run the files with a trace; what was observed, and the failure in words."""
        observed: list[Observed] = []
        original = existing(database)
        for file in files:
            try:
                lines = lines_of(file)
            except ScriptError as error:
                return tuple(observed), str(error)
            with tracing(database, original) as tracer:
                for line in lines:
                    self._check_cancelled()
                    one = tracer.run(line)
                    observed.append(one)
                    if one.error is not None:
                        return tuple(observed), str(one.error)
                if tracer.subject.info.transaction_status != _Status.IDLE:
                    last = lines[-1].line if lines else 1
                    never = Failure(path=file.path, line=last, message="the transaction is never committed")
                    return tuple(observed), str(never)
        return tuple(observed), None

    def _run(self, database: Database, files: Sequence[SqlFile]) -> str | None:
        """Run the files, each in a session of its own; the failure in words."""
        for file in files:
            self._check_cancelled()
            with database.connect() as connection:
                try:
                    run_file(connection, file)
                except ScriptError as error:
                    return str(error)
        return None

    def _estimates(
        self, migration: Migration, prepared: _Prepared, observed: Sequence[Observed]
    ) -> tuple[Estimate, ...]:
        growing = {
            number: tables
            for number, one in enumerate(observed)
            if (tables := grows_with(one, migration.rows) | fills(one))
        }
        if not growing or not migration.timing_rows:
            return ()
        self.report("measuring how durations grow")
        sizes = (migration.timing_rows, migration.timing_rows * _GROWTH)
        tables = frozenset[Name]().union(*growing.values())
        runs: list[Sequence[Observed]] = []
        for size in sizes:
            self._check_cancelled()
            larger = self._larger(migration, prepared, tables, size)
            with self.server.database(larger) as database:
                run, problem = self._forward(database, migration.forward)
            if problem is not None:
                return ()
            runs.append(run)
        return tuple(
            _estimate(runs[0][number], runs[1][number], sizes, growing[number], migration.production_rows)
            for number in growing
        )

    def _check_cancelled(self) -> None:
        if self.cancelled():
            raise ProofCancelled


def prove(
    engine: Engine,
    migration: Migration,
    *,
    wanted_major: int | None = None,
    report: Callable[[str], None] = lambda _: None,
    cancelled: Callable[[], bool] = lambda: False,
    cache: Path | None = None,
) -> Proof:
    """Prove one migration on a throwaway server of the engine.

    Raises:
        EngineError: The server does not start.
        ProofCancelled: The caller wanted no more.
    """
    with prover(engine, wanted_major=wanted_major, report=report, cancelled=cancelled, cache=cache) as one:
        return one.prove(migration)


@contextmanager
def prover(
    engine: Engine,
    *,
    wanted_major: int | None = None,
    report: Callable[[str], None] = lambda _: None,
    cancelled: Callable[[], bool] = lambda: False,
    cache: Path | None = None,
) -> Generator[Prover]:
    """A prover on a throwaway server of the engine, for several proofs."""
    report(f"starting {engine.label}")
    with throwaway_server(engine, cache=cache) as server:
        yield Prover(server=server, wanted_major=wanted_major, report=report, cancelled=cancelled)


@contextmanager
def prover_at(
    dsn: str,
    *,
    wanted_major: int | None = None,
    report: Callable[[str], None] = lambda _: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Generator[Prover]:
    """A prover on the server that a DSN names, in databases of its own; the named database is never changed."""
    with server_at(dsn) as server:
        yield Prover(server=server, wanted_major=wanted_major, report=report, cancelled=cancelled)


class _Stop(Exception):  # noqa: N818 - a signal inside this module
    def __init__(self, observed: tuple[Observed, ...] = ()) -> None:
        super().__init__()
        self.observed = observed


class _Steps:
    """Collects steps with their times; those that were not reached are named too."""

    def __init__(self, report: Callable[[str], None], migration: Migration) -> None:
        self._report = report
        self._steps: list[ProofStep] = []
        self._name = ""
        self._begun = 0.0
        asked = {"current-schema-loads", "rows-fill", "forward-applies", "brief-locks"}
        if migration.validate:
            asked |= {"checks-fail-before", "checks-pass-after"}
        if migration.rollback:
            asked |= {"rollback-restores-catalog", "rollback-restores-rows", "forward-applies-again"}
        if migration.previous is not None or migration.previous_statements:
            asked.add("previous-release-works")
        self._asked = asked

    def begin(self, name: str) -> None:
        self._name, self._begun = name, time.perf_counter()
        self._report(name)

    def end(self, *problems: str, passed: bool | None = None) -> None:
        self._steps.append(
            ProofStep(
                name=self._name,
                passed=not problems if passed is None else passed,
                detail=problems,
                duration_ms=(time.perf_counter() - self._begun) * 1000,
            )
        )

    def finished(self) -> tuple[ProofStep, ...]:
        done = {step.name: step for step in self._steps}
        failed = next((step.name for step in self._steps if not step.passed), None)
        reason = f"not reached: `{failed}` did not pass" if failed else "nothing to show it with"
        return tuple(
            done.get(name, ProofStep(name=name, passed=False, detail=(reason,)))
            for name in STEPS
            if name in done or name in self._asked
        )


_NO_TRIGGERS = """DO $$
DECLARE name regclass;
BEGIN
    FOR name IN SELECT DISTINCT tgrelid FROM pg_trigger AS t JOIN pg_class AS c ON c.oid = t.tgrelid
        WHERE NOT t.tgisinternal AND c.relkind IN ('r', 'p') LOOP
        EXECUTE format('ALTER TABLE %s DISABLE TRIGGER USER', name);
    END LOOP;
END $$"""
"""On a throwaway database: rows are made as they were before any trigger."""


def _statements(migration: Migration, filled: Filled) -> list[ReleaseStatement]:
    made = release_statements(migration.previous, filled) if migration.previous is not None else ()
    given = (ReleaseStatement(about=" ".join(sql.split())[:80], sql=sql) for sql in migration.previous_statements)
    return [*made, *given]


def _estimate(
    small: Observed, large: Observed, sizes: tuple[int, int], tables: frozenset[Name], production: Mapping[Name, int]
) -> Estimate:
    known = [production[name] for name in tables if name in production]
    expected = max(known) if known else None
    per_row = max(0.0, large.duration_ms - small.duration_ms) / (sizes[1] - sizes[0])
    return Estimate(
        path=small.path,
        line=small.line,
        tables=tuple(sorted(tables)),
        rows=sizes,
        measured_ms=(small.duration_ms, large.duration_ms),
        production_rows=expected,
        expected_ms=None if expected is None else small.duration_ms + per_row * max(0, expected - sizes[0]),
    )
