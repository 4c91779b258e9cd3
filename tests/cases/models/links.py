from datetime import datetime
from enum import Enum
from typing import List, Optional

from sqlalchemy import Column, Enum as SAEnum, ForeignKey, Integer, String, UniqueConstraint
from sqlalchemy.orm import RelationshipProperty
from sqlmodel import Field, Relationship, SQLModel


class HeroTeamLink(SQLModel, table=True):
    team_id: Optional[int] = Field(default=None, foreign_key="team.id", primary_key=True)
    hero_id: Optional[int] = Field(default=None, foreign_key="hero.id", primary_key=True)
    is_training: bool = False

    team: "Team" = Relationship(back_populates="hero_links")
    hero: "Hero" = Relationship(back_populates="team_links")


class Team(SQLModel, table=True):
    id: Optional[int] = Field(default=None, primary_key=True)
    name: str = Field(index=True)
    headquarters: str
    hero_links: List[HeroTeamLink] = Relationship(back_populates="team")
    heroes: List["Hero"] = Relationship(back_populates="teams", link_model=HeroTeamLink)


class Hero(SQLModel, table=True):
    id: Optional[int] = Field(default=None, primary_key=True)
    name: str = Field(index=True)
    secret_name: str
    age: Optional[int] = Field(default=None, index=True)
    boss_id: Optional[int] = Field(default=None, foreign_key="hero.id", ondelete="SET NULL", nullable=True)
    team_links: List[HeroTeamLink] = Relationship(back_populates="hero", passive_deletes="all")
    teams: List[Team] = Relationship(back_populates="heroes", link_model=HeroTeamLink)
    boss: Optional["Hero"] = Relationship(
        back_populates="minions", sa_relationship_kwargs=dict(remote_side="Hero.id", lazy="joined")
    )
    minions: List["Hero"] = Relationship(back_populates="boss", sa_relationship_kwargs={"cascade": "all"})
    friend: "Optional[Friend]" = Relationship(sa_relationship=RelationshipProperty("Friend", uselist=False))


class Mood(str, Enum):
    HAPPY = "happy"
    SAD = "sad"


class Friend(SQLModel, table=True):
    __tablename__ = "friends"
    __table_args__ = (UniqueConstraint("heroId", "name", name="unique_friend"), {"extend_existing": True})
    id: int = Field(primary_key=True)
    hero_id: int = Field(sa_column=Column("heroId", Integer, ForeignKey("hero.id", ondelete="CASCADE"), nullable=False))
    name: str = Field(sa_column=Column(String(10), nullable=False, key="name"))
    mood: Mood = Field(sa_column=Column("mood", SAEnum(Mood, values_callable=lambda x: [e.value for e in x]), nullable=False, server_default=Mood.SAD.value))
    mood2: Mood = Field(sa_column=Column(SAEnum(Mood, name="mood_two")), default=Mood.HAPPY)
    met: datetime = Field(default_factory=datetime.utcnow, sa_column_kwargs={"onupdate": datetime.utcnow})
