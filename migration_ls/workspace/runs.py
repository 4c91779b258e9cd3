"""SQL files as they run, each again at the price of what changed since it ran last."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from migration_ls.operations.effect import Hazard
from migration_ls.operations.replay import ReplayedStatement, replay
from migration_ls.operations.transaction_control import TransactionControl
from migration_ls.schema.alike import alike
from migration_ls.schema.names import Name
from migration_ls.schema.schema import Schema
from migration_ls.workspace.memory import KeptByPath
from migration_ls.workspace.settings import Settings
from migration_ls.workspace.sql_files import sql_file


@dataclass(frozen=True, slots=True)
class Run:
    """The statements of a file as they run on the schema `before`, and the schema `after` all of them.

    `missing` are tables that a statement changes though nothing made them.
    """

    before: Schema
    settings: Settings
    statements: tuple[ReplayedStatement, ...]
    after: Schema
    missing: frozenset[Name]


_RUNS: KeptByPath[Run] = KeptByPath(3)


def run_of(path: str, text: str, before: Schema, settings: Settings) -> Run:
    """What a file does to the schema before it."""
    kept = _RUNS.of(path)

    def make() -> Run:
        former = [run for run in kept.results() if run.settings is settings]
        nearest = next((run for run in former if run.before is before), former[0] if former else None)
        statements = replay(
            before,
            sql_file(path, text).statements,
            postgres=settings.postgres,
            wrapped=settings.wraps_in_transaction,
            previous=nearest.statements if nearest else (),
        )
        return Run(before, settings, statements, _after(before, statements), _missing(statements))

    return kept.get((text, before, settings), make)


def _after(schema: Schema, statements: Sequence[ReplayedStatement]) -> Schema:
    """The schema when every statement took effect, in the order they are written and whatever was rolled back."""
    for previous, replayed in pairwise((None, *statements)):
        assert replayed is not None
        clauses = replayed.statement.clauses
        before = replayed.before.schema
        if previous is not None and schema is previous.after.schema is not before and alike(schema, before):
            # Behind an edit, what ran before it was taken from the former text: the same schema, another object.
            schema = before
        if before is schema and len(clauses) == 1:
            if not isinstance(clauses[0].operation, TransactionControl):
                schema = replayed.after.schema
            continue
        for clause in clauses:
            schema = clause.operation.apply(schema)
    return schema


def _missing(statements: Sequence[ReplayedStatement]) -> frozenset[Name]:
    found: set[Name] = set()
    for item in statements:
        if Hazard.MISSING not in item.effect.fails_always:
            continue
        for step in item.steps:
            table = getattr(step.clause.operation, "table", None)
            if Hazard.MISSING in step.effect.fails_always and isinstance(table, Name):
                found |= {table} if step.context.schema.kind(table) is None else set()
    return frozenset(found)
