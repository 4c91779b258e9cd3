"""Proving migrations of the project on a real server, and writing what was shown into their documents."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from pathlib import Path

from migration_ls.operations.add_constraint import AddConstraint
from migration_ls.operations.create_enum import CreateEnum
from migration_ls.operations.create_index import CreateIndex
from migration_ls.operations.drop_constraint import DropConstraint
from migration_ls.operations.set_not_null import SetNotNull
from migration_ls.postgres.quoting import identifier
from migration_ls.rendering.document.checklist import with_proofs
from migration_ls.rendering.document.estimates import seconds_words
from migration_ls.rendering.sql.header import header_of, with_header
from migration_ls.rendering.sql.losses import losses_in
from migration_ls.rendering.sql.statements import schema_sql, statement
from migration_ls.schema.names import Name
from migration_ls.schema.schema import Schema
from migration_ls.schema.tables import Check, Constraint, Exclusion, ForeignKey, Index, Unique
from migration_ls.sources.sql.expressions import expression
from migration_ls.sources.sql.reader import read_sql
from migration_ls.sources.sql.sections import sections_of
from migration_ls.text.edits import Edit
from migration_ls.text.span import Span
from migration_ls.verification.engine import choose_engine
from migration_ls.verification.fill import DEFAULT_ROWS
from migration_ls.verification.proof import Migration, Proof
from migration_ls.verification.prove import Prover, prover, prover_at
from migration_ls.verification.script import SqlFile
from migration_ls.workspace.analysis import Analysis
from migration_ls.workspace.changes import ChangedFile
from migration_ls.workspace.conversions import conversions
from migration_ls.workspace.files import Role
from migration_ls.workspace.knowledge import RequestState
from migration_ls.workspace.production import rows_of
from migration_ls.workspace.revision_scripts import NothingToVerifyError, program, refuse_unknown, sql_of

_TEXT = re.compile(r"[^\r\n]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """How to verify: where the server comes from, how many rows, and who listens."""

    dsn: str | None = None
    pg_bin: Path | None = None
    postgres: int | None = None
    rows: int | None = None
    report: Callable[[str], None] = lambda _: None
    cancelled: Callable[[], bool] = lambda: False


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """One round: the files it ran, and what was shown."""

    title: str
    files: tuple[str, ...]
    proof: Proof


@dataclass(frozen=True, slots=True, kw_only=True)
class VerificationResult:
    """All rounds, and the documents that take the evidence."""

    rounds: tuple[Verified, ...]
    changed_files: tuple[ChangedFile, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether everything was shown."""
        return all(item.proof.passed for item in self.rounds)

    @property
    def summary(self) -> str:
        """One line for people."""
        failed = [f"{item.title}: {step.name}" for item in self.rounds for step in item.proof.steps if not step.passed]
        engine = self.rounds[0].proof.engine_label if self.rounds else "no server"
        if failed:
            return f"Not proven on {engine}: {failed[0]}" + (f" and {len(failed) - 1} more" if failed[1:] else "")
        return f"Proven on {engine}: {', '.join(item.title for item in self.rounds)}"


def latest(analysis: Analysis) -> tuple[str, ...]:
    """The forward files of the newest migration, those of its later phases included.

    Raises:
        NothingToVerifyError: the project has no migrations.
    """
    history = analysis.history
    if not history.forward:
        raise NothingToVerifyError("the project has no migrations; write one with `migration-ls generate`")
    newest = history.forward[-1]
    header = header_of(analysis.snapshot.files[newest].text)
    if header is None:
        return (newest,)
    return tuple(path for path in history.forward if _title(analysis, path) == header.title)


def _title(analysis: Analysis, path: str) -> str | None:
    header = header_of(analysis.snapshot.files[path].text)
    return header.title if header else None


_ALONE = frozenset({"switch", "contract"})
"""Versions after which the checks of those before do not hold any more."""


def verify(analysis: Analysis, paths: Sequence[str], wish: Wish) -> VerificationResult:
    """Prove the migrations: what runs while both releases do in one round, each switch and contract in one of its own.

    Raises:
        NothingToVerifyError: a path is no forward migration of the project.
        EngineError: no server could be started.
        ProofCancelled: the caller wanted no more.
    """
    forward = _forward(analysis, paths)
    for path in forward:
        refuse_unknown(analysis, path)
    together = [path for path in forward if analysis.history.names[path].role not in _ALONE]
    rounds = [together] if together else []
    rounds += [[path] for path in forward if analysis.history.names[path].role in _ALONE]
    verified: list[Verified] = []
    with _prover(analysis, wish) as engine:
        for files in rounds:
            migration = _migration(analysis, files, wish)
            title = ", ".join(path.rpartition("/")[2] for path in files)
            proof = engine.prove(migration)
            ran = tuple(file.path for file in (*migration.forward, *migration.validate, *migration.rollback))
            verified.append(Verified(title=title, files=ran, proof=proof))
    shown = _shown(analysis, verified, wish)
    return VerificationResult(rounds=tuple(verified), changed_files=tuple(_documents(analysis, forward, shown)))


def _prover(analysis: Analysis, wish: Wish) -> AbstractContextManager[Prover]:
    wanted = analysis.snapshot.settings.postgres
    if wish.dsn is not None:
        return prover_at(wish.dsn, wanted_major=wanted, report=wish.report, cancelled=wish.cancelled)
    engine = choose_engine(wish.postgres or wanted, pg_bin=wish.pg_bin)
    return prover(engine, wanted_major=wanted, report=wish.report, cancelled=wish.cancelled)


def _forward(analysis: Analysis, paths: Sequence[str]) -> tuple[str, ...]:
    """The forward files that the paths mean, in the order of the folder; a companion means its migration."""
    history = analysis.history
    wanted: set[str] = set()
    for path in paths:
        if path in history.forward:
            wanted.add(path)
            continue
        name = history.names.get(path)
        same = [
            other
            for other in history.forward
            if name and (history.names[other].version, history.names[other].folder) == (name.version, name.folder)
        ]
        if not same:
            raise NothingToVerifyError(f"`{path}` is no migration of the project")
        wanted.update(same)
    return tuple(path for path in history.forward if path in wanted)


def _migration(analysis: Analysis, files: Sequence[str], wish: Wish) -> Migration:
    companions = [_companions(analysis, path) for path in files]
    forward = [file for path, found in zip(files, companions, strict=True) for file in (path, *found["backfill"])]
    role = analysis.history.names[files[0]].role
    before = analysis.history.before[files[0]]
    start, end = _whole(analysis, files)
    previous = start if role in {"finish", "switch"} else before
    return Migration(
        before=tuple(_before(analysis, files[0])),
        forward=tuple(_file(analysis, path) for path in forward),
        validate=tuple(_file(analysis, path) for found in companions for path in found["validate"]),
        rollback=tuple(
            file
            for own, found in zip(reversed(files), reversed(companions), strict=True)
            for file in (
                *_way_back(analysis, own),
                *(_file(analysis, path) for path in found["rollback"] if _undoes(analysis, path)),
            )
        ),
        assume=(*_assumed(analysis, files), *conversions(before, end)),
        previous=None if role == "contract" else previous,
        losses=tuple(_losses(analysis, files, companions)),
        new_labels=_new_labels(before, [analysis.history.after[path] for path in files]),
        production_rows=rows_of(analysis.snapshot),
        small_table_rows=analysis.snapshot.settings.small_table_rows,
        rows=wish.rows or DEFAULT_ROWS,
    )


def _losses(
    analysis: Analysis, files: Sequence[str], companions: Sequence[Mapping[str, Sequence[str]]]
) -> Iterator[str]:
    """What the rollbacks say that they cannot bring back, in files of their own or beside the way forward."""
    for path in (*files, *(path for found in companions for path in found["rollback"])):
        yield from losses_in(analysis.snapshot.files[path].text)


def _new_labels(before: Schema, after: Sequence[Schema]) -> Mapping[Name, tuple[str, ...]]:
    """The labels that enums get which were there before and are there to the end."""
    found = {
        name: tuple(label for label in after[-1].enums[name].values if label not in enum.values)
        for name, enum in before.enums.items()
        if all(name in schema.enums for schema in after)
    }
    return {name: labels for name, labels in found.items() if labels}


def _whole(analysis: Analysis, files: Sequence[str]) -> tuple[Schema, Schema]:
    """The schema before and after the whole plan that the migrations are of."""
    history = analysis.history
    title = _title(analysis, files[0])
    own = [path for path in history.forward if title is not None and _title(analysis, path) == title]
    first, *_, last = [*own, *own] or [files[0], files[-1]]
    return history.before[first], history.after[last]


def _assumed(analysis: Analysis, files: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Constraints that the migration adds to columns that exist: rows that violate them make it fail on purpose."""
    before = analysis.history.before[files[0]]
    for path in files:
        for item in analysis.scripts[path].statements:
            for number, operation in enumerate(item.statement.operations):
                match operation:
                    case AddConstraint(table=name, constraint=constraint, using_index=None):
                        table = before.table(name)
                    case CreateIndex(table=name, index=index) if index.unique and _is_plain(index):
                        table = before.table(name)
                        constraint = Unique(name=None, columns=index.columns)
                    case SetNotNull(table=name, column=column):
                        table = before.table(name)
                        constraint = Check(name=None, expression=expression(f"{identifier(column)} IS NOT NULL"))
                    case _:
                        continue
                columns = constraint.expression.columns if isinstance(constraint, Check) else _columns_of(constraint)
                if table is None or not all(table.column(column) for column in columns):
                    continue
                if isinstance(constraint, ForeignKey) and not _refers_to_what_is_there(before, constraint):
                    continue
                label = f"assumed_{item.statement.span.start}_{number}"
                if isinstance(constraint, Check | ForeignKey):
                    constraint = replace(constraint, validated=True)
                added = statement(AddConstraint(table=name, constraint=replace(constraint, name=label)))
                yield added, statement(DropConstraint(table=name, constraint=label))


def _refers_to_what_is_there(before: Schema, key: ForeignKey) -> bool:
    other = before.table(key.ref_table)
    return other is not None and all(other.column(column) for column in key.referred(other))


def _is_plain(index: Index) -> bool:
    return index.where is None and not any(part.is_expression for part in index.parts)


def _columns_of(constraint: Constraint) -> tuple[str, ...]:
    return () if isinstance(constraint, Check | Exclusion) else constraint.columns


def _undoes(analysis: Analysis, path: str) -> bool:
    """Whether a rollback file does anything: where nothing can be undone, it only says so."""
    script = analysis.scripts.get(path)
    return script is not None and bool(script.statements)


def _companions(analysis: Analysis, path: str) -> dict[str, list[str]]:
    """Backfill, validation and rollback files of one version."""
    names = analysis.history.names
    own = names[path]
    found: dict[str, list[str]] = {"backfill": [], "validate": [], "rollback": []}
    for other, name in sorted(names.items()):
        if name.role in found and (name.version, name.folder) == (own.version, own.folder):
            found[name.role].append(other)
    return found


def _file(analysis: Analysis, path: str) -> SqlFile:
    """The file as it is run forward."""
    text = analysis.snapshot.files[path].text
    if path.endswith(".py"):
        return SqlFile(path=path, text=sql_of(program(analysis, path).statements, text), wrapped=True)
    sections = sections_of(text)
    wrapped = analysis.snapshot.settings.wraps_in_transaction and not sections.no_transaction
    return SqlFile(path=path, text=_only(text, sections.forward), wrapped=wrapped)


def _way_back(analysis: Analysis, path: str) -> Iterator[SqlFile]:
    """What undoes the file, where that stands in itself."""
    text = analysis.snapshot.files[path].text
    if path.endswith(".py"):
        if back_statements := program(analysis, path).rollback:
            yield SqlFile(path=path, text=sql_of(back_statements, text), wrapped=True)
        return
    back = sections_of(text).rollback
    if back is not None and read_sql(back.of(text)).statements:
        yield SqlFile(path=path, text=_only(text, back))


def _only(text: str, span: Span) -> str:
    """The text with everything outside the span blanked; lines stay where they are."""
    return _TEXT.sub(" ", text[: span.start]) + span.of(text)


def _before(analysis: Analysis, first: str) -> Iterator[SqlFile]:
    """What makes the schema before a file: the migrations that precede it, or the schema as other sources tell it."""
    history = analysis.history
    start = history.before[history.forward[0]]
    if start.tables:
        yield SqlFile(path="(current schema)", text=_as_script(start))
    for path in history.forward[: history.forward.index(first)]:
        yield _file(analysis, path)
        for backfill in _companions(analysis, path)["backfill"]:
            yield _file(analysis, backfill)


def _as_script(schema: Schema) -> str:
    enums = tuple(CreateEnum(enum=enum) for enum in schema.enums.values())
    return schema_sql(tuple(schema.tables.values()), enums)


def measured(proof: Proof) -> tuple[str, ...]:
    """How long the statements take whose work grows with the rows: for production's rows, where those are known."""
    return tuple(
        f"`{item.path}` line {item.line} takes {_took(item.expected_ms)} for {item.production_rows:,} rows"
        if item.production_rows is not None
        else f"`{item.path}` line {item.line} takes {_took(item.measured_ms[1])} for {item.rows[1]:,} rows"
        for item in proof.estimates
    )


def _took(milliseconds: float | None) -> str:
    return "some time" if milliseconds is None else seconds_words(milliseconds / 1000)


def _shown(analysis: Analysis, rounds: Sequence[Verified], wish: Wish) -> dict[str, str]:
    """The proofs that every round gave, in words for the checklist."""
    results: dict[str, list[tuple[bool, str]]] = {}
    for item in rounds:
        for step in item.proof.steps:
            results.setdefault(step.name, []).append((step.passed, f"`{step.name}` on {item.proof.engine_label}"))
    shown = {name: found[0][1] for name, found in results.items() if all(passed for passed, _ in found)}
    models = {file.path for file in analysis.snapshot.of_role(Role.MODELS)}
    wanting = [
        asked
        for asked in analysis.knowledge.asked
        if asked.state is RequestState.OPEN and asked.request.origin.path in models
    ]
    if models and not wanting and analysis.knowledge.models.schema.tables:
        shown["models-agree"] = "`migration-ls check` finds no difference between models and schema"
    if rounds and all(item.proof.passed for item in rounds):
        longest = [words for item in rounds for words in measured(item.proof)]
        took = "; ".join(longest) or "no statement's work grows with the rows,"
        shown["durations"] = f"{took} on {rounds[0].proof.engine_label}"
    if wish.dsn is not None and all(all(passed for passed, _ in found) for found in results.values()):
        shown["staging"] = "all steps on the server that was named"
    return shown


def _documents(analysis: Analysis, forward: Sequence[str], shown: dict[str, str]) -> Iterator[ChangedFile]:
    """The documents of the migrations with their boxes ticked; one that was edited by hand keeps its words."""
    titles = {_title(analysis, path) for path in forward}
    for file in analysis.snapshot.of_role(Role.DOCUMENT):
        header = header_of(file.text)
        if header is None or header.title not in titles:
            continue
        body = file.text.partition("\n")[2]
        ticked = with_proofs(body, shown)
        text = (
            with_header(ticked, role=header.role, title=header.title, markdown=True)
            if header.intact
            else file.text.partition("\n")[0] + "\n" + ticked
        )
        if text != file.text:
            yield ChangedFile(
                path=file.path,
                old_text=file.text,
                edits=(Edit(Span(0, len(file.text)), text),),
                purpose="document: what was shown",
                version=file.version,
            )
