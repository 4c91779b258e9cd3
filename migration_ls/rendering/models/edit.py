"""Edits that make the models say what a migration makes of the database."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from migration_ls.operations.add_enum_value import AddEnumValue
from migration_ls.operations.create_enum import CreateEnum
from migration_ls.operations.create_table import CreateTable
from migration_ls.operations.drop_table import DropTable
from migration_ls.operations.naming import named_constraint
from migration_ls.operations.union import Operation
from migration_ls.rendering.models.changes import TableChanges, changes_by_table, renamed_tables
from migration_ls.rendering.models.classes import ClassMaker
from migration_ls.rendering.models.conventions import conventions_of
from migration_ls.rendering.models.enums import add_label, keep_labels
from migration_ls.rendering.models.files import EditRefused, Files, OpenFile
from migration_ls.rendering.models.links import first_use, linked, relate_links
from migration_ls.rendering.models.relationships import dropped_relationships, relate
from migration_ls.rendering.models.removing import remove_class
from migration_ls.rendering.models.renaming import rename_table
from migration_ls.rendering.models.rereading import Reread, misread
from migration_ls.rendering.models.style import Project
from migration_ls.rendering.models.table_calls import TableCallEditor
from migration_ls.rendering.models.tables import TableEditor
from migration_ls.schema.names import Name
from migration_ls.schema.schema import Schema
from migration_ls.schema.tables import ForeignKey, Table
from migration_ls.sources.models import ModelFile, read_models
from migration_ls.text.edits import Edit

_ATTEMPTS = 3
"""How often edits are made again without the tables that did not read as wanted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelEdits:
    """Edits by path, new files by path, and what was not changed and why."""

    edits: Mapping[str, tuple[Edit, ...]] = field(default_factory=dict)
    new_files: Mapping[str, str] = field(default_factory=dict)
    refused: tuple[EditRefused, ...] = ()


def edit_models(
    files: Mapping[str, str],
    operations: Sequence[Operation],
    wanted: Schema,
    *,
    purposes: Mapping[tuple[Name, str], str],
    sqlmodel_version: tuple[int, ...] | None,
) -> ModelEdits:
    """The edits after which the models in `files` say what `wanted` holds, as far as `operations` touch it.

    What the models say already is left alone, so that the same call on the result gives no edits. `purposes` are
    short phrases by table and column for descriptions. Files that cannot be parsed are left alone and named in
    `refused`. Request models and other classes that are no tables are not touched, unless a table inherits from them.
    """
    skip: dict[Name, str] = {}
    present = _present(files, sqlmodel_version)
    for _ in range(_ATTEMPTS):
        opened = _opened(files, present, imports=True)
        new_files = _edit(opened, operations, wanted, purposes, sqlmodel_version, skip)
        edits = opened.edits()
        found = misread(
            Reread(files=files, edits=edits, new_files=new_files, version=sqlmodel_version),
            operations,
            present,
            wanted,
        )
        wrong = {name: reason for name, reason in found.wrong.items() if name not in skip}
        if not wrong:
            for reason, name in (*((reason, name) for name, reason in skip.items()), *found.left.items()):
                opened.refuse(_path(present, name), reason)
            return ModelEdits(edits=edits, new_files=new_files, refused=tuple(opened.refused))
        skip |= wrong
    refused = (EditRefused(path=_path(present, name), reason=reason) for name, reason in skip.items())
    return ModelEdits(refused=tuple(refused))


def _path(present: Schema, name: Name) -> str:
    """The file that has the class of a table; of a table that no class makes, its name."""
    table = present.tables.get(name)
    return table.origin.path if table is not None and table.origin is not None else str(name)


def edit_snippets(
    files: Mapping[str, str],
    operations: Sequence[Operation],
    wanted: Schema,
    *,
    purposes: Mapping[tuple[Name, str], str],
) -> Mapping[str, tuple[Edit, ...]]:
    """As `edit_models`, for excerpts of models in a document: no imports are added, and no files."""
    opened = _opened(files, _present(files, None), imports=False)
    _edit(opened, operations, wanted, purposes, None)
    return opened.edits()


def _present(files: Mapping[str, str], version: tuple[int, ...] | None) -> Schema:
    """What the models say before any edit."""
    sources = [ModelFile(path=path, text=text) for path, text in files.items()]
    return read_models(sources, sqlmodel_version=version).schema


def _opened(files: Mapping[str, str], present: Schema, *, imports: bool) -> Files:
    opened = Files(texts=files, reading=present, imports=imports)
    for path in files:
        opened.open(path)
    return opened


def _edit(
    opened: Files,
    operations: Sequence[Operation],
    wanted: Schema,
    purposes: Mapping[tuple[Name, str], str],
    version: tuple[int, ...] | None,
    skip: Collection[Name] = (),
) -> dict[str, str]:
    """Collect all edits; the new files."""
    present = opened.reading
    changes = changes_by_table(operations, wanted, present)
    project = Project(
        version=version,
        conventions=conventions_of(opened.texts.values()),
        enums=opened.enum_classes(),
        members=opened.enum_members(),
        purposes=purposes,
        maps_types=any("type_annotation_map" in text for text in opened.texts.values()),
    )
    new_files: dict[str, str] = {}
    maker = ClassMaker(files=opened, project=project, new_files=new_files)
    _add_enums(opened, operations, present, changes, maker)
    former = {new: old for old, new in renamed_tables(operations, present).items()}
    for name, change in changes.items():
        for column in change.dropped if name in present.tables and name not in skip else ():
            dropped_relationships(opened, present.tables[name], (column,))
        for item in present.tables[name].foreign_keys if name in present.tables and name not in skip else ():
            is_gone = named_constraint(present.tables[name], item).name in change.dropped_constraints
            again = any(isinstance(new, ForeignKey) and new.columns == item.columns for new in change.constraints)
            if is_gone and not again and not set(item.columns) & set(change.dropped):
                dropped_relationships(opened, present.tables[name], item.columns)
    for name, change in changes.items():
        table, target = present.tables.get(former.get(name, name)), wanted.tables.get(name)
        if table is None or target is None or name in skip or table.name in skip:
            continue
        if (call := opened.call_of(table)) is not None:
            TableCallEditor(
                files=opened,
                file=call[0],
                listing=call[1],
                present=table,
                wanted=target,
                changes=change,
                project=project,
            ).edit()
            continue
        if (found := opened.class_of(table)) is None:
            _refuse_table(opened, table)
            continue
        listed = rename_table(opened, table, name, project) if name in former else []
        if listed is None:
            opened.refuse(found[0].path, f"`{table.name}` cannot be moved to `{name}` in the models")
            continue
        TableEditor(
            files=opened, file=found[0], place=found[1], present=table, wanted=target, changes=change, project=project,
            listed=listed,
        ).edit()  # fmt: skip
        _relate(opened, wanted, change, table, project)
    for operation in operations:
        match operation:
            case CreateTable(table=table) if table.name not in present.tables and table.name not in skip:
                made = wanted.tables.get(table.name, table)
                sides = linked(opened, made)
                maker.add_table(made, first_use(sides) if sides else None)
                if sides:
                    relate_links(sides, made, project)
            case DropTable(name=name) if name not in wanted.tables and name not in skip:
                if (gone := present.tables.get(name)) is not None:
                    remove_class(opened, gone)
            case _:
                pass
    return new_files


def _refuse_table(files: Files, table: Table) -> None:
    path = table.origin.path if table.origin else ""
    if files.opened.get(path, True) is not None:
        files.refuse(path, f"`{table.name}` is not defined by a class that can be edited")


def _add_enums(
    files: Files,
    operations: Sequence[Operation],
    present: Schema,
    changes: Mapping[Name, TableChanges],
    maker: ClassMaker,
) -> None:
    for operation in operations:
        match operation:
            case CreateEnum(enum=enum) if enum.name not in present.enums:
                near = _near(files, present, changes)
                if near is not None:
                    maker.add_enum(enum, near)
            case CreateEnum(enum=enum):
                # a type in the place of one that had more labels
                keep_labels(files, present, enum)
            case AddEnumValue():
                add_label(files, present, operation)
            case _:
                pass


def _near(files: Files, present: Schema, changes: Mapping[Name, TableChanges]) -> OpenFile | None:
    """The file of the first table that changes; else of any table."""
    for name in (*changes, *present.tables):
        table = present.tables.get(name)
        if table is not None and (found := files.class_of(table)):
            return found[0]
    return None


def _relate(files: Files, wanted: Schema, change: TableChanges, table: Table, project: Project) -> None:
    for constraint in change.constraints:
        if not isinstance(constraint, ForeignKey) or len(constraint.columns) != 1:
            continue
        known = any(
            item.columns == constraint.columns and item.ref_table == constraint.ref_table for item in table.foreign_keys
        )
        if not known:
            relate(files, wanted, table.name, constraint, project)
