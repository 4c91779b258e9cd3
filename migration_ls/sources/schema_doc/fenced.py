"""What fences state apart from SQL and Python, by their language."""

import re
from collections.abc import Iterator
from dataclasses import replace

from migration_ls.sources.markdown.blocks import Fence
from migration_ls.sources.problem import Problem
from migration_ls.sources.schema_doc.fences import LANGUAGES, Listed, read_plain_fence
from migration_ls.sources.schema_doc.notations.dbml import read_dbml
from migration_ls.sources.schema_doc.notations.diagrams import read_boxes, read_d2, read_mermaid, read_plantuml
from migration_ls.sources.schema_doc.notations.prisma import read_prisma
from migration_ls.sources.schema_doc.notations.psql import Printed, read_printed
from migration_ls.sources.schema_doc.notations.values import Noted
from migration_ls.text.span import Span

PYTHON = frozenset({"python", "py", "python3"})
_PLAIN = frozenset({"", "text", "txt", "plaintext", "plain", "ascii", "console", "none", "output"})
_PRINTED = _PLAIN | LANGUAGES | {"bash", "sh", "shell", "shell-session"}
_CREATES = re.compile(r"\bcreate\s+(?:(?:unlogged|temp|temporary)\s+)?(?:table|type)\b", re.IGNORECASE)
_DBML = re.compile(
    r"^[ \t]*Table[ \t]+[\w.\"]+(?:[ \t]+as[ \t]+\w+)?[ \t]*(?:\[[^\]\n]*\])?[ \t]*\{", re.IGNORECASE | re.MULTILINE
)
_PRISMA = re.compile(r"^[ \t]*model[ \t]+\w+[ \t]*\{", re.MULTILINE)
_UNREAD = re.compile(
    r"\b(?P<call>pgTable|mysqlTable|sqliteTable|create_table|createTable|gorm\.Model|models\.Model|@Entity|@Table|"
    r"sequelize\.define|HasKey|mongoose\.Schema)\b|\bschema[ ]\"\w+\"[ ]do\b"
)


def is_sql(block: Fence) -> bool:
    """Whether a fence holds SQL, by its language or by what it makes."""
    return block.language in LANGUAGES or (block.language in _PLAIN and bool(_CREATES.search(block.text)))


def stated_in(block: Fence) -> Iterator[Listed | Printed | Noted]:
    """The tables of a fence that is neither SQL nor Python, in the order of the fence."""
    # every line ends in one character, and all stand where they were
    text = block.text.replace("\r\n", " \n").replace("\r", "\n")
    base, language = block.content.start, block.language
    if language == "dbml" or (language in _PLAIN and _DBML.search(text)):
        yield read_dbml(text, base)
    elif language == "prisma" or (language in _PLAIN and _PRISMA.search(text)):
        yield read_prisma(text, base)
    elif language == "mermaid":
        yield from _drawn(read_mermaid(text, base))
    elif language in {"plantuml", "puml", "uml"} or text.lstrip().startswith("@startuml"):
        yield from _drawn(read_plantuml(text, base))
    elif language == "d2":
        yield from _drawn(read_d2(text, base))
    elif language in _PRINTED and (printed := list(read_printed(text, base, block.line + 1))):
        yield from printed
    elif language in _PLAIN or (language in LANGUAGES and not _CREATES.search(text)):
        yield from read_plain_fence(text, base)
        if language in _PLAIN:
            yield from _drawn(read_boxes(text, base))


def _drawn(tables: Iterator[Listed]) -> Iterator[Listed]:
    return (replace(table, form="diagram") for table in tables)


def not_read(block: Fence) -> Problem | None:
    """A fence that states tables in a language that nobody here reads; None for others."""
    found = _UNREAD.search(block.text)
    if found is None:
        return None
    start = block.content.start + found.start()
    return Problem(
        code="schema-doc-not-read",
        message=f"The tables that stand here by `{found['call'] or found[0]}` are in a language that is not read",
        help="State them as SQL, as a table with a row per column or as a list of columns, too",
        span=Span(start, start + len(found[0])),
        serious=False,
    )
