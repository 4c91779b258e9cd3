-- expect: warning@2
ALTER TYPE mood RENAME VALUE 'ok' TO 'fine';
