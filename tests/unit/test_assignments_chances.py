"""Chances that are stated before the draw."""

import pickle
from fractions import Fraction

import numpy as np
import pytest
from staffing import (
    KEYS,
    assign,
    kinship,
    names,
    officer,
    officers,
    seat,
    stated,
    task,
    visit,
)

from dsgk.assignments import Fairness, UnstaffableError
from dsgk.errors import InvalidValueError
from dsgk.inspectors import RecusalReason
from dsgk.sources import RuleProfile


UNIT = Fraction(1, 2**20)


def near(chance, other):
    return abs(chance - other) < UNIT


# -- equal chance --------------------------------------------------------------


def test_everybody_to_whom_a_seat_is_open_has_the_same_chance():
    """Promise 3: seats divided by those who are eligible."""
    chances = stated([task(1)], officers(5), recusals=[kinship("P4", "S1")])

    assert list(chances["T1"]) == ["P0", "P1", "P2", "P3"]
    assert set(chances["T1"].values()) == {Fraction(1, 2)}
    assert chances.is_equal
    assert chances.capped == ()
    assert chances.largest_deviation == 0


def test_chances_add_up_to_the_seats_to_the_last_unit():
    """Three into two leaves a unit over; it is not lost."""
    chances = stated([task(1)], officers(3))

    assert sum(chances["T1"].values()) == 2
    assert all(near(chance, Fraction(2, 3)) for chance in chances["T1"].values())
    assert 0 < chances.largest_deviation < UNIT
    assert chances.is_equal


def test_somebody_on_leave_takes_no_chance_from_others():
    """A capacity of zero is not a chance of zero among those who go."""
    people = [*officers(4), officer("P9", capacity=0)]

    chances = stated([task(1)], people)

    assert chances["T1"] == dict.fromkeys(("P0", "P1", "P2", "P3"), Fraction(1, 2))
    assert chances.expected_loads["P9"] == 0


def test_chances_are_told_for_each_seat_of_a_joint_visit():
    """k per department, a skill within it, a seat open to both, an expert."""
    people = [
        *officers(2, skills={"食品"}),
        *officers(2, prefix="Q"),
        *officers(4, "消防", "X"),
        officer("Z0", is_expert=True),
    ]
    joint = task(
        1,
        seat(count=1, skills={"食品"}),
        seat("消防", 2),
        seat({"市场监管", "消防"}, 1),
        seat(count=1, expert=True),
    )

    chances = stated([joint], people)
    skilled, fire, either, expert = chances.by_seat("T1")

    assert skilled == dict.fromkeys(("P0", "P1"), Fraction(1, 2))
    assert expert == {"Z0": 1}
    assert [sum(s.values()) for s in (skilled, fire, either)] == [1, 2, 1]
    assert set(either) == {p.id for p in people} - {"Z0"}
    for person, chance in chances["T1"].items():
        parts = [s.get(person, 0) for s in (skilled, fire, either, expert)]
        assert sum(parts) == chance <= 1


def test_seats_of_one_kind_have_one_chance():
    """Two seats that ask for the same are drawn together."""
    chances = stated([task(1, seat(count=1), seat(count=2))], officers(6))

    assert chances.by_seat("T1") == (chances["T1"],)
    assert sum(chances["T1"].values()) == 3


def test_seats_of_one_kind_are_told_as_one_where_others_stand_between():
    """Each mapping adds up to the places that it tells of."""
    seats = [seat(count=1), seat("消防", 1), seat(count=1)]
    people = [*officers(4), *officers(2, "消防", "X")]

    market, fire = stated([task(1, *seats)], people).by_seat("T1")

    assert market == dict.fromkeys(("P0", "P1", "P2", "P3"), Fraction(1, 2))
    assert fire == dict.fromkeys(("X0", "X1"), Fraction(1, 2))


# -- capacities that bind ------------------------------------------------------


def test_a_capacity_that_binds_lowers_a_chance_and_no_more_than_it_must():
    """P0 may go once; equal chances would send them three times."""
    tasks = [task(n) for n in range(6)]
    people = [officer("P0", capacity=1), *officers(4)[1:]]

    chances = stated(tasks, people)

    assert chances.capped == ("P0",)
    assert not chances.is_equal
    assert near(chances.expected_loads["P0"], Fraction(1))
    for number in range(6):
        of_task = chances[f"T{number}"]
        assert sum(of_task.values()) == 2
        assert near(of_task["P0"], Fraction(1, 6)) or of_task["P0"] < Fraction(1, 6)
        assert all(
            abs(of_task[p] - Fraction(11, 18)) < 4 * UNIT for p in ("P1", "P2", "P3")
        )
    assert abs(chances.largest_deviation - Fraction(1, 3)) < 4 * UNIT


@pytest.mark.parametrize("key", KEYS)
def test_loads_are_the_expected_ones_rounded(key):
    """Nobody is much luckier than was stated."""
    tasks = [task(n) for n in range(7)]
    people = [officer("P0", capacity=1), *officers(5)[1:]]

    assignment = assign(tasks, people, key=key)

    for person, load in assignment.loads.items():
        expected = assignment.stated.expected_loads[person]
        assert abs(load - expected) < 1


def test_departments_that_share_nobody_do_not_change_each_others_chances():
    """One department short of capacity is no reason to adjust another."""
    tasks = [task(n, seat(), seat("消防")) for n in range(4)]
    people = [
        *officers(4),
        officer("X0", "消防", capacity=1),
        *officers(5, "消防", "Y"),
    ]

    chances = stated(tasks, people)

    assert chances.capped == ("X0",)
    for number in range(4):
        market, _ = chances.by_seat(f"T{number}")
        assert set(market.values()) == {Fraction(1, 2)}


# -- equal load ----------------------------------------------------------------


def test_equal_load_makes_expected_loads_equal():
    """P0 is barred from half of the tasks and goes more often to the others."""
    tasks = [task(n) for n in range(4)]
    recusals = [kinship("P0", f"S{n}") for n in (0, 1)]

    by_chance = stated(tasks, officers(4), recusals=recusals)
    by_load = stated(
        tasks, officers(4), recusals=recusals, fairness=Fairness.EQUAL_LOAD
    )

    assert by_chance.expected_loads["P0"] == 1
    for load in by_load.expected_loads.values():
        assert abs(load - 2) < 4 * UNIT
    assert "P0" not in by_load["T0"]
    assert by_load["T2"]["P0"] == 1


def test_equal_load_counts_what_people_have_already():
    """Who has two tasks more gets two less."""
    tasks = [task(n) for n in range(5)]

    chances = stated(
        tasks,
        officers(4),
        current_loads={"P0": 2, "P1": 0},
        fairness=Fairness.EQUAL_LOAD,
    )

    loads = chances.expected_loads
    assert abs(loads["P0"] - 1) < 4 * UNIT
    assert all(abs(loads[p] - 3) < 4 * UNIT for p in ("P1", "P2", "P3"))
    assert all(sum(chances[f"T{n}"].values()) == 2 for n in range(5))


def test_capacities_count_what_people_have_already():
    """A lead in December finds those who have a task left to give."""
    people = officers(4, capacity=5)
    loads = {"P0": 5, "P1": 4, "P2": 9}

    assignment = assign([task(1)], people, current_loads=loads)

    assert names(assignment) == ["P1", "P3"]
    assert assignment.loads["P0"] == 0


# -- the value -----------------------------------------------------------------


def test_whoever_has_more_than_their_capacity_already_can_take_none():
    """Room is nothing then, not less than nothing."""
    people = [officer("P0", capacity=1), *officers(3)[1:]]

    chances = stated([task(1)], people, current_loads={"P0": 3})

    assert set(chances["T1"]) == {"P1", "P2"}
    with pytest.raises(UnstaffableError):
        stated([task(1)], people[:2], current_loads={"P0": 3})


def test_nobody_is_more_than_certain_where_two_kinds_of_seats_overlap():
    """By equal chances one would be in 7/6 of a team, though their load is small."""
    seats = (seat(count=1, skills={"食品"}), seat())
    people = [*officers(2, skills={"食品"}), officer("Q0")]
    away = [kinship(p, "S2") for p in ("P0", "P1")]
    tasks = [task(1, *seats), task(2, seat("消防"))]

    chances = stated(tasks, [*people, *officers(2, "消防", "X")], recusals=away)

    assert chances.capped == ()
    assert not chances.is_equal
    assert max(chances["T1"].values()) == 1
    assert sum(chances["T1"].values()) == 3


def test_what_is_two_units_apart_is_not_equal():
    """Equal is to the last unit."""
    (part,) = stated([task(1)], officers(4)).parts

    for more, is_equal in (([1, 0, 0, 0], True), ([1, -1, 0, 0], False)):
        assert part._replace(units=part.units + np.array(more)).is_equal is is_equal


def test_chances_are_a_mapping_by_task():
    """As one expects of a table that is published."""
    chances = stated([task(2), task(1)], officers(4))

    assert list(chances) == ["T1", "T2"]
    assert len(chances) == 2
    assert "T1" in chances
    assert "T3" not in chances
    assert dict(chances.items())["T2"] == chances["T2"]
    assert [t.id for t in chances.problem.tasks] == ["T1", "T2"]
    assert chances.problem.teams == ()
    with pytest.raises(KeyError):
        chances["T3"]
    assert ["T1"] not in chances
    assert chances.get(["T1"]) is None
    assert repr(chances).startswith("StatedChances(2 tasks, Fairness.EQUAL_CHANCE, '")


@pytest.mark.parametrize("name", ["T9", "", None, ["T1"], 7], ids=repr)
@pytest.mark.parametrize(
    "look", ["task", "by_seat", "in_charge", "chances", "by_place"]
)
def test_a_task_that_is_not_there_is_told(look, name):
    """One error, whatever is asked of it."""
    drawn = assign([task(1)], officers(4))
    held = drawn if hasattr(drawn, look) and look != "in_charge" else drawn.stated

    with pytest.raises(InvalidValueError) as caught:
        getattr(held, look)(name)

    assert caught.value.code == "no-such-task"


def test_the_draw_states_what_was_stated_without_it():
    """Published before, the same after."""
    tasks, people = [task(1), task(2)], officers(5)
    recusals, history = [kinship("P0", "S1")], [visit("P1", "S2")]

    before = stated(tasks, people, recusals=recusals, history=history)
    after = assign(tasks, people, recusals=recusals, history=history)

    assert before == after.stated
    assert before.digest == after.stated.digest
    assert hash(before) == hash(after.stated)
    assert before["T1"] == after.chances("T1")
    assert before != "chances"


def test_stated_chances_survive_pickling():
    """Workers hand them back by pickle."""
    chances = stated([task(1)], officers(4))

    copy = pickle.loads(pickle.dumps(chances))  # noqa: S301

    assert copy == chances
    assert copy["T1"] == chances["T1"]


BASE = {"tasks": [task(1, seat(), area="上仓镇")], "people": officers(5)}


def here(**fields):
    return {"tasks": [task(1, **{"area": "上仓镇", **fields})]}


CHANGES = {
    "subject": here(subject="S9"),
    "area": here(area="下营镇"),
    "agencies": here(agencies={"甲所"}),
    "lead": here(lead="市场监管"),
    "outing": here(outing="上午"),
    "seats": {"tasks": [task(1, seat(count=3), area="上仓镇")]},
    "task": {"tasks": [task(2, area="上仓镇")]},
    "people": {"people": officers(6)},
    "recusals": {"recusals": [kinship("P1", "S1")]},
    "history": {"history": [visit("P1")]},
    "fairness": {"fairness": Fairness.EQUAL_LOAD},
    "avoid_home_areas": {"avoid_home_areas": True},
    "rules": {"rules": RuleProfile(min_officers=1)},
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_any_change_of_the_input_changes_the_digest(change):
    """What was published cannot be exchanged unseen."""
    assert stated(**BASE).digest != stated(**{**BASE, **change}).digest


def test_reasons_do_not_stand_in_the_digest():
    """That somebody is recused follows from chances; why is nobody's business."""
    one = stated(**BASE, recusals=[kinship("P1", "S1")])
    other = stated(
        **BASE, recusals=[kinship("P1", "S1", reason=RecusalReason.OWN_INTEREST)]
    )

    assert one == other


def test_what_cannot_be_staffed_has_no_chances():
    """The explanation comes before any table is made."""
    with pytest.raises(UnstaffableError):
        stated([task(1)], officers(1))
