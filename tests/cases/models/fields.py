"""Every argument of Field that reaches the database, and those that do not."""
import ipaddress
import uuid
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum, IntEnum
from pathlib import Path
from typing import Annotated, ClassVar, Optional, Union

import sqlalchemy as sa
from annotated_types import MaxLen
from pydantic import (
    UUID4,
    AwareDatetime,
    EmailStr,
    NaiveDatetime,
    NonNegativeInt,
    PositiveInt,
    PrivateAttr,
    StringConstraints,
    condecimal,
    constr,
)
from sqlalchemy import Column, func, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlmodel import Field as SQLField
from sqlmodel import SQLModel as _SQLModel

Code = Annotated[str, SQLField(max_length=12)]
LIMIT = 40


class Colour(str, Enum):
    RED = "red"
    GREEN = "green"
    VERT = "green"


class Level(IntEnum):
    LOW = 1
    HIGH = 2


class FieldCase(_SQLModel, table=True):
    id: int = SQLField(primary_key=True)
    plain: str
    optional: Optional[str]
    piped: str | None = None
    united: Union[None, str] = SQLField(default=None, max_length=LIMIT)
    quoted: "Optional[int]" = None
    limited: str = SQLField(max_length=LIMIT * 2, min_length=3, regex="^a")
    code: Code
    code_short: Code = SQLField(max_length=4, unique=True)
    code_maybe: Optional[Code] = None
    inside: Annotated[Optional[str], SQLField(max_length=61, index=True)] = None
    two: Annotated[str, SQLField(max_length=60), SQLField(index=True)]
    unique_and_index: str = SQLField(unique=True, index=True)
    unique_only: str = SQLField(unique=True)
    forced_null: str = SQLField(nullable=True)
    forced_not_null: Optional[str] = SQLField(default=None, nullable=False)
    constrained: constr(max_length=50)
    constraints: Annotated[str, StringConstraints(max_length=50)]
    max_len: Annotated[str, MaxLen(50)]
    money: Decimal = SQLField(max_digits=12, decimal_places=2)
    digits: Decimal = SQLField(max_digits=10)
    places: Decimal = SQLField(decimal_places=2)
    bare_decimal: Decimal
    con_decimal: condecimal(max_digits=8, decimal_places=3)
    number: float = 0.5
    positive: PositiveInt = 3
    not_negative: NonNegativeInt
    flag: bool = False
    at: datetime
    at_naive: NaiveDatetime
    at_aware: AwareDatetime
    at_marked: Annotated[datetime, NaiveDatetime]
    on: date
    clock: time
    length: timedelta = timedelta(days=7)
    blob: bytes
    key: uuid.UUID = SQLField(default_factory=uuid.uuid4)
    key4: UUID4
    address: ipaddress.IPv4Address
    path: Path
    colour: Colour = Colour.RED
    level: Optional[Level] = None
    tags: list[str] = SQLField(sa_type=ARRAY(sa.String(20)))
    data: dict = SQLField(default_factory=dict, sa_type=JSONB, sa_column_kwargs={"server_default": text("'{}'::jsonb")})
    json_any: dict | None = SQLField(sa_column=Column(sa.JSON))
    renamed: str = SQLField(sa_column=Column("reNamed", sa.String(7), nullable=False, index=True))
    commented: int = SQLField(default=3, sa_column_kwargs={"comment": "how many", "server_default": "3"})
    stamped: datetime = SQLField(sa_type=sa.DateTime(timezone=True), sa_column_kwargs={"server_default": func.now()})
    wide: int = SQLField(sa_type=sa.BigInteger, index=True)
    fixed: str = SQLField(sa_type=sa.CHAR(3))
    COUNT: ClassVar[int] = 3
    _secret: int = PrivateAttr(default=1)


class FieldChild(_SQLModel, table=True):
    __tablename__: str = "field_children"
    parent_id: int = SQLField(foreign_key="fieldcase.id", primary_key=True, ondelete="CASCADE")
    other_id: Optional[int] = SQLField(default=None, foreign_key="fieldcase.id", ondelete="SET NULL", index=True)
    typed_id: int = SQLField(
        sa_column=Column(sa.Integer, sa.ForeignKey("fieldcase.id", onupdate="CASCADE", name="fk_typed"), nullable=False)
    )
    free_id: Optional[int] = SQLField(default=None, sa_column=Column(sa.ForeignKey("fieldcase.id")))
    args_id: int = SQLField(sa_column_args=[sa.ForeignKey("fieldcase.id", ondelete="RESTRICT")])
