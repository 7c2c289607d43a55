"""Sizes to detect, power and estimates, against other sources and by hand."""

import itertools
import json
import math
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from scipy import stats

from dsgk.draws import draw_subjects
from dsgk.frames import Frame
from dsgk.kernels import proportions
from dsgk.kernels.proportions import (
    beta_quantile,
    detection_power,
    detection_power_by_risk,
    detection_power_by_tier,
    estimate_rate,
    estimate_weighted_rate,
    sample_size_to_detect,
    sample_sizes_to_detect,
    tier_risks,
)
from dsgk.kernels.rationals import exact


TIERS = [650, 250, 80, 20]


@pytest.fixture
def documented(facts):
    """Documented tests of an R package for surveillance."""
    return json.loads((facts / "detection.json").read_text(encoding="utf-8"))


class TestSampleSize:
    @pytest.mark.parametrize(
        ("population", "bad", "n"),
        [(100, 1, 95), (1000, 10, 258), (60000, 600, 298), (10, 10, 1), (20, 1, 19)],
    )
    def test_is_the_least_that_reaches_the_confidence(self, population, bad, n):
        """One less does not: checked with another implementation."""
        miss = stats.hypergeom(population, bad, np.array([n, n - 1])).pmf(0)

        assert n == sample_size_to_detect(population, bad=bad, confidence="0.95")
        assert miss[0] <= 0.05 + 1e-12 < miss[1]

    @pytest.mark.parametrize(
        "confidence",
        [0.9, "0.9", "9/10", Decimal("0.9"), np.float64(0.9)],
        ids=["float", "text", "fraction", "decimal", "numpy"],
    )
    def test_nine_of_ten_is_nine_tenths(self, confidence):
        """The float 0.9 is a little more than that and would ask for all ten."""
        assert sample_size_to_detect(10, bad=1, confidence=confidence) == 9

    def test_certainty_leaves_fewer_than_the_bad_ones_out(self):
        """If 7 are bad, all but 6 must be looked at."""
        assert sample_size_to_detect(100, bad=7, confidence=1) == 94

    def test_no_confidence_needs_no_inspection(self):
        """Nor does it need anybody to be bad."""
        assert sample_size_to_detect(100, bad=0, confidence=0) == 0
        assert sample_size_to_detect(0, bad=0, confidence=0) == 0

    def test_an_inspection_that_misses_needs_more_of_them(self, documented):
        """
        The documented sizes come from an approximation and are never too small.

        Exactly, one or two fewer do in all cases but the smallest.
        """
        given = documented["n_hypergeo"]
        exact_sizes = [
            sample_size_to_detect(size, bad=bad, confidence=0.95, sensitivity=0.8)
            for size, bad in zip(given["N"], given["d"], strict=True)
        ]
        approximate = documented["n_freedom"]
        more = [
            sample_size_to_detect(
                size, bad=size // 100, confidence=0.95, sensitivity=0.9
            )
            for size in approximate["N"][:-1]
        ]

        assert given["n"] == [195, 282, 324, 369]
        assert exact_sizes == [195, 281, 323, 368]
        assert approximate["n"] == [173, 251, 288, 324, 328, 333, 332]
        assert more == [173, 250, 287, 322, 327, 331]

    def test_in_a_very_large_population_every_inspection_is_on_its_own(
        self, documented
    ):
        """Where it makes no difference, exact and approximate sizes are one."""
        given = documented["n_binom"]
        size = 10**7
        got = [
            sample_size_to_detect(
                size,
                bad=round(size * share),
                confidence=given["sep"],
                sensitivity=given["se"],
            )
            for share in given["pstar"][:2]
        ]

        assert given["n"][:2] == got

    def test_a_district_of_ten_millions_is_decided_exactly(self):
        """The hardest case: as many drawn as are bad, and thousands of each."""
        size, bad = 10**7, 5477
        n = sample_size_to_detect(size, bad=bad, confidence=0.95)
        reached = [
            1 - Fraction(math.comb(size - bad, k), math.comb(size, k))
            for k in (n - 1, n)
        ]

        assert reached[0] < Fraction(95, 100) <= reached[1]

    def test_says_what_can_be_reached(self):
        """With all inspected, one that misses every fifth violation may miss."""
        with pytest.raises(ValueError, match=r"at most 0\.96, what the .*got 0\.97"):
            sample_size_to_detect(50, bad=2, confidence=0.97, sensitivity=0.8)
        assert sample_size_to_detect(50, bad=2, confidence=0.96, sensitivity=0.8) == 50

    def test_what_is_not_there_is_not_to_be_seen(self):
        """The fault is that nobody is bad, not that the confidence is too high."""
        with pytest.raises(ValueError, match=r"'bad' must be at least 1 \(got 0"):
            sample_size_to_detect(50, bad=0, confidence=0.5)


class TestPower:
    def test_is_an_exact_fraction(self):
        """1 - C(3,2)/C(5,2) is 7/10, and with halves unseen 3/8."""
        assert Fraction(7, 10) == detection_power(5, 2, bad=2)
        assert Fraction(3, 8) == detection_power(5, 2, bad=2, sensitivity=0.5)
        assert Fraction(0) == detection_power(5, 2, bad=2, sensitivity=0)
        assert Fraction(15, 16) == detection_power(4, 4, bad=4, sensitivity="1/2")

    def test_agrees_with_another_implementation(self):
        """In the middle of what districts have."""
        power = detection_power(60000, 1800, bad=120)

        assert float(power) == pytest.approx(
            1 - stats.hypergeom(60000, 120, 1800).pmf(0)
        )

    def test_documented_values_are_never_above_the_exact_ones(self, documented):
        """The source takes inspections as independent, which sees a little less."""
        given = documented["sep_hypergeo"]
        got = [
            float(detection_power(size, n, bad=bad, sensitivity=given["se"]))
            for size, n, bad in zip(given["N"], given["n"], given["d"], strict=True)
        ]

        assert given["out"][:3] == got[:3]
        assert all(
            e < g < e + 0.002 for e, g in zip(given["out"][3:], got[3:], strict=True)
        )

    def test_of_tiers_is_that_no_tier_misses(self):
        """9/10 of the first and 1/2 of the second miss."""
        assert Fraction(11, 20) == detection_power_by_tier([10, 4], [1, 2], bad=[1, 1])
        assert Fraction(0) == detection_power_by_tier([], [], bad=[])
        assert Fraction(3, 4) == detection_power_by_tier(
            [2, 2], [2, 2], bad=[1, 1], sensitivity=0.5
        )


class TestRisk:
    def test_gives_the_documented_risks(self, documented):
        """Rates that differ by tier and have the given mean."""
        given = documented["epi_calc"]
        sizes = [round(1000 * share) for share in given["ppr"]]
        risks = tier_risks(sizes, given["rr"], rate=given["pstar"])
        mean = sum(n * r for n, r in zip(sizes, risks, strict=True)) / sum(sizes)

        assert given["out"] == [float(risk) for risk in risks]
        assert Fraction(2, 100) == mean
        ratios = tier_risks(sizes, given["rr"], rate="1/4")
        assert documented["adj_risk"]["out"] == [4 * float(risk) for risk in ratios]

    def test_gives_the_documented_power(self, documented):
        """Subjects that violate independently of each other."""
        given = documented["sep_rb_bin"]
        risks = tier_risks([100, 100, 800], given["rr"], rate=given["pstar"])
        power = detection_power_by_risk(given["n"], risks, sensitivity=given["se"])

        assert given["out"] == round(float(power), 7)

    def test_numbers_by_tier_see_more_than_the_documented_approximation(
        self, documented
    ):
        """The source raises to broken powers; there is no broken subject."""
        given = documented["sep_rb_hypergeo"]
        power = detection_power_by_tier(
            given["N"], given["n"], bad=[3, 2, 5], sensitivity=given["se"]
        )

        assert given["out"] < float(power) < given["out"] + 0.02

    def test_takes_the_documented_total(self, documented):
        """The source rounds each tier by itself; here a total is divided."""
        given = documented["n_rb"]
        risks = tier_risks([1000, 1000, 8000], given["rr"], rate=given["pstar"])
        arguments = {"sensitivity": given["se"], "confidence": given["sep"]}
        got = sample_sizes_to_detect(
            [1000, 1000, 8000], risks, weights=given["spr"], **arguments
        )

        assert given["n"] == [7, 5, 2]
        assert got.tolist() == [7, 4, 3]
        power = detection_power_by_risk(got, risks, sensitivity=given["se"])
        less = detection_power_by_risk([6, 4, 3], risks, sensitivity=given["se"])
        assert less < Fraction(95, 100) <= power

    def test_shares_by_size_are_the_default(self):
        """As everywhere."""
        risks = tier_risks(TIERS, [1, 2, 5, 10], rate="0.02")
        by_size = sample_sizes_to_detect(TIERS, risks, confidence=0.95)

        assert (
            by_size.tolist()
            == sample_sizes_to_detect(
                TIERS, risks, confidence=0.95, weights=TIERS
            ).tolist()
        )
        assert by_size.tolist() == [95, 37, 12, 3]

    def test_certainty_is_one_subject_that_is_bad_for_sure(self):
        """A risk of 1 that is looked at leaves nothing to chance."""
        got = sample_sizes_to_detect([5, 5], [0, 1], confidence=1, weights=[1, 2])

        assert got.tolist() == [0, 1]

    def test_says_what_can_be_reached(self):
        """Three coins, all inspected."""
        with pytest.raises(ValueError, match=r"at most 0\.875, .*got 0\.9"):
            sample_sizes_to_detect([3], ["1/2"], confidence=0.9)
        assert sample_sizes_to_detect([3], ["1/2"], confidence="7/8").tolist() == [3]

    def test_a_risk_above_one_is_named(self):
        """Twenty times 10 % is no risk, unless the tier is empty."""
        with pytest.raises(ValueError, match=r"makes 1\.67 in tier 1"):
            tier_risks([900, 100], [1, 20], rate="29/120")
        assert (Fraction(1, 10), 2) == tier_risks([9, 0], [1, 20], rate="1/10")
        assert (Fraction(1, 2), 1) == tier_risks([2, 1], [1, 2], rate="2/3")

    def test_some_tier_must_have_a_risk(self):
        """Nothing can be shared out in proportion to nothing."""
        with pytest.raises(ValueError, match="above 0 in a tier that has subjects"):
            tier_risks([5, 0], [0, 1], rate=0.1)


class TestEstimate:
    def test_none_found_is_not_none_there(self):
        """Of 1000, 34 could be bad and be missed by 100 with a chance of 2.5 %."""
        miss = stats.hypergeom(1000, np.array([34, 35]), 100).pmf(0)

        assert estimate_rate(0, 100, 1000) == (0, 0, 0.034, 0.95)
        assert miss[1] < 0.025 <= miss[0]

    def test_bounds_of_one_stratum_are_where_the_tails_end(self):
        """Clopper and Pearson's, with the hypergeometric distribution."""
        rate, low, high, _ = estimate_rate(20, 1000, 100000)
        few, many = round(low * 100000), round(high * 100000)
        above = stats.hypergeom(100000, np.array([few - 1, few]), 1000).sf(19)
        below = stats.hypergeom(100000, np.array([many + 1, many]), 1000).cdf(20)

        assert rate == 0.02
        assert above[0] < 0.025 <= above[1]
        assert below[0] < 0.025 <= below[1]

    def test_what_was_inspected_whole_is_known(self):
        """A finite population can be exhausted."""
        assert estimate_rate([3, 2], [10, 10], [10, 10]) == (0.25, 0.25, 0.25, 0.95)
        assert estimate_rate([4], [4], [4], confidence="1/2") == (1, 1, 1, 0.5)
        part = estimate_rate([3, 0], [10, 5], [10, 30])
        alone = estimate_rate(0, 5, 30)
        assert part.low == 3 / 40
        assert part.high == (3 + round(30 * alone.high)) / 40

    def test_each_stratum_counts_by_its_size(self):
        """Half of a tier of 20 is not half of all."""
        estimate = estimate_rate([1, 10], [100, 20], [980, 20])

        assert (Fraction(98, 10) + 10) / 1000 == Fraction(
            estimate.rate
        ).limit_denominator(10**6)
        assert estimate.low <= estimate.rate <= estimate.high

    def test_an_empty_stratum_is_left_out(self):
        """It has no rate and no weight."""
        assert estimate_rate([1, 0], [10, 0], [50, 0]) == estimate_rate(1, 10, 50)

    def test_a_tier_that_was_hardly_looked_at_widens_the_bounds(self):
        """What may hide there is counted, although nothing was found."""
        one = estimate_rate(0, 300, 1000)
        tiers = estimate_rate([0, 0], [290, 10], [500, 500])

        assert one.high == 0.01
        assert tiers.high > 0.1

    def test_complete_bounds_need_no_confidence_and_certainty_needs_all(self):
        """Nothing is ruled out at 100 % but what was seen to be false."""
        sure = estimate_rate([1, 0], [4, 3], [10, 8], confidence=1)

        assert (sure.low, sure.high) == (1 / 18, 12 / 18)
        assert estimate_rate(5, 10, 20, confidence=0).low <= 0.5

    @pytest.mark.parametrize(
        ("found", "drawn", "sizes", "confidence", "bounds"),
        [
            # Exhaustive search over all spreads, in fractions.
            ([2, 0], [2, 5], [10, 10], 0.9, (3, 14)),
            ([0, 3], [5, 3], [12, 11], 0.8, (6, 15)),
            ([1, 4], [5, 4], [12, 7], 0.8, (7, 13)),
            ([4, 5, 1], [4, 5, 2], [6, 6, 6], 0.9, (11, 17)),
            ([2, 0, 1], [4, 5, 2], [6, 7, 5], 0.9, (3, 9)),
            ([0, 3, 1], [5, 3, 4], [18, 24, 25], 0.95, (13, 47)),
            ([1, 0], [76, 43], [778, 1476], 0.95, (1, 122)),
            ([3, 0], [3, 5], [14, 12], 0.9, (6, 18)),
            # Narrower by one where a search climbs and stops on the way.
            ([3, 0], [6, 5], [48, 94], 0.9, (6, 62)),
            ([1, 3], [4, 3], [54, 119], 0.8, (77, 157)),
            ([2, 0], [2, 4], [66, 70], 0.8, (22, 96)),
            ([2, 1, 3, 1], [3, 3, 5, 3], [13, 12, 7, 10], 0.9, (12, 29)),
            ([1, 2, 0, 0], [1, 3, 2, 1], [5, 8, 8, 12], 0.95, (4, 25)),
            ([1, 1, 1, 0], [2, 1, 1, 1], [11, 9, 12, 8], 0.9, (10, 37)),
            # Nothing found, and large strata alike: every spread is as likely.
            ([0] * 4, [100] * 4, [10**4] * 4, 0.95, (0, 365)),
        ],
    )
    def test_the_worst_spread_is_found_although_there_are_several_peaks(
        self, found, drawn, sizes, confidence, bounds
    ):
        """An interval that is too narrow promises what does not hold."""
        estimate = estimate_rate(found, drawn, sizes, confidence=confidence)
        total = sum(sizes)

        assert bounds == (
            round(estimate.low * total),
            round(estimate.high * total),
        )

    def test_a_spread_that_is_not_too_unlikely_is_within(self):
        """27 and 35 give three of six and none of five at most in 5.03 %."""
        first, second = (
            [
                Fraction(math.comb(bad, x) * math.comb(size - bad, n - x), ways)
                for x in range(n + 1)
                for ways in [math.comb(size, n)]
            ]
            for size, n, bad in ((48, 6, 27), (94, 5, 35))
        )
        tail = sum(
            p * q
            for (x, p), (y, q) in itertools.product(enumerate(first), enumerate(second))
            if Fraction(48, 6) * x + Fraction(94, 5) * y <= 24
        )

        assert tail > Fraction(5, 100)
        assert (
            estimate_rate([3, 0], [6, 5], [48, 94], confidence="0.9").high >= 62 / 142
        )

    @pytest.mark.parametrize(
        ("found", "drawn", "sizes", "narrow", "wide"),
        [
            # Spreads that reach so far are known; nobody knows the furthest.
            ([1, 3, 6, 9], [65, 75, 80, 60], [6500, 1500, 400, 100], (43, 613), 1),
            (
                [3, 5, 12, 40],
                [390, 300, 480, 360],
                [39000, 15000, 4800, 1200],
                (401, 1494),
                1.01,
            ),
            ([2] * 8, [30] * 8, [1000] * 8, (312, 843), 1.25),
        ],
    )
    def test_a_search_that_is_too_long_ends_a_little_too_wide(
        self, found, drawn, sizes, narrow, wide
    ):
        """Never too narrow; and not so wide that it says nothing."""
        estimate = estimate_rate(found, drawn, sizes)
        low, high = (round(b * sum(sizes)) for b in (estimate.low, estimate.high))

        assert narrow[0] / wide <= low <= narrow[0]
        assert narrow[1] <= high <= narrow[1] * wide

    def test_a_search_that_is_too_long_takes_the_strata_in_one_order(self, monkeypatch):
        """Whoever lists them from the other end gets the same interval."""
        monkeypatch.setattr(proportions, "_WORK", 2**23)
        columns = [1, 3, 2, 0], [10, 20, 40, 30], [1010, 1020, 1040, 1030]

        assert estimate_rate(*columns) == estimate_rate(*(c[::-1] for c in columns))

    def test_many_strata_have_the_bounds_of_exponentials(self):
        """
        Too many to be searched, and not so many that nothing can be said.

        With the violations alike in all, 200 of 3000 say 5.8 % to 7.6 %.
        """
        estimate = estimate_rate([2] * 100, [30] * 100, [1000] * 100)

        assert 0.052 < estimate.low < 0.0583
        assert 0.0756 < estimate.high < 0.082

    def test_a_short_memory_changes_nothing(self, monkeypatch):
        """Transforms are kept for speed alone."""
        expected = estimate_rate([1, 3], [30, 20], [600, 90])
        monkeypatch.setattr(proportions, "_KEPT", 1)

        assert expected == estimate_rate([1, 3], [30, 20], [600, 90])

    def test_the_chance_to_hold_is_never_below_the_confidence(self):
        """Every draw of every population of two strata, in fractions."""
        sizes, drawn, level = (9, 5), (3, 2), Fraction(8, 10)
        bounds = {
            found: estimate_rate(found, drawn, sizes, confidence=level)[1:3]
            for found in itertools.product(range(4), range(3))
        }
        chances = {
            (size, n, bad): [
                Fraction(
                    math.comb(bad, x) * math.comb(size - bad, n - x), math.comb(size, n)
                )
                for x in range(n + 1)
            ]
            for size, n in zip(sizes, drawn, strict=True)
            for bad in range(size + 1)
        }
        for bad in itertools.product(range(10), range(6)):
            true = sum(bad) / 14
            one, other = (
                chances[s, n, b] for s, n, b in zip(sizes, drawn, bad, strict=True)
            )
            for side in (0, 1):
                fails = sum(
                    one[x] * other[y]
                    for (x, y), pair in bounds.items()
                    if (true < pair[0] - 1e-9, true > pair[1] + 1e-9)[side]
                )

                assert fails <= (1 - level) / 2, bad

    def test_many_subjects_in_a_stratum_do_not_blur_it(self):
        """Counts of one stratum are never joined into cells."""
        low, high = (round(b * 10**6) for b in estimate_rate(20000, 40000, 10**6)[1:3])
        below = stats.hypergeom(10**6, np.array([high + 1, high]), 40000).cdf(20000)

        above = stats.hypergeom(10**6, np.array([low - 1, low]), 40000).sf(19999)
        assert below[0] < 0.025 <= below[1]
        assert above[0] < 0.025 <= above[1]
        assert low < 20000 / 40000 * 10**6 < high

    @pytest.mark.parametrize(
        ("arguments", "error", "message"),
        [
            (
                ([1], [2, 3], [4, 5]),
                ValueError,
                "'found' must be one number for each of 2",
            ),
            (([1, 1], [2], [4, 5]), ValueError, "'drawn' must be one number for each"),
            (([3], [2], [4]), ValueError, "got 3, 2 and 4 in stratum 0"),
            (([1, 1], [2, 6], [4, 5]), ValueError, "got 1, 6 and 5 in stratum 1"),
            (([0, 0], [2, 0], [4, 5]), ValueError, "got 0 of 5 in stratum 1"),
            (([], [], []), ValueError, "must have a subject"),
            (([0], [0], [0]), ValueError, "must have a subject"),
            (([0.5], [2], [4]), TypeError, "'found' must be whole numbers"),
            (([-1], [2], [4]), ValueError, "'found' must be from 0 .*got -1 to -1"),
            (([[1]], [[2]], [[4]]), ValueError, "'sizes' must be one .*2 dimensions"),
            (([1], [2], [10**20]), ValueError, f"'sizes' must be from 0 .*{10**20}"),
            (([1], [2], [None]), TypeError, "'sizes' must be whole .*got None"),
        ],
    )
    def test_refuses_what_cannot_be(self, arguments, error, message):
        """Named by column and stratum."""
        with pytest.raises(error, match=message):
            estimate_rate(*arguments)


class TestWeighted:
    def test_each_one_found_stands_for_as_many_as_its_chance_says(self):
        """One certain, one of two, one of ten."""
        estimate = estimate_weighted_rate(
            [1, 0, 1, 1, 0], [1, "1/2", "1/2", "1/10", "1/10"], population=30
        )

        assert pytest.approx(estimate.rate, rel=1e-15) == 13 / 30
        assert 0 < estimate.low < estimate.rate < estimate.high < 1

    def test_a_census_leaves_nothing_open(self):
        """All certain: the rate is known."""
        assert estimate_weighted_rate([True, False], [1, 1], population=2) == (
            0.5,
            0.5,
            0.5,
            0.95,
        )

    def test_equal_chances_are_a_plain_draw(self):
        """Korn and Graubard's bounds are then Clopper and Pearson's, but for n."""
        found = [1] * 5 + [0] * 45
        estimate = estimate_weighted_rate(found, ["1/100"] * 50, population=5000)
        n = 49 / 0.99
        low = stats.beta(0.1 * n, 0.9 * n + 1).ppf(0.025)
        high = stats.beta(0.1 * n + 1, 0.9 * n).ppf(0.975)

        assert (0.1, low, high) == pytest.approx(estimate[:3])

    def test_the_variance_is_that_of_a_draw_of_fixed_size(self):
        """Hajek's formula, written down a second time."""
        chances = np.array([1, 0.5, 0.5, 0.2, 0.2, 0.1])
        found = np.array([1, 1, 0, 1, 0, 0])
        estimate = estimate_weighted_rate(found, chances, population=30)
        free, value = 1 - chances, found / chances
        middle = (free * value).sum() / free.sum()
        variance = 5 / 4 * (free * (value - middle) ** 2).sum() / 900
        rate = 8 / 30
        n = rate * (1 - rate) / variance
        low = stats.beta(rate * n, (1 - rate) * n + 1).ppf(0.025)
        high = stats.beta(rate * n + 1, (1 - rate) * n).ppf(0.975)

        assert estimate[:3] == pytest.approx((rate, low, high))

    def test_none_and_all_found_count_by_the_weights(self):
        """No variance is seen, but it is not nothing."""
        chances = ["1/2", "1/4", "1/4"]
        none = estimate_weighted_rate([0, 0, 0], chances, population=10)
        every = estimate_weighted_rate([1, 1, 1], chances, population=10)
        plain = 100 / 36

        assert (0, 0, 1 - 0.025 ** (1 / plain)) == pytest.approx(none[:3])
        assert (1, 0.025 ** (1 / plain), 1) == pytest.approx(every[:3])

    def test_never_claims_more_than_everybody(self):
        """Weights of a small draw may add up to more than there are."""
        assert estimate_weighted_rate([1, 1], ["1/10"] * 2, population=15).rate == 1

    def test_a_single_subject_without_certainty(self):
        """The least draw that says anything."""
        one = estimate_weighted_rate([1], ["1/4"], population=8)

        assert (one.rate, round(one.low, 1)) == (0.5, 0)

    def test_bounds_hold_as_often_as_they_say(self):
        """
        Draws with weights over fixed keys; the heavier violate more often.

        400 draws of 60: at 95 % about 20 fail, with a standard error of 4.4.
        """
        weights = [1 + (7 * i) % 23 for i in range(600)]
        bad = {i for i in range(600) if (i * i) % 97 < weights[i]}
        frame = Frame([f"S{i}" for i in range(600)], ["A"] * 600, weights)
        true = len(bad) / 600
        inside, rates = 0, []
        for key in range(400):
            stratum = draw_subjects(frame, {"A": 60}, key=f"{key:032x}").strata["A"]
            rows = [int(text[1:]) for text in stratum.selected]
            estimate = estimate_weighted_rate(
                [row in bad for row in rows],
                [stratum.target_chance(weights[row]) for row in rows],
                population=600,
            )
            inside += estimate.low <= true <= estimate.high
            rates.append(estimate.rate)

        assert inside >= 400 * 0.95 - 2 * 4.4
        assert abs(np.mean(rates) - true) < 3 * np.std(rates) / 20

    @pytest.mark.parametrize(
        ("arguments", "message"),
        [
            (([1, 0], ["1/2"]), "got 2 numbers, 1 chances"),
            (([], []), "got 0 numbers"),
            (([2], ["1/2"]), "must be 0 or 1"),
            (([1], [0]), "above 0 and at most 1 .got 0.0 to 0.0"),
            (([1], [1.5]), "above 0 and at most 1"),
            (([1] * 6, [1] * 6), "population of 5"),
            (([0] * 4, [1] * 4), "below 1 for somebody where 4 of 5"),
        ],
    )
    def test_refuses_what_cannot_be(self, arguments, message):
        """A chance of 0 was not drawn."""
        with pytest.raises(ValueError, match=message):
            estimate_weighted_rate(*arguments, population=5)

    @pytest.mark.parametrize("confidence", [0, 1])
    def test_refuses_a_confidence_without_meaning(self, confidence):
        """These bounds are never certain."""
        with pytest.raises(ValueError, match="'confidence' must be between 0 and 1"):
            estimate_weighted_rate([1], [1], population=5, confidence=confidence)


@pytest.mark.parametrize("a", [0.02, 1, 3.7, 900])
@pytest.mark.parametrize("b", [0.5, 2, 44, 1000])
@pytest.mark.parametrize("level", [0.005, 0.5, 0.975])
def test_beta_quantiles_are_those_of_another_library(level, a, b):
    """Twelve digits, from the flat to the narrow."""
    expected = stats.beta(a, b).ppf(level)

    assert expected == pytest.approx(beta_quantile(level, a, b), rel=1e-9, abs=1e-12)


def test_beta_quantiles_at_the_ends():
    """No successes and no failures."""
    assert (beta_quantile(0.3, 0, 5), beta_quantile(0.3, 5, 0)) == (0.0, 1.0)
    assert beta_quantile(0.9, 3, 1e-6) == 1  # as near as floats come


class TestReading:
    @pytest.mark.parametrize("name", ["confidence", "sensitivity"])
    @pytest.mark.parametrize("value", [-0.1, 1.1, 95, math.nan, math.inf, "1/0", "x"])
    def test_a_share_is_from_zero_to_one(self, name, value):
        """95 is no confidence; 0.95 is."""
        arguments = {"bad": 1, "confidence": 0.9, name: value}
        with pytest.raises(ValueError, match=f"'{name}' must be from 0 to 1 .got"):
            sample_size_to_detect(10, **arguments)

    @pytest.mark.parametrize("name", ["confidence", "sensitivity"])
    @pytest.mark.parametrize("value", [None, True, [0.9], 1j])
    def test_a_share_is_a_number(self, name, value):
        """A flag or nothing in its place is named with the argument."""
        arguments = {"bad": 1, "confidence": 0.9, name: value}
        with pytest.raises(TypeError, match=f"'{name}' must be a number .got"):
            sample_size_to_detect(10, **arguments)

    @pytest.mark.parametrize(
        ("call", "message"),
        [
            (lambda: detection_power(5, 6, bad=1), "'n' must be at most 5"),
            (lambda: detection_power(5, 1, bad=6), "'bad' must be at most 5"),
            (
                lambda: sample_size_to_detect(5, bad=6, confidence=0.5),
                "'bad' must be at most 5, the size",
            ),
            (lambda: detection_power([5, 5], 1, bad=1), "'population' must be one"),
            (
                lambda: detection_power_by_risk([1], [0.1, 0.2]),
                "'risks' must have one number for each of 1 strata .got 2",
            ),
            (
                lambda: detection_power_by_risk([1], [1.2]),
                "'risks' must be from 0 to 1",
            ),
            (lambda: detection_power_by_risk([1], [-0.2]), "must not be negative"),
            (lambda: detection_power_by_tier([1], [1, 2], bad=[1]), "'drawn' must be"),
        ],
    )
    def test_a_number_out_of_place_is_named(self, call, message):
        """The argument and what came."""
        with pytest.raises(ValueError, match=message):
            call()

    def test_a_float_is_the_decimal_that_it_prints_as(self):
        """Also one of NumPy."""
        assert Fraction(1, 10) == exact(np.float64(0.1), "x") == exact(0.1, "x")
        assert Fraction(7) == exact(np.int64(7), "x")
