"""Keys of integer that become bigint while both releases run, in a project that has models and a document alone."""

import subprocess

import pytest

from tests.main_job.conftest import Project

MODELS = """from sqlmodel import Field, Relationship, SQLModel


class Customer(SQLModel, table=True):
    __tablename__ = "customers"

    id: int | None = Field(default=None, primary_key=True)
    name: str
    orders: list["Order"] = Relationship(back_populates="customer")


class Order(SQLModel, table=True):
    __tablename__ = "orders"

    id: int | None = Field(default=None, primary_key=True)
    customer_id: int = Field(foreign_key="customers.id", index=True)
    invited_by: int | None = Field(default=None, foreign_key="customers.id")
    customer: Customer | None = Relationship(back_populates="orders")
"""
SPEC = """# Room to grow

## Schema changes

- Change `customers.id` from integer to bigint.
- Change `orders.customer_id` from integer to bigint.
"""


@pytest.fixture
def shop(tmp_path):
    project = Project(tmp_path)
    project.write("backend/app/models.py", MODELS)
    git = ["git", "-c", "user.name=a", "-c", "user.email=a@example.org"]
    for words in (["init", "-q", "-b", "main"], ["add", "-A"], ["commit", "-qm", "x"]):
        subprocess.run([*git, *words], cwd=tmp_path, check=True)
    project.write("specs/features/growth.md", SPEC)
    return project


@pytest.mark.postgres
def test_every_version_is_proven(shop):
    done = shop.run("generate", "specs/features/growth.md")
    assert done.status == 0, done.err
    scripts = [path for path in shop.files() if path.endswith(".sql") and shop.read(path).startswith("-- migration-ls")]
    forward = [path for path in scripts if not path.endswith(("_rollback.sql", "_validate.sql", "_backfill.sql"))]
    assert [path.rpartition("growth")[2] for path in sorted(forward)] == [
        ".sql",
        "_finish.sql",
        "_switch.sql",
        "_contract.sql",
    ]
    assert "sa_type=BigInteger" in shop.read("backend/app/models.py")
    proof = shop.run("verify", *sorted(forward))
    assert proof.status == 0, proof.out + proof.err
    found = shop.run("check", "--format", "json").json["findings"]
    assert [item for item in found if item["severity"] in {"error", "warning"}] == []
