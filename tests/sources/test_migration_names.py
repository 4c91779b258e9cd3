"""What the names of migration files say."""

from datetime import UTC, datetime

import pytest

from migration_ls.sources.migrations import classify, migration_path, next_version, same_version, sorted_migrations

NOW = datetime(2025, 6, 7, 8, 9, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("path", "folder", "version", "name", "role"),
    [
        ("db/001_create_tasks.sql", "db", "001", "create_tasks", "forward"),
        ("db/001_create_tasks_rollback.sql", "db", "001", "create_tasks", "rollback"),
        ("001_x_validate.sql", "", "001", "x", "validate"),
        ("001_x_backfill.sql", "", "001", "x", "backfill"),
        ("001_x_finish.sql", "", "001", "x", "finish"),
        ("002_x_contract.sql", "", "002", "x", "contract"),
        ("005_add_email_check.sql", "", "005", "add_email_check", "forward"),
        ("20250110_0900_accounts.sql", "", "20250110_0900", "accounts", "forward"),
        ("20250110_2fa_login.sql", "", "20250110", "2fa_login", "forward"),
        ("2024-05-06T10:11:12.sql", "", "2024-05-06T10:11:12", "", "forward"),
        ("supabase/migrations/20240506101112_x.sql", "supabase/migrations", "20240506101112", "x", "forward"),
        ("m/V1__sites.sql", "m", "1", "sites", "forward"),
        ("m/V1.2_3__sites.sql", "m", "1.2_3", "sites", "forward"),
        ("m/U1__sites.sql", "m", "1", "sites", "rollback"),
        ("m/0001_org.up.sql", "m", "0001", "org", "forward"),
        ("m/0001_org.down.sql", "m", "0001", "org", "rollback"),
        ("prisma/migrations/20250115_init/migration.sql", "prisma/migrations", "20250115", "init", "forward"),
        ("m/2024-01-02-030405_x/up.sql", "m", "2024-01-02-030405", "x", "forward"),
        ("m/2024-01-02-030405_x/down.sql", "m", "2024-01-02-030405", "x", "rollback"),
        ("m/rollback/001_x.sql", "m", "001", "x", "rollback"),
        ("m/seed.sql", "m", "", "seed", "other"),
    ],
)
def test_names(path, folder, version, name, role):
    found = classify(path)
    assert (found.folder, found.version, found.name, found.role) == (folder, version, name, role)


def test_other_files_are_no_migrations():
    assert classify("m/001_x.py") is None


def named(*paths):
    return {path: classify(path) for path in paths}


def test_order():
    names = named("V10__c.sql", "V9__b.sql", "V1_2__a.sql", "R__views.sql")
    assert sorted_migrations(names) == ["V1_2__a.sql", "V9__b.sql", "V10__c.sql", "R__views.sql"]
    names = named("003_x_contract.sql", "003_x_rollback.sql", "003_x.sql", "02_y.sql")
    assert sorted_migrations(names) == ["02_y.sql", "003_x.sql", "003_x_contract.sql", "003_x_rollback.sql"]
    names = named("20250110_0900_a.sql", "20250110_b.sql", "20250109235959_c.sql")
    assert sorted_migrations(names) == ["20250109235959_c.sql", "20250110_b.sql", "20250110_0900_a.sql"]


def test_two_files_of_one_version():
    names = named("m/003_a.sql", "m/3_b.sql", "m/003_a_rollback.sql", "n/003_c.sql", "m/004_d.sql")
    assert same_version(names) == (("m/003_a.sql", "m/3_b.sql"),)


@pytest.mark.parametrize(
    ("paths", "version"),
    [
        ([], "001"),
        (["001_a.sql", "009_b.sql", "009_b_rollback.sql"], "010"),
        (["0001_a.up.sql"], "0002"),
        (["V1__a.sql", "V9__b.sql"], "V10_"),
        (["V1_2__a.sql"], "V1_3_"),
        (["V2024.02.28__a.sql"], "V2025.06.07_"),
        (["V2099.02.28__future.sql"], "V2099.03.01_"),
        (["V2099.12.31__future.sql"], "V2100.01.01_"),
        (["V1.2.9__a.sql"], "V1.2.10_"),
        (["20250110_0900_a.sql"], "20250607_0809"),
        (["20240506101112_x.sql"], "20250607080910"),
        (["2024-01-02-030405_x/up.sql"], "2025-06-07-080910"),
        (["20990101000000_future.sql"], "20990101000001"),
        (["20990301120759_future.sql"], "20990301120800"),
        (["209912312359_future.sql"], "210001010000"),
        (["2099-02-28_future.sql"], "2099-03-01"),
        (["20990131_235959_future.sql"], "20990201_000000"),
        (["20991399_no_day.sql"], "20991400"),
        (["1700000000_x.sql"], str(int(NOW.timestamp()))),
    ],
)
def test_the_next_version_follows_the_habit(paths, version):
    assert next_version(paths, NOW) == version


def test_paths_follow_the_style():
    assert migration_path("m", "V5_", "x", "forward", "flyway") == "m/V5__x.sql"
    assert migration_path("m", "V5_", "x", "rollback", "flyway") == "m/U5__x.sql"
    assert migration_path("m", "0002", "x", "rollback", "up-down") == "m/0002_x.down.sql"
    assert migration_path("", "003", "x", "validate") == "003_x_validate.sql"
    assert migration_path("m", "20250101", "x", "forward", "prisma") == "m/20250101_x/migration.sql"
