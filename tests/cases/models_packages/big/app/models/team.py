from uuid import UUID

from sqlmodel import Field, SQLModel

from ..core import constants as c
from ..db import base_class


class TeamMember(SQLModel, table=True):
    __tablename__ = "team_members"
    team_id: UUID = Field(foreign_key="teams.id", primary_key=True)
    user_id: UUID = Field(foreign_key="users.id", primary_key=True)


class Team(base_class.Base, table=True):
    __tablename__ = "teams"
    name: str = Field(max_length=c.NAME_MAX, unique=True)
    description: str | None = Field(default=None, max_length=c.DESCRIPTION_MAX)
