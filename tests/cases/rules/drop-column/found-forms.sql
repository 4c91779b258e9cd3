-- expect: error@3 error@4
ALTER TABLE tasks
  DROP COLUMN description,
  DROP COLUMN IF EXISTS status;
