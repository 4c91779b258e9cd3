-- expect: information@2
ALTER TYPE mood ADD VALUE 'great';
