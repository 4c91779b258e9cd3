"""A plan of 100 changes over 1,000 tables, and how it grows."""

from tests.benchmarks.bench_plan import BAR_MS, measure


def test_a_large_plan_is_made_at_once() -> None:
    assert measure(100, 1_000) < BAR_MS
