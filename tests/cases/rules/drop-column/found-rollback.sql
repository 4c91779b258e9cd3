-- role: rollback
-- expect: error@3
ALTER TABLE tasks DROP COLUMN IF EXISTS description;
