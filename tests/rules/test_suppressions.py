"""Suppressions count where they stand, need a reason, and are told when they do nothing."""

import pytest

from migration_ls.rules.finding import Finding, Severity
from migration_ls.rules.suppressions import Language, apply, read, without_reason
from migration_ls.text.edits import apply_edits
from migration_ls.text.span import Span


def finding(text: str, mark: str, rule: str = "drop-column") -> Finding:
    start = text.index(mark)
    return Finding(
        path="a", span=Span(start, start + len(mark)), rule=rule, severity=Severity.ERROR, message="m", help="H"
    )


@pytest.mark.parametrize(
    ("language", "text", "suppressed"),
    [
        (Language.SQL, "-- migration-ls: ignore[drop-column] why\nX;", True),
        (Language.SQL, "X; -- migration-ls: ignore[drop-column] why", True),
        (Language.SQL, "/* migration-ls: ignore[drop-column] why */ X;", True),
        (Language.SQL, "-- migration-ls: ignore[other, drop-column]: why\n-- more words\nALTER TABLE a\n  X;", True),
        (Language.SQL, "-- migration-ls: ignore-file[drop-column] why\nA;\n\nB;\nX;", True),
        (Language.SQL, "-- migration-ls: ignore[drop-column] why\nA;\nX;", False),
        (Language.SQL, "-- migration-ls: ignore[drop-column] why\n\nX;", False),
        (Language.SQL, "-- migration-ls: ignore[drop-table] why\nX;", False),
        (Language.SQL, "-- migration-ls: ignore[drop-column]\nX;", False),
        (Language.SQL, "X;\n-- migration-ls: ignore[drop-column] why", False),
        (Language.MARKDOWN, "<!-- migration-ls: ignore[drop-column] why -->\n| a |\n| X |", True),
        (Language.MARKDOWN, "- X <!-- migration-ls: ignore[drop-column] why -->", True),
        (Language.MARKDOWN, "<!-- migration-ls: ignore[drop-column] why -->\n\nX", False),
        (Language.PYTHON, "    X  # migration-ls: ignore[drop-column] why", True),
        (Language.PYTHON, "# migration-ls: ignore[drop-column] why\nX", True),
        (Language.PYTHON, "# migration-ls: ignore[drop-column] why\na = 1\nX", False),
    ],
)
def test_where_a_suppression_counts(language: Language, text: str, suppressed) -> None:
    result = apply([finding(text, "X")], text, language, path="a")
    assert bool(result.suppressed) is suppressed
    assert len(result.kept) + len(result.suppressed) == 1


def test_a_comment_above_a_statement_counts_for_all_of_it() -> None:
    text = "-- migration-ls: ignore[drop-column] why\nDO $$ BEGIN\n  A;\n  X;\nEND $$;"
    statement = Span(text.index("DO"), len(text) - 1)
    assert apply([finding(text, "X")], text, Language.SQL, path="a").kept
    assert apply([finding(text, "X")], text, Language.SQL, path="a", statements=[statement]).suppressed


def test_unused_ones_are_found_and_can_be_removed() -> None:
    text = "A;\n  -- migration-ls: ignore[drop-table] gone\nX;\n"
    (unused,) = apply([finding(text, "X")], text, Language.SQL, path="a").unused
    assert unused.rule == "unused-suppression"
    assert "`drop-table`" in unused.message
    assert apply_edits(text, unused.fixes[0].edits) == "A;\nX;\n"


def test_only_the_idle_name_of_several_is_told() -> None:
    text = "-- migration-ls: ignore[drop-table, drop-column] gone\nX;\n"
    (unused,) = apply([finding(text, "X")], text, Language.SQL, path="a").unused
    assert "`drop-table`" in unused.message
    assert "`drop-column`" not in unused.message
    assert unused.fixes == ()


def test_one_without_a_reason_is_told_and_does_nothing() -> None:
    text = "# migration-ls: ignore[drop-column] -\nX\n"
    (told,) = without_reason(text, Language.PYTHON, "a")
    assert told.rule == "suppression-without-reason"
    result = apply([finding(text, "X")], text, Language.PYTHON, path="a")
    assert result.kept
    assert not result.unused


def test_reading_is_total() -> None:
    for text in (
        "",
        "migration-ls:",
        "-- migration-ls: ignore[",
        "-- migration-ls: ignore[]",
        "\x00\ud800 migration-ls:",
    ):
        for language in Language:
            assert len(read(text, language)) <= 1
