ALTER TABLE tasks ADD COLUMN priority varchar(20) NOT NULL DEFAULT 'medium';
ALTER TABLE tasks ADD COLUMN note text;
