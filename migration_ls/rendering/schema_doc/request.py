"""What a document shall say differently about one table."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from migration_ls.rendering.models.changes import TableChanges
from migration_ls.rendering.models.style import is_audit
from migration_ls.rendering.schema_doc.vocabulary import Facts, facts_of
from migration_ls.schema.names import Name
from migration_ls.schema.schema import Schema
from migration_ls.schema.tables import Check, Table


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """One table as it is wanted, what of it the operations touch, and why."""

    table: Table
    schema: Schema
    changes: TableChanges
    aspects: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """By column: `type`, `nullable`, `default`, as far as operations set them."""
    purposes: Mapping[tuple[Name, str], str] = field(default_factory=dict)

    def facts(self, column: str) -> Facts | None:
        """What is to be said about a column."""
        found = self.table.column(column)
        if found is None:
            return None
        return facts_of(self.table, found, self.purposes.get((self.table.name, column), ""), self.schema)

    @property
    def checks(self) -> tuple[Check, ...]:
        """Checks that are new."""
        return tuple(item for item in self.changes.constraints if isinstance(item, Check))


def after(columns: list[str], new: str) -> int:
    """How many of the entries a new one follows: all, or those before the time stamps at the end."""
    if is_audit(new):
        return len(columns)
    count = len(columns)
    while count and is_audit(columns[count - 1]):
        count -= 1
    return count or len(columns)
