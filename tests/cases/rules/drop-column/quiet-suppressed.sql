-- migration-ls: ignore[drop-column] unused since release 41
ALTER TABLE tasks
  ADD COLUMN note text,
  DROP COLUMN description;
