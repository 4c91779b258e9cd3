-- expect: warning@2 warning@3
CREATE UNIQUE INDEX CONCURRENTLY uq_title ON tasks (title);
CREATE UNIQUE INDEX CONCURRENTLY uq_email ON users (lower(email));
