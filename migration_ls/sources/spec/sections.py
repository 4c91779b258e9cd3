"""What the parts of a document are for: declaring columns, requiring things, or neither."""

import re
from dataclasses import dataclass, replace
from enum import Enum
from typing import Literal

from migration_ls.schema.names import Name
from migration_ls.sources.markdown.blocks import Heading
from migration_ls.sources.spec.declared.names import Named, read_name
from migration_ls.sources.spec.tables import Tables
from migration_ls.sources.spec.words import singular, words_of


class Mood(Enum):
    """What a section is for."""

    DECLARES = "declares"
    MARKED = "marked"
    """As `DECLARES`, of a table that is there: what is new or otherwise is marked, the rest only describes it."""
    REQUIRES = "requires"
    ENTITIES = "entities"
    BACKGROUND = "background"
    IGNORED = "ignored"


SectionVerb = Literal["", "add", "drop", "rename", "change"]

_IGNORED = re.compile(
    r"""\b(?:
        apis? | endpoints? | routes? | requests? | responses? | payloads? | quer(?:y|ies) | parameters? | params |
          headers? | webhooks?
      | screens? | ui | ux | user\s+interface | wireframes? | mockups? | layouts? | front-?end | components? |
        pages | dashboards?
      | out\s+of\s+scope | scope\s+exclusions | non-?goals? | not\s+in\s+scope | excluded | future | later |
        not\s+now | backlog | roadmap
      | rejected | not\s+(?:approved|accepted|agreed) | declined | alternatives | open\s+questions?
        | clarifications? | success\s+criteria | metrics | analytics |
        alerts? | notifications
      | test(?:s|ing|\s+plan|\s+cases)? | dependencies | risks? | glossary | people\s+see | exports? | reports? |
        performance | security
      | pantallas? | fuera\s+de\s+alcance | filtros | respuestas? | interfaces? | sketch | mcp | tools? | prompts? |
        cookies? | caching
      | oberfläche\w* | schnittstellen? | nicht\s+(?:teil|ziel\w*|im\s+umfang) | später
        | hors\s+(?:p[ée]rim[èe]tre|scope) | écrans?
      | telas? | fora\s+do\s+escopo | abgelehnt | verworfen | bildschirme? | masken?
      | error\s+handling | rollout | deployment | references | changelog | history | rollback | logging |
        monitoring | events?\s+sent
      | checklist | phase\s+(?:[2-9]|ii+v?|iv|v)\b | later\s+phases? | nice\s+to\s+have | view\s+models? | dtos? |
        types?cript | examples?
    )\b""",
    re.VERBOSE | re.IGNORECASE,
)
_AWAY = re.compile(
    r"(?:future|later|not\s+now|rejected|discarded|considered|deferred|postponed|backlog|roadmap|alternatives?|ideas?|open\s+questions?|"
    r"verworfen\w*|abgelehnt\w*|später\w*|futuro|rechazad[oa]s?|descartad[oa]s?|plus\s+tard|rejeté\w*)\b",
    re.IGNORECASE,
)
"""How headings begin under which nothing is wanted now, wherever they stand."""
_DROPS = re.compile(
    r"(?:columns?\s+(?:to\s+)?)?(?:remove[sd]?|removals?|drops?|dropped|deletions?|deleted?|entfallen(?:de)?|entfernen|eliminar|eliminad[oa]s|"
    r"supprimer)(?:\s+(?:columns?|fields?|spalten|columnas|campos|colonnes))?\s*:?\Z",
    re.IGNORECASE,
)
_OF_COLUMNS = r"(?:\s+(?:columns?|fields?|spalten|columnas|colonnes|tables?))?\s*:?\Z"
_VERBS: tuple[tuple[SectionVerb, re.Pattern[str]], ...] = (
    (
        "add",
        re.compile(
            rf"(?:added|additions?|add|new|neu|hinzugefügt|nuevas?|añadid[oa]s?|ajouté(?:es)?){_OF_COLUMNS}",
            re.IGNORECASE,
        ),
    ),
    (
        "rename",
        re.compile(rf"(?:renamed?|renames|umbenannt|renombrad[oa]s?|renommé(?:es)?){_OF_COLUMNS}", re.IGNORECASE),
    ),
    (
        "change",
        re.compile(
            rf"(?:changed|modified|altered|geändert|modificad[oa]s?|modifié(?:es)?){_OF_COLUMNS}", re.IGNORECASE
        ),
    ),
)
_NEVER_IGNORED = re.compile(r"\b(?:scenarios?|stor(?:y|ies)|requirements?|requisitos)\b", re.IGNORECASE)
_METHOD = re.compile(r"\A(?:response\s+of\s+)?(?:GET|POST|PUT|PATCH|DELETE)\s+/|\A/\w+")
_DECLARES = re.compile(
    r"""\b(?:
        database | db | schema | data\s*model | data | tables? | fields? | columns? | entit(?:y|ies) | models? |
          migrations? | persistence
      | datenmodell | datenbank\w* | tabellen? | felder | spalten | mod[èe]le\s+de\s+donn[ée]es | base\s+de\s+donn[ée]es
      | banco\s+de\s+dados | modelo\s+de\s+dados | persistenz | schemaänderungen
      | storage | ddl | sql | modelo\s+de\s+datos | base\s+de\s+datos | tablas? | campos | entidad(?:es)? |
        [íi]ndices | indexes
    )\b""",
    re.VERBOSE | re.IGNORECASE,
)
_ABOUT = re.compile(
    r"(?::|\s[-\u2013—]|\b(?:to|of|in|on|for|an|von|für|de|du|a)\b)\s*(?:the\s+|la\s+|der\s+)?(?:table\s+|tabelle\s+|tabla\s+)?"
    r"`?(?P<table>[\w.]+)`?\s*\Z",
    re.IGNORECASE,
)
_STRONG = re.compile(r"\b(?:database|schema|data\s*model|tables|migrations?|datenmodell|datenbank\w*)\b", re.IGNORECASE)
_BACKGROUND = re.compile(
    r"\b(?:why|background|summary|overview|introduction|motivation|problem|context|assumptions?|edge\s+cases|vision|contexto|resumen|anlass|hintergrund|motivación|contexte|status|input)\b",
    re.IGNORECASE,
)
_KEY_ENTITIES = re.compile(r"\b(?:key\s+entities|entities|entidades(?:\s+clave)?|domain\s+objects)\b", re.IGNORECASE)
LEADS_AWAY = re.compile(
    r"""(?:\b(?:query|path|url|request|requests|response|responses|body|payload|headers?|parameters?|params|endpoint|returns?|answers?
      |screen|form|event|events|export|report|cookie|browser|filters?|sorts?|env(?:ironment)?\s+variables?|settings?\s+of|log\s+line
      |out\s+of\s+scope|future|later|not\s+(?:stored|persisted|saved)|view\s+model|json|message|props|state\s+of\s+the\s+(?:page|form)|validation\s+errors?
      |tool|function|accepts?|emits?|receives?\s+a\s+(?:get|post|request)|lista\s+con|filtros|example)\b
      |\b(?:GET|POST|PUT|PATCH|DELETE)\b\s*`?/)""",
    re.VERBOSE | re.IGNORECASE,
)
"""A line before a list that says that the list is none of columns."""
NO_CHANGE = re.compile(
    r"\b(?:(?:do|must|shall|should|does|will|may)\s*(?:not|NOT|n't)\s+(?:be\s+)?(?:change|alter|modify|touch|require|need)\w*\s+(?:any\s+|the\s+|a\s+)?(?:existing\s+)?(?:database|schema|data\s*model|db)\b"
    r"|no\s+(?:database|schema|db|data\s*model)\s+(?:schema\s+)?(?:changes?|migrations?)\b|no\s+changes?\s+(?:of|to|in)\s+the\s+(?:database|schema|data\s*model|db))",
    re.IGNORECASE,
)
GENERIC_PLACE = re.compile(
    r"\b(?:constraints?|rules|scope|technical|implementation|notes?|database|schema|data|assumptions?|summary|overview|context|requirements?|migration)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Section:
    """A section: what it is for, the table it is about, and the new thing it names where that is no table yet."""

    mood: Mood = Mood.REQUIRES
    subject: Name | None = None
    named: Named | None = None
    verb: SectionVerb = ""
    """What becomes of all that it lists, where it says so."""
    asks: bool = False
    """Whether it stands under a heading of requirements, so that a bare noun names what they are about."""

    def table(self, tables: Tables) -> Name | None:
        """The table it is about: what it names counts where it declares something."""
        if self.subject is None and self.named is not None and self.mood is Mood.DECLARES:
            return tables.find(self.named.phrase)
        return self.subject

    @property
    def declares_columns(self) -> bool:
        """Whether typed lines in it are columns: in a part about tables, and under the name of an entity."""
        return self.mood is Mood.DECLARES or (self.mood is Mood.ENTITIES and self.named is not None)


def section_verb(words: str) -> SectionVerb:
    """What a heading such as `Added` or `Columns to drop` says of all that stands under it; empty for others."""
    if _DROPS.match(words):
        return "drop"
    for verb, pattern in _VERBS:
        if pattern.match(words):
            return verb
    return ""


def section_of(headings: tuple[Heading, ...], tables: Tables) -> Section:
    """What the headings above a block make of it: the nearest that says something, but what is ignored stays so."""
    section = Section()
    for heading in headings:
        section = _under(section, heading.text, is_title=heading.level == 1 and not heading.section, tables=tables)
    return section


def _under(section: Section, text: str, *, is_title: bool, tables: Tables) -> Section:
    words = text.strip().strip("*` ")
    if section.mood is Mood.DECLARES and (verb := section_verb(words)):
        return replace(section, verb=verb)
    named = read_name(words)
    known = tables.find(named.phrase) if named else None
    if known is None and _AWAY.match(words):
        return Section(mood=Mood.IGNORED)
    if section.mood is Mood.DECLARES and named and (known or named.is_identifier) and not _METHOD.search(words):
        return named_section(named, tables)
    if is_title:
        return Section(mood=Mood.DECLARES) if _STRONG.search(words) and not _IGNORED.search(words) else section
    if section.asks and _PART.fullmatch(words):
        return section
    if (
        (_IGNORED.search(words) or _METHOD.search(words))
        and not _NEVER_IGNORED.search(words)
        and not _is_table(named, known, tables)
    ):
        return Section(mood=Mood.IGNORED)
    if section.mood is Mood.IGNORED:
        return (
            Section(mood=Mood.DECLARES)
            if re.search(r"\b(?:database|schema)\s+changes?\b", words, re.IGNORECASE)
            else section
        )
    if _KEY_ENTITIES.search(words) and not (named and named.is_identifier and known):
        return Section(mood=Mood.ENTITIES)
    if named and (known or (named.is_identifier and _DECLARES.search(words))):
        return named_section(named, tables)
    if _DECLARES.search(words):
        about = _ABOUT.search(words)
        found = tables.find(about["table"]) if about else None
        return Section(mood=Mood.DECLARES, subject=found)
    if section.mood is Mood.ENTITIES and named and named.is_identifier:
        return Section(mood=Mood.IGNORED if named.mark == "unstored" else Mood.ENTITIES, named=named)
    if _BACKGROUND.search(words):
        return Section(mood=Mood.BACKGROUND)
    if section.mood is Mood.BACKGROUND:
        section = Section()
    if section.mood is Mood.REQUIRES and _NEVER_IGNORED.search(words):
        return replace(section, asks=True)
    return section


_PART = re.compile(
    r"(?:\d+(?:\.\d+)*[.)]?\s+)?(?:alerts|notifications|reports|tools|requests|routes|components|events|tests|exports|pages"
    r"|responses|risks)",
    re.IGNORECASE,
)
"""Headings that say where nothing is wanted, but under requirements only what these are about."""


def _is_table(named: Named | None, known: Name | None, tables: Tables) -> bool:
    """Whether a heading such as `events` is the name of a table, spelled as one."""
    return bool(
        named
        and known
        and tables.table(known)
        and (
            named.phrase == known.name or (len(words_of(named.phrase)) == 1 and singular(named.phrase) != named.phrase)
        )
    )


def named_section(named: Named, tables: Tables) -> Section:
    """The section about a table, old or new, or about something that is none."""
    known = tables.find(named.phrase)
    if named.mark == "unstored" or (named.mark == "existing" and known is None):
        return Section(mood=Mood.IGNORED)
    if named.mark == "existing":
        return Section(mood=Mood.MARKED, subject=known, named=named)
    if known:
        return Section(mood=Mood.DECLARES, subject=known, named=named, verb="drop" if named.drops else "")
    return Section(mood=Mood.DECLARES, subject=None, named=named)
