"""What a proof is about, and what it showed. Frozen data; `as_json` gives what a file or the editor takes."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from migration_ls.postgres.locks import LockMode
from migration_ls.schema.names import Name
from migration_ls.schema.schema import Schema
from migration_ls.verification.fill import DEFAULT_ROWS
from migration_ls.verification.script import SqlFile
from migration_ls.verification.trace import Observed

STEPS = (
    "current-schema-loads",
    "rows-fill",
    "checks-fail-before",
    "forward-applies",
    "checks-pass-after",
    "previous-release-works",
    "brief-locks",
    "rollback-restores-catalog",
    "rollback-restores-rows",
    "forward-applies-again",
)
"""The names of all steps, in order. Steps for which nothing was given are left out of a proof."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Migration:
    """What to prove.

    `before` makes the current schema. `forward`, `validate` and `rollback` run in the order given. `previous` are the
    models of the release that is running: its statements are made from them, `previous_statements` are further ones.
    """

    before: tuple[SqlFile, ...]
    forward: tuple[SqlFile, ...]
    validate: tuple[SqlFile, ...] = ()
    rollback: tuple[SqlFile, ...] = ()
    assume: tuple[tuple[str, str], ...] = ()
    """What rows have to satisfy for the migration to run: pairs of SQL that makes it a constraint and that ends it."""
    previous: Schema | None = None
    previous_statements: tuple[str, ...] = ()
    new_labels: Mapping[Name, tuple[str, ...]] = field(default_factory=dict)
    """Labels that enums get which are there before: PostgreSQL has no way to take them back."""
    losses: tuple[str, ...] = ()
    """What the rollback says that it cannot bring back, naming tables as `tasks` and columns as `tasks.note`."""
    rows: int = DEFAULT_ROWS
    """How many rows each table gets."""
    timing_rows: int = 2000
    """Durations of what grows are measured at this many rows and at four times as many; 0 leaves them out."""
    production_rows: Mapping[Name, int] = field(default_factory=dict)
    small_table_rows: int = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class ProofStep:
    """One thing that was shown, or not."""

    name: str
    passed: bool
    detail: tuple[str, ...] = ()
    """Why it did not pass, or what limits it."""
    duration_ms: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """How long a statement whose work grows with the rows takes: measured at two sizes."""

    path: str
    line: int
    tables: tuple[Name, ...]
    rows: tuple[int, int]
    measured_ms: tuple[float, float]
    production_rows: int | None = None
    expected_ms: float | None = None
    """For the configured rows, on this machine; None where they are not known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """What a real server showed about a migration."""

    engine_label: str
    major: int
    wanted_major: int | None = None
    steps: tuple[ProofStep, ...] = ()
    observed: tuple[Observed, ...] = ()
    """Each statement of the forward files."""
    estimates: tuple[Estimate, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether everything was shown."""
        return all(step.passed for step in self.steps)

    @property
    def warnings(self) -> tuple[str, ...]:
        """What limits the proof as a whole, in words."""
        if self.wanted_major is None or self.wanted_major == self.major:
            return ()
        return (f"it ran on {self.engine_label}, while production is PostgreSQL {self.wanted_major}",)

    def step(self, name: str) -> ProofStep | None:
        """The step of that name, None when it was not part of this proof."""
        return next((step for step in self.steps if step.name == name), None)


def as_json(proof: Proof) -> dict[str, Any]:
    """The proof as plain values; relations as `name` or `schema.name`, lock modes as SQL spells them."""
    plain = _plain(proof)
    return {"passed": proof.passed, "warnings": list(proof.warnings), **plain}


def _plain(value: Any) -> Any:
    match value:
        case Name() | LockMode():
            return str(value)
        case Enum():
            return value.value
        case float():
            return round(value, 3)
        case tuple() | list() | frozenset():
            return [_plain(item) for item in value]
        case _ if dataclasses.is_dataclass(value):
            return {item.name: _plain(getattr(value, item.name)) for item in dataclasses.fields(value)}
        case _:
            return value
