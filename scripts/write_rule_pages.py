"""Write the pages of the rules; with `--check`, only say whether those on disk are fresh.

    python scripts/write_rule_pages.py [--check] [DIR]

Exit status 1 means that pages are stale.
"""

import argparse
import sys
from pathlib import Path

from migration_ls.rules.docs import pages

_FOLDER = Path(__file__).resolve().parent.parent / "docs" / "rules"


def main() -> int:
    """Compare or write the folder."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("folder", nargs="?", type=Path, default=_FOLDER)
    parser.add_argument("--check", action="store_true", help="write nothing, exit 1 when pages are stale")
    arguments = parser.parse_args()
    wanted = pages()
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
