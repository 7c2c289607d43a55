"""Pools of redraws: what is not known to have held is never passed over."""

import pytest
from staffing import (
    KEYS,
    assign,
    kinship,
    names,
    officer,
    officers,
    seat,
    task,
)

from dsgk.assignments import AssignmentRecord, Fairness, RedrawReason, redraw_seat
from dsgk.errors import InvalidInput, InvalidTypeError
from dsgk.inspectors import InspectorRegister
from dsgk.kernels.shake import Shake
from dsgk.plans import ModeReason
from dsgk.verify import Standing, verify_assignment


SKILLED, PLAIN, FIRE = seat(count=1, skills={"食品"}), seat(count=1), seat("消防", 1)
PEOPLE = [
    *officers(2, skills={"食品"}),
    officer("P2", home_areas={"上仓镇"}),
    officer("P3", capacity=1),
    *officers(9)[4:],
    *officers(3, "消防", "X"),
]
TASKS = [task(1, PLAIN, FIRE, area="上仓镇"), task(2, PLAIN, FIRE)]
GIVEN = {
    "recusals": [kinship("P4", "S1")],
    "current_loads": {"P3": 1},
}


def drawn(**fields):
    return assign(
        TASKS, PEOPLE, avoid_home_areas=True, **{"key": KEYS[1], **GIVEN, **fields}
    )


def verified(assignment_or_document, **fields):
    record = assignment_or_document
    if not isinstance(record, dict):
        record = AssignmentRecord.of(record, reason=ModeReason.APPROVAL).to_dict()
    register = InspectorRegister(PEOPLE)
    return verify_assignment(record, TASKS, register, **{**GIVEN, **fields})


def redraw(assignment, *, leaving=None, task_id="T1", key=KEYS[2], **fields):
    leaving = leaving or names(assignment, task_id)[0]
    fields = {"reason": RedrawReason.UNAVAILABLE, "key": key, **fields}
    return redraw_seat(assignment, task_id, leaving, **fields)


def forged(assignment, pool):
    """A record whose last redraw was made out of *pool*, true to itself."""
    document = AssignmentRecord.of(assignment, reason=ModeReason.APPROVAL).to_dict()
    redraw = document["redraws"][-1]
    number = len(document["redraws"]) - 1
    source = Shake(redraw["key"], f"redraw:{number}")
    after = sorted(pool)[source.below(len(pool))]
    team = [after if one == redraw["after"] else one for one in redraw["team"]]
    lead = after if redraw["lead"] == redraw["after"] else redraw["lead"]
    redraw.update({"pool": sorted(pool), "after": after, "team": team, "lead": lead})
    assert AssignmentRecord.from_dict(document).to_dict() == document
    return document


def told(differences):
    return {(d.code, d.path) for d in differences}


def test_a_redraw_by_what_is_known_of_the_draw_is_verified():
    """Somebody falls ill: nothing else has changed, nothing else is needed."""
    after = redraw(drawn())

    assert verified(after) == ()
    assert verified(after, standings=[Standing()]) == ()


def test_a_pool_of_one_that_decides_who_comes_is_never_passed_over():
    """The draw out of it is right, so only the pool can betray it."""
    after = redraw(drawn())
    chosen = next(one for one in after.redraws[0].pool if one != after.redraws[0].after)

    (found,) = verified(forged(after, [chosen]))

    assert (found.code, found.path) == ("redraw-pool-unverified", "redraws[0].pool")
    assert found.expected == list(after.redraws[0].pool)
    assert found.got == [chosen]


def test_a_recusal_that_is_not_at_hand_leaves_the_pool_unverified():
    """An honest redraw as well: whoever has the recusal can verify it."""
    late = (kinship("P5", "S1"),)
    after = redraw(drawn(), recusals=late, reason=RedrawReason.RECUSAL)
    assert "P5" not in names(drawn())

    assert told(verified(after)) == {("redraw-pool-unverified", "redraws[0].pool")}
    assert verified(after, standings=[Standing(recusals=late)]) == ()


CLOSED = {
    "nobody of the register": ("N1", "is not in the register"),
    "recused": ("P4", "is kept away by a recusal or a visit of last time"),
    "at home": ("P2", "has ties with the area"),
    "without room": ("P3", "has no room for one task more"),
    "of another department": ("X9", "is not admitted to the seat"),
}


@pytest.mark.parametrize(("name", "reason"), CLOSED.values(), ids=CLOSED)
def test_a_pool_holds_nobody_to_whom_the_seat_was_closed(name, reason):
    """However little is known besides, that much is."""
    after = redraw(drawn())
    if name == "X9":  # another of the fire department than the one in the team
        name = next(f"X{n}" for n in range(3) if f"X{n}" not in names(after))
    pool = [*after.redraws[0].pool, name]

    (found,) = verified(forged(after, pool))

    at = sorted(pool).index(name)
    assert (found.code, found.path) == ("redraw-pool-closed", f"redraws[0].pool[{at}]")
    assert found.got == name
    assert f"{name!r}, who {reason}, by what is known" in str(found)


def test_whoever_was_replaced_before_is_in_no_pool():
    """A second redraw cannot bring them back."""
    one = redraw(drawn())
    two = redraw(one, leaving=one.redraws[0].after, key=KEYS[3])
    before = one.redraws[0].before

    (found,) = verified(forged(two, [*two.redraws[1].pool, before]))

    assert found.code == "redraw-pool-closed"
    assert "was replaced in the team before" in str(found)
    assert verified(two) == ()


def test_a_pool_of_those_with_more_tasks_than_others_is_not_verified():
    """By equal load it holds whoever has the fewest, and nobody else."""
    first = next(
        first
        for key in KEYS
        if names(first := drawn(fairness=Fairness.EQUAL_LOAD, key=key), "T2")[0] == "P5"
    )
    after = redraw(first)
    pool, busy = after.redraws[0].pool, "P5"
    assert busy not in {*pool, *names(first)}

    found = verified(forged(after, [*pool, busy]))

    assert told(found) == {("redraw-pool-unverified", "redraws[0].pool")}


def test_a_pool_of_people_for_whom_others_change_seats_is_verified():
    """P2 can only take the plain seat, P1 moves; the record tells where to."""
    people = [*officers(2, skills={"食品"}), officer("P2")]
    tasks = [task(1, SKILLED, PLAIN)]
    first = next(
        first
        for key in KEYS
        if names(first := assign(tasks, people, key=key)) == ["P0", "P1"]
    )
    after = redraw(first, leaving="P0")
    record = AssignmentRecord.of(after, reason=ModeReason.APPROVAL).to_dict()

    assert names(after) == ["P1", "P2"]
    assert verify_assignment(record, tasks, InspectorRegister(people)) == ()
    record["redraws"][0]["team"].reverse()
    (found,) = verify_assignment(record, tasks, InspectorRegister(people))[:1]
    assert found.path.startswith("redraws[0].team")


def test_somebody_new_needs_the_register_of_then():
    """All that is known is that the register of the draw does not name them."""
    register = InspectorRegister([*PEOPLE, officer("N1")])
    left = InspectorRegister([officer("N1")])
    after = redraw(drawn(), register=left, reason=RedrawReason.LEFT)
    wide = redraw(drawn(), register=register)

    assert told(verified(after)) == {
        ("redraw-pool-closed", "redraws[0].pool[0]"),
        ("redraw-pool-unverified", "redraws[0].pool"),
    }
    assert verified(after, standings=[Standing(register=left)]) == ()
    assert told(verified(wide)) == {("redraw-pool-closed", "redraws[0].pool[0]")}
    assert verified(wide, standings=[Standing(register=register)]) == ()


def test_where_nobody_was_left_by_what_is_known_it_is_told():
    """The record names somebody all the same, and nobody knows why."""
    few = [officer("P0"), *officers(1, "消防", "X")]
    tasks = [task(1, PLAIN, FIRE)]
    first = assign(tasks, few)
    after = redraw(first, register=InspectorRegister([officer("N1")]))
    record = AssignmentRecord.of(after, reason=ModeReason.APPROVAL)

    found = verify_assignment(record, tasks, InspectorRegister(few))

    assert told(found) == {("redraw-pool-closed", "redraws[0].pool[0]")}


def test_a_redraw_that_was_left_out_of_the_record_is_told():
    """Whoever knows of three redraws and finds two has found something."""
    after = redraw(drawn())

    found = verified(after, standings=[Standing(), Standing()])

    assert told(found) == {("redraws-missing", "redraws")}
    assert (found[0].expected, found[0].got) == (2, 1)


@pytest.mark.parametrize(
    ("fields", "error", "code"),
    [
        ({"register": PEOPLE}, InvalidTypeError, "argument-type"),
        ({"recusals": 3}, InvalidTypeError, "argument-list"),
        ({"history": ["P1"]}, InvalidInput, "invalid-input"),
    ],
    ids=str,
)
def test_what_held_is_given_in_its_types(fields, error, code):
    """A mistake of whoever verifies is none of the record."""
    with pytest.raises(error) as caught:
        Standing(**fields)

    assert caught.value.code == code
    assert next(iter(fields)) in str(caught.value)


@pytest.mark.parametrize(
    ("standings", "error"),
    [
        (Standing(), InvalidTypeError),
        ({}, InvalidTypeError),
        ([None], InvalidInput),
        (3, InvalidTypeError),
    ],
    ids=str,
)
def test_standings_are_standings_in_turn(standings, error):
    """One that is given alone would be taken for none."""
    with pytest.raises(error, match="Standing"):
        verified(drawn(), standings=standings)
