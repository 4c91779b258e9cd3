"""What things are called in a module, and the imports that new code needs."""

import sys
from collections.abc import Callable
from dataclasses import dataclass, field

from migration_ls.rendering.models.places import ImportPlace, Module, PlainImport
from migration_ls.text.edits import Edit, insert
from migration_ls.text.span import Span

Order = Callable[[str], tuple[int, str]]

_SAME = ("sqlalchemy", "sqlmodel")
_FALLBACK = {
    "text": "sa_text", "date": "date_type", "time": "time_type", "Enum": "SAEnum", "datetime": "datetime_type",
    "Index": "SAIndex", "Column": "SAColumn", "Text": "SAText",
}  # fmt: skip
_DIALECT = "sqlalchemy.dialects.postgresql"


@dataclass(slots=True)
class Names:
    """Finds what a name of a library is called in one module, and collects imports that are missing.

    `taken` are names that mean something else where the code will stand: fields of the class.
    """

    module: Module
    width: int = 88
    taken: frozenset[str] = frozenset()
    wanted: dict[tuple[str, str], str] = field(default_factory=dict)

    def within(self, taken: frozenset[str]) -> "Names":
        """The same module, seen from a class with these fields; imports are collected together."""
        return Names(self.module, self.width, taken, self.wanted)

    def bound(self, module: str, name: str) -> str | None:
        """What `name` of `module` is called here; None when it is not imported."""
        for statement in self.module.imports:
            if not _same_source(statement, module):
                continue
            for original, here in statement.names:
                if original == name and here not in self.taken:
                    return here
        for here, path in self.module.modules.items():
            if path == module and here.split(".", maxsplit=1)[0] not in self.taken:
                return f"{here}.{name}"
        parent, _, last = module.rpartition(".")
        if parent:
            for statement in self.module.imports:
                if statement.module == parent and statement.level == 0:
                    for original, here in statement.names:
                        if original == last and here not in self.taken:
                            return f"{here}.{name}"
        return None

    def use(self, module: str, name: str) -> str:
        """What `name` of `module` is called here, imported when it has to be."""
        if found := self.bound(module, name):
            return found
        if (key := (module, name)) in self.wanted and self.wanted[key] not in self.taken:
            return self.wanted[key]
        here = name
        if name in self.taken or self._means_something_else(name):
            here = _FALLBACK.get(name, f"sa_{name}" if module.startswith("sqlalchemy") else f"{name}_")
        self.wanted[module, name] = here
        return here

    def sa(self, name: str) -> str:
        """What SQLAlchemy's `name` is called here."""
        return self.use("sqlalchemy", name)

    def pg(self, name: str) -> str:
        """What the PostgreSQL dialect's `name` is called here."""
        return self.use(_DIALECT, name)

    def _means_something_else(self, name: str) -> bool:
        if name in self.module.top_names or name in self.module.modules:
            return True
        imported = any(here == name for item in self.module.imports for _, here in item.names)
        return imported or name in self.wanted.values()

    def import_edits(self) -> list[Edit]:
        """Edits that bring in what was used and is not imported yet."""
        edits: list[Edit] = []
        by_module: dict[str, list[tuple[str, str]]] = {}
        for (module, name), here in self.wanted.items():
            by_module.setdefault(module, []).append((name, here))
        opened: set[int] = set()
        for module in sorted(by_module, key=_import_order):
            edits += self._imports_of(module, sorted(by_module[module], key=_by_type), opened)
        return edits

    def _imports_of(self, module: str, names: list[tuple[str, str]], opened: set[int]) -> list[Edit]:
        statement = next(
            (item for item in self.module.imports if _path(item) == module and item.listing and item.names), None
        )
        plain = [pair for pair in names if pair[0] == pair[1]]
        aliased = [pair for pair in names if pair[0] != pair[1]]
        if statement is None:
            return [self._new_statement(module, names, opened)]
        edits = _merged(self.module, statement, plain, self.width) if plain else []
        if aliased:
            edits.append(insert(statement.lines.end, f"{_from(module, aliased)}{self.module.newline}"))
        return edits

    def _new_statement(self, module: str, names: list[tuple[str, str]], opened: set[int]) -> Edit:
        """A line of its own, in the place its module has in the order of imports.

        `opened` are the groups that earlier lines have begun; a blank line parts a new group from the others.
        """
        newline = self.module.newline
        text = _from(module, names)
        if len(text) > self.width:
            inner = "".join(f"    {_spelled(pair)},{newline}" for pair in names)
            text = f"from {module} import ({newline}{inner})"
        text += newline
        rank = _import_order(module)
        statements: tuple[ImportPlace | PlainImport, ...] = (*self.module.imports, *self.module.plain_imports)
        present = sorted(
            (item.lines.end, item.lines.start, _import_order(_path(item)))
            for item in statements
            if item.module != "__future__"
        )
        same = [item for item in present if item[2][0] == rank[0]]
        if same:
            before = [item for item in same if item[2][1] <= rank[1]]
            return insert(before[-1][0], self._ended(before[-1][0]) + text) if before else insert(same[0][1], text)
        fresh = rank[0] not in opened
        opened.add(rank[0])
        lower = [item for item in present if item[2][0] < rank[0]]
        if lower:
            return insert(lower[-1][0], (self._ended(lower[-1][0]) + newline if fresh else "") + text)
        if present:
            return insert(present[0][1], text if not fresh else text + newline)
        place = self.module.first_code
        blank = self.module.text[place:].lstrip(" \t")[:1] in {"", "\r", "\n"}
        return insert(place, self._ended(place) + text + (newline if fresh and not blank else ""))

    def _ended(self, offset: int) -> str:
        """A line's end where the text before the offset has none."""
        return "" if offset == 0 or self.module.text[offset - 1] in "\r\n" else self.module.newline


def _path(statement: ImportPlace | PlainImport) -> str:
    return statement.module if isinstance(statement, PlainImport) else "." * statement.level + statement.module


def _same_source(statement: ImportPlace, module: str) -> bool:
    path = _path(statement)
    if path == module:
        return True
    known = any(path == root or path.startswith(f"{root}.") for root in _SAME)
    return known and module.startswith(_SAME)


def _from(module: str, names: list[tuple[str, str]]) -> str:
    return f"from {module} import {', '.join(_spelled(pair) for pair in names)}"


def _spelled(pair: tuple[str, str]) -> str:
    return pair[0] if pair[0] == pair[1] else f"{pair[0]} as {pair[1]}"


def _import_order(module: str) -> tuple[int, str]:
    """Standard library, other packages, the project's own."""
    root = module.split(".", maxsplit=1)[0]
    if module.startswith(".") or root in {"app", "src", "backend"}:
        return 2, module
    return (0 if root in sys.stdlib_module_names else 1), module


def _by_type(pair: tuple[str, str]) -> tuple[int, str]:
    """Constants, classes, functions: the order of isort."""
    name = pair[0]
    if name.isupper() and len(name) > 1:
        return 0, name
    return (1 if name[:1].isupper() else 2), name


_ORDERS: tuple[Order, ...] = (
    lambda name: _by_type((name, name)),
    lambda name: (0, name.casefold()),
    lambda name: (0, name),
)


def _merged(module: Module, statement: ImportPlace, names: list[tuple[str, str]], width: int) -> list[Edit]:
    """Edits that add plain names to a statement, in the order its names already have."""
    listing = statement.listing
    assert listing is not None
    present = [original for original, _ in statement.names]
    order = next((key for key in _ORDERS if present == sorted(present, key=key)), None)
    inside = Span(listing.open, listing.close).of(module.text)
    edits: list[Edit] = []
    if statement.bracketed and ("\n" in inside or "\r" in inside):
        for name, _ in names:
            edits.append(_own_line(module, statement, present, order, name))
        return edits
    line = Span(statement.span.start, listing.close).of(module.text)
    if len(line) + sum(len(name) + 2 for name, _ in names) > width:
        return [_wrapped(module, statement, [name for name, _ in names], order)]
    for name, _ in names:
        later = [number for number, item in enumerate(present) if order and order(item) > order(name)]
        if later:
            edits.append(insert(listing.arguments[later[0]].span.start, f"{name}, "))
        else:
            edits.append(insert(listing.arguments[-1].span.end, f", {name}"))
    return edits


def _wrapped(module: Module, statement: ImportPlace, names: list[str], order: Order | None) -> Edit:
    """A statement that gets too long for one line, with one name a line."""
    listing = statement.listing
    assert listing is not None
    items = [
        (original, module.code(item.span))
        for (original, _), item in zip(statement.names, listing.arguments, strict=True)
    ]
    items += [(name, name) for name in names]
    if order is not None:
        items.sort(key=lambda item: order(item[0]))
    newline = module.newline
    inner = "".join(f"    {spelled},{newline}" for _, spelled in items)
    if statement.bracketed:
        return Edit(Span(listing.open, listing.close), f"{newline}{inner}")
    return Edit(Span(listing.open, listing.arguments[-1].span.end), f"({newline}{inner})")


def _own_line(module: Module, statement: ImportPlace, present: list[str], order: "Order | None", name: str) -> Edit:
    listing = statement.listing
    assert listing is not None
    text = module.text
    one_each = len({module.line_span(item.span).start for item in listing.arguments}) == len(listing.arguments)
    later = [i for i, item in enumerate(present) if order and order(item) > order(name)]
    if later:
        place = listing.arguments[later[0]].span
        start = module.line_span(place).start
        if one_each and not text[start : place.start].strip():
            return insert(place.start, f"{name},{module.newline}{text[start : place.start]}")
        return insert(place.start, f"{name}, ")
    last = listing.arguments[-1].span
    start = module.line_span(last).start
    indent = text[start : last.start]
    if one_each and not indent.strip():
        if listing.comma is not None:
            return insert(listing.comma, f"{module.newline}{indent}{name},")
        return insert(last.end, f",{module.newline}{indent}{name}")
    return insert(last.end, f", {name}")
