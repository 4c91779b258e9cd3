"""Every name that a finding carries has a page, and `explain` prints it."""

import re
import subprocess
import sys
from pathlib import Path

from migration_ls.rules.registry import RULES
from migration_ls.rules.remarks import REMARKS

ROOT = Path(__file__).parent.parent.parent
NAMED = re.compile(r'\brule="([a-z-]+)"|^(?:RULE|INCOMPLETE) = "([a-z-]+)"', re.MULTILINE)


def test_what_is_said_of_a_project_has_a_page():
    texts = [path.read_text("utf-8") for path in sorted((ROOT / "migration_ls" / "workspace").glob("*.py"))]
    named = {one or other for text in texts for one, other in NAMED.findall(text) if one or other}
    known = {item.name for item in REMARKS} | {rule.name for rule in RULES}
    assert named <= known
    assert all((ROOT / "docs" / "rules" / f"{name}.md").is_file() for name in named)


def test_remarks_are_explained():
    command = [sys.executable, "-m", "migration_ls", "explain", "sources-differ"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.startswith("# sources-differ\n\nSchema document, models, migrations and database")
