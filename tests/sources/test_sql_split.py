"""The splitter against PostgreSQL's own, and what that one cannot do."""

import postgast
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from migration_ls.sources.sql.split import split

STATEMENTS = [
    "CREATE TABLE a (x int, y text DEFAULT 'a;b')",
    "SELECT 'it''s; fine', E'a\\';b', U&'d\\0061t;', $$ ; $$, $x$ $$ ; $x$",
    'ALTER TABLE "a;b" ADD COLUMN "c""d;" int',
    "CREATE FUNCTION f() RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT CASE WHEN true THEN 1 END; SELECT 2; END",
    "CREATE FUNCTION g() RETURNS void LANGUAGE plpgsql AS $f$ BEGIN PERFORM 1; END; $f$",
    "CREATE RULE r AS ON INSERT TO a DO ALSO (INSERT INTO b VALUES (1); INSERT INTO c VALUES (2))",
    "DO $$ BEGIN IF true THEN RAISE EXCEPTION 'x;'; END IF; END $$",
    "UPDATE a SET x = 1 - -1 /* ; /* ; */ ; */ WHERE y = '--;'",
    "SELECT a$b$c FROM t",
    "SELECT 1 / 2 - 3 --;\n + 4",
    "BEGIN",
    "COMMIT",
    "SELECT E'a' \n 'b\\'; c'",
    "SELECT '\\'",
]
COMMENTS = ["", "\n", " -- a ; b\n", "/* ; */ ", "\n/* x /* y; */ z */\n", "\t", "\n\n-- eins\n-- zwei\n"]


def texts(text):
    return [piece.span.of(text) for piece in split(text) if piece.kind == "sql"]


@given(
    st.lists(st.tuples(st.sampled_from(COMMENTS), st.sampled_from(STATEMENTS), st.sampled_from(COMMENTS)), max_size=6)
)
@settings(max_examples=150)
def test_statements_come_back_whole(items):
    text = "".join(f"{before}{statement}{after};" for before, statement, after in items)
    assert texts(text) == [statement for _, statement, _ in items]


def by_the_scanner(text):
    """The spans of statements by the server's tokens, in ASCII text."""
    found, open_ = [], None
    for token in postgast.scan(text).tokens:
        name = postgast.pg_query_pb2.Token.Name(token.token)
        if name in {"SQL_COMMENT", "C_COMMENT"}:
            continue
        if name == "ASCII_59":
            found += [open_] if open_ else []
            open_ = None
        else:
            open_ = (open_[0] if open_ else token.start, token.end)
    return found + ([open_] if open_ else [])


@given(st.text(alphabet="aeE1'\";$x-/*\\ \n()uU&", max_size=40))
@settings(max_examples=600)
def test_agrees_with_the_scanner_on_what_it_accepts(text):
    try:
        theirs = by_the_scanner(text)
    except postgast.PgQueryError:
        return
    pieces = split(text)
    if "$E'" in text or "$e'" in text:
        return  # no SQL: the scanner takes the dollar sign for a token of its own
    if all(piece.kind == "sql" for piece in pieces):
        assert [(piece.span.start, piece.span.end) for piece in pieces] == theirs


@given(st.text(max_size=60) | st.text(alphabet="beginatomcrfuldsp$;'\"-/*\\ \n()", max_size=80))
def test_any_text_is_cut_in_order_without_loss(text):
    position = 0
    for piece in split(text):
        assert position <= piece.leading.start <= piece.leading.end <= piece.span.start < piece.span.end <= piece.end
        position = piece.end
    assert not text[position:].strip(" \t\n\r\f\v\ufeff;") or "--" in text[position:] or "/*" in text[position:]


def test_leading_comments_and_those_behind_the_semicolon():
    text = "SELECT 1; -- of the first\n-- of the second\n/* too */ SELECT 2"
    first, second = split(text)
    assert first.leading.start == first.leading.end
    assert second.leading.of(text) == "-- of the second\n/* too */"
    assert not second.terminated
    assert first.terminated


def test_trailing_comments_are_left_out():
    text = "SELECT 1 -- x\n  /* y */ ;"
    assert texts(text) == ["SELECT 1"]


def test_psql_lines_and_copy_data():
    text = "\\set ON_ERROR_STOP on\nCOPY a (x) FROM stdin;\n1\t'\n;\n\\.\n\nSELECT 1 \\gexec\nSELECT 2;"
    kinds = [(piece.kind, piece.span.of(text)) for piece in split(text)]
    assert kinds == [
        ("psql", "\\set ON_ERROR_STOP on"),
        ("sql", "COPY a (x) FROM stdin"),
        ("copy-data", "1\t'\n;\n\\."),
        ("sql", "SELECT 1"),
        ("psql", "\\gexec"),
        ("sql", "SELECT 2"),
    ]


@pytest.mark.parametrize("tail", ["SELECT 'a;", 'SELECT "a;', "SELECT $$a;", "SELECT 1 /* ;", "SELECT E'\\'; "])
def test_unterminated_tails(tail):
    first, second = split(f"SELECT 0;\n{tail}")
    assert not second.terminated
    assert first.terminated


def test_an_open_bracket_swallows_one_statement():
    assert texts("CREATE TABLE a (x int; SELECT 2;") == ["CREATE TABLE a (x int", "SELECT 2"]
