"""Which existing column words mean."""

import re

from migration_ls.schema.names import Name
from migration_ls.schema.tables import Column
from migration_ls.sources.spec.tables import Tables
from migration_ls.sources.spec.words import key_of

_CODE = re.compile(r"`(?P<name>\w+)`")
_ARTICLE = re.compile(
    r"\A(?:an?|the|its|their|his|her|our|every|each|any|free-text|free text|own|column|field)\s+", re.IGNORECASE
)
_OF_KIND = frozenset(
    """number rate instructions instruction address text field column value date time day moment id code name
    amount details
    info information entry string flag identifier note""".split()
)
"""Words that say what kind of thing a column holds and may be missing in its name, or stand there alone."""
_UNITS = frozenset("cent minute hour second day week month eur usd percent kg gram km m cm mm id".split())


def column_of_words(tables: Tables, table: Name, phrase: str) -> Column | None:
    """The one column of a table that the words mean, None when none or several do."""
    known = tables.table(table)
    if known is None:
        return None
    if (code := _CODE.search(phrase)) and (column := known.column(code["name"])):
        return column
    words = phrase.strip(" `\"'.,")
    while match := _ARTICLE.match(words):
        words = words[match.end() :]
    if not words:
        return None
    if not words.isidentifier() or len(words) == 2:
        # `pH` is one word
        words = words.lower()
    if column := tables.column_meant(table, words):
        return column
    key = key_of(words)
    if len(key) > 1 and key[-1] in _OF_KIND and (column := tables.column_meant(table, " ".join(key[:-1]))):
        return column
    if len(key) == 1 and key[0] in _MOMENTS and (column := _moment(known.columns)):
        return column
    for likeness in (_joined, _without_units, _without_kinds):
        wanted = likeness(key)
        alike = [column for column in known.columns if wanted and likeness(key_of(column.name)) == wanted]
        if alike:
            return alike[0] if len(alike) == 1 else None
    return None


def _joined(key: tuple[str, ...]) -> str:
    return "".join(key)


def _without_units(key: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(word for word in key if word not in _UNITS) or key


def _without_kinds(key: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(word for word in key if word not in _UNITS | _OF_KIND)


_MOMENTS = frozenset({"moment", "time", "date", "day", "instant", "timestamp"})
_KEPT_ANYWAY = frozenset({"created_at", "updated_at", "deleted_at"})


def _moment(columns: tuple[Column, ...]) -> Column | None:
    """The only date or time of a table, beside those that every table has."""
    found = [
        column
        for column in columns
        if column.type.name.startswith(("timestamp", "date")) and column.name not in _KEPT_ANYWAY
    ]
    return found[0] if len(found) == 1 else None


def tables_with(tables: Tables, phrase: str) -> list[tuple[Name, Column]]:
    """Every table that has a column which the words mean."""
    return [
        (name, column)
        for name in tables.schema.tables
        if not tables.is_external(name) and (column := column_of_words(tables, name, phrase)) is not None
    ]
