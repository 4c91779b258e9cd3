"""Fields of a table class that are there and shall say more, or something else."""

import sys
from dataclasses import dataclass, field, replace

from migration_ls.rendering.models.annotated import without_none
from migration_ls.rendering.models.declared import identity_code, made_by, maker_of, place_after, replace_key
from migration_ls.rendering.models.fields import Extras, Writer, action, target_of
from migration_ls.rendering.models.layout import CallText, Code, call, one_line
from migration_ls.rendering.models.listings import Items, edit_listing
from migration_ls.rendering.models.places import FieldPlace, Listing, Module
from migration_ls.rendering.models.types import TypeSaying
from migration_ls.schema.tables import Column
from migration_ls.text.edits import Edit, apply_edits, insert
from migration_ls.text.span import Span

_TYPE_KEYWORDS = frozenset({"max_length", "max_digits", "decimal_places", "sa_type"})


def completed(
    writer: Writer, module: Module, place: FieldPlace, now: Column, wanted: Column, extras: Extras
) -> list[Edit]:
    """Edits that make an existing field say what is wanted; none when it does.

    Raises:
        UnsayableTypeError: the wanted type has no form here.
    """
    return _Completion(writer=writer, module=module, place=place, now=now, wanted=wanted, extras=extras).edits()


@dataclass(slots=True, kw_only=True)
class _Inner:
    """What shall change in the column or its options."""

    change: dict[str, Code] = field(default_factory=dict)
    remove: set[str] = field(default_factory=set)
    replace: dict[int, Code] = field(default_factory=dict)
    add: list[Code] = field(default_factory=list)
    drop: set[int] = field(default_factory=set)

    def __bool__(self) -> bool:
        return bool(self.change or self.remove or self.replace or self.add or self.drop)


@dataclass(slots=True, kw_only=True)
class _Completion:
    """One field, its `Field(...)` and `Column(...)`, and what shall change in them."""

    writer: Writer
    module: Module
    place: FieldPlace
    now: Column
    wanted: Column
    extras: Extras
    listing: Listing | None = None
    column: Listing | None = None
    change: dict[str, Code] = field(default_factory=dict)
    remove: set[str] = field(default_factory=set)
    inner: _Inner = field(default_factory=_Inner)
    found: list[Edit] = field(default_factory=list)

    def edits(self) -> list[Edit]:
        """All edits of the field."""
        typist = self.writer.typist
        saying = typist.scratch().say(self.wanted.type)
        retyped = self.now.type != self.wanted.type
        self.listing = self._field_call()
        whole = self.listing.argument("sa_column") if self.listing else None
        self.column = maker_of(self.module, whole.node) if whole else None
        opaque = whole is not None and self.column is None and _differs(self.now, self.wanted)
        if (retyped and saying.needs_column and self.column is None) or opaque:
            return [Edit(self.place.span, self.writer.new_field(self.wanted, self.extras).strip())]
        self._annotate()
        if retyped:
            saying = typist.say(self.wanted.type)
            self._retype(saying)
        self._nullability()
        self._defaults(saying)
        self._rest()
        self._additions(saying)
        return [*self.found, *self._edits()]

    def _field_call(self) -> Listing | None:
        names = {self.writer.typist.names.bound("sqlmodel", "Field") or "Field", "Field"}
        for listing in (self.module.listing(self.place.value_node), self.module.annotated_listing(self.place)):
            if listing is not None and listing.function in names:
                return listing
        return None

    def _has(self, keyword: str) -> bool:
        return self.listing is not None and self.listing.argument(keyword) is not None

    def _annotate(self) -> None:
        span = self.module.type_span(self.place)
        if span is None:
            return
        now, wanted, typist = self.now, self.wanted, self.writer.typist
        base, takes_none = without_none(self.module.code(span))
        new_base = base
        if now.type != wanted.type:
            before = typist.scratch().say(now.type).annotation if now.type.is_built_in else base
            after = typist.scratch().say(wanted.type).annotation
            alias = base.isidentifier() and base != before and not (base[:1].isupper() and before == "str")
            if before != after or (alias and now.type.is_built_in):
                new_base = typist.say(wanted.type).annotation
        wants_none = takes_none if now.nullable == wanted.nullable else wanted.nullable is not False
        if new_base != base or wants_none != takes_none:
            self.found.append(Edit(span, self.writer.optional(new_base) if wants_none else new_base))

    def _retype(self, saying: TypeSaying) -> None:
        if self.column is not None:
            self.inner.replace = {_type_number(self.module, self.column): saying.column()}
        keywords = {key: value for key, value in saying.keywords.items() if self.column is None or key != "sa_type"}
        self.change |= keywords
        self.remove |= _TYPE_KEYWORDS - set(keywords)

    def _nullability(self) -> None:
        if self.now.nullable == self.wanted.nullable:
            return
        nullable = self.wanted.nullable is not False
        if self.column is not None:
            self.inner.change["nullable"] = str(nullable)
        elif self._has("nullable"):
            self.change["nullable"] = str(nullable)
        default = self.listing.argument("default") if self.listing else None
        value = default.value if default else (self.place.value if self.listing is None else None)
        if nullable and value is None and not self._has("default_factory"):
            self.change.setdefault("default", "None")
        if not nullable and value is not None and self.module.code(value) == "None":
            self.remove.add("default")

    def _defaults(self, saying: TypeSaying) -> None:
        if self.now.default == self.wanted.default or self.wanted.generated:
            return
        if self.wanted.default is None or self.wanted.default.is_null:
            self.inner.remove.add("server_default")
            return
        typist = self.writer.typist
        self.inner.change["server_default"] = typist.server_default(self.wanted.default, self.wanted.type)
        given = typist.python_default(self.wanted.default, self.wanted.type, saying)
        if given is None or (given[0] == "default" and _says_same(self.listing, self.now, self.wanted)):
            return
        key, value = given
        if key == "default_factory" and (self._has("default") or self._has("default_factory")):
            current = self.listing.argument("default") if self.listing else None
            if current is None or self.module.code(current.value) != "None":
                return
            self.remove.add("default")
        if key == "default" and isinstance(value, str):
            value = self.writer.enum_members.get(value, value)
        self.remove.discard(key)
        if key == "default" and self._has("default_factory"):
            self.remove.add("default_factory")
        self.change[key] = value

    def _rest(self) -> None:
        """The comment and the identity."""
        if self.now.comment != self.wanted.comment:
            if self.wanted.comment:
                self.inner.change["comment"] = self.writer.layout.string(self.wanted.comment)
            else:
                self.inner.remove.add("comment")
        if self.now.identity == self.wanted.identity:
            return
        if self.column is not None:
            if self.now.identity:
                self.inner.drop |= {
                    number
                    for number, item in enumerate(self.column.arguments)
                    if made_by(self.module, item) == "Identity"
                }
            if self.wanted.identity:
                self.inner.add.append(identity_code(self.writer.typist, self.wanted))
        elif self.wanted.identity:
            code = CallText("", ((None, identity_code(self.writer.typist, self.wanted)),))
            self.change["sa_column_args"] = code
        else:
            self.remove.add("sa_column_args")

    def _additions(self, saying: TypeSaying) -> None:
        extras, layout = self.extras, self.writer.layout
        if extras.values and not any(self._has(key) for key in ("regex", "pattern", "schema_extra")):
            self.change |= self.writer.validation(self.wanted, extras, saying)
            if self.column is not None:
                self.change.pop("sa_type", None)
        target = self.change if self.column is None else self.inner.change
        if extras.index:
            target["index"] = "True"
        if extras.unique:
            target["unique"] = "True"
        if extras.key is None:
            return
        if self.column is None:
            target["foreign_key"] = layout.string(target_of(extras.key))
            if extras.key.on_delete != "NO ACTION":
                target["ondelete"] = layout.string(extras.key.on_delete)
            else:
                self.remove.add("ondelete")
            return
        reference = call(
            self.writer.typist.names.sa("ForeignKey"),
            layout.string(target_of(extras.key)),
            ondelete=action(layout, extras.key.on_delete),
            onupdate=action(layout, extras.key.on_update),
        )
        self.inner.add.append(reference)

    def _edits(self) -> list[Edit]:
        edits: list[Edit] = []
        if self.column is not None and self.inner:
            self._inside("sa_column", _column_items(self.module, self.column, self.inner), edits)
        elif self.inner:
            self._merge_options(edits)
        if self.listing is None:
            return [*edits, *self._new_call()]
        place = self.place
        annotated = place.annotation is not None and place.annotation.covers(self.listing.span)
        if place.annotation is not None and annotated and "default" in self.change:
            default = one_line(self.change.pop("default"))
            edits.append(Edit(place.value, default) if place.value else insert(place.annotation.end, f" = {default}"))
        items = Items(change=self.change, remove=frozenset(self.remove))
        return [*edits, *edit_listing(self.module, self.writer.layout, self.listing, items)]

    def _inside(self, keyword: str, items: Items, edits: list[Edit]) -> None:
        """Changes within an argument: of its text, when the call stands on one line, else in place."""
        argument = self.listing.argument(keyword) if self.listing else None
        inner = self.module.listing(argument.node) if argument else None
        if self.listing is None or argument is None or inner is None:
            return
        layout = self.writer.layout
        if any(mark in self.module.code(self.listing.span) for mark in "\r\n"):
            edits += edit_listing(self.module, layout, inner, items, outer=1)
            return
        wide = replace(layout, width=sys.maxsize)
        start = argument.value.start
        found = [Edit(edit.span.shifted(-start), edit.new) for edit in edit_listing(self.module, wide, inner, items)]
        if found:
            self.change[keyword] = apply_edits(self.module.code(argument.value), found)

    def _merge_options(self, edits: list[Edit]) -> None:
        """Column options of a field without a column of its own go to `sa_column_kwargs`."""
        argument = self.listing.argument("sa_column_kwargs") if self.listing else None
        options = self.module.listing(argument.node) if argument else None
        if argument is None:
            if self.inner.change:
                quoted = self.writer.layout.string
                entries = tuple((quoted(key), value) for key, value in self.inner.change.items())
                self.change["sa_column_kwargs"] = CallText("{", entries)
            return
        if options is None:
            return
        left = {item.keyword for item in options.arguments} - self.inner.remove
        if not left and not self.inner.change:
            self.remove.add("sa_column_kwargs")
            return
        items = Items(change=self.inner.change, remove=frozenset(self.inner.remove), dict_keys=not options.function)
        self._inside("sa_column_kwargs", items, edits)

    def _new_call(self) -> list[Edit]:
        """What stands behind the annotation of a field that has no call yet."""
        place, change = self.place, self.change
        start = (place.annotation or place.name_span).end
        if not change:
            gone = place.value is not None and "default" in self.remove
            return [Edit(Span(start, place.span.end), "")] if gone else []
        if place.value is not None and "default" not in self.remove and "default_factory" not in change:
            change.setdefault("default", self.module.code(place.value))
        ordered = dict(sorted(change.items(), key=lambda item: item[0] != "default"))
        if self.writer.plain_defaults and set(ordered) == {"default"}:
            code = ordered["default"]
        else:
            code = CallText(self.writer.typist.names.use("sqlmodel", "Field"), tuple(ordered.items()))
        head = start - self.module.line_span(place.span).start
        rendered = self.writer.layout.render(code, self.writer.indent, head + 3)
        return [Edit(Span(start, place.span.end), f" = {rendered}")]


def _column_items(module: Module, column: Listing, inner: _Inner) -> Items:
    """What shall become of a `Column(...)`; new positional items follow the last positional one."""
    replaced: dict[int, Code] = dict(inner.replace)
    first: list[Code] = []
    replace_key(module, column, inner.add, replaced)
    place_after(module, column, inner.add, replaced, first, inner.drop)
    return Items(
        change=inner.change,
        remove=frozenset(inner.remove),
        replace=replaced,
        first=first,
        drop=frozenset(inner.drop),
    )


def _differs(now: Column, wanted: Column) -> bool:
    said = (now.type, now.nullable, now.default, now.comment, now.identity)
    return said != (wanted.type, wanted.nullable, wanted.default, wanted.comment, wanted.identity)


def _type_number(module: Module, column: Listing) -> int:
    """The number of the positional argument that is the type: the first that is no name."""
    for number, item in enumerate(column.arguments):
        if item.keyword is None and module.code(item.span)[:1] not in "\"'":
            return number
    return 0


def _says_same(listing: Listing | None, now: Column, wanted: Column) -> bool:
    """Whether the Python default is the wanted one already."""
    python = now.python_default
    if python is None or wanted.default is None:
        return False
    if python.kind == "value" and wanted.default.value is not None:
        return python.text.lower() == wanted.default.value.lower()
    default = listing.argument("default") if listing else None
    return python.kind != "value" and default is None
