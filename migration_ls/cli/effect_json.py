"""Effects in the JSON of `check` and `effects`."""

from typing import Any

from migration_ls.operations.effect import Effect


def effect_json(effect: Effect) -> dict[str, Any]:
    """An effect as data; relations as `name`, or `namespace.name` outside `public`."""
    return {
        "locks": [{"relation": str(lock.relation), "mode": str(lock.mode)} for lock in effect.locks],
        "rewrites": [str(name) for name in effect.rewrites],
        "scans": [str(name) for name in effect.scans],
        "builds_indexes": list(dict.fromkeys(effect.builds)),
        "transaction": "forbidden" if effect.transaction_forbidden else "any",
        "blocks": {"reads": effect.blocks_reads, "writes": effect.blocks_writes},
        "work": "rows" if effect.work_grows else "constant",
        "loses_data": effect.loses is not None,
        "fails_on_rows": bool(effect.fails),
        "breaks_previous_release": bool(effect.breaks),
        "reason": effect.reason,
        "analysed": effect.analysed,
    }
