"""Storage parameters of tables, and the values they take (manual: CREATE TABLE, Storage Parameters)."""

_ON = frozenset({"on", "off", "true", "false", "yes", "no", "1", "0", "t", "f", "y", "n", ""})
_AUTO = _ON | {"auto"}
_Values = tuple[float, float] | frozenset[str]

_VACUUM: dict[str, _Values] = {
    "autovacuum_enabled": _ON,
    "autovacuum_vacuum_threshold": (0, 2**31 - 1),
    "autovacuum_vacuum_scale_factor": (0, 100),
    "autovacuum_vacuum_insert_threshold": (-1, 2**31 - 1),
    "autovacuum_vacuum_insert_scale_factor": (0, 100),
    "autovacuum_vacuum_cost_delay": (-1, 100),
    "autovacuum_vacuum_cost_limit": (1, 10_000),
    "autovacuum_freeze_min_age": (0, 1_000_000_000),
    "autovacuum_freeze_max_age": (100_000, 2_000_000_000),
    "autovacuum_freeze_table_age": (0, 2_000_000_000),
    "autovacuum_multixact_freeze_min_age": (0, 1_000_000_000),
    "autovacuum_multixact_freeze_max_age": (10_000, 2_000_000_000),
    "autovacuum_multixact_freeze_table_age": (0, 2_000_000_000),
    "log_autovacuum_min_duration": (-1, 2**31 - 1),
    "vacuum_index_cleanup": _AUTO,
    "vacuum_truncate": _ON,
}
_TABLES: dict[str, _Values] = {
    **_VACUUM,
    "fillfactor": (10, 100),
    "toast_tuple_target": (128, 8160),
    "parallel_workers": (0, 1024),
    "autovacuum_analyze_threshold": (0, 2**31 - 1),
    "autovacuum_analyze_scale_factor": (0, 100),
    "user_catalog_table": _ON,
}
_LATER = {"autovacuum_vacuum_max_threshold": 18, "vacuum_max_eager_freeze_failure_rate": 18}
_AUTO_SINCE = 14


def refused_option(name: str, value: str, postgres: int) -> str | None:
    """Why a table does not take `name = value`; None where it does. Toast options have `toast.` before their name."""
    short = name.removeprefix("toast.")
    if short in _LATER:
        return None if postgres >= _LATER[short] else f"`{name}` is known from {_LATER[short]} on"
    values = (_VACUUM if short != name else _TABLES).get(short)
    if values is None:
        return f"tables have no option `{name}`"
    text = value.strip("'").lower()
    if isinstance(values, frozenset):
        early = text == "auto" and postgres < _AUTO_SINCE
        return None if text in values and not early else f"`{name}` does not take `{value}`"
    try:
        number = float(text)
    except ValueError:
        return f"`{name}` takes a number, not `{value}`"
    return None if values[0] <= number <= values[1] else f"`{name}` takes {values[0]:g} to {values[1]:g}"
