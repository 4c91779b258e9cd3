-- expect: warning@2
ALTER TABLE tasks ALTER completed DROP DEFAULT;
