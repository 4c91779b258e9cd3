"""What single statements do on a real server: locks, rewrites, scans, index builds, time."""

import re
import threading
import time
from collections.abc import Generator, Iterable, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from typing import Literal, LiteralString

import psycopg
from psycopg import sql as composed

from migration_ls.operations.effect import Lock
from migration_ls.postgres.locks import LockMode
from migration_ls.schema.names import Name
from migration_ls.verification.database import Connection, Database
from migration_ls.verification.script import Failure, Line, execute, failure_of

_Status = psycopg.pq.TransactionStatus
_FORBIDDEN = re.compile(
    r"\s*(?:(?:create|drop|reindex)\b.*\bconcurrently\b|alter\s+table\b.*\bdetach\b.*\bconcurrently\b|vacuum\b"
    r"|(?:create|drop)\s+(?:database|tablespace)\b|alter\s+system\b|reindex\s+(?:\([^)]*\)\s*)?(?:database|system)\b"
    r"|(?:create|drop|alter)\s+subscription\b)",
    re.IGNORECASE | re.DOTALL,
)
_ENDS = re.compile(r"\s*(?:commit|end|abort|rollback(?!\s+(?:work\s+|transaction\s+)?to\b))\b", re.IGNORECASE)
_WIDE = re.compile(r"\s*reindex\b.*?\b(schema|database|system)\b", re.IGNORECASE | re.DOTALL)
_NEW_PARTITION = re.compile(r"\s*create\b.*\bpartition\s+of\b", re.IGNORECASE | re.DOTALL)
_DETACH = re.compile(r"\s*alter\s+table\b.*\bdetach\s+partition\b", re.IGNORECASE | re.DOTALL)
_MAY_COMMIT = re.compile(r"\s*(?:do|call)\b", re.IGNORECASE)
_CONTROL = re.compile(
    r"\s*(?:begin|start\s+transaction|commit|end|rollback|abort|savepoint|release|prepare\s+transaction)\b",
    re.IGNORECASE,
)
_RESETS_MESSAGES = re.compile(r"client_min_messages|\breset\s+all\b|\bdiscard\s+all\b", re.IGNORECASE)
_DOMAIN = re.compile(r"\s*alter\s+domain\b", re.IGNORECASE)
"""Reads every table with a column of the domain, and says nothing of it."""
_FORBIDDEN_STATES = frozenset({"25001", "2D000"})
"""Cannot run inside a transaction block; a procedure's or block's own COMMIT inside one."""
_SAMPLE_SECONDS = 0.001
_HOLD_SECONDS = 5.0
_MODES = {mode.catalog_name: mode for mode in LockMode}
_NOTICES = {
    "scan": re.compile(r'verifying table "(.+)"'),
    "rewrite": re.compile(r'rewriting table "(.+)"'),
    "key": re.compile(r'validating foreign key constraint "(.+)"'),
    "build": re.compile(r'building index "(.+)" on table "(.+?)"'),
}
_RELATIONS = """
SELECT c.oid, n.nspname, c.relname, c.relkind::text, pg_relation_filenode(c.oid)
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p', 'm', 'v', 'S', 'f', 'i', 'I')
  AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'
"""
_LOCKS = """
SELECT relation, mode, granted FROM pg_locks
WHERE pid = %s AND locktype = 'relation' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""
_PROVEN_KEYS = "SELECT oid FROM pg_constraint WHERE contype = 'f' AND convalidated"
_DEFAULT_SCANS = """
SELECT c.oid, pg_stat_get_xact_numscans(c.oid) FROM pg_class c
WHERE c.relispartition AND c.relkind = 'r' AND pg_get_expr(c.relpartbound, c.oid) = 'DEFAULT'
"""
"""No message says that a new partition had the default one read, but the transaction's own counters do."""
_TABLE_OF_INDEX = "SELECT indexrelid, indrelid FROM pg_index"
_PARTS = "SELECT inhrelid, inhparent FROM pg_inherits ORDER BY inhseqno, inhrelid"
_TABLES_OF_KEY = "SELECT conname, conrelid, confrelid, oid FROM pg_constraint WHERE contype = 'f'"
"""A foreign key is proven by one query that joins all rows of both tables (`RI_Initial_Check`)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Observed:
    """What one statement did. Relations are those that were there before the first traced statement, no indexes."""

    path: str
    line: int
    """From 1."""
    sql: str
    locks: tuple[Lock, ...] = ()
    """Every mode it took that its transaction did not hold yet, by relation and mode."""
    held: tuple[Lock, ...] = ()
    """The strongest mode per relation that its transaction holds when it ends."""
    rewrites: tuple[Name, ...] = ()
    """Tables that got a new file."""
    scans: tuple[Name, ...] = ()
    """Tables whose rows were all read to prove something."""
    builds: tuple[str, ...] = ()
    """Indexes that were built on tables that were there before."""
    built_on: tuple[Name, ...] = ()
    changed_rows: int | None = None
    duration_ms: float = 0.0
    transaction: Literal["any", "forbidden"] = "any"
    error: Failure | None = None

    def strongest(self, relation: Name) -> LockMode | None:
        """The strongest mode it took on the relation."""
        return max((lock.mode for lock in self.locks if lock.relation == relation), default=None)


@dataclass(frozen=True, slots=True)
class _Relation:
    name: Name
    kind: str
    file: int | None


@dataclass(frozen=True, slots=True)
class _Outcome:
    duration_ms: float
    error: Failure | None
    changed_rows: int | None


_Held = frozenset[tuple[int, LockMode]]


@dataclass(slots=True)
class Tracer:
    """Runs statements on one connection and watches them from another; made by `tracing`."""

    subject: Connection
    watcher: Connection
    database: Database
    _notices: list[str]
    _original: frozenset[int]
    _held: _Held = field(default_factory=frozenset)
    _last: dict[int, _Relation] | None = None
    """The relations after the last statement, where nothing else can have changed them since."""
    _proven: frozenset[int] = frozenset()
    """Foreign keys that were valid before the statement."""
    _default_scans: frozenset[tuple[int, int]] = frozenset()

    def run(self, line: Line) -> Observed:
        """Run one statement. Its failure is part of the answer; the transaction is left as the server left it."""
        if _CONTROL.match(line.sql) or self.subject.info.transaction_status == _Status.INERROR:
            return self._run_plain(line)
        if self.subject.info.transaction_status == _Status.INTRANS:
            return self._run_inside(line, commit=False)
        if _FORBIDDEN.match(line.sql) or (_MAY_COMMIT.match(line.sql) and "commit" in line.sql.lower()):
            return self._run_sampled(line)
        if _is_setting(line.sql):
            return self._run_plain(line)
        self.subject.execute("BEGIN")
        observed = self._run_inside(line, commit=True)
        if observed.error is not None and observed.error.sqlstate in _FORBIDDEN_STATES:
            return self._run_sampled(line)
        return observed

    def start(self) -> None:
        """From here on, the relations that exist now count as those that were there before."""
        self._original = frozenset(self._relations())

    def _run_plain(self, line: Line) -> Observed:
        outcome = self._execute(line)
        self._last = None
        if self.subject.info.transaction_status == _Status.IDLE or _ENDS.match(line.sql):
            self._held = frozenset()
        return _with(Observed(path=line.path, line=line.line, sql=line.sql), outcome)

    def _run_inside(self, line: Line, *, commit: bool) -> Observed:
        before = self._relations() if self._last is None else self._last
        self._look()
        self._notices.clear()
        counted = self._scan_counts() if _DOMAIN.match(line.sql) else None
        outcome = self._execute(line)
        taken = self._locks() if outcome.error is None else self._held
        if counted is not None and outcome.error is None:
            now = self._scan_counts()
            self._notices += [f'verifying table "{name}"' for name in now if now[name] > counted.get(name, 0)]
        notices = tuple(self._notices)
        after = self._relations() if outcome.error is None else before
        self._last = after
        observed = self._observed(line, before, after, notices, taken)
        if commit:
            # the commit belongs to the statement: it runs what is deferred
            end = self._execute(replace(line, sql="COMMIT" if outcome.error is None else "ROLLBACK"))
            error = outcome.error or end.error
            outcome = replace(outcome, duration_ms=outcome.duration_ms + end.duration_ms, error=error)
            self._last = after if outcome.error is None else None
        self._held = frozenset() if commit else taken
        return _with(observed, outcome)

    def _run_sampled(self, line: Line) -> Observed:
        """Run a statement that allows no transaction block, in a thread, and look at its locks all the time.

        It waits for those who hold weaker locks on its tables, so a third connection holds them until it was seen.
        """
        before = self._relations()
        self._look()
        self._notices.clear()
        modes: tuple[LiteralString, ...] = ("ROW EXCLUSIVE", "SHARE UPDATE EXCLUSIVE")
        if _MAY_COMMIT.match(line.sql):
            modes = ("EXCLUSIVE",)
        outcome: list[_Outcome] = []
        thread = threading.Thread(target=lambda: outcome.append(self._execute(line)), daemon=True)
        seen: set[tuple[int, LockMode]] = set()
        with ExitStack() as stack:
            names = self._mentioned(line.sql, before)
            holders = [_hold(stack, self.database, name, mode) for mode in modes for name in names]
            thread.start()
            self._watch(thread, seen, {holder.info.backend_pid: holder for holder in holders})
            thread.join()
        notices = tuple(self._notices)
        self._last = self._relations()
        observed = self._observed(line, before, self._last, notices, frozenset(seen))
        self._held = frozenset()
        return replace(_with(observed, outcome[0]), transaction="forbidden")

    def _watch(self, thread: threading.Thread, seen: set[tuple[int, LockMode]], holders: dict[int, Connection]) -> None:
        """Collect locks until the statement ends; whoever it waits for lets go once that was seen."""
        deadline = time.monotonic() + _HOLD_SECONDS
        while thread.is_alive():
            seen |= self._locks()
            if holders:
                row = self.watcher.execute("SELECT pg_blocking_pids(%s)", (self.subject.info.backend_pid,)).fetchone()
                blockers = row[0] if row and isinstance(row[0], list) else []
                if blocking := [pid for pid in holders if pid in blockers]:
                    seen |= self._locks()
                    # the last one holds the mode that is given up first
                    holders.pop(blocking[-1]).execute("ROLLBACK")
                    deadline = time.monotonic() + _HOLD_SECONDS
                elif time.monotonic() > deadline:
                    while holders:
                        holders.popitem()[1].execute("ROLLBACK")
            time.sleep(_SAMPLE_SECONDS)

    def _mentioned(self, sql: str, relations: Mapping[int, _Relation]) -> list[Name]:
        """Tables a statement may wait for: named in it, or with an index that is; parents come last."""
        words = set(re.findall(r"[\w$]+", sql.lower()))
        wide = _WIDE.match(sql)
        owners = {_int(index): _int(table) for index, table in self.watcher.execute(_TABLE_OF_INDEX).fetchall()}
        found: dict[int, _Relation] = {}
        for oid, relation in relations.items():
            named = set(re.findall(r"[\w$]+", relation.name.name.lower())) <= words
            if not named and not (wide and (wide[1].lower() != "schema" or relation.name.namespace.lower() in words)):
                continue
            owner = owners.get(oid, oid)
            if owner in relations and relations[owner].kind in "rpm":
                found[owner] = relations[owner]
        for child, parent in self.watcher.execute(_PARTS).fetchall():
            if _int(parent) in found and _int(child) in relations and relations[_int(child)].kind in "rp":
                found[_int(child)] = relations[_int(child)]
        for _, table, other, _ in self.watcher.execute(_TABLES_OF_KEY).fetchall() if _DETACH.match(sql) else ():
            if _int(table) in found and _int(other) in relations:
                found[_int(other)] = relations[_int(other)]
        ordered = sorted(found.values(), key=lambda relation: (relation.kind == "p", relation.name))
        return [relation.name for relation in ordered if relation.kind in "rp"]

    def _execute(self, line: Line) -> _Outcome:
        begun = time.perf_counter()
        error: Failure | None = None
        changed: int | None = None
        try:
            changed = execute(self.subject, line)
        except psycopg.Error as problem:
            error = failure_of(problem, line)
        duration = (time.perf_counter() - begun) * 1000
        if _RESETS_MESSAGES.search(line.sql) and self.subject.info.transaction_status != _Status.INERROR:
            _listen(self.subject)
        return _Outcome(duration, error, changed)

    def _look(self) -> None:
        """Note what is compared with afterwards."""
        self._proven = frozenset(_int(row[0]) for row in self.subject.execute(_PROVEN_KEYS).fetchall())
        self._default_scans = self._count_scans()

    def _count_scans(self) -> frozenset[tuple[int, int]]:
        rows = self.subject.execute(_DEFAULT_SCANS).fetchall()
        return frozenset((_int(row[0]), _int(row[1])) for row in rows)

    def _relations(self) -> dict[int, _Relation]:
        rows = self.subject.execute(_RELATIONS).fetchall()
        return {
            _int(row[0]): _Relation(Name(str(row[2]), str(row[1])), str(row[3]), _maybe_int(row[4])) for row in rows
        }

    def _scan_counts(self) -> dict[str, int]:
        """How often each table was read from end to end in this transaction."""
        rows = self.subject.execute("SELECT relname::text, seq_scan FROM pg_stat_xact_user_tables").fetchall()
        return {str(name): _int(count) for name, count in rows if count is not None}

    def _locks(self) -> _Held:
        rows = self.watcher.execute(_LOCKS, (self.subject.info.backend_pid,)).fetchall()
        return frozenset((_int(row[0]), _MODES[str(row[1])]) for row in rows)

    def _observed(
        self,
        line: Line,
        before: Mapping[int, _Relation],
        after: Mapping[int, _Relation],
        notices: Iterable[str],
        taken: _Held,
    ) -> Observed:
        known = {oid: before[oid] for oid in self._original if oid in before}
        shown = {oid: relation.name for oid, relation in known.items() if relation.kind not in "iI"}
        tables = {oid: name for oid, name in shown.items() if known[oid].kind in "rpm"}
        new_files = [
            tables[oid]
            for oid in tables
            if oid in after and known[oid].file is not None and after[oid].file != known[oid].file
        ]
        scanned: list[Name] = []
        if _NEW_PARTITION.match(line.sql) and self.subject.info.transaction_status == _Status.INTRANS:
            scanned = [tables[oid] for oid, _ in self._count_scans() - self._default_scans if oid in tables]
        said = _Said(notices, self._resolver(tables, taken), self._key_tables())
        return Observed(
            path=line.path,
            line=line.line,
            sql=line.sql,
            locks=_as_locks(taken - self._held, shown),
            held=_strongest(taken, shown),
            rewrites=tuple(sorted(new_files)),
            scans=tuple(sorted({*said.scans, *scanned, *(tables[oid] for oid in said.key_oids if oid in tables)})),
            builds=tuple(index for index, _ in said.builds),
            built_on=tuple(table for _, table in said.builds),
        )

    def _resolver(self, tables: Mapping[int, Name], taken: _Held) -> dict[str, Name]:
        """Notices name tables without their namespace: the locked one of that name is meant."""
        locked = {oid for oid, _ in taken}
        ordered = sorted(tables.items(), key=lambda item: item[0] in locked)
        return {name.name: name for _, name in ordered}

    def _key_tables(self) -> dict[str, list[int]]:
        found: dict[str, list[int]] = {}
        if self.subject.info.transaction_status != _Status.INERROR and any(
            "foreign key" in text for text in self._notices
        ):
            for name, *tables, oid in self.subject.execute(_TABLES_OF_KEY).fetchall():
                # a table that was made just now is empty, and nothing is looked up for its rows
                if _int(tables[0]) in self._original and _int(oid) not in self._proven:
                    # the other table's partitions are read with it
                    found.setdefault(str(name), []).extend([_int(tables[0]), *self._with_partitions(_int(tables[1]))])
        return found

    def _with_partitions(self, table: int) -> list[int]:
        parts = [(_int(child), _int(parent)) for child, parent in self.subject.execute(_PARTS).fetchall()]
        found = [table]
        for item in found:
            found += [child for child, parent in parts if parent == item]
        return found


class _Said:
    """What the server's debug messages tell."""

    def __init__(self, notices: Iterable[str], tables: Mapping[str, Name], keys: Mapping[str, list[int]]) -> None:
        self.scans: list[Name] = []
        self.key_oids: list[int] = []
        self.builds: list[tuple[str, Name]] = []
        for text in notices:
            if (match := _NOTICES["scan"].match(text)) and match[1] in tables:
                self.scans.append(tables[match[1]])
            elif match := _NOTICES["key"].match(text):
                self.key_oids += keys.get(match[1], [])
            elif (match := _NOTICES["build"].match(text)) and match[2] in tables:
                self.builds.append((match[1], tables[match[2]]))


def existing(database: Database) -> frozenset[int]:
    """The relations that exist now, as `tracing` takes them."""
    with database.connect() as connection:
        return frozenset(_int(row[0]) for row in connection.execute(_RELATIONS).fetchall())


@contextmanager
def tracing(database: Database, original: frozenset[int] | None = None) -> Generator[Tracer]:
    """A tracer on the database; what exists now, or `original`, counts as there before."""
    with database.connect() as subject, database.connect() as watcher:
        notices: list[str] = []
        subject.add_notice_handler(lambda diagnosis: notices.append(diagnosis.message_primary or ""))
        _listen(subject)
        tracer = Tracer(subject, watcher, database, notices, original or frozenset())
        if original is None:
            tracer.start()
        yield tracer


def trace(database: Database, statements: Iterable[str]) -> tuple[Observed, ...]:
    """Run statements one after the other, each in a transaction of its own where it may, and say what each did.

    It goes on after a failed statement. Transaction commands among them count.
    """
    with tracing(database) as tracer:
        return tuple(tracer.run(Line(path="", line=1, sql=sql)) for sql in statements)


def _hold(stack: ExitStack, database: Database, name: Name, mode: LiteralString) -> Connection:
    """A connection of its own with a lock on the table: who waits for it waits for its whole transaction."""
    holder = stack.enter_context(database.connect())
    holder.execute("BEGIN")
    table = composed.Identifier(name.namespace, name.name)
    holder.execute(composed.SQL("LOCK TABLE ONLY {} IN " + mode + " MODE").format(table))
    return holder


def _listen(connection: Connection) -> None:
    connection.execute("SET client_min_messages = debug1")


def _is_setting(sql: str) -> bool:
    """Whether it changes the session in a way that a transaction of its own would confine."""
    return re.match(r"\s*(?:set|reset|discard)\b", sql, re.IGNORECASE) is not None


def _as_locks(taken: _Held, shown: Mapping[int, Name]) -> tuple[Lock, ...]:
    found = {Lock(shown[oid], mode) for oid, mode in taken if oid in shown}
    return tuple(sorted(found, key=lambda lock: (lock.relation, lock.mode)))


def _strongest(taken: _Held, shown: Mapping[int, Name]) -> tuple[Lock, ...]:
    best: dict[Name, LockMode] = {}
    for oid, mode in taken:
        if oid in shown:
            best[shown[oid]] = max(mode, best.get(shown[oid], mode))
    return tuple(Lock(name, best[name]) for name in sorted(best))


def _with(observed: Observed, outcome: _Outcome) -> Observed:
    return replace(observed, duration_ms=outcome.duration_ms, error=outcome.error, changed_rows=outcome.changed_rows)


def _int(value: object) -> int:
    if not isinstance(value, int):
        raise TypeError("the catalog gave no number")
    return value


def _maybe_int(value: object) -> int | None:
    return value if isinstance(value, int) else None
