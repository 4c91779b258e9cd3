"""The families in the order in which they are asked."""

from collections.abc import Callable, Iterator

from migration_ls.sources.spec.clauses import Clause
from migration_ls.sources.spec.context import Context
from migration_ls.sources.spec.declared.inline import inline
from migration_ls.sources.spec.families.alterations import alterations
from migration_ls.sources.spec.families.attributes import actions, stored
from migration_ls.sources.spec.families.belonging import belonging
from migration_ls.sources.spec.families.enumerations import enumerations
from migration_ls.sources.spec.families.filters import filters
from migration_ls.sources.spec.families.flags import flags
from migration_ls.sources.spec.families.limits import limits
from migration_ls.sources.spec.families.moments import moments
from migration_ls.sources.spec.families.removal import removal
from migration_ls.sources.spec.families.tagging import tagging
from migration_ls.sources.spec.items import Item

Family = Callable[[Clause, Context], Iterator[Item]]
Families = tuple[tuple[tuple[str, ...], Family], ...]

SPELLED_OUT: Families = (
    (
        tuple(
            """renam called llama drop remov delet goes elimina desaparec chang becom grow default gain gets
            receiv value label limit restrict constrain alter convert widen extend increas longer mandatory
            required optional null enum turn migrate characters obligatori opcional empty blank missing
            must without""".split()
        ),
        alterations,
    ),
    (("`", "table", "tabla", "add", "column"), inline),
)
"""Families of what is spelled out, with parts of words one of which each of their sentences has."""

IMPLIED: Families = (
    (("positive", "negative", "between", "from", "range", "below", "above", "least", "most", "than", "before",
    "after", "exceed",
      "character", "limited", "over", "less"), limits),
    (("tag", "label", "keyword"), tagging),
    ((":", ",", "(", " or "), enumerations),
    (("mark", "flag", "pin", "archiv", "star", "lock", "featur", "mute", "hid", "favo", "deactivat", "suspend",
    "disabl", "snooz",
      "whether", "if ", "switch", "toggle", "bool"), flags),
    (
        tuple("when who why which what often times time date moment count number tally via".split()),
        moments,
    ),
    (("delet", "trash", "bin", "archiv"), removal),
    (("belong", "assign", "link", "tied", "attach", "relat", "associat", "connect", "referenc", "part of", "group",
    "disappear", "delet", " by ", "parent", "who ", " have a", " has a",
      "remov", "vanish", " go ", "multiple", "several", "many", "any number", "more than one", "one or more"),
      belonging),
    (("",), actions),
    (("filter", "look", "quick", "fast", "efficien", "within"), filters),
)  # fmt: skip
"""Families of prose, in order; the first that has something to say is heard."""
GENERAL: Families = ((("with", "includ", "contain", "consist", "having", "that ha"), stored),)
"""Families that are asked when nothing more particular was heard."""
_NEED_NO_TABLE = frozenset({limits, stored, enumerations})


def first(clause: Clause, context: Context, families: Families) -> Iterator[Item]:
    """What the first family says that has something to say."""
    lowered = clause.text.lower()
    names_table = families is SPELLED_OUT or context.tables.are_mentioned(clause.before + clause.whole.text)
    for cues, family in families:
        if not names_table and family not in _NEED_NO_TABLE:
            continue
        if any(cue in lowered for cue in cues) and (items := tuple(family(clause, context))):
            yield from items
            return
