"""What a rule is, and what it looks at."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from migration_ls.operations.replay import ReplayedStatement
from migration_ls.postgres.versions import DEFAULT
from migration_ls.rules.finding import Finding, Severity
from migration_ls.schema.names import Name
from migration_ls.schema.schema import Schema


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleSettings:
    """Settings that change what rules say. `rows` are known row counts per table."""

    postgres: int = DEFAULT
    small_table_rows: int = 10_000
    rows: Mapping[Name, int] = field(default_factory=dict)
    sizes: Mapping[Name, int] = field(default_factory=dict)
    """Known bytes per table, without its indexes."""
    downtime: bool = False

    def is_small(self, table: Name) -> bool:
        """Whether the table is known to have few rows; unknown counts as large."""
        rows = self.rows.get(table)
        return rows is not None and rows < self.small_table_rows


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """A migration as rules see it: its text and its statements as they run.

    `generated` files were written by this product. `role` is `forward`, `rollback`, `validate`, `backfill`, `finish`
    or `contract`. A `requested` script is nobody's file: it is the direct form of changes that are only asked for.
    """

    path: str
    text: str
    statements: tuple[ReplayedStatement, ...]
    settings: RuleSettings
    base: Schema
    role: str = "forward"
    generated: bool = False
    wrapped: bool = False
    requested: bool = False
    applied: bool = False
    """Whether production has it already, so that nobody can change it any more: only danger is told of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deploy:
    """The migrations of a folder as one deploy meets them.

    `scripts` are the pending ones in order, `history` all of them, `base` is what production has before them. `edited`
    are paths of files that production ran and that say something else now.
    """

    scripts: tuple[Script, ...]
    history: tuple[Script, ...]
    base: Schema
    edited: frozenset[str] = frozenset()

    def was_there(self, relation: Name) -> bool:
        """Whether the relation was there before the deploy."""
        return self.base.kind(relation) is not None

    def title(self, path: str) -> str:
        """The file's name, as people call it."""
        return path.rpartition("/")[2]

    def belongs(self, path: str, contract: str) -> bool:
        """Whether a contract step belongs to the migration: they have one name beside version and role."""
        return _stem(path) == _stem(contract)


_PARTS = re.compile(r"^[\d_.VvU:-]+|_?(?:contract|finish|switch|backfill|rename)?(?:\.up)?\.\w+$")


def _stem(path: str) -> str:
    return _PARTS.sub("", path.rpartition("/")[2])


Check = Callable[[Script], Iterator[Finding]]
"""Yields the findings of one rule in one migration."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A rule: its name (the module's, with dashes), the hazard in one line, and the function that looks.

    `severity` is the worst it reports. Rules that judge one step at a time say in `on` which operations they want.
    """

    name: str
    summary: str
    check: Check
    doc: str
    """The module's docstring: the rule's page."""
    severity: Severity
    on: tuple[type, ...] = ()
    check_deploy: "Callable[[Deploy], Iterator[Finding]] | None" = None
    """Looks at the migrations of one deploy together; None for rules that look at one file."""
    check_step: "Callable[..., tuple[Finding, ...]] | None" = None
    """Takes a `judging.Place`; None for rules that look at the whole script."""
