"""After an edit, replaying with what was known gives what replaying from the start gives."""

import random
from dataclasses import replace

import pytest

from migration_ls.operations.again import Replay, replay_again
from migration_ls.operations.replay import ReplayedStatement, replay
from migration_ls.schema.alike import alike
from migration_ls.schema.schema import Schema
from migration_ls.sources.sql.reader import read_sql

_STATEMENTS = (
    "BEGIN",
    "COMMIT",
    "ROLLBACK",
    "SET lock_timeout = '2s'",
    "SET LOCAL statement_timeout = '5s'",
    "CREATE TABLE a (id serial PRIMARY KEY, name text)",
    "CREATE TABLE b (id serial PRIMARY KEY, a_id integer REFERENCES a (id))",
    "ALTER TABLE a ADD COLUMN note text, ALTER COLUMN name SET NOT NULL",
    "ALTER TABLE b ADD CONSTRAINT chk CHECK (a_id > 0) NOT VALID",
    "CREATE INDEX idx_name ON a (name)",
    "CREATE INDEX CONCURRENTLY idx_note ON a (note)",
    "DROP INDEX idx_name",
    "ALTER TABLE a RENAME TO c",
    "ALTER TABLE a DROP COLUMN name",
    "DROP TABLE b",
    "UPDATE a SET name = 'x'",
    "DO $$ BEGIN EXECUTE 'DROP TABLE ' || 'a'; END $$",
    "this is no sql",
    "-- a comment\nCOMMENT ON TABLE a IS 'said'",
)


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("wrapped", [False, True])
def test_any_edit_gives_what_a_fresh_replay_gives(seed: int, *, wrapped: bool) -> None:
    chance = random.Random(seed)
    lines = [chance.choice(_STATEMENTS) + ";\n" for _ in range(14)]
    file = read_sql("".join(lines))
    schema = Schema()
    known = replay_again(schema, file.statements, wrapped=wrapped)
    for _ in range(12):
        place = chance.randrange(len(lines))
        match chance.randrange(4):
            case 0:
                lines.insert(place, chance.choice(_STATEMENTS) + ";\n")
            case 1:
                lines.pop(place)
            case 2:
                lines[place] = "-- typed\n" + lines[place]
            case _:
                lines[place] = lines[place].replace("name", "named", 1)
        file = read_sql("".join(lines), file)
        before = schema if chance.random() < 0.8 else Schema()
        known = replay_again(before, file.statements, known, wrapped=wrapped)
        schema = before
        _assert_like(known, replay(before, read_sql(file.text).statements, wrapped=wrapped))


def _assert_like(known: Replay, fresh: tuple[ReplayedStatement, ...]) -> None:
    assert len(known.statements) == len(fresh)
    for number, (mine, its) in enumerate(zip(known.statements, fresh, strict=True)):
        assert alike(mine.statement, its.statement)
        assert alike(mine.effect, its.effect), its.statement.sql
        assert [step.effect for step in mine.steps] == [step.effect for step in its.steps]
        assert _alike_states(known.before(number), its.before), (number, its.statement.sql)
    if fresh:
        assert _alike_states(known.before(len(fresh)), fresh[-1].after)
        assert known.statements[-1].after is known.before(len(fresh))


def _alike_states(one: object, other: object) -> bool:
    # where a transaction began matters to nobody outside of one
    return alike(
        replace(one, transaction_start=None, fresh_start=None), replace(other, transaction_start=None, fresh_start=None)
    )


def test_a_comment_typed_at_the_top_replays_nothing_behind_it() -> None:
    text = "CREATE TABLE a (id int);\nALTER TABLE a ADD COLUMN b int;\nDROP TABLE a;\n"
    file = read_sql(text)
    schema = Schema()
    known = replay_again(schema, file.statements)
    edited = read_sql("-- typed\n" + text, file)
    again = replay_again(schema, edited.statements, known).statements
    known = known.statements
    assert [item.after for item in again[1:]] == [item.after for item in known[1:]]
    assert all(new.after is old.after for new, old in zip(again[1:], known[1:], strict=True))
    assert [item.statement.span.start for item in again[1:]] == [item.statement.span.start + 9 for item in known[1:]]
