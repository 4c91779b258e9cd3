-- expect: information@2
-- migration-ls: ignore[drop-table]
DROP TABLE tasks;
