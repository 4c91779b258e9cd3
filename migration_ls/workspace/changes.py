"""Files to write and edits to make, before anybody writes them."""

from dataclasses import dataclass

from migration_ls.planning.plan import Plan, Unplanned
from migration_ls.text.edits import Edit


@dataclass(frozen=True, slots=True, kw_only=True)
class NewFile:
    """A file to create; it must not exist."""

    path: str
    text: str
    purpose: str
    """One line for a preview: what the file is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedFile:
    """Edits of a file that exists, made for exactly `old_text`."""

    path: str
    old_text: str
    edits: tuple[Edit, ...]
    purpose: str
    version: int | None = None
    """The editor's version of the text; None when the file is not open."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Something that was asked for and is not done: why, and the way out."""

    what: str
    why: str
    help: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Generation:
    """Everything that one run of generate would change.

    `title` names the migration (`002_task_organization`). Empty when all is there already.
    """

    title: str
    plan: Plan | None = None
    new_files: tuple[NewFile, ...] = ()
    changed_files: tuple[ChangedFile, ...] = ()
    refused: tuple[Refusal, ...] = ()
    unplanned: tuple[Unplanned, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether nothing would change."""
        return not (self.new_files or self.changed_files)
