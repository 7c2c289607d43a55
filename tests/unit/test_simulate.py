"""Simulated draws and policies: what goes in, what comes out."""

import datetime as dt
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest

from dsgk.calendars import Period, Unit
from dsgk.errors import InvalidInput, InvalidTypeError, InvalidValueError
from dsgk.frames import Frame
from dsgk.simulate import (
    Indicator,
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
    ratio_grid,
    rounds_to_see,
    simulate_policy,
    what_if,
)
from dsgk.simulate._course import _lowest
from dsgk.simulate._draw_many import _even_out
from dsgk.simulate._scenarios import latest_day
from dsgk.subjects import SubjectRegister
from dsgk.tiers import Base, Ratio, TierPolicy, TierRule


DAY = dt.date(2026, 1, 1)


def everybody(ratio="10%", **rule):
    return TierPolicy([TierRule("全部", ratio=Ratio.exactly(ratio), **rule)])


def firms(n, **columns):
    return SubjectRegister.from_columns(id=[f"S{k}" for k in range(n)], **columns)


def by_officers():
    return TierPolicy([TierRule("全部", ratio=Ratio.per_officer(5))])


def by_credit(ratios, **rule):
    return TierPolicy(
        TierRule(name, ratio=Ratio.exactly(ratio), when={"credit": {name}}, **rule)
        for name, ratio in ratios.items()
    )


class TestDrawMany:
    FRAME = Frame([f"S{k}" for k in range(7)], list("BABABAB"))

    def test_every_draw_takes_the_quota_of_every_stratum(self):
        """Counts add up per stratum; a stratum of quota 0 is never drawn."""
        counts = draw_many(self.FRAME, {"A": 2, "B": 0}, draws=50, rng=1)

        assert counts[[1, 3, 5]].sum() == 100
        assert counts[[0, 2, 4, 6]].tolist() == [0, 0, 0, 0]

    @pytest.mark.parametrize("quota", [0, 1, 3, 4, 50, 67, 100])
    def test_counts_are_those_of_the_draws_themselves(self, quota):
        """Both functions make the same draws from the same seed."""
        frame = Frame([f"S{k}" for k in range(100)], ["A"] * 100)
        counts = draw_many(frame, {"A": quota}, draws=600, rng=3)
        rows = draw_rows(frame, {"A": quota}, draws=600, rng=3)

        assert rows.shape == (600, quota)
        assert all(len(set(draw)) == quota for draw in rows.tolist())
        assert counts.tolist() == np.bincount(rows.ravel(), minlength=100).tolist()

    def test_rows_stand_by_stratum(self):
        """Columns of the result can be split at the quotas."""
        rows = draw_rows(self.FRAME, {"A": 1, "B": 3}, draws=40, rng=2)

        assert set(rows[:, 0].tolist()) == {1, 3, 5}
        assert set(rows[:, 1:].ravel().tolist()) == {0, 2, 4, 6}
        assert (np.diff(rows[:, 1:], axis=1) > 0).all()

    def test_many_strata_are_drawn_as_few(self):
        """More than sixteen strata are found by sorting."""
        names = [f"T{k:02}" for k in range(20)]
        frame = Frame([f"S{k}" for k in range(60)], names * 3)
        counts = draw_many(frame, dict.fromkeys(names, 2), draws=10, rng=1)

        assert counts.reshape(3, 20).sum(axis=0).tolist() == [20] * 20

    def test_draws_beyond_one_piece_add_up(self):
        """A byte counts 255 draws; there are more, in several pieces."""
        frame = Frame(["S1", "S2"], ["A", "A"])
        counts = draw_many(frame, {"A": 2}, draws=1000, rng=1)

        assert counts.tolist() == [1000, 1000]

    @pytest.mark.parametrize("draws", [0, 1])
    def test_few_draws_are_draws(self, draws):
        """No draw gives zeros, one draw ones."""
        counts = draw_many(self.FRAME, {"A": 1, "B": 2}, draws=draws, rng=1)

        assert counts.dtype == np.int64
        assert counts.sum() == 3 * draws
        assert draw_rows(self.FRAME, {"A": 1, "B": 2}, draws=draws).shape == (draws, 3)

    def test_an_empty_frame_draws_nobody(self):
        """As the lawful draw does."""
        frame = Frame([], [])

        assert draw_many(frame, {}, draws=3).tolist() == []
        assert draw_rows(frame, {}, draws=3).shape == (3, 0)

    def test_heavy_rows_are_certain(self):
        """Weights work as in the lawful draw."""
        frame = Frame(["S1", "S2", "S3"], ["A"] * 3, weights=[1, 1, 100])
        counts = draw_many(frame, {"A": 2}, draws=300, rng=1)

        assert counts[2] == 300
        assert counts.sum() == 600
        assert draw_many(frame, {"A": 0}, draws=3, rng=1).sum() == 0
        assert draw_many(frame, {"A": 3}, draws=3, rng=1).tolist() == [3, 3, 3]

    def test_a_generator_goes_on_and_a_seed_begins_anew(self):
        """`rng` is what NumPy's is (SPEC 7)."""
        rng = np.random.default_rng(5)
        frame = Frame([f"S{k}" for k in range(50)], ["A"] * 50)
        first, second = (
            draw_rows(frame, {"A": 10}, draws=3, rng=rng).tolist() for _ in range(2)
        )

        assert first != second
        assert first == draw_rows(frame, {"A": 10}, draws=3, rng=5).tolist()

    def test_progress_hears_of_every_draw_of_every_stratum(self):
        """It fits the update of a progress bar."""
        heard = []
        draw_many(self.FRAME, {"A": 1, "B": 1}, draws=600, progress=heard.append)
        draw_rows(self.FRAME, {"A": 1, "B": 1}, draws=4, progress=heard.append)

        assert heard == [255, 255, 90, 255, 255, 90, 4, 4]

    def test_rows_too_many_are_taken_out(self):
        """Coins rarely exceed the quota; then rows are unmarked at random."""
        marks = np.ones((2, 50), dtype=np.bool_)
        last = np.zeros(100, dtype=np.int32)
        _even_out(marks, np.array([-20, -49]), last, np.random.default_rng(1))

        assert marks.sum(axis=1).tolist() == [30, 1]

    @pytest.mark.parametrize(
        ("arguments", "error", "code"),
        [
            ({"quotas": {"A": 4, "B": 1}}, InvalidInput, "invalid-input"),
            ({"quotas": {"A": 1}}, InvalidInput, "invalid-input"),
            ({"quotas": 3}, InvalidTypeError, "argument-mapping"),
            ({"frame": ["S1"]}, InvalidTypeError, "argument-type"),
            ({"draws": -1}, InvalidValueError, "count-range"),
            ({"draws": 1.5}, InvalidValueError, "count-form"),
            ({"draws": True}, InvalidTypeError, "count-type"),
            ({"progress": 5}, InvalidTypeError, "progress-type"),
            ({"rng": "今天"}, InvalidTypeError, "rng-type"),
            ({"rng": -1}, InvalidValueError, "rng-range"),
        ],
        ids=[
            "above", "missing", "number", "list", "negative", "float", "bool",
            "progress", "text", "negative seed",
        ],
    )  # fmt: skip
    def test_bad_input_is_told(self, arguments, error, code):
        """As the lawful draw tells it, before anything is drawn."""
        given = {"frame": self.FRAME, "quotas": {"A": 1, "B": 1}, "draws": 3}
        given |= arguments
        frame, quotas = given.pop("frame"), given.pop("quotas")

        for function in (draw_many, draw_rows):
            with pytest.raises(error) as caught:
                function(frame, quotas, **given)
            assert caught.value.code == code

    def test_more_rows_than_any_memory_holds_are_refused(self):
        """Counts of as many draws are held with ease."""
        with pytest.raises(InvalidValueError) as caught:
            draw_rows(self.FRAME, {"A": 2, "B": 1}, draws=2**30)

        assert caught.value.code == "simulated-size"

    @pytest.mark.parametrize(
        "make",
        [
            lambda: 5,
            lambda: np.random.SeedSequence(5),
            lambda: np.random.PCG64(5),
            lambda: np.random.default_rng(5),
            lambda: np.random.RandomState(5),
            lambda: np.random.RandomState(5)._bit_generator,
        ],
        ids=["int", "sequence", "bits", "generator", "state", "bits of a state"],
    )
    def test_luck_comes_from_whatever_numpy_takes(self, make):
        """And is the same from the same; a state that was used goes on."""
        frame = Frame([f"S{k}" for k in range(50)], ["A"] * 50)
        one, other = (
            draw_rows(frame, {"A": 10}, draws=2, rng=make()).tolist() for _ in range(2)
        )

        assert one == other

    def test_an_old_state_lends_its_bits(self):
        """NumPy itself takes one from 2.2 on, and so do all others here."""
        state, same = np.random.RandomState(5), np.random.RandomState(5)
        bits = np.random.Generator(same._bit_generator)
        frame = Frame([f"S{k}" for k in range(50)], ["A"] * 50)
        one, other = (
            draw_rows(frame, {"A": 10}, draws=2, rng=rng).tolist()
            for rng in (state, bits)
        )

        assert one == other


class TestValues:
    @pytest.mark.parametrize(
        ("make", "code"),
        [
            (lambda: Programme("消防", None), "argument-type"),
            (lambda: Programme(" ", everybody()), "label-form"),
            (lambda: Programme("消防", everybody(), times=5), "programme-times"),
            (lambda: Programme("消防", everybody(), base="every"), "not-in-list"),
            (
                lambda: Programme("消防", everybody(), officers=-1),
                "count-range",
            ),
            (lambda: Programme("消防", everybody(), within={"kind": set()}), None),
            (lambda: Movement("credit", [("A", "B")]), "argument-mapping"),
            (lambda: Movement("credit", {"A": "B"}), "argument-mapping"),
            (lambda: Movement("", {}), "label-form"),
            (lambda: Turnover(closing=float("nan")), "chance-range"),
            (lambda: Turnover(closing=Decimal("NaN")), "chance-range"),
            (lambda: Turnover(closing=1.5), "chance-range"),
            (lambda: Turnover(closing="5%"), "chance-type"),
            (lambda: Turnover(opening=-1), "count-range"),
            (
                lambda: Programme("消防", by_officers()),
                "programme-officers",
            ),
            (
                lambda: Scenario(Programme("消防", everybody()), movement={"A": {}}),
                "invalid-input",
            ),
            (
                lambda: Scenario(Programme("消防", everybody()), turnover=0.05),
                "argument-type",
            ),
            (
                lambda: Scenario(Programme("消防", everybody()), coordinated="no"),
                "flag-form",
            ),
            (
                lambda: Scenario(Programme("消防", everybody()), merged=2),
                "flag-form",
            ),
            (lambda: ratio_grid(everybody(), "全部", []), "argument-type"),
            (
                lambda: ratio_grid(
                    Scenario(Programme("消防", everybody())),
                    "全部",
                    Ratio.exactly("1%"),
                ),
                "argument-list",
            ),
            (
                lambda: Scenario(Programme("消防", everybody())).with_ratio("甲", 1),
                None,
            ),
        ],
        ids=[
            "policy", "name", "times", "base", "officers", "within", "moves", "row",
            "field", "nan", "NaN",
            "closing", "text", "opening", "by officers", "movement", "turnover",
            "coordinated", "merged", "no scenario", "one ratio", "tier",
        ],
    )  # fmt: skip
    def test_what_cannot_be_is_refused(self, make, code):
        """When it is made, not in some later year."""
        with pytest.raises((InvalidTypeError, InvalidValueError)) as caught:
            make()

        assert code in (None, caught.value.code)

    def test_a_fault_says_what_to_write(self):
        """The officers are those of the programme, not of the ratio."""
        with pytest.raises(
            InvalidValueError, match=r"Programme\('消防', policy, officers=8"
        ):
            Programme(
                "消防", TierPolicy([TierRule("全部", ratio=Ratio.per_officer(5))])
            )
        with pytest.raises(InvalidTypeError, match=r"Write Turnover\("):
            Scenario(Programme("消防", everybody()), turnover=0.05)

    def test_numbers_of_numpy_are_numbers(self):
        """They come out of tables; a truth value is none."""
        half = Turnover(closing=np.float32(0.5), opening=np.int64(2))
        scenario = Scenario(
            Programme("消防", everybody(), times=np.int64(2)),
            turnover=half,
            coordinated=np.True_,
        )
        run = simulate_policy(firms(4), scenario, on=DAY, years=1, replicates=2)

        assert scenario.coordinated is True
        assert np.all(run.detection(sensitivity=np.int64(0)).mean == 0)
        assert run.workload(days=np.float32(0.5)).mean.tolist() == [1.0]
        assert chance_never_inspected(np.float64(0.5), 3) == 0.125
        with pytest.raises(InvalidTypeError):
            Turnover(closing=np.True_)

    def test_all_faults_of_a_movement_come_at_once(self):
        """Each with the class that it is in."""
        with pytest.raises(InvalidInput) as caught:
            Movement("credit", {"A": {"B": 1.5, "C": "x"}, "B": {"A": -1}})

        assert [f.column for f in caught.value.faults] == [
            "moves.A to B",
            "moves.A to C",
            "moves.B to A",
        ]

    @pytest.mark.parametrize(
        "row", [{"B": 0.6, "C": 0.5}, {"A": 0.5, "B": 0.4}, {"A": 0.9, "B": 0.2}]
    )
    def test_chances_that_do_not_add_up_are_refused(self, row):
        """More than 1 cannot leave, and with staying it is 1."""
        with pytest.raises(InvalidValueError, match="add up"):
            Movement("credit", {"A": row})

    def test_staying_may_be_written_or_left_out(self):
        """A full matrix and its moves alone are one movement."""
        full = Movement("credit", {"A": {"A": 0.9, "B": 0.1}, "B": {"B": 1}})
        moves = Movement("credit", {"A": {"B": Fraction(1, 10)}, "B": {}})

        assert full == moves
        assert full.classes == ("A", "B")
        assert full.stay("A") == 0.9

    def test_programmes_need_names_of_their_own(self):
        """Figures are told apart by them."""
        one = Programme("消防", everybody())

        with pytest.raises(InvalidInput, match="twice"):
            Scenario([one, one])
        with pytest.raises(InvalidInput, match="at least one"):
            Scenario([])
        for policies in (everybody(), [everybody()]):
            with pytest.raises(
                (InvalidInput, InvalidTypeError), match=r"Write \[?Programme"
            ):
                Scenario(policies)

    def test_a_ratio_is_changed_where_it_is_asked_for(self):
        """In one programme or in all; the rest stays the same value."""
        scenario = Scenario(
            [Programme("甲", everybody()), Programme("乙", everybody())]
        )
        ratio = Ratio.exactly("20%")

        def ratios(changed):
            return [str(p.policy.rules[0].ratio) for p in changed.programmes]

        assert ratios(scenario.with_ratio("全部", ratio)) == ["20%", "20%"]
        changed = scenario.with_ratio("全部", ratio, programme="乙")
        assert ratios(changed) == ["10%", "20%"]
        with pytest.raises(InvalidValueError, match="Choose one of '全部'"):
            scenario.with_ratio("A", ratio)
        with pytest.raises(InvalidValueError, match="in '丙'"):
            scenario.with_ratio("全部", ratio, programme="丙")

    def test_a_grid_has_one_scenario_for_each_ratio(self):
        """By the text of the ratio."""
        scenario = Scenario(Programme("消防", everybody()))
        grid = ratio_grid(scenario, "全部", [Ratio.exactly("1%"), Ratio.at_most("50%")])

        assert list(grid) == ["1%", "≤50%"]
        runs = what_if(firms(40), grid, on=DAY, years=1, replicates=2, rng=1)
        assert [int(run.visits().mean[0]) for run in runs.values()] == [1, 20]


class TestYears:
    def test_quotas_are_those_of_the_lawful_frame(self):
        """The first draw takes exactly what `TierPolicy.frame` asks for."""
        register = firms(
            400,
            credit=list("AABD") * 100,
            status=["存续", "存续", "注销", "存续"] * 100,
            last_inspected_on=[dt.date(2025, 6, 1), None] * 200,
            visits_this_year=[0, 0, 0, 0, 0, 1, 0, 2] * 50,
        )
        policy = TierPolicy(
            [
                TierRule(
                    "A",
                    ratio=Ratio.at_most("3%"),
                    when={"credit": {"A"}},
                    rest=Period(24, Unit.MONTH),
                    yearly_cap=1,
                ),
                TierRule("其他", ratio=Ratio.at_least("7%"), yearly_cap=2),
            ]
        )
        for base in Base:
            plan = policy.frame(register, on=DAY, base=base)
            run = simulate_policy(
                register,
                Scenario(Programme("消防", policy, base=base)),
                on=DAY,
                years=1,
                replicates=1,
                rng=1,
            )

            assert run.drawn[0, 0].tolist() == list(plan.quotas.values())
            assert run.registered[0, 0].tolist() == list(plan.registered.values())
            wanted = run.wanted - run.drawn
            assert wanted[0, 0].tolist() == [
                plan.shortfalls.get(name, 0) for name, _ in plan.registered.items()
            ]

    def test_a_rest_keeps_subjects_out_until_its_last_day(self):
        """Two years' rest: all, nobody, all."""
        policy = everybody("100%", rest=Period(2, Unit.YEAR))
        scenario = Scenario(Programme("消防", policy))
        run = simulate_policy(firms(5), scenario, on=DAY, years=4, replicates=1)

        assert run.drawn[0, :, 0].tolist() == [5, 0, 5, 0]
        days = everybody("100%", rest=Period(366, Unit.DAY))
        scenario = Scenario(Programme("消防", days))
        run = simulate_policy(firms(5), scenario, on=DAY, years=4, replicates=1)
        assert run.drawn[0, :, 0].tolist() == [5, 0, 5, 5]  # 2028 has a leap day

    @pytest.mark.parametrize("day", ["2024-02-29", "2025-03-31", "2025-02-28"])
    @pytest.mark.parametrize("months", [1, 6, 12, 24])
    def test_the_latest_day_is_the_last_from_which_a_rest_is_over(self, day, months):
        """The same days as those of the lawful frame, month ends included."""
        on = dt.date.fromisoformat(day)
        rest = Period(months, Unit.MONTH)
        policy = everybody("100%", rest=rest)
        number = (on - dt.date(1970, 1, 1)).days
        latest = dt.date(1970, 1, 1) + dt.timedelta(latest_day(number, rest))

        for last, free in ((latest, 1), (latest + dt.timedelta(1), 0)):
            register = firms(1, last_inspected_on=[last])
            assert len(policy.frame(register, on=on).frame) == free

    def test_batches_make_the_year_and_repeat_nobody(self):
        """Four draws a year of 10 % of 30 in all, each of others."""
        scenario = Scenario(Programme("消防", everybody("40%"), times=4))
        run = simulate_policy(firms(30), scenario, on=DAY, years=2, replicates=3, rng=1)

        assert run.drawn[:, :, 0].tolist() == [[12, 12]] * 3
        assert run.visited[:, :, :2].tolist() == [[[18, 12], [18, 12]]] * 3

    def test_a_cap_counts_the_visits_of_all_programmes(self):
        """What another department visited this year is not drawn."""
        first = Programme("甲", everybody("100%"))
        second = Programme("乙", everybody("50%", yearly_cap=1), times=2)
        run = simulate_policy(
            firms(10), Scenario([first, second]), on=DAY, years=1, replicates=1
        )

        # January: both draw, ten visits; July: everyone is at the cap.
        assert run.to_columns()["drawn"] == [10.0, 3.0]
        assert run.to_columns()["wanted"] == [10.0, 5.0]
        assert run.to_columns()["shortfall"] == [0.0, 2.0]
        assert run.gaps().mean.tolist() == [1.0, 10 / 3]

    def test_visits_before_the_start_count_in_the_first_year_only(self):
        """`visits_this_year` belongs to the year that runs."""
        register = firms(4, visits_this_year=[1, 1, 0, 0])
        scenario = Scenario(Programme("消防", everybody("100%", yearly_cap=1)))
        run = simulate_policy(register, scenario, on=DAY, years=2, replicates=1)

        assert run.drawn[0, :, 0].tolist() == [2, 4]
        assert run.visited[0].tolist() == [[2, 2], [0, 4]]

    def test_merging_makes_one_visit_of_the_checks_of_a_day(self):
        """Two departments at every firm: one visit or two."""
        both = [Programme("甲", everybody("100%")), Programme("乙", everybody("100%"))]
        for merged, visits in ((True, 6.0), (False, 12.0)):
            scenario = Scenario(both, merged=merged)
            run = simulate_policy(firms(6), scenario, on=DAY, years=1, replicates=1)

            assert run.visits().mean.tolist() == [visits]
            assert run.drawn.sum() == 12

    def test_one_key_draws_the_same_subjects(self):
        """Coordinated draws of one list are nested, independent ones are not."""
        both = [Programme("甲", everybody("10%")), Programme("乙", everybody("20%"))]
        runs = what_if(
            firms(1000),
            {str(c): Scenario(both, coordinated=c) for c in (True, False)},
            on=DAY,
            years=1,
            replicates=20,
            rng=1,
        )

        assert set(runs["True"].visits().values.ravel().tolist()) == {200.0}
        assert 270 < runs["False"].visits().mean[0] < 290

    def test_programmes_draw_from_their_own_lists(self):
        """Subjects outside `within` are nobody's."""
        register = firms(30, kind=["药店", "饭店", "学校"] * 10)
        scenario = Scenario(
            Programme("药监", everybody("100%"), within={"kind": {"药店"}})
        )
        run = simulate_policy(register, scenario, on=DAY, years=1, replicates=1)

        assert run.registered.tolist() == [[[10]]]
        assert run.visited[0, 0].tolist() == [20, 10]

    def test_subjects_move_as_the_movement_says(self):
        """A move that is certain, one that leads on, and one that nobody makes."""
        policy = by_credit({"A": "10%", "B": "100%", "C": "50%"})
        movement = Movement("credit", {"A": {"B": 1}, "B": {"C": 1}})
        register = firms(20, credit=["A"] * 10 + ["C"] * 10)
        run = simulate_policy(
            register,
            Scenario(Programme("消防", policy), movement=movement),
            on=DAY,
            years=3,
            replicates=2,
            rng=1,
        )

        assert run.registered[0].tolist() == [[10, 0, 10], [0, 10, 10], [0, 0, 20]]
        assert run.drawn[0].tolist() == [[1, 0, 5], [0, 10, 5], [0, 0, 10]]
        # Who began in A was inspected by year 2, wherever it was by then.
        coverage = run.coverage().where(tier="A")
        assert coverage.mean.tolist() == [0.9, 0.0, 0.0]
        assert np.isnan(run.coverage().where(tier="B").mean).all()

    def test_firms_close_and_others_join(self):
        """Who closed is not drawn; who joined was never inspected."""
        scenario = Scenario(
            Programme("消防", everybody("100%", rest=Period(10, Unit.YEAR))),
            turnover=Turnover(closing=1, opening=3),
        )
        run = simulate_policy(firms(8), scenario, on=DAY, years=3, replicates=2, rng=1)

        assert run.registered[0, :, 0].tolist() == [8, 3, 3]
        assert run.drawn[0, :, 0].tolist() == [8, 3, 3]
        assert run.inspected[0, :, 0].sum(axis=1).tolist() == [8, 0, 0]
        assert run.visited[0].tolist() == [[0, 8], [0, 3], [0, 3]]

    def test_officers_count_where_a_ratio_is_by_them(self):
        """Five firms for each of four officers."""
        policy = TierPolicy([TierRule("全部", ratio=Ratio.per_officer(5))])
        scenario = Scenario(Programme("消防", policy, officers=4))
        run = simulate_policy(firms(100), scenario, on=DAY, years=1, replicates=1)

        assert run.drawn.tolist() == [[[20]]]

    def test_bounds_without_a_whole_number_between_are_met_from_below(self):
        """A tier of ten has 3 or 4 of 30 % to 45 %; of 4 left, 1.2 to 1.8."""
        policy = TierPolicy([TierRule("全部", ratio=Ratio.between("30%", "45%"))])
        scenario = Scenario(
            Programme("消防", policy), turnover=Turnover(closing=0.6, opening=0)
        )
        run = simulate_policy(
            firms(10), scenario, on=DAY, years=2, replicates=40, rng=1
        )
        four = run.registered[:, 1, 0] == 4

        assert four.any()
        assert set(run.drawn[four, 1, 0].tolist()) == {2}
        assert set(run.drawn[:, 0, 0].tolist()) == {3}

    def test_years_go_on_where_replicates_have_nobody_left(self):
        """
        A tier of three, a fifth of which closes every year.

        Replicates count by who is left: shares are those of all of them.
        """
        scenario = Scenario(
            Programme("消防", everybody("40%")), turnover=Turnover(closing=0.4)
        )
        run = simulate_policy(firms(3), scenario, on=DAY, years=3, replicates=50, rng=1)
        left = run.inspected[:, :, 0].sum(axis=2)
        never = run.inspected[:, :, 0, 0].sum(axis=0) / left.sum(axis=0)

        assert (left == 0).any()
        assert run.coverage().mean == pytest.approx(never)
        assert run.detection().mean == pytest.approx(1 - never)
        assert np.isnan(run.coverage().values[left == 0]).all()
        inspections = run.drawn[:, :, 0].sum()
        assert run.gaps().mean == pytest.approx(run.registered.sum() / inspections)
        everybody_ = run.visited.sum(axis=(0, 2))
        shares = run.visited.sum(axis=0) / everybody_[:, None]
        assert run.burden().mean == pytest.approx(
            shares[:, :3].ravel()[: len(run.burden())]
        )

    def test_an_empty_register_has_empty_years(self):
        """Nobody is drawn, and nobody can be like nobody."""
        none = SubjectRegister.from_columns(id=[])
        scenario = Scenario(Programme("消防", everybody()))
        run = simulate_policy(none, scenario, on=DAY, years=2, replicates=2)

        assert run.drawn.sum() == 0
        assert np.isnan(run.coverage().mean).all()
        with pytest.raises(InvalidValueError, match="model"):
            simulate_policy(
                none,
                Scenario(Programme("消防", everybody()), turnover=Turnover(opening=1)),
                on=DAY,
                years=1,
            )

    def test_a_class_without_a_tier_is_told_before_it_is_reached(self):
        """Only combinations that can come to be need a rule."""
        policy = by_credit({"A": "10%", "B": "10%"})
        register = firms(2, credit=["A", "B"])
        into = Movement("credit", {"B": {"E": 0.01}})
        apart = Movement("credit", {"E": {"F": 0.01}, "F": {"E": 0.01}})

        with pytest.raises(InvalidInput, match="'credit': 'E'") as caught:
            simulate_policy(
                register,
                Scenario(Programme("消防", policy), movement=into),
                on=DAY,
                years=1,
            )
        assert caught.value.faults[0].code == "tier-unreached"
        simulate_policy(
            register,
            Scenario(Programme("消防", policy), movement=apart),
            on=DAY,
            years=1,
            replicates=1,
        )

    def test_a_class_that_nobody_can_have_is_a_slip_of_the_pen(self):
        """A movement out of 'd' moves nobody where the classes are A and D."""
        policy = by_credit({"A": "10%", "D": "50%"})
        register = firms(3, credit=["A", "A", None])

        def run(moves):
            scenario = Scenario(
                Programme("消防", policy, within={"credit": {"A", "E"}}),
                movement=Movement("credit", moves),
            )
            return simulate_policy(register, scenario, on=DAY, years=2, replicates=1)

        with pytest.raises(InvalidInput, match=r"got 'd'.*'A', None, 'E', 'D'") as c:
            run({"d": {"A": 0.5}, "A": {}})
        assert c.value.faults[0].code == "movement-class"
        assert c.value.faults[0].got == "d"
        # E is of the list, D has a tier, F leads to G and back: all may come.
        run({"E": {"A": 1}, "D": {"A": 1}, "F": {"G": 1}, "G": {"F": 1}, None: {}})

    def test_a_class_is_reached_by_several_moves(self):
        """C to B, then B to A: found in whatever order the classes stand."""
        policy = TierPolicy(
            [
                TierRule("药店", ratio=Ratio.exactly("1%"), when={"kind": {"药店"}}),
                TierRule(
                    "其他", ratio=Ratio.exactly("1%"), when={"credit": {"B", "C"}}
                ),
            ]
        )
        register = firms(
            4, kind=["药店", "药店", "药店", "饭店"], credit=["A", "B", "C", "C"]
        )
        movement = Movement("credit", {"B": {"A": 0.1}, "C": {"B": 0.1}})

        with pytest.raises(InvalidInput, match="'饭店', 'credit': 'A'"):
            simulate_policy(
                register,
                Scenario(Programme("消防", policy), movement=movement),
                on=DAY,
                years=1,
            )

    def test_subjects_of_unknown_class_can_move(self):
        """An empty cell is a class like others, if the movement names it."""
        policy = TierPolicy(
            [
                TierRule("A", ratio=Ratio.exactly("50%"), when={"credit": {"A"}}),
                TierRule("未知", ratio=Ratio.exactly("0%")),
            ]
        )
        scenario = Scenario(
            Programme("消防", policy), movement=Movement("credit", {None: {"A": 1}})
        )
        register = firms(4, credit=["A", None, None, "A"])
        run = simulate_policy(register, scenario, on=DAY, years=2, replicates=1)

        assert run.registered[0].tolist() == [[2, 2], [4, 0]]

    @pytest.mark.parametrize(
        ("change", "error"),
        [
            ({"register": [1]}, InvalidTypeError),
            ({"scenario": everybody()}, InvalidTypeError),
            ({"on": "2026-01-01"}, InvalidTypeError),
            ({"years": 0}, InvalidValueError),
            ({"years": 1001}, InvalidValueError),
            ({"replicates": 0}, InvalidValueError),
            ({"replicates": 2**30}, InvalidValueError),
            ({"progress": 5}, InvalidTypeError),
            ({"rng": "今天"}, InvalidTypeError),
            ({"on": dt.date(2020, 1, 1)}, InvalidInput),
            ({"scenario": Scenario(Programme("消防", by_credit({"A": "1%"})))}, None),
            (
                {
                    "scenario": Scenario(
                        Programme("消防", everybody()), movement=Movement("risk", {})
                    )
                },
                InvalidInput,
            ),
            (
                {
                    "scenario": Scenario(
                        Programme(
                            "消防",
                            TierPolicy(
                                TierRule(
                                    f"T{k}",
                                    ratio=Ratio.exactly("1%"),
                                    when={"kind": {f"K{k}"}},
                                )
                                for k in range(128)
                            ),
                        )
                    )
                },
                InvalidInput,
            ),
        ],
        ids=[
            "list", "policy", "text", "years", "many years", "replicates",
            "many replicates", "progress", "seed", "later", "field", "moved field",
            "tiers",
        ],
    )  # fmt: skip
    def test_bad_input_is_told(self, change, error):
        """Before the first year."""
        given = {
            "register": firms(
                2, last_inspected_on=[dt.date(2025, 1, 1), None], kind=["K1"] * 2
            ),
            "scenario": Scenario(Programme("消防", everybody())),
            "on": DAY,
            "years": 1,
            "replicates": 1,
        } | change
        register, scenario = given.pop("register"), given.pop("scenario")

        with pytest.raises(error or InvalidInput):
            simulate_policy(register, scenario, **given)

    def test_scenarios_have_names(self):
        """A list of them would leave the runs without."""
        scenario = Scenario(Programme("消防", everybody()))

        with pytest.raises(InvalidTypeError) as caught:
            what_if(firms(2), [scenario], on=DAY, years=1)

        assert caught.value.code == "argument-mapping"

    def test_what_a_message_says_to_write_can_be_written(self):
        """Of a year there is no hundredth part to draw in."""
        with pytest.raises(InvalidValueError) as caught:
            Programme("消防", everybody(), times=0)

        assert str(caught.value).endswith("Write one of 1, 2, 3, 4, 6, 12.")
        assert Programme("消防", everybody(), times=2).times == 2

    def test_progress_hears_of_every_replicate(self):
        """It fits the update of a progress bar."""
        heard = []
        scenario = Scenario(Programme("消防", everybody()))
        simulate_policy(
            firms(3), scenario, on=DAY, years=1, replicates=4, progress=heard.append
        )

        assert heard == [1, 1, 1, 1]

    def test_checks_of_a_thousand_years_can_be_counted(self):
        """Monthly draws of everybody, as far as years go."""
        scenario = Scenario(Programme("消防", everybody("100%", rest=None), times=12))
        run = simulate_policy(firms(1), scenario, on=DAY, years=1000, replicates=1)

        assert run.inspected[0, -1, 0, 1000] == 1

    def test_a_tier_whose_lowest_numbers_are_not_low_is_searched_whole(self):
        """The shortcut never costs a subject."""
        luck = np.linspace(0.9, 0.99, 50)
        rows = _lowest(luck, np.zeros(50, dtype=np.int8), [50], [3])

        assert sorted(rows.tolist()) == [0, 1, 2]


class TestMeasures:
    @pytest.fixture(scope="class")
    @classmethod
    def run(cls):
        """Half of everyone in each of three years."""
        scenario = Scenario(Programme("消防", everybody("50%")))
        return simulate_policy(
            firms(100), scenario, on=DAY, years=3, replicates=8, rng=4
        )

    def test_sizes_are_told(self, run):
        """A million figures are not printed."""
        assert repr(run) == "<PolicyRun of 1 tiers, 3 years, 8 replicates>"
        assert repr(run.visits()) == "<Indicator of visits, 3 figures, 8 replicates>"
        assert run.years == 3

    def test_columns_cannot_be_changed(self, run):
        """A result is a value."""
        with pytest.raises(ValueError, match="read-only"):
            run.drawn[0, 0, 0] = 1

    def test_detection_is_coverage_seen_from_the_other_side(self, run):
        """With a perfect inspection whoever is inspected is seen."""
        assert np.allclose(run.detection().mean, 1 - run.coverage().mean)
        assert np.all(run.detection(sensitivity=0).mean == 0)
        half = run.detection(sensitivity=Fraction(1, 2))
        assert np.all(half.mean < run.detection().mean)
        assert half.mean[0] == 0.25
        with pytest.raises(InvalidValueError):
            run.detection(sensitivity=2)

    def test_gaps_are_years_registered_by_inspection(self, run):
        """Half of all each year: two years."""
        assert run.gaps().mean.tolist() == [2.0]
        assert run.gaps().labels == {"programme": ("消防",), "tier": ("全部",)}

    def test_burden_counts_the_visits_of_a_year(self, run):
        """Shares add up to one in every year."""
        burden = run.burden()

        assert burden.labels["visits"] == (0, 1) * 3
        assert burden.mean.tolist() == [0.5] * 6

    def test_workload_is_officers_by_days(self, run):
        """Two officers, as the law asks for, unless told otherwise."""
        assert run.workload().mean.tolist() == [100.0] * 3
        load = run.workload(officers=3, days=Fraction(1, 2))
        assert load.mean.tolist() == [75.0] * 3
        assert load.labels == {"programme": ("消防",) * 3, "year": (1, 2, 3)}

    @pytest.mark.parametrize(
        "arguments",
        [
            {"officers": 0},
            {"officers": "2"},
            {"days": 0},
            {"days": "1"},
            {"days": True},
            {"days": float("inf")},
            {"days": -1},
        ],
    )
    def test_a_workload_of_nothing_is_refused(self, run, arguments):
        """Before it is multiplied."""
        with pytest.raises((InvalidValueError, InvalidTypeError)):
            run.workload(**arguments)

    def test_workload_stands_against_what_the_staff_can_carry(self, run):
        """A hundred officer-days of eighty are too many."""
        share = run.workload_share(80)

        assert share.mean.tolist() == [1.25] * 3
        assert share.labels == run.workload().labels
        assert run.workload_share({"消防": 80}, officers=1).mean.tolist() == [0.625] * 3
        for capacity, code in (
            ({"市场监管": 80}, "capacity-programmes"),
            ({}, "capacity-programmes"),
            (0, "workload-number"),
            (float("nan"), "workload-number"),
            (None, "chance-type"),
        ):
            with pytest.raises((InvalidValueError, InvalidTypeError)) as caught:
                run.workload_share(capacity)
            assert caught.value.code == code

    def test_each_programme_has_staff_of_its_own(self):
        """Its officers do not help another."""
        both = [Programme("甲", everybody("10%")), Programme("乙", everybody("20%"))]
        run = simulate_policy(firms(20), Scenario(both), on=DAY, years=1, replicates=1)
        share = run.workload_share({"乙": 16, "甲": 2}, officers=1)

        assert share.mean.tolist() == [1.0, 0.25]

    def test_visits_of_all_programmes_have_a_gap_of_their_own(self):
        """Two departments that come together come as one visit."""
        both = [Programme("甲", everybody("50%")), Programme("乙", everybody("50%"))]
        for merged, gap in ((True, 2.0), (False, 1.0)):
            scenario = Scenario(both, merged=merged)
            run = simulate_policy(firms(8), scenario, on=DAY, years=3, replicates=2)
            gaps = run.visit_gaps()

            assert gaps.to_columns() == {"mean": [gap], "error": [0.0]}
            assert run.gaps().mean.tolist() == [2.0, 2.0]

    def test_workloads_stand_by_programme(self):
        """Tiers of one programme add up, those of others do not."""
        both = [
            Programme("甲", by_credit({"A": "10%", "B": "50%"})),
            Programme("乙", everybody("20%")),
        ]
        register = firms(20, credit=["A", "B"] * 10)
        run = simulate_policy(register, Scenario(both), on=DAY, years=2, replicates=1)
        load = run.workload(officers=1)

        assert load.labels["programme"] == ("甲", "甲", "乙", "乙")
        assert load.mean.tolist() == [6.0, 6.0, 4.0, 4.0]

    def test_errors_shrink_with_the_replicates(self):
        """Standard error of the mean; none for a single value."""
        values = np.array([[1.0, 5.0], [3.0, 5.0]])
        indicator = Indicator("visits", {"year": (1, 2)}, values)

        assert indicator.mean.tolist() == [2.0, 5.0]
        assert indicator.error.tolist() == [1.0, 0.0]
        assert np.isnan(Indicator("visits", {"year": (1, 2)}, values[:1]).error).all()

    def test_replicates_count_by_how_many_they_measured(self):
        """Three of four and none of one, and a third in which nobody was left."""
        values = np.array([[0.75, 1.0], [0.0, np.nan], [np.nan, np.nan]])
        counts = np.array([[4, 2], [1, 0], [0, 0]])
        indicator = Indicator("share", {"year": (1, 2)}, values, counts=counts)

        assert indicator.mean == pytest.approx([0.6, 1.0])
        # The variance of a ratio of sums: 3 / 5, off by 4 * 0.15 and 1 * 0.6.
        off = np.sqrt(3 / 2 * (0.6**2 + 0.6**2)) / 5
        assert indicator.error == pytest.approx([off, 0.0])
        assert indicator.where(year=1).mean == pytest.approx([0.6])
        other = Indicator("share", {"year": (1, 2)}, np.full((3, 2), 0.5))
        assert indicator.minus(other).mean == pytest.approx([0.1, 0.5])
        assert indicator.minus(other).error == pytest.approx([off, 0.0])

    def test_figures_are_found_by_their_labels(self):
        """And a label that is not there is told beside those that are."""
        indicator = Indicator("x", {"tier": ("A", "B")}, np.array([[1.0, 2.0]]))

        assert indicator.where(tier="B").to_columns()["mean"] == [2.0]
        with pytest.raises(InvalidValueError, match="Choose one of 'A', 'B'"):
            indicator.where(tier="C")
        with pytest.raises(InvalidValueError, match="Choose one of 'tier'"):
            indicator.where(year=1)

    def test_differences_pair_the_replicates(self):
        """Where luck is common it falls out of the difference."""
        one = Indicator("x", {"y": (1,)}, np.array([[10.0], [20.0]]))
        other = Indicator("x", {"y": (1,)}, np.array([[9.0], [19.0]]))

        assert one.minus(other).mean.tolist() == [1.0]
        assert one.minus(other).error.tolist() == [0.0]
        with pytest.raises(InvalidValueError, match="same labels"):
            one.minus(Indicator("x", {"y": (2,)}, np.array([[1.0], [2.0]])))
        with pytest.raises(InvalidValueError, match="replicates"):
            one.minus(Indicator("x", {"y": (1,)}, np.array([[1.0]])))
        with pytest.raises(InvalidValueError, match=r"measure 'x' too .got 'z'"):
            one.minus(Indicator("z", one.labels, one.values))
        with pytest.raises(InvalidTypeError, match="must be of type Indicator"):
            one.minus(None)


class TestClosedForms:
    def test_exact_in_exact_out(self):
        """Fractions stay fractions, floats stay floats."""
        assert chance_never_inspected(Fraction(1, 3), 3) == Fraction(8, 27)
        assert isinstance(chance_never_inspected(0.5, 3), float)
        assert chance_seen(Fraction(1, 3), 0) == 0
        assert expected_gap(Fraction(1, 7)) == 7
        assert expected_gap(0.5, rest=3) == 4.0

    def test_a_rest_lowers_the_chance_to_be_seen_again(self):
        """Only if an inspection can miss."""
        p, s = Fraction(1, 2), Fraction(1, 3)

        assert chance_seen(p, 5, rest=3) == chance_seen(p, 5)
        assert chance_seen(p, 5, sensitivity=s) == 1 - (1 - p * s) ** 5
        assert chance_seen(p, 5, sensitivity=s, rest=3) < chance_seen(
            p, 5, sensitivity=s
        )

    @pytest.mark.parametrize("p", [Fraction(1, 50), Fraction(3, 10), 0.07])
    @pytest.mark.parametrize("c", [Fraction(1, 2), Fraction(19, 20), 0.99])
    def test_rounds_to_see_are_the_least(self, p, c):
        """One fewer is not enough."""
        n = rounds_to_see(p, confidence=c)

        assert chance_seen(p, n) >= c > chance_seen(p, n - 1)

    def test_rounds_to_see_at_the_ends(self):
        """Nothing to be sure of needs nothing; certainty may be out of reach."""
        assert rounds_to_see(0, confidence=0) == 0
        assert rounds_to_see(1, confidence=1) == 1
        for chance, confidence in ((0, 0.5), (0.5, 1)):
            with pytest.raises(InvalidValueError, match="must be reachable"):
                rounds_to_see(chance, confidence=confidence)

    @pytest.mark.parametrize(
        ("chance", "confidence", "rounds"),
        [
            (0.2, 0.36, 2),  # 1 - 0.8**2, and a little more in binary fractions
            (0.1, 0.271, 3),
            (Fraction(10**20 - 1, 10**20), 1 - Fraction(1, 10**400), 20),
            (
                Fraction(10**20 - 1, 10**20),
                1 - Fraction(1, 10**400) + Fraction(1, 10**900),
                21,
            ),
            (Fraction(1, 10**20), Fraction(19, 20), 299573227355399099343),
            (Fraction(1, 10), Fraction(1, 10**30), 1),
            (Fraction(1, 10**500), Fraction(1, 10**500), 1),
            (Fraction(1, 2), 1 - Fraction(1, 2**20000), 20000),
        ],
    )
    def test_rounds_to_see_are_exact_at_any_size(self, chance, confidence, rounds):
        """A float is read as it is written, and no logarithm decides a tie."""
        assert rounds == rounds_to_see(chance, confidence=confidence)

    @pytest.mark.parametrize(
        "call",
        [
            lambda: expected_visits(None, coordinated=True),
            lambda: expected_visits([0.1], coordinated="no"),
            lambda: expected_visits([0.1], coordinated=True, merged=None),
            lambda: expected_checks(None, Movement("credit", {}), 3),
            lambda: expected_checks({"A": 0.1}, {"A": {"B": 1}}, 3),
            lambda: expected_checks({"A": None}, Movement("credit", {}), 3),
        ],
        ids=["chances", "coordinated", "merged", "list", "moves", "chance"],
    )
    def test_what_is_of_another_kind_is_told(self, call):
        """With a code, not from somewhere inside."""
        with pytest.raises((InvalidTypeError, InvalidValueError)) as caught:
            call()

        assert caught.value.code in {
            "argument-mapping",
            "argument-type",
            "flag-form",
            "chance-type",
        }

    def test_visits_of_several_departments(self):
        """Unmerged they add up, under one key the largest covers all."""
        chances = [Fraction(1, 2), Fraction(1, 4), Fraction(1, 4)]

        assert expected_visits(chances, coordinated=True) == Fraction(1, 2)
        assert expected_visits(chances, coordinated=False) == 1 - Fraction(9, 32)
        assert expected_visits(chances, coordinated=True, merged=False) == 1
        assert expected_visits([], coordinated=True) == 0
        assert expected_visits([], coordinated=False) == 0

    def test_a_gap_without_inspections_is_refused(self):
        """It would be endless."""
        with pytest.raises(InvalidValueError, match="above 0"):
            expected_gap(0)

    def test_checks_follow_the_movement(self):
        """A way through three classes, by hand."""
        movement = Movement("credit", {"C": {"D": 0.5}, "D": {"C": 0.25}})
        found = expected_checks({"A": 0, "C": 0.1, "D": 0.5}, movement, 3)

        assert found["A"] == (0, 0, 0)
        assert found["C"] == pytest.approx((0.1, 0.3, 0.35))
        assert found["D"] == pytest.approx((0.5, 0.4, 0.375))
        with pytest.raises(InvalidValueError, match="'D'"):
            expected_checks({"C": 0.1}, movement, 3)
