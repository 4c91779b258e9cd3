"""Rules between two columns or two tables: `must not end before it starts`, `cannot join the same course twice`."""

import re
from collections.abc import Iterator

from migration_ls.schema.names import Name
from migration_ls.schema.tables import Column, Table
from migration_ls.sources.spec.context import Context
from migration_ls.sources.spec.items import Item, Said, SaidCheck, SaidUnique
from migration_ls.sources.spec.prose.meant import column_of_words
from migration_ls.sources.spec.prose.mentions import MARK, Marked
from migration_ls.sources.spec.words import key_of, stem_of

_T, _U = MARK.format("t"), MARK.format("u")
_NOT = r"(?:(?:must|may|can|shall|should|will|is allowed to)\s*(?:not|never)|cannot|can't|must never|is never)"
_HOW = r"(?P<how>before|after|earlier than|later than|prior to)"
_VERB = r"(?:be\s+|have\s+been\s+|is\s+|are\s+|was\s+|has\s+been\s+|been\s+)?"
_ROW_ORDER = re.compile(
    rf"{_T}\s+(?:(?P<no>{_NOT})|(?:must|has to|should|shall|can only|may only)(?:\s+always)?)\s+{_VERB}"
    rf"(?P<one>[a-z]+)\s+{_HOW}\s+(?:it|they|he|she|⟦\d+⟧)\s+{_VERB}(?P<two>[a-z]+)\b.*",
    re.IGNORECASE | re.DOTALL,
)
_COLUMN_ORDER = re.compile(
    rf"(?:the\s+|its\s+|an?\s+)?(?P<one>[a-z][a-z -]*?)(?:\s+(?:of|in|on)\s+{_T})?\s+"
    rf"(?:(?P<no>{_NOT})|(?:must|has to|should|shall|can only|may only)(?:\s+always)?)\s+(?:be|lie|come|fall)\s+"
    rf"(?:strictly\s+)?{_HOW}\s+(?:the\s+|its\s+|their\s+)?(?P<two>[a-z][a-z -]*?)(?:\s+(?:of|in"
    rf"|on)\s+(?:the\s+same\s+)?{_U})?",
    re.IGNORECASE,
)
_ONLY_ONCE = re.compile(
    rf"(?:the\s+same\s+)?{_T}\s+(?:can|may|must|is|are|shall|should)\b(?P<verb>[^⟦]*?)\b(?:only\s+once|at\s+most\s+once"
    rf"|no\s+more\s+than\s+once|just\s+once|once\s+only)\s+(?:in|for|per|on|to|at|by|within|with)?\s*"
    rf"(?:(?:the\s+same|any\s+one|each|every|one)\s+)?{_U}.*",
    re.IGNORECASE | re.DOTALL,
)
_ONCE_EACH = re.compile(
    rf"{_T}\s+(?:can|may|must|shall|should)\s+(?P<verb>[^⟦]*?)(?:the\s+same\s+|any\s+one\s+|each\s+|an?\s+"
    rf"|every\s+)?{_U}\s+"
    r"(?:only\s+once|at\s+most\s+once|no\s+more\s+than\s+once|just\s+once)\b.*",
    re.IGNORECASE | re.DOTALL,
)
_NOT_TWICE = re.compile(
    rf"(?:the\s+same\s+)?{_T}\s+{_NOT}\s+(?P<verb>[^⟦]*?)(?:\b(?:in|for|on|to|at|by|within|with|of)\s+)?"
    rf"(?:the\s+same\s+|any\s+one\s+|one\s+)?{_U}\s+"
    r"(?:twice|more\s+than\s+once|a\s+second\s+time|two\s+times|again|several\s+times)\b.*",
    re.IGNORECASE | re.DOTALL,
)
_NOT_TWICE_IN = re.compile(
    rf"(?:the\s+same\s+)?{_T}\s+{_NOT}\s+(?P<verb>[^⟦]*?)\s*\b(?:twice|more\s+than\s+once)\s+(?:in|for|on|to"
    r"|at|by|within|with)\s+"
    rf"(?:the\s+same\s+|any\s+one\s+|one\s+)?{_U}.*",
    re.IGNORECASE | re.DOTALL,
)


def ruling(mark: Marked, context: Context, said: Said, topic: Name | None) -> Iterator[Item]:
    """A check of two moments in their order, or a key over the two tables that may meet once."""
    text = mark.text.strip().rstrip(" .")
    for pattern in (_ONLY_ONCE, _ONCE_EACH, _NOT_TWICE, _NOT_TWICE_IN):
        if match := pattern.fullmatch(text):
            yield from _once(mark.table(match["t"]), mark.table(match["u"]), context, said)
            return
    if match := _ROW_ORDER.fullmatch(text):
        table = mark.table(match["t"])
        known = context.tables.table(table) if table else None
        if known:
            yield from _ordered(known, _moment(known, match["one"]), _moment(known, match["two"]), match, said)
        return
    if match := _COLUMN_ORDER.fullmatch(text):
        for name in (mark.table(match["t"]), mark.table(match["u"]), topic, *_all(context)):
            known = context.tables.table(name) if name else None
            if known and name:
                one, two = (column_of_words(context.tables, name, match[part]) for part in ("one", "two"))
                if one and two:
                    yield from _ordered(known, one, two, match, said)
                    return


def _all(context: Context) -> Iterator[Name]:
    """The tables that are ours, for words that name two columns of one of them."""
    for name in context.tables.schema.tables:
        if not context.tables.is_external(name):
            yield name


def _ordered(
    table: Table, one: Column | None, two: Column | None, match: "re.Match[str]", said: Said
) -> Iterator[SaidCheck]:
    if one is None or two is None or one == two or _kind(one) != _kind(two):
        return
    later = match["how"].lower() in {"after", "later than"}
    operator = ("<=" if later else ">=") if match["no"] else (">" if later else "<")
    yield SaidCheck(table=table.name, phrases=(one.name, two.name), check=f"{{}} {operator} {{}}", said=said)


def _kind(column: Column) -> str:
    """What two columns must share to be compared: both are dates, or both times, or both numbers."""
    name = column.type.name
    return "number" if name in {"integer", "bigint", "smallint", "numeric", "real", "double precision"} else name


def _moment(table: Table, word: str) -> Column | None:
    """The one date or time of a table that a verb means: `starts` is `start_date`, `begun_at`."""
    stem = stem_of(word)
    found = [
        column
        for column in table.columns
        if column.type.name.startswith(("date", "timestamp", "time"))
        and any(stem_of(part) == stem for part in key_of(column.name))
    ]
    return found[0] if len(found) == 1 else None


def _once(one: Name | None, two: Name | None, context: Context, said: Said) -> Iterator[SaidUnique]:
    """A key over the references of the one table that refers to both."""
    if one is None or two is None or one == two:
        return
    meeting = [
        table
        for table in context.tables.schema.tables.values()
        if {one, two} <= {key.ref_table for key in table.foreign_keys} and not context.tables.is_external(table.name)
    ]
    if len(meeting) != 1:
        return
    table = meeting[0]
    columns = tuple(
        next(key.columns[0] for key in table.foreign_keys if key.ref_table == name and len(key.columns) == 1)
        for name in (one, two)
        if any(key.ref_table == name and len(key.columns) == 1 for key in table.foreign_keys)
    )
    known = [set(unique.columns) for unique in table.uniques]
    known += [set(table.primary_key.columns)] if table.primary_key else []
    known += [set(index.columns) for index in table.indexes if index.unique and not index.where]
    if len(columns) == 2 and set(columns) not in known:
        yield SaidUnique(table=table.name, phrases=columns, said=said)
