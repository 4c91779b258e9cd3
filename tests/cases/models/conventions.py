from typing import Optional

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Integer, MetaData, Table, UniqueConstraint
from sqlmodel import Field, SQLModel
from sqlmodel.main import SQLModel as _S

NAMING_CONVENTION = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class AppModel(SQLModel):
    metadata = MetaData(naming_convention=NAMING_CONVENTION)


class City(AppModel, table=True):
    id: Optional[int] = Field(default=None, primary_key=True)
    name: str = Field(unique=True)
    zip: str = Field(index=True)
    country_id: int = Field(foreign_key="country.id")
    population: int
    flag: bool
    __table_args__ = (
        CheckConstraint("population > 0", name="population_positive"),
        UniqueConstraint("zip", "country_id"),
        Index(None, "name", "zip"),
        UniqueConstraint("name", "population", name="own_name"),
    )


class Country(AppModel, table=True):
    id: Optional[int] = Field(default=None, primary_key=True)
    capital_id: Optional[int] = Field(default=None, sa_column=Column(Integer, ForeignKey("city.id", use_alter=True), unique=True))
    averyveryveryverylongcolumnnamethatgoesonandon_and_on_and_on: int = Field(index=True, foreign_key="country.id")


border = Table(
    "border",
    AppModel.metadata,
    Column("a_id", ForeignKey("country.id"), primary_key=True),
    Column("b_id", ForeignKey("country.id"), primary_key=True),
    Column("len", Integer, CheckConstraint("len > 0", name="len"), index=True),
    CheckConstraint("a_id <> b_id", name="not_same"),
)
