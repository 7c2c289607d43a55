"""What tests of assignments share: short names, and inputs of every kind."""

import datetime as dt
from collections import defaultdict

import attrs
from hypothesis import strategies as st

from dsgk.assignments import (
    AssignmentRecord,
    PastVisit,
    Seat,
    StaffingProblem,
    StaffingTask,
    assign_inspectors,
)
from dsgk.draws._entropy import Digits, Entropy
from dsgk.inspectors import (
    Inspector,
    InspectorRegister,
    Recusal,
    RecusalOrigin,
    RecusalReason,
)
from dsgk.plans import ModeReason
from dsgk.sources import RuleProfile


FACT = "02071118"
LATER = "30180511"
KEY = "f050b4356fceca7e0bd30cb92bc14db1"
KEYS = [f"{number:032x}" for number in range(30)]
ONE_OFFICER = RuleProfile(min_officers=1)
DAY = dt.date(2026, 3, 2)


def officer(id, department="市场监管", **fields):  # noqa: A002
    return Inspector(id=id, department=department, **fields)


def officers(n, department="市场监管", prefix="P", **fields):
    return [officer(f"{prefix}{k}", department, **fields) for k in range(n)]


def seat(department="市场监管", count=2, **fields):
    return Seat(department=department, count=count, **fields)


def task(number, *seats, subject=None, **fields):
    return StaffingTask(
        id=f"T{number}",
        subject_id=subject or f"S{number}",
        seats=seats or (seat(),),
        **fields,
    )


def kinship(inspector_id, subject_id, **fields):
    return Recusal(
        inspector_id=inspector_id,
        subject_id=subject_id,
        **{"reason": RecusalReason.KINSHIP, **fields},
    )


def visit(inspector_id, subject_id="S1", on=DAY):
    return PastVisit(inspector_id=inspector_id, subject_id=subject_id, on=on)


def assign(tasks, people, **fields):
    return assign_inspectors(tasks, InspectorRegister(people), **{"key": KEY, **fields})


def problem_of(tasks, people, **fields):
    return StaffingProblem(tasks, InspectorRegister(people), **fields)


def stated_of(tasks, register, **fields):
    return StaffingProblem(tasks, register, **fields).chances()


def stated(tasks, people, **fields):
    return problem_of(tasks, people, **fields).chances()


def fact_on(day):
    """A fact to come: eight digits."""
    return Entropy("公开号码", day, [Digits("号码", 8)])


def recorded(problem, *, reason=ModeReason.APPROVAL, draw=None, seal=None, secret=None):
    """A record, and what was stated before."""
    reason = None if draw else reason
    stated = problem.chances(fact_on(DAY), seal, reason=reason, draw=draw)
    drawn = stated.draw(stated.key([FACT], secret))
    return AssignmentRecord.of(drawn, entropy=[FACT], secret=secret), stated


def requested(record, problem, task_id, inspector_id, *, reason="left", week=1):
    return record.request_redraw(
        task_id,
        inspector_id,
        problem=problem,
        reason=reason,
        announced_on=DAY + dt.timedelta(7 * week - 1),
        entropy=fact_on(DAY + dt.timedelta(7 * week)),
    )


def redrawn(record, problem, task_id, inspector_id, fact=LATER, **fields):
    request = requested(record, problem, task_id, inspector_id, **fields)
    return record.redraw(request, problem=problem, entropy=[fact])


def names(assignment, task_id="T1"):
    return [seated.inspector_id for seated in assignment.teams[task_id]]


# -- inputs of every kind ---

DEPARTMENTS = ["市场监管", "消防", "文旅"]
SKILLS = ["食品", "特种设备"]
SUBJECTS = ["S1", "S2", "S3"]
AREAS = ["上仓镇", "下营镇"]

keys = st.integers(0, 2**128 - 1).map("{:032x}".format)
seats = st.builds(
    Seat,
    department=st.sampled_from(DEPARTMENTS)
    | st.sets(st.sampled_from(DEPARTMENTS), min_size=1),
    count=st.integers(1, 2),
    skills=st.sampled_from([(), (), SKILLS[:1], SKILLS[1:]]),
    certified=st.sampled_from([True, True, True, False]),
    expert=st.sampled_from([False, False, False, False, True]),
)


@st.composite
def inputs(draw):
    """Tasks, register, recusals and history without a fault."""
    n = draw(st.integers(0, 15))
    people = [
        # One of each department, so that none is unknown.
        *(Inspector(id=f"A{d}", department=d, capacity=2) for d in DEPARTMENTS),
        *(
            Inspector(
                id=f"P{number}",
                department=draw(st.sampled_from(DEPARTMENTS)),
                certified=draw(st.sampled_from([True, True, False])),
                skills=draw(st.sets(st.sampled_from(SKILLS))),
                home_areas=draw(st.sets(st.sampled_from(AREAS), max_size=1)),
                capacity=draw(st.sampled_from([None, None, 0, 1, 2])),
                is_expert=draw(st.sampled_from([False, False, False, True])),
            )
            for number in range(n)
        ),
    ]
    tasks = [
        StaffingTask(
            id=f"T{number}",
            subject_id=draw(st.sampled_from(SUBJECTS)),
            seats=(
                Seat(department=draw(st.sampled_from(DEPARTMENTS)), count=1),
                *draw(st.lists(seats, max_size=2)),
            ),
            area=draw(st.none() | st.sampled_from(AREAS)),
        )
        for number in range(draw(st.sampled_from([0, 1, 1, 2, 2, 3, 4, 5])))
    ]
    # A task may be made with the one before, at another subject.
    for number in range(1, len(tasks)):
        if draw(st.sampled_from([False, False, True])):
            before = tasks[number - 1]
            outing = before.outing or f"B{number}"
            tasks[number - 1] = attrs.evolve(before, outing=outing)
            tasks[number] = attrs.evolve(
                tasks[number], seats=before.seats, area=before.area, outing=outing
            )
    ids = st.sampled_from([person.id for person in people])
    recusals = draw(
        st.lists(
            st.builds(
                Recusal,
                inspector_id=ids,
                subject_id=st.sampled_from(SUBJECTS),
                reason=st.sampled_from(RecusalReason),
                origin=st.sampled_from(RecusalOrigin),
            ),
            max_size=6,
        )
    )
    history = draw(
        st.lists(
            st.builds(
                PastVisit,
                inspector_id=ids | st.just("left"),
                subject_id=st.sampled_from(SUBJECTS),
                on=st.dates(dt.date(2026, 1, 1), dt.date(2026, 1, 4)),
                department=st.none() | st.none() | st.sampled_from(DEPARTMENTS),
            ),
            max_size=6,
            unique_by=lambda visit: (visit.subject_id, visit.inspector_id, visit.on),
        )
    )
    return tasks, people, recusals, history, draw(st.booleans())


def bars_of(people, recusals, history):
    """Pairs of subject and person, with why they are barred."""
    of = {person.id: person for person in people}
    bars = defaultdict(lambda: (set(), set()))
    for recusal in recusals:
        bars[recusal.subject_id, recusal.inspector_id][0].add(recusal)

    def department(visit):
        person = of.get(visit.inspector_id)
        return visit.department or (person and person.department)

    def by_officer(visit):
        person = of.get(visit.inspector_id)
        return bool(visit.department or (person and person.is_officer))

    for visit in sorted(history, key=lambda visit: visit.on):
        person = of.get(visit.inspector_id)
        officers_since = [
            v
            for v in history
            if v.subject_id == visit.subject_id and v.on > visit.on
            if department(v) == department(visit) and by_officer(v)
        ]
        if person and not person.is_expert and not officers_since:
            why = bars[visit.subject_id, visit.inspector_id][1]
            why.clear()
            why.add(visit)
    return dict(bars)


def given_to(function, given_inputs, **fields):
    tasks, people, recusals, history, avoid = given_inputs
    return function(
        tasks,
        InspectorRegister(people),
        recusals=recusals,
        history=history,
        avoid_home_areas=avoid,
        rules=ONE_OFFICER,
        **fields,
    )
