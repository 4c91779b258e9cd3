-- schema: CREATE DOMAIN positive AS integer CHECK (VALUE > 0);
-- expect: warning@3
ALTER TABLE tasks ADD COLUMN score positive DEFAULT 1;
