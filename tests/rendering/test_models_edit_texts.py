"""Edits of models files: what they write, what they leave alone."""

import ast
import re
from textwrap import dedent

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from migration_ls.operations.replay import final_schema
from migration_ls.rendering.models.edit import ModelEdits, edit_models
from migration_ls.schema.names import Name
from migration_ls.sources.models import ModelFile, read_models
from migration_ls.sources.sql.reader import read_sql
from migration_ls.text.edits import apply_edits

VERSION = (0, 0, 22)
PRIORITY = """
ALTER TABLE tasks ADD COLUMN priority varchar(20) NOT NULL DEFAULT 'medium';
ALTER TABLE tasks ADD CONSTRAINT chk_tasks_priority CHECK (priority IN ('high', 'medium', 'low'));
CREATE INDEX idx_tasks_priority ON tasks (priority);
"""


def edit(
    files: dict[str, str], sql: str, version: tuple[int, ...] | None = VERSION, purposes: dict | None = None
) -> tuple[dict[str, str], ModelEdits]:
    """The files after the edits, and the edits; the same call again must find nothing to do."""
    sources = [ModelFile(path=path, text=text) for path, text in files.items()]
    present = read_models(sources, sqlmodel_version=version).schema
    statements = read_sql(sql).statements
    operations = [operation for statement in statements for operation in statement.operations]
    wanted = final_schema(present, statements)

    def once(texts: dict[str, str]) -> ModelEdits:
        return edit_models(texts, operations, wanted, purposes=purposes or {}, sqlmodel_version=version)

    edits = once(files)
    result = {path: apply_edits(text, edits.edits.get(path, ())) for path, text in files.items()}
    result |= edits.new_files
    again = once(result)
    assert again.edits == {}
    assert again.new_files == {}
    for text in result.values():
        if not edits.refused:
            ast.parse(text.removeprefix("\ufeff"))
    return result, edits


def edited(text: str, sql: str, version: tuple[int, ...] | None = VERSION, **more: dict) -> str:
    return edit({"models.py": dedent(text)}, sql, version, **more)[0]["models.py"]


def model(body: str, imports: str = "from sqlmodel import Field, SQLModel") -> str:
    lines = "\n".join(f"    {line}".rstrip() for line in dedent(body).strip().splitlines())
    head = f"from typing import Optional\n\n{imports}\n\n\nclass Task(SQLModel, table=True):\n"
    return f'{head}    __tablename__ = "tasks"\n\n{lines}\n'


HEAD = "from sqlmodel import Field, SQLModel\n\n\n"
BODY = """
    id: Optional[int] = Field(default=None, primary_key=True)
    title: str = Field(max_length=200)  # shown in lists
    done: bool = Field(default=False)
"""


def test_the_running_example() -> None:
    purposes = {(Name("tasks"), "priority"): "Task priority level"}
    text = edited(model(BODY), PRIORITY, purposes=purposes)
    assert "from sqlalchemy import CheckConstraint, Index\nfrom sqlmodel import Field, SQLModel\n" in text
    assert '        Index("idx_tasks_priority", "priority"),\n    )\n\n    id:' in text
    assert text.endswith(
        dedent("""\
            title: str = Field(max_length=200)  # shown in lists
            done: bool = Field(default=False)
            priority: str = Field(
                default="medium",
                max_length=20,
                regex="^(high|medium|low)$",
                sa_column_kwargs={"server_default": "medium"},
                description="Task priority level",
            )
        """)
        .replace("\n", "\n    ")
        .join(["    ", ""])
        .rstrip(" ")
    )


def test_tags_are_an_array_with_a_gin_index() -> None:
    text = edited(
        model(BODY),
        "ALTER TABLE tasks ADD COLUMN tags text[] NOT NULL DEFAULT '{}'; CREATE INDEX idx ON tasks USING gin (tags);",
    )
    assert "from typing import List, Optional\n" in text
    assert "sa_column=Column(ARRAY(Text), nullable=False, server_default=text(\"'{}'\"))" in text
    assert 'Index("idx", "tags", postgresql_using="gin")' in text


def test_new_fields_stand_before_time_stamps_at_the_end() -> None:
    body = BODY + "    created_at: datetime = Field(default_factory=datetime.utcnow)\n"
    text = edited(model(body, "from datetime import datetime\nfrom sqlmodel import Field, SQLModel"), PRIORITY)
    assert text.index("done:") < text.index("    priority:") < text.index("created_at:")


@pytest.mark.parametrize(
    ("before", "sql", "after"),
    [
        ("x: str = Field(max_length=10)", "ALTER COLUMN x TYPE varchar(12)", "x: str = Field(max_length=12)"),
        ("x: str = Field( max_length = 10 )", "ALTER COLUMN x TYPE varchar(12)", None),
        ("x: int", "ALTER COLUMN x DROP NOT NULL", "x: Optional[int] = Field(default=None)"),
        ("x: Optional[int] = None", "ALTER COLUMN x SET NOT NULL", "x: int"),
        ("x: int | None = None", "ALTER COLUMN x SET NOT NULL", "x: int"),
        ("x: bool = True", "ALTER COLUMN x SET DEFAULT true", None),
        (
            "x: str = Field('a', sa_column_kwargs={'comment': 'c'})",
            "ALTER COLUMN x SET DEFAULT 'a'",
            "x: str = Field('a', sa_column_kwargs={'comment': 'c', 'server_default': 'a'})",
        ),
        (
            "x: str = Field(sa_column=Column(String, nullable=False))",
            "ALTER COLUMN x SET DEFAULT 'b'",
            None,
        ),
        ("x: str = Field(sa_column_kwargs={'server_default': 'b'})", "ALTER COLUMN x DROP DEFAULT", "x: str = Field()"),
        (
            "x: Annotated[str, Field(max_length=5)]",
            "ALTER COLUMN x TYPE varchar(9)",
            "x: Annotated[str, Field(max_length=9)]",
        ),
        ("x: int = Field(index=True)  # why", "ALTER COLUMN x TYPE bigint", None),
    ],
)
def test_changes_of_one_field(before: str, sql: str, after: str | None) -> None:
    imports = (
        "from sqlalchemy import Column, String\nfrom typing import Annotated\nfrom sqlmodel import Field, SQLModel"
    )
    source = model(f"id: int = Field(primary_key=True)\n{before}\n", imports)
    text = edited(source, f"ALTER TABLE tasks {sql};")
    if after is not None:
        assert f"    {after}\n" in text
    assert text != source
    assert read_back(text, "x") == wanted_of(source, f"ALTER TABLE tasks {sql};", "x")


def read_back(text: str, column: str) -> object:
    return (
        read_models([ModelFile(path="models.py", text=text)], sqlmodel_version=VERSION)
        .schema.tables[Name("tasks")]
        .column(column)
    )


def wanted_of(text: str, sql: str, column: str) -> object:
    present = read_models([ModelFile(path="models.py", text=text)], sqlmodel_version=VERSION).schema
    return final_schema(present, read_sql(sql).statements).tables[Name("tasks")].column(column)


def test_table_arguments_given_as_a_dict_become_a_tuple() -> None:
    source = model('id: int = Field(primary_key=True)\n__table_args__ = {"comment": "c"}\n')
    text = edited(source, "ALTER TABLE tasks ADD CONSTRAINT c1 CHECK (id > 0);")
    assert '__table_args__ = (CheckConstraint("id > 0", name="c1"), {"comment": "c"})\n' in text


def test_options_stay_the_last_item_and_a_lone_item_keeps_its_comma() -> None:
    source = model(
        '__table_args__ = (\n    # why\n    UniqueConstraint("id"),\n    {"comment": "c"},\n)\n'
        "id: int = Field(primary_key=True)\n"
    )
    source = source.replace("from sqlmodel", "from sqlalchemy import UniqueConstraint\nfrom sqlmodel", 1)
    text = edited(source, "ALTER TABLE tasks ADD CONSTRAINT c1 CHECK (id > 0);")
    assert (
        '        UniqueConstraint("id"),\n        CheckConstraint("id > 0", name="c1"),\n        {"comment": "c"},\n'
        in text
    )
    assert "# why" in text
    lone = edited(model("id: int = Field(primary_key=True)\n"), "ALTER TABLE tasks ADD CONSTRAINT c1 CHECK (id > 0);")
    assert '__table_args__ = (CheckConstraint("id > 0", name="c1"),)\n' in lone


def test_a_dropped_column_takes_its_index_and_leaves_the_rest() -> None:
    source = model(
        BODY + "    note: Optional[str] = None  # old\n    __table_args__ = (Index('i', 'note'), Index('j', 'title'))\n"
    )
    source = source.replace("from sqlmodel", "from sqlalchemy import Index\nfrom sqlmodel", 1)
    text = edited(source, "ALTER TABLE tasks DROP COLUMN note;")
    assert "note" not in text
    assert "__table_args__ = (Index('j', 'title'),)" in text


def test_a_renamed_column_keeps_the_name_of_its_index() -> None:
    text = edited(model(BODY.replace("max_length=200", "index=True")), "ALTER TABLE tasks RENAME COLUMN title TO name;")
    assert "    name: str = Field()  # shown in lists\n" in text
    assert 'Index("ix_tasks_title", "name")' in text


def test_aliases_and_modules_of_imports_are_respected() -> None:
    imports = "import sqlalchemy as sa\nfrom sqlmodel import Field as SQLField, SQLModel"
    text = edited(model("id: int = SQLField(primary_key=True)\n", imports), PRIORITY)
    assert "priority: str = SQLField(" in text
    assert "sa.CheckConstraint(" in text
    assert "from sqlalchemy" not in text


def test_a_field_that_hides_a_name_is_gone_around() -> None:
    source = model("id: int = Field(primary_key=True)\ntext: str\n")
    text = edited(source, "ALTER TABLE tasks ADD COLUMN n integer NOT NULL DEFAULT 0;")
    assert "from sqlalchemy import text as sa_text\n" in text
    assert 'sa_text("0")' in text


def test_old_versions_get_what_they_take() -> None:
    sql = "ALTER TABLE tasks ADD COLUMN body text; ALTER TABLE tasks ADD COLUMN p varchar(5) NOT NULL DEFAULT 'a';"
    check = "ALTER TABLE tasks ADD CONSTRAINT c CHECK (p IN ('a', 'b'));"
    assert "sa_column=Column(Text, nullable=True)" in edited(model(BODY), sql, (0, 0, 8))
    assert "sa_type=Text" in edited(model(BODY), sql, (0, 0, 22))
    assert "sa_type=String(5)" in edited(model(BODY), sql + check, (0, 0, 14))
    assert "sa_type=DateTime(timezone=True)" in edited(model(BODY), "ALTER TABLE tasks ADD at timestamptz;", (0, 0, 44))
    assert "sa_type" not in edited(model(BODY), "ALTER TABLE tasks ADD at timestamptz;", (0, 0, 45))


RELATED = """
from typing import List, Optional

from sqlmodel import Field, Relationship, SQLModel


class User(SQLModel, table=True):
    id: Optional[int] = Field(default=None, primary_key=True)

    tasks: List["Task"] = Relationship(back_populates="owner")


class Task(SQLModel, table=True):
    id: Optional[int] = Field(default=None, primary_key=True)
    owner_id: int = Field(foreign_key="user.id")

    owner: Optional[User] = Relationship(back_populates="tasks")


class Label(SQLModel, table=True):
    id: Optional[int] = Field(default=None, primary_key=True)
"""


def test_a_new_foreign_key_gets_a_relationship_on_both_sides() -> None:
    sql = 'ALTER TABLE label ADD COLUMN user_id integer REFERENCES "user" (id);'
    text = edited(RELATED, sql)
    assert '    user_id: Optional[int] = Field(default=None, foreign_key="user.id")\n' in text
    assert '    user: Optional["User"] = Relationship(back_populates="labels")\n' in text
    assert '    labels: List["Label"] = Relationship(back_populates="user")\n' in text


def test_a_second_way_between_two_tables_is_told_apart() -> None:
    text = edited(RELATED, 'ALTER TABLE task ADD COLUMN reviewer_id integer REFERENCES "user" (id);')
    assert text.count('"foreign_keys": "[Task.owner_id]"') == 2
    assert text.count('"foreign_keys": "[Task.reviewer_id]"') == 2


LINKS = """
CREATE TABLE user_tasks (
    task_id integer REFERENCES task (id) ON DELETE CASCADE, user_id integer REFERENCES "user" (id),
    PRIMARY KEY (task_id, user_id));
ALTER TABLE task DROP COLUMN owner_id;
"""


def test_links_take_the_place_of_a_reference() -> None:
    text = edited(RELATED, LINKS)
    assert text.index("class UserTask(") < text.index("class User(")
    assert '    tasks: List["Task"] = Relationship(back_populates="owners", link_model=UserTask)\n\n\nclass' in text
    assert '    owners: List["User"] = Relationship(back_populates="tasks", link_model=UserTask)\n\n\nclass' in text


def test_links_between_modules_are_told_by_the_name_of_their_table() -> None:
    user, task = RELATED.index("class User("), RELATED.index("class Task(")
    head, end = RELATED[:user], RELATED.index("\n\nclass Label(")
    files = {
        "models/__init__.py": "from .task import Task\nfrom .user import User\n",
        "models/user.py": head + RELATED[user:task].rstrip() + "\n",
        "models/task.py": head + RELATED[task:end].replace("Optional[User]", 'Optional["User"]'),
    }
    result, edits = edit(files, LINKS)
    assert list(edits.new_files) == ["models/user_task.py"]
    for path in ("models/user.py", "models/task.py"):
        assert '"secondary": "user_tasks"' in result[path]
        assert "UserTask" not in result[path]


def test_a_project_without_relationships_gets_none_for_links() -> None:
    plain = re.sub(r"\n    \w+: .*Relationship\(.*\n", "", RELATED).replace(" Relationship,", "")
    text = edited(plain, LINKS)
    assert "class UserTask(" in text
    assert "elationship" not in text


def test_a_relationship_that_goes_takes_the_comment_that_stands_above_nothing_else() -> None:
    source = RELATED.replace('    tasks: List["Task"]', '    # all of them\n    tasks: List["Task"]')
    text = edited(source, "ALTER TABLE task DROP COLUMN owner_id;")
    assert "# all of them" not in text
    assert "primary_key=True)\n\n\nclass Task" in text
    more = source.replace("\n\n\nclass Task", '\n    boss: Optional["Label"] = Relationship()\n\n\nclass Task')
    assert "    # all of them\n    boss:" in edited(more, "ALTER TABLE task DROP COLUMN owner_id;")


DECLARED = """
from sqlalchemy import ForeignKey
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship


class Base(DeclarativeBase):
    pass


class User(Base):
    __tablename__ = "user"

    id: Mapped[int] = mapped_column(primary_key=True)

    tasks: Mapped[list["Task"]] = relationship(back_populates="owner")


class Task(Base):
    __tablename__ = "task"

    id: Mapped[int] = mapped_column(primary_key=True)
    owner_id: Mapped[int] = mapped_column(ForeignKey("user.id"))

    owner: Mapped["User"] = relationship(back_populates="tasks")
"""


def test_links_in_plain_sqlalchemy_are_of_its_own_base() -> None:
    text = " ".join(edited(DECLARED, LINKS).split())
    assert "class UserTask(Base):" in text
    assert "sqlmodel" not in text
    assert 'tasks: Mapped[list["Task"]] = relationship( secondary="user_tasks", back_populates="owners", )' in text
    assert 'owners: Mapped[list["User"]] = relationship( secondary="user_tasks", back_populates="tasks", )' in text


def test_a_new_module_imports_the_base_of_the_others() -> None:
    head, user, task = (
        DECLARED.partition("class User(")[0],
        DECLARED.index("class User("),
        DECLARED.index("class Task("),
    )
    imports = head[: head.index("class Base")]
    files = {
        "db/base.py": head.rstrip() + "\n",
        "db/models/__init__.py": "",
        "db/models/user.py": f"{imports.rstrip()}\n\nfrom ..base import Base\n\n\n{DECLARED[user:task].rstrip()}\n",
        "db/models/task.py": f"{imports.rstrip()}\n\nfrom ..base import Base\n\n\n{DECLARED[task:]}",
    }
    result, edits = edit(files, LINKS)
    assert list(edits.new_files) == ["db/models/user_task.py"]
    assert "from ..base import Base\n" in result["db/models/user_task.py"]
    assert "class UserTask(Base):" in result["db/models/user_task.py"]


def test_attributes_of_the_docstring_grow() -> None:
    source = model(BODY).replace(
        "    __tablename__",
        '    """A task.\n\n    Attributes:\n        id: Number\n        title: Words\n    """\n\n    __tablename__',
    )
    text = edited(source, "ALTER TABLE tasks ADD COLUMN due date;", purposes={(Name("tasks"), "due"): "day it is due"})
    assert "        title: Words\n        due: Day it is due\n    " in text


def test_new_tables_and_files_of_a_package() -> None:
    files = {
        "app/models/__init__.py": "from .a import A\nfrom .b import B\n\n__all__ = ['A', 'B']\n",
        "app/models/a.py": HEAD + "class A(SQLModel, table=True):\n    id: int = Field(primary_key=True)\n",
        "app/models/b.py": HEAD + "class B(SQLModel, table=True):\n    id: int = Field(primary_key=True)\n",
    }
    sql = "CREATE TABLE audit_entries (id serial PRIMARY KEY, a_id integer NOT NULL REFERENCES a (id), note text);"
    result, edits = edit(files, sql)
    assert list(edits.new_files) == ["app/models/audit_entry.py"]
    assert "class AuditEntry(SQLModel, table=True):" in result["app/models/audit_entry.py"]
    assert "from .audit_entry import AuditEntry\n" in result["app/models/__init__.py"]
    assert "__all__ = ['A', 'B', 'AuditEntry']" in result["app/models/__init__.py"]


def test_a_file_that_cannot_be_parsed_is_left_alone() -> None:
    files = {"models.py": model(BODY), "broken.py": "class X(SQLModel, table=True:\n"}
    result, edits = edit(files, "ALTER TABLE tasks ADD COLUMN due date;")
    assert result["broken.py"] == files["broken.py"]
    assert [item.path for item in edits.refused] == ["broken.py"]
    assert "due: Optional[date]" in result["models.py"]


@pytest.mark.parametrize("body", [" pass", "\n    pass", '\n    """Doc."""', "\n    # nothing\n    ..."])
def test_a_class_without_fields_of_its_own(body: str) -> None:
    base = HEAD + "class Base(SQLModel):\n    id: int = Field(primary_key=True)\n\n\n"
    text = edited(
        f"{base}class Task(Base, table=True):{body}\n",
        "ALTER TABLE task ADD COLUMN due date; ALTER TABLE task ADD CONSTRAINT c CHECK (id > 0);",
    )
    assert "    due: Optional[date] = Field(default=None)\n" in text
    assert '    __table_args__ = (CheckConstraint("id > 0", name="c"),)\n' in text


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_broken_files_never_raise(data: st.DataObject) -> None:
    text = RELATED
    for _ in range(data.draw(st.integers(1, 3))):
        start = data.draw(st.integers(0, len(text)))
        end = min(len(text), start + data.draw(st.integers(0, 30)))
        text = text[:start] + data.draw(st.sampled_from(["", "(", "]", "'", "\n", "\t", ",", "é", "pass"])) + text[end:]
    sql = 'ALTER TABLE task ADD COLUMN r integer REFERENCES "user" (id); ALTER TABLE task DROP COLUMN owner_id;'
    statements = read_sql(sql).statements
    present = read_models([ModelFile(path="m.py", text=RELATED)], sqlmodel_version=VERSION).schema
    operations = [operation for statement in statements for operation in statement.operations]
    wanted = final_schema(present, statements)
    edits = edit_models({"m.py": text}, operations, wanted, purposes={}, sqlmodel_version=VERSION)
    result = apply_edits(text, edits.edits.get("m.py", ()))
    assert parses(result) or not parses(text)


def parses(text: str) -> bool:
    try:
        ast.parse(text)
    except (SyntaxError, ValueError):
        return False
    return True


def test_request_models_are_not_touched() -> None:
    source = model(BODY) + "\n\nclass TaskCreate(SQLModel):\n    title: str = Field(max_length=200)\n"
    assert edited(source, "ALTER TABLE tasks ALTER COLUMN title TYPE varchar(9);").endswith(
        "class TaskCreate(SQLModel):\n    title: str = Field(max_length=200)\n"
    )


NOISE = st.lists(
    st.sampled_from(
        [
            "",
            "# ünïcode → comment",
            "    # indented",
            "X = {'a': 1,}",
            "def f(a, *, b=1):\n    return (a,\n  b)",
            "'''text\n  of lines'''",
            "if True:\n\tpass",
        ]
    ),
    max_size=4,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    NOISE,
    NOISE,
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.sampled_from(["    ", "  ", "\t"]),
    st.booleans(),
    st.booleans(),
)
def test_what_is_not_edited_stays_byte_for_byte(
    above: list[str],
    below: list[str],
    newline: str,
    step: str,
    marked: bool,  # noqa: FBT001
    ended: bool,  # noqa: FBT001
) -> None:
    head = ["from typing import Optional", "from sqlmodel import (Field,   SQLModel)", *above]
    body = [
        "class Task(SQLModel, table=True):", f"{step}__tablename__ = 'tasks'  # why",
        f"{step}id: Optional[int] = Field( default=None , primary_key=True,)  # é", "",
        f"{step}title : str=Field(max_length=5)",
    ]  # fmt: skip
    text = "\n".join([*head, *body, *below]).replace("\n", newline) + (newline if ended else "")
    text = ("\ufeff" if marked else "") + text
    sources = {"models.py": text}
    result, edits = edit(sources, PRIORITY + "ALTER TABLE tasks ALTER COLUMN title TYPE varchar(77);")
    assert not edits.refused
    new = result["models.py"]
    for line in (*above, *below, body[1], body[2]):
        assert line.replace("\n", newline) in new
    assert "title : str=Field(max_length=77)" in new
    assert new.replace(newline, "").count("\n") == 0 or newline == "\n"
    table = read_models([ModelFile(path="models.py", text=new)], sqlmodel_version=VERSION).schema.tables[Name("tasks")]
    assert [column.name for column in table.columns] == ["id", "title", "priority"]
    assert [index.name for index in table.indexes] == ["idx_tasks_priority"]
