"""What words say of a column: `varchar(60), not null, FK → users.id ON DELETE CASCADE, default 'a'`, with places."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from migration_ls.schema.tables import FkAction
from migration_ls.sources.schema_doc.types import TypeSaid, listed, type_at, values_of
from migration_ls.text.span import Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """The other side of a foreign key as written: `users`, `users.id`, `app.users.id`; empty when nobody says."""

    path: str = ""
    columns: tuple[str, ...] = ()


@dataclass(slots=True, kw_only=True)
class Said:
    """Everything said of one column, filled while its entry is read; None and empty mean that nothing is said.

    `checks` are conditions, with `{}` for the column. `places` are by part: `name`, `type`, `nullable`, `default`,
    `length`.
    """

    type: TypeSaid | None = None
    nullable: bool | None = None
    default: str | None = None
    primary_key: bool = False
    unique: bool = False
    index: str | None = None
    autoincrement: bool = False
    identity: Literal["always", "by default"] | None = None
    generated: str | None = None
    reference: Target | None = None
    on_delete: FkAction | None = None
    on_update: FkAction | None = None
    values: tuple[str, ...] = ()
    checked_values: bool = False
    low: str | None = None
    high: str | None = None
    length: str | None = None
    checks: list[str] = field(default_factory=list)
    collation: str | None = None
    comment: str | None = None
    places: dict[str, Span] = field(default_factory=dict)
    unread: int = 0

    @property
    def is_column(self) -> bool:
        """Whether the words are such as people say of columns."""
        return bool(
            self.type
            or self.primary_key
            or self.reference
            or self.values
            or self.identity
            or self.autoincrement
            or (self.nullable is not None and not self.unread)
        )


def masked(text: str) -> str:
    """The text without marks of code and emphasis and without line ends, every character where it was."""
    text = re.sub(r"`|\*\*|(?<!\w)__(?=\w)|(?<=\w)__(?!\w)|\\(?=\|)", lambda match: " " * len(match[0]), text)
    return re.sub(r"[\r\n\t]", " ", text)


_NUMBER = r"-?\d[\d_]*(?:\.\d+)?"
_COUNT = r"\d[\d,_]*"
_TO = r"\s*(?:-|–|—|to|and|\.\.+|a|y|through)\s*"
_CHARACTERS = r"(?:characters?|chars?|letters|caracteres)"
_NAME = r"[^\W\d][\w$]*"
_ACTION = r"cascade|set\s+null|set\s+default|restrict|no\s+action"
_FK_WORDS = r"(?:fk|foreign[\s_-]*key|references?|refers\s+to|points?\s+(?:to|at)|links?\s+to|clave\s+for[aá]nea)"
_ARROW = r"(?:→|->|=>|➜|⟶)"

_Reader = Callable[[Said, "re.Match[str]", Span], None]


def _flag(name: str, value: object = True, place: str = "") -> _Reader:  # noqa: FBT002 - the value of most flags
    def read(said: Said, _: "re.Match[str]", span: Span) -> None:
        setattr(said, name, value)
        if place:
            said.places.setdefault(place, span)

    return read


def _nullable(said: Said, _: "re.Match[str]", span: Span) -> None:
    if said.nullable is None:
        said.nullable = True
        said.places.setdefault("nullable", span)


def _not_null(said: Said, _: "re.Match[str]", span: Span) -> None:
    said.nullable = False
    said.places["nullable"] = span


def _default(said: Said, match: "re.Match[str]", span: Span) -> None:
    value = match["value"].strip()
    if value.lower() not in {"", "-", "–", "—", "none", "n/a", "null", "auto", "generated", "auto-generated"}:
        said.default = value
        said.places.setdefault("default", Span(span.end - len(match["value"]), span.end))


def _reference(said: Said, match: "re.Match[str]", _: Span) -> None:
    path = re.sub(r"\s", "", match["path"] or "").replace('"', "")
    column = match["column"]
    if path or said.reference is None:
        columns = tuple(part.strip().strip('"') for part in column.split(",")) if column else ()
        said.reference = Target(path=path, columns=columns)


def _action_of(words: str) -> FkAction | None:
    found = re.search(rf"{_ACTION}|cascada|(?:removed|deleted?)\s+with", words, re.IGNORECASE)
    if found is None:
        return None
    match " ".join(found[0].upper().split()):
        case "SET NULL":
            return "SET NULL"
        case "SET DEFAULT":
            return "SET DEFAULT"
        case "RESTRICT":
            return "RESTRICT"
        case "NO ACTION":
            return "NO ACTION"
        case _:
            return "CASCADE"


def _on_delete(said: Said, match: "re.Match[str]", _: Span) -> None:
    said.on_delete = _action_of(match[0])


def _on_update(said: Said, match: "re.Match[str]", _: Span) -> None:
    said.on_update = _action_of(match[0])


def _index(said: Said, match: "re.Match[str]", _: Span) -> None:
    said.index = (match["method"] or "btree").lower().replace("-", "")


def _identity(said: Said, match: "re.Match[str]", _: Span) -> None:
    said.identity = "always" if "always" in match[0].lower() else "by default"


def _generated(said: Said, match: "re.Match[str]", _: Span) -> None:
    text = re.sub(r"\s+(?:stored|virtual)\s*\Z", "", match["value"].strip(), flags=re.IGNORECASE)
    said.generated = _without_brackets(text)


def _without_brackets(text: str) -> str:
    return text[1:-1].strip() if text.startswith("(") and balanced(text, 0) == len(text) else text


def _length(said: Said, match: "re.Match[str]", span: Span) -> None:
    number = match["length"]
    said.length = number.replace(",", "").replace("_", "")
    start = span.start + match.start("length") - match.start()
    said.places.setdefault("length", Span(start, start + len(number)))


def _range(said: Said, match: "re.Match[str]", _: Span) -> None:
    said.low, said.high = match["low"], match["high"]


def _low(said: Said, match: "re.Match[str]", _: Span) -> None:
    said.low = match["low"]


def _high(said: Said, match: "re.Match[str]", span: Span) -> None:
    said.high = match["high"].replace(",", "")
    start = span.start + match.start("high") - match.start()
    said.places.setdefault("length", Span(start, start + len(match["high"])))


def _values(said: Said, match: "re.Match[str]", _: Span) -> None:
    values = values_of(match["values"])
    if values and all(len(value) <= 60 for value in values):
        said.values, said.checked_values = values, True


def _check(said: Said, match: "re.Match[str]", _: Span) -> None:
    said.checks.append(_without_brackets(match["value"].strip()))


def _condition(text: str) -> _Reader:
    def read(said: Said, _match: "re.Match[str]", _span: Span) -> None:
        said.checks.append(text)

    return read


def _collation(said: Said, match: "re.Match[str]", _: Span) -> None:
    said.collation = match["collation"].strip('"')


def _comment(said: Said, match: "re.Match[str]", _: Span) -> None:
    said.comment = match["comment"].strip("'\"")


def _nothing(_said: Said, _match: "re.Match[str]", _span: Span) -> None:
    """Words that say nothing of the schema."""


_VALUE = "\0VALUE\0"
"""Stands for everything up to the end of the item or the next SQL word; brackets and quotes hold together."""

_CLAUSES: tuple[tuple[str, str, _Reader], ...] = (
    # how sure the words are: `sql` needs nothing after it, `word` must be the whole item, `loose` are not read in prose
    ("sql", r"not[\s_-]*null(?:able)?|non-?null(?:able)?", _not_null),
    ("word", r"required|mandatory|never\s+null|always\s+set|obligatori[oa]|requerid[oa]", _not_null),
    ("word", r"null(?:able)?(?:\s+allowed)?|optional|(?:may|can)\s+be\s+(?:null|empty)|opcional|nulo|nulable", _nullable),
    ("sql", r"(?:is\s+)?(?:the\s+)?(?:composite\s+)?(?:primary[\s_-]*key|clave\s+primaria)(?:\s+part)?", _flag("primary_key")),
    ("word", r"c?pk|part\s+of\s+(?:the\s+)?(?:composite\s+)?(?:primary\s+key|pk|key)|pri", _flag("primary_key")),
    ("sql", r"auto[\s_-]*increment(?:ed|ing|s)?|autoincremental|autoincremento", _flag("autoincrement")),
    ("loose", r"auto(?:[\s-]?generated)?|serial", _flag("autoincrement")),
    ("sql", r"generated\s+(?:always|by\s+default)\s+as\s+identity(?:\s*\([^()]*\))?", _identity),
    ("word", r"(?:always\s+)?identity(?:,?\s+(?:always|by\s+default))?", _identity),
    ("sql", rf"generated\s+(?:always\s+)?as\s*{_VALUE}|(?:generated|computed)(?:\s+from)?\s*:\s*(?P<value2>.+)", _generated),
    ("word", r"unique(?:\s+(?:constraint|key|index))?|uniq(?:ue)?\s+key|uk|uni|must\s+be\s+unique|[uú]nic[oa]", _flag("unique")),
    ("word", r"(?:(?:add\s+)?(?P<method>gin|gist|brin|hash|b-?tree)\s+)?(?:index(?:ed)?|idx|indexad[oa]|with\s+(?:an\s+)?index)"
             r"(?:\s*:\s*\w+)?(?:\s+for\s+[\w\s]+)?", _index),
    ("sql", rf"(?:default(?:s)?(?:\s+value)?(?:\s+(?:is|to))?|server[\s_]default|por\s+defecto|por\s+omisi[oó]n|predeterminado)\s*[:=]?\s*"
            rf"{_VALUE}", _default),
    ("sql", r"on\s+update\s+(?:current_timestamp(?:\(\))?|now\(\))", _nothing),
    ("sql", rf"on\s+update\s*:?\s*(?:{_ACTION})", _on_update),
    ("sql", rf"on\s+delete\s*:?\s*(?:{_ACTION})", _on_delete),
    ("word", rf"{_ACTION}|cascade\s+(?:delete|on\s+delete)|cascades?|delete\s+cascade|en\s+cascada|"
             r"(?:removed|deleted?)\s+with\s+(?:it|its\s+\w+|the\s+\w+)", _on_delete),
    ("sql", rf"(?:(?:{_FK_WORDS}\b|{_ARROW})\s*(?:(?:to|of|on|is|→|->|=>|:|\(|references)\s*)*)+(?:the\s+)?(?:table\s+|tabla\s+)?"
            rf"(?P<path>\"?{_NAME}\"?(?:\s*\.\s*\"?{_NAME}\"?){{0,2}})"
            rf"(?:\s*\(\s*(?P<column>(?!(?:{_ACTION})\b)\"?{_NAME}\"?(?:\s*,\s*{_NAME})*)\s*\))?\s*(?:table)?", _reference),
    ("word", rf"(?P<path>)(?P<column>)(?:{_FK_WORDS})(?:\s*,)?", _reference),
    ("word", rf"(?:max(?:imum|\.)?(?:[\s_]*length)?(?:\s+of)?|up\s+to|at\s+most|m[aá]x(?:imo)?\.?|hasta|length|len|<=|≤)"
             rf"\s*[:=]?\s*\(?(?P<length>{_COUNT})\)?\s*{_CHARACTERS}(?:\s+(?:max|long))?", _length),
    ("word", rf"(?:max[\s_]*length|length|len|size)\s*[:=]?\s*\(?(?:{_NUMBER}{_TO})?(?P<length>{_COUNT})\)?", _length),
    ("word", rf"(?:between\s+)?(?:{_NUMBER}{_TO})?(?P<length>{_COUNT})\s*{_CHARACTERS}(?:\s+(?:max(?:imum)?|at\s+most|long))?", _length),
    ("loose", rf"(?:check\s*:?\s*\(?|range:?\s*|between\s+|from\s+|values?\s*:?\s*|entre\s+|de\s+)?(?P<low>{_NUMBER}){_TO}(?P<high>{_NUMBER})\)?"
              r"(?:\s+(?:stars|points|inclusive))?", _range),
    ("word", rf"(?:max(?:imum|\.)?(?:\s+value)?|at\s+most|up\s+to|m[aá]x(?:imo)?|<=|≤)\s*[:=]?\s*\(?(?P<high>{_COUNT}(?:\.\d+)?)\)?", _high),
    ("word", rf"(?:min(?:imum|\.)?[\s_]*length|at\s+least)\s*[:=]?\s*\(?{_COUNT}\)?\s*{_CHARACTERS}?", _nothing),
    ("loose", rf"(?:min(?:imum|\.)?(?:\s+value)?|at\s+least|>=|≥|m[ií]nimo)\s*[:=]?\s*\(?(?P<low>{_NUMBER})\)?", _low),
    ("loose", r"(?:must\s+be\s+|is\s+)?(?:positive|greater\s+than\s+(?:0|zero)|>\s?0|positiv[oa])", _condition("{} > 0")),
    ("loose", r"(?:must\s+be\s+|is\s+)?(?:never\s+negative|not\s+negative|non-?negative)", _condition("{} >= 0")),
    ("sql", r"(?:check\s*:?\s*\(?\s*)?in\s*\((?P<values>[^()]+)\)\)?", _values),
    ("loose", r"(?:must\s+be\s+)?(?:one\s+of|allowed(?:\s+values)?|(?:valid|possible)\s+values|values|choices|options|uno\s+de|una\s+de|"
              r"valores)\s*[:=]?\s*\0LIST\0", _values),
    ("sql", r"check\s*:?\s*(?=\()" + _VALUE, _check),
    ("sql", r"check\s*:\s*" + _VALUE, _check),
    ("sql", r"collate\s+(?P<collation>\"[^\"]+\"|\w+)", _collation),
    ("sql", r"comment\s+(?P<comment>'[^']*'|\"[^\"]*\")", _comment),
    ("sql", r"stored|unsigned|zerofill|constraint\s+\w+(?=\s+(?:unique|check|references|primary|not))|deferrable|initially\s+\w+", _nothing),
    ("word", r"(?:managed|set|made|generated)\s+by\s+(?:the\s+)?(?:app(?:lication)?|trigger|database|client|server)", _nothing),
)  # fmt: skip
_NEXT_SQL = re.compile(
    r"\s+(?=(?:not\s+null|null\b|nullable|primary\s+key|unique\b|references\b|check\s*\(|generated\b|auto_?increment|"
    r"on\s+(?:update|delete)\b|comment\s+['\"]|index(?:ed)?\b|collate\b|constraint\s|stored\b|fk\b|foreign\s+key|default\b))",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Clause:
    sure: str
    pattern: "re.Pattern[str]"
    takes: str
    read: _Reader


def _compiled() -> tuple[_Clause, ...]:
    found: list[_Clause] = []
    for sure, pattern, read in _CLAUSES:
        takes = "value" if _VALUE in pattern else "list" if "\0LIST\0" in pattern else ""
        head = pattern.replace(_VALUE, "").replace(r"\0LIST\0", "")
        found.append(_Clause(sure, re.compile(rf"(?:{head})(?!\w)" if not takes else head, re.IGNORECASE), takes, read))
    return tuple(found)


Mode = Literal["entry", "words", "prose"]
"""An entry begins with a type; words are a cell of constraints; prose is read for what stands for itself only."""
