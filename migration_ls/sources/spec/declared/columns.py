"""Columns in lists and tables: `- firmware: VARCHAR(20), optional`, `| id | uuid | required |`."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from migration_ls.postgres.types import ColumnType
from migration_ls.sources.markdown.blocks import Cell, TableBlock
from migration_ls.sources.markdown.inline import plain
from migration_ls.sources.spec.details import Details, default_sql, read_details
from migration_ls.sources.spec.types import type_of
from migration_ls.text.span import Span

_NO_ENUMS: Mapping[str, str] = {}
NAME = r"[^\W\d]\w*"
_BULLET = re.compile(
    rf"""(?:(?:add|new|nuevo|nueva)\s+(?:(?:an?\s+)?(?:new\s+)?(?:column|field|columna)\s*:?\s+)?)?
    (?:\*\*|__)?`?(?P<names>{NAME}(?:`?\s*,\s*`?{NAME})*)
    (?:`(?:\*\*|__)?|(?:\*\*|__))?
    (?P<gap>\s*(?::|[-\u2013—](?=\s)|=)\s*|\s*(?=\()|\s+(?=[A-Za-z`])|\s*\Z)(?P<rest>.*)""",
    re.VERBOSE | re.DOTALL | re.IGNORECASE,
)
_ADDS = re.compile(
    r"(?:\+\s*|(?:add(?:ed)?|new|neue?s?|nuev[oa]|nouvelle|nouveau|ajouter|añadir|agregar)\s*:?\s+"
    r"(?:(?:an?|the|una?|une|eine?)\s+)?(?:new\s+)?(?:(?:column|field|attribute|spalte|feld|columna|campo"
    r"|colonne|champ)\s*:?\s+)?)"
    r"(?=[`\w])",
    re.IGNORECASE,
)
_PROSE = re.compile(r"\A(?:is|are|of|for|to|in|on|that|which|and|or|with)\b", re.IGNORECASE)
_CODE_WITH_TYPE = re.compile(rf"`(?P<name>{NAME})\s*(?::\s*|\s+)(?P<rest>[^`]+)`\s*(?P<more>.*)", re.DOTALL)
_KEY_OR_INDEX = re.compile(r"(?:unique|index|check)\s*:\s*\(", re.IGNORECASE)
"""`Unique: (email)` names columns of a key, though `email` is also the name of a type."""
_DESCRIPTION = re.compile(r"(?<=[\w)`\]'\"])\s+(?:[-\u2013—]|--|//|#)\s+(?=\S)")
_ARTICLES = frozenset(
    "a an the each every no all only see note it this that when if for on in users user system".split()
)


def column_bullet(
    text: str, *, declares: bool = False, enums: Mapping[str, str] = _NO_ENUMS
) -> tuple[tuple[str, ...], Details] | None:
    """The columns that a bullet declares, with what it says of them; None for one that declares none.

    Where the part it stands in `declares` columns, a name and a type will do, and `Add column` and `+` may lead.
    `enums` are the project's own types by the names they go by.
    """
    text = " ".join(text.split())
    if declares:
        text = _ADDS.sub("", text, count=1)
    if _KEY_OR_INDEX.match(text):
        return None
    if match := _CODE_WITH_TYPE.match(text):
        rest = match["rest"] + (", " + match["more"].lstrip(",;:\u2013—- ") if match["more"] else "")
        return _judged((match["name"],), rest, enums)
    match = _BULLET.match(text)
    if match is None:
        return None
    names = tuple(name.strip("` ") for name in match["names"].split(","))
    marked = text.startswith(("`", "**", "__")) or ":" in match["gap"] or "_" in names[0]
    if names[0].lower() in _ARTICLES and not text.startswith("`"):
        return None
    if not marked and not match["rest"].startswith("("):
        read = _judged(names, match["rest"], enums) if declares and names[0].islower() else None
        return read if read and read[1].type and not read[1].unread and not _PROSE.search(match["rest"]) else None
    return _judged(names, match["rest"], enums)


_BRACKETS_FIRST = re.compile(r"\((?P<head>[^()]*(?:\([^()]*\)[^()]*)*)\)\s*:\s+(?P<tail>.+)", re.DOTALL)
"""`(timestamptz, nullable): when it was scanned`."""
_OTHERWISE = re.compile(
    r"\A(?:is\s+)?now\s+(?:an?\s+)?(?=[a-z])|,?\s+(?:instead\s+of|rather\s+than|statt|en\s+lugar\s+de"
    r"|au\s+lieu\s+de)\s+[a-z][\w ]*(?:\([\d, ]+\))?",
    re.IGNORECASE,
)
"""That a column is otherwise than it was: `numeric(4,1) instead of numeric(3,1)`."""


def _judged(names: tuple[str, ...], rest: str, enums: Mapping[str, str]) -> tuple[tuple[str, ...], Details] | None:
    words = rest.replace("`", "").strip()
    otherwise = _OTHERWISE.sub("", words)
    changed, words = otherwise != words, otherwise
    cut = _DESCRIPTION.search(words)
    head, tail = (words[: cut.start()], words[cut.end() :]) if cut else (words, "")
    if told_of := _BRACKETS_FIRST.fullmatch(words):
        head, tail = told_of["head"], told_of["tail"]
    details = _of_enum(_read(head), enums)
    if not details.is_typed and tail:
        details = _read(tail, details)
    elif tail:
        # A description may still say what is new, what exists and what is computed.
        details = replace(details, state=details.state or read_details(tail.split(",")[0]).state)
    if changed and details.type and details.state is None:
        details = replace(details, state="changed")
    told = details.is_typed or details.primary_key or details.default is not None or details.state in {"new", "removed"}
    return (names, details) if told else None


def _of_enum(details: Details, enums: Mapping[str, str]) -> Details:
    """With the project's own type that an item names, if nothing else tells the type."""
    if details.type is not None or details.values or not enums:
        return details
    for item in details.unread:
        bare = re.sub(r"\A(?:enum|type)\s+|\s+(?:enum|type)\Z", "", item, flags=re.IGNORECASE).strip("`").lower()
        if (name := enums.get(bare)) is not None:
            return replace(details, type=ColumnType(name), unread=())
    return details


def _read(words: str, known: Details | None = None) -> Details:
    """The details of `VARCHAR(20) (unique), optional` or `(uuid, pk)` or `integer not null`."""
    words = words.strip()
    if words.startswith("(") and words.endswith(")"):
        words = words[1:-1]
    details = read_details(words, known)
    if details.type is None and not details.is_typed:
        # `integer part of the key`, `jsonb for anything else`: the type stands first.
        for length in (3, 2, 1):
            first = " ".join(words.split()[:length]).rstrip(",;:")
            if first and (read := type_of(first)) and read.type:
                rest = " ".join(words.split()[length:])
                return read_details(rest, replace(details, type=read.type, nullable=read.nullable, unread=()))
    return details


_COLUMNS = frozenset({"column", "field", "attribute", "name", "property", "key", "campo", "columna", "nombre",
    "field name", "spalte", "feld", "feldname", "spaltenname", "colonne", "champ", "nom", "coluna",
                      "column name", "attribut", "atributo", "new column", "new field"})  # fmt: skip
_TYPES = frozenset({"type", "data type", "sql type", "db type", "datatype", "tipo", "postgres type",
    "postgresql type", "column type",
                    "datentyp", "typ", "type de données",
    "field type", "python type", "sqlmodel type", "tipo de dato", "domain", "wertebereich", "domäne",
    "dominio", "sql"})  # fmt: skip
_NULLABLE = frozenset(
    {
        "nullable",
        "null",
        "nullbar",
        "nulo?",
        "leer erlaubt",
        "facultatif",
        "opcional",
        "null?",
        "nullable?",
        "nulls",
        "is nullable",
        "optional",
        "optional?",
        "nulo",
    }
)
_REQUIRED = frozenset(
    {
        "required",
        "required?",
        "pflicht",
        "pflichtfeld",
        "obligatoire",
        "requis",
        "obrigatório",
        "req",
        "not null",
        "mandatory",
        "obligatorio",
        "requerido",
    }
)
_DEFAULTS = frozenset(
    {
        "initial value",
        "initial",
        "anfangswert",
        "valor inicial",
        "vorgabe",
        "standard",
        "standardwert",
        "vorgabewert",
        "défaut",
        "par défaut",
        "valeur par défaut",
        "padrão",
        "default",
        "default value",
        "defaults",
        "por defecto",
        "predeterminado",
        "valor por defecto",
    }
)
_CHANGES = frozenset({"change", "changes", "what changes", "modification", "änderung", "cambio", "changement"})
_NOTHING = frozenset(
    {"", "-", "\u2013", "—", "none", "no", "no change", "unchanged", "same", "n/a", "keine", "ninguno"}
)
_YES = frozenset(
    {"yes", "y", "ja", "j", "oui", "sim", "true", "x", "✓", "✔", "✅", "sí", "si", "null", "nullable", "optional"}
)
_NO = frozenset({"no", "n", "nein", "non", "não", "false", "not null", "✗", "✘", "❌", "required", "not nullable"})
_NOT_COLUMNS = frozenset(
    """parameter param method endpoint path status code event header index rationale route url screen component metric
    scenario step requirement id# table action trigger source prop state response request query""".split()
)


def column_rows(
    table: TableBlock, *, declares: bool, enums: Mapping[str, str] = _NO_ENUMS
) -> Iterator[tuple[Cell, str, Details, Span]]:
    """The columns a table lists: name cell, name, details and the row's place; nothing when it lists other things."""
    header = [plain(cell.text).lower().strip() for cell in table.header]
    first = next((number for number, name in enumerate(header) if name in _COLUMNS), 0)
    if declares and first and (header[0] in _TYPES or header[0] in {"#", "no", "no.", "nr", "nr."}):
        # The name may stand behind the type or a number.
        order = [first, *(number for number in range(len(header)) if number != first)]
        rows = tuple(tuple(row[number] for number in order) for row in table.rows)
        table = replace(table, header=tuple(table.header[number] for number in order), rows=rows)
        header = [header[number] for number in order]
    if not header or header[0] in _NOT_COLUMNS or (header[0] not in _COLUMNS and not (declares and header[0] == "")):
        return
    if not any(name in _TYPES for name in header):
        return
    for row in table.rows:
        name = plain(row[0].text).strip("`* ").split(" ")[0]
        if not re.fullmatch(NAME, name):
            continue
        yield (
            row[0],
            name,
            _row_details(header, row, enums),
            Span(row[0].span.start, max(cell.span.end for cell in row)),
        )


def has_types(table: TableBlock) -> bool:
    """Whether the table has a column of types, so that its rows are columns and not changes alone."""
    return any(plain(cell.text).lower().strip() in _TYPES for cell in table.header)


def type_cell(table: TableBlock, place: Span) -> str:
    """What the row at a place says in its column of types."""
    number = next((at for at, cell in enumerate(table.header) if plain(cell.text).lower().strip() in _TYPES), None)
    row = next((row for row in table.rows if row[0].span.start >= place.start and row[0].span.end <= place.end), None)
    words = plain(row[number].text).strip("` ") if row is not None and number is not None else ""
    return "" if words in {"", "-", "\u2013", "—", "...", "…", "?"} else words


def _row_details(header: list[str], row: tuple[Cell, ...], enums: Mapping[str, str]) -> Details:
    details = Details()
    if re.search(r"\((?:new|added)\)|🆕", row[0].text, re.IGNORECASE):
        details = replace(details, state="new")
    for name, cell in zip(header[1:], row[1:], strict=True):
        words = plain(cell.text).replace("`", "").strip() if name not in _DEFAULTS else cell.text.strip()
        lowered = words.lower()
        if name in _TYPES:
            details = _of_enum(_read(words, details), enums)
        elif name in _NULLABLE or name in _REQUIRED:
            positive = lowered in _YES if name in _NULLABLE else lowered in _NO
            if lowered in _YES | _NO:
                details = replace(details, nullable=positive if name in _NULLABLE else lowered not in _YES)
        elif name in _DEFAULTS:
            details = _default_cell(words, details)
        else:
            details = read_details(words, details)
            if name in _CHANGES and lowered not in _NOTHING and details.state is None:
                details = replace(details, state="changed")
    return replace(details, unread=())


def _default_cell(words: str, details: Details) -> Details:
    bare = words.strip("`* ")
    lowered = bare.lower()
    if lowered in {"", "-", "\u2013", "—", "none", "n/a", "null"}:
        return details
    if lowered.startswith("identity"):
        return replace(details, identity="always" if "always" in lowered else "by default")
    if lowered in {"auto", "auto-increment", "autoincrement", "auto increment", "autoincremental", "serial"}:
        return replace(details, autoincrement=True)
    return replace(details, default=default_sql(bare))
