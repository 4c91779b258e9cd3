"""Lists in lists: a column's properties under its name, columns under a table's name."""

import re
from collections.abc import Sequence

from migration_ls.sources.markdown.blocks import Bullet
from migration_ls.sources.markdown.inline import masked
from migration_ls.sources.schema_doc.entries import Entry
from migration_ls.sources.schema_doc.said import Said
from migration_ls.sources.schema_doc.scan import scan
from migration_ls.sources.schema_doc.topics import Kind
from migration_ls.text.span import Span

_PROPERTY = re.compile(
    r"\s*(?P<name>(?:data\s+)?type|tipo|constraints?|restricciones|defaults?(?:\s+value)?|nullable|required|"
    r"references?|foreign\s+key|fk|"
    r"unique|indexed|primary\s+key|max(?:imum)?[\s_]*length|length|description|purpose|validation|rules?|notes?|"
    r"format)\s*:\s*(?P<value>.*)",
    re.IGNORECASE,
)
_YES = re.compile(r"(?:yes|true|s[ií]|✓|✅)\b.*", re.IGNORECASE)
_NO = re.compile(r"(?:no|false|✗|❌)\b.*", re.IGNORECASE)


class Nested:
    """The bullets above the next one, as far as they matter to it."""

    def __init__(self) -> None:
        self._labels: list[tuple[int, Kind]] = []
        self._columns: tuple[int, tuple[Entry, ...]] | None = None
        self._table: Bullet | None = None
        self._open: Entry | None = None

    def leave(self) -> None:
        """The list is over."""
        self._columns, self._table, self._open = None, None, None
        self._labels.clear()

    @property
    def label(self) -> Kind | None:
        """What the list is about that the next bullet stands in, where a bullet above says so: `- indexes`."""
        return self._labels[-1][1] if self._labels else None

    def enter(self, block: Bullet) -> None:
        """The next bullet: what stands beside it or deeper is over."""
        while self._labels and self._labels[-1][0] >= block.depth:
            self._labels.pop()

    def is_label(self, block: Bullet, kind: Kind) -> bool:
        """Takes a bullet that says what those under it are about; not where it speaks of a column."""
        if self._columns is not None and block.depth > self._columns[0] and self._open is None:
            return False
        self._labels.append((block.depth, kind))
        self._columns, self._open = None, None
        return True

    def start(self, block: Bullet, name: str) -> None:
        """A bullet that is a name and nothing else: a column that its own list describes, or a table of columns."""
        self._table = block
        place = re.search(re.escape(name), block.text)
        start = block.span.start + (place.start() if place else 0)
        said = Said(places={"name": Span(start, start + len(name))})
        self._open = Entry(name=name, said=said, span=block.span)
        self._columns = (block.depth, (self._open,))

    def ready(self) -> tuple[Entry, ...]:
        """The column that began with nothing but a name, once its type is told."""
        if self._open is None or not self._open.said.is_typed:
            return ()
        entry, self._open, self._table = self._open, None, None
        return (entry,)

    def table(self, block: Bullet) -> None:
        """A bullet that may name the table of those under it."""
        self._table = block
        self._columns, self._open = None, None

    def parent_table(self, block: Bullet) -> Bullet | None:
        """The bullet above that names the table of this one's column."""
        if self._table is None:
            return None
        labels = sum(self._table.depth < depth < block.depth for depth, _ in self._labels)
        return self._table if block.depth == self._table.depth + 1 + labels else None

    def columns(self, block: Bullet, entries: Sequence[Entry]) -> None:
        """Columns that bullets under theirs may describe."""
        if self._table is not None and block.depth <= self._table.depth:
            self._table = None
        self._open = None
        self._columns = (block.depth, tuple(entries))

    def detail(self, block: Bullet) -> bool:
        """Whether the bullet belongs to the column above it; what it says is added there."""
        if self._columns is None or block.depth <= self._columns[0]:
            return False
        words = masked(block.text)
        match = _PROPERTY.match(words)
        bare = self._columns[1][0].said
        if match is None:
            return bare.is_typed and self._open is None
        for entry in self._columns[1]:
            _read(entry.said, match, block.span.start - entry.base)
        return True


def _read(said: Said, match: "re.Match[str]", base: int) -> None:
    name = " ".join(match["name"].lower().replace("_", " ").split())
    value = match["value"]
    start = base + match.start("value")
    if name.endswith("type") or name == "tipo":
        scan(said, value, start, "entry")
    elif name in {"description", "purpose"} or name.startswith("note"):
        said.comment = said.comment or " ".join(value.split())
    elif _YES.fullmatch(value.strip()) or _NO.fullmatch(value.strip()):
        _answer(said, name, yes=bool(_YES.fullmatch(value.strip())))
        if name in {"nullable", "required"}:
            said.places["nullable"] = Span(start, start + len(value.rstrip()))
    else:
        whole = (
            value
            if name.startswith(("constraint", "validation", "rule", "restric", "nullable"))
            else match[0].replace(":", " ", 1)
        )
        offset = start if whole is value else base
        scan(said, whole, offset, "words")


def _answer(said: Said, name: str, *, yes: bool) -> None:
    match name:
        case "nullable":
            said.nullable = yes
        case "required":
            said.nullable = not yes
        case "unique" | "primary key" | "indexed" if yes:
            said.unique = said.unique or name == "unique"
            said.primary_key = said.primary_key or name == "primary key"
            said.index = "btree" if name == "indexed" else said.index
        case _:
            pass
