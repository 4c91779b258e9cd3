"""Lines that say what the list, table or fence under them is about."""

import re
from dataclasses import replace

from migration_ls.schema.names import name_from_text
from migration_ls.sources.markdown.blocks import Block, Bullet, Paragraph, TableBlock
from migration_ls.sources.spec.declared.columns import has_types
from migration_ls.sources.spec.declared.names import read_name
from migration_ls.sources.spec.leads import (
    COLUMNS_LEAD,
    GETS_LEAD,
    INTRODUCED_LEAD,
    NAMED_ENTRY,
    NEW_LEAD,
    TABLE_LINE,
    UPDATE_LEAD,
)
from migration_ls.sources.spec.sections import LEADS_AWAY, Mood, Section, named_section, section_verb
from migration_ls.sources.spec.tables import Tables
from migration_ls.sources.spec.words import key_of

_SAYS_TABLE = re.compile(r"\b(?:tables?|tabellen?|tablas?|entity|entidad|entität|relation)\b", re.IGNORECASE)


def bold_section(block: Paragraph, following: Block | None, section: Section, tables: Tables) -> Section | None:
    """What a bold line makes of what stands under it; a table of typed columns right below makes it about a table."""
    words = re.sub(r"\*\*|__", "", block.text).strip().rstrip(":")
    if section.mood is Mood.DECLARES and (verb := section_verb(words)):
        return replace(section, verb=verb)
    named = read_name(words)
    if LEADS_AWAY.search(words) and not (named and tables.find(named.phrase)):
        return Section(mood=Mood.IGNORED)
    lists = isinstance(following, TableBlock) and has_types(following)
    if named is None:
        return None
    if section.mood is Mood.DECLARES or tables.find(named.phrase):
        return named_section(named, tables)
    says = bool(_SAYS_TABLE.search(words)) or (section.mood is Mood.ENTITIES and named.is_identifier)
    return named_section(named, tables) if lists and says else None


def lead_of(block: Paragraph | Bullet, words: str, section: Section, tables: Tables, *, leads: bool) -> Section | None:
    """What the line makes of the list under it; None for a line that introduces nothing."""
    if (match := TABLE_LINE.match(words)) and section.mood is Mood.DECLARES:
        named = read_name(match["table"])
        name = tables.find(match["table"]) or name_from_text(match["table"])
        if named and section.named:
            tables.new[key_of(section.named.phrase)] = name
        return Section(mood=Mood.DECLARES, subject=name, named=named)
    if not leads:
        return None
    if section.mood is Mood.DECLARES and words.endswith(":") and (verb := section_verb(words)):
        return replace(section, verb=verb)
    if isinstance(block, Bullet) and (named_lead := _named_lead(words, section, tables)) is not None:
        return named_lead
    last = re.split(r"(?<=[.!?])\s+", words)[-1]
    if match := NEW_LEAD.match(last):
        return Section(mood=Mood.DECLARES, subject=tables.find(match["table"]), named=read_name(match["table"]))
    if match := INTRODUCED_LEAD.match(last):
        phrase = match["table"] or match["other"]
        return Section(mood=Mood.DECLARES, subject=tables.find(phrase), named=read_name(phrase))
    for pattern in (GETS_LEAD, UPDATE_LEAD):
        if (match := pattern.match(last)) and (table := tables.find(match["table"])):
            return Section(mood=Mood.DECLARES, subject=table)
    if last.endswith(":") and LEADS_AWAY.search(last):
        return Section(mood=Mood.IGNORED)
    if last.endswith(":") and "`" in last and section.mood is Mood.DECLARES and (coded := read_name(last)):
        return named_section(coded, tables)
    if last.endswith(":") and COLUMNS_LEAD.search(last):
        owners = {table for table in map(tables.find, re.findall(r"`([^`]+)`", block.text)) if table}
        return Section(mood=Mood.DECLARES, subject=owners.pop()) if len(owners) == 1 else None
    return None


def _named_lead(words: str, section: Section, tables: Tables) -> Section | None:
    """An entry that is nothing but the name of a table, with its columns under it."""
    if section.mood is not Mood.DECLARES or section.subject is not None or len(words) > 60:
        return None
    named = read_name(words)
    if named is None or (tables.find(named.phrase) is None and not (named.is_identifier and NAMED_ENTRY.match(words))):
        return None
    return named_section(named, tables)
