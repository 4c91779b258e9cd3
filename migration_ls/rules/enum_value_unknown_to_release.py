"""A new label of an enum is an error for a previous release that reads it.

Adding the label locks nothing, but an ORM maps labels to members of a class: the release that is running raises an
error when it meets one that it does not know. Deploy readers of the new label before anybody writes it. PostgreSQL
cannot take a label away.

Bad:

```sql
ALTER TYPE mood ADD VALUE 'great';
```

Good:

```sql
CREATE TYPE weather AS ENUM ('sun', 'rain');
```
"""

from migration_ls.operations.add_enum_value import AddEnumValue
from migration_ls.rules.finding import Severity
from migration_ls.rules.judging import Danger, Place, Verdict, step_rule


def _judge(place: Place, operation: AddEnumValue) -> Verdict | None:
    schema = place.context.schema
    known = schema.enums.get(operation.enum)
    if place.effect.fails_always or (known and operation.value in known.values):
        return None
    if operation.enum not in place.script.base.enums and known:
        return None
    return Verdict(
        message=f"a release that does not know `{operation.value}` of `{operation.enum}` fails when it reads it",
        help="Deploy a release that reads the new label before one that writes it",
        dangers=(Danger.ADVICE,),
    )


RULE = step_rule(__name__, __doc__, _judge, on=(AddEnumValue,), severity=Severity.INFORMATION)
