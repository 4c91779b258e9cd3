# -*- coding: utf-8 -*-
from sqlalchemy import *
from sqlalchemy.ext.declarative import declared_attr
from sqlalchemy.orm import as_declarative, backref, declarative_base, relationship
from sqlalchemy.sql import func
import datetime


class _Base(object):
    @declared_attr
    def __tablename__(cls):
        return cls.__name__.lower()

    id = Column(Integer, primary_key=True, index=True)
    created = Column(DateTime, default=datetime.datetime.utcnow)


meta = MetaData()
Base = declarative_base(cls=_Base, metadata=meta)


@as_declarative()
class Other:
    __name__: str

    @declared_attr
    def __tablename__(cls) -> str:
        return cls.__name__.lower() + "_other"


user_group = Table(
    'user_group', Base.metadata,
    Column('user_id', Integer, ForeignKey('account.id')),
    Column('group_id', Integer, ForeignKey('groups.id', ondelete='cascade', onupdate='restrict')),
    UniqueConstraint('user_id', 'group_id', name='uix_1'),
)


class Account(Base):
    email = Column(String(120), unique=True, index=True, nullable=False)
    password = Column('pw', String)
    is_active = Column(Boolean(), default=True)
    balance = Column(Numeric(scale=2, precision=10), default=0)
    groups = relationship("Group", secondary=user_group, backref=backref("members", lazy="dynamic"))
    parent_id = Column(Integer, ForeignKey('account.id'), nullable=True)
    children = relationship("Account", backref=backref('parent', remote_side='Account.id'))
    x, y = Column(Integer), Column(Float, nullable=False)
    last_login = Column(DateTime(timezone=True), server_default=func.now(), onupdate=func.now())

    def __init__(self, email):
        self.email = email


class Group(Base):
    __tablename__ = 'groups'
    name = Column(Unicode(64), unique=True)
    owner = Column(None, ForeignKey('account.id'))
    meta_ = Column("metadata", JSON)
    type = Column(Enum('a', 'b', name='group_type'), nullable=False, default='a')
    kind = Column(SmallInteger, nullable=False, server_default=text('0'))
    created = Column(Date)
    __table_args__ = (ForeignKeyConstraint(['owner', 'id'], ['account.id', 'account.parent_id'], use_alter=True, name='weird'),)


class Thing(Other):
    id = Column(BigInteger, primary_key=True)
    name = Column(Text, nullable=False)
    group_id = Column(ForeignKey(Group.id))
    group2_id = Column(Integer, ForeignKey(Group.__table__.c.id, deferrable=True, initially="IMMEDIATE"))


Thing.extra = Column(String(4))
Thing.late_id = Column("lateId", ForeignKey("thing_other.id"), index=True)
Thing.__table__.append_constraint(UniqueConstraint("name", name="thing_name_uq"))


class Node(Base):
    __tablename__ = 'node'
    id = Column(Integer, Sequence('node_id_seq'), primary_key=True)
    left = Column(Integer, key='lft')
    ts = Column(TIMESTAMP, server_default=text('CURRENT_TIMESTAMP'), nullable=False)
