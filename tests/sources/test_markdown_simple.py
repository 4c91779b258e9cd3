"""Blocks that are told line by line are those that the parser tells."""

import random
from pathlib import Path

import pytest

from migration_ls.sources.markdown import document
from migration_ls.sources.markdown.parts import section_starts
from migration_ls.sources.markdown.simple import simple_marks

TESTS = Path(__file__).parent.parent
LINES = [
    "", "", " ", "# Title", "## `users` table", "### a #", "####### no", "#no", "- id: uuid (pk)", "- `a`: text", "- **b** (int)",
    "* star", "+ plus", "- [ ] todo", "- - x", "-", "- ", "- 1. x", "  - deeper", "    code", "text goes on", "Indexes:", "**bold**",
    "`code` words", "``` sql", "- ```sql", "|a|b|", "|---|---|", "| - | - |", "|:--|--:|", "| x | y |", "| x \\| y |", "| x", "a | b",
    "---|---", "---", "===", "- --- x", "1. one", "> quote", "<b>x</b>", "<!-- c -->", "[a]: b", "a\tb", "(x, y) unique", '"q" text',
    "* * *", "***", "**", "- **", "`", "- `", "``", "+ a", "- a | b", "|", "||", "|-|", "\\- x", "trailing \\", "- trailing\\",
]  # fmt: skip


def parsed(text: str) -> tuple[object, ...]:
    document.forget()
    return document.read_document(text).blocks


def never(_text: str) -> None:
    """Leaves every text to the parser."""


def told_by_parser(text: str, monkeypatch: pytest.MonkeyPatch) -> tuple[object, ...]:
    with monkeypatch.context() as patch:
        patch.setattr(document, "simple_marks", never)
        return parsed(text)


def test_random_lines_make_the_same_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    chance = random.Random(7)
    told = 0
    for _ in range(6000):
        text = "\n".join(chance.choices(LINES, k=chance.randint(1, 7)))
        told += simple_marks(text) is not None
        assert parsed(text) == told_by_parser(text, monkeypatch), text
    assert told > 100


@pytest.mark.parametrize("path", sorted((TESTS / "cases" / "documents").glob("*.md")), ids=lambda path: path.stem)
def test_sections_of_documents_make_the_same_blocks(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = path.read_text("utf-8")
    starts = section_starts(text)
    for start, end in zip(starts, starts[1:], strict=False):
        assert parsed(text[start:end]) == told_by_parser(text[start:end], monkeypatch)
