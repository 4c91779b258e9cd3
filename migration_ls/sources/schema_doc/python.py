"""SQLModel classes in the Python fences of a document."""

import ast
from collections.abc import Iterable

from migration_ls.schema.schema import Enum
from migration_ls.schema.tables import Table
from migration_ls.sources.markdown.blocks import Fence
from migration_ls.sources.models import ModelFile, read_models


def tables_in_python(path: str, text: str, fences: Iterable[Fence]) -> tuple[tuple[Table, ...], tuple[Enum, ...]]:
    """The tables that the classes of all fences together define, with places in the document."""
    kept = [fence for fence in fences if "class " in fence.text and _parses(fence.text)]
    if not kept:
        return (), ()
    parts: list[str] = []
    position = 0
    for fence in kept:
        parts += [_blank(text[position : fence.content.start]), fence.text]
        position = fence.content.end
    reading = read_models([ModelFile(path=path, text="".join(parts) + _blank(text[position:]))])
    return tuple(reading.schema.tables.values()), tuple(reading.schema.enums.values())


def _blank(text: str) -> str:
    """Spaces and line ends, so that what stands between the fences keeps places as they are."""
    return "".join(character if character in "\r\n" else " " for character in text)


def _parses(text: str) -> bool:
    try:
        ast.parse(text)
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        return False
    return True
