"""Documents of many styles, each read as the schema that a careful reader wrote beside it.

`tests/cases/documents/NAME.md` is the document; `NAME.expected` has a block per table: columns as
`name: type, not null, default x, serial`, then `pk`, `fk`, `unique`, `check` and `index` lines, and `enum` lines.
"""

import importlib.util
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from migration_ls.schema.json import schema_json
from migration_ls.sources.schema_doc import read_schema_document

TESTS = Path(__file__).parent.parent
CASES = sorted((TESTS / "cases" / "documents").glob("*.md"))
_ITEMS = re.compile(r", (?=not null|null|default |serial|identity |generated )")
_CONSTRAINT = re.compile(r"(?P<kind>pk|unique|check|index) (?P<words>.*)")
_REFERENCE = re.compile(r"fk (?P<columns>.*) -> (?P<target>\S+)(?: (?P<action>.+))?")


def comparison() -> Any:
    spec = importlib.util.spec_from_file_location("comparison_keys", TESTS / "compare" / "canon.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


canon = comparison()


def wanted(text: str) -> Iterator[tuple[Any, ...]]:
    """The facts of an expected file."""
    table, key = "", tuple[str, ...]()
    lines = text.splitlines()
    keys: dict[str, tuple[str, ...]] = {}
    for line in lines:
        if not line.startswith(" "):
            table = line.rstrip(":").split(" ")[0]
        elif line.strip().startswith("pk "):
            keys[table] = tuple(line.strip()[3:].split(", "))
    for line in lines:
        words = line.strip()
        if line.startswith("enum "):
            name, values = line[5:].split(": ")
            yield "enum", name, tuple(values.split(", "))
        elif words and not line.startswith(" "):
            table, *marks = words.rstrip(":").split(" ")
            key = keys.get(table, ())
            yield "table", table, "external" in marks
        elif found := _CONSTRAINT.fullmatch(words):
            yield constraint(table, found["kind"], found["words"])
        elif found := _REFERENCE.fullmatch(words):
            action = (found["action"] or "no action").upper()
            yield "fk", table, tuple(found["columns"].split(", ")), found["target"], action
        elif words:
            yield column(table, words, key)


def constraint(table: str, kind: str, words: str) -> tuple[Any, ...]:
    match kind:
        case "check":
            return kind, table, canon.canon_expr(words)
        case "index":
            words, _, where = words.partition(" where ")
            words, _, using = words.partition(" using ")
            unique, words = words.endswith(" unique"), words.removesuffix(" unique")
            return index(table, words.split(", "), unique=unique, using=using, where=where)
        case "unique":
            return kind, table, frozenset(words.split(", "))
        case _:
            return kind, table, tuple(words.split(", "))


def index(table: str, parts: list[str], *, unique: bool, using: str | None, where: str | None) -> tuple[Any, ...]:
    """A unique index of nothing but columns is as good as a unique constraint."""
    if unique and not where and all(part.strip('"').isidentifier() for part in parts):
        return "unique", table, frozenset(part.strip('"') for part in parts)
    keys = tuple(re.sub(r"[\s()\"]", "", part).lower() for part in parts)
    return "index", table, keys, unique, using or "btree", canon.canon_expr(where or None)


def column(table: str, words: str, key: tuple[str, ...]) -> tuple[Any, ...]:
    name, _, rest = words.partition(": ")
    type_, *items = _ITEMS.split(rest)
    said = {item.partition(" ")[0]: item.partition(" ")[2] for item in items}
    return (
        "column",
        table,
        name,
        canon.canon_type(type_),
        False if "not" in said else True if "null" in said else None,
        canon.canon_default(said.get("default")),
        "serial" in said,
        said.get("identity"),
        canon.canon_expr(said.get("generated")),
        name in key,
    )


def answered(text: str) -> Iterator[tuple[Any, ...]]:
    """The same facts of what the reader makes of a document."""
    schema = read_schema_document("schema.md", text).schema
    document = schema_json(schema)
    for full, made in schema.tables.items():
        yield "table", str(full), made.external
    for enum in document["enums"]:
        yield "enum", enum["name"], tuple(enum["values"])
    for table in document["tables"]:
        name = f"{table['schema']}.{table['name']}" if table["schema"] else table["name"]
        if table["primary_key"]:
            yield "pk", name, tuple(table["primary_key"])
        for item in table["columns"]:
            yield (
                "column",
                name,
                item["name"],
                canon.canon_type(item["type"]),
                item["nullable"],
                canon.canon_default(item["default"]),
                bool(item["autoincrement"]),
                item["identity"],
                canon.canon_expr(item["generated"]),
                item["name"] in table["primary_key"],
            )
        for item in table["foreign_keys"]:
            target = ".".join(filter(None, (item["ref_schema"], item["ref_table"], *item["ref_columns"])))
            yield "fk", name, tuple(item["columns"]), target, item["on_delete"] or "NO ACTION"
        for item in table["uniques"]:
            yield "unique", name, frozenset(item["columns"])
        for item in table["checks"]:
            yield "check", name, canon.canon_expr(item["expression"])
        for item in table["indexes"]:
            yield index(name, item["columns"], unique=item["unique"], using=item["using"], where=item["where"])


@pytest.mark.parametrize("newline", ["\n", "\r\n"], ids=["lf", "crlf"])
@pytest.mark.parametrize("case", CASES, ids=lambda path: path.stem)
def test_a_document_is_read_as_its_reader_would(case: Path, newline: str) -> None:
    text = case.read_text("utf-8").replace("\n", newline)
    expected = set(wanted(case.with_suffix(".expected").read_text("utf-8")))
    found = set(answered(text))
    assert sorted(map(str, found - expected)) == []
    assert sorted(map(str, expected - found)) == []


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.stem)
def test_every_column_stands_where_it_is_said_to_stand(case: Path) -> None:
    text = case.read_text("utf-8")
    for table in read_schema_document("schema.md", text).schema.tables.values():
        for item in table.columns:
            if place := dict(item.places).get("name"):
                assert place.span.of(text).strip('"`[]').replace("\\_", "_").lower() == item.name.lower()
                assert text.count("\n", 0, place.span.start) == place.line
