-- migration-ls: ignore-file[drop-table, drop-column] the whole file is a contract step
ALTER TABLE users DROP COLUMN email;
DROP TABLE users; -- and this too
