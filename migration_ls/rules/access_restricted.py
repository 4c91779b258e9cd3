"""Row level security, revoked rights and publications can hide rows from the previous release, or refuse its writes.

`ENABLE ROW LEVEL SECURITY` without a policy hides every row from everybody but the owner; `REVOKE` takes effect at
once. Try it with the application's role before. A publication refuses every `UPDATE` and `DELETE` on a table without
a primary key.

Bad:

```sql
ALTER TABLE tasks ENABLE ROW LEVEL SECURITY;
```

Good:

```sql
CREATE TABLE notes (id integer PRIMARY KEY);
ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
```
"""

from migration_ls.operations.change_rights import ChangeRights
from migration_ls.operations.effect import Hazard
from migration_ls.operations.inert import Inert
from migration_ls.operations.publish_tables import PublishTables
from migration_ls.operations.set_table_option import SetTableOption
from migration_ls.rules.finding import Severity
from migration_ls.rules.judging import Danger, Place, Verdict, step_rule


def _judge(place: Place, operation: SetTableOption | ChangeRights | PublishTables | Inert) -> Verdict | None:
    if isinstance(operation, Inert | ChangeRights):
        return _revoked() if place.statement.statement.kind == "REVOKE" else None
    if Hazard.NEW_RESTRICTION not in place.effect.breaks:
        return None
    if isinstance(operation, PublishTables):
        return _published(place, operation)
    if place.is_fresh(operation.table):
        return None
    return Verdict(
        message=f"`{operation.what}` may hide rows of `{operation.table}` from the previous release, or refuse it",
        help="Try it with the role of the application first",
        # a policy counts for nothing where row security is off, and a further one only lets more rows through
        dangers=(Danger.ADVICE,) if "POLICY" in place.statement.statement.kind else (Danger.BREAKS,),
    )


def _published(place: Place, operation: PublishTables) -> Verdict:
    names = [name for name in operation.nameless(place.context.schema) if not place.is_fresh(name)]
    return Verdict(
        message=f"`UPDATE` and `DELETE` on `{names[0]}` fail once it is published, as no key names its rows",
        help="Give it a primary key or a replica identity first, or publish inserts alone (`publish = 'insert'`)",
        dangers=(Danger.BREAKS,),
    )


def _revoked() -> Verdict:
    return Verdict(
        message="`REVOKE` takes effect at once, also for the previous release",
        help="Try it with the role of the application first",
        dangers=(Danger.ADVICE,),
    )


RULE = step_rule(
    __name__, __doc__, _judge, on=(SetTableOption, ChangeRights, PublishTables, Inert), severity=Severity.WARNING
)
