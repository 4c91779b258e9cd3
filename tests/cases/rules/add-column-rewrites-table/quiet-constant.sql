ALTER TABLE tasks ADD COLUMN priority varchar(20) NOT NULL DEFAULT 'medium';
ALTER TABLE tasks ADD COLUMN tags text[] NOT NULL DEFAULT '{}';
ALTER TABLE tasks ADD COLUMN seen timestamptz NOT NULL DEFAULT now();
ALTER TABLE tasks ADD COLUMN token uuid;
