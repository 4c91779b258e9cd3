"""Tables with a row per column, under any sensible headers in any order."""

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache

from migration_ls.sources.markdown.blocks import TableBlock
from migration_ls.sources.markdown.inline import HIDDEN, masked, plain
from migration_ls.sources.schema_doc.entries import NAME, NAMES, Entry, copied, folded_name, read_prose, written
from migration_ls.sources.schema_doc.said import LONGEST, Said, Target
from migration_ls.sources.schema_doc.scan import scan
from migration_ls.sources.schema_doc.types import TypeSaid, unknown_type, values_of
from migration_ls.text.span import Span

_ROLES: tuple[tuple[str, str], ...] = (
    (
        "name",
        (
            r"(?:column|field|attribute|property|key)s?(?: name)?|name|attr|campos?|columnas?|"
            r"nombre(?: de (?:la )?columna)?|atributos?|propiedad|"
            r"spalten?(?:name)?|feld(?:name)?|attribut|colonnes?|champs?|nom(?: de la colonne| du champ)?|"
            r"colunas?|nome(?: da coluna| do campo)?"
        ),
    ),
    (
        "type",
        (
            r"(?:data|sql|db|database|postgres(?:ql)?|column|field|python|sqlmodel)?\s*types?|datatype|"
            r"tipos?(?: de d[ao](?:t|d)os?)?|format|daten-?typ|typ|type de donn[ée]es?"
        ),
    ),
    (
        "nullable",
        (
            r"null(?:able|s|s allowed)?\??|is null(?:able)?|optional\??|nul[oa]s?|opcional|acepta nulos|"
            r"permite nulos?|anulable|null erlaubt|nullbar|nul(?:le)?|facultatif|optionnel|accepte nul|pode ser nulo"
        ),
    ),
    (
        "required",
        (
            r"req(?:'?d)?\.?\??|required\??|not[ _]null\??|nn|mandatory|"
            r"obligatori[oa]|requerid[oa]|pflicht(?:feld)?|erforderlich|"
            r"obligatoire|requis|obrigat[óo]ri[oa]|non nul|não nulo"
        ),
    ),
    (
        "default",
        (
            r"defaults?(?: values?)?|(?:valor )?(?:por defecto|predeterminado|padr[ãa]o)|server default|"
            r"standard(?:wert)?|vorgabe(?:wert)?|(?:valeur )?(?:par )?d[ée]faut"
        ),
    ),
    ("unique", r"unique\??|[uú]nic[oa]|u[kq]|eindeutig"),
    ("index", r"index(?:ed|es)?\??|índices?|indexad[oa]|indiziert|indexée?"),
    ("primary", r"pk\??|primary(?: key)?\??|clave primaria|primärschlüssel|cl[ée] primaire|chave prim[áa]ria"),
    (
        "reference",
        (
            r"fk\??|foreign[ _]keys?|references?|refs?|relations?|relationships?|clave for[aá]nea|referencia|"
            r"fremdschlüssel|verweis|cl[ée] [ée]trang[èe]re|r[ée]f[ée]rence|chave estrangeira"
        ),
    ),
    ("length", r"(?:max(?:imum)? ?)?(?:length|size|len)|longitud|tamaño|länge|longueur|taille|tamanho"),
    (
        "conditions",
        (
            r"constraints?|keys?|pk/fk|restricci(?:ó|o)n(?:es)?|rules?|validations?(?: rules?)?|modifiers?|"
            r"attributes|options|"
            r"flags?|properties|extra|clave|validaci[oó]n(?:es)?|constraints? ?/ ?notes|required/optional|"
            r"constraints & notes|einschränkung(?:en)?|bedingung(?:en)?|schlüssel|contraintes?|cl[ée]s?|"
            r"restriç(?:ão|ões)|chaves?"
        ),
    ),
    (
        "description",
        (
            r"descriptions?|descripci[oó]n(?:es)?|notes?|notas|purpose|comments?|comentarios?|meaning|"
            r"details?|remarks|"
            r"definition|explanation|usage|detalle|prop[oó]sito|beschreibung|bemerkung(?:en)?|anmerkung(?:en)?|"
            r"kommentar|hinweise?|bedeutung|remarques?|commentaires?|descriç(?:ão|ões)|observaç(?:ão|ões)"
        ),
    ),
    (
        "values",
        (
            r"(?:domain ?/ ?)?(?:allowed|valid|possible|permitted)(?: values)?|values|"
            r"enum(?: values)?|domain|valores(?: permitidos)?|erlaubte werte|werte"
        ),
    ),
    ("auto", r"auto(?:[ _-]?incr(?:ement)?)?\??|identity|serial"),
    ("marks", r""),
    ("parents", r"parents?"),
    ("table", r"tables?|tabla|entity|entidade?|tabelle|tabela|entität|entité"),
)
_YES = re.compile(
    r"(?:yes|y|true|x|s[ií]|ja?|oui|sim|✓|✔|✅|☑|1|null|nullable|optional|required|unique|pk|indexed)\b.*|[✓✔✅☑√●].*",
    re.IGNORECASE,
)
_NO = re.compile(
    r"(?:no|n|nein|non|não|nao|false|0|not null|✗|✘|❌|\u00d7|-|\u2013|—)\b.*|[✗✘❌\u00d7\u2013—-].*", re.IGNORECASE
)
_NOTHING = frozenset({"", "-", "\u2013", "—", "none", "n/a", "null", "no default", "ninguno"})


def roles_of(table: TableBlock) -> tuple[str, ...]:
    """What each column of a table is about; `other` for anything unknown."""
    return header_roles(tuple([cell.text for cell in table.header]))


@lru_cache(maxsize=1024)
def header_roles(header: tuple[str, ...]) -> tuple[str, ...]:
    """What each of the words that head columns, or the rows of a turned table, is about."""
    roles: list[str] = []
    for position, text in enumerate(header):
        word = " ".join(plain(text).strip().rstrip(":").lower().split())
        fitting = [role for role, pattern in _ROLES if re.fullmatch(pattern, word) and role not in roles]
        if not fitting and re.fullmatch(r"extra|keys?|notes?|remarks", word):
            fitting = ["more"]
        role = fitting[0] if fitting else "other"
        if role == "name" and position > 1 and len(fitting) > 1:
            role = fitting[1]
        roles.append(role)
    return tuple(roles)


def row_entries(text: str, table: TableBlock) -> Iterator[Entry]:
    """The columns that a table of columns lists; nothing when the table lists other things."""
    if (turned := _turned(table)) is not None:
        for entry in row_entries(text, turned):
            yield replace(entry, span=entry.said.places["name"].shifted(entry.base))
        return
    roles = roles_of(table)
    if "name" not in roles or not ({"type", "conditions"} <= set(roles) or "type" in roles):
        return
    if roles.index("name") > 2:
        return
    owner = ""
    marked = _marked(table, roles)
    for row in table.rows:
        start = min(row[0].span.start, row[-1].span.start)
        end = max(start, *(cell.span.end for cell in row))
        if end - start > LONGEST:
            continue
        bounds = tuple([(cell.span.start - start, cell.span.end - start) for cell in row])
        table_name, entries = _row_entries(text[start:end], bounds, roles, marked)
        owner = table_name or owner
        for entry in entries:
            moved = entry.moved(start)
            yield replace(moved, table=owner) if owner else moved


def _turned(table: TableBlock) -> TableBlock | None:
    """A table with a column per column, turned; None for one with a row per column."""
    corner, *names = table.header
    if len(names) < 1 or plain(corner.text).lower().strip(": ") not in _CORNERS:
        return None
    firsts = tuple([row[0].text for row in table.rows])
    roles = header_roles(firsts)
    if "type" not in roles or "name" in roles or sum(role == "other" for role in roles) > 1:
        return None
    if any(header_roles((name.text,))[0] == "type" for name in names):
        return None
    header = (replace(corner, text="column"), *[row[0] for row in table.rows])
    rows = tuple([(name, *[row[at] for row in table.rows]) for at, name in enumerate(names, start=1)])
    return replace(table, header=header, rows=rows)


_CORNERS = frozenset(
    """column columns field fields attribute property name spalte feld eigenschaft columna campo propiedad colonne champ
    propriété coluna propriedade""".split()
) | {"", "#", "-"}


@lru_cache(maxsize=16384)
def _row_entries(
    text: str, bounds: tuple[tuple[int, int], ...], roles: tuple[str, ...], marked: frozenset[str]
) -> tuple[str, tuple[Entry, ...]]:
    """The table that a row names, if it names one, and its columns; `bounds` are its cells'.

    Cells of the roles `marked` hold marks alone, so that an empty one says no.
    """
    cells = {role: Span(*bound) for role, bound in zip(roles, bounds, strict=False) if role != "other"}
    owner = plain(cells["table"].of(text)).strip('"') if "table" in cells else ""
    name = cells["name"]
    words = masked(name.of(text))
    head = NAMES.match(words)
    if head is None or _words_follow(words, head.end()):
        return owner, ()
    said = _row(text, cells, head.end(), marked)
    entries: list[Entry] = []
    for match in re.finditer(NAME, head["names"]):
        offset = name.start + head.start("names") + match.start()
        own = copied(said)
        own.places["name"] = written(text, offset, match[0])
        entries.append(Entry(name=folded_name(match[0]), said=own, span=Span(0, len(text))))
    return owner, tuple(entries)


def _marked(table: TableBlock, roles: tuple[str, ...]) -> frozenset[str]:
    """The roles of which cells say yes by a mark or say nothing: there an empty cell says no."""
    found: set[str] = set()
    for at, role in enumerate(roles):
        if role in {"nullable", "required"}:
            said = {row[at].text.replace("\ufe0f", "") for row in table.rows}
            if "" in said and len(said) > 1 and all(word == "" or _MARK.fullmatch(word) for word in said):
                found.add(role)
    return frozenset(found)


_MARK = re.compile(r"[✓✔✅☑√●•xX*]")
_KEY_MARKS = re.compile(r"[🔑🗝]")
_LINK_MARKS = re.compile(r"[🔗⛓]")


def _words_follow(mask: str, end: int) -> bool:
    """Whether a name cell goes on in words, as titles and sentences do."""
    rest = mask[end:].strip()
    return bool(rest) and rest[0].isalnum() and not re.match(r"(?:pk|fk|uk)\b", rest, re.IGNORECASE)


def _row(text: str, cells: dict[str, Span], name_end: int, marked: frozenset[str]) -> Said:
    said = Said()
    if cell := cells.get("type"):
        _type_cell(said, text, cell)
    for role, cell in cells.items():
        words = masked(cell.of(text))
        bare = words.strip()
        match role:
            case "name":
                _key_marks(said, words)
                scan(said, words[name_end:], cell.start + name_end, "words")
            case "parents" if match := re.match(r"(?P<path>[\w.]+\.\w+)\s*\(\w+\)\s*(?P<rule>C\b)?", bare):
                # SchemaSpy: the other column, the key's name, C for ON DELETE CASCADE
                said.reference = said.reference or Target(path=match["path"])
                said.on_delete = said.on_delete or ("CASCADE" if match["rule"] else None)
            case "marks":
                _key_marks(said, words)
            case "auto":
                said.autoincrement = said.autoincrement or bool(_YES.fullmatch(bare))
            case "values":
                _values_cell(said, words, cell.start)
            case "nullable" | "required" if role in marked and not bare:
                said.nullable = role == "required"
                said.places["nullable"] = cell
            case "nullable" | "required":
                _nullable_cell(said, bare, cell, positive=role == "nullable")
            case "default":
                _default_cell(said, bare, cell, words)
            case "unique" if _YES.fullmatch(bare):
                said.unique = True
            case "index" if _YES.fullmatch(bare) or re.match(r"(?i)ix_|idx_", bare):
                said.index = said.index or "btree"
            case "primary" if _YES.fullmatch(bare):
                said.primary_key = True
            case "reference":
                _reference_cell(said, bare, words, cell.start)
            case "length":
                _length_cell(said, bare)
            case "conditions" | "more":
                scan(said, words, cell.start, "words")
            case "description":
                said.values = said.values or _only_values(bare)
                read_prose(said, words, cell.start)
                said.comment = said.comment or " ".join(plain(cell.of(text).replace("\\|", "|")).split()) or None
            case _:
                pass
    return said


_VALUES = re.compile(
    r"(?P<q>['\"])[\w -]+(?P=q)(?:\s*[|/,]\s*(?P=q)[\w -]+(?P=q))+|[a-z][\w-]*(?:\s*/\s*[a-z][\w-]*){2,}"
)


def _only_values(words: str) -> tuple[str, ...]:
    """The values that a description is when it is nothing else: `low/medium/high`."""
    return values_of(words) if _VALUES.fullmatch(words.replace(HIDDEN, "").rstrip(".")) else ()


def _type_cell(said: Said, text: str, cell: Span) -> None:
    words = masked(cell.of(text))
    scan(said, words, cell.start, "entry")
    if said.type is None:
        word = re.match(r"\s*([^\W\d][\w.]*(?:\([\w\s,]*\))?(?:\[\])?)", words)
        if word and (read := unknown_type(word[1])):
            said.type = TypeSaid(type=read)
            said.places["type"] = Span(cell.start + word.start(1), cell.start + word.end(1))


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
    said.default = bare.replace(HIDDEN, "")
    start = span.start + len(words) - len(words.lstrip())
    said.places["default"] = Span(start, start + len(bare))


def _key_marks(said: Said, words: str) -> None:
    """Pictures of keys and chains."""
    said.primary_key = said.primary_key or bool(_KEY_MARKS.search(words))
    if _LINK_MARKS.search(words) and said.reference is None:
        said.reference = Target()


def _values_cell(said: Said, words: str, base: int) -> None:
    """Values that are allowed, or a condition."""
    trial = Said()
    scan(trial, words, base, "words")
    if not trial.unread:
        scan(said, words, base, "words")
    elif len(values := values_of(words)) > 1:
        said.values = said.values or values


def _length_cell(said: Said, bare: str) -> None:
    """A length, or digits and decimals; numbers of other types count bytes."""
    match = re.fullmatch(r"(?P<size>\d+)(?:\s*[,.]\s*(?P<scale>\d+))?", bare)
    kind = said.type.type if said.type is not None else None
    if match is None:
        match = re.search(r"(?P<size>\d+)(?P<scale>)", bare)
    if match is None or said.type is None or kind is None or (kind.modifiers and kind.modifiers != ("1",)):
        return
    if kind.name in {"numeric", "character", "bit"} and not kind.is_array:
        scale = (match["scale"] or "0",) if kind.name == "numeric" else ()
        said.type = replace(said.type, type=replace(kind, modifiers=(match["size"], *scale)))
    else:
        said.length = match["size"]


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
