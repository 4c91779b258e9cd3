-- expect: information@2
ALTER TABLE users DROP CONSTRAINT users_pkey;
