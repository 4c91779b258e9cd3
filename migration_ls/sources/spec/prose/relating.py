"""Sentences that say what belongs to what, and in which states rows are."""

import re
from collections.abc import Iterator
from dataclasses import replace

from migration_ls.postgres.quoting import literal
from migration_ls.schema import request as asked
from migration_ls.sources.spec.context import Context
from migration_ls.sources.spec.details import Details, Reference
from migration_ls.sources.spec.families.belonging import join_table
from migration_ls.sources.spec.items import Item, Said, SaidChange, SaidColumn
from migration_ls.sources.spec.nouns import key_to
from migration_ls.sources.spec.prose.mentions import MARK, Marked
from migration_ls.sources.spec.prose.told import default_in, values_in
from migration_ls.sources.spec.words import key_of

_T, _U = MARK.format("t"), MARK.format("u")
_MODAL = r"(?:(?P<modal>must|shall|should|will|can|may|might|could|has to|have to|optionally)\s+)?"
_ONE = r"(?:(?:exactly\s+one|at\s+most\s+one|one|a\s+single|no\s+or\s+one|zero\s+or\s+one|another|some)\s+)?"
_REFERS = re.compile(
    rf"{_T}\s+{_MODAL}(?:always\s+|also\s+|optionally\s+|then\s+|now\s+)*(?:(?P<belongs>belongs?\s+to"
    r"|concerns?|results?\s+from|refers?\s+to|references?|comes?\s+from|points?\s+to|relates?\s+to"
    r"|is\s+about|are\s+about|be\s+about|"
    r"takes?\s+place\s+(?:in|at)|is\s+held\s+(?:in|at)|be\s+held\s+(?:in|at)|is\s+part\s+of|be\s+part\s+of"
    r"|(?:is|are|be)\s+(?:linked|tied|attached|related|associated|connected|assigned)\s+(?:to|with)"
    r"|is\s+for|are\s+for|be\s+for|links?\s+to)"
    r"|(?:be|is|are|was|were)\s+(?P<done>[a-z]+ed|written|led|taught|held|sold|sent|given|taken|run|made"
    rf"|built|driven|won|kept)\s+by)\s+{_ONE}{_U}(?P<rest>(?:\s+or\s+(?:to\s+)?none|[,;:.(]|\s+(?:that|which"
    r"|who|whom|at a time|so|when|in|until|at most|only|if|of the|from)\b).*|)",
    re.IGNORECASE | re.DOTALL,
)
_MANY = (
    r"(?:many|several|multiple|more\s+than\s+one|one\s+or\s+more|any\s+number\s+of|various|a\s+number\s+of"
    r"|zero\s+or\s+more)"
)
_BOTH_MANY = re.compile(
    rf"(?:{_MANY}\s+)?{_T}\s+{_MODAL}(?P<verb>[a-z]+(?:\s+(?:on|in|to|at|for|with|by|of))?)\s+(?:(?:be|in|on"
    rf"|to|of)\s+)*{_MANY}\s+{_U},?\s+(?:and|while)\s+(?:{_MANY}\s+)?{MARK.format('back')}\s+(?:(?:must"
    rf"|shall|should|will|can|may|might|could)\s+)?(?:.*?)(?:{_MANY}\s+(?:{MARK.format('too')}|[a-z]+)"
    rf"|{MARK.format('by')}).*",
    re.IGNORECASE | re.DOTALL,
)
_BOTH_MANY_FIRST = re.compile(
    rf"{_MANY}\s+{_T}\s+{_MODAL}[a-z]+(?:\s+[a-z]+){{0,3}}?\s+{_U},?\s+(?:and"
    rf"|while)\s+{MARK.format('back')}\s+.*?{_MANY}\s+{MARK.format('too')}.*",
    re.IGNORECASE | re.DOTALL,
)
_STATES = re.compile(
    rf"{_T}\s+(?:(?:is|are|must be|shall be|should be)\s+(?:always\s+|currently\s+"
    r"|in\s+one\s+of\s+(?:the\s+)?(?:following\s+)?(?:states|statuses)\s*:?\s+)?|(?:can"
    r"|may)\s+be\s+|(?:must|shall|should|has to)\s+be\s+(?=either\b))(?:either\s+"
    r"|one of\s+)?(?P<list>[a-z_-]+(?:\s*,\s*[a-z_ -]+)*,?\s+or\s+[a-z_-]+"
    r"(?:\s[a-z_-]+)?)(?P<rest>\s*[,;:.(\u2013-].*|)",
    re.IGNORECASE | re.DOTALL,
)
_NOT_STATES = frozenset(
    """not none added removed created edited deleted updated changed viewed shown seen sorted filtered searched exported
    imported printed shared selected opened saved copied moved sent uploaded downloaded listed assigned displayed found
    renamed set given entered""".split()
)
_PEOPLE = frozenset(
    "user person employee member account customer driver teacher student guest clerk agent staff".split()
)


def relating(mark: Marked, context: Context, said: Said) -> Iterator[Item]:
    """Keys to other tables, tables of pairs, and states."""
    text = mark.text.strip().rstrip(" .")
    if match := _BOTH_MANY.fullmatch(text):
        yield from _pairs(match, mark, context, said, first="t", second="u")
    elif match := _BOTH_MANY_FIRST.fullmatch(text):
        yield from _pairs(match, mark, context, said, first="u", second="t")
    elif match := _REFERS.fullmatch(text):
        yield from _key(match, mark, context, said)
    elif match := _STATES.fullmatch(text):
        yield from _states(match, mark, context, said)


def _pairs(
    match: "re.Match[str]", mark: Marked, context: Context, said: Said, *, first: str, second: str
) -> Iterator[Item]:
    one, two, back = mark.table(match[first]), mark.table(match[second]), mark.table(match["back"])
    if one is None or two is None or one == two or back not in (one, two):
        return
    for table in context.tables.schema.tables.values():
        if {one, two} <= {key.ref_table for key in table.foreign_keys} and table.name not in (one, two):
            return
    if joined := join_table(context, one, two):
        yield SaidChange(change=asked.AddTable(table=joined), said=said)


def _key(match: "re.Match[str]", mark: Marked, context: Context, said: Said) -> Iterator[Item]:
    table, other = mark.table(match["t"]), mark.table(match["u"])
    if table is None or other is None or context.tables.is_external(table) or mark.mentions[int(match["u"])].is_plural:
        return
    plain = key_to(other)
    people = key_of(other.name)[-1] in _PEOPLE
    done = (match["done"] or "").lower()
    name = f"{done}_by" if done else "parent_id" if table == other else plain
    known = context.tables.table(table)
    if known is not None and (
        known.column(name) is not None
        or known.column(plain) is not None
        or (not (done and people) and any(key.ref_table == other for key in known.foreign_keys))
    ):
        return
    modal = (match["modal"] or "").lower()
    optional = (
        modal in {"can", "may", "might", "could", "optionally"}
        or "none" in match["rest"].lower()
        or "until" in match["rest"].lower()
    )
    details = Details(references=Reference(table=str(other)), nullable=True if optional else None)
    yield SaidColumn(table=table, name=name, details=details, said=said, must=not optional)


def _states(match: "re.Match[str]", mark: Marked, context: Context, said: Said) -> Iterator[Item]:
    table = mark.table(match["t"])
    if table is None or context.tables.is_external(table):
        return
    values = values_in(f": {match['list']}")
    known = context.tables.table(table)
    taken = known is not None and any(known.column(name) for name in ("status", "state", "stage"))
    if taken or len(values) < 2 or any(value in _NOT_STATES or context.tables.find(value) for value in values):
        return
    details = Details(values=values)
    rest = f"{match['rest']}"
    extra = _other_default(rest)
    if extra and extra not in values:
        details = replace(details, values=(extra, *values), default=literal(extra))
    elif (
        len(values) == 2
        and not re.search(r"\beither\b", match[0], re.IGNORECASE)
        and not re.search(r"\b(?:new|first|default|initially|begin|start|until)", rest)
    ):
        return
    details = replace(details, default=details.default or default_in(rest, details))
    yield SaidColumn(table=table, name="status", details=details, said=said, must=True)


def _other_default(rest: str) -> str:
    """The state of new rows, which need not be one of those that they can come to be in."""
    match = re.search(r"\ba new (?:one|⟦\d+⟧) (?:is|starts as)\s+(?:an?\s+)?(?P<value>[a-z_-]+)", rest, re.IGNORECASE)
    return match["value"].lower() if match else ""
