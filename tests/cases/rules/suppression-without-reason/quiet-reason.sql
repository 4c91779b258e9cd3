-- migration-ls: ignore[drop-table] empty since release 3
DROP TABLE tasks;
