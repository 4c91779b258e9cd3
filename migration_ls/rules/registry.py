"""All rules, and looking with all of them."""

import logging
from collections.abc import Iterator
from functools import cache

from migration_ls.rules import (
    access_restricted,
    add_column_rewrites_table,
    applied_migration_edited,
    attach_partition_scans_table,
    backfill_in_one_statement,
    backfill_under_strong_lock,
    begin_without_commit,
    check_scans_table,
    client_only_default,
    collation_change_builds_indexes,
    column_type_advice,
    composite_type_breaks_release,
    concurrently_in_transaction,
    contract_with_expand,
    default_gone,
    delete_without_where,
    detach_partition_not_concurrent,
    domain_constraint_scans_tables,
    drop_and_add_may_be_rename,
    drop_cascade,
    drop_column,
    drop_index_not_concurrent,
    drop_object_loses_data,
    drop_primary_key,
    drop_table,
    drop_view_breaks_release,
    enum_value_unknown_to_release,
    enum_value_used_in_transaction,
    exclusion_constraint_builds_index,
    explicit_ids_without_setval,
    explicit_lock,
    foreign_key_scans_tables,
    foreign_key_type_mismatch,
    foreign_key_without_index,
    identifier_too_long,
    index_made_useless,
    index_not_concurrent,
    inline_constraint_scans_table,
    invalid_index_accepted,
    lock_timeout_ineffective,
    locks_on_several_tables,
    missing_idle_timeout,
    missing_lock_timeout,
    missing_statement_timeout,
    new_write_restriction,
    not_analysed,
    nulls_new_to_release,
    primary_key_builds_index,
    primary_key_scans_for_nulls,
    redundant_index,
    refresh_view_blocks_reads,
    reindex_not_concurrent,
    rename_column,
    rename_enum_value,
    rename_object,
    rename_table,
    required_column,
    rewrite_needs_space,
    rewrites_whole_table,
    set_not_null_scans_table,
    slow_work_under_lock,
    stale_statistics,
    statement_fails,
    suppression_without_reason,
    table_locked_again,
    timeout_on_concurrently,
    truncate_loses_rows,
    type_change_loses_values,
    type_change_may_fail,
    type_change_rewrites_table,
    type_change_scans_table,
    unique_constraint_builds_index,
    unique_index_may_fail,
    unnamed_object,
    unused_suppression,
    used_before_creation,
    validate_under_strong_lock,
    validation_may_fail,
)
from migration_ls.rules.finding import Finding
from migration_ls.rules.judging import Place, is_notable
from migration_ls.rules.layout import lay_out
from migration_ls.rules.rule import Deploy, Rule, Script

RULES: tuple[Rule, ...] = (
    access_restricted.RULE,
    add_column_rewrites_table.RULE,
    applied_migration_edited.RULE,
    attach_partition_scans_table.RULE,
    backfill_in_one_statement.RULE,
    backfill_under_strong_lock.RULE,
    begin_without_commit.RULE,
    check_scans_table.RULE,
    client_only_default.RULE,
    collation_change_builds_indexes.RULE,
    column_type_advice.RULE,
    composite_type_breaks_release.RULE,
    concurrently_in_transaction.RULE,
    contract_with_expand.RULE,
    default_gone.RULE,
    delete_without_where.RULE,
    detach_partition_not_concurrent.RULE,
    domain_constraint_scans_tables.RULE,
    drop_and_add_may_be_rename.RULE,
    drop_cascade.RULE,
    drop_column.RULE,
    drop_index_not_concurrent.RULE,
    drop_object_loses_data.RULE,
    drop_primary_key.RULE,
    drop_table.RULE,
    drop_view_breaks_release.RULE,
    enum_value_unknown_to_release.RULE,
    enum_value_used_in_transaction.RULE,
    exclusion_constraint_builds_index.RULE,
    explicit_ids_without_setval.RULE,
    explicit_lock.RULE,
    foreign_key_scans_tables.RULE,
    foreign_key_type_mismatch.RULE,
    foreign_key_without_index.RULE,
    identifier_too_long.RULE,
    index_made_useless.RULE,
    index_not_concurrent.RULE,
    inline_constraint_scans_table.RULE,
    invalid_index_accepted.RULE,
    lock_timeout_ineffective.RULE,
    locks_on_several_tables.RULE,
    missing_idle_timeout.RULE,
    missing_lock_timeout.RULE,
    missing_statement_timeout.RULE,
    new_write_restriction.RULE,
    not_analysed.RULE,
    nulls_new_to_release.RULE,
    primary_key_builds_index.RULE,
    primary_key_scans_for_nulls.RULE,
    redundant_index.RULE,
    refresh_view_blocks_reads.RULE,
    reindex_not_concurrent.RULE,
    rename_column.RULE,
    rename_enum_value.RULE,
    rename_object.RULE,
    rename_table.RULE,
    required_column.RULE,
    rewrite_needs_space.RULE,
    rewrites_whole_table.RULE,
    set_not_null_scans_table.RULE,
    slow_work_under_lock.RULE,
    stale_statistics.RULE,
    statement_fails.RULE,
    suppression_without_reason.RULE,
    table_locked_again.RULE,
    timeout_on_concurrently.RULE,
    truncate_loses_rows.RULE,
    type_change_loses_values.RULE,
    type_change_may_fail.RULE,
    type_change_rewrites_table.RULE,
    type_change_scans_table.RULE,
    unique_constraint_builds_index.RULE,
    unique_index_may_fail.RULE,
    unnamed_object.RULE,
    unused_suppression.RULE,
    used_before_creation.RULE,
    validate_under_strong_lock.RULE,
    validation_may_fail.RULE,
)

_LOG = logging.getLogger(__name__)
_BY_KIND: dict[type, tuple[Rule, ...]] = {}
"""The rules that look at steps of a kind of operation."""


def rule(name: str) -> Rule | None:
    """The rule of that name."""
    return next((item for item in RULES if item.name == name), None)


def find(script: Script) -> tuple[Finding, ...]:
    """What the rules find in one migration, by place; a rule that breaks is logged, the others go on."""
    found = [*_in_steps(script), *_in_script(script)]
    return tuple(sorted(dict.fromkeys(found), key=lambda finding: (finding.span, finding.severity, finding.rule)))


def find_across(deploy: Deploy) -> tuple[Finding, ...]:
    """What the rules find in the migrations of one deploy together; a rule that breaks is logged, the others go on."""
    found: list[Finding] = []
    for item in RULES:
        if item.check_deploy is None:
            continue
        try:
            found += item.check_deploy(deploy)
        except Exception:  # noqa: BLE001 - one broken rule must not silence the others
            _LOG.exception("rule %s failed on the migrations of a deploy", item.name)
    return tuple(dict.fromkeys(found))


def _in_steps(script: Script) -> Iterator[Finding]:
    layout = lay_out(script.statements)
    for number, statement in enumerate(script.statements):
        for step in statement.steps:
            own = _for_kind(type(step.clause.operation))
            rules = (*own, *_for_every_kind()) if is_notable(step) else own
            if not rules:
                continue
            place = Place(script, layout, number, step)
            for item in rules:
                if item.check_step is None:
                    continue
                try:
                    yield from item.check_step(place)
                except Exception:  # noqa: BLE001 - one broken rule must not silence the others
                    _LOG.exception("rule %s failed on statement %d of %s", item.name, number + 1, script.path)


def _in_script(script: Script) -> Iterator[Finding]:
    for item in RULES:
        if item.check_step is not None:
            continue
        try:
            yield from item.check(script)
        except Exception:  # noqa: BLE001 - one broken rule must not silence the others
            _LOG.exception("rule %s failed on %s", item.name, script.path)


def _for_kind(kind: type) -> tuple[Rule, ...]:
    if kind not in _BY_KIND:
        _BY_KIND[kind] = tuple(item for item in RULES if item.check_step and kind in item.on)
    return _BY_KIND[kind]


@cache
def _for_every_kind() -> tuple[Rule, ...]:
    return tuple(item for item in RULES if item.check_step and not item.on)
