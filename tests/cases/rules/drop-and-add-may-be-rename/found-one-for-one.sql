-- expect: information@2 information@4
ALTER TABLE tasks DROP COLUMN description;
ALTER TABLE tasks ADD COLUMN details text;
ALTER TABLE users DROP COLUMN email, ADD COLUMN mail text;
