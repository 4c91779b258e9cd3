"""Documents that describe a database schema, in whatever form people write them."""

from migration_ls.sources.schema_doc.reader import read_schema_document, read_schema_documents

__all__ = ["read_schema_document", "read_schema_documents"]
