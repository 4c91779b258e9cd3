"""What editors, files and users do wrong, slowly or suddenly does not stop the server."""

import json
import os
import signal
import time
from contextlib import suppress

import pytest

from tests.server.client import MINIMAL, VS_CODE, ServerError, eventually

SPEC = "specs/features/task-organization.md"
LONG = (
    "".join(
        f"CREATE TABLE t{number} (id bigint PRIMARY KEY, title text);\n"
        f"ALTER TABLE t{number} ADD COLUMN c text;\n"
        f"CREATE INDEX i{number} ON t{number} (c);\n"
        f"UPDATE tasks SET title = '{number}' WHERE id = {number};\n"
        for number in range(2_500)
    )
    + "TRUNCATE tasks;\n"
)


def contents(root):
    return {path: path.read_bytes() for path in root.rglob("*") if path.is_file()}


def test_requests_are_answered_while_a_long_analysis_runs(tasks, connect):
    client = connect(tasks)
    client.initialize(VS_CODE)
    spec = client.open(SPEC)
    assert "priority" in client.hover(spec, 11, 10)
    # The first hover paid for imports; now a file comes that takes long.
    long = client.open("backend/migrations/002_long.sql", LONG)
    slow = client.ask("textDocument/diagnostic", {"textDocument": {"uri": long}})
    start = time.monotonic()
    assert "priority" in client.hover(spec, 11, 10)
    waited = time.monotonic() - start
    assert client.answer(slow)["items"]
    took = time.monotonic() - start
    assert waited < max(0.4, took * 0.6), (waited, took)
    assert client.stop() == 0


def test_shutdown_does_not_wait_for_a_long_analysis(tasks, connect):
    client = connect(tasks)
    client.initialize(MINIMAL)
    client.open("backend/migrations/002_long.sql", LONG)
    start = time.monotonic()
    client.request("shutdown")
    assert time.monotonic() - start < 2
    client.notify("exit")
    assert client.process.wait(30) == 0


def test_a_request_can_be_cancelled(tasks, connect):
    client = connect(tasks)
    client.initialize(VS_CODE)
    long = client.open("backend/migrations/002_long.sql", LONG)
    number = client.ask("textDocument/diagnostic", {"textDocument": {"uri": long}})
    client.notify("$/cancelRequest", {"id": number})
    with pytest.raises(ServerError, match="cancel"):
        client.answer(number, 2)
    assert client.hover(client.open(SPEC), 11, 10)


def test_the_last_of_many_changes_counts(tasks, connect):
    client = connect(tasks)
    client.initialize(MINIMAL)
    uri = client.open("backend/migrations/002_a.sql", "")
    for version in range(2, 60):
        client.change(uri, "CREATE INDEX a ON tasks (title);\n" * (version % 3), version)
    client.change(uri, "DROP TABLE tasks;\n", 60)
    client.wait(lambda: client.diagnostics.get(uri, {}).get("version") == 60)
    assert "drop-table" in {item["code"] for item in client.diagnostics[uri]["diagnostics"]}


BROKEN = [
    ("backend/migrations/002_a.sql", "ALTER TABLE tasks ADD COLUMN 'x; SELECT $$ \x00 \ud800".encode("utf-8", "replace").decode()),
    ("backend/migrations/003_b.sql", "(" * 5_000),
    ("backend/app/models.py", "class Task(SQLModel, table=True:\n  x: [[[ = \x00"),
    ("backend/app/models.py", "x = " + "(" * 3_000),
    ("specs/database/schema.md", "### tasks\n| a | b\n|--\n```sql\nCREATE TABLE ("),
    (SPEC, "```\n- Tasks must have \N{GRINNING FACE}\n" + "> " * 2_000),
    ("migration-ls.toml", "postgres = [[["),
    ("backend/pyproject.toml", "\x00"),
]  # fmt: skip


@pytest.mark.parametrize("number", range(len(BROKEN)))
def test_broken_documents_do_not_stop_it(tasks, connect, number):
    path, text = BROKEN[number]
    client = connect(tasks)
    client.initialize(VS_CODE)
    uri = client.open(path, text)
    client.pull(uri)
    client.lenses(uri)
    client.actions(uri, (0, 0), (9_999, 9_999))
    for line, character in ((0, 0), (0, 5), (1, 99_999), (2**31 - 1, 2**31 - 1)):
        client.hover(uri, line, character)
    client.request("textDocument/inlayHint", {"textDocument": {"uri": uri}, "range": RANGE})
    if path != SPEC:
        assert client.hover(client.open(SPEC), 11, 10)
    assert client.stop() == 0


RANGE = {"start": {"line": 0, "character": 0}, "end": {"line": 2**31 - 1, "character": 2**31 - 1}}
ADDRESSES = [
    "untitled:Untitled-1",
    "file:///nowhere/at/all.sql",
    "file://host/share/a.sql",
    "file:///a%00b.sql",
    "file://[",
    "file:",
    "git:/x/y.md?%7B%7D",
    "",
    "http://example.org/a.sql",
    "file:///" + "a" * 5_000,
]


@pytest.mark.parametrize("capabilities", [VS_CODE, MINIMAL], ids=["vs-code", "minimal"])
def test_addresses_that_are_no_files_do_not_stop_it(tasks, connect, capabilities):
    client = connect(tasks)
    client.initialize(capabilities)
    for uri in ADDRESSES:
        document = {"uri": uri, "languageId": "sql", "version": 1, "text": "DROP TABLE tasks;"}
        client.notify("textDocument/didOpen", {"textDocument": document})
        assert client.hover(uri, 0, 3) == "" or uri.startswith("file:")
        assert client.lenses(uri) == []
        client.actions(uri, (0, 0))
        client.pull(uri)
        client.notify("workspace/didChangeWatchedFiles", {"changes": [{"uri": uri, "type": 2}]})
        client.notify("textDocument/didSave", {"textDocument": {"uri": uri}})
        client.notify("textDocument/didClose", {"textDocument": {"uri": uri}})
    done = client.request(
        "workspace/executeCommand", {"command": "migration-ls.generate", "arguments": [{"uri": "x:y"}]}
    )
    assert done == {"applied": False}
    assert client.hover(client.open(SPEC), 11, 10)
    assert client.stop() == 0


def test_garbage_does_not_stop_it(tasks, connect):
    client = connect(tasks)
    client.initialize(VS_CODE)
    client._answers.update({f"bad-{params}": FORGET for params in BAD})
    client.send_bytes(b"{")
    client.send_bytes(b"\xff\xfe")
    client.send_bytes(b"[]")
    client.send_bytes(b"null")
    client.send_bytes(json.dumps({"jsonrpc": "1.0", "method": "x"}).encode())
    for params in BAD:
        client.send({"id": f"bad-{params}", "method": "textDocument/hover", "params": params})
        client.send({"method": "textDocument/didChange", "params": params})
        client.send({"method": "workspace/didChangeConfiguration", "params": params})
    for arguments in (None, [], [7], [{"uri": 7}], [{"uri": "x"}, 2], [{}]):
        number = client.ask("workspace/executeCommand", {"command": "migration-ls.generate", "arguments": arguments})
        with suppress(ServerError):
            client.answer(number)
    for data in (None, 7, "x", {"kind": "no"}, {"kind": "generate", "uri": 7}, {"kind": "generate", "uri": "x:"}):
        client.resolve({"title": "x", "data": data})
    with pytest.raises(ServerError):
        client.request("no/such/method", {})
    assert client.hover(client.open(SPEC), 11, 10)
    assert client.stop() == 0


class _Forget:
    def put(self, message) -> None:
        pass


FORGET = _Forget()
BAD = (None, 7, "x", [], {}, {"textDocument": 7}, {"textDocument": {"uri": 7}, "position": None})


def test_settings_of_any_shape_do_not_stop_it(tasks, connect):
    client = connect(tasks, settings=[1, 2])
    client.initialize(VS_CODE)
    for settings in (7, "x", {"tables": 3}, {"x": {"y": []}}, None):
        client.settings = settings
        client.notify("workspace/didChangeConfiguration", {"settings": settings})
    uri = client.open(SPEC)
    assert eventually(lambda: client.hover(uri, 11, 10), bool)
    assert client.stop() == 0


def test_exit_without_shutdown_is_a_failure(tasks, connect):
    client = connect(tasks)
    client.initialize(MINIMAL)
    client.notify("exit")
    assert client.process.wait(20) == 1


def test_a_client_that_has_gone_takes_the_server_with_it(tasks, connect):
    client = connect(tasks)
    client.initialize(MINIMAL)
    client.open("backend/migrations/002_long.sql", LONG)
    client.process.stdin.close()
    client.process.wait(30)


def test_a_client_that_answers_nothing_is_served(tasks, connect):
    client = connect(tasks)
    client._result = lambda message: None
    client.initialize(VS_CODE)
    assert client.hover(client.open(SPEC), 11, 10)


def test_a_killed_server_leaves_nothing_behind(tasks, connect):
    before = contents(tasks)
    client = connect(tasks)
    client.initialize(MINIMAL)
    uri = client.open(SPEC)
    client.wait(lambda: client.diagnostics.get(uri))
    client.ask("workspace/executeCommand", {"command": "migration-ls.generate", "arguments": [{"uri": uri}]})
    os.kill(client.process.pid, signal.SIGKILL)
    client.process.wait(10)
    assert contents(tasks) == before


def test_a_server_without_a_folder_looks_at_single_files(tmp_path, connect):
    client = connect()
    client.initialize(MINIMAL)
    (tmp_path / "one.sql").write_text("DROP TABLE tasks;\n")
    uri = (tmp_path / "one.sql").as_uri()
    document = {"uri": uri, "languageId": "sql", "version": 1, "text": "TRUNCATE tasks;\n"}
    client.notify("textDocument/didOpen", {"textDocument": document})
    client.wait(lambda: client.diagnostics.get(uri, {}).get("diagnostics"))
    assert {item["code"] for item in client.diagnostics[uri]["diagnostics"]} & {"truncate-loses-rows"}
