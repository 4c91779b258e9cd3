"""Tables under their new names in models and documents: what names the table changes, and nothing else."""

import pytest

from migration_ls.operations.rename_table import RenameTable
from migration_ls.rendering.renaming import after_renaming, renamed_in_document, renamed_in_models
from migration_ls.schema.names import Name
from migration_ls.text.edits import Edit, apply_edits
from migration_ls.text.span import Span

TODOS = (RenameTable(name=Name("tasks"), to="todos"),)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('class T(S, table=True):\n    __tablename__ = "tasks"\n', 'class T(S, table=True):\n    __tablename__ = "todos"\n'),
        ("x: int = Field(foreign_key='tasks.id')\n", "x: int = Field(foreign_key='todos.id')\n"),
        ('x = ForeignKey("public.tasks.id")\n', 'x = ForeignKey("public.todos.id")\n'),
        ('k = ForeignKeyConstraint(["a"], ["tasks.a"])\n', 'k = ForeignKeyConstraint(["a"], ["todos.a"])\n'),
        ('"é tasks"; t = Table("tasks", metadata)\n', '"é tasks"; t = Table("todos", metadata)\n'),
        ('x = ForeignKey("other.tasks.id")\nname = "tasks"\n', 'x = ForeignKey("other.tasks.id")\nname = "tasks"\n'),
        ("class Tasks(S, table=True):\n    id: int\n", 'class Tasks(S, table=True):\n    __tablename__ = "todos"\n    id: int\n'),
        ("class Broken(\n", "class Broken(\n"),
    ],
)  # fmt: skip
def test_models(before: str, after: str) -> None:
    assert apply_edits(before, renamed_in_models(before, TODOS)) == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("## tasks\n", "## todos\n"),
        ("### Tasks table\n", "### Todos table\n"),
        ("- `tasks` holds a person's tasks\n", "- `todos` holds a person's tasks\n"),
        ("- user_id references tasks(id), see tasks.id.\n", "- user_id references todos(id), see todos.id.\n"),
        ("CREATE TABLE tasks (id int);\n", "CREATE TABLE todos (id int);\n"),
        ("All tasks. The tasks (many) matter; subtasks too.\n", "All tasks. The tasks (many) matter; subtasks too.\n"),
    ],
)
def test_documents(before: str, after: str) -> None:
    assert apply_edits(before, renamed_in_document(before, TODOS)) == after


def test_edits_of_the_renamed_text_are_edits_of_the_text() -> None:
    text = '    __tablename__ = "tasks"\n    a: int\n'
    first = renamed_in_models(f"class T(S, table=True):\n{text}", TODOS)
    text = f"class T(S, table=True):\n{text}"
    named = apply_edits(text, first)
    more = (Edit(Span(named.index("a: int"), named.index("a: int")), "b: int\n    "),)
    both = after_renaming(text, first, more)
    assert apply_edits(text, both) == apply_edits(named, more)
    assert len(both) == len(first) + 1
    inside = (Edit(Span(named.index("dos"), named.index("dos") + 3), "ols"),)
    assert apply_edits(text, after_renaming(text, first, inside)) == apply_edits(named, inside)
