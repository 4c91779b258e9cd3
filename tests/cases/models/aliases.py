import sqlalchemy
import sqlalchemy as db
import sqlalchemy.dialects.postgresql as psql
import sqlalchemy.orm
import sqlmodel
from sqlalchemy import orm
from sqlalchemy import types as sqltypes
from sqlalchemy.orm import Mapped as M
from sqlalchemy.orm import mapped_column as mc
from sqlmodel import Field as F
from sqlmodel import SQLModel as _Base

Base = sqlalchemy.orm.declarative_base()
Model = Base
Col = sqlalchemy.Column


class One(_Base, table=True):
    id: int = F(primary_key=True)
    n: str = sqlmodel.Field(sa_type=sqlmodel.Text)
    m: str = F(sa_column=sqlmodel.Column(sqlmodel.String(3), sqlmodel.ForeignKey("three.name")))


class Two(Model):
    __tablename__ = "two"
    id: M[int] = mc(primary_key=True)
    x: "M[str]" = mc(sqltypes.String(4))
    y: orm.Mapped[int] = orm.mapped_column(db.BigInteger, db.ForeignKey("two.id"))
    z: sqlalchemy.orm.Mapped["float | None"]
    w = Col(psql.JSONB(), nullable=False)
    v = orm.deferred(Col(db.Text))
    u = db.Column("You", db.String(8), doc="docs", info={"x": 1}, key="you", system=False)


def make():
    class Local(_Base, table=True):
        id: int = F(primary_key=True)

    return Local


class three(_Base, table=True):
    name: str = F(primary_key=True)
    NAME2: str = F(default_factory=str, sa_column_kwargs=dict(nullable=True))
