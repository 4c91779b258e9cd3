-- expect: warning@2
CREATE INDEX idx_due ON tasks (due);
