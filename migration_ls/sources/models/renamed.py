"""Comments that say what a class's table or a field's column was called: `# renamed from title`."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from migration_ls.schema.origin import Origin
from migration_ls.schema.schema import Schema
from migration_ls.schema.tables import Column, Table
from migration_ls.sources.models.analyse import ModelFile

_WORDS = "renamed from"
_COMMENT = re.compile(r"#[^\n]*?\brenamed from\s+`?(?P<name>[^\W\d]\w*)`?")


def with_former_names(schema: Schema, files: Sequence[ModelFile]) -> Schema:
    """The schema in which tables and columns know the names that the files say they had."""
    texts = {file.path: file.text for file in files if _WORDS in file.text}
    if not texts:
        return schema
    for table in tuple(schema.tables.values()):
        made = _table(table, texts)
        if made is not table:
            schema = schema.with_table(made)
    return schema


def _table(table: Table, texts: Mapping[str, str]) -> Table:
    columns = tuple(_column(column, texts) for column in table.columns)
    former = _former(table.origin, texts)
    if former is None and all(new is old for new, old in zip(columns, table.columns, strict=True)):
        return table
    return replace(table, columns=columns, renamed_from=former)


def _column(column: Column, texts: Mapping[str, str]) -> Column:
    former = _former(column.origin, texts)
    return replace(column, renamed_from=former) if former else column


def _former(origin: Origin | None, texts: Mapping[str, str]) -> str | None:
    """The name in a comment on the lines of the place, or alone on the line above."""
    text = texts.get(origin.path) if origin else None
    if origin is None or text is None:
        return None
    begin = text.rfind("\n", 0, origin.span.start) + 1
    above = text[text.rfind("\n", 0, max(begin - 1, 0)) + 1 : begin]
    end = text.find("\n", origin.span.end)
    lines = text[begin : end if end >= 0 else len(text)]
    found = _COMMENT.search(lines) or (_COMMENT.match(above.strip()) if above.strip().startswith("#") else None)
    return found["name"] if found else None
