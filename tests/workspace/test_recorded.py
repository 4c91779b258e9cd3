"""Which migrations a database has: by what runners recorded, else by its schema."""

import pytest

from migration_ls.schema.names import Name
from migration_ls.sources.catalog.runners import recorded
from migration_ls.sources.catalog.sizes import sizes_of
from migration_ls.workspace.analysis import analyse
from migration_ls.workspace.workspace import Workspace
from tests.workspace.test_live_database import dsn_of, fill

FLYWAY = [
    {"installed_rank": 1, "version": "3", "script": "<< Flyway Baseline >>", "type": "BASELINE", "success": True},
    {"installed_rank": 2, "version": "4", "script": "V4__a.sql", "type": "SQL", "success": True},
    {"installed_rank": 3, "version": "5.1", "script": "V5_1__b.sql", "type": "SQL", "success": True},
    {"installed_rank": 4, "version": "5.1", "script": "U5_1__b.sql", "type": "UNDO_SQL", "success": True},
    {"installed_rank": 5, "version": None, "script": "R__views.sql", "type": "SQL", "success": True},
    {"installed_rank": 6, "version": "6", "script": "V6__c.sql", "type": "SQL", "success": False},
]
GOOSE = [
    {"id": 3, "version_id": 2, "is_applied": False},
    {"id": 1, "version_id": 1, "is_applied": True},
    {"id": 2, "version_id": 2, "is_applied": True},
]
PRISMA = [
    {"migration_name": "20240101_a", "finished_at": "2024-01-01", "rolled_back_at": None},
    {"migration_name": "20240102_b", "finished_at": None, "rolled_back_at": "2024-01-02"},
    {"migration_name": "20240103_c", "finished_at": None, "rolled_back_at": None},
]


@pytest.mark.parametrize(
    ("table", "rows", "has", "lacks", "unfinished"),
    [
        ("schema_migrations", [{"version": "20240101"}, {"version": "003"}], ["20240101", "3", "0003"], ["1"], None),
        ("schema_migrations", [{"version": 12, "dirty": False}], ["1", "000012"], ["13"], None),
        ("schema_migrations", [{"version": 12, "dirty": True}], ["11", "12"], ["13"], "12"),
        ("schema_migrations", [], [], ["1", ""], None),
        ("flyway_schema_history", FLYWAY, ["1", "2.5", "3", "4"], ["5.1", "5_1", "6", "7"], "6"),
        ("goose_db_version", GOOSE, ["00001"], ["2", "3"], None),
        ("_prisma_migrations", PRISMA, ["20240101"], ["20240102", "20240103"], "20240103"),
        ("_sqlx_migrations", [{"version": 1, "success": True}, {"version": 2, "success": False}], ["1"], ["2"], None),
        ("__diesel_schema_migrations", [{"version": "20240101120000"}], ["20240101120000"], ["2024"], None),
        ("goose_db_version", [{"something": "else"}], [], ["1"], None),
    ],
)
def test_records_are_understood(table, rows, has, lacks, unfinished):
    record = recorded(table, rows)
    assert [version for version in has if not record.has(version)] == []
    assert [version for version in lacks if record.has(version)] == []
    assert record.unfinished == unfinished


def test_files_without_version_are_recorded_by_name():
    record = recorded("flyway_schema_history", FLYWAY)
    assert record.has("", "R__views.sql")
    assert not record.has("", "R__others.sql")


def revision(name: str, parents: object, body: str) -> str:
    head = "from alembic import op\nimport sqlalchemy as sa\n\n"
    return f"{head}revision = {name!r}\ndown_revision = {parents!r}\n\n\ndef upgrade():\n    {body}\n"


REVISIONS = {
    "a1": revision("a1", None, 'op.create_table("t", sa.Column("id", sa.Integer(), primary_key=True))'),
    "b1": revision("b1", "a1", 'op.add_column("t", sa.Column("b", sa.Text()))'),
    "c1": revision("c1", "a1", 'op.add_column("t", sa.Column("c", sa.Text()))'),
    "d1": revision("d1", ("b1", "c1"), "pass"),
    "e1": revision("e1", "d1", 'op.add_column("t", sa.Column("e", sa.Text()))'),
}


def analysis_of(root, database, files, monkeypatch, **more):
    for path, text in {**files, "migration-ls.toml": 'database = "RECORDED_DB"\n'}.items():
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, "utf-8")
    monkeypatch.setenv("RECORDED_DB", dsn_of(database, **more))
    return analyse(Workspace(root).snapshot())


def rules_of(analysis):
    return {(finding.rule, path) for path, found in analysis.findings.items() for finding in found}


@pytest.mark.postgres
@pytest.mark.parametrize(
    ("heads", "schema", "pending"),
    [
        (["e1"], "CREATE TABLE t (id serial PRIMARY KEY, b text, c text, e text)", []),
        (["d1"], "CREATE TABLE t (id serial PRIMARY KEY, b text, c text)", ["e1"]),
        (["b1"], "CREATE TABLE t (id serial PRIMARY KEY, b text)", ["c1", "d1", "e1"]),
        (["b1", "c1"], "CREATE TABLE t (id serial PRIMARY KEY, b text, c text)", ["d1", "e1"]),
        ([], "", ["a1", "b1", "c1", "d1", "e1"]),
    ],
)
def test_alembic_records_heads_and_what_they_follow_is_applied(database, tmp_path, monkeypatch, heads, schema, pending):
    fill(database, f"CREATE TABLE alembic_version (version_num varchar(32) PRIMARY KEY); {schema}")
    for head in heads:
        fill(database, f"INSERT INTO alembic_version VALUES ('{head}')")
    files = {f"alembic/versions/{name}.py": text for name, text in REVISIONS.items()}
    analysis = analysis_of(tmp_path, database, files, monkeypatch)
    assert analysis.knowledge.base_source == "database"
    assert sorted(path[-5:-3] for path in analysis.knowledge.pending) == pending
    columns = [column.name for column in analysis.knowledge.current.tables[Name("t")].columns]
    assert sorted(columns) == ["b", "c", "e", "id"]
    assert not any(rule == "statement-fails" for rule, _ in rules_of(analysis))
    assert Name("alembic_version") not in analysis.knowledge.base.tables


FILES = {
    "migrations/001_t.sql": "CREATE TABLE t (id integer PRIMARY KEY);\n",
    "migrations/002_a.sql": "ALTER TABLE t ADD COLUMN a text;\n",
    "migrations/003_fill.sql": "UPDATE t SET a = '' WHERE a IS NULL;\n",
    "migrations/004_b.sql": "ALTER TABLE t ADD COLUMN b text;\n",
    "migrations/005_c.sql": "CREATE INDEX t_b ON t (b);\n",
}


@pytest.mark.postgres
@pytest.mark.parametrize(
    ("schema", "pending"),
    [
        ("CREATE TABLE t (id integer PRIMARY KEY, a text, b text); CREATE INDEX t_b ON t (b)", []),
        ("CREATE TABLE t (id integer PRIMARY KEY, a text, b text)", ["005"]),
        ("CREATE TABLE t (id integer PRIMARY KEY, a text)", ["004", "005"]),
        ("CREATE TABLE t (id integer PRIMARY KEY, a text, hand_made text)", ["004", "005"]),
        ("CREATE TABLE t (id integer PRIMARY KEY)", ["002", "003", "004", "005"]),
        ("CREATE TABLE unrelated (x text)", []),
    ],
)
def test_without_a_record_the_schema_tells(database, tmp_path, monkeypatch, schema, pending):
    fill(database, schema)
    analysis = analysis_of(tmp_path, database, FILES, monkeypatch)
    if "unrelated" in schema:
        pending = [path[11:14] for path in FILES]
    assert [path[11:14] for path in analysis.knowledge.pending] == pending


@pytest.mark.postgres
def test_a_migration_that_did_not_end_is_told_at_its_file(database, tmp_path, monkeypatch):
    fill(
        database,
        "CREATE TABLE schema_migrations (version bigint, dirty boolean); INSERT INTO schema_migrations VALUES (4, true);"
        "CREATE TABLE t (id integer PRIMARY KEY, a text)",
    )
    analysis = analysis_of(tmp_path, database, FILES, monkeypatch)
    assert ("migration-unfinished", "migrations/004_b.sql") in rules_of(analysis)
    assert [path[11:14] for path in analysis.knowledge.pending] == ["005"]


@pytest.mark.postgres
def test_a_record_that_may_not_be_read_is_said(database, server, tmp_path, monkeypatch):
    fill(
        database,
        "CREATE TABLE schema_migrations (version text); INSERT INTO schema_migrations VALUES ('001');"
        "CREATE TABLE t (id integer PRIMARY KEY, a text)",
    )
    role = f"reader_{database.name[-8:]}"
    server.admin.execute(f"CREATE ROLE {role} LOGIN".encode())
    try:
        analysis = analysis_of(tmp_path, database, FILES, monkeypatch, user=role)
    finally:
        server.admin.execute(f"DROP ROLE {role}".encode())
    assert ("record-not-readable", "migration-ls.toml") in rules_of(analysis)
    assert [path[11:14] for path in analysis.knowledge.pending] == ["004", "005"]


@pytest.mark.parametrize(
    ("counted", "rows"),
    [
        ((-1, 0, 0, 5, 40960), None),  # before the first ANALYZE
        ((0, 0, 0, 5, 40960), None),  # the same on 13
        ((-1, 0, 700, 5, 40960), 700),  # seen to be inserted
        ((100, 1, 0, 5, 40960), 500),  # grown since it was counted
        ((100, 1, 0, None, 8192), 100),  # held by a migration, so as last counted
        ((-1, 0, 0, None, 0), None),
        ((100, 1, 0, 0, 8192), 0),  # emptied
    ],
)
def test_what_was_never_counted_is_not_small(counted, rows):
    (size,) = sizes_of([("public", "t", "r", *counted, None)]).values()
    assert size.rows == rows


@pytest.mark.postgres
def test_rows_are_estimated_as_the_planner_does(each_database):
    from migration_ls.workspace.live import read_live

    fill(
        each_database,
        """
        CREATE TABLE nothing (a text);
        CREATE TABLE counted (a text); INSERT INTO counted SELECT 'x' FROM generate_series(1, 500); ANALYZE counted;
        CREATE TABLE grown (a text); INSERT INTO grown SELECT 'x' FROM generate_series(1, 500); ANALYZE grown;
        INSERT INTO grown SELECT 'x' FROM generate_series(1, 9500);
        """,
    )
    rows = {str(name): size.rows for name, size in read_live(dsn_of(each_database)).sizes.items()}
    assert rows["nothing"] == 0
    assert rows["counted"] == 500
    assert 6_000 < (rows["grown"] or 0) < 14_000
