"""
Simulation and closed form agree, over fixed seeds.

Bounds are multiples of the standard error under the closed form, chosen before
looking: 4.5 for about a hundred comparisons.
"""

import datetime as dt
from fractions import Fraction
from itertools import combinations

import numpy as np
import pytest

from dsgk.calendars import Period, Unit
from dsgk.draws import draw_subjects
from dsgk.frames import Frame
from dsgk.simulate import (
    Movement,
    Programme,
    Scenario,
    Turnover,
    chance_never_inspected,
    chance_seen,
    draw_many,
    draw_rows,
    expected_checks,
    expected_gap,
    expected_visits,
    simulate_policy,
    what_if,
)
from dsgk.subjects import SubjectRegister
from dsgk.tiers import Ratio, TierPolicy, TierRule


BOUND = 4.5
DAY = dt.date(2026, 1, 1)


def frame_of(n, weights=None):
    return Frame([f"S{k}" for k in range(n)], ["A"] * n, weights)


def tiers_of(ratios, **rule):
    return TierPolicy(
        TierRule(name, ratio=Ratio.exactly(ratio), when={"credit": {name}}, **rule)
        for name, ratio in ratios.items()
    )


def register_of(sizes):
    credit = [name for name, n in sizes.items() for _ in range(n)]
    return SubjectRegister.from_columns(
        id=[f"S{k}" for k in range(len(credit))], credit=credit
    )


def near(measure, expected):
    """Whether a measure lies within its standard errors of what is expected."""
    gap = np.abs(measure.mean - np.array([float(e) for e in expected]))
    return (gap <= BOUND * measure.error + 1e-12).all()


@pytest.mark.parametrize(
    ("n", "quota"), [(40, 1), (40, 6), (40, 20), (40, 31), (6000, 1200)]
)
def test_every_row_is_drawn_as_often_as_its_chance(n, quota):
    """Sparse draws, dense ones, and those that draw who is left out."""
    draws = 4000
    counts = draw_many(frame_of(n), {"A": quota}, draws=draws, rng=11)
    p = quota / n
    error = np.sqrt(draws * p * (1 - p))

    assert (np.abs(counts - draws * p) <= (BOUND + 0.5) * error).all()
    # As uneven as chance makes them: chi-square on both sides.
    square = ((counts - draws * p) ** 2).sum() / error**2 * (n - 1) / n
    assert abs(square - (n - 1)) <= BOUND * np.sqrt(2 * (n - 1))


@pytest.mark.parametrize("quota", [1, 2, 3, 4])
def test_every_set_has_the_same_chance(quota):
    """Not only rows: every set of the quota's size, next to each other or not."""
    draws = 20_000
    rows = draw_rows(frame_of(5), {"A": quota}, draws=draws, rng=3)
    sets = list(combinations(range(5), quota))
    seen = dict.fromkeys(sets, 0)
    for draw in map(tuple, rows.tolist()):
        seen[draw] += 1
    p = 1 / len(sets)
    error = np.sqrt(draws * p * (1 - p))

    assert all(abs(count - draws * p) <= BOUND * error for count in seen.values())


def test_pairs_of_a_dense_draw_are_those_of_a_simple_draw():
    """Coins with a fixed number of heads: neither alike nor opposed."""
    n, quota, draws = 64, 24, 6000
    rows = draw_rows(frame_of(n), {"A": quota}, draws=draws, rng=8)
    table = np.zeros((draws, n))
    np.put_along_axis(table, rows, 1, axis=1)
    together = (table.T @ table)[np.triu_indices(n, 1)] / draws
    p = quota * (quota - 1) / (n * (n - 1))
    error = np.sqrt(p * (1 - p) / draws)

    assert (np.abs(together - p) <= (BOUND + 0.5) * error).all()


def test_weighted_draws_have_the_chances_of_the_lawful_draw():
    """The same method: its inexact chances are the same, too."""
    weights = [1 + k % 5 * 4 for k in range(30)]
    weights[3] = 400
    frame = frame_of(30, weights)
    draws = 3000
    counts = draw_many(frame, {"A": 8}, draws=draws, rng=2)
    lawful = np.zeros(30)
    row = {text: k for k, text in enumerate(frame.ids)}
    for key in range(draws):
        drawn = draw_subjects(frame, {"A": 8}, key=f"{key:032x}").selected
        lawful[[row[i] for i in drawn]] += 1
    p = lawful / draws
    error = np.sqrt(2 * draws * p * (1 - p))

    assert counts[3] == draws
    assert (np.abs(counts - lawful) <= BOUND * error).all()


def test_coverage_is_the_power_of_the_chance():
    """What needs no simulation is the same without one."""
    policy = tiers_of({"A": "5%", "D": "25%"})
    run = simulate_policy(
        register_of({"A": 400, "D": 80}),
        Scenario(Programme("消防", policy)),
        on=DAY,
        years=6,
        replicates=200,
        rng=5,
    )

    assert near(
        run.coverage(),
        [
            chance_never_inspected(Fraction(p), k)
            for p in (Fraction(1, 20), Fraction(1, 4))
            for k in range(1, 7)
        ],
    )


def test_coverage_with_a_rest_follows_the_quotas():
    """
    Among those who are eligible nobody is preferred, inspected before or not.

    The quotas do not depend on luck, so neither do the numbers of eligible.
    """
    run = simulate_policy(
        register_of({"A": 150}),
        Scenario(Programme("消防", tiers_of({"A": "25%"}, rest=Period(3, Unit.YEAR)))),
        on=DAY,
        years=6,
        replicates=300,
        rng=5,
    )
    quotas = run.drawn[0, :, 0].tolist()
    expected, never = [], Fraction(1)
    for year, quota in enumerate(quotas):
        never *= 1 - Fraction(quota, 150 - sum(quotas[max(year - 2, 0) : year]))
        expected.append(never)

    assert quotas == [38, 28, 21, 26, 26, 25]
    assert near(run.coverage(), expected)


def test_detection_follows_the_recursion():
    """A lasting violation, an inspection that misses, a rest of two rounds."""
    policy = tiers_of({"D": "50%"}, rest=Period(2, Unit.YEAR))
    run = simulate_policy(
        register_of({"D": 4096}),
        Scenario(Programme("消防", policy)),
        on=DAY,
        years=6,
        replicates=60,
        rng=6,
    )
    expected = [
        chance_seen(Fraction(1, 2), k, sensitivity=Fraction(3, 5), rest=2)
        for k in range(1, 7)
    ]
    measure = run.detection(sensitivity=Fraction(3, 5))

    # Quotas round up: at most one subject in a thousand more in a round.
    gap = np.abs(measure.mean - np.array([float(e) for e in expected]))
    assert (gap <= BOUND * measure.error + 0.001).all()


def test_gaps_are_renewals():
    """Over two hundred years the start no longer matters."""
    policy = tiers_of({"B": "20%"}, rest=Period(3, Unit.YEAR))
    run = simulate_policy(
        register_of({"B": 1000}),
        Scenario(Programme("消防", policy)),
        on=DAY,
        years=200,
        replicates=2,
        rng=7,
    )

    assert abs(run.gaps().mean[0] - float(expected_gap(Fraction(1, 5), rest=3))) < 0.06


def test_visits_of_several_departments_are_as_stated():
    """Under one key exactly, under several within the error."""
    both = [
        Programme("甲", tiers_of({"A": "10%"})),
        Programme("乙", tiers_of({"A": "20%"})),
    ]
    chances = [Fraction(1, 10), Fraction(1, 5)]
    register = register_of({"A": 500})
    for coordinated in (True, False):
        for merged in (True, False):
            run = simulate_policy(
                register,
                Scenario(both, coordinated=coordinated, merged=merged),
                on=DAY,
                years=1,
                replicates=400,
                rng=9,
            )
            expected = expected_visits(chances, coordinated=coordinated, merged=merged)

            assert near(run.visits(), [500 * expected])


def test_checks_follow_the_movement():
    """What awaits a firm of class C or D, against those that began there."""
    movement = Movement("credit", {"C": {"D": 0.2}, "D": {"C": 0.5}})
    run = simulate_policy(
        register_of({"C": 600, "D": 200}),
        Scenario(
            Programme("消防", tiers_of({"C": "10%", "D": "50%"})), movement=movement
        ),
        on=DAY,
        years=4,
        replicates=150,
        rng=10,
    )
    expected = expected_checks({"C": 0.1, "D": 0.5}, movement, 4)
    numbers = np.arange(run.inspected.shape[-1])
    held = (run.inspected @ numbers) / run.inspected.sum(axis=-1)
    mean = held.mean(axis=0)
    error = held.std(axis=0, ddof=1) / np.sqrt(run.replicates)
    for tier, name in enumerate("CD"):
        gap = np.abs(mean[:, tier] - np.cumsum(expected[name]))

        # Sizes of tiers vary, and quotas round up: less than one in a hundred.
        assert (gap <= BOUND * error[:, tier] + 0.01 * np.arange(1, 5)).all(), name


def test_closures_leave_as_many_as_stated():
    """A share that closes every year, and a number that joins."""
    run = simulate_policy(
        register_of({"A": 1000}),
        Scenario(
            Programme("消防", tiers_of({"A": "10%"})),
            turnover=Turnover(closing=0.1, opening=50),
        ),
        on=DAY,
        years=4,
        replicates=100,
        rng=12,
    )
    sizes = [1000.0]
    for _ in range(3):
        sizes.append(sizes[-1] * 0.9 + 50)
    registered = run.registered[:, :, 0]
    error = registered.std(axis=0, ddof=1) / np.sqrt(run.replicates)

    assert (np.abs(registered.mean(axis=0) - sizes) <= BOUND * error + 1e-9).all()


def test_new_firms_are_like_those_of_the_start():
    """Their classes are those of the register, in its shares."""
    run = simulate_policy(
        register_of({"A": 300, "B": 100}),
        Scenario(
            Programme("消防", tiers_of({"A": "1%", "B": "1%"})),
            turnover=Turnover(opening=400),
        ),
        on=DAY,
        years=2,
        replicates=50,
        rng=13,
    )
    joined = run.registered[:, 1] - run.registered[:, 0]
    error = np.sqrt(400 * 0.75 * 0.25 / run.replicates)

    assert (joined.sum(axis=1) == 400).all()
    assert abs(joined[:, 0].mean() - 300) <= BOUND * error


def test_common_luck_makes_differences_sharp():
    """Half a point of ratio shows among ten replicates, not only among thousands."""
    scenario = Scenario(
        Programme("消防", tiers_of({"C": "10%", "D": "50%"})),
        movement=Movement("credit", {"C": {"D": 0.2}, "D": {"C": 0.4}}),
        turnover=Turnover(closing=0.05, opening=30),
    )
    more = scenario.with_ratio("C", Ratio.exactly("10.5%"))
    register = register_of({"C": 500, "D": 100})
    arguments = {"on": DAY, "years": 5, "replicates": 30}
    runs = what_if(register, {"now": scenario, "more": more}, rng=14, **arguments)
    paired = runs["more"].visits().minus(runs["now"].visits())
    alone = simulate_policy(register, more, rng=15, **arguments)
    apart = alone.visits().minus(runs["now"].visits())

    assert (paired.error[1:] < apart.error[1:] / 3).all()
    assert (paired.mean > BOUND * paired.error).all()


class TestLuckIsIndependent:
    """Each purpose, month and year has random numbers of its own."""

    def test_of_the_month(self):
        """Who was drawn in January is no likelier in July."""
        both = [
            Programme("甲", tiers_of({"A": "50%"})),
            Programme("乙", tiers_of({"A": "40%"}), times=2),
        ]
        run = simulate_policy(
            register_of({"A": 100}),
            Scenario(both),
            on=DAY,
            years=1,
            replicates=200,
            rng=21,
        )
        # 甲 draws 50; 乙 20 of them on the same day, in July 20 of the other 80,
        # of whom 30 were visited.
        twice = run.visited[:, 0, 2]
        variance = 20 * (30 / 80) * (50 / 80) * (60 / 79)

        assert abs(twice.mean() - 7.5) <= BOUND * np.sqrt(variance / 200)

    def test_of_the_draw_and_the_move(self):
        """Who is drawn moves as often as who is not."""
        policy = TierPolicy(
            TierRule(
                name,
                ratio=Ratio.exactly(ratio),
                when={"credit": {name}},
                rest=Period(5, Unit.YEAR),
            )
            for name, ratio in (("A", "30%"), ("B", "100%"))
        )
        run = simulate_policy(
            register_of({"A": 1000}),
            Scenario(
                Programme("消防", policy),
                movement=Movement("credit", {"A": {"B": 0.3}}),
            ),
            on=DAY,
            years=2,
            replicates=50,
            rng=22,
        )
        free = run.drawn[:, 1, 1]  # those of class B whom no rest keeps out
        error = np.sqrt(1000 * 0.21 * 0.79 / 50)

        assert abs(free.mean() - 1000 * 0.3 * 0.7) <= BOUND * error

    def test_of_the_move_and_the_closure(self):
        """Who moves closes as often as who stays."""
        run = simulate_policy(
            register_of({"A": 1000}),
            Scenario(
                Programme("消防", tiers_of({"A": "1%", "B": "1%"})),
                movement=Movement("credit", {"A": {"B": 0.3}}),
                turnover=Turnover(closing=0.4),
            ),
            on=DAY,
            years=2,
            replicates=50,
            rng=23,
        )
        error = np.sqrt(1000 * 0.18 * 0.82 / 50)

        assert abs(run.registered[:, 1, 1].mean() - 180) <= BOUND * error

    def test_of_the_year(self):
        """New firms of one year are not those of the year before."""
        run = simulate_policy(
            register_of({"A": 50, "B": 50}),
            Scenario(
                Programme("消防", tiers_of({"A": "1%", "B": "1%"})),
                turnover=Turnover(opening=40),
            ),
            on=DAY,
            years=3,
            replicates=40,
            rng=24,
        )
        joined = np.diff(run.registered[:, :, 0], axis=1)

        assert abs(np.corrcoef(joined.T)[0, 1]) < 0.6
