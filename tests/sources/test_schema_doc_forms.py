"""The forms in which people state tables: bullets, rows, SQL, pseudo-SQL, classes, diagrams, lists."""

from textwrap import dedent

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from migration_ls.schema.names import Name
from migration_ls.sources.schema_doc import read_schema_document, read_schema_documents


def schema(text: str):
    return read_schema_document("schema.md", dedent(text)).schema


def table(text: str, name: str = "tasks"):
    found = schema(text).tables
    assert Name(name) in found, sorted(map(str, found))
    return found[Name(name)]


def column(entry: str, name: str = "x"):
    return table(f"## tasks\n\n{entry}\n").column(name)


HEADINGS = [
    "### tasks", "### Tasks Table", "## Table: `tasks`", "### 1. tasks table", "### tasks (managed by Better Auth)",
    "### tasks — the work", "## Table tasks", "**tasks**", "**Tasks Table** (Aggregate Root)", "### `tasks`",
]  # fmt: skip


@pytest.mark.parametrize("heading", HEADINGS)
def test_headings_that_name_a_table(heading):
    found = table(f"{heading}\n\n- id: uuid (primary key)\n")
    assert found.primary_key.columns == ("id",)
    assert found.external == ("managed" in heading)


@pytest.mark.parametrize("heading", ["### Task", "### Task Model", "### Task Entity", "### Entity: Task"])
def test_entities_are_named_after_the_class_or_after_what_the_document_calls_the_table(heading):
    assert table(f"{heading}\n\n- id: uuid (pk)\n", "task").class_name == "Task"
    assert table(f"{heading}\n\n- id: uuid (pk)\n\n## Indexes\n\n- tasks.id\n").class_name == "Task"
    assert table(f"{heading}\n\n- **Table Name:** tasks\n- id: uuid (pk)\n")


BULLETS = [
    ("- `x: VARCHAR(20)`", "character varying(20)", None),
    ("- `x`: VARCHAR(20) (not null)", "character varying(20)", False),
    ("- x: string (nullable, max 200)", "character varying(200)", True),
    ("- `x` (String, Required, Max 12 chars) - printed", "character varying(12)", False),
    ("- **x**: `int`", "integer", None),
    ("- **x** (timestamp): when", "timestamp without time zone", None),
    ("- **x:** Optional[bool]", "boolean", True),
    ("- `x` UUID NOT NULL", "uuid", False),
    ("- x, y: Timestamps", "timestamp without time zone", None),
    ("- x: text?", "text", True),
    ("- x: list[str]", "character varying[]", None),
    ("- x: NUMERIC(10,2) NOT NULL DEFAULT 0", "numeric(10,2)", False),
    ("- x: TIMESTAMP WITH TZ, required", "timestamp with time zone", False),
    ("- x - DateTime with time zone - not null", "timestamp with time zone", False),
    ("1. x (bigint, obligatorio)", "bigint", False),
]


@pytest.mark.parametrize(("entry", "type_", "nullable"), BULLETS)
def test_bullets(entry, type_, nullable):
    found = column(entry)
    assert (str(found.type), found.nullable) == (type_, nullable)


DEFAULTS = [
    ("- x: boolean (default false)", "false"),
    ("- x: timestamp (not null, default now)", "now()"),
    ("- x: timestamptz (default: NOW())", "NOW()"),
    ("- x: timestamptz (default current timestamp)", "now()"),
    ("- x: text[] (default empty array)", "'{}'"),
    ("- x: jsonb (default empty array)", "'[]'"),
    ('- x: string (default "it\'s", required)', "'it''s'"),
    ("- x: VARCHAR(9) DEFAULT 'a, b' NOT NULL", "'a, b'"),
    ("- x: enum: open, done; default open", "'open'"),
    ("- x: uuid (default gen_random_uuid())", "gen_random_uuid()"),
    ("- x: integer (default: null)", None),
]


@pytest.mark.parametrize(("entry", "default"), DEFAULTS)
def test_defaults(entry, default):
    found = column(entry).default
    assert (found.text if found else None) == default


def test_a_default_has_its_place():
    text = "## tasks\n\n- `done`: boolean (not null, default: false)\n"
    found = read_schema_document("s.md", text).schema.tables[Name("tasks")].column("done")
    parts = {part: origin.span.of(text) for part, origin in found.places}
    assert parts == {"name": "done", "type": "boolean", "nullable": "not null", "default": "false"}
    assert found.origin.span.of(text) == "`done`: boolean (not null, default: false)"


CHECKS = [
    ("- x: string enum ('a', 'b')", "x IN ('a', 'b')"),
    ("- x: VARCHAR(9), CHECK IN ('a', 'b')", "x IN ('a', 'b')"),
    ("- x: text, must be one of: a, b", "x IN ('a', 'b')"),
    ("- x: INT (1-5)", "x BETWEEN 1 AND 5"),
    ("- x: FLOAT, CHECK 0.0-1.0", "x BETWEEN 0.0 AND 1.0"),
    ("- x: integer, CHECK (x > 0)", "x > 0"),
    ("- x: integer (positive)", "x > 0"),
    ("- x: integer, default 4, check x > 0", "x > 0"),
    ("- x: integer, check x between 1 and 5", "x between 1 and 5"),
    ("- x: numeric(12,2), must be >= 0", "x >= 0"),
]


@pytest.mark.parametrize(("entry", "condition"), CHECKS)
def test_checks_in_words(entry, condition):
    (check,) = table(f"## tasks\n\n{entry}\n").checks
    assert check.expression.text == condition


KEYS = [
    "foreign key -> users.id on delete cascade", "foreign key → users.id, cascade delete", "FK to users.id (cascade)",
    "references users(id) ON DELETE CASCADE", "Foreign Key to users, removed with it",
]  # fmt: skip


@pytest.mark.parametrize("words", KEYS)
def test_foreign_keys_in_words(words):
    text = f"## users\n\n- id: uuid (pk)\n\n## tasks\n\n- user_id: uuid (not null, {words})\n"
    (key,) = table(text).foreign_keys
    assert (key.columns, key.ref_table, key.ref_columns, key.on_delete) == (
        ("user_id",),
        Name("users"),
        ("id",),
        "CASCADE",
    )


def test_a_foreign_key_without_a_target_is_told_by_its_name():
    (key,) = table("## users\n- id: uuid (pk)\n\n## tasks\n- user_id: uuid (foreign key)\n").foreign_keys
    assert key.ref_table == Name("users")
    assert table("## tasks\n- thing_id: uuid (foreign key)\n").foreign_keys == ()


def test_unique_in_a_sentence_is_no_constraint():
    found = table("## tasks\n- id: uuid (pk) - Unique identifier\n- x: text (unique per owner)\n- y: text (unique)\n")
    assert [item.columns for item in found.uniques] == [("y",)]


ROWS = """
## tasks

| {0} |
|---|---|---|---|---|
| `id` | serial | no | | PK |
| **role** | varchar(9) | no | `'user'` | CHECK (role IN ('user', 'a\\|b')) |
| note | mood | yes | - | indexed |
"""


@pytest.mark.parametrize(
    "header", ["Column | Type | Null | Default | Key", "Campo | Tipo | Nulo | Por defecto | Restricciones"]
)
def test_rows(header):
    found = table(ROWS.format(header))
    assert [(item.name, str(item.type), item.nullable) for item in found.columns] == [
        ("id", "integer", False), ("role", "character varying(9)", False), ("note", "mood", True),
    ]  # fmt: skip
    assert found.column("id").autoincrement
    assert found.column("role").default.text == "'user'"
    assert found.checks[0].expression.allowed_values == ("user", "a|b")
    assert [index.columns for index in found.indexes] == [("note",)]


def test_rows_of_several_tables():
    text = "## Tables\n\n| Table | Column | Type |\n|---|---|---|\n| a | id | int |\n| | x | text |\n| b | id | int |\n"
    assert {str(name): [item.name for item in found.columns] for name, found in schema(text).tables.items()} == {
        "a": ["id", "x"],
        "b": ["id"],
    }


TRAPS = [
    "## API\n\n| Parameter | Type | Required |\n|---|---|---|\n| limit | int | no |\n",
    "## Future\n\n### reminders\n\n- id: uuid (pk)\n",
    "## reminders (planned)\n\n- id: uuid (pk)\n",
    "## Claims in the token\n\n- sub: uuid (the user)\n",
    "## Planner settings\n\n- `max_stops` (INTEGER, default 120)\n",
    "## Relationships\n\n- users 1:N tasks\n",
    "## Example queries\n\n```sql\nCREATE TABLE scratch (id int);\n```\n",
    "## Stages\n\n| Stage | Meaning |\n|---|---|\n| new | nothing yet |\n",
    "## tasks\n\nA table without columns.\n",
]


@pytest.mark.parametrize("trap", TRAPS)
def test_what_is_no_table(trap):
    assert schema("# Database\n\n## kept\n\n- id: uuid (pk)\n\n" + trap).tables.keys() == {Name("kept")}


EVERYTHING = """
## Task

- **Table Name:** tasks

| Column | Type | Description |
|---|---|---|
| id | int | the key |
| title | string | |

```python
class Task(SQLModel, table=True):
    id: int = Field(primary_key=True)
    title: str
```

```sql
CREATE TABLE tasks (
    id SERIAL PRIMARY KEY,
    title VARCHAR(200) NOT NULL -- what to do
);
CREATE INDEX ON tasks (title);
```

**Indexes:**
- tasks.title
"""


def test_a_table_that_stands_several_times_is_read_once_from_sql():
    assert len(schema(EVERYTHING).tables) == 1
    found = table(EVERYTHING)
    assert [str(item.type) for item in found.columns] == ["integer", "character varying(200)"]
    assert [item.comment for item in found.columns] == ["the key", "what to do"]
    assert len(found.indexes) == 1


def test_sql_that_postgresql_refuses_is_read_all_the_same():
    found = table("""
    ```sql
    CREATE TABLE tasks (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        day DATE NULLABLE,
        kind ENUM('a', 'b') NOT NULL DEFAULT 'a',
        made DATETIME DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,
        user_id UUID,
        FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE,
        UNIQUE (day, kind)
    );
    ```
    """)
    assert [(item.name, str(item.type), item.nullable) for item in found.columns] == [
        ("id", "integer", False),
        ("day", "date", True),
        ("kind", "tasks_kind", False),
        ("made", "timestamp without time zone", True),
        ("user_id", "uuid", True),
    ]
    assert found.column("id").autoincrement
    assert [item.columns for item in found.uniques] == [("day", "kind")]
    assert found.foreign_keys[0].on_delete == "CASCADE"


def test_pseudo_sql():
    found = table("""
    ```
    tasks
      id UUID PRIMARY KEY
      rating INT (1-5) NOT NULL
      user_id UUID REFERENCES users(id) -- the owner
    ```
    """)
    assert [(item.name, item.nullable, item.comment) for item in found.columns] == [
        ("id", False, None), ("rating", False, None), ("user_id", None, "the owner"),
    ]  # fmt: skip


def test_boxes_are_drawings():
    assert not schema("## Diagram\n\n```\n┌──────┐\n│ tasks│\n│ id INT│\n└──────┘\n```\n").tables


def test_a_diagram_counts_where_nothing_else_does():
    text = """
    ## tasks
    - id: uuid (pk)

    ```mermaid
    erDiagram
        USERS ||--o{ TASKS : has
        TASKS {
            int id PK
        }
        USERS {
            uuid id PK
            string email UK "login"
        }
    ```
    """
    assert str(table(text).column("id").type) == "uuid"
    assert [item.columns for item in table(text, "users").uniques] == [("email",)]


def test_nested_bullets():
    text = """
    ## Products

    - **id**
      - Type: UUID
      - Constraints: PRIMARY KEY
    - **name**
      - Type: VARCHAR(100)
      - Nullable: No
      - Default: 'x'

    ## Tables

    - **orders**
      - id: bigserial (pk)
      - total: numeric(10,2)
    """
    assert table(text, "products").column("name").nullable is False
    assert table(text, "products").column("name").default.text == "'x'"
    assert table(text, "orders").column("id").autoincrement


INDEXES = [
    ("tasks.a", ["a"], False), ("`ix_a` on (a)", ["a"], False), ("`tasks (a, b DESC)` - front page", ["a", "b DESC"], False),
    ("`ux_a`: UNIQUE INDEX on (lower(a))", ["lower(a)"], True), ("a + b (composite)", ["a", "b"], False),
    ("Composite index: (a, b)", ["a", "b"], False), ("`INDEX idx ON tasks(a)`", ["a"], False),
    ("Index on `a` for speed", ["a"], False), ("`idx_tasks_a` - speeds up lists", ["a"], False),
    ("`CREATE UNIQUE INDEX u ON tasks (a) WHERE b IS NULL;`", ["a"], True), ("idx_name: Index on a", ["a"], False),
]  # fmt: skip


@pytest.mark.parametrize(("entry", "columns", "unique"), INDEXES)
def test_lists_of_indexes(entry, columns, unique):
    text = f"## tasks\n\n- id: uuid (pk)\n- a: text\n- b: text\n\n## Indexes\n\n- {entry}\n"
    (index,) = table(text).indexes
    assert ([str(part) for part in index.parts], index.unique) == (columns, unique)
    assert index.origin.line == 8


@pytest.mark.parametrize(
    "entry", ["Primary key on id", "tasks.id", "tasks.c - covered by the unique constraint", "tasks.gone"]
)
def test_entries_of_such_lists_that_are_no_index(entry):
    text = f"## tasks\n\n- id: uuid (pk)\n- c: text (unique)\n\n## Indexes\n\n- {entry}\n"
    assert table(text).indexes == ()


def test_an_index_that_is_told_twice_is_one():
    text = "## tasks\n- id: uuid (pk)\n- user_id: uuid (indexed)\n\n## Indexes\n- `ix_owner` on tasks(user_id)\n"
    assert [index.name for index in table(text).indexes] == ["ix_owner"]


def test_a_table_of_indexes():
    text = """
    ## tasks
    - id: uuid (pk)
    - a: text
    - b: text

    ## Indexes

    | Index Name | Table | Columns | Type |
    |---|---|---|---|
    | tasks_pkey | tasks | id | Primary key |
    | ix_ab | tasks | a, b | B-tree |
    | ux_b | tasks | b | UNIQUE |
    """
    assert [(index.name, index.columns, index.unique) for index in table(text).indexes] == [
        ("ix_ab", ("a", "b"), False), ("ux_b", ("b",), True),
    ]  # fmt: skip


def test_a_table_of_indexes_with_expressions_and_conditions():
    text = """
    ## tasks
    - id: uuid (pk)
    - a: text
    - b: text

    ## Indexes

    | name | columns | type |
    |---|---|---|
    | ix_lower | lower(a) | |
    | ux_ab | (a, b) | unique, where b is not null |
    """
    found = [(index.name, [str(part) for part in index.parts], index.where) for index in table(text).indexes]
    assert [(name, parts, where and where.text) for name, parts, where in found] == [
        ("ix_lower", ["lower(a)"], None), ("ux_ab", ["a", "b"], "b is not null"),
    ]  # fmt: skip


CONSTRAINTS = [
    "- unique (a, b)", "- `UNIQUE (a, b)`", "- One a per b: unique `(a, b)`", "- Unique constraint on (a, b)",
]  # fmt: skip


@pytest.mark.parametrize("entry", CONSTRAINTS)
def test_lists_of_constraints(entry):
    text = f"## tasks\n\n- a: text\n- b: text\n\n**Constraints:**\n\n{entry}\n- `a <> b`\n- PRIMARY KEY (a)\n"
    found = table(text)
    assert [item.columns for item in found.uniques] == [("a", "b")]
    assert [item.expression.text for item in found.checks] == ["a <> b"]
    assert found.primary_key.columns == ("a",)
    assert found.column("a").nullable is False


def test_classes_in_several_fences_are_one_module():
    text = """
    ```python
    class Task(Base, table=True):
        id: int = Field(primary_key=True)
    ```

    ```python
    class Base(SQLModel):
        made: datetime
    ```

    ```python
    def broken(
    ```
    """
    source = dedent(text)
    found = read_schema_document("s.md", source).schema.tables[Name("task")]
    assert {item.name for item in found.columns} == {"id", "made"}
    assert found.column("made").origin.span.of(source).startswith("made: datetime")


def test_tables_of_a_document_about_one_namespace():
    text = "# Fleet\n\nSchema `fleet`.\n\n## cars\n\n- id: int (pk)\n- owner_id: int (references app.owners(id))\n"
    found = schema(text).tables[Name("cars", "fleet")]
    assert found.foreign_keys[0].ref_table == Name("owners", "app")


def test_documents_know_the_tables_of_each_other():
    first = ("a.md", "## users\n\n- code: text (pk)\n")
    second = ("b.md", "## tasks\n\n- id: int (pk)\n- user_code: text (references users)\n")
    reading = read_schema_documents([second, first])
    assert reading.schema.tables[Name("tasks")].foreign_keys[0].ref_columns == ("code",)
    assert {found.origin.path for found in reading.schema.tables.values()} == {"a.md", "b.md"}


def test_a_document_that_has_its_tables_under_migrations_alone_means_them():
    assert Name("tasks") in schema("# DB\n\n## Migrations\n\n```sql\nCREATE TABLE tasks (id int);\n```\n").tables


def test_loose_types_are_noted():
    notes = read_schema_document("s.md", "## tasks\n\n- a: string\n- b: datetime\n- c: text\n").notes
    assert notes == (
        "`datetime` in a document is read as `timestamp without time zone`",
        "`string` in a document is read as `character varying`",
    )


FOREIGN = """## tasks

| column | type |
|---|---|
| id | uuid |
| made | DATETIME |
| name | string |

```sql
CREATE TABLE things (id INT AUTO_INCREMENT PRIMARY KEY, made datetime);
CREATE TABLE others (made datetime);
```
"""


def test_types_of_other_databases_are_hints_where_sql_is_meant():
    reading = read_schema_document("s.md", FOREIGN)
    found = sorted((problem.code, problem.span.of(FOREIGN).split(" (")[0]) for _, problem in reading.problems)
    assert found == [
        ("schema-doc-assumed-type", "string"),
        ("schema-doc-foreign-sql", "CREATE TABLE things"),
        ("schema-doc-foreign-type", "DATETIME"),
        ("schema-doc-foreign-type", "datetime"),
        ("schema-doc-foreign-type", "datetime"),
    ]
    assert not any(problem.serious for _, problem in reading.problems)
    types = {str(item.type) for made in reading.schema.tables.values() for item in made.columns if item.name == "made"}
    assert types == {"timestamp without time zone"}


PIECES = st.sampled_from(
    ["## tasks\n", "- id: uuid (pk)\n", "- x: ", "enum: ", "| a | b |\n|--|--|\n", "| id | int |\n", "```sql\n", "```\n",
     "CREATE TABLE t (", "a int,", ")", "(", "`", "**", "default '", "unique ", "FK → ", "users.id", "## Indexes\n",
     "- tasks.x\n", "index on (", "where ", "\n", "\r", "\r\n", " ", "\t", "'", '"', "\\|", "\0", "\u2028", "é", "Optional[",
     "check (", "1-5", "```python\nclass A(SQLModel, table=True):\n    id: int\n", "erDiagram\n", ":", ",", ";", "--"]
)  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(st.lists(PIECES, max_size=25).map("".join))
def test_any_text_is_read_and_every_place_is_inside(text):
    reading = read_schema_document("s.md", text)
    for found in reading.schema.tables.values():
        origins = [found.origin, *(item.origin for item in (*found.columns, *found.constraints, *found.indexes))]
        origins += [origin for item in found.columns for _, origin in item.places]
        assert all(origin.span.end <= len(text) for origin in origins)
    assert all(problem.span.end <= len(text) for _, problem in reading.problems)


OTHERS = [
    ("DATETIME2(3)", "timestamp(3) without time zone", "tsql"),
    ("DATETIME2", "timestamp without time zone", "tsql"),
    ("UNIQUEIDENTIFIER", "uuid", "tsql"),
    ("BINARY_DOUBLE", "double precision", "oracle"),
    ("INT64", "bigint", "bigquery"),
    ("tasks_state", "tasks_state", "nobody: it may be an enum"),
]


@pytest.mark.parametrize(("spelling", "expected", "whose"), OTHERS)
def test_types_of_other_databases_in_sql(spelling, expected, whose):
    found = table(
        f"```sql\nCREATE TABLE [tasks] (\n  [id] INT NOT NULL PRIMARY KEY,\n  [x] {spelling} NOT NULL\n);\n```\n"
    )
    assert str(found.column("x").type) == expected
    assert found.column("x").nullable is False


FOUR_TIMES = """
## notes

```sql
CREATE TABLE notes (id uuid PRIMARY KEY, title varchar(80) NOT NULL, done boolean NOT NULL DEFAULT false);
```

| Column | Type | Nullable | Default |
|---|---|---|---|
| id | UUID | no | |
| title | VARCHAR(120) | no | |
| done | boolean | yes | |
| colour | text | yes | |

```python
class Note(SQLModel, table=True):
    __tablename__ = "notes"
    id: uuid.UUID = Field(primary_key=True)
    title: str
    done: int = 0
```
"""


def test_what_a_document_says_differently_in_two_places_is_told_where_it_does_not_count():
    problems = read_schema_document("s.md", FOUR_TIMES).problems
    told = [(problem.span.of(FOUR_TIMES).strip(), problem.message) for _, problem in problems]
    assert {problem.code for _, problem in problems} == {"schema-doc-contradiction"}
    assert [message for _, message in told] == [
        "`notes.title` is `character varying(120)` here, but is `character varying(80)` in the SQL of the document, which counts",
        "`notes.done` may be NULL here, but is NOT NULL in the SQL of the document, which counts",
        "`notes.colour` stands here, but does not stand in the SQL of the document, which counts",
        "`notes.done` is `integer` here, but is `boolean` in the SQL of the document, which counts",
    ]
    assert told[0][0].startswith("title | VARCHAR(120)")


def test_loose_types_are_hints_once_and_slips_are_findings_with_a_fix():
    text = "## notes\n\n- id: uuid (pk)\n- a: string\n- b: string\n- c: STRING\n- d: DATETIME\n"
    problems = [problem for _, problem in read_schema_document("s.md", text).problems]
    assert [(item.code, item.quiet, item.span.of(text), item.replacement) for item in problems] == [
        ("schema-doc-assumed-type", True, "string", "varchar"),
        ("schema-doc-foreign-type", False, "STRING", "varchar"),
        ("schema-doc-foreign-type", False, "DATETIME", "timestamp"),
    ]


def test_columns_on_lines_of_their_own_need_no_marks_of_a_list():
    found = table(
        """\
        ## Table: tasks

        **id** — uuid, primary key
        **title** — varchar(50), unique
        **weight** — numeric(7,2) *(optional)*

        ## Rules

        Tasks are few. They are kept for long.
        """
    )
    assert [(item.name, str(item.type)) for item in found.columns] == [
        ("id", "uuid"),
        ("title", "character varying(50)"),
        ("weight", "numeric(7,2)"),
    ]
    assert found.primary_key.columns == ("id",)


def test_a_table_and_its_columns_on_lines_one_under_the_other():
    text = """\
    DATABASE

    people
        id     SERIAL PRIMARY KEY
        code   VARCHAR(12) UNIQUE NOT NULL   -- A1234567

    tasks
        person_id  INTEGER REFERENCES people(id) ON DELETE CASCADE
        day        DATE NOT NULL
        PRIMARY KEY (person_id, day)
    """
    assert table(text).primary_key.columns == ("person_id", "day")
    assert table(text, "people").column("code").nullable is False
