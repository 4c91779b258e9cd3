"""Blocks of markdown and their exact places."""

from hypothesis import given, settings
from hypothesis import strategies as st

from migration_ls.sources.markdown.blocks import Bullet, Comment, Fence, Heading, Paragraph, TableBlock
from migration_ls.sources.markdown.document import plain, read_document

TEXT = """# Title

Intro `code`.

## Columns ##

- **id**: `uuid`
  - nested
- [x] done
1. first

| Column | Type |
|:--|--|
| role | `'a' \\| 'b'` |
| x |

**Indexes:**

```sql title
SELECT 1;
```

<!-- note -->
"""


def block(kind, text=TEXT):
    return next(item for item in read_document(text).blocks if isinstance(item, kind))


def test_headings_have_their_text_level_and_section():
    first, second = (item for item in read_document(TEXT).blocks if isinstance(item, Heading))
    assert (first.text, first.level, first.line) == ("Title", 1, 0)
    assert (second.text, second.level, second.section) == ("Columns", 2, (first,))
    assert second.span.of(TEXT) == "Columns"


def test_bullets_have_their_own_text_alone():
    bullets = [item for item in read_document(TEXT).blocks if isinstance(item, Bullet)]
    assert [(item.text, item.depth, item.ordered, item.checked) for item in bullets] == [
        ("**id**: `uuid`", 0, False, None),
        ("nested", 1, False, None),
        ("done", 0, False, True),
        ("first", 0, True, None),
    ]
    assert all(item.span.of(TEXT) == item.text for item in bullets)
    assert [heading.text for heading in bullets[0].section] == ["Title", "Columns"]


def test_cells_keep_their_places_and_lose_escapes():
    table = block(TableBlock)
    role = table.rows[0][1]
    assert role.text == "`'a' | 'b'`"
    assert role.span.of(TEXT) == "`'a' \\| 'b'`"
    assert [cell.text for cell in table.header] == ["Column", "Type"]


def test_a_row_with_too_few_cells_is_a_problem_and_is_read():
    table = block(TableBlock)
    (problem,) = read_document(TEXT).problems
    assert problem.code == "markdown-broken-table"
    assert problem.span.of(TEXT) == "| x |"
    assert [cell.text for cell in table.rows[1]] == ["x", ""]


def test_lines_of_pipes_without_a_delimiter_are_a_problem():
    (problem,) = read_document("| a | b |\n| c | d |\n").problems
    assert problem.code == "markdown-broken-table"
    assert problem.span.start == 0


def test_fences_paragraphs_and_comments():
    fence = block(Fence)
    assert (fence.language, fence.text, fence.content.of(TEXT)) == ("sql", "SELECT 1;\n", "SELECT 1;\n")
    assert [item.bold for item in read_document(TEXT).blocks if isinstance(item, Paragraph)] == [False, True]
    assert block(Comment).text == "<!-- note -->"


def test_every_kind_of_line_end_gives_the_same_blocks():
    expected = [(type(item), item.line) for item in read_document(TEXT).blocks]
    for newline in ("\r\n", "\r"):
        text = TEXT.replace("\n", newline)
        document = read_document(text)
        assert [(type(item), item.line) for item in document.blocks] == expected
        assert block(Heading, text).span.of(text) == "Title"
        assert block(TableBlock, text).rows[0][0].span.of(text) == "role"


def test_a_fence_that_is_never_closed_ends_with_the_text():
    text = "```python\nclass A:\n    pass"
    assert block(Fence, text).content.of(text) == "class A:\n    pass"


def test_plain_takes_marks_away_and_leaves_names():
    assert plain("**`user_id`** is _not_ `a*b`") == "user_id is not a*b"


MARKDOWN = st.text(alphabet=st.sampled_from("ab|-#*`_ >[]()<!:\n\r\t1.\\\x0c\u2028é😀\0"), max_size=120)


@settings(max_examples=150, deadline=None)
@given(MARKDOWN)
def test_any_text_is_read_and_every_place_is_inside(text):
    document = read_document(text)
    for item in document.blocks:
        assert item.span.end <= len(text)
        assert 0 <= item.line <= len(text)
        if isinstance(item, TableBlock):
            assert all(cell.span.end <= len(text) for row in (item.header, *item.rows) for cell in row)
    assert all(problem.span.end <= len(text) for problem in document.problems)


SECTIONS = st.lists(
    st.sampled_from(
        ["# A", "## B", "text", "- one\n  - two", "| a | b |\n|--|--|\n| 1 | 2 |", "```sql\n# no heading\n\n# nor this\n```",
         "~~~\n```\n\n# no\n~~~", "<!-- x\n\n# no\n-->", "<pre>\n\n# no\n</pre>", "1. a\n\n   ```\n   # no\n   ```", "> # quoted",
         "    # code", "| a | b |\n| c | d |"]
    ),
    max_size=12,
)  # fmt: skip


@settings(max_examples=100, deadline=None)
@given(SECTIONS)
def test_reading_by_sections_is_reading_the_whole(pieces):
    text = "\n\n".join(pieces)
    # With a lone carriage return in it a text is read in one go.
    whole = read_document(f"{text}\n\nlast\r")
    parts = read_document(f"{text}\n\nlast\n")
    assert parts.blocks == whole.blocks
    assert sorted(map(repr, parts.problems)) == sorted(map(repr, whole.problems))
