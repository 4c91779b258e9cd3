"""Whether a plan holds: its scripts, read back and replayed, give the wanted schema, and undone the current one."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from migration_ls.operations.base import Grade
from migration_ls.operations.replay import final_schema
from migration_ls.planning.plan import Plan
from migration_ls.rendering.document.facts import GeneratedFile
from migration_ls.schema.schema import Schema
from migration_ls.schema.tables import Column, Table
from migration_ls.sources.sql.reader import read_sql


def flaws(plan: Plan, files: Sequence[GeneratedFile]) -> tuple[str, ...]:
    """What does not hold, in words; nothing for a plan that may be offered."""
    found = [
        f"`{file.path}` does not parse: {problem.message}" for file in files for problem in read_sql(file.text).problems
    ]
    if found:
        return tuple(found)
    forward = [file for file in files if file.role in {"forward", "rename", "finish", "switch", "contract"}]
    after = plan.current
    for file in forward:
        after = final_schema(after, read_sql(file.text).statements)
    planned = plan.current
    for step in plan.steps:
        planned = step.operation.apply(planned)
    found += [f"the scripts leave {what}" for what in _differences(planned, after)]
    if not plan.unplanned:
        found += [f"the steps leave {what}" for what in _differences(plan.wanted, planned)]
    if all(step.inverse_grade is not Grade.IMPOSSIBLE for step in plan.steps):
        back = after
        for file in reversed([file for file in files if file.role == "rollback"]):
            back = final_schema(back, read_sql(file.text).statements)
        found += [f"the rollback leaves {what}" for what in _differences(plan.current, back)]
    return tuple(found)


def _differences(wanted: Schema, found: Schema) -> Iterable[str]:
    """Tables that are not what they shall be; columns are compared by name, not by order."""
    names = dict.fromkeys((*wanted.tables, *found.tables))
    for name in names:
        one, two = wanted.table(name), found.table(name)
        if one is None or two is None:
            yield f"`{name}` {'there' if one is None else 'missing'}"
        elif _settled(one) != _settled(two):
            yield f"`{name}` different in {', '.join(_parts(one, two))}"
    if wanted.enums != found.enums:
        yield "an enum type different"


def _settled(table: Table) -> tuple[object, ...]:
    return tuple(_of(table, part) for part in _PARTS)


_PARTS = ("columns", "primary_key", "uniques", "checks", "foreign_keys", "exclusions", "indexes")


def _parts(one: Table, two: Table) -> list[str]:
    return [part.replace("_", " ") for part in _PARTS if _of(one, part) != _of(two, part)]


def _of(table: Table, part: str) -> object:
    value = getattr(table, part)
    if part == "columns":
        return frozenset(_plain(column) for column in value)
    if part == "foreign_keys":
        return frozenset(replace(key, ref_columns=key.ref_columns or ("id",)) for key in value)
    return frozenset(value) if isinstance(value, tuple) else value


def _plain(column: Column) -> Column:
    """A column as far as a script says it: a default of NULL is none."""
    default = None if column.default is not None and column.default.is_null else column.default
    return replace(column, default=default, nullable=column.nullable is not False)
