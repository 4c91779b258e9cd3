"""Schema documents to a schema."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Literal

from migration_ls.schema.changed import changed
from migration_ls.schema.origin import Origin
from migration_ls.schema.schema import Enum
from migration_ls.sources.problem import Problem
from migration_ls.sources.reading import SchemaReading
from migration_ls.sources.schema_doc.entries import Entry
from migration_ls.sources.schema_doc.finish import finish
from migration_ls.sources.schema_doc.outline import Outline
from migration_ls.sources.schema_doc.registry import Registry
from migration_ls.sources.schema_doc.walk import Walk


def read_schema_document(path: str, text: str) -> SchemaReading:
    """What one document says of the database; total."""
    return read_schema_documents(((path, text),))


def read_schema_documents(files: Sequence[tuple[str, str]]) -> SchemaReading:
    """What documents, given as paths and texts, say together.

    A table that stands several times is read once: from SQL that runs, else from a table of columns, from bullets,
    from Python classes or from a diagram. Columns have `nullable` None where the document does not say. Where words
    were read as PostgreSQL's types, `notes` say how.
    """
    registry = Registry()
    enums: list[Enum] = []
    problems: list[tuple[str, Problem]] = []
    for path, text in files:
        walk = Walk(path, text, registry, outlines=_outline_of)
        walk.read()
        if not walk.found:
            # A document that has its tables under `Migrations` alone means them.
            walk = Walk(path, text, registry, trusting=True)
            walk.read()
        enums += walk.enums
        problems += [(path, problem) for problem in walk.problems]
    schema, notes = finish(registry, enums)
    return SchemaReading(schema=schema, problems=(*problems, *registry.problems), notes=notes)


@lru_cache(maxsize=4096)
def _outline_of(text: str) -> Outline | None:
    """The table of a section that states one and says nothing that needs the rest of the document; else None."""
    registry = Registry()
    walk = Walk("", text, registry)
    walk.read()
    if len(registry.drafts) != 1 or registry.told or registry.problems or walk.problems or walk.enums:
        return None
    (draft,) = registry.drafts
    entries = tuple(draft.entries.values())
    is_plain = draft.form in {"rows", "bullets"} and not (draft.external or draft.mentions or draft.comments)
    if not is_plain or draft.origin.line or not all(map(_stands_alone, entries)):
        return None
    schema, notes = finish(registry, ())
    table = next(iter(schema.tables.values()))
    problems = tuple([problem for _, problem in registry.problems])
    form: Literal["rows", "bullets"] = "rows" if draft.form == "rows" else "bullets"
    bare = changed(table, foreign_keys=())
    return Outline(table=bare, form=form, entries=entries, problems=problems, notes=notes)


def _stands_alone(pair: tuple[Entry, Origin]) -> bool:
    """Whether the column's type is known without any other table or type."""
    read = pair[0].said.type
    return read is not None and read.type is not None and read.type.is_built_in
