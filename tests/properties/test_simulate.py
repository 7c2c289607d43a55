"""Promises of simulated draws and years, whatever the register and the policy."""

import datetime as dt
from fractions import Fraction

import numpy as np
from hypothesis import assume, example, given, strategies as st

from dsgk.calendars import Period, Unit
from dsgk.frames import Frame
from dsgk.simulate import (
    Movement,
    Programme,
    Scenario,
    Turnover,
    chance_seen,
    draw_many,
    draw_rows,
    rounds_to_see,
    simulate_policy,
    what_if,
)
from dsgk.subjects import SubjectRegister
from dsgk.tiers import Base, Ratio, TierPolicy, TierRule


DAY = dt.date(2026, 1, 1)
CLASSES = "ABC"

shares = st.sampled_from(["0%", "3%", "10%", "1/3", "50%", "100%"]).map(
    lambda text: Fraction(1, 3) if text == "1/3" else text
)
rests = st.none() | st.builds(
    Period, st.integers(1, 30), st.sampled_from([Unit.MONTH, Unit.YEAR])
)
policies = st.tuples(
    *[st.tuples(shares, rests, st.none() | st.integers(1, 2))] * 3
).map(
    lambda rows: TierPolicy(
        TierRule(
            name,
            ratio=Ratio.exactly(share),
            when={"credit": {name}},
            rest=rest,
            yearly_cap=cap,
        )
        for name, (share, rest, cap) in zip(CLASSES, rows, strict=True)
    )
)
programmes = st.builds(
    lambda policy, times, base: ("", policy, times, base),
    policies,
    st.sampled_from([1, 2, 4]),
    st.sampled_from(Base),
)
scenarios = st.builds(
    lambda rows, movement, turnover, coordinated, merged: Scenario(
        [
            Programme(f"部门{k}", policy, times=times, base=base)
            for k, (_, policy, times, base) in enumerate(rows)
        ],
        movement=movement,
        turnover=turnover,
        coordinated=coordinated,
        merged=merged,
    ),
    st.lists(programmes, min_size=1, max_size=3),
    st.none()
    | st.just(Movement("credit", {"A": {"B": 0.3}, "B": {"A": 0.2, "C": 0.4}})),
    st.none()
    | st.builds(
        lambda closing, opening: Turnover(closing=closing, opening=opening),
        st.sampled_from([0, 0.2, 1]),
        st.integers(0, 3),
    ),
    st.booleans(),
    st.booleans(),
)
registers = st.lists(st.sampled_from(CLASSES), min_size=1, max_size=40).map(
    lambda credit: SubjectRegister.from_columns(
        id=[f"S{k}" for k in range(len(credit))], credit=credit
    )
)


def run_of(register, scenario, years=3, replicates=2, seed=1):
    return simulate_policy(
        register, scenario, on=DAY, years=years, replicates=replicates, rng=seed
    )


@given(
    st.lists(st.integers(0, 60), min_size=1, max_size=4),
    st.data(),
    st.booleans(),
    st.integers(0, 2**32),
)
def test_every_draw_is_a_lawful_one(sizes, data, weighted, seed):
    """Exactly the quota in every stratum, nobody twice, and counts that agree."""
    names = [name for name, n in zip("ABCD", sizes, strict=False) for _ in range(n)]
    weights = None
    if weighted:
        n = len(names)
        weights = data.draw(st.lists(st.integers(1, 50), min_size=n, max_size=n))
    frame = Frame([f"S{k}" for k in range(len(names))], names, weights)
    quotas = {
        name: data.draw(st.integers(0, size)) for name, size in frame.sizes.items()
    }
    rows = draw_rows(frame, quotas, draws=5, rng=seed)
    counts = draw_many(frame, quotas, draws=5, rng=seed)

    assert counts.tolist() == np.bincount(rows.ravel(), minlength=len(frame)).tolist()
    for draw in rows:
        assert len(set(draw.tolist())) == len(draw)
        drawn = np.bincount(frame.codes[draw], minlength=len(frame.names))
        assert drawn.tolist() == list(quotas.values())


@given(
    st.lists(
        st.tuples(*[st.sampled_from([None, "x", "y", "z"])] * 3),
        min_size=1,
        max_size=30,
    ),
    st.booleans(),
)
@example(rows=[("x", None, None), (None, "z", None), ("x", "z", None)], moving=False)
def test_tiers_are_those_of_the_lawful_frame(rows, moving):
    """Whatever is known of a subject, and whatever is not."""
    kind, area, credit = zip(*rows, strict=True)
    register = SubjectRegister.from_columns(
        id=[f"S{k}" for k in range(len(rows))],
        kind=list(kind),
        area=list(area),
        credit=list(credit),
    )
    ratio = Ratio.exactly("50%")
    policy = TierPolicy(
        [
            TierRule("一", ratio=ratio, when={"kind": {"x"}, "area": {None}}),
            TierRule("二", ratio=ratio, when={"area": {"z"}, "kind": {None, "y"}}),
            TierRule("三", ratio=ratio, when={"credit": {"x", None}}),
            TierRule("四", ratio=ratio),
        ]
    )
    movement = Movement("credit", {}) if moving else None
    run = run_of(register, Scenario(Programme("消防", policy), movement=movement))
    plan = policy.frame(register, on=DAY)

    for k, rule in enumerate(policy.rules):
        assert run.registered[0, 0, k] == plan.registered.get(rule.name, 0)
        assert run.drawn[0, 0, k] == plan.quotas.get(rule.name, 0)


@given(registers, scenarios)
def test_nobody_is_lost_and_nobody_appears(register, scenario):
    """Registered are the survivors and those who joined, in every column."""
    run = run_of(register, scenario)
    opening = 0 if scenario.turnover is None else scenario.turnover.opening
    closing = 0 if scenario.turnover is None else scenario.turnover.closing
    everybody = run.visited.sum(axis=2)

    for k, programme in enumerate(scenario.programmes):
        own = [p == programme.name for p, _ in run.tiers]
        assert (run.registered[:, :, own].sum(axis=2) == everybody).all(), k
        began = run.inspected[:, :, own].sum(axis=(2, 3))
        assert (began[:, 0] == len(register)).all()
        assert (np.diff(began, axis=1) <= 0).all()
    assert (np.diff(everybody, axis=1) <= opening).all()
    if not closing:
        assert (np.diff(everybody, axis=1) == opening).all()


@given(registers, scenarios)
def test_quotas_are_met_unless_too_few_are_eligible(register, scenario):
    """Drawn is wanted less a shortfall; checks and visits come from draws alone."""
    run = run_of(register, scenario)
    checks = run.drawn.sum(axis=2)
    visits = run.visited @ np.arange(run.visited.shape[-1])

    assert (run.drawn <= run.wanted).all()
    assert (run.drawn <= run.registered).all()
    if scenario.merged:
        assert (visits <= checks).all()
        assert (visits * len(scenario.programmes) >= checks).all()
    else:
        assert (visits == checks).all()


@given(registers, scenarios)
def test_the_same_seed_gives_the_same_years(register, scenario):
    """Alone, beside others, and among more replicates."""
    alone = run_of(register, scenario)
    beside = what_if(
        register,
        {"other": Scenario(scenario.programmes), "same": scenario},
        on=DAY,
        years=3,
        replicates=3,
        rng=1,
    )["same"]

    for name in ("registered", "wanted", "drawn", "inspected", "visited"):
        assert (getattr(alone, name) == getattr(beside, name)[:2]).all(), name


@given(registers, policies, st.sampled_from(CLASSES))
def test_a_higher_ratio_only_adds_subjects_in_the_first_draw(register, policy, tier):
    """Common luck: who is drawn at a ratio is drawn at every higher one."""
    low = Scenario(Programme("消防", policy)).with_ratio(tier, Ratio.exactly("10%"))
    high = low.with_ratio(tier, Ratio.exactly("50%"))
    runs = what_if(
        register, {"low": low, "high": high}, on=DAY, years=1, replicates=2, rng=1
    )
    gained = runs["high"].inspected - runs["low"].inspected

    assert (gained[..., 0] <= 0).all()
    assert (runs["high"].drawn >= runs["low"].drawn).all()


@given(registers, policies, st.integers(2, 3))
def test_one_key_for_equal_draws_makes_the_fewest_visits(register, policy, k):
    """Departments that draw alike visit the same subjects."""
    alike = [Programme(f"部门{j}", policy) for j in range(k)]
    together = run_of(register, Scenario(alike), years=1)

    assert (together.visited[..., 2:] == 0).all()
    visits = together.visited @ np.arange(together.visited.shape[-1])
    assert (visits * k == together.drawn.sum(axis=2)).all()


@given(
    st.fractions(0, 1, max_denominator=20),
    st.integers(0, 8),
    st.fractions(0, 1, max_denominator=20),
    st.integers(1, 4),
)
@example(Fraction(1), 4, Fraction(1, 2), 3)
def test_the_chance_to_be_seen_is_that_of_all_courses(p, rounds, s, rest):
    """The recursion against every way in which the rounds may go."""

    def unseen(left):
        if left <= 0:
            return Fraction(1)
        return (1 - p) * unseen(left - 1) + p * (1 - s) * unseen(left - rest)

    assert 1 - chance_seen(p, rounds, sensitivity=s, rest=rest) == unseen(rounds)


@given(
    st.fractions(Fraction(1, 500), Fraction(99, 100), max_denominator=500),
    st.fractions(0, Fraction(999, 1000), max_denominator=1000),
)
@example(Fraction(1, 2), Fraction(3, 4))  # the logarithms meet exactly
@example(Fraction(1, 2), Fraction(7, 8))
def test_rounds_to_see_are_least(chance, confidence):
    """One round fewer does not reach the confidence."""
    n = rounds_to_see(chance, confidence=confidence)

    assert 1 - (1 - chance) ** n >= confidence
    assert n == 0 or 1 - (1 - chance) ** (n - 1) < confidence


@given(st.integers(1, 99), st.integers(1, 6))
@example(20, 2)
@example(10, 3)
def test_rounds_to_see_read_floats_as_they_are_written(percent, n):
    """A confidence that n rounds reach exactly takes n and not one more."""
    chance = Fraction(percent, 100)
    confidence = 1 - (1 - chance) ** n
    written = float(confidence)
    assume(Fraction(repr(written)) == confidence)

    assert n == rounds_to_see(percent / 100, confidence=written)
