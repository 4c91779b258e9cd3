BEGIN;
CREATE TYPE level AS ENUM ('low', 'high');
CREATE TABLE notes (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  task_id integer NOT NULL REFERENCES tasks (id) ON DELETE CASCADE,
  level level NOT NULL DEFAULT 'low',
  body text NOT NULL CHECK (body <> '')
);
CREATE INDEX idx_notes_task_id ON notes (task_id);
ALTER TABLE notes ADD CONSTRAINT uq_body UNIQUE (body);
ALTER TABLE notes ADD COLUMN token uuid NOT NULL DEFAULT gen_random_uuid();
ALTER TABLE notes ALTER COLUMN body TYPE varchar(20);
ALTER TABLE notes DROP COLUMN token;
DELETE FROM notes;
COMMIT;
