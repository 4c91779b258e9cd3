"""One kind of change per file: data, what it does to a schema, its inverse and its effect."""
