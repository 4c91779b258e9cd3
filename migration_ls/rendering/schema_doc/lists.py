"""Indexes and constraints that a document lists apart from the columns."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from migration_ls.rendering.schema_doc.request import Wish
from migration_ls.rendering.schema_doc.shape import BulletList, ColumnTable, Form, Shape, first_block
from migration_ls.schema.tables import Check, Constraint, Index, Unique
from migration_ls.sources.markdown.blocks import Block, Bullet, Heading, Paragraph
from migration_ls.sources.markdown.inline import plain
from migration_ls.text.edits import Edit, insert
from migration_ls.text.lines import LineIndex
from migration_ls.text.span import Span

_INDEXES = re.compile(r"(?i)\b(?:indexes|indices|indexed|index|índices?)\b")
_INLINE = re.compile(r"(?i)^(?P<mark>\**(?:indexes|indices|índices)\**\s*:\**\s*)(?P<items>\S.*)\Z", re.DOTALL)
_ANY_LIST = re.compile(r"(?i)\b(?:indexes|indices|índices?|keys|constraints)\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Listing:
    """A list of indexes: its bullets, whether it is the whole document's, and what stands before it."""

    bullets: tuple[Bullet, ...]
    shared: bool
    label: Block | None = None


def edit_lists(text: str, shape: Shape, form: Form, wish: Wish, newline: str) -> Iterator[Edit]:
    """Entries for new indexes and for constraints that have no place at a column, without dropped ones."""
    editor = _Lists(text, shape, form, wish, newline)
    yield from editor.dropped()
    yield from editor.indexes()
    yield from editor.constraints()


def _best(section: tuple[Block, ...]) -> _Listing | None:
    """The list of a section that speaks most of indexes."""
    found: list[tuple[int, _Listing]] = []
    label: Block | None = None
    for number, block in enumerate(section):
        if isinstance(block, Bullet):
            if number and isinstance(section[number - 1], Bullet):
                continue
            bullets = [block]
            for following in section[number + 1 :]:
                if not isinstance(following, Bullet):
                    break
                bullets.append(following)
            if rank := _rank(label, bullets):
                found.append((rank, _Listing(bullets=tuple(bullets), shared=False, label=label)))
            label = None
        else:
            label = block if isinstance(block, (Paragraph, Heading)) and len(block.text) < 60 else None
    return max(found, key=lambda item: item[0])[1] if found else None


def _rank(label: Block | None, bullets: list[Bullet]) -> int:
    words = label.text if isinstance(label, (Paragraph, Heading)) else ""
    if _INDEXES.search(words):
        return 4
    if any(re.match(r"(?i)(?:unique )?index(?:ed)?\b", plain(item.text)) for item in bullets):
        return 3
    if re.search(r"(?i)foreign|relation|fk", words):
        return 0
    return 2 if _ANY_LIST.search(words) else 0


def lists_of(text: str, shape: Shape, form: Form, wish: Wish, newline: str) -> str:
    """What a new table's section says behind its columns, in the manner of the document; each part ends its line."""
    return _Lists(text, shape, form, wish, newline).whole()


class _Lists:
    def __init__(self, text: str, shape: Shape, form: Form, wish: Wish, newline: str) -> None:
        self._text = text
        self._shape = shape
        self._form = form
        self._wish = wish
        self._newline = newline
        self._index = LineIndex(text)
        self._section = shape.section(form)

    def _lines(self, block: Block) -> Span:
        starts = self._index.starts
        last = self._index.line(block.span.end)
        return Span(starts[block.line], starts[last + 1] if last + 1 < len(starts) else len(self._text))

    def _own_list(self) -> _Listing | None:
        """The list of indexes in the table's own section; else that of its keys or constraints."""
        return _best(self._section)

    def _shared_list(self) -> _Listing | None:
        """The list of all tables' indexes."""
        blocks = self._shape.document.blocks
        for number, block in enumerate(blocks):
            if not isinstance(block, Heading) or not re.fullmatch(
                r"(?i)(?:database )?(?:indexes|indices|índices)", plain(block.text)
            ):
                continue
            if any(first_block(form) in self._shape.section(form) for form in self._shape.forms):
                continue
            bullets: list[Bullet] = []
            for following in blocks[number + 1 :]:
                if isinstance(following, Heading):
                    break
                if isinstance(following, Bullet):
                    bullets.append(following)
            own = bool(block.section) and block in self._section
            if bullets and not own:
                return _Listing(bullets=tuple(bullets), shared=True)
        return None

    def _inline(self) -> tuple[Paragraph, re.Match[str]] | None:
        """A line such as ``Indexes: `ix` (a), `iy` (b)``."""
        for block in self._section:
            if isinstance(block, Paragraph) and (match := _INLINE.match(block.span.of(self._text))):
                return block, match
        return None

    def _said(self, index: Index) -> bool:
        """Whether the document names the index, or lists its columns as an index of the table."""
        if index.name and re.search(rf"\b{re.escape(index.name)}\b", self._text):
            return True
        listing = self._own_list() or self._shared_list()
        texts = [item.text for item in listing.bullets] if listing else []
        if isinstance(self._form, BulletList) and len(index.parts) == 1:
            texts += [
                item.text for item in self._form.bullets
                if plain(item.text).startswith(index.parts[0].text) and re.search(r"(?i)\bindexed\b", item.text)
            ]  # fmt: skip
        name = str(self._wish.table.name)
        columns = ", ".join(map(str, index.parts))
        for text in texts:
            said = plain(text)
            if len(index.parts) == 1 and re.match(rf"{re.escape(name)}\.{re.escape(columns)}\b", said):
                return True
            shared = bool(listing and listing.shared)
            if f"({columns})" in said and (not shared or said.startswith(name)):
                return True
            if re.search(
                rf"(?i)index(?:ed)?(?: by| on)?:? \(?{re.escape(columns)}\)?(?:\s+(?:using|where)\b|\s*\Z)", said
            ):
                return True
            if isinstance(self._form, BulletList) and said.startswith(f"{columns} (") and "indexed" in said:
                return True
        return False

    def indexes(self) -> Iterator[Edit]:
        """Entries for new indexes."""
        new = [item for item in self._wish.changes.indexes if not self._said(item)]
        if not new:
            return
        if inline := self._inline():
            block, _ = inline
            yield insert(block.span.end, "".join(f", {self._short(item)}" for item in new))
            return
        listing = self._own_list() or self._shared_list()
        if listing is not None:
            anchor = self._anchor(listing)
            lead = self._text[self._index.starts[anchor.line] : anchor.span.start]
            lines = [lead + self._entry(listing, item) for item in new]
            yield self._behind(self._lines(anchor).end, lines)
            return
        yield self._paragraphs([self._listed(new)])

    def whole(self) -> str:
        """Keys of several columns, checks of several columns, indexes."""
        table, bullets = self._wish.table, isinstance(self._form, BulletList)
        notes = [
            f"({', '.join(key.columns)}) references {key.ref_table} ({', '.join(key.ref_columns)})"
            for key in table.foreign_keys
            if len(key.columns) > 1
        ]
        notes += [self._words_of(item) for item in table.uniques if len(item.columns) > 1]
        notes += [self._words_of(item) for item in table.checks if not self._at_column(item)]
        lead = "- " if bullets else ""
        gap = "" if bullets else self._newline
        parts = [f"{gap}{lead}{note}{self._newline}" for note in notes]
        if table.indexes:
            parts.append(f"{self._newline}{self._listed(list(table.indexes))}{self._newline}")
        return "".join(parts)

    def _at_column(self, check: Check) -> bool:
        if len(check.expression.columns) != 1:
            return False
        if isinstance(self._form, ColumnTable):
            return "constraints" in self._form.roles or bool(check.expression.allowed_values)
        return True

    def _listed(self, indexes: list[Index]) -> str:
        """Indexes under a label, as another table has them; else on one line."""
        borrowed = self._borrowed()
        if borrowed is None or borrowed.label is None:
            return f"{self._label()}{', '.join(map(self._short, indexes))}"
        label = self._lines(borrowed.label).of(self._text).rstrip("\r\n")
        first = borrowed.bullets[0]
        gap = self._newline if first.line > borrowed.label.line + 1 else ""
        lead = self._text[self._index.starts[first.line] : first.span.start]
        lines = [lead + self._entry(borrowed, item) for item in indexes]
        return f"{label}{self._newline}{gap}{self._newline.join(lines)}"

    def _borrowed(self) -> _Listing | None:
        """The list of another table, as a model for a new one."""
        for form in self._shape.forms:
            listing = _best(self._shape.section(form))
            label = listing.label if listing else None
            if isinstance(label, (Paragraph, Heading)) and _INDEXES.search(label.text):
                return listing
        return None

    def _label(self) -> str:
        """What the document writes before indexes on one line."""
        for block in self._shape.document.blocks:
            if isinstance(block, Paragraph) and (match := _INLINE.match(block.span.of(self._text))):
                return match["mark"]
        return "Indexes: "

    def _anchor(self, listing: _Listing) -> Bullet:
        """The last bullet about the same table, else the last one."""
        name = str(self._wish.table.name)
        own = [item for item in listing.bullets if plain(item.text).startswith((f"{name}.", f"{name} "))]
        indexes = [item for item in listing.bullets if _INDEXES.search(item.text)]
        if listing.shared:
            return (own or list(listing.bullets))[-1]
        return (indexes or list(listing.bullets))[-1]

    def _behind(self, end: int, lines: list[str]) -> Edit:
        ended = "" if end and self._text[end - 1] in "\r\n" else self._newline
        tail = "" if ended else self._newline
        return insert(end, ended + self._newline.join(lines) + tail)

    def _paragraphs(self, texts: list[str]) -> Edit:
        """Paragraphs behind the columns."""
        end = self._lines(self._form.last).end
        block = self._newline.join(f"{self._newline}{text}{self._newline}".rstrip("\r\n") for text in texts)
        ended = "" if end and self._text[end - 1] in "\r\n" else self._newline
        return insert(end, f"{ended}{block}{self._newline}")

    def _details(self, index: Index) -> list[str]:
        words = ["unique"] if index.unique else []
        words += [index.using.upper()] if index.using != "btree" else []
        return words

    def _columns(self, index: Index) -> str:
        return ", ".join(f"{part} {part.opclass}" if part.opclass else str(part) for part in index.parts)

    def _where(self, index: Index) -> str:
        return f" where {index.where.text}" if index.where else ""

    def _short(self, index: Index) -> str:
        """`` `ix_readings_at` BRIN (at) ``."""
        details = "".join(f" {word.upper()}" for word in self._details(index))
        return f"`{index.name}`{details} ({self._columns(index)}){self._where(index)}"

    def _entry(self, listing: _Listing, index: Index) -> str:
        """An index as the bullets of a list say it."""
        raws = [item.span.of(self._text) for item in listing.bullets]
        name = str(self._wish.table.name)
        columns, details = self._columns(index), self._details(index)
        single = len(index.parts) == 1 and not index.parts[0].is_expression and not index.where
        if listing.shared:
            return self._shared_entry(raws, name, index)
        if any(re.match(r"`?[\w$]+`?\s*(?::|on|\(|using)", raw) and re.match(r"`", raw) for raw in raws):
            unique = "UNIQUE INDEX " if index.unique else ""
            using = f"using {index.using} " if index.using != "btree" else ""
            on = "on " if any(re.search(r"(?i)\bon\s*\(", raw) for raw in raws) else ""
            mark = ": " if unique else " "
            if on:
                return f"`{index.name}`{mark}{unique}{using}on ({columns}){self._where(index)}"
            return f"`{index.name}`{mark}{unique}{using}({columns}){self._where(index)}"
        if any(raw.lower().startswith("indexed by") for raw in raws) and single and not details:
            return f"Indexed by `{columns}`"
        if any(re.match(r"(?i)(?:unique )?index on", raw) for raw in raws) or listing.bullets[0].text[:1] == "(":
            lead = "unique index" if index.unique else "index"
            using = f" using {index.using}" if index.using != "btree" else ""
            body = columns if single else f"({columns})"
            return f"{lead} on {body}{using}{self._where(index)}"
        if single and not details and all(re.fullmatch(r"`?\w+`?", raw.strip()) for raw in raws):
            return f"`{columns}`" if raws[0].startswith("`") else columns
        body = columns if single else f"({columns})"
        notes = ", ".join(details)
        return f"{body} - {notes}{self._where(index)}" if notes else f"{body}{self._where(index)}"

    def _shared_entry(self, raws: list[str], name: str, index: Index) -> str:
        columns, details = self._columns(index), self._details(index)
        single = len(index.parts) == 1 and not index.parts[0].is_expression
        body = f"{name}.{columns}" if single else f"{name} ({columns})"
        if all(raw.startswith("`") for raw in raws):
            body = f"`{body}`"
        notes = ", ".join([*details, *self._reason(index)])
        if any(re.search(r"\s[-—\u2013]\s", raw) for raw in raws):
            return f"{body} - {notes}{self._where(index)}" if notes else f"{body}{self._where(index)}"
        return f"{body} ({notes}){self._where(index)}" if notes else f"{body}{self._where(index)}"

    def _reason(self, index: Index) -> list[str]:
        """Why the index is there, when the purpose of its column is known."""
        return [f"filtering by {index.parts[0].text}"] if len(index.parts) == 1 and not index.unique else []

    def constraints(self) -> Iterator[Edit]:
        """Paragraphs or bullets for checks and unique constraints of several columns."""
        texts = [said for item in self._wish.changes.constraints if (said := self._constraint(item))]
        if not texts:
            return
        if isinstance(self._form, BulletList):
            bullet = self._form.bullets[-1]
            lead = self._text[self._index.starts[bullet.line] : bullet.span.start]
            listed = any(re.match(r"(?i)(?:check|unique)\b", item.text) for item in self._tail_bullets())
            if listed or not self._own_list():
                yield self._behind(self._lines(self._form.last).end, [lead + text for text in texts])
                return
        yield self._paragraphs(texts)

    def _tail_bullets(self) -> list[Bullet]:
        return [block for block in self._shape.document.blocks if isinstance(block, Bullet)]

    def _constraint(self, item: Constraint) -> str | None:
        """A constraint's words; None where the columns say it."""
        match item:
            case Check():
                named = bool(item.name and item.name in self._text)
                if named or item.expression.text in self._text or self._said_at_column(item):
                    return None
                return self._words_of(item)
            case Unique(columns=columns) if len(columns) > 1:
                section = "\n".join(block.span.of(self._text) for block in self._section)
                said = re.escape(f"({', '.join(columns)})")
                return None if re.search(rf"(?i)unique[^\n]*{said}", section) else self._words_of(item)
            case _:
                return None

    def _words_of(self, item: Check | Unique) -> str:
        if isinstance(item, Unique):
            said = f"({', '.join(item.columns)})"
            name = f" `{item.name}`" if item.name else ""
            return f"unique {said}" if isinstance(self._form, BulletList) else f"Unique{name}: {said}"
        if isinstance(self._form, BulletList):
            return f"check{f' {item.name}' if item.name else ''}: {item.expression.text}"
        return f"Check{f' `{item.name}`' if item.name else ''}: `{item.expression.text}`"

    def _said_at_column(self, check: Check) -> bool:
        """Whether the check is said at its column, or will be with the column's new entry."""
        columns = check.expression.columns
        if len(columns) != 1:
            return False
        column = next(iter(columns))
        new = column in self._wish.changes.columns and self._missing(column)
        if isinstance(self._form, ColumnTable):
            row = self._form.row(column)
            said = " ".join(cell.text for cell in row) if row else ""
            values = check.expression.allowed_values
            if new or "constraints" in self._form.roles:
                return "constraints" in self._form.roles or bool(values)
            return bool(values) and all(value in said for value in values)
        if isinstance(self._form, BulletList):
            values = check.expression.allowed_values
            found = self._form.bullet(self._text, column)
            return new or bool(values and found and all(value in found.text for value in values))
        return False

    def _missing(self, column: str) -> bool:
        if isinstance(self._form, ColumnTable):
            return self._form.row(column) is None
        return isinstance(self._form, BulletList) and self._form.bullet(self._text, column) is None

    def dropped(self) -> Iterator[Edit]:
        """Take away bullets about indexes and constraints that go."""
        names = {*self._wish.changes.dropped_indexes, *self._wish.changes.dropped_constraints}
        table = str(self._wish.table.name)
        own, shared = self._own_list(), self._shared_list()
        for listing in (own, shared):
            for bullet in listing.bullets if listing else ():
                said = plain(bullet.text)
                named = any(re.search(rf"\b{re.escape(name)}\b", said) for name in names)
                about = not (listing and listing.shared) or said.startswith((f"{table}.", f"{table} "))
                words = set(re.findall(r"\w+", said))
                if named or (about and words & set(self._wish.changes.dropped)):
                    yield Edit(self._lines(bullet), "")
