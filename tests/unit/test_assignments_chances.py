"""Chances that are stated before the draw."""

import pickle
from fractions import Fraction

import pytest
from staffing import (
    KEY,
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

import dsgk.assignments.parts as module
from dsgk.assignments import DrawMethod, Fairness, UnstaffableError
from dsgk.errors import InvalidInput, InvalidTypeError, InvalidValueError
from dsgk.inspectors import RecusalReason
from dsgk.kernels import raking
from dsgk.sources import RuleProfile


UNIT = Fraction(1, 2**30)


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


# -- methods -------------------------------------------------------------------


def test_the_method_of_every_task_is_told():
    """Tasks that are alike are drawn together, others by themselves."""
    tasks = [task(n) for n in range(4)]

    assignment = assign(tasks, officers(5), recusals=[kinship("P0", "S1")])

    methods = {t.id: assignment.method(t.id) for t in tasks}
    assert methods == {
        "T0": DrawMethod.CLASS,
        "T1": DrawMethod.EXACT,
        "T2": DrawMethod.CLASS,
        "T3": DrawMethod.CLASS,
    }
    assert assignment.pools("T0") == {}
    assert assignment.fairness is Fairness.EQUAL_CHANCE


@pytest.fixture
def small(monkeypatch):
    """Let every table be too large."""
    monkeypatch.setattr(module, "ENTRIES", -1)


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("fairness", Fairness)
@pytest.mark.parametrize("key", KEYS)
def test_the_fallback_tells_out_of_whom_each_seat_was_drawn(key, fairness):
    """Where no chances are stated, the pools are."""
    tasks = [task(n, seat(), seat("消防", 1)) for n in range(4)]
    people = [*officers(5, capacity=2), *officers(2, "消防", "X", capacity=2)]
    recusals = [kinship("P0", "S1"), kinship("X0", "S2")]

    assignment = assign(tasks, people, key=key, recusals=recusals, fairness=fairness)

    assert not assignment.stated.is_equal
    assert assignment.stated.expected_loads == {}
    assert assignment.stated.largest_deviation is None
    for number in range(4):
        team = names(assignment, f"T{number}")
        pools = assignment.pools(f"T{number}")
        assert assignment.method(f"T{number}") is DrawMethod.FALLBACK
        assert set(pools) == set(team)
        assert all(person in pool for person, pool in pools.items())
        assert all(pool == tuple(sorted(pool)) for pool in pools.values())
        with pytest.raises(InvalidValueError) as caught:
            assignment.chances(f"T{number}")
        assert caught.value.code == "chances-not-stated"
        with pytest.raises(InvalidValueError):
            assignment.stated.by_seat(f"T{number}")
    everybody = set().union(*(set(p) for p in assignment.pools("T1").values()))
    assert "P0" not in everybody
    assert max(assignment.loads.values()) <= 2


def test_no_deviation_is_told_where_one_part_has_no_chances(monkeypatch):
    """What is known of one department says nothing of the other."""
    tasks = [task(1), task(2, seat("消防"))]
    people = [*officers(5), *officers(4, "消防", "X")]
    whole = stated(tasks, people)
    monkeypatch.setattr(module, "ENTRIES", 5)

    half = stated(tasks, people)

    assert half["T1"] == whole["T1"]
    assert whole.largest_deviation < UNIT
    assert half.largest_deviation is None
    assert (whole.is_equal, half.is_equal) == (True, False)
    assert stated([], people).largest_deviation == 0


@pytest.mark.usefixtures("small")
def test_the_fallback_is_repeated_and_stated_apart_from_exact_draws():
    """The digest knows the difference, and room is part of it."""
    tasks = [task(n) for n in range(4)]

    one = assign(tasks, officers(6, capacity=3))
    again = assign(tasks, officers(6, capacity=3))
    tighter = assign(tasks, officers(6, capacity=2))

    assert one == again
    statements = [a.stated.statement for a in (one, tighter)]
    assert statements[0]["chances"] != statements[1]["chances"]
    assert assign([], []).stated.is_equal


@pytest.mark.usefixtures("small")
def test_loads_that_decide_by_the_fallback_are_part_of_the_digest():
    """Or who knows the key could choose among draws by the loads that he tells."""
    tasks = [task(n) for n in range(3)]

    def draws(fairness):
        drawn = {}
        for loads in ({}, {"P0": 2, "P1": 2}, {"P4": 1, "P5": 3}):
            assignment = assign(
                tasks, officers(6), fairness=fairness, current_loads=loads
            )
            drawn.setdefault(assignment.stated.digest, []).append(assignment.loads)
        return list(drawn.values())

    assert list(map(len, draws(Fairness.EQUAL_LOAD))) == [1, 1, 1]
    ((first, *others),) = draws(Fairness.EQUAL_CHANCE)
    assert [first, first] == others


def test_the_last_row_of_a_group_is_drawn_with_those_whose_chances_it_has():
    """As the format has it: rows of one group with the same chances are one lot."""
    people = [*officers(1, capacity=1), *officers(1, prefix="X")]
    tasks = [task(n, seat(count=1)) for n in range(4)]

    chances = stated(tasks, people, rules=RuleProfile(min_officers=1))

    assert {"P0": Fraction(1, 4), "X0": Fraction(3, 4)} == chances["T3"]
    assert {DrawMethod.CLASS} == {chances.method(one.id) for one in tasks}


@pytest.mark.parametrize(
    ("entries", "fallback"),
    [
        (9, set()),
        (8, {"消防"}),
        (5, {"消防"}),
        (4, {"市场监管"}),
        (3, {"市场监管", "消防"}),
    ],
)
def test_parts_are_stated_in_order_as_long_as_the_effort_is_bounded(
    monkeypatch, entries, fallback
):
    """Five officers of one department, four of the other; tasks are alike."""
    monkeypatch.setattr(module, "ENTRIES", entries)
    tasks = [task(1), task(2, seat("消防")), task(3, seat(), seat("消防"))]

    assignment = assign(tasks, [*officers(5), *officers(4, "消防", "X")])

    for one in tasks:
        departments = {d for s in one.seats for d in s.departments}
        by_fallback = assignment.method(one.id) is DrawMethod.FALLBACK
        assert by_fallback == bool(departments & fallback)
        drawn_so = len(departments & fallback) * 2
        assert len(assignment.pools(one.id)) == drawn_so
    known = set(assignment.stated.expected_loads)
    assert ("P0" in known) == ("市场监管" not in fallback)
    assert ("X0" in known) == ("消防" not in fallback)


# -- the value -----------------------------------------------------------------


def test_chances_are_a_mapping_by_task():
    """As one expects of a table that is published."""
    chances = stated([task(2), task(1)], officers(4))

    assert list(chances) == ["T1", "T2"]
    assert len(chances) == 2
    assert "T1" in chances
    assert "T3" not in chances
    assert dict(chances.items())["T2"] == chances["T2"]
    assert [t.id for t in chances.tasks] == ["T1", "T2"]
    assert chances.teams == ()
    with pytest.raises(KeyError):
        chances["T3"]
    assert repr(chances).startswith("StatedChances(2 tasks, Fairness.EQUAL_CHANCE, '")


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
    "batch": here(batch="上午"),
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


def test_a_key_is_made_of_the_digest_and_a_public_fact():
    """Nobody can choose the key who chooses the input."""
    chances = stated(**BASE)

    key = chances.key("02-07-11-18-25-30+09")

    assert key == chances.key("02-07-11-18-25-30+09") != chances.key("1")
    assert assign(BASE["tasks"], BASE["people"], key=key).key == key
    with pytest.raises(InvalidInput):
        chances.key(" 02")


def test_what_cannot_be_staffed_has_no_chances():
    """The explanation comes before any table is made."""
    with pytest.raises(UnstaffableError):
        stated([task(1)], officers(1))


@pytest.mark.parametrize("name", ["fairness", "avoid_home_areas"])
def test_a_switch_of_another_type_is_refused(name):
    """A text is no fairness, and 1 is not yes."""
    with pytest.raises(InvalidTypeError) as caught:
        stated([], [], **{name: "equal-load"})

    assert name in str(caught.value)
    with pytest.raises(InvalidTypeError):
        assign([], [], key=KEY, **{name: 1})


def test_rows_that_cannot_be_held_are_not_raked_where_they_are_too_many(monkeypatch):
    """
    Two officers have a task that is theirs alone and no day to spare, so that
    the barred tasks could not keep equal chances: all would have to be raked.
    """
    people = [*officers(2, capacity=2), *officers(260, prefix="Q")]
    tasks = [task(f"{n:03}") for n in range(236)]
    recusals = [kinship(f"Q{n}", f"S{n:03}") for n in range(235)]
    recusals += [kinship(f"Q{n}", "S235") for n in range(260)]
    monkeypatch.setattr(module, "ENTRIES", 60_000)
    rake, raked = raking._rake, []

    def watched(problem, full):
        raked.append(len(problem.row))
        return rake(problem, full)

    monkeypatch.setattr(raking, "_rake", watched)

    drawn = assign(tasks, people, recusals=recusals)

    assert raked == [2]
    assert {drawn.method(t.id) for t in tasks} == {DrawMethod.FALLBACK}
    assert names(drawn, "T235") == ["P0", "P1"]
