"""While somebody keeps a transaction open, a migration gives up in time, and nobody queues behind it for long."""

import threading
import time
from typing import Self

import pytest

from migration_ls.planning.planner import plan
from migration_ls.planning.situation import Situation
from migration_ls.rendering.sql.versions import versions
from migration_ls.verification.catalog import catalog, difference
from migration_ls.verification.database import Database, Server
from migration_ls.verification.fill import fill
from migration_ls.verification.script import ScriptError
from tests.planning.judge import LOCK_TIMEOUT_SECONDS, SLACK_SECONDS, run_text, schema_of_sql
from tests.planning.kinds import BASE

pytestmark = [pytest.mark.postgres, pytest.mark.xdist_group("plans")]
CHANGES = {
    "column": ("ALTER TABLE tasks ADD extra int;", "55P03"),
    "foreign key": ("ALTER TABLE tasks ADD CONSTRAINT fk FOREIGN KEY (user_id) REFERENCES users (id);", None),
    "type under a view": (
        "ALTER TABLE tasks ALTER title TYPE text; CREATE VIEW seen AS SELECT title FROM tasks;",
        "55P03",
    ),
    "index": ("CREATE INDEX ix ON tasks (title);", None),
    "comment": ("COMMENT ON COLUMN tasks.title IS 'short';", None),
}
OPEN_SECONDS = 3.0


class Waiter:
    """A session that writes to the table all the time, and how long one statement took at most."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.longest = 0.0
        self.stop = threading.Event()
        self.thread = threading.Thread(target=self._run)

    def __enter__(self) -> Self:
        self.thread.start()
        return self

    def __exit__(self, *args: object) -> None:
        self.stop.set()
        self.thread.join()

    def _run(self) -> None:
        with self.database.connect() as connection:
            while not self.stop.is_set():
                begun = time.monotonic()
                connection.execute("UPDATE tasks SET user_id = user_id WHERE id = (SELECT min(id) FROM tasks)")
                self.longest = max(self.longest, time.monotonic() - begun)
                self.stop.wait(0.01)


@pytest.mark.parametrize("what", CHANGES)
def test_nobody_waits_long(server: Server, what: str) -> None:
    change, state = CHANGES[what]
    before = BASE + ("CREATE VIEW seen AS SELECT title FROM tasks;" if "VIEW" in change else "")
    after = BASE + change
    (version,) = versions(plan(Situation(current=schema_of_sql(before), wanted=schema_of_sql(after))))
    assert version.forward
    with server.database() as database, server.database() as target:
        run_text(database, "before", before)
        run_text(target, "after", after)
        fill(database, 20)
        with database.connect() as reader, Waiter(database) as waiter:
            reader.execute("BEGIN")
            reader.execute("SELECT * FROM tasks" if "VIEW" not in change else "SELECT * FROM seen")
            end = threading.Timer(OPEN_SECONDS, lambda: reader.execute("COMMIT"))
            end.start()
            begun = time.monotonic()
            try:
                run_text(database, "forward", version.forward)
                failure = None
            except ScriptError as error:
                failure = error.failure.sqlstate
            spent = time.monotonic() - begun
            end.join()
        assert failure == state
        if state:
            assert spent < LOCK_TIMEOUT_SECONDS + SLACK_SECONDS
        assert waiter.longest < LOCK_TIMEOUT_SECONDS + SLACK_SECONDS
        run_text(database, "forward again", version.forward)
        assert difference(catalog(target), catalog(database)) == ()


def test_without_a_lock_timeout_others_would_wait(server: Server) -> None:
    """The watching session does see what it looks for."""
    with server.database() as database:
        run_text(database, "before", BASE)
        fill(database, 5)
        with database.connect() as reader, Waiter(database) as waiter:
            reader.execute("BEGIN")
            reader.execute("SELECT * FROM tasks")
            end = threading.Timer(1.0, lambda: reader.execute("COMMIT"))
            end.start()
            with database.connect() as careless:
                careless.execute("ALTER TABLE tasks ADD extra int")
            end.join()
        assert waiter.longest > 0.5
