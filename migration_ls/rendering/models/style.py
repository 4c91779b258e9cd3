"""How the classes of a file are written."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from migration_ls.rendering.models.conventions import Conventions
from migration_ls.rendering.models.declared import Style, is_declared, restyled
from migration_ls.rendering.models.fields import Writer
from migration_ls.rendering.models.files import OpenFile
from migration_ls.rendering.models.places import ClassPlace, FieldPlace, Module
from migration_ls.rendering.models.types import Typist, Version
from migration_ls.schema.names import Name

_AUDIT = re.compile(
    r"(?:created|updated|modified|changed|deleted|inserted|archived)_?(?:at|on|by|date|time)?\Z", re.IGNORECASE
)
_OPTIONAL = re.compile(r"\bOptional\[")
_UNION = re.compile(r"\|\s*None\b")
_LOWER = re.compile(r"(?<![\w.])(?:list|dict|set|tuple)\[")
_UPPER = re.compile(r"(?<![\w.])(?:List|Dict|Set|Tuple)\[")


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """What holds for all files: the version of SQLModel, names by convention, classes of enums and their members.

    `enums` and `members` grow when new enum classes are written.
    """

    version: Version
    conventions: Conventions
    enums: dict[Name, str]
    members: dict[str, str]
    purposes: Mapping[tuple[Name, str], str]
    maps_types: bool = False
    """Whether some base gives annotations other types than SQLAlchemy does."""


def writer_of(
    file: OpenFile, place: ClassPlace | None, project: Project, new_names: frozenset[str] = frozenset()
) -> Writer:
    """How fields of a class are to be written, judged by the class and then by its file."""
    module, layout = file.module, file.layout
    own = module.code(place.lines) if place else ""
    taken = frozenset(item.name for item in place.fields) if place else frozenset()
    union = _more(_UNION, _OPTIONAL, own, module.text)
    lower = _more(_LOWER, _UPPER, own, module.text)
    typist = Typist(
        names=file.names.within(taken | new_names),
        layout=layout,
        version=project.version,
        lower_generics=lower if lower is not None else bool(union),
        enum_classes=project.enums,
        now_factory=_now_factory(module, place),
    )
    writer = Writer(
        typist=typist,
        layout=layout,
        indent=place.indent if place else layout.step,
        enum_members=project.members,
        union_none=bool(union),
        plain_defaults=any(
            item.annotation and item.value and _is_plain(module, item)
            for other in module.classes
            if other.bases and "Enum" not in " ".join(other.bases)
            for item in other.fields
        ),
    )
    style = style_of(module, place)
    if style is None:
        return writer
    return restyled(writer, style, explicit=project.maps_types or "type_annotation_map" in module.text)


def style_of(module: Module, place: ClassPlace | None) -> Style | None:
    """How columns of a class are written when it is of plain SQLAlchemy; None for SQLModel's classes."""
    if place is None or place.is_table or "SQLModel" in " ".join(place.bases):
        return None
    text = module.text
    own = [item for item in place.fields if is_declared(module, item)]
    every = [item for other in module.classes for item in other.fields if is_declared(module, item)]
    if not every and not own:
        return None
    mapped = [item.annotation is not None for item in (own or every)]
    if sum(mapped) * 2 < len(mapped):
        return Style.COLUMN
    is_dataclass = "MappedAsDataclass" in text or "mapped_as_dataclass" in text
    return Style.DATACLASS if is_dataclass else Style.MAPPED


def _more(one: re.Pattern[str], other: re.Pattern[str], own: str, text: str) -> bool | None:
    """Whether the first is used rather than the second; the class decides, then the file; None when neither is."""
    for part in (own, text):
        ones, others = len(one.findall(part)), len(other.findall(part))
        if ones != others:
            return ones > others
    return None


def _is_plain(module: Module, place: FieldPlace) -> bool:
    return module.listing(place.value_node) is None and not place.name.startswith("__")


def _now_factory(module: Module, place: ClassPlace | None) -> str | None:
    """What `default_factory` the file's own time stamps have; the class's own first."""
    classes = [*([place] if place else []), *module.classes]
    for item in classes:
        for field in item.fields:
            if field.annotation is None or "datetime" not in module.code(field.annotation):
                continue
            listing = module.listing(field.value_node)
            factory = listing.argument("default_factory") if listing else None
            if factory is not None:
                return module.code(factory.value)
    return None


def is_relationship(module: Module, place: FieldPlace) -> bool:
    """Whether the field is a relationship."""
    listing = module.listing(place.value_node)
    return listing is not None and listing.function.split(".")[-1] in {"Relationship", "relationship"}


def _is_column(module: Module, place: FieldPlace) -> bool:
    listing = module.listing(place.value_node)
    return listing is not None and listing.function.split(".")[-1] in {"Column", "mapped_column", "deferred"}


def columns_of(module: Module, place: ClassPlace) -> list[FieldPlace]:
    """The fields of a class that are columns, in order."""
    return [
        item
        for item in place.fields
        if (item.annotation is not None or _is_column(module, item))
        and (item.annotation is None or "ClassVar" not in module.code(item.annotation))
        and not item.name.startswith("_")
        and not is_relationship(module, item)
        and item.name != "model_config"
    ]


def audit_fields(fields: list[FieldPlace]) -> int:
    """How many fields at the end are time stamps that every table has."""
    count = 0
    while count < len(fields) and _AUDIT.match(fields[len(fields) - 1 - count].name):
        count += 1
    return count


def is_audit(name: str) -> bool:
    """Whether a column is one of the time stamps that every table has."""
    return bool(_AUDIT.match(name))
