"""Changes that break the running release in one step: planned by expand and contract, and judged."""

import re
import threading
import time
from collections.abc import Iterable
from typing import Self

import psycopg
import pytest

from migration_ls.planning.plan import Phase, Plan
from migration_ls.planning.planner import plan
from migration_ls.planning.recipes.pairs import pairs_of
from migration_ls.planning.situation import Situation
from migration_ls.rendering.sql.versions import versions
from migration_ls.verification.database import Database, Server
from migration_ls.verification.fill import fill
from migration_ls.verification.script import ScriptError
from tests.planning.expanding import KINDS, Expanding
from tests.planning.judge import judge, requests_of, run_text, schema_of_sql

pytestmark = [pytest.mark.postgres, pytest.mark.xdist_group("plans")]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_expanding_kind(each_server: Server, kind: Expanding) -> None:
    verdict = judge(each_server, kind.case)
    assert verdict.problems == []
    text = "\n".join(
        part for version in verdict.versions for part in (version.forward, version.backfill, version.rollback) if part
    )
    for word in kind.says:
        assert re.search(word, text), (word, text)
    assert [version.role for version in verdict.versions] == kind.roles


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind.old], ids=lambda kind: kind.name)
def test_both_releases_run_until_the_contract(server: Server, kind: Expanding) -> None:
    """The previous release's statements work after every version, the new one's when all but the contract ran."""
    made = plan(
        Situation(current=schema_of_sql(kind.case.before), wanted=schema_of_sql(kind.case.after)),
        requests_of(kind.case),
    )
    found = versions(made)
    with server.database() as database:
        run_text(database, "before", kind.case.before)
        assert not fill(database, 300).problems
        with Writers(database, kind.old) as writers:
            for version in found:
                if version.phase is Phase.CONTRACT:
                    break
                run_text(database, version.role, version.forward)
                _backfill(database, version.backfill)
                run_text(database, version.role, version.validate or "")
                writers.go_on(() if kind.until_switch and version.phase is Phase.SWITCH else kind.old)
            writers.go_on([*(() if kind.until_switch else kind.old), *kind.new])
        assert writers.problems == []
        if not any(pair.lossy for pair in pairs_of(Situation(current=made.current, wanted=made.wanted), made.requests)):
            _in_step(database, made)
        contract = found[-1]
        assert contract.forward
        run_text(database, "contract", contract.forward)
        _say(database, kind.new)


def _backfill(database: Database, text: str | None) -> None:
    """Run a backfill, and again where it gave up on a row that a writer held for too long on a busy machine."""
    for last in (False, False, True):
        try:
            run_text(database, "backfill", text or "")
        except ScriptError as error:
            if last or "lock timeout" not in str(error):
                raise
        else:
            return


def _say(database: Database, statements: list[str]) -> None:
    with database.connect() as connection:
        for statement in statements:
            connection.execute(statement.encode())


def _in_step(database: Database, made: Plan) -> None:
    """Undone and filled again, the old columns have the very values that they have now."""
    refills = [item for step in made.steps for item in step.refills]
    with database.connect() as connection:
        for item in refills:
            query = f"SELECT count(*) FROM {item.table.sql} AS target WHERE {item.where}"
            assert connection.execute(query.encode()).fetchone() == (0,), query


class Writers:
    """A session that says a release's statements all the time, while the migration runs."""

    def __init__(self, database: Database, statements: list[str]) -> None:
        self.database = database
        self.problems: list[str] = []
        self.rounds = 0
        self.stop = threading.Event()
        self.statements = tuple(statements)
        self.thread = threading.Thread(target=self._run)

    def go_on(self, statements: Iterable[str]) -> None:
        """With these statements, each of which was said at least once."""
        self.statements = tuple(statements)
        until = self.rounds + 2
        while self.rounds < until and self.thread.is_alive():
            time.sleep(0.01)

    def __enter__(self) -> Self:
        self.thread.start()
        return self

    def __exit__(self, *args: object) -> None:
        self.stop.set()
        self.thread.join()

    def _run(self) -> None:
        with self.database.connect() as connection:
            while not self.stop.is_set():
                for statement in self.statements:
                    try:
                        connection.execute(statement.encode())
                    except psycopg.Error as error:
                        self.problems.append(f"{statement}: {error}")
                self.rounds += 1
                self.stop.wait(0.01)
