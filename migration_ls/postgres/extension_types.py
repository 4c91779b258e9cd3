"""Types that well-known extensions bring, and which extension it is (the manual's appendix F, PostGIS, pgvector)."""

EXTENSION_OF = {
    "citext": "citext",
    "cube": "cube",
    "hstore": "hstore",
    "lo": "lo",
    "ltree": "ltree",
    "lquery": "ltree",
    "ltxtquery": "ltree",
    "query_int": "intarray",
    "seg": "seg",
    **dict.fromkeys(("ean13", "isbn", "isbn13", "ismn", "ismn13", "issn", "issn13", "upc"), "isn"),
    **dict.fromkeys(("box2d", "box3d", "geography", "geometry"), "postgis"),
    **dict.fromkeys(("halfvec", "sparsevec", "vector"), "vector"),
}
"""By the name of the type."""
