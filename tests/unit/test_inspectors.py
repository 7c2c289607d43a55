"""The register of inspectors, from one person to a table of them."""

import datetime as dt
import hashlib
import pickle

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from dsgk.errors import InvalidInput, InvalidTypeError, InvalidValueError
from dsgk.inspectors import (
    Inspector,
    InspectorChange,
    InspectorRegister,
    Recusal,
    RecusalOrigin,
    RecusalReason,
)


def officer(number, **fields):
    return Inspector(id=f"P{number}", **{"department": "市场监管", **fields})


def codes(error):
    return [(fault.code, fault.row, fault.column) for fault in error.value.faults]


# -- one person ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("certified", "is_expert", "is_officer"),
    [(True, False, True), (False, False, False), (True, True, False)],
)
def test_only_certified_people_who_are_no_experts_are_officers(
    certified, is_expert, is_officer
):
    """Administrative Penalty Law, Art. 42; experts assist (Art. 25)."""
    person = officer(1, certified=certified, is_expert=is_expert)

    assert is_officer == person.is_officer


def test_skills_and_areas_become_sets_of_their_own():
    """A list that the host changes later does not change the person."""
    skills = ["食品", "食品", "药品"]
    person = officer(1, skills=skills, home_areas=("上仓镇",))

    skills.clear()

    assert frozenset({"食品", "药品"}) == person.skills
    assert frozenset({"上仓镇"}) == person.home_areas


@pytest.mark.parametrize(
    ("fields", "error", "code"),
    [
        ({"id": " P1"}, InvalidValueError, "id-padded"),
        ({"id": 1}, InvalidTypeError, "id-type"),
        ({"department": "Ａ局"}, InvalidValueError, "label-form"),
        ({"certified": 2}, InvalidValueError, "flag-form"),
        ({"is_expert": "yes"}, InvalidValueError, "flag-form"),
        ({"skills": "食品"}, InvalidTypeError, "argument-list"),
        ({"skills": 5}, InvalidTypeError, "argument-list"),
        ({"home_areas": {""}}, InvalidValueError, "label-form"),
        ({"capacity": -1}, InvalidValueError, "count-range"),
        ({"capacity": 2.5}, InvalidValueError, "count-form"),
        ({"capacity": "2"}, InvalidTypeError, "count-type"),
        ({"capacity": True}, InvalidTypeError, "count-type"),
    ],
    ids=lambda value: repr(value) if isinstance(value, dict) else None,
)
def test_a_faulty_field_is_refused(fields, error, code):
    """Nothing is guessed and nothing repaired."""
    with pytest.raises(error) as caught:
        Inspector(**{"id": "P1", "department": "市场监管", **fields})

    assert code == caught.value.code


@pytest.mark.parametrize("capacity", [0, 1, None])
def test_nobody_some_and_no_limit_are_capacities(capacity):
    """0 keeps somebody on leave in the register."""
    assert capacity == officer(1, capacity=capacity).capacity


def test_a_recusal_has_a_reason_of_law():
    """A text in the place of a reason would end up in no statistic."""
    with pytest.raises(InvalidValueError, match="kinship") as caught:
        Recusal(inspector_id="P1", subject_id="S1", reason="亲属")

    assert caught.value.code == "not-in-list"


def test_a_recusal_is_declared_unless_said_otherwise():
    """Most are; requested and ordered ones are told apart for the record."""
    recusal = Recusal(
        inspector_id="P1", subject_id="S1", reason=RecusalReason.OWN_INTEREST
    )

    assert recusal.origin is RecusalOrigin.DECLARED


# -- the register --------------------------------------------------------------


def test_a_register_is_a_set():
    """The order of the rows has no meaning."""
    people = [officer(number) for number in (3, 1, 2)]

    one, other = InspectorRegister(people), InspectorRegister(reversed(people))

    assert one == other
    assert hash(one) == hash(other)
    assert one.digest == other.digest
    assert one.ids == ("P1", "P2", "P3")
    assert [person.id for person in one] == list(one.ids)


@pytest.mark.parametrize(
    "fields",
    [
        {"department": "消防"},
        {"certified": False},
        {"skills": {"食品"}},
        {"home_areas": {"上仓镇"}},
        {"capacity": 3},
        {"is_expert": True},
    ],
    ids=lambda fields: next(iter(fields)),
)
def test_the_digest_binds_every_field(fields):
    """Who could be drawn, for what and how often, is fixed by the digest."""
    before = InspectorRegister([officer(1), officer(2)])

    assert before.digest != InspectorRegister([officer(1, **fields), officer(2)]).digest


def test_the_digest_can_be_repeated_with_a_shell():
    """One line of JSON for each person, sorted: `sha256sum` gives the same."""
    skills = {"药品", "食品", "电梯", "锅炉", "计量", "广告", "价格"}
    register = InspectorRegister([officer(1, skills=skills, capacity=3)])
    line = (
        '{"capacity":3,"certified":true,"department":"市场监管","home_areas":[],'
        '"id":"P1","is_expert":false,'
        '"skills":["价格","广告","电梯","药品","计量","锅炉","食品"]}'
    )

    assert hashlib.sha256(f"{line}\n".encode()).hexdigest() == register.digest


def test_people_are_found_by_their_ids():
    """A host looks somebody up; a stranger is not in it."""
    register = InspectorRegister([officer(1)])

    assert officer(1) == register["P1"]
    assert "P1" in register
    assert "P2" not in register
    with pytest.raises(KeyError):
        register["P2"]


def test_all_repeats_are_told_at_once():
    """Nobody has two capacities."""
    people = [officer(1), officer(2), officer(1), officer(2)]

    with pytest.raises(InvalidInput) as caught:
        InspectorRegister(people)

    assert codes(caught) == [
        ("id-duplicate", 2, "inspectors.id"),
        ("id-duplicate", 3, "inspectors.id"),
    ]
    assert [fault.params["first"] for fault in caught.value.faults] == [0, 1]


def test_rows_that_are_no_people_are_told_at_once():
    """The rows of a table are not taken for people."""
    with pytest.raises(InvalidInput) as caught:
        InspectorRegister([{"id": "P1"}, officer(1), "P2"])

    assert ("argument-type", 2, "inspectors") in codes(caught)
    assert ("key-missing", 0, "inspectors.department") in codes(caught)
    assert {row for _, row, _ in codes(caught)} == {0, 2}


def test_a_register_may_be_empty_and_survives_pickling():
    """Workers of a cluster get registers by pickle."""
    empty = InspectorRegister([])
    register = InspectorRegister([officer(1)])

    assert len(empty) == 0
    assert register == pickle.loads(pickle.dumps(register))  # noqa: S301
    assert "P1" in pickle.loads(pickle.dumps(register))  # noqa: S301


def test_parts_of_a_register_are_chosen_by_all_conditions():
    """Each condition narrows, skills are all needed."""
    register = InspectorRegister(
        [
            officer(1, skills={"食品", "药品"}),
            officer(2, skills={"食品"}),
            officer(3, department="消防"),
            officer(4, certified=False),
            officer(5, is_expert=True),
        ]
    )

    assert register.where() == register
    assert register.where(department={"消防"}).ids == ("P3",)
    assert register.where(department={"消防", "市场监管"}) == register
    assert register.where(skills={"食品", "药品"}).ids == ("P1",)
    assert register.where(certified={False}).ids == ("P4",)
    assert register.where(is_expert={True}).ids == ("P5",)
    assert register.where(certified={True}, is_expert={False}).ids == ("P1", "P2", "P3")


@pytest.mark.parametrize(
    "condition", [{"department": "消防"}, {"certified": True}, {"skills": "食品"}]
)
def test_a_single_value_is_no_condition(condition):
    """`in "消防"` would be true of every part of that text."""
    with pytest.raises(InvalidTypeError):
        InspectorRegister([officer(1)]).where(**condition)


# -- changes -------------------------------------------------------------------


def change(number, day, **fields):
    person = officer(number, **fields) if fields else None
    return InspectorChange(
        inspector_id=f"P{number}", on=dt.date(2026, 3, day), inspector=person
    )


def test_a_register_stands_as_of_a_day():
    """Changes hold from their day on, latest last, in whatever order they come."""
    register = InspectorRegister([officer(1), officer(2)])
    changes = [
        change(1, 9, capacity=2),
        change(2, 5),
        change(1, 3, capacity=1),
        change(3, 5, capacity=3),
    ]

    by_day = {
        day: register.apply(changes, on=dt.date(2026, 3, day)) for day in (2, 3, 5, 9)
    }

    assert by_day[2] == register
    assert by_day[3]["P1"].capacity == 1
    assert by_day[3].ids == ("P1", "P2")
    assert by_day[5].ids == ("P1", "P3")
    assert by_day[9]["P1"].capacity == 2
    assert register.ids == ("P1", "P2")


def test_all_changes_that_cannot_be_are_told_at_once():
    """Two truths on one day, and leaving without having been there."""
    register = InspectorRegister([officer(1)])
    changes = [
        change(9, 4),
        change(1, 3, capacity=1),
        officer(2),
        change(1, 3, capacity=2),
    ]

    with pytest.raises(InvalidInput) as caught:
        register.apply(changes, on=dt.date(2026, 3, 9))

    assert [(code, row) for code, row, _ in codes(caught)] == [
        ("change-of-nobody", 0),
        ("argument-type", 2),
        ("change-twice", 3),
    ]


def test_two_changes_of_one_day_are_refused_before_they_hold():
    """A fault of next month's list is told today."""
    changes = [change(1, 30, capacity=1), change(1, 30, capacity=2)]

    with pytest.raises(InvalidInput):
        InspectorRegister([officer(1)]).apply(changes, on=dt.date(2026, 3, 9))


@pytest.mark.parametrize(
    ("fields", "error", "code"),
    [
        ({"inspector": officer(2)}, InvalidValueError, "change-other-person"),
        ({"inspector": "P1"}, InvalidTypeError, "argument-type"),
        ({"on": dt.datetime(2026, 3, 1)}, InvalidTypeError, "datetime-naive"),  # noqa: DTZ001
        ({"reason": None}, InvalidTypeError, "text-type"),
    ],
    ids=["other person", "no person", "naive", "no reason"],
)
def test_a_faulty_change_is_refused(fields, error, code):
    """A change is about one person and one day."""
    right = {"inspector_id": "P1", "on": dt.date(2026, 3, 1), "inspector": None}

    with pytest.raises(error) as caught:
        InspectorChange(**{**right, **fields})

    assert code == caught.value.code


# -- tables --------------------------------------------------------------------

COLUMNS = {
    "人员编号": ["P2", "P1", "P3"],
    "所属部门": ["消防", "市场监管", "市场监管"],
    "执法资格": ["是", "否", "是"],
    "专业": [None, "食品、特种设备", "食品"],
    "回避区域": ["上仓镇，下营镇", None, None],
    "任务上限": [None, 20, 0],
    "专家": [None, "否", "是"],
}
PEOPLE = InspectorRegister(
    [
        Inspector(id="P2", department="消防", home_areas={"上仓镇", "下营镇"}),
        officer(1, certified=False, skills={"食品", "特种设备"}, capacity=20),
        officer(3, skills={"食品"}, capacity=0, is_expert=True),
    ]
)
TABLES = {
    "dict": dict,
    "pandas": pd.DataFrame,
    "polars": pl.DataFrame,
    "arrow": pa.table,
}


@pytest.mark.parametrize("library", TABLES)
def test_every_kind_of_table_gives_the_same_register(library):
    """None of these libraries is needed by the package."""
    assert InspectorRegister.from_table(TABLES[library](COLUMNS)) == PEOPLE


@pytest.mark.parametrize("library", TABLES)
def test_cells_may_hold_lists(library):
    """Columnar formats have lists in cells."""
    columns = {
        "id": ["P1", "P2"],
        "dept": ["市场监管", "市场监管"],
        "certified": [True, True],
        "skills": [["药品", "食品"], []],
    }

    register = InspectorRegister.from_table(
        TABLES[library](columns),
        id="id",
        department="dept",
        certified="certified",
        skills="skills",
    )

    expected = InspectorRegister([officer(1, skills={"食品", "药品"}), officer(2)])
    assert expected == register


def test_columns_that_are_usual_may_be_absent():
    """A short list of names, departments and certificates is a register."""
    columns = {name: COLUMNS[name] for name in ("人员编号", "所属部门", "执法资格")}

    register = InspectorRegister.from_table({**columns, "电话": COLUMNS["人员编号"]})

    assert register.read_from == {
        "id": "人员编号", "department": "所属部门", "certified": "执法资格",
    }  # fmt: skip
    assert register.not_read == ("电话",)
    assert InspectorRegister(register).read_from == {}


def test_nobody_is_certified_because_a_table_is_silent():
    """Whoever has no certificate must not count as one of two officers."""
    columns = {"人员编号": ["P1"], "所属部门": ["消防"], "是否持有执法证": ["否"]}

    with pytest.raises(InvalidInput) as caught:
        InspectorRegister.from_table(columns)

    assert codes(caught) == [("column-missing", None, "执法资格")]
    read = InspectorRegister.from_table(columns, certified="是否持有执法证")
    assert not read["P1"].is_officer


def test_columns_that_look_like_one_that_is_absent_are_told():
    """Areas of recusal under another name are not passed over."""
    columns = {"人员编号": ["P1"], "所属部门": ["消防"], "执法资格": ["是"],
               "应回避镇": ["上仓镇"], "专业资格": ["食品"],
               "是否专家": ["否"]}  # fmt: skip

    with pytest.raises(InvalidInput) as caught:
        InspectorRegister.from_table(columns)

    assert sorted(fault.params["field"] for fault in caught.value.faults) == [
        "home_areas", "is_expert", "skills",
    ]  # fmt: skip


def test_cells_are_repaired_where_that_is_asked_for():
    """What a fault says to write; the part of a cell is no whole one."""
    columns = {"人员编号": [" P1", "P2"], "所属部门": ["消防", "消防 "],
               "执法资格": ["√", "N"], "任务上限": ["20个", "-"]}  # fmt: skip

    register = InspectorRegister.from_table(columns, repair=True)

    assert [(one.row, one.column, one.after) for one in register.repairs] == [
        (0, "人员编号", "P1"), (1, "所属部门", "消防"), (0, "执法资格", "是"),
        (1, "执法资格", "否"), (0, "任务上限", 20), (1, "任务上限", ""),
    ]  # fmt: skip
    with pytest.raises(InvalidInput) as caught:
        InspectorRegister.from_table(
            {**columns, "专业": ["食品、\u200b药品", None]}, repair=True
        )
    assert codes(caught) == [("label-form", 0, "专业")]


@pytest.mark.parametrize(
    "absent",
    ["department", "certified", "skills", "home_areas", "capacity", "is_expert"],
)
def test_columns_that_are_asked_for_must_be_there(absent):
    """A misspelt column of recusal areas must not pass for an empty one."""
    with pytest.raises(InvalidInput) as caught:
        InspectorRegister.from_table(COLUMNS, **{absent: "没有"})

    assert codes(caught) == [("column-missing", None, "没有")]


def test_all_faults_of_a_table_are_told_by_row():
    """One error, in the order of the rows."""
    columns = {
        "人员编号": ["P1", "P2", "P1"],
        "所属部门": ["市场监管", None, " 消防"],
        "执法资格": [None, "是", "有"],
        "专业": ["食品等", None, "食品"],
        "任务上限": [-1, 2.5, 3],
    }

    with pytest.raises(InvalidInput) as caught:
        InspectorRegister.from_table(columns)

    assert sorted(codes(caught), key=str) == sorted(
        [
            ("cell-empty", 0, "执法资格"),
            ("names-unwritten", 0, "专业"),
            ("count-range", 0, "任务上限"),
            ("cell-empty", 1, "所属部门"),
            ("count-form", 1, "任务上限"),
            ("id-duplicate", 2, "人员编号"),
            ("label-form", 2, "所属部门"),
            ("flag-form", 2, "执法资格"),
        ],
        key=str,
    )
    assert [row for _, row, _ in codes(caught)] == [0, 0, 0, 1, 1, 2, 2, 2]


def test_ids_that_have_become_numbers_are_refused():
    """Leading zeros are lost in them; that fault has no row of its own."""
    columns = {
        "人员编号": np.array([1, 2]),
        "所属部门": ["消防", None],
        "执法资格": ["是", "是"],
    }

    with pytest.raises(InvalidInput) as caught:
        InspectorRegister.from_table(columns)

    assert [row for _, row, _ in codes(caught)] == [None, 1]


def test_a_table_without_rows_is_an_empty_register():
    """Zero rows are no fault by themselves."""
    assert len(InspectorRegister.from_table({n: [] for n in COLUMNS})) == 0
