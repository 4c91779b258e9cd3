"""SET, SET LOCAL and RESET."""

from dataclasses import dataclass, replace

from migration_ls.operations.base import Inverse
from migration_ls.operations.context import Context, Session
from migration_ls.operations.effect import Effect
from migration_ls.operations.lookup import NOTHING
from migration_ls.schema.schema import Schema


@dataclass(frozen=True, slots=True, kw_only=True)
class SetSetting:
    """Change a setting of the session; `values` None means RESET."""

    name: str
    values: tuple[str, ...] | None
    local: bool = False

    def apply(self, schema: Schema) -> Schema:
        """The schema as it is."""
        return schema

    def inverse(self, schema: Schema) -> Inverse:  # noqa: ARG002
        """Nothing."""
        return NOTHING

    def effect(self, context: Context) -> Effect:  # noqa: ARG002
        """None on any relation."""
        return Effect()

    def session(self, session: Session) -> Session:
        """The session after it."""
        value = self.values[0] if self.values else None
        match self.name.lower():
            case "timezone" | "time zone":
                return replace(session, time_zone=value)
            case "lock_timeout":
                return replace(session, lock_timeout=milliseconds(value))
            case "statement_timeout":
                return replace(session, statement_timeout=milliseconds(value))
            case "search_path":
                return replace(session, search_path=self.values or ("public",))
            case _:
                return session


_UNITS = {"us": 0.001, "ms": 1, "s": 1000, "min": 60_000, "h": 3_600_000, "d": 86_400_000, "": 1}


def milliseconds(value: str | None) -> int | None:
    """The time a setting means; None when it is not set or not a time."""
    if value is None:
        return None
    text = value.strip().strip("'").strip()
    number = text.rstrip("abcdefghijklmnopqrstuvwxyz ")
    unit = text[len(number) :].strip()
    try:
        return round(float(number) * _UNITS[unit])
    except (ValueError, KeyError):
        return None
