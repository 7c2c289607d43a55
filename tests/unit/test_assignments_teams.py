"""Teams as law and practice want them: leads, batches, preset teams, home areas."""

from collections import Counter
from fractions import Fraction

import pytest
from staffing import (
    KEYS,
    assign,
    kinship,
    names,
    officer,
    officers,
    problem_of,
    recorded,
    seat,
    stated,
    task,
    visit,
)

from dsgk.assignments import (
    Fairness,
    PresetTeam,
    UnstaffableError,
    plan_outings,
)
from dsgk.assignments._problem import seating
from dsgk.errors import InvalidInput, InvalidTypeError, InvalidValueError, shown
from dsgk.verify import verify_assignment


def faults(tasks, people, **fields):
    with pytest.raises(InvalidInput) as caught:
        assign(tasks, people, **fields)
    return [(f.code, f.row, f.column) for f in caught.value.faults]


def shortage(tasks, people, **fields):
    with pytest.raises(UnstaffableError) as caught:
        assign(tasks, people, **fields)
    (only,) = caught.value.shortages
    return only


# -- the officer in charge -----------------------------------------------------


@pytest.mark.parametrize("key", KEYS)
def test_a_certified_officer_of_the_team_is_in_charge(key):
    """Neither an expert nor uncertified staff."""
    people = [
        *officers(3),
        officer("U0", certified=False),
        officer("Z0", is_expert=True),
    ]
    team = task(1, seat(), seat(count=1, expert=True), seat(count=1, certified=False))

    assignment = assign([team], people, key=key)

    assert assignment.in_charge["T1"] in names(assignment)
    assert assignment.in_charge["T1"].startswith("P")
    columns = assignment.to_columns()
    assert sum(columns["in_charge"]) == 1
    in_charge = columns["inspector_id"][columns["in_charge"].index(True)]
    assert in_charge == assignment.in_charge["T1"]


def test_the_chance_to_be_in_charge_is_stated():
    """An equal part of the chance to be there."""
    chances = stated(
        [task(1, seat(), seat("消防", 1))], [*officers(4), *officers(2, "消防", "X")]
    )

    lead = chances.in_charge("T1")

    assert sum(lead.values()) == 1
    assert lead["P0"] == Fraction(1, 2) / 3
    assert lead["X0"] == Fraction(1, 2) / 3


@pytest.mark.parametrize("key", KEYS)
def test_the_lead_department_may_have_the_charge(key):
    """In a joint visit the department that initiates it."""
    people = [*officers(3), *officers(3, "消防", "X")]
    joint = task(1, seat(), seat("消防", 1), seat({"市场监管", "消防"}, 1), lead="消防")

    assignment = assign([joint], people, key=key)

    assert assignment.in_charge["T1"] == names(assignment)[2]
    lead = assignment.stated.in_charge("T1")
    assert set(lead) == {"X0", "X1", "X2"}
    assert sum(lead.values()) == 1


def test_charge_is_not_always_the_first_one_s():
    """Over fixed keys each of two is in charge about as often."""
    leads = Counter(assign([task(1)], officers(2), key=k).in_charge["T1"] for k in KEYS)

    assert set(leads) == {"P0", "P1"}


def test_a_lead_department_needs_officers_seats_of_its_own():
    """Requirements that cross are refused with the remedy."""
    people = [*officers(3), *officers(3, "消防", "X")]
    crossing = task(1, seat(), seat({"市场监管", "消防"}, 1), lead="消防")
    expert = task(2, seat(), seat("消防", 1, expert=True), lead="消防")

    with pytest.raises(InvalidInput, match="Give the department a seat") as caught:
        assign([crossing, expert], people)

    assert [(f.code, f.row) for f in caught.value.faults] == [
        ("lead-without-seat", 0),
        ("lead-without-seat", 1),
    ]


# -- agencies ------------------------------------------------------------------


def test_an_agency_is_recorded_and_has_no_seat():
    """Art. 21: it does not count as an officer."""
    team = task(1, agencies=["乙所", "甲所"])

    assert team.agencies == ("乙所", "甲所")
    assert team.officers == 2
    assert len(names(assign([team], officers(3)))) == 2
    assert faults([task(1, seat(count=1), agencies=["甲所"])], officers(3)) == [
        ("team-too-small", 0, "tasks.seats")
    ]


# -- batches -------------------------------------------------------------------


def near(number, **fields):
    return task(number, area="上仓镇", outing="上午", **fields)


@pytest.mark.parametrize("key", KEYS)
def test_tasks_of_one_batch_get_one_team(key):
    """Two people drive to one township on one morning."""
    tasks = [near(1), near(2), task(3)]
    recusals = [kinship("P0", "S1"), kinship("P1", "S2")]

    assignment = assign(tasks, officers(6, capacity=1), key=key, recusals=recusals)

    assert names(assignment, "T1") == names(assignment, "T2")
    assert assignment.in_charge["T1"] == assignment.in_charge["T2"]
    assert assignment.chances("T1") == assignment.chances("T2")
    assert not {"P0", "P1"} & set(names(assignment, "T1"))
    assert sorted(assignment.loads.values()) == [0, 0, 1, 1, 1, 1]
    assert set(assignment.teams) == {"T1", "T2", "T3"}
    assert len(assignment.to_columns()["task_id"]) == 6


def test_seats_of_a_batch_may_stand_in_any_order():
    """They ask for the same, and each task lists its own way."""
    one, two = seat(count=1, skills={"食品"}), seat("消防", 1)
    people = [*officers(3, skills={"食品"}), *officers(2, "消防", "X")]
    tasks = [
        task(1, one, two, area="A", outing="B"),
        task(2, two, one, area="A", outing="B"),
    ]

    assignment = assign(tasks, people)

    assert names(assignment, "T2") == names(assignment, "T1")[::-1]
    assert [s.seat for s in assignment.teams["T2"]] == [two, one]


def test_a_batch_that_one_team_cannot_make_is_refused():
    """Other seats, another area or another lead are another half-day."""
    tasks = [
        near(1),
        task(2, seat(count=3), area="上仓镇", outing="上午"),
        task(3, outing="上午"),
        near(4, lead="市场监管"),
        near(5),
    ]

    assert faults(tasks, officers(4)) == [
        ("outing-differs", row, "tasks.outing") for row in (1, 2, 3)
    ]


def test_the_name_of_a_batch_is_no_id_of_a_task():
    """A batch called T2 and the task T2 are two units."""
    tasks = [task(1, outing="T2"), task(2), task(3, outing="T2")]

    assignment = assign(tasks, officers(4, capacity=1))

    assert names(assignment, "T1") == names(assignment, "T3")
    assert set(names(assignment, "T1")).isdisjoint(names(assignment, "T2"))


def test_a_shortage_of_a_batch_names_all_that_keeps_somebody_away():
    """P0 would have to go to both subjects, the seat is wanted once."""
    recusals = [kinship("P0", "S1"), kinship("P0", "S2")]

    told = shortage([near(1), near(2)], officers(2), recusals=recusals)

    assert told.tasks == ("T1",)
    assert (told.seats, told.missing) == (2, 1)
    assert told.recusals == tuple(recusals)


def test_tasks_are_batched_by_area_and_by_what_they_need():
    """Each area has its own half-day; what needs other people is apart."""
    tasks = [
        *(task(n, area="城区") for n in range(5)),
        *(task(n, area="山区") for n in range(5, 8)),
        task(8, seat("消防"), area="城区"),
        task(9, area="城区", lead="市场监管"),
    ]

    batched = plan_outings(reversed(tasks), size={"城区": 3, "山区": 1})

    assert [t.id for t in batched] == [t.id for t in tasks]
    assert [t.outing for t in batched] == [
        "城区 T0", "城区 T0", "城区 T0", "城区 T3", "城区 T3",
        "山区 T5", "山区 T6", "山区 T7", "城区 T8", "城区 T9",
    ]  # fmt: skip
    assert {t.outing for t in plan_outings(tasks[:5], size=9)} == {"城区 T0"}


@pytest.mark.parametrize(
    ("size", "error", "code"),
    [
        (0, InvalidValueError, "count-range"),
        (-(10**5000), InvalidValueError, "count-range"),
        ({"城区": 0}, InvalidValueError, "count-range"),
        (2.5, InvalidValueError, "count-form"),
        (True, InvalidTypeError, "count-type"),
        ({"城区": None}, InvalidTypeError, "count-type"),
    ],
    ids=shown,
)
def test_a_half_day_holds_at_least_one_task(size, error, code):
    """A size is a whole number from 1."""
    with pytest.raises(error) as caught:
        plan_outings([], size=size)

    assert caught.value.code == code


@pytest.mark.parametrize("tasks", [None, 1, float("nan"), "", "T1", b""], ids=repr)
def test_what_holds_no_tasks_is_not_batched(tasks):
    """A code, not a bare error of the language."""
    with pytest.raises(InvalidTypeError) as caught:
        plan_outings(tasks, size=2)

    assert caught.value.code == "argument-list"


def test_lists_that_were_batched_one_by_one_can_be_joined():
    """Two desks batch the same area: no half-day gets larger than its size."""
    morning = plan_outings([task(n, area="城区") for n in range(3)], size=2)
    evening = plan_outings([task(n, area="城区") for n in range(3, 6)], size=2)

    drawn = assign([*morning, *evening], officers(8))

    assert Counter(t.outing for t in drawn.tasks) == {
        "城区 T0": 2, "城区 T2": 1, "城区 T3": 2, "城区 T5": 1,
    }  # fmt: skip
    assert sum(drawn.loads.values()) == 8


def test_all_that_cannot_be_batched_is_told_at_once():
    """Without an area nobody knows what lies near."""
    tasks = [task(1), task(2, area="城区", outing="B"), "T3", task(4, area="山区")]

    with pytest.raises(InvalidInput) as caught:
        plan_outings(tasks, size={"城区": 2})

    assert [(f.code, f.row) for f in caught.value.faults] == [
        ("outing-area", 0),
        ("outing-given", 1),
        ("argument-type", 2),
        ("outing-area", 3),
    ]


# -- home areas ----------------------------------------------------------------


@pytest.mark.parametrize("key", KEYS[:10])
def test_whoever_has_ties_with_the_area_keeps_away_if_that_is_wanted(key):
    """A switch: a small district may not be able to afford it."""
    people = [officer("P0", home_areas={"上仓镇"}), *officers(4)[1:]]
    tasks = [task(1, area="上仓镇"), task(2, area="下营镇"), task(3)]

    on = assign(tasks, people, key=key, avoid_home_areas=True)
    off = stated(tasks, people)

    assert "P0" not in on.chances("T1")
    assert on.chances("T2")["P0"] == on.chances("T3")["P0"] == Fraction(1, 2)
    assert on.chances("T1")["P1"] == pytest.approx(2 / 3)
    assert off["T1"]["P0"] == Fraction(1, 2)


def test_a_shortage_names_ties_that_would_resolve_it():
    """Together with everything else that stands against the same person."""
    people = [
        officer("P0", home_areas={"上仓镇"}),
        officer("P1", home_areas={"上仓镇", "下营镇"}),
        officer("P2", home_areas={"上仓镇"}, capacity=0),
        officer("P3", home_areas={"下营镇"}),
    ]

    told = shortage(
        [task(1, area="上仓镇")],
        people,
        recusals=[kinship("P1", "S1")],
        avoid_home_areas=True,
    )

    assert told.inspectors == ("P3",)
    assert told.home_areas == (("P0", "上仓镇"), ("P1", "上仓镇"))
    assert told.recusals == (kinship("P1", "S1"),)
    assert str(told).endswith(
        "One more could be filled if this did not hold: 'P0' has ties with '上仓镇'. "
        "One more could be filled if this did not hold: 'P1' is recused from 'S1' "
        "('涉及亲属的利害关系', '本人申请'). 'P1' has ties with '上仓镇'."
    )


# -- preset teams --------------------------------------------------------------

GROUPS = [
    PresetTeam(id="一组", members={"P0", "P1"}),
    PresetTeam(id="二组", members=["P3", "P2"]),
    PresetTeam(id="三组", members=["P4", "P5"]),
]


@pytest.mark.parametrize("key", KEYS)
def test_preset_teams_are_drawn_as_units(key):
    """Every team has the same chance, and its members have that of the team."""
    tasks = [task(1), task(2)]

    assignment = assign(tasks, officers(8), key=key, teams=GROUPS)

    for number in (1, 2):
        assert names(assignment, f"T{number}") in [list(g.members) for g in GROUPS]
    chances = assignment.chances("T1")
    assert set(chances) == {f"P{n}" for n in range(6)}
    assert all(abs(c - Fraction(1, 3)) < Fraction(1, 2**19) for c in chances.values())
    assert assignment.problem.teams == tuple(sorted(GROUPS, key=lambda g: g.id))
    assert sum(assignment.loads.values()) == 4
    assert assignment.loads["P7"] == 0
    assert assignment.in_charge["T1"] in names(assignment, "T1")
    assert sum(assignment.stated.in_charge("T1").values()) == 1


def test_a_team_keeps_away_when_one_of_them_has_to():
    """Recusal, rotation and ties bind the team with its member."""
    people = [officer("P0", home_areas={"上仓镇"}), *officers(6)[1:]]
    tasks = [task(1), task(2), task(3, area="上仓镇")]

    chances = stated(
        tasks,
        people,
        teams=GROUPS,
        recusals=[kinship("P3", "S1")],
        history=[visit("P4", "S2"), visit("P7", "S2")],
        avoid_home_areas=True,
    )

    assert {"P2", "P3"}.isdisjoint(chances["T1"])
    assert {"P4", "P5"}.isdisjoint(chances["T2"])
    assert {"P0", "P1"}.isdisjoint(chances["T3"])
    assert [len(chances[t]) for t in chances] == [4, 4, 4]


def test_a_team_can_take_as_many_tasks_as_its_busiest_member():
    """Capacity and what they have already are those of all members."""
    people = [officer("P0", capacity=3), officer("P1", capacity=2), *officers(6)[2:]]
    tasks = [task(n) for n in range(6)]

    assignment = assign(
        tasks, people, teams=GROUPS[:2], current_loads={"P1": 1, "P0": 1}
    )

    assert assignment.loads["P0"] == assignment.loads["P1"] == 1
    assert assignment.loads["P2"] == 5


def test_a_team_fits_where_its_members_fill_all_places():
    """Whoever has the skill has the seat for it, whichever comes first."""
    people = [
        officer("P0"), officer("P1", skills={"食品"}),
        officer("P2", skills={"食品"}), officer("P3"),
        officer("P4"), officer("P5"), officer("P6"),
    ]  # fmt: skip
    teams = [*GROUPS[:2], PresetTeam(id="四组", members={"P4", "P5", "P6"})]
    skilled = task(1, seat(count=1, skills={"食品"}), seat(count=1))

    assignment = assign([skilled, task(2, seat(count=3))], people, teams=teams)

    assert names(assignment, "T1") in (["P1", "P0"], ["P2", "P3"])
    assert names(assignment, "T2") == ["P4", "P5", "P6"]
    first, second = assignment.stated.by_seat("T1")
    assert first == dict.fromkeys(("P1", "P2"), Fraction(1, 2))
    assert second == dict.fromkeys(("P0", "P3"), Fraction(1, 2))


def test_a_team_has_the_load_of_its_busiest_member():
    """By equal load it comes later; the least busy of it does not count."""
    chances = stated(
        [task(n) for n in range(3)],
        officers(4),
        teams=GROUPS[:2],
        current_loads={"P0": 2},
        fairness=Fairness.EQUAL_LOAD,
    )

    assert chances.expected_loads == {"P0": 0.5, "P1": 0.5, "P2": 2.5, "P3": 2.5}


def test_places_of_one_kind_stand_by_id_however_members_are_seated():
    """Of a preset team one had to move to the skilled place."""
    people = [officer("P0", skills={"食品"}), *officers(3)[1:]]
    team = [PresetTeam(id="G", members={"P0", "P1", "P2"})]
    wanted = task(1, seat(count=2), seat(count=1, skills={"食品"}))

    assert assign([wanted], people, teams=team).by_place("T1") == ("P1", "P2", "P0")


def test_a_shortage_of_teams_counts_teams():
    """In words about teams, not about seats."""
    people = officers(6, capacity=1)

    told = shortage([task(n) for n in range(5)], people, teams=GROUPS)

    assert told.of_teams
    assert (told.seats, told.capacity, told.missing) == (5, 3, 2)
    assert told.inspectors == ("一组", "三组", "二组")
    assert str(told) == (
        "2 of 5 teams of 2 from '市场监管' for 5 tasks ('T0', 'T1', 'T2', 'T3', 'T4') "
        "cannot be had. They are open to '一组', '三组', '二组', who can take 3 in all."
    )


@pytest.mark.parametrize(
    ("sizes", "count", "barred", "told"),
    [
        ([2], 3, [], "since none has 3 members (there are teams of 2)"),
        ([1, 2], 3, [], "since none has 3 members (there are teams of 1, 2)"),
        ([2, 3], 3, ["P2"], "though 'G1' would fit"),
        ([2, 2], 2, ["P0", "P3"], "though 'G0', 'G1' would fit"),
    ],
)
def test_a_shortage_of_teams_says_why_none_comes(sizes, count, barred, told):
    """Too few members, or somebody who is kept away."""
    members = iter(f"P{n}" for n in range(9))
    teams = [
        PresetTeam(id=f"G{n}", members={next(members) for _ in range(size)})
        for n, size in enumerate(sizes)
    ]

    found = shortage(
        [task(1, seat(count=count))],
        officers(9),
        teams=teams,
        recusals=[kinship(name, "S1") for name in barred],
    )

    assert str(found).startswith(
        f"1 of 1 team of {count} from '市场监管' for 1 task ('T1') cannot be had. "
        f"They are open to no team, {told}."
    )
    assert found.sizes == (count,)
    assert found.team_sizes == tuple(sorted(set(sizes)))


def test_teams_of_the_right_size_may_lack_somebody_for_a_place():
    """Nobody has the skill; ties with the area are another thing."""
    skilled = task(1, seat(count=1, skills={"食品"}), seat(count=1), area="A")
    at_home = [officer(f"P{n}", home_areas={"A"}) for n in range(2)]
    team = [PresetTeam(id="G", members={"P0", "P1"})]

    lacking = shortage([skilled], officers(2), teams=team)
    tied = shortage([task(1, area="A")], at_home, teams=team, avoid_home_areas=True)

    assert str(lacking).endswith(
        "They are open to no team, since none has members for all places."
    )
    assert lacking.fitting == ()
    assert tied.fitting == ("G",)
    assert tied.ways == ((("P0", "A"), ("P1", "A")),)


def test_the_recusals_of_two_members_must_both_fall():
    """The team goes with all of its members, or not at all."""
    recusals = [kinship("P0", "S1"), kinship("P1", "S1"), kinship("P2", "S1")]

    found = shortage([task(1)], officers(4), teams=GROUPS[:2], recusals=recusals)

    assert found.ways == ((recusals[2],), (recusals[0], recusals[1]))


def test_what_a_member_has_already_is_told_as_a_cause():
    """The team has the least room of its members."""
    people = [officer("P0", capacity=2), *officers(2)[1:]]

    found = shortage([task(1)], people, teams=GROUPS[:1], current_loads={"P0": 2})

    assert found.busy == (("P0", 2, 2),)
    assert str(found).endswith(
        "They are open to '一组', who can take 0 in all. 'P0' has 2 of 2 tasks already."
    )


@pytest.mark.parametrize("parted", [(3,), (1, 2), (2, 1), (1, 1, 1)])
@pytest.mark.parametrize("key", KEYS[:5])
def test_how_places_of_one_kind_are_parted_into_seats_changes_nothing(key, parted):
    """
    The digest knows kinds alone, so that teams by places and who is in charge
    must not depend on more; else a true record would look forged.
    """
    people = [
        officer("P0", skills={"s", "t"}, certified=False),
        officer("P1", skills={"s"}),
        officer("P2", skills={"t"}),
        *officers(5)[3:],
    ]
    team = [PresetTeam(id="G", members={f"P{n}" for n in range(5)})]
    first = [seat(count=1, skills={"s"}), seat(count=1, skills={"t"}, certified=False)]

    one = assign([task(1, *first, seat(count=3))], people, teams=team, key=key)
    other = [task(1, *first, *(seat(count=n) for n in parted))]
    parts = assign(other, people, teams=team, key=key)

    assert parts.stated.digest == one.stated.digest
    assert parts.by_place("T1") == one.by_place("T1")
    assert parts.in_charge == one.in_charge
    problem = problem_of(other, people, teams=team)
    record, _ = recorded(
        problem_of([task(1, *first, seat(count=3))], people, teams=team)
    )
    assert verify_assignment(record, problem) == ()


def test_a_shortage_of_teams_names_whose_bar_matters():
    """The recusal of a member is that of the team."""
    told = shortage(
        [task(1)],
        officers(6),
        teams=GROUPS[:1],
        recusals=[kinship("P1", "S1")],
    )

    assert told.recusals == (kinship("P1", "S1"),)


def test_teams_that_share_somebody_are_refused():
    """Requirements that cross: drawing one team uses up the other."""
    teams = [
        GROUPS[0],
        PresetTeam(id="五组", members={"P1", "P2"}),
        PresetTeam(id="六组", members={"P9"}),
        GROUPS[0],
    ]

    assert faults([task(1)], officers(4), teams=teams) == [
        ("member-of-two-teams", 1, "teams.members"),
        ("member-unknown", 2, "teams.members"),
        ("id-duplicate", 3, "teams.id"),
    ]


@pytest.mark.parametrize(
    ("fields", "error", "code"),
    [
        ({"id": ""}, InvalidValueError, "id-empty"),
        ({"members": ()}, InvalidValueError, "list-empty"),
        ({"members": "P0"}, InvalidTypeError, "argument-list"),
        ({"members": {" P0"}}, InvalidValueError, "id-padded"),
        ({"members": {"①"}}, InvalidValueError, "id-form"),
    ],
    ids=["id", "nobody", "text", "padded", "no id"],
)
def test_a_faulty_team_is_refused(fields, error, code):
    """A team has a name and members."""
    with pytest.raises(error) as caught:
        PresetTeam(**{"id": "一组", "members": {"P0"}, **fields})

    assert caught.value.code == code


def test_seating_moves_as_few_as_possible():
    """Whoever sits stays, unless the newcomer could not sit otherwise."""
    plain, food, both = seat(), seat(skills={"食品"}), seat(skills={"食品", "药品"})
    people = [
        officer("P0", skills={"食品", "药品"}),
        officer("P1", skills={"食品"}),
        officer("P2"),
    ]

    assert seating(people, [plain, food, both], [-1, 1, 0]) == [2, 1, 0]
    assert seating(people, [both, food, plain], [0, -1, 1]) == [0, 1, 2]
    assert seating(people, [both, food, plain], [-1, 0, 1]) == [0, 1, 2]
    assert seating(people, [both, both, plain]) is None
    assert seating(people, [plain]) is None


# -- what people have already --------------------------------------------------


def test_faulty_loads_are_told_with_the_rest():
    """A load is a whole number of somebody in the register."""
    loads = {"P1": -1, "P2": 1.5, "P3": True, "P4": 1_000_001, "P5": 10**5000}

    with pytest.raises(InvalidInput) as caught:
        assign([task(1)], officers(7), current_loads=loads)
    assert [(f.code, f.column) for f in caught.value.faults] == [
        ("count-range", "current_loads['P1']"),
        ("count-form", "current_loads['P2']"),
        ("count-type", "current_loads['P3']"),
        ("count-most", "current_loads['P4']"),
        ("count-most", "current_loads['P5']"),
    ]
    assert faults([task(1)], officers(1), current_loads={"P9": 1}) == [
        ("load-of-nobody", None, "current_loads"),
    ]
    with pytest.raises(InvalidTypeError, match="current_loads"):
        assign([], [], current_loads=[])


@pytest.mark.parametrize("fairness", Fairness)
def test_no_load_is_too_large_to_be_counted_in(fairness):
    """A million tasks are no more work than one, and nobody else comes up to them."""
    loads = {"P0": 1_000_000, "P1": 1_000_000}

    drawn = assign([task(1)], officers(4), current_loads=loads, fairness=fairness)

    if fairness is Fairness.EQUAL_LOAD:
        assert names(drawn) == ["P2", "P3"]
        assert drawn.chances("T1") == {"P0": 0, "P1": 0, "P2": 1, "P3": 1}
    else:
        assert drawn.stated.is_equal
