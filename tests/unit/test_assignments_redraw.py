"""Replacing one inspector after the draw, and nobody else."""

import datetime as dt
import pickle
from collections import Counter

import attrs
import numpy as np
import pytest
from staffing import (
    DAY,
    KEYS,
    LATER,
    ONE_OFFICER,
    fact_on,
    kinship,
    officer,
    officers,
    problem_of,
    recorded,
    redrawn,
    requested,
    seat,
    task,
    visit,
)

from dsgk.assignments import (
    AssignmentRecord,
    Fairness,
    PresetTeam,
    RedrawRequest,
    StaffingProblem,
    UnstaffableError,
)
from dsgk.errors import InvalidInput, InvalidTypeError, InvalidValueError
from dsgk.verify import verify_assignment


def test_everybody_else_stays():
    """One seat changes hands, and loads follow."""
    problem = problem_of([task(1), task(2), task(3)], officers(6))
    record, _ = recorded(problem)
    leaving, staying = record.teams["T1"]

    after = redrawn(record, problem, "T1", leaving)

    (done,) = after.redraws
    assert done.request.pool == tuple(
        sorted({f"P{n}" for n in range(6)} - {leaving, staying})
    )
    assert after.teams["T1"] == (done.after, staying)
    assert done.after in done.request.pool
    for other in ("T2", "T3"):
        assert after.teams[other] == record.teams[other]
        assert after.in_charge[other] == record.in_charge[other]
    change = {leaving: -1, done.after: 1}
    assert after.loads == {
        p: record.loads.get(p, 0) + change.get(p, 0) for p in after.loads
    }
    assert sum(after.loads.values()) == 6
    assert record.redraws == ()


def test_the_key_follows_from_the_request_and_a_later_fact():
    """Nobody tries keys until the wanted one comes."""
    problem = problem_of([task(1)], officers(5))
    record, _ = recorded(problem)
    request = requested(record, problem, "T1", record.teams["T1"][0])

    other = attrs.evolve(request, reason="recusal")

    assert request.record == record.digest
    assert request.key([LATER]) == request.key(LATER + "./") != other.key([LATER])
    assert request.digest != other.digest
    with pytest.raises(InvalidValueError) as caught:
        request.key(LATER)
    assert caught.value.code == "entropy-spelling"
    assert RedrawRequest.from_dict(request.to_dict()) == request


def test_all_of_the_pool_come_as_often():
    """The pool is drawn from evenly, over fixed facts."""
    problem = problem_of([task(1)], officers(5))
    record, _ = recorded(problem)
    request = requested(record, problem, "T1", record.teams["T1"][0])

    after = Counter(
        record.redraw(request, problem=problem, entropy=[f"{n:08}"]).redraws[0].after
        for n in range(600)
    )

    assert len(after) == 3
    assert all(150 < n < 250 for n in after.values())


def test_redraws_chain_and_bring_nobody_back():
    """A later redraw need not be told of a recusal again to keep it."""
    problem = problem_of([task(1), task(2)], officers(5))
    record, _ = recorded(problem)
    leaving = record.teams["T1"][0]

    one = redrawn(record, problem, "T1", leaving)
    came = one.redraws[0].after
    two = redrawn(one, problem, "T1", came, reason="recusal", week=2)

    assert [r.request.officer for r in two.redraws] == [leaving, came]
    assert two.redraws[1].request.number == 1
    assert two.redraws[1].request.record == one.digest
    assert {leaving, came}.isdisjoint(two.redraws[1].request.pool)
    assert two.loads[leaving] == record.loads[leaving] - 1
    assert sum(two.loads.values()) == 4
    with pytest.raises(InvalidValueError, match="the team is") as caught:
        requested(two, problem, "T1", came, week=3)
    assert caught.value.code == "not-in-team"
    copy = pickle.loads(pickle.dumps(two))  # noqa: S301
    assert copy == two


def test_from_a_stored_record_and_problem_a_redraw_is_one_call():
    """Drawn on Monday, redrawn on Friday."""
    problem = problem_of([task(1)], officers(5))
    record, _ = recorded(problem)
    document, kept = record.to_dict(), problem.to_dict()

    again = StaffingProblem.from_dict(kept)
    after = redrawn(
        AssignmentRecord.from_dict(document), again, "T1", record.teams["T1"][0]
    )

    assert after == redrawn(record, problem, "T1", record.teams["T1"][0])


def test_whoever_is_kept_away_now_is_not_drawn():
    """Recusals, rotation, ties, capacity and the register of today."""
    tasks = [task(1, area="上仓镇"), task(2)]
    record, _ = recorded(problem_of(tasks, officers(4), avoid_home_areas=True))
    leaving = record.teams["T1"][0]
    people = [
        *officers(9),
        officer("Q1", home_areas={"上仓镇"}),
        officer("Q2", capacity=1),
        officer("Q3", capacity=0),
    ]
    now = problem_of(
        tasks,
        people,
        avoid_home_areas=True,
        recusals=[kinship("P5", "S1"), kinship("P6", "S2")],
        history=[visit("P7", "S1"), visit("P8", "S1", DAY - dt.timedelta(9))],
        current_loads={"Q2": 1},
    )

    pool = requested(record, now, "T1", leaving).pool

    assert set(pool) == {f"P{n}" for n in (0, 1, 2, 3, 4, 6, 8)} - {*record.teams["T1"]}


def test_the_fewest_tasks_decide_where_loads_are_equal():
    """By equal load the place goes to one of those who have least."""
    problem = problem_of(
        [task(1)],
        officers(8),
        fairness=Fairness.EQUAL_LOAD,
        current_loads={"P6": 1, "P7": 2},
    )
    record, _ = recorded(problem)

    pool = requested(record, problem, "T1", record.teams["T1"][0]).pool

    assert set(pool) == {f"P{n}" for n in range(6)} - {*record.teams["T1"]}


def test_others_change_seats_only_if_there_is_nobody_else():
    """Whoever is drawn cannot take the skilled place; somebody of the team can."""
    team = task(1, seat(count=1, skills={"食品"}), seat(count=1))
    people = [*officers(2, skills={"食品"}), *officers(3, prefix="Q")]
    away = [kinship(f"Q{n}", "S1") for n in (1, 2)]
    problem = problem_of([team], people, recusals=away)
    for seed in range(40):
        facts = problem_of(
            [team], [*people, officer(f"Z{seed}", "消防")], recusals=away
        )
        record, _ = recorded(facts)
        if set(record.teams["T1"]) == {"P0", "P1"}:
            break
    general, skilled = record.teams["T1"]

    after = redrawn(record, facts, "T1", skilled)

    assert after.redraws[0].request.pool == ("Q0",)
    assert after.teams["T1"] == ("Q0", general)
    gone = problem_of([team], [p for p in people if p.id != general], recusals=away)
    with pytest.raises(UnstaffableError) as caught:
        requested(record, gone, "T1", skilled)
    (lack,) = caught.value.shortages
    assert (lack.seats, lack.capacity, lack.inspectors) == (1, 0, ())
    assert problem != facts


def test_a_shortage_tells_who_would_be_open():
    """Recusals, ties and certificates that matter, and who has no room."""
    people = [
        *officers(2),
        officer("P2", home_areas={"上仓镇"}),
        officer("P3"),
        officer("P4", capacity=1),
        officer("P5", certified=False),
        officer("P6", capacity=1),
    ]
    tasks = [task(1, area="上仓镇")]
    record, _ = recorded(problem_of(tasks, people[:2], avoid_home_areas=True))
    now = problem_of(
        tasks,
        people,
        avoid_home_areas=True,
        recusals=[kinship("P3", "S1"), kinship("P6", "S1")],
        current_loads={"P4": 1, "P6": 1},
    )

    with pytest.raises(UnstaffableError) as caught:
        requested(record, now, "T1", record.teams["T1"][0])

    (lack,) = caught.value.shortages
    assert lack.home_areas == (("P2", "上仓镇"),)
    assert [r.inspector_id for r in lack.recusals] == ["P3"]
    assert lack.busy == (("P4", 1, 1),)
    assert lack.uncertified == ("P5",)
    record, _ = recorded(problem_of([task(1, area="上仓镇")], people[:2]))
    near = attrs.evolve(now, avoid_home_areas=False)
    assert requested(record, near, "T1", record.teams["T1"][0]).pool == ("P2",)


def test_whoever_is_in_charge_stays_if_they_can():
    """With the officer in charge goes their charge, drawn among the team anew."""
    problem = problem_of([task(1, seat(count=3))], officers(7))
    record, _ = recorded(problem)
    chief = record.in_charge["T1"]
    other = next(p for p in record.teams["T1"] if p != chief)

    assert redrawn(record, problem, "T1", other).in_charge["T1"] == chief
    chiefs = {
        redrawn(record, problem, "T1", chief, fact=f"{n:08}").in_charge["T1"]
        for n in range(60)
    }
    assert chiefs == {f"P{n}" for n in range(7)} - {chief}


def test_whoever_moves_to_a_place_without_the_charge_hands_it_on():
    """They are still in the team, but not as one of its officers."""
    team = task(1, seat(count=1), seat(count=1, skills={"食品"}, certified=False))
    chief, other, new = (
        officer("P0", skills={"食品"}),
        officer("U0", skills={"食品"}, certified=False),
        officer("P1"),
    )
    before = problem_of([team], [chief, other], rules=ONE_OFFICER)
    record, _ = recorded(before)
    now = problem_of([team], [chief, other, new], rules=ONE_OFFICER)

    after = redrawn(record, now, "T1", "U0")

    assert record.in_charge["T1"] == "P0"
    assert set(after.teams["T1"]) == {"P0", "P1"}
    assert after.in_charge["T1"] == "P1"
    assert AssignmentRecord.from_dict(after.to_dict()) == after


def test_an_outing_is_one_unit():
    """All its tasks get the new team, and count once."""
    tasks = [task(n, area="A", outing="上午") for n in (1, 2)]
    problem = problem_of(tasks, officers(6), recusals=[kinship("P5", "S1")])
    record, _ = recorded(problem)
    leaving = record.teams["T2"][0]

    after = redrawn(record, problem, "T2", leaving)

    assert after.redraws[0].request.unit == "T1"
    assert after.teams["T1"] == after.teams["T2"] != record.teams["T1"]
    assert after.in_charge["T1"] == after.in_charge["T2"]
    assert sum(after.loads.values()) == 2
    assert "P5" not in after.redraws[0].request.pool


def test_somebody_of_a_preset_team_is_replaced_alone():
    """The others of the team stay."""
    teams = [PresetTeam(id=f"G{n}", members=[f"P{n}", f"P{n + 1}"]) for n in (0, 2)]
    problem = problem_of([task(1)], officers(5), teams=teams)
    record, _ = recorded(problem)
    leaving, staying = record.teams["T1"]

    after = redrawn(record, problem, "T1", leaving)

    assert after.tasks[0].preset in {"G0", "G2"}
    assert staying in after.teams["T1"]
    assert "P4" in after.redraws[0].request.pool


def test_history_is_told_with_redraws():
    """Who replaced somebody was there."""
    problem = problem_of([task(1)], officers(5))
    record, _ = recorded(problem)
    after = redrawn(record, problem, "T1", record.teams["T1"][0])

    visits = after.past_visits(problem, on=DAY)

    assert {v.inspector_id for v in visits} == {*after.teams["T1"]}
    assert {v.department for v in visits} == {"市场监管"}
    for tasks in ([task(2)], [task(1), task(2)], []):
        with pytest.raises(InvalidValueError) as caught:
            after.past_visits(problem_of(tasks, officers(5)), on=DAY)
        assert caught.value.code == "no-such-task"
    with pytest.raises(InvalidTypeError):
        after.past_visits(None, on=DAY)


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"fairness": "equal-load"}, "problem.fairness"),
        ({"avoid_home_areas": True}, "problem.avoid_home_areas"),
        ({"tasks": [task(1, subject="S9")]}, "problem.tasks"),
        ({"tasks": [task(1, lead="市场监管")]}, "problem.tasks"),
        ({"tasks": [task(1), task(2)]}, "problem.tasks"),
    ],
    ids=["fairness", "home areas", "subject", "lead", "one more"],
)
def test_what_was_stated_holds_for_redraws(change, path):
    """Whoever may call a firm by another name lifts a recusal from it."""
    problem = problem_of([task(1)], officers(6), recusals=[kinship("P0", "S1")])
    record, _ = recorded(problem)
    other = attrs.evolve(problem, **change)
    leaving = record.teams["T1"][0]
    request = requested(record, problem, "T1", leaving)
    after = record.redraw(request, problem=problem, entropy=[LATER])

    with pytest.raises(InvalidInput) as asked:
        requested(record, other, "T1", leaving)
    with pytest.raises(InvalidInput) as drawn:
        record.redraw(request, problem=other, entropy=[LATER])
    told = verify_assignment(after, problem, problems=[other])

    assert asked.value.faults[0].path == path
    assert drawn.value.faults[0].path == path
    assert told[0].path == path
    assert verify_assignment(after, problem, problems=[problem]) == ()


def test_what_is_no_redraw_is_refused():
    """Another task, another pool, another record, a fact of the same day."""
    problem = problem_of([task(1)], officers(5))
    record, _ = recorded(problem)
    leaving = record.teams["T1"][0]
    request = requested(record, problem, "T1", leaving)
    larger = problem_of([task(1, seat(count=3))], officers(5))

    nothing = problem_of([], officers(5))
    for name, whom in (("T9", problem), (["T1"], problem), ("T1", nothing)):
        with pytest.raises(InvalidValueError) as caught:
            requested(record, whom, name, leaving)
        assert caught.value.code == "no-such-task"
    for name in ("P9", ["P0"], np.array(["P0", "P1"])):
        with pytest.raises(InvalidValueError) as caught:
            requested(record, problem, "T1", name)
        assert caught.value.code == "not-in-team"
    with pytest.raises(InvalidValueError) as caught:
        requested(record, larger, "T1", leaving)
    assert caught.value.code == "no-such-task"
    fewer = problem_of([task(1)], officers(5), recusals=[kinship("P4", "S1")])
    if "P4" in request.pool:
        with pytest.raises(InvalidInput, match="request of a redraw"):
            record.redraw(request, problem=fewer, entropy=[LATER])
    after = record.redraw(request, problem=problem, entropy=[LATER])
    with pytest.raises(InvalidValueError):
        after.redraw(request, problem=problem, entropy=[LATER])
    with pytest.raises(InvalidInput) as told:
        attrs.evolve(request, pool=[], announced_on=DAY + dt.timedelta(9))
    assert [f.code for f in told.value.faults] == ["redraw-pool", "redraw-day"]
    with pytest.raises(InvalidValueError) as same_day:
        attrs.evolve(request, announced_on=request.entropy.on)
    assert same_day.value.code == "redraw-day"
    with pytest.raises(InvalidTypeError):
        record.redraw(None, problem=problem, entropy=[LATER])
    with pytest.raises(InvalidTypeError):
        requested(record, None, "T1", leaving)


@pytest.mark.parametrize("number", range(10))
def test_a_thousand_keys_that_follow_from_nothing_are_refused(number):
    """A record takes no key that is not that of its request, or of its statement."""
    problem = problem_of([task(1)], officers(5))
    record, _ = recorded(problem)
    after = redrawn(record, problem, "T1", record.teams["T1"][0])
    for n in range(50):
        key = f"{number * 50 + n + 1:032x}"
        with pytest.raises((InvalidInput, InvalidValueError)):
            attrs.evolve(record, key=key)
        with pytest.raises((InvalidInput, InvalidValueError)):
            attrs.evolve(after, redraws=[attrs.evolve(after.redraws[0], key=key)])


def test_keys_of_the_draw_differ_with_everything_announced():
    """The statement binds the fact, the seal, the draw and the reason."""
    problem = problem_of([task(1)], officers(5))
    one = problem.chances(fact_on(DAY), reason="approval")
    others = [
        problem.chances(fact_on(DAY + dt.timedelta(1)), reason="approval"),
        problem.chances(fact_on(DAY), reason="case-lead"),
        problem.chances(),
    ]

    assert len({one.digest, *(other.digest for other in others)}) == 4
    assert len({*KEYS}) == len(KEYS)
