"""Queries that go on reading a relation which got another name."""

import pytest

from migration_ls.postgres.relations import with_relation

OLD, NEW = ("public", "orders"), ("public", "purchases")


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("SELECT id FROM orders", "SELECT id FROM purchases"),
        (
            "SELECT orders.id FROM orders WHERE orders.id > 1",
            "SELECT purchases.id FROM purchases WHERE purchases.id > 1",
        ),
        ("SELECT o.id FROM orders o", "SELECT o.id FROM purchases o"),
        ("SELECT orders.id FROM orders AS orders", "SELECT orders.id FROM purchases AS orders"),
        ("SELECT 1 FROM public.orders JOIN users ON true", "SELECT 1 FROM purchases JOIN users ON true"),
        ("SELECT 1 FROM other.orders", "SELECT 1 FROM other.orders"),
        (
            "SELECT orders FROM users, orders WHERE orders.a = 1",
            "SELECT orders FROM users, purchases WHERE purchases.a = 1",
        ),
        ("SELECT 'FROM orders' FROM users -- FROM orders", "SELECT 'FROM orders' FROM users -- FROM orders"),
        ('SELECT 1 FROM "orders"', "SELECT 1 FROM purchases"),
        ('SELECT 1 FROM "Orders"', 'SELECT 1 FROM "Orders"'),
        ("SELECT extract(year FROM orders) FROM users", "SELECT extract(year FROM orders) FROM users"),
        (
            "SELECT (SELECT max(id) FROM orders) AS m FROM users",
            "SELECT (SELECT max(id) FROM purchases) AS m FROM users",
        ),
        ("SELECT 1 FROM (orders LEFT JOIN users USING (id))", "SELECT 1 FROM (purchases LEFT JOIN users USING (id))"),
        ("SELECT 1 FROM orders()", "SELECT 1 FROM orders()"),
    ],
)
def test_a_query_reads_the_relation_under_its_new_name(query, expected):
    assert with_relation(query, OLD, NEW) == expected


def test_another_namespace_is_written_out_and_odd_names_are_quoted():
    assert with_relation("SELECT 1 FROM orders", OLD, ("shop", "Big orders")) == 'SELECT 1 FROM shop."Big orders"'


@pytest.mark.parametrize("query", ["", "FROM", "(((", ")))", "SELECT 'orders", "FROM orders .", '"', "FROM a.b.orders"])
def test_broken_queries_come_back(query):
    assert isinstance(with_relation(query, OLD, NEW), str)
