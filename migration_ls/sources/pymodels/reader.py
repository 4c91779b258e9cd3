"""Models files to a schema."""

import ast
from collections.abc import Sequence

from migration_ls.schema.schema import Schema
from migration_ls.sources.problem import Problem
from migration_ls.sources.pymodels.conventions import convention_of
from migration_ls.sources.pymodels.modules import ModelFile, Modules, read_module
from migration_ls.sources.pymodels.tables import Built, TableBuilder
from migration_ls.sources.reading import SchemaReading


def read_models(files: Sequence[ModelFile], *, sqlmodel_version: tuple[int, ...] | None = None) -> SchemaReading:
    """What SQLModel and SQLAlchemy declarative models say; nothing is imported.

    Args:
        files: every file that may define, or lend fields to, a table.
        sqlmodel_version: decides what depends on it; None counts as a version before 0.0.45.
    """
    modules = Modules([read_module(file) for file in files])
    builder = TableBuilder(modules, sqlmodel_version, convention_of(modules))
    schema = Schema()
    problems: list[tuple[str, Problem]] = [
        (module.path, problem) for module in modules.all for problem in module.problems
    ]
    for module in modules.all:
        built: list[Built | None] = [builder.of_class(module, node) for node in module.classes.values()]
        built += [builder.of_object(module, node) for node in module.values.values() if isinstance(node, ast.Call)]
        for item in built:
            if item is None or item.table.name in schema.tables:
                continue
            schema = schema.with_table(item.table)
            for enum in item.enums:
                schema = schema if enum.name in schema.enums else schema.with_enum(enum)
            problems += item.problems
    version = ".".join(map(str, sqlmodel_version)) if sqlmodel_version else "of unknown version"
    return SchemaReading(
        schema=schema,
        problems=tuple(dict.fromkeys(problems)),
        notes=(f"models are read as SQLModel {version} makes them",),
    )
