"""The clauses that people write about a column, and what each says."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from migration_ls.schema.tables import FkAction
from migration_ls.sources.schema_doc.said import Said, Target, without_brackets
from migration_ls.sources.schema_doc.types import values_of
from migration_ls.text.span import Span

_NUMBER = r"-?\d[\d_]*(?:\.\d+)?"
_COUNT = r"\d[\d,_]*"
_TO = r"\s*(?:-|\u2013|—|to|and|und|bis|et|à|e|\.\.+|a|y|through)\s*"
_CHARACTERS = r"(?:characters?|chars?|letters|caract[eè]res|zeichen)"
_NAME = r"[^\W\d][\w$]*"
_ACTION = r"cascade|set\s+null|set\s+default|restrict|no\s+action"
_FK = (
    r"(?:fk|foreign[\s_-]*key|references?|refers\s+to|points?\s+(?:to|at)|links?\s+to|clave\s+for[aá]nea|"
    r"fremdschlüssel|fs|verweist|referenziert|cl[ée]\s+[ée]trang[èe]re|r[ée]f[ée]rence|chave\s+estrangeira)"
)
_ARROW = r"(?:→|->|=>|➜|⟶)"
_PATH = rf"\"?{_NAME}\"?(?:\s?\.\s?\"?{_NAME}\"?){{0,2}}"
_COLUMNS = rf"\"?{_NAME}\"?(?:\s*,\s*{_NAME})*"


@dataclass(frozen=True, slots=True)
class Hit:
    """A clause that was found: its words, and the value or list that follows them with its place."""

    match: "re.Match[str]"
    span: Span
    value: str
    value_span: Span

    def place(self, group: str) -> Span:
        """Where a part of the words stands."""
        start = self.span.start + self.match.start(group) - self.match.start()
        return Span(start, start + len(self.match[group]))


_Reader = Callable[[Said, Hit], None]
Sure = Literal["sql", "word", "loose"]
"""`sql` may stand before anything; a `word` must be all of its item; what is `loose` counts nowhere in prose."""


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause: its words, what follows them, and how to read it."""

    sure: Sure
    pattern: "re.Pattern[str]"
    read: _Reader
    takes: Literal["", "value", "list"] = ""


def _nullable(said: Said, hit: Hit) -> None:
    if said.nullable is None:
        said.nullable = True
        said.places.setdefault("nullable", hit.span)


def _not_null(said: Said, hit: Hit) -> None:
    said.nullable = False
    said.places["nullable"] = hit.span


def _primary(said: Said, _: Hit) -> None:
    said.primary_key = True


def _increments(said: Said, _: Hit) -> None:
    said.autoincrement = True


def _unique(said: Said, _: Hit) -> None:
    said.unique = True


_NO_VALUES = frozenset(
    {"", "-", "\u2013", "—", "none", "n/a", "null", "auto", "generated", "auto-generated", "required"}
)


def _default(said: Said, hit: Hit) -> None:
    if hit.value.lower() not in _NO_VALUES:
        said.default = hit.value
        said.places.setdefault("default", hit.value_span)


def _reference(said: Said, hit: Hit) -> None:
    groups = hit.match.groupdict()
    path = re.sub(r"[\s\"]", "", groups.get("path") or "")
    path = path.lower() if path.isupper() else path
    if path or said.reference is None:
        columns = tuple(part.strip(' "') for part in (groups.get("columns") or "").split(",") if part.strip(' "'))
        said.reference = Target(path=path, columns=columns)


def action_of(words: str) -> FkAction | None:
    """The action that words such as `on delete set null`, `cascade` or `removed with it` name."""
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


def _on_delete(said: Said, hit: Hit) -> None:
    said.on_delete = action_of(hit.match[0])


def _on_update(said: Said, hit: Hit) -> None:
    said.on_update = action_of(hit.match[0])


def _index(said: Said, hit: Hit) -> None:
    said.index = (hit.match["method"] or "btree").lower().replace("-", "")


def _identity(said: Said, hit: Hit) -> None:
    said.identity = "always" if "always" in hit.match[0].lower() else "by default"


def _generated(said: Said, hit: Hit) -> None:
    said.generated = without_brackets(re.sub(r"\s+(?:stored|virtual)\s*\Z", "", hit.value, flags=re.IGNORECASE))


def _length(said: Said, hit: Hit) -> None:
    said.length = re.sub(r"\D", "", hit.match["length"])
    said.places.setdefault("length", hit.place("length"))


def _range(said: Said, hit: Hit) -> None:
    said.low, said.high = hit.match["low"], hit.match["high"]
    said.places.setdefault("length", hit.place("high"))


def _low(said: Said, hit: Hit) -> None:
    said.low = hit.match["low"]


def _high(said: Said, hit: Hit) -> None:
    said.high = hit.match["high"].replace(",", "")
    said.places.setdefault("length", hit.place("high"))


def _values(said: Said, hit: Hit) -> None:
    values = values_of(hit.match.groupdict().get("values") or hit.value)
    if values and all(len(value) <= 60 for value in values):
        said.values = values


def _check(said: Said, hit: Hit) -> None:
    if condition := without_brackets(hit.value):
        said.checks.append(condition)


def _condition(text: str) -> _Reader:
    def read(said: Said, _hit: Hit) -> None:
        said.checks.append(text)

    return read


def _collation(said: Said, hit: Hit) -> None:
    said.collation = hit.match["collation"].strip('"')


def _comment(said: Said, hit: Hit) -> None:
    said.comment = hit.match["comment"].strip("'\"")


def _nothing(_said: Said, _hit: Hit) -> None:
    """Words that say nothing of the schema."""


def _clause(sure: Sure, words: str, read: _Reader, takes: Literal["", "value", "list"] = "") -> Clause:
    ending = "" if takes else r"(?!\w)"
    return Clause(sure, re.compile(rf"(?:{words}){ending}", re.IGNORECASE), read, takes)


_WHEN = r"(?:\s+(?:for|until|unless|when|if|while)\b[^,;()]*)?"

CLAUSES: tuple[Clause, ...] = (
    _clause("sql", r"not[\s_-]*null(?:able)?|non-?null(?:able)?|"
                   r"nicht\s+null|non\s+nul(?:le)?|n[ãa]o\s+nul[oa]", _not_null),
    _clause("word", r"(?:can\s?not|must\s+not|may\s+not|never)\s+be\s+(?:empty\s+or\s+)?null(?:\s+or\s+empty)?",
            _not_null),
    _clause("word", r"required|mandatory|never\s+null|always\s+set|obligatori[oa]|requerid[oa]|no\s+nulo|"
                    r"pflicht(?:feld)?|erforderlich|obligatoire|requise?|obrigat[óo]ri[oa]", _not_null),
    _clause("word", rf"(?:null(?:able)?(?:\s+allowed)?|optional|(?:may|can)\s+be\s+(?:null|empty)|opcional|"
                    rf"nulo|facultatif|facultative|facultativo|optionnel(?:le)?|nullbar|nul(?:le)?){_WHEN}",
            _nullable),
    _clause("sql", r"(?:is\s+)?(?:the\s+)?(?:composite\s+)?(?:primary[\s_-]*key|clave\s+primaria|"
                   r"primärschlüssel|cl[ée]\s+primaire|chave\s+prim[áa]ria)", _primary),
    _clause("word", r"c?pk|pri|ps|part\s+of\s+(?:the\s+)?(?:composite\s+)?(?:primary\s+key|pk|key)|"
                    r"composite\s+pk", _primary),
    _clause("sql", r"auto[\s_-]*increment(?:ed|ing|s)?|autoincremental|autoincremento|"
                   r"auto[\s_-]*incr[ée]ment[ée]?|(?:wird\s+)?automatisch\s+(?:vergeben|hochgezählt)|"
                   r"fortlaufend", _increments),
    _clause("loose", r"auto(?:[\s-]?generated)?|serial", _increments),
    _clause("sql", r"generated\s+(?:always|by\s+default)\s+as\s+identity(?:\s*\([^()]*\))?", _identity),
    _clause("sql", r"identity\s*\(\s*\d+\s*,\s*\d+\s*\)", _identity),
    _clause("word", r"(?:always\s+)?identity(?:,?\s+(?:always|by\s+default))?", _identity),
    _clause("sql", r"generated\s+(?:always\s+)?as\s*(?=\()", _generated, "value"),
    _clause("word", r"(?:generated|computed)(?:\s+(?:from|as|column))?\s*:\s*(?=\S)", _generated, "value"),
    _clause("word", r"(?:is\s+|ist\s+|est\s+|es\s+|é\s+)?"
                    r"unique(?:\s+(?:constraint|key|index))?|uk|uq|uni|must\s+be\s+unique|[uú]nic[oa]|"
                    r"eindeutig|únicos?", _unique),
    _clause("word", r"(?:(?P<method>gin|gist|brin|hash|b-?tree)\s+)?(?:index(?:ed)?|idx|ix|mul|indexad[oa]|"
                    r"indiziert|indexée?|"
                    r"with\s+(?:an\s+)?index)"
                    r"(?:\s*:\s*\w+)?(?:\s+for\s+[\w\s]+)?", _index),
    _clause("sql", r"(?:defaults?(?:\s+value)?(?:\s+(?:is|to))?|server[\s_]default|por\s+defecto|predeterminado|"
                   r"standard(?:wert)?|vorgabe|par\s+d[ée]faut|padr[ãa]o)"
                   r"(?:\s*[:=]\s*|\s+(?=\S)|(?=\())", _default, "value"),
    _clause("sql", r"on\s+update\s+(?:current_timestamp(?:\(\))?|now\(\))", _nothing),
    _clause("sql", rf"on\s+update\s*:?\s*(?:{_ACTION})", _on_update),
    _clause("sql", rf"on\s+delete\s*:?\s*(?:{_ACTION})", _on_delete),
    _clause("word", rf"(?:{_ACTION})(?:\s+(?:on\s+)?delete)?|cascades|delete\s+cascade|en\s+cascada|"
                    r"(?:eliminar|borrar|borrado|eliminaci[oó]n|suppression|supprim[ée]e?|excluir|exclus[ãa]o)\s+e[nm]\s+cas[ck]a(?:da|de|ta)|"
                    r"e[nm]\s+cas[ck]a(?:de|ta)|kaskadierend(?:\s+löschen)?|(?:wird\s+)?mitgelöscht|"
                    r"(?:removed|deleted?)\s+with\s+(?:it|its\s+\w+|the\s+\w+)", _on_delete),
    _clause("sql", rf"(?:{_FK}\b|{_ARROW})\s*"
                   rf"(?:(?:{_FK}\b|(?:to|of|on|is|auf|zu|vers|sur|para)\b|{_ARROW}|:|\()\s*){{0,8}}(?:the\s+)?(?:table\s+|tabla\s+)?"
                   rf"(?P<path>(?!(?:on|not|null|nullable|required|optional|index(?:ed)?|unique|primary|default|"
                   rf"cascade|for|and)\b)"
                   rf"{_PATH})(?:\s*\(\s*(?P<columns>(?!(?:{_ACTION}|on|not|required|optional|"
                   rf"nullable)\b){_COLUMNS})\s*\))?"
                   r"(?:\s+table\b)?", _reference),
    _clause("word", _FK, _reference),
    _clause("word", rf"(?:max(?:imum|\.)?(?:[\s_]*length)?(?:\s+of)?|up\s+to|at\s+most|m[aá]x(?:imo)?\.?|hasta|"
                    rf"length|len|<=|≤)"
                    rf"\s*[:=]?\s*\(?(?P<length>{_COUNT})\)?\s*{_CHARACTERS}(?:\s+(?:max|long))?", _length),
    _clause("word", rf"(?:max[\s_]*length|length|len|"
                    rf"size)\s*[:=]?\s*\(?(?:{_NUMBER}{_TO})?(?P<length>{_COUNT})\)?", _length),
    _clause("word", rf"(?:between\s+)?(?:{_NUMBER}{_TO})?(?P<length>{_COUNT})\s*{_CHARACTERS}"
                    r"(?:\s+(?:max(?:imum)?|at\s+most|long))?", _length),
    _clause("loose", rf"(?:check\s*:?\s*\(?|range:?\s*|between\s+|zwischen\s+|von\s+|de\s+|"
                     rf"(?:must\s+be\s+)between\s+|from\s+|values?\s*:?\s*|"
                     rf"entre\s+)?(?P<low>{_NUMBER}){_TO}"
                     rf"(?P<high>{_NUMBER})\)?(?:\s+(?:stars|points|inclusive))?", _range),
    _clause("loose", rf"(?:max(?:imum|\.)?(?:\s+value)?|at\s+most|up\s+to|m[aá]x(?:imo)?|<=|≤)\s*[:=]?\s*\(?"
                     rf"(?P<high>{_COUNT}(?:\.\d+)?)\)?", _high),
    _clause("word", rf"(?:min(?:imum|\.)?[\s_]*length|at\s+least)\s*[:=]?\s*\(?{_COUNT}\)?\s*{_CHARACTERS}?", _nothing),
    _clause("loose", rf"(?:must\s+be\s+)?(?:min(?:imum|\.)?(?:\s+value)?|at\s+least|>=|≥|"
                     rf"m[ií]nimo)\s*[:=]?\s*\(?(?P<low>{_NUMBER})\)?", _low),
    _clause("loose", r"(?:must\s+be\s+|is\s+)?(?:positi(?:ve|f|v|v[oa])|(?:greater|more)\s+than\s+(?:0|zero)|>\s?0)",
            _condition("{} > 0")),
    _clause("loose", r"(?:must\s+be\s+|is\s+)?(?:never\s+negative|not\s+negative|non-?negative|nicht\s+negativ|"
                     r"non\s+n[ée]gatif|n[ãa]o\s+negativ[oa]|no\s+negativ[oa])",
            _condition("{} >= 0")),
    _clause("sql", r"(?:check\s*:?\s*\(?\s*)?in\s*\((?P<values>[^()]+)\)\)?", _values),
    _clause("loose", r"(?:must\s+be\s+)?(?:one\s+of|(?:allowed|valid|possible)(?:\s+values)?|values|choices|"
                     r"options|erlaubt|zulässig|autoris[ée]s|permitidos?|permitidas?|uno\s+de|una\s+de|eine[rs]?\s+von|une?\s+de|werte|valeurs|um\s+de|uma\s+de|"
                     r"valores)\s*[:=]?\s*[(\[{]?", _values, "list"),
    _clause("loose", r"(?::\s*)?(?P<values>[a-z][\w-]*(?:/[a-z][\w-]*){2,})", _values),
    _clause("sql", rf"check\s*:?\s*(?=\()|check\s*:\s*(?=\S)|"
                   rf"check\s+(?={_NAME}\s*(?:[<>=~!]|(?:between|in|like|is)\b))",
            _check, "value"),
    _clause("sql", r"collate\s+(?P<collation>\"[^\"]+\"|\w+)", _collation),
    _clause("sql", r"comment\s+(?P<comment>'[^']*'|\"[^\"]*\")", _comment),
    _clause("sql", r"stored|unsigned|constraint\s+\w+(?=\s+(?:unique|check|references|primary|not))|"
                   r"(?:not\s+)?deferrable|"
                   r"initially\s+\w+", _nothing),
)  # fmt: skip
"""In the order in which they are tried; the first that fits wins."""
