import enum


class Role(str, enum.Enum):
    ADMIN = "admin"
    MEMBER = "member"


class Visibility(enum.IntEnum):
    PRIVATE = 0
    PUBLIC = 1
