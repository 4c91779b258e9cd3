"""What a heading or a bold line is about: a table, a list of columns or indexes, something that is no schema."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from migration_ls.sources.markdown.inline import bare as bare_text
from migration_ls.sources.schema_doc.tongues import INDEX, TABLE, UNIQUE

Kind = Literal["table", "columns", "indexes", "constraints", "relations", "enums", "elsewhere", "group", "other"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """A heading's subject.

    `marked` names say that they are tables, `is_title` names are words, not identifiers, and `weak` ones are often
    about something else: what they head is a table when it has a primary key.
    """

    kind: Kind
    name: str = ""
    class_name: str | None = None
    marked: bool = False
    is_title: bool = False
    weak: bool = False
    external: bool = False


_EXTERNAL = re.compile(
    r"\b(?:managed|owned|provided|maintained|created|handled|controlled)\s+(?:externally|elsewhere|by\b)|"
    r"\bexternal(?:ly)?\b|"
    r"\b(?:better[ -]auth|third[ -]party)\b|\b(?:gestionad[oa]|gerenciad[oa]|gér[ée]e?) pa?o?r\b|"
    r"\bverwaltet (?:von|durch)\b",
    re.IGNORECASE,
)
_UNREAL = re.compile(
    r"\b(?:future|planned|proposed|ideas?|nothing decided|not (?:part|yet|stored|persisted|implemented|a table|"
    r"agreed)|roadmap|"
    r"draft|sketch|deprecated|obsolete|superseded|old version|removed|out of scope|examples?|samples?|optional|"
    r"view model|"
    r"in[ -]memory|dto|api|request|response|frontend|client[ -]side|futur[oae]?s?|ejemplos?|exempl[eo]s?|"
    r"beispiele?|geplant|zukünftig|prévue?s?|planejad[oa]s?|later)\b",
    re.IGNORECASE,
)
_ELSEWHERE_FIRST = re.compile(
    r"(?:future|planned|proposed|possible|potential|ideas?|roadmap|later|examples?|seed(?:ing)? data|rollback|"
    r"deprecated|removed|quer(?:y|ies)|"
    r"(?:common|sample|typical|useful|performance|test|seed|draft|proposal|sketch|proposed|old) .*|not|"
    r"out of scope|retention|retenci[oó]n|"
    r"backups?|api (?!keys?|tokens?|clients?|users?|calls?|requests?|logs?)\w+.*|(?:request|response) (?:body|"
    r"payload|model|schema|format).*|"
    r"row[ -]level|rls|phase \w+.*future|open questions|migrations?(?: .*)?|consultas|ejemplos?|migraciones|"
    r"(?:zukünftige?|geplante?|künftige?|futur[oae]?s?|mejoras|melhorias|évolutions?|améliorations?)\b.*|"
    r"beispiele?|abfragen|exempl[eo]s?|requêtes|migrationen|migrações|"
    r"alembic.*)(?!\w)",
    re.IGNORECASE,
)
_ELSEWHERE_LAST = re.compile(
    r"\b(?:ideas|examples?|quer(?:y|ies)|migrations?|rollback|enhancements?|considerations?|improvements?|"
    r"endpoints?|payloads?|roadmap|"
    r"scripts?|sketch|strateg(?:y|ies)|transitions?|claims|parameters|patterns?|targets?|tips|decisions|guidelines|"
    r"retention)\Z",
    re.IGNORECASE,
)
_WEAK_LAST = frozenset(
    "requests responses plans policies settings data permissions flows extensions limits configuration".split()
)
_COLUMNS = re.compile(
    r"(?:(?:table |new |core |main )?(?:columns?|fields?|attributes?|properties|campos|columnas|atributos|"
    r"spalten|felder|colonnes|champs|colunas)|schema|"
    r"structure|definition|"
    r"(?:table|column|field|sql) (?:definitions?|structure|schema|details)|table|estructura|sql|ddl|create table|"
    r"model)\b",
    re.IGNORECASE,
)
_INDEXES = re.compile(
    rf"(?:[\w-]+ ){{0,2}}(?:{INDEX}|indexing)(?: strategy| summary| list)?\b",
    re.IGNORECASE,
)
_CONSTRAINTS = re.compile(
    r"(?:[\w-]+ ){0,2}(?:constraints?|restricciones|rules?|checks?|uniqueness|invariants|claves|reglas|"
    r"einschränkungen|regeln|schlüssel|contraintes?|cl[ée]s|restrições|regras|chaves)\b|"
    r"(?:primary |foreign |unique |composite )?keys?\b|validations?\b",
    re.IGNORECASE,
)
_RELATIONS = re.compile(
    r"(?:[\w-]+ ){0,2}(?:relationships?|relations?|relaci[oó]n(?:es)?|associations?|beziehungen|"
    r"relacionamentos|relazioni)\b",
    re.IGNORECASE,
)
_ENUMS = re.compile(
    r"(?:[\w-]+ ){0,2}(?:enum(?:s|erations?|erated types?| types?)?|enumeraciones|enumerações|énumérations|"
    r"aufzählungen|custom types)\b",
    re.IGNORECASE,
)
_GROUP = re.compile(
    r"(?:(?:all |core |main |database |db |data |the |existing |new |sql |postgresql |entity )*"
    r"(?:tables?|entities|models?|schemas?|schema definitions?|tablas|entidades|definitions|database|overview|"
    r"tabellen|entitäten|entités|tabelas|datenbank|"
    r"structure|model))\Z",
    re.IGNORECASE,
)
_OTHER = frozenset(
    """overview notes note purpose summary introduction description background conventions convention references
    reference glossary changelog history version versions status context goals scope requirements assumptions
    diagram erd er contents appendix triggers trigger views functions procedures extensions types type state
    states lifecycle behavior behaviour volume usage access example examples validation performance security
    privacy integrity design architecture principles conclusion rationale reports report metrics environment
    connection technology stack setup installation deployment dependencies naming standards audit tools testing
    business technical details important warning todo see also columns normalization cardinality legend index key
    keys constraints relationships resumen notas introducción""".split()
)
_NUMBERING = re.compile(
    r"\A\s*(?:(?:section|phase|part)\s+)?(?:\d+(?:\.\d+)*[.):]?|[A-Za-z][.)]|[ivx]+\.)\s+", re.IGNORECASE
)
_EMOJI = re.compile(r"[\U0001F000-\U0001FAFF\u2600-\u27BF\uFE0F\u2B50]+")
_ASIDE = re.compile(r"[(\[{]([^()\[\]{}]*)[)\]}]")
_DASHED = re.compile(r"\s+[—\u2013-]+\s+(.*)\Z")
_BEFORE = re.compile(
    r"\A(?:(?:database\s+|db\s+|new\s+|core\s+)?(?:table|entity|model|tabla|entidade?|collection|relation|"
    r"tabelle|tabela|tabella|entité|entität|"
    r"aggregate)(?:\s+name)?\b(?:\s+\d+(?:\.\d+)*(?=\s*[:.)\-\u2013—]))?"
    r"\s*[:.)\-\u2013—]?\s*)(?=\S)",
    re.IGNORECASE,
)
_AFTER = re.compile(r"[\s-]+(?:(?:database|db|join|junction|association)\s+)?(?:table|model|entity|schema|collection|"
                    r"tabla|tabelle|tabela|entidade?|class)\Z",
                    re.IGNORECASE)  # fmt: skip
_SPELLED = re.compile(
    rf"\((?:{TABLE}\s*:?\s*)?`(?P<name>[a-z_][\w$]*(?:\.[a-z_][\w$]*)?)`\)|"
    rf"\({TABLE}\s*:?\s*(?P<other>[a-z_]\w*)\)"
)
_TITLE_OR_NAME = re.compile(r"[A-Z][\w]*(?: [A-Z]\w*)*\Z")
_IDENTIFIER = re.compile(r"\"?[^\W\d][\w$]*\"?(?:\.\"?[^\W\d][\w$]*\"?)?\Z")
_TITLE = re.compile(r"[A-Z][A-Za-z0-9]*(?:[ -][A-Za-z][A-Za-z0-9]*){1,3}\Z")
_STOP = re.compile(r"(?i)\b(?:in|the|of|for|and|to|per|with|by|on|a|an|how|what|or|vs|from|as|is|are)\b")


_LONGEST = 200


@lru_cache(maxsize=2048)
def topic_of(heading: str) -> Topic:
    """What a heading, or a bold line, is about."""
    if len(heading) > _LONGEST:
        return Topic(kind="other")
    heading = bare_text(re.sub(r"[«»“”„]", " ", heading))
    ticked = "`" in heading
    text = _EMOJI.sub(" ", heading.replace("**", "").replace("__", " " if heading.startswith("__") else "__"))
    text = _NUMBERING.sub("", " ".join(text.split()))
    asides = " ".join(match[1] for match in _ASIDE.finditer(text))
    spelled = _SPELLED.search(text)
    bare = " ".join(_ASIDE.sub(" ", text).replace("`", "").split()).rstrip(":").strip()
    if dashed := _DASHED.search(bare):
        asides = f"{asides} {dashed[1]}"
        bare = bare[: dashed.start()].strip()
    external = bool(_EXTERNAL.search(text))
    if spelled and _TITLE_OR_NAME.match(bare) and not _label(bare.lower()):
        name = spelled["name"] or spelled["other"]
        return Topic(kind="table", name=name, class_name=re.sub(r"\W", "", bare), marked=True, external=external)
    if asides and _UNREAL.search(asides) and not external:
        return Topic(kind="elsewhere")
    lowered = bare.lower()
    label = _label(lowered)
    before = _BEFORE.match(bare)
    core = bare[before.end() :] if before else bare
    after = _AFTER.search(core)
    core = (core[: after.start()] if after else core).strip()
    marked = bool(before or after) and not (after and not before and _GROUP.match(core))
    if label and not (ticked and _IDENTIFIER.match(core)) and not (marked and before):
        return Topic(kind=label, external=external)
    if _IDENTIFIER.match(core):
        return _identifier(core, marked=marked or ticked or "." in core, spelled="_" in core, external=external)
    if _ELSEWHERE_FIRST.match(bare) or _ELSEWHERE_LAST.search(bare):
        return Topic(kind="elsewhere")
    if _TITLE.match(core) and not _STOP.search(core):
        words = re.split(r"[ -]", core)
        last = words[-1]
        return Topic(
            kind="table",
            name="_".join(snake_case(word) for word in words),
            class_name="".join(word[:1].upper() + word[1:] for word in words),
            marked=marked,
            is_title=not marked,
            weak=not marked and (last.lower() in _OTHER | _WEAK_LAST or not last[:1].isupper()),
            external=external,
        )
    return Topic(kind="other", external=external)


def _label(lowered: str) -> Kind | None:
    if _GROUP.match(lowered):
        return "group"
    for kind, pattern in (("indexes", _INDEXES), ("constraints", _CONSTRAINTS), ("relations", _RELATIONS)):
        if pattern.match(lowered):
            return kind  # type: ignore[return-value]
    if _ENUMS.match(lowered):
        return "enums"
    return "columns" if _COLUMNS.fullmatch(lowered) else None


def _identifier(core: str, *, marked: bool, spelled: bool, external: bool) -> Topic:
    namespace, dot, last = core.replace('"', "").rpartition(".")
    plain = not marked and not spelled
    if plain and (_ELSEWHERE_FIRST.fullmatch(last) or _ELSEWHERE_LAST.fullmatch(last)):
        return Topic(kind="elsewhere")
    is_class = bool(re.match(r"[A-Z]", last)) and not last.isupper()
    name = snake_case(last) if is_class and '"' not in core else last.lower() if last.isupper() else last
    return Topic(
        kind="table",
        name=f"{namespace}{dot}{name}",
        class_name=last if is_class else None,
        marked=marked,
        is_title=is_class and not marked,
        weak=plain and last.lower() in _OTHER,
        external=external,
    )


def snake_case(word: str) -> str:
    """`TicketState` as `ticket_state`."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", word).lower()


TABLE_LINE = re.compile(
    r"^\W*(?:(?:database\s+|db\s+|sql\s+)?table(?:\s*name)?|nom\s+de\s+(?:la\s+)?table|tabellenname|"
    r"nombre\s+de\s+(?:la\s+)?tabla|nome\s+da\s+tabela|tabla|tabelle|tabela)\W*:\W*(?P<name>[^\W\d][\w$]*(?:\.[^\W\d][\w$]*)?)\W*$",
    re.IGNORECASE,
)
NAMESPACE = re.compile(
    r"\b(?:schema|esquema)\s+[`\"](?P<name>[^\W\d]\w*)[`\"]|[`\"](?P<other>[^\W\d]\w*)[`\"]\s+schema\b", re.IGNORECASE
)
MANAGED = re.compile(
    r"^\W*(?:(?:this|the)\s+table\s+is\s+)?(?:managed|owned|provided|maintained)\s+by\b", re.IGNORECASE
)

INLINE_INDEXES = re.compile(
    rf"^\W*(?P<unique>{UNIQUE}\s+)?{INDEX}(?P<after>\s+{UNIQUE})?\W*?:\W*?(?=[\w`(\"])(?P<rest>.+)", re.IGNORECASE
)
INLINE_CONSTRAINT = re.compile(
    r"^\W*(?:unique|[uú]nic[oa]|composite|primary\s+key|pk|clave|check|constraint|foreign\s+key|fk)\b|"
    r"^\W*\([^()]*\)\s*(?:→|->|ref|(?:must\s+be|is|are)\s+unique)",
    re.IGNORECASE,
)
INDEX_BULLET = re.compile(
    r"^\W*(?:(?:unique|composite|partial|gin|gist|brin|hash)\s+)?index(?:ed|es)?\b", re.IGNORECASE
)
REFERENCE = re.compile(
    r"\b(?:reference|dictionary|notes|documentation|docs|overview|guide|handbook|design|layout|diagram|description|"
    r"diccionario|referencia|documentaci[oó]n|dokumentation|beschreibung|dictionnaire|dicion[aá]rio|documentação)\W*\Z",
    re.IGNORECASE,
)
"""How titles end that no table has."""
DOCUMENT = re.compile(r"\b(?:schema|model|esquema|modelo|schéma|modèle|datenmodell|database)\W*\Z", re.IGNORECASE)
