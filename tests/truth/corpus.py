"""Statements to measure: what stands in `cases/*.sql`, with nothing said about what they do."""

import re
from dataclasses import dataclass
from pathlib import Path

from migration_ls.postgres.versions import NEWEST, OLDEST

FOLDER = Path(__file__).parent / "cases"
_CASE = re.compile(r"^-- case:[ \t]*(.+)$", re.MULTILINE)
_HEADER = re.compile(r"^-- (majors|unseen|needs):[ \t]*(.+)$", re.MULTILINE)
_RUN = re.compile(r"^-- run[ \t]*$", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A migration file to measure, on a schema of its own.

    `unseen` are claims that these rows and statements cannot show: `loses`, `breaks`, `danger`.
    """

    area: str
    name: str
    given: str
    setup: str
    run: str
    majors: range
    unseen: frozenset[str] = frozenset()

    def __str__(self) -> str:
        """`alter_types: widen varchar`."""
        return f"{self.area}: {self.name}"


def load(path: Path) -> tuple[Case, ...]:
    """The cases of a file.

    Raises:
        ValueError: Two cases have one name, or the file begins with something else than `-- given`.
    """
    text = path.read_text(encoding="utf-8")
    parts = _CASE.split(text)
    if not parts[0].lstrip().startswith("-- given"):
        raise ValueError(f"{path.name} begins with `-- given`")
    found: dict[str, Case] = {}
    for name, body in zip(parts[1::2], parts[2::2], strict=True):
        headers = {match[1]: match[2].strip() for match in _HEADER.finditer(body)}
        setup, run = _RUN.split(body, maxsplit=1) if _RUN.search(body) else ("", body)
        if name.strip() in found:
            raise ValueError(f"{path.name} has two cases {name.strip()!r}")
        found[name.strip()] = Case(
            area=path.stem,
            name=name.strip(),
            given=parts[0],
            setup=setup,
            run=run,
            majors=_majors(headers.get("majors", f"{OLDEST}-{NEWEST}")),
            unseen=frozenset(headers.get("unseen", "").replace(",", " ").split()),
        )
    return tuple(found.values())


def load_all() -> tuple[Case, ...]:
    """Every case there is."""
    return tuple(case for path in sorted(FOLDER.glob("*.sql")) for case in load(path))


def _majors(text: str) -> range:
    first, _, last = text.partition("-")
    return range(int(first), int(last or (NEWEST if text.endswith("-") else first)) + 1)
