"""Expressions: the user's spelling equals PostgreSQL's printing of it, and nothing else does."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from migration_ls.schema.expression import Volatility
from migration_ls.sources.sql.expressions import expression, read_expression


@pytest.mark.parametrize(
    ("written", "printed"),
    [
        (
            "priority IN ('high','medium')",
            "((priority)::text = ANY ((ARRAY['high'::character varying, 'medium'::character varying])::text[]))",
        ),
        ("status = any('{a,b}')", "((status)::text = ANY ('{a,b}'::text[]))"),
        ("x IN ('a')", "((x)::text = 'a'::text)"),
        ("x not in (1,2)", "(x <> ALL (ARRAY[1, 2]))"),
        ("'medium'", "'medium'::character varying"),
        ("'{}'", "'{}'::text[]"),
        ("ARRAY[]::text[]", "'{}'::text[]"),
        ("'{\"a\":1}'", "'{\"a\": 1}'::jsonb"),
        ("now()", "CURRENT_TIMESTAMP"),
        ("FALSE", "false"),
        ("'t'::boolean", "true"),
        ("x BETWEEN 1 AND 2", "((x >= 1) AND (x <= 2))"),
        ("x NOT BETWEEN 1 AND 2", "((x < 1) OR (x > 2))"),
        ("a<>b", "(a != b)"),
        ("-1", "'-1'::integer"),
        ("x > - 1", "(x > '-1'::integer)"),
        ("1", "'1'::smallint"),
        ("amount>=0", "(amount >= (0)::numeric)"),
        ("lower(email)", "lower((email)::text)"),
        ("interval '5 minutes'", "'00:05:00'::interval"),
        ("interval '1 year 2 months 3 days'", "'1 year 2 mons 3 days'::interval"),
        (
            "to_tsvector('simple', headline || ' ' || body)",
            "to_tsvector('simple'::regconfig, (((headline)::text || ' '::text) || body))",
        ),
        ("timezone('utc', now())", "(now() AT TIME ZONE 'utc'::text)"),
        ("name NOT LIKE 'a%'", "((name)::text !~~ 'a%'::text)"),
        ("nextval('public.s'::regclass)", "nextval('s'::regclass)"),
        ("NOT a IS NULL", "(a IS NOT NULL)"),
        ("case when a then 1 end", "CASE WHEN a THEN 1 ELSE NULL::integer END"),
        ("tasks.x > 1", "(x > 1)"),
        ("a and b and c", "((a AND b) AND c)"),
        ("(a->>'x')::int", "((a ->> 'x'::text))::integer"),
        ('"Order" > 0', '("Order" > 0)'),
    ],
)
def test_spelling_and_printing_are_equal(written, printed):
    assert expression(written) == expression(printed)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("'1'", "1"),
        ("a AND (b OR c)", "(a AND b) OR c"),
        ("x IN ('a','b')", "x IN ('a','c')"),
        ("(data ->> 'n')::numeric", "data ->> 'n'"),
        ("lower(a)", "upper(a)"),
        ('"Order"', "order_"),
        ("a - (b - c)", "a - b - c"),
        ("now()", "clock_timestamp()"),
        ("NULL", "''"),
    ],
)
def test_different_things_differ(one, other):
    assert expression(one) != expression(other)


def test_what_an_expression_tells():
    check = expression("priority IN ('high', 'low')")
    assert check.allowed_values == ("high", "low")
    assert check.columns == {"priority"}
    assert expression("a IS NOT NULL AND b > 0 AND c IS NOT NULL").not_nulls == {"a", "c"}
    assert expression("a IS NOT NULL OR b > 0").not_nulls == set()
    assert expression("b > 0").not_nulls == set()
    assert expression("NULL").is_null
    assert expression("NULL::text").is_null
    assert expression("'medium'::varchar(20)").value == "medium"
    assert expression("'medium'::varchar(20)").casts == ("character varying(20)",)
    assert expression("false").value == "false"
    assert expression("lower(x)").value is None


@pytest.mark.parametrize(
    ("text", "volatility"),
    [
        ("'a'", Volatility.IMMUTABLE),
        ("lower(a)", Volatility.IMMUTABLE),
        ("now()", Volatility.STABLE),
        ("current_date", Volatility.STABLE),
        ("clock_timestamp()", Volatility.VOLATILE),
        ("gen_random_uuid()", Volatility.VOLATILE),
        ("random()", Volatility.VOLATILE),
        ("nextval('s')", Volatility.VOLATILE),
        ("my_function(1)", Volatility.VOLATILE),
        ("lower(my_function(1))", Volatility.VOLATILE),
    ],
)
def test_volatility(text, volatility):
    assert expression(text).volatility is volatility


@pytest.mark.parametrize(
    "text", ["", "a b", "1; drop table x", "a, b", "1 from x", "x)", "'", "\0", "\ud800", "*", "a +"]
)
def test_no_expression(text):
    assert read_expression(text) is None
    assert expression(text).volatility is Volatility.VOLATILE


def test_hostile_depth_is_survived():
    assert expression("a+" * 100_000 + "1").columns == frozenset()
    assert expression("NOT " * 5_000 + "a").functions == frozenset()


@given(st.text(alphabet="ab'\"(),.:;$-+*/<>=[]{}\\ \n%E1N", max_size=30))
def test_any_text(text):
    value = expression(text)
    assert expression(value.canonical).canonical == value.canonical or read_expression(text) is None


@pytest.mark.parametrize(
    ("text", "mutable"),
    [
        ("to_tsvector(title)", "to_tsvector"),
        ("to_tsvector('english', title)", ""),
        ("concat(a, b)", "concat"),
        ("lower(a) || b", ""),
        ("at < now()", "now"),
        ("day < CURRENT_DATE", "CURRENT_DATE"),
        ("at < CURRENT_TIMESTAMP(3)", "CURRENT_TIMESTAMP"),
        ("date_trunc('day', at)", ""),
        ("date_trunc('day', at, 'UTC')", "date_trunc"),
        ("own(a)", ""),
    ],
)
def test_says_what_can_never_be_immutable(text: str, mutable: str) -> None:
    assert expression(text).mutable == mutable
