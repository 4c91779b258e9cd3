"""What is not understood in a schema document is said where it stands."""

import time

import pytest

from migration_ls.sources.schema_doc import read_schema_document

TASKS = "# Schema\n\n## tasks\n\n| Column | Type | Notes |\n|---|---|---|\n| id | uuid | PK |\n| title | text | not null |\n\n"


def unread(text: str) -> list[str]:
    """The places that a document is not understood at."""
    problems = read_schema_document("schema.md", text).problems
    return [problem.span.of(text) for _, problem in problems if problem.code == "schema-doc-not-read"]


@pytest.mark.parametrize(
    ("addition", "place"),
    [
        ("### Indexes\n\n- `(title, owner)` for the list\n", "`(title, owner)` for the list"),
        ("### Constraints\n\n- UNIQUE (title, owner_id)\n", "UNIQUE (title, owner_id)"),
        ("### Constraints\n\n- CHECK (title ((\n", "CHECK (title (("),
        ("| state | ??? | |\n", None),
        ('```ts\nexport const users = pgTable("users", { id: serial("id") })\n```\n', "pgTable"),
        ("```ruby\ncreate_table :users do |t|\n  t.string :name\nend\n```\n", "create_table"),
        ("```python\nclass User(models.Model):\n    name = models.CharField(max_length=3)\n```\n", "models.Model"),
    ],
)
def test_what_is_not_understood_is_said_where_it_stands(addition: str, place: str | None) -> None:
    text = TASKS.rstrip("\n") + ("\n" if place is None else "\n\n") + addition
    assert unread(text) == [place or "state"]


@pytest.mark.parametrize(
    "addition",
    [
        "### Indexes\n\n- `title` (for the list)\n- Primary key on `id`\n- none on `done`: not needed\n",
        "### Constraints\n\n- Users see their own tasks only\n- title must be unique\n",
        "### Relationships\n\n- A task belongs to a user\n",
        "```ts\ninterface Task { id: string; title: string }\n```\n",
        "### Examples\n\n```ruby\ncreate_table :users do |t|\nend\n```\n",
    ],
)
def test_what_is_understood_or_no_schema_is_passed_over(addition: str) -> None:
    assert unread(TASKS + addition) == []


@pytest.mark.parametrize(
    "text",
    [
        "## a\n\n- x\n  <table>\n\n- y\n\n</table>\n\n- z: uuid (pk)\n",
        "## a\n\n<table><tr><td>id</td>\n\n- b\n  - c\n</table>\n",
        "```prisma\nmodel A {\n  id Int @default(\n",
        "```dbml\nTable a {\n  id int [default:\n  indexes {",
        "| Column | Type |\n|---|---|\n| id | " + "->" * 200 + " |\n",
        "[^1]: CHECK (price > 0\n\n## a\n\n| Column | Type |\n|---|---|\n| id[^1] | int |\n",
    ],
)
def test_half_written_documents_are_read_at_once(text: str) -> None:
    started = time.process_time()
    problems = read_schema_document("schema.md", text).problems
    assert all(problem.span.end <= len(text) for _, problem in problems)
    assert time.process_time() - started < 2
