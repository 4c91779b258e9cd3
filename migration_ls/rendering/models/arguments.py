"""Constraints and indexes as items of `__table_args__`."""

import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import assert_never

from migration_ls.rendering.models.conventions import Conventions
from migration_ls.rendering.models.layout import CallText, Code, Layout, call, one_line
from migration_ls.rendering.models.listings import Items, edit_listing
from migration_ls.rendering.models.places import ClassPlace, Module
from migration_ls.rendering.models.types import Typist, UnsayableTypeError
from migration_ls.schema.names import Name
from migration_ls.schema.tables import (
    Check,
    Constraint,
    Exclusion,
    ForeignKey,
    Index,
    IndexPart,
    PrimaryKey,
    Unique,
)
from migration_ls.text.edits import Edit, apply_edits, insert

_EXCLUSION = re.compile(
    r"EXCLUDE\s+(?:USING\s+(?P<method>\w+)\s*)?\((?P<elements>.*?)\)(?:\s*WHERE\s*\((?P<where>.*)\))?",
    re.DOTALL | re.IGNORECASE,
)
_ELEMENT = re.compile(r"(?P<what>.+?)\s+WITH\s+(?P<operator>\S+)", re.DOTALL | re.IGNORECASE)
_COLUMN = re.compile(r'"(?P<quoted>(?:[^"]|"")+)"|(?P<plain>[a-z_][a-z0-9_$]*)')
_PARAMETER = re.compile(r"(?<![:\w\\]):(?=\w)")


def constraint_code(typist: Typist, constraint: Constraint, table: Name, conventions: Conventions) -> Code:
    """The constraint as SQLAlchemy writes it, named so that the metadata's convention leads to its name.

    Raises:
        UnsayableTypeError: it has no form here.
    """
    names, layout = typist.names, typist.layout
    quoted: Code | None = layout.string(constraint.name) if constraint.name else None
    match constraint:
        case Check(expression=expression):
            if constraint.name:
                given, final = conventions.check(table, constraint.name)
                quoted = layout.string(given)
                quoted = call(names.use("sqlalchemy.schema", "conv"), quoted) if final else quoted
            return call(names.sa("CheckConstraint"), layout.string(_sql(expression.text)), name=quoted)
        case Unique(columns=columns):
            nulls = "True" if constraint.nulls_not_distinct else None
            include = _strings(layout, constraint.include) if constraint.include else None
            return call(
                names.sa("UniqueConstraint"),
                *map(layout.string, columns),
                name=quoted,
                deferrable="True" if constraint.deferrable else None,
                postgresql_nulls_not_distinct=nulls,
                postgresql_include=include,
            )
        case ForeignKey(columns=columns):
            references = tuple(f"{constraint.ref_table}.{column}" for column in constraint.ref_columns)
            return call(
                names.sa("ForeignKeyConstraint"),
                _strings(layout, columns),
                _strings(layout, references),
                name=quoted,
                ondelete=None if constraint.on_delete == "NO ACTION" else layout.string(constraint.on_delete),
                onupdate=None if constraint.on_update == "NO ACTION" else layout.string(constraint.on_update),
                deferrable="True" if constraint.deferrable else None,
            )
        case PrimaryKey(columns=columns):
            return call(names.sa("PrimaryKeyConstraint"), *map(layout.string, columns), name=quoted)
        case Exclusion():
            return _exclusion(typist, constraint, quoted)
        case _:
            assert_never(constraint)


def _exclusion(typist: Typist, constraint: Exclusion, name: Code | None) -> Code:
    names, layout = typist.names, typist.layout
    found = _EXCLUSION.fullmatch(constraint.definition.strip())
    elements = [_ELEMENT.fullmatch(part.strip()) for part in _parts(found["elements"])] if found else []
    known = [item for item in elements if item is not None]
    if found is None or len(known) != len(elements):
        raise UnsayableTypeError(f"the exclusion constraint `{constraint.name}` has no form that is known here")
    items: list[Code] = []
    for item in known:
        what = item["what"].strip()
        plain = _COLUMN.fullmatch(what)
        column = (plain["quoted"] or plain["plain"]).replace('""', '"') if plain else ""
        target: Code = layout.string(column) if plain else call(names.sa("text"), layout.string(_sql(what)))
        items.append(CallText("", ((None, target), (None, layout.string(item["operator"])))))
    where = call(names.sa("text"), layout.string(_sql(found["where"]))) if found["where"] else None
    method = found["method"] or "btree"
    return call(
        names.pg("ExcludeConstraint"),
        *items,
        name=name,
        using=None if method == "gist" else layout.string(method),
        where=where,
    )


def _parts(text: str) -> list[str]:
    """The text split at commas outside brackets and quotes."""
    parts, depth, start, quote = [], 0, 0, ""
    for number, char in enumerate(text):
        if quote:
            quote = "" if char == quote else quote
        elif char in "'\"":
            quote = char
        elif char in "([":
            depth += 1
        elif char in ")]":
            depth -= 1
        elif char == "," and depth == 0:
            parts.append(text[start:number])
            start = number + 1
    return [*parts, text[start:]]


def index_code(typist: Typist, index: Index) -> Code:
    """The index as SQLAlchemy writes it."""
    names, layout = typist.names, typist.layout
    classes = tuple(
        (layout.string(part.text), layout.string(part.opclass))
        for part in index.parts
        if part.opclass and not part.is_expression
    )
    where = call(names.sa("text"), layout.string(_sql(index.where.text))) if index.where else None
    return call(
        names.sa("Index"),
        layout.string(index.name) if index.name else "None",
        *(_part(typist, part) for part in index.parts),
        unique="True" if index.unique else None,
        postgresql_using=None if index.using == "btree" else layout.string(index.using),
        postgresql_ops=CallText("{", classes) if classes else None,
        postgresql_where=where,
        postgresql_include=_strings(layout, index.include) if index.include else None,
        postgresql_nulls_not_distinct="True" if index.nulls_not_distinct else None,
    )


def _part(typist: Typist, part: IndexPart) -> Code:
    if not part.is_expression and not part.descending and not part.nulls and not part.collation:
        return typist.layout.string(part.text)
    words = str(part)
    if part.collation:
        words = words.replace(part.text, f'{part.text} COLLATE "{part.collation}"', 1)
    if part.is_expression and part.opclass:
        words = words.replace(part.text, f"{part.text} {part.opclass}", 1)
    return call(typist.names.sa("text"), typist.layout.string(words))


def _strings(layout: Layout, values: Sequence[str]) -> str:
    return "[" + ", ".join(map(layout.string, values)) + "]"


def _sql(text: str) -> str:
    """SQL for `text()` and checks, which take `:name` for a parameter."""
    flat = " ".join(text.split()) if "'" not in text else text.strip()
    return _PARAMETER.sub(r"\\:", flat)


def args_edits(
    module: Module,
    layout: Layout,
    place: ClassPlace,
    add: Sequence[Code],
    drop: Sequence[int],
    inherited: str | None,
    options: Mapping[str, Code | None] | None = None,
) -> list[Edit] | None:
    """Edits that add items to `__table_args__` and take others away; None when it cannot be edited.

    `options` are entries of its dictionary that shall be otherwise, None for those that go.
    `inherited` is an expression for the arguments a base class gives, with a star where they are a tuple.
    """
    field = place.field("__table_args__")
    given = {key: value for key, value in (options or {}).items() if value is not None}
    entries = CallText("{", tuple((layout.string(key), value) for key, value in given.items()))
    if field is None:
        if given and not add and not inherited:
            head = f"{place.indent}__table_args__ = "
            return [_placed(module, layout, place, head + layout.render(entries, place.indent, len(head)))]
        if given and inherited and not inherited.startswith("*"):
            own = ", ".join(f"{layout.string(key)}: {one_line(value)}" for key, value in given.items())
            return _new_args(module, layout, place, add, f"{{**{inherited}, {own}}}")
        add = [*add, *([entries] if given else [])]
        return _new_args(module, layout, place, add, inherited) if add else []
    listing = module.listing(field.value_node)
    if listing is None or module.text[listing.open - 1] == "[":
        return None if add else []
    change = Items(change=given, remove=frozenset(set(options or {}) - set(given)), dict_keys=True)
    if listing.function == "" and module.text[listing.open - 1] == "(":
        last = module.listing(listing.arguments[-1].node) if listing.arguments else None
        if options and last is not None and module.text[last.open - 1] == "{":
            found = edit_listing(module, replace(layout, width=sys.maxsize), last, change)
            start = listing.arguments[-1].span.start
            text = apply_edits(
                module.code(listing.arguments[-1].span), [Edit(item.span.shifted(-start), item.new) for item in found]
            )
            items = Items(
                change={},
                add=[(None, x) for x in add],
                drop=frozenset(drop),
                replace={len(listing.arguments) - 1: text},
            )
            return edit_listing(module, layout, listing, items)
        add = [*add, *([entries] if given else [])]
        if not add and len(drop) == len(listing.arguments) and field.alone:
            return [Edit(field.lines, "")]
        return edit_listing(
            module, layout, listing, Items(change={}, add=[(None, x) for x in add], drop=frozenset(drop))
        )
    if options and not add and module.text[listing.open - 1] == "{":
        return edit_listing(module, layout, listing, change)
    if not add or field.value is None:
        return []
    head = place.indent + "__table_args__ = "
    code = CallText("", (*((None, item) for item in add), (None, module.code(field.value))))
    return [Edit(field.value, layout.render(code, place.indent, len(head)))]


def _new_args(
    module: Module, layout: Layout, place: ClassPlace, add: Sequence[Code], inherited: str | None
) -> list[Edit]:
    items = (*add, inherited) if inherited else tuple(add)
    head = f"{place.indent}__table_args__ = "
    if inherited and not add and inherited.startswith("{"):
        return [_placed(module, layout, place, f"{head}{inherited}")]
    code = CallText("", tuple((None, item) for item in items))
    single = len(items) == 1 and not inherited
    text = layout.render(code, place.indent, len(head)) if single else layout.exploded(code, place.indent)
    return [_placed(module, layout, place, f"{head}{text}")]


def _placed(module: Module, layout: Layout, place: ClassPlace, statement: str) -> Edit:
    """A new statement behind `__tablename__`, or at the top of the class."""
    line = f"{statement}{layout.newline}"
    name = place.field("__tablename__")
    if name is not None:
        return insert(name.lines.end, line)
    if place.is_empty and place.docstring is not None:
        return insert(top_of_body(module, place), layout.newline + line)
    return insert(top_of_body(module, place), line + layout.newline)


def top_of_body(module: Module, place: ClassPlace) -> int:
    """Where the first statement of a class may stand: behind its docstring and the blank line after that."""
    if place.docstring is None:
        return place.header_end
    end = module.line_span(place.docstring).end
    line = re.match(r"[ \t]*(\r\n|\n|\r)", module.text[end:])
    return end + line.end() if line else end
