"""Point 5: a hand-written migration with the mistakes of the usual example."""

import pytest

FORWARD = """-- Add priority and tags

BEGIN;

-- 1. Add columns with safe defaults
ALTER TABLE tasks
  ADD COLUMN priority VARCHAR(20) DEFAULT 'medium',
  ADD COLUMN tags TEXT[] DEFAULT '{}';

-- 2. Create indexes (CONCURRENTLY to avoid locks)
CREATE INDEX CONCURRENTLY idx_tasks_priority
  ON tasks(priority);

-- 3. Add constraints (after data is valid)
ALTER TABLE tasks
  ADD CONSTRAINT chk_priority
  CHECK (priority IN ('high', 'medium', 'low'));

COMMIT;
"""
ROLLBACK = """BEGIN;
DROP INDEX IF EXISTS idx_tasks_priority;
ALTER TABLE tasks DROP COLUMN IF EXISTS priority, DROP COLUMN IF EXISTS tags;
COMMIT;
"""


@pytest.fixture
def hand_written(tasks):
    tasks.write("backend/migrations/002_priority.sql", FORWARD)
    tasks.write("backend/migrations/002_priority_rollback.sql", ROLLBACK)
    return tasks


def by_rule(project, path):
    done = project.run("check", path, "--format", "json")
    return done.status, {item["rule"]: item for item in done.json["findings"]}


def test_each_mistake_is_found_with_its_true_lock(hand_written):
    status, found = by_rule(hand_written, "backend/migrations/002_priority.sql")
    assert status == 1
    assert found["concurrently-in-transaction"]["severity"] == "error"
    assert found["concurrently-in-transaction"]["range"]["start"]["line"] == 10
    check = found["check-scans-table"]
    assert check["severity"] == "warning"
    assert check["effect"]["locks"] == [{"relation": "tasks", "mode": "ACCESS EXCLUSIVE"}]
    assert check["effect"]["scans"] == ["tasks"]
    assert check["effect"]["blocks"] == {"reads": True, "writes": True}
    assert found["missing-lock-timeout"]["severity"] == "information"
    assert all(
        found[rule]["fixable"] for rule in ("concurrently-in-transaction", "check-scans-table", "missing-lock-timeout")
    )


def test_a_plain_drop_index_takes_access_exclusive(hand_written):
    _, found = by_rule(hand_written, "backend/migrations/002_priority_rollback.sql")
    drop = found["drop-index-not-concurrent"]
    assert drop["effect"]["locks"] == [{"relation": "tasks", "mode": "ACCESS EXCLUSIVE"}]
    assert drop["fixable"]
    assert found["drop-column"]["severity"] == "error"


def test_effects_say_what_the_server_does(hand_written):
    answer = hand_written.run("effects", "backend/migrations/002_priority.sql", "--format", "json").json
    assert answer["version"] == 1
    assert answer["postgres"] == 15
    kinds = [statement["kind"] for statement in answer["statements"]]
    assert kinds == ["BEGIN", "ALTER TABLE", "CREATE INDEX", "ALTER TABLE", "COMMIT"]
    _, add, index, check, _ = answer["statements"]
    assert (add["line"], add["rewrites"], add["scans"], add["work"]) == (6, [], [], "constant")
    assert index["transaction"] == "forbidden"
    assert index["locks"] == [{"relation": "tasks", "mode": "SHARE UPDATE EXCLUSIVE"}]
    assert index["builds_indexes"] == ["idx_tasks_priority"]
    assert (check["work"], check["fails_on_rows"]) == ("rows", True)


def test_a_suppression_with_a_reason_silences_and_an_unused_one_is_found(hand_written):
    path = "backend/migrations/002_priority.sql"
    hand_written.replace(
        path,
        "ALTER TABLE tasks\n  ADD CONSTRAINT",
        "-- migration-ls: ignore[check-scans-table] the table is tiny\nALTER TABLE tasks\n  ADD CONSTRAINT",
    )
    hand_written.replace(path, "BEGIN;", "-- migration-ls: ignore[truncate-loses-rows] nothing like it\nBEGIN;")
    _, found = by_rule(hand_written, path)
    assert "check-scans-table" not in found
    assert "unused-suppression" in found
