SET idle_in_transaction_session_timeout = '10s';
BEGIN;
ALTER TABLE tasks ADD COLUMN priority integer;
COMMIT;
