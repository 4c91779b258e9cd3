"""Plan every kind of change, run it on a server, and write what was measured; with `--check`, only say whether it is fresh.

    python scripts/write_recipes_page.py [--check]

Writes `tests/planning/record.json` (the locks that were measured) and `docs/recipes.md` (the page made from it). With
`--check` no server is started: exit status 1 means that the plans are not those that were measured, or that the page is
not made from the record.
"""
# ruff: noqa: E501 - the page's own lines are long; a command that prints

import argparse
import hashlib
import json
import sys
from pathlib import Path
from typing import Any

_ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(_ROOT))

from migration_ls.planning.planner import plan  # noqa: E402
from migration_ls.planning.situation import Situation  # noqa: E402
from migration_ls.postgres.versions import DEFAULT  # noqa: E402
from migration_ls.rendering.sql.versions import Version, versions  # noqa: E402
from migration_ls.rules.rule import RuleSettings  # noqa: E402
from migration_ls.verification.database import Server  # noqa: E402
from migration_ls.verification.engine import choose_engine  # noqa: E402
from migration_ls.verification.fill import fill  # noqa: E402
from migration_ls.verification.script import SqlFile, lines_of  # noqa: E402
from migration_ls.verification.server import throwaway_server  # noqa: E402
from migration_ls.verification.trace import tracing  # noqa: E402
from migration_ls.workspace.needed import settled_versions  # noqa: E402
from tests.planning import expanding  # noqa: E402
from tests.planning.judge import requests_of, run_text, schema_of_sql  # noqa: E402
from tests.planning.kinds import BASE, Kind  # noqa: E402
from tests.planning.kinds import KINDS as IN_ONE_RELEASE  # noqa: E402

KINDS: "list[Kind | expanding.Expanding]" = [*IN_ONE_RELEASE, *expanding.KINDS]
RECORD = _ROOT / "tests" / "planning" / "record.json"
PAGE = _ROOT / "docs" / "recipes.md"
_ROWS = 200
_SILENT = ("SET", "RESET", "BEGIN", "COMMIT", "DO $$\nBEGIN\n    IF EXISTS (\n        SELECT FROM pg_attribute")

_INTRODUCTION = f"""# Recipes

How each kind of change is planned: the SQL that `generate` writes, and the locks that a real server was seen to take.
This page is made by `scripts/write_recipes_page.py`; `tests/planning/test_judges.py` proves each recipe on several
majors: it applies to tables with rows, leads to the wanted schema, is undone and applied again, also after a kill behind
every statement, and while it runs nobody waits longer than the lock timeout.

The recipes are those for tables of unknown size on PostgreSQL {DEFAULT}; small tables, or an application that may be stopped
(`downtime`), get simpler forms. Unless a recipe says otherwise, the schema before is this:

```sql
{BASE.strip()}
```
"""


def planned(kind: Kind | expanding.Expanding) -> tuple[Version, ...]:
    """The versions of the kind's plan."""
    current, wanted = schema_of_sql(kind.case.before), schema_of_sql(kind.case.after)
    made = plan(
        Situation(current=current, wanted=wanted, postgres=DEFAULT, **kind.case.situation), requests_of(kind.case)
    )
    return settled_versions(versions(made), current, RuleSettings(postgres=DEFAULT))


def key(found: tuple[Version, ...]) -> str:
    """What tells one plan from another."""
    text = "\n".join(f"{item.role}\n{item.forward}\n{item.backfill}\n{item.rollback}" for item in found)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def measured(server: Server, kind: Kind | expanding.Expanding, found: tuple[Version, ...]) -> dict[str, Any]:
    """What each statement of the plan, and of its rollback where it was run, was seen to lock."""
    with server.database() as database:
        run_text(database, "before", kind.case.before)
        run_text(database, "holds", "".join(f"{hold};\n" for hold, _ in kind.case.holds))
        fill(database, _ROWS)
        run_text(database, "free", "".join(f"{free};\n" for _, free in kind.case.holds))
        seen: dict[str, list[Any]] = {}
        for item in found:
            for role, text in ((item.role, item.forward), ("backfill", item.backfill)):
                if text:
                    with tracing(database) as tracer:
                        lines = lines_of(SqlFile(path=role, text=text))
                        seen[role] = [_row(line.sql, tracer.run(line)) for line in lines]
                    seen[role] = [row for row in seen[role] if not row[0].startswith(_SILENT)]
    return {"plan": key(found), "seen": seen}


def _row(sql: str, observed: Any) -> list[Any]:
    if observed.error is not None:
        raise SystemExit(f"{sql}\n{observed.error}")
    strongest = {str(lock.relation): str(observed.strongest(lock.relation)) for lock in observed.locks}
    work = [f"writes `{name}` anew" for name in observed.rewrites]
    work += [f"reads every row of `{name}`" for name in observed.scans]
    work += [f"builds `{name}`" for name in observed.builds]
    return [_head(sql), dict(sorted(strongest.items())), work]


def _head(sql: str) -> str:
    """The statement in one line; of a block the statement that it guards."""
    lines = [line.strip() for line in sql.split("\n")]
    if lines[0].startswith("DO "):
        inside = [line for line in lines if line.startswith(("ALTER ", "CREATE ", "DROP ", "UPDATE ", "WITH "))]
        return f"DO: {inside[-1] if inside else 'check'}"[:110].rstrip(";")
    return " ".join(lines)[:110]


def page(record: dict[str, Any]) -> str:
    """The page."""
    parts = [_INTRODUCTION, f"Measured on {record['engine']} with {_ROWS} rows per table.\n"]
    for kind in KINDS:
        parts += _section(kind, record["kinds"][kind.name])
    return "\n".join(parts)


def _section(kind: Kind | expanding.Expanding, record: dict[str, Any]) -> list[str]:
    found = planned(kind)
    parts = [f"## {kind.name[0].upper()}{kind.name[1:]}\n"]
    before, after = kind.case.before.removeprefix(BASE).strip(), kind.case.after.removeprefix(BASE).strip()
    if before:
        parts.append(f"There is:\n\n```sql\n{before}\n```\n")
    parts.append(f"Wanted is:\n\n```sql\n{after}\n```\n" if after else "Wanted is a schema without it.\n")
    for item in found:
        for role, text in ((item.role, item.forward), ("backfill", item.backfill)):
            if text:
                parts.append(f"### {kind.name}: {role}\n\n```sql\n{text.strip()}\n```\n")
                parts.append(_table(record["seen"][role]))
        parts.append(
            f"<details><summary>Rollback of {item.role}</summary>\n\n```sql\n{item.rollback.strip()}\n```\n\n</details>\n"
        )
    return parts


def _table(rows: list[Any]) -> str:
    lines = ["| statement | locks that were seen | work |", "|---|---|---|"]
    for sql, locks, work in rows:
        shown = ", ".join(f"{mode} on `{name}`" for name, mode in locks.items()) or "none"
        lines.append(f"| `{sql.replace('|', chr(92) + '|').replace('`', '')}` | {shown} | {', '.join(work)} |")
    return "\n".join(lines) + "\n"


def main() -> int:
    """Measure and write, or compare."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true")
    if parser.parse_args().check:
        return check()
    engine = choose_engine(DEFAULT)
    record: dict[str, Any] = {"engine": f"PostgreSQL {engine.major}", "kinds": {}}
    with throwaway_server(engine) as server:
        for kind in KINDS:
            record["kinds"][kind.name] = measured(server, kind, planned(kind))
    RECORD.write_text(json.dumps(record, indent=1) + "\n", "utf-8")
    PAGE.write_text(page(record), "utf-8")
    return 0


def check() -> int:
    """Whether record and page are of the plans that are made now."""
    record = json.loads(RECORD.read_text("utf-8"))
    stale = [kind.name for kind in KINDS if record["kinds"].get(kind.name, {}).get("plan") != key(planned(kind))]
    if stale:
        print(f"not measured as they are planned now: {', '.join(stale)}")
    elif PAGE.read_text("utf-8") != page(record):
        print(f"{PAGE.name} is stale")
    else:
        return 0
    print("run scripts/write_recipes_page.py")
    return 1


if __name__ == "__main__":
    sys.exit(main())
