"""Changes that the running release would not survive in one step: what is asked, and what both releases say meanwhile."""

from dataclasses import dataclass, field
from typing import Any

from migration_ls.schema import request as asked
from migration_ls.schema.names import Name
from migration_ls.schema.request import Change
from tests.planning.judge import Case
from tests.planning.kinds import BASE


@dataclass
class Expanding:
    """`old` and `new` are statements of the two releases, which both work from `both` on until the contract."""

    name: str
    case: Case
    roles: list[str]
    old: list[str] = field(default_factory=list)
    new: list[str] = field(default_factory=list)
    says: list[str] = field(default_factory=list)


def expanding(
    name: str,
    *changes: Change,
    before: str = "",
    after: str = "",
    base: str = BASE,
    roles: tuple[str, ...],
    old: tuple[str, ...] = (),
    new: tuple[str, ...] = (),
    says: tuple[str, ...] = (),
    **situation: Any,
) -> Expanding:
    case = Case(before=base + before, after=base + after, situation=situation, asked=list(changes))
    return Expanding(name=name, case=case, roles=list(roles), old=list(old), new=list(new), says=list(says))


TASKS, USERS = Name("tasks"), Name("users")

KINDS = [
    expanding(
        "table",
        asked.RenameTable(table=TASKS, to="todos"),
        before="CREATE INDEX ix_title ON tasks (title); CREATE TABLE notes (id serial PRIMARY KEY, task_id bigint "
        "REFERENCES tasks (id)); CREATE VIEW seen AS SELECT title FROM tasks;",
        after="CREATE INDEX ix_title ON tasks (title); CREATE TABLE notes (id serial PRIMARY KEY, task_id bigint "
        "REFERENCES tasks (id)); CREATE VIEW seen AS SELECT title FROM tasks; ALTER TABLE tasks RENAME TO todos;",
        roles=("forward", "contract"),
        old=("INSERT INTO tasks (title) VALUES ('old') RETURNING id", "UPDATE tasks SET note = 'x' WHERE title = 'old'",
             "INSERT INTO tasks (id, title) VALUES (-1, 'a') ON CONFLICT (id) DO UPDATE SET title = 'b'",
             "SELECT * FROM tasks FOR UPDATE", "DELETE FROM tasks WHERE title = 'old'"),
        new=("INSERT INTO todos (title) VALUES ('new')", "DELETE FROM todos WHERE title = 'new'"),
    ),
    expanding(
        "table, with other changes of it",
        asked.RenameTable(table=TASKS, to="to do"),
        after='ALTER TABLE tasks RENAME TO "to do"; ALTER TABLE "to do" ADD extra int; '
        'CREATE INDEX ix ON "to do" (title); ALTER TABLE "to do" ALTER title TYPE varchar(200);'
        'ALTER TABLE "to do" DROP COLUMN note;',
        roles=("rename", "forward", "contract"),
        old=("INSERT INTO tasks (title, note) VALUES ('old', 'n')",),
        new=("INSERT INTO \"to do\" (title, extra) VALUES ('new', 1)",),
    ),
]  # fmt: skip
