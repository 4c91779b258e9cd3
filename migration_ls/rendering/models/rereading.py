"""Edited models read again: an edit after which they would say something that nobody wants is not made."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from migration_ls.diffing.differences import differences
from migration_ls.operations.create_table import CreateTable
from migration_ls.operations.drop_table import DropTable
from migration_ls.operations.naming import named_constraints, numbered
from migration_ls.operations.rename_table import RenameTable
from migration_ls.operations.union import Operation
from migration_ls.schema.names import Name
from migration_ls.schema.schema import Schema, schema_of
from migration_ls.schema.tables import Table
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


def misread(reread: Reread, names: tuple[Name, ...], present: Schema, wanted: Schema) -> dict[Name, str]:
    """The tables that the edited files would say wrongly, and why nothing is done about them.

    A table may go on differing from what is wanted in what it differs in already.
    """
    if not reread.edits and not reread.new_files:
        return {}
    after = reread.schema()
    if after is None:
        return {name: _reason(name) for name in names}
    wrong = {name for name in {*present.tables, *after.tables, *names} if _is_worse(name, present, after, wanted)}
    if not wrong:
        return {}
    return {name: _reason(name) for name in names if name in wrong} or {name: _reason(name) for name in names}


def _reason(name: Name) -> str:
    return f"the class of `{name}` cannot be edited so that it says what is wanted, so it is left as it is"


def _is_worse(name: Name, present: Schema, after: Schema, wanted: Schema) -> bool:
    before, now, target = present.tables.get(name), after.tables.get(name), wanted.tables.get(name)
    if before == now:
        return False
    known = _differences(before, target)
    return any(item not in known for item in _differences(now, target))


def _differences(table: Table | None, target: Table | None) -> list[Operation]:
    one, other = (schema_of([_named(item)] if item is not None else []) for item in (table, target))
    return list(differences(one, other))


def _named(table: Table) -> Table:
    return numbered(named_constraints(table))
