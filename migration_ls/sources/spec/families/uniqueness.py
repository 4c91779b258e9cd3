"""What there may be only one of: `No two articles may share a slug`."""

import re
from collections.abc import Iterator

from migration_ls.schema.names import Name
from migration_ls.sources.spec.clauses import Clause
from migration_ls.sources.spec.context import Context
from migration_ls.sources.spec.items import Item, SaidUnique
from migration_ls.sources.spec.nouns import read_attribute

_UNIQUE = r"(?:(?:must|shall|should|has to|have to)\s+be|is|are)\s+(?:always\s+)?(?:globally\s+)?unique"
_WITHIN = r"(?:\s+(?:within|per|in|for|across|inside)\s+(?P<within>.+))?"
_FORMS = tuple(
    re.compile(form, re.IGNORECASE | re.DOTALL)
    for form in (
        (rf"(?:the\s+|an?\s+)?(?P<columns>[\w `]+?)\s+of\s+(?:an?|the|each|every)?\s*(?P<table>[\w `]+?)\s+"
        rf"{_UNIQUE}{_WITHIN}"),
        (rf"(?:the\s+|an?\s+|each\s+|every\s+)?(?P<table>[\w`]+(?:\s[\w`]+)??)(?:'s|\u2019s|s')\s+"
        rf"(?P<columns>[\w `]+?)\s+{_UNIQUE}{_WITHIN}"),
        rf"`(?P<table>[\w.]+)\.(?P<columns>\w+)`\s+{_UNIQUE}{_WITHIN}",
        rf"(?P<table>[\w` ]+?)\s+(?:must|shall|should)\s+have\s+an?\s+unique\s+(?P<columns>[\w ]+?){_WITHIN}",
        (rf"(?:no two|two)\s+(?P<table>[\w ]+?)\s+(?:can|may|must|should|shall|cannot|can't)\s+(?:not\s+|never\s+"
        rf")?(?:have|share|use|carry)\s+(?:the\s+same|an?|one)\s+(?P<columns>[\w ]+?){_WITHIN}"),
        rf"(?:the\s+|an?\s+)?(?P<columns>[\w `]+?)\s+{_UNIQUE}{_WITHIN}",
        (r"(?:only\s+|at most\s+|exactly\s+)?one\s+(?P<table>[\w ]+?)\s+(?:per|for each|for every)\s+"
        r"(?P<columns>[\w ]+(?:,?\s+and\s+[\w ]+|,\s*[\w ]+)*)"),
        (r"there (?:can|may|must|shall) (?:only |at most )?be (?:only |at most )?one\s+(?P<table>[\w ]+?)\s+(?:per|"
        r"for each|for every)\s+(?P<columns>[\w ]+(?:,?\s+and\s+[\w ]+|,\s*[\w ]+)*)"),
    )
)  # fmt: skip
_AND = re.compile(r"\s*(?:,\s*and\s+|,|\band\b|\bof an?\b|\bof the\b|\bof each\b|\bof\b)\s*", re.IGNORECASE)


def uniqueness(clause: Clause, context: Context) -> Iterator[Item]:
    """A unique constraint."""
    if clause.actor != "none":
        return
    text = clause.text.rstrip(" .")
    for pattern in _FORMS:
        match = pattern.fullmatch(text)
        if match is None:
            continue
        groups = match.groupdict()
        phrases = [*_AND.split(groups["columns"]), *_AND.split(groups.get("within") or "")]
        names = tuple(attribute.phrase for phrase in phrases if phrase and (attribute := read_attribute(phrase)))
        if not names:
            continue
        for table in _tables(groups.get("table"), names, context):
            yield SaidUnique(table=table, phrases=names, said=context.said(clause.whole))
            return


def _tables(noun: str | None, names: tuple[str, ...], context: Context) -> Iterator[Name]:
    if noun:
        table = context.tables.in_phrase(noun)
        if table:
            yield table
    elif context.subject:
        yield context.subject
    elif len(names) and (table := context.tables.in_phrase(names[0])) is None:
        # `Invoice numbers must be unique`: the thing stands before its attribute.
        words = names[0].split()
        if len(words) > 1 and (table := context.tables.find(" ".join(words[:-1]))):
            yield table
