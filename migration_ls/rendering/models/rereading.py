"""Edited models read again: an edit after which they would say something that nobody wants is not made."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from migration_ls.diffing.differences import differences
from migration_ls.operations.create_table import CreateTable
from migration_ls.operations.drop_table import DropTable
from migration_ls.operations.naming import named_constraints, numbered
from migration_ls.operations.rename_column import RenameColumn
from migration_ls.operations.rename_table import RenameTable
from migration_ls.operations.union import Operation
from migration_ls.schema.names import Name
from migration_ls.schema.schema import Schema, schema_of
from migration_ls.schema.tables import Check, Constraint, Exclusion, ForeignKey, PrimaryKey, Table, Unique
from migration_ls.sources.models import ModelFile, read_models
from migration_ls.text.edits import Edit, OverlappingEditsError, apply_edits


@dataclass(frozen=True, slots=True, kw_only=True)
class Reread:
    """Files with edits that are not made yet."""

    files: Mapping[str, str]
    edits: Mapping[str, tuple[Edit, ...]]
    new_files: Mapping[str, str]
    version: tuple[int, ...] | None

    def schema(self) -> Schema | None:
        """What the edited files say; None where edits overlap or the result is no Python."""
        try:
            texts = {path: apply_edits(text, self.edits.get(path, ())) for path, text in self.files.items()}
        except OverlappingEditsError:
            return None
        sources = [ModelFile(path=path, text=text) for path, text in {**texts, **self.new_files}.items()]
        reading = read_models(sources, sqlmodel_version=self.version)
        before = read_models(
            [ModelFile(path=path, text=text) for path, text in self.files.items()], sqlmodel_version=self.version
        )
        known = {(path, problem.message) for path, problem in before.problems if problem.serious}
        broken = [item for item in reading.problems if item[1].serious and (item[0], item[1].message) not in known]
        return None if broken else reading.schema


def touched(operations: Iterable[Operation]) -> tuple[Name, ...]:
    """The tables that operations change."""
    found: dict[Name, None] = {}
    for operation in operations:
        match operation:
            case CreateTable(table=table):
                found[table.name] = None
            case DropTable(name=name):
                found[name] = None
            case RenameTable(name=name):
                found |= {name: None, operation.new_name: None}
            case _:
                table_name = getattr(operation, "table", None)
                if isinstance(table_name, Name):
                    found[table_name] = None
    return tuple(found)


@dataclass(frozen=True, slots=True, kw_only=True)
class Misread:
    """Tables that the edited files would say wrongly, and what they would not say yet: sentences with their table."""

    wrong: Mapping[Name, str] = field(default_factory=dict)
    left: Mapping[str, Name] = field(default_factory=dict)


def misread(reread: Reread, operations: Sequence[Operation], present: Schema, wanted: Schema) -> Misread:
    """What the edited files would say wrongly.

    A table may go on differing from what is wanted in what it differs in already, under a new name of the column too;
    what `operations` ask for and the files still do not say is `left`.
    """
    names = touched(operations)
    renames = [item for item in operations if isinstance(item, RenameColumn)]
    edited = bool(reread.edits or reread.new_files)
    after = reread.schema() if edited else present
    if after is None:
        return Misread(wrong={name: _reason(name) for name in names})
    known = _renamed(present, renames)
    wrong = {
        name
        for name in {*present.tables, *after.tables, *names}
        if not _is_same(present.tables.get(name), after.tables.get(name)) and _is_worse(name, known, after, wanted)
    }
    lagging = [rename for rename in renames if not _is_renamed(rename, present, after)]
    if edited:
        wrong |= {rename.table for rename in lagging}
    if wrong:
        own = {name: _reason(name) for name in names if name in wrong}
        return Misread(wrong=own or {name: _reason(name) for name in names})
    asked = {key for operation in operations if (key := _key(operation)) is not None}
    left: dict[str, Name] = {}
    for name in names:
        if name in after.tables and name in wanted.tables:
            found = [_key(item) for item in _differences(after.tables[name], wanted.tables[name])]
            left |= {_not_said(name, key[2]): name for key in found if key is not None and key in asked}
        elif name in after.tables and any(
            isinstance(item, DropTable | RenameTable) and item.name == name for item in operations
        ):
            left[_not_said(name, "")] = name
    left |= {_not_said(rename.table, rename.column): rename.table for rename in lagging}
    return Misread(left=left)


def _renamed(present: Schema, renames: Iterable[RenameColumn]) -> Schema:
    """The models' schema with the columns under their new names, where it has them."""
    for rename in renames:
        table = present.tables.get(rename.table)
        if table is not None and table.column(rename.column) and table.column(rename.to) is None:
            present = rename.apply(present)
    return present


def _is_renamed(operation: RenameColumn, present: Schema, after: Schema) -> bool:
    """Whether the models, where they have the column, call it as they shall."""
    before, now = present.tables.get(operation.table), after.tables.get(operation.table)
    if before is None or now is None or before.column(operation.column) is None:
        return True
    return now.column(operation.column) is None and now.column(operation.to) is not None


_Key = tuple[str, Name, str]


def _key(operation: Operation) -> _Key | None:
    """What an operation changes: its kind, the table, and the column, constraint or index."""
    table = getattr(operation, "table", None)
    if not isinstance(table, Name):
        return None
    for attribute in ("column", "constraint", "index", "name"):
        part = getattr(operation, attribute, None)
        if part is not None:
            return type(operation).__name__, table, str(getattr(part, "name", part))
    return type(operation).__name__, table, ""


def _not_said(name: Name, part: str) -> str:
    what = f"`{name}.{part}`" if part else f"`{name}`"
    return f"what is wanted of {what} has no edit in the models that is known here, so they lag behind"


def _reason(name: Name) -> str:
    return f"the class of `{name}` cannot be edited so that it says what is wanted, so it is left as it is"


def _is_same(before: Table | None, now: Table | None) -> bool:
    return before is now or (before == now and _comments(before) == _comments(now))


def _is_worse(name: Name, known: Schema, after: Schema, wanted: Schema) -> bool:
    target = wanted.tables.get(name)
    there = _differences(known.tables.get(name), target)
    return any(item not in there for item in _differences(after.tables.get(name), target))


def _comments(table: Table | None) -> tuple[str | None, ...]:
    return (table.comment, *(column.comment for column in table.columns)) if table is not None else ()


def _differences(table: Table | None, target: Table | None) -> list[Operation]:
    one = schema_of([_named(table, target)] if table is not None else [])
    other = schema_of([_named(target, None)] if target is not None else [])
    return list(differences(one, other))


def _named(table: Table, like: Table | None) -> Table:
    """The table with names for all; those of `like` for constraints that say the same."""
    for item in table.constraints if like is not None else ():
        if item.name is None and like is not None:
            same = next((other for other in like.constraints if replace(other, name=None) == item), None)
            if same is not None:
                table = _with(table, item, same)
    return numbered(named_constraints(table))


def _with(table: Table, old: Constraint, new: Constraint) -> Table:
    match new:
        case PrimaryKey():
            return replace(table, primary_key=new)
        case Unique():
            return replace(table, uniques=tuple(new if item is old else item for item in table.uniques))
        case Check():
            return replace(table, checks=tuple(new if item is old else item for item in table.checks))
        case ForeignKey():
            return replace(table, foreign_keys=tuple(new if item is old else item for item in table.foreign_keys))
        case Exclusion():
            return replace(table, exclusions=tuple(new if item is old else item for item in table.exclusions))
