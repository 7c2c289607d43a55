"""Records of assignments, and whether they are true."""

import copy
import datetime as dt
import json

import attrs
import numpy as np
import pytest
from drawing import chance, fact
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
from dsgk.assignments import (
    AssignmentRecord,
    Fairness,
    PresetTeam,
    RedrawReason,
    redraw_seat,
)
from dsgk.assignments.contradictions import digest_of
from dsgk.draws import announce, conduct
from dsgk.errors import InvalidInput, InvalidTypeError, InvalidValueError
from dsgk.frames import Frame
from dsgk.inspectors import InspectorRegister
from dsgk.plans import ModeReason
from dsgk.sources import RuleProfile
from dsgk.verify import Standing, verify_assignment


PEOPLE = [*officers(7, home_areas={"上仓镇"}), *officers(4, "消防", "X")]
TASKS = [
    task(1, seat(), seat("消防", 1), area="下营镇", agencies={"甲所"}),
    task(2, area="下营镇", batch="上午"),
    task(3, area="下营镇", batch="上午"),
    task(4),
]
RECUSALS = [kinship("P0", "S1"), kinship("X0", "S1")]
HISTORY = [visit("P1", "S4")]
INPUTS = {"recusals": RECUSALS, "history": HISTORY}
APPROVAL = ModeReason.APPROVAL
NEW = "9a0364b9e99bb480dd25e1f0284c8555"


def drawn(**fields):
    return assign(TASKS, PEOPLE, **{**INPUTS, **fields})


def recorded(**fields):
    return AssignmentRecord.of(drawn(**fields), reason=APPROVAL).to_dict()


def verified(record, *, tasks=TASKS, people=PEOPLE, **fields):
    register = InspectorRegister(people)
    return verify_assignment(record, tasks, register, **{**INPUTS, **fields})


def paths(record, **fields):
    return [d.path for d in verified(record, **fields)]


def subjects_drawn():
    frame = Frame(["S1", "S2", "S3", "S4"], ["A"] * 4)
    announcement = announce(
        title="示例抽取",
        issuer="示例单位",
        announced_on=dt.date(2026, 3, 25),
        **fact(dt.date(2026, 3, 25)),
        draws={"示例": (frame, {"A": 4})},
    )
    return conduct(announcement, {"示例": frame}, **chance("02-07-11"))


# -- making and reading --------------------------------------------------------


def test_a_record_tells_teams_and_who_is_in_charge():
    """Plain values, of people and tasks alone."""
    assignment = drawn()

    record = AssignmentRecord.of(assignment, reason=APPROVAL)
    document = record.to_dict()

    assert {t: set(team) for t, team in record.teams.items()} == {
        t: set(names(assignment, t)) for t in assignment.teams
    }
    assert record.leads == dict(assignment.leads)
    assert record.digest == assignment.stated.digest
    assert record.statement == assignment.stated.statement
    assert (record.key, record.entropy) == (KEY, None)
    assert (record.draw, record.reason) == (None, APPROVAL)
    assert record.redraws == ()
    assert [t["agencies"] for t in document["tasks"]] == [["甲所"], [], [], []]
    assert [t["batch"] for t in document["tasks"]] == [None, "上午", "上午", None]
    assert {t["method"] for t in document["tasks"]} <= {"exact", "class"}
    text = json.dumps(document, ensure_ascii=False)
    assert "kinship" not in text
    assert "P0" not in text or "P0" in str(record.teams)
    assert repr(record) == f"AssignmentRecord(4 tasks, 0 redraws, {record.digest!r})"


def test_a_record_is_read_back_exactly():
    """Through JSON as well, and what is changed afterwards changes nothing."""
    record = AssignmentRecord.of(drawn(), reason=APPROVAL)
    document = json.loads(json.dumps(record.to_dict()))

    copied = AssignmentRecord.from_dict(document)
    document["tasks"].clear()
    record.to_dict()["tasks"].clear()

    assert copied == record
    assert hash(copied) == hash(record)
    assert copied.to_dict() == record.to_dict()


def test_a_record_is_linked_to_the_draw_of_its_subjects():
    """Art. 3: two draws, two records that name each other."""
    subjects = subjects_drawn()
    assignment = drawn(key=subjects.key)

    record = AssignmentRecord.of(assignment, draw=subjects)

    assert record.draw == digest_of(subjects)
    assert record.reason is None
    assert verified(record, draw=subjects) == ()
    with pytest.raises(InvalidInput) as caught:
        AssignmentRecord.of(drawn(), draw=subjects)
    assert [f.column for f in caught.value.faults] == ["key"]
    document = record.to_dict()
    document["draw"] = "0" * 64
    assert paths(document, draw=subjects) == ["draw"]
    assert paths(document) == []


def test_a_record_may_have_a_key_of_its_own():
    """Made of the digest that was published and a fact that came after it."""
    chances = stated(TASKS, PEOPLE, **INPUTS)
    assignment = drawn(key=chances.key("02-07-11"))

    record = AssignmentRecord.of(assignment, draw=subjects_drawn(), entropy="02-07-11")

    assert record.entropy == "02-07-11"
    assert AssignmentRecord.from_dict(record.to_dict()) == record
    assert verified(record, digest=chances.digest) == ()
    with pytest.raises(InvalidInput, match="'key' must be"):
        AssignmentRecord.of(assignment, reason=APPROVAL, entropy="1")
    for entropy in ("\ud800", "", 5):
        with pytest.raises(InvalidInput) as caught:
            AssignmentRecord.of(assignment, reason=APPROVAL, entropy=entropy)
        assert [f.column for f in caught.value.faults] == ["entropy"]
    assert [d.code for d in verified(record, digest="0" * 64)] == ["not-announced"]


@pytest.mark.parametrize("reason", [None, ModeReason.FEW_INSPECTORS, "approval"])
def test_inspectors_alone_are_drawn_for_a_reason(reason):
    """Art. 4; a lack of inspectors is a reason for the other mode."""
    with pytest.raises((InvalidInput, InvalidTypeError)) as caught:
        AssignmentRecord.of(drawn(), reason=reason)

    if reason is None:
        assert caught.value.faults[0].code == "record-basis"
        assert caught.value.provision == "District Opinion, Art. 4"


def test_a_record_is_not_of_both_modes():
    """Either subjects were drawn or there is a reason why not."""
    with pytest.raises(InvalidInput, match="either the draw"):
        AssignmentRecord.of(
            drawn(key=subjects_drawn().key), draw=subjects_drawn(), reason=APPROVAL
        )


@pytest.mark.parametrize("fields", [{"draw": "0" * 64}, {"assignment": 3}], ids=str)
def test_something_else_is_not_recorded(fields):
    """A digest is no record of a draw."""
    right = {"assignment": drawn(), "reason": APPROVAL}
    given = {**right, **fields}

    with pytest.raises(InvalidTypeError):
        AssignmentRecord.of(given.pop("assignment"), **given)


CHANGES = {
    "format": ("format", "dsgk-assign/2"),
    "unknown": ("more", 1),
    "digest": ("digest", "0" * 64),
    "reason": ("reason", None),
    "mode": ("reason", "few-inspectors"),
    "key": ("key", "x"),
    "entropy": ("entropy", "02"),
    "tasks": ("tasks", {}),
    "statement": ("statement", {}),
}


@pytest.mark.parametrize(("key", "value"), CHANGES.values(), ids=CHANGES)
def test_a_document_that_contradicts_itself_is_not_read(key, value):
    """Unknown keys and formats are refused, digests and keys must follow."""
    document = recorded()
    document[key] = value

    with pytest.raises(InvalidInput):
        AssignmentRecord.from_dict(document)
    assert verified(document)


@pytest.mark.parametrize(
    ("path", "value", "code"),
    [
        (("statement", "fairness"), "fair", "value-unknown"),
        (("statement", "avoid_home_areas"), 1, "type-differs"),
        (("tasks", 0, "pools"), [{"row": 0, "drawn": "P1", "pool": "F"}], "text-form"),
        (("tasks", 0, "method"), "dice", "value-unknown"),
    ],
    ids=str,
)
def test_a_value_that_no_record_has_is_told_with_its_path(path, value, code):
    """Where it stands, and what could stand there."""
    document = recorded()
    place = document
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value

    with pytest.raises(InvalidInput) as caught:
        AssignmentRecord.from_dict(document)

    assert [f.code for f in caught.value.faults] == [code]


# -- verification --------------------------------------------------------------


@pytest.mark.parametrize("fairness", Fairness)
@pytest.mark.parametrize("key", KEYS[:5])
def test_a_true_record_has_no_difference(key, fairness):
    """Recomputed from tasks, register, recusals and history in any order."""
    record = AssignmentRecord.of(drawn(key=key, fairness=fairness), reason=APPROVAL)

    assert verified(record) == ()
    assert verified(record.to_dict(), tasks=TASKS[::-1], people=PEOPLE[::-1]) == ()


def test_all_switches_of_the_draw_are_recomputed():
    """Home areas, preset teams, loads, rules."""
    teams = [
        PresetTeam(id="一组", members={"P0", "P1"}),
        PresetTeam(id="二组", members={"P2", "P3"}),
    ]
    tasks = [task(1, area="上仓镇"), task(2)]
    people = [officer("P0", home_areas={"上仓镇"}, capacity=4), *officers(4)[1:]]
    given = {"teams": teams, "current_loads": {"P0": 2}, "recusals": [], "history": []}
    rules = RuleProfile(min_officers=1)
    assignment = assign(tasks, people, avoid_home_areas=True, rules=rules, **given)

    record = AssignmentRecord.of(assignment, reason=ModeReason.FEW_SUBJECTS)

    assert record.to_dict()["tasks"][0]["preset"] == "二组"
    assert verified(record, tasks=tasks, people=people, **given) == ()
    given["teams"] = teams[1:]
    found = paths(record, tasks=tasks, people=people, **given)
    assert found[:3] == ["statement.teams", "statement.chances", "digest"]


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"tasks": TASKS[:3]}, "statement.tasks"),
        ({"people": PEOPLE[:-1]}, "statement.register"),
        ({"recusals": []}, "statement.chances"),
        ({"history": []}, "statement.chances"),
    ],
    ids=["tasks", "register", "recusals", "history"],
)
def test_other_inputs_are_told(fields, told):
    """Whichever was changed after the draw."""
    found = paths(recorded(), **fields)

    assert told in found
    assert "digest" in found


def test_inputs_out_of_which_nothing_can_be_drawn_are_told():
    """A difference, not a crash: whoever verifies did not make the input."""
    record = recorded()

    (gone,) = verified(record, people=[p for p in PEOPLE if p.id != "P0"])
    faulty = verified(record, tasks=[*TASKS, TASKS[0], "T"])

    assert (gone.code, gone.path) == ("recusal-of-nobody", "recusals.inspector_id")
    assert [d.code for d in faulty] == ["id-duplicate", "argument-type"]
    few = [p for p in PEOPLE if p.id in {"P0", "P1", "X0", "X1"}]
    (lacking,) = verified(record, people=few)
    assert (lacking.code, lacking.path) == ("unstaffable", "inputs")


def test_every_change_of_a_record_is_found():
    """Whatever single value is changed, and nothing else is reported."""
    record = recorded()
    found = 0
    for path in list(leaves(record)):
        changed = copy.deepcopy(record)
        place = changed
        for step in path[:-1]:
            place = place[step]
        place[path[-1]] = other(place[path[-1]])
        differences = verified(changed)
        text = ""
        for step in path:
            text += f"[{step}]" if isinstance(step, int) else f".{step}"
        if path[0] in {"statement", "entropy", "key"}:  # others follow from them
            assert differences, path
        else:
            assert text[1:] in [d.path for d in differences], path
        found += 1
    assert found > 40


def leaves(value, path=()):
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from leaves(inner, (*path, key))
    elif isinstance(value, list):
        for at, inner in enumerate(value):
            yield from leaves(inner, (*path, at))
    elif path not in {("reason",), ("draw",)}:  # of them nothing else follows
        yield path


def other(value):
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + 1
    if value is None:
        return "Y"
    return ("0" if value[0] != "0" else "1") + value[1:]


def test_what_is_no_document_is_told():
    """A wrong file is a difference, too."""
    assert [d.code for d in verified("record")] == ["type-differs"]
    with pytest.raises(InvalidTypeError):
        verify_assignment({}, [], PEOPLE)
    with pytest.raises(InvalidTypeError):
        verify_assignment({}, [], InspectorRegister([]), draw="0" * 64)


@pytest.mark.parametrize(
    "digest", ["", "0" * 63, "A" * 64, 5, np.array(["0" * 64, "1"])], ids=repr
)
def test_what_is_no_digest_contradicts_no_record(digest):
    """It would accuse a true announcement."""
    with pytest.raises(InvalidValueError) as caught:
        verified(recorded(), digest=digest)

    assert caught.value.code == "text-form"


@pytest.mark.parametrize("value", [np.array([1, 2]), np.array(["x", "y"])], ids=repr)
@pytest.mark.parametrize(
    "path", [("statement", "fairness"), ("reason",), ("digest",), ("key",)], ids=str
)
def test_an_array_is_no_value_of_a_document(path, value):
    """What it equals has no truth value; that must not stop anybody."""
    document = recorded()
    place = document
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value

    with pytest.raises(InvalidInput):
        AssignmentRecord.from_dict(document)
    assert ".".join(path) in paths(document, digest="0" * 64)


@pytest.mark.parametrize(
    ("standings", "code"),
    [
        ("", "argument-list"),
        ("abc", "argument-list"),
        (3, "argument-type"),
        (None, "argument-type"),
        ({Standing()}, "argument-type"),
        (iter([Standing()]), "argument-type"),
    ],
)
def test_standings_are_a_sequence_of_standings(standings, code):
    """A text is none, an empty one neither; a set has no order."""
    with pytest.raises(InvalidTypeError) as caught:
        verified(recorded(), standings=standings)

    assert caught.value.code == code


@pytest.mark.parametrize("name", ["recusals", "history"])
def test_a_standing_holds_no_text(name):
    """An empty field of a form is no empty list."""
    with pytest.raises(InvalidTypeError):
        Standing(**{name: ""})


@pytest.mark.parametrize("fairness", Fairness)
def test_pools_of_the_fallback_stand_in_the_record(monkeypatch, fairness):
    """And are recomputed."""
    monkeypatch.setattr(module, "ENTRIES", -1)

    record = recorded(fairness=fairness)

    assert {t["method"] for t in record["tasks"]} == {"fallback"}
    assert verified(record) == ()
    assert AssignmentRecord.from_dict(record).to_dict() == record
    record["tasks"][0]["pools"][0]["pool"] = "00"
    assert paths(record) == ["tasks[0].pools[0].pool"]


# -- redraws -------------------------------------------------------------------


def redrawn():
    """A record with three redraws, one of them of a batch."""
    assignment = drawn()
    standings = []
    for number, (task_id, reason) in enumerate(
        [("T1", "unavailable"), ("T3", "recusal"), ("T1", "left")]
    ):
        leaving = names(assignment, task_id)[0]
        standing = Standing(recusals=(kinship(leaving, "S9"), kinship("P6", "S4")))
        assignment = redraw_seat(
            assignment,
            task_id,
            leaving,
            reason=RedrawReason.read(reason),
            key=KEYS[number],
            recusals=standing.recusals,
        )
        standings.append(standing)
    return assignment, standings


def test_redraws_stand_in_the_record_with_before_and_after():
    """What was drawn first stays, what holds now follows from it."""
    assignment, standings = redrawn()

    record = AssignmentRecord.of(assignment, reason=APPROVAL)

    assert record.redraws == assignment.redraws
    assert record.leads == dict(assignment.leads)
    assert {t: set(team) for t, team in record.teams.items()} == {
        t: set(names(assignment, t)) for t in assignment.teams
    }
    assert record.to_dict()["tasks"] == recorded()["tasks"]
    assert AssignmentRecord.from_dict(record.to_dict()) == record
    assert verified(record, standings=standings) == ()
    assert verified(record, standings=standings[:1]) == ()
    assert verified(record) == ()


@pytest.mark.parametrize("known", [0, 3], ids=["from the record", "from what held"])
def test_every_change_of_a_redraw_is_found(known):
    """Reason and key are given; all else follows from them or must fit."""
    assignment, standings = redrawn()
    record = AssignmentRecord.of(assignment, reason=APPROVAL).to_dict()
    for number in range(3):
        for path in leaves(record["redraws"][number]):
            if path == ("reason",) or (path[0] in {"key", "pool"} and not known):
                continue  # a shorter pool may give the same draw
            changed = copy.deepcopy(record)
            place = changed["redraws"][number]
            for step in path[:-1]:
                place = place[step]
            place[path[-1]] = other(place[path[-1]])
            found = verified(changed, standings=standings[:known])
            if path != ("key",):  # another key may give the same draw
                assert found, path
                assert any(d.path.startswith("redraws[") for d in found), path


CONTRADICTIONS = {
    "nobody": ({"before": "P99"}, "redraw-of-nobody"),
    "no such task": ({"task": "T9"}, "redraw-of-nobody"),
    "empty pool": ({"pool": []}, "redraw-pool"),
    "team": ({"team": ["P1", "P2", "P3"]}, "redraw-team"),
    "lead": ({"lead": "P99"}, "redraw-lead"),
}


@pytest.mark.parametrize(
    ("change", "code"), CONTRADICTIONS.values(), ids=CONTRADICTIONS
)
def test_a_redraw_that_contradicts_the_record_is_not_read(change, code):
    """Nobody can be replaced who was not there."""
    assignment, _ = redrawn()
    record = AssignmentRecord.of(assignment, reason=APPROVAL).to_dict()
    record["redraws"][0].update(change)

    with pytest.raises(InvalidInput) as caught:
        AssignmentRecord.from_dict(record)

    assert code in [f.code for f in caught.value.faults]
    assert code in [d.code for d in verified(record)]


def test_a_redraw_that_was_not_possible_is_told():
    """By what is said to have held, the one who came was barred, too."""
    assignment, standings = redrawn()
    record = AssignmentRecord.of(assignment, reason=APPROVAL).to_dict()
    everybody = tuple(kinship(f"P{n}", "S1") for n in range(7))

    found = verified(record, standings=[Standing(recusals=everybody)])

    assert [(d.code, d.path) for d in found] == [("unstaffable", "redraws[0]")]
    assert len(standings) == 3


@pytest.mark.parametrize(
    "tasks",
    [TASKS[1:], [], [attrs.evolve(TASKS[0], id="T5"), *TASKS[1:]]],
    ids=["left out", "none", "of another name"],
)
@pytest.mark.parametrize("known", [0, 3])
def test_a_redraw_of_a_task_that_is_not_given_is_told(tasks, known):
    """Whoever verifies may have another list: a difference, not a crash."""
    assignment, standings = redrawn()
    record = AssignmentRecord.of(assignment, reason=APPROVAL)

    found = verified(record, tasks=tasks, standings=standings[:known])

    told = [(d.code, d.path) for d in found]
    assert ("no-such-task", "redraws[0]") in told
    assert ("value-differs", "statement.tasks") in told


def test_a_redraw_of_a_larger_team_than_was_given_is_told():
    """The record is of three places, the list of two; N0 is known to nobody."""
    tasks = [task(1, seat(count=3))]
    one = assign(tasks, officers(3))
    leaving = names(one)[0]
    newcomers = InspectorRegister([*officers(3), officer("N0")])
    after = redraw_seat(
        one, "T1", leaving, reason=RedrawReason.LEFT, key=NEW, register=newcomers
    )
    record = AssignmentRecord.of(after, reason=APPROVAL)
    given = {"people": officers(3), "recusals": [], "history": []}
    assert after.redraws[0].pool == ("N0",)

    for key in KEYS[:10]:
        other_key = {**record.to_dict(), "key": key}
        found = verified(other_key, tasks=[task(1)], **given)
        assert {"statement.tasks", "tasks[0].team[2]"} <= {d.path for d in found}


def test_a_redraw_of_a_team_that_was_never_drawn_is_told():
    """When tasks are forged, redraws that fit the forgery are not followed."""
    assignment, _ = redrawn()
    record = AssignmentRecord.of(assignment, reason=APPROVAL).to_dict()
    first = record["redraws"][0]
    team = record["tasks"][0]["team"]
    for forged in (record["tasks"][0], first):
        if forged["lead"] == first["before"]:
            forged["lead"] = "P0"
    team[team.index(first["before"])] = "P0"
    first["before"] = "P0"

    found = verified(record)

    assert "not-in-team" in [d.code for d in found]
