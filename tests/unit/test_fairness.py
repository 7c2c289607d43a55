"""Examining draws: figures, levels, what can be seen, and what is refused."""

import copy
import itertools
import math
from fractions import Fraction

import numpy as np
import pytest
from scipy import stats

from dsgk.assignments import Seat, StaffingTask, assign_inspectors
from dsgk.draws import draw_subjects
from dsgk.errors import InvalidInput, InvalidTypeError, InvalidValueError
from dsgk.fairness import (
    Pick,
    _examine_draws as drawing,
    _examine_teams as staffing,
    examine_draws,
    examine_picks,
    picks_of,
)
from dsgk.fairness._examine_draws import _echo, _spacing
from dsgk.fairness._examine_teams import _fewest
from dsgk.fairness._reports import (
    Statistic,
    chunks,
    labels_of,
    number_sight,
    repeated_pairs,
    report_of,
    subsets,
)
from dsgk.frames import Frame
from dsgk.inspectors import Inspector, InspectorRegister, Recusal, RecusalReason


IDS = [f"S{n}" for n in range(12)]
FRAME = Frame(IDS, ["A"] * 8 + ["B"] * 4)


def rng(seed=1):
    return np.random.default_rng(seed)


def examine(outcomes, **arguments):
    return examine_draws(
        FRAME, outcomes, **{"rng": rng(), "repetitions": 199, **arguments}
    )


class TestFigures:
    def test_of_the_most_conspicuous_subject_are_exact(self):
        """
        Drawn nine times of nine with chance 1/4: one in 4**9, twice, of twelve.

        Subjects of B, with a chance of 1/2, are less conspicuous.
        """
        draws = [
            {"A": ["S0", f"S{1 + n % 7}"], "B": ["S8", f"S{9 + n % 3}"]}
            for n in range(9)
        ]
        test = examine(draws)["subjects"]

        assert (test.observed, test.expected) == (1.0, 0.25)
        assert pytest.approx(test.p, rel=1e-12) == 2 * 12 * 0.25**9

    def test_a_subject_counts_in_the_strata_that_it_was_in(self):
        """Chances change from draw to draw: a sum of unlike coins."""
        frames = [
            Frame(IDS[:4], ["A"] * 4),
            Frame(IDS[:3], ["A"] * 3),
            Frame(IDS[:2], ["A"] * 2),
        ]
        report = examine_draws(
            [*frames, *frames],
            [{"A": ["S0"]}] * 6,
            rng=rng(),
            repetitions=99,
        )
        chance = Fraction(1, 4 * 3 * 2) ** 2

        assert report["subjects"].p == pytest.approx(2 * 4 * float(chance))
        assert report["subjects"].expected == pytest.approx((1 / 4 + 1 / 3 + 1 / 2) / 3)

    def test_too_seldom_is_seen_as_well(self):
        """Never in forty draws, with a chance of one half."""
        rest = list(itertools.combinations(["S9", "S10", "S11"], 2))
        draws = [
            {"A": [IDS[n % 8], IDS[(n + 3) % 8]], "B": rest[n % 3]} for n in range(40)
        ]
        test = examine(draws)["subjects"]

        assert (test.observed, test.expected) == (0.0, 0.5)
        assert pytest.approx(test.p, rel=1e-9) == 2 * 12 * 0.5**40

    def test_evenness_is_the_mean_square_by_its_variance(self):
        """By hand: eight with chance 1/4, four with none left to chance."""
        draws = [{"A": ["S0", "S1"], "B": IDS[8:]}, {"A": ["S0", "S2"], "B": IDS[8:]}]
        times = np.array([2, 1, 1, 0, 0, 0, 0, 0])

        assert ((times - 0.5) ** 2).sum() / (2 * 3 / 16) / 8 == pytest.approx(
            examine(draws)["evenness"].observed
        )

    def test_places_are_middles_of_rows(self):
        """Rows 0 and 1 of eight, rows 2 and 3 of four; all of a stratum say nothing."""
        report = examine([{"A": ["S0", "S1"], "B": ["S10", "S11"]}])
        whole = examine([{"A": ["S0", "S1"], "B": IDS[8:]}])

        assert report["row-position"].observed == (1 / 16 + 3 / 16 + 5 / 8 + 7 / 8) / 4
        assert whole["row-position"].observed == 1 / 8
        assert pytest.approx(report["row-position"].expected, abs=0.02) == 0.5

    def test_spacing_goes_round(self):
        """Every fourth of eight is as even as can be; neighbours are as uneven."""
        even, uneven = np.array([[1, 5]]), np.array([[0, 1]])

        assert _spacing(even, 8).tolist() == [1.0]
        assert _spacing(uneven, 8).tolist() == [2 * (1 / 64 + 49 / 64)]
        report = examine([{"A": ["S1", "S5"]}, {"A": ["S0", "S1"]}, {"A": ["S7"]}])
        assert report["row-spacing"].observed == (1 + 2 * 50 / 64) / 2

    def test_offsets_count_equal_row_numbers_of_one_draw(self):
        """Rows 0 and 3 in both strata, then none; a draw of one stratum is none."""
        draws = [
            {"A": ["S0", "S3", "S7"], "B": ["S8", "S11"]},
            {"A": ["S0"], "B": ["S9"]},
            {"A": ["S2"]},
        ]

        assert examine(draws)["strata-offsets"].observed == 1.0

    def test_an_echo_is_near_relative_to_the_size(self):
        """From the smaller draw to the nearest of the larger, by hand."""
        few, many = np.array([[1], [3]]), np.array([[0, 5], [2, 3]])
        expected = [min(3 / 8 - 1 / 16, 11 / 16 - 3 / 8) * 2, (7 / 8 - 7 / 16) * 2]

        assert expected == _echo((few, 4), (many, 8)).tolist()
        assert expected == _echo((many, 8), (few, 4)).tolist()
        draws = [{"A": ["S0", "S5"], "B": ["S9"]}]
        assert expected[0] == examine(draws)["strata-echo"].observed

    def test_groups_count_by_what_is_to_be_expected_of_them(self):
        """Three of eight in one group, and the ids that have none left out."""
        groups = {"S0": "东", "S1": "东", "S2": "东", "S3": "西"}
        test = examine([{"A": ["S0", "S1"]}], groups=groups)["groups"]
        east = (2 - 2 * 3 / 8) ** 2 / (2 * 3 / 8 * 5 / 8 * 6 / 7)
        west = (0 - 2 / 8) ** 2 / (2 / 8 * 7 / 8 * 6 / 7)

        assert (east + west) / 2 == pytest.approx(test.observed)
        assert pytest.approx(test.expected, abs=0.2) == 1

    def test_of_officers(self):
        """Loads, repeated visits, repeated teams and steps, by hand."""
        pool = ("a", "b", "c", "d")
        picks = [
            Pick(subject_id="S1", pool=pool, chosen=("a", "b")),
            Pick(subject_id="S2", pool=pool, chosen=("c", "b")),
            Pick(subject_id="S1", pool=pool, chosen=("b", "a")),
            Pick(subject_id="S3", pool=pool[:2], chosen=("a",)),
            Pick(subject_id="S3", pool=pool[:2], chosen=("b",)),
            Pick(subject_id="S3", pool=pool[:2], chosen=("a",)),
        ]
        report = examine_picks(picks, rng=rng(), repetitions=199)
        loads, mean = np.array([4, 4, 1, 0]), np.array([3, 3, 1.5, 1.5])
        variance = np.array([1.5, 1.5, 0.75, 0.75])

        assert ((loads - mean) ** 2 / variance).mean() == report["loads"].observed
        # a and b twice at S1, a twice at S3.
        assert report["same-visitor"].observed == 3
        assert report["same-team"].observed == 1
        # Steps 1 and 3 of four, 1 and 1 of two.
        assert report["succession"].observed == 1 / 6

    def test_of_officers_by_group(self):
        """Visits of each officer to each town, by hand; S4 is in none."""
        pool = ("a", "b")
        towns = {"S1": "东", "S2": "东", "S3": "西"}
        picks = [
            Pick(subject_id=subject, pool=pool, chosen=[chosen])
            for subject, chosen in zip(
                ("S1", "S1", "S2", "S3", "S4"), "aaaba", strict=True
            )
        ]
        test = examine_picks(picks, rng=1, groups=towns, repetitions=199)["groups"]
        far = [(3 - 1.5) ** 2 / 0.75, (0 - 1.5) ** 2 / 0.75, 0.5**2 / 0.25, 1]

        assert pytest.approx(test.observed) == sum(far) / 4
        assert pytest.approx(test.expected, abs=0.2) == 1

    def test_pairs_are_fewest_when_all_come_up_alike(self):
        """Five things of three kinds: two twice."""
        fewest = [min(
            sum(k * (k - 1) // 2 for k in some)
            for some in itertools.product(range(n + 1), repeat=3) if sum(some) == n
        ) for n in range(8)]  # fmt: skip

        assert fewest == [_fewest(n, 3) for n in range(8)]
        assert _fewest(0, 0) == 0

    def test_a_team_is_the_same_however_the_lists_are_sorted(self):
        """Two lists with the same people in another order."""
        picks = [
            Pick(subject_id="S1", pool=[*"abcd"], chosen=[*"ab"]),
            Pick(subject_id="S2", pool=[*"dcba"], chosen=[*"ab"]),
        ]

        report = examine_picks(picks, rng=rng(), repetitions=99)
        assert report["same-team"].observed == 1

    def test_a_list_of_one_has_no_next(self):
        """A step of nought to the only officer there is no succession."""
        one = [Pick(subject_id="S1", pool=[*"a"], chosen=[*"a"])] * 5
        two = [Pick(subject_id="S1", pool=[*"ab"], chosen=[c]) for c in "abb"]
        report = examine_picks([*one, *two], rng=rng(), repetitions=99)

        assert report["succession"].observed == 0


class TestReport:
    def test_questions_are_adjusted_for_their_number(self):
        """Holm's: the least by three, the next by two, never below the one before."""
        figures = [
            Statistic(name, 1.0, 0.0, p, 1.0)
            for name, p in (("a", 0.02), ("b", 0.01), ("c", 0.9), ("d", 0.012))
        ]
        report = report_of([*figures, Statistic("blind", 0, 0, 0.0, 0.0)], 0.05)

        assert pytest.approx(report.to_columns()["adjusted"]) == [
            0.04,
            0.04,
            0.9,
            0.04,
            1.0,
        ]
        assert pytest.approx(report.p) == 0.04
        assert [test.name for test in report.findings] == ["a", "b", "d"]
        assert report["blind"].visible is None
        assert report_of([], 0.05).p == 1
        with pytest.raises(KeyError):
            report["e"]

    def test_findings_include_the_level_itself(self):
        """As tests of significance do."""
        report = report_of([Statistic("a", 1, 0, 0.05, 1.0)], 0.05)

        assert tuple(test.name for test in report.findings) == ("a",)

    def test_what_is_visible_allows_for_the_number_of_questions(self):
        """Each question is asked at its share of the level; blind ones have none."""
        asked = []

        def sight(level):
            asked.append(level)
            return 1.0, 4.0

        report = report_of(
            [
                Statistic("a", 2, 2, 0.5, 2.0, sight),
                Statistic("b", 2, 2, 0.5, 2.0, lambda _: (None, 4.5)),
                Statistic("blind", 2, 2, 0.5, 0.0, sight),
            ],
            0.05,
        )

        assert asked == [0.025]
        assert (report["a"].below, report["a"].above) == (1.0, 4.0)
        assert report.to_columns()["visible"] == [1.0, 2.5, None]
        assert report.to_columns()["below"] == [1.0, None, None]
        assert report.to_columns()["above"] == [4.0, 4.5, None]

    def test_what_is_visible_is_beyond_nearly_all_fair_figures(self):
        """
        By hand: 9 of 1000 on each side may be as extreme at a level of 2 %.

        Below by the spread of fair figures, above by one that has grown.
        """
        values = np.append(50.0, np.arange(999.0))
        fair = values[1:]
        noise = (stats.norm.isf(0.1) * fair.std()) ** 2
        below, above = Statistic.simulated("a", values, bounds=(-500, 4000)).sight(0.02)
        one_sided = Statistic.simulated("a", values, both_sides=False)

        assert pytest.approx(below) == 9 - noise**0.5
        shift = above - fair.mean()
        far = 989 - fair.mean()
        growth = 1 + 4 * shift / (fair.mean() + 500)
        assert pytest.approx((shift - far) ** 2) == noise * growth
        assert shift > far
        assert one_sided.sight(0.01)[0] is None
        assert one_sided.sight(0.01)[1] > 989

    def test_a_figure_that_there_cannot_be_is_not_called_visible(self):
        """Neither below the least nor above the most that can be drawn."""
        values = np.append(50.0, np.arange(999.0))

        def sight(least, most):
            bounds = (least, most)
            return Statistic.simulated("a", values, bounds=bounds).sight(0.02)

        below, above = sight(-500, math.inf)

        assert sight(below, math.inf)[0] == below
        assert sight(below + 1, math.inf)[0] is None
        assert sight(-500, above)[1] == above
        assert sight(-500, above - 1)[1] is None

    @pytest.mark.parametrize(
        ("repetitions", "seen"), [(99, False), (1198, False), (1199, True)]
    )
    def test_too_few_repetitions_show_nothing(self, repetitions, seen):
        """
        A figure is at best the most extreme of all.

        With six questions on two sides at 1 % that takes 1,200 of them.
        """
        draws = [{"A": [f"S{n % 7}", f"S{n % 7 + 1}"], "B": ["S8"]} for n in range(20)]
        report = examine(draws, repetitions=repetitions)
        simulated = [test.visible for test in report.tests if test.name != "subjects"]

        assert len(report.tests) == 6
        assert any(way is not None for way in simulated) is seen
        assert report["subjects"].visible is not None  # exact in any case

    @pytest.mark.parametrize(
        ("draws", "chance", "level"),
        [(36, 0.05, 1e-6), (24, 0.5, 1e-4), (100, 0.3, 1e-3), (4, 0.1, 1e-6)],
    )
    def test_a_visible_chance_is_that_of_a_binomial(self, draws, chance, level):
        """By another library: the number needed, and the chance that reaches it."""
        fair = stats.binom(draws, chance)
        few = max((k for k in range(draws) if fair.cdf(k) <= level), default=None)
        many = min(
            (k for k in range(draws + 1) if fair.sf(k - 1) <= level), default=None
        )
        below, above = number_sight(fair.pmf(np.arange(draws + 1)), level)

        assert (below is None) is (few is None)
        assert (above is None) is (many is None)
        if few is not None:
            assert pytest.approx(stats.binom.cdf(few, draws, below)) == 0.9
        if many is not None:
            assert pytest.approx(stats.binom.sf(many - 1, draws, above)) == 0.9

    def test_a_visible_chance_is_found_in_long_series_too(self):
        """Ways to be drawn in half of 3,000 draws are more than a float holds."""
        fair = stats.binom(3000, 0.5).pmf(np.arange(3001))
        below, above = number_sight(fair, 1e-6)

        assert pytest.approx(1 - above) == below
        assert 0.4 < below < 0.46

    def test_ranks_are_counted_with_the_series_itself(self):
        """The chance of the extreme is never 0: one of as many as were compared."""
        top = Statistic.simulated("a", np.array([9.0, *range(9)]), both_sides=True)
        one_side = Statistic.simulated(
            "a", np.array([9.0, *range(9)]), both_sides=False
        )
        low = Statistic.simulated("a", np.array([-1.0, *range(9)]), both_sides=False)
        equal = Statistic.simulated("a", np.array([4.0, 4.0, 4.0 + 1e-12, 5.0]))

        assert (top.p, one_side.p, low.p) == (0.2, 0.1, 1.0)
        assert equal.p == 1.0
        assert (4.0, np.arange(9).std()) == (top.expected, top.spread)

    def test_reads_as_a_table(self):
        """One line for each question; a dash where nothing could be seen."""
        text = str(examine([{"A": ["S0", "S1"]}]))

        assert "row-position" in text
        assert " - " in text
        assert len(text.splitlines()) == 7

    def test_the_same_generator_gives_the_same_report(self):
        """A report can be repeated by whoever doubts it."""
        draws = [{"A": ["S0", "S1"], "B": ["S9"]}] * 3

        assert examine(draws) == examine(draws)
        assert examine(draws) != examine(draws, rng=rng(2))

    def test_parts_give_one_series_with_the_rest(self, monkeypatch):
        """Memory is saved by parts; the series itself is compared once."""
        draws = [{"A": ["S0", "S1"], "B": ["S9"]}] * 3
        monkeypatch.setattr(
            "dsgk.fairness._examine_draws.chunks", lambda n, _: chunks(n, 1, most=50)
        )
        parts = examine(draws)
        picks = [Pick(subject_id="S", pool=[*"abcd"], chosen=[*"a"])] * 4
        monkeypatch.setattr(
            "dsgk.fairness._examine_teams.chunks", lambda n, _: chunks(n, 1, most=50)
        )
        report = examine_picks(picks, rng=rng(), repetitions=199)

        assert parts["row-position"].observed == examine(draws)["row-position"].observed
        assert parts["row-position"].p * 200 == pytest.approx(
            round(parts["row-position"].p * 200)
        )
        assert report["same-visitor"].observed == 6
        assert report["same-visitor"].p <= 0.05


class TestBounds:
    """Between which values figures are: every series of a small kind is tried."""

    FRAME = Frame(IDS[:7], ["A"] * 4 + ["B"] * 3)

    def test_of_draws(self):
        """All pairs of draws of two and one; most bounds are reached."""
        labels = np.array([1, 1, 1, 2, 1, 2, 2])
        outcomes = [
            {"A": list(two), "B": [one]}
            for two in itertools.combinations(IDS[:4], 2)
            for one in IDS[4:7]
        ]
        seen = {}
        for draws in itertools.product(outcomes, repeat=2):
            series, ids = drawing._series([self.FRAME] * 2, list(draws))
            expected = drawing._expected(series, len(ids))
            towns = drawing._towns(series, labels)
            figures = drawing._figures(series, expected, towns, rng(), 0, own=True)
            for name, values in figures.items():
                seen.setdefault(name, []).append(float(values[0]))
        bounds = drawing._bounds(series, expected, towns, rng())
        reached = {
            name: (
                pytest.approx(min(values)) == bounds[name][0],
                pytest.approx(max(values)) == bounds[name][1],
            )
            for name, values in seen.items()
        }

        assert all(min(seen[n]) >= low - 1e-9 for n, (low, _) in bounds.items())
        assert all(max(seen[n]) <= high + 1e-9 for n, (_, high) in bounds.items())
        assert reached == {
            "evenness": (True, True),
            "row-position": (True, True),
            "row-spacing": (True, True),
            "strata-offsets": (True, True),
            "strata-echo": (False, False),  # 0, and none
            "groups": (True, True),
        }

    def test_bounds_are_those_of_the_same_subjects_in_whatever_order(self):
        """The list may be sorted anew every month."""
        turned = Frame(IDS[6::-1], ["B"] * 3 + ["A"] * 4)
        always = [{"A": ["S0", "S1"], "B": ["S4"]}] * 2
        series, ids = drawing._series([self.FRAME, turned], always)
        expected = drawing._expected(series, len(ids))
        own = drawing._figures(series, expected, None, rng(), 0, own=True)
        bounds = drawing._bounds(series, expected, None, rng())

        assert own["evenness"][0] == pytest.approx(bounds["evenness"][1])

    def test_of_picks(self):
        """All ways to send two of three four times, to two subjects."""
        pool = [*"abc"]
        towns = {"S0": "东", "S1": "西"}
        seen = {}
        for teams in itertools.product(itertools.combinations(pool, 2), repeat=4):
            picks = [
                Pick(subject_id=f"S{n % 2}", pool=pool, chosen=team)
                for n, team in enumerate(teams)
            ]
            kinds, n_people, subjects = staffing._kinds(picks)
            labels = labels_of(subjects, towns)
            tables = {
                "loads": staffing._table(kinds, n_people, np.ones_like(labels)),
                "groups": staffing._table(kinds, n_people, labels),
            }
            chosen = [kind.chosen[np.newaxis] for kind in kinds]
            figures = staffing._figures(kinds, chosen, tables, 1)
            for name, values in figures.items():
                seen.setdefault(name, []).append(float(values[0]))
        bounds = staffing._bounds(kinds, tables)

        assert {n: pytest.approx(max(v)) for n, v in seen.items()} == {
            name: high for name, (_, high) in bounds.items()
        }
        assert all(min(seen[n]) >= low for n, (low, _) in bounds.items())
        for name in ("same-visitor", "same-team", "succession"):
            assert min(seen[name]) == pytest.approx(bounds[name][0])


class TestVisibleSubjects:
    def test_it_is_asked_of_all_subjects_on_both_sides(self):
        """By another library: of one of eight, with five questions, at 1 %."""
        draws = [{"A": ["S0", f"S{1 + n % 7}"]} for n in range(30)]
        report = examine_draws(Frame(IDS[:8], ["A"] * 8), draws, rng=1)
        put = sum(test.visible is not None for test in report.tests)
        level = 0.01 / (put * 2 * 8)
        number = int(stats.binom.isf(level, 30, 0.25)) + 1

        assert put == 4  # nothing is left to chance between strata
        assert pytest.approx(0.9) == stats.binom.sf(
            number - 1, 30, report["subjects"].above
        )

    def test_draws_in_which_a_subject_was_not_do_not_count(self):
        """Twelve of twenty months in the list: nine times in ten of twelve."""
        with_it, without = Frame(IDS[:4], ["A"] * 4), Frame(IDS[1:4], ["A"] * 3)
        report = examine_draws(
            [with_it] * 12 + [without] * 8,
            [{"A": ["S0"]}] * 12 + [{"A": [f"S{1 + n % 3}"]} for n in range(8)],
            rng=1,
        )
        test = report["subjects"]
        numbers = [
            k
            for k in range(13)
            if stats.binom.sf(k - 1, 12, 0.25) <= 0.01 / (3 * 2 * 4)
        ]

        assert test.observed == 1.0
        assert pytest.approx(0.9) == stats.binom.sf(numbers[0] - 1, 12, test.above)


class TestLimits:
    def test_one_draw_says_nothing_of_one_subject(self):
        """Somebody is drawn in every draw; that is no sign of favour."""
        report = examine([{"A": ["S0", "S3"], "B": ["S9"]}])

        assert report["subjects"].visible is None
        assert report["evenness"].visible is None
        assert (report["subjects"].adjusted, report["evenness"].adjusted) == (1, 1)

    def test_a_question_that_cannot_be_answered_is_not_counted(self):
        """Else a series would be judged more mildly for being short."""
        report = examine([{"A": ["S0", "S1"], "B": ["S8"]}])
        put = [report[n] for n in ("row-position", "row-spacing", "strata-echo")]
        put.append(report["strata-offsets"])

        assert report.p == pytest.approx(min(1, 4 * min(test.p for test in put)))
        assert report.p < 1

    def test_a_difference_that_there_cannot_be_is_not_called_visible(self):
        """Nobody is drawn in more than all draws, and no row is below the last."""
        short = [{"A": [f"S{n}", f"S{n + 4}"]} for n in range(4)]

        assert examine(short, groups={})["subjects"].visible is None
        assert examine([{"A": ["S3"]}])["row-position"].visible is None
        report = examine([*short, *short, *short, *short], repetitions=1999)
        assert 0.25 < report["subjects"].visible < 0.75
        assert report["row-position"].visible < 0.5

    def test_where_nothing_is_left_to_chance_nothing_is_asked(self):
        """100 % and 0 %: no question can be put."""
        report = examine([{"A": IDS[:8]}, {"A": IDS[:8], "B": []}])

        assert report.p == 1
        assert report.to_columns()["visible"] == [None] * 6

    def test_an_empty_frame_is_a_frame(self):
        """Nobody could be drawn, and nobody was."""
        report = examine_draws(
            Frame([], []), [{}, {}], rng=rng(), repetitions=99, groups={}
        )

        assert report.p == 1
        assert len(report.tests) == 7

    def test_no_picks_are_no_evidence(self):
        """Nor are seats that take everybody."""
        assert examine_picks([], rng=rng(), repetitions=99, groups={}).p == 1
        all_ = [
            Pick(subject_id="S", pool=[*"ab"], chosen=[*"ab"]),
            Pick(subject_id="S", pool=[*"a"], chosen=[*""]),
        ]
        assert examine_picks(all_, rng=rng(), repetitions=99).p == 1

    def test_of_fair_series_few_are_suspected(self):
        """
        Sixty fair series: at a level of 20 % about twelve, or fewer.

        Three standard errors of 3.1 above that would be wrong.
        """
        suspected = 0
        for series in range(60):
            keys = [f"{series * 100 + n:032x}" for n in range(8)]
            draws = [draw_subjects(FRAME, {"A": 2, "B": 2}, key=key) for key in keys]
            report = examine(draws, rng=rng(series), repetitions=99, level=0.2)
            suspected += bool(report.findings)

        assert suspected <= 12 + 3 * 3.1


class TestPicks:
    def test_pools_are_those_whom_the_seat_admits_and_no_recusal_bars(self):
        """Rotation and capacity are left out of account, as stated."""
        register = InspectorRegister(
            [
                *(Inspector(id=f"XF{n}", department="消防") for n in (2, 1, 3)),
                Inspector(id="SJ1", department="市场监管"),
                Inspector(id="SJ2", department="市场监管", certified=False),
                Inspector(id="SJ3", department="市场监管"),
            ]
        )
        recusals = [
            Recusal(inspector_id="XF1", subject_id="S2", reason=RecusalReason.KINSHIP)
        ]
        fire, market = (
            Seat(department="消防", count=1),
            Seat(department="市场监管", count=1),
        )
        tasks = [
            StaffingTask(id="T1", subject_id="S1", seats=(fire, market)),
            StaffingTask(id="T2", subject_id="S2", seats=(fire, fire)),
        ]
        assignment = assign_inspectors(tasks, register, key="0" * 32, recusals=recusals)
        picks = picks_of(assignment, register, recusals=recusals)

        assert [p.pool for p in picks] == [
            ("XF1", "XF2", "XF3"),
            ("SJ1", "SJ3"),
            ("XF2", "XF3"),
        ]
        assert [pick.subject_id for pick in picks] == ["S1", "S1", "S2"]
        assert [len(pick.chosen) for pick in picks] == [1, 1, 2]
        assert set(picks[2].chosen) == {"XF2", "XF3"}
        assert [s.inspector_id for s in assignment.teams["T1"]] == [
            *picks[0].chosen,
            *picks[1].chosen,
        ]


class TestChance:
    @pytest.mark.parametrize("size", [4, 40])
    def test_every_subset_is_as_likely_as_every_other(self, size):
        """Both ways of drawing, dense and sparse, by chi-square."""
        draws = subsets(rng(7), 40000, size, 2)
        cells = draws[:, 0] * size + draws[:, 1]
        counts = np.bincount(cells, minlength=size * size).reshape(size, size)
        upper = counts[np.triu_indices(size, 1)]

        assert upper.sum() == 40000
        assert 0.001 < stats.chisquare(upper).pvalue < 0.999

    @pytest.mark.parametrize(
        ("size", "quota"), [(9, 9), (9, 8), (9, 1), (100, 12), (1, 1)]
    )
    def test_rows_are_distinct_and_in_order(self, size, quota):
        """Repeats are drawn again until there is none."""
        draws = subsets(rng(), 500, size, quota)

        assert (500, quota) == draws.shape
        assert (np.diff(draws, axis=1) > 0).all()
        assert draws.min() >= 0
        assert draws.max() < size

    def test_no_draws_and_no_quota_are_empty(self):
        """A tier may have a quota of 0."""
        assert subsets(rng(), 3, 5, 0).shape == (3, 0)
        assert subsets(rng(), 0, 5, 2).shape == (0, 2)

    def test_parts_add_up(self):
        """And none is larger than memory allows, if it can be helped."""
        assert list(chunks(10, 5, most=20)) == [4, 4, 2]
        assert list(chunks(2, 50, most=20)) == [1, 1]
        assert list(chunks(7, 0, most=20)) == [7]

    def test_pairs_of_equals_are_counted_once(self):
        """Three alike are three pairs; columns of no keys have none."""
        keys = np.array([[1, 2, 1, 1, 2], [5, 4, 3, 2, 1]])

        assert repeated_pairs(keys).tolist() == [4, 0]
        assert repeated_pairs(np.zeros((2, 0), int)).tolist() == [0, 0]
        assert repeated_pairs(np.zeros((2, 1), int)).tolist() == [0, 0]


class TestRefusals:
    def test_all_faults_of_a_series_at_once(self):
        """With the number of the draw."""
        draws = [
            {"A": ["S0", "S8"], "C": ["S1"]},
            {"B": ["S9", "S9"]},
        ]
        with pytest.raises(InvalidInput) as caught:
            examine(draws)

        assert [(fault.code, fault.row) for fault in caught.value.faults] == [
            ("fairness-stratum", 0),
            ("fairness-stranger", 0),
            ("fairness-twice", 1),
        ]
        assert "stratum 'A' must be in it (got 'S8')" in str(caught.value)

    @pytest.mark.parametrize(
        ("chosen", "pool", "code"),
        [
            ("ax", "abc", "fairness-pool"),
            ("aa", "abc", "fairness-chosen"),
            ("a", "abca", "fairness-pool"),
        ],
        ids=str,
    )
    def test_those_chosen_are_different_people_of_the_pool(self, chosen, pool, code):
        """Named by the number of the pick."""
        good = Pick(subject_id="S1", pool=[*"abc"], chosen=[*"a"])
        wrong = Pick(subject_id="S1", pool=[*pool], chosen=[*chosen])
        with pytest.raises(InvalidInput) as caught:
            examine_picks([good, wrong], rng=rng())

        assert [(f.code, f.row) for f in caught.value.faults] == [(code, 1)]

    @pytest.mark.parametrize(
        ("frames", "outcomes", "arguments", "code"),
        [
            (FRAME, [], {}, "fairness-empty"),
            ([FRAME], [{}, {}], {}, "fairness-frames"),
            (Frame(["S1"], ["A"], [2]), [{}], {}, "fairness-weights"),
            (FRAME, [{}], {"repetitions": 98}, "count-range"),
            (FRAME, [{}], {"level": 0.6}, "number-range"),
            (FRAME, [{}], {"level": 0}, "number-range"),
            (FRAME, [{}], {"rng": -1}, "rng-range"),
            (FRAME, [{}], {"rng": [2, -1]}, "rng-range"),
        ],
    )
    def test_values_that_make_no_sense(self, frames, outcomes, arguments, code):
        """Each with its code."""
        with pytest.raises(InvalidValueError) as caught:
            examine_draws(frames, outcomes, **{"rng": rng(), **arguments})

        assert code == caught.value.code

    @pytest.mark.parametrize(
        ("frames", "outcomes", "arguments", "code"),
        [
            (["S1"], [{}], {}, "argument-type"),
            (FRAME, [["S1"]], {}, "fairness-outcome"),
            (FRAME, [{"A": "S1"}], {}, "fairness-outcome"),
            (None, [{}], {}, "argument-type"),
            (None, [], {}, "argument-type"),
            (FRAME, None, {}, "fairness-outcome"),
            (FRAME, "S1", {}, "fairness-outcome"),
            (FRAME, {"A": ["S1"]}, {}, "fairness-outcome"),
            (
                FRAME,
                draw_subjects(FRAME, {"A": 1, "B": 1}, key="0" * 32),
                {},
                "fairness-outcome",
            ),
            (FRAME, [{"A": None}], {}, "fairness-outcome"),
            (FRAME, [{"A": [["S1"]]}], {}, "fairness-outcome"),
            (FRAME, [{}], {"rng": "7"}, "rng-type"),
            (FRAME, [{}], {"rng": 1.5}, "rng-type"),
            (FRAME, [{}], {"groups": ["东"]}, "fairness-groups"),
            (FRAME, [{}], {"groups": {"S1": ["东"]}}, "fairness-groups"),
            (FRAME, [{}], {"repetitions": "100"}, "count-type"),
            (FRAME, [{}], {"level": True}, "chance-type"),
        ],
    )
    def test_values_of_another_type(self, frames, outcomes, arguments, code):
        """Each with its code."""
        with pytest.raises(InvalidTypeError) as caught:
            examine_draws(frames, outcomes, **{"rng": rng(), **arguments})

        assert code == caught.value.code

    def test_one_result_in_the_place_of_many_is_shown_whole(self):
        """And not its first letter or stratum."""
        with pytest.raises(InvalidTypeError, match=r"got \{'A': \['S1'\]\}"):
            examine({"A": ["S1"]})

    @pytest.mark.parametrize(
        "picks", [[("S1", "abc", "a")], None, Pick(subject_id="S", pool=(), chosen=())]
    )
    def test_picks_are_picks(self, picks):
        """A tuple in their place is no accident to guess about."""
        with pytest.raises((InvalidTypeError, InvalidInput), match=r"Write \[?Pick"):
            examine_picks(picks, rng=rng())

    @pytest.mark.parametrize("ids", [None, "SJ1", b"SJ1", [1], [None], 7], ids=repr)
    @pytest.mark.parametrize("name", ["pool", "chosen"])
    def test_the_ids_of_a_pick_are_ids(self, ids, name):
        """`"SJ1"` is one officer, not S, J and 1."""
        with pytest.raises(InvalidTypeError, match=f"'{name}") as caught:
            Pick(**{"subject_id": "S1", "pool": ["SJ1"], "chosen": ["SJ1"], name: ids})

        assert caught.value.code == (
            "id-type" if type(ids) is list else "argument-list"
        )

    @pytest.mark.parametrize(
        "seed",
        [
            1, np.int64(1), np.random.SeedSequence(1), np.random.PCG64(1),
            np.random.default_rng(1),
        ],
        ids=lambda seed: type(seed).__name__,
    )  # fmt: skip
    def test_a_seed_is_whatever_numpy_takes(self, seed):
        """As for simulations."""
        picks = [Pick(subject_id="S", pool=[*"abcd"], chosen=["a"])] * 4
        draws = [{"A": ["S0", "S1"], "B": ["S9"]}] * 3

        assert examine(draws) == examine(draws, rng=copy.deepcopy(seed))
        assert examine_picks(picks, rng=rng()) == examine_picks(
            picks, rng=copy.deepcopy(seed)
        )

    def test_ids_may_come_one_by_one(self):
        """What can be read once is not taken for nobody at the second look."""
        listed = examine([{"A": ["S0", "S1"], "B": ["S9"]}] * 3)
        once = ({"A": (i for i in ("S0", "S1")), "B": iter(["S9"])} for _ in range(3))

        assert examine(once) == listed
        assert listed["evenness"].observed > 1

    def test_the_least_settings_are_settings(self):
        """The ends of the ranges are in them."""
        report = examine([{"A": ["S0"]}], repetitions=99, level=0.5)

        assert report.level == 0.5
        assert math.isfinite(report.p)
