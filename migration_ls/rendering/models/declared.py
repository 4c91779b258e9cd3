"""Columns of plain SQLAlchemy: `Mapped[...]` with `mapped_column(...)`, `Column(...)` in a class or a `Table(...)`."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import Enum, auto

import libcst as cst

from migration_ls.rendering.models.annotated import without_none
from migration_ls.rendering.models.fields import Extras, Writer, action, field_name, target_of
from migration_ls.rendering.models.layout import CallText, Code, Layout, call, one_line
from migration_ls.rendering.models.listings import Items, edit_listing
from migration_ls.rendering.models.places import Argument, FieldPlace, Listing, Module
from migration_ls.rendering.models.types import TypeSaying, Typist, UnsayableTypeError
from migration_ls.schema.tables import Column, ForeignKey
from migration_ls.text.edits import Edit
from migration_ls.text.span import Span

MAKERS = frozenset({"Column", "mapped_column", "MappedColumn"})
_NO_TYPES = frozenset(
    {"ForeignKey", "CheckConstraint", "Computed", "Identity", "Sequence", "FetchedValue", "DefaultClause"}
)
_MAPPED = re.compile(r"""(?:\w+\.)*Mapped\[""")


class Style(Enum):
    """How columns of a class without `table=True` are written."""

    MAPPED = auto()
    DATACLASS = auto()
    """As `MAPPED`, and the class is a dataclass."""
    COLUMN = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclaredWriter(Writer):
    """Writes new columns of classes of plain SQLAlchemy."""

    style: Style
    explicit: bool = False
    """Whether annotations mean other types than usual here, so that types are always written out."""

    def new_field(self, column: Column, extras: Extras) -> str:
        """The statement of a new column, without the line's end, with its indentation."""
        name, renamed = field_name(column.name)
        names = self.typist.names
        if self.style is Style.COLUMN:
            code = column_code(self, column, extras, names.sa("Column"), renamed, mapped=False)
            head = f"{self.indent}{name} = "
            return head + self.layout.render(code, self.indent, len(head))
        annotation = self.typist.say(column.type).annotation
        nullable = column.nullable is not False and not extras.primary
        inner = self.optional(annotation) if nullable else annotation
        head = f"{self.indent}{name}: {names.use('sqlalchemy.orm', 'Mapped')}[{inner}]"
        maker = names.bound("sqlalchemy.orm", "mapped_column") or "mapped_column"
        code = column_code(self, column, extras, maker, renamed, mapped=True)
        if not code.items:
            return head
        names.use("sqlalchemy.orm", "mapped_column")
        return f"{head} = {self.layout.render(code, self.indent, len(head) + 3)}"


def column_code(
    writer: Writer, column: Column, extras: Extras, function: str, name: str | None, *, mapped: bool
) -> CallText:
    """The call that makes a column; with `mapped` the annotation says whether it takes NULL."""
    typist, layout = writer.typist, writer.layout
    style = writer.style if isinstance(writer, DeclaredWriter) else Style.COLUMN
    saying = typist.say(column.type)
    positional: list[Code] = [layout.string(name)] if name else []
    explicit = not mapped or (isinstance(writer, DeclaredWriter) and writer.explicit)
    if explicit or not says_itself(column, saying):
        positional.append(saying.column())
    if extras.key:
        positional.append(key_code(typist, layout, extras.key))
    if column.generated:
        positional.append(
            call(typist.names.sa("Computed"), layout.string(column.generated.canonical), persisted="True")
        )
    if column.identity:
        positional.append(identity_code(typist, column))
    nullable = column.nullable is not False
    has_default = column.default is not None and not column.default.is_null and column.generated is None
    keywords: dict[str, Code | None] = {
        "primary_key": "True" if extras.primary else None,
        "nullable": None if mapped or extras.primary or nullable else "False",
        "index": "True" if extras.index else None,
        "unique": "True" if extras.unique else None,
        "default": _python_default(writer, column, saying) if has_default and style is not Style.DATACLASS else None,
        "server_default": typist.server_default(column.default, column.type)
        if column.default and has_default
        else None,
        "comment": layout.string(column.comment) if column.comment else None,
    }
    if style is Style.DATACLASS:
        keywords |= {"default": "None"} if nullable and not has_default else {"init": "False"}
    return call(function, *positional, **keywords)


def says_itself(column: Column, saying: TypeSaying) -> bool:
    """Whether the annotation alone gives the type."""
    return not column.type.modifiers and not saying.needs_column and not saying.keywords and column.type.is_built_in


def _python_default(writer: Writer, column: Column, saying: TypeSaying) -> Code | None:
    if column.default is None:
        return None
    found = writer.typist.python_default(column.default, column.type, saying)
    if found is None:
        return None
    _, value = found
    return writer.enum_members.get(value, value) if isinstance(value, str) else value


def key_code(typist: Typist, layout: Layout, key: ForeignKey) -> Code:
    """`ForeignKey(...)` for a key of one column."""
    return call(
        typist.names.sa("ForeignKey"),
        layout.string(target_of(key)),
        ondelete=action(layout, key.on_delete),
        onupdate=action(layout, key.on_update),
        deferrable="True" if key.deferrable else None,
    )


def identity_code(typist: Typist, column: Column) -> Code:
    """`Identity(...)` of a column."""
    return call(typist.names.sa("Identity"), always="True" if column.identity == "always" else None)


def is_declared(module: Module, place: FieldPlace) -> bool:
    """Whether an attribute is written in SQLAlchemy's own words, not SQLModel's."""
    if place.annotation is not None and _MAPPED.match(module.code(place.annotation).strip("\"'")):
        return True
    listing = module.listing(place.value_node)
    return place.annotation is None and listing is not None


def completed_declared(
    writer: Writer, module: Module, place: FieldPlace, now: Column, wanted: Column, extras: Extras
) -> list[Edit]:
    """Edits that make an existing column of plain SQLAlchemy say what is wanted; none when it does.

    Raises:
        UnsayableTypeError: it is made in a way that cannot be edited, or the wanted type has no form here.
    """
    mapped = place.annotation is not None
    edits = _annotation(writer, module, place, now, wanted) if mapped else []
    listing = maker_of(module, place.value_node)
    if place.value is None:
        code = _new_call(writer, now, wanted, extras)
        if code is not None and place.annotation is not None:
            head = place.annotation.end - module.line_span(place.span).start
            rendered = writer.layout.render(code, writer.indent, head + 3)
            edits.append(Edit(Span(place.annotation.end, place.annotation.end), f" = {rendered}"))
        return edits
    if listing is None:
        raise UnsayableTypeError(f"`{place.name}` is made by code that cannot be edited")
    items = column_items(writer, module, listing, now, wanted, extras, mapped=mapped)
    return [*edits, *edit_listing(module, writer.layout, listing, items)]


def maker_of(module: Module, node: cst.BaseExpression | None) -> Listing | None:
    """The call of `Column` or `mapped_column` that an expression is, maybe within `deferred(...)`."""
    listing = module.listing(node)
    if listing is not None and listing.function.split(".")[-1] == "deferred" and listing.positional:
        listing = module.listing(listing.positional[0].node)
    known = listing is not None and (listing.function.split(".")[-1] in MAKERS or _is_alias(module, listing.function))
    return listing if known else None


def _is_alias(module: Module, function: str) -> bool:
    """Whether a name is what a maker of columns is called here."""
    return any(here == function and name in MAKERS for item in module.imports for name, here in item.names)


def _new_call(writer: Writer, now: Column, wanted: Column, extras: Extras) -> CallText | None:
    """The `mapped_column(...)` of a column that has none yet; None when nothing is to be said."""
    asked = _Asked.of(writer, now, wanted, extras, mapped=True)
    positional = [*([writer.typist.say(wanted.type).column()] if now.type != wanted.type else []), *asked.add]
    if not positional and not asked.change:
        return None
    maker = writer.typist.names.use("sqlalchemy.orm", "mapped_column")
    return call(maker, *positional, **asked.change)


def _annotation(writer: Writer, module: Module, place: FieldPlace, now: Column, wanted: Column) -> list[Edit]:
    assert place.annotation is not None
    code = module.code(place.annotation)
    head = _MAPPED.match(code)
    typist = writer.typist
    same = now.type == wanted.type and now.nullable == wanted.nullable
    if same:
        return []
    if head is None or not code.endswith("]"):
        raise UnsayableTypeError(f"the annotation of `{place.name}` cannot be edited")
    inner = code[head.end() : -1]
    if inner[:1] in "\"'":
        raise UnsayableTypeError(f"the annotation of `{place.name}` stands in quotes")
    base, takes_none = without_none(inner)
    new_base = base
    if now.type != wanted.type:
        before = typist.scratch().say(now.type).annotation if now.type.is_built_in else base
        after = typist.scratch().say(wanted.type).annotation
        if before != after:
            new_base = typist.say(wanted.type).annotation
    wants_none = takes_none if now.nullable == wanted.nullable else wanted.nullable is not False
    if (new_base, wants_none) == (base, takes_none):
        return []
    start = place.annotation.start + head.end()
    return [Edit(Span(start, place.annotation.end - 1), writer.optional(new_base) if wants_none else new_base)]


@dataclass(slots=True, kw_only=True)
class _Asked:
    """What a call has to say more, or otherwise, besides the type."""

    change: dict[str, Code] = field(default_factory=dict)
    remove: set[str] = field(default_factory=set)
    add: list[Code] = field(default_factory=list)

    @staticmethod
    def of(writer: Writer, now: Column, wanted: Column, extras: Extras, *, mapped: bool) -> "_Asked":
        asked = _Asked()
        typist, layout = writer.typist, writer.layout
        if now.nullable != wanted.nullable and not mapped:
            asked.change["nullable"] = str(wanted.nullable is not False)
        if now.default != wanted.default and wanted.generated is None:
            if wanted.default is None or wanted.default.is_null:
                asked.remove.add("server_default")
            else:
                asked.change["server_default"] = typist.server_default(wanted.default, wanted.type)
        if now.comment != wanted.comment:
            if wanted.comment:
                asked.change["comment"] = layout.string(wanted.comment)
            else:
                asked.remove.add("comment")
        if now.identity != wanted.identity and wanted.identity:
            asked.add.append(identity_code(typist, wanted))
        if extras.index:
            asked.change["index"] = "True"
        if extras.unique:
            asked.change["unique"] = "True"
        if extras.key:
            asked.add.append(key_code(typist, layout, extras.key))
        return asked


def column_items(
    writer: Writer, module: Module, listing: Listing, now: Column, wanted: Column, extras: Extras, *, mapped: bool
) -> Items:
    """What shall become of the arguments of a call that makes a column."""
    asked = _Asked.of(writer, now, wanted, extras, mapped=mapped and listing.argument("nullable") is None)
    change = dict(asked.change)
    drop: set[int] = set()
    replaced: dict[int, Code] = {}
    first: list[Code] = []
    if now.identity and now.identity != wanted.identity:
        drop |= {number for number, item in enumerate(listing.arguments) if made_by(module, item) == "Identity"}
    if now.type != wanted.type:
        code = writer.typist.say(wanted.type).column()
        number = type_number(module, listing)
        named = next((number for number, item in enumerate(listing.arguments) if _is_text(module, item)), None)
        if listing.argument("type_") is not None:
            change["type_"] = code
        elif number is not None:
            replaced[number] = code
        elif named is not None:
            replaced[named] = f"{module.code(listing.arguments[named].span)}, {one_line(code)}"
        else:
            first.append(code)
    replace_key(module, listing, asked.add, replaced)
    place_after(module, listing, asked.add, replaced, first, drop)
    return Items(change=change, remove=frozenset(asked.remove), replace=replaced, first=first, drop=frozenset(drop))


def replace_key(module: Module, listing: Listing, add: list[Code], replaced: dict[int, Code]) -> None:
    """A new foreign key stands where the old one did."""
    new = next((item for item in add if isinstance(item, CallText) and item.function.endswith("ForeignKey")), None)
    old = next((n for n, item in enumerate(listing.arguments) if made_by(module, item) == "ForeignKey"), None)
    if new is not None and old is not None:
        add.remove(new)
        replaced[old] = new


def place_after(
    module: Module, listing: Listing, add: list[Code], replaced: dict[int, Code], first: list[Code], drop: set[int]
) -> None:
    """Put new positional items behind the last one that stays."""
    if not add:
        return
    kept = [
        number
        for number, item in enumerate(listing.arguments)
        if item.keyword is None and not item.starred and number not in drop
    ]
    if not kept:
        first += add
        return
    text = replaced.get(kept[-1]) or module.code(listing.arguments[kept[-1]].span)
    replaced[kept[-1]] = ", ".join([one_line(text), *map(one_line, add)])


def made_by(module: Module, item: Argument) -> str:
    """The last name of the function that a positional argument calls; empty for anything else."""
    inner = module.listing(item.node) if item.keyword is None else None
    return inner.function.split(".")[-1] if inner is not None else ""


def _is_text(module: Module, item: Argument) -> bool:
    return item.keyword is None and module.code(item.span)[:1] in "\"'"


def type_number(module: Module, listing: Listing) -> int | None:
    """The number of the positional argument that is the type; None when there is none."""
    for number, item in enumerate(listing.arguments):
        if item.keyword is None and not item.starred and not _is_text(module, item) and number <= 1:
            name = made_by(module, item) or module.code(item.span).split(".")[-1]
            if name not in _NO_TYPES and name != "None":
                return number
    return None


def restyled(writer: Writer, style: Style, *, explicit: bool) -> DeclaredWriter:
    """The writer for classes of plain SQLAlchemy."""
    given: Mapping[str, str] = writer.enum_members
    return DeclaredWriter(
        typist=writer.typist,
        layout=writer.layout,
        indent=writer.indent,
        union_none=writer.union_none,
        plain_defaults=writer.plain_defaults,
        enum_members=given,
        style=style,
        explicit=explicit,
    )


def column_item(writer: Writer, column: Column, extras: Extras) -> CallText:
    """A column of a `Table(...)`."""
    plain = replace(column, nullable=column.nullable)
    made = column_code(writer, plain, extras, writer.typist.names.sa("Column"), None, mapped=False)
    return CallText(made.function, ((None, writer.layout.string(column.name)), *made.items))
