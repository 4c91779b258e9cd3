"""What holds for a session as a whole: nothing is written, proofs report and stop, documents belong together."""

import pytest

from tests.server.client import MINIMAL, NEOVIM_07, VS_CODE, applied, eventually, file_of
from tests.server.test_sessions import FIELD, MODELS, SCHEMA, SPEC, contents, generated, with_field

FORWARD = "backend/migrations/002_task_organization.sql"


@pytest.mark.parametrize("capabilities", [VS_CODE, NEOVIM_07, MINIMAL], ids=["vs-code", "neovim", "minimal"])
def test_a_session_writes_nothing_into_the_project(tasks, connect, capabilities):
    before = contents(tasks)
    client = connect(tasks)
    client.initialize(capabilities)
    uris = [client.open(path) for path in before if path.endswith((".md", ".py", ".sql"))]
    for uri in uris:
        client.hover(uri, 10, 4)
        client.lenses(uri)
        for action in client.actions(uri, (0, 0), (200, 0)):
            if "data" in action:
                client.resolve(action)
    client.request(
        "workspace/executeCommand", {"command": "migration-ls.generate", "arguments": [{"uri": client.uri(SPEC)}]}
    )
    client.change(client.uri(MODELS), with_field(tasks), 2)
    client.lenses(client.uri(MODELS))
    assert client.stop() == 0
    assert contents(tasks) == before


def test_what_a_field_and_a_spec_ask_for_is_generated_once_from_either(tasks, connect):
    text = with_field(tasks)
    (tasks / MODELS).write_text(text)
    expected = generated(tasks)
    client = connect(tasks)
    client.initialize(VS_CODE)
    uri = client.open(MODELS)
    line = text[: text.index("priority: str")].count("\n")
    (action,) = [item for item in client.actions(uri, (line, 6)) if "enerate" in item["title"]]
    made = applied(client.resolve(action)["edit"], {uri: (text, 1)})
    assert {path.relative_to(tasks).as_posix() for path in made} == expected.keys()
    assert {path.relative_to(tasks).as_posix(): text for path, text in made.items()} == expected


def test_the_status_follows_the_findings(tasks, connect):
    client = connect(tasks)
    client.initialize(VS_CODE, initializationOptions={"status": True})
    uri = client.open(MODELS)

    def states() -> list[dict]:
        return [item["params"] for item in client.messages if item["method"] == "migration-ls/status"]

    eventually(states, bool)
    assert states()[-1].keys() == {"text", "tooltip", "severity"}
    text = (tasks / MODELS).read_text()
    client.change(uri, text.replace(FIELD, FIELD + "    rank: int\n", 1), 2)
    eventually(lambda: states()[-1]["severity"], lambda severity: severity != "ok")


def test_who_does_not_ask_for_the_status_is_not_told(tasks, connect):
    client = connect(tasks)
    client.initialize(MINIMAL)
    uri = client.open(SCHEMA)
    client.wait(lambda: uri in client.diagnostics)
    client.lenses(uri)
    assert not [item for item in client.messages if item["method"] == "migration-ls/status"]


@pytest.fixture
def migrated(tasks):
    for path, text in generated(tasks).items():
        (tasks / path).parent.mkdir(parents=True, exist_ok=True)
        (tasks / path).write_text(text)
    return tasks


@pytest.mark.postgres
def test_a_proof_reports_its_progress_and_offers_the_evidence(migrated, connect):
    client = connect(migrated)
    client.initialize(VS_CODE)
    before = contents(migrated)
    uri = client.open(FORWARD)
    (lens,) = client.lenses(uri)
    assert lens["command"]["command"] == "migration-ls.verify"
    result = client.request(
        "workspace/executeCommand", {key: lens["command"][key] for key in ("command", "arguments")}, 200
    )
    assert result["passed"], result
    kinds = [item["params"]["value"]["kind"] for item in client.messages if item["method"] == "$/progress"]
    assert kinds[0] == "begin"
    assert kinds[-1] == "end"
    assert "report" in kinds
    assert result["summary"] in client.shown()
    (edit,) = client.applied
    (path,) = {file_of(change["textDocument"]["uri"]) for change in edit["documentChanges"]}
    assert "- [x]" in applied(edit)[path]
    assert contents(migrated) == before


@pytest.mark.postgres
def test_a_proof_can_be_cancelled_and_others_are_answered_meanwhile(migrated, connect):
    client = connect(migrated)
    client.initialize(VS_CODE)
    uri = client.open(FORWARD)
    number = client.ask("workspace/executeCommand", {"command": "migration-ls.verify", "arguments": [{"uri": uri}]})
    client.wait(lambda: any(item["method"] == "$/progress" for item in client.messages))
    token = next(item["params"]["token"] for item in client.messages if item["method"] == "$/progress")
    assert "ALTER TABLE" in client.hover(client.open(SPEC), 11, 5) or client.hover(uri, 5, 3) is not None
    client.notify("window/workDoneProgress/cancel", {"token": token})
    assert client.answer(number)["passed"] is False
    assert client.applied == []


def test_a_migration_that_is_not_there_is_not_verified(tasks, connect):
    client = connect(tasks)
    client.initialize(VS_CODE)
    answer = client.request(
        "workspace/executeCommand", {"command": "migration-ls.verify", "arguments": [{"uri": "untitled:new.sql"}]}
    )
    assert answer == {"passed": False}
    assert any("belongs to no project" in text for text in client.shown())
