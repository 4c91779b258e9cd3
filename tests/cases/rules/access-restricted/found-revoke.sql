-- expect: information@2
REVOKE UPDATE ON tasks FROM PUBLIC;
