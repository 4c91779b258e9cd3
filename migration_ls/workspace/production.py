"""What the settings tell of production, in the form that rules and plans take."""

from collections.abc import Mapping

from migration_ls.rules.rule import RuleSettings
from migration_ls.schema.names import Name, name_from_text
from migration_ls.workspace.snapshot import Snapshot


def rule_settings(snapshot: Snapshot) -> RuleSettings:
    """The settings as rules take them."""
    settings = snapshot.settings
    return RuleSettings(
        postgres=settings.postgres,
        small_table_rows=settings.small_table_rows,
        rows=rows_of(snapshot),
        downtime=settings.downtime,
    )


def rows_of(snapshot: Snapshot) -> Mapping[Name, int]:
    """The row counts that the settings tell."""
    return {
        name_from_text(table): known.rows for table, known in snapshot.settings.tables.items() if known.rows is not None
    }
