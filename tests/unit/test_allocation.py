"""Shares and allocations: documented cases, bounds, and how they are refused."""

import json
import math
import re
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest

from dsgk.kernels import allocation
from dsgk.kernels.allocation import (
    Divisor,
    allocate,
    allocate_by_power,
    allocate_optimally,
    allocate_within,
    share_down,
    share_up,
)


TIERS = [6500, 2500, 800, 200]
NAMES = {
    "Jefferson": Divisor.JEFFERSON,
    "Webster": Divisor.WEBSTER,
    "Huntington-Hill": Divisor.HUNTINGTON_HILL,
    "Adams": Divisor.ADAMS,
}


class TestShares:
    def test_are_exact_where_binary_fractions_are_not(self):
        """ceil(0.07 * 100) is 8, floor(0.29 * 100) is 28 in floats."""
        assert (
            share_up(Fraction("0.07"), 100),
            share_down(Fraction("0.29"), 100),
        ) == (7, 29)

    def test_round_in_their_own_direction(self):
        """3 % of 16 is 1 for a floor and 0 for a ceiling."""
        assert (
            share_up(Fraction("0.03"), 16),
            share_down(Fraction("0.03"), 16),
        ) == (1, 0)


class TestAllocate:
    def test_gives_what_is_documented_elsewhere(self, facts):
        """The documented tests of an R package for sampling, ties to the first."""
        path = facts / "apportionment.json"
        for case in json.loads(path.read_text(encoding="utf-8")):
            divisor = NAMES[case["divisor"]]
            got = allocate(case["total"], case["sizes"], divisor=divisor)

            assert case["parts"] == got.tolist(), case

    @pytest.mark.parametrize(
        ("divisor", "expected"),
        [
            (Divisor.ADAMS, [3, 2, 2, 1, 1, 0, 1]),
            (Divisor.HUNTINGTON_HILL, [4, 2, 1, 1, 1, 0, 1]),
            (Divisor.WEBSTER, [4, 2, 2, 1, 1, 0, 0]),
            (Divisor.JEFFERSON, [5, 2, 2, 1, 0, 0, 0]),
        ],
    )
    def test_small_strata_fare_as_the_divisor_says(self, divisor, expected):
        """The same ten by four divisors, none like another."""
        got = allocate(10, [47000, 16000, 15900, 12000, 6000, 0, 3100], divisor=divisor)

        assert expected == got.tolist()
        assert np.int64 == got.dtype

    @pytest.mark.parametrize("divisor", [Divisor.ADAMS, Divisor.HUNTINGTON_HILL])
    def test_one_each_first_the_earlier_before_the_larger(self, divisor):
        """A claim to the first unit is beyond all sizes, so order decides."""
        assert allocate(2, [1, 0, 5, 900], divisor=divisor).tolist() == [1, 0, 1, 0]

    @pytest.mark.parametrize("divisor", Divisor)
    def test_among_equals_the_earlier_stratum_is_first(self, divisor):
        """Chance has no place in a plan: equal claims go by the list."""
        assert allocate(10, [7] * 4, divisor=divisor).tolist() == [3, 3, 2, 2]

    def test_no_minimum_of_one_is_overlooked(self):
        """An allocation elsewhere gives a stratum none although one each fits."""
        assert allocate(4, [9997, 1, 1, 1], at_least=1).tolist() == [1, 1, 1, 1]

    def test_a_stratum_that_has_fewer_gives_all(self):
        """Also one that is empty: the minimum is for those who have it."""
        assert allocate(9, [2, 0, 50], at_least=3).tolist() == [2, 0, 7]

    def test_a_stratum_is_taken_whole_by_its_size(self):
        """The highest tier is inspected at 100 % and the rest divides the rest."""
        got = allocate(300, TIERS, at_least=[0, 0, 0, 200])

        assert got.tolist() == [66, 26, 8, 200]

    def test_a_ceiling_moves_the_rest_to_the_others(self):
        """What one stratum may not take is not lost."""
        assert allocate(101, TIERS, at_most=[30, 999, 999, 999]).tolist() == [
            30,
            51,
            16,
            4,
        ]
        assert allocate(20, TIERS, at_most=5).tolist() == [5, 5, 5, 5]

    def test_weights_change_the_shares_but_not_what_there_is(self):
        """Twice the risk, twice the share; no stratum is exceeded."""
        assert allocate(10, [100, 50], weights=[1, 1]).tolist() == [5, 5]
        assert allocate(10, [9, 9, 4], weights=[2, 1, 10]).tolist() == [4, 2, 4]
        assert allocate(9, [99, 99], weights=np.array([0.5, 0.25])).tolist() == [6, 3]
        assert allocate(9, [99, 99], weights=["1/3", Decimal(1) / 6]).tolist() == [6, 3]

    def test_a_stratum_without_weight_gets_what_others_cannot_take(self):
        """In proportion to the sizes, and nothing before that."""
        weights = [0, 0, 3]

        assert allocate(5, [20, 10, 8], weights=weights).tolist() == [0, 0, 5]
        assert allocate(17, [20, 10, 8], weights=weights).tolist() == [6, 3, 8]
        assert allocate(
            5, [20, 10, 8], weights=weights, at_least=[1, 0, 0]
        ).tolist() == [1, 0, 4]

    def test_takes_a_billion_subjects(self):
        """Floats only guess; the last unit is decided exactly."""
        sizes = [10**9, 10**9 - 1, 10**9 - 2, 1]

        assert allocate(1, sizes).tolist() == [1, 0, 0, 0]
        assert allocate(sum(sizes) - 1, sizes).tolist() == [
            10**9 - 1,
            10**9 - 1,
            10**9 - 2,
            1,
        ]

    def test_claims_that_differ_in_the_fifth_digit_are_not_equal(self):
        """The next unit is 1/333 to the second, not 2/667 to the first."""
        got = allocate(999, [1000, 1000], weights=[2, 1], divisor=Divisor.JEFFERSON)

        assert got.tolist() == [666, 333]

    def test_is_exact_beyond_the_digits_of_a_float(self):
        """2**53 and 2**53 + 1 are one number to a float."""
        assert allocate(1, [2**53, 2**53 + 1]).tolist() == [0, 1]
        got = allocate(2**62, [2**62, 2**62 + 2])

        assert got.tolist() == [2**61, 2**61]

    def test_of_nothing_is_nothing(self):
        """A plan without entries has no strata; a total of 0 draws nobody."""
        assert allocate(0, []).tolist() == []
        assert allocate(0, [3, 4]).tolist() == [0, 0]
        assert allocate(0, [0]).tolist() == [0]

    def test_leaves_its_arguments_alone(self):
        """Sizes are columns of somebody's frame."""
        sizes = np.array([5, 6], dtype=np.uint8)
        sizes.setflags(write=False)

        assert allocate(np.int32(9), sizes).tolist() == [4, 5]

    def test_a_thousand_equals_are_served_in_order(self):
        """All claims tie: so many of them move at once, and none is overlooked."""
        got = allocate(1500, [9] * 1000)

        assert got.tolist() == [2] * 500 + [1] * 500


class TestOptimum:
    def test_goes_by_size_and_spread(self):
        """The textbook case: shares are size times spread, here 4 : 3 : 3."""
        assert allocate_optimally(100, [400, 100, 100], [1, 3, 3]).tolist() == [
            40,
            30,
            30,
        ]

    def test_takes_whole_what_is_worth_more_than_it_has(self):
        """Rounding Neyman's formula would ask for more than there is."""
        got = allocate_optimally(100, [1000, 1000, 20], [1, 1, 1000])

        assert got.tolist() == [40, 40, 20]

    def test_strata_without_spread_come_last(self):
        """Known to be alike, one is enough; what is left goes by size."""
        assert allocate_optimally(10, [8, 40, 20], [1, 0, 0]).tolist() == [8, 1, 1]
        assert allocate_optimally(20, [8, 40, 20], [1, 0, 0]).tolist() == [8, 8, 4]
        assert allocate_optimally(9, [40, 20], [0, 0]).tolist() == [6, 3]

    def test_a_float_is_the_decimal_that_it_prints_as(self):
        """30 at 0.3 and 90 at 0.1 claim the same, and of equals the first is first."""
        got = allocate_optimally(5, [30, 90], np.array([0.3, 0.1]))

        assert got.tolist() == [3, 2]

    def test_keeps_ceilings(self):
        """A tier may have a greatest number by plan."""
        got = allocate_optimally(60, TIERS, [1, 2, 3, 5], at_most=[10, 99, 99, 99])

        assert got.tolist() == [10, 30, 14, 6]


class TestPower:
    def test_zero_is_equal_numbers_and_one_is_proportion(self):
        """The two ends of the scale."""
        assert allocate_by_power(100, TIERS, 0).tolist() == [25] * 4
        assert (
            allocate(100, TIERS).tolist() == allocate_by_power(100, TIERS, 1).tolist()
        )

    def test_square_roots(self):
        """Shares are 46.6, 28.9, 16.3 and 8.2."""
        assert allocate_by_power(100, TIERS, "1/2").tolist() == [47, 29, 16, 8]

    def test_a_float_is_the_decimal_that_it_prints_as(self):
        """0.3 is meant as three tenths, not as a fraction over 2**54."""
        expected = allocate_by_power(100, TIERS, Fraction(3, 10)).tolist()

        assert expected == allocate_by_power(100, TIERS, 0.3).tolist()

    def test_roots_are_compared_exactly(self):
        """
        Sizes whose roots are whole and equal in proportion tie exactly.

        sqrt(9 * 10**14) is 3 * 10**7: with Jefferson the third unit of the
        second stratum claims as much as the first unit of the first.
        """
        sizes = [10**14, 9 * 10**14]
        got = allocate_by_power(3, sizes, "1/2", divisor=Divisor.JEFFERSON)

        assert got.tolist() == [1, 2]
        assert allocate_by_power(
            3, [10**14 - 1, 9 * 10**14], "1/2", divisor=Divisor.JEFFERSON
        ).tolist() == [0, 3]

    def test_claims_are_told_apart_by_as_many_digits_as_their_roots_need(self):
        """Cube roots of 42 and 43 over half numbers: whole units are too coarse."""
        assert allocate_by_power(49, [42, 43], "1/3").tolist() == [24, 25]

    def test_bounds_hold(self):
        """As in every allocation."""
        got = allocate_by_power(60, TIERS, "1/2", at_least=10, at_most=[20, 99, 99, 99])

        assert got.tolist() == [20, 19, 11, 10]

    @pytest.mark.parametrize("power", [-0.1, 1.5, "1/101"])
    def test_refuses_a_power_out_of_range(self, power):
        """A negative power would favour the smallest."""
        with pytest.raises(ValueError, match="'power' must be from 0 to 1"):
            allocate_by_power(10, TIERS, power)

    def test_takes_a_power_of_a_hundred_parts(self):
        """A power with two decimals is never refused."""
        assert allocate_by_power(100, TIERS, 0.37).sum() == 100


class TestWithin:
    def test_one_officer_to_five_subjects(self):
        """1:5 with eight officers is forty subjects."""
        got = allocate_within(8, TIERS, ["1/5"] * 4)

        assert allocate(40, TIERS).tolist() == got.tolist()

    def test_a_float_is_the_decimal_that_it_prints_as(self):
        """Sixty officers at 0.2 each carry 300; the binary 0.2 is a little more."""
        got = allocate_within(60, [1000, 1000], [0.2, 0.2])

        assert got.tolist() == [150, 150]
        assert allocate_within(0.3, [10], [0.1]).tolist() == [3]

    def test_officer_days(self):
        """The last unit fits to the day; a thousandth less and it does not."""
        costs = [Fraction(1, 2), Fraction(1, 2), 1, 3]
        got = allocate_within(30, [650, 250, 80, 20], costs)

        assert got.tolist() == [33, 13, 4, 1]
        assert (
            sum(
                map(Fraction.__mul__, map(Fraction, costs), map(Fraction, got.tolist()))
            )
            == 30
        )
        less = allocate_within(Fraction("29.999"), [650, 250, 80, 20], costs)
        assert less.sum() == 50

    def test_a_budget_that_covers_everything_takes_everything(self):
        """No more than there is, however many officers."""
        assert allocate_within(10**9, TIERS, [1, 1, 1, 1]).tolist() == TIERS
        assert allocate_within(0, TIERS, [0, 0, 0, 0]).tolist() == TIERS

    def test_keeps_bounds_weights_and_divisor(self):
        """They mean what they mean in `allocate`."""
        got = allocate_within(
            100,
            TIERS,
            [1] * 4,
            at_least=[0, 0, 0, 20],
            at_most=[50, 50, 50, 50],
            weights=[1, 1, 4, 1],
            divisor=Divisor.ADAMS,
        )

        assert (
            got.tolist()
            == allocate(
                100,
                TIERS,
                at_least=[0, 0, 0, 20],
                at_most=50,
                weights=[1, 1, 4, 1],
                divisor=Divisor.ADAMS,
            ).tolist()
        )
        assert got.tolist() == [15, 15, 50, 20]

    def test_says_what_the_least_numbers_cost(self):
        """The plan promises more than the staff can carry."""
        with pytest.raises(ValueError, match=r"which cost 600 \(got 599\)"):
            allocate_within(599, TIERS, [1, 1, 1, 3], at_least=[0, 0, 0, 200])
        got = allocate_within(600, TIERS, [1, 1, 1, 3], at_least=[0, 0, 0, 200])
        assert got.tolist() == [0, 0, 0, 200]


class TestRefusals:
    @pytest.mark.parametrize(
        ("total", "message"),
        [
            (
                11,
                r"from 3 to 10, .* of 3 strata add up to \(got 11\).* greatest .*"
                + re.escape("[4, 5, 1]: change them, or write 10."),
            ),
            (
                2,
                r"from 3 to 10, .* of 3 strata add up to \(got 2\).* least .*"
                + re.escape("[1, 1, 1]: change them, or write 3."),
            ),
        ],
    )
    def test_a_total_that_cannot_be_had(self, total, message):
        """With all numbers, so that the reader sees which to change."""
        with pytest.raises(ValueError, match=message):
            allocate(total, [9, 5, 1], at_least=1, at_most=[4, 8, 8])

    def test_both_ends_can_be_had(self):
        """The bounds named in the message are right."""
        assert allocate(10, [9, 5, 1], at_most=[4, 8, 8]).tolist() == [4, 5, 1]
        assert allocate(3, [9, 5, 1], at_least=1).tolist() == [1, 1, 1]

    def test_a_long_list_is_shortened(self):
        """A message is for reading."""
        with pytest.raises(ValueError, match=r"\[(1, ){20}…\]: change"):
            allocate(31, [1] * 30)
        with pytest.raises(ValueError, match=r"are \[(1, ){19}1\]: change"):
            allocate(31, [1] * 20)

    def test_bounds_that_cross(self):
        """Every stratum is named, up to five."""
        with pytest.raises(
            ValueError, match=r"got stratum 0: 3 > 2, stratum 2: 4 > 1\)"
        ):
            allocate(5, [9, 9, 9], at_least=[3, 0, 4], at_most=[2, 9, 1])
        with pytest.raises(ValueError, match=r"stratum 4: 2 > 1, …\)"):
            allocate(5, [9] * 6, at_least=2, at_most=1)
        with pytest.raises(ValueError, match=r"stratum 4: 2 > 1\)"):
            allocate(5, [9] * 5, at_least=2, at_most=1)

    def test_whole_numbers_may_come_as_objects(self):
        """A column of a table with an empty cell elsewhere is one of objects."""
        sizes = np.array([9, 5], dtype=object)

        assert allocate(7, sizes).tolist() == allocate(7, [9, 5]).tolist()

    def test_a_minimum_above_the_size_does_not_cross(self):
        """The size binds both."""
        assert allocate(5, [2, 9], at_least=3, at_most=[2, 9]).tolist() == [2, 3]

    @pytest.mark.parametrize(
        ("arguments", "error", "message"),
        [
            ({"total": 1.0}, TypeError, "'total' must be a whole number"),
            ({"total": True}, TypeError, "'total' must be a whole number"),
            ({"sizes": [1.5, 2]}, TypeError, "'sizes' must be whole numbers .got 1.5"),
            (
                {"sizes": ["1", "2"]},
                TypeError,
                "'sizes' must be whole numbers .got '1'",
            ),
            (
                {"sizes": [9, None]},
                TypeError,
                "'sizes' must be whole numbers .got None",
            ),
            ({"sizes": [9, 10**20]}, ValueError, f"from 0 to .*got 9 to {10**20}"),
            ({"sizes": [-1, 2]}, ValueError, "'sizes' must be from 0 .*-1 to 2"),
            (
                {"sizes": np.array([2**63], dtype=np.uint64)},
                ValueError,
                "'sizes' must be from 0",
            ),
            ({"sizes": [[1, 2]]}, ValueError, "must be a column"),
            ({"sizes": 5}, ValueError, "must be a column"),
            ({"at_least": 0.5}, TypeError, "'at_least' must be whole numbers"),
            ({"at_least": None}, TypeError, "'at_least' must be whole .*got None"),
            ({"at_least": -1}, ValueError, "'at_least' must be from 0"),
            ({"at_least": [1]}, ValueError, "one for each of 2 strata .got 1"),
            ({"at_most": [1, 2, 3]}, ValueError, "'at_most' must be one number or"),
            ({"weights": [1]}, ValueError, "'weights' must have one number for each"),
            ({"weights": [1, -0.5]}, ValueError, "must not be negative .got -0.5"),
            ({"weights": [1, math.nan]}, ValueError, "must be finite"),
            ({"weights": [1, math.inf]}, ValueError, "must be finite"),
            ({"weights": [1, "1/0"]}, ValueError, "must be finite"),
            ({"weights": [1, "x"]}, ValueError, "'weights' must be finite .got 'x"),
            ({"weights": [1, None]}, TypeError, "'weights' must be a number .got None"),
            ({"weights": [1, True]}, TypeError, "'weights' must be a number .got True"),
            ({"divisor": "webster"}, TypeError, "must be a Divisor .*webster"),
        ],
    )
    def test_what_would_corrupt_the_answer(self, arguments, error, message):
        """Named by its argument, with what came."""
        arguments = {"total": 3, "sizes": [10, 20], **arguments}
        with pytest.raises(error, match=message):
            allocate(arguments.pop("total"), arguments.pop("sizes"), **arguments)

    def test_spreads_are_called_spreads(self):
        """The message names the argument of the caller."""
        with pytest.raises(ValueError, match="'spreads' must have one number"):
            allocate_optimally(3, [10, 20], [1])
        with pytest.raises(ValueError, match="'costs' must have one number"):
            allocate_within(3, [10, 20], [1])


@pytest.mark.parametrize("far", [0.0, 1e-9, 1e9])
@pytest.mark.parametrize("divisor", Divisor)
def test_a_wrong_guess_changes_nothing(monkeypatch, divisor, far):
    """Floats choose where to begin; the end is the same from anywhere."""
    sizes = [17, 5, 5, 40, 0, 3]
    expected = allocate(33, sizes, divisor=divisor).tolist()
    guess = allocation._guess

    def wrong(total, near, bounds, divisor):
        return guess(total * far, near[::-1], bounds, divisor)

    monkeypatch.setattr(allocation, "_guess", wrong)

    assert expected == allocate(33, sizes, divisor=divisor).tolist()
