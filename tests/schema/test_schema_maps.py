"""Maps that share what they have in common behave as a `dict`, and lookups find what a scan finds."""

import random

from migration_ls.schema.alike import alike
from migration_ls.schema.lookups import Tables
from migration_ls.schema.maps import SharedMap, SharedSet
from migration_ls.schema.names import Name
from migration_ls.schema.tables import ForeignKey, Index, IndexPart, Table


def test_a_shared_map_is_what_a_dict_is() -> None:
    chance = random.Random(7)
    kept: list[tuple[SharedMap[int, int], dict[int, int]]] = []
    shared: SharedMap[int, int] = SharedMap({number: number for number in range(40)})
    plain = dict(shared)
    for turn in range(3_000):
        key = chance.randrange(900)
        if chance.random() < 0.3:
            shared, plain = shared.without(key), {item: value for item, value in plain.items() if item != key}
        else:
            shared, plain = shared.with_item(key, turn), {**plain, key: turn}
        if turn % 150 == 0:
            kept.append((shared, plain))
        assert len(shared) == len(plain)
        assert (key in shared) == (key in plain)
        assert shared.get(key) == plain.get(key)
    for one, other in kept:
        assert list(one.items()) == list(other.items())
        assert list(one) == list(other)
        assert list(one.values()) == list(other.values())
        assert one == other
        assert other == one
        assert one == SharedMap(other)
    assert kept[0][0] != kept[1][0]


def test_a_shared_set_is_what_a_set_is() -> None:
    one = SharedSet(["a", "b"])
    assert set(one.with_item("c")) == {"a", "b", "c"}
    assert one.with_item("a") is one
    assert one.without("z") is one
    assert list(one.without("a").with_item("a")) == ["b", "a"]
    assert one == SharedSet(["b", "a"])


def _table(chance: random.Random, name: Name) -> Table:
    return Table(
        name=name,
        indexes=tuple(
            Index(name=f"i{chance.randrange(9)}", parts=(IndexPart(text="a"),)) for _ in range(chance.randrange(3))
        ),
        foreign_keys=tuple(
            ForeignKey(name=None, columns=("a",), ref_table=Name(f"t{chance.randrange(30)}"), ref_columns=())
            for _ in range(chance.randrange(3))
        ),
        partition_of=Name(f"t{chance.randrange(30)}") if chance.random() < 0.2 else None,
    )


def test_lookups_find_what_a_scan_finds_after_every_change() -> None:
    chance = random.Random(3)
    tables = Tables()
    for turn in range(600):
        name = Name(f"t{chance.randrange(30)}")
        tables = tables.without(name) if chance.random() < 0.3 else tables.with_table(_table(chance, name))
        if turn % 3:
            continue
        for number in range(30):
            wanted = Name(f"t{number}")
            scanned = list(tables.values())
            assert tables.children(wanted) == tuple(item for item in scanned if item.partition_of == wanted)
            assert tables.referencing(wanted) == tuple(
                item for item in scanned if any(key.ref_table == wanted for key in item.foreign_keys)
            )
            assert tables.with_index(f"i{number}") == tuple(item for item in scanned if item.index(f"i{number}"))


def test_alike_sees_what_equality_leaves_out() -> None:
    one = Tables({Name("a"): Table(name=Name("a")), Name("b"): Table(name=Name("b"))})
    same = Tables({Name("a"): Table(name=Name("a")), Name("b"): Table(name=Name("b"))})
    turned = Tables({Name("b"): Table(name=Name("b")), Name("a"): Table(name=Name("a"))})
    assert alike(one, same)
    assert one == turned
    assert not alike(one, turned)
    assert not alike(one, one.with_table(Table(name=Name("b"), comment="said")))
    assert alike(one, one.with_table(Table(name=Name("c"))).without(Name("c")))
