"""Fields of a table class: new ones, and those that shall say more or something else."""

import keyword as keywords_of_python
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from migration_ls.rendering.models.layout import CallText, Code, Layout, call, one_line
from migration_ls.rendering.models.listings import Items, edit_listing
from migration_ls.rendering.models.places import FieldPlace, Listing, Module
from migration_ls.rendering.models.types import HAS_ONDELETE, KEEPS_LENGTH_WITH_REGEX, TypeSaying, Typist
from migration_ls.schema.tables import Column, ForeignKey
from migration_ls.text.edits import Edit, apply_edits, insert
from migration_ls.text.span import Span

_TYPE_KEYWORDS = frozenset({"max_length", "max_digits", "decimal_places", "sa_type"})
_RESERVED = frozenset({"metadata", "registry"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Extras:
    """What stands at a column besides its type, nullability and default."""

    key: ForeignKey | None = None
    unique: bool = False
    index: bool = False
    primary: bool = False
    values: tuple[str, ...] = ()
    purpose: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Writer:
    """How fields of one class are written."""

    typist: Typist
    layout: Layout
    indent: str
    union_none: bool
    """`X | None` instead of `Optional[X]`."""
    plain_defaults: bool
    """`x: int = 5` instead of `Field(default=5)` when there is nothing else to say."""
    enum_members: Mapping[str, str] = field(default_factory=dict)

    def optional(self, annotation: str) -> str:
        """The annotation that takes None too."""
        if self.union_none:
            return f"{annotation} | None"
        return f"{self.typist.names.use('typing', 'Optional')}[{annotation}]"

    def new_field(self, column: Column, extras: Extras) -> str:
        """The statement of a new field, without the line's end, with its indentation."""
        saying = self.typist.say(column.type)
        name, renamed = field_name(column.name)
        nullable = column.nullable is not False and not extras.primary
        keywords: dict[str, Code] = dict(self._default(column, saying, nullable=nullable or column.autoincrement))
        keywords |= {key: value for key, value in saying.keywords.items() if key != "sa_type"}
        keywords |= self._validation(column, extras, saying)
        if self._wants_column(column, extras, saying) or renamed:
            keywords["sa_column"] = self._column(column, extras, saying, renamed, nullable=nullable)
        else:
            keywords |= self._keywords(column, extras, saying)
        if extras.purpose:
            keywords["description"] = self.layout.string(extras.purpose)
        annotation = saying.annotation
        if nullable or (extras.primary and (column.autoincrement or column.identity)):
            annotation = self.optional(annotation)
        return self._statement(name, annotation, keywords)

    def _statement(self, name: str, annotation: str, keywords: Mapping[str, Code]) -> str:
        head = f"{self.indent}{name}: {annotation}"
        if not keywords:
            return head
        if self.plain_defaults and set(keywords) == {"default"}:
            return f"{head} = {one_line(keywords['default'])}"
        code = CallText(self.typist.names.use("sqlmodel", "Field"), tuple(keywords.items()))
        return f"{head} = {self.layout.render(code, self.indent, len(head) + 3)}"

    def _default(self, column: Column, saying: TypeSaying, *, nullable: bool) -> dict[str, Code]:
        if column.generated is None and column.default is not None and not column.default.is_null:
            found = self.typist.python_default(column.default, column.type, saying)
            if found is not None:
                key, value = found
                if key == "default" and isinstance(value, str):
                    value = self.enum_members.get(value, value)
                return {key: value}
        return {"default": "None"} if nullable or column.generated or column.identity else {}

    def _validation(self, column: Column, extras: Extras, saying: TypeSaying) -> dict[str, Code]:
        if not extras.values or saying.annotation != "str" or column.type.is_array:
            return {}
        pattern = "|".join(re.escape(value).replace("\\ ", " ").replace("\\-", "-") for value in extras.values)
        found: dict[str, Code] = {"regex": self.layout.raw_string(f"^({pattern})$")}
        version = self.typist.version
        if version is not None and (0, 0, 9) <= version < KEEPS_LENGTH_WITH_REGEX and column.type.length:
            found["sa_type"] = saying.column()
        return found

    def _wants_column(self, column: Column, extras: Extras, saying: TypeSaying) -> bool:
        key = extras.key
        return bool(
            saying.needs_column
            or column.generated
            or column.identity
            or (key and (key.on_update != "NO ACTION" or key.deferrable))
            or (key and key.on_delete != "NO ACTION" and not self.typist.at_least(HAS_ONDELETE))
        )

    def _keywords(self, column: Column, extras: Extras, saying: TypeSaying) -> dict[str, Code]:
        keywords: dict[str, Code] = {}
        if extras.primary:
            keywords["primary_key"] = "True"
        if extras.key:
            keywords["foreign_key"] = self.layout.string(target_of(extras.key))
            if extras.key.on_delete != "NO ACTION":
                keywords["ondelete"] = self.layout.string(extras.key.on_delete)
        if extras.index:
            keywords["index"] = "True"
        if extras.unique:
            keywords["unique"] = "True"
        if "sa_type" in saying.keywords:
            keywords["sa_type"] = saying.keywords["sa_type"]
        if options := self._column_options(column):
            entries = tuple((self.layout.string(key), value) for key, value in options.items())
            keywords["sa_column_kwargs"] = CallText("{", entries)
        return keywords

    def _column_options(self, column: Column) -> dict[str, Code]:
        options: dict[str, Code] = {}
        if column.default is not None and not column.default.is_null and column.generated is None:
            options["server_default"] = self.typist.server_default(column.default, column.type)
        if column.comment:
            options["comment"] = self.layout.string(column.comment)
        return options

    def _column(
        self, column: Column, extras: Extras, saying: TypeSaying, renamed: str | None, *, nullable: bool
    ) -> Code:
        names, layout = self.typist.names, self.layout
        positional: list[Code] = [layout.string(renamed)] if renamed else []
        positional.append(saying.column())
        if extras.key:
            positional.append(
                call(
                    names.sa("ForeignKey"),
                    layout.string(target_of(extras.key)),
                    ondelete=_action(layout, extras.key.on_delete),
                    onupdate=_action(layout, extras.key.on_update),
                    deferrable="True" if extras.key.deferrable else None,
                )
            )
        if column.generated:
            computed = layout.string(column.generated.canonical)
            positional.append(call(names.sa("Computed"), computed, persisted="True"))
        if column.identity:
            always = "True" if column.identity == "always" else None
            positional.append(call(names.sa("Identity"), always=always))
        return call(
            names.sa("Column"),
            *positional,
            primary_key="True" if extras.primary else None,
            index="True" if extras.index else None,
            unique="True" if extras.unique else None,
            nullable=None if extras.primary else str(nullable),
            **self._column_options(column),
        )

    def completed(self, module: Module, place: FieldPlace, now: Column, wanted: Column, extras: Extras) -> list[Edit]:
        """Edits that make an existing field say what is wanted; none when it does."""
        saying = self.typist.scratch().say(wanted.type)
        retyped = now.type != wanted.type
        listing = self._field_call(module, place)
        column = module.listing(listing.argument("sa_column").node) if _has(listing, "sa_column") else None  # type: ignore[union-attr]
        if (retyped and saying.needs_column and column is None) or (
            _has(listing, "sa_column") and column is None and _differs(now, wanted)
        ):
            return [Edit(place.span, self.new_field(wanted, extras).strip())]
        change: dict[str, Code] = {}
        remove: set[str] = set()
        inner = _Inner()
        annotation = self._annotation_edit(module, place, now, wanted)
        if retyped:
            saying = self.typist.say(wanted.type)
            if column is not None:
                number = _type_number(module, column)
                inner.replace = {number: saying.column()}
            keywords = {k: v for k, v in saying.keywords.items() if column is None or k != "sa_type"}
            change |= keywords
            remove |= _TYPE_KEYWORDS - set(keywords)
        self._nullability(module, place, listing, now, wanted, change, remove, inner, column)
        self._defaults(module, listing, now, wanted, saying, change, remove, inner, column)
        self._additions(listing, extras, saying, wanted, change, inner, column)
        return [*annotation, *self._edits(module, place, listing, column, change, remove, inner)]

    def _field_call(self, module: Module, place: FieldPlace) -> Listing | None:
        names = {self.typist.names.bound("sqlmodel", "Field") or "Field", "Field"}
        for listing in (module.listing(place.value_node), module.annotated_listing(place)):
            if listing is not None and listing.function in names:
                return listing
        return None

    def _annotation_edit(self, module: Module, place: FieldPlace, now: Column, wanted: Column) -> list[Edit]:
        span = module.type_span(place)
        if span is None:
            return []
        code = module.code(span)
        base, takes_none = _without_none(code)
        new_base = base
        if now.type != wanted.type:
            before = self.typist.scratch().say(now.type).annotation if now.type.is_built_in else base
            after = self.typist.scratch().say(wanted.type).annotation
            alias = base.isidentifier() and base != before
            if before != after or (alias and now.type.is_built_in and not _is_enum_annotation(base, before)):
                new_base = self.typist.say(wanted.type).annotation
        wants_none = takes_none
        if now.nullable != wanted.nullable:
            wants_none = wanted.nullable is not False
        if new_base == base and wants_none == takes_none:
            return []
        return [Edit(span, self.optional(new_base) if wants_none else new_base)]

    def _nullability(
        self,
        module: Module,
        place: FieldPlace,
        listing: Listing | None,
        now: Column,
        wanted: Column,
        change: dict[str, Code],
        remove: set[str],
        inner: "_Inner",
        column: Listing | None,
    ) -> None:
        if now.nullable == wanted.nullable:
            return
        nullable = wanted.nullable is not False
        if column is not None:
            inner.change["nullable"] = str(nullable)
        elif _has(listing, "nullable"):
            change["nullable"] = str(nullable)
        if nullable and not _has(listing, "default") and not _has(listing, "default_factory"):
            change.setdefault("default", "None")
        default = listing.argument("default") if listing else None
        value = default.value if default else (place.value if listing is None else None)
        if not nullable and value is not None and module.code(value) == "None":
            remove.add("default")

    def _defaults(
        self,
        module: Module,
        listing: Listing | None,
        now: Column,
        wanted: Column,
        saying: TypeSaying,
        change: dict[str, Code],
        remove: set[str],
        inner: "_Inner",
        column: Listing | None,
    ) -> None:
        if now.default == wanted.default or wanted.generated:
            return
        if wanted.default is None:
            inner.remove.add("server_default")
            return
        inner.change["server_default"] = self.typist.server_default(wanted.default, wanted.type)
        found = self.typist.python_default(wanted.default, wanted.type, saying)
        if found is None:
            return
        key, value = found
        if key == "default_factory" and (_has(listing, "default") or _has(listing, "default_factory")):
            current = listing.argument("default") if listing else None
            if current is None or module.code(current.value) != "None":
                return
            remove.add("default")
        if key == "default" and _says_same(module, listing, now, wanted):
            return
        if key == "default" and isinstance(value, str):
            value = self.enum_members.get(value, value)
        remove.discard(key)
        if key == "default" and _has(listing, "default_factory"):
            remove.add("default_factory")
        change[key] = value

    def _additions(
        self,
        listing: Listing | None,
        extras: Extras,
        saying: TypeSaying,
        wanted: Column,
        change: dict[str, Code],
        inner: "_Inner",
        column: Listing | None,
    ) -> None:
        if extras.values and not any(_has(listing, key) for key in ("regex", "pattern", "schema_extra")):
            change |= self._validation(wanted, extras, saying)
            if column is not None:
                change.pop("sa_type", None)
        target = change if column is None else inner.change
        if extras.index:
            target["index"] = "True"
        if extras.unique:
            target["unique"] = "True"
        if extras.key and column is None:
            target["foreign_key"] = self.layout.string(target_of(extras.key))
            if extras.key.on_delete != "NO ACTION":
                target["ondelete"] = self.layout.string(extras.key.on_delete)
        elif extras.key and column is not None:
            key = extras.key
            inner.add.append(
                call(
                    self.typist.names.sa("ForeignKey"),
                    self.layout.string(target_of(key)),
                    ondelete=_action(self.layout, key.on_delete),
                    onupdate=_action(self.layout, key.on_update),
                )
            )

    def _edits(
        self,
        module: Module,
        place: FieldPlace,
        listing: Listing | None,
        column: Listing | None,
        change: dict[str, Code],
        remove: set[str],
        inner: "_Inner",
    ) -> list[Edit]:
        edits: list[Edit] = []
        if column is not None and inner:
            self._inside(module, listing, "sa_column", _column_items(module, column, inner), change, edits)
        elif inner:
            self._merge_options(module, listing, change, remove, inner, edits)
        if listing is None:
            return [*edits, *self._new_call(module, place, change, remove)]
        if place.annotation is not None and place.annotation.covers(listing.span) and "default" in change:
            default = one_line(change.pop("default"))
            edits.append(Edit(place.value, default) if place.value else insert(place.annotation.end, f" = {default}"))
        items = Items(change=change, remove=frozenset(remove))
        return [*edits, *edit_listing(module, self.layout, listing, items)]

    def _inside(
        self,
        module: Module,
        listing: Listing | None,
        keyword: str,
        items: Items,
        change: dict[str, Code],
        edits: list[Edit],
    ) -> None:
        """Changes within an argument: of its text, when the call stands on one line, else in place."""
        argument = listing.argument(keyword) if listing else None
        inner = module.listing(argument.node) if argument else None
        if listing is None or argument is None or inner is None:
            return
        if any(mark in module.code(listing.span) for mark in "\r\n"):
            edits += edit_listing(module, self.layout, inner, items, outer=1)
            return
        wide = replace(self.layout, width=sys.maxsize)
        start = argument.value.start
        found = [Edit(edit.span.shifted(-start), edit.new) for edit in edit_listing(module, wide, inner, items)]
        if found:
            change[keyword] = apply_edits(module.code(argument.value), found)

    def _new_call(self, module: Module, place: FieldPlace, change: dict[str, Code], remove: set[str]) -> list[Edit]:
        """What stands behind the annotation of a field that has no call yet."""
        start = (place.annotation or place.name_span).end
        if not change:
            gone = place.value is not None and "default" in remove
            return [Edit(Span(start, place.span.end), "")] if gone else []
        if place.value is not None and "default" not in remove and "default_factory" not in change:
            change.setdefault("default", module.code(place.value))
        ordered = dict(sorted(change.items(), key=lambda item: item[0] != "default"))
        if self.plain_defaults and set(ordered) == {"default"}:
            code = ordered["default"]
        else:
            code = CallText(self.typist.names.use("sqlmodel", "Field"), tuple(ordered.items()))
        head = start - module.line_span(place.span).start
        rendered = self.layout.render(code, self.indent, head + 3)
        return [Edit(Span(start, place.span.end), f" = {rendered}")]

    def _merge_options(
        self,
        module: Module,
        listing: Listing | None,
        change: dict[str, Code],
        remove: set[str],
        inner: "_Inner",
        edits: list[Edit],
    ) -> None:
        """Column options of a field without a column of its own go to `sa_column_kwargs`."""
        argument = listing.argument("sa_column_kwargs") if listing else None
        options = module.listing(argument.node) if argument else None
        if argument is None:
            if inner.change:
                entries = tuple((self.layout.string(key), value) for key, value in inner.change.items())
                change["sa_column_kwargs"] = CallText("{", entries)
            return
        if options is None:
            return
        left = {item.keyword for item in options.arguments} - inner.remove
        if not left and not inner.change:
            remove.add("sa_column_kwargs")
            return
        items = Items(change=inner.change, remove=frozenset(inner.remove), dict_keys=not options.function)
        self._inside(module, listing, "sa_column_kwargs", items, change, edits)


@dataclass(slots=True)
class _Inner:
    """What shall change in the column or its options."""

    change: dict[str, Code] = field(default_factory=dict)
    remove: set[str] = field(default_factory=set)
    replace: dict[int, Code] = field(default_factory=dict)
    add: list[Code] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.change or self.remove or self.replace or self.add)


def _column_items(module: Module, column: Listing, inner: _Inner) -> Items:
    """What shall become of a `Column(...)`; new positional items follow the last positional one."""
    replaced: dict[int, Code] = dict(inner.replace)
    if inner.add and column.positional:
        number = column.arguments.index(column.positional[-1])
        text = replaced.get(number) or module.code(column.positional[-1].span)
        replaced[number] = ", ".join([one_line(text), *(one_line(item) for item in inner.add)])
    return Items(change=inner.change, remove=frozenset(inner.remove), replace=replaced)


def field_name(column: str) -> tuple[str, str | None]:
    """What a column's field is called, and the column's name where the two must differ."""
    name = column
    if not name.isidentifier():
        name = re.sub(r"\W", "_", name) or "_"
        name = f"column_{name}" if name[:1].isdigit() else name
    if keywords_of_python.iskeyword(name) or name in _RESERVED:
        name = f"{name}_"
    if name.startswith("_"):
        name = name.lstrip("_") or "column"
    return name, None if name == column else column


def target_of(key: ForeignKey) -> str:
    """What a foreign key of one column refers to: `users.id`."""
    return f"{key.ref_table}.{key.ref_columns[0] if key.ref_columns else 'id'}"


def _action(layout: Layout, action: str) -> Code | None:
    return None if action == "NO ACTION" else layout.string(action)


def _has(listing: Listing | None, keyword: str) -> bool:
    return listing is not None and listing.argument(keyword) is not None


def _differs(now: Column, wanted: Column) -> bool:
    return now.type != wanted.type or now.nullable != wanted.nullable or now.default != wanted.default


def _type_number(module: Module, column: Listing) -> int:
    """The number of the positional argument that is the type: the first that is no name."""
    for number, item in enumerate(column.arguments):
        if item.keyword is None and module.code(item.span)[:1] not in "\"'":
            return number
    return 0


def _says_same(module: Module, listing: Listing | None, now: Column, wanted: Column) -> bool:
    """Whether the Python default is the wanted one already."""
    python = now.python_default
    if python is None or wanted.default is None:
        return False
    if python.kind == "value" and wanted.default.value is not None:
        return python.text.lower() == wanted.default.value.lower()
    default = listing.argument("default") if listing else None
    return python.kind != "value" and default is None and module is not None


def _without_none(annotation: str) -> tuple[str, bool]:
    """An annotation without its None, and whether it had one."""
    code = annotation.strip()
    if match := re.fullmatch(r"(?:\w+\.)*Optional\[(.*)\]", code, re.DOTALL):
        return match[1].strip(), True
    parts = [part.strip() for part in _top_level(code, "|")]
    if "None" in parts and len(parts) > 1:
        return " | ".join(part for part in parts if part != "None"), True
    if match := re.fullmatch(r"(?:\w+\.)*Union\[(.*)\]", code, re.DOTALL):
        members = [part.strip() for part in _top_level(match[1], ",")]
        if "None" in members:
            return ", ".join(part for part in members if part != "None"), True
    return code, False


def _top_level(code: str, mark: str) -> list[str]:
    """The code split at marks outside brackets."""
    parts, depth, start = [], 0, 0
    for number, char in enumerate(code):
        if char in "[({":
            depth += 1
        elif char in "])}":
            depth -= 1
        elif char == mark and depth == 0:
            parts.append(code[start:number])
            start = number + 1
    return [*parts, code[start:]]


def _is_enum_annotation(base: str, before: str) -> bool:
    return base[:1].isupper() and before == "str"
