"""Write which casts PostgreSQL makes by itself, from a server's own catalog; with `--check`, only compare.

    python scripts/write_cast_facts.py [--check] [--postgres N]

Exit status 1 means that the module on disk is stale, or that the majors do not agree.
"""

import argparse
import sys
from pathlib import Path

_ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(_ROOT))

from migration_ls.postgres.versions import NEWEST, OLDEST  # noqa: E402
from migration_ls.verification.fetch import exact_engine  # noqa: E402
from migration_ls.verification.server import throwaway_server  # noqa: E402

MODULE = _ROOT / "migration_ls" / "postgres" / "cast_facts.py"
_EXTENSIONS = ("citext", "cube", "hstore", "isn", "ltree", "seg")
"""Those of the server's own distribution that bring types; the casts of their types stand with the others."""
_QUERY = """
SELECT format_type(castsource, NULL), format_type(casttarget, NULL), castmethod = 'b'
FROM pg_cast
WHERE castcontext IN ('a', 'i') AND castsource <> casttarget
ORDER BY 1, 2
"""
# ruff: noqa: E501
_HEAD = '''"""The casts that PostgreSQL makes when it assigns a value, as its own `pg_cast` lists them; the same on {majors}.

With those of the types that its own extensions bring.

Made by `scripts/write_cast_facts.py`.
"""

_CASTS = """
'''
_TAIL = '''"""

ASSIGNED: dict[tuple[str, str], bool] = {
    (source, target): bool(binary)
    for source, target, binary in (line.split("|") for line in _CASTS.strip().splitlines())
}
"""From one type to another: whether the bytes stay as they are (`castmethod = 'b'`)."""
'''


def casts(major: int) -> list[tuple[str, str, bool]]:
    """The rows of a server of that major."""
    with throwaway_server(exact_engine(major)) as server:
        for extension in _EXTENSIONS:
            server.admin.execute(f"CREATE EXTENSION {extension}".encode())
        return [(str(a), str(b), bool(binary)) for a, b, binary in server.admin.execute(_QUERY).fetchall()]


def module(rows: list[tuple[str, str, bool]]) -> str:
    """The module's text."""
    lines = [f"{source}|{target}|{'binary' if binary else ''}\n" for source, target, binary in rows]
    return _HEAD.format(majors=f"{OLDEST} to {NEWEST}") + "".join(lines) + _TAIL


def main() -> int:
    """Compare one major, or ask all of them and write."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("--check", action="store_true", help="write nothing, exit 1 when the module is stale")
    parser.add_argument("--postgres", type=int, default=NEWEST, help="the major to compare with")
    arguments = parser.parse_args()
    if arguments.check:
        fresh = MODULE.read_text(encoding="utf-8") == module(casts(arguments.postgres))
        print("fresh" if fresh else "stale: run scripts/write_cast_facts.py")
        return 0 if fresh else 1
    known = {major: casts(major) for major in range(OLDEST, NEWEST + 1)}
    if any(rows != known[NEWEST] for rows in known.values()):
        print("the majors differ: a fact needs the major it is of")
        return 1
    MODULE.write_text(module(known[NEWEST]), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
