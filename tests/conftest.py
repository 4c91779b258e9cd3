"""Servers for the tests that need one: started once per run and major, databases cloned from them in some ms."""

import os
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from migration_ls.postgres.versions import DEFAULT
from migration_ls.verification.database import Database, Server
from migration_ls.verification.engine import Engine, EngineError, choose_engine, find_engines
from migration_ls.verification.server import throwaway_server


class Servers:
    """Running servers by major; each starts when it is first asked for."""

    def __init__(self, stack: ExitStack) -> None:
        self._stack = stack
        self._running: dict[tuple[int, str], Server] = {}

    def of(self, engine: Engine, time_zone: str = "UTC") -> Server:
        """The server of the engine."""
        key = engine.major, time_zone
        if key not in self._running:
            self._running[key] = self._stack.enter_context(throwaway_server(engine, time_zone=time_zone))
        return self._running[key]


def available_majors() -> list[int]:
    """The majors to test on: the oldest, the default and the newest of which there are programs on this machine.

    All of them when `MIGRATION_LS_MAJORS` says so.
    """
    majors = sorted({engine.major for engine in find_engines()})
    if os.environ.get("MIGRATION_LS_MAJORS", "").startswith("all"):
        return majors
    return [major for major in majors if major in {majors[0], majors[-1], DEFAULT}]


@pytest.fixture(scope="session")
def servers() -> Iterator[Servers]:
    with ExitStack() as stack:
        yield Servers(stack)


@pytest.fixture(scope="session")
def engine() -> Engine:
    """Any engine, the newest there is."""
    try:
        return choose_engine()
    except EngineError as error:
        pytest.skip(str(error))


@pytest.fixture(scope="session")
def server(servers: Servers, engine: Engine) -> Server:
    """A running server of the newest engine."""
    return servers.of(engine)


@pytest.fixture
def database(server: Server) -> Iterator[Database]:
    """An empty database on the newest engine."""
    with server.database() as made:
        yield made


@pytest.fixture(scope="session", params=available_majors() or [0], ids=lambda major: f"pg{major}")
def each_engine(request: pytest.FixtureRequest) -> Engine:
    """Each major that there are programs of."""
    if request.param == 0:
        pytest.skip("there is no PostgreSQL on this machine")
    return choose_engine(request.param)


@pytest.fixture(scope="session")
def each_server(servers: Servers, each_engine: Engine) -> Server:
    """A running server of each major."""
    return servers.of(each_engine)


@pytest.fixture
def each_database(each_server: Server) -> Iterator[Database]:
    """An empty database on each major."""
    with each_server.database() as made:
        yield made
