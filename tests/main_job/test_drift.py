"""In what the sources differ: on every sample as its expected file says, and brought together by the offers."""

import json

import pytest

from migration_ls.features.actions import Offer, actions, aligned
from migration_ls.text.edits import apply_edits
from migration_ls.text.span import Span
from migration_ls.workspace.analysis import Analysis, analyse
from migration_ls.workspace.workspace import Workspace
from tests.main_job.conftest import PROJECTS

NAMES = sorted(path.name for path in PROJECTS.iterdir() if (path / "expected").is_dir())


def identity(difference):
    columns, expression = difference.get("columns") or [], difference.get("expression")
    return difference["kind"], difference["table"], difference["column"], *columns, expression


@pytest.mark.parametrize("name", NAMES)
def test_the_samples_differ_as_expected(make, name):
    project = make(name, git=False)
    found = {identity(item): item for item in project.run("drift", "--format", "json").json["differences"]}
    expected = json.loads((PROJECTS / name / "expected" / "drift.json").read_text())["differences"]
    assert found.keys() == {identity(item) for item in expected}
    for item in expected:
        for source in ("schema_md", "models", "migrations"):
            assert found[identity(item)].get(source) == item[source], (identity(item), source)


def test_people_are_told_what_each_source_says_and_where(make):
    out = make("marketplace").run("drift").out
    assert "orders.id: type\n    the schema document: bigint  (specs/database/schema.md:35)\n" in out
    assert "no difference between" in make("content").run("drift").out


def test_what_lags_is_told_at_its_place(make):
    findings = make("marketplace").run("check", "--format", "json", "--fail-on", "never").json["findings"]
    told = {(item["path"], item["range"]["start"]["line"]) for item in findings if item["rule"] == "sources-differ"}
    assert told == {
        ("backend/app/models.py", 0),
        ("backend/app/models.py", 21),
        ("backend/app/models.py", 35),
        ("specs/database/schema.md", 9),
        ("specs/database/schema.md", 34),
    }


def offers(analysis: Analysis, path: str) -> list[Offer]:
    whole = Span(0, len(analysis.snapshot.files[path].text))
    return [item for item in actions(analysis, path, whole) if isinstance(item, Offer) and item.kind == "align"]


def test_an_offer_brings_either_side_to_what_the_other_says(make):
    project = make("marketplace")
    workspace = Workspace(project.root)
    path = "specs/database/schema.md"
    by_title = {offer.title: offer for offer in offers(analyse(workspace.snapshot()), path)}
    assert set(by_title) == {
        "Change the schema document to what the migrations say of orders.id",
        "Change the models to what the schema document says of orders.id",
        "Change the schema document to what the migrations say of sellers.iban",
        "Change the models to what the schema document says of sellers.iban",
    }
    for title in (
        "Change the schema document to what the migrations say of orders.id",
        "Change the models to what the schema document says of sellers.iban",
    ):
        for changed in aligned(analyse(workspace.snapshot()), by_title[title].option or ""):
            project.write(changed.path, apply_edits(changed.old_text, changed.edits))
        workspace = Workspace(project.root)
    assert "| id | SERIAL | PRIMARY KEY |" in project.read(path)
    assert "iban: str = Field(max_length=34)" in project.read("backend/app/models.py")
    left = {
        item["table"] + "." + (item["column"] or "")
        for item in project.run("drift", "--format", "json").json["differences"]
    }
    assert "orders.id" not in left


def test_the_models_learn_what_only_the_database_has(make):
    project = make("marketplace")
    path = "backend/app/models.py"
    for _ in range(3):
        workspace = Workspace(project.root)
        analysis = analyse(workspace.snapshot())
        (first, *_) = offers(analysis, path)
        for changed in aligned(analysis, first.option or ""):
            project.write(changed.path, apply_edits(changed.old_text, changed.edits))
    text = project.read(path)
    assert "class Coupon(SQLModel, table=True):" in text
    assert 'CheckConstraint("stock >= 0"' in text
    assert "buyer_email: str = Field(max_length=254, index=True)" in text
    assert offers(analyse(Workspace(project.root).snapshot()), path) == []


def test_tables_that_are_managed_elsewhere_are_left_alone(make):
    project = make("marketplace")
    project.write("migration-ls.toml", 'external-tables = ["orders", "listings", "sellers"]\n')
    tables = {item["table"] for item in project.run("drift", "--format", "json").json["differences"]}
    assert tables == {"coupons", "favourites"}


def test_an_edit_that_is_asked_for_is_no_lag(make):
    project = make("tasks", spec=False)
    project.replace("backend/app/models.py", "= Field(max_length=200)", "= Field(max_length=300)")
    findings = project.run("check", "--format", "json", "--fail-on", "never").json["findings"]
    assert "sources-differ" not in [item["rule"] for item in findings if item["path"].endswith(".md")]
    project.run("generate")
    project.write("specs/database/schema.md", project.read("specs/database/schema.md").replace("300", "200"))
    findings = project.run("check", "--format", "json", "--fail-on", "never").json["findings"]
    assert [item["rule"] for item in findings if item["path"].endswith(".md")].count("sources-differ") == 1
