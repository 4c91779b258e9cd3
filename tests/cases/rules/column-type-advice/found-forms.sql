-- expect: information@3 information@3 information@4 information@5 information@6 information@7 information@9
CREATE TABLE notes (
  id serial PRIMARY KEY,
  body json,
  code char(8),
  price money,
  at timestamp
);
ALTER TABLE tasks ALTER COLUMN created_at TYPE timestamp;
