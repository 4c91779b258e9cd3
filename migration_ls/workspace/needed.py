"""Suppressions of generated files: only those that have something to suppress."""

from collections.abc import Sequence
from dataclasses import replace

from migration_ls.operations.replay import final_schema, replay
from migration_ls.rendering.sql.versions import Version
from migration_ls.rules.registry import find
from migration_ls.rules.rule import RuleSettings, Script
from migration_ls.rules.suppressions import Language, apply
from migration_ls.schema.schema import Schema
from migration_ls.sources.sql.reader import read_sql


def without_needless(text: str, before: Schema, role: str, settings: RuleSettings, *, wrapped: bool = False) -> str:
    """The file without the suppressions of rules that find nothing where it runs on the schema before it."""
    if "migration-ls: ignore[" not in text:
        return text
    statements = read_sql(text).statements
    script = Script(
        path="",
        text=text,
        statements=replay(before, statements, postgres=settings.postgres, wrapped=wrapped),
        settings=settings,
        base=before,
        role=role,
        generated=True,
        wrapped=wrapped,
    )
    spans = [item.statement.span for item in script.statements]
    unused = apply(find(script), text, Language.SQL, path="", statements=spans).unused
    for finding in sorted(unused, key=lambda item: item.span.start, reverse=True):
        start = text.rfind("\n", 0, finding.span.start) + 1
        end = text.find("\n", finding.span.end) + 1
        if text[start:end].lstrip().startswith("-- migration-ls: ignore["):
            text = text[:start] + text[end:]
    return text


def settled_versions(
    found: Sequence[Version], current: Schema, settings: RuleSettings, *, wrapped: bool = False
) -> tuple[Version, ...]:
    """The versions of a plan that starts at the current schema, each with the suppressions that it needs."""
    schema = current
    result: list[Version] = []
    for version in found:
        before = schema
        if version.forward:
            schema = final_schema(before, read_sql(version.forward).statements)

        def clean(text: str | None, base: Schema, role: str) -> str | None:
            return without_needless(text, base, role, settings, wrapped=wrapped) if text else text

        result.append(
            replace(
                version,
                forward=clean(version.forward, before, version.role),
                backfill=clean(version.backfill, schema, "backfill"),
                rollback=clean(version.rollback, schema, "rollback") or "",
            )
        )
    return tuple(result)
