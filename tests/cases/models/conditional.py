import os
import sys
import typing as t
from datetime import datetime

from sqlalchemy import create_engine
from sqlmodel import JSON, Column, Field, Session, SQLModel, select

try:
    from sqlalchemy.dialects.postgresql import JSONB
except ImportError:  # pragma: no cover
    JSONB = JSON

if sys.version_info >= (3, 11):
    from enum import StrEnum
else:
    from enum import Enum

    class StrEnum(str, Enum):
        pass

if t.TYPE_CHECKING:
    from collections.abc import Sequence

DATABASE_URL = os.environ.get("DATABASE_URL", "sqlite://")
JsonType = JSONB if os.environ.get("NO_PG") is None else JSON
engine = create_engine(DATABASE_URL)


class Kind(StrEnum):
    a = "a"
    b = "b"


class Log(SQLModel, table=True):
    id: t.Optional[int] = Field(default=None, primary_key=True)
    kind: Kind = Kind.a
    payload: dict = Field(default={}, sa_column=Column(JSONB, nullable=False))
    other: t.Dict[str, t.Any] = Field(default_factory=dict, sa_column=Column(JSON))
    at: datetime = Field(default_factory=lambda: datetime.now())
    if True:
        level: int = 3

    def touch(self) -> None:
        self.at = datetime.now()

    @classmethod
    def all(cls, session: Session) -> "Sequence[Log]":
        statement = select(cls)
        return session.exec(statement).all()


def create_db_and_tables() -> None:
    SQLModel.metadata.create_all(engine)


def get_session():
    with Session(engine) as session:
        yield session


if __name__ == "__main__":
    create_db_and_tables()
