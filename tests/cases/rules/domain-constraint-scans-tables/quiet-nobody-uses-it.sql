-- schema: CREATE DOMAIN alone AS integer;
ALTER DOMAIN alone ADD CHECK (VALUE > 0);
