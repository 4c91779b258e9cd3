"""A throwaway PostgreSQL server: private, in memory where possible, gone with this process however it ends."""

import contextlib
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Generator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

from migration_ls.verification import watchdog
from migration_ls.verification.database import Connection, Server, open_connection
from migration_ls.verification.engine import Engine, EngineError, cache_directory
from migration_ls.verification.placement import (
    Account,
    give,
    give_tree,
    private_directory,
    reachable_programs,
    server_account,
)

_USER = "postgres"
_PORT = 5432
_START_SECONDS = 30.0
_STOP_SECONDS = 5.0
_INITDB = ("--username", _USER, "--encoding=UTF8", "--locale=C", "--no-sync", "--wal-segsize=1")
_SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "autovacuum": "off",
    "jit": "off",
    "shared_buffers": "64MB",
    "max_parallel_workers": "0",
    "max_parallel_workers_per_gather": "0",
    "max_parallel_maintenance_workers": "0",
    "max_connections": "50",
    "deadlock_timeout": "10s",
    "logging_collector": "off",
    "lc_messages": "C",
}


@dataclass(frozen=True, slots=True)
class _Place:
    directory: Path
    account: Account | None
    password: str | None

    @property
    def data(self) -> Path:
        return self.directory / "data"

    @property
    def log(self) -> Path:
        return self.directory / "server.log"


@contextmanager
def throwaway_server(
    engine: Engine, *, time_zone: str = "UTC", cache: Path | None = None, use_cache: bool = True
) -> Generator[Server]:
    """A running server of the engine; it and its directory are gone afterwards, also when this process is killed.

    Raises:
        EngineError: It does not start; the message has the end of the server's log.
    """
    account = server_account()
    programs = reachable_programs(engine, account)
    password = secrets.token_urlsafe(24) if sys.platform == "win32" else None
    kept = _kept_directory(engine, cache or cache_directory()) if use_cache and password is None else None
    with _guarded_directory(account) as (directory, guard), ExitStack() as stack:
        place = _Place(directory, account, password)
        copied = kept is not None and _copy_kept(kept, place)
        if not copied:
            _initialise(programs, place)
            _keep(place, kept)
        serving = _serving(engine, programs, place, time_zone, guard)
        try:
            server = stack.enter_context(serving)
        except EngineError:
            if not copied or kept is None:
                raise
            # what was kept may be damaged at any time: a new data directory is the answer
            for spoilt in (kept, place.data):
                shutil.rmtree(spoilt, ignore_errors=True)
            _initialise(programs, place)
            server = stack.enter_context(_serving(engine, programs, place, time_zone, guard))
        yield server


@contextmanager
def _serving(
    engine: Engine, programs: Path, place: _Place, time_zone: str, guard: "subprocess.Popen[str]"
) -> Generator[Server]:
    with _running(programs, place, time_zone, guard) as (process, parameters):
        admin = _await(process, parameters, place)
        try:
            yield Server(label=engine.label, major=engine.major, parameters=parameters, admin=admin)
        finally:
            # the databases go with the server
            admin.close()


@contextmanager
def _guarded_directory(account: Account | None) -> Generator[tuple[Path, "subprocess.Popen[str]"]]:
    directory = private_directory(account)
    try:
        guard = subprocess.Popen(
            [sys.executable, "-I", "-S", watchdog.__file__, str(directory)],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            text=True,
            start_new_session=True,
            cwd=tempfile.gettempdir(),
        )
    except OSError as error:
        shutil.rmtree(directory, ignore_errors=True)
        raise EngineError(f"the watchdog of the throwaway server does not start: {error.strerror}") from error
    try:
        yield directory, guard
    finally:
        shutil.rmtree(directory, ignore_errors=True)
        _tell(guard, "done")
        with contextlib.suppress(OSError):
            if guard.stdin:
                guard.stdin.close()
        guard.wait()


def _tell(guard: "subprocess.Popen[str]", line: str) -> None:
    with contextlib.suppress(OSError):
        if guard.stdin:
            guard.stdin.write(f"{line}\n")
            guard.stdin.flush()


def _initialise(programs: Path, place: _Place) -> None:
    command: list[str | Path] = [programs / "initdb", "-D", place.data, *_INITDB]
    if place.password is None:
        command += ["--auth=trust"]
    else:
        secret = place.directory / "password"
        secret.write_text(place.password, encoding="ascii")
        give(secret, place.account)
        command += ["--auth=scram-sha-256", f"--pwfile={secret}"]
    answer = subprocess.run(
        command,
        capture_output=True,
        text=True,
        check=False,
        cwd=place.directory,
        user=place.account.user if place.account else None,
        group=place.account.group if place.account else None,
        extra_groups=[] if place.account else None,
    )
    if answer.returncode:
        lines = answer.stderr.strip().splitlines() or ["it says nothing"]
        raise EngineError(f"`initdb` failed: {lines[-1]}")


def _kept_directory(engine: Engine, cache: Path) -> Path:
    name = "".join(letter if letter.isalnum() else "-" for letter in engine.version)
    return cache / "data" / f"{name}-1"


def _copy_kept(kept: Path, place: _Place) -> bool:
    """Put a copy of the initialised data directory in place; False when there is none to copy."""
    if not (kept / "PG_VERSION").is_file():
        return False
    try:
        _copy_tree(kept, place.data)
        place.data.chmod(0o700)
        give_tree(place.data, place.account)
    except OSError:
        shutil.rmtree(place.data, ignore_errors=True)
        return False
    return True


def _keep(place: _Place, kept: Path | None) -> None:
    """Keep a copy of the new data directory for the next time; that may fail."""
    if kept is None:
        return
    with contextlib.suppress(OSError):
        kept.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        making = Path(tempfile.mkdtemp(prefix="making-", dir=kept.parent))
        try:
            _copy_tree(place.data, making / "data")
            give_tree(making / "data", _own_account())
            (making / "data").rename(kept)
        finally:
            shutil.rmtree(making, ignore_errors=True)


def _own_account() -> Account | None:
    """This process's user as an owner of files; only root can give them away, and has to take them back."""
    return Account("root", 0, 0) if server_account() else None


def _copy_tree(source: Path, target: Path) -> None:
    if sys.platform != "win32" and shutil.which("cp"):
        # four times as fast as copying each of the 1,000 files from here
        if subprocess.run(["cp", "-R", source, target], check=False, capture_output=True).returncode:
            raise OSError("the data directory cannot be copied")
        return
    shutil.copytree(source, target)


@contextmanager
def _running(
    programs: Path, place: _Place, time_zone: str, guard: "subprocess.Popen[str]"
) -> Generator[tuple["subprocess.Popen[bytes]", Mapping[str, str]]]:
    settings = {**_SETTINGS, "TimeZone": time_zone}
    parameters = {"user": _USER, "dbname": "postgres"}
    if place.password is None:
        settings |= {"listen_addresses": "", "port": str(_PORT), "unix_socket_directories": str(place.directory)}
        settings["unix_socket_permissions"] = "0700"
        parameters |= {"host": str(place.directory), "port": str(_PORT)}
    else:
        port = _free_port()
        settings |= {"listen_addresses": "127.0.0.1", "port": str(port)}
        parameters |= {"host": "127.0.0.1", "port": str(port), "password": place.password}
    command: list[str | Path] = [programs / "postgres", "-D", place.data]
    command += [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
    with place.log.open("wb") as log:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            cwd=place.directory,
            user=place.account.user if place.account else None,
            group=place.account.group if place.account else None,
            extra_groups=[] if place.account else None,
        )
    try:
        _tell(guard, str(process.pid))
        yield process, parameters
    finally:
        _stop(process)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _stop(process: "subprocess.Popen[bytes]") -> None:
    if process.poll() is not None:
        return
    if sys.platform == "win32":
        subprocess.run(["taskkill", "/F", "/T", "/PID", str(process.pid)], check=False, capture_output=True)
    else:
        # an immediate shutdown: there is nothing to keep
        process.send_signal(signal.SIGQUIT)
    try:
        process.wait(_STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _await(process: "subprocess.Popen[bytes]", parameters: Mapping[str, str], place: _Place) -> Connection:
    """The first connection; the server's socket is looked for every 2 ms."""
    deadline = time.monotonic() + _START_SECONDS
    waiting_for = place.directory / f".s.PGSQL.{_PORT}"
    pid_file = place.data / "postmaster.pid"
    while process.poll() is None and time.monotonic() < deadline:
        if waiting_for.exists() or (place.password is not None and pid_file.exists()):
            try:
                return open_connection(parameters)
            except psycopg.OperationalError as error:
                if "FATAL" in str(error) and "starting up" not in str(error):
                    break
        time.sleep(0.002)
    raise EngineError(f"the throwaway server does not start: {_log_end(place)}")


def _log_end(place: _Place) -> str:
    try:
        lines = place.log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
    except OSError:
        return "no log"
    return lines[-1] if lines else "the log is empty"
