-- schema: CREATE SCHEMA billing; CREATE TABLE billing.invoices (id integer PRIMARY KEY); CREATE SEQUENCE numbers;
-- expect: error@3 error@4
DROP SEQUENCE numbers;
DROP SCHEMA billing CASCADE;
