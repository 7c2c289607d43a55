"""Ratios: what a plan may state, what it means, what is refused."""

import csv
import pickle
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest

from dsgk._cells import read_share
from dsgk.errors import InvalidTypeError, InvalidValueError
from dsgk.kernels.allocation import share_down, share_up
from dsgk.sources import article, provisions_of
from dsgk.tiers import Bound, Measure, Ratio


class TestQuota:
    @pytest.mark.parametrize(
        ("ratio", "size", "quota"),
        [
            (Ratio.at_least("3%"), 16, 1),  # 3 % of 16 is 1, not 0
            (Ratio.at_most("5%"), 16, 0),  # at most is another rule
            (Ratio.exactly("3%"), 16, 1),  # a plan's 3 % is a floor
            (Ratio.exactly("7%"), 100, 7),  # in floats it would be 8
            (Ratio.at_most("29%"), 100, 29),  # in floats it would be 28
            (Ratio.at_least("3%"), 629235, 18878),
            (Ratio.at_most("3%"), 629235, 18877),
            (Ratio.between("10%", "20%"), 16, 2),
            (Ratio.between("10%", "20%"), 10, 1),
            (Ratio.between("10%", "20%"), 5, 1),
            (Ratio.between("10%", "10%"), 20, 2),
            (Ratio.between("0%", "20%"), 16, 0),
            (Ratio.at_least("0%"), 16, 0),
            (Ratio.exactly("100%"), 16, 16),
            (Ratio.exactly(Fraction(1, 3)), 10, 4),
            (Ratio.count_between(60, 70), 1000, 60),
            (Ratio.count_between(60, 70), 40, 40),
            (Ratio.count_between(20, None), 1000, 20),
            (Ratio.count_between(None, 30), 1000, 30),
            (Ratio.count_between(None, 30), 7, 7),
            (Ratio.count_between(1, 1), 16, 1),
        ],
    )
    def test_turns_a_ratio_into_a_whole_number(self, ratio, size, quota):
        """At least and exactly round up, at most rounds down, counts are capped."""
        assert quota == ratio.quota(size)

    @pytest.mark.parametrize(
        "ratio",
        [
            Ratio.at_least("3%"),
            Ratio.at_most("5%"),
            Ratio.exactly("100%"),
            Ratio.between("10%", "20%"),
            Ratio.count_between(60, 70),
        ],
        ids=repr,
    )
    def test_of_an_empty_stratum_is_zero(self, ratio):
        """A tier may be empty; that is no fault."""
        assert ratio.quota(0) == 0

    def test_names_both_bounds_when_no_whole_number_lies_between(self):
        """The organiser has to choose, so both neighbours are named."""
        with pytest.raises(InvalidValueError) as caught:
            Ratio.between("10%", "12%").quota(5)

        assert caught.value.code == "ratio-unmet"
        assert caught.value.params == {
            "ratio": "10%-12%",
            "size": 5,
            "low": Fraction(1, 2),
            "high": Fraction(3, 5),
            "fewer": 0,
            "more": 1,
        }
        assert "1/2 and 3/5" in str(caught.value)
        assert "Draw 0 or 1" in str(caught.value)
        assert caught.value.provision == str(article(12))

    def test_per_officer_needs_the_number_of_officers(self):
        """1:5 says nothing until the officers are counted."""
        with pytest.raises(InvalidValueError, match="'officers' must be given") as e:
            Ratio.per_officer(5).quota(100)

        assert e.value.code == "ratio-officers"
        assert Ratio.per_officer(5).quota(11259, officers=8) == 40
        assert Ratio.per_officer(5).quota(30, officers=8) == 30
        assert Ratio.per_officer(5).quota(30, officers=0) == 0
        assert Ratio.per_officer(5, at_least=True).quota(100, officers=8) == 40

    @pytest.mark.parametrize("size", [16.0, "16", True, None])
    def test_of_something_that_is_no_number_is_refused(self, size):
        """A float size would make the answer inexact."""
        with pytest.raises(InvalidTypeError) as caught:
            Ratio.exactly("3%").quota(size)

        assert caught.value.code == "count-type"

    def test_takes_the_integers_of_numpy(self):
        """Sizes come from columns."""
        quota = Ratio.exactly("3%").quota(np.int64(16))

        assert quota == 1
        assert type(quota) is int

    @pytest.mark.parametrize(
        ("size", "officers"), [(-1, 8), (10, -1)], ids=["size", "officers"]
    )
    def test_of_a_negative_number_is_refused(self, size, officers):
        with pytest.raises(InvalidValueError, match="must be 0 or more") as caught:
            Ratio.per_officer(5).quota(size, officers=officers)

        assert caught.value.code == "count-range"


class TestConstructors:
    @pytest.mark.parametrize(
        "share",
        [
            "3%",
            "３％",
            " 3 %",
            "30‰",
            "0.03",
            "3.0%",
            "百分之三",
            "3/100",
            "千分之三十",
            Fraction(3, 100),
            Decimal("0.03"),
        ],
        ids=repr,
    )
    def test_accept_every_exact_spelling_of_a_share(self, share):
        """Equality is equality of meaning."""
        assert Ratio.exactly("3%") == Ratio.exactly(share)
        assert hash(Ratio.exactly("3%")) == hash(Ratio.exactly(share))

    def test_keep_what_was_meant(self):
        ratio = Ratio.between("10%", "20%")

        assert (ratio.bound, ratio.measure) == (Bound.BETWEEN, Measure.SHARE)
        assert (Fraction(1, 10), Fraction(1, 5)) == (ratio.low, ratio.high)
        assert Fraction(1, 10) == ratio.target
        assert Fraction(1, 20) == Ratio.at_most("5%").target

    def test_of_different_rules_are_different(self):
        """≥3 %, ≤3 % and 3 % are three rules, even where quotas agree."""
        rules = {
            Ratio.at_least("3%"),
            Ratio.at_most("3%"),
            Ratio.exactly("3%"),
            Ratio.between("3%", "3%"),
            Ratio.count_between(3, 3),
            Ratio.per_officer(3),
            Ratio.per_officer(3, at_least=True),
        }

        assert len(rules) == 7

    def test_take_nothing_and_everything(self):
        """Zero cannot be misread, a whole Fraction is a share."""
        assert Ratio.at_least("0%") == Ratio.at_least(0)
        assert Ratio.exactly("100%") == Ratio.exactly(Fraction(1))
        assert Ratio.exactly("100%") == Ratio.exactly(Decimal("1.00"))

    @pytest.mark.parametrize(
        ("share", "instead"),
        [
            (0.03, "3%"),
            (1.0, "100%"),
            (0.0, "0%"),
            (1e-05, "0.001%"),
            (np.float64(0.07), "7%"),
            (7.0, "3%"),
            (-0.5, "3%"),
            (float("nan"), "3%"),
            (float("inf"), "3%"),
        ],
    )
    def test_refuse_floats_and_say_what_to_write(self, share, instead):
        """ceil(0.07 * 100) is 8; what the message says to write is taken."""
        with pytest.raises(InvalidTypeError) as caught:
            Ratio.exactly(share)

        assert caught.value.code == "number-type"
        assert f"Write {instead!r} instead" in str(caught.value)
        assert str(Ratio.exactly(instead)) == instead

    @pytest.mark.parametrize(
        "share", [True, False, None, b"3%", ["3%"], np.float32(0.5)], ids=repr
    )
    def test_refuse_what_is_no_number(self, share):
        """True would be 100 %."""
        with pytest.raises(InvalidTypeError) as caught:
            Ratio.at_least(share)

        assert caught.value.code == "number-type"

    @pytest.mark.parametrize("share", [1, 5, "1", "5", "1.0", "0"], ids=repr)
    def test_refuse_what_can_be_read_in_two_ways(self, share):
        """1 may be 1 %, all, or one subject."""
        with pytest.raises(InvalidValueError) as caught:
            Ratio.exactly(share)

        assert caught.value.code == "ratio-ambiguous"
        assert f"Write '{share}%'" in str(caught.value)
        assert ("count_between" in str(caught.value)) == (share != "1.0")

    @pytest.mark.parametrize(
        "share",
        [
            "101%",
            "1001‰",
            "-1%",
            "-0.01",
            "百分之一百零一",
            "4/3",
            Fraction(-1, 3),
            Fraction(4, 3),
            Decimal(3),
            Decimal("-0.1"),
        ],
        ids=repr,
    )
    def test_refuse_shares_outside_0_to_100_percent(self, share):
        with pytest.raises(InvalidValueError) as caught:
            Ratio.at_most(share)

        assert caught.value.code == "ratio-range"
        assert str(article(12)) == caught.value.provision

    @pytest.mark.parametrize(
        "share",
        [
            "",
            "%",
            "三",
            "3%以上",
            "不低于3%",
            "5户",
            "1:5",
            "1/0",
            "nan",
            "1e-2",
            "--3%",
            "9" * 600 + "%",
            Decimal("NaN"),
            Decimal("Infinity"),
        ],
        ids=lambda share: str(share)[:10],
    )
    def test_refuse_texts_that_are_no_share_alone(self, share):
        """Words of a plan go through `parse`, which keeps their meaning."""
        with pytest.raises(InvalidValueError) as caught:
            Ratio.exactly(share)

        assert caught.value.code == "ratio-text"

    @pytest.mark.parametrize(
        "make",
        [lambda: Ratio.between("20%", "10%"), lambda: Ratio.count_between(70, 60)],
        ids=["share", "count"],
    )
    def test_refuse_crossed_bounds(self, make):
        """Exchanged bounds are named in the order to write."""
        with pytest.raises(InvalidValueError, match="Write them as") as caught:
            make()

        assert caught.value.code == "ratio-crossed"

    @pytest.mark.parametrize("count", [2.0, "60", True])
    def test_refuse_counts_that_are_no_whole_numbers(self, count):
        for make in (
            lambda: Ratio.count_between(count, 70),
            lambda: Ratio.count_between(None, count),
            lambda: Ratio.per_officer(count),
        ):
            with pytest.raises(InvalidTypeError):
                make()

    @pytest.mark.parametrize(
        ("make", "least"),
        [
            (lambda: Ratio.count_between(-1, 5), 0),
            (lambda: Ratio.count_between(None, -1), 0),
            (lambda: Ratio.per_officer(0), 1),
            (
                lambda: Ratio(
                    bound=Bound.AT_LEAST, measure=Measure.COUNT, low=Fraction(1, 2)
                ),
                0,
            ),
        ],
        ids=["low", "high", "officer", "half"],
    )
    def test_refuse_counts_out_of_range(self, make, least):
        with pytest.raises(InvalidValueError) as caught:
            make()

        assert caught.value.code == "ratio-count"
        assert least == caught.value.params["least"]

    @pytest.mark.parametrize(
        ("fields", "code"),
        [
            ({"bound": "half", "low": Fraction(1, 2)}, "not-in-list"),
            (
                {"bound": Bound.AT_LEAST, "measure": 3, "low": Fraction(3)},
                "not-in-list",
            ),
            ({"bound": Bound.AT_LEAST, "low": 0.5}, "number-type"),
            ({"bound": Bound.AT_LEAST, "low": "不低于3%"}, "number-form"),
            ({"bound": Bound.AT_MOST, "high": True}, "number-type"),
        ],
        ids=repr,
    )
    def test_refuse_fields_of_another_type(self, fields, code):
        """A measure that is none would make 3 subjects 300 %."""
        with pytest.raises((InvalidTypeError, InvalidValueError)) as caught:
            Ratio(**fields)

        assert caught.value.code == code

    def test_take_the_codes_of_closed_lists(self):
        """As documents and tables write them."""
        made = Ratio(bound="at least", measure="数量", low=Fraction(3))

        assert made == Ratio.count_between(3, None)

    def test_refuse_a_count_without_any_bound(self):
        with pytest.raises(InvalidValueError, match="None and None") as caught:
            Ratio.count_between(None, None)

        assert caught.value.code == "ratio-bounds"

    @pytest.mark.parametrize(
        "fields",
        [
            {"bound": Bound.AT_LEAST},
            {"bound": Bound.AT_LEAST, "low": Fraction(0), "high": Fraction(1)},
            {"bound": Bound.AT_MOST, "low": Fraction(0)},
            {"bound": Bound.EXACTLY, "low": Fraction(0), "high": Fraction(1)},
            {"bound": Bound.BETWEEN, "low": Fraction(0)},
        ],
        ids=repr,
    )
    def test_refuse_bounds_that_do_not_fit_the_kind(self, fields):
        """The plain constructor cannot make a ratio that the named ones cannot."""
        with pytest.raises(InvalidValueError) as caught:
            Ratio(**fields)

        assert caught.value.code == "ratio-bounds"


# Every form that must be read, with its meaning.
READ = {
    "3台（套）": Ratio.count_between(3, 3),
    "不超过30家（户）": Ratio.count_between(None, 30),
    "库内企业的5%": Ratio.exactly("5%"),
    "不低于名录库内企业总数的3%": Ratio.at_least("3%"),
    "3%": Ratio.exactly("3%"),
    "３％": Ratio.exactly("3%"),
    "3 %": Ratio.exactly("3%"),
    "\u00a03%\u3000": Ratio.exactly("3%"),
    "3.0%": Ratio.exactly("3%"),
    "0.5%": Ratio.exactly("0.5%"),
    "2‰": Ratio.exactly("2‰"),
    "0.05": Ratio.exactly("5%"),
    "1/3": Ratio.exactly("1/3"),
    "三分之一": Ratio.exactly("1/3"),
    "百分之三": Ratio.exactly("3%"),
    "百分之三点五": Ratio.exactly("3.5%"),
    "百分之零点五": Ratio.exactly("0.5%"),
    "百分之十": Ratio.exactly("10%"),
    "百分之二十五": Ratio.exactly("25%"),
    "百分之百": Ratio.exactly("100%"),
    "百分之5": Ratio.exactly("5%"),
    "千分之五": Ratio.exactly("5‰"),
    "万分之五": Ratio.exactly("0.05%"),
    "100%": Ratio.exactly("100%"),
    "全覆盖": Ratio.exactly("100%"),
    "全部": Ratio.exactly("100%"),
    "全部检查": Ratio.exactly("100%"),
    "所有检查对象": Ratio.exactly("100%"),
    "100%（全覆盖）": Ratio.exactly("100%"),
    "抽查比例100%，实现全覆盖": Ratio.exactly("100%"),
    "每年全覆盖": Ratio.exactly("100%"),
    "=50%": Ratio.exactly("50%"),
    "10%/年": Ratio.exactly("10%"),
    "抽取比例为3%": Ratio.exactly("3%"),
    "抽查比例：3%": Ratio.exactly("3%"),
    "按5%比例抽取": Ratio.exactly("5%"),
    "按照5%的比例": Ratio.exactly("5%"),
    "按企业总数5%的比例随机抽取": Ratio.exactly("5%"),
    "随机抽取3%的企业": Ratio.exactly("3%"),
    "全部企业的5%": Ratio.exactly("5%"),
    "从辖区企业中抽取5%": Ratio.exactly("5%"),
    "2025年度抽查5%": Ratio.exactly("5%"),
    "一般为5%": Ratio.exactly("5%"),
    "不低于3%": Ratio.at_least("3%"),
    "不低于3%。": Ratio.at_least("3%"),
    "不低于百分之五": Ratio.at_least("5%"),
    "不少于2‰": Ratio.at_least("2‰"),
    "不小于5%": Ratio.at_least("5%"),
    "不得低于抽查对象总数的3%": Ratio.at_least("3%"),
    "≥20%": Ratio.at_least("20%"),
    "≧20％": Ratio.at_least("20%"),
    ">=20%": Ratio.at_least("20%"),
    "大于等于3%": Ratio.at_least("3%"),
    "大于或等于3%": Ratio.at_least("3%"),
    "至少3%": Ratio.at_least("3%"),
    "最低不少于3%": Ratio.at_least("3%"),
    "3%以上": Ratio.at_least("3%"),
    "5%（含）以上": Ratio.at_least("5%"),
    "每年不少于10%": Ratio.at_least("10%"),
    "年抽查比例不低于5%": Ratio.at_least("5%"),
    "原则上不低于3%": Ratio.at_least("3%"),
    "抽查比例不低于辖区内机构数的5%": Ratio.at_least("5%"),
    "不超过2%": Ratio.at_most("2%"),
    "不超过总数的2%": Ratio.at_most("2%"),
    "根据实际需要，一般不超过 10%/年": Ratio.at_most("10%"),
    "不高于5%": Ratio.at_most("5%"),
    "不大于5%": Ratio.at_most("5%"),
    "≤5%": Ratio.at_most("5%"),
    "<=5%": Ratio.at_most("5%"),
    "小于等于5%": Ratio.at_most("5%"),
    "最多5%": Ratio.at_most("5%"),
    "5%以下": Ratio.at_most("5%"),
    "3％以内": Ratio.at_most("3%"),
    "控制在5%以内": Ratio.at_most("5%"),
    "10-20%": Ratio.between("10%", "20%"),
    "10%-20%": Ratio.between("10%", "20%"),
    "10%～20%": Ratio.between("10%", "20%"),
    "10%~20%/年": Ratio.between("10%", "20%"),
    "5%—10%": Ratio.between("5%", "10%"),
    "5%——10%": Ratio.between("5%", "10%"),
    "5\u201310%": Ratio.between("5%", "10%"),
    "10％－20％": Ratio.between("10%", "20%"),
    "10%至20%之间": Ratio.between("10%", "20%"),
    "10%到20%": Ratio.between("10%", "20%"),
    "百分之十至百分之二十": Ratio.between("10%", "20%"),
    "5‰-1%": Ratio.between("0.5%", "1%"),
    "3%以上5%以下": Ratio.between("3%", "5%"),
    "最低3%，最高5%": Ratio.between("3%", "5%"),
    "不超过5%，不低于3%": Ratio.between("3%", "5%"),
    "≥3%且≤5%": Ratio.between("3%", "5%"),
    "1户": Ratio.count_between(1, 1),
    "5家企业": Ratio.count_between(5, 5),
    "十家": Ratio.count_between(10, 10),
    "一百零五户": Ratio.count_between(105, 105),
    "两家": Ratio.count_between(2, 2),
    "1,200户": Ratio.count_between(1200, 1200),
    "60-70家": Ratio.count_between(60, 70),
    "60家至70家": Ratio.count_between(60, 70),
    "5-5户": Ratio.count_between(5, 5),
    "不少于20户": Ratio.count_between(20, None),
    "20家以上": Ratio.count_between(20, None),
    "不超过30户": Ratio.count_between(None, 30),
    "不少于5户且不超过10户": Ratio.count_between(5, 10),
    "1:5": Ratio.per_officer(5),
    "1：5": Ratio.per_officer(5),
    "按照在编在岗的环境执法人员数量与被抽查单位数量不低于1∶5的比例": (  # noqa: RUF001
        Ratio.per_officer(5, at_least=True)
    ),
}

# Every form that must not be read, with the reason.
REFUSED = {
    "": "empty",
    " \u3000": "empty",
    "-": "no-number",
    "同上": "no-number",
    "根据实际情况确定": "no-number",
    "当期经营者数量": "no-number",
    "二\u3007户": "no-number",
    "5": "no-unit",
    "20": "no-unit",
    "0": "no-unit",
    "3-5": "no-unit",
    "3%-5": "no-unit",
    "2 3%": "no-unit",  # not 23 %
    "3、500户": "no-unit",  # not 3500
    "5:1": "no-unit",
    "3%左右": "approximate",
    "约3%": "approximate",
    "10多户": "approximate",
    "大于3%": "strict",
    ">5%": "strict",
    "低于5%": "strict",
    "超过5%": "strict",
    "10%（不足10户的全部检查）": "strict",
    "3%（不少于5户）": "several",
    "5%（1户）": "several",
    "3%、5%": "several",
    "3%，不超过5%": "several",
    "≥3%，≥5%": "several",
    "≥1%，≥3%，≤5%": "several",
    "≥20%且不超过5户": "several",
    "≥20%且不少于5户": "several",
    "3%-5户": "several",
    "5%全覆盖": "several",
    "20户，全覆盖": "several",
    "全部抽查（20户）": "several",
    "1%-3%，≤5%": "several",
    "不低于10%-20%": "contradictory",
    "不低于5%以下": "contradictory",
    "10%-20%以上": "contradictory",
    "-3%": "order",
    "3%-": "order",
    "3%不低于": "order",
    "以上3%": "order",
    "2批次": "batches",
    "3%；2次/年": "frequency",
    "2次/年": "frequency",
    "每次5%": "frequency",
    "20家次": "frequency",
    "每季度5%": "period",
    "每月不少于3%": "period",
    "三年全覆盖": "period",
    "5%/季": "period",
    "=50%(疑≥)": "doubtful",
    "M50%(疑≥50%)": "doubtful",
    "3%?": "doubtful",
    "市级2% 区级10%": "levels",
    "市级对市级及以下经办机构抽查比例之和≥20%": "levels",
    "各县5%": "levels",
    "三级≥50%，二级≥30%，一级及以下抽取一定比例": "classes",
    "低风险1%": "classes",
    "A类1%": "classes",
    "重点企业20%": "classes",
    "一般企业5%": "classes",
    "一般检查事项5%": "classes",
    "①5%": "unread",  # NFKC would make it 15 %
    "1. 5%": "unread",
    "3个百分点": "unread",
    "餐饮企业5%": "unread",
    "新增企业5%": "unread",
    "上年度总数的5%": "unread",
    "2名执法人员": "unread",
    "10%或20户": "unread",
    "百分之十至二十": "unread",
    "3%％": "unread",
    "1.2.3%": "unread",
    "5:1:5": "no-unit",
    "0.5家": "unread",
    "\u06633%": "unread",
    "120%": "ratio-range",
    "4/3": "ratio-range",
    "20%-10%": "ratio-crossed",
    "1:0": "ratio-count",
    "不超过1:5": "officers",
    "1:5-1:10": "officers",
    "执法人员与检查对象5%": "officers",
    "9" * 501 + "%": "too-long",
}


class TestParse:
    @pytest.mark.parametrize(("text", "ratio"), READ.items(), ids=list(READ))
    def test_reads(self, text, ratio):
        """The forms of real plans, each with its one meaning."""
        assert ratio == Ratio.parse(text)

    @pytest.mark.parametrize(
        ("text", "reason"), REFUSED.items(), ids=[repr(t[-20:]) for t in REFUSED]
    )
    def test_refuses(self, text, reason):
        """Words that are left over could change the meaning."""
        with pytest.raises(InvalidValueError) as caught:
            Ratio.parse(text)

        assert ("ratio-unreadable", reason) == (
            caught.value.code,
            caught.value.params["reason"],
        )
        assert text == caught.value.params["text"]
        assert str(article(12)) == caught.value.provision
        assert " cannot be read as one ratio: " in str(caught.value)

    def test_names_the_words_that_it_does_not_understand(self):
        """The reader of the message has the whole plan before them."""
        with pytest.raises(InvalidValueError) as caught:
            Ratio.parse("餐饮企业5%，药店除外")

        assert caught.value.params["words"] == ("餐饮", "药店除外")
        assert "The words are '餐饮', '药店除外'." in str(caught.value)

    @pytest.mark.parametrize("text", [None, 3, 0.03, b"3%"])
    def test_refuses_what_is_no_text(self, text):
        """An empty cell of a table is often None or NaN."""
        with pytest.raises(InvalidTypeError) as caught:
            Ratio.parse(text)

        assert caught.value.code == "argument-type"

    def test_every_published_row(self, facts):
        """Every cell of the published plans is read, or refused for its reason."""
        with (facts / "published_plans.csv").open(encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        outcomes = {}
        for row in rows:
            for column in ("ratio_text", "quantity_or_base"):
                try:
                    outcomes[row[column]] = str(Ratio.parse(row[column]))
                except InvalidValueError as error:
                    outcomes[row[column]] = error.params["reason"]

        assert outcomes == {
            "": "empty",
            "1%": "1%",
            "3%": "3%",
            "5%": "5%",
            "8%": "8%",
            "10%": "10%",
            "15%": "15%",
            "20%": "20%",
            "30%": "30%",
            "50%": "50%",
            "100%": "100%",
            "不低于0.5%": "≥0.5%",
            "不低于3%": "≥3%",
            "不低于10%": "≥10%",
            "≥20%": "≥20%",
            "10-20%": "10%-20%",
            "60-70家": "60-70户",
            "1户": "1户",
            "2户": "2户",
            "3户": "3户",
            "7户": "7户",
            "20户": "20户",
            "=50%(疑≥)": "doubtful",
            "M50%(疑≥50%)": "doubtful",
            "市级对市级及以下经办机构抽查比例之和≥20%": "levels",
            "三级≥50%，二级≥30%，一级及以下抽取一定比例": "classes",
            "当期经营者数量": "no-number",
            "当期场站数量": "no-number",
            "当期网格数量": "no-number",
            "当期在建项目数量": "no-number",
        }


class TestText:
    @pytest.mark.parametrize(
        ("ratio", "short", "chinese", "call"),
        [
            (Ratio.at_least("3%"), "≥3%", "不低于3%", "Ratio.at_least('3%')"),
            (Ratio.at_most("2‰"), "≤0.2%", "不超过0.2%", "Ratio.at_most('0.2%')"),
            (Ratio.exactly("1/3"), "1/3", "1/3", "Ratio.exactly('1/3')"),
            (
                Ratio.between("10%", "12.5%"),
                "10%-12.5%",
                "10%至12.5%",
                "Ratio.between('10%', '12.5%')",
            ),
            (
                Ratio.count_between(60, 70),
                "60-70户",
                "60至70户",
                "Ratio.count_between(60, 70)",
            ),
            (
                Ratio.count_between(20, None),
                "≥20户",
                "不少于20户",
                "Ratio.count_between(20, None)",
            ),
            (
                Ratio.count_between(None, 30),
                "≤30户",
                "不超过30户",
                "Ratio.count_between(None, 30)",
            ),
            (Ratio.count_between(1, 1), "1户", "1户", "Ratio.count_between(1, 1)"),
            (Ratio.per_officer(5), "1:5", "1:5", "Ratio.per_officer(5)"),
            (
                Ratio.per_officer(5, at_least=True),
                "≥1:5",
                "不低于1:5",
                "Ratio.per_officer(5, at_least=True)",
            ),
        ],
    )
    def test_comes_in_three_forms(self, ratio, short, chinese, call):
        """For a table, for a Chinese document, for a programmer."""
        assert (short, chinese, call) == (str(ratio), ratio.chinese, repr(ratio))

    def test_a_ratio_survives_pickling(self):
        """Policies travel to worker processes."""
        ratio = Ratio.between("10%", "20%")

        assert ratio == pickle.loads(pickle.dumps(ratio))  # noqa: S301


def test_a_ratio_cites_the_article_on_ratios():
    """Art. 13: ratio and frequency are set with reason."""
    assert provisions_of(Ratio) == (article(13),)


def test_shares_are_exact_at_any_size():
    """Not even 64 bits limit them."""
    assert share_up(Fraction(1, 3), 10**30) == 10**30 // 3 + 1
    assert share_down(Fraction(1, 3), 10**30) == 10**30 // 3


def test_a_share_alone_is_read_without_judging_its_range():
    """The caller's message names the range."""
    assert read_share("-120%") == Fraction(-6, 5)
    assert read_share("3%以上") is None


@pytest.mark.parametrize(
    "make",
    [
        lambda: Ratio.exactly(10**5000),
        lambda: Ratio.at_least(Fraction(10**5000, 3)),
        lambda: Ratio.at_most(Decimal("1E+1000000")),
        lambda: Ratio.count_between(10**5000, 1),
        lambda: Ratio(bound="exactly", low=Decimal("1E+1000000"), high=1),
    ],
    ids=["exactly", "at-least", "at-most", "count-between", "class"],
)
def test_a_number_that_nobody_can_write_is_an_error_like_others(make):
    """Python writes no int of more than some thousand digits."""
    with pytest.raises((InvalidTypeError, InvalidValueError)) as caught:
        make()

    assert len(str(caught.value)) < 500
