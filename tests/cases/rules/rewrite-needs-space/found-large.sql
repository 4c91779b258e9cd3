-- sizes: tasks=12000000000 users=8000000
-- expect: information@3
ALTER TABLE tasks ALTER COLUMN id TYPE bigint;
ALTER TABLE users ALTER COLUMN id TYPE bigint;
