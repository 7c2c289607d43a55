"""Columns that nobody reads, and cells that only say that they hold nothing."""

import re

import numpy as np
import pytest

from dsgk.errors import InvalidInput, invalid
from dsgk.fields import read_count, read_day, read_flag, read_id, read_value
from dsgk.identifiers import is_nothing, latin_grade
from dsgk.items import ItemList
from dsgk.ledger import Ledger
from dsgk.subjects import SubjectRegister
from dsgk.tables import Likeness, Repair, read_from, repaired


ID = "统一社会信用代码"
LEDGER = {"任务编号": ["T1"], ID: ["S1"], "抽查事项": ["甲"], "检查部门": ["甲局"],
          "抽取日期": ["2026-03-01"], "计划条目": ["1"], "检查截止日期": ["2026-06-30"],
          }  # fmt: skip


def told(call):
    """Column and field of every fault that a call tells."""
    with pytest.raises(InvalidInput) as caught:
        call()
    return [(fault.column, fault.params["field"]) for fault in caught.value.faults]


@pytest.mark.parametrize(
    ("column", "field"),
    [
        ("经营状态", "status"), ("企业登记状况", "status"), ("status", "status"),
        ("信用分类", "credit"), ("企业信用风险分类", "credit"), ("信用 评级", "credit"),
        ("风险分级", "risk"), ("所属镇街", "area"), ("辖区", "area"),
        ("主体类别", "kind"),
        ("是否告知承诺", "on_promise"), ("最近一次检查时间", "last_inspected_on"),
        ("本年度已检查次数", "visits_this_year"),
    ],
)  # fmt: skip
def test_a_column_by_another_name_is_told(column, field):
    table = {ID: ["S1"], column: ["甲"]}

    assert told(lambda: SubjectRegister.from_table(table)) == [(column, field)]
    assert SubjectRegister.from_table(table, **{field: None}).not_read == (column,)


@pytest.mark.parametrize(
    "column",
    [
        "法定代表人",
        "成立日期",
        "年报状态",
        "社会信用代码",
        "回避事由",
        "上次检查结果",
        "地址",
    ],
)
def test_other_columns_are_left_without_a_word(column):
    register = SubjectRegister.from_table({ID: ["S1"], column: ["甲"]})

    assert register.not_read == (column,)
    assert register.read_from == {"id": ID}


def test_a_column_is_known_by_what_it_holds():
    """Whoever is struck off must not be drawn, whatever the column is called."""
    table = {ID: ["S1", "S2", "S3"], "备注": ["存续", None, "吊销,未注销"]}

    assert told(lambda: SubjectRegister.from_table(table)) == [("备注", "status")]
    other = {ID: ["S1", "S2"], "备注": ["正常", "注销"], "数": object()}
    assert SubjectRegister.from_table(other).not_read == ("备注", "数")


def test_a_field_that_is_read_needs_no_other_column():
    table = {ID: ["S1"], "登记状态": ["存续"], "经营状态": ["注销"]}

    assert SubjectRegister.from_table(table)[0].status.is_registered


def test_ledgers_and_lists_of_items_tell_them_too():
    items = {"抽查部门": ["甲局"], "抽查事项": ["甲"], "检查方法": ["书面检查"]}

    assert told(lambda: Ledger.from_table({**LEDGER, "结果": ["x"]})) == [
        ("结果", "results")
    ]
    assert len(Ledger.from_table(LEDGER)) == 1
    assert told(
        lambda: ItemList.from_table(items, version="1", department="抽查部门")
    ) == [("检查方法", "methods")]


def test_tables_that_cannot_tell_their_columns_are_read_by_name():
    class Rows:
        columns = None

        def __getitem__(self, name):
            return {"a": [1]}[name]

    likeness = Likeness(re.compile("a"))
    assert read_from(Rows(), {"x": "a"}) == ({"x": "a"}, ())
    assert not likeness.is_like({}, "a" * 100)


@pytest.mark.parametrize(
    "text",
    ["nan", "NaN", "None", "NULL", "<NA>", "#N/A", "NaT", "-", "—", "无"],
)
def test_a_word_for_nothing_is_no_id_and_no_class(text):
    with pytest.raises(InvalidInput) as caught:
        SubjectRegister.from_columns(id=["S1", text], credit=[text, "A"])

    faults = caught.value.faults
    assert [(fault.row, fault.code, fault.instead) for fault in faults] == [
        (0, "cell-nothing", ""), (1, "id-nothing", None),
    ]  # fmt: skip
    assert is_nothing(text)


def test_what_somebody_has_may_be_nothing():
    """无 is an answer in a further attribute; nan is none."""
    register = SubjectRegister.from_columns(id=["S1"], danger=["无"])

    assert dict(register[0].attributes) == {"danger": "无"}
    with pytest.raises(ValueError, match="holds nothing"):
        read_value("nan")
    with pytest.raises(ValueError, match="nothing"):
        read_id("-")


@pytest.mark.parametrize(
    ("read", "cell", "instead"),
    [
        (read_count, "３次", 3), (read_count, "1,200 户", 1200), (read_count, "3.0", 3),
        (read_count, "1,20", None), (read_count, "三", None),
        (read_count, "1" * 99, None),
        (read_count, "-", ""), (read_flag, "√", "是"), (read_flag, "NO", "否"),
        (read_flag, "也许", None), (read_flag, "x" * 99, None), (read_flag, "nan", ""),
        (read_flag, "无", None), (read_flag, None, None),
        (read_day, "2025年3月1日", "2025-03-01"),
        (read_day, "无", ""), (read_day, "2025-02-30", None),
    ],
)  # fmt: skip
def test_a_fault_says_what_to_write_where_only_one_thing_can_be_meant(
    read, cell, instead
):
    with pytest.raises(ValueError, match="must") as caught:
        read(cell)

    assert caught.value.fault.instead == instead


def test_a_cell_is_repaired_as_a_whole_or_not_at_all():
    """Padded and full width at once; a word for nothing under its padding."""
    column = [" Ｓ1", "nan ", None, "S2", 5]

    after, repairs = repaired(column, read_id, name="id")

    assert after == ["S1", "nan ", None, "S2", 5]
    assert [(repair.row, repair.before) for repair in repairs] == [(0, " Ｓ1")]
    assert column[0] == " Ｓ1"
    assert repaired(["S1"], read_id, name="id") == (["S1"], [])
    times = np.array(["2025-03-01T10:00", "2025-03-02T00:00"], "datetime64[s]")
    days, (repair,) = repaired(times, read_day, name="on")
    assert days == ["2025-03-01", times[1]]
    assert repair.before == "2025-03-01T10:00:00"
    assert Repair.from_dict(repair.to_dict()) == repair


def test_codes_are_checked_in_rows_in_which_nothing_else_is_wrong():
    with pytest.raises(InvalidInput) as caught:
        SubjectRegister.from_columns(
            id=["91110000600037341L", " S", "91110000600037341X"], check_codes=True
        )
    assert [(fault.row, fault.code) for fault in caught.value.faults] == [
        (1, "id-padded"), (2, "credit-code-check"),
    ]  # fmt: skip
    assert caught.value.rows == (1, 2)
    with pytest.raises(InvalidInput) as caught:
        SubjectRegister.from_columns(id=[5], check_codes=True)
    assert caught.value.counts == {"id-column": 1}


@pytest.mark.parametrize(
    ("text", "grade"),
    [
        ("\u0410", "A"), ("\u0421级", "C级"), ("\u0410\u0410+", "AA+"),
        ("A", None),
        ("甲级", None), ("\u0416", None), ("\u041c\u0418\u0420", None),
    ],
)  # fmt: skip
def test_a_grade_in_letters_of_another_script_is_told(text, grade):
    assert latin_grade(text) == grade
    if grade:
        with pytest.raises(InvalidInput) as caught:
            SubjectRegister.from_columns(id=["S1", "S2"], credit=[text, " "])
        assert caught.value.faults[0].instead == grade


def test_a_repair_that_never_ends_is_none():
    def read(cell, *, name):
        raise invalid("label-form", name=name, text=cell, instead=f"{cell}x")

    assert repaired(["a"], read, name="kind") == (["a"], [])
