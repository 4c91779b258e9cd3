"""Running files of SQL as psql would."""

import psycopg
import pytest

from migration_ls.verification.database import Database
from migration_ls.verification.script import Failure, ScriptError, SqlFile, lines_of, run_file

pytestmark = pytest.mark.postgres


def run(database: Database, text: str, *, wrapped: bool = False) -> None:
    with database.connect() as connection:
        run_file(connection, SqlFile(path="m.sql", text=text, wrapped=wrapped))


def failure(database: Database, text: str, *, wrapped: bool = False) -> Failure:
    with pytest.raises(ScriptError) as caught:
        run(database, text, wrapped=wrapped)
    return caught.value.failure


def value(database: Database, query: str) -> object:
    with database.connect() as connection:
        row = connection.execute(query.encode()).fetchone()
    return row[0] if row else None


def test_a_file_runs_in_its_own_transactions(database: Database):
    run(
        database,
        "CREATE TABLE t (a int);\nCREATE INDEX CONCURRENTLY i ON t (a);\nBEGIN; INSERT INTO t VALUES (1); COMMIT;",
    )
    assert value(database, "SELECT count(*) FROM t") == 1


def test_the_line_is_the_one_the_server_points_at(database: Database):
    text = "-- one\nCREATE TABLE t (a int);\r\n\n/* four */ INSERT INTO t (a)\nSELECT\n  nope;\n"
    found = failure(database, text)
    assert (found.line, found.sqlstate) == (6, "42703")
    assert str(found) == 'm.sql:6: column "nope" does not exist'


def test_an_error_inside_a_block_points_at_its_statement(database: Database):
    assert failure(database, "\n\nDO $$ BEGIN\n RAISE EXCEPTION 'no way'; END $$;").line == 3


def test_a_failure_undoes_the_open_transaction_alone(database: Database):
    failure(database, "CREATE TABLE a (); BEGIN; CREATE TABLE b (); SELECT 1/0; COMMIT;")
    assert value(database, "SELECT to_regclass('a') IS NOT NULL AND to_regclass('b') IS NULL") is True


def test_a_transaction_that_is_never_committed_is_a_failure(database: Database):
    found = failure(database, "BEGIN;\nCREATE TABLE a ();\n")
    assert found.message == "the transaction is never committed"
    assert value(database, "SELECT to_regclass('a')") is None


def test_a_runner_that_wraps_files_forbids_concurrently(database: Database):
    run(database, "CREATE TABLE t (a int)")
    assert failure(database, "CREATE INDEX CONCURRENTLY i ON t (a)", wrapped=True).sqlstate == "25001"


def test_copy_data_is_read(database: Database):
    run(database, "CREATE TABLE t (a int, b text);\nCOPY t FROM stdin;\n1\tone\n2\t\\N\n\\.\nANALYZE t;\n")
    assert value(database, "SELECT string_agg(a || coalesce(b, '-'), ',' ORDER BY a) FROM t") == "1one,2-"


def test_percent_signs_and_characters_outside_ascii_are_kept(database: Database):
    run(database, "CREATE TABLE t AS SELECT '100%s ñ😀'::text AS a;")
    assert value(database, "SELECT a FROM t") == "100%s ñ😀"


def test_psql_commands_that_only_print_or_stop_are_ignored():
    text = "\\set ON_ERROR_STOP on\n\\timing\n\\echo hello\n\\restrict abc\nSELECT 1;\n"
    assert [line.sql for line in lines_of(SqlFile(path="", text=text))] == ["SELECT 1"]


@pytest.mark.parametrize("command", ["\\i other.sql", "\\connect x", "\\copy t from 'f'", "\\set name 3", "\\! rm x"])
def test_psql_commands_that_do_more_are_refused_by_name(command: str):
    with pytest.raises(ScriptError) as caught:
        lines_of(SqlFile(path="m.sql", text=f"SELECT 1;\n{command}\n"))
    assert f"psql command `{command.split(maxsplit=1)[0]}`" in str(caught.value)
    assert caught.value.failure.line == 2


@pytest.mark.parametrize("text", ["", ";;", "-- nothing", "SELECT '\ud800'"])
def test_texts_that_run(database: Database, text: str):
    run(database, text)


@pytest.mark.parametrize("text", ["'", "SELECT \x00 1", "\\", "COPY t FROM stdin;\n1", "SELECT", "$$"])
def test_broken_texts_are_failures_and_nothing_else(database: Database, text: str):
    assert failure(database, text + " nope(").message


def test_a_lost_connection_is_a_failure(database: Database):
    with database.connect() as connection, pytest.raises((ScriptError, psycopg.Error)):
        run_file(connection, SqlFile(path="", text="SELECT pg_terminate_backend(pg_backend_pid()); SELECT 1;"))
