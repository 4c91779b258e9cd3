ALTER TABLE tasks DROP COLUMN description;
ALTER TABLE tasks ADD COLUMN score integer;
ALTER TABLE users ADD COLUMN details text;
ALTER TABLE tasks DROP COLUMN due;
