"""What a migration file does, in whichever language it is written."""

from dataclasses import dataclass

from migration_ls.operations.statement import Statement
from migration_ls.sources.problem import Problem
from migration_ls.workspace.revisions import NO_CONVENTION, Convention, revision_of
from migration_ls.workspace.sql_files import sql_file


@dataclass(frozen=True, slots=True)
class Program:
    """The statements of a file both ways. `in_transaction`: its runner puts it in one, whatever the settings say."""

    statements: tuple[Statement, ...]
    rollback: tuple[Statement, ...]
    problems: tuple[Problem, ...]
    in_transaction: bool = False


def program_of(path: str, text: str, convention: Convention = NO_CONVENTION) -> Program:
    """What the file says; `convention` is for revisions, which are told by the end of their path."""
    if path.endswith(".py"):
        revision = revision_of(path, text, convention)
        if revision is None:
            return Program((), (), (), in_transaction=True)
        return Program(revision.upgrade, revision.downgrade, revision.problems, in_transaction=True)
    read = sql_file(path, text)
    return Program(read.statements, read.rollback, read.problems)
