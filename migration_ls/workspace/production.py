"""What the settings tell of production, in the form that rules and plans take."""

from collections.abc import Mapping

from migration_ls.rules.rule import RuleSettings
from migration_ls.schema.names import Name, name_from_text
from migration_ls.workspace.memory import remembered
from migration_ls.workspace.settings import Settings
from migration_ls.workspace.snapshot import Snapshot


@remembered(16)
def rule_settings(settings: Settings) -> RuleSettings:
    """The settings as rules take them."""
    return RuleSettings(
        postgres=settings.postgres,
        small_table_rows=settings.small_table_rows,
        rows=_rows(settings),
        sizes=_sizes(settings),
        downtime=settings.downtime,
    )


def rows_of(snapshot: Snapshot) -> Mapping[Name, int]:
    """The row counts that the settings tell."""
    return _rows(snapshot.settings)


def sizes_of(snapshot: Snapshot) -> Mapping[Name, int]:
    """The bytes per table, without its indexes, that the settings tell."""
    return _sizes(snapshot.settings)


def _sizes(settings: Settings) -> Mapping[Name, int]:
    return {name_from_text(table): known.size for table, known in settings.tables.items() if known.size is not None}


def _rows(settings: Settings) -> Mapping[Name, int]:
    return {name_from_text(table): known.rows for table, known in settings.tables.items() if known.rows is not None}
