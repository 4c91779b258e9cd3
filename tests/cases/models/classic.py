from datetime import datetime
import uuid

from sqlalchemy import Boolean, Column, DateTime, Float, ForeignKey, Index, Integer, JSON, String, Table, Text, UniqueConstraint
from sqlalchemy import Enum as SQLEnum
from sqlalchemy.dialects.postgresql import UUID
from sqlalchemy.orm import declarative_base, relationship
from sqlalchemy.sql import func
import enum

Base = declarative_base()


class BaseModel(Base):
    __abstract__ = True
    id = Column(Integer, primary_key=True, index=True, autoincrement=True)
    created_at = Column(DateTime, server_default=func.current_timestamp())
    __name__: str


class LotteryStatus(enum.Enum):
    CREATED = "created"
    CLOSED = "closed"


class Lottery(BaseModel):
    __tablename__ = "lotteries"
    status = Column(SQLEnum(LotteryStatus, values_callable=lambda enum: [member.value for member in enum], name="lotterystatus"), default=LotteryStatus.CREATED, nullable=False)
    type = Column(String(32), nullable=False, server_default="pumpfun", default="pumpfun")
    is_open = Column(Boolean, nullable=False, server_default="false", default=False)
    __table_args__ = (
        Index("uq_open", "type", unique=True, postgresql_where=status.in_([LotteryStatus.CREATED, LotteryStatus.CLOSED])),
    )


class Game(BaseModel):
    __tablename__ = "games"

    class Role(str, enum.Enum):
        ADMIN = "admin"
        USER = "user"

    uid = Column(UUID(as_uuid=True), default=uuid.uuid4, unique=True, nullable=False)
    role = Column(SQLEnum(Role, name="role", values_callable=lambda obj: [e.value for e in obj]), nullable=False)
    lottery_id = Column(Integer, ForeignKey("lotteries.id", ondelete="SET NULL"), nullable=True, index=True)
    score = Column(Float)
    payload = Column(JSON, default={})
    title = Column(String, unique=True)
    players = relationship("Player", secondary="game_players", back_populates="games")


class Player(BaseModel):
    __tablename__ = "players"
    nickname = Column(String(50), nullable=False)
    bio = Column(Text)
    games = relationship("Game", secondary="game_players", back_populates="players")


game_players = Table(
    "game_players",
    Base.metadata,
    Column("game_id", Integer, ForeignKey("games.id"), primary_key=True),
    Column("player_id", Integer, ForeignKey("players.id"), primary_key=True),
    Column("joined", DateTime, default=datetime.utcnow),
    UniqueConstraint("player_id", "game_id", name="uq_gp"),
)
