"""Writes into docs/reading.md what is read from each example in it; with `--check` it only says whether that is fresh.

An example is a fence whose info string says what it is: `python models`, `markdown schema-document`, `markdown spec`,
`sql migration`, `python alembic`. `sql schema` is what the specs after it start from.
"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

_ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(_ROOT))

from migration_ls.operations.create_enum import CreateEnum  # noqa: E402
from migration_ls.operations.replay import final_schema  # noqa: E402
from migration_ls.rendering.sql.statements import schema_sql  # noqa: E402
from migration_ls.rendering.words import describe  # noqa: E402
from migration_ls.schema.schema import Schema  # noqa: E402
from migration_ls.sources.alembic.reader import read_revision  # noqa: E402
from migration_ls.sources.models import ModelFile, read_models  # noqa: E402
from migration_ls.sources.problem import Problem  # noqa: E402
from migration_ls.sources.schema_doc.reader import read_schema_document  # noqa: E402
from migration_ls.sources.spec.reader import read_spec  # noqa: E402
from migration_ls.sources.sql.reader import read_sql  # noqa: E402
from migration_ls.text.lines import LineIndex  # noqa: E402

PAGE = _ROOT / "docs" / "reading.md"
_EXAMPLE = re.compile(
    r"^(?P<ticks>`{3,4})(?:python|markdown|sql) (?P<kind>models|schema-document|spec|migration|alembic|schema)\n"
    r"(?P<text>.*?)^(?P=ticks)\n(?:\n<!-- read -->\n.*?<!-- /read -->\n)?",
    re.MULTILINE | re.DOTALL,
)
_SQLMODEL = (0, 0, 39)


def main() -> int:
    """Write the page, or compare it."""
    old = PAGE.read_text("utf-8")
    new = page(old)
    if "--check" in sys.argv[1:]:
        if new != old:
            print(f"{PAGE.name} is stale: run scripts/write_reading_page.py")
        return int(new != old)
    PAGE.write_text(new, "utf-8")
    return 0


def page(old: str) -> str:
    """The page with what is read now."""
    schema = Schema()

    def one(match: re.Match[str]) -> str:
        nonlocal schema
        ticks, kind, text = match["ticks"], match["kind"], match["text"]
        head = match[0].split("\n", 1)[0]
        example = f"{head}\n{text}{ticks}\n"
        if kind == "schema":
            schema = final_schema(Schema(), read_sql(text).statements)
            return example
        read = "\n".join(_read(kind, text, schema)).strip("\n")
        return f"{example}\n<!-- read -->\n{read}\n<!-- /read -->\n"

    return _EXAMPLE.sub(one, old)


def _read(kind: str, text: str, schema: Schema) -> Iterator[str]:
    match kind:
        case "models":
            reading = read_models([ModelFile(path="models.py", text=text)], sqlmodel_version=_SQLMODEL)
            yield from _sql(reading.schema)
            yield from _problems(text, [problem for _, problem in reading.problems])
        case "schema-document":
            reading = read_schema_document("schema.md", text)
            yield from _sql(reading.schema)
            yield from _problems(text, [problem for _, problem in reading.problems])
        case "migration":
            file = read_sql(text)
            yield from _sql(final_schema(schema, file.statements))
            yield from _problems(text, list(file.problems))
        case "alembic":
            revision = read_revision(text)
            if revision is not None:
                yield from _sql(final_schema(Schema(), revision.upgrade))
                yield from _problems(text, list(revision.problems))
        case _:
            requests = read_spec("spec.md", text, schema)
            for request in requests.requests:
                said = f"- line {request.origin.line + 1}, {request.grade}: {describe(request)}"
                yield said + (f"; assumed: {request.assumption}" if request.assumption else "")
                yield from (f"  - or: {reading.title}" for reading in request.alternatives)
            if not requests.requests:
                yield "No change is asked for."
            yield from _problems(text, list(requests.problems))


def _sql(schema: Schema) -> Iterator[str]:
    enums = tuple(CreateEnum(enum=enum) for enum in schema.enums.values())
    yield f"```sql\n{schema_sql(tuple(schema.tables.values()), enums)}```"


def _problems(text: str, problems: list[Problem]) -> Iterator[str]:
    lines = LineIndex(text)
    if problems:
        yield ""
    for problem in problems:
        yield f"- line {lines.line(problem.span.start) + 1}: {problem.message}. {problem.help}."


if __name__ == "__main__":
    sys.exit(main())
