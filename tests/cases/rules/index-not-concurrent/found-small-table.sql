-- rows: tasks=12
-- expect: information@3
CREATE INDEX idx_due ON tasks (due);
