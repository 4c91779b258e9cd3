"""Labels of an enum that go: asked for by a model or a spec, planned where it is brief, refused aloud where not."""

import subprocess

import pytest

from tests.main_job.conftest import Project

SPEC = "specs/features/states.md"
MODELS = "backend/app/models.py"


@pytest.fixture
def rides(tmp_path):
    project = Project(tmp_path)
    project.write(
        MODELS,
        "import enum\n\nfrom sqlalchemy import Column, Enum\nfrom sqlmodel import Field, SQLModel\n\n\n"
        "class State(enum.Enum):\n    asked = 'asked'\n    driving = 'driving'\n    done = 'done'\n\n\n"
        "class Ride(SQLModel, table=True):\n"
        '    __tablename__ = "rides"\n\n'
        "    id: int | None = Field(default=None, primary_key=True)\n"
        "    state: State = Field(sa_column=Column(Enum(State, name='ride_state'), nullable=False))\n",
    )
    project.write(
        "backend/migrations/001_initial.sql",
        "CREATE TYPE ride_state AS ENUM ('asked', 'driving', 'done');\n"
        "CREATE TABLE rides (id serial PRIMARY KEY, state ride_state NOT NULL);\n",
    )
    project.write("migration-ls.toml", "[tables.rides]\nrows = 500\n")
    git = ["git", "-c", "user.name=a", "-c", "user.email=a@example.org"]
    subprocess.run([*git, "init", "-q", "-b", "main"], cwd=tmp_path, check=True)
    subprocess.run([*git, "add", "-A"], cwd=tmp_path, check=True)
    subprocess.run([*git, "commit", "-qm", "x"], cwd=tmp_path, check=True)
    return project


def test_a_label_that_a_model_lost_goes_by_a_contract(rides):
    rides.replace(MODELS, "    driving = 'driving'\n", "")
    done = rides.run("generate")
    assert done.status == 0, done.err
    (contract,) = (path for path in rides.files() if path.endswith("ride_state_contract.sql"))
    assert "CREATE TYPE ride_state AS ENUM ('asked', 'done')" in rides.read(contract)
    proof = rides.run("verify", contract)
    assert proof.status == 0, proof.out
    assert rides.run("generate").out.startswith("nothing to do")
    found = rides.run("check", "--format", "json").json["findings"]
    assert [item for item in found if item["severity"] in {"error", "warning"} and item["path"] == contract] == []


def test_a_spec_takes_a_label_from_the_models_too(rides):
    rides.write(SPEC, "# States\n\nRemove the value `driving` from `ride_state`.\n")
    (change,) = rides.run("requests", "--format", "json").json["changes"]
    assert (change["change"], change["enum"], change["enum_values"]) == ("change_enum", "ride_state", ["asked", "done"])
    assert rides.run("generate").status == 0
    assert "driving" not in rides.read(MODELS)
    assert rides.run("generate").out.startswith("nothing to do")


def test_a_column_of_a_large_table_is_replaced_by_one_beside_it(rides):
    rides.write("migration-ls.toml", "[tables.rides]\nrows = 5_000_000\n")
    rides.replace(MODELS, "    driving = 'driving'\n", "")
    done = rides.run("generate")
    assert done.status == 0, done.err
    (switch,) = (path for path in rides.files() if path.endswith("_switch.sql"))
    assert "ALTER TYPE ride_state_new RENAME TO ride_state" in rides.read(switch)
    assert "TYPE ride_state USING" not in "".join(rides.read(path) for path in rides.files() if path.endswith(".sql"))
    assert rides.run("generate").out.startswith("nothing to do")


def test_what_is_made_of_the_type_is_said_aloud(rides):
    rides.write("backend/migrations/002_more.sql", "CREATE DOMAIN shown AS ride_state;\n")
    rides.replace(MODELS, "    driving = 'driving'\n", "")
    done = rides.run("generate")
    assert done.status != 0
    assert "not planned: `ride_state`: its labels go or change places, and the domain `shown` is made of it" in done.err


def test_labels_that_the_models_never_had_stay(rides):
    rides.write("backend/migrations/002_more.sql", "ALTER TYPE ride_state ADD VALUE 'lost';\n")
    assert "ride_state" not in rides.run("diff").out.replace("ADD VALUE", "")
