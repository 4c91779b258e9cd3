"""Two schemas to operations; one aspect per file."""
