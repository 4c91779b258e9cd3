"""In which form each table stands in a schema document, and where its entries are."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from migration_ls.schema.names import Name
from migration_ls.sources.markdown.blocks import Block, Bullet, Cell, Fence, Heading, Paragraph, TableBlock
from migration_ls.sources.markdown.document import Document, read_document
from migration_ls.sources.markdown.inline import plain
from migration_ls.sources.schema_doc import rows
from migration_ls.sources.schema_doc.entries import folded_name
from migration_ls.sources.schema_doc.topics import topic_of

Role = Literal["name", "type", "nullable", "required", "default", "constraints", "key", "description", "other"]

_ROLES: tuple[tuple[Role, str], ...] = (
    ("name", r"column|field|name|attribute|property|columna|campo|nombre|atributo"),
    ("type", r"(?:data ?)?type|tipo(?: de dato)?"),
    ("nullable", r"null(?:able)?|null\?|optional|nulo|acepta nulos"),
    ("required", r"required|not null|mandatory|obligatorio|requerido"),
    ("default", r"default(?: value)?|por defecto|predeterminado|valor por defecto"),
    ("constraints", r"constraints?|restricciones|rules?|validations?|modifiers?|attributes|options"),
    ("key", r"keys?|pk/fk|clave"),
    ("description", r"description|descripci[oó]n|notes?|notas|purpose|comments?|meaning|details|remarks"),
)
_OF_READER: dict[str, Role] = {
    "name": "name",
    "type": "type",
    "nullable": "nullable",
    "required": "required",
    "default": "default",
    "conditions": "constraints",
    "description": "description",
}
"""Of what the reader knows of headers in other languages, what an edit has words for."""
_FILLER = re.compile(r"\b(?:table|tabla|entity|model|schema|the)\b", re.IGNORECASE)
_LABEL_OF_LISTS = re.compile(
    r"\b(?:index(?:es)?|indices|índices?|constraints?|keys?|relationships?|relations|relaciones|rules|checks?|triggers?"
    r"|transitions|notes|ideas|future)\b",
    re.IGNORECASE,
)
_NAMED = re.compile(r"^(?:table(?: name)?|tabla)\s*:\s*([\w.\"]+)\s*$", re.IGNORECASE)
_ENTRY = re.compile(
    r"^(?:`(?P<tick>[A-Za-z_][\w$]*)(?P<tick_rest>[^`]*)`|\*\*(?P<bold>`?[A-Za-z_][\w$]*`?)\*\*|(?P<bare>[A-Za-z_][\w$]*))"
    r"(?P<rest>\s*[:(].*|\s+[A-Z].*|\s*)$",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnTable:
    """A table with a row per column."""

    table: Name
    block: TableBlock
    roles: tuple[Role, ...]
    last: Block

    def cell(self, row: tuple[Cell, ...], role: Role) -> Cell | None:
        """The cell of a row with that role."""
        return next((cell for cell, known in zip(row, self.roles, strict=False) if known == role), None)

    def row(self, column: str) -> tuple[Cell, ...] | None:
        """The row of a column."""
        return next((row for row in self.block.rows if column in {self.name(row), folded_name(self.name(row))}), None)

    def name(self, row: tuple[Cell, ...]) -> str:
        """The column a row is about."""
        cell = self.cell(row, "name")
        return plain(cell.text).strip('"') if cell else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BulletList:
    """A bullet per column."""

    table: Name
    bullets: tuple[Bullet, ...]
    last: Block

    def bullet(self, text: str, column: str) -> Bullet | None:
        """The bullet of a column."""
        return next((item for item in self.bullets if column_of(item.span.of(text)) == column), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class SqlFence:
    """A fence with the table's CREATE TABLE."""

    table: Name
    block: Fence
    last: Block


@dataclass(frozen=True, slots=True, kw_only=True)
class PythonFence:
    """A fence with Python classes."""

    block: Fence


Form = ColumnTable | BulletList | SqlFence


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """The document's blocks, and the tables that stand in it."""

    document: Document
    forms: tuple[Form, ...]
    python: tuple[PythonFence, ...]

    def of(self, table: Name) -> tuple[Form, ...]:
        """Every form in which a table stands."""
        return tuple(form for form in self.forms if form.table == table)

    def section(self, form: Form) -> tuple[Block, ...]:
        """The blocks from the form to the next heading of its level, or the next form."""
        blocks = self.document.blocks
        start = next(i for i, block in enumerate(blocks) if block is form.last) + 1
        others = {id(first_block(other)) for other in self.forms}
        found: list[Block] = []
        depth = form.last.section[-1].level if form.last.section else 0
        for block in blocks[start:]:
            if id(block) in others or (isinstance(block, Heading) and block.level <= depth):
                break
            found.append(block)
        return tuple(found)


def first_block(form: Form) -> Block:
    """The block a form begins with."""
    return form.bullets[0] if isinstance(form, BulletList) else form.block


def document_forms(text: str, tables: Iterable[Name]) -> Shape:
    """Where the given tables stand in a document."""
    document = read_document(text)
    names = tuple(tables)
    forms = tuple(_forms(text, document, names))
    python = tuple(
        PythonFence(block=block)
        for block in document.blocks
        if isinstance(block, Fence) and block.language.lower() in {"python", "py"} and "class " in block.text
    )
    return Shape(document=document, forms=forms, python=python)


def _forms(text: str, document: Document, names: tuple[Name, ...]) -> Iterator[Form]:
    here: Name | None = None
    label = ""
    blocks = document.blocks
    position = 0
    while position < len(blocks):
        block = blocks[position]
        position += 1
        match block:
            case Heading():
                own = named(block.text, names, text)
                outer = (named(item.text, names, text) for item in reversed(block.section))
                here = own or (next((item for item in outer if item), None) if _is_label(block.text) else None)
                label = "" if own else block.text
            case Paragraph():
                label = plain(block.text) if block.bold or block.text.rstrip().endswith(":") else ""
                if (match := _NAMED.match(plain(block.text))) and (found := _exact(match[1], names, text)):
                    here = found
                elif block.bold and (found := named(block.text, names, text)):
                    here, label = found, ""
            case TableBlock(is_html=False) if here and not _LABEL_OF_LISTS.search(label):
                roles = roles_of(block)
                if "name" in roles and "type" in roles:
                    yield ColumnTable(table=here, block=block, roles=roles, last=block)
            case Bullet():
                group = [block]
                while position < len(blocks) and isinstance(following := blocks[position], Bullet):
                    group.append(following)
                    position += 1
                yield from _bullet_form(text, group, here, label, names)
            case Fence(language=language) if language.lower() in {"sql", "postgresql", "postgres", "pgsql"}:
                for name in names:
                    if create_table(block.text, name, text):
                        yield SqlFence(table=name, block=block, last=block)
            case _:
                pass


def _bullet_form(
    text: str, group: list[Bullet], here: Name | None, label: str, names: tuple[Name, ...]
) -> Iterator[BulletList]:
    top = [item for item in group if item.depth == group[0].depth]
    name = next((found for item in top if (found := _name_bullet(item, names, text))), None) or here
    entries = [item for item in group if column_of(item.span.of(text)) and not _is_statement(item.text)]
    if name is None or _LABEL_OF_LISTS.search(label) or len(entries) * 2 < len(group):
        return
    typed = [item for item in entries if _has_type(item.span.of(text))]
    if typed:
        yield BulletList(table=name, bullets=tuple(typed), last=group[-1])


def _name_bullet(item: Bullet, names: tuple[Name, ...], text: str) -> Name | None:
    match = _NAMED.match(plain(item.text))
    return _exact(match[1], names, text) if match else None


def _is_statement(text: str) -> bool:
    return bool(re.match(r"(?i)(?:check|unique|index(?:ed)?|primary key|foreign key|table)\b", plain(text)))


def _has_type(raw: str) -> bool:
    match = _ENTRY.match(raw)
    return match is not None and bool(match["rest"].strip() or (match["tick_rest"] or "").strip())


def _is_label(text: str) -> bool:
    """Whether a heading belongs to the table above it: `Columns`, `Fields`, `Indexes`."""
    return bool(re.match(r"(?i)(?:columns?|fields?|attributes?|columnas|campos|schema|definition)\b", plain(text)))


def column_of(raw: str) -> str | None:
    """The column a bullet is about; None when it is about something else."""
    match = _ENTRY.match(raw.strip())
    if match is None:
        return None
    return (match["tick"] or match["bold"] or match["bare"]).strip("`")


def roles_of(block: TableBlock) -> tuple[Role, ...]:
    """What the columns of a table are for."""
    found: list[Role] = []
    for cell, read in zip(block.header, rows.roles_of(block), strict=True):
        word = plain(cell.text).strip().lower()
        matching: list[Role] = [role for role, pattern in _ROLES if re.fullmatch(pattern, word)]
        if not matching and (role := _OF_READER.get(read)) is not None:
            matching = [role]
        found.append(matching[0] if matching and matching[0] not in found else "other")
    return tuple(found)


def named(heading: str, names: tuple[Name, ...], text: str) -> Name | None:
    """The table that a heading names: `Table: tasks`, `3. tasks table`, `Task Entity`, `sites — sedes`."""
    words = re.split(r"\s+[—\u2013-]\s+|\s*\(", plain(heading), maxsplit=1)[0]
    words = re.sub(r"^\d+(?:\.\d+)*[.)]?\s+", "", words)
    words = _FILLER.sub(" ", words).replace(":", " ").strip()
    if not words:
        return None
    if (topic := topic_of(heading)).kind == "table" and (found := _exact(topic.name, names, text)):
        return found
    if len(words.split()) > 3:
        return None
    return _exact(words.replace(" ", "_") if " " in words else words, names, text)


def _exact(word: str, names: tuple[Name, ...], text: str) -> Name | None:
    word = word.strip("\"'`").replace('"', "")
    matching = [name for name in names if word in {str(name), name.name}]
    if not matching:
        folded = _folded(word)
        matching = [name for name in names if folded in {_folded(name.name), _folded(_singular(name.name))}]
    if len(matching) > 1:
        said = [name for name in matching if re.search(rf"\b{re.escape(name.namespace)}\b", text)]
        matching = said or matching
    return matching[0] if matching else None


def _folded(word: str) -> str:
    return re.sub(r"[\W_]+", "", word).lower()


def _singular(word: str) -> str:
    from migration_ls.rendering.models.words import singular

    return singular(word)


def create_table(sql: str, name: Name, text: str) -> re.Match[str] | None:
    """Where a table is created in a piece of SQL; the match ends after the opening bracket."""
    pattern = rf"""(?ix)\bcreate\s+table\s+(?:if\s+not\s+exists\s+)?
        (?:"?{re.escape(name.namespace)}"?\s*\.\s*)?"?{re.escape(name.name)}"?\s*\("""
    match = re.search(pattern, sql)
    if match is None or name.namespace == "public" or name.namespace in match[0] or name.namespace in text:
        return match
    return None
