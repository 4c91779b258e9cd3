"""Which thing a heading or a bold line names, and whether it is new."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

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
                 r"reference[ds]? only|sin cambios|reused")),
    ("removed", r"removed|dropped|deleted|deprecated|eliminad[oa]"),
    ("changed", (r"changed|modified|updated?|extended|extend|alter(?:ed)?|changes|enhanced|cambiad[oa]|additions?|"
                r"new (?:fields?|columns?)")),
    ("new", r"new|neue?|nuev[oa]|nouvelle|nova|added|to be created"),
)  # fmt: skip
_MARK_PATTERNS: tuple[tuple[Mark, re.Pattern[str]], ...] = tuple(
    (mark, re.compile(rf"\b(?:{words})\b", re.IGNORECASE)) for mark, words in _MARKS
)
_PARENS = re.compile(r"[(\[{]([^()\[\]{}]*)[)\]}]|\s[-\u2013—]\s(.*)\Z|\s*[✅🆕✨]\s*(NEW)?")
_NUMBERING = re.compile(r"\A\s*(?:\d+(?:\.\d+)*[.):]?|[A-Z][.)])\s+")
_BEFORE = re.compile(
    r"\A(?:(?P<verb>new|existing|updated?|modif(?:y|ied)|alter(?:ed)?|extend(?:ed)?|add(?:ed)?|create|changes?|changed|drop|remove|nueva|nuevo|neue[rs]?|nouvelle|nova)\s+)?(?:to\s+)?(?:the\s+)?"
    r"(?:(?:database\s+)?(?:tables?|tabla|tabelle|tabela|entity|entidad|model|class|aggregate|object|collection)\s*[:\-\u2013]?\s+)?(?:to\s+)?",
    re.IGNORECASE,
)
_AFTER = re.compile(
    r"(?:\s+(?:database\s+)?(?:table|model|entity|class|schema|fields|columns|changes|tabla|tabelle|attributes|extensions?|record))+\Z",
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


@lru_cache(maxsize=1024)
def read_name(heading: str) -> Named | None:
    """The thing that a heading names; None for headings about anything else."""
    text = _NUMBERING.sub("", heading.strip().rstrip(":").strip())
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


def _mark(words: str) -> Mark | None:
    return next((mark for mark, pattern in _MARK_PATTERNS if words and pattern.search(words)), None)


def mark_of(words: str) -> Mark | None:
    """What a phrase such as `view model, not persisted` says of a thing."""
    return _mark(words)
