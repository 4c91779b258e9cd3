-- schema: CREATE SCHEMA billing;
-- expect: warning@3 warning@4
ALTER TYPE mood RENAME TO feeling;
ALTER SCHEMA billing RENAME TO invoicing;
