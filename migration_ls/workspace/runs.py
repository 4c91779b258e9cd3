"""SQL files as they run, each again at the price of what changed since it ran last."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from migration_ls.operations.add_column import AddColumn
from migration_ls.operations.add_constraint import AddConstraint
from migration_ls.operations.again import Replay, behind, replay_again
from migration_ls.operations.create_table import CreateTable
from migration_ls.operations.create_trigger import CreateTrigger
from migration_ls.operations.create_view import CreateView
from migration_ls.operations.effect import Hazard
from migration_ls.operations.rename_table import RenameTable
from migration_ls.operations.replay import ReplayedStatement
from migration_ls.operations.union import Operation
from migration_ls.schema.changed import changed
from migration_ls.schema.names import Name
from migration_ls.schema.schema import Schema
from migration_ls.schema.tables import ForeignKey
from migration_ls.sources.sql.source import TEMPORARY
from migration_ls.workspace.memory import KeptByPath
from migration_ls.workspace.programs import NOTHING_BESIDE, Beside, Program, program_of
from migration_ls.workspace.settings import Settings


@dataclass(frozen=True, slots=True)
class Run:
    """The statements of a file as they run on the schema `before`, and the schema `after` all of them.

    Where they cannot tell it from an earlier one, they are as they ran on that.

    `missing` are tables that a statement changes though nothing made them.
    """

    before: Schema
    settings: Settings
    replayed: Replay
    after: Schema
    missing: frozenset[Name]
    program: Program

    @property
    def statements(self) -> tuple[ReplayedStatement, ...]:
        """The statements as they run."""
        return self.replayed.statements


_RUNS: KeptByPath[Run] = KeptByPath(3)


def run_of(path: str, text: str, before: Schema, settings: Settings, beside: Beside = NOTHING_BESIDE) -> Run:
    """What a file does to the schema before it; `beside` is what else its meaning depends on."""
    kept = _RUNS.of(path)

    def make() -> Run:
        former = [run for run in kept.results() if run.settings is settings]
        nearest = next((run for run in former if run.before is before), former[0] if former else None)
        program = program_of(path, text, beside)
        if nearest is not None and nearest.replayed.first.schema is not before and nearest.program == program:
            after = behind(nearest.replayed, before)
            if after is not None:
                return Run(before, settings, nearest.replayed, _without_temporary(after), nearest.missing, program)
        replayed = replay_again(
            before,
            program.statements,
            nearest.replayed if nearest else None,
            postgres=settings.postgres,
            wrapped=program.in_transaction or settings.wraps_in_transaction,
        )
        return Run(before, settings, replayed, _after(replayed), _missing(replayed.statements), program)

    return kept.get((text, before, settings, beside.key), make)


def _after(replayed: Replay) -> Schema:
    """The schema behind the file: the session ends with it, and temporary things with the session."""
    return _without_temporary(replayed.before(len(replayed.statements)).schema)


def _without_temporary(schema: Schema) -> Schema:
    for name in [name for name in (*schema.tables, *schema.views) if name.namespace == TEMPORARY]:
        schema = schema.without_table(name)
        schema = changed(schema, views={key: view for key, view in schema.views.items() if key != name})
    return schema


def _missing(statements: Sequence[ReplayedStatement]) -> frozenset[Name]:
    return frozenset(name for item in statements for name in missing_in(item))


def missing_in(item: ReplayedStatement) -> tuple[Name, ...]:
    """The tables that a statement takes for made, and that are not there."""
    if Hazard.MISSING not in item.effect.fails_always:
        return ()
    return tuple(
        dict.fromkeys(
            name
            for step in item.steps
            if Hazard.MISSING in step.effect.fails_always
            for name in _spoken_of(step.clause.operation)
            if step.context.schema.kind(name) is None
        )
    )


def _spoken_of(operation: Operation) -> Iterator[Name]:
    """The tables that an operation takes for made."""
    match operation:
        case CreateTable(table=table):
            yield from (key.ref_table for key in table.foreign_keys if key.ref_table != table.name)
        case AddColumn(table=table, constraints=constraints):
            yield table
            yield from (key.ref_table for key in constraints if isinstance(key, ForeignKey))
        case AddConstraint(table=table, constraint=ForeignKey(ref_table=referred)):
            yield table
            yield referred
        case CreateView(view=view):
            yield from view.reads
        case RenameTable(name=name):
            yield name
        case CreateTrigger(trigger=trigger):
            yield trigger.table
        case _:
            about = getattr(operation, "table", None)
            if isinstance(about, Name):
                yield about
            yield from getattr(operation, "reads", ())
