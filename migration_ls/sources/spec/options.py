"""How ambiguous words are read."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class SpecOptions:
    """The readings a project prefers: tags as an array or as tables, fixed values as a check or a native enum."""

    tags: Literal["array", "tables"] = "array"
    enums: Literal["check", "native"] = "check"
