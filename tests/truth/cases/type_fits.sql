-- given
CREATE TABLE f (id integer PRIMARY KEY, c5 char(5), v5 varchar(5), n81 numeric(8,1), n50 numeric(5), n33 numeric(3,3), s smallint, i integer, b bigint, u uuid, l boolean, e varchar(1));
INSERT INTO f VALUES (1, 'abcde', 'abcde', 9999999.9, 99999, 0.999, 32767, 2147483647, 9223372036854775807, 'ffffffff-ffff-ffff-ffff-ffffffffffff', false, 'x');
INSERT INTO f VALUES (2, 'abcde', 'abcde', -9999999.9, -99999, -0.999, -32768, -2147483648, -9223372036854775808, 'ffffffff-ffff-ffff-ffff-ffffffffffff', false, 'x');
INSERT INTO f (id, n81, n33) VALUES (3, 1.1, 0.101), (4, 1.2, 0.102);

-- case: c5 to varchar(5)
ALTER TABLE f ALTER COLUMN c5 TYPE varchar(5);
-- case: c5 to varchar(4)
ALTER TABLE f ALTER COLUMN c5 TYPE varchar(4);
-- case: c5 to varchar(6)
ALTER TABLE f ALTER COLUMN c5 TYPE varchar(6);
-- case: c5 to char(6)
ALTER TABLE f ALTER COLUMN c5 TYPE char(6);
-- case: c5 to char(4)
ALTER TABLE f ALTER COLUMN c5 TYPE char(4);
-- case: c5 to text
ALTER TABLE f ALTER COLUMN c5 TYPE text;
-- case: v5 to char(5)
ALTER TABLE f ALTER COLUMN v5 TYPE char(5);
-- case: v5 to char(7)
ALTER TABLE f ALTER COLUMN v5 TYPE char(7);
-- case: v5 to char(4)
ALTER TABLE f ALTER COLUMN v5 TYPE char(4);
-- case: e to char
ALTER TABLE f ALTER COLUMN e TYPE char;
-- case: v5 to char
ALTER TABLE f ALTER COLUMN v5 TYPE char;
-- case: n81 to numeric(9,2)
ALTER TABLE f ALTER COLUMN n81 TYPE numeric(9,2);
-- case: n81 to numeric(8,2)
ALTER TABLE f ALTER COLUMN n81 TYPE numeric(8,2);
-- case: n81 to numeric(8,0)
ALTER TABLE f ALTER COLUMN n81 TYPE numeric(8,0);
-- case: n81 to numeric(7)
ALTER TABLE f ALTER COLUMN n81 TYPE numeric(7);
-- case: n81 to numeric(7,0)
ALTER TABLE f ALTER COLUMN n81 TYPE numeric(7,0);
-- case: n81 to numeric(10,1)
ALTER TABLE f ALTER COLUMN n81 TYPE numeric(10,1);
-- case: n81 to numeric(9,1)
ALTER TABLE f ALTER COLUMN n81 TYPE numeric(9,1);
-- case: n81 to numeric(12,5)
ALTER TABLE f ALTER COLUMN n81 TYPE numeric(12,5);
-- case: n81 to numeric(11,5)
ALTER TABLE f ALTER COLUMN n81 TYPE numeric(11,5);
-- case: n81 to varchar(11)
ALTER TABLE f ALTER COLUMN n81 TYPE varchar(11);
-- case: n81 to varchar(10)
ALTER TABLE f ALTER COLUMN n81 TYPE varchar(10);
-- case: n81 to varchar(9)
ALTER TABLE f ALTER COLUMN n81 TYPE varchar(9);
-- case: n50 to numeric(5,1)
ALTER TABLE f ALTER COLUMN n50 TYPE numeric(5,1);
-- case: n50 to numeric(6,1)
ALTER TABLE f ALTER COLUMN n50 TYPE numeric(6,1);
-- case: n50 to varchar(6)
ALTER TABLE f ALTER COLUMN n50 TYPE varchar(6);
-- case: n50 to varchar(5)
ALTER TABLE f ALTER COLUMN n50 TYPE varchar(5);
-- case: n33 to numeric(3,2)
ALTER TABLE f ALTER COLUMN n33 TYPE numeric(3,2);
-- case: n33 to numeric(2,2)
ALTER TABLE f ALTER COLUMN n33 TYPE numeric(2,2);
-- case: n33 to varchar(6)
ALTER TABLE f ALTER COLUMN n33 TYPE varchar(6);
-- case: n33 to varchar(5)
ALTER TABLE f ALTER COLUMN n33 TYPE varchar(5);
-- case: s to numeric(5)
ALTER TABLE f ALTER COLUMN s TYPE numeric(5);
-- case: s to numeric(5,1)
ALTER TABLE f ALTER COLUMN s TYPE numeric(5,1);
-- case: s to numeric(4)
ALTER TABLE f ALTER COLUMN s TYPE numeric(4);
-- case: s to varchar(6)
ALTER TABLE f ALTER COLUMN s TYPE varchar(6);
-- case: s to varchar(5)
ALTER TABLE f ALTER COLUMN s TYPE varchar(5);
-- case: s to char(6)
ALTER TABLE f ALTER COLUMN s TYPE char(6);
-- case: i to numeric(10)
ALTER TABLE f ALTER COLUMN i TYPE numeric(10);
-- case: i to numeric(12,2)
ALTER TABLE f ALTER COLUMN i TYPE numeric(12,2);
-- case: i to numeric(11,2)
ALTER TABLE f ALTER COLUMN i TYPE numeric(11,2);
-- case: i to varchar(11)
ALTER TABLE f ALTER COLUMN i TYPE varchar(11);
-- case: i to varchar(10)
ALTER TABLE f ALTER COLUMN i TYPE varchar(10);
-- case: i to char(11)
ALTER TABLE f ALTER COLUMN i TYPE char(11);
-- case: b to numeric(19)
ALTER TABLE f ALTER COLUMN b TYPE numeric(19);
-- case: b to numeric(20,2)
ALTER TABLE f ALTER COLUMN b TYPE numeric(20,2);
-- case: b to numeric(21,2)
ALTER TABLE f ALTER COLUMN b TYPE numeric(21,2);
-- case: b to varchar(20)
ALTER TABLE f ALTER COLUMN b TYPE varchar(20);
-- case: b to varchar(19)
ALTER TABLE f ALTER COLUMN b TYPE varchar(19);
-- case: u to varchar(36)
ALTER TABLE f ALTER COLUMN u TYPE varchar(36);
-- case: u to varchar(35)
ALTER TABLE f ALTER COLUMN u TYPE varchar(35);
-- case: u to char(36)
ALTER TABLE f ALTER COLUMN u TYPE char(36);
-- case: u to char(35)
ALTER TABLE f ALTER COLUMN u TYPE char(35);
-- case: l to varchar(5)
ALTER TABLE f ALTER COLUMN l TYPE varchar(5);
-- case: l to varchar(4)
ALTER TABLE f ALTER COLUMN l TYPE varchar(4);
-- case: l to char(5)
ALTER TABLE f ALTER COLUMN l TYPE char(5);
-- case: l to char(4)
ALTER TABLE f ALTER COLUMN l TYPE char(4);
