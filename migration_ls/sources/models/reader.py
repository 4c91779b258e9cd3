"""Models files to a schema."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from migration_ls.schema.names import Name
from migration_ls.schema.schema import Enum, Schema
from migration_ls.schema.schema import Sequence as SqlSequence
from migration_ls.schema.tables import Table
from migration_ls.sources.models.analyse import ModelFile, Module, analyse_file
from migration_ls.sources.models.arguments import arguments_of
from migration_ls.sources.models.build import Built, table_of_call, table_of_class
from migration_ls.sources.models.context import AWARE_SINCE, Context
from migration_ls.sources.models.facts import Assignment, Class
from migration_ls.sources.models.lookup import Lookup
from migration_ls.sources.models.metadata import project_metadata
from migration_ls.sources.models.modules import Modules
from migration_ls.sources.models.naming import Metadata
from migration_ls.sources.models.tablenames import is_table
from migration_ls.sources.models.terms import Call, Ref
from migration_ls.sources.models.values import ClassValue, Env, External
from migration_ls.sources.problem import Problem
from migration_ls.sources.reading import SchemaReading


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """What one file makes, and the files that were asked for it."""

    tables: tuple[Built, ...]
    enums: tuple[Enum, ...]
    problems: tuple[tuple[str, Problem], ...]
    asked: tuple[Module, ...]


def read_models(files: Sequence[ModelFile], *, sqlmodel_version: tuple[int, ...] | None = None) -> SchemaReading:
    """What SQLModel and SQLAlchemy classes and tables say; nothing is imported.

    Tables carry the place of their class's name, columns that of their field. A class with statements that cannot be
    parsed is read as far as it can be, and is among the schema's `uncertain` relations.

    Args:
        files: every file that may define, or lend fields to, a table.
        sqlmodel_version: decides what depends on it; None counts as a version before 0.0.45.
    """
    modules = Modules([analyse_file(file) for file in files])
    context = Context(lookup=Lookup(modules), aware_datetimes=(sqlmodel_version or (0,)) >= AWARE_SINCE)
    metadata = project_metadata(context, modules)
    readings = [
        _read_module(modules, module, metadata, aware=context.aware_datetimes)
        for module in modules.all
        if not modules.hidden(module)
    ]
    schema, problems = _joined(readings)
    found = [(module.path, problem) for module in modules.all for problem in module.problems]
    version = ".".join(map(str, sqlmodel_version)) if sqlmodel_version else "an unknown version before 0.0.45"
    notes = (f"models are read as SQLModel {version} makes them",)
    if metadata.patterns:
        notes = (*notes, "constraints are named by the naming convention of the metadata")
    return SchemaReading(
        schema=_with_doubts(schema, modules),
        problems=tuple(dict.fromkeys([*found, *problems])),
        notes=notes,
    )


def _read_module(modules: Modules, module: Module, metadata: Metadata, *, aware: bool) -> Read:
    context = Context(lookup=Lookup(modules), aware_datetimes=aware, metadata=metadata)
    tables: list[Built] = []
    for offset, statement in module.bindings.values():
        env = Env(module, offset)
        try:
            match statement:
                case Class():
                    cls = ClassValue(statement, env)
                    built = table_of_class(context, cls) if is_table(context, cls) else None
                case Assignment(value=Call() as call):
                    built = table_of_call(context, context.lookup.value(call, env))
                case _:
                    continue
        except RecursionError:
            continue
        if built is not None:
            tables.append(built)
    return Read(
        tables=tuple(tables),
        enums=tuple(context.enums.values()),
        problems=tuple(context.problems),
        asked=(),
    )
