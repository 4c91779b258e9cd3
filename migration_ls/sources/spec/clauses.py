"""Who must do what: the frame around a requirement, taken off."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from migration_ls.sources.spec.sentences import Sentence

Actor = Literal["system", "person", "none"]

_SYSTEM = r"(?:the\s+|our\s+)?(?:system|app|application|service|backend|server|platform|database|software|api|it|we)"
_PERSON = (
    r"(?:(?:an?|the|any|each|every|all|registered|authenticated|logged-in|authorized|support|sales|warehouse|workshop|"
    r"office|front-desk|senior|junior|project|team|shift|fleet|branch|store|library|school|clinic|event|content)\s+)*"
    r"(?:users?|people|person|staff|admins?|administrators?|managers?|members?|owners?|customers?|readers?|editors?|"
    r"authors?|agents?|operators?|buyers?|sellers?|employees?|accountants?|moderators?|teachers?|students?|patients?|"
    r"doctors?|clerks?|guests?|visitors?|drivers?|librarians?|curators?|reviewers?|planners?|organi[sz]ers?|hosts?|"
    r"somebody|someone|everybody|everyone|[a-z]+(?:er|or|ist|ant)s?)"
)
_MODAL = r"(?:must|shall|should|will|has to|have to|needs? to|is able to|are able to|can|may|might|could)"

_SYSTEM_LETS = re.compile(
    rf"{_SYSTEM}\s+(?P<modal>{_MODAL})\s+(?:be able to\s+)?(?:allow|let|enable|permit|support)\s+"
    rf"{_PERSON}\s+(?:to\s+)?(?P<rest>[a-z].*)",
    re.IGNORECASE | re.DOTALL,
)
_SYSTEM_LETS_DOING = re.compile(
    rf"{_SYSTEM}\s+(?P<modal>{_MODAL})\s+(?:allow|let|enable|permit|support)\s+(?P<rest>[a-z]+ing\s.*)",
    re.IGNORECASE | re.DOTALL,
)
_SYSTEM_DOES = re.compile(rf"{_SYSTEM}\s+(?P<modal>{_MODAL})\s+(?P<rest>[a-z].*)", re.IGNORECASE | re.DOTALL)
_SYSTEM_ALSO = re.compile(rf"{_SYSTEM}\s+(?P<rest>(?:stores?|keeps?|remembers?|records?|tracks?|supports?|saves?|"
                          rf"logs?)\s.*)",
                          re.IGNORECASE | re.DOTALL)  # fmt: skip
_STORY = re.compile(
    r"as an?\s+[^,]{2,60},?\s+I\s+(?:want|would like|need|wish)(?:\s+to(?:\s+be\s+able\s+to)?)?\s+(?P<rest>.*?)"
    r"(?:,?\s+(?:so\s+(?:that\s+)?|in order to\s+|because\s+).*)?\Z",
    re.IGNORECASE | re.DOTALL,
)
_PERSON_DOES = re.compile(
    rf"{_PERSON}\s+(?P<modal>{_MODAL})\s+(?:be able to\s+)?(?:optionally\s+|also\s+)?(?P<rest>[a-z].*)",
    re.IGNORECASE | re.DOTALL,
)
_NOT_ACTIONS = re.compile(
    r"(?:have|be|carry|belong|contain|include|get|gain|store|hold|remember|not|never)\b", re.IGNORECASE
)
_FORBIDDEN = re.compile(rf"{_SYSTEM}\s+(?:must|shall|should|may|will|can)\s*(?:not|never)\b", re.IGNORECASE)
_SCENARIO = re.compile(
    r"(?:[\"'*_]*)(?:given|when|then|and|but)\b[\"'*_]*(?=\s).*\b(?:when|then|given)\b", re.IGNORECASE | re.DOTALL
)

_NOTHING_STORED = re.compile(
    r"""\b(?:
        (?:not|never|n't|nothing|nowhere|no\s+longer)\s+(?:\w+\s+){0,3}?(?:stored|persisted|saved|kept|recorded|in\s+the\s+database)
      | (?:no|without)\s+(?:schema|database|db|table|column|model)\w*\s+(?:\w+\s+)?(?:changes?|migrations?)
      | no\s+(?:new\s+)?(?:columns?|tables?|fields?)\b | no\s+changes?\s+(?:of|to|in)\s+(?:the\s+)?(?:schema|
        database|tables?|models?)
      | (?:computed|calculated|derived|assembled|generated|aggregated|
        summed\s+up)\s+(?:\w+\s+){0,4}?(?:on\s+the\s+fly|when|at|from|by|on\s+read|dynamically|client-side|in)
      | (?:is|are|be|being)\s+(?:computed|calculated|derived) | on[\s-]the[\s-]fly | view\s+model |
        not\s+(?:a\s+)?(?:persisted|persistent)
      | cookies? | local\s?storage | session\s?storage | in\s+the\s+browser | sqlite | redis | in[\s-]memory |
        memcached?
      | out\s+of\s+scope | future\s+(?:release|version|work|phase|iteration)s? | (?:later|next)\s+(?:release|
        version|phase)
      | not\s+(?:now|needed|required\s+now|part\s+of) | (?:is|was|are|were|been)\s+(?:deferred|postponed|
        rejected)\s+(?:because|for|until|as|in)
      | nice\s+to\s+have
      | query\s+param\w* | query\s+string | request\s+(?:body|payload) | response\s+(?:body|payload)? | http\s+header
      | no\s+se\s+guarda | fuera\s+de\s+alcance | no\s+se\s+almacena | se\s+calcula
      | removed\s+from\s+(?:the\s+)?(?:mvp|scope|spec) | environment\s+variable | (?:a\s+)?setting\s+of\s+the\s+service
      | feature\s+flag | (?:on|in)\s+the\s+(?:phone|client|screen|frontend|ui|page) | client[\s-]side |
        existing\s+(?:column|field)s?
      | not\s+ours | issued\s+by | constants?\s+in\s+(?:the\s+)?code | hard-?coded | one\s+day(?=\W*$) | some\s+day
      | not\s+by\s+us | elsewhere | object\s+store | by\s+the\s+\w+\s+(?:provider|service|gateway)
    )\b""",
    re.VERBOSE | re.IGNORECASE,
)
"""Words that say that nothing is stored, or not here, or not now."""
_NOTHING_CUES = (
    "not ", "never", "n't", "nothing", "nowhere", "no ", "without", "comput", "calculat", "deriv", "assembl",
    "generat", "aggregat",
    "summed", "the fly", "the-fly", "view model", "cookie", "storage", "browser", "sqlite", "redis", "memory",
    "memcache", "scope",
    "alcance", "future", "later", "next", "postpon", "defer", "reject", "nice to", "query", "request", "response",
    "header",
    "se guarda", "almacena", "calcula", "removed from", "environment", "setting", "feature flag", "phone", "client",
    "screen",
    "frontend", "the ui", "page", "existing", "elsewhere", "object store", "by the",
    "issued by", "constant", "hardcoded", "hard-coded",
    "one day", "some day",
)  # fmt: skip


def stores_nothing(text: str) -> bool:
    """Whether the words say that nothing is stored, or not here, or not now."""
    lowered = text.lower()
    return any(cue in lowered for cue in _NOTHING_CUES) and bool(_NOTHING_STORED.search(text))


_PRESENTATION = re.compile(
    r"""^(?:
        (?:show|display|render|send|mail|notify|export|print|list|return|respond|log\s+in|open|click|see|view|preview|hover|scroll
        |highlight|validate|reject|refuse|prevent|load|refresh|redirect|animate|colou?r|collapse|expand|download|upload
        |process|handle|respect|ensure|hide|warn|alert|format|translate|cache|retry|paginate|import|sync|encrypt|emit|publish\s+an?\s+event
        )\b
    )""",
    re.VERBOSE | re.IGNORECASE,
)


_CUT = re.compile(r";\s*|:\s+(?=`[\w.]+`\s+[a-z])")


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """The words after the frame: of `System MUST allow users to tag tasks` they are `tag tasks`, with a person acting.

    `must` is False for what may be, None where nothing says.
    """

    words: Sentence
    whole: Sentence
    actor: Actor = "none"
    must: bool | None = None
    before: str = ""
    """What the sentence says before these words."""

    @property
    def text(self) -> str:
        """The words."""
        return self.words.text

    @property
    def is_presentation(self) -> bool:
        """Whether it is about what is shown, sent or refused, which needs nothing stored."""
        return self.actor != "none" and bool(_PRESENTATION.match(self.text))


def clause_of(sentence: Sentence) -> Clause | None:
    """The clause of a sentence; None for scenarios and for what must not be."""
    text = sentence.text
    if _FORBIDDEN.match(text) or _SCENARIO.match(text):
        return None
    frames: tuple[tuple[re.Pattern[str], Actor], ...] = (
        (_STORY, "person"),
        (_SYSTEM_LETS, "person"),
        (_SYSTEM_LETS_DOING, "person"),
        (_SYSTEM_DOES, "system"),
        (_SYSTEM_ALSO, "system"),
        (_PERSON_DOES, "person"),
    )
    for pattern, actor in frames:
        match = pattern.match(text)
        if match is None or (pattern is _PERSON_DOES and _NOT_ACTIONS.match(match["rest"])):
            continue
        modal = match.groupdict().get("modal") or ""
        return Clause(
            words=sentence.part(match.start("rest"), match.end("rest")), whole=sentence, actor=actor, must=_must(modal)
        )
    return Clause(words=sentence, whole=sentence)


_THEN = re.compile(r"\bthen\b[\"'*_]*,?\s+(?P<rest>.*)\Z", re.IGNORECASE | re.DOTALL)
IS_STORED = re.compile(
    r"\b(?:is|are)\s+(?:also\s+|then\s+)?"
    r"(?:stored|saved|recorded|kept|remembered|persisted|logged|noted|flagged|marked)\b",
    re.IGNORECASE,
)
"""Where the end of a scenario says that something is stored."""


def outcome(sentence: Sentence) -> Sentence | None:
    """What a scenario says is stored in the end; None where it only shows or refuses something."""
    match = _THEN.search(sentence.text) if _SCENARIO.match(sentence.text) else None
    stored = match is not None and IS_STORED.search(match["rest"])
    return sentence.part(match.start("rest"), match.end("rest")) if match and stored else None


def _must(modal: str) -> bool | None:
    lowered = modal.lower()
    if lowered in {"may", "can", "might", "could"} or "able" in lowered:
        return False
    return True if lowered else None


def pieces(clause: Clause) -> Iterator[Clause]:
    """The clause, and then its parts: between semicolons, and after a colon before a name."""
    yield clause
    text = clause.text
    starts = [0, *(match.end() for match in _CUT.finditer(text))]
    if len(starts) == 1:
        return
    ends = [*(match.start() for match in _CUT.finditer(text)), len(text)]
    for start, end in zip(starts, ends, strict=True):
        if text[start:end].strip():
            part = clause.words.part(start, end)
            framed = clause_of(part) if start else None
            if framed is not None and framed.actor != "none":
                yield replace(framed, before=text[:start])
            else:
                yield replace(clause, words=part, whole=part if start else clause.whole, before=text[:start])
