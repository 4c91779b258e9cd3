-- expect: warning@2
ALTER TABLE tasks ENABLE ROW LEVEL SECURITY;
