"""Schema documents to a schema."""

from collections.abc import Sequence

from migration_ls.schema.schema import Enum
from migration_ls.sources.problem import Problem
from migration_ls.sources.reading import SchemaReading
from migration_ls.sources.schema_doc.finish import finish
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
        walk = Walk(path, text, registry)
        walk.read()
        if not walk.found:
            # A document that has its tables under `Migrations` alone means them.
            walk = Walk(path, text, registry, trusting=True)
            walk.read()
        enums += walk.enums
        problems += [(path, problem) for problem in walk.problems]
    schema, notes = finish(registry, enums)
    return SchemaReading(schema=schema, problems=(*problems, *registry.problems), notes=notes)
