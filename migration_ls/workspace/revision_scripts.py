"""Alembic revisions as scripts that a server can be given."""

from collections.abc import Iterable

from migration_ls.operations.opaque import Opaque
from migration_ls.operations.statement import Statement
from migration_ls.text.lines import LineIndex
from migration_ls.workspace.analysis import Analysis
from migration_ls.workspace.programs import Program, program_of


class NothingToVerifyError(Exception):
    """There is no such migration, or it cannot be run; the message says so and what to do."""


def program(analysis: Analysis, path: str) -> Program:
    """What a migration does."""
    return program_of(path, analysis.snapshot.files[path].text, analysis.history.beside(path))


def refuse_unknown(analysis: Analysis, path: str) -> None:
    """Say so when a revision does what only running its Python would tell.

    Raises:
        NothingToVerifyError: It does.
    """
    if not path.endswith(".py"):
        return
    text = analysis.snapshot.files[path].text
    for statement in program(analysis, path).statements:
        line = LineIndex(text).line(statement.span.start) + 1
        if any(isinstance(operation, Opaque) for operation in statement.operations):
            raise NothingToVerifyError(f"{path}:{line} does what only a run of the revision would tell")
        if _has_parameters(statement):
            raise NothingToVerifyError(f"{path}:{line} writes values that only a run of the revision would tell")


def _has_parameters(statement: Statement) -> bool:
    """Whether it is about rows, and its values are not in it."""
    return "$1" in statement.sql and statement.kind in {"INSERT", "UPDATE", "DELETE"}


def sql_of(statements: Iterable[Statement], text: str) -> str:
    """The statements as a script whose lines are those of the revision's calls, as far as they fit.

    What only a run would tell, and changes of rows whose values are not written out, are left out.
    """
    index = LineIndex(text)
    result = ""
    line = 0
    for statement in statements:
        if not statement.sql or _has_parameters(statement):
            continue
        wanted = index.line(statement.span.start)
        result += "\n" * max(wanted - line, 1 if result else 0)
        line = max(wanted, line + 1 if result else 0)
        result += f"{statement.sql};"
        line += statement.sql.count("\n")
    return result + "\n"
