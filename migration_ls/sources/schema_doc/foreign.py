"""Types of other databases in SQL that documents show, as PostgreSQL would have them."""

import logging
from functools import lru_cache

from migration_ls.postgres.types import BUILT_IN, ColumnType, parse_type

_DIALECTS = ("tsql", "mysql", "oracle", "bigquery", "snowflake")
_SHORTER = ("character varying", "character")


@lru_cache(maxsize=1024)
def foreign_type(text: str) -> ColumnType | None:
    """The PostgreSQL type for `DATETIME2(7)`, `NVARCHAR(MAX)`, `UNIQUEIDENTIFIER`; None where no database has it."""
    # the import takes a fifth of a second: it is made when a document has a type that nothing else knows
    from sqlglot import exp
    from sqlglot.errors import SqlglotError

    logging.getLogger("sqlglot").setLevel(logging.ERROR)
    for dialect in _DIALECTS:
        try:
            spelling = exp.DataType.build(text, dialect=dialect).sql("postgres")
        except (SqlglotError, ValueError, RecursionError):
            continue
        found = parse_type(spelling)
        if found.name not in BUILT_IN:
            continue
        if not all(modifier.isdigit() for modifier in found.modifiers):
            # a length that only means "as long as it may be"
            return ColumnType("text" if found.name in _SHORTER else found.name)
        return found
    return None
