"""What the migrations of every sample make on a server, read back: as the expected files and the replay have it."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from migration_ls.diffing.differences import differences
from migration_ls.diffing.drift import Source, drift
from migration_ls.schema.json import schema_json
from migration_ls.verification.catalog import catalog, difference
from migration_ls.verification.database import Server
from migration_ls.workspace.analysis import Analysis, analyse
from migration_ls.workspace.live import read_live
from migration_ls.workspace.workspace import Workspace
from tests.workspace.test_live_database import AWKWARD, dsn_of, fill

pytestmark = pytest.mark.postgres
HERE = Path(__file__).parent.parent
PROJECTS = HERE / "projects"
NAMES = sorted(path.name for path in PROJECTS.iterdir() if (path / "expected").is_dir())


SERVICES = ("identity", "fleet", "warehouse", "orders", "routing")


def service_of(path: str) -> int:
    """Where the service stands in the order in which they were set up; 0 in a project that is one."""
    return next((number for number, name in enumerate(SERVICES) if f"services/{name}/" in path), 0)


def script_of(analysis: Analysis) -> str:
    """The migrations as they are sent: SQL files, or the statements of Alembic's revisions."""
    parts: list[str] = []
    for path in sorted(analysis.history.forward, key=service_of):
        if path.endswith(".py"):
            run = analysis.scripts[path].statements
            parts += [f"{item.statement.sql.rstrip().rstrip(';')};" for item in run]
        else:
            parts.append(analysis.snapshot.files[path].text)
    return "\n".join(parts)


@pytest.mark.parametrize("name", NAMES)
def test_a_sample_is_read_back_as_expected(server: Server, tmp_path, name):
    analysis = analyse(Workspace(PROJECTS / name).snapshot())
    with server.database() as database:
        fill(database, script_of(analysis))
        live = read_live(dsn_of(database))
        replayed = analysis.history.current
        assert live.unread == ()
        assert [str(item) for item in differences(replayed, live.schema)] == []
        assert [str(item) for item in differences(live.schema, replayed)] == []
        assert drift({Source.MIGRATIONS: replayed, Source.DATABASE: live.schema}) == ()
    (tmp_path / "got.json").write_text(json.dumps(schema_json(live.schema)), "utf-8")
    expected = PROJECTS / name / "expected" / "migrations.json"
    command = [sys.executable, HERE / "compare" / "compare.py", expected, tmp_path / "got.json", "--strict"]
    done = subprocess.run([*command, "--json", tmp_path / "report.json"], capture_output=True, text=True, check=False)
    report = json.loads((tmp_path / "report.json").read_text("utf-8"))
    assert done.returncode == 0, done.stderr
    assert imperfect(report) == []


def imperfect(report: object, path: str = "") -> list[str]:
    """The scores in a report that are not 1."""
    found: list[str] = []
    if isinstance(report, dict):
        for key, value in report.items():
            if key in {"precision", "recall", "f1"} and isinstance(value, float | int) and value < 1:
                found.append(f"{path}{key} {value}")
            found += imperfect(value, f"{path}{key}.")
    elif isinstance(report, list):
        for number, value in enumerate(report):
            found += imperfect(value, f"{path}{number}.")
    return found


MORE = """
CREATE EXTENSION pg_trgm;
CREATE TABLE parent (id serial PRIMARY KEY, at date NOT NULL, kind text DEFAULT 'x');
ALTER TABLE parent RENAME TO renamed;
ALTER TABLE renamed RENAME COLUMN id TO number;
CREATE TABLE loose (id serial, n smallserial);
ALTER TABLE loose ALTER id DROP NOT NULL;
CREATE SEQUENCE own AS smallint INCREMENT -2 MINVALUE -100 MAXVALUE 50 START 50 CACHE 7;
CREATE TABLE counted (a integer DEFAULT nextval('own'), b text);
CREATE TABLE parts (id integer, at date, note text DEFAULT 'p', PRIMARY KEY (id, at)) PARTITION BY RANGE (at);
CREATE TABLE parts_own (note text DEFAULT 'own', at date NOT NULL, id integer NOT NULL, CONSTRAINT own_key PRIMARY KEY (id, at));
ALTER TABLE parts ATTACH PARTITION parts_own FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
CREATE INDEX own_index ON parts_own (note);
CREATE INDEX parts_note ON ONLY parts (note);
ALTER INDEX parts_note ATTACH PARTITION own_index;
CREATE INDEX only_here ON parts_own (at, id);
CREATE TABLE refers (p_id integer, p_at date, FOREIGN KEY (p_id, p_at) REFERENCES parts);
CREATE INDEX words ON counted USING gin (b gin_trgm_ops) WITH (fastupdate = off);
CREATE TYPE span AS RANGE (subtype = float8);
CREATE DOMAIN short AS varchar(3) COLLATE "C" DEFAULT 'abc';
ALTER DOMAIN short ADD CONSTRAINT not_x CHECK (VALUE <> 'x') NOT VALID;
CREATE RULE nothing AS ON DELETE TO counted DO INSTEAD NOTHING;
CREATE STATISTICS together ON p_id, p_at FROM refers;
"""


@pytest.mark.parametrize("text", [AWKWARD, MORE], ids=["awkward", "more"])
def test_the_statements_of_a_database_make_the_same_again(each_server: Server, text: str):
    with each_server.database() as first, each_server.database() as second:
        fill(first, text)
        live = read_live(dsn_of(first))
        assert live.unread == ()
        fill(second, "SET check_function_bodies = off;\n" + "".join(f"{part};\n" for part in live.statements))
        assert read_live(dsn_of(second)).schema == live.schema
        # the server prints some expressions anew when it has read its own printing
        assert [line for line in difference(catalog(first), catalog(second)) if ": definition was" not in line] == []
