"""`ADD UNIQUE` builds its index while reads and writes wait.

The index of a unique constraint is built under ACCESS EXCLUSIVE, and the statement fails where two rows are equal.
Build a unique index concurrently first, then make it the constraint's, which is a matter of the catalog.

Bad:

```sql
ALTER TABLE users ADD CONSTRAINT uq_users_email UNIQUE (email);
```

Good:

```sql
DO $$ BEGIN
  IF EXISTS (SELECT FROM users GROUP BY email HAVING count(*) > 1) THEN
    RAISE EXCEPTION 'two users have the same email';
  END IF;
END $$;
CREATE UNIQUE INDEX CONCURRENTLY uq_users_email ON users (email);
ALTER TABLE users ADD CONSTRAINT uq_users_email UNIQUE USING INDEX uq_users_email;
```
"""

from migration_ls.operations.add_constraint import AddConstraint
from migration_ls.rules import constraint_fixes
from migration_ls.rules.finding import Severity
from migration_ls.rules.judging import Danger, Place, Verdict, step_rule
from migration_ls.rules.wording import blocks_for_work
from migration_ls.schema.tables import Unique


def _judge(place: Place, operation: AddConstraint) -> Verdict | None:
    if not isinstance(operation.constraint, Unique) or not place.effect.built_on:
        return None
    may_fail = () if place.has_only_nulls(operation.table, operation.constraint.columns) else (Danger.MAY_FAIL,)
    return Verdict(
        message=f"`ADD UNIQUE` on `{operation.table}` {blocks_for_work(place.effect)}",
        help="Build a unique index concurrently, then `ADD CONSTRAINT ... UNIQUE USING INDEX`",
        dangers=(Danger.BLOCKS, *may_fail),
        blocked=place.effect.built_on,
        fixes=constraint_fixes.from_index(place, operation),
    )


RULE = step_rule(__name__, __doc__, _judge, on=(AddConstraint,), severity=Severity.WARNING)
