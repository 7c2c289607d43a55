"""Replacing one inspector after the draw, and nobody else."""

import datetime as dt
import pickle
from collections import Counter
from fractions import Fraction

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
    seat,
    task,
    visit,
)

from dsgk.assignments import (
    Fairness,
    PresetTeam,
    RedrawReason,
    UnstaffableError,
    redraw_seat,
)
from dsgk.errors import InvalidInput, InvalidTypeError, InvalidValueError
from dsgk.inspectors import InspectorRegister


NEW = "9a0364b9e99bb480dd25e1f0284c8555"
ILL = RedrawReason.UNAVAILABLE


def redraw(assignment, leaving, task_id="T1", **fields):
    return redraw_seat(
        assignment, task_id, leaving, **{"reason": ILL, "key": NEW, **fields}
    )


def without(assignment, leaving, task_id="T1"):
    return [name for name in names(assignment, task_id) if name != leaving]


@pytest.mark.parametrize("key", KEYS)
def test_everybody_else_stays(key):
    """One seat changes hands, and loads follow."""
    drawn = assign([task(1), task(2), task(3)], officers(6))
    leaving, staying = names(drawn)

    after = redraw(drawn, leaving, key=key)

    (done,) = after.redraws
    assert (done.task_id, done.before, done.reason) == ("T1", leaving, ILL)
    assert set(names(after)) == {staying, done.after}
    assert done.after not in names(drawn)
    assert done.pool == tuple(sorted({f"P{n}" for n in range(6)} - set(names(drawn))))
    assert done.chances == dict.fromkeys(done.pool, Fraction(1, 4))
    for other in ("T2", "T3"):
        assert after.teams[other] == drawn.teams[other]
        assert after.leads[other] == drawn.leads[other]
    change = {leaving: -1, done.after: 1}
    assert after.loads == {
        p: load + change.get(p, 0) for p, load in drawn.loads.items()
    }
    assert after.chances("T1") == drawn.chances("T1")
    assert drawn.redraws == ()


def test_all_of_the_pool_come_as_often():
    """The stated chances of a redraw are kept, over fixed keys."""
    drawn = assign([task(1)], officers(5))
    leaving = names(drawn)[0]

    after = Counter(
        redraw(drawn, leaving, key=f"{n:032x}").redraws[0].after for n in range(900)
    )

    assert len(after) == 3
    assert all(240 < n < 360 for n in after.values())


def test_redraws_chain():
    """Each stands on the one before, and can undo nobody."""
    drawn = assign([task(1), task(2)], officers(5))
    leaving = names(drawn)[0]

    one = redraw(drawn, leaving)
    came = one.redraws[0].after
    two = redraw(one, came, reason=RedrawReason.RECUSAL, recusals=[kinship(came, "S1")])

    assert [r.before for r in two.redraws] == [leaving, came]
    assert two.redraws[:1] == one.redraws
    assert came not in two.redraws[1].pool
    assert sum(two.loads.values()) == 4
    with pytest.raises(InvalidValueError, match="the team is") as caught:
        redraw(two, came)
    assert caught.value.code == "not-in-team"


def test_whoever_is_kept_away_is_not_drawn():
    """Recusals and rotation of the draw, and those of today."""
    drawn = assign(
        [task(1), task(2)],
        officers(8),
        recusals=[kinship("P0", "S1"), kinship("P9", "S1")][:1],
        history=[visit("P1", "S1"), visit("P2", "S2")],
    )
    leaving = names(drawn)[0]

    after = redraw(
        drawn,
        leaving,
        recusals=[kinship("P2", "S1"), kinship("P3", "S2"), kinship(leaving, "S1")],
        history=[visit("P4", "S1", on=DAY)],
    )

    team = set(names(drawn))
    assert set(after.redraws[0].pool) == {
        p for p in ("P3", "P5", "P6", "P7") if p not in team
    }


@pytest.mark.parametrize(
    ("year", "barred"), [(2020, "P4"), (2024, "P4"), (2025, "P1 P4"), (2026, "P1")]
)
def test_last_time_is_told_of_all_visits_together(year, barred):
    """
    What was not known at the draw may be older than what was, and bars nobody;
    or later, and frees those who are no longer the last.
    """
    history = [visit("P4", on=dt.date(2025, 1, 1))]
    drawn = next(
        drawn
        for key in KEYS
        if "P1"
        not in names(drawn := assign([task(1)], officers(6), key=key, history=history))
    )
    leaving, staying = names(drawn)

    after = redraw(drawn, leaving, history=[visit("P1", on=dt.date(year, 1, 1))])

    kept = {leaving, staying, *barred.split()}
    assert set(after.redraws[0].pool) == {f"P{n}" for n in range(6)} - kept


def test_a_visit_of_somebody_who_left_since_the_draw_still_counts():
    """The register of the draw knows of which department they were."""
    early, late = dt.date(2024, 1, 1), dt.date(2025, 1, 1)
    history = [visit("P4", on=early), visit("P5", on=late)]
    drawn = assign([task(1)], officers(6), history=history)
    leaving = next(name for name in names(drawn) if name != "P4")
    today = InspectorRegister(p for p in officers(6) if p.id != "P5")

    pool = redraw(drawn, leaving, register=today).redraws[0].pool

    assert set(pool) == {"P0", "P1", "P2", "P3", "P4"} - set(names(drawn))


def test_bars_of_a_redraw_that_must_fall_together_are_told_together():
    """P2 has a recusal of the draw, one of today, and ties with the area."""
    people = [*officers(2), officer("P2", home_areas={"A"}), officer("P3")]
    recusals = [kinship("P2", "S1"), kinship("P3", "S1"), kinship("P2", "S2")]
    tasks = [task(n, area="A", batch="B") for n in (1, 2)]
    drawn = assign(tasks, people, recusals=recusals[:2], avoid_home_areas=True)

    with pytest.raises(UnstaffableError) as caught:
        redraw(drawn, names(drawn)[0], recusals=recusals[2:])

    assert caught.value.shortages[0].ways == (
        (recusals[0], recusals[2], ("P2", "A")), (recusals[1],),
    )  # fmt: skip


def test_a_way_may_need_others_to_change_seats():
    """P2 can only take the plain seat, and could, were it not for the recusal."""
    people = [*officers(2, skills={"食品"}), officer("P2")]
    skilled, plain = seat(count=1, skills={"食品"}), seat(count=1)
    drawn = assign([task(1, skilled, plain)], people, recusals=[kinship("P2", "S1")])

    with pytest.raises(UnstaffableError) as caught:
        redraw(drawn, names(drawn)[0])

    assert caught.value.shortages[0].ways == ((kinship("P2", "S1"),),)


def test_what_would_help_besides_is_told_of_a_redraw_too():
    """Somebody is busy, somebody has no certificate; a recused one has neither."""
    people = [
        *officers(2),
        officer("P2", capacity=3),
        officer("U0", certified=False),
        officer("U1", certified=False),
    ]
    drawn = assign(
        [task(1)], people, current_loads={"P2": 3}, recusals=[kinship("U1", "S1")]
    )

    with pytest.raises(UnstaffableError) as caught:
        redraw(drawn, "P0")

    (told,) = caught.value.shortages
    assert told.busy == (("P2", 3, 3),)
    assert told.uncertified == ("U0",)
    assert "can take none of them, since 'P2' has 3 of 3 tasks already" in str(told)


def test_home_areas_and_capacities_hold_as_in_the_draw():
    """Nobody gets more than their capacity, earlier tasks included."""
    people = [
        *officers(2),
        officer("P2", home_areas={"上仓镇"}),
        officer("P3", capacity=2),
        officer("P4", capacity=3),
    ]
    tasks = [task(1, area="上仓镇"), task(2)]
    recusals = [kinship(p, "S1") for p in ("P3", "P4")]
    drawn = assign(
        tasks,
        people,
        avoid_home_areas=True,
        recusals=[*recusals, *(kinship(p, "S2") for p in ("P3", "P4"))],
        current_loads={"P3": 2, "P4": 2},
    )

    with pytest.raises(UnstaffableError) as caught:
        redraw(drawn, "P0")

    (told,) = caught.value.shortages
    assert (told.seats, told.missing, told.capacity) == (1, 1, 0)
    assert told.wanted == (("T1", seat(count=1)),)
    assert told.inspectors == ()
    assert told.recusals == (recusals[1],)
    assert told.home_areas == (("P2", "上仓镇"),)


def test_somebody_without_room_is_told_as_open_but_not_able():
    """The sentence says who would have to get a larger capacity."""
    drawn = assign([task(1)], officers(3, capacity=1), current_loads={})
    leaving = names(drawn)[0]
    spare = next(f"P{n}" for n in range(3) if f"P{n}" not in names(drawn))
    people = [p if p.id != spare else officer(spare, capacity=0) for p in officers(3)]

    with pytest.raises(UnstaffableError, match="can take none of them") as caught:
        redraw(drawn, leaving, register=InspectorRegister(people))

    assert caught.value.shortages[0].inspectors == (spare,)


def test_rotation_that_would_resolve_it_is_told():
    """A visit of last time is a bar that somebody may lift."""
    drawn = assign([task(1)], officers(3), history=[visit("P0")])

    with pytest.raises(UnstaffableError) as caught:
        redraw(drawn, "P1")

    assert caught.value.shortages[0].past_visits == (visit("P0"),)


@pytest.mark.parametrize("key", KEYS[:10])
def test_others_of_the_team_change_seats_if_it_cannot_be_helped(key):
    """P2 can only take the plain seat; P1 has the skill and moves."""
    people = [
        officer("P0", skills={"食品"}), officer("P1", skills={"食品"}), officer("P2"),
    ]  # fmt: skip
    skilled, plain = seat(count=1, skills={"食品"}), seat(count=1)
    drawn = assign([task(1, skilled, plain)], people[:2], key=key)
    leaving = names(drawn)[0]
    staying = names(drawn)[1]

    after = redraw(drawn, leaving, register=InspectorRegister(people))

    assert [s.seat for s in after.teams["T1"]] == [skilled, plain]
    assert names(after) == [staying, "P2"]
    assert after.redraws[0].pool == ("P2",)
    assert after.loads["P2"] == 1


def test_whoever_stays_has_the_skills_of_the_register_of_today():
    """P1 was trained since the draw, and can leave the plain seat to P2."""
    skilled, plain = seat(count=1, skills={"食品"}), seat(count=1)
    trained = [officer("P0", skills={"食品"}), officer("P1", skills={"食品"})]
    drawn = assign([task(1, skilled, plain)], [trained[0], officer("P1")])
    today = InspectorRegister([*trained, officer("P2")])
    yesterday = InspectorRegister([trained[0], officer("P1"), officer("P2")])

    assert names(redraw(drawn, "P0", register=today)) == ["P1", "P2"]
    with pytest.raises(UnstaffableError):
        redraw(drawn, "P0", register=yesterday)


def test_the_pool_holds_whoever_needs_no_change_of_seats_if_there_is_one():
    """Everybody else stays, in their seats too."""
    people = [*officers(3, skills={"食品"}), officer("P3")]
    drawn = assign([task(1, seat(count=1, skills={"食品"}), seat(count=1))], people)
    leaving, staying = names(drawn)

    after = redraw(drawn, leaving)

    skilled = {"P0", "P1", "P2"} - {leaving, staying}
    assert set(after.redraws[0].pool) == skilled


def test_equal_load_draws_among_those_with_the_fewest_tasks():
    """What people have already counts, too."""
    drawn = assign(
        [task(1)],
        officers(6),
        fairness=Fairness.EQUAL_LOAD,
        current_loads={"P0": 3, "P1": 3, "P2": 1},
    )
    team = set(names(drawn))

    after = redraw(drawn, names(drawn)[0])

    assert team <= {"P3", "P4", "P5"}
    assert set(after.redraws[0].pool) == {"P3", "P4", "P5"} - team


@pytest.mark.parametrize("key", KEYS)
def test_charge_is_drawn_anew_when_the_one_in_charge_leaves(key):
    """It stays where it is otherwise."""
    drawn = assign([task(1)], officers(5))
    lead = drawn.leads["T1"]
    other = next(name for name in names(drawn) if name != lead)

    kept = redraw(drawn, other, key=key)
    passed = redraw(drawn, lead, key=key)

    assert kept.leads["T1"] == lead == kept.redraws[0].lead
    assert passed.leads["T1"] in names(passed)
    assert passed.leads["T1"] == passed.redraws[0].lead
    assert passed.leads["T1"] != lead


def test_charge_can_come_to_anybody_in_the_new_team():
    """Neither always to the newcomer nor never."""
    drawn = assign([task(1)], officers(5))
    lead = drawn.leads["T1"]
    staying = next(name for name in names(drawn) if name != lead)

    leads = {redraw(drawn, lead, key=key).leads["T1"] == staying for key in KEYS}

    assert leads == {True, False}


def test_a_batch_is_redrawn_as_one():
    """The half-day has one team, after the redraw too."""
    tasks = [task(n, area="A", batch="B") for n in (1, 2)]
    drawn = assign([*tasks, task(3)], officers(6))
    leaving = names(drawn, "T2")[0]

    after = redraw(drawn, leaving, "T2", recusals=[kinship("P0", "S1")])

    assert names(after, "T1") == names(after, "T2")
    assert leaving not in names(after, "T1")
    assert after.leads["T1"] == after.leads["T2"]
    assert "P0" not in after.redraws[0].pool
    assert sum(after.loads.values()) == 4


def test_a_member_of_a_preset_team_is_replaced_alone():
    """The others of the team go; the newcomer may be of no team."""
    teams = [PresetTeam(id="一组", members={"P0", "P1"})]
    drawn = assign([task(1)], officers(4), teams=teams, recusals=[kinship("P2", "S1")])

    after = redraw(drawn, "P0")

    assert names(after) == ["P1", "P3"]
    assert after.redraws[0].pool == ("P3",)


def test_somebody_new_in_the_register_may_be_drawn():
    """And whoever has left it may be replaced."""
    drawn = assign([task(1)], officers(2))
    register = InspectorRegister([officer("P1"), officer("N1")])

    after = redraw(drawn, "P0", register=register, reason=RedrawReason.LEFT)
    again = redraw(after, "P1", register=InspectorRegister([officer("N2")]))

    assert names(after) == ["N1", "P1"]
    assert after.loads == {"N1": 1, "P0": 0, "P1": 1}
    assert names(again) == ["N1", "N2"]
    assert pickle.loads(pickle.dumps(again)) == again  # noqa: S301


def test_nobody_moves_whose_skills_are_no_longer_known():
    """N1 came from a register that is not at hand: their seat stays."""
    skilled, plain = seat(count=1, skills={"食品"}), seat(count=1)
    drawn = assign([task(1, skilled, plain)], officers(2, skills={"食品"}))
    first = InspectorRegister([officer("N1", skills={"食品"})])
    second = InspectorRegister([officer("N2")])
    one = redraw(drawn, names(drawn)[1], register=first)

    with pytest.raises(UnstaffableError):
        redraw(one, names(one)[0], register=second)


@pytest.mark.parametrize(
    ("fields", "error", "code"),
    [
        ({"task_id": "T9"}, InvalidValueError, "no-such-task"),
        ({"leaving": "P9"}, InvalidValueError, "not-in-team"),
        ({"task_id": []}, InvalidTypeError, "argument-type"),
        ({"leaving": ["P0"]}, InvalidTypeError, "argument-type"),
        ({"key": "x"}, InvalidValueError, "key-form"),
        ({"key": KEY}, InvalidValueError, "redraw-key"),
        ({"reason": "ill"}, InvalidTypeError, "argument-type"),
        ({"register": 3}, InvalidTypeError, "argument-type"),
        ({"recusals": [kinship("P9", "S1")]}, InvalidInput, "invalid-input"),
        ({"history": 3}, InvalidTypeError, "argument-list"),
    ],
    ids=str,
)
def test_a_redraw_that_cannot_be_meant_is_refused(fields, error, code):
    """The message says what is there."""
    drawn = assign([task(1)], officers(4))

    with pytest.raises(error) as caught:
        redraw(drawn, **{"leaving": names(drawn)[0], **fields})

    assert caught.value.code == code
    with pytest.raises(InvalidTypeError):
        redraw("drawn", "P0")
