-- postgres: 14
-- expect: error@3 error@4 error@5
CREATE UNIQUE INDEX CONCURRENTLY tasks_user ON tasks (user_id) NULLS NOT DISTINCT;
MERGE INTO tasks AS t USING users AS u ON t.user_id = u.id WHEN MATCHED THEN DO NOTHING;
ALTER TABLE tasks ADD CONSTRAINT note_there NOT NULL status NOT VALID;
ALTER TABLE tasks ALTER COLUMN title SET COMPRESSION pglz;
