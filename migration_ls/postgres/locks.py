"""Lock modes of relations and which exclude each other (manual: Explicit Locking, table 13.2)."""

from enum import IntEnum


class LockMode(IntEnum):
    """Relation lock modes, weakest first; the numbers are PostgreSQL's own (`lockdefs.h`)."""

    ACCESS_SHARE = 1
    ROW_SHARE = 2
    ROW_EXCLUSIVE = 3
    SHARE_UPDATE_EXCLUSIVE = 4
    SHARE = 5
    SHARE_ROW_EXCLUSIVE = 6
    EXCLUSIVE = 7
    ACCESS_EXCLUSIVE = 8

    def __str__(self) -> str:
        """The mode as SQL spells it: `ACCESS EXCLUSIVE`."""
        return self.name.replace("_", " ")

    @property
    def catalog_name(self) -> str:
        """The mode as `pg_locks` spells it: `AccessExclusiveLock`."""
        return "".join(word.capitalize() for word in self.name.split("_")) + "Lock"

    @property
    def blocks_reads(self) -> bool:
        """Whether a plain SELECT has to wait."""
        return LockMode.ACCESS_SHARE in CONFLICTS[self]

    @property
    def blocks_writes(self) -> bool:
        """Whether INSERT, UPDATE and DELETE have to wait."""
        return LockMode.ROW_EXCLUSIVE in CONFLICTS[self]


_M = LockMode
CONFLICTS: dict[LockMode, frozenset[LockMode]] = {
    _M.ACCESS_SHARE: frozenset({_M.ACCESS_EXCLUSIVE}),
    _M.ROW_SHARE: frozenset({_M.EXCLUSIVE, _M.ACCESS_EXCLUSIVE}),
    _M.ROW_EXCLUSIVE: frozenset({_M.SHARE, _M.SHARE_ROW_EXCLUSIVE, _M.EXCLUSIVE, _M.ACCESS_EXCLUSIVE}),
    _M.SHARE_UPDATE_EXCLUSIVE: frozenset(mode for mode in _M if mode >= _M.SHARE_UPDATE_EXCLUSIVE),
    _M.SHARE: frozenset(mode for mode in _M if mode >= _M.ROW_EXCLUSIVE and mode is not _M.SHARE),
    _M.SHARE_ROW_EXCLUSIVE: frozenset(mode for mode in _M if mode >= _M.ROW_EXCLUSIVE),
    _M.EXCLUSIVE: frozenset(mode for mode in _M if mode >= _M.ROW_SHARE),
    _M.ACCESS_EXCLUSIVE: frozenset(_M),
}
