"""Arguments of the strategies, and what a failing example looks like."""

import datetime as dt
import runpy
import sys

import numpy as np
import pytest
from hypothesis import Phase, given, settings, strategies as st
from hypothesis.errors import InvalidArgument

from dsgk import testing
from dsgk.calendars import Unit, WorkCalendar
from dsgk.fields import Stored
from dsgk.frames import Frame
from dsgk.inspectors import Recusal
from dsgk.joint import Method
from dsgk.subjects import FIELDS, Subject, SubjectRegister
from dsgk.tiers import Measure


D = dt.date
MIDNIGHT = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
SIZED = [
    testing.announced_draws,
    testing.check_lists,
    testing.conducted_draws,
    testing.frames,
    testing.frames_with_quotas,
    testing.id_lists,
    testing.ids,
    testing.inspector_registers,
    testing.labels,
    testing.plans,
    testing.selections,
    testing.staffing_problems,
    testing.subject_columns,
    testing.subject_registers,
    testing.work_calendars,
]


def refused(function, *args, **arguments):
    """The message with which a call is refused."""
    with pytest.raises(InvalidArgument) as caught:
        function(*args, **arguments)
    return str(caught.value)


@pytest.mark.parametrize("function", SIZED, ids=lambda f: f.__name__)
def test_sizes_that_are_no_interval_are_refused(function):
    """In the words of Hypothesis, and where they are written."""
    assert (
        refused(function, min_size=2, max_size=1)
        == "Cannot have max_size=1 < min_size=2"
    )
    assert (
        refused(function, min_size="2")
        == "Expected int but got min_size='2' (type=str)"
    )
    assert (
        refused(function, max_size=2.0)
        == "Expected int but got max_size=2.0 (type=float)"
    )
    assert refused(function, min_size=-1).startswith("Invalid min_size=-1 < ")


REFUSED = [
    (testing.announced_draws, {"min_size": 0}),
    (testing.announced_draws, {"draws": []}),
    (testing.assignment_records, {"problems": []}),
    (testing.check_lists, {"elements": []}),
    (testing.checks, {"departments": []}),
    (testing.checks, {"items": "消防"}),
    (testing.checks, {"methods": ["现场"]}),
    (testing.checks, {"subject_ids": ["S1 "]}),
    (testing.checks, {"windows": testing.windows}),
    (testing.conducted_assignments, {"problems": testing.staffing_problems}),
    (testing.conducted_draws, {"draws": []}),
    (testing.days, {"calendar": "China"}),
    (testing.days, {"max_value": D(2004, 1, 1), "min_value": D(2005, 1, 1)}),
    (testing.days, {"max_value": D(2999, 1, 1)}),
    (testing.days, {"min_value": D(1999, 1, 1)}),
    (testing.days, {"min_value": MIDNIGHT}),
    (testing.frames, {"ids": ["S1"]}),
    (testing.frames, {"strata": "AB"}),
    (testing.frames, {"weighted": 1}),
    (testing.holiday_notices, {"amends": 1}),
    (testing.holiday_notices, {"year": "2027"}),
    (testing.holiday_notices, {"year": 1999}),
    (testing.holiday_notices, {"year": 2999}),
    (testing.id_lists, {"elements": "S1"}),
    (testing.ids, {"max_size": 129}),
    (testing.inspector_registers, {"areas": []}),
    (testing.inspectors, {"departments": ["消防 "]}),
    (testing.inspectors, {"ids": "A"}),
    (testing.inspectors, {"skills": [1]}),
    (testing.periods, {"max_value": 0}),
    (testing.periods, {"units": []}),
    (testing.periods, {"units": ["day"]}),
    (testing.plan_entries, {"departments": []}),
    (testing.plan_entries, {"fields": []}),
    (testing.plan_entries, {"ids": "1"}),
    (testing.plan_entries, {"items": [" "]}),
    (testing.plan_entries, {"ratios": "3%"}),
    (testing.plan_entries, {"year": 0}),
    (testing.plans, {"entries": []}),
    (testing.plans, {"max_amendments": -1}),
    (testing.plans, {"year": 10_000}),
    (testing.ratios, {"any_size": None}),
    (testing.ratios, {"measures": [3]}),
    (testing.ratios, {"measures": set()}),
    (testing.seats, {"departments": ["甲", 1]}),
    (testing.seats, {"skills": []}),
    (testing.selections, {"fields": {"kind": "药店"}}),
    (testing.selections, {"min_size": 9}),
    (testing.staffing_problems, {"staffable": "yes"}),
    (testing.staffing_tasks, {"ids": "T"}),
    (testing.staffing_tasks, {"subject_ids": "S"}),
    (testing.subject_columns, {"fields": {"id": testing.ids()}}),
    (testing.subject_columns, {"fields": {"kind": ["药店"]}}),
    (testing.subject_columns, {"fields": {" ": st.none()}}),
    (testing.subject_columns, {"on": MIDNIGHT}),
    (testing.subjects, {"ids": "S"}),
    (testing.subjects, {"on": "2026-01-01"}),
    (testing.tier_policies, {"complete": 1}),
    (testing.tier_policies, {"fields": {"id": None}}),
    (testing.tier_policies, {"max_size": 0}),
    (testing.tier_policies, {"ratios": "3%"}),
    (testing.windows, {"max_value": D(2020, 1, 1)}),
    (testing.windows, {"max_value": MIDNIGHT}),
    (testing.windows, {"min_value": "2026-01-01"}),
    (testing.work_calendars, {"max_size": 99}),
]


@pytest.mark.parametrize(
    ("function", "arguments"),
    REFUSED,
    ids=[f"{f.__name__} {n}" for n, (f, _) in enumerate(REFUSED)],
)
def test_a_wrong_argument_is_refused_where_it_is_written(function, arguments):
    """Not in the middle of a test run; and the message shows name and value."""
    message = refused(function, **arguments)

    assert any(name in message for name in arguments)


def test_a_message_says_what_to_write():
    assert refused(testing.frames, strata=["A"]) == (
        "Expected a SearchStrategy but got strata=['A'] (type=list). "
        "Write st.sampled_from(['A']) instead."
    )
    assert refused(testing.frames, ids="S1") == (
        "Expected a SearchStrategy but got ids='S1' (type=str). "
        "Write st.just('S1') instead."
    )
    assert refused(testing.checks, items=[]) == (
        "Cannot sample from items=[], which has no member"
    )
    assert refused(testing.checks, items=["卫生", 1]) == (
        "Expected str but got a member of items=1 (type=int)"
    )
    assert refused(testing.checks, items="卫生") == (
        "Expected a collection of str but got items='卫生' (type=str)"
    )
    assert "Write 'S1' instead." in refused(testing.checks, subject_ids=["S1 "])
    assert refused(testing.quotas, 3) == "Expected Frame but got frame=3 (type=int)"


def test_a_class_without_declared_fields_is_refused():
    """And fields that it does not have, or that are given no strategy."""
    for cls in (dict, Stored):
        assert refused(testing.values, cls) == (
            f"Cannot infer values of cls={cls!r}, which declares no fields"
        )
    assert refused(testing.values, "CaseLead") == (
        "Expected type but got cls='CaseLead' (type=str)"
    )
    assert refused(testing.values, Recusal, why=st.none()) == (
        "Cannot have why=none(), since fields are "
        "['inspector_id', 'subject_id', 'reason', 'origin']"
    )
    assert refused(testing.values, Recusal, reason="kinship").startswith(
        "Expected a SearchStrategy but got reason='kinship'"
    )


def first(strategy):
    """The simplest example, which is tried first."""
    made = []

    @settings(max_examples=1, database=None, phases=[Phase.generate])
    @given(strategy)
    def collect(example):
        made.append(example)

    collect()
    return made[0]


def test_limits_themselves_are_accepted():
    """One value further is refused, see above."""
    last = WorkCalendar.china().known_through

    assert len(first(testing.ids(min_size=128))) == 128
    assert len(first(testing.labels(min_size=9, max_size=9))) == 9
    assert first(testing.days(min_value=last)) == last
    assert first(testing.holiday_notices(year=last.year)).year == last.year
    assert first(testing.holiday_notices(year=2004)).year == 2004
    assert first(testing.periods(max_value=1)).n == 1
    assert first(testing.plan_entries(year=1)).id == "0"
    assert first(testing.windows(min_value=D.max, max_value=D.max)).last == D.max


def test_sets_are_sampled_in_one_order():
    """Sets of texts have another order in each process, examples must not."""
    found = [
        first(testing.ratios(measures=set(Measure))),
        first(testing.periods(units=frozenset(Unit))),
        first(testing.checks(departments={"丙", "乙", "甲"})).department,
        first(testing.checks(methods={Method.ONLINE, Method.ON_SITE})).method,
    ]

    assert [r.measure for r in found[:1]] == [min(Measure, key=repr)]
    assert found[1].unit is min(Unit, key=repr)
    assert found[2:] == ["丙", min({Method.ONLINE, Method.ON_SITE}, key=repr)]


# -- what a failing example looks like -----------------------------------------


def printed(strategy, condition):
    """The argument of a failing test, as Hypothesis prints it."""

    # Without the phase that explains, which tries hundreds of other values.
    @settings(max_examples=100, phases=[Phase.generate, Phase.shrink])
    @given(strategy)
    def test(x):
        assert not condition(x)

    with pytest.raises(AssertionError) as caught:
        test()
    (note,) = [n for n in caught.value.__notes__ if "test(" in n]
    return note[note.index("x=") + 2 : note.rindex("\n)")].rstrip(",\n ")


@pytest.mark.parametrize(
    ("strategy", "condition"),
    [
        (testing.frames(), lambda f: len(f) > 1),
        (testing.frames(weighted=True), len),
        (testing.subject_registers(fields=dict.fromkeys(FIELDS)), len),
        (testing.subjects(), lambda s: s.credit),
        (testing.inspector_registers(max_size=2), len),
        (testing.values(Recusal), lambda r: r.subject_id == "A"),
    ],
    ids=["frame", "weighted", "register", "subject", "inspectors", "recusal"],
)
def test_a_failing_example_is_printed_as_code(strategy, condition):
    """It can be copied into a test; the repr of a register tells its size alone."""
    names = {
        name: getattr(module, name)
        for module in map(sys.modules.get, ["dsgk.inspectors", "dsgk.subjects"])
        for name in module.__all__
    }
    value = eval(printed(strategy, condition), {"Frame": Frame, **names})  # noqa: S307

    assert isinstance(value, (Recusal, Subject)) or len(value)


def test_a_calendar_is_printed_in_a_line():
    """Not with twenty years of notices, of whose length Hypothesis would warn."""
    text = printed(testing.work_calendars(), lambda c: c.notices[-1].amends)

    assert text.startswith("WorkCalendar(announced_from=")
    assert len(text) < 200


# -- without Hypothesis --------------------------------------------------------


def test_who_lacks_hypothesis_is_told_the_extra(monkeypatch):
    """And may skip the tests by `pytest.importorskip`, which wants this class."""
    monkeypatch.setitem(sys.modules, "hypothesis", None)
    with pytest.raises(ModuleNotFoundError) as caught:
        runpy.run_path(testing.__file__)

    assert caught.value.name == "hypothesis"
    assert str(caught.value) == (
        "dsgk.testing needs Hypothesis, which is not installed. "
        "Install it with: pip install 'dsgk[testing]'"
    )


def test_cells_are_plain_values():
    """So that a host can put them into any table."""
    kinds = {str, bool, int, type(None), dt.date}
    found = set()

    @settings(max_examples=50)
    @given(testing.subject_columns(min_size=1))
    def collect(columns):
        found.update(type(cell) for column in columns.values() for cell in column)
        assert not any(isinstance(column, np.ndarray) for column in columns.values())
        assert len(SubjectRegister.from_columns(**columns)) == len(columns["id"])

    collect()

    assert found <= kinds
