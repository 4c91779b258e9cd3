"""What changes in models and schema document."""

from difflib import unified_diff

from migration_ls.rendering.document.facts import DocumentFacts
from migration_ls.rendering.document.tables import fence


def updates(facts: DocumentFacts) -> str:
    """The edits as diffs; generate makes them in place."""
    parts = ["### SQLModel Updates"]
    if not facts.models and not facts.new_models:
        parts.append("The models say it already, or the project has none.")
    parts += [f"`{path}`\n\n{fence('diff', _diff(path, old, new))}" for path, old, new in facts.models]
    parts += [f"`{path}` (new)\n\n{fence('python', text.rstrip())}" for path, text in facts.new_models]
    parts.append("#### Schema Documentation Update")
    if not facts.documents:
        parts.append("The schema document says it already, or the project has none.")
    parts += [f"`{path}`\n\n{fence('diff', _diff(path, old, new))}" for path, old, new in facts.documents]
    return "\n\n".join(parts)


def _diff(path: str, old: str, new: str) -> str:
    lines = unified_diff(old.splitlines(), new.splitlines(), f"a/{path}", f"b/{path}", lineterm="", n=2)
    return "\n".join(lines)
