from datetime import datetime

from sqlalchemy import CheckConstraint, DateTime, ForeignKey, Index, Integer, String, case
from sqlalchemy.ext.associationproxy import association_proxy
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import DeclarativeBase, Mapped, column_property, declared_attr, mapped_column, relationship, synonym, validates


class Base(DeclarativeBase):
    pass


class HasId:
    id: Mapped[int] = mapped_column(primary_key=True)


class Vehicle(HasId, Base):
    __tablename__ = "vehicle"
    kind: Mapped[str] = mapped_column(String(20), nullable=False)
    wheels: Mapped[int | None]
    first: Mapped[str] = mapped_column(String(5))
    last: Mapped[str] = mapped_column(String(5))
    full = column_property(first + " " + last)
    nick = synonym("first")
    __mapper_args__ = {"polymorphic_on": kind, "polymorphic_identity": "vehicle", "with_polymorphic": "*"}

    @hybrid_property
    def is_big(self) -> bool:
        return self.wheels > 4

    @is_big.expression
    def is_big(cls):
        return case((cls.wheels > 4, True), else_=False)

    @validates("first")
    def check_first(self, key, value):
        return value


class Car(Vehicle):
    __mapper_args__ = {"polymorphic_identity": "car"}
    doors: Mapped[int] = mapped_column(nullable=True)
    engine_id: Mapped[int | None] = mapped_column(ForeignKey("engine.id"))
    engine: Mapped["Engine"] = relationship(back_populates="cars")


class SportsCar(Car):
    __mapper_args__ = {"polymorphic_identity": "sports"}
    top_speed: Mapped[float | None]

    @declared_attr
    def start(cls) -> Mapped[datetime]:
        return Vehicle.__table__.c.get("start", mapped_column(DateTime, nullable=True))


class Truck(Vehicle):
    __tablename__ = "truck"
    id: Mapped[int] = mapped_column(ForeignKey("vehicle.id", ondelete="CASCADE"), primary_key=True)
    load: Mapped[int] = mapped_column(Integer, CheckConstraint("load > 0"))
    __mapper_args__ = {"polymorphic_identity": "truck"}
    __table_args__ = (Index("ix_truck_load", "load"),)


class Tanker(Truck):
    __mapper_args__ = {"polymorphic_identity": "tanker"}
    litres: Mapped[int | None]


class Engine(Base):
    __tablename__ = "engine"
    id: Mapped[int] = mapped_column(primary_key=True)
    cars: Mapped[list[Car]] = relationship(back_populates="engine")
    car_names = association_proxy("cars", "first")


class Manager(Base):
    __tablename__ = "manager"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]


class Engineer(Manager):
    __tablename__ = "engineer"
    __mapper_args__ = {"concrete": True}
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(30))
    info: Mapped[str | None]
