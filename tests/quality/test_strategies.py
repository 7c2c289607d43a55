"""
How good the strategies are: the cases at which systems go wrong come often,
and failing examples are the least ones.
"""

import datetime as dt
import itertools
from collections import Counter
from fractions import Fraction
from math import comb

import numpy as np
import pytest
import scale
from hypothesis import Phase, find, given, seed, settings, strategies as st

from dsgk import testing
from dsgk.assignments import UnstaffableError, assign_inspectors
from dsgk.calendars import Period, Unit, WorkCalendar
from dsgk.draws import draw_subjects
from dsgk.frames import Frame
from dsgk.identifiers import credit_code_faults
from dsgk.joint import Check, Method, Window, merge_checks
from dsgk.plans import Mode, PlanEntry
from dsgk.subjects import FIELDS, Subject, SubjectRegister
from dsgk.testing import ON
from dsgk.tiers import Bound, Measure, Ratio, TierPolicy, TierRule


D = dt.date
KEY = "f050b4356fceca7e0bd30cb92bc14db1"
CHINA = WorkCalendar.china()
TWENTY = Period(20, Unit.WORKING_DAY)


def can_be_staffed(problem, **options):
    """Whether there is a legal staffing."""
    given_ = {"recusals": problem.recusals, "history": problem.history, **options}
    try:
        assign_inspectors(problem.tasks, problem.register, key=KEY, **given_)
    except UnstaffableError:
        return False
    return True


# -- the cases at which systems go wrong come often ---------------------------


RUN = 100
RUNS = 10
LEAST_RUNS = scale.of(1, 3)


def examples(strategy, run):
    """
    Examples that a test of 100 examples, the default, could have had.

    Those of one run are akin, since Hypothesis makes some out of others; runs
    are independent.  A run is not the same everywhere: Hypothesis takes values
    out of the sources of whatever modules are loaded.
    """
    made = []

    @seed(run)
    @settings(max_examples=RUN, database=None, deadline=None, phases=[Phase.generate])
    @given(strategy)
    def collect(example):
        made.append(example)

    collect()
    return made


def anything(_):
    return True


def in_one_character(one, other):
    return len(one) == len(other) and sum(map(str.__ne__, one, other)) == 1


def some_pair(test):
    return lambda values: any(
        itertools.starmap(test, itertools.combinations(values, 2))
    )


def some_quota(test):
    """Whether a quota and the size of its stratum pass a test."""
    return lambda case: any(test(q, case[0].sizes[n]) for n, q in case[1].items())


def strata(case):
    return draw_subjects(*case, key=KEY).strata.values()


def planned(test):
    """Whether the frame of a register and a policy passes a test."""
    return lambda case: test(case[1].frame(case[0], on=ON))


def excluded_for(code):
    return planned(
        lambda p: any(r.code == code for e in p.exclusions for r in e.reasons)
    )


def rest_ends_today(case):
    """Whether somebody could not have been drawn the day before."""
    register, policy = case
    if np.datetime64(ON) in register.last_inspected_on:
        return False
    before = policy.frame(register, on=ON - dt.timedelta(1)).frame
    return not {*policy.frame(register, on=ON).frame.ids} <= {*before.ids}


def gap(one, other):
    """Days from the end of the earlier window to the beginning of the later."""
    return (max(one.first, other.first) - min(one.last, other.last)).days


def at_a_distance(days):
    """Whether two on-site checks of one subject are so many days apart."""
    return some_pair(
        lambda a, b: (
            a.subject_id == b.subject_id
            and a.method is b.method is Method.ON_SITE
            and a.window != b.window
            and gap(a.window, b.window) == days
        )
    )


def is_code(text):
    return not credit_code_faults([text])


overlap = some_pair(lambda one, other: {*one.ids} & {*other.ids})


def one_officer_department(problem):
    officers = Counter(p.department for p in problem.register if p.is_officer)
    return 1 in officers.values()


def binds(bars):
    """Whether a bar keeps somebody from a seat that admits them."""

    def test(problem):
        return any(
            bar.subject_id == task.subject_id
            and bar.inspector_id in problem.register
            and seat.admits(problem.register[bar.inspector_id])
            for bar in getattr(problem, bars)
            for task in problem.tasks
            for seat in task.seats
        )

    return test


def decides(bars):
    """Whether there would be a staffing without the bars."""
    return lambda p: (
        getattr(p, bars) and not can_be_staffed(p) and can_be_staffed(p, **{bars: []})
    )


MADE_UP = {day for notice in CHINA.notices for day in notice.make_up_days}
FIRST_OPEN = CHINA.announced_through + dt.timedelta(1)

DRAWN = testing.frames_with_quotas()
WEIGHTED = testing.frames_with_quotas(weighted=True)
TIERED = st.tuples(testing.subject_registers(), testing.tier_policies())
TWO_WINDOWS = st.tuples(testing.windows(), testing.windows())
PROBLEMS = testing.staffing_problems()

# Within how many examples nine runs of ten meet the case, and all of twenty runs
# did.
CASES = {
    "ids": (testing.ids(), {
        "Chinese": (50, lambda i: any("\u4e00" <= c <= "\u9fff" for c in i)),
        "of four bytes": (50, lambda i: any(ord(c) > 0xFFFF for c in i)),
        "a credit code": (50, is_code),
        "meaning in SQL": (50, lambda i: any(c in "'\"%_\\" for c in i)),
    }),
    "id lists": (testing.id_lists(), {
        "differ in one character": (20, some_pair(in_one_character)),
        "one begins another": (50, some_pair(lambda a, b: b.startswith(a))),
        "differ in case": (100, some_pair(lambda a, b: a.lower() == b.lower())),
        "sort otherwise in UTF-16": (
            50,
            lambda ids: sorted(ids) != sorted(ids, key=lambda i: i.encode("utf-16-be")),
        ),
    }),
    "drawn": (DRAWN, {
        "no row": (20, lambda case: not len(case[0])),
        "one stratum": (20, lambda case: len(case[0].names) == 1),
        "many strata": (100, lambda case: len(case[0].names) > 2),
        "weights": (20, lambda case: case[0].weights is not None),
        "nobody": (20, some_quota(lambda quota, _: quota == 0)),
        "everybody": (20, some_quota(lambda quota, size: quota == size)),
        "some": (100, some_quota(lambda quota, size: 0 < quota < size)),
        "everybody everywhere": (50, lambda c: sum(c[1].values()) == len(c[0]) > 0),
    }),
    "weighted": (WEIGHTED, {
        "certain": (
            100,
            lambda c: any(s.certain and s.quota < s.size for s in strata(c)),
        ),
        "certain and others": (
            100,
            lambda c: any(s.certain and s.certain < s.quota for s in strata(c)),
        ),
        "the heaviest": (50, lambda c: 2**53 - 1 in c[0].weights),
    }),
    "tiered": (TIERED, {
        "no subject": (20, lambda case: not len(case[0])),
        "one who left": (
            100,
            lambda case: any(not s.status.is_registered for s in case[0]),
        ),
        "a tier nobody is in": (20, planned(lambda p: p.empty_tiers)),
        "a tier nobody can be drawn from": (
            100,
            planned(lambda p: p.registered.keys() - p.frame.sizes.keys()),
        ),
        "two tiers": (100, planned(lambda p: len(p.frame.sizes) > 1)),
        "inside a rest": (50, excluded_for("inside-rest")),
        "a rest that ends today": (100, rest_ends_today),
        "at a cap": (100, excluded_for("yearly-cap")),
        "nobody to draw": (20, planned(lambda p: 0 in p.quotas.values())),
    }),
    "ratios": (testing.ratios(), {
        **{
            bound.name: (50, lambda r, bound=bound: r.bound is bound)
            for bound in Bound
        },
        **{
            measure.name: (50, lambda r, measure=measure: r.measure is measure)
            for measure in Measure
        },
        "no binary fraction": (
            20,
            lambda r: r.measure is Measure.SHARE and r.target.denominator % 5 == 0,
        ),
    }),
    "windows": (testing.windows(), {
        "of a day": (20, lambda w: w.first == w.last),
        "over the end of a year": (50, lambda w: w.first.year < w.last.year),
    }),
    "check lists": (testing.check_lists(), {
        "touch in one day": (50, at_a_distance(0)),
        "miss each other by a day": (50, at_a_distance(1)),
        "a visit saved": (20, lambda c: merge_checks(c).visits_saved),
        "no visit needed": (20, lambda c: merge_checks(c).remote),
    }),
    "problems": (PROBLEMS, {
        "nobody has a task": (20, lambda p: not p.tasks),
        "staffed": (50, lambda p: len(p.tasks) > 1 and can_be_staffed(p)),
        "not to be staffed": (50, lambda p: not can_be_staffed(p)),
        "recusals bind": (50, binds("recusals")),
        "recusals decide": (100, decides("recusals")),
        "rotation binds": (50, binds("history")),
        "rotation decides": (100, decides("history")),
        "a department of one officer": (20, one_officer_department),
        "experts": (50, lambda p: any(s.expert for t in p.tasks for s in t.seats)),
        "joint": (20, lambda p: any(len(t.seats) > 1 for t in p.tasks)),
        "one half-day": (50, lambda p: any(t.outing for t in p.tasks)),
        "one in charge": (50, lambda p: any(t.lead for t in p.tasks)),
        "ties": (
            50,
            lambda p: any(t.area in o.home_areas for t in p.tasks for o in p.register),
        ),
    }),
    "assignments": (testing.conducted_assignments(), {
        "nobody has a task": (20, lambda case: not case[0].teams),
        "a redraw": (100, lambda case: case[0].redraws),
        "two redraws": (100, lambda case: len(case[0].redraws) > 1),
        "a public fact": (50, lambda case: case[0].entropy is not None),
    }),
    "days": (testing.days(), {
        "made up": (20, MADE_UP.__contains__),
        "a weekday off": (20, lambda d: d.weekday() < 5 and not CHINA.is_workday(d)),
        "the end of a year": (20, lambda d: (d.month, d.day) in {(12, 31), (1, 1)}),
        "provisional": (20, lambda d: d >= FIRST_OPEN),
        "settled but not its deadline": (
            100,
            lambda d: d < FIRST_OPEN and CHINA.deadline(d, TWENTY).provisional,
        ),
    }),
    "holiday notices": (testing.holiday_notices(), {
        "make-up days": (20, lambda n: n.make_up_days),
        "the law alone": (20, lambda n: not n.make_up_days and len(n.days_off) == 13),
    }),
    "work calendars": (testing.work_calendars(), {
        "of today": (20, lambda c: c == CHINA),
        "amended": (20, lambda c: c.notices[-1].amends),
        "two years on": (
            50, lambda c: c.announced_through.year > FIRST_OPEN.year,
        ),
    }),
    "announced draws": (testing.announced_draws(), {
        "a redraw": (50, lambda case: case[0].supersedes),
        "several draws": (50, lambda case: len(case[1]) > 1),
        "an empty frame": (
            20, lambda case: any(not len(f) for f in case[1].values()),
        ),
        "overlapping lists": (
            100,
            lambda case: overlap(case[1].values()),
        ),
    }),
    "plans": (testing.plans(), {
        "a joint plan": (20, lambda p: p.is_joint),
        "a draft": (20, lambda p: p.adopted_on is None),
        "amended": (50, lambda p: p.amendments),
        "one-sided": (20, lambda p: any(e.mode is not Mode.BOTH for e in p.entries)),
        "several batches": (20, lambda p: any(len(e.batches) > 1 for e in p.entries)),
        "a territory": (50, lambda p: any(e.territories for e in p.entries)),
    }),
}  # fmt: skip


@pytest.mark.scaled
@pytest.mark.parametrize("name", CASES)
def test_the_cases_at_which_systems_go_wrong_come_often(name):
    """
    So often that nine tests of ten meet them.

    A case fails that fewer than three runs of ten meet, in the campaign, whose
    chance is less than one in a million if it comes as often as is stated.
    """
    strategy, cases = CASES[name]
    met = dict.fromkeys(cases, 0)
    for run in range(RUNS):
        if min(met.values()) == LEAST_RUNS:
            break
        made = examples(strategy, run)
        for case, (within, test) in cases.items():
            if met[case] < LEAST_RUNS:
                met[case] += any(map(test, made[:within]))

    assert {case: runs for case, runs in met.items() if runs < LEAST_RUNS} == {}


def test_a_strategy_as_good_as_stated_does_not_fail():
    """Independent runs: the chance is binomial."""
    met, missed = Fraction(9, 10), Fraction(1, 10)
    chance = sum(
        comb(RUNS, runs) * met**runs * missed ** (RUNS - runs)
        for runs in range(LEAST_RUNS)
    )

    assert chance < Fraction(1, 10**6)


# -- failing examples are the least ones ---------------------------------------


def sizes(problem):
    """How many tasks, people, recusals and past visits a problem has."""
    whole = (problem.tasks, problem.register, problem.recusals, problem.history)
    return tuple(map(len, whole))


LEAST = {
    "an id": (testing.ids(), anything, "0"),
    "a longer id": (testing.ids(), lambda i: len(i) > 3, "0000"),
    "a rare character": (testing.ids(), lambda i: ord(max(i)) > 0xFFFF, "\U00020000"),
    "a label": (testing.labels(), anything, "0"),
    "a code": (testing.credit_codes(), anything, "0" * 18),
    "two ids": (
        testing.id_lists(),
        lambda ids: len(ids) > 1,
        (2, "0"),
        lambda ids: (len(ids), min(ids)),
    ),
    "a ratio": (testing.ratios(), anything, Ratio.at_least("0%")),
    "a count": (
        testing.ratios(),
        lambda r: r.measure is Measure.COUNT and r.target == 7,
        Ratio.count_between(7, None),
    ),
    "a frame": (testing.frames(), anything, Frame([], [])),
    "two strata": (
        testing.frames(),
        lambda f: len(f.names) > 1,
        {"A": 1, "B": 1},
        lambda f: f.sizes,
    ),
    "a weight": (
        testing.frames(),
        lambda f: f.weights is not None and max(f.weights, default=0) > 6,
        Frame(["0"], ["A"], [7]),
    ),
    "some drawn": (
        DRAWN,
        some_quota(lambda quota, size: 0 < quota < size),
        ({"A": 2}, {"A": 1}),
        lambda case: (case[0].sizes, case[1]),
    ),
    "an announcement": (
        testing.announced_draws(),
        anything,
        {"0": Frame([], [])},
        lambda case: case[1],
    ),
    "a subject": (testing.subjects(), anything, Subject(id="0")),
    "a subject of a class": (
        testing.subjects(), lambda s: s.credit == "D", Subject(id="0", credit="D"),
    ),
    "one who left": (
        testing.subject_columns(max_size=5),
        lambda c: "注销" in c["status"],
        SubjectRegister.from_columns(
            id=["0"],
            **{name: [None] for name in [*FIELDS, "food", "employees"]}
            | {"status": ["注销"]},
        ).to_columns(),
    ),
    "a policy": (
        testing.tier_policies(),
        anything,
        TierPolicy([TierRule("A", ratio=Ratio.at_least("0%"))]),
    ),
    "a window": (
        testing.windows(), anything, Window(D(2026, 1, 1), D(2026, 1, 1)),
    ),
    "windows that touch": (
        TWO_WINDOWS,
        lambda pair: pair[0].first < pair[0].last == pair[1].first < pair[1].last,
        (
            Window(D(2026, 1, 1), D(2026, 1, 2)),
            Window(D(2026, 1, 2), D(2026, 1, 3)),
        ),
    ),
    "a visit saved": (
        testing.check_lists(),
        lambda checks: merge_checks(checks).visits_saved,
        [
            Check(
                subject_id="S1", item="消防情况的检查", department=department,
                window=Window(D(2026, 1, 1), D(2026, 1, 1)),
            )
            for department in ("公安", "市场监管")
        ],
    ),
    "a recusal in the way": (
        testing.staffing_problems(max_size=2),
        decides("recusals"),
        (1, 2, 1, 0),
        sizes,
    ),
    "a rotation in the way": (
        testing.staffing_problems(max_size=2),
        decides("history"),
        (1, 2, 0, 1),
        sizes,
    ),
    "an assignment": (
        testing.conducted_assignments(),
        lambda case: case[0].teams,
        (1, 2, 0, 0),
        lambda case: sizes(case[1]),
    ),
    "a day": (testing.days(), anything, D(2004, 1, 1)),
    "an open day": (testing.days(), lambda d: d >= FIRST_OPEN, FIRST_OPEN),
    "a period": (testing.periods(), anything, Period(1, Unit.WORKING_DAY)),
    "an amended calendar": (
        testing.work_calendars(),
        lambda c: c.notices[-1].amends,
        CHINA.notices,
        lambda c: c.notices[:-1],
    ),
    "an entry": (
        testing.plan_entries(),
        anything,
        PlanEntry(
            id="0", items=["食品经营监督检查"], ratio=Ratio.at_least("0%"),
            lead="市场监管局",
        ),
    ),
}  # fmt: skip


# To shrink these takes a minute or two in all.
LONG = {
    "two strata", "some drawn", "an announcement", "one who left", "a policy",
    "a visit saved", "a recusal in the way", "a rotation in the way", "an assignment",
}  # fmt: skip


@pytest.mark.parametrize(
    "case",
    [
        pytest.param(case, marks=[pytest.mark.campaign] * (case in LONG))
        for case in LEAST
    ],
)
def test_a_failing_example_is_the_least_one(case):
    """What a person would have written down to show the fault."""
    strategy, condition, least, *view = LEAST[case]
    found = find(
        strategy,
        condition,
        settings=settings(
            max_examples=1000, database=None, deadline=None, derandomize=True
        ),
    )

    assert least == (view[0](found) if view else found)
