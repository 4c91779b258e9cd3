"""Pages of the rules, made from their docstrings."""

from collections.abc import Mapping

from migration_ls.rules.registry import RULES
from migration_ls.rules.remarks import REMARKS, remark_page
from migration_ls.rules.rule import Rule

_SUPPRESS = """## Suppress it

Where it is known and meant, say so with a reason, on the line or right above it:

```sql
-- migration-ls: ignore[{name}] why it is meant here
```
"""


def page(rule: Rule, measured: str = "") -> str:
    """The page of one rule, markdown; `measured` says on what its facts were seen."""
    summary, _, body = rule.doc.strip().partition("\n")
    heading = f"# {rule.name}\n\n{summary}\n\nSeverity: {_severity(rule)}\n"
    tail = "" if rule.name.endswith("suppression") or rule.name.startswith("suppression") else _SUPPRESS
    seen = f"\n## Measured\n\nSeen in {measured}.\n" if measured else ""
    return f"{heading}\n{body.strip()}\n{seen}" + (f"\n{tail.format(name=rule.name)}" if tail else "")


def index() -> str:
    """The list of all pages, by severity."""
    lines = ["# Rules", "", "Made from the rules themselves; every rule has a page.", ""]
    lines += ["| rule | severity | what |", "|---|---|---|"]
    lines += [
        f"| [{rule.name}]({rule.name}.md) | {_severity(rule)} | {rule.summary.replace('|', chr(92) + '|')} |"
        for rule in sorted(RULES, key=lambda rule: (rule.severity, rule.name))
    ]
    lines += ["", "What is said of a project as a whole:", "", "| remark | severity | what |", "|---|---|---|"]
    lines += [
        f"| [{item.name}]({item.name}.md) | {item.severity.name.lower()} | {item.summary} |"
        for item in sorted(REMARKS, key=lambda item: (item.severity, item.name))
    ]
    return "\n".join([*lines, ""])


def pages(measured: Mapping[str, str]) -> dict[str, str]:
    """Every file of the folder, by name: the index and a page per rule, with what is known of its measurements."""
    return {
        "README.md": index(),
        **{f"{rule.name}.md": page(rule, measured.get(rule.name, "")) for rule in RULES},
        **{f"{item.name}.md": remark_page(item) for item in REMARKS},
    }


def _severity(rule: Rule) -> str:
    return rule.severity.name.lower()
