"""Drawing inspectors: what is asked for, what comes out, what is refused."""

import datetime as dt
import pickle
from collections import Counter

import pytest
from staffing import DAY, KEY, KEYS, assign, kinship, names, officer, task, visit

from dsgk.assignments import (
    Fairness,
    Seat,
    Seated,
    Shortage,
    StaffingTask,
    UnstaffableError,
    assign_inspectors,
)
from dsgk.errors import InvalidInput, InvalidTypeError, InvalidValueError, shown
from dsgk.inspectors import (
    Inspector,
    InspectorRegister,
    RecusalOrigin,
    RecusalReason,
)
from dsgk.sources import PENALTY_LAW_42, PENALTY_LAW_43, RuleProfile


def faults(tasks, people, **fields):
    with pytest.raises(InvalidInput) as caught:
        assign(tasks, people, **fields)
    return [(f.code, f.row, f.column) for f in caught.value.faults]


def shortages(tasks, people, **fields):
    with pytest.raises(UnstaffableError) as caught:
        assign(tasks, people, **fields)
    return caught.value.shortages


# -- seats and tasks -----------------------------------------------------------


def test_a_seat_open_to_one_department_has_one_form():
    """`{"消防"}` and `"消防"` ask for the same and are equal."""
    one = Seat(department="消防")

    assert one == Seat(department={"消防"})
    assert one.department == "消防"
    assert one.departments == frozenset({"消防"})
    assert Seat(department={"消防", "文旅"}).departments == {"消防", "文旅"}


@pytest.mark.parametrize(
    ("seat", "person", "admitted"),
    [
        ({}, {}, True),
        ({}, {"department": "消防"}, False),
        ({"department": {"消防", "市场监管"}}, {"department": "消防"}, True),
        ({"skills": {"食品"}}, {}, False),
        ({"skills": {"食品"}}, {"skills": {"食品", "药品"}}, True),
        ({"skills": {"食品", "药品"}}, {"skills": {"食品"}}, False),
        ({}, {"certified": False}, False),
        ({"certified": False}, {"certified": False}, True),
        ({"certified": False}, {}, True),
        ({}, {"is_expert": True}, False),
        ({"certified": False}, {"is_expert": True}, False),
        ({"expert": True}, {}, False),
        ({"expert": True}, {"is_expert": True}, True),
        ({"expert": True}, {"is_expert": True, "certified": False}, True),
        ({"expert": True}, {"is_expert": True, "department": "消防"}, False),
    ],
    ids=str,
)
def test_whom_a_seat_admits(seat, person, admitted):
    """Department, skills and certificate; experts and officers never mix."""
    seat = Seat(**{"department": "市场监管", **seat})

    assert admitted == seat.admits(officer("P1", **person))


@pytest.mark.parametrize(
    ("seat", "officers"),
    [
        ({}, 2),
        ({"count": 3}, 3),
        ({"certified": False}, 0),
        ({"expert": True}, 0),
    ],
    ids=["usual", "three", "uncertified", "expert"],
)
def test_which_seats_count_towards_the_officers_of_a_team(seat, officers):
    """Two officers and an expert are two officers."""
    assert officers == Seat(department="消防", **seat).officers


@pytest.mark.parametrize(
    ("fields", "error", "code"),
    [
        ({"department": " 消防"}, InvalidValueError, "label-form"),
        ({"department": ()}, InvalidValueError, "seat-without-department"),
        ({"department": 3}, InvalidTypeError, "labels-type"),
        ({"count": 0}, InvalidValueError, "seat-count-range"),
        ({"count": 101}, InvalidValueError, "seat-count-range"),
        ({"count": 10**5000}, InvalidValueError, "seat-count-range"),
        ({"count": 2.0}, InvalidTypeError, "seat-count-type"),
        ({"count": True}, InvalidTypeError, "seat-count-type"),
        ({"skills": "食品"}, InvalidTypeError, "labels-type"),
        ({"certified": None}, InvalidTypeError, "field-type"),
        ({"expert": 1}, InvalidTypeError, "field-type"),
    ],
    ids=shown,
)
def test_a_faulty_seat_is_refused(fields, error, code):
    """A count is a whole number of people, a department a name."""
    with pytest.raises(error) as caught:
        Seat(**{"department": "消防", **fields})

    assert code == caught.value.code


def test_a_team_may_be_as_large_as_anybody_sends():
    """A hundred places of one kind; who is missing is told at once."""
    large = StaffingTask(
        id="T1", subject_id="S1", seats=[Seat(department="消防", count=100)]
    )
    many = [Inspector(id=f"P{n:03}", department="消防") for n in range(120)]

    drawn = assign_inspectors([large], InspectorRegister(many), key=KEY)

    assert len(drawn.teams["T1"]) == 100
    with pytest.raises(UnstaffableError, match="at least 70 seats"):
        assign_inspectors([large], InspectorRegister(many[:30]), key=KEY)


@pytest.mark.parametrize(
    ("fields", "error", "code"),
    [
        ({"id": ""}, InvalidValueError, "id-empty"),
        ({"subject_id": "Ｓ1"}, InvalidValueError, "id-form"),
        ({"seats": ()}, InvalidTypeError, "task-seats"),
        ({"seats": Seat(department="消防")}, InvalidTypeError, "task-seats"),
        ({"seats": ["消防"]}, InvalidTypeError, "task-seats"),
        ({"area": "上仓镇 "}, InvalidValueError, "label-form"),
    ],
    ids=["id", "subject", "no seats", "one seat", "names", "area"],
)
def test_a_faulty_task_is_refused(fields, error, code):
    """A visit without anybody is no visit."""
    right = {"id": "T1", "subject_id": "S1", "seats": [Seat(department="消防")]}

    with pytest.raises(error) as caught:
        StaffingTask(**{**right, **fields})

    assert code == caught.value.code


def test_a_task_keeps_its_seats_in_a_tuple_and_may_have_an_area():
    """A list that the host changes later does not change the task."""
    seats = [Seat(department="消防")]

    made = StaffingTask(id="T1", subject_id="S1", seats=seats, area="上仓镇")

    assert made.seats == tuple(seats)
    assert made.area == "上仓镇"
    assert made.officers == 2


# -- what comes out ------------------------------------------------------------

PEOPLE = [officer(f"P{n}") for n in range(6)] + [
    officer(f"X{n}", "消防", skills={"消防设施"} if n == 2 else ()) for n in range(3)
]


def test_the_draw_of_a_key_never_changes():
    """Golden vector: the same inputs give the same teams on every machine."""
    tasks = [
        task(1),
        task(2, Seat(department="市场监管"), Seat(department="消防", count=1)),
        task(3, Seat(department={"市场监管", "消防"}, count=3)),
    ]

    assignment = assign(tasks, PEOPLE, recusals=[kinship("P0", "S1")])

    assert {t: names(assignment, t) for t in assignment.teams} == {
        "T1": ["P3", "P4"],
        "T2": ["P2", "P5", "X0"],
        "T3": ["P1", "X1", "X2"],
    }


def test_teams_stand_in_the_order_of_seats_and_people():
    """A printed list does not depend on the throw of the dice."""
    joint = task(
        1,
        Seat(department="消防", count=1, skills={"消防设施"}),
        Seat(department="市场监管", count=3),
        Seat(department="消防", count=1),
    )

    assignment = assign([joint], PEOPLE)

    team = assignment.teams["T1"]
    assert [s.seat for s in team] == [
        joint.seats[0], *[joint.seats[1]] * 3, joint.seats[2],
    ]  # fmt: skip
    assert team[0].inspector_id == "X2"
    of_market = [s.inspector_id for s in team[1:4]]
    assert of_market == sorted(of_market)


def test_loads_count_everybody_in_the_register():
    """Who has nothing to do is listed with nothing."""
    assignment = assign([task(1), task(2)], PEOPLE)

    assert list(assignment.loads) == sorted(person.id for person in PEOPLE)
    drawn = Counter(n for t in assignment.teams for n in names(assignment, t))
    assert dict(assignment.loads) == {p.id: drawn[p.id] for p in PEOPLE}
    assert sum(assignment.loads.values()) == 4


def test_an_assignment_does_not_change():
    """Teams and loads are views; what was drawn was drawn."""
    assignment = assign([task(1)], PEOPLE)

    with pytest.raises(TypeError):
        assignment.teams["T1"] = ()
    with pytest.raises(TypeError):
        assignment.loads["P1"] = 0


def test_an_assignment_survives_pickling():
    """Workers hand it back by pickle."""
    assignment = assign([task(1)], PEOPLE)

    assert assignment == pickle.loads(pickle.dumps(assignment))  # noqa: S301
    assert assignment != assign([task(1)], PEOPLE, key=KEYS[1])


def test_no_tasks_need_no_register():
    """A month without tasks is no special case for the host."""
    assignment = assign([], [])

    assert dict(assignment.teams) == {}
    assert dict(assignment.loads) == {}
    assert assignment.to_columns()["task_id"] == []


def test_columns_hold_one_row_for_each_place():
    """A host puts them into a table of its own."""
    seats = (
        Seat(department="市场监管"),
        Seat(department="市场监管", count=1, expert=True),
    )
    people = [officer("P1"), officer("P2"), officer("Z1", is_expert=True)]

    columns = assign([task(1, *seats)], people).to_columns()

    assert columns == {
        "task_id": ["T1"] * 3,
        "subject_id": ["S1"] * 3,
        "seat": [0, 0, 1],
        "expert": [False, False, True],
        "lead": [True, False, False],
        "inspector_id": ["P1", "P2", "Z1"],
    }


@pytest.mark.parametrize("key", KEYS)
def test_equal_load_keeps_loads_within_one(key):
    """With one department and no bars nobody has two tasks more than another."""
    tasks = [task(n) for n in range(20)]

    loads = assign(tasks, PEOPLE, key=key, fairness=Fairness.EQUAL_LOAD).loads

    of_market = [loads[f"P{n}"] for n in range(6)]
    assert max(of_market) - min(of_market) <= 1


def test_different_keys_give_different_teams():
    """The key decides, and nothing else does."""
    teams = {tuple(names(assign([task(1)], PEOPLE, key=key))) for key in KEYS}

    assert len(teams) > 10


# -- recusal and rotation ------------------------------------------------------


@pytest.mark.parametrize("key", KEYS[:10])
def test_a_recused_officer_does_not_go(key):
    """Administrative Penalty Law, Art. 43; other subjects are not touched."""
    people = [officer("P1"), officer("P2"), officer("P3")]

    assignment = assign([task(1)], people, key=key, recusals=[kinship("P1", "S1")])

    assert names(assignment) == ["P2", "P3"]
    elsewhere = [kinship("P1", "S7"), kinship("P2", "S8")]
    assert assign([task(1)], people[:2], key=key, recusals=elsewhere)


def test_a_recused_expert_does_not_go_either():
    """Recusal binds whoever takes part."""
    seats = (
        Seat(department="市场监管"),
        Seat(department="市场监管", count=1, expert=True),
    )
    people = [officer("P1"), officer("P2"), officer("Z1", is_expert=True)]

    (shortage,) = shortages([task(1, *seats)], people, recusals=[kinship("Z1", "S1")])

    assert shortage.wanted == (("T1", seats[1]),)


@pytest.mark.parametrize("key", KEYS[:10])
def test_an_officer_does_not_go_where_they_were_last_time(key):
    """Rotation: of three, the two of last time leave one, and two are wanted."""
    people = [officer(f"P{n}") for n in range(4)]

    assignment = assign([task(1)], people, key=key, history=[visit("P0"), visit("P1")])

    assert names(assignment) == ["P2", "P3"]


def test_last_time_is_the_latest_visit_only():
    """Who was there before the last time may go again."""
    people = [officer(f"P{n}") for n in range(4)]
    earlier = DAY - dt.timedelta(days=1)
    history = [
        visit("P0", on=earlier),
        visit("P1", on=earlier),
        visit("P2"),
        visit("P3"),
    ]

    assert names(assign([task(1)], people, history=history)) == ["P0", "P1"]


def test_last_time_is_counted_for_each_department():
    """A later visit of the fire service does not free the market officers."""
    people = [officer("P0"), officer("P1"), officer("P2"), officer("X0", "消防")]
    history = [visit("P0"), visit("X0", on=DAY + dt.timedelta(days=1))]

    assert names(assign([task(1)], people, history=history)) == ["P1", "P2"]


def test_experts_and_people_who_left_are_not_rotated():
    """There may be one laboratory only; and a retired officer bars nobody."""
    seats = (
        Seat(department="市场监管"),
        Seat(department="市场监管", count=1, expert=True),
    )
    people = [officer("P1"), officer("P2"), officer("Z1", is_expert=True)]
    history = [visit("Z1"), visit("left")]

    assert names(assign([task(1, *seats)], people, history=history)) == [
        "P1", "P2", "Z1",
    ]  # fmt: skip


def test_an_assignment_is_the_history_of_the_next():
    """With four officers, the second draw must take the other two."""
    people = [officer(f"P{n}") for n in range(4)]
    first = assign([task(1)], people)

    second = assign([task(1)], people, history=first.past_visits(on=DAY))

    assert sorted(names(first) + names(second)) == ["P0", "P1", "P2", "P3"]


# -- what is refused -----------------------------------------------------------


@pytest.mark.parametrize(
    "key", ["", KEY[:-1], KEY + "0", KEY.upper(), "g" * 32, KEY + "\n", None, 7]
)
def test_a_key_is_32_lower_case_hex_characters(key):
    """Another spelling of the key would be another draw."""
    with pytest.raises(InvalidValueError) as caught:
        assign([], [], key=key)

    assert caught.value.code == "key-form"


@pytest.mark.parametrize(
    "fields",
    [
        {"register": [officer("P1")]},
        {"rules": 2},
        {"fairness": "equal-load"},
        {"tasks": 3},
        {"recusals": None},
        {"history": 3},
    ],
    ids=lambda fields: next(iter(fields)),
)
def test_an_argument_of_another_type_is_refused(fields):
    """The message says which, and how to make one."""
    right = {"tasks": [], "register": InspectorRegister([]), "key": KEY}

    with pytest.raises(InvalidTypeError) as caught:
        assign_inspectors(**{**right, **fields})

    assert caught.value.code == "argument-type"
    assert next(iter(fields)) in str(caught.value)


def test_all_faults_are_told_at_once_by_table_and_row():
    """Nobody mends an input ten times."""
    tasks = [
        task(1),
        "T2",
        task(3, Seat(department="市场监管", count=1)),
        task(4, Seat(department={"税务", "海关"})),
        task(1),
    ]
    recusals = [kinship("P1", "S1"), kinship("P9", "S1"), None]
    history = [visit("P1"), 7, visit("P2"), visit("P1")]

    found = faults(tasks, PEOPLE, recusals=recusals, history=history)

    assert found == [
        ("row-type", 1, "tasks"),
        ("team-too-small", 2, "tasks.seats"),
        ("department-unknown", 3, "tasks.seats"),
        ("department-unknown", 3, "tasks.seats"),
        ("id-duplicate", 4, "tasks.id"),
        ("recusal-of-nobody", 1, "recusals.inspector_id"),
        ("row-type", 2, "recusals"),
        ("row-type", 1, "history"),
        ("officer-twice", 3, "history"),
    ]


def test_repeats_are_told_by_the_rows_of_the_host():
    """Rows that were no tasks are counted, too."""
    with pytest.raises(InvalidInput) as caught:
        assign(["T0", task(1), "T2", task(1)], PEOPLE)

    fault = next(f for f in caught.value.faults if f.code == "id-duplicate")
    assert (fault.row, fault.params["first"]) == (3, 1)


@pytest.mark.parametrize(
    ("seats", "least", "refused"),
    [
        ([{"count": 1}], 2, True),
        ([{"count": 2}], 2, False),
        ([{"count": 1}, {"count": 1}], 2, False),
        ([{"count": 1}], 1, False),
        ([{"count": 2}], 3, True),
        ([{"count": 1}, {"count": 1, "certified": False}], 2, True),
        ([{"count": 1}, {"count": 1, "expert": True}], 2, True),
    ],
    ids=str,
)
def test_a_team_has_as_many_certified_officers_as_the_law_asks_for(
    seats, least, refused
):
    """Administrative Penalty Law, Art. 42; the number is one of the profile."""
    people = [*PEOPLE, officer("U1", certified=False), officer("Z1", is_expert=True)]
    team = task(1, *(Seat(department="市场监管", **fields) for fields in seats))
    rules = RuleProfile(min_officers=least)

    if not refused:
        assert assign([team], people, rules=rules)
        return
    with pytest.raises(InvalidInput) as caught:
        assign([team], people, rules=rules)

    assert [f.code for f in caught.value.faults] == ["team-too-small"]
    assert caught.value.faults[0].provision == str(PENALTY_LAW_42)


def test_a_recusal_of_nobody_is_refused_with_its_provision():
    """A misspelt id would let the relative inspect."""
    with pytest.raises(InvalidInput) as caught:
        assign([task(1)], PEOPLE, recusals=[kinship("P01", "S1")])

    assert caught.value.faults[0].provision == str(PENALTY_LAW_43)


# -- what cannot be staffed ----------------------------------------------------


def test_a_shortage_says_who_is_needed_where():
    """Everything that a district officer needs to solve it."""
    joint = Seat(department={"市场监管", "消防"}, skills={"电梯", "锅炉"})
    people = [officer("P1", skills={"电梯", "锅炉"}), officer("P2")]
    people.append(officer("X1", "消防"))

    (shortage,) = shortages([task(1, joint)], people)

    assert shortage.wanted == (("T1", joint),)
    assert shortage.tasks == ("T1",)
    assert shortage.departments == ("市场监管", "消防")
    assert shortage.skills == ("电梯", "锅炉")
    assert shortage.inspectors == ("P1",)
    assert (shortage.seats, shortage.capacity, shortage.missing) == (2, 1, 1)
    assert shortage.recusals == ()
    assert shortage.past_visits == ()


def test_a_shortage_is_told_in_one_sentence():
    """In words that need no knowledge of graphs."""
    people = [officer("P1", capacity=1), officer("P2", capacity=1)]

    (shortage,) = shortages([task(1), task(2)], people)

    assert str(shortage) == (
        "4 seats for '市场监管' in 2 tasks ('T1', 'T2') are open to 2 inspectors "
        "('P1', 'P2'), who together can take 2 of them: 2 are missing."
    )


def test_a_shortage_without_anybody_is_told_so():
    """Nobody has the skill: no capacity would help."""
    seat = Seat(department="市场监管", count=1, skills={"电梯"})

    (shortage,) = shortages([task(1, Seat(department="消防"), seat)], PEOPLE)

    assert str(shortage) == (
        "1 seat for '市场监管' with '电梯' in 1 task ('T1') is open to nobody: "
        "1 is missing."
    )


def test_people_without_capacity_can_take_none():
    """Somebody on leave is listed, and can take none."""
    people = [officer("P1", capacity=0)]

    (shortage,) = shortages([task(1)], people)

    assert "open to 1 inspector ('P1'), who can take none of them" in str(shortage)


def test_a_shortage_names_what_keeps_people_away():
    """What stands against one person and one subject is told together."""
    people = [officer("P1"), officer("P2"), officer("P3"), officer("P4", capacity=0)]
    recusals = [
        kinship("P1", "S1"),
        kinship("P1", "S1"),
        kinship("P1", "S1", origin=RecusalOrigin.ORDERED),
        kinship("P2", "S1", reason=RecusalReason.OWN_INTEREST),
        kinship("P4", "S1"),
        kinship("P3", "S2"),
    ]

    (shortage,) = shortages([task(1)], people, recusals=recusals, history=[visit("P1")])

    assert shortage.recusals == (recusals[0], recusals[2], recusals[3])
    assert shortage.past_visits == (visit("P1"),)
    assert str(shortage).endswith(
        "1 is missing. One more could be filled if 'P1' went to 'S1' (recused for "
        "kinship, declared; recused for kinship, ordered; was there last time, on "
        "2026-03-02) or if 'P2' went to 'S1' (recused for own-interest, declared)."
    )


def test_long_lists_are_cut_in_the_sentence_alone():
    """A message of a thousand names is read by nobody; the values keep all."""
    people = [officer(f"P{n}", capacity=1) for n in range(8)]
    recusals = [kinship(person.id, "S7") for person in people[:7]]

    told = shortages([task(7)], people, recusals=recusals)
    many = shortages([task(n) for n in range(9)], people[:8])

    assert str(told[0]).count("went to") == 5
    assert str(told[0]).endswith(", or by 2 more.")
    assert "9 tasks ('T0', 'T1', 'T2', 'T3', 'T4' and 4 more)" in str(many[0])
    assert len(many[0].tasks) == 9


def test_an_unstaffable_error_tells_every_shortage():
    """Each desk finds its own problem in one error."""
    people = [officer("P1"), officer("X1", "消防")]
    joint = (Seat(department="市场监管"), Seat(department="消防"))

    with pytest.raises(UnstaffableError) as caught:
        assign([task(1, *joint)], people)

    error = caught.value
    assert isinstance(error, ValueError)
    assert [s.departments for s in error.shortages] == [("市场监管",), ("消防",)]
    lines = str(error).split("\n")
    assert lines[0] == "no legal staffing exists: at least 2 seats would stay empty"
    assert lines[1:3] == [f"  {shortage}" for shortage in error.shortages]
    assert "District Opinion, Art. 4" in lines[3]
    assert error.code == "unstaffable"
    assert error.params["missing"] == 2
    assert error.params["shortages"] == [s.params for s in error.shortages]


def test_one_missing_seat_is_told_in_the_singular():
    """Small things are read first."""
    with pytest.raises(UnstaffableError, match="at least 1 seat would stay empty"):
        assign([task(1)], [officer("P1")])


def test_many_shortages_are_cut_in_the_message_alone():
    """All are in the error."""
    tasks = [task(n) for n in range(25)]

    with pytest.raises(UnstaffableError, match="and 5 more, see") as caught:
        assign(tasks, [officer("P1")])

    assert len(caught.value.shortages) == 25
    with pytest.raises(UnstaffableError) as all_told:
        assign(tasks[:20], [officer("P1")])
    assert "more, see" not in str(all_told.value)


def test_an_unstaffable_error_survives_pickling():
    """Workers hand errors back by pickle."""
    with pytest.raises(UnstaffableError) as caught:
        assign([task(1)], [officer("P1")])
    error = caught.value

    copy = pickle.loads(pickle.dumps(error))  # noqa: S301

    assert copy.shortages == error.shortages
    assert (str(copy), copy.code, copy.params) == (
        str(error), error.code, error.params,
    )  # fmt: skip
    assert UnstaffableError().shortages == ()


def test_the_numbers_of_a_shortage_are_plain_values():
    """For a host that writes the sentence in Chinese."""
    shortage = Shortage(
        wanted=(("T1", Seat(department="消防")),),
        inspectors=("X1",),
        capacity=1,
        recusals=(kinship("X2", "S1"),),
        past_visits=(visit("X3"),),
    )

    assert shortage.params == {
        "tasks": ("T1",),
        "departments": ("消防",),
        "skills": (),
        "inspectors": ("X1",),
        "seats": 2,
        "capacity": 1,
        "missing": 1,
        "recusals": [("X2", "S1")],
        "past_visits": [("X3", "S1", "2026-03-02")],
        "home_areas": [],
        "of_teams": False,
    }


def test_seats_of_one_kind_are_not_told_apart_by_their_order():
    """Two seats of one kind in one task share the same people."""
    people = [officer(f"P{n}") for n in range(3)]
    one, two = Seat(department="市场监管", count=1), Seat(department="市场监管")

    teams = [
        set(assign([task(1, *seats)], people, key=key).teams["T1"])
        for key in KEYS[:5]
        for seats in ((one, two), (two, one))
    ]

    assert teams[0::2] == teams[1::2]
    assert Seated(inspector_id="P0", seat=one) in set().union(*teams)
