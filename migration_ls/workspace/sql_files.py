"""SQL files as read, each again at the price of what changed since it was read last."""

from migration_ls.sources.sql.reader import SqlFile, read_sql
from migration_ls.workspace.memory import KeptByPath

_READ: KeptByPath[SqlFile] = KeptByPath(3)
"""The file as it is, as it was at the base, and one for the version before."""


def sql_file(path: str, text: str) -> SqlFile:
    """What the text of a file says."""
    kept = _READ.of(path)
    return kept.get((text,), lambda: read_sql(text, next(iter(kept.results()), None)))
