"""Things of which a row has several, each with attributes of its own: a table that refers to it."""

import re
from collections.abc import Iterator

from migration_ls.postgres.types import ColumnType
from migration_ls.schema.names import Name
from migration_ls.sources.spec.context import Context
from migration_ls.sources.spec.details import Details, Reference
from migration_ls.sources.spec.items import Item, Said, SaidColumn, SaidTable
from migration_ls.sources.spec.nouns import key_to
from migration_ls.sources.spec.prose.having import Given, column_for
from migration_ls.sources.spec.prose.mentions import ANY_MARK, MARK, Marked
from migration_ls.sources.spec.prose.things import NOT_THINGS, things_of
from migration_ls.sources.spec.prose.told import default_in, values_in
from migration_ls.sources.spec.words import singular, words_of

_T = MARK.format("t")
_MANY = (
    r"(?:several|many|multiple|any\s+number\s+of|more\s+than\s+one|one\s+or\s+more|zero\s+or\s+more|a\s+list\s+of"
    r"|up\s+to\s+(?:\d+|[a-z]+))"
)
_SEVERAL = re.compile(
    rf"{_T}\s+(?:can|may|might|could|must|should|will)?\s*(?:also\s+)?(?:have|has|hold|holds|get|gets|receive|receives"
    rf"|contain|contains|carry|carries|own|owns|offer|offers|keep|keeps|be\s+given|consists?\s+of)\s+{_MANY}\s+"
    r"(?P<noun>⟦\d+⟧|[a-z]+(?:\s[a-z]+)?),?\s+(?:each\s+(?:of\s+them\s+|of\s+which\s+)?(?:with|having|has"
    r"|consisting\s+of|containing)|every\s+one\s+with|with|(?:that|which)\s+(?:each\s+)?have)\s+"
    r"(?P<object>(?:an?|the|its|one|their)\s+.+)",
    re.IGNORECASE | re.DOTALL,
)
_GROUPED = re.compile(
    rf"{_T}\s+(?:are|is|can\s+be|may\s+be|must\s+be|shall\s+be|should\s+be|will\s+be)\s+(?:grouped|classified"
    r"|categori[sz]ed|divided|sorted|split|ranked|graded)\s+(?:into|as|by|in)\s+(?:(?:the|an?|one\s+of\s+the)\s+)?"
    r"(?:following\s+)?(?P<what>categor(?:y|ies)|class(?:es)?|types?|kinds?|grades?|levels?|groups?|tiers?|sizes?)"
    r"\s*(?P<rest>(?:such\s+as|:|,|like|namely|of|\()\s*.+)",
    re.IGNORECASE | re.DOTALL,
)
_REASONED = re.compile(
    rf"(?:(?:to\s+)?(?P<mark>mark|flag)\s+{_T}\s+as\s+(?P<state>[a-z]+)|(?P<verb>[a-z]+)\s+{MARK.format('u')})\s+"
    r"(?:with|giving|stating|for|by giving|and (?:must )?(?:give|state|enter|note))\s+(?:an?|the)\s+reason\b.*",
    re.IGNORECASE | re.DOTALL,
)
_TEXT, _BOOLEAN = ColumnType("text"), ColumnType("boolean")
_NOUN_OF = {
    "suspend": "suspension", "suspended": "suspension", "cancel": "cancellation", "cancelled": "cancellation",
    "canceled": "cancellation", "reject": "rejection", "rejected": "rejection", "close": "closing", "closed": "closing",
    "block": "blocking", "blocked": "blocking", "decline": "decline", "declined": "decline", "archive": "archive",
    "refuse": "refusal", "refused": "refusal", "return": "return", "returned": "return", "delay": "delay",
    "delayed": "delay",
}  # fmt: skip


def several(mark: Marked, context: Context, said: Said) -> Iterator[Item]:
    """A table of things that belong to a row, a category from a list, or the reason for what is done to a row."""
    text = mark.text.strip().rstrip(" .")
    if match := _SEVERAL.fullmatch(text):
        yield from _table_of(match, mark, context, said)
    elif match := _GROUPED.fullmatch(text):
        yield from _category(match, mark, context, said)
    elif match := _REASONED.fullmatch(text):
        yield from _reason(match, mark, context, said)


def _table_of(match: "re.Match[str]", mark: Marked, context: Context, said: Said) -> Iterator[Item]:
    owner, noun = mark.table(match["t"]), mark.plain(match["noun"]).lower()
    known = context.tables.find(noun)
    words = words_of(noun)
    if owner is None or context.tables.is_external(owner) or not words or known == owner:
        return
    words = (*words[:-1], singular(words[-1]))
    if (known and context.tables.table(known)) or words[-1] in NOT_THINGS:
        return
    things = things_of(match["object"], mark, context.habits)
    if not things:
        return
    own = singular(owner.name)
    # `line` of an order says nothing without it; a word that some column has is no name for a table alone
    taken = any(context.tables.column_meant(name, words[-1]) for name in context.tables.schema.tables)
    name = known or context.habits.table_name((own, *words) if len(words) == 1 and taken else words)
    given = Given(table=name, things=things, must=True, lenient=True)
    items: list[Item] = [
        SaidColumn(
            table=name,
            name=key_to(owner),
            details=Details(references=Reference(table=str(owner))),
            said=said,
            must=True,
        )
    ]
    items += [item for thing in things if (item := column_for(thing, given, context, said))]
    if len(items) > 1:
        context.tables.add(noun, name)
        yield SaidTable(name=name, said=said)
        yield from items


def _category(match: "re.Match[str]", mark: Marked, context: Context, said: Said) -> Iterator[Item]:
    table = mark.table(match["t"])
    values = values_in(f": {re.sub(r'^(?:such as|:|,|like|namely|of|[(])', '', match['rest'].strip()).strip(' )')}")
    if table is None or len(values) < 2 or ANY_MARK.search(match["rest"]):
        return
    name = singular(match["what"].lower())
    known = context.tables.table(table)
    if known is not None and known.column(name) is not None:
        return
    details = Details(values=values)
    default = default_in(match["rest"], details)
    yield SaidColumn(
        table=table, name=name, details=Details(values=values, default=default), said=said, must=default is not None
    )


def _reason(match: "re.Match[str]", mark: Marked, context: Context, said: Said) -> Iterator[Item]:
    table: Name | None = mark.table(match["t"] if match["t"] is not None else match["u"])
    done = (match["state"] or match["verb"] or "").lower()
    noun = _NOUN_OF.get(done)
    if table is None or noun is None or context.tables.is_external(table):
        return
    if match["state"]:
        flag = Details(type=_BOOLEAN, default="false", nullable=False)
        yield SaidColumn(table=table, name=done, details=flag, said=said, must=True)
    name = f"{noun}_reason"
    if context.tables.column_meant(table, name) is None and context.tables.column_meant(table, "reason") is None:
        yield SaidColumn(table=table, name=name, details=Details(type=_TEXT, nullable=True), said=said, must=False)
