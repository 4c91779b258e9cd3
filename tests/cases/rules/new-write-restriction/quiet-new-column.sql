ALTER TABLE tasks ADD COLUMN effort integer;
ALTER TABLE tasks ADD CONSTRAINT chk CHECK (effort > 0) NOT VALID;
