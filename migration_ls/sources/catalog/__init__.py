"""The catalogs of a live database to a schema."""
