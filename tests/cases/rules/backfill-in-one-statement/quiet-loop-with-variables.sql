DO $$
DECLARE last integer := 0; top integer;
BEGIN
  LOOP
    SELECT max(id) INTO top FROM (SELECT id FROM tasks WHERE id > last ORDER BY id LIMIT 1000) AS batch;
    EXIT WHEN top IS NULL;
    UPDATE tasks SET status = 'open' WHERE id > last AND id <= top;
    last := top;
    COMMIT;
  END LOOP;
END $$;
