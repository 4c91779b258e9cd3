-- expect: warning@2
ALTER TABLE tasks ADD CONSTRAINT no_overlap EXCLUDE USING gist (period WITH &&);
