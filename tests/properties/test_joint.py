"""Promises of joint inspection to subjects and to departments."""

import datetime as dt
import hashlib
from collections import Counter
from itertools import combinations

import pytest
import scale
from hypothesis import example, given, strategies as st

from dsgk.draws import draw_subjects
from dsgk.frames import Frame
from dsgk.joint import Check, Method, Window, merge_checks


START = dt.date(2026, 12, 29)  # windows run over the end of a year

windows = st.tuples(st.integers(0, 8), st.integers(0, 5)).map(
    lambda pair: Window(
        START + dt.timedelta(pair[0]), START + dt.timedelta(pair[0] + pair[1])
    )
)
checks = st.lists(
    st.builds(
        Check,
        subject_id=st.sampled_from(["S1", "S2", "S10"]),
        item=st.sampled_from(["消防", "治安", "卫生"]),
        department=st.sampled_from(["公安", "教育", "卫健"]),
        window=windows,
        method=st.sampled_from([Method.ON_SITE] * 3 + [Method.WRITTEN, Method.ONLINE]),
        initiates=st.booleans(),
    ),
    max_size=12,
    unique_by=lambda c: (c.subject_id, c.item, c.department, c.window, c.method),
)


def fewest_days(windows):
    """Try out all sets of days, small ones first."""
    days = sorted({window.last for window in windows})
    for count in range(len(days) + 1):
        for chosen in combinations(days, count):
            if all(any(w.first <= day <= w.last for day in chosen) for w in windows):
                return count
    return None


@given(checks)
@example([])
def test_nothing_is_lost_or_doubled(checks):
    """Every check comes out once: in a visit if it is on site, else apart."""
    merged = merge_checks(checks)
    visited = [check for visit in merged.visits for check in visit.checks]

    assert Counter(checks) == Counter(visited) + Counter(merged.remote)
    assert {Method.ON_SITE} >= {check.method for check in visited}
    assert Method.ON_SITE not in {check.method for check in merged.remote}


@given(checks)
def test_no_subject_is_visited_twice_where_once_would_do(checks):
    """District Opinion, Art. 17: checked against trying out all sets of days."""
    merged = merge_checks(checks)
    for subject in {check.subject_id for check in checks}:
        on_site = [
            check.window
            for check in checks
            if check.subject_id == subject and check.method is Method.ON_SITE
        ]
        visits = [visit for visit in merged.visits if visit.subject_id == subject]

        assert fewest_days(on_site) == len(visits)


@given(checks)
def test_every_visit_can_be_made_and_is_led_by_one_of_its_departments(checks):
    """Its window lies within the window of each of its checks."""
    for visit in merge_checks(checks).visits:
        for check in visit.checks:
            assert check.subject_id == visit.subject_id
            assert check.window.first <= visit.window.first
            assert visit.window.last <= check.window.last
        assert visit.lead in visit.departments


@given(checks, st.data())
def test_the_order_of_the_input_has_no_influence(checks, data):
    """No department gains by handing in its list first."""
    shuffled = data.draw(st.permutations(checks))

    assert merge_checks(checks) == merge_checks(shuffled)


@given(checks)
def test_going_together_never_costs_a_visit(checks):
    """Against every department merging its own checks alone."""
    merged = merge_checks(checks)
    alone = sum(
        len(merge_checks(c for c in checks if c.department == department).visits)
        for department in {check.department for check in checks}
    )

    assert alone == merged.visits_apart
    assert merged.visits_saved >= 0


# Coordinated draws: the departments of one announcement share its key.

ALL_YEAR = Window(dt.date(2026, 1, 1), dt.date(2026, 12, 31))
LISTS = {
    "公安": (Frame([f"S{n}" for n in range(40)], ["A"] * 40), 10),
    "教育": (Frame([f"S{n}" for n in range(20, 60)], ["A"] * 40), 8),
    "卫健": (Frame([f"S{n}" for n in range(10, 30)], ["A"] * 20), 5),
}
KEYS = scale.of(200, 500)


def key_of(label):
    return hashlib.sha256(label.encode()).hexdigest()[:32]


def drawn(key_for):
    """The drawn ids of each department, with the key that it uses."""
    return {
        department: draw_subjects(
            frame, {"A": quota}, key=key_of(key_for(department))
        ).selected
        for department, (frame, quota) in LISTS.items()
    }


def visits(draws):
    return len(
        merge_checks(
            Check(subject_id=id_, item="检查", department=department, window=ALL_YEAR)
            for department, ids in draws.items()
            for id_ in ids
        ).visits
    )


@pytest.mark.scaled
def test_one_key_leaves_every_department_the_chances_that_it_announced():
    """
    Over fixed keys, so the outcome is the same every time.  The sum of squared
    deviations of n inclusion counts has n - 1 degrees of freedom; the bound is
    five standard deviations above its mean.
    """
    counts = {department: Counter() for department in LISTS}
    for number in range(KEYS):
        for department, ids in drawn(lambda _, number=number: f"key {number}").items():
            counts[department].update(ids)
    for department, (frame, quota) in LISTS.items():
        n = len(frame)
        chance = quota / n
        deviations = sum(
            (counts[department][id_] - KEYS * chance) ** 2 for id_ in frame.ids
        )
        statistic = deviations / (KEYS * chance * (1 - chance)) * (n - 1) / n

        assert sum(counts[department].values()) == KEYS * quota
        assert statistic < (n - 1) + 5 * (2 * (n - 1)) ** 0.5


@pytest.mark.scaled
def test_one_key_spares_visits_on_average():
    """Against a key for each department, over the same numbers."""
    shared = apart = 0
    for number in range(KEYS):
        shared += visits(drawn(lambda _, number=number: f"key {number}"))
        apart += visits(drawn(lambda name, number=number: f"{name} {number}"))

    assert shared < 0.9 * apart


@given(st.integers(1, 30), st.data())
def test_departments_with_one_list_and_one_key_visit_no_more_than_the_largest(n, data):
    """The smaller draw lies within the larger one, always."""
    ids = [f"S{k}" for k in range(n)]
    quotas = data.draw(st.lists(st.integers(0, n), min_size=1, max_size=4))
    key = key_of(str(data.draw(st.integers(0, 99))))
    frame = Frame(ids, ["A"] * n)
    draws = {
        f"部门{number}": draw_subjects(frame, {"A": quota}, key=key).selected
        for number, quota in enumerate(quotas)
    }

    assert visits(draws) == max(quotas)
