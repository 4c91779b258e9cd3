"""Which thing a heading or a bold line names, and whether it is new."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from migration_ls.sources.spec.words import singular

Mark = Literal["new", "changed", "existing", "unstored", "removed"]

_MARKS: tuple[tuple[Mark, str], ...] = (
    ("unstored", (r"not\s+(?:persisted|stored|saved|a table|in (?:the )?(?:db|database))|view[\s-]?model|"
                 r"in[\s-]memory|transient|dto|api only|"
                 r"client[\s-]side|ui|browser|frontend|ui state|read model|virtual|computed|payload|request|"
                 r"response|ephemeral|localstorage|"
                 r"no persistido|managed by|external|(?:redis|cache|session) only|value object|not yet|future|"
                 r"later|out of scope|"
                 r"props|component|zustand|context|hook|typescript|interface")),
    ("existing", (r"existing|existente|bestehend|vorhanden|existante?|unchanged|no (?:schema |db "
    r"|database )?changes?|already exists|as is|"
                 r"reference[ds]? only|sin cambios|reused|untouched|as before")),
    ("removed", r"removed|dropped|deleted|deprecated|eliminad[oa]"),
    ("changed", (r"changed|modified|updated?|extended|extend|alter(?:ed)?|changes|enhanced|cambiad[oa]|additions?|"
                r"new (?:fields?|columns?)")),
    ("new", r"new|neue?|nuev[oa]|nouvelle|nova|added|to be created"),
)  # fmt: skip
_MARK_PATTERNS: tuple[tuple[Mark, re.Pattern[str]], ...] = tuple(
    (mark, re.compile(rf"\b(?:{words})\b", re.IGNORECASE)) for mark, words in _MARKS
)
_SYMBOLS = re.compile(r"[\U0001F000-\U0001FAFF\u2600-\u27BF\uFE0F]+")
_NEW_SIGNS = re.compile("🆕|✨|\N{HEAVY PLUS SIGN}|✅")
_FRAME = re.compile(
    r"""(?:\b(?:(?:the|a|an|la|el|una?|die|der|das|le|of|in|for|to|database|db|join|association|link)
      | tables? | tablas? | tabellen? | tabelas? | relations? | entit(?:y|ies) | entidad | model | class
        | schema | collection
      | new | nuev[oa] | neue?s? | nouvelle | nova | existing | existente | bestehende?s? | add(?:ed|ition)?
        | create[ds]? | crear
      | alter(?:ed)? | modif(?:y|ied|ications?) | chang(?:e|es|ed) | updat(?:e|es|ed) | extend(?:ed|s)?
        | exten(?:sion|sions)
      | remov(?:e|ed|al) | drop(?:s|ped)? | delet(?:e|ed) | columns? | fields? | columnas? | campos? | spalten? | felder
      | unchanged | is | are | be | gets | and | as | before | no | changes
      | \d+)\b | [\s:;,.#*_=>\u2192\u2013\u2014/-])*\Z""",
    re.IGNORECASE | re.VERBOSE,
)
"""Words that stand around the name of a table in a heading and say no more than what it is and what becomes of it."""
_SAYS_TABLE = re.compile(r"\b(?:tables?|tablas?|tabellen?|tabelas?|relation|entity|entidad|entität)\b", re.IGNORECASE)
_DROPS_COLUMNS = re.compile(r"\b(?:remov\w*|drop\w*|delet\w*)\s+(?:columns?|fields?)\b", re.IGNORECASE)
_PARENS = re.compile(r"[(\[{]([^()\[\]{}]*)[)\]}]|\s[-\u2013—]\s(.*)\Z|\s*[✅🆕✨]\s*(NEW)?")
_NUMBERING = re.compile(r"\A\s*(?:\d+(?:\.\d+)*[.):]?|[A-Z][.)])\s+")
_BEFORE = re.compile(
    r"\A(?:(?P<verb>new|existing|updated?|modif(?:y|ied)|alter(?:ed)?|extend(?:ed)?|add(?:ed)?|create"
    r"|changes?|changed|drop|remove|nueva|nuevo|neue[rs]?|nouvelle|nova)\s+)?(?:to\s+)?(?:the\s+)?"
    r"(?:(?:database\s+)?(?:tables?|tabla|tabelle|tabela|entity|entidad|model|class|aggregate|object"
    r"|collection)\s*[:\-\u2013]?\s+)?(?:to\s+)?",
    re.IGNORECASE,
)
_AFTER = re.compile(
    r"(?:\s+(?:database\s+)?(?:table|model|entity|class|schema|fields|columns|changes|tabla|tabelle"
    r"|attributes|extensions?|record))+\Z",
    re.IGNORECASE,
)
_IDENTIFIER = re.compile(r"[A-Za-z_][\w]*(?:\.[A-Za-z_]\w*)?(?:[ -][A-Za-z]\w*){0,3}\Z")
_SHOWN = re.compile(r"(?:Response|Payload|DTO|Dto|Props|Params|ViewModel|FilterState|UiState|UIState|Filters?|Query)\Z")
"""Endings of classes that travel or are shown, and are not kept."""
_GENERIC = frozenset(
    """overview relationships relations
    indexes indices index constraints notes enums enum enumerations migration migrations
    new existing columns column fields field tables table changes schema validation rules state transitions entities
    entity
    models model data database summary diagram er erd types attributes checks keys triggers views queries example
    examples
    performance rollback forward backward up down sql python default defaults requirements behaviour behavior lifecycle
    description purpose access patterns volume estimates retention storage additions modifications updates removals
    required
    optional primary foreign unique strategy plan steps seed considerations conventions assumptions glossary references
    feature spec specification scope goals background design structure definitions key core main other misc general why
    was warum oberfläche schnittstelle anlass ziel datenmodell datenbank änderungen spalten felder
    what how context introduction details integrity security audit naming see also status created input""".split()
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A thing that a heading names: its words, and what the heading says of it."""

    phrase: str
    mark: Mark | None
    is_identifier: bool
    """Spelled as tables or classes are, or said to be one; others may be any topic."""
    drops: bool = False
    """Whether the heading says that columns go."""


@lru_cache(maxsize=1024)
def read_name(heading: str) -> Named | None:
    """The thing that a heading names; None for headings about anything else."""
    heading = _SYMBOLS.sub(" ", _NEW_SIGNS.sub(" (new) ", heading)).strip()
    text = _NUMBERING.sub("", heading.rstrip(":").strip())
    if (framed := _framed(text)) is not None:
        return framed
    aside = " ".join(part for match in _PARENS.finditer(text) for part in match.groups() if part)
    bare = _PARENS.sub(" ", text).strip().strip("`*_\"' ").rstrip(":")
    before = _BEFORE.match(bare)
    said = bool(
        before
        and before.end()
        and re.search(r"table|tabla|tabelle|tabela|entity|entidad|model|class", before[0], re.IGNORECASE)
    )
    verb = (before["verb"] or "") if before else ""
    core = bare[before.end() :] if before else bare
    stripped = _AFTER.sub("", core)
    said = said or stripped != core
    core = stripped.strip("`*\"' ").strip()
    mark = _mark(aside) or _mark(verb)
    if not core or not _IDENTIFIER.match(core):
        return None
    words = re.findall(r"[A-Za-z]+", core.lower())
    spelled = "_" in core or "." in core
    if (
        not words
        or len(words) > 5
        or (not spelled and (words[-1] in _GENERIC or all(word in _GENERIC for word in words)))
    ):
        return None
    if mark is None and _SHOWN.search(core):
        mark = "unstored"
    shaped = (
        "_" in core
        or "`" in heading
        or bool(re.match(r"[A-Z][a-z0-9]+(?:[A-Z][a-z0-9]*)*\Z|[a-z][a-z0-9_]*\Z|\w+\.\w+\Z", core))
    )
    return Named(phrase=core, mark=mark, is_identifier=said or shaped)


def _framed(text: str) -> Named | None:
    """The one thing that a heading names among words that only frame it: `Tabla nueva: pesajes`, `guests ALTER`."""
    aside = " ".join(part for match in _PARENS.finditer(text) for part in match.groups() if part)
    around = _PARENS.sub(" ", text).replace("`", "")
    words = re.findall(r"[^\W\d][\w.]*", around)
    names = [word for word in words if not _FRAME.match(word) or "_" in word]
    if not names or len({singular(name.lower()) for name in names}) > 1 or not re.fullmatch(r"[a-z_][\w.]*", names[-1]):
        return None
    rest = " ".join(word for word in words if word not in names)
    if not (_SAYS_TABLE.search(rest) or re.search(r"\b[A-Z]{3,}\b", rest)):
        return None
    mark = _mark(aside) or _mark(rest)
    return Named(phrase=names[-1], mark=mark, is_identifier=True, drops=bool(_DROPS_COLUMNS.search(around)))


def _mark(words: str) -> Mark | None:
    return next((mark for mark, pattern in _MARK_PATTERNS if words and pattern.search(words)), None)


def mark_of(words: str) -> Mark | None:
    """What a phrase such as `view model, not persisted` says of a thing."""
    return _mark(words)
