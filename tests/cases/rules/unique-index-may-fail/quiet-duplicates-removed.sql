-- given
CREATE TABLE members (id integer PRIMARY KEY, email text, team_id integer);
-- run
DELETE FROM members a USING members b WHERE a.id > b.id AND a.email = b.email;
CREATE UNIQUE INDEX CONCURRENTLY members_email ON members (email);
