"""Fields of a table class: new ones, and those that shall say more or something else."""

import keyword as keywords_of_python
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from migration_ls.rendering.models.layout import CallText, Code, Layout, call, one_line
from migration_ls.rendering.models.types import HAS_ONDELETE, KEEPS_LENGTH_WITH_REGEX, TypeSaying, Typist
from migration_ls.schema.tables import Column, ForeignKey

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
        keywords |= self.validation(column, extras, saying)
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

    def validation(self, column: Column, extras: Extras, saying: TypeSaying) -> dict[str, Code]:
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
                    ondelete=action(layout, extras.key.on_delete),
                    onupdate=action(layout, extras.key.on_update),
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


def action(layout: Layout, action: str) -> Code | None:
    return None if action == "NO ACTION" else layout.string(action)
