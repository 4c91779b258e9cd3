"""Edited models and the migrated database: Alembic finds nothing that was not there before, and we find nothing."""

import json
import os
import subprocess
import sys
from pathlib import Path
from random import Random

import pytest

from migration_ls.diffing.asked import asked_by_models
from migration_ls.diffing.differences import differences
from migration_ls.planning.planner import plan
from migration_ls.planning.situation import Situation
from migration_ls.rendering.models.edit import edit_models
from migration_ls.rendering.sql.versions import versions
from migration_ls.schema.schema import Schema
from migration_ls.sources.models import ModelFile, read_models
from migration_ls.text.edits import apply_edits
from migration_ls.verification.database import Database, Server
from tests.planning.judge import run_text, schema_of_sql
from tests.planning.worlds import Maker

pytestmark = [pytest.mark.postgres, pytest.mark.xdist_group("plans")]
PAIRS = max(12, int(os.environ.get("MIGRATION_LS_JUDGE_PAIRS", "60")) // 5)
EMPTY = "from sqlmodel import Field, SQLModel\n"
COMPARE = """
import json, re, runpy, sys, warnings
warnings.simplefilter("ignore")
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine
from sqlalchemy.orm import configure_mappers
from sqlmodel import SQLModel
result = []
for path, url in json.load(sys.stdin):
    SQLModel.metadata.clear()
    SQLModel._sa_registry.dispose()
    runpy.run_path(path)
    configure_mappers()
    with create_engine(url).connect() as connection:
        options = {"compare_type": True, "compare_server_default": True}
        context = MigrationContext.configure(connection, opts=options)
        found = compare_metadata(context, SQLModel.metadata)
    result.append([re.sub(" at 0x[0-9a-f]+", "", repr(item)) for item in found])
print(json.dumps(result))
"""


def edited(text: str, before: Schema, after: Schema) -> str | None:
    """The models file for the second schema; None where something of it has no form in models."""
    edits = edit_models({"models.py": text}, differences(before, after), after, purposes={}, sqlmodel_version=None)
    if edits.refused or edits.new_files:
        return None
    return apply_edits(text, edits.edits.get("models.py", ()))


def url_of(database: Database) -> str:
    parameters = database.parameters
    url = f"postgresql+psycopg://{parameters['user']}@/{database.name}?host={parameters['host']}"
    return url + (f"&port={parameters['port']}" if "port" in parameters else "")


def test_models_agree_with_the_migrated_database(server: Server, tmp_path: Path) -> None:
    jobs: list[tuple[str, str]] = []
    shown: list[str] = []
    seed = 0
    while len(jobs) < 2 * PAIRS:
        seed += 1
        maker = Maker(Random(seed))
        maker.plain = True
        pair = maker.pair()
        before, after = schema_of_sql(pair.before.sql()), schema_of_sql(pair.after.sql())
        old = edited(EMPTY, Schema(), before)
        new = edited(old, before, after) if old else None
        if old is None or new is None or before == after:
            assert seed < 4 * PAIRS + 20, "too few pairs have a form in models"
            continue
        reading = read_models([ModelFile(path="models.py", text=new)], sqlmodel_version=None)
        asked = [request.change for request in asked_by_models(after, reading.schema, None)]
        assert asked == [], (seed, str(pair), new)
        database = server.create()
        run_text(database, "before", pair.before.sql())
        original = server.create(database)
        for version in versions(plan(Situation(current=before, wanted=after, postgres=server.major))):
            for text in (version.forward, version.backfill):
                if text:
                    run_text(database, version.role, text)
        for name, text, at in (("old", old, original), ("new", new, database)):
            path = tmp_path / f"{name}_{seed}.py"
            path.write_text(text, encoding="utf-8")
            jobs.append((str(path), url_of(at)))
        shown.append(f"seed {seed}\n{pair}\n{new}")
    done = subprocess.run(
        [sys.executable, "-c", COMPARE], input=json.dumps(jobs), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-3000:]
    found = json.loads(done.stdout)
    for number, text in enumerate(shown):
        was, now = found[2 * number], found[2 * number + 1]
        assert [item for item in now if item not in was] == [], text
