"""Writes docs/settings.md from the settings themselves; with `--check` it only says whether the page is fresh."""

import sys
from pathlib import Path

from migration_ls.workspace.settings import Settings, TableSettings

PAGE = Path(__file__).parent.parent / "docs" / "settings.md"


def main() -> int:
    """Write the page, or compare it."""
    text = page()
    if "--check" in sys.argv[1:]:
        fresh = PAGE.exists() and PAGE.read_text("utf-8") == text
        if not fresh:
            print(f"{PAGE.name} is stale: run scripts/write_settings_page.py")
        return 0 if fresh else 1
    PAGE.write_text(text, "utf-8")
    return 0


def page() -> str:
    """The page."""
    lines = [
        "# Settings",
        "",
        "In `migration-ls.toml`, or `[tool.migration-ls]` of `pyproject.toml`; an editor's settings win over both.",
        "Keys are in kebab case. Nothing has to be set: what is left out has the default shown here.",
        "",
        "```toml",
        "[tool.migration-ls]",
        "postgres = 16",
        "external-tables = ['users']",
        "",
        "[tool.migration-ls.tables.tasks]",
        "rows = 12_000_000",
        "```",
        "",
        "| key | default | what it says |",
        "|---|---|---|",
    ]
    lines += [_row(key, value) for key, value in Settings.model_json_schema()["properties"].items()]
    lines += ["", "## `[tables.NAME]`", "", "| key | what it says |", "|---|---|"]
    lines += [
        f"| `{key}` | {value['description']} |"
        for key, value in TableSettings.model_json_schema()["properties"].items()
    ]
    return "\n".join(lines) + "\n"


def _row(key: str, value: dict[str, object]) -> str:
    default = value.get("default")
    shown = "" if default in (None, [], {}) else f"`{str(default).lower() if isinstance(default, bool) else default}`"
    choices = value.get("enum")
    text = str(value["description"])
    if isinstance(choices, list):
        text += f" One of {', '.join(f'`{choice}`' for choice in choices)}."
    return f"| `{key}` | {shown} | {text} |"


if __name__ == "__main__":
    sys.exit(main())
