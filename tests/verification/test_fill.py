"""Rows that satisfy the constraints of tables nobody has seen before."""

from pathlib import Path

import pytest

from migration_ls.schema.names import Name
from migration_ls.verification.catalog import catalog, difference, rows
from migration_ls.verification.database import Database, Server
from migration_ls.verification.fill import Filled, fill
from migration_ls.verification.fill_patterns import like_expression, matching_texts
from migration_ls.verification.script import SqlFile, run_file

pytestmark = pytest.mark.postgres
PROJECTS = Path(__file__).resolve().parents[1] / "projects"
SAMPLES = {
    "tasks": ["backend/migrations/*.sql"],
    "crm": ["backend/migrations/*.sql"],
    "marketplace": ["backend/migrations/*.sql"],
    "content": ["backend/migrations/*/*.sql"],
    "iot": ["backend/migrations/*.sql"],
    "hr": ["backend/migrations/*.up.sql"],
    "logistics": [
        f"services/{service}/migrations/{number}_*.sql"
        for number in ("0001", "0002")
        for service in ("identity", "fleet", "warehouse", "orders", "routing")
    ],
}


def load(database: Database, *texts: str) -> None:
    with database.connect() as connection:
        for text in texts:
            run_file(connection, SqlFile(path="schema.sql", text=text))


def column(database: Database, query: str) -> list[object]:
    with database.connect() as connection:
        return [row[0] for row in connection.execute(query.encode()).fetchall()]


@pytest.mark.parametrize("project", SAMPLES)
def test_every_table_of_the_samples_is_filled(each_database: Database, project: str):
    files = [file for pattern in SAMPLES[project] for file in sorted((PROJECTS / project).glob(pattern))]
    assert files
    load(each_database, *(file.read_text(encoding="utf-8") for file in files))
    before = catalog(each_database)
    filled = fill(each_database, 40, samples=1)
    assert filled.problems == ()
    assert {table.name: table.problem for table in filled.tables.values() if table.problem} == {}
    assert min(table.rows for table in filled.tables.values()) >= 40
    assert all(table.next_rows for table in filled.tables.values())
    assert difference(before, catalog(each_database)) == ()


AWKWARD = {
    "values in a list": "CREATE TABLE t (a varchar(20) NOT NULL CHECK (a IN ('high', 'medium', 'low')))",
    "a range": "CREATE TABLE t (a int NOT NULL CHECK (a BETWEEN 3 AND 5), b numeric(5,2) NOT NULL CHECK (b > 0 AND b < 1))",
    "a length": "CREATE TABLE t (a text NOT NULL CHECK (length(a) = 64), b text NOT NULL CHECK (char_length(b) BETWEEN 2 AND 3))",
    "a pattern": r"CREATE TABLE t (a text NOT NULL UNIQUE CHECK (a ~ '^[A-Z]{2}-\d{4,6}$'), b text CHECK (b LIKE '%@%.__'))",
    "two columns": "CREATE TABLE t (a date NOT NULL, b date NOT NULL, c date, CHECK (b > a), CHECK (c IS NULL OR c >= b))",
    "one of two": "CREATE TABLE t (a int, b text, CHECK (num_nonnulls(a, b) = 1))",
    "one decides": "CREATE TABLE t (k text NOT NULL CHECK (k IN ('x', 'y')), d date, CHECK ((k = 'x') = (d IS NOT NULL)))",
    "lower case": "CREATE TABLE t (a text NOT NULL UNIQUE CHECK (a = lower(a)), b varchar(2) NOT NULL CHECK (b = upper(b)))",
    "not empty": "CREATE TABLE t (a text NOT NULL CHECK (a <> ''), b text[] NOT NULL CHECK (cardinality(b) > 0))",
    "the future": "CREATE TABLE t (a timestamptz NOT NULL CHECK (a > '2030-01-01'), b date CHECK (b < '1999-01-01'))",
    "json": "CREATE TABLE t (a jsonb NOT NULL CHECK (jsonb_typeof(a) = 'array'), b jsonb NOT NULL CHECK (b ? 'version'), c json)",
    "a domain": r"CREATE DOMAIN d AS text NOT NULL CHECK (VALUE ~ '^\d{3}$'); CREATE TABLE t (a d, b d)",
    "a domain on a domain": "CREATE DOMAIN d AS int CHECK (VALUE > 5); CREATE DOMAIN e AS d CHECK (VALUE < 9); CREATE TABLE t (a e NOT NULL)",
    "an enum": "CREATE TYPE m AS ENUM ('it''s', 'b'); CREATE TABLE t (a m NOT NULL, b m[] NOT NULL, c m NOT NULL CHECK (c <> 'b'))",
    "identity always": "CREATE TABLE t (a int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, b int)",
    "only an identity": "CREATE TABLE t (a int GENERATED ALWAYS AS IDENTITY PRIMARY KEY)",
    "generated": "CREATE TABLE t (a int NOT NULL, b int GENERATED ALWAYS AS (a * 2) STORED)",
    "itself": "CREATE TABLE t (id int PRIMARY KEY, up int REFERENCES t)",
    "itself, required": "CREATE TABLE t (id int PRIMARY KEY, up int NOT NULL REFERENCES t)",
    "a circle": "CREATE TABLE t (id serial PRIMARY KEY, x int NOT NULL); CREATE TABLE x (id serial PRIMARY KEY, t int REFERENCES t);"
    "ALTER TABLE t ADD FOREIGN KEY (x) REFERENCES x",
    "composite keys": "CREATE TABLE a (tenant int, id int, PRIMARY KEY (tenant, id)); CREATE TABLE b (tenant int, id int, PRIMARY KEY (tenant, id));"
    "CREATE TABLE t (tenant int NOT NULL, a int NOT NULL, b int, PRIMARY KEY (tenant, a),"
    "FOREIGN KEY (tenant, a) REFERENCES a, FOREIGN KEY (tenant, b) REFERENCES b)",
    "one to one": "CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE t (id int PRIMARY KEY REFERENCES p, a text UNIQUE)",
    "many to many": "CREATE TABLE a (id serial PRIMARY KEY); CREATE TABLE b (id uuid PRIMARY KEY DEFAULT gen_random_uuid());"
    "CREATE TABLE t (a int REFERENCES a, b uuid REFERENCES b, PRIMARY KEY (a, b))",
    "unique by expression": "CREATE TABLE t (a varchar(6) NOT NULL, b text); CREATE UNIQUE INDEX ON t (lower(a))",
    "deferrable unique": "CREATE TABLE t (a int NOT NULL UNIQUE DEFERRABLE INITIALLY DEFERRED, b text)",
    "exclusion": "CREATE EXTENSION btree_gist; CREATE TABLE t (r int, s tstzrange NOT NULL, EXCLUDE USING gist (r WITH =, s WITH &&))",
    "partitions": "CREATE TABLE t (id int, at date NOT NULL, PRIMARY KEY (id, at)) PARTITION BY RANGE (at);"
    "CREATE TABLE t1 PARTITION OF t FOR VALUES FROM ('2031-01-01') TO ('2031-02-01')",
    "list partitions": "CREATE TABLE t (id int, k text NOT NULL) PARTITION BY LIST (k); CREATE TABLE t1 PARTITION OF t FOR VALUES IN ('eu', 'us')",
    "hash partitions": "CREATE TABLE t (id int) PARTITION BY HASH (id);"
    "CREATE TABLE t1 PARTITION OF t FOR VALUES WITH (MODULUS 2, REMAINDER 0);"
    "CREATE TABLE t2 PARTITION OF t FOR VALUES WITH (MODULUS 2, REMAINDER 1)",
    "odd names": 'CREATE SCHEMA "A b"; CREATE TYPE "A b"."Kind" AS ENUM (\'x\'); CREATE TABLE "A b"."T ""q""" ("_g_" int NOT NULL, "Select" "A b"."Kind" NOT NULL, "a%s" text)',
    "many types": "CREATE TABLE t (a smallint NOT NULL, b bigint NOT NULL, c real NOT NULL, d double precision NOT NULL, e money NOT NULL,"
    "f char(3) NOT NULL, g bytea NOT NULL, h time NOT NULL, i timetz NOT NULL, j interval NOT NULL, k inet NOT NULL, l cidr NOT NULL,"
    "m macaddr NOT NULL, n bit(4) NOT NULL, o varbit(9) NOT NULL, p point NOT NULL, q tsvector NOT NULL, r int4range NOT NULL,"
    "s daterange NOT NULL, u numeric(3,3) NOT NULL, v numeric NOT NULL, w uuid NOT NULL, y boolean NOT NULL,"
    "z int[][] NOT NULL, aa varchar(1) NOT NULL, ab varchar(2000) NOT NULL, ac box NOT NULL, ad pg_lsn NOT NULL, ae numrange NOT NULL, af tsquery NOT NULL)",
    "extension types": "CREATE EXTENSION citext; CREATE EXTENSION hstore; CREATE EXTENSION ltree; CREATE TABLE t (a citext NOT NULL UNIQUE, b hstore NOT NULL, c ltree NOT NULL)",
    "composite type": "CREATE TYPE c AS (x int, y text); CREATE TABLE t (a c NOT NULL, b c[])",
    "a trigger that refuses": "CREATE TABLE t (a int NOT NULL);"
    "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NEW.a % 2 = 0 THEN RAISE EXCEPTION 'odd only'; END IF; RETURN NEW; END $$;"
    "CREATE TRIGGER x BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f()",
    "a trigger that always refuses": "CREATE TABLE t (a int NOT NULL);"
    "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'never'; END $$;"
    "CREATE TRIGGER x BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f()",
    "a check with a function": "CREATE FUNCTION ok(int) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT $1 % 3 = 0';"
    "CREATE TABLE t (a int NOT NULL CHECK (ok(a)), b int CHECK (b / 0 > 1))",
    "row security": "CREATE TABLE t (a int NOT NULL); ALTER TABLE t ENABLE ROW LEVEL SECURITY; ALTER TABLE t FORCE ROW LEVEL SECURITY; CREATE POLICY p ON t USING (a = 1)",
    "inheritance": "CREATE TABLE base (id int NOT NULL); CREATE TABLE t (a int NOT NULL) INHERITS (base)",
}


@pytest.mark.parametrize("case", AWKWARD)
def test_awkward_tables_are_filled(each_server: Server, case: str):
    with each_server.database() as database:
        load(database, AWKWARD[case])
        before = catalog(database)
        filled = fill(database, 30, samples=1)
        assert filled.problems == ()
        assert min(table.rows for table in filled.tables.values()) >= 5
        assert difference(before, catalog(database)) == ()


def test_the_values_of_a_list_all_occur(database: Database):
    load(database, AWKWARD["values in a list"])
    fill(database, 30)
    assert set(column(database, "SELECT DISTINCT a FROM t")) == {"high", "medium", "low"}


def test_lengths_are_used_in_full(database: Database):
    load(
        database,
        "CREATE TABLE t (a varchar(37) NOT NULL UNIQUE, b text, c int REFERENCES t2)".replace(" REFERENCES t2", ""),
    )
    fill(database, 50)
    assert column(database, "SELECT max(length(a)) FROM t") == [37]
    found = column(database, "SELECT count(*) FROM t WHERE b IS NULL")[0]
    assert isinstance(found, int)
    assert 0 < found < 50


def test_circles_are_closed_where_they_can_be(database: Database):
    load(database, AWKWARD["a circle"])
    fill(database, 30)
    assert column(database, "SELECT count(t) > 10 FROM x") == [True]


def test_the_same_seed_gives_the_same_rows(server: Server):
    found = []
    for seed in (0, 0, 7):
        with server.database() as database:
            load(
                database,
                *(AWKWARD[case] for case in ("many to many",)),
                AWKWARD["values in a list"].replace(" t ", " t9 "),
            )
            fill(database, 25, seed=seed)
            found.append(rows(database)[Name("b")])
    assert found[0] == found[1]
    assert found[0] != found[2]


def test_more_rows_go_on_where_the_others_end(database: Database):
    load(
        database,
        "CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE t (id serial PRIMARY KEY, p int NOT NULL REFERENCES p)",
    )
    fill(database, 20)
    filled = fill(database, 30, seed=20, only={Name("t")})
    assert column(database, "SELECT count(*) FROM t UNION ALL SELECT count(*) FROM p") == [50, 20]
    assert set(filled.tables) == {Name("t")}


def reasons(filled: Filled) -> list[str]:
    return list(filled.problems)


def test_what_cannot_be_filled_is_named_with_the_reason(database: Database):
    load(
        database,
        "CREATE TABLE a (id int PRIMARY KEY, x int NOT NULL CHECK (x > 5 AND x < 5));"
        "CREATE TABLE b (a int NOT NULL REFERENCES a); CREATE TABLE c (a int REFERENCES a)",
    )
    found = reasons(fill(database, 10))
    assert len(found) == 2
    assert found[0].startswith("`a` has no rows: new row for relation")
    assert found[1] == "`b` has no rows: it has to refer to `a`, which has no rows"


def test_a_circle_of_required_keys_is_named(database: Database):
    load(
        database,
        "CREATE TABLE a (id int PRIMARY KEY, b int NOT NULL); CREATE TABLE b (id int PRIMARY KEY, a int NOT NULL REFERENCES a);"
        "ALTER TABLE a ADD FOREIGN KEY (b) REFERENCES b",
    )
    assert len(reasons(fill(database, 10))) == 2


@pytest.mark.parametrize(
    "pattern",
    [
        r"^\d{3}-\d{4}$",
        "^[a-z0-9]+(-[a-z0-9]+)*$",
        r"^[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,}$",
        "^(high|medium|low)$",
        "^#[0-9a-fA-F]{6}$",
        r"^\+?[1-9]\d{1,14}$",
        "^[[:upper:]]{3}$",
        "^https?://",
        "[^@]+@[^@]+",
        r"^\s*\S+",
        "^v[0-9]+(?:\\.[0-9]+){2}$",
    ],
)
def test_texts_match_their_pattern(database: Database, pattern: str):
    texts = matching_texts(pattern, 10)
    assert texts
    with database.connect() as connection:
        for text in texts:
            assert connection.execute("SELECT %s ~ %s", (text, pattern)).fetchone() == (True,)


@pytest.mark.parametrize("pattern", ["(", "[", "a{", "*", "(?=x)", "\\", "(?<a>b)", "[z-", "a{x}"])
def test_patterns_that_are_not_understood_give_nothing(pattern: str):
    assert matching_texts(pattern, 5) == []


@pytest.mark.parametrize("pattern", ["%@%", "abc_%", "a\\%b", "it's %", "_", ""])
def test_like_patterns_are_met(database: Database, pattern: str):
    with database.connect() as connection:
        query = f"SELECT ({like_expression(pattern)}) LIKE %s FROM generate_series(1, 3) AS _g_"
        assert set(
            connection.execute(query.replace("%", "%%").replace("%%s", "%s").encode(), (pattern,)).fetchall()
        ) == {(True,)}
