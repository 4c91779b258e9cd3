"""Edits of schema documents: each form in its own words."""

import json
from pathlib import Path
from textwrap import dedent

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from migration_ls.operations.replay import final_schema
from migration_ls.rendering.schema_doc.edit import edit_schema_document
from migration_ls.schema.names import Name
from migration_ls.schema.schema import Schema
from migration_ls.sources.schema_doc import read_schema_documents
from migration_ls.sources.sql.reader import read_sql
from migration_ls.text.edits import apply_edits

BASE = """
CREATE TABLE tasks (id serial PRIMARY KEY, title varchar(200) NOT NULL, done boolean NOT NULL DEFAULT false,
    created_at timestamptz NOT NULL DEFAULT now());
CREATE TABLE users (id serial PRIMARY KEY, name varchar(40));
"""
PRIORITY = """
ALTER TABLE tasks ADD COLUMN priority varchar(20) NOT NULL DEFAULT 'medium';
ALTER TABLE tasks ADD CONSTRAINT chk_tasks_priority CHECK (priority IN ('high', 'medium', 'low'));
CREATE INDEX idx_tasks_priority ON tasks (priority);
"""
PROJECTS = Path(__file__).parent.parent / "projects"


def edited(text: str, sql: str, base: str = BASE, purposes: dict | None = None) -> str:
    current = final_schema(Schema(), read_sql(base).statements)
    statements = read_sql(sql).statements
    operations = [operation for statement in statements for operation in statement.operations]
    wanted = final_schema(current, statements)

    def once(source: str) -> str:
        edits = edit_schema_document(source, operations, wanted, purposes=purposes or {}, path="schema.md")
        return apply_edits(source, edits)

    result = once(text)
    assert once(result) == result
    return result


def added(before: str, after: str) -> list[str]:
    return [line for line in after.splitlines() if line and line not in before.splitlines()]


BULLETS = dedent("""\
    ### tasks
    - id: integer (primary key, auto-increment)
    - title: string (not null, max 200)
    - done: boolean (not null, default false)
    - created_at: timestamptz (not null, default now)

    ## Indexes
    - users.name (search)
    """)
ROWS = dedent("""\
    ## Table: `tasks`

    | Column     | Type         | Null | Default | Notes  |
    |------------|--------------|------|---------|--------|
    | id         | SERIAL       | NO   |         | PK     |
    | title      | VARCHAR(200) | NO   |         | a \\| b |
    | done       | BOOLEAN      | NO   | `false` |        |
    | created_at | TIMESTAMPTZ  | NO   | `now()` |        |
    """)
SQL = dedent("""\
    # Tasks

    ```sql
    create table tasks (
        id          serial primary key,
        title       varchar(200) not null, -- shown
        done        boolean not null default false,
        created_at  timestamptz not null default now() -- last
    );
    ```
    """)


def test_bullets() -> None:
    assert added(BULLETS, edited(BULLETS, PRIORITY)) == [
        "- priority: string (not null, max 20, default 'medium', one of high, medium, low)",
        "- tasks.priority (filtering by priority)",
    ]


def test_padded_rows() -> None:
    purposes = {(Name("tasks"), "priority"): "how soon"}
    result = edited(ROWS, PRIORITY, purposes=purposes)
    assert added(ROWS, result) == [
        "| priority   | VARCHAR(20)  | NO   | `'medium'` | how soon: one of high, medium, low |",
        "Indexes: `idx_tasks_priority` (priority)",
    ]
    assert result.index("| done") < result.index("| priority") < result.index("| created_at")


def test_sql() -> None:
    result = edited(SQL, PRIORITY)
    assert (
        "    done        boolean not null default false,\n    priority    varchar(20) not null default 'medium',\n"
        in result
    )
    assert (
        "default now(), -- last\n    constraint chk_tasks_priority check (priority IN ('high', 'medium', 'low'))\n);"
        in result
    )
    assert ");\ncreate index idx_tasks_priority on tasks (priority);\n```" in result


@pytest.mark.parametrize(
    ("before", "sql", "line"),
    [
        (BULLETS, "ALTER COLUMN title TYPE varchar(80)", "- title: string (not null, max 80)"),
        (BULLETS, "ALTER COLUMN title DROP NOT NULL", "- title: string (nullable, max 200)"),
        (BULLETS, "ALTER COLUMN done SET DEFAULT true", "- done: boolean (not null, default true)"),
        (BULLETS, "ALTER COLUMN done DROP DEFAULT", "- done: boolean (not null)"),
        (BULLETS, "RENAME COLUMN title TO name", "- name: string (not null, max 200)"),
        (ROWS, "ALTER COLUMN title TYPE text", "| title      | TEXT         | NO   |         | a \\| b |"),
        (ROWS, "ALTER COLUMN title DROP NOT NULL", "| title      | VARCHAR(200) | YES  |         | a \\| b |"),
        (ROWS, "ALTER COLUMN done SET DEFAULT true", "| done       | BOOLEAN      | NO   | `true`  |        |"),
        (SQL, "ALTER COLUMN title TYPE text", "    title       text not null, -- shown"),
        (SQL, "ALTER COLUMN title DROP NOT NULL", "    title       varchar(200), -- shown"),
        (SQL, "ALTER COLUMN done DROP DEFAULT", "    done        boolean not null,"),
    ],
)
def test_changes(before: str, sql: str, line: str) -> None:
    assert added(before, edited(before, f"ALTER TABLE tasks {sql};")) == [line]


@pytest.mark.parametrize("before", [BULLETS, ROWS, SQL])
def test_a_dropped_column_goes(before: str) -> None:
    result = edited(before, "ALTER TABLE tasks DROP COLUMN title;")
    assert "title" not in result
    assert len(result.splitlines()) == len(before.splitlines()) - 1


def test_the_last_entry_of_a_create_table_leaves_no_comma_behind() -> None:
    result = edited(SQL, "ALTER TABLE tasks DROP COLUMN created_at;")
    assert "default false\n);" in result


@pytest.mark.parametrize("before", [BULLETS, ROWS, SQL])
def test_a_new_table(before: str) -> None:
    sql = (
        "CREATE TABLE labels (id serial PRIMARY KEY, task_id integer NOT NULL REFERENCES tasks (id), name varchar(9));"
    )
    result = edited(before, sql)
    read = read_schema_documents([("schema.md", result)]).schema.tables[Name("labels")]
    assert [(column.name, str(column.type)) for column in read.columns] == [
        ("id", "integer"), ("task_id", "integer"), ("name", "character varying(9)"),
    ]  # fmt: skip
    assert [key.ref_table for key in read.foreign_keys] == [Name("tasks")]


@settings(max_examples=40, deadline=None)
@given(
    st.sampled_from([BULLETS, ROWS, SQL]),
    st.lists(
        st.sampled_from(["Words — é", "", "> quote", "| a | b |", "- item", "```text\nCREATE TABLE x (\n```"]),
        max_size=3,
    ),
    st.sampled_from(["\n", "\r\n"]),
)
def test_everything_else_stays(body: str, around: list[str], newline: str) -> None:
    lines = [*around, "", *body.splitlines(), "", *around]
    text = newline.join(lines).replace("\r\n", "\n").replace("\n", newline)
    result = edited(text, "ALTER TABLE tasks ADD COLUMN due date;")
    kept = iter(result.split(newline))
    missing = [line for line in text.split(newline) if line not in kept]
    assert missing in ([], ["    created_at  timestamptz not null default now() -- last"])
    assert result.replace(newline, "").count("\n") == 0


@settings(max_examples=60, deadline=None)
@given(st.sampled_from([BULLETS, ROWS, SQL]), st.data())
def test_any_text_is_taken(text: str, data: st.DataObject) -> None:
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(text)))
        end = min(len(text), start + data.draw(st.integers(0, 60)))
        text = text[:start] + data.draw(st.sampled_from(["", "(", "|", "`", "\n", "\r", "```", "--", ","])) + text[end:]
    current = final_schema(Schema(), read_sql(BASE).statements)
    statements = read_sql(PRIORITY + "ALTER TABLE tasks DROP COLUMN done;").statements
    operations = [operation for statement in statements for operation in statement.operations]
    wanted = final_schema(current, statements)
    apply_edits(text, edit_schema_document(text, operations, wanted, purposes={}, path="schema.md"))


SAMPLES = {
    "tasks": PRIORITY + "ALTER TABLE tasks ALTER COLUMN completed SET DEFAULT true;",
    "billing": """ALTER TABLE payments ADD COLUMN method varchar(10) NOT NULL DEFAULT 'card';
        ALTER TABLE payments ADD CONSTRAINT chk_m CHECK (method IN ('card', 'cash'));
        ALTER TABLE customers ALTER COLUMN legal_name TYPE varchar(200); ALTER TABLE invoices DROP COLUMN notes;""",
    "crm": """ALTER TABLE contacts ADD COLUMN score integer NOT NULL DEFAULT 0; CREATE INDEX idx_s ON contacts (score);
        ALTER TABLE contacts ADD CONSTRAINT chk_score CHECK (score > 0);
        ALTER TABLE accounts ALTER COLUMN name DROP NOT NULL;""",
    "clinic": """ALTER TABLE room ADD COLUMN floor smallint NOT NULL DEFAULT 0;
        ALTER TABLE patient ADD COLUMN email varchar(254);""",
    "content": "ALTER TABLE sections ADD COLUMN access varchar(10) NOT NULL DEFAULT 'free';",
    "iot": "ALTER TABLE sites ADD COLUMN zone varchar(40) NOT NULL DEFAULT 'UTC'; CREATE INDEX ix_z ON sites (zone);",
    "saas": """ALTER TABLE app.work_items ADD COLUMN labels text[] NOT NULL DEFAULT '{}';
        CREATE INDEX idx_l ON app.work_items USING gin (labels);""",
    "marketplace": """ALTER TABLE sellers ADD COLUMN rating numeric(3, 2);
        ALTER TABLE listings ALTER COLUMN title TYPE text;""",
    "hr": """ALTER TABLE leave_kind ADD COLUMN colour varchar(7);
        ALTER TABLE employee ALTER COLUMN salary TYPE numeric(12, 2);""",
    "logistics": """ALTER TABLE fleet.vehicles ADD COLUMN seats smallint NOT NULL DEFAULT 2;
        ALTER TABLE orders.returns ADD COLUMN channel varchar(10) NOT NULL DEFAULT 'shop';
        ALTER TABLE identity.users ADD COLUMN phone varchar(20);
        ALTER TABLE warehouse.bins ADD COLUMN cold boolean NOT NULL DEFAULT false;
        ALTER TABLE routing.routes ADD COLUMN note varchar(200); CREATE INDEX ix_v ON fleet.vehicles (seats);""",
}


@pytest.mark.parametrize("sample", SAMPLES)
def test_samples_read_back_as_wanted(sample: str) -> None:
    folder = PROJECTS / sample / "specs" / "database"
    texts = {path.name: path.read_bytes().decode() for path in sorted(folder.glob("*.md"))}
    current = read_schema_documents(list(texts.items())).schema
    statements = read_sql(SAMPLES[sample]).statements
    operations = [operation for statement in statements for operation in statement.operations]
    wanted = final_schema(current, statements)

    def once(sources: dict[str, str]) -> dict[str, str]:
        return {
            path: apply_edits(text, edit_schema_document(text, operations, wanted, purposes={}, path=path))
            for path, text in sources.items()
        }

    result = once(texts)
    assert once(result) == result
    back = read_schema_documents(list(result.items())).schema
    for name, table in wanted.tables.items():
        found = back.tables[name]
        assert {column.name: column for column in found.columns} == {column.name: column for column in table.columns}
        assert {item.expression for item in found.checks} == {item.expression for item in table.checks}
        assert sorted(str(item.parts) + item.using for item in found.indexes) == sorted(
            str(item.parts) + item.using for item in table.indexes
        )
    assert json.dumps(sorted(map(str, back.tables))) == json.dumps(sorted(map(str, wanted.tables)))
