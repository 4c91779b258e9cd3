"""Sessions of clients that can do much, little and nothing: what is found, shown and offered."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.server.client import (
    MINIMAL,
    NEOVIM_07,
    VS_CODE,
    applied,
    edited,
    eventually,
    file_of,
    selected,
)

SPEC = "specs/features/task-organization.md"
MODELS = "backend/app/models.py"
SCHEMA = "specs/database/schema.md"
CREATE = "backend/migrations/001_create_tasks.sql"
CLIENTS = pytest.mark.parametrize("capabilities", [VS_CODE, NEOVIM_07, MINIMAL], ids=["vs-code", "neovim", "minimal"])
FIELD = "    completed: bool = Field(default=False)\n"


def command(root: Path, *words: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "-m", "migration_ls", *words], cwd=root, capture_output=True, text=True, check=False
    )


def findings_of_check(root: Path) -> dict[str, list[tuple]]:
    found: dict[str, list[tuple]] = {}
    for item in json.loads(command(root, "check", "--format", "json").stdout)["findings"]:
        row = item["rule"], json.dumps(item["range"], sort_keys=True), f"{item['message']}\n{item['help']}"
        found.setdefault(item["path"], []).append(row)
    return {path: sorted(rows) for path, rows in found.items()}


def rows(diagnostics: list[dict]) -> list[tuple]:
    return sorted((item["code"], json.dumps(item["range"], sort_keys=True), item["message"]) for item in diagnostics)


def pushed(client) -> dict[str, list[tuple]]:
    root = client.roots[0]
    return {
        file_of(uri).relative_to(root).as_posix(): rows(item["diagnostics"])
        for uri, item in client.diagnostics.items()
        if item["diagnostics"]
    }


def with_field(root: Path, line: str = '    priority: str = Field(default="medium", max_length=20)\n') -> str:
    text = (root / MODELS).read_text()
    assert text.count(FIELD) == 2 or text.count(FIELD) == 1
    return text.replace(FIELD, FIELD + line, 1)


def contents(root: Path) -> dict[str, bytes]:
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.is_file() and ".git" not in path.relative_to(root).parts
    }


def generated(root: Path) -> dict[str, str]:
    """What the command writes into a twin of the project."""
    twin = root.parent / "twin"
    shutil.copytree(root, twin)
    before = contents(twin)
    done = command(twin, "generate")
    assert done.returncode == 0, done.stderr
    after = contents(twin)
    return {path: text.decode() for path, text in after.items() if before.get(path) != text}


# Findings


@pytest.mark.parametrize("capabilities", [NEOVIM_07, MINIMAL], ids=["neovim", "minimal"])
@pytest.mark.parametrize("name", ["tasks", "marketplace", "crm"])
def test_pushed_findings_are_those_of_check(make, connect, capabilities, name):
    root = make(name)
    expected = findings_of_check(root)
    assert expected
    client = connect(root)
    client.initialize(capabilities)
    client.wait(lambda: pushed(client) == expected)
    assert client.stop() == 0


def test_pulled_findings_are_those_of_check_and_unchanged_ones_are_said_to_be(tasks, connect):
    expected = findings_of_check(tasks)
    client = connect(tasks)
    client.initialize(VS_CODE)
    uri = client.open(SPEC)
    first = client.pull(uri)
    assert first["kind"] == "full"
    assert rows(first["items"]) == expected[SPEC]
    assert client.pull(uri, first["resultId"]) == {"kind": "unchanged", "resultId": first["resultId"]}

    everything = client.request("workspace/diagnostic", {"previousResultIds": []})["items"]
    found = {file_of(item["uri"]).relative_to(tasks).as_posix(): rows(item["items"]) for item in everything}
    assert {path: items for path, items in found.items() if items} == expected
    previous = [{"uri": item["uri"], "value": item["resultId"]} for item in everything]
    again = client.request("workspace/diagnostic", {"previousResultIds": previous})["items"]
    assert {item["kind"] for item in again} == {"unchanged"}

    text = (tasks / SPEC).read_text().replace("- Tasks can be tagged with categories\n", "")
    client.change(uri, text, 2)
    changed = client.pull(uri, first["resultId"])
    assert changed["kind"] == "full"
    assert len(changed["items"]) < len(first["items"])
    assert not client.diagnostics, "who pulls is not pushed to"
    assert client.stop() == 0


def test_findings_that_are_gone_are_taken_back(tasks, connect):
    client = connect(tasks)
    client.initialize(MINIMAL)
    uri = client.open(SPEC)
    client.wait(lambda: client.diagnostics.get(uri, {}).get("diagnostics"))
    client.change(uri, "# Nothing is wanted\n", 2)
    client.wait(lambda: client.diagnostics[uri] == {"uri": uri, "version": 2, "diagnostics": []})
    client.notify("textDocument/didClose", {"textDocument": {"uri": uri}})
    client.wait(lambda: client.diagnostics[uri]["diagnostics"])


# Hovers


def test_hovers_show_sql_locks_and_validation_queries(tasks, connect):
    client = connect(tasks)
    client.initialize(MINIMAL)
    spec = client.open(SPEC)
    text = client.hover(spec, 11, 10)
    assert "priority" in text
    assert "ALTER TABLE" in text
    assert "ACCESS EXCLUSIVE" in text
    assert "Validation queries" in text
    assert "SELECT" in text

    models = client.open(MODELS, with_field(tasks))
    line = with_field(tasks).splitlines().index('    priority: str = Field(default="medium", max_length=20)')
    text = client.hover(models, line, 6)
    assert "ADD COLUMN" in text
    assert "ACCESS EXCLUSIVE" in text
    assert "SELECT" in text

    document = (tasks / SCHEMA).read_text()
    bullet = "- estimate: integer (not null, default 0)\n"
    schema = client.open(SCHEMA, document.replace("\n## Indexes", f"{bullet}\n## Indexes"))
    text = client.hover(schema, document[: document.index("\n## Indexes")].count("\n"), 5)
    assert "estimate" in text
    assert "ACCESS EXCLUSIVE" in text

    sql = client.open("backend/migrations/002_titles.sql", INDEX)
    text = client.hover(sql, 0, 3)
    assert "CREATE INDEX" in text
    assert "SHARE" in text
    assert client.hover(spec, 0, 0) == ""


def test_a_hover_of_a_statement_shows_the_probe_for_rows_that_break_it(tasks, connect):
    client = connect(tasks)
    client.initialize(MINIMAL)
    uri = client.open("backend/migrations/002_x.sql", "ALTER TABLE tasks ALTER COLUMN description SET NOT NULL;\n")
    text = client.hover(uri, 0, 20)
    assert "ACCESS EXCLUSIVE" in text
    assert "Before it runs" in text
    assert "IS NULL" in text


# Lenses


def test_lenses_offer_the_migration_above_the_spec_and_the_class(tasks, connect):
    client = connect(tasks)
    client.initialize(VS_CODE)
    spec = client.open(SPEC)
    (lens,) = client.lenses(spec)
    assert " pending change" in lens["command"]["title"]
    assert " · risk " in lens["command"]["title"]
    assert lens["command"]["title"].endswith(" · Generate migration")
    assert lens["command"]["arguments"] == [{"uri": spec}]

    models = client.open(MODELS)
    assert client.lenses(models) == []
    text = with_field(tasks)
    client.change(models, text, 2)
    (lens,) = client.lenses(models)
    assert lens["command"]["title"].startswith("1 pending change · risk ")
    assert text.splitlines()[lens["range"]["start"]["line"]].startswith("class Task(")


# Actions


@CLIENTS
def test_the_action_makes_what_generate_writes(tasks, connect, capabilities):
    expected = generated(tasks)
    before = contents(tasks)
    client = connect(tasks)
    client.initialize(capabilities)
    spec = client.open(SPEC, version=7)
    models = client.open(MODELS, version=4)
    open_texts = {spec: ((tasks / SPEC).read_text(), 7), models: ((tasks / MODELS).read_text(), 4)}
    (action,) = [item for item in client.actions(spec, (11, 3)) if item["title"].startswith("Generate migration")]
    assert action["title"].startswith("Generate migration for ")
    if capabilities is MINIMAL:
        # It cannot create files: the command says how to go on.
        assert "edit" not in action
        done = client.request("workspace/executeCommand", action["command"])
        assert done == {"applied": False}
        client.wait(lambda: any("migration-ls generate" in text for text in client.shown()))
        return
    assert "edit" not in action
    edit = client.resolve(action)["edit"]
    assert ("changeAnnotations" in edit) == (capabilities is VS_CODE)
    made = applied(edit, open_texts)
    if capabilities is NEOVIM_07:
        assert {path.relative_to(tasks).as_posix(): text for path, text in made.items()} == expected
    else:
        labels = {item["label"] for item in edit["changeAnnotations"].values()}
        assert labels == {"New files of the migration", "Edits of your files"}
        assert {path.relative_to(tasks).as_posix(): text for path, text in made.items()} == expected
    assert client.stop() == 0
    assert contents(tasks) == before, "the server writes nothing"


def test_the_command_lets_the_client_apply_the_edit(tasks, connect):
    expected = generated(tasks)
    client = connect(tasks)
    client.initialize(VS_CODE)
    uri = client.open(SPEC)
    done = client.request("workspace/executeCommand", {"command": "migration-ls.generate", "arguments": [{"uri": uri}]})
    assert done["applied"] is True
    (edit,) = client.applied
    made = applied(edit, {uri: ((tasks / SPEC).read_text(), 1)})
    assert {path.relative_to(tasks).as_posix(): text for path, text in made.items()} == expected


def test_only_the_kinds_that_are_asked_for_are_offered(tasks, connect):
    client = connect(tasks)
    client.initialize(VS_CODE)
    spec = client.open(SPEC)
    assert {item["kind"] for item in client.actions(spec, (11, 3), only=["source"])} == {"source.generateMigration"}
    assert {item["kind"] for item in client.actions(spec, (11, 3), only=["quickfix"])} == {"quickfix"}
    assert {item["kind"] for item in client.actions(spec, (0, 0))} == {"source.generateMigration"}
    # Where a requirement asks for it, it stands among the quick fixes, which every editor shows.
    assert {item["kind"] for item in client.actions(spec, (11, 3))} == {"quickfix"}
    assert any(item["title"].startswith("Generate migration") for item in client.actions(spec, (11, 3)))
    assert client.actions(spec, (11, 3), only=["refactor"]) == []


INDEX = "CREATE INDEX ix_tasks_title ON tasks (title);\n"


@CLIENTS
def test_a_quick_fix_makes_its_finding_go(tasks, connect, capabilities):
    client = connect(tasks)
    client.initialize(capabilities)
    uri = client.open("backend/migrations/002_titles.sql", INDEX)
    offered = client.actions(uri, (0, 0), (0, 20))
    (fix,) = [item for item in offered if [found["code"] for found in item["diagnostics"]] == ["index-not-concurrent"]]
    text = applied(fix["edit"], {uri: (INDEX, 1)})[file_of(uri)]
    assert "CONCURRENTLY" in text
    client.change(uri, text, 2)
    if capabilities is VS_CODE:
        codes = {item["code"] for item in client.pull(uri)["items"]}
    else:
        client.wait(lambda: client.diagnostics.get(uri, {}).get("version") == 2)
        codes = {item["code"] for item in client.diagnostics[uri]["diagnostics"]}
    assert "index-not-concurrent" not in codes


@pytest.mark.parametrize("tables", [False, True], ids=["array", "tables"])
def test_declaring_a_sentence_writes_its_reading_into_the_spec(tasks, connect, tables):
    client = connect(tasks)
    client.initialize(VS_CODE)
    uri = client.open(SPEC)
    offers = {item["title"]: item for item in client.actions(uri, (12, 4)) if item["title"].startswith("Declare")}
    assert len(offers) == 2, offers
    title = next(title for title in offers if (title == "Declare it in the spec") != tables)
    edit = client.resolve(offers[title])["edit"]
    text = applied(edit, {uri: ((tasks / SPEC).read_text(), 1)})[file_of(uri)]
    (tasks / SPEC).write_text(text)
    changes = json.loads(command(tasks, "requests", "--format", "json").stdout)["changes"]
    declared = [item for item in changes if item["grade"] == "declared"]
    assert declared, changes
    if tables:
        assert {item["change"] for item in declared} >= {"add_table"}
    else:
        assert [(item["change"], item["name"]) for item in declared if item["change"] == "add_column"] == [
            ("add_column", "tags")
        ]
    assert not [item for item in changes if item["grade"] == "implied" and item["line"] == 13], changes


# Changes outside the editor


def test_a_file_that_changes_on_disk_changes_findings(tasks, connect):
    client = connect(tasks)
    client.initialize(NEOVIM_07 | {"workspace": {"didChangeWatchedFiles": {"dynamicRegistration": True}}})
    client.wait(lambda: any(item["method"] == "client/registerCapability" for item in client.messages))
    client.wait(lambda: pushed(client))
    path = tasks / "backend/migrations/002_titles.sql"
    path.write_text(INDEX)
    client.notify("workspace/didChangeWatchedFiles", {"changes": [{"uri": path.as_uri(), "type": 1}]})
    client.wait(lambda: path.relative_to(tasks).as_posix() in pushed(client))
    path.unlink()
    client.notify("workspace/didChangeWatchedFiles", {"changes": [{"uri": path.as_uri(), "type": 3}]})
    client.wait(lambda: path.relative_to(tasks).as_posix() not in pushed(client))


def test_a_client_that_does_not_watch_gets_what_is_on_disk(tasks, connect):
    client = connect(tasks)
    client.initialize(NEOVIM_07)
    uri = client.open(CREATE)
    client.wait(lambda: pushed(client))
    (tasks / "specs/features/other.md").write_text("# Other\n\n## Requirements\n\n- Tasks have a due date\n")
    offered = {item["title"] for item in client.actions(client.uri("specs/features/other.md"), (4, 3))}
    assert offered >= {"Generate migration for 1 change", "Declare it in the spec"}
    assert "index" in client.hover(uri, 11, 3).lower()


# Settings


def test_settings_are_asked_for_and_bad_ones_are_said_and_dropped(tasks, connect):
    client = connect(tasks, settings={"enums": "native", "small-table-rows": 5, "postgres": None})
    client.initialize(VS_CODE)
    uri = client.open(SPEC)
    eventually(lambda: client.hover(uri, 11, 10), lambda text: "CREATE TYPE" in text)
    client.settings = {"enums": "nothing"}
    client.notify("workspace/didChangeConfiguration", {"settings": None})
    client.wait(lambda: any("`enums`" in text for text in client.shown()))
    assert "CREATE TYPE" in client.hover(uri, 11, 10)
    client.settings = {"enums": "check"}
    client.notify("workspace/didChangeConfiguration", {"settings": None})
    eventually(lambda: client.hover(uri, 11, 10), lambda text: "CREATE TYPE" not in text)


def test_settings_are_taken_from_clients_that_send_them(tasks, connect):
    client = connect(tasks)
    client.initialize(MINIMAL)
    uri = client.open(SPEC)
    assert "CREATE TYPE" not in client.hover(uri, 11, 10)
    client.notify("workspace/didChangeConfiguration", {"settings": {"migration-ls": {"enums": "native"}}})
    eventually(lambda: client.hover(uri, 11, 10), lambda text: "CREATE TYPE" in text)
    client.notify("workspace/didChangeConfiguration", {"settings": {"migration-ls": {"small-table-rows": "many"}}})
    client.wait(lambda: any("small-table-rows" in text for text in client.shown()))
    assert "CREATE TYPE" in client.hover(uri, 11, 10)


# Folders


def test_two_folders_are_two_projects(make, connect):
    first, second = make(), make("crm")
    client = connect(first, second)
    client.initialize(MINIMAL)
    expected = {(first / path).as_uri() for path in findings_of_check(first)}
    more = {(second / path).as_uri() for path in findings_of_check(second)}
    client.wait(lambda: {uri for uri, item in client.diagnostics.items() if item["diagnostics"]} == expected | more)
    gone = {"removed": [{"uri": second.as_uri(), "name": "crm"}], "added": []}
    client.notify("workspace/didChangeWorkspaceFolders", {"event": gone})
    client.wait(lambda: {uri for uri, item in client.diagnostics.items() if item["diagnostics"]} == expected)
    back = {"added": [{"uri": second.as_uri(), "name": "crm"}], "removed": []}
    client.notify("workspace/didChangeWorkspaceFolders", {"event": back})
    client.wait(lambda: {uri for uri, item in client.diagnostics.items() if item["diagnostics"]} == expected | more)


# Positions

NASTY = [
    "-- \N{GRINNING FACE} an emoji\n",
    "-- \ttabs\tin\tit\r\n",
    "-- a form feed \f in it\n",
    "-- a separator \u2028 in it\r\n",
    "-- next line \x85 in it\n",
    "/* \N{FAMILY} \N{GRINNING FACE} */ ",
]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-32"])
@pytest.mark.parametrize("push", [False, True], ids=["pull", "push"])
def test_positions_are_right_in_every_encoding(tasks, connect, encoding, push):
    client = connect(tasks)
    base = MINIMAL if push else VS_CODE
    client.initialize({**base, "general": {"positionEncodings": [encoding]}})
    assert client.capabilities["positionEncoding"] == encoding
    statement = INDEX.strip()
    text = "".join(NASTY) + statement + "\n"
    uri = client.open("backend/migrations/002_titles.sql", text)
    if push:
        client.wait(lambda: client.diagnostics.get(uri, {}).get("diagnostics"))
        items = client.diagnostics[uri]["diagnostics"]
    else:
        items = client.pull(uri)["items"]
    (found,) = [item for item in items if item["code"] == "index-not-concurrent"]
    assert statement.startswith(selected(text, found["range"], encoding)), selected(text, found["range"], encoding)
    end = found["range"]["end"]
    offered = client.actions(uri, (end["line"], end["character"]))
    (fix,) = [item for item in offered if [each["code"] for each in item["diagnostics"]] == ["index-not-concurrent"]]
    fixed = applied(fix["edit"], {uri: (text, 1)}, encoding)[file_of(uri)]
    assert fixed.startswith("".join(NASTY)[:-20])
    assert "INDEX CONCURRENTLY" in fixed
    assert edited(text, [], encoding) == text


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_edits_of_a_models_file_keep_its_line_ends(tasks, connect, end):
    text = '"""\N{GRINNING FACE} \u2028 \f"""\n' + (tasks / MODELS).read_text()
    text = text.replace("\n", end)
    (tasks / MODELS).write_bytes(text.encode())
    client = connect(tasks)
    client.initialize(VS_CODE)
    uri = client.open(SPEC)
    (action,) = client.actions(uri, (11, 3), only=["source"])
    made = applied(client.resolve(action)["edit"], {uri: ((tasks / SPEC).read_text(), 1)})[tasks / MODELS]
    assert made.startswith(text.split("class Task(")[0][:20])
    assert "priority" in made
    if end == "\r\n":
        assert made.count("\r\n") == made.count("\n")
    compile(made.replace("\r\n", "\n"), "models.py", "exec")
