-- expect: information@2 information@3
-- migration-ls: ignore-file[truncate-loses-rows] a test database
-- migration-ls: ignore[drop-table, drop-column] empty since release 3
DROP TABLE tasks;
