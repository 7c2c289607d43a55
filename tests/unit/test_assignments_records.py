"""The record of a draw of inspectors, and its verification."""

import copy
import datetime as dt
import pickle
import random

import attrs
import pytest
from staffing import (
    DAY,
    FACT,
    KEY,
    LATER,
    ONE_OFFICER,
    assign,
    fact_on,
    kinship,
    officer,
    officers,
    problem_of,
    recorded,
    redrawn,
    requested,
    seat,
    stated,
    task,
)

from dsgk.assignments import (
    Assignment,
    AssignmentRecord,
    Fairness,
    StaffingProblem,
    StatedChances,
)
from dsgk.documents import hash_of
from dsgk.draws import Frame, announce, conduct
from dsgk.draws._entropy import Seal
from dsgk.errors import DsgkError, InvalidInput, InvalidTypeError, InvalidValueError
from dsgk.fields import faults_of
from dsgk.plans import ModeReason
from dsgk.verify import verify_assignment


SECRET = "f" * 64
SEAL = Seal.of(SECRET, open_by=DAY + dt.timedelta(90))
PROBLEM = problem_of(
    [
        task(1, area="A", outing="上午"),
        task(2, area="A", outing="上午"),
        task(3, agencies={"甲所"}),
        task(4, seat(count=1), seat("消防", 1)),
    ],
    [*officers(6, capacity=3), *officers(3, "消防", "X")],
    recusals=[kinship("P0", "S3")],
)


@pytest.fixture(scope="module")
def record():
    """A sealed record with two redraws."""
    drawn, _ = recorded(PROBLEM, seal=SEAL, secret=SECRET)
    once = redrawn(drawn, PROBLEM, "T3", drawn.teams["T3"][0])
    return redrawn(once, PROBLEM, "T1", once.teams["T1"][1], week=2, reason="left")


def test_an_honest_record_is_right(record):
    """With everything at hand, and with the statement alone published before."""
    published = PROBLEM.chances(fact_on(DAY), SEAL, reason=ModeReason.APPROVAL).digest

    assert verify_assignment(record, PROBLEM) == ()
    assert verify_assignment(record.to_dict(), PROBLEM, digest=published) == ()
    assert verify_assignment(record, PROBLEM, problems=[PROBLEM, PROBLEM]) == ()
    assert AssignmentRecord.from_dict(record.to_dict()) == record
    assert pickle.loads(pickle.dumps(record)) == record  # noqa: S301
    assert repr(record).startswith("AssignmentRecord(4 tasks, 2 redraws, '")
    assert record.tasks[2].agencies == ("甲所",)
    assert record.tasks[0].outing == "上午"


def leaves(value, path=()):
    if isinstance(value, dict):
        for key in value:
            yield from leaves(value[key], (*path, key))
    elif isinstance(value, list):
        yield path
        for at, entry in enumerate(value):
            yield from leaves(entry, (*path, at))
    else:
        yield path


def changed(value, chance):
    """Something else of the same look."""
    if isinstance(value, bool) or value is None:
        return "X9" if value is None else not value
    if isinstance(value, int):
        return value + chance.choice([1, 2])
    if isinstance(value, list):
        return value[:-1] if value and chance.random() < 0.5 else [*value, "X9"]
    if chance.random() < 0.5 and value:
        at = chance.randrange(len(value))
        other = "0" if value[at] != "0" else "1"
        return value[:at] + other + value[at + 1 :]
    people = ["P0", "P1", "P2", "P3", "P4", "P5", "X0", "approval", "case-lead", "left"]
    return chance.choice([p for p in people if p != value])


def tampered(document, chance, times):
    forged = copy.deepcopy(document)
    for path in chance.sample(sorted(leaves(document), key=repr), times):
        *way, last = path
        place = forged
        for step in way:
            try:
                place = place[step]
            except (IndexError, KeyError, TypeError):
                break
        else:
            try:
                place[last] = changed(place[last], chance)
            except (IndexError, KeyError, TypeError):
                continue
    return forged


def found_in(document, chance, times):
    forged = tampered(document, chance, times)
    if forged == document:
        return True
    if chance.random() < 0.5:  # the forger knows that the digest is looked at
        body = {n: v for n, v in forged.items() if n != "digest"}
        try:
            read = super(AssignmentRecord, AssignmentRecord).from_dict(body)
        except DsgkError:
            return True
        forged["digest"] = read.digest
        if forged == document:
            return True
    # Whoever knows how many redraws there were finds one that was left out.
    return verify_assignment(forged, PROBLEM, problems=[PROBLEM, PROBLEM]) != ()


@pytest.mark.parametrize("seed", range(4))
def test_every_change_of_a_record_is_found(record, seed):
    """Single and double changes, the digest of the record made anew or not."""
    chance = random.Random(seed)  # noqa: S311
    document = record.to_dict()
    for _ in range(40):
        assert found_in(document, chance, chance.choice([1, 2]))


@pytest.mark.campaign
def test_ten_thousand_changes_of_a_record_are_found(record):
    """The whole of the search above."""
    chance = random.Random(99)  # noqa: S311
    document = record.to_dict()
    for _ in range(10_000):
        assert found_in(document, chance, chance.choice([1, 2]))


def test_another_problem_is_told():
    """Recusals, tasks, register, rules: what differs has its name."""
    record, _ = recorded(PROBLEM)
    others = {
        "statement.chances": attrs.evolve(PROBLEM, recusals=[]),
        "statement.fairness": attrs.evolve(PROBLEM, fairness="equal-load"),
        "statement.avoid_home_areas": attrs.evolve(PROBLEM, avoid_home_areas=True),
        "statement.tasks": attrs.evolve(
            PROBLEM, tasks=[attrs.evolve(t, agencies=["乙所"]) for t in PROBLEM.tasks]
        ),
    }
    for path, problem in others.items():
        assert path in {f.path for f in verify_assignment(record, problem)}
    none = problem_of([task(1)], officers(1))
    assert [(f.code, f.path) for f in verify_assignment(record, none)] == [
        ("unstaffable", "problem")
    ]


def test_a_statement_that_was_not_published_is_told():
    """The digest of the statement is what was made public before."""
    record, before = recorded(PROBLEM)

    (fault,) = verify_assignment(record, PROBLEM, digest="0" * 64)

    assert (fault.code, fault.got) == ("not-announced", before.digest)
    with pytest.raises(InvalidValueError, match="64 lower-case hex"):
        verify_assignment(record, PROBLEM, digest="7")
    with pytest.raises(InvalidTypeError):
        verify_assignment(record, PROBLEM.tasks)
    with pytest.raises(InvalidTypeError):
        verify_assignment(record, PROBLEM, draw="7")
    (fault,) = verify_assignment(7, PROBLEM)
    assert fault.code == "argument-mapping"


def test_a_pool_that_was_narrowed_is_told():
    """Whoever narrows a pool decides who comes."""
    record, _ = recorded(PROBLEM)
    leaving = record.teams["T3"][0]
    now = attrs.evolve(PROBLEM, recusals=[kinship(p, "S3") for p in ("P0", "P5", "P4")])
    after = redrawn(record, now, "T3", leaving)
    chain = redrawn(after, PROBLEM, "T4", after.teams["T4"][0], week=2)

    assert verify_assignment(after, PROBLEM, problems=[now]) == ()
    told = verify_assignment(after, PROBLEM)
    assert {f.path.split("[")[0] for f in told} <= {"redraws"}
    assert any(".request.pool" in f.path for f in told) or (
        after.redraws[0].request.pool == requested(record, PROBLEM, "T3", leaving).pool
    )
    (fault,) = verify_assignment(record, PROBLEM, problems=[now])
    assert fault.code == "redraws-missing"
    nobody = attrs.evolve(PROBLEM, recusals=[kinship(f"P{n}", "S3") for n in range(6)])
    codes = {f.code for f in verify_assignment(chain, PROBLEM, problems=[nobody, now])}
    assert "unstaffable" in codes


def test_a_record_that_contradicts_itself_is_not_read(record):
    """All at once, with their paths."""
    document = record.to_dict()
    document["tasks"].append(document["tasks"][0])
    document["tasks"][0]["in_charge"] = "X9"
    document["tasks"][1]["team"] = ["P1", "P1"]
    document["key"] = KEY
    document["secret"] = None

    with pytest.raises(InvalidInput) as caught:
        AssignmentRecord.from_dict(document)

    assert {(f.code, f.path) for f in caught.value.faults} >= {
        ("secret-missing", "secret"),
        ("outside-team", "tasks[0].in_charge"),
        ("seated-twice", "tasks[1].team"),
        ("outing-team", "tasks[1].team"),
        ("tasks-order", "tasks[4].id"),
    }


REDRAWS = {
    "record": ({"record": "0" * 64}, "request.record"),
    "number": ({"number": 5}, "request.number"),
    "unit": ({"unit": "T9"}, "request.unit"),
    "second task": ({"unit": "T2"}, "request.unit"),
    "officer": ({"officer": "X9"}, "request.officer"),
}


@pytest.mark.parametrize(("fields", "path"), REDRAWS.values(), ids=REDRAWS)
def test_a_redraw_that_does_not_follow_is_not_read(fields, path):
    """Each link of the chain is looked at."""
    record, _ = recorded(PROBLEM)
    after = redrawn(record, PROBLEM, "T3", record.teams["T3"][0])
    request = attrs.evolve(after.redraws[0].request, **fields)
    forged = attrs.evolve(after.redraws[0], request=request, key=request.key([LATER]))

    with pytest.raises(DsgkError) as caught:
        attrs.evolve(after, redraws=[forged])

    told = getattr(caught.value, "faults", (caught.value.fault,))
    assert f"redraws[0].{path}" in {fault.path for fault in told}


def test_nobody_of_the_team_is_in_the_pool():
    """Else they would have two places."""
    record, _ = recorded(PROBLEM)
    leaving, staying = record.teams["T3"]
    after = redrawn(record, PROBLEM, "T3", leaving)
    request = attrs.evolve(after.redraws[0].request, pool=[staying])
    forged = attrs.evolve(after.redraws[0], request=request, key=request.key([LATER]))

    with pytest.raises(InvalidValueError) as caught:
        attrs.evolve(after, redraws=[forged])

    assert caught.value.fault.path == "redraws[0].request.pool"


def test_an_outcome_of_a_redraw_that_does_not_follow_is_not_read():
    """Who comes, the team, and who is in charge then."""
    record, _ = recorded(PROBLEM)
    after = redrawn(record, PROBLEM, "T3", record.teams["T3"][0])
    (done,) = after.redraws
    other = next(p for p in done.request.pool if p != done.after)
    for fields, path in (
        ({"after": other}, "after"),
        ({"team": [other, done.team[1]]}, "team"),
        ({"in_charge": other}, "in_charge"),
        ({"entropy": LATER}, "entropy"),
        ({"entropy": FACT + "./"}, "key"),
    ):
        with pytest.raises(DsgkError) as caught:
            attrs.evolve(after, redraws=[attrs.evolve(done, **fields)])
        told = getattr(caught.value, "faults", (caught.value.fault,))
        assert f"redraws[0].{path}" in {fault.path for fault in told}


def test_a_trial_makes_no_record():
    """Its key follows from nothing that was published."""
    drawn = assign([task(1)], officers(4))

    with pytest.raises(InvalidValueError) as caught:
        AssignmentRecord.of(drawn, entropy=[FACT])
    assert caught.value.code == "statement-trial"
    with pytest.raises(InvalidValueError):
        drawn.stated.key([FACT])
    with pytest.raises(InvalidTypeError):
        AssignmentRecord.of("drawn", entropy=[FACT])


def test_why_inspectors_alone_are_drawn_is_announced():
    """The draw of the subjects, or a reason of Art. 4; never both or neither."""
    problem = problem_of([task(1)], officers(4))
    fact = fact_on(DAY)

    def codes(**basis):
        with pytest.raises(DsgkError) as caught:
            problem.chances(**{"entropy": fact, **basis})
        told = getattr(caught.value, "faults", (caught.value.fault,))
        return [fault.code for fault in told]

    assert codes() == ["record-basis"]
    assert codes(reason="few-inspectors") == ["record-reason"]
    assert codes(entropy=None, seal=SEAL) == ["seal-of-trial"]
    assert codes(reason="because") == ["not-in-list"]
    announced = problem.chances(fact, reason=ModeReason.CASE_LEAD)
    assert announced.statement.reason is ModeReason.CASE_LEAD
    assert announced.statement.to_dict()["reason"] == "case-lead"


def test_a_seal_is_opened_with_its_secret_alone():
    """Whoever has the fact alone cannot tell the teams."""
    problem = problem_of([task(1)], officers(4))
    sealed = problem.chances(fact_on(DAY), SEAL, reason="approval")

    assert sealed.key([FACT], SECRET) != sealed.key(FACT + "./", SECRET)[::-1]
    for secret, code in ((None, "secret-missing"), ("e" * 64, "secret-other")):
        with pytest.raises(InvalidValueError) as caught:
            sealed.key([FACT], secret)
        assert caught.value.code == code


# -- stored values ---


STORED = {
    "equal": problem_of([task(1), task(2)], officers(5), history=[]),
    "capped": problem_of([task(n) for n in range(4)], officers(5, capacity=2)),
    "nearest": problem_of(
        [task(n) for n in range(6)], [*officers(1, capacity=1), *officers(5)[1:]]
    ),
    "load": attrs.evolve(PROBLEM, fairness=Fairness.EQUAL_LOAD),
    "nothing": problem_of([], []),
}


@pytest.mark.parametrize("problem", STORED.values(), ids=STORED)
def test_problem_statement_and_assignment_are_stored_and_read(problem):
    """A host keeps them as JSON."""
    before = problem.chances()
    drawn = before.draw(KEY)

    assert StaffingProblem.from_dict(problem.to_dict()) == problem
    assert pickle.loads(pickle.dumps(problem)) == problem  # noqa: S301
    assert hash(problem) == hash(StaffingProblem.from_dict(problem.to_dict()))
    read = StatedChances.from_dict(before.to_dict())
    assert read == before
    assert dict(read) == dict(before)
    assert read.draw(KEY) == drawn
    assert Assignment.from_dict(drawn.to_dict()) == drawn
    assert repr(drawn).startswith("Assignment(")
    assert repr(problem).startswith("StaffingProblem(")


def restated(document, table):
    """A stored statement with another table, and its digest made anew."""
    chances = hash_of(f"{text}\n" for text in table)
    return {
        **document,
        "table": table,
        "statement": {**document["statement"], "chances": chances},
    }


def told_of(document):
    with pytest.raises(DsgkError) as caught:
        StatedChances.from_dict(document)
    fault, *_ = faults_of(caught.value)
    return fault.code


UNSOUND = {
    "a capacity": lambda c: [c[0] + 9, c[1] - 9, *c[2:]],
    "a row": lambda c: [c[0] - 1, *c[1:]],
    "nothing": lambda c: [-1, c[0] + c[1] + 1, *c[2:]],
    "certainty": lambda c: [0, c[0] + c[1] + c[2], 0, *c[3:]],
    "length": lambda c: c[1:],
    "a number": lambda _: ["x"],
    "64 bits": lambda c: [2**70, *c[1:]],
}


@pytest.mark.parametrize("change", UNSOUND.values(), ids=UNSOUND)
def test_a_stored_table_is_sound(change):
    """Whoever makes the digest anew is told what passes a limit all the same."""
    document = STORED["nearest"].chances().to_dict()
    *table, last = document["table"]
    lists = [n for n, text in enumerate(table) if text.startswith("chances")]
    units = [int(text) for text in table[lists[-1]].split("\t")[1].split(" ")]
    # A list more, for the last row alone.
    table.insert(lists[-1] + 1, "chances\t" + " ".join(map(str, change(units))))
    *cells, _, factor = last.split("\t")
    table.append("\t".join([*cells, f"{len(lists)}", factor]))

    assert told_of(restated(document, table)) == "table-differs"


def test_the_table_is_taken_as_it_was_stated():
    """Whoever changes units, a line or the statement is told so."""
    document = STORED["nearest"].chances().to_dict()
    table = document["table"]
    row = next(n for n, text in enumerate(table) if text.startswith("chances"))
    units = [int(text) for text in table[row].split("\t")[1].split(" ")]
    moved = " ".join(map(str, [units[0], units[1] + 1, units[2] - 1, *units[3:]]))
    sound = [*table[:row], f"chances\t{moved}", *table[row + 1 :]]

    assert told_of({**document, "table": sound}) == "value-differs"
    assert StatedChances.from_dict(restated(document, sound)).digest
    for other in (table[1:], table[:-1], [], [*table, "part\t9\tequal"]):
        assert told_of({**document, "table": other}) == "table-differs"
    assert told_of({**document, "format": "other"}) == "value-differs"
    statement = {**document["statement"], "min_officers": 3}
    assert told_of({**document, "statement": statement}) == "value-differs"


def test_columns_hold_every_chance():
    """For a spreadsheet: one row for each chance above zero."""
    columns = stated([task(1), task(2, seat("消防", 1), seat())], [
        *officers(4), *officers(2, "消防", "X"),
    ]).to_columns()  # fmt: skip

    assert set(columns) == {"task_id", "row", "id", "units"}
    assert sum(columns["units"]) == 5 * 2**20
    assert {len(column) for column in columns.values()} == {10}
    assert stated([], []).to_columns()["units"] == []
    needed = [officer("P0", capacity=1), *officers(2)[1:]]
    alone = [task(1, seat(count=1)), task(2, seat(count=1))]
    forced = stated(alone, needed, recusals=[kinship("P1", "S1")], rules=ONE_OFFICER)
    assert forced.to_columns()["id"] == ["P0", "P1"]
    assert forced["T2"] == {"P0": 0, "P1": 1}


def test_values_have_schemas():
    """What a host validates a stored problem or record against."""
    problem = StaffingProblem.schema()
    record = AssignmentRecord.schema()

    assert "tasks" in problem["properties"]
    assert record["properties"]["format"] == {"const": "dsgk-assign/2"}
    assert assign([task(1)], officers(2)).problem.fairness is Fairness.EQUAL_CHANCE


def test_odd_units_that_pass_a_capacity_are_listed():
    """Equal to the last unit, but not where the page would send the odd ones."""
    everywhere = {"a", "b", "c"}
    people = [
        officer("M", skills=everywhere, capacity=1),
        *(officer(f"N{n}", skills={"a"}) for n in range(2)),
        *(officer(name, skills={"b"}) for name in ("B", "O")),
        *(officer(f"A{n}", skills={"c"}) for n in range(2)),
    ]
    problem = problem_of(
        [task(n, seat(count=1, skills={s})) for n, s in enumerate("abc")],
        people,
        rules=ONE_OFFICER,
    )

    before = problem.chances()

    assert before.is_equal
    assert before.capped == ()
    assert before.expected_loads["M"] <= 1
    assert StatedChances.from_dict(before.to_dict()).draw(KEY) == before.draw(KEY)


def test_a_record_without_a_digest_or_of_another_draw_is_told():
    """The link to the draw of the subjects is held against it."""
    record, _ = recorded(PROBLEM)
    document = record.to_dict()
    del document["digest"]

    assert [f.code for f in verify_assignment(document, PROBLEM)] == ["key-missing"]
    document["digest"] = "0" * 64
    document["tasks"][0]["agencies"] = ["乙所"]
    paths = {f.path for f in verify_assignment(document, PROBLEM)}
    assert {"digest", "tasks[0].agencies[0]"} <= paths


def drawn_subjects(issuer):
    frame = Frame(["S1", "S2"], ["A", "A"])
    announced = announce(
        title="抽查",
        issuer=issuer,
        announced_on=DAY - dt.timedelta(2),
        entropy=fact_on(DAY - dt.timedelta(1)),
        draws={"抽查": (frame, {"A": 1})},
        roll_key="0" * 32,
    )
    return conduct(announced, {"抽查": frame}, roll_key="0" * 32, entropy=[FACT])


def test_the_record_of_the_subjects_draw_is_linked_by_its_digest():
    """Two draws, which are two linked records (Art. 3)."""
    subjects, other = drawn_subjects("区局"), drawn_subjects("市局")
    record, _ = recorded(PROBLEM, draw=subjects)

    assert record.statement.reason is None
    assert verify_assignment(record, PROBLEM, draw=subjects) == ()
    (fault,) = verify_assignment(record, PROBLEM, draw=other)
    assert fault.path == "statement.draw"
