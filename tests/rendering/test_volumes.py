"""Estimated bytes against what a server takes."""

import pytest

from migration_ls.operations.replay import final_schema
from migration_ls.rendering.document.volumes import Volumes
from migration_ls.schema.names import Name
from migration_ls.schema.schema import Schema
from migration_ls.sources.sql.reader import read_sql

TABLE = (
    "CREATE TABLE loans (id serial PRIMARY KEY, member_id integer NOT NULL, isbn varchar(13) NOT NULL, fee float8,"
    " due timestamp, note varchar(40))"
)
ROWS = 20_000
LOANS = Name("loans")


@pytest.mark.postgres
def test_rows_and_entries_take_about_what_is_estimated(database):
    volumes = Volumes(
        before=final_schema(Schema(), read_sql(TABLE).statements), after=Schema(), rows={LOANS: ROWS}, sizes={}
    )
    with database.connect() as connection:
        connection.execute(TABLE)
        connection.execute(
            "INSERT INTO loans (member_id, isbn, fee, due, note) SELECT i, lpad(i::text, 13, '0'), 1, now(),"
            f" repeat('x', i % 40) FROM generate_series(1, {ROWS}) AS i"
        )
        connection.execute("CREATE INDEX one ON loans (isbn, due)")
        connection.execute("CREATE INDEX other ON loans (member_id)")
        taken = {
            name: connection.execute("SELECT pg_relation_size(%s)", (name,)).fetchone()[0] / ROWS
            for name in ("loans", "one", "other", "loans_pkey")
        }
    assert volumes.row(LOANS) == pytest.approx(taken["loans"], rel=0.25)
    assert volumes.entry(LOANS, ["isbn", "due"]) == pytest.approx(taken["one"], rel=0.25)
    assert volumes.entry(LOANS, ["member_id"]) == pytest.approx(taken["other"], rel=0.35)
    assert volumes.entries(LOANS) == pytest.approx(taken["loans_pkey"], rel=0.35)


def test_a_known_size_tells_what_a_row_takes():
    known = Volumes(before=Schema(), after=Schema(), rows={LOANS: 1_000}, sizes={LOANS: 250_000})
    assert known.row(LOANS) == 250
