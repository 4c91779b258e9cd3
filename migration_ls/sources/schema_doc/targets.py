"""Which table and columns a foreign key means that a document writes as `users`, `users.id` or not at all."""

import re
from dataclasses import replace

from migration_ls.schema.names import Name, name_from_text
from migration_ls.schema.tables import ForeignKey
from migration_ls.sources.schema_doc.draft import Draft
from migration_ls.sources.schema_doc.registry import Registry
from migration_ls.sources.schema_doc.said import Target


def target_of(registry: Registry, draft: Draft, column: str, target: Target) -> tuple[Name, tuple[str, ...]] | None:
    """The table and columns that a foreign key refers to; None where nobody says and none can be told."""
    path, columns = target.path, target.columns
    if not path:
        stem = re.sub(r"_?(?:id|uuid|key|code)\Z", "", column, flags=re.IGNORECASE)
        found = registry.find(stem, draft.name.namespace) if stem and stem != column else None
        if found is None:
            return None
    else:
        found, columns = _resolved(registry, draft, path, columns)
    if found is None:
        name = path if columns or path.count(".") == 0 else path.rpartition(".")[0]
        columns = columns or ((path.rpartition(".")[2],) if "." in path else ("id",))
        return name_from_text(name), columns
    key = found.primary_key.columns if found.primary_key else _key_of(found)
    return found.name, columns or (key if len(key) == 1 else ("id",))


def _key_of(draft: Draft) -> tuple[str, ...]:
    if draft.outline is not None:
        key = draft.outline[0].table.primary_key
        return key.columns if key else ()
    return tuple(entry.name for entry, _ in draft.entries.values() if entry.said.primary_key)


def _resolved(
    registry: Registry, draft: Draft, path: str, columns: tuple[str, ...]
) -> tuple[Draft | None, tuple[str, ...]]:
    """`app.users.id`, `users.id`, `app.users` and `users`, whichever exists."""
    exact = registry.exact(name_from_text(path)) if path.count(".") < 2 else None
    if exact is not None:
        return exact, columns
    before, dot, last = path.rpartition(".")
    if dot and (found := registry.find(before, draft.name.namespace)):
        return found, columns or (last,)
    return registry.find(path, draft.name.namespace), columns


def settled(registry: Registry, draft: Draft, key: ForeignKey) -> ForeignKey:
    """A foreign key read from SQL or Python, led to the table as the documents spell it."""
    if registry.exact(key.ref_table):
        return key
    found = registry.find(str(key.ref_table), draft.name.namespace)
    return replace(key, ref_table=found.name) if found else key
