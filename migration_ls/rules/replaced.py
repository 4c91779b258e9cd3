"""What a relation lacks that took the place of another one in the same file."""

from migration_ls.schema.dependents import columns_of
from migration_ls.schema.names import Name
from migration_ls.schema.schema import Schema


def lost_columns(before: Schema, after: Schema, name: Name) -> str:
    """The columns, in words, that the relation of that name had and has no more; empty where that is not known."""
    old, new = columns_of(before, name), columns_of(after, name)
    if old is None or new is None:
        return ""
    return " and ".join(f"`{column}`" for column in old if column not in new)
