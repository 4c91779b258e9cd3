CREATE TABLE notes (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  body jsonb,
  code varchar(8),
  flag char(1),
  at timestamptz
);
