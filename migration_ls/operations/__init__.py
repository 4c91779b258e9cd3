"""One kind of change per file: data, what it does to a schema, its inverse and its effect."""

from migration_ls.operations.statement import Clause, Statement
from migration_ls.operations.union import Operation

__all__ = ["Clause", "Operation", "Statement"]
