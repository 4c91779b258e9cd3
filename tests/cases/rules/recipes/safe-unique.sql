DO $$ BEGIN
  IF EXISTS (SELECT FROM users GROUP BY email HAVING count(*) > 1) THEN
    RAISE EXCEPTION 'users.email is not unique';
  END IF;
END $$;
CREATE UNIQUE INDEX CONCURRENTLY uq_email ON users (email);
ALTER TABLE users ADD CONSTRAINT uq_email UNIQUE USING INDEX uq_email;
