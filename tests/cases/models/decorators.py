import json
from datetime import datetime, timezone

import sqlalchemy as sa
from pydantic import BaseModel
from sqlalchemy import types
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects.postgresql import CIDR, JSONB
from sqlalchemy.ext.mutable import MutableDict, MutableList
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import TypeDecorator, UserDefinedType
from sqlmodel import Column, Field, SQLModel


class TZDateTime(TypeDecorator):
    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value, dialect):
        return value


class UTC(types.TypeDecorator[datetime]):
    impl = types.DateTime

    def __init__(self, *args, **kwargs):
        super().__init__(*args, timezone=True, **kwargs)


class PydanticJSON(TypeDecorator):
    impl = JSONB

    def __init__(self, model: type[BaseModel]) -> None:
        super().__init__(none_as_null=True)
        self.model = model


class Guid(TypeDecorator):
    impl = sa.CHAR
    cache_ok = True

    def load_dialect_impl(self, dialect):
        if dialect.name == "postgresql":
            return dialect.type_descriptor(postgresql.UUID())
        else:
            return dialect.type_descriptor(sa.CHAR(32))


class Money(TypeDecorator):
    impl = sa.Numeric(14, 2)


class Encrypted(TypeDecorator):
    impl = sa.String
    cache_ok = True

    def __init__(self, secret: str, length: int = 300):
        super().__init__(length)
        self.secret = secret


class Lower(TypeDecorator):
    impl = sa.String


class Slug(Lower):
    pass


class Vector(UserDefinedType):
    cache_ok = True

    def __init__(self, dim=None):
        self.dim = dim

    def get_col_spec(self, **kw):
        if self.dim is None:
            return "VECTOR"
        return "VECTOR(%d)" % self.dim


class Geo(UserDefinedType):
    def get_col_spec(self):
        return "geography(POINT, 4326)"


class EnumAsText(TypeDecorator):
    impl = sa.Text

    def __init__(self, enum_class):
        self.enum_class = enum_class
        super().__init__()


class Options(BaseModel):
    a: int = 1


JSONType = sa.JSON().with_variant(JSONB(), "postgresql")
BigIntType = sa.BigInteger().with_variant(sa.Integer, "sqlite")


class Doc(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    at: datetime = Field(sa_type=TZDateTime)
    utc: datetime = Field(sa_column=Column(UTC(), nullable=False))
    options: Options = Field(sa_column=Column(PydanticJSON(Options), nullable=False, server_default="{}"))
    guid: str = Field(sa_column=Column(Guid(), unique=True))
    price: float = Field(sa_type=Money)
    secret: str = Field(sa_column=Column(Encrypted("key")))
    secret2: str = Field(sa_column=Column(Encrypted("key", length=20)))
    secret3: str = Field(sa_column=Column(Encrypted("key", 10)))
    slug: str = Field(sa_column=Column(Slug(50), index=True))
    lower: str = Field(sa_type=Lower(length=7))
    embedding: list[float] = Field(sa_column=Column(Vector(3)))
    embedding2: list[float] | None = Field(sa_type=Vector, default=None)
    place: str = Field(sa_type=Geo())
    kind: str = Field(sa_column=Column(EnumAsText(Options)))
    data: dict = Field(default_factory=dict, sa_column=Column(MutableDict.as_mutable(JSONB)))
    names: list[str] = Field(sa_column=Column(MutableList.as_mutable(postgresql.ARRAY(sa.String(9))), nullable=False))
    js: dict = Field(sa_type=JSONType)
    big: int = Field(sa_type=BigIntType, sa_column_kwargs={"comment": "big one"})
    net: str = Field(sa_column=Column(CIDR))
    pick: bytes = Field(sa_type=sa.PickleType)
