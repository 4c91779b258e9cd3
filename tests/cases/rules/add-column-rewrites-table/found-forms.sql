-- expect: warning@2 warning@3 warning@4 warning@5 warning@6
ALTER TABLE tasks ADD COLUMN token uuid DEFAULT gen_random_uuid();
ALTER TABLE tasks ADD COLUMN seen timestamptz NOT NULL DEFAULT clock_timestamp();
ALTER TABLE tasks ADD COLUMN number bigserial;
ALTER TABLE tasks ADD COLUMN place integer GENERATED ALWAYS AS IDENTITY;
ALTER TABLE tasks ADD COLUMN length integer GENERATED ALWAYS AS (char_length(title)) STORED;
