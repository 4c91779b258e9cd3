# coding: utf-8
import datetime
import decimal
import uuid
from typing import Any, List, Optional

from sqlalchemy import ARRAY, BigInteger, Boolean, CheckConstraint, Column, Computed, Date, DateTime, Double, Enum, ForeignKeyConstraint, Identity, Index, Integer, LargeBinary, Numeric, PrimaryKeyConstraint, REAL, Sequence, SmallInteger, String, Table, Text, Time, UniqueConstraint, Uuid, text
from sqlalchemy.dialects.postgresql import BIT, CITEXT, DOMAIN, INET, INT4RANGE, INTERVAL, JSON, JSONB, MACADDR, MONEY, OID, TIMESTAMP, TSVECTOR, TSTZRANGE
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

class Base(DeclarativeBase):
    pass


class Customers(Base):
    __tablename__ = 'customers'
    __table_args__ = (
        PrimaryKeyConstraint('id', name='customers_pkey'),
        UniqueConstraint('email', name='customers_email_key'),
        UniqueConstraint('tax', postgresql_include=['name'], name='customers_tax_key'),
        CheckConstraint("(status)::text = ANY ((ARRAY['a'::character varying, 'b'::character varying])::text[])", name='customers_status_check'),
        Index('idx_customers_name', 'name', postgresql_using='btree'),
        Index('idx_customers_search', 'search', postgresql_using='gin'),
        Index('idx_customers_active', 'email', postgresql_where='(active = true)', unique=True),
        {'comment': 'All customers', 'schema': 'sales'}
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    email: Mapped[str] = mapped_column(CITEXT, nullable=False)
    name: Mapped[Optional[str]] = mapped_column(String(100))
    tax: Mapped[Optional[str]] = mapped_column(String)
    status: Mapped[str] = mapped_column(String(10), nullable=False, server_default=text("'a'::character varying"))
    active: Mapped[bool] = mapped_column(Boolean, nullable=False, server_default=text('true'))
    created_at: Mapped[datetime.datetime] = mapped_column(DateTime(True), nullable=False, server_default=text('now()'))
    precise: Mapped[Optional[datetime.datetime]] = mapped_column(TIMESTAMP(True, 3))
    search: Mapped[Optional[Any]] = mapped_column(TSVECTOR, Computed("to_tsvector('english'::regconfig, (name)::text)", persisted=True))
    balance: Mapped[Optional[decimal.Decimal]] = mapped_column(Numeric(12, 2), server_default=text('0.00'))
    uid: Mapped[uuid.UUID] = mapped_column(Uuid, nullable=False, server_default=text('gen_random_uuid()'))
    tags: Mapped[Optional[List[str]]] = mapped_column(ARRAY(Text()))
    ip: Mapped[Optional[Any]] = mapped_column(INET)
    mac: Mapped[Optional[Any]] = mapped_column(MACADDR)
    bits: Mapped[Optional[Any]] = mapped_column(BIT(4))
    span: Mapped[Optional[Any]] = mapped_column(TSTZRANGE)
    ages: Mapped[Optional[Any]] = mapped_column(INT4RANGE)
    wait: Mapped[Optional[datetime.timedelta]] = mapped_column(INTERVAL)
    cash: Mapped[Optional[Any]] = mapped_column(MONEY)
    oid: Mapped[Optional[Any]] = mapped_column(OID)
    real: Mapped[Optional[float]] = mapped_column(REAL)
    dbl: Mapped[Optional[float]] = mapped_column(Double(53))
    pic: Mapped[Optional[bytes]] = mapped_column(LargeBinary)
    at: Mapped[Optional[datetime.time]] = mapped_column(Time)
    doc: Mapped[Optional[dict]] = mapped_column(JSON, server_default=text("'{}'::json"))

    orders: Mapped[List['Orders']] = relationship('Orders', back_populates='customer')


class Orders(Base):
    __tablename__ = 'orders'
    __table_args__ = (
        ForeignKeyConstraint(['customer_id'], ['sales.customers.id'], ondelete='CASCADE', onupdate='SET NULL', name='orders_customer_id_fkey'),
        ForeignKeyConstraint(['previous_id', 'previous_no'], ['sales.orders.id', 'sales.orders.no'], deferrable=True, initially='DEFERRED', name='orders_prev'),
        PrimaryKeyConstraint('id', 'no', name='orders_pkey'),
        {'schema': 'sales'}
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True, start=1, increment=1, minvalue=1, maxvalue=9223372036854775807, cycle=False, cache=1), primary_key=True)
    no: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    seq: Mapped[int] = mapped_column(Integer, Sequence('orders_seq', schema='sales'), nullable=False)
    nextval: Mapped[int] = mapped_column(Integer, nullable=False, server_default=text("nextval('sales.orders_seq'::regclass)"))
    customer_id: Mapped[int] = mapped_column(Integer, nullable=False)
    previous_id: Mapped[Optional[int]] = mapped_column(BigInteger)
    previous_no: Mapped[Optional[int]] = mapped_column(SmallInteger)
    state: Mapped[Optional[str]] = mapped_column(Enum('open', 'closed', name='order_state', schema='sales'))
    total: Mapped[Optional[decimal.Decimal]] = mapped_column(Numeric)
    day: Mapped[Optional[datetime.date]] = mapped_column(Date, server_default=text('CURRENT_DATE'))

    customer: Mapped['Customers'] = relationship('Customers', back_populates='orders')


t_order_tags = Table(
    'order_tags', Base.metadata,
    Column('order_id', BigInteger, primary_key=True, nullable=False),
    Column('order_no', SmallInteger, primary_key=True, nullable=False),
    Column('tag', String(20), primary_key=True, nullable=False),
    Column('weight', Double, server_default=text('1.0')),
    ForeignKeyConstraint(['order_id', 'order_no'], ['sales.orders.id', 'sales.orders.no'], name='order_tags_fkey'),
    Index('order_tags_tag', 'tag'),
    schema='sales'
)

t_view = Table(
    'report', Base.metadata,
    Column('a', Integer),
    Column('b', Text, comment="it's b"),
)
