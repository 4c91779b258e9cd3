"""Entries about one column: bullets, rows of tables, and lines of pseudo-SQL."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from migration_ls.sources.markdown.document import Cell, TableBlock, plain
from migration_ls.sources.schema_doc.said import Said, Target, balanced, masked
from migration_ls.sources.schema_doc.scan import scan
from migration_ls.sources.schema_doc.types import TypeSaid, type_at, unknown_type
from migration_ls.text.span import Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One column as an entry declares it; `table` is the row's own table where a table lists columns of several."""

    name: str
    said: Said
    span: Span
    table: str = ""


_NAME = r"\"?[^\W\d][\w$]*\"?"
_NAMES = re.compile(rf"\s*(?P<names>{_NAME}(?:\s*,\s*{_NAME})*)(?P<optional>\?)?")
_GAP = re.compile(r"\s*(?P<mark>:(?!:)|=(?!=)|[-\u2013—](?=\s)|(?=\()|,)|\s+(?=\S)|\s*\Z")
_DASH = re.compile(r"\s(?:[-\u2013—]|--|//|#)\s+(?=\S)|\s*--\s*(?=\S)|(?<=\))\s*(?::|[-\u2013—]\s)\s*(?=\S)")
_ENUM_NAME = re.compile(
    r"\s*(?P<name>[^\W\d]\w*(?:\.\w+)?)(?P<more>\s*\([\d,\s]*\))?(?P<array>\[\])?(?P<optional>\?)?\s*(?=[(,;]|\Z|"
    r"\s(?:NOT|NULL|DEFAULT)\b)"
)
_LABELS = frozenset(
    """Unique Index Indexes Constraint Constraints Relationship Relationships Primary Foreign Note Notes Description Purpose
    Table Check Example Examples Indexed Default Defaults Values""".split()
)
_ARTICLES = frozenset(
    "a an the each every no all only see note it this that when if for on in every any some one see use".split()
)


def bullet_entries(text: str, base: int) -> tuple[Entry, ...]:
    """The columns that a bullet of that text at `base` declares, usually one; none where it declares none."""
    mask = masked(text)
    head = _NAMES.match(mask)
    gap = _GAP.match(mask, head.end()) if head else None
    if head is None or gap is None:
        return ()
    names = [
        (match[0].strip('"'), match) for match in re.finditer(_NAME, mask[head.start("names") : head.end("names")])
    ]
    spelled = text.lstrip().startswith(("`", "**", "__", '"')) or "_" in names[0][0]
    mark = gap["mark"]
    start = gap.end()
    if names[0][0].lower() in _ARTICLES or (mark is None and type_at(mask, start) is None and not spelled):
        return ()
    said = Said()
    if head["optional"]:
        said.nullable = True
    _read_rest(said, mask, start, base)
    strict = mark is None or mark in "-\u2013—,"
    if (not said.is_typed and not (spelled and said.is_described)) or (mark == ":" and names[0][0] in _LABELS):
        return ()
    if strict and said.unread and not spelled:
        return ()
    whole = Span(base, base + len(text))
    found: list[Entry] = []
    for name, match in names:
        offset = base + head.start("names") + match.start()
        own = said if len(names) == 1 else _copy(said)
        own.places["name"] = Span(offset, offset + len(match[0]))
        found.append(Entry(name=name, said=own, span=whole))
    return tuple(found)


def _copy(said: Said) -> Said:
    from copy import copy

    other = copy(said)
    other.places = dict(said.places)
    other.checks = list(said.checks)
    return other


def name_only(text: str) -> str | None:
    """The name when a bullet is nothing else: `**id**`, `users:`."""
    match = re.fullmatch(rf"\s*({_NAME})\s*:?\s*", masked(text))
    return match[1].strip('"') if match else None


def _read_rest(said: Said, mask: str, start: int, base: int) -> None:
    """What follows the name: type, conditions, and a description after a dash."""
    cut = _description(mask, start)
    end = cut.start() if cut else len(mask)
    head = mask[start:end]
    scan(said, head, base + start, "entry")
    if said.type is None and (match := _ENUM_NAME.match(head)) and _names_a_type(match["name"]):
        if read := unknown_type(match["name"] + (match["array"] or "")):
            said.type = TypeSaid(type=read)
            said.unread = max(0, said.unread - 1)
            said.places["type"] = Span(base + start + match.start("name"), base + start + match.end("name"))
            if match["optional"] and said.nullable is None:
                said.nullable = True
    if cut is None:
        return
    tail = mask[cut.end() :]
    if said.type is None and type_at(tail, 0):
        _read_rest(said, mask, cut.end(), base)
        return
    before = said.unread
    read_prose(said, tail, base + cut.end())
    if said.unread > before:
        said.comment = said.comment or " ".join(tail.split()) or None


def _names_a_type(word: str) -> bool:
    return "_" in word or bool(re.match(r"[A-Z][a-z0-9]+(?:[A-Z][a-z0-9]*)+\Z", word))


def _description(mask: str, start: int) -> "re.Match[str] | None":
    """The dash or colon that begins a description, outside brackets and quotes."""
    position = start
    while match := _DASH.search(mask, position):
        before = mask[start : match.start() + 1]
        if _depth(before) <= 0 and mask[start : match.start()].strip():
            return match
        position = match.end() if match.end() > position else position + 1
    return None


def _depth(text: str) -> int:
    outside = re.sub(r"'[^']*'|\"[^\"]*\"", "", text)
    return sum(outside.count(mark) for mark in "([{") - sum(outside.count(mark) for mark in ")]}")


def read_prose(said: Said, text: str, base: int) -> None:
    """A description: what stands for itself in it, and brackets that hold nothing but conditions."""
    scan(said, _hollow(text), base, "prose")
    for match in re.finditer(r"\(", text):
        end = balanced(text, match.start())
        inner = text[match.start() + 1 : max(match.start() + 1, end - 1)]
        trial = Said()
        scan(trial, inner, base, "words")
        if inner.strip() and not trial.unread:
            scan(said, inner, base + match.start() + 1, "words")


def _hollow(text: str) -> str:
    """The text with what stands in brackets blanked, except after a name: `users(id)`, `gen_random_uuid()`."""
    return re.sub(r"(?<=\s)\([^()]*\)", lambda match: " " * len(match[0]), text)


_ROLES: tuple[tuple[str, str], ...] = (
    ("name", r"(?:column|field|attribute|property|key)s?(?: name)?|name|attr|campos?|columnas?|"
             r"nombre(?: de columna)?|atributos?|propiedad"),
    ("type", r"(?:data|sql|db|database|postgres(?:ql)?|column|field|python|sqlmodel)?\s*types?|datatype|"
             r"tipos?(?: de datos?)?|format"),
    ("nullable", r"null(?:able|s|s allowed)?\??|is null(?:able)?|optional\??|nul[oa]s?|opcional|acepta nulos|"
                 r"permite nulos|anulable"),
    ("required", r"required\??|not[ _]null\??|mandatory|obligatori[oa]|requerid[oa]"),
    ("default", r"defaults?(?: values?)?|(?:valor )?(?:por defecto|predeterminado)|server default"),
    ("unique", r"unique\??|[uú]nic[oa]|uk"),
    ("index", r"index(?:ed|es)?\??|índices?|indexad[oa]"),
    ("primary", r"pk\??|primary(?: key)?\??|clave primaria"),
    ("reference", r"fk\??|foreign[ _]keys?|references?|refs?|relations?|relationships?|clave for[aá]nea|referencia"),
    ("length", r"(?:max(?:imum)? ?)?(?:length|size|len)|longitud|tamaño"),
    ("conditions", r"constraints?|keys?|pk/fk|restricci(?:ó|o)n(?:es)?|rules?|validations?(?: rules?)?|modifiers?|"
                   r"attributes|options|"
                   r"flags?|properties|extra|clave|validaci[oó]n(?:es)?|constraints? ?/ ?notes|required/optional|"
                   r"constraints & notes"),
    ("description", r"descriptions?|descripci[oó]n(?:es)?|notes?|notas|purpose|comments?|comentarios?|meaning|"
                    r"details?|remarks|"
                    r"definition|explanation|usage|detalle|prop[oó]sito"),
    ("table", r"tables?|tabla|entity|entidad"),
)  # fmt: skip
_YES = re.compile(
    r"(?:yes|y|true|x|s[ií]|✓|✔|✅|☑|1|null|nullable|optional|required|unique|pk|indexed)\b.*|[✓✔✅☑].*", re.IGNORECASE
)
_NO = re.compile(r"(?:no|n|false|0|not null|✗|✘|❌|×|-|\u2013|—)\b.*|[✗✘❌×\u2013—-].*", re.IGNORECASE)
_NOTHING = frozenset({"", "-", "\u2013", "—", "none", "n/a", "null", "no default", "ninguno"})


def roles_of(table: TableBlock) -> tuple[str, ...]:
    """What each column of a table is about; `other` for anything unknown."""
    roles: list[str] = []
    for position, cell in enumerate(table.header):
        word = " ".join(plain(cell.text).strip().rstrip(":").lower().split())
        fitting = [role for role, pattern in _ROLES if re.fullmatch(pattern, word) and role not in roles]
        role = fitting[0] if fitting else "other"
        if role == "name" and position > 1 and len(fitting) > 1:
            role = fitting[1]
        roles.append(role)
    return tuple(roles)


def row_entries(text: str, table: TableBlock) -> Iterator[Entry]:
    """The columns that a table of columns lists; nothing when the table lists other things."""
    roles = roles_of(table)
    if "name" not in roles or not ({"type", "conditions"} <= set(roles) or "type" in roles):
        return
    if roles.index("name") > 2:
        return
    owner = ""
    for row in table.rows:
        cells = {role: cell for role, cell in zip(roles, row, strict=False) if role != "other"}
        if "table" in cells:
            owner = plain(cells["table"].text).strip('"') or owner
        name = cells["name"]
        head = _NAMES.match(masked(name.span.of(text)))
        if head is None or _words_follow(masked(name.span.of(text)), head.end()):
            continue
        said = _row(text, cells, head.end())
        span = Span(row[0].span.start, max(max(cell.span.end for cell in row), row[0].span.start))
        for match in re.finditer(_NAME, head["names"]):
            offset = name.span.start + head.start("names") + match.start()
            own = _copy(said)
            own.places["name"] = Span(offset, offset + len(match[0]))
            yield Entry(name=match[0].strip('"'), said=own, span=span, table=owner)


def _words_follow(mask: str, end: int) -> bool:
    """Whether a name cell goes on in words, as titles and sentences do."""
    rest = mask[end:].strip()
    return bool(rest) and rest[0].isalnum() and not re.match(r"(?:pk|fk|uk)\b", rest, re.IGNORECASE)


def _row(text: str, cells: dict[str, Cell], name_end: int) -> Said:
    said = Said()
    if cell := cells.get("type"):
        _type_cell(said, text, cell)
    for role, cell in cells.items():
        words = masked(cell.span.of(text))
        bare = words.strip()
        match role:
            case "name":
                scan(said, words[name_end:], cell.span.start + name_end, "words")
            case "nullable" | "required":
                _nullable_cell(said, bare, cell.span, positive=role == "nullable")
            case "default":
                _default_cell(said, bare, cell.span, words)
            case "unique" if _YES.fullmatch(bare):
                said.unique = True
            case "index" if _YES.fullmatch(bare) or re.match(r"(?i)ix_|idx_", bare):
                said.index = said.index or "btree"
            case "primary" if _YES.fullmatch(bare):
                said.primary_key = True
            case "reference":
                _reference_cell(said, bare, words, cell.span.start)
            case "length" if match := re.search(r"\d+", bare):
                said.length = match[0]
            case "conditions":
                scan(said, words, cell.span.start, "words")
            case "description":
                read_prose(said, words, cell.span.start)
                said.comment = said.comment or " ".join(plain(cell.text).split()) or None
            case _:
                pass
    return said


def _type_cell(said: Said, text: str, cell: Cell) -> None:
    words = masked(cell.span.of(text))
    scan(said, words, cell.span.start, "entry")
    if said.type is None:
        word = re.match(r"\s*([^\W\d][\w.]*(?:\([\w\s,]*\))?(?:\[\])?)", words)
        if word and (read := unknown_type(word[1])):
            said.type = TypeSaid(type=read)
            said.places["type"] = Span(cell.span.start + word.start(1), cell.span.start + word.end(1))


def _nullable_cell(said: Said, bare: str, span: Span, *, positive: bool) -> None:
    lowered = bare.lower()
    if lowered in {"not null", "null", "nullable", "required", "optional"}:
        said.nullable = lowered in {"null", "nullable", "optional"}
    elif _NO.fullmatch(bare) and bare:
        said.nullable = not positive
    elif _YES.fullmatch(bare):
        said.nullable = positive
    else:
        return
    said.places["nullable"] = span


def _default_cell(said: Said, bare: str, span: Span, words: str) -> None:
    lowered = bare.lower()
    if lowered in _NOTHING:
        return
    if lowered.startswith("identity") or "as identity" in lowered:
        said.identity = "always" if "always" in lowered else "by default"
        return
    if re.fullmatch(r"auto(?:[\s_-]*(?:increment(?:ed)?|generated))?|serial|nextval\(.*\)|autoincremental", lowered):
        said.autoincrement = True
        return
    if match := re.match(r"(?i)generated\s+(?:always\s+)?as\s*\((.*)\)\s*(?:stored)?\Z", bare):
        said.generated = match[1]
        return
    said.default = bare
    start = span.start + len(words) - len(words.lstrip())
    said.places["default"] = Span(start, start + len(bare))


def _reference_cell(said: Said, bare: str, words: str, base: int) -> None:
    if bare.lower() in _NOTHING or _NO.fullmatch(bare):
        return
    before = said.reference
    scan(said, words, base, "words")
    if said.reference is before and (
        match := re.match(r"(?:\w+\.)?\w+(?:\.\w+|\s*\((?P<columns>\w+)\))?(?=\s|,|;|\Z)", bare)
    ):
        columns = (match["columns"],) if match["columns"] else ()
        said.reference = Target(
            path="" if _YES.fullmatch(match[0]) else match[0].split("(")[0].strip(), columns=columns
        )
