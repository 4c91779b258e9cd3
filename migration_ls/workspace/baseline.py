"""A first migration with the tables that stood in the database before the others, so that these run on an empty one."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from migration_ls.operations.add_constraint import AddConstraint
from migration_ls.operations.create_enum import CreateEnum
from migration_ls.operations.create_index import CreateIndex
from migration_ls.operations.create_table import CreateTable
from migration_ls.operations.naming import named_constraints
from migration_ls.rendering.sql.blocks import constraint_query, type_query, unless
from migration_ls.rendering.sql.statements import schema_sql, statement
from migration_ls.rendering.styles.revision import revision_text
from migration_ls.rendering.styles.units import Unit
from migration_ls.schema.schema import Schema
from migration_ls.sources.migrations import MigrationName, migration_path
from migration_ls.text.edits import Edit
from migration_ls.text.fingerprint import fingerprint
from migration_ls.text.span import Span
from migration_ls.workspace.analysis import Analysis
from migration_ls.workspace.changes import ChangedFile, Generation, NewFile, Refusal
from migration_ls.workspace.styled import style_of

_NAME = "baseline"
_REMARK = "What stood in the database before the first migration; where it stands already, this changes nothing."
_DOWN = re.compile(r"^down_revision\s*(?::[^=\n]*)?=\s*(None)\b", re.MULTILINE)
_STAMP = "%Y%m%d%H%M%S"
_MARKS = {
    "dbmate": ("-- migrate:up\n", "\n-- migrate:down\n"),
    "goose": ("-- +goose Up\n-- +goose StatementBegin\n", "-- +goose StatementEnd\n\n-- +goose Down\n"),
}


def baseline(analysis: Analysis) -> Generation:
    """The baseline of a project whose migrations begin in the middle; empty where they make everything."""
    history = analysis.history
    if history.gap is None or history.gap.assumed_from is None:
        return Generation(title=_NAME)
    first = history.forward[0]
    statements = tuple(_statements(history.before[first]))
    if history.names[first].style == "alembic":
        return _revision(analysis, first, statements)
    return _script(analysis, first, statements)


def _statements(schema: Schema) -> Iterator[str]:
    """What makes the schema, each statement without effect where that is there already."""
    tables = tuple(named_constraints(table) for table in schema.tables.values())
    enums = tuple(CreateEnum(enum=enum) for enum in schema.enums.values())
    for line in schema_sql(tables, enums).split("\n"):
        if line.startswith(("CREATE EXTENSION", "CREATE SCHEMA")):
            yield line.removesuffix(";")
    for enum in enums:
        yield unless(type_query(enum.enum.name), statement(enum))
    for table in tables:
        yield statement(CreateTable(table=replace(table, foreign_keys=(), indexes=()), if_not_exists=True))
        for index in table.indexes:
            yield statement(CreateIndex(table=table.name, index=index, if_not_exists=True))
    for table in tables:
        for key in table.foreign_keys:
            added = statement(AddConstraint(table=table.name, constraint=key))
            yield unless(constraint_query(table.name, key.name or ""), added)


def _script(analysis: Analysis, first: str, statements: tuple[str, ...]) -> Generation:
    name = analysis.history.names[first]
    version = _version_before(name)
    if version is None:
        refusal = Refusal(
            what=_NAME,
            why=f"no version comes before `{name.version or name.name}`",
            help="Give the first migration a higher version, or write the tables into it",
        )
        return Generation(title=_NAME, refused=(refusal,))
    before, behind = _MARKS.get(style_of(analysis) or "", ("", ""))
    body = "\n\n".join(text if text.rstrip().endswith(";") else f"{text};" for text in statements)
    path = migration_path(name.folder, version, _NAME, "forward", name.style)
    text = f"{before}-- {_REMARK}\n\n{body}\n{behind}"
    return Generation(title=_NAME, new_files=(NewFile(path=path, text=text, purpose="makes what was there before"),))


def _version_before(name: MigrationName) -> str | None:
    """A version that sorts before the first one, in its form; None where there is none."""
    digits = re.match(r"\d+", name.version)
    if digits is None:
        return None
    number = digits[0]
    try:
        moment = datetime.strptime(number, _STAMP).replace(tzinfo=UTC) if len(number) == 14 else None
        lower = f"{moment - timedelta(seconds=1):{_STAMP}}" if moment else ""
    except (ValueError, OverflowError):
        lower = ""
    if not lower and int(number) == 0:
        return None
    lower = lower or str(int(number) - 1).zfill(len(number))
    return f"V{lower}_" if name.style == "flyway" else lower


def _revision(analysis: Analysis, first: str, statements: tuple[str, ...]) -> Generation:
    """A revision that the first one follows from now on."""
    file = analysis.snapshot.files[first]
    follows = _DOWN.search(file.text)
    if follows is None:
        refusal = Refusal(
            what=_NAME,
            why=f"`{first}` does not say `down_revision = None`",
            help="Write the tables into a revision that it follows",
        )
        return Generation(title=_NAME, refused=(refusal,))
    revision = fingerprint("alembic", _NAME, *statements)[:12]
    text = revision_text(_NAME, revision, None, (Unit("transaction", statements),), (), f"-- {_REMARK}")
    edit = Edit(Span(follows.start(1), follows.end(1)), f'"{revision}"')
    return Generation(
        title=_NAME,
        new_files=(
            NewFile(
                path=f"{first.rpartition('/')[0]}/{revision}_{_NAME}.py",
                text=text,
                purpose="makes what was there before",
            ),
        ),
        changed_files=(
            ChangedFile(
                path=first,
                old_text=file.text,
                edits=(edit,),
                purpose="revision: follows the baseline",
                version=file.version,
            ),
        ),
    )
