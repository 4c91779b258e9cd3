-- expect: warning@8 information@14
CREATE FUNCTION read_only() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE reason text := 'moved';
BEGIN
  RAISE EXCEPTION 'users are kept elsewhere: %', reason;
END $$;

CREATE TRIGGER users_read_only BEFORE INSERT OR UPDATE ON users FOR EACH ROW EXECUTE FUNCTION read_only();

CREATE FUNCTION keep_title() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  IF NEW.title = '' THEN RAISE EXCEPTION 'a title, please'; END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER tasks_title BEFORE INSERT ON tasks FOR EACH ROW EXECUTE FUNCTION keep_title();
