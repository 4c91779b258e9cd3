"""Write the pages of the rules; with `--check`, only say whether those on disk are fresh.

    python scripts/write_rule_pages.py [--check] [DIR]

Exit status 1 means that pages are stale.
"""

import argparse
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from migration_ls.rules.docs import pages

_ROOT = Path(__file__).resolve().parent.parent
_FOLDER = _ROOT / "docs" / "rules"
_RECORD = _ROOT / "tests" / "truth" / "record.json"


def _measured(seen: Mapping[str, Any]) -> str:
    majors = ", ".join(str(major) for major in seen["majors"])
    cases = "1 case" if seen["cases"] == 1 else f"{seen['cases']} cases"
    return f"{cases} of the [judge of effects](../truth.md), on PostgreSQL {majors}"


def main() -> int:
    """Compare or write the folder."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("folder", nargs="?", type=Path, default=_FOLDER)
    parser.add_argument("--check", action="store_true", help="write nothing, exit 1 when pages are stale")
    arguments = parser.parse_args()
    record = json.loads(_RECORD.read_text(encoding="utf-8")) if _RECORD.is_file() else {"rules": {}}
    wanted = pages({rule: _measured(seen) for rule, seen in record["rules"].items()})
    present = {path.name: path.read_text(encoding="utf-8") for path in sorted(arguments.folder.glob("*.md"))}
    stale = sorted(name for name in wanted.keys() | present.keys() if wanted.get(name) != present.get(name))
    if arguments.check:
        sys.stdout.writelines(f"stale: {name}\n" for name in stale)
        return 1 if stale else 0
    arguments.folder.mkdir(parents=True, exist_ok=True)
    for name in stale:
        if name in wanted:
            (arguments.folder / name).write_text(wanted[name], encoding="utf-8", newline="\n")
        else:
            (arguments.folder / name).unlink()
    return 0


if __name__ == "__main__":
    sys.exit(main())
