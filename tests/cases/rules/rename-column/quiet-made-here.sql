ALTER TABLE tasks ADD COLUMN note text;
ALTER TABLE tasks RENAME COLUMN note TO remark;
