-- given
CREATE TABLE riders (id serial PRIMARY KEY, name varchar(80), age integer);
CREATE TABLE rides (id serial PRIMARY KEY, rider_id integer, price numeric(8,2));
INSERT INTO riders (name, age) SELECT 'n' || g, g FROM generate_series(1, 20) g;
INSERT INTO rides (rider_id, price) SELECT g, g FROM generate_series(1, 20) g;
ALTER TABLE riders ADD CONSTRAINT riders_name CHECK (name IS NOT NULL) NOT VALID;
ALTER TABLE riders ADD CONSTRAINT riders_age CHECK (age > 0) NOT VALID;
ALTER TABLE rides ADD CONSTRAINT rides_rider FOREIGN KEY (rider_id) REFERENCES riders NOT VALID;
ALTER TABLE rides ADD CONSTRAINT rides_price CHECK (price >= 0);

-- case: longer text under a check that is not validated
ALTER TABLE riders ALTER COLUMN name TYPE varchar(120);
-- case: another kind of number under a check that is not validated
ALTER TABLE riders ALTER COLUMN age TYPE bigint;
-- case: another kind of number under a foreign key that is not validated
ALTER TABLE rides ALTER COLUMN rider_id TYPE bigint;
-- case: a longer number under a check that is validated
ALTER TABLE rides ALTER COLUMN price TYPE numeric(10,2);
-- case: the key that a foreign key that is not validated refers to
ALTER TABLE riders ALTER COLUMN id TYPE bigint;
