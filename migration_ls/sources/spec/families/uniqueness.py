"""What there may be only one of: `No two articles may share a slug`."""

import re
from collections.abc import Iterator

from migration_ls.schema.names import Name
from migration_ls.sources.spec.clauses import Clause
from migration_ls.sources.spec.context import Context
from migration_ls.sources.spec.items import Item, SaidUnique
from migration_ls.sources.spec.nouns import read_attribute
from migration_ls.sources.spec.words import singular

_UNIQUE = r"(?:(?:must|shall|should|has to|have to)\s+be|is|are)\s+(?:always\s+)?(?:globally\s+)?unique"
_WITHIN = r"(?:\s+(?:within|per|in|for|across|inside)\s+(?P<within>.+))?"
_FORMS = tuple(
    re.compile(form, re.IGNORECASE | re.DOTALL)
    for form in (
        (rf"(?:the\s+)?combination\s+of\s+(?P<columns>[\w `,]+?)\s+(?:of|in)\s+(?:an?|the|each|"
        rf"every)?\s*(?P<table>[\w `]+?)"
        rf"\s+{_UNIQUE}"),
        (rf"(?:the\s+)?combination\s+of\s+(?P<columns>[\w `,]+?)\s+{_UNIQUE}\s+(?:for|per|within|in)\s+"
        rf"(?:all\s+)?"
        r"(?:an?|the|each|every)?\s*(?P<table>[\w `]+)"),
        (rf"(?:the\s+|an?\s+)?(?P<columns>[\w `]+?)\s+of\s+(?:an?|the|each|every)?\s*(?P<table>[\w `]+?)\s+"
        rf"{_UNIQUE}{_WITHIN}"),
        (rf"(?:the\s+|an?\s+|each\s+|every\s+)?(?P<table>[\w`]+(?:\s[\w`]+)??)(?:'s|\u2019s|s')\s+"
        rf"(?P<columns>[\w `]+?)\s+{_UNIQUE}{_WITHIN}"),
        rf"`(?P<table>[\w.]+)\.(?P<columns>\w+)`\s+{_UNIQUE}{_WITHIN}",
        rf"(?P<table>[\w` ]+?)\s+(?:must|shall|should)\s+have\s+an?\s+unique\s+(?P<columns>[\w ]+?){_WITHIN}",
        (rf"(?P<table>[\w` ]+?)\s+(?:have|has|gets?|carry|carries)\s+an?\s+(?:globally\s+)?unique\s+"
        rf"(?P<columns>[\w ]+?){_WITHIN}"),
        (rf"(?P<table>[\w` ]+?)\s+(?:are|is)\s+identified\s+by\s+(?:an?|the|its|their)\s+unique\s+"
        rf"(?P<columns>[\w ]+?){_WITHIN}"),
        (rf"(?:no two|two)\s+(?P<table>[\w ]+?)\s+(?:can|may|must|should|shall|cannot|can't)\s+(?:not\s+|never\s+"
        rf")?(?:ever\s+)?(?:have|share|use|carry)\s+(?:the\s+same|an?|one)\s+(?P<columns>[\w ]+?){_WITHIN}"),
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
    # `Two members cannot share an address`: a rule about rows, though people seem to act in it
    text = (clause.text if clause.actor == "none" else clause.whole.text).rstrip(" .")
    if clause.actor == "system":
        return
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
            own = (_without_table(names[0], table, context), *names[1:])
            if " unique " in match[0].lower()[: match.start("columns")] and not context.tables.column_meant(
                table, own[0]
            ):
                # `have a unique number`: a column to come
                return
            yield SaidUnique(table=table, phrases=own, said=context.said(clause.whole))
            return


def _without_table(phrase: str, table: Name, context: Context) -> str:
    """The attribute alone: of `ticket titles` it is `titles`, where the table has no column of the whole name."""
    first, _, rest = phrase.partition(" ")
    named = bool(rest) and context.tables.find(first) == table and context.tables.column_meant(table, phrase) is None
    return " ".join((*rest.split()[:-1], singular(rest.split()[-1]))) if named else phrase


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
