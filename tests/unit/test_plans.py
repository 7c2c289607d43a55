"""Plans: periods, frequencies, entries, amendments, documents, tables, progress."""

import copy
import csv
import datetime as dt
import json
import pickle
from fractions import Fraction
from itertools import pairwise

import attrs
import pytest

from dsgk.errors import DsgkError, InvalidInput, InvalidTypeError, InvalidValueError
from dsgk.fields import faults_of
from dsgk.inspectors import Inspector, InspectorRegister
from dsgk.items import InspectionItem, Method
from dsgk.ledger import Ledger, LedgerRow, Origin
from dsgk.plans import (
    Amendment,
    AmendmentReason,
    Batch,
    Campaign,
    Conference,
    Cycle,
    Frequency,
    Mode,
    ModeReason,
    Plan,
    PlanEntry,
    PlanFinding,
    PlannedItem,
    ProposalReason,
    Raise,
    Severity,
    Tally,
    batch_quotas,
    is_raised,
    read_plan,
    read_window,
)
from dsgk.plans._numbers import Demand, overload
from dsgk.sources import article
from dsgk.subjects import Status, SubjectRegister
from dsgk.tiers import Bound, Ratio, TierPolicy, TierRule


YEAR = 2026
MARCH, JUNE = dt.date(YEAR, 3, 1), dt.date(YEAR, 6, 30)
SILVESTER = dt.date(YEAR, 12, 31)
SEPTEMBER, NOVEMBER = dt.date(YEAR, 9, 1), dt.date(YEAR, 11, 30)
HALF = Fraction(1, 2)
HALVES = (Batch(MARCH, JUNE, HALF), Batch(SEPTEMBER, NOVEMBER, HALF))
ON_SITE = Method.ON_SITE


def entry(**fields):
    """An entry with all that Art. 12 asks for."""
    given = {
        "id": "1",
        "title": "餐饮抽查",
        "items": ["食品经营监督检查"],
        "object": "餐饮服务单位",
        "subjects": {"kind": {"餐饮"}},
        "ratio": Ratio.at_least("3%"),
        "frequency": Frequency.exactly(2),
        "focus": "后厨",
        "methods": {ON_SITE},
        "batches": HALVES,
        "lead": "市场监管局",
    }
    return PlanEntry(**{**given, **fields})


def plan(*entries, **fields):
    given = {"year": YEAR, "issuer": "市场监管局", "entries": entries or [entry()]}
    return Plan(**{**given, **fields})


def amendment(number=1, on=dt.date(YEAR, 5, 6), **raised):
    return Amendment(
        number=number,
        on=on,
        reason=AmendmentReason.SUDDEN_RISK,
        grounds="食品中毒事件",
        raises=[Raise(entry="1", **raised)],
    )


class TestReadWindow:
    @pytest.mark.parametrize(
        ("text", "first", "last"),
        [
            ("1月—12月", (2026, 1, 1), (2026, 12, 31)),
            ("3月-6月", (2026, 3, 1), (2026, 6, 30)),
            ("3月至6月", (2026, 3, 1), (2026, 6, 30)),
            ("3月到6月底", (2026, 3, 1), (2026, 6, 30)),
            ("3-6月", (2026, 3, 1), (2026, 6, 30)),
            ("2026年3-6月", (2026, 3, 1), (2026, 6, 30)),
            (" ４月 ", (2026, 4, 1), (2026, 4, 30)),
            ("4月份", (2026, 4, 1), (2026, 4, 30)),
            ("2月", (2026, 2, 1), (2026, 2, 28)),
            ("2028年2月", (2028, 2, 1), (2028, 2, 29)),
            ("12月", (2026, 12, 1), (2026, 12, 31)),
            ("2026-02-24~2026-11-30", (2026, 2, 24), (2026, 11, 30)),
            ("2026/3/1-2026/6/30", (2026, 3, 1), (2026, 6, 30)),
            ("2026.3-2026.11", (2026, 3, 1), (2026, 11, 30)),
            ("2026-04", (2026, 4, 1), (2026, 4, 30)),
            ("2026年1月—11月", (2026, 1, 1), (2026, 11, 30)),
            ("3月1日—6月15日", (2026, 3, 1), (2026, 6, 15)),
            ("3月1日至15日", (2026, 3, 1), (2026, 3, 15)),
            ("3月1-15日", (2026, 3, 1), (2026, 3, 15)),
            ("3.1-6.15", (2026, 3, 1), (2026, 6, 15)),
            ("9月—次年3月", (2026, 9, 1), (2027, 3, 31)),
            ("2024年9月—次年3月", (2024, 9, 1), (2025, 3, 31)),
            ("全年", (2026, 1, 1), (2026, 12, 31)),
            ("2026年度", (2026, 1, 1), (2026, 12, 31)),
            ("2027年", (2027, 1, 1), (2027, 12, 31)),
            ("2026年3月1日起至2026年11月30日止", (2026, 3, 1), (2026, 11, 30)),
            ("3月初至6月底", (2026, 3, 1), (2026, 6, 30)),
            ("11月底前完成", (2026, 1, 1), (2026, 11, 30)),
            ("5-8月份", (2026, 5, 1), (2026, 8, 31)),
            ("第一季度", (2026, 1, 1), (2026, 3, 31)),
            ("2季度", (2026, 4, 1), (2026, 6, 30)),
            ("三季度—四季度", (2026, 7, 1), (2026, 12, 31)),
            ("上半年", (2026, 1, 1), (2026, 6, 30)),
            ("2026年下半年", (2026, 7, 1), (2026, 12, 31)),
            ("6月底前", (2026, 1, 1), (2026, 6, 30)),
            ("2025年6月底前", (2025, 1, 1), (2025, 6, 30)),
            ("3月—年底", (2026, 3, 1), (2026, 12, 31)),
            ("年底前", (2026, 1, 1), (2026, 12, 31)),
            ("2026-02-01起", (2026, 2, 1), (2026, 12, 31)),
            ("2016-02-01起", (2026, 1, 1), (2026, 12, 31)),
            ("9999年12月", (9999, 12, 1), (9999, 12, 31)),
        ],
    )
    def test_periods_of_plans(self, text, first, last):
        """Months count in full; what has no year is in the plan's."""
        expected = dt.date(*first), dt.date(*last)

        assert expected == read_window(text, YEAR)

    @pytest.mark.parametrize(
        ("text", "reason"),
        [
            ("", "empty"),
            (" ", "empty"),
            ("适时", "unread"),
            ("1-12", "unread"),
            ("15日", "unread"),
            ("15日起", "unread"),
            ("适时起", "unread"),
            ("3月底", "unread"),
            ("3月底—6月", "unread"),
            ("次年3月", "unread"),
            ("次年3月—6月", "unread"),
            ("根据实际底前", "unread"),
            ("3月—", "unread"),
            ("2-3季度", "unread"),
            ("3-年底", "unread"),
            ("3月初", "unread"),
            ("3月—6月初", "unread"),
            ("5日起", "unread"),
            ("适时—6月", "unread"),
            ("3-15日", "unread"),
            ("3月1-6月", "unread"),
            ("11月—2月", "crossed"),
            ("2027年起", "crossed"),
            ("2月30日", "no-day"),
            ("1月—13月", "no-day"),
            ("0月", "no-day"),
        ],
    )
    def test_what_is_no_period_is_refused_with_the_reason(self, text, reason):
        """A guess would move a deadline."""
        with pytest.raises(InvalidValueError) as caught:
            read_window(text, YEAR)

        assert caught.value.code == "window-unreadable"
        assert caught.value.params["text"] == text
        assert caught.value.params["reason"] == reason
        assert caught.value.provision == str(article(12))

    def test_other_types_are_refused(self):
        with pytest.raises(InvalidTypeError) as caught:
            read_window(3, YEAR)

        assert caught.value.code == "text-type"


class TestBatch:
    def test_a_part_of_one_is_the_whole(self):
        """1 is exact, so it need not be written as a fraction."""
        assert Batch(MARCH, JUNE, 1) == Batch(MARCH, JUNE)
        assert type(Batch(MARCH, JUNE, 1).part) is Fraction

    def test_it_is_shown_with_its_part(self):
        assert str(Batch(MARCH, JUNE)) == "2026-03-01 to 2026-06-30"
        assert str(HALVES[0]).endswith(", 1/2 of the year")

    def test_an_aware_time_is_its_day_in_china(self):
        late = dt.datetime(2026, 2, 28, 20, tzinfo=dt.UTC)

        assert Batch(late, JUNE).first == MARCH

    @pytest.mark.parametrize(
        ("fields", "code"),
        [
            ((JUNE, MARCH), "batch-crossed"),
            ((MARCH, JUNE, Fraction(0)), "batch-part"),
            ((MARCH, JUNE, Fraction(3, 2)), "batch-part"),
            ((MARCH, JUNE, 0.5), "number-type"),
            ((MARCH, JUNE, True), "number-type"),
            (("2026-3-1", JUNE), "day-form"),
        ],
    )
    def test_what_is_no_batch_is_refused(self, fields, code):
        with pytest.raises((InvalidValueError, InvalidTypeError)) as caught:
            Batch(*fields)

        assert caught.value.code == code

    @pytest.mark.parametrize(
        ("quota", "parts", "expected"),
        [
            (10, (Fraction(1),), (10,)),
            (10, (HALF, HALF), (5, 5)),
            (1, (HALF, HALF), (1, 0)),
            (0, (HALF, HALF), (0, 0)),
            (10, (Fraction(1, 3),) * 3, (4, 3, 3)),
            (7, (Fraction(1, 4), Fraction(3, 4)), (2, 5)),
            (7, (), ()),
        ],
    )
    def test_batches_reach_their_part_and_end_at_the_year(self, quota, parts, expected):
        """Never behind its exact part, never more than one ahead."""
        assert batch_quotas(quota, parts) == expected


class TestFrequency:
    @pytest.mark.parametrize(
        ("text", "low", "high", "cycle"),
        [
            ("1次/年", 1, 1, Cycle.YEAR),
            ("2次/年", 2, 2, Cycle.YEAR),
            ("=1", 1, 1, Cycle.YEAR),
            (">=1", 1, None, Cycle.YEAR),
            ("≥１次", 1, None, Cycle.YEAR),
            ("1次", 1, 1, Cycle.YEAR),
            ("1", 1, 1, Cycle.YEAR),
            ("每年至少检查2次", 2, None, Cycle.YEAR),
            ("不少于2次/年", 2, None, Cycle.YEAR),
            ("2次以上", 2, None, Cycle.YEAR),
            ("不超过2次/年", None, 2, Cycle.YEAR),
            ("<=2", None, 2, Cycle.YEAR),
            ("至多两次", None, 2, Cycle.YEAR),
            ("2次以内", None, 2, Cycle.YEAR),
            ("1-2次/年", 1, 2, Cycle.YEAR),
            ("一至两次", 1, 2, Cycle.YEAR),
            ("一年一次", 1, 1, Cycle.YEAR),
            ("每月", 1, 1, Cycle.MONTH),
            ("每个月", 1, 1, Cycle.MONTH),
            ("每月2次", 2, 2, Cycle.MONTH),
            ("1次/月", 1, 1, Cycle.MONTH),
            ("每周", 1, 1, Cycle.WEEK),
            ("每星期一次", 1, 1, Cycle.WEEK),
            ("每天", 1, 1, Cycle.DAY),
            ("每日", 1, 1, Cycle.DAY),
            ("每季度1次", 1, 1, Cycle.QUARTER),
            ("每半年一次", 1, 1, Cycle.HALF_YEAR),
            ("每年度抽查频次为1次", 1, 1, Cycle.YEAR),
            ("十次", 10, 10, Cycle.YEAR),
            ("1年1次", 1, 1, Cycle.YEAR),
            ("全年2次", 2, 2, Cycle.YEAR),
            ("本年度内不少于2次", 2, None, Cycle.YEAR),
            ("1个月1次", 1, 1, Cycle.MONTH),
        ],
    )
    def test_frequencies_of_plans(self, text, low, high, cycle):
        """Read once, written shortly, read back the same."""
        frequency = Frequency.parse(text)

        assert frequency == Frequency(low, high, cycle)
        assert Frequency.parse(str(frequency)) == frequency
        assert eval(repr(frequency)) == frequency  # noqa: S307

    @pytest.mark.parametrize(
        ("text", "reason"),
        [
            ("", "empty"),
            ("抽查", "no-number"),
            ("3%", "unread"),
            ("0次", "times-range"),
            ("按月", "no-number"),
            ("至少2次以下", "contradictory"),
            ("不少于1-2次", "contradictory"),
            ("2-1次", "ratio-crossed"),
            ("1个月", "no-number"),
            ("每两年1次", "longer"),
            ("1次/2年", "longer"),
            ("不定期", "approximate"),
            ("2次左右", "approximate"),
            ("大于1次", "strict"),
            (">1次", "strict"),
            ("不少于若干次", "approximate"),
            ("不少于一定次数", "approximate"),
        ],
    )
    def test_what_is_no_frequency_is_refused_with_the_reason(self, text, reason):
        """Nobody is drawn more or less often because a word was skipped."""
        with pytest.raises(InvalidValueError) as caught:
            Frequency.parse(text)

        assert caught.value.code == "frequency-unreadable"
        assert caught.value.params["text"] == text
        assert caught.value.params["reason"] == reason

    @pytest.mark.parametrize(
        ("fields", "code"),
        [
            ((None, 0), "count-range"),
            ((367, None), "count-most"),
            ((1.5, None), "count-form"),
            ((True, None), "count-type"),
            ((1, 1, "世纪"), "not-in-list"),
            ((None, None), "frequency-bounds"),
            ((2, 1), "frequency-bounds"),
        ],
    )
    def test_what_no_plan_can_mean_is_refused(self, fields, code):
        with pytest.raises((InvalidValueError, InvalidTypeError)) as caught:
            Frequency(*fields)

        assert caught.value.code == code

    def test_what_is_no_text_is_refused(self):
        with pytest.raises(InvalidTypeError, match="must be a text"):
            Frequency.parse(1)

    def test_named_constructors(self):
        """The four kinds of bound, and the most that a year has."""
        assert Frequency.exactly(366) == Frequency(366, 366)
        assert Frequency.at_least(1, Cycle.MONTH) == Frequency(1, None, Cycle.MONTH)
        assert Frequency.at_most(2) == Frequency(None, 2)

    def test_bounds_and_draws_of_a_year(self):
        """Frequencies of different cycles are compared by the year."""
        cases = {
            "1次": (Bound.EXACTLY, (1, 1)),
            "≥2次/月": (Bound.AT_LEAST, (24, None)),
            "≤3次/季度": (Bound.AT_MOST, (0, 12)),
            "1-2次/半年": (Bound.BETWEEN, (2, 4)),
            "每周": (Bound.EXACTLY, (52, 52)),
            "每天": (Bound.EXACTLY, (365, 365)),
        }

        for text, expected in cases.items():
            frequency = Frequency.parse(text)
            assert expected == (frequency.bound, frequency.yearly)

    @pytest.mark.parametrize(
        ("text", "first", "last", "starts"),
        [
            ("1次", (3, 1), (11, 30), ["03-01"]),
            ("≤2次", (3, 1), (11, 30), ["03-01"]),
            ("2次", (3, 1), (12, 31), ["03-01", "08-01"]),
            ("3次", (1, 1), (12, 31), ["01-01", "05-01", "09-01"]),
            ("3次", (3, 1), (5, 31), ["03-01", "04-01", "05-01"]),
            ("2次", (3, 1), (4, 29), ["03-01", "03-31"]),
            ("2次", (3, 2), (4, 30), ["03-02", "04-01"]),
            ("2次", (3, 1), (3, 31), ["03-01", "03-16"]),
            ("2次", (3, 5), (3, 8), ["03-05", "03-07"]),
            ("每月", (3, 10), (5, 5), ["03-10", "04-01", "05-01"]),
            ("每季度", (2, 24), (7, 1), ["02-24", "04-01", "07-01"]),
            ("每半年", (6, 1), (12, 31), ["06-01", "07-01"]),
            ("每周", (3, 1), (3, 10), ["03-01", "03-02", "03-09"]),
            ("每天", (3, 1), (3, 2), ["03-01", "03-02"]),
            ("2次/月", (2, 1), (2, 28), ["02-01", "02-15"]),
        ],
    )
    def test_a_period_is_divided_into_the_draws_asked_for(
        self, text, first, last, starts
    ):
        """No day is lost, and every batch has the same part."""
        begin, end = dt.date(YEAR, *first), dt.date(YEAR, *last)
        batches = Frequency.parse(text).batches(begin, end)

        assert [f"{YEAR}-{day}" for day in starts] == [str(b.first) for b in batches]
        assert batches[-1].last == end
        assert {b.part for b in batches} == {Fraction(1, len(batches))}
        for one, other in pairwise(batches):
            assert one.last + dt.timedelta(1) == other.first

    def test_a_draw_needs_a_day(self):
        with pytest.raises(InvalidValueError) as caught:
            Frequency.exactly(3).batches(MARCH, MARCH + dt.timedelta(1))

        assert caught.value.code == "frequency-span"


class TestPlanEntry:
    def test_what_is_given_in_other_collections_is_kept_as_values(self):
        """A frozen entry cannot change behind a plan's back."""
        made = entry(
            items=["甲检查", PlannedItem("乙检查"), "甲检查"],
            cooperating=["公安局", "公安局"],
            territories={"公安局": ["上仓镇"]},
            proposed_for=[ProposalReason.RISK],
            batches=Batch(MARCH, JUNE),
        )

        assert made.items == (PlannedItem("甲检查"), PlannedItem("乙检查"))
        assert made.departments == ("市场监管局", "公安局")
        assert made.territories == {"公安局": frozenset({"上仓镇"})}
        assert made.proposed_for == frozenset({ProposalReason.RISK})
        assert made.batches == (Batch(MARCH, JUNE),)
        assert (made.first, made.last) == (MARCH, JUNE)
        assert isinstance(hash(made), int)

    def test_single_items_need_no_brackets(self):
        assert entry(items="甲检查") == entry(items=["甲检查"])
        assert entry(items=PlannedItem("甲检查")) == entry(items=["甲检查"])

    def test_an_entry_without_batches_has_no_days(self):
        assert (entry(batches=()).first, entry(batches=()).last) == (None, None)
        assert entry(batches=()).quotas(100) == ()

    @pytest.mark.parametrize(
        ("fields", "code"),
        [
            ({"id": "１"}, "id-form"),
            ({"lead": ""}, "label-form"),
            ({"items": []}, "entry-items"),
            ({"items": 3}, "argument-list"),
            ({"items": [3]}, "argument-type"),
            ({"items": {"甲": "乙"}}, "argument-list"),
            ({"items": [""]}, "label-form"),
            ({"title": None}, "text-type"),
            ({"object": 1}, "text-type"),
            ({"ratio": 3}, "argument-type"),
            ({"frequency": 1}, "argument-type"),
            ({"focus": None}, "text-type"),
            ({"by_agency": 2}, "flag-form"),
            ({"level": None}, "text-type"),
            ({"mode": "三随机"}, "not-in-list"),
            ({"mode": None}, "not-in-list"),
            ({"mode": "双随机", "mode_reason": "approval"}, "mode-reason"),
            ({"mode_reason": "无"}, "not-in-list"),
            ({"note": None}, "text-type"),
            ({"methods": "现场检查"}, "argument-list"),
            ({"methods": ["走访"]}, "not-in-list"),
            ({"cooperating": "公安局"}, "argument-list"),
            ({"territories": ["公安局"]}, "argument-mapping"),
            ({"proposed_for": ["天气"]}, "not-in-list"),
            ({"proposed_for": "risk"}, "argument-list"),
            ({"batches": [(MARCH, JUNE)]}, "argument-type"),
            ({"subjects": {"kind": "餐饮"}}, "selection-set"),
            ({"cooperating": ["市场监管局"]}, "department-twice"),
            ({"items": PlannedItem("甲", department="公安局")}, "item-department"),
            ({"territories": {"公安局": {"上仓镇"}}}, "territory"),
            ({"territories": {"市场监管局": set()}}, "territory"),
            (
                {
                    "subjects": {"area": {"下营镇"}},
                    "territories": {"市场监管局": {"上仓镇"}},
                },
                "territory",
            ),
            ({"batches": HALVES[::-1]}, "batches-order"),
            ({"batches": (HALVES[0], HALVES[0])}, "batches-order"),
            ({"batches": HALVES[:1]}, "batches-sum"),
        ],
    )
    def test_what_could_not_be_carried_out_is_refused(self, fields, code):
        with pytest.raises((InvalidValueError, InvalidTypeError)) as caught:
            entry(**fields)

        assert caught.value.code == code

    def test_all_that_is_wrong_with_an_entry_is_told_at_once(self):
        """First each field by itself, then what does not go together."""
        with pytest.raises(InvalidInput) as caught:
            entry(id="１", ratio="?", mode="三随机", batches=HALVES[:1])

        assert [(f.code, f.column) for f in caught.value.faults] == [
            ("id-form", "id"),
            ("ratio-unreadable", "ratio"),
            ("not-in-list", "mode"),
        ]
        with pytest.raises(InvalidInput) as caught:
            entry(
                items=PlannedItem("甲", department="税务局"),
                mode="subjects-only",
                cooperating=["市场监管局"],
                territories={"公安局": {"上仓镇"}, "市场监管局": set()},
                batches=HALVES[::-1][:1] * 2,
            )

        assert [f.code for f in caught.value.faults] == [
            "mode-reason",
            "department-twice",
            "item-department",
            "territory",
            "territory",
            "batches-order",
        ]

    def test_texts_that_mean_one_value_are_taken(self):
        """As a table or a document has them."""
        texts = {"ratio": "不低于3%", "frequency": "2次/年", "by_agency": "否"}
        given = entry(**texts, methods=["on site"])

        assert given == entry()

    def test_the_territory_of_the_lead_limits_whom_it_draws(self):
        """A department that is not organised by district has its own ground."""
        made = entry(
            subjects={"area": {"上仓镇", "下营镇"}},
            territories={"市场监管局": {"上仓镇", "官庄镇"}},
        )

        assert made.selection == {"area": frozenset({"上仓镇"})}
        assert entry().selection == {"kind": frozenset({"餐饮"})}

    def test_taking_all_is_a_share_of_one(self):
        """1,000 subjects at a count of 1,000 are still drawn by number."""
        assert entry(ratio=Ratio.at_least("100%")).takes_all
        assert entry(ratio=Ratio.parse("100%")).takes_all
        assert not entry(ratio=Ratio.at_least("99%")).takes_all
        assert not entry(ratio=Ratio.count_between(1, 1)).takes_all

    def test_an_item_is_meant_by_what_is_said_of_it(self):
        listed = InspectionItem(
            department="公安局", name="甲检查", category="一类", object="旅店"
        )
        both = ("市场监管局", "公安局")
        means = [
            (PlannedItem("甲检查"), both, True),
            (PlannedItem("甲检查"), both[:1], False),
            (PlannedItem("甲检查", department="公安局"), both, True),
            (PlannedItem("甲检查", department="市场监管局"), both, False),
            (PlannedItem("甲检查", category="一类", object="旅店"), both, True),
            (PlannedItem("甲检查", category="二类"), both, False),
            (PlannedItem("甲检查", object="药店"), both, False),
            (PlannedItem("乙检查"), both, False),
        ]

        for planned, departments, expected in means:
            assert expected == planned.means(listed, departments)


class TestRaises:
    @pytest.mark.parametrize(
        ("old", "new", "expected"),
        [
            ("≥3%", "≥5%", True),
            ("≥3%", "≥3%", False),
            ("≥5%", "≥3%", False),
            ("≥3%", "5%", True),
            ("≥3%", "3%", False),
            ("3%", "≥3%", False),
            ("3%", "5%", True),
            ("3%", "5%-10%", True),
            ("3%", "3%-10%", False),
            ("≥3%", "≤10%", False),
            ("≥3%", "≤100%", True),
            ("≤5%", "≤6%", True),
            ("≤5%", "≤4%", False),
            ("≤5%", "5%", True),
            ("≤5%", "≥5%", True),
            ("≤5%", "≥3%", False),
            ("≤5%", "4%", False),
            ("≤100%", "100%", False),
            ("10%-20%", "10%-30%", True),
            ("10%-20%", "15%-20%", True),
            ("10%-20%", "15%-18%", False),
            ("10%-20%", "≥10%", True),
            ("10%-20%", "≥9%", False),
            ("10%-20%", "15%", False),
            ("10%-20%", "20%", True),
            ("10户", "12户", True),
            ("10户", "10户", False),
            ("≥10户", "≤10户", False),
            ("≤10户", "≤12户", True),
            ("60-70户", "60-80户", True),
            ("60-70户", "100%", True),
            ("60-70户", "≥99%", True),
            ("60-70户", "99%", False),
            ("1户", "5%", True),
            ("1户", "≤5%", False),
            ("2户", "50%", False),
            ("2户", "50.01%", True),
            ("0户", "1‰", True),
            ("0%", "1户", True),
            ("3%", "10户", False),
            ("1:5", "1:6", True),
            ("1:5", "1:4", False),
            ("1:5", "不低于1:5", False),
            ("1:5", "99%", False),
            ("1:5", "100%", True),
            ("10户", "1:50", False),
        ],
    )
    def test_a_ratio_is_raised_whatever_the_size(self, old, new, expected):
        """Never fewer, no ceiling lowered, and something more."""
        assert expected == is_raised(Ratio.parse(old), Ratio.parse(new))

    @pytest.mark.parametrize(
        ("old", "new", "expected"),
        [
            ("1次/年", "2次/年", True),
            ("2次/年", "2次/年", False),
            ("2次/年", "1次/年", False),
            ("1次/年", "≥1次/年", False),
            ("12次/年", "每月", False),
            ("每月", "每周", True),
            ("≤2次", "≤3次", True),
            ("≤3次", "≤2次", False),
            ("≤2次", "≥1次", True),
            ("≤2次", "1次", False),
            ("1-2次", "2次", True),
            ("1-2次", "1-3次", True),
            ("1-3次", "2次", False),
            ("1-2次", "≥1次", True),
        ],
    )
    def test_a_frequency_is_raised_by_the_draws_of_a_year(self, old, new, expected):
        assert expected == is_raised(Frequency.parse(old), Frequency.parse(new))

    def test_ratio_and_frequency_are_not_compared(self):
        with pytest.raises(InvalidTypeError):
            is_raised(Ratio.parse("3%"), Frequency.parse("1次"))


class TestAmendments:
    def test_the_history_stays(self):
        """What was adopted can be read beside what applies."""
        adopted = plan(adopted_on=dt.date(YEAR, 3, 2))
        first = adopted.amend(amendment(ratio=Ratio.at_least("5%")))
        second = first.amend(
            amendment(2, dt.date(YEAR, 7, 1), frequency=Frequency.exactly(3))
        )

        assert adopted.entries == second.entries
        assert second.on(dt.date(YEAR, 5, 5)).current == adopted.current
        assert second.on(dt.date(YEAR, 5, 6)) == first
        assert second.on(dt.date(YEAR, 6, 30)) == first
        assert second.on(dt.date(YEAR, 7, 1)) == second
        assert second.entry("1").ratio == Ratio.at_least("5%")
        assert second.entry("1").frequency == Frequency.exactly(3)
        assert first.entry("1").frequency == Frequency.exactly(2)

    def test_a_frequency_that_was_not_said_can_be(self):
        made = plan(entry(frequency=None))

        assert (
            made.amend(amendment(frequency=Frequency.exactly(2))).entry("1").frequency
        )

    def test_new_batches_may_come_earlier_and_be_more(self):
        """Twice the ratio: the half that was drawn in spring is half of it."""
        made = plan(entry(batches=Batch(MARCH, JUNE), frequency=Frequency.exactly(1)))
        raised = made.amend(
            amendment(
                ratio=Ratio.at_least("6%"),
                frequency=Frequency.exactly(2),
                batches=HALVES,
            )
        )

        assert raised.entry("1").batches == HALVES

    @pytest.mark.parametrize(
        ("raised", "code"),
        [
            ({"ratio": Ratio.at_least("2%")}, "amendment-lowers"),
            ({"ratio": Ratio.at_least("3%")}, "amendment-lowers"),
            ({"frequency": Frequency.exactly(1)}, "amendment-lowers"),
            (
                {"ratio": Ratio.at_least("5%"), "batches": (HALVES[1], HALVES[0])[:1]},
                "amendment-begun",
            ),
            (
                {
                    "ratio": Ratio.at_least("5%"),
                    "batches": (Batch(MARCH, JUNE + dt.timedelta(1)),),
                },
                "amendment-begun",
            ),
            (
                {
                    "ratio": Ratio.parse("100%"),
                    "batches": (
                        *HALVES[:1],
                        Batch(dt.date(YEAR, 5, 5), JUNE, HALF),
                    ),
                },
                "amendment-begun",
            ),
            (
                {
                    "ratio": Ratio.at_least("5%"),
                    "batches": (
                        Batch(MARCH, JUNE, Fraction(1, 4)),
                        Batch(SEPTEMBER, NOVEMBER, Fraction(3, 4)),
                    ),
                },
                "amendment-later",
            ),
            (
                {
                    "ratio": Ratio.at_least("5%"),
                    "batches": (
                        HALVES[0],
                        Batch(SEPTEMBER, NOVEMBER + dt.timedelta(1), HALF),
                    ),
                },
                "amendment-later",
            ),
        ],
    )
    def test_what_is_lowered_or_put_off_is_refused(self, raised, code):
        """Art. 16 lets a plan go upwards alone."""
        with pytest.raises(InvalidInput) as caught:
            plan().amend(amendment(**raised))

        assert code == caught.value.faults[0].code
        assert caught.value.provision == str(article(16))

    def test_batches_stay_where_the_measure_changes(self):
        """Shares and counts cannot be compared day by day."""
        made = plan(entry(ratio=Ratio.parse("1户")))

        with pytest.raises(InvalidInput) as caught:
            made.amend(amendment(ratio=Ratio.parse("5%"), batches=HALVES))

        assert caught.value.faults[0].code == "amendment-measure"

    def test_the_same_batches_with_more_in_the_first_are_no_delay(self):
        more = (
            Batch(MARCH, JUNE, Fraction(3, 5)),
            Batch(SEPTEMBER, NOVEMBER, Fraction(2, 5)),
        )
        made = plan().amend(amendment(ratio=Ratio.at_least("5%"), batches=more))

        assert made.entry("1").batches == more

    def test_a_batch_that_begins_on_the_day_has_not_begun(self):
        """The amendment takes effect on its day, before the draw."""
        on = HALVES[1].first
        early = (HALVES[0], Batch(on, NOVEMBER - dt.timedelta(1), HALF))
        made = plan().amend(amendment(on=on, ratio=Ratio.at_least("5%"), batches=early))

        assert made.entry("1").batches == early

    def test_all_faults_are_told_at_once(self):
        made = plan(entry(), entry(id="2"))
        bad = Amendment(
            number=1,
            on=MARCH,
            reason=AmendmentReason.GENERAL_PROBLEM,
            grounds="普遍未公示",
            raises=[
                Raise(entry="1", ratio=Ratio.at_least("1%")),
                Raise(entry="2", frequency=Frequency.exactly(1)),
                Raise(entry="3", ratio=Ratio.at_least("9%")),
            ],
        )

        with pytest.raises(InvalidInput) as caught:
            made.amend(bad)

        assert [(f.row, f.code) for f in caught.value.faults] == [
            (0, "amendment-lowers"),
            (1, "amendment-lowers"),
            (2, "amendment-unknown"),
        ]

    @pytest.mark.parametrize(
        ("number", "on"),
        [(2, dt.date(YEAR, 5, 6)), (1, dt.date(YEAR, 3, 1))],
        ids=["number", "day"],
    )
    def test_amendments_come_in_order_after_the_plan(self, number, on):
        made = plan(adopted_on=dt.date(YEAR, 3, 2))

        with pytest.raises(InvalidInput) as caught:
            made.amend(amendment(number, on, ratio=Ratio.at_least("5%")))

        assert caught.value.faults[0].code == "amendment-order"

    def test_an_amendment_on_the_day_of_the_plan_is_in_order(self):
        made = plan(adopted_on=dt.date(YEAR, 3, 2))
        one = made.amend(amendment(1, dt.date(YEAR, 3, 2), ratio=Ratio.at_least("5%")))

        assert len(one.amendments) == 1
        with pytest.raises(InvalidInput):
            one.amend(amendment(2, dt.date(YEAR, 3, 1), ratio=Ratio.at_least("6%")))

    @pytest.mark.parametrize(
        ("change", "code"),
        [
            ({"number": 0}, "count-range"),
            ({"number": "1"}, "count-type"),
            ({"number": True}, "count-type"),
            ({"on": "2026-5-6"}, "day-form"),
            ({"reason": "心血来潮"}, "not-in-list"),
            ({"reason": None}, "not-in-list"),
            ({"grounds": " "}, "amendment-grounds"),
            ({"grounds": None}, "text-type"),
            ({"raises": []}, "amendment-empty"),
            ({"raises": ["1"]}, "argument-type"),
            ({"raises": None}, "argument-list"),
            (
                {"raises": [Raise(entry="1", ratio=Ratio.parse("5%"))] * 2},
                "amendment-twice",
            ),
        ],
    )
    def test_what_is_no_amendment_is_refused(self, change, code):
        with pytest.raises((InvalidValueError, InvalidTypeError)) as caught:
            attrs.evolve(amendment(ratio=Ratio.parse("5%")), **change)

        assert caught.value.code == code

    @pytest.mark.parametrize(
        ("fields", "code"),
        [
            ({}, "raise-nothing"),
            ({"batches": HALVES}, "raise-nothing"),
            ({"ratio": 5}, "argument-type"),
            ({"frequency": 2}, "argument-type"),
            ({"ratio": Ratio.parse("5%"), "batches": [1]}, "argument-type"),
        ],
    )
    def test_a_raise_raises_something(self, fields, code):
        with pytest.raises((InvalidValueError, InvalidTypeError)) as caught:
            Raise(entry="1", **fields)

        assert caught.value.code == code

    def test_one_raise_needs_no_brackets(self):
        one = Raise(entry="1", ratio=Ratio.parse("5%"))
        made = attrs.evolve(amendment(ratio=Ratio.parse("5%")), raises=one)

        assert made.raises == (one,)


class TestPlan:
    @pytest.mark.parametrize(
        ("fields", "code"),
        [
            ({"year": "2026"}, "count-type"),
            ({"year": True}, "count-type"),
            ({"year": 0}, "count-range"),
            ({"year": 10_000}, "count-most"),
            ({"issuer": ""}, "label-form"),
            ({"entries": ["1"]}, "argument-type"),
            ({"entries": 1}, "argument-list"),
            ({"amendments": 1}, "argument-list"),
            ({"entries": [entry(), entry()]}, "invalid-input"),
            ({"conference": "联席会议"}, "argument-type"),
            ({"adopted_on": "2026-3-2"}, "day-form"),
            ({"amendments": [1]}, "argument-type"),
        ],
    )
    def test_what_is_no_plan_is_refused(self, fields, code):
        with pytest.raises((InvalidValueError, InvalidTypeError)) as caught:
            plan(**fields)

        assert caught.value.code == code

    def test_repeated_ids_are_told_with_their_rows(self):
        with pytest.raises(InvalidInput) as caught:
            plan(entry(), entry(id="2"), entry())

        (fault,) = caught.value.faults
        assert (fault.code, fault.row) == ("entry-twice", 2)

    def test_an_entry_that_is_not_there(self):
        with pytest.raises(InvalidValueError) as caught:
            plan().entry("9")

        assert caught.value.code == "plan-entry-unknown"

    def test_departments_are_named_once(self):
        made = plan(entry(cooperating=["公安局"]), entry(id="2", lead="公安局"))

        assert made.departments == ("公安局", "市场监管局")
        assert not made.is_joint

    @pytest.mark.parametrize(
        ("fields", "code"),
        [
            ({"convener": "公安局", "members": ["市场监管局"]}, "conference-convener"),
            ({"convener": "", "members": ["公安局"]}, "label-form"),
            ({"convener": "公安局", "members": "公安局"}, "argument-list"),
        ],
    )
    def test_a_conference_has_its_convener_as_member(self, fields, code):
        with pytest.raises((InvalidValueError, InvalidTypeError)) as caught:
            Conference(**fields)

        assert caught.value.code == code


FULL = plan(
    entry(
        items=[PlannedItem("甲检查", department="公安局", category="类", object="店")],
        subjects={
            "kind": {"餐饮", None},
            "on_promise": {True, False},
            "status": {Status.ACTIVE},
            "size": {1, 2},
        },
        by_agency=True,
        level="区级",
        mode=Mode.SUBJECTS_ONLY,
        mode_reason=ModeReason.FEW_INSPECTORS,
        cooperating=["公安局"],
        territories={"公安局": {"上仓镇", "下营镇"}},
        proposed_for={ProposalReason.RISK, ProposalReason.MEMBER},
        note="备注",
    ),
    entry(id="2", frequency=None, batches=(), methods=(), title="", focus=""),
    conference=Conference(convener="市场监管局", members={"公安局", "市场监管局"}),
    adopted_on=dt.date(YEAR, 3, 2),
    amendments=[
        amendment(ratio=Ratio.at_least("5%")),
        amendment(
            2,
            dt.date(YEAR, 7, 1),
            frequency=Frequency.at_least(3),
            batches=(
                HALVES[0],
                Batch(SEPTEMBER, dt.date(YEAR, 10, 1), Fraction(1, 4)),
                Batch(dt.date(YEAR, 10, 2), NOVEMBER, Fraction(1, 4)),
            ),
        ),
    ],
)


class TestDocuments:
    def test_a_plan_comes_back_as_it_was(self):
        """Stored and read, nothing is different, not even its plain form."""
        document = json.loads(json.dumps(FULL.to_dict()))

        assert Plan.from_dict(document) == FULL
        assert Plan.from_dict(document).to_dict() == FULL.to_dict()
        assert FULL.to_dict()["format"] == "dsgk-plan/1"

    def test_a_plan_without_anything_optional(self):
        assert Plan.from_dict(plan().to_dict()) == plan()

    @pytest.mark.parametrize(
        ("path", "value", "code", "column"),
        [
            (["format"], "dsgk-plan/2", "format-unknown", "format"),
            (["more"], 1, "key-unknown", "more"),
            (["year"], "2026", "count-type", "year"),
            (["entries"], None, "argument-list", "entries"),
            (["entries", 0], 1, "argument-type", "entries[0]"),
            (["entries", 0, "more"], 1, "key-unknown", "entries[0].more"),
            (["entries", 0, "ratio"], "3", "ratio-unreadable", "entries[0].ratio"),
            (["entries", 0, "ratio"], None, "argument-type", "entries[0].ratio"),
            (
                ["entries", 0, "frequency"],
                "?",
                "frequency-unreadable",
                "entries[0].frequency",
            ),
            (["entries", 0, "mode"], "none", "not-in-list", "entries[0].mode"),
            (
                ["entries", 0, "mode_reason"],
                "none",
                "not-in-list",
                "entries[0].mode_reason",
            ),
            (
                ["entries", 0, "mode_reason"],
                None,
                "mode-reason",
                "entries[0].mode_reason",
            ),
            (
                ["entries", 0, "methods", 0],
                "visit",
                "not-in-list",
                "entries[0].methods[0]",
            ),
            (
                ["entries", 0, "cooperating", 0],
                3,
                "label-type",
                "entries[0].cooperating[0]",
            ),
            (
                ["entries", 0, "proposed_for", 0],
                "?",
                "not-in-list",
                "entries[0].proposed_for[0]",
            ),
            (
                ["entries", 0, "items", 0, "name"],
                3,
                "label-type",
                "entries[0].items[0].name",
            ),
            (
                ["entries", 0, "items", 0, "more"],
                3,
                "key-unknown",
                "entries[0].items[0].more",
            ),
            (
                ["entries", 0, "batches", 0, "first"],
                "?",
                "day-form",
                "entries[0].batches[0].first",
            ),
            (
                ["entries", 0, "batches", 0, "part"],
                "2/0",
                "number-form",
                "entries[0].batches[0].part",
            ),
            (
                ["entries", 0, "batches", 0, "part"],
                0.5,
                "number-type",
                "entries[0].batches[0].part",
            ),
            (
                ["entries", 0, "batches", 0, "part"],
                "2/1",
                "batch-part",
                "entries[0].batches[0].part",
            ),
            (
                ["entries", 0, "subjects", "kind"],
                "餐饮",
                "selection-set",
                "entries[0].subjects.kind",
            ),
            (["amendments", 0], 1, "argument-type", "amendments[0]"),
            (["amendments", 0, "on"], "?", "day-form", "amendments[0].on"),
            (["amendments", 0, "reason"], "?", "not-in-list", "amendments[0].reason"),
            (["amendments", 0, "number"], 0, "count-range", "amendments[0].number"),
            (
                ["amendments", 0, "raises", 0],
                1,
                "argument-type",
                "amendments[0].raises[0]",
            ),
            (
                ["amendments", 0, "raises", 0, "ratio"],
                "?",
                "ratio-unreadable",
                "amendments[0].raises[0].ratio",
            ),
            (
                ["amendments", 0, "raises", 0, "ratio"],
                None,
                "raise-nothing",
                "amendments[0].raises[0].ratio",
            ),
            (
                ["amendments", 1, "raises", 0, "batches", 0, "part"],
                "?",
                "number-form",
                "amendments[1].raises[0].batches[0].part",
            ),
            (["conference", "more"], 1, "key-unknown", "conference.more"),
            (
                ["conference", "convener"],
                "税务局",
                "conference-convener",
                "conference.convener",
            ),
            (["adopted_on"], "3月", "day-form", "adopted_on"),
        ],
    )
    def test_a_faulty_document_is_refused_with_the_path(
        self, path, value, code, column
    ):
        """Nothing unknown is let in, and nothing is repaired."""
        document = json.loads(json.dumps(FULL.to_dict()))
        place = document
        for key in path[:-1]:
            place = place[key]
        place[path[-1]] = value

        with pytest.raises(DsgkError) as caught:
            Plan.from_dict(document)

        (fault,) = faults_of(caught.value)
        assert (code, column) == (fault.code, fault.column)

    def test_a_missing_key_is_told(self):
        document = FULL.to_dict()
        del document["year"]

        with pytest.raises(InvalidInput) as caught:
            Plan.from_dict(document)

        assert [(f.code, f.column) for f in caught.value.faults] == [
            ("key-missing", "year")
        ]

    def test_all_faults_of_a_document_are_told_with_their_paths(self):
        """Whoever mends a plan of hundreds of entries does it once."""
        document = json.loads(json.dumps(FULL.to_dict()))
        document["year"] = 0
        document["entries"][0] |= {"ratio": "?", "mode": "none"}
        document["entries"][1] |= {"items": [], "mode": "subjects-only"}
        document["amendments"][1]["raises"][0]["batches"][2]["last"] = "2026-10-01"

        with pytest.raises(InvalidInput) as caught:
            Plan.from_dict(document)

        assert [(f.code, f.column) for f in caught.value.faults] == [
            ("count-range", "year"),
            ("ratio-unreadable", "entries[0].ratio"),
            ("not-in-list", "entries[0].mode"),
            ("mode-reason", "entries[1].mode_reason"),
            ("entry-items", "entries[1].items"),
            ("batch-crossed", "amendments[1].raises[0].batches[2].last"),
        ]

    def test_what_is_no_document(self):
        with pytest.raises(InvalidTypeError):
            Plan.from_dict([])

    @pytest.mark.parametrize(
        "made",
        [
            FULL.entries[0],
            FULL.entries[0].items[0],
            FULL.amendments[1],
            FULL.amendments[1].raises[0],
            FULL.conference,
            HALVES[0],
            Campaign(
                name="春季专项",
                departments=["市场监管局"],
                items=["甲检查"],
                subjects={"kind": {"餐饮"}},
                first=MARCH,
                last=JUNE,
            ),
        ],
        ids=lambda made: type(made).__name__,
    )
    def test_parts_of_a_plan_are_stored_by_themselves(self, made):
        document = json.loads(json.dumps(made.to_dict()))

        assert type(made).from_dict(document) == made
        assert document["format"] == type(made).FORMAT
        copied = pickle.loads(pickle.dumps(made))  # noqa: S301
        assert copy.deepcopy(made) == copied == made
        assert made.schema()["required"] == [*document]


def read_csv(path):
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def columns_of(rows):
    return {name: [row[name] for row in rows] for name in rows[0]}


PUBLISHED = {
    "number": "no",
    "task": "task_or_field",
    "item": "item",
    "object": "object",
    "ratio": "ratio_text",
    "count": "quantity_or_base",
    "frequency": "frequency",
    "period": "period",
    "lead": "lead_dept",
    "cooperating": "coop_dept",
    "level": "level_or_mode",
    "note": "credit_tier_note",
}


class TestReadPlan:
    def test_every_row_is_an_entry_or_has_a_reason(self, facts):
        """41 rows of published plans: 36 entries; 4 ratios and 2 names refused."""
        rows = read_csv(facts / "published_plans.csv")
        entries, refused, lost = 0, [], 0
        for title in dict.fromkeys(row["plan"] for row in rows):
            own = [row for row in rows if row["plan"] == title]
            reading = read_plan(
                columns_of(own), year=int(own[0]["year"]), issuer=title, names=PUBLISHED
            )
            told = {fault.row for fault in reading.faults}

            assert sorted([*reading.rows, *told]) == list(range(len(own)))
            assert Plan.from_dict(reading.plan.to_dict()) == reading.plan
            entries += len(reading.plan.entries)
            lost += len(told)
            refused += [(f.code, f.params.get("reason")) for f in reading.faults]

        assert (entries, lost) == (36, 5)
        assert sorted(refused, key=str) == [
            ("names-unwritten", None),
            ("names-unwritten", None),
            ("ratio-unreadable", "classes"),
            ("ratio-unreadable", "doubtful"),
            ("ratio-unreadable", "doubtful"),
            ("ratio-unreadable", "levels"),
        ]

    def test_rows_of_one_published_plan(self, facts):
        """What stands above is filled in, and 2次/年 makes two batches."""
        rows = read_csv(facts / "published_plans.csv")
        city = [row for row in rows if row["plan"].startswith("长治市2024")]
        zone = [row for row in rows if row["plan"].startswith("武汉")]
        tobacco = read_plan(
            columns_of(city), year=2024, issuer="市", names=PUBLISHED
        ).plan.entry("1")
        hotels = read_plan(
            columns_of(zone), year=2022, issuer="区", names=PUBLISHED
        ).plan.entry("9")

        assert [str(b) for b in tobacco.batches] == [
            "2024-03-01 to 2024-07-31, 1/2 of the year",
            "2024-08-01 to 2024-12-31, 1/2 of the year",
        ]
        assert tobacco.departments == ("市烟草专卖局", "市邮政管理局", "市公安局")
        assert hotels.cooperating == (
            "城乡建设",
            "卫生健康",
            "市场监管部门",
            "消防救援机构",
        )
        assert hotels.batches == ()

    def test_the_joint_items_of_a_province_are_planned(self, facts):
        """83 joint items; several initiating departments: the first leads."""
        table = columns_of(read_csv(facts / "province_joint_items.csv"))
        made = Plan.from_table(
            {**table, "抽查比例": ["3%"] * 83, "检查时间": ["3月—11月"] * 83},
            year=YEAR,
            issuer="联席会议",
            names={
                "task": "field",
                "item": "item",
                "object": "object",
                "lead": "initiating_dept",
                "cooperating": "cooperating_dept",
            },
            conference=Conference(convener="市场监管部门", members={"市场监管部门"}),
            adopted_on=MARCH,
        )

        assert len(made.entries) == 83
        assert made.is_joint
        assert made.adopted_on == MARCH
        assert sum(len(one.departments) == 1 for one in made.entries) == 0

    def test_all_unread_rows_are_one_error(self):
        table = {
            "抽查事项": ["甲", "", "丙", "丁"],
            "抽查任务": ["", "", "三", "四"],
            "抽查比例": ["3%", "5%", "适当", ""],
            "检查时间": ["3月", "适时", "同上", "4月"],
            "牵头部门": ["公安局", None, "公安局", "公安局"],
        }

        with pytest.raises(InvalidInput) as caught:
            Plan.from_table(
                table,
                year=YEAR,
                issuer="联席会议",
                conference=Conference(convener="公安局", members={"公安局"}),
            )

        assert [(f.row, f.column, f.code) for f in caught.value.faults] == [
            (1, "检查时间", "window-unreadable"),
            (1, "牵头部门", "cell-empty"),
            (1, "抽查事项", "cell-empty"),
            (2, "抽查比例", "ratio-unreadable"),
            (2, "检查时间", "window-unreadable"),
            (3, "抽查比例", "cell-empty"),
        ]

    def test_cells_of_a_row(self):
        table = {
            "序号": ["1", "1"],
            "抽查任务": ["综合", "同上"],
            "抽查事项": ["甲检查；乙检查", ""],
            "检查对象": ["各类企业", "〃"],
            "抽查比例": ["", "5%"],
            "抽查数量": ["60-70家", "3户"],
            "检查方式": ["现场检查、专业机构核查", None],
            "检查重点": ["后厨", ""],
            "牵头部门": ["公安局、税务局", ""],
            "配合部门": ["公安局，商务局", ""],
            "检查层级": ["区级", ""],
            "提议依据": ["监管风险、成员单位提议", ""],
            "备注": ["递加", "另见"],
        }
        reading = read_plan(
            table, year=YEAR, issuer="市场监管局", selections={"各类企业": {}}
        )
        first, second = reading.plan.entries

        assert (first.id, second.id) == ("1", "1 (1)")
        assert first.items == (PlannedItem("甲检查"), PlannedItem("乙检查"))
        assert second.items == (PlannedItem("综合"),)
        assert (first.subjects, second.subjects) == ({}, {})
        assert first.ratio == Ratio.count_between(60, 70)
        assert (first.methods, first.by_agency) == (frozenset({ON_SITE}), True)
        assert first.departments == ("公安局", "税务局", "商务局")
        assert second.departments == ("市场监管局",)
        assert second.by_agency is False
        assert (first.focus, first.level, first.note) == ("后厨", "区级", "递加")
        assert second.note == "另见；抽查数量：3户"
        assert first.proposed_for == {ProposalReason.RISK, ProposalReason.MEMBER}
        assert second.proposed_for == frozenset()

    def test_rows_without_a_number_are_counted_from_one(self):
        reading = read_plan(
            {"抽查事项": ["甲", "乙"], "抽查比例": ["3%", "5%"]},
            year=YEAR,
            issuer="公安局",
        )

        assert [one.id for one in reading.plan.entries] == ["1", "2"]
        assert reading.rows == (0, 1)

    def test_what_an_entry_refuses_is_a_fault_of_its_row(self):
        """A name with padding inside an id cannot be an entry."""
        reading = read_plan(
            {"抽查事项": ["甲"], "抽查比例": ["3%"], "检查对象": ["Ａ类"]},
            year=YEAR,
            issuer="公安局",
        )

        assert reading.plan.entries == ()
        assert [f.row for f in reading.faults] == [0]

    def test_names_that_are_no_fields_are_refused(self):
        with pytest.raises(InvalidValueError) as caught:
            read_plan({"x": []}, year=YEAR, issuer="公安局", names={"items": "x"})

        assert caught.value.code == "not-in-list"

    def test_the_items_must_be_a_column(self):
        with pytest.raises(InvalidInput):
            read_plan({"抽查比例": ["3%"]}, year=YEAR, issuer="公安局")


def row(subject="S1", **fields):
    given = {
        "task_id": f"T{subject}{fields.get('entry', '1')}",
        "subject_id": subject,
        "item": "食品经营监督检查",
        "department": "市场监管局",
        "entry": "1",
        "stratum": "全部",
        "drawn_on": MARCH,
        "due": JUNE,
    }
    return LedgerRow(**{**given, **fields})


def done(subject, on, **fields):
    return row(subject, completed_on=on, results=("no-problem",), **fields)


class TestProgress:
    def test_done_due_and_late_around_the_last_day(self):
        """A check is late on the day after its last day, and not before."""
        ledger = Ledger.of(
            [done("S1", JUNE), done("S2", JUNE + dt.timedelta(1)), row("S3")]
        )
        tallies = {
            day: plan().progress(ledger, on=day).total
            for day in (MARCH, JUNE, JUNE + dt.timedelta(1), NOVEMBER)
        }

        assert list(tallies.values()) == [
            Tally(drawn=3, due=3),
            Tally(drawn=3, done=1, due=2),
            Tally(drawn=3, done=2, done_late=1, late=1),
            Tally(drawn=3, done=2, done_late=1, late=1),
        ]

    def test_a_subject_counts_once_for_all_its_checks(self):
        """Two items, two departments, two entries: one subject in the whole."""
        ledger = Ledger.of(
            [
                done("S1", MARCH),
                row("S1", item="计量检查"),
                done("S1", MARCH, department="公安局"),
                done("S1", MARCH, entry="2", due=SEPTEMBER),
            ]
        )
        progress = plan(entry(), entry(id="2"), entry(id="3")).progress(
            ledger, on=MARCH
        )

        assert progress.total == Tally(drawn=1, due=1)
        assert progress.entries == {
            "1": Tally(drawn=1, due=1),
            "2": Tally(drawn=1, done=1),
            "3": Tally(),
        }
        assert progress.departments == {
            "公安局": Tally(drawn=1, done=1),
            "市场监管局": Tally(drawn=1, due=1),
        }
        assert progress.quarters == {
            1: Tally(),
            2: Tally(drawn=1, due=1),
            3: Tally(drawn=1, done=1),
            4: Tally(),
        }

    def test_a_substitute_takes_the_place_of_whom_it_replaces(self):
        ledger = Ledger.of(
            [row("S1"), done("S2", MARCH, replaces="S1"), row("S1", entry="2")]
        )
        progress = plan(entry(), entry(id="2")).progress(ledger, on=MARCH)

        assert progress.entries["1"] == Tally(drawn=2, done=1, replaced=1)
        assert progress.entries["1"].completion == 1
        assert progress.entries["2"] == Tally(drawn=1, due=1)
        assert progress.total == Tally(drawn=2, done=1, due=1)

    def test_a_replaced_subject_that_is_in_the_ledger_of_another_year(self):
        """Who is replaced need not have a row of its own."""
        ledger = Ledger.of([done("S2", MARCH, replaces="S9"), row("S1")])

        assert plan().progress(ledger, on=MARCH).total == Tally(drawn=2, done=1, due=1)

    def test_case_leads_campaigns_and_other_years_are_apart(self):
        ledger = Ledger.of(
            [
                row(
                    "S1", origin=Origin.CASE_LEAD, entry=None, stratum=None, basis="X1"
                ),
                row("S2", origin=Origin.CAMPAIGN),
                row("S3", drawn_on=dt.date(2025, 3, 1), due=dt.date(2025, 12, 31)),
                row("S4", entry="9"),
            ]
        )
        progress = plan().progress(ledger, on=NOVEMBER)

        assert progress.total == Tally()
        assert progress.total.completion is None
        assert progress.unplanned == ("9",)

    def test_batches_that_began_without_a_draw_are_named(self):
        """A draw that was forgotten is seen on the first day of its batch."""
        ledger = Ledger.of([row("S1")])
        made = plan(
            entry(),
            entry(
                id="2",
                mode=Mode.INSPECTORS_ONLY,
                mode_reason=ModeReason.APPROVAL,
            ),
        )
        eve = SEPTEMBER - dt.timedelta(1)

        assert made.progress(ledger, on=eve).undrawn == ()
        assert made.progress(ledger, on=SEPTEMBER).undrawn == (("1", HALVES[1]),)
        assert made.progress(Ledger.of(), on=MARCH).undrawn == (("1", HALVES[0]),)

    def test_checks_at_either_end_of_a_batch_belong_to_it(self):
        for due in (SEPTEMBER, NOVEMBER):
            ledger = Ledger.of([row("S1"), row("S2", due=due)])

            assert plan().progress(ledger, on=NOVEMBER).undrawn == ()

    def test_columns_for_a_table(self):
        ledger = Ledger.of([done("S1", MARCH)])
        columns = plan().progress(ledger, on=MARCH).to_columns()

        assert columns["scope"] == ["plan", "entry", "department", *["quarter"] * 4]
        assert columns["name"] == ["", "1", "市场监管局", "1", "2", "3", "4"]
        assert columns["done"] == [1, 1, 1, 0, 1, 0, 0]

    def test_amendments_after_the_day_do_not_count(self):
        on = dt.date(YEAR, 7, 1)
        earlier = (HALVES[0], Batch(on, NOVEMBER, HALF))
        made = plan().amend(
            amendment(on=on, ratio=Ratio.at_least("5%"), batches=earlier)
        )
        ledger = Ledger.of([row("S1")])

        assert made.progress(ledger, on=on - dt.timedelta(1)).undrawn == ()
        assert made.progress(ledger, on=on).undrawn == (("1", earlier[1]),)

    def test_something_else_than_a_ledger_is_refused(self):
        with pytest.raises(InvalidTypeError):
            plan().progress([], on=MARCH)


def day(month, number=1):
    return dt.date(YEAR, month, number)


def subjects(size, **columns):
    """Restaurants of a register, with one shop that is none."""
    given = {name: [*cells, cells[-1]] for name, cells in columns.items()}
    return SubjectRegister.from_columns(
        id=[*(f"S{k}" for k in range(size)), "X"],
        kind=["餐饮"] * size + ["药店"],
        **given,
    )


def undrawn(entries, rows, on=SILVESTER, **known):
    """Which batches were not drawn, by their first days."""
    made = plan(*entries)
    progress = made.progress(Ledger.of(rows), on=on, **known)
    return [(one.entry, one.batch.first) for one in progress.undrawn]


class TestUndrawnBatches:
    """Which batches a ledger shows to be drawn, and which draw nobody."""

    @pytest.mark.parametrize(
        ("due", "left"),
        [
            # Each is due on the last day of its own batch, within the other's.
            ([(6, 30)], [5]),
            ([(9, 30)], [4]),
            ([(6, 30), (9, 30)], []),
            # A day of the host's own lies in both.
            ([(6, 1)], []),
            ([(4, 15)], [5]),
        ],
    )
    def test_a_check_in_two_batches_is_of_one(self, due, left):
        """One draw must not hide that the other was forgotten."""
        overlapping = (
            Batch(day(4), day(6, 30), HALF),
            Batch(day(5), day(9, 30), HALF),
        )
        rows = [
            row(f"S{k}", drawn_on=day(4), due=day(*one)) for k, one in enumerate(due)
        ]

        assert undrawn([entry(batches=overlapping)], rows) == [
            ("1", day(month)) for month in left
        ]

    @pytest.mark.parametrize(
        ("drawn", "left"),
        [
            ([day(4, 3)], [7]),
            ([day(4, 3), day(7, 3)], []),
            # Drawn together, some days before the first of them begins.
            ([day(3, 30)], [5, 7]),
            ([day(6, 30)], [7]),
            ([day(7, 1)], []),
        ],
    )
    def test_of_batches_that_end_together_later_quarters_are_later_draws(
        self, drawn, left
    ):
        """An amendment adds a batch that ends with the first: it is another draw."""
        third = Fraction(1, 3)
        ending = tuple(Batch(day(month), day(12, 31), third) for month in (4, 5, 7))
        rows = [
            row(f"S{k}", drawn_on=on, due=day(12, 31)) for k, on in enumerate(drawn)
        ]

        assert undrawn([entry(batches=ending)], rows) == [
            ("1", day(month)) for month in left
        ]

    def test_at_100_per_cent_one_draw_is_of_all_batches(self):
        ending = tuple(Batch(day(month), day(12, 31), HALF) for month in (4, 7))
        everybody = entry(batches=ending, ratio=Ratio.exactly("100%"))
        drawn = row("S1", drawn_on=day(4), due=day(12, 31))

        assert undrawn([everybody], [drawn]) == []
        assert undrawn([everybody], []) == [("1", day(4)), ("1", day(7))]

    @pytest.mark.parametrize(
        ("size", "left"), [(0, []), (1, []), (2, [9]), (33, []), (34, [9])]
    )
    def test_a_batch_in_which_nobody_is_drawn_is_no_omission(self, size, left):
        """3 % of 33 is one, drawn in the first half; of 34 it is two."""
        register = subjects(size)
        one = entry(ratio=Ratio.at_least("100%") if size < 3 else Ratio.at_least("3%"))
        rows = [row("S0")] * bool(size)
        known = {"subjects": register, "on": NOVEMBER}

        assert undrawn([one], rows, **known) == [("1", day(month)) for month in left]
        by_lead = {"subjects": {"市场监管局": register}, "on": NOVEMBER}
        assert undrawn([one], rows, **by_lead) == [("1", day(month)) for month in left]

    def test_the_batch_that_draws_the_only_subject_is_missed_alone(self):
        known = {"subjects": subjects(33)}

        assert undrawn([entry()], [], **known) == [("1", MARCH)]
        assert undrawn([entry()], []) == [("1", MARCH), ("1", SEPTEMBER)]

    def test_without_the_register_nothing_is_known(self):
        for known in ({}, {"subjects": {"公安局": subjects(9)}}):
            assert undrawn([entry()], [row("S0")], **known) == [("1", SEPTEMBER)]

    def test_who_was_drawn_early_need_not_be_drawn_again(self):
        """The register has shrunk: what is due in the year is reached."""
        half = entry(ratio=Ratio.exactly("50%"))
        rows = [row(f"S{k}") for k in range(3)]

        assert undrawn([half], rows, subjects=subjects(6)) == []
        assert undrawn([half], rows, subjects=subjects(7)) == [("1", SEPTEMBER)]
        stood_in = [*rows[:2], row("S9", replaces="S0")]
        assert undrawn([half], stood_in, subjects=subjects(6)) == [("1", SEPTEMBER)]

    def test_those_of_others_do_not_count(self):
        half = entry(ratio=Ratio.exactly("50%"))
        rows = [row("S0"), *(row(f"S{k}", entry="2") for k in range(1, 4))]
        both = [half, entry(id="2")]

        assert undrawn(both, rows, subjects=subjects(4)) == [("1", SEPTEMBER)]

    def test_who_has_left_is_not_drawn(self):
        register = subjects(2, status=["存续", "注销"])
        everybody = entry(ratio=Ratio.exactly("100%"))

        assert undrawn([everybody], [row("S0")], subjects=register) == []

    @pytest.mark.parametrize(("share", "left"), [("10%", []), ("30%", [9])])
    def test_tiers_make_the_number(self, share, left):
        """不超过10% of five is nobody; the ratio of the plan is not asked."""
        policy = TierPolicy(
            [
                TierRule("D", ratio=Ratio.exactly("100%"), when={"credit": {"D"}}),
                TierRule("其他", ratio=Ratio.at_most(share)),
            ]
        )
        register = subjects(6, credit=["D", *"AAAAA"])
        known = {"subjects": register, "tiers": {"1": policy}}
        half = entry(ratio=Ratio.exactly("50%"))

        assert undrawn([half], [row("S0")], **known) == [("1", day(m)) for m in left]
        without = {"tiers": {"1": policy}}
        assert undrawn([half], [row("S0")], **without) == [("1", SEPTEMBER)]
        counted = entry(ratio=Ratio.count_between(1, 1))
        assert undrawn([counted], [row("S0")], **known) == []

    @pytest.mark.parametrize(
        ("officers", "left"), [([], [3, 9]), ([1], []), ([2], [9])]
    )
    def test_officers_make_the_number(self, officers, left):
        """One subject for each officer; without any the plan cannot be kept."""
        people = InspectorRegister(
            Inspector(id=f"P{k}", department="市场监管局")
            for number in officers
            for k in range(number)
        )
        one = entry(ratio=Ratio.per_officer(1))
        rows = [row("S0")] * bool(officers)

        assert undrawn([one], rows, inspectors=people) == [("1", day(m)) for m in left]

    def test_a_ratio_without_a_number_leaves_the_batch_undrawn(self):
        none = entry(ratio=Ratio.between("10%", "11%"))

        assert undrawn([none], [row("S0")], subjects=subjects(8)) == [("1", SEPTEMBER)]

    def test_a_register_without_the_field_is_refused(self):
        register = SubjectRegister.from_columns(id=["S0"])

        with pytest.raises(InvalidValueError) as caught:
            undrawn([entry()], [], subjects=register)
        assert caught.value.code == "unknown-field"
        assert undrawn([entry()], [row("S0"), row("S1", due=NOVEMBER)]) == []

    @pytest.mark.parametrize(
        "change",
        [
            {"subjects": 3},
            {"subjects": {"市场监管局": None}},
            {"inspectors": []},
            {"tiers": None},
            {"tiers": {"1": Ratio.exactly("3%")}},
        ],
        ids=str,
    )
    def test_other_types_are_refused(self, change):
        with pytest.raises(InvalidTypeError) as caught:
            undrawn([entry()], [], **change)

        assert caught.value.code in {"argument-type", "argument-mapping"}


class TestOverload:
    def test_no_visits_are_no_overload(self):
        assert overload([], per_day=0, workdays=lambda *_: 1) is None

    def test_the_tightest_window_is_found(self):
        """Visits that could wait do not count against a short window."""
        days = [dt.date(YEAR, 3, k) for k in range(1, 11)]
        demands = [
            Demand(days[0], days[9], 5),
            Demand(days[3], days[4], 5),
            Demand(days[4], days[4], 2),
        ]

        def workdays(first, last):
            return (last - first).days + 1

        assert overload(demands, per_day=4, workdays=workdays) is None
        assert overload(demands, per_day=3, workdays=workdays) == (
            days[3],
            days[4],
            7,
            6,
        )
        assert overload(demands, per_day=0, workdays=workdays) == (
            days[0],
            days[9],
            12,
            0,
        )


class TestFindings:
    def test_a_finding_is_shown_with_its_entries(self):
        finding = PlanFinding.of(
            "entries-repeat", entries=("1", "2"), items=["甲检查", "乙检查"]
        )

        assert str(finding).startswith("1, 2: an item must not be planned twice")
        assert "(got '甲检查', '乙检查')" in str(finding)
        assert finding.severity is Severity.WARNING
        assert finding.provision == str(article(17))
        assert finding.chinese == (
            "同一时段对相同对象不应重复安排同一事项（实际为'甲检查', '乙检查'）。"
            "请合并条目或区分对象。"
        )

    @pytest.mark.parametrize(
        ("fields", "code"),
        [
            ({"departments": ()}, "campaign-empty"),
            ({"items": ()}, "campaign-empty"),
            ({"last": dt.date(YEAR, 2, 1)}, "batch-crossed"),
            ({"mechanism": None}, "text-type"),
            ({"first": "3月"}, "day-form"),
            ({"name": ""}, "label-form"),
        ],
    )
    def test_what_is_no_campaign_is_refused(self, fields, code):
        given = {
            "name": "春季专项",
            "departments": "市场监管局",
            "items": "甲检查",
            "first": MARCH,
            "last": JUNE,
        }

        with pytest.raises((InvalidValueError, InvalidTypeError)) as caught:
            Campaign(**{**given, **fields})

        assert caught.value.code == code
