"""Tier policies: who can be drawn at which ratio, and who is left out and why."""

import datetime as dt
import enum
import json
import pickle
import re

import numpy as np
import pytest

from dsgk.calendars import Period, Unit
from dsgk.errors import DsgkError, InvalidInput, InvalidTypeError, InvalidValueError
from dsgk.fields import faults_of as told
from dsgk.frames import Frame
from dsgk.sources import CAPS_2024_54, article, provisions_of
from dsgk.subjects import Status, SubjectRegister
from dsgk.tiers import (
    LEFT,
    Base,
    Exclusion,
    ExclusionReason,
    Exclusions,
    Ratio,
    TierPolicy,
    TierRule,
    covering,
)


DAY = dt.date(2025, 3, 10)
ALL = Ratio.exactly("100%")
D = TierRule("D", ratio=ALL, when={"credit": {"D"}}, yearly_cap=4)
A = TierRule(
    "A",
    ratio=Ratio.at_most("50%"),
    when={"credit": {"A"}},
    rest=Period(24, Unit.MONTH),
    yearly_cap=1,
)
REST = TierRule("其他", ratio=Ratio.at_least("3%"))


def rule(name="X", **kwargs):
    return TierRule(name, **{"ratio": ALL, **kwargs})


def register(**columns):
    n = max(len(column) for column in columns.values())
    return SubjectRegister.from_columns(id=[f"S{k}" for k in range(n)], **columns)


def faults_of(info):
    return [(fault.row, fault.code) for fault in info.value.faults]


class TestTierRule:
    """One tier."""

    def test_it_is_written_as_in_a_policy(self):
        """Name first, the rest by keyword."""
        assert A.name == "A"
        assert A.when == {"credit": frozenset({"A"})}
        assert (A.rest, A.yearly_cap) == (Period(24, Unit.MONTH), 1)
        assert rule().when == {}

    def test_it_is_a_value(self):
        """Equal, hashable, unchangeable, stored by pickle."""
        assert pickle.loads(pickle.dumps(A)) == A  # noqa: S301
        assert hash(A) == hash(pickle.loads(pickle.dumps(A)))  # noqa: S301
        with pytest.raises(AttributeError):
            A.yearly_cap = 2

    def test_it_cites_the_article_on_tiers_and_the_caps(self):
        """Art. 13, and the national rule on yearly caps."""
        assert provisions_of(TierRule) == (article(13), CAPS_2024_54)

    @pytest.mark.parametrize("name", ["", " A", "Ａ", "A\n", None, 3])
    def test_a_name_is_an_id(self, name):
        """It is the name of a stratum, and hashed as such."""
        with pytest.raises((InvalidValueError, InvalidTypeError), match="'name' must"):
            rule(name)

    @pytest.mark.parametrize("ratio", [0.03, None, 1])
    def test_a_ratio_is_a_ratio(self, ratio):
        """A number such as 0.03 says neither at least nor at most."""
        with pytest.raises(InvalidTypeError, match=r"Ratio\.at_least") as info:
            rule(ratio=ratio)

        assert info.value.code == "argument-type"

    def test_the_text_of_a_ratio_is_read_as_in_a_plan(self):
        """As `Ratio.parse` reads it, with its faults."""
        assert rule(ratio="不低于3%").ratio == Ratio.at_least("3%")
        with pytest.raises(InvalidValueError) as info:
            rule(ratio="约3%")

        assert (info.value.fault.column, info.value.code) == (
            "ratio",
            "ratio-unreadable",
        )

    @pytest.mark.parametrize("rest", [24, "24 months", dt.timedelta(days=9)], ids=str)
    def test_a_rest_is_a_period(self, rest):
        """A bare number has no unit."""
        with pytest.raises(InvalidTypeError, match=r"Write Period\(24, Unit.MONTH\)"):
            rule(rest=rest)

    @pytest.mark.parametrize(
        "rest",
        [
            Period(20, Unit.WORKING_DAY),
            Period(1, Unit.WORKING_DAY),
            Period(101, Unit.YEAR),
            Period(1_201, Unit.MONTH),
            Period(36_526, Unit.DAY),
        ],
        ids=str,
    )
    def test_a_rest_is_not_counted_in_working_days_nor_beyond_a_century(self, rest):
        """A rest of working days would need a calendar, and no rule has one."""
        with pytest.raises(InvalidValueError, match=str(rest)) as info:
            rule(rest=rest)

        assert info.value.code == "tier-rest"
        assert info.value.params["rest"] == str(rest)

    @pytest.mark.parametrize(
        "rest",
        [Period(100, Unit.YEAR), Period(1_200, Unit.MONTH), Period(36_525, Unit.DAY)],
    )
    def test_a_century_is_a_rest(self, rest):
        """The bound itself is allowed."""
        assert rule(rest=rest).rest == rest

    @pytest.mark.parametrize(
        ("cap", "code"),
        [
            (0, "count-range"),
            (-1, "count-range"),
            (True, "count-type"),
            (1.5, "count-form"),
            ("1", "count-type"),
        ],
    )
    def test_a_cap_is_a_number_from_one(self, cap, code):
        """Who is not visited at all stands on the whitelist."""
        with pytest.raises(DsgkError, match="'yearly_cap' must be") as info:
            rule(yearly_cap=cap)

        assert info.value.code == code

    def test_all_faults_are_told_at_once(self):
        """In both languages, each with its field."""
        with pytest.raises(InvalidInput, match="TierRule has 5 faults") as info:
            TierRule("A ", ratio=0.03, when={"credit": "D"}, rest=24, yearly_cap=0)

        assert [f.column for f in info.value.faults] == [
            "name", "ratio", "when.credit", "rest", "yearly_cap",
        ]  # fmt: skip
        assert "TierRule有5处问题" in info.value.chinese

    def test_numbers_and_names_are_kept_as_plain_ones(self):
        """Hosts take them out of arrays and enums of texts; both are stored."""
        name = enum.Enum("Name", {"RISKY": "D"}, type=str)
        kept = rule(name.RISKY, yearly_cap=np.int64(2))

        assert kept == rule("D", yearly_cap=2)
        assert hash(kept) == hash(rule("D", yearly_cap=2))
        assert (type(kept.name), type(kept.yearly_cap)) == (str, int)

    @pytest.mark.parametrize(
        "when", [{"credit": "D"}, {"credit": set()}, {"id": {"S1"}}]
    )
    def test_what_it_matches_is_checked(self, when):
        """As everywhere where classes are selected."""
        with pytest.raises(DsgkError, match="'when") as info:
            rule(when=when)

        assert info.value.code.startswith("selection-")


class TestTierPolicy:
    """Rules together."""

    def test_it_takes_any_iterable_of_rules(self):
        """And keeps a tuple."""
        policy = TierPolicy(iter([D, REST]))

        assert policy.rules == (D, REST)
        assert policy == TierPolicy((D, REST))
        assert hash(policy) == hash(TierPolicy((D, REST)))
        assert provisions_of(TierPolicy) == (article(13),)

    def test_no_rule_is_refused(self):
        """Nobody would have a tier."""
        with pytest.raises(InvalidValueError, match="at least one value") as info:
            TierPolicy([])

        assert info.value.code == "list-empty"

    def test_what_is_no_rule_is_refused(self):
        """With its position."""
        with pytest.raises(
            InvalidTypeError, match=r"of type TierRule \(got 'D"
        ) as info:
            TierPolicy([D, "D"])

        assert (info.value.fault.row, info.value.code) == (1, "argument-type")

    def test_names_and_dead_rules_are_told_together(self):
        """All faults at once, in the order of the rules."""
        with pytest.raises(InvalidInput, match="tier policy has 3 faults") as info:
            TierPolicy([
                REST,
                rule("D", when={"credit": {"D"}}),
                rule("其他", when={"credit": {"D"}}),
            ])  # fmt: skip

        assert faults_of(info) == [
            (1, "tier-dead"),
            (2, "tier-twice"),
            (2, "tier-dead"),
        ]
        assert info.value.faults[0].params == {"tier": "D", "covered_by": ["其他"]}
        assert info.value.faults[0].provision == str(article(13))
        assert info.value.faults[1].params == {"tier": "其他", "first": 0}
        assert "'D' can never match: '其他' before it" in str(info.value)


def selection(**when):
    return {field: frozenset(values) for field, values in when.items()}


class TestCovering:
    """Whether a rule can be reached."""

    @pytest.mark.parametrize(
        ("earlier", "later", "expected"),
        [
            ([], {}, None),
            ([{}], {}, (0,)),
            ([{}], {"credit": "A"}, (0,)),
            ([{"credit": "A"}], {"credit": "A"}, (0,)),
            ([{"credit": "AB"}], {"credit": "A"}, (0,)),
            ([{"credit": "A"}], {"credit": "AB"}, None),
            ([{"credit": "A"}], {}, None),
            ([{"credit": "A"}, {"credit": "B"}], {"credit": "AB"}, (0, 1)),
            ([{"credit": "A"}, {"credit": "AB"}], {"credit": "AB"}, (1,)),
            ([{"credit": "A"}, {"credit": "C"}, {"credit": "B"}],
             {"credit": "AB"}, (0, 2)),
            ([{"credit": "A", "risk": "H"}, {"credit": "A"}], {"credit": "A"}, (1,)),
            # A text can always be another one, or not be known.
            ([{"credit": "A", "risk": "H"}, {"credit": "A", "risk": "L"}],
             {"credit": "A"}, None),
            ([{"credit": "A", "risk": "H"}, {"risk": "L"}],
             {"credit": "A", "risk": "HL"}, (0, 1)),
            # Yes, no and not known are all that a promise can be.
            ([{"on_promise": [True]}, {"on_promise": [False]}], {}, None),
            ([{"on_promise": [True]}, {"on_promise": [False]}],
             {"on_promise": [True, False]}, (0, 1)),
            ([{"on_promise": [True]}, {"on_promise": [False, None]}], {}, (0, 1)),
            # A status is one of the closed list, and is always known.
            ([{"status": list(Status)}], {}, (0,)),
            ([{"status": list(Status)[:2]}, {"status": list(Status)[2:]}], {}, (0, 1)),
            ([{"status": list(Status)[1:]}], {}, None),
            # Across fields, no one rule covers it.
            ([{"credit": "A", "on_promise": [True]},
              {"credit": "B", "on_promise": [True]},
              {"on_promise": [False, None], "credit": "AB"}],
             {"credit": "AB"}, (0, 1, 2)),
            ([{"credit": "A", "on_promise": [True]},
              {"credit": "B", "on_promise": [True]},
              {"on_promise": [False], "credit": "AB"}],
             {"credit": "AB"}, None),
            # A further attribute is open even where it is a bool; 1 is not True.
            ([{"food": [True]}, {"food": [False]}], {}, None),
            ([{"food": [1]}], {"food": [True]}, None),
            ([{"credit": [None]}], {"credit": [None]}, (0,)),
            ([{"credit": [None]}], {}, None),
        ],
        ids=str,
    )  # fmt: skip
    def test_a_rule_is_dead_if_the_earlier_ones_leave_nothing(
        self, earlier, later, expected
    ):
        """Exactly: neither too soon nor too late."""
        found = covering([selection(**when) for when in earlier], selection(**later))

        assert found == expected


class TestClassify:
    """The first match wins."""

    def test_every_subject_has_the_first_rule_that_matches(self):
        """-1 where none does."""
        policy = TierPolicy([
            rule("a", when={"credit": {"D"}, "risk": {"高"}}),
            rule("b", when={"credit": {"C", "D"}}),
            rule("c", when={"on_promise": {True}}),
            rule("d", when={"food": {1}}),
            rule("e", when={"status": {"歇业"}}),
        ])  # fmt: skip
        subjects = register(
            credit=["D", "D", "C", None, None, None],
            risk=["高", "低", "高", "高", None, None],
            on_promise=[True, True, None, True, None, False],
            food=[1, 1, None, None, 1, None],
            status=["歇业"] * 2 + ["正常"] * 4,
        )

        codes = policy.classify(subjects)

        assert codes.tolist() == [0, 1, 1, 2, 3, -1]
        assert codes.dtype == np.int32

    def test_fields_that_the_register_lacks_are_told_with_those_that_it_has(self):
        """For every rule at once."""
        policy = TierPolicy([D, rule("x", when={"risk": {"高"}, "fod": {1}}), REST])
        with pytest.raises(InvalidInput, match="there are 'status', 'food'") as info:
            policy.classify(register(food=[1]))

        assert [(f.row, f.column) for f in info.value.faults] == [
            (0, "credit"),
            (1, "risk"),
            (1, "fod"),
        ]
        assert {f.code for f in info.value.faults} == {"unknown-field"}


class TestFrame:
    """The register, parted."""

    def test_the_eligible_stand_in_the_frame_and_the_others_beside_it(self):
        """Tiers are strata, and quotas follow the ratios."""
        plan = TierPolicy([D, A, REST]).frame(
            register(
                credit=["D", "A", "B", "A", "A", "A", "D", "B", None],
                status=["正常"] * 7 + ["注销", "歇业"],
                last_inspected_on=[None] * 3 + [dt.date(2023, 3, 11)] + [None] * 5,
                visits_this_year=[3, 0, 9, 0, 1, 0, 4, 0, 0],
            ),
            on=DAY,
        )

        assert plan.frame == Frame(
            ["S0", "S1", "S2", "S5", "S8"], ["D", "A", "其他", "A", "其他"]
        )
        assert plan.quotas == {"D": 1, "A": 1, "其他": 1}
        assert list(plan.exclusions) == [
            Exclusion(id="S3", tier="A", reasons=(ExclusionReason.INSIDE_REST,)),
            Exclusion(id="S4", tier="A", reasons=(ExclusionReason.YEARLY_CAP,)),
            Exclusion(id="S6", tier="D", reasons=(ExclusionReason.YEARLY_CAP,)),
            Exclusion(id="S7", tier=None, reasons=(ExclusionReason.STRUCK_OFF,)),
        ]
        assert plan.registered == {"D": 2, "A": 4, "其他": 2}
        assert (plan.on, plan.base) == (DAY, Base.ELIGIBLE)
        assert (plan.empty_tiers, plan.shortfalls) == ((), {})
        assert (plan.whitelist_unknown, plan.fields_lacking) == ((), ())

    def test_the_frame_keeps_the_order_of_the_register(self):
        """Not that it means anything; it is what a reader expects."""
        plan = TierPolicy([REST]).frame(register(credit=["A"] * 3), on=DAY)

        assert plan.frame.ids == ("S0", "S1", "S2")

    def test_it_cites_its_articles(self):
        """Tiers, registers, caps."""
        assert provisions_of(TierPolicy.frame) == (
            article(13),
            article(24),
            CAPS_2024_54,
        )

    @pytest.mark.parametrize(
        ("rest", "last", "free_on"),
        [
            (Period(24, Unit.MONTH), dt.date(2023, 3, 10), dt.date(2025, 3, 10)),
            (Period(1, Unit.MONTH), dt.date(2025, 1, 31), dt.date(2025, 2, 28)),
            (Period(1, Unit.YEAR), dt.date(2024, 2, 29), dt.date(2025, 2, 28)),
            (Period(2, Unit.YEAR), dt.date(2023, 3, 1), dt.date(2025, 3, 1)),
            (Period(15, Unit.DAY), dt.date(2025, 2, 20), dt.date(2025, 3, 7)),
            (Period(1, Unit.DAY), dt.date(2025, 3, 9), dt.date(2025, 3, 10)),
        ],
        ids=str,
    )
    def test_a_rest_ends_with_the_day_that_lies_as_long_after_the_visit(
        self, rest, last, free_on
    ):
        """Two inspections 24 months apart have at least 24 months between them."""
        policy = TierPolicy([rule(rest=rest)])
        subjects = register(last_inspected_on=[last])
        before = policy.frame(subjects, on=free_on - dt.timedelta(days=1))

        assert [e.reason for e in before.exclusions] == [ExclusionReason.INSIDE_REST]
        assert len(policy.frame(subjects, on=free_on).frame) == 1

    def test_who_was_never_inspected_needs_no_rest(self):
        """An empty cell keeps nobody out."""
        plan = TierPolicy([rule(rest=Period(100, Unit.YEAR))]).frame(
            register(last_inspected_on=[None, DAY]), on=DAY
        )

        assert plan.frame.ids == ("S0",)

    def test_a_cap_is_reached_by_as_many_visits(self):
        """Caps count visits before the draw: the next would be one too many."""
        plan = TierPolicy([rule(yearly_cap=2)]).frame(
            register(visits_this_year=[1, 2, 3]), on=DAY
        )

        assert plan.frame.ids == ("S0",)
        assert plan.exclusions.counts == {ExclusionReason.YEARLY_CAP: 2}

    def test_rest_and_cap_are_those_of_the_own_tier(self):
        """A D firm is not protected by what A firms have earned."""
        plan = TierPolicy([A, REST]).frame(
            register(
                credit=["A", "D"], last_inspected_on=[DAY, DAY], visits_this_year=[9, 9]
            ),
            on=DAY,
        )

        assert plan.frame.ids == ("S1",)
        assert plan.exclusions[0].reasons == (
            ExclusionReason.INSIDE_REST,
            ExclusionReason.YEARLY_CAP,
        )

    @pytest.mark.parametrize("status", [s for s in Status if not s.is_registered])
    def test_who_left_the_register_is_not_drawn_and_needs_no_tier(self, status):
        """Every way to leave has a reason of its own."""
        plan = TierPolicy([D]).frame(
            register(credit=["D", None], status=["正常", status]), on=DAY
        )

        assert [(e.id, e.tier, e.reason) for e in plan.exclusions] == [
            ("S1", None, LEFT[status])
        ]
        assert plan.exclusions[0].provision == article(24)
        assert plan.registered == {"D": 1}

    def test_the_whitelist_is_left_in_peace(self):
        """And what it names in vain is told."""
        plan = TierPolicy([D]).frame(
            register(credit=["D"] * 3, status=["正常", "正常", "注销"]),
            on=DAY,
            whitelist=["S9", "S1", "S2", "S0009", "S1"],
        )

        assert plan.frame.ids == ("S0",)
        assert [e.reasons for e in plan.exclusions] == [
            (ExclusionReason.WHITELISTED,),
            (ExclusionReason.STRUCK_OFF, ExclusionReason.WHITELISTED),
        ]
        assert plan.exclusions[0].tier == "D"
        assert plan.whitelist_unknown == ("S0009", "S9")

    @pytest.mark.parametrize("whitelist", ["S1", b"S1", None, 3], ids=repr)
    def test_a_whitelist_is_a_collection(self, whitelist):
        """The letters of a text would be ids."""
        with pytest.raises(InvalidTypeError, match="several values") as info:
            TierPolicy([REST]).frame(
                register(credit=["D"]), on=DAY, whitelist=whitelist
            )

        assert info.value.code == "argument-list"

    def test_faulty_ids_of_the_whitelist_are_told(self):
        """They would protect nobody."""
        with pytest.raises(InvalidInput, match="whitelist has 2 faults") as info:
            TierPolicy([REST]).frame(
                register(credit=["D"]), on=DAY, whitelist=["S0", "S0 ", 3]
            )

        assert faults_of(info) == [(1, "id-padded"), (2, "id-type")]

    def test_subjects_that_no_rule_matches_are_told_by_their_values(self):
        """One fault for each combination, with every row, and the rule to add."""
        policy = TierPolicy(
            [D, rule("高", when={"risk": {"高"}, "on_promise": {True}})]
        )
        with pytest.raises(InvalidInput, match="register of subjects has 2") as info:
            policy.frame(
                register(
                    credit=["A", "D", None, "A", "A"],
                    risk=["高", None, None, "高", "高"],
                    on_promise=[None, None, False, None, True],
                    status=["正常"] * 5,
                ),
                on=DAY,
            )

        first, second = info.value.faults
        assert (first.row, second.row) == (0, 2)
        assert first.code == second.code == "tier-unmatched"
        assert first.params["values"] == (
            {"credit": "A", "risk": "高", "on_promise": None}
        )
        assert first.params["rows"] == [0, 3]
        assert first.params["ids"] == ["S0", "S3"]
        assert second.params["ids"] == ["S2"]
        assert (
            "when={'credit': {'A'}, 'risk': {'高'}, 'on_promise': {None}}"
            in first.message
        )
        assert first.provision == str(article(13))

    def test_the_status_is_told_by_its_word(self):
        """So that the rule to add can be copied."""
        with pytest.raises(InvalidInput, match=re.escape("when={'status': {'存续'}}")):
            TierPolicy([rule(when={"status": {"歇业"}})]).frame(
                register(credit=["A"]), on=DAY
            )

    def test_inspections_after_the_day_are_refused(self):
        """Either the table or the day is wrong; both would move rests."""
        later = DAY + dt.timedelta(days=1)
        with pytest.raises(InvalidInput, match="give a later 'on'") as info:
            TierPolicy([D]).frame(
                register(
                    credit=["D", "D", "A", "D"],
                    last_inspected_on=[DAY, later, later, None],
                    status=["正常", "注销", "正常", "正常"],
                ),
                on=DAY,
            )

        assert faults_of(info) == [
            (1, "inspected-later"),
            (2, "inspected-later"),
            (2, "tier-unmatched"),
        ]
        assert info.value.faults[0].params == {
            "name": "last_inspected_on",
            "id": "S1",
            "got": "2025-03-11",
            "on": DAY,
        }

    def test_empty_tiers_have_no_stratum_and_are_told(self):
        """A tier that nobody is in may be a misspelt class."""
        plan = TierPolicy([D, A, REST]).frame(
            register(credit=["B", "D"], status=["正常", "注销"]), on=DAY
        )

        assert plan.empty_tiers == ("D", "A")
        assert plan.frame.names == ("其他",)
        assert set(plan.quotas) == set(plan.registered) == {"其他"}

    def test_a_tier_of_whom_none_is_eligible_has_no_stratum(self):
        """It is not empty, and nobody can be drawn."""
        plan = TierPolicy([rule(yearly_cap=1)]).frame(
            register(visits_this_year=[1, 1]), on=DAY
        )

        assert (len(plan.frame), plan.quotas) == (0, {})
        assert (plan.registered, plan.empty_tiers) == ({"X": 2}, ())

    def test_a_register_without_subjects_has_an_empty_frame(self):
        """Zero rows: nobody is drawn, and nobody is left out."""
        empty = SubjectRegister.from_columns(id=[], credit=[])
        plan = TierPolicy([D, A, REST]).frame(empty, on=DAY)

        assert (len(plan.frame), len(plan.exclusions), plan.quotas) == (0, 0, {})
        assert plan.empty_tiers == ("D", "A", "其他")
        assert plan.exclusions.counts == {}

    @pytest.mark.parametrize(
        ("base", "quota"), [(Base.ELIGIBLE, 1), (Base.REGISTERED, 2)]
    )
    def test_a_ratio_is_a_share_of_the_base(self, base, quota):
        """Batches add up to a year's ratio only if it is one of all."""
        policy = TierPolicy([rule(ratio=Ratio.exactly("20%"), yearly_cap=1)])
        subjects = register(
            visits_this_year=[0] * 5 + [1] * 5 + [0], status=["正常"] * 10 + ["注销"]
        )

        plan = policy.frame(subjects, on=DAY, base=base)

        assert plan.quotas == {"X": quota}
        assert plan.shortfalls == {}

    def test_a_cap_binds_more_strongly_than_a_ratio(self):
        """All that are eligible are drawn, and what is missing is told."""
        policy = TierPolicy([D, rule("其他", yearly_cap=1)])
        plan = policy.frame(
            register(
                credit=["D", "D", "D", "A", "A"], visits_this_year=[0, 4, 5, 1, 1]
            ),
            on=DAY,
            base=Base.REGISTERED,
        )

        assert plan.quotas == {"D": 1}
        assert plan.shortfalls == {"D": 2, "其他": 2}

    def test_ratios_that_admit_no_number_are_told_for_all_tiers(self):
        """A tier of three has no whole number between 40 % and 50 %."""
        between = Ratio.between("40%", "50%")
        policy = TierPolicy([
            rule("a", ratio=between, when={"credit": {"A"}}),
            rule("b", ratio=between, when={"credit": {"B"}}),
            rule("c", ratio=between),
        ])  # fmt: skip
        with pytest.raises(InvalidInput, match="tier policy has 2 faults") as info:
            policy.frame(register(credit=["A"] * 3 + ["B"] * 2 + ["C"]), on=DAY)

        assert [f.column for f in info.value.faults] == ["a", "c"]

    def test_a_ratio_for_an_empty_tier_is_not_asked(self):
        """60 to 70 firms of none are none, whatever the ratio would say."""
        policy = TierPolicy([
            rule("a", ratio=Ratio.parse("1:5"), when={"credit": {"A"}}),
            rule("b"),
        ])  # fmt: skip

        assert policy.frame(register(credit=["B"]), on=DAY).quotas == {"b": 1}

    def test_a_ratio_by_officers_needs_their_number(self):
        """Five firms for each officer."""
        policy = TierPolicy([rule(ratio=Ratio.parse("1:5"))])
        subjects = register(credit=["A"] * 20)

        assert policy.frame(subjects, on=DAY, officers=3).quotas == {"X": 15}
        with pytest.raises(InvalidInput, match="officers") as info:
            policy.frame(subjects, on=DAY)
        assert [f.column for f in info.value.faults] == ["X"]

    @pytest.mark.parametrize(
        ("rules", "lacking"),
        [
            ([D], ("visits_this_year",)),
            ([A, REST], ("last_inspected_on", "visits_this_year")),
            ([REST], ()),
        ],
        ids=str,
    )
    def test_fields_that_rests_and_caps_miss_are_told(self, rules, lacking):
        """A register without visits caps nobody, and does not hide it."""
        plan = TierPolicy(rules).frame(register(credit=["D", "D"]), on=DAY)

        assert plan.fields_lacking == lacking
        assert len(plan.frame) == 2

    def test_a_field_that_is_there_is_not_lacking(self):
        """Even if it is empty."""
        plan = TierPolicy([A, REST]).frame(
            register(credit=["A"], visits_this_year=[0], last_inspected_on=[None]),
            on=DAY,
        )

        assert plan.fields_lacking == ()

    def test_the_day_is_a_date(self):
        """An aware point in time is its day in China."""
        policy = TierPolicy([rule(rest=Period(1, Unit.DAY))])
        subjects = register(last_inspected_on=[dt.date(2025, 3, 9)])
        on = dt.datetime(2025, 3, 9, 16, tzinfo=dt.UTC)

        assert policy.frame(subjects, on=on).on == DAY
        with pytest.raises(InvalidTypeError):
            policy.frame(subjects, on=dt.datetime(2025, 3, 10))  # noqa: DTZ001

    @pytest.mark.parametrize("table", [None, {"id": ["S1"]}, ["S1"]], ids=repr)
    def test_a_register_is_a_register(self, table):
        """A table becomes one by being read, with all that is checked then."""
        with pytest.raises(InvalidTypeError, match="from_table") as info:
            TierPolicy([REST]).frame(table, on=DAY)

        assert info.value.code == "argument-type"

    def test_the_base_is_a_base(self):
        """By its code or its Chinese term; another text could mean either."""
        subjects = register(credit=["A"])

        assert TierPolicy([REST]).frame(subjects, on=DAY, base="registered").base is (
            Base.REGISTERED
        )
        with pytest.raises(InvalidValueError, match="eligible") as info:
            TierPolicy([REST]).frame(subjects, on=DAY, base="all")
        assert info.value.code == "not-in-list"

    def test_the_register_is_left_as_it_was(self):
        """Input is never changed."""
        subjects = register(credit=["D", "A"], status=["注销", "正常"])
        before = subjects.to_columns()
        TierPolicy([D, REST]).frame(subjects, on=DAY, whitelist=["S1"])

        assert subjects.to_columns() == before


REGISTER = {
    "credit": ["D", "A", "B", "A", "A", "A", "D", "B", None],
    "status": ["正常"] * 7 + ["注销", "歇业"],
    "last_inspected_on": [None] * 3 + [dt.date(2025, 3, 9)] + [None] * 5,
    "visits_this_year": [3, 0, 9, 0, 1, 0, 4, 0, 0],
}


class TestStorage:
    """As documents of plain JSON values."""

    @pytest.mark.parametrize(
        "made",
        [
            A,
            REST,
            rule(when={"status": {"歇业"}, "n": {1, None, "x"}, "on_promise": {None}}),
            rule(ratio="1:5", rest=Period(3, Unit.YEAR)),
            TierPolicy([D, A, REST]),
            TierPolicy([D, A, REST]).frame(
                register(**REGISTER),
                on=DAY,
                base=Base.REGISTERED,
                whitelist=["S0", "X"],
            ),
            Exclusion(id="S1", tier="A", reasons=[ExclusionReason.YEARLY_CAP]),
        ],
        ids=lambda made: f"{type(made).__name__} {len(str(made))}",
    )
    def test_values_come_back_from_their_documents(self, made):
        """A host keeps policies and plans for the year, and shows them later."""
        document = json.loads(json.dumps(made.to_dict(), ensure_ascii=False))

        assert type(made).from_dict(document) == made
        assert hash(type(made).from_dict(document)) == hash(made)
        assert set(type(made).schema()["properties"]) == set(document)
        assert pickle.loads(pickle.dumps(made)) == made  # noqa: S301

    def test_rules_with_other_contents_are_other_rules(self):
        """True is not 1, and a set has no order."""
        assert rule(when={"n": {1}}) != rule(when={"n": {2}})
        assert rule(when={"n": [1, 2]}) == rule(when={"n": [2, 1]})

    @pytest.mark.parametrize(
        ("change", "column"),
        [
            ({"rest": {"n": 24}}, "rest.unit"),
            ({"rest": {"n": 24, "unit": "month", "x": 1}}, "rest.x"),
            ({"rest": {"n": 0, "unit": "month"}}, "rest.n"),
            ({"when": {"credit": []}}, "when.credit"),
            ({"ratio": "约3%"}, "ratio"),
            ({"yearly_cap": -1}, "yearly_cap"),
        ],
    )
    def test_faults_of_a_document_are_told_with_their_place(self, change, column):
        """A policy that was written by hand has the faults of one."""
        with pytest.raises(DsgkError) as info:
            TierRule.from_dict({**A.to_dict(), **change})

        assert [f.column for f in told(info.value)] == [column]


class TestExclusions:
    """Who is left out, as a column and as values."""

    @pytest.fixture
    def exclusions(self):
        """Three subjects with one, two and three reasons."""
        rows = [
            ("S1", None, ["moved-out"]),
            ("S2", "B", ["inside-rest", "yearly-cap"]),
            ("S3", "A", ["yearly-cap", "whitelist"]),
        ]
        return Exclusions(
            {"id": text, "tier": tier, "reasons": told} for text, tier, told in rows
        )

    def test_it_is_equal_by_content(self, exclusions):
        """Whatever the numbers of its tiers; and comes back from its document."""
        document = json.loads(json.dumps(exclusions.to_dict()))
        again = Exclusions.from_dict(document)
        other = Exclusions.from_dict({
            **document,
            "columns": {**document["columns"], "tier": [None, "B", "B"]},
        })  # fmt: skip

        assert (again, hash(again)) == (exclusions, hash(exclusions))
        assert other != exclusions
        assert exclusions[:2] != exclusions
        assert exclusions != list(exclusions)
        assert Exclusions.schema()["title"] == "Exclusions"

    @pytest.mark.parametrize(
        ("columns", "code"),
        [
            ({"reasons": [[], ["whitelist"], ["whitelist"]]}, "list-empty"),
            ({"reasons": [None, ["whitelist"], ["whitelist"]]}, "cell-empty"),
            ({"reasons": [["?"], ["whitelist"], ["whitelist"]]}, "not-in-list"),
            ({"tier": [3, None, None]}, "id-type"),
            ({"id": ["S1", "S1", "S3"]}, "id-duplicate"),
            ({"more": [1, 2, 3]}, "key-unknown"),
        ],
    )
    def test_a_document_that_is_none_is_refused(self, exclusions, columns, code):
        """With its rows."""
        document = exclusions.to_dict()
        document["columns"] |= columns
        with pytest.raises(InvalidInput) as info:
            Exclusions.from_dict(document)

        assert [f.code for f in info.value.faults] == [code]

    def test_subjects_can_be_added_for_one_reason(self, exclusions):
        """Those that an earlier part of the year has drawn, say."""
        more = exclusions.adding(["S9"], ExclusionReason.DRAWN_BEFORE)

        assert more[:3] == exclusions
        assert more[3] == Exclusion(
            id="S9", tier=None, reasons=[ExclusionReason.DRAWN_BEFORE]
        )

    def test_it_cannot_be_written_into(self, exclusions):
        """Not after pickling either."""
        for kept in (exclusions, pickle.loads(pickle.dumps(exclusions))):  # noqa: S301
            for column in (kept._bits, kept._codes):
                with pytest.raises(ValueError, match="read-only"):
                    column[0] = 1

    def test_it_is_a_sequence(self, exclusions):
        """Index, slice, length, iteration, membership."""
        assert len(exclusions) == 3
        assert exclusions[-1].id == "S3"
        assert [e.id for e in exclusions[1:]] == ["S2", "S3"]
        assert exclusions[0] in exclusions
        assert [e.tier for e in exclusions] == [None, "B", "A"]

    def test_the_first_reason_is_the_one_that_is_told(self, exclusions):
        """Whoever left comes first, then the whitelist, then rest and cap."""
        assert [e.reason.code for e in exclusions] == [
            "moved-out",
            "inside-rest",
            "whitelist",
        ]
        assert exclusions[1].reasons == (
            ExclusionReason.INSIDE_REST,
            ExclusionReason.YEARLY_CAP,
        )

    def test_reasons_cite_their_provisions(self):
        """Register, tiers, caps."""
        assert {r.code: str(r.provision) for r in ExclusionReason} == {
            "struck-off": "District Opinion, Art. 24",
            "revoked": "District Opinion, Art. 24",
            "annulled": "District Opinion, Art. 24",
            "moved-out": "District Opinion, Art. 24",
            "whitelist": "District Opinion, Art. 13",
            "inside-rest": "District Opinion, Art. 13",
            "yearly-cap": "State Council Office 2024/54",
            "drawn-before": "District Opinion, Art. 15",
        }

    def test_counts_add_up_to_all(self, exclusions):
        """By the reason that comes first, in the order of the reasons."""
        assert list(exclusions.counts.items()) == [
            (ExclusionReason.MOVED_OUT, 1),
            (ExclusionReason.WHITELISTED, 1),
            (ExclusionReason.INSIDE_REST, 1),
        ]

    def test_it_is_shown_by_numbers(self, exclusions):
        """A million rows are not printed."""
        assert repr(exclusions) == (
            "<Exclusions of 3 subjects, {'moved-out': 1, 'whitelist': 1, "
            "'inside-rest': 1}>"
        )

    def test_plain_columns_come_out(self, exclusions):
        """For the host's own table."""
        assert exclusions.to_columns() == {
            "id": ["S1", "S2", "S3"],
            "tier": [None, "B", "A"],
            "reason": ["moved-out", "inside-rest", "whitelist"],
            "provision": [
                "District Opinion, Art. 24",
                "District Opinion, Art. 13",
                "District Opinion, Art. 13",
            ],
            "reasons": [
                ("moved-out",),
                ("inside-rest", "yearly-cap"),
                ("whitelist", "yearly-cap"),
            ],
        }

    def test_a_reason_survives_pickling(self):
        """Workers of a host get it that way."""
        for reason in ExclusionReason:
            assert pickle.loads(pickle.dumps(reason)) is reason  # noqa: S301
