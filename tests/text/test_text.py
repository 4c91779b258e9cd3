"""Lines, encodings and edits: laws over any text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from migration_ls.text.edits import Edit, OverlappingEditsError, apply_edits, insert
from migration_ls.text.encoding import ByteIndex, Encoding, code_points, units
from migration_ls.text.fingerprint import fingerprint
from migration_ls.text.lines import LineIndex
from migration_ls.text.span import Span

TEXTS = st.text(st.sampled_from("ab \t\n\r\f\v\u2028\u0085é😀"), max_size=60)


@given(TEXTS, st.integers(0, 70))
def test_positions_round_trip(text, offset):
    index = LineIndex(text)
    offset = min(offset, len(text))
    line, column = index.position(offset)
    if column <= len(index.line_text(line)):
        assert index.offset(line, column) == offset


@given(TEXTS)
def test_lines_end_at_three_marks_and_at_nothing_else(text):
    index = LineIndex(text)
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    assert [index.line_text(line) for line in range(len(index.starts))] == plain.split("\n")


@given(TEXTS, st.sampled_from(Encoding), st.integers(0, 60))
def test_columns_round_trip_in_every_encoding(text, encoding, column):
    column = min(column, len(text))
    assert code_points(text, units(text[:column], encoding), encoding) == column


@pytest.mark.parametrize(("encoding", "width"), [(Encoding.UTF8, 4), (Encoding.UTF16, 2), (Encoding.UTF32, 1)])
def test_a_character_beyond_the_first_plane(encoding, width):
    assert units("😀", encoding) == width
    assert code_points("😀x", width, encoding) == 1


@given(TEXTS)
def test_byte_offsets_are_those_of_utf8(text):
    index = ByteIndex(text)
    for offset in range(len(text) + 1):
        assert index.code_point(len(text[:offset].encode())) == offset


@given(TEXTS, st.lists(st.tuples(st.integers(0, 60), st.integers(0, 3), st.text(max_size=3)), max_size=5))
def test_edits_change_what_they_cover_and_nothing_else(text, wishes):
    edits, end = [], 0
    for wanted, length, new in sorted(wishes):
        start = min(max(wanted, end), len(text))
        stop = min(start + length, len(text))
        edits.append(Edit(Span(start, stop), new))
        end = stop
    expected, position = "", 0
    for edit in edits:
        expected += text[position : edit.span.start] + edit.new
        position = edit.span.end
    assert apply_edits(text, edits) == expected + text[position:]


def test_overlapping_edits_are_refused():
    with pytest.raises(OverlappingEditsError):
        apply_edits("abcdef", [Edit(Span(0, 3), "x"), Edit(Span(2, 4), "y")])


def test_insertions_at_one_place_keep_their_order():
    assert apply_edits("ab", [insert(1, "1"), insert(1, "2")]) == "a12b"


@given(st.lists(st.text(max_size=5), max_size=4), st.lists(st.text(max_size=5), max_size=4))
def test_fingerprints_tell_texts_apart(one, two):
    assert (fingerprint(*one) == fingerprint(*two)) == (one == two)


def test_a_span_is_never_backwards():
    with pytest.raises(ValueError, match="not a span"):
        Span(3, 2)
