-- expect: warning@3
ALTER TABLE tasks ADD COLUMN priority varchar(20) DEFAULT 'medium';
ALTER TABLE tasks ADD CONSTRAINT chk_priority CHECK (priority IN ('high', 'medium')) NOT VALID;

ALTER TABLE tasks VALIDATE CONSTRAINT chk_priority;
