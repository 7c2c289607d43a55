"""Records of assignments that contradict themselves are not read."""

import copy

import pytest
from staffing import KEYS, assign, kinship, names, officers, seat, task

import dsgk.assignments.parts as module
from dsgk.assignments import AssignmentRecord, PresetTeam, RedrawReason, redraw_seat
from dsgk.errors import InvalidInput
from dsgk.plans import ModeReason


TASKS = [
    task(1, seat(), seat("消防", 1)),
    task(2, area="A", batch="上午"),
    task(3, area="A", batch="上午"),
    task(4),
]
PEOPLE = [*officers(7), *officers(4, "消防", "X")]


def drawn(**fields):
    return assign(TASKS, PEOPLE, recusals=[kinship("P0", "S1")], **fields)


def recorded(assignment=None):
    assignment = assignment or drawn()
    return AssignmentRecord.of(assignment, reason=ModeReason.APPROVAL).to_dict()


def redrawn(leaving, key=KEYS[1]):
    return redraw_seat(drawn(), "T1", leaving, reason=RedrawReason.UNAVAILABLE, key=key)


def told(document):
    """What reading it says, or nothing."""
    before = copy.deepcopy(document)
    try:
        AssignmentRecord.from_dict(document)
    except InvalidInput as error:
        assert document == before
        return {(fault.code, fault.column) for fault in error.faults}
    return set()


def test_records_without_a_contradiction_are_read(monkeypatch):
    """With batches, redraws and pools."""
    leaving = names(drawn())[0]

    assert told(recorded()) == set()
    assert told(recorded(redrawn(leaving))) == set()
    monkeypatch.setattr(module, "ENTRIES", -1)
    assert told(recorded()) == set()


def test_a_task_stands_in_a_record_once():
    """Else one of two teams would be read, and nobody could tell which."""
    document = recorded()
    document["tasks"].append(copy.deepcopy(document["tasks"][0]))

    assert told(document) == {("id-duplicate", "tasks[4].id")}


def test_tasks_stand_in_the_order_of_their_ids():
    """One set of tasks has one record."""
    document = recorded()
    document["tasks"].reverse()

    assert told(document) == {("tasks-order", f"tasks[{n}].id") for n in (1, 2, 3)}


def test_nobody_sits_twice_in_a_team():
    """Two officers are two people."""
    document = recorded()
    team = document["tasks"][3]["team"]
    team[:] = [document["tasks"][3]["lead"]] * 2

    assert told(document) == {("seated-twice", "tasks[3].team")}


def test_whoever_is_in_charge_is_in_the_team():
    """Somebody else cannot be in charge."""
    document = recorded()
    document["tasks"][3]["lead"] = "P99"

    assert told(document) == {("outside-team", "tasks[3].lead")}


@pytest.mark.parametrize(
    ("key", "value"), [("lead", None), ("team", None), ("method", "fallback")]
)
def test_a_batch_has_one_team(key, value):
    """Tasks of one half-day are drawn once."""
    document = recorded()
    second = document["tasks"][2]
    assert second["batch"] == document["tasks"][1]["batch"]
    other = next(one for one in second["team"] if one != second["lead"])
    second[key] = value or {"lead": other, "team": second["team"][::-1]}[key]

    found = told(document)

    assert ("batch-differs", f"tasks[2].{key}") in found
    assert found <= {
        ("batch-differs", f"tasks[2].{key}"),
        ("pools-method", "tasks[2].pools"),
    }


def test_pools_are_those_of_the_fallback(monkeypatch):
    """Who was drawn out of one is in the team, and other methods have none."""
    other = recorded()
    other["tasks"][3]["method"] = "fallback"
    monkeypatch.setattr(module, "ENTRIES", -1)
    document = recorded()
    document["tasks"][3]["method"] = "exact"
    document["tasks"][3]["pools"][1]["drawn"] = "P99"

    assert told(other) == {("pools-method", "tasks[3].pools")}
    assert told(document) == {
        ("pools-method", "tasks[3].pools"),
        ("outside-team", "tasks[3].pools[1].drawn"),
    }


def test_a_preset_team_is_drawn_as_such(monkeypatch):
    """Its own id is what is drawn out of a pool."""
    monkeypatch.setattr(module, "ENTRIES", -1)
    teams = [
        PresetTeam(id=f"G{n}", members={f"P{2 * n}", f"P{2 * n + 1}"}) for n in range(3)
    ]
    assignment = assign(TASKS[1:], PEOPLE, teams=teams)

    assert told(recorded(assignment)) == set()


@pytest.mark.parametrize("key", KEYS[:10])
def test_whoever_keeps_their_place_stays_in_charge(key):
    """A redraw of somebody else moves no charge."""
    lead = drawn().leads["T1"]
    leaving = next(one for one in names(drawn()) if one != lead)
    document = recorded(redrawn(leaving, key))
    (redraw,) = document["redraws"]
    assert redraw["lead"] == lead
    redraw["lead"] = next(one for one in redraw["team"] if one != lead)

    assert told(document) == {("redraw-lead", "redraws[0].lead")}


def test_a_redraw_has_a_key_of_its_own():
    """With that of the draw, everybody knew beforehand who would come."""
    document = recorded(redrawn(names(drawn())[0]))
    document["redraws"][0]["key"] = document["key"]

    assert ("redraw-key", "redraws[0].key") in told(document)


def test_all_contradictions_are_told_at_once():
    """Nobody mends a record fault by fault."""
    document = recorded(redrawn(names(drawn())[0]))
    document["digest"] = "0" * 64
    document["tasks"][3]["lead"] = "P99"
    document["redraws"][0]["pool"] = []

    assert told(document) == {
        ("value-differs", "digest"),
        ("outside-team", "tasks[3].lead"),
        ("redraw-pool", "redraws[0].pool"),
    }
