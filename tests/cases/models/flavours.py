"""Pydantic side of SQLModel: things that never reach the database."""
import re
from datetime import date, datetime, time
from decimal import Decimal
from ipaddress import IPv4Address, IPv6Network
from pathlib import Path
from typing import Annotated, Any, ClassVar, Final, Optional, Union
from uuid import UUID, uuid1

from pydantic import (
    UUID4,
    AfterValidator,
    AnyHttpUrl,
    AwareDatetime,
    ConfigDict,
    EmailStr,
    NaiveDatetime,
    NonNegativeInt,
    PositiveFloat,
    PositiveInt,
    PrivateAttr,
    StringConstraints,
    computed_field,
    condecimal,
    conint,
    constr,
    field_validator,
    model_validator,
)
from pydantic import Field as PydanticField
from sqlmodel import AutoString, Field, SQLModel

Name = Annotated[str, StringConstraints(min_length=1, max_length=40)]
Code = constr(max_length=12)
Amount = condecimal(max_digits=9, decimal_places=3)


def check(v: str) -> str:
    return v


class Base(SQLModel):
    model_config = ConfigDict(str_strip_whitespace=True, from_attributes=True)
    REGISTRY: ClassVar[dict[str, Any]] = {}
    limit: ClassVar[int] = 5


class Person(Base, table=True):
    model_config = ConfigDict(validate_assignment=True)
    __tablename__ = "flavour_person"
    _cache: dict = PrivateAttr(default_factory=dict)
    _secret: str = "x"

    id: Optional[int] = Field(None, primary_key=True)
    name: Name
    code: Code
    amount: Amount
    email: EmailStr | None = None
    homepage: AnyHttpUrl = Field(sa_type=AutoString)
    age: PositiveInt = 1
    points: NonNegativeInt = Field(0, ge=0, le=100)
    ratio: PositiveFloat
    small: conint(gt=0) = 2
    uid: UUID4 = Field(default_factory=uuid1)
    ip: IPv4Address | None
    net: IPv6Network = Field(index=True)
    file: Path
    born: date = Field(..., description="Birthday", title="Born", schema_extra={"examples": ["2020-01-01"]})
    wake: time = time(7, 30)
    aware: AwareDatetime
    naive: NaiveDatetime
    plain: datetime
    price: Decimal = Field(default=Decimal("1.50"), max_digits=8, decimal_places=2)
    price2: Decimal = Field(decimal_places=2)
    checked: Annotated[str, AfterValidator(check)] = Field(max_length=9, regex="^a", alias="Checked")
    listed: Annotated[str, Field(max_length=3, index=True)]
    union: Union[str, None] = Field(default=None, nullable=False)
    number: Union[int, None] = 3
    blob: bytes = Field(max_length=30)
    flag: bool | None = Field(default=None, sa_column_kwargs={"server_default": "false", "comment": "it's a flag"})
    title: str = Field(default="none", max_length=20, exclude=True, repr=False, min_length=1)
    ratio2: float = Field(default=0.5, gt=0)

    @computed_field
    @property
    def shout(self) -> str:
        return self.name.upper()

    @field_validator("name")
    @classmethod
    def _strip(cls, value: str) -> str:
        other: str = Field("x")
        return value

    @model_validator(mode="after")
    def _all(self):
        return self

