"""Drawing inspectors: what is asked for, what comes out, what is refused."""

import datetime as dt
import pickle
from collections import Counter

import attrs
import pytest
from staffing import (
    DAY,
    KEY,
    KEYS,
    assign,
    kinship,
    names,
    officer,
    officers,
    problem_of,
    seat,
    stated,
    task,
    visit,
)

from dsgk.assignments import (
    Fairness,
    PastVisit,
    Seat,
    Seated,
    StaffingProblem,
    StaffingTask,
    UnstaffableError,
    assign_inspectors,
)
from dsgk.errors import InvalidInput, InvalidTypeError, InvalidValueError, shown
from dsgk.inspectors import (
    Inspector,
    InspectorRegister,
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
        ({"department": ()}, InvalidValueError, "list-empty"),
        ({"department": 3}, InvalidTypeError, "argument-list"),
        ({"count": 0}, InvalidValueError, "count-range"),
        ({"count": 101}, InvalidValueError, "count-most"),
        ({"count": 10**5000}, InvalidValueError, "count-most"),
        ({"count": 2.5}, InvalidValueError, "count-form"),
        ({"count": True}, InvalidTypeError, "count-type"),
        ({"skills": "食品"}, InvalidTypeError, "argument-list"),
        ({"certified": None}, InvalidValueError, "flag-form"),
        ({"expert": 2}, InvalidValueError, "flag-form"),
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
        ({"seats": ()}, InvalidValueError, "list-empty"),
        ({"seats": Seat(department="消防")}, InvalidTypeError, "argument-list"),
        ({"seats": ["消防"]}, InvalidTypeError, "argument-type"),
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
        "T1": ["P1", "P3"],
        "T2": ["P3", "P4", "X0"],
        "T3": ["P2", "P5", "X2"],
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
        "in_charge": [True, False, False],
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


def test_the_visit_of_somebody_who_left_counts_for_their_department():
    """
    Who was there before them was not there last time. Of which department they
    were must be told, since the register does not know any more.
    """
    people = officers(3)
    later = DAY + dt.timedelta(days=1)

    def after(**fields):
        last = PastVisit(subject_id="S1", inspector_id="gone", on=later, **fields)
        history = [visit("P0"), last]
        return set(stated([task(1)], people, history=history)["T1"])

    assert after(department="市场监管") == {"P0", "P1", "P2"}
    assert after(department="消防") == {"P1", "P2"}
    assert after() == {"P1", "P2"}


def test_an_officer_counts_for_the_department_of_the_visit():
    """P0 came from the fire service, which has been there since."""
    people = [*officers(4), officer("X0", "消防")]
    then = PastVisit(subject_id="S1", inspector_id="P0", on=DAY, department="消防")
    later = DAY + dt.timedelta(days=1)

    moved = stated([task(1)], people, history=[then])
    since = stated([task(1)], people, history=[then, visit("X0", on=later)])
    other = stated([task(1)], people, history=[then, visit("P1", on=later)])

    assert set(moved["T1"]) == {"P1", "P2", "P3"}
    assert set(since["T1"]) == {"P0", "P1", "P2", "P3"}
    assert set(other["T1"]) == {"P2", "P3"}


def test_staff_without_a_certificate_make_no_last_time():
    """
    A clerk who came alone does not free the officer of last time; both are
    kept away until an officer has been there after them.
    """
    people = [*officers(4), officer("U0", certified=False)]
    team = task(1, seat(), seat(count=1, certified=False))
    days = [DAY + dt.timedelta(days=n) for n in range(4)]
    alone = [visit("P0", on=days[0]), visit("U0", on=days[1])]

    def open_to(*history):
        return set(stated([team], people, history=history)["T1"])

    assert open_to(*alone) == {"P1", "P2", "P3"}
    assert open_to(*alone, visit("P1", on=days[2])) == {"P0", "P2", "P3", "U0"}
    assert open_to(visit("U0", on=days[0])) == {"P0", "P1", "P2", "P3"}


def test_of_several_visits_the_latest_is_told():
    """The day in the sentence is the day of the last time."""
    days = [DAY + dt.timedelta(days=n) for n in range(3)]
    team = task(1, seat(), seat(count=1, certified=False))
    history = [visit("U0", on=on) for on in (days[2], days[0], days[1])]

    (shortage,) = shortages(
        [team], [*officers(2), officer("U0", certified=False)], history=history
    )

    assert shortage.past_visits == (visit("U0", on=days[2]),)


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


def test_officers_stand_in_the_history_with_their_department():
    """Their visits count when they have left; those of others never did."""
    seats = (seat(), seat(count=1, certified=False), seat(count=1, expert=True))
    people = [
        *officers(2),
        officer("U0", certified=False),
        officer("Z0", certified=False, is_expert=True),
    ]

    visits = assign([task(1, *seats)], people).past_visits(on=DAY)

    assert {v.inspector_id: v.department for v in visits} == {
        "P0": "市场监管", "P1": "市场监管", "U0": None, "Z0": None,
    }  # fmt: skip


# -- what is refused -----------------------------------------------------------


@pytest.mark.parametrize(
    "key", ["", KEY[:-1], KEY + "0", KEY.upper(), "g" * 32, KEY + "\n", None, 7]
)
def test_a_key_is_32_lower_case_hex_characters(key):
    """Another spelling of the key would be another draw."""
    with pytest.raises(InvalidValueError) as caught:
        assign([], [], key=key)

    assert caught.value.code == "text-form"


@pytest.mark.parametrize(
    "fields",
    [
        {"register": [officer("P1")]},
        {"rules": 2},
        {"recusals": [7]},
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


def test_what_is_asked_of_nobody_is_refused():
    """A seat admits people, and a task has seats."""
    with pytest.raises(InvalidTypeError, match="'person' must be"):
        Seat(department="消防").admits("P1")
    with pytest.raises(InvalidTypeError, match="'seat' must be"):
        task(1).is_leading("消防")


@pytest.mark.parametrize("key", ["officers", 1, None], ids=repr)
def test_rules_of_a_document_have_known_keys(key):
    """A number under another name would count as the default."""
    document = problem_of([task(1)], PEOPLE).to_dict()
    document["rules"][key] = 3

    with pytest.raises(InvalidInput) as caught:
        StaffingProblem.from_dict(document)

    assert [f.code for f in caught.value.faults] == ["key-unknown"]


def test_all_faults_are_told_at_once_by_table_and_row():
    """Nobody mends an input ten times."""
    tasks = [
        task(1),
        task(2),
        task(3, Seat(department="市场监管", count=1)),
        task(4, Seat(department={"税务", "海关"})),
        task(1),
    ]
    recusals = [kinship("P1", "S1"), kinship("P9", "S1")]
    history = [visit("P1"), visit("P2"), visit("P1")]

    found = faults(tasks, PEOPLE, recusals=recusals, history=history)

    assert found == [
        ("recusal-of-nobody", 1, "recusals.inspector_id"),
        ("team-too-small", 2, "tasks.seats"),
        ("officer-twice", 2, "history"),
        ("department-unknown", 3, "tasks.seats"),
        ("department-unknown", 3, "tasks.seats"),
        ("id-duplicate", 4, "tasks.id"),
    ]


def test_a_visit_is_told_once():
    """With a department or without, it is the same visit."""
    again = attrs.evolve(visit("P1"), department="市场监管")

    with pytest.raises(InvalidInput, match="must hold each visit of an inspector"):
        assign([task(1)], PEOPLE, history=[visit("P1"), again])


def test_values_of_another_type_are_told_with_their_place():
    """What fits together is asked of what is right in itself."""
    with pytest.raises(InvalidInput) as caught:
        assign(["T0", task(1), 7], PEOPLE, history=[None])

    assert [(f.code, f.column) for f in caught.value.faults] == [
        ("argument-type", "tasks[0]"),
        ("argument-type", "tasks[2]"),
        ("argument-type", "history[0]"),
    ]


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


def test_an_empty_register_is_told_so():
    """The sentence does not break off where names should stand."""
    with pytest.raises(InvalidInput) as caught:
        assign([task(1)], [])

    assert "(task 'T1' asks for '市场监管', there are none)" in str(caught.value)


@pytest.mark.parametrize(
    ("least", "told"),
    [(1, "1 certified officer (task"), (2, "2 certified officers (task")],
)
def test_one_officer_is_told_in_the_singular(least, told):
    """Rules may ask for one."""
    experts = task(1, seat(count=1, expert=True))
    rules = RuleProfile(min_officers=least)

    with pytest.raises(InvalidInput) as caught:
        assign([experts], [officer("Z", is_expert=True)], rules=rules)

    assert told in str(caught.value)


@pytest.mark.parametrize("name", ["tasks", "teams", "recusals", "history"])
@pytest.mark.parametrize("value", ["", "abc", b"", {}, None, 1], ids=repr)
def test_a_text_is_no_list(name, value):
    """An empty text, which a form sends for nothing, is not an empty table."""
    given = {"tasks": [task(1)], name: value}

    with pytest.raises(InvalidTypeError) as caught:
        assign(given.pop("tasks"), PEOPLE, **given)

    assert caught.value.code == "argument-list"
    assert caught.value.params["name"] == name


# -- seats of one kind ------------------------------------------------------


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
