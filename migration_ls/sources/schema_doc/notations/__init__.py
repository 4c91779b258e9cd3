"""Languages for schemas that stand in fences beside SQL: DBML, Prisma, diagrams in text, psql's own output."""
