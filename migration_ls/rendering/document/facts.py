"""What the document is made from."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from migration_ls.planning.plan import Plan
from migration_ls.schema.names import Name


@dataclass(frozen=True, slots=True, kw_only=True)
class GeneratedFile:
    """A script of the plan: its path, its role, its text without header, and what it is for.

    `of` is the role of the version that it belongs to: a rollback or the checks of `contract`, say.
    """

    path: str
    role: str
    text: str
    purpose: str
    of: str = "forward"


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentFacts:
    """Everything `migration.md` says comes from here.

    `models` and `documents` are path, text before and text after. `rows` and `sizes` are known row counts and
    bytes per table.
    """

    plan: Plan
    title: str
    spec_path: str | None
    spec_text: str | None
    files: tuple[GeneratedFile, ...]
    models: tuple[tuple[str, str, str], ...] = ()
    new_models: tuple[tuple[str, str], ...] = ()
    documents: tuple[tuple[str, str, str], ...] = ()
    rows: Mapping[Name, int] = field(default_factory=dict)
    sizes: Mapping[Name, int] = field(default_factory=dict)
    base_source: str = ""
    sqlmodel: tuple[int, ...] | None = None
    sqlmodel_source: str | None = None
    runner: str | None = None
    """The program that runs migrations; None for psql."""

    def of_role(self, role: str) -> tuple[GeneratedFile, ...]:
        """The files of one role, in order."""
        return tuple(file for file in self.files if file.role == role)
