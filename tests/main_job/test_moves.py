"""Columns that move, tables that are split, references that become links: whole projects, from the sentence to proofs."""

import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.main_job.conftest import Project

pytestmark = [pytest.mark.postgres, pytest.mark.xdist_group("main_job")]
MODELS, DOCUMENT = "backend/app/models.py", "specs/database/schema.md"
ALEMBIC = '''"""start"""
import sqlalchemy as sa
from alembic import op

revision = "1a2b3c4d5e6f"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
{body}


def downgrade() -> None:
    pass
'''


@dataclass(frozen=True, kw_only=True)
class Moving:
    """A project, what its spec asks for, and what its files say then."""

    asked: str
    models: str
    document: str
    sql: str = ""
    alembic: str = ""
    gone: tuple[str, ...]
    fields: tuple[str, ...]
    documented: tuple[str, ...]


PROJECTS = {
    "links in psql": Moving(
        asked="- An episode has several hosts: `episodes.host_id` becomes many-to-many through a link table `episode_hosts`.",
        models="""from typing import Optional

from sqlmodel import Field, Relationship, SQLModel


# who speaks
class Host(SQLModel, table=True):
    __tablename__ = "hosts"

    id: Optional[int] = Field(default=None, primary_key=True)
    name: str = Field(max_length=120)

    # all that this host has spoken in
    episodes: list["Episode"] = Relationship(back_populates="host")


class Episode(SQLModel, table=True):
    __tablename__ = "episodes"

    id: Optional[int] = Field(default=None, primary_key=True)
    title: str = Field(max_length=200)
    host_id: int = Field(foreign_key="hosts.id", index=True)

    host: Optional[Host] = Relationship(back_populates="episodes")


class EpisodeCreate(SQLModel):
    host_id: int
""",
        document="""## hosts

| Column | Type | Constraints | Description |
|--------|------|-------------|-------------|
| id | SERIAL | PRIMARY KEY | |
| name | VARCHAR(120) | NOT NULL | As the site shows it |

## episodes

| Column | Type | Constraints | Description |
|--------|------|-------------|-------------|
| id | SERIAL | PRIMARY KEY | |
| title | VARCHAR(200) | NOT NULL | |
| host_id | INTEGER | NOT NULL, FOREIGN KEY (hosts.id) | Who speaks |

Indexes:

- `ix_episodes_host_id` on `host_id`
""",
        sql="CREATE TABLE hosts (id serial PRIMARY KEY, name varchar(120) NOT NULL); CREATE TABLE episodes (id serial "
        "PRIMARY KEY, title varchar(200) NOT NULL, host_id integer NOT NULL REFERENCES hosts (id)); "
        "CREATE INDEX ix_episodes_host_id ON episodes (host_id);",
        gone=('    host_id: int = Field(foreign_key="hosts.id", index=True)\n', "host: Optional", '"host"', "\n\n\n\n"),
        fields=(
            'SQLModel\n\n\nclass EpisodeHost(SQLModel, table=True):\n    __tablename__ = "episode_hosts"\n\n    episode_id',
            "\n\n\n# who speaks\nclass Host(",
            '    # all that this host has spoken in\n    episodes: list["Episode"] = Relationship(',
            '    title: str = Field(max_length=200)\n\n    hosts: list["Host"] = Relationship(',
            'back_populates="episodes",\n        link_model=EpisodeHost',
            "class EpisodeCreate(SQLModel):\n    host_id: int\n",
        ),
        documented=(
            "| host_id | INTEGER | PRIMARY KEY, FOREIGN KEY -> hosts.id | Who speaks |",
            "| episode_id | INTEGER | PRIMARY KEY, FOREIGN KEY -> episodes.id ON DELETE CASCADE | |",
        ),
    ),
    "a split in alembic": Moving(
        asked="- Split `plants`: `care_notes` and `fertilizer` go to a new table `plant_care`.",
        models="""from __future__ import annotations

import uuid

from sqlalchemy import Column, Text
from sqlmodel import Field, SQLModel


class Plant(SQLModel, table=True):
    __tablename__ = "plants"

    id: uuid.UUID = Field(default_factory=uuid.uuid4, primary_key=True)
    name: str = Field(max_length=80)
    care_notes: str | None = Field(default=None, sa_column=Column(Text))
    fertilizer: str | None = Field(default=None, max_length=60, index=True)
""",
        document="""### Table `plants`

- id: UUID (primary key)
- name: VARCHAR(80), not null
- care_notes: TEXT, nullable
- fertilizer: VARCHAR(60), nullable, indexed
""",
        alembic="""    op.create_table(
        "plants",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("care_notes", sa.Text(), nullable=True),
        sa.Column("fertilizer", sa.String(length=60), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_plants_fertilizer"), "plants", ["fertilizer"])""",
        gone=("sa_column=Column(Text)",),
        fields=(
            "class PlantCare(SQLModel, table=True):",
            'foreign_key="plants.id",\n        ondelete="CASCADE",\n    )\n    care_notes: str | None',
            "fertilizer: str | None = Field(default=None, max_length=60, index=True)",
        ),
        documented=("### Table `plant_care`", "- plant_id: UUID (primary key"),
    ),
    "a move in psql": Moving(
        asked="1. Move `rentals.pickup_note` and `rentals.pickup_window` to `trips` as `note` and `time_window`.",
        models="""from typing import Optional

from sqlmodel import Field, Relationship, SQLModel


class RentalBase(SQLModel):
    tool: str = Field(max_length=100)
    pickup_note: Optional[str] = Field(default=None, max_length=500)


class Rental(RentalBase, table=True):
    __tablename__ = "rentals"

    id: Optional[int] = Field(default=None, primary_key=True)
    pickup_window: str = Field(max_length=20)

    trips: list["Trip"] = Relationship(back_populates="rental")


class Trip(SQLModel, table=True):
    __tablename__ = "trips"

    id: Optional[int] = Field(default=None, primary_key=True)
    rental_id: int = Field(foreign_key="rentals.id", index=True, ondelete="CASCADE")

    rental: Optional[Rental] = Relationship(back_populates="trips")
""",
        document="""```sql
CREATE TABLE rentals (
    id SERIAL PRIMARY KEY,
    tool VARCHAR(100) NOT NULL,
    pickup_note VARCHAR(500), -- what the driver reads
    pickup_window VARCHAR(20) NOT NULL
);
CREATE TABLE trips (
    id SERIAL PRIMARY KEY,
    rental_id INTEGER NOT NULL REFERENCES rentals (id) ON DELETE CASCADE
);
CREATE INDEX ix_trips_rental_id ON trips (rental_id);
```
""",
        sql="CREATE TABLE rentals (id serial PRIMARY KEY, tool varchar(100) NOT NULL, pickup_note varchar(500), "
        "pickup_window varchar(20) NOT NULL); CREATE TABLE trips (id serial PRIMARY KEY, rental_id integer NOT NULL "
        "REFERENCES rentals (id) ON DELETE CASCADE); CREATE INDEX ix_trips_rental_id ON trips (rental_id);",
        gone=("pickup_note", "pickup_window"),
        fields=(
            '    note: Optional[str] = Field(\n        default=None,\n        max_length=500,\n        description="what the driver',
            "time_window: Optional[str] = Field(default=None, max_length=20)",
            'trips: list["Trip"] = Relationship(back_populates="rental")',
        ),
        documented=("    note VARCHAR(500),", "    time_window VARCHAR(20)"),
    ),
}  # fmt: skip


def made(root: Path, moving: Moving) -> Project:
    project = Project(root)
    project.write("backend/requirements.txt", "sqlmodel==0.0.22\n")
    project.write(MODELS, moving.models)
    project.write(DOCUMENT, f"# Schema\n\n{moving.document}")
    project.write("specs/features/moves.md", f"# Moves\n\n## Requirements\n\n{moving.asked}\n")
    if moving.sql:
        project.write("backend/migrations/001_start.sql", moving.sql)
    else:
        project.write("backend/alembic/versions/start.py", ALEMBIC.format(body=moving.alembic))
    subprocess.run(["git", "init", "-q", "-b", "main"], cwd=root, check=True, capture_output=True)
    project.commit()
    return project


@pytest.mark.parametrize("name", PROJECTS)
def test_a_move_from_the_sentence_to_the_proof(tmp_path: Path, name: str) -> None:
    moving = PROJECTS[name]
    project = made(tmp_path, moving)
    assert project.run("check").status == 0
    done = project.run("generate")
    assert done.status == 0, done.err
    models, document = project.read(MODELS), project.read(DOCUMENT)
    for text in moving.gone:
        assert text not in models
    for text in moving.fields:
        assert text in models, models
    for text in moving.documented:
        assert text in document, document
    once = project.files()
    assert "nothing to do" in project.run("generate").out
    assert project.files() == once
    assert project.run("check").status == 0
    proof = project.run("verify", "--latest")
    assert proof.status == 0, proof.out
    assert "contract" in proof.out.splitlines()[-1]
    plan = project.read("specs/features/moves/migration.md")
    assert "live on in" in plan
    assert "40P01" in plan
    assert "loses the values of" not in plan.replace("in rows that no row of", "") or "a move" in name
