"""Cells of plans: what any reader understands is read, the rest is refused."""

import contextlib
import csv
import datetime as dt
import time
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from dsgk._cells import number_text, read_names, read_share
from dsgk.errors import InvalidValueError
from dsgk.items import ItemList, Method, read_methods
from dsgk.plans import Frequency, read_plan, read_window
from dsgk.tiers import Ratio


YEAR = 2026


def refusal(read, *args):
    """Reason and words of the error that a text gives."""
    with pytest.raises(InvalidValueError) as caught:
        read(*args)
    return caught.value.params.get("reason"), caught.value.params.get("words")


def planned(n=1, **columns):
    """The reading of rows that differ in some cells alone."""
    cells = {"抽查事项": ["甲"] * n, "抽查比例": ["3%"] * n, **columns}
    return read_plan(cells, year=YEAR, issuer="市场监管局")


def parts(reading):
    """What the only row says, in the words of `cells.csv`."""
    if reading.faults:
        (fault,) = reading.faults
        return fault.params["reason"]
    (entry,) = reading.plan.entries
    beside = entry.note.removeprefix("抽查数量：")
    often = "" if entry.frequency is None else str(entry.frequency)
    return ";".join(filter(None, (str(entry.ratio), beside, often)))


def days(batches):
    return ";".join(f"{batch.first}..{batch.last}" for batch in batches)


class TestPublishedCells:
    def test_every_cell_of_the_field(self, facts):
        """Every text is read as its readers do, or refused for their reason."""
        with (facts / "cells.csv").open(encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        found = []
        for row in rows:
            reading = planned(**{row["column"]: [row["text"]]})
            if row["column"] == "检查时间":
                found.append(days(reading.plan.entries[0].batches))
            else:
                found.append(
                    parts(reading).removeprefix("3%;" * (row["column"] == "抽查频次"))
                )

        assert found == [row["reading"] for row in rows]

    def test_every_department_of_the_published_lists(self, facts):
        """Lists of a province and of six plans: each part is a department."""
        cells: set[str] = set()
        for name, columns in {
            "province_joint_items.csv": ("initiating_dept", "cooperating_dept"),
            "published_plans.csv": ("lead_dept", "coop_dept"),
        }.items():
            with (facts / name).open(encoding="utf-8") as file:
                cells |= {row[c] for row in csv.DictReader(file) for c in columns}
        refused = set()
        names = set()
        for cell in sorted(cells - {""}):
            try:
                names.update(read_names(cell, departments=True))
            except InvalidValueError:
                refused.add(cell)

        assert refused == {"(两部门)", "市、区住建委"}
        assert len(cells) == 63
        assert not [name for name in names if "、" in name or " " in name]

    def test_every_method_of_the_published_list(self, facts):
        """30 texts of a province, all of their words known."""
        with (facts / "province_items.csv").open(encoding="utf-8") as file:
            texts = {row["method"] for row in csv.DictReader(file)} - {""}

        read = {text: read_methods(text) for text in texts}

        assert len(read) == 30
        assert sum(not methods for methods, _ in read.values()) == 3


RATIOS = {
    "一般检查事项原则上不高于10%": "≤10%",
    "重点检查事项原则上不低于50%": "≥50%",
    "一般事项不超过5%": "≤5%",
    "一般检查事项抽查比例不高于10%": "≤10%",
    "通常不低于5%": "≥5%",
    "不超5%": "≤5%",
    "不低于\n3%": "≥3%",
    "3%.": "3%",
    "【3％】。": "3%",
    "5%，根据实际需要": "5%",
    "比例不低于3%/年": "≥3%",
    "每年抽查比例不低于5％，全年完成": "≥5%",
    "十至二十户": "10-20户",
    "多于或等于5户": "≥5户",
    "0.123456": "12.3456%",
    "基数：120户，比例5%": "5%",
}
NO_RATIOS = {
    "一般检查事项不高于10%,重点检查事项不低于20%": (
        "classes",
        ("一般检查事项", "重点检查事项"),
    ),
    "重点检查事项100%": ("classes", ("重点",)),
    "除药店外5%": ("unread", ("除药店外",)),
    "5%（药店除外）": ("unread", ("药店除外",)),
    "不检查5%": ("unread", ("不",)),
    "无需抽查": ("no-number", ("无需",)),
    "视情况抽查5%": ("approximate", ("视情",)),
    "5%(根据实际情况调整)": ("unread", ("调整",)),
    "3%，每半年一次": ("frequency", None),
    "3%每月": ("period", ("月",)),
    "10家以下的全部，10家以上的抽查5家": ("sizes", None),
    "30.000000000000004%": ("digits", ("30.000000000000004%",)),
    "0.070000000000000007": ("digits", ("0.070000000000000007",)),
    "1" * 16 + "户": ("digits", None),
    "每名执法人员5户": ("unread", ("每名执法人员",)),
    "不低于5%，其中食品企业不低于10%": ("unread", ("其中食品",)),
}


class TestRatios:
    @pytest.mark.parametrize(("text", "ratio"), RATIOS.items())
    def test_what_any_reader_understands_is_read(self, text, ratio):
        assert str(Ratio.parse(text)) == ratio

    @pytest.mark.parametrize(("text", "told"), NO_RATIOS.items())
    def test_words_that_are_left_over_are_named(self, text, told):
        assert refusal(Ratio.parse, text) == told

    @pytest.mark.parametrize(
        "share",
        [
            "0.0700000000000000007",
            Decimal("0.0700000000000000007"),
            Decimal("0.07000000000000000666"),
        ],
    )
    def test_the_text_of_a_float_is_no_share(self, share):
        """7 % of 100 would be 8."""
        assert refusal(Ratio.exactly, share)[0] == "digits"

    @pytest.mark.parametrize("share", ["0.000001", "12.345678%", "1/1024", "1/3"])
    def test_a_share_is_written_so_that_it_is_read(self, share):
        ratio = Ratio.exactly(share)

        assert Ratio.parse(str(ratio)) == ratio == Ratio.parse(ratio.chinese)

    def test_a_share_alone_has_no_words(self):
        assert read_share("3%。") == Fraction(3, 100)
        assert read_share("9" * 600) is None


FREQUENCIES = {
    "一般不超过2次/年": "≤2次/年",
    "根据实际需要，一般不超过2次/年": "≤2次/年",
    "每年不少于1次。": "≥1次/年",
    "原则上每年1次": "1次/年",
    "1次\uff0f每年": "1次/年",
    "年不超过2次": "≤2次/年",
    "每半年\n不少于一次": "≥1次/半年",
    "不少于2次/年，不超过4次/年": "2-4次/年",
    "不少于2次，不超过4次/季度": "2-4次/季度",
    "每年每季度1次": "1次/季度",
    "每季度，抽查2次": "2次/季度",
    "每季度每年1次": "1次/季度",
    "每季度": "1次/季度",
    "每年": "1次/年",
    "十二次/年": "12次/年",
    "2.0": "2次/年",
    "1次/年（含）": "1次/年",
    "1次/年至2次/年": "1-2次/年",
}
NO_FREQUENCIES = {
    "每年1次,每季度1次": "several",
    "每季度每月1次": "several",
    "不少于1次/年，不超过2次/月": "several",
    "1次/年或2次/年": "unread",
    "3%;2次/年": "several",
    "按需": "no-number",
    "第一季度1次": "period",
    "每旬1次": "period",
    "400次/年": "times-range",
    "1.5": "no-unit",
    "1次/3年": "longer",
    "视情况": "approximate",
    "<1次/年": "strict",
}


class TestFrequencies:
    @pytest.mark.parametrize(("text", "often"), FREQUENCIES.items())
    def test_have_the_hedges_and_marks_of_ratios(self, text, often):
        assert str(Frequency.parse(text)) == often

    @pytest.mark.parametrize(("text", "reason"), NO_FREQUENCIES.items())
    def test_are_refused_as_ratios_are(self, text, reason):
        assert refusal(Frequency.parse, text)[0] == reason


WINDOWS = {
    "2月下旬": "2026-02-21..2026-02-28",
    "3月上旬至5月中旬": "2026-03-01..2026-05-20",
    "截至11月30日": "2026-01-01..2026-11-30",
    "2026年底前": "2026-01-01..2026-12-31",
    "3月-11月10日前完成": "2026-03-01..2026-11-10",
    "检查时间：3月至6月集中检查。": "2026-03-01..2026-06-30",
    "原则上五月至八月": "2026-05-01..2026-08-31",
    "十二月二十五日前": "2026-01-01..2026-12-25",
    "全年(1-12月)": "2026-01-01..2026-12-31",
    "3、6、9月": "2026-03-01..2026-03-31;2026-06-01..2026-06-30;2026-09-01..2026-09-30",
    "十二月": "2026-12-01..2026-12-31",
    "第一、三季度": "2026-01-01..2026-03-31;2026-07-01..2026-09-30",
    "上、下半年": "2026-01-01..2026-06-30;2026-07-01..2026-12-31",
    "10月上中旬": "2026-10-01..2026-10-20",
    "11月中下旬": "2026-11-11..2026-11-30",
    "每年3月—6月": "2026-03-01..2026-06-30",
    "12月15日以前完成检查任务": "2026-01-01..2026-12-15",
    "上半年、下半年各1次": "2026-01-01..2026-06-30;2026-07-01..2026-12-31",
    "分两批：5月、10月": "2026-05-01..2026-05-31;2026-10-01..2026-10-31",
    "2025年3-4月和9月": "2025-03-01..2025-04-30;2025-09-01..2025-09-30",
    "6月底前、11月底前完成": "2026-01-01..2026-06-30;2026-07-01..2026-11-30",
    "分2批:第一批3-5月，第二批9-10月": "2026-03-01..2026-05-31;2026-09-01..2026-10-31",
    "第1批6月底前，第2批11月底前": ("2026-01-01..2026-06-30;2026-07-01..2026-11-30"),
    "第一批次：5月底前；第二批次：10月底前": (
        "2026-01-01..2026-05-31;2026-06-01..2026-10-31"
    ),
}
NO_WINDOWS = {
    "每月25日前": "unread",
    "11月前完成": "unread",
    "3月-11月前": "unread",
    "6月下旬前": "unread",
    "3-6月(除五一)": "unread",
    "6月底前完成第一批，11月底前完成第二批": "unread",
    "分两批：3月，分三批：5月": "several",
    "约3月": "unread",
    "一二月": "unread",
    "3-6月、5-9月": "several",
    "9-11月、3-6月": "several",
    "第二批3-5月，第一批9-10月": "batches",
    "分三批次;第一批6月底前,第二批11月底前": "batches",
    "每月,每季度": "several",
    "2月30日前": "no-day",
    "根据实际情况": "unread",
}


class TestWindows:
    @pytest.mark.parametrize(("text", "windows"), WINDOWS.items())
    def test_are_the_batches_of_an_entry(self, text, windows):
        """Without a frequency each period is one, and all have the same part."""
        (entry,) = planned(检查时间=[text]).plan.entries

        assert days(entry.batches) == windows
        assert len({batch.part for batch in entry.batches}) == 1

    @pytest.mark.parametrize(("text", "reason"), NO_WINDOWS.items())
    def test_that_say_more_are_refused(self, text, reason):
        (fault,) = planned(检查时间=[text]).faults

        assert (fault.code, fault.params["reason"]) == ("window-unreadable", reason)
        assert fault.params["text"] == text

    @pytest.mark.parametrize("text", ["3-6月、9-11月", "每月", "3月-11月，每月1次"])
    def test_one_period_is_asked_for(self, text):
        assert refusal(read_window, text, YEAR)[0] == "several"


class TestMethods:
    @pytest.mark.parametrize(
        ("text", "codes", "by_agency"),
        [
            ("现场检查或书面检查", "on site,written", False),
            ("现场检查 书面检查", "on site,written", False),
            ("书面检查\n现场检查", "on site,written", False),
            ("现场检查（含网络检查）", "on site,online", False),
            ("实地核查或委托专业机构", "on site", True),
            ("书面检查/网络监测+实地查看", "on site,online,written", False),
            ("以现场检查为主、书面检查为辅", "on site,written", False),
            ("原则上现场检查", "on site", False),
            ("不定期现场抽查", "on site", False),
        ],
    )
    def test_all_that_are_named_are_read(self, text, codes, by_agency):
        methods, agency = read_methods(text)

        assert ",".join(sorted(method.code for method in methods)) == codes
        assert agency is by_agency

    @pytest.mark.parametrize(
        ("text", "words"),
        [
            ("无需现场检查", "无需"),
            ("不进行现场检查", "不"),
            ("除现场检查外", "除, 外"),
            ("非书面检查", "非"),
            ("现场检查(不含网络检查)", "不"),
            ("免于现场检查", "免于"),
            ("现场检查，必要时抽样检测", "必要时"),
            ("可现场检查", "可"),
            ("现场检查" * 126, "现场检查" * 126),
        ],
    )
    def test_negations_and_other_words_are_named(self, text, words):
        with pytest.raises(InvalidValueError) as caught:
            read_methods(text)

        assert caught.value.code == "item-method"
        assert caught.value.params["got"] == words


class TestNames:
    @pytest.mark.parametrize(
        ("text", "names"),
        [
            ("市场监管局 公安局", "市场监管局,公安局"),
            ("市场监管局/公安局", "市场监管局,公安局"),
            ("食品\n特种设备", "食品,特种设备"),
            ("甲局+乙局·丙局", "甲局,乙局,丙局"),
            ("食品｜特种设备\u3000计量", "食品,特种设备,计量"),  # noqa: RUF001
            ("Port Authority、海关", "Port Authority,海关"),
            ("住房和城乡建设局及公安局", "住房和城乡建设局,公安局"),
            ("消防救援机构和公安部门", "消防救援机构,公安部门"),
            ("市文化和旅游局、、市文化和旅游局", "市文化和旅游局"),
        ],
    )
    def test_every_mark_parts_them(self, text, names):
        assert read_names(text, departments=True) == tuple(names.split(","))

    @pytest.mark.parametrize(
        "text",
        ["公安局等", "公安局等有关部门", "市、区住建委", "市级、区级公安局", "(两部门)",
         "公安局（根据需要）", "公安局，必要时商务局", "不含公安局", "公安局?",
         "公安局或税务局", "公安局-税务局", "公安局（牵头）", "、"],
    )  # fmt: skip
    def test_names_that_are_not_written_are_asked_for(self, text):
        with pytest.raises(InvalidValueError) as caught:
            read_names(text, departments=True)

        assert caught.value.code == "names-unwritten"

    @pytest.mark.parametrize(
        ("text", "names"),
        [
            ("食品和特种设备", "食品,特种设备"),
            ("锅炉及压力容器", "锅炉,压力容器"),
            ("人力资源和社会保障，文化和旅游", "人力资源和社会保障,文化和旅游"),
            ("太和镇、和平区、上仓镇和平村", "太和镇,和平区,上仓镇和平村"),
        ],
    )
    def test_and_parts_what_is_not_one_name(self, text, names):
        assert read_names(text) == tuple(names.split(","))

    def test_an_area_may_be_called_as_a_level_is(self):
        assert read_names("市区、乡镇") == ("市区", "乡镇")

    def test_a_list_of_items_parts_departments_likewise(self):
        items = ItemList.from_table(
            {
                "抽查部门": ["甲局"],
                "抽查事项": ["甲"],
                "检查方式": ["书面检查 现场检查"],
                "配合部门": ["公安局/税务局"],
            }
        )

        (item,) = items
        assert item.cooperating == ("公安局", "税务局")
        assert item.methods == {Method.ON_SITE, Method.WRITTEN}


class TestCombinedCells:
    @pytest.mark.parametrize(
        ("text", "said"),
        [
            ("3% 2次/年", "3%;2次/年"),
            ("不低于3%（每季度1次）", "≥3%;1次/季度"),
            ("5%/2次", "5%;2次/年"),
            ("20户(10%)，1次/年", "10%;20户;1次/年"),
            ("20户，全覆盖", "several"),
            ("60-70家；每年2次", "60-70户;2次/年"),
            ("3%（不少于5户）", "several"),
            ("2次/年", "frequency"),
            ("20户;1:5", "several"),
            ("每季度5%", "period"),
        ],
    )
    def test_a_ratio_may_have_its_number_and_frequency(self, text, said):
        assert parts(planned(抽查比例=[text])) == said

    def test_cells_of_a_row_say_one_thing(self):
        """每月 and 12次 are one; 1次 and 每月 are not."""
        reading = planned(
            6,
            抽查比例=["3%;12次/年", "3%;2次/年", "3%", "3%", "3%", "3%"],
            抽查频次=[None, "1次", "12次", "2次", "≥1次", "每季度"],
            检查时间=["每月", "全年", "每月", *["3-6月、9-11月"] * 3],
        )

        assert [len(entry.batches) for entry in reading.plan.entries] == [
            12,
            12,
            2,
            2,
            4,
        ]
        assert [(f.row, f.column, f.code) for f in reading.faults] == [
            (1, "抽查比例", "cells-differ")
        ]

    def test_a_frequency_must_fit_the_periods(self):
        reading = planned(
            2, 抽查频次=["3次", "5次"], 检查时间=["3-6月、9-11月", "3月1-2日"]
        )

        assert [(f.row, f.column, f.code) for f in reading.faults] == [
            (0, "抽查频次", "frequency-unmet"),
            (1, "检查时间", "frequency-span"),
        ]


class TestContainers:
    def test_numbers_are_read_by_what_they_are(self):
        """Under 抽查比例 a bare 1 is all, as spreadsheets write 100 %."""
        cells = [0.05, 1.0, 1, Decimal("0.00125"), np.float32(0.1), "0.05", "1", 0]
        reading = planned(8, 抽查比例=cells)

        assert [str(e.ratio) for e in reading.plan.entries] == [
            "5%", "100%", "100%", "0.125%", "10%", "5%", "100%", "0%",
        ]  # fmt: skip

    @pytest.mark.parametrize(
        "cell",
        [0.1 + 0.2, 0.12345, Decimal("0.1234567"), 20, "20", True, [1], 10**600,
         float("inf"), dt.date(2026, 3, 1), pd.Timestamp("2026-03-01T08"), "a\ud800"],
        ids=repr,
    )  # fmt: skip
    def test_what_is_no_ratio_is_one_fault(self, cell):
        """0.1 + 0.2 has 17 digits."""
        (fault,) = planned(抽查比例=[cell]).faults

        assert fault.column == "抽查比例"

    def test_a_heading_may_mean_a_number(self):
        table = {"抽查事项": ["甲"] * 4, "抽查比例/数量": [1, 0.05, "1", "5户"]}
        reading = read_plan(
            table, year=YEAR, issuer="甲局", names={"ratio": "抽查比例/数量"}
        )

        assert reading.rows == (1, 3)

    def test_a_heading_may_say_per_cent(self):
        """0.5 under it may be half of all, as a spreadsheet keeps 50 %."""
        heading = "抽查比例（％）"
        table = {"抽查事项": ["甲"] * 5, heading: [5, 12.5, "8", 0.5, 0]}
        reading = read_plan(table, year=YEAR, issuer="甲局", names={"ratio": heading})

        assert [str(e.ratio) for e in reading.plan.entries] == ["5%", "12.5%", "8%"]

    @pytest.mark.parametrize(
        "cell",
        [20, 20.0, Decimal("20.0"), "20", "20户", np.int8(20)],
        ids=repr,
    )
    def test_a_number_of_subjects_needs_no_unit(self, cell):
        reading = planned(抽查比例=[None], 抽查数量=[cell])

        assert str(reading.plan.entries[0].ratio) == "20户"

    @pytest.mark.parametrize("cell", [1e300, -1, 0.5, 10**600], ids=repr)
    def test_a_number_that_counts_nobody_is_one_fault(self, cell):
        assert len(planned(抽查比例=[None], 抽查数量=[cell]).faults) == 1

    @pytest.mark.parametrize(
        "convert",
        [
            lambda df: df.to_dict("list"),
            lambda df: df,
            lambda df: df.convert_dtypes(),
            lambda df: df.convert_dtypes(dtype_backend="pyarrow"),
            lambda df: df.astype({"序号": "category", "抽查频次": "Float32"}),
            pl.from_pandas,
            lambda df: pl.from_pandas(df).cast({"抽查频次": pl.Float32}),
            lambda df: pl.from_pandas(df).cast({"抽查频次": pl.Decimal(5, 1)}),
            pa.Table.from_pandas,
            lambda df: pa.Table.from_pandas(df).set_column(
                2, "抽查频次", pa.array([1, None, 2], pa.float32())
            ),
        ],
        ids=["lists", "pandas", "nullable", "arrow-backed", "categorical", "polars",
             "polars-f32", "polars-decimal", "arrow", "arrow-f32"],
    )  # fmt: skip
    def test_a_table_says_the_same_in_every_container(self, convert):
        frame = pd.DataFrame(
            {
                "抽查事项": ["甲"] * 3,
                "抽查比例": [0.05, 1, 0.125],
                "抽查频次": [1, None, 2],
                "序号": [1, 7, None],
                "检查时间": pd.to_datetime(["2026-03-02", None, None]),
            }
        )
        reading = read_plan(convert(frame), year=YEAR, issuer="甲局")

        assert [
            (e.id, str(e.ratio), str(e.frequency), days(e.batches))
            for e in reading.plan.entries
        ] == [
            ("1", "5%", "1次/年", "2026-03-02..2026-03-02"),
            ("7", "100%", "None", ""),
            ("3", "12.5%", "2次/年", ""),
        ]

    @pytest.mark.parametrize("column", [
        np.array([0.05, 0.5], np.float32),
        pd.Series([0.05, 0.5], dtype="float32"),
        pd.Series([0.05, 0.5], dtype="Float32"),
        pd.Series([0.05, 0.5], dtype="float[pyarrow]"),
        pl.Series([0.05, 0.5], dtype=pl.Float32),
        pa.array([0.05, 0.5], pa.float32()),
    ])  # fmt: skip
    def test_short_floats_keep_their_digits(self, column):
        reading = planned(2, 抽查比例=column)

        assert [str(e.ratio) for e in reading.plan.entries] == ["5%", "50%"]

    @pytest.mark.parametrize("numbers", [
        ["1", 1, "1 (1)", "1", 1.0],
        ["1 (2)", "1", "1", "①", ""],
        ["一", "二、", "(3)", "4.", 1.5],
        [None, float("nan"), pd.NA, pd.NaT, "-"],
    ])  # fmt: skip
    def test_every_numbering_gives_entries_of_their_own(self, numbers):
        reading = planned(5, 序号=numbers)

        assert len({entry.id for entry in reading.plan.entries}) == 5
        assert reading.faults == ()

    @pytest.mark.parametrize("cell", [True, [1], b"1", "9" * 400, "a\ud800"], ids=repr)
    def test_what_is_no_number_of_a_row_is_its_fault(self, cell):
        assert [fault.row for fault in planned(序号=[cell]).faults] == [0]

    def test_nothing_may_be_written_as_a_dash(self):
        reading = planned(
            抽查频次=["—"], 检查时间=["无"], 配合部门=["/"], 检查方式=["-"]
        )
        (entry,) = reading.plan.entries

        assert (entry.frequency, entry.batches, entry.cooperating) == (None, (), ())

    def test_names_and_methods_are_faults_of_their_cells(self):
        reading = planned(
            2,
            牵头部门=["市、区住建委", "公安局 税务局"],
            检查方式=["无需现场检查", "现场或书面"],
        )

        assert [(f.row, f.column, f.code) for f in reading.faults] == [
            (0, "检查方式", "item-method"),
            (0, "牵头部门", "names-unwritten"),
        ]
        assert reading.plan.entries[0].departments == ("公安局", "税务局")

    @pytest.mark.parametrize(
        ("cell", "text"),
        [(1, "1"), (-1.0, "-1"), (Decimal("1E+2"), "100"), (Decimal("0E-3"), "0"),
         (Decimal("sNaN"), None), (Decimal("1E+5000"), None), (np.True_, None),
         (float("nan"), None), ("1", None)],
    )  # fmt: skip
    def test_a_number_has_one_text(self, cell, text):
        assert number_text(cell) == text


@pytest.mark.parametrize(
    "read",
    [
        Ratio.parse,
        Ratio.exactly,
        Frequency.parse,
        read_methods,
        read_names,
        read_window,
    ],
    ids=["parse", "exactly", "frequency", "methods", "names", "window"],
)
def test_lengths_are_looked_at_before_words(read):
    """Hostile texts of a megabyte are refused at once."""
    hostile = "3.1-3月不每次一(根据局-局和" * 2**17
    year = [YEAR] * (read is read_window)
    begin = time.perf_counter()
    with pytest.raises(InvalidValueError) as caught:
        read(hostile, *year)

    assert len(str(caught.value)) < 1000
    assert time.perf_counter() - begin < 1


@pytest.mark.parametrize(
    "part", ["3月", "每", "不", "1", "第一批", "(", "一", " ", "次"]
)
def test_the_longest_cells_are_read_in_a_moment(part):
    """500 characters of what makes grammars go back and forth."""
    begin = time.perf_counter()
    for other in ("3.1-", "每", "1,", "一", "年", " "):
        text = ((part + other) * 500)[:498]
        for read in (Ratio.parse, Frequency.parse, lambda t: read_window(t, YEAR)):
            with contextlib.suppress(InvalidValueError):
                read(text)

    assert time.perf_counter() - begin < 5
