"""The register of subjects: reading, selecting, changing, giving back."""

import copy
import datetime as dt
import enum
import json
import pickle
from pathlib import Path

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from vectors.digest_reference import digest

from dsgk.errors import DsgkError, InvalidInput, InvalidTypeError, InvalidValueError
from dsgk.fields import faults_of
from dsgk.sources import article, provisions_of
from dsgk.subjects import (
    FIELDS,
    Addition,
    Change,
    Status,
    Subject,
    SubjectRegister,
    read_field,
    select,
)


PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "registers.md"
DAY = dt.date(2025, 3, 1)
COLUMNS = {
    "id": ["S2", "S1", "91110000600037341L"],
    "kind": ["药店", "饭店", None],
    "area": ["上仓镇", None, "上仓镇"],
    "risk": ["高", "低", "低"],
    "credit": ["D", "A", None],
    "on_promise": [True, False, None],
    "status": ["存续", "注销", "迁出"],
    "last_inspected_on": [dt.date(2024, 2, 29), None, dt.date(2025, 1, 31)],
    "visits_this_year": [0, 2, 1],
    "employees": [5, None, 12],
    "food": [True, None, False],
    "行业": ["零售", None, "餐饮"],
}
CHINESE = {"统一社会信用代码": "id"} | {
    field.heading: name for name, field in FIELDS.items()
}


@pytest.fixture
def register():
    """Three subjects with every field and three attributes."""
    return SubjectRegister.from_columns(**COLUMNS)


def codes_of(info):
    return [(f.row, f.column, f.code) for f in info.value.faults]


class Word(str, enum.Enum):  # noqa: UP042  (prints its name, as hosts write it)
    """What a host may keep its words in."""

    FIELD = "credit"
    STATUS = "status"
    OTHER = "行业"
    CLASS = "D"
    LEFT = "已注销"
    ID = "S1"


class TestStatus:
    """Whether a subject is still in the register."""

    @pytest.mark.parametrize(
        ("text", "status"),
        [
            ("存续", Status.ACTIVE),
            ("正常", Status.ACTIVE),
            ("存续（在营、开业、在册）", Status.ACTIVE),
            ("存续(在营、开业、在册)", Status.ACTIVE),
            ("歇业", Status.DORMANT),
            ("已注销", Status.STRUCK_OFF),
            ("吊销，未注销", Status.REVOKED),
            ("吊销,已注销", Status.STRUCK_OFF),
            ("撤销", Status.ANNULLED),
            ("迁出", Status.MOVED_OUT),
            (Status.REVOKED, Status.REVOKED),
        ],
    )
    def test_the_usual_texts_are_read(self, text, status):
        """Brackets and commas come in both widths."""
        assert Status.read(text) is status

    @pytest.mark.parametrize("cell", ["停业", "存 续", "active", 1, True])
    def test_other_texts_are_refused_with_those_that_are_read(self, cell):
        """A closed list: an unknown status could be a subject that has left."""
        with pytest.raises(InvalidValueError, match="MOVED_OUT: 迁出, 已迁出") as info:
            Status.read(cell)

        assert info.value.code == "status-unknown"
        assert info.value.provision == str(article(24))

    def test_every_status_reads_its_own_value(self):
        """What `to_columns` gives back can be read again."""
        assert [Status.read(status.value) for status in Status] == list(Status)

    def test_active_and_dormant_subjects_are_registered(self):
        """A dormant business has a licence, and may be inspected."""
        assert {s for s in Status if s.is_registered} == {Status.ACTIVE, Status.DORMANT}


class TestSubject:
    """One row as a value."""

    def test_an_id_is_enough(self):
        """Everything else means what is least."""
        subject = Subject(id="S1")

        assert subject.status is Status.ACTIVE
        assert subject.visits_this_year == 0
        assert subject.attributes == ()
        assert {name: getattr(subject, name) for name in FIELDS} == {
            name: field.default for name, field in FIELDS.items()
        }

    def test_values_are_read_as_cells_are(self):
        """A table and a value written by hand mean the same."""
        subject = Subject(
            id="S1",
            on_promise="是",
            status="注销",
            last_inspected_on="2025-03-01",
            visits_this_year="2",
            attributes={"b": 1, "a": "x", "c": None},
        )

        assert (subject.on_promise, subject.status) == (True, Status.STRUCK_OFF)
        assert (subject.last_inspected_on, subject.visits_this_year) == (DAY, 2)
        assert subject.attributes == (("a", "x"), ("b", 1))

    def test_all_faults_are_told_at_once(self):
        """One field after the other would take a morning."""
        with pytest.raises(InvalidInput, match="Subject has 3 faults") as info:
            Subject(id="S1 ", kind=3, visits_this_year=-1)

        assert [(f.column, f.code) for f in info.value.faults] == [
            ("id", "id-padded"),
            ("kind", "label-type"),
            ("visits_this_year", "count-range"),
        ]

    @pytest.mark.parametrize("name", ["id", "credit", "visits_this_year"])
    def test_an_attribute_is_not_called_like_a_field(self, name):
        """One name, one meaning."""
        with pytest.raises(InvalidValueError, match="the name of a field") as info:
            Subject(id="S1", attributes=[(name, "A")])

        assert info.value.code == "attribute-name"

    def test_it_is_a_value(self):
        """Equal, hashable, unchangeable, and stored by pickle."""
        one = Subject(id="S1", attributes={"a": 1})

        assert one == Subject(id="S1", attributes={"a": 1})
        assert hash(one) == hash(pickle.loads(pickle.dumps(one)))  # noqa: S301
        with pytest.raises(AttributeError):
            one.kind = "药店"

    def test_it_cites_who_may_be_inspected(self):
        """Art. 25 lists them."""
        assert provisions_of(Subject) == (article(25),)

    def test_an_empty_value_of_a_field_is_its_default(self):
        """As in a column."""
        assert read_field("status", "") is Status.ACTIVE
        assert read_field("visits_this_year", None) == 0
        assert read_field("credit", float("nan")) is None


class TestSelect:
    """Which classes are meant."""

    def test_values_are_read_as_cells(self):
        """A rule and a table mean the same by one word."""
        assert select(
            {"status": ["正常", Status.DORMANT], "on_promise": {"是", None}, "n": {1}}
        ) == {
            "status": frozenset({Status.ACTIVE, Status.DORMANT}),
            "on_promise": frozenset({True, None}),
            "n": frozenset({1}),
        }

    @pytest.mark.parametrize(
        ("when", "code", "advice"),
        [
            ({"credit": "AB"}, "selection-set", r"Write \{'AB'\} instead"),
            ({"on_promise": True}, "selection-set", r"Write \{True\} instead"),
            ({"status": Status.ACTIVE}, "selection-set", "instead"),
            ({"risk": None}, "selection-set", r"Write \{None\} instead"),
            ({"n": 3}, "selection-set", r"Write \{3\} instead"),
            ({"credit": {"A": 1}}, "selection-set", r"Write \{'A', 'B'\}"),
            ({"credit": 1.5}, "selection-set", r"Write \{'A', 'B'\}"),
            ({"credit": set()}, "selection-empty", "Leave the field out"),
            ({"id": {"S1"}}, "selection-field", "select by id or day in the table"),
            ({"visits_this_year": {1}}, "selection-field", "a yearly cap"),
            ({"last_inspected_on": {DAY}}, "selection-field", "a rest"),
            ({"credit": {"Ａ"}}, "label-form", "Write 'A' instead"),
            ({"credit": {1}}, "label-type", "text"),
            ({"status": {"停业"}}, "status-unknown", "Write one of these"),
            ({"x ": {1}}, "label-form", "Write 'x' instead"),
            ({3: {1}}, "id-type", "must be a text"),
        ],
    )
    def test_what_selects_nothing_or_something_else_is_refused(
        self, when, code, advice
    ):
        """The letters of a text would be values; an empty set matches nobody."""
        with pytest.raises(InvalidInput, match=advice) as info:
            select(when)

        assert [f.code for f in info.value.faults] == [code]

    def test_a_column_of_values_will_do(self):
        """What a table library gives for the distinct values of a column."""
        assert select({"credit": pd.Series(["A"])}) == {"credit": frozenset({"A"})}
        assert select({"credit": np.array(["A"])}) == {"credit": frozenset({"A"})}

    def test_members_of_an_enum_of_texts_are_their_texts(self, register):
        """As keys and as values; a selection that misses would match nobody."""
        assert select({Word.STATUS: {Word.LEFT}}) == (
            {"status": frozenset({Status.STRUCK_OFF})}
        )
        assert register.where(**{Word.FIELD: {Word.CLASS}}).ids == ("S2",)
        shop = Subject(id=Word.ID, kind=Word.OTHER, attributes={Word.OTHER: Word.CLASS})
        texts = (shop.id, shop.kind, *shop.attributes[0])
        assert texts == ("S1", "行业", "行业", "D")
        assert {str} == set(map(type, texts))

    def test_all_faults_are_told_at_once(self):
        """Every field of the selection."""
        with pytest.raises(InvalidInput, match="where has 2 faults") as info:
            select({"credit": "A", "risk": set()}, name="where")

        assert [f.column for f in info.value.faults] == ["credit", "risk"]

    def test_what_is_no_mapping_is_refused(self):
        """A list has no fields."""
        with pytest.raises(InvalidTypeError, match="mapping") as info:
            select([("credit", {"A"})])

        assert info.value.code == "argument-mapping"


class TestReading:
    """From columns and tables."""

    def test_an_id_alone_makes_a_register(self):
        """Registers of equipment may have nothing else."""
        register = SubjectRegister.from_columns(id=["S1"])

        assert register.fields == ("status",)
        assert register[0] == Subject(id="S1")

    @pytest.mark.parametrize(
        "make",
        [
            dict,
            lambda columns: {k: tuple(v) for k, v in columns.items()},
            lambda columns: {k: np.array(v, object) for k, v in columns.items()},
            pd.DataFrame,
            lambda columns: pd.DataFrame(columns).astype({"credit": "category"}),
            lambda columns: pd.DataFrame(columns).convert_dtypes(),
            pl.DataFrame,
            lambda columns: pl.DataFrame(columns).cast({"area": pl.Categorical}),
            pa.table,
            lambda columns: pa.concat_tables(
                [pa.table(columns).slice(0, 2), pa.table(columns).slice(2)]
            ),
        ],
        ids=["lists", "tuples", "arrays", "pandas", "categories", "extension dtypes",
             "polars", "polars categories", "arrow", "chunks"],
    )  # fmt: skip
    def test_every_kind_of_table_gives_the_same_register(self, register, make):
        """A district changes its table library, and no draw changes."""
        table = make(COLUMNS)
        names = {name: name for name in COLUMNS}
        read = SubjectRegister.from_table(table, **names)

        assert read.digest == register.digest
        assert list(read) == list(register)
        assert read.fields == register.fields

    def test_the_usual_names_are_taken_where_they_are(self):
        """Nothing has to be told about a table that has the usual names."""
        table = {chinese: COLUMNS[field] for chinese, field in CHINESE.items()}
        read = SubjectRegister.from_table(
            table | {"其他": [1, 2, 3]}, employees="其他", food=None
        )

        assert read.fields == (*FIELDS, "employees")
        assert read.where(credit={"D"}).ids == ("S2",)

    def test_the_page_tells_every_column(self):
        """With the name that it has in most tables."""
        page = PAGE.read_text(encoding="utf-8")

        assert [
            name
            for name, field in FIELDS.items()
            if f"| `{name}` | {field.heading} |" not in page
        ] == []

    def test_a_usual_name_that_is_absent_is_left_out(self):
        """A register has the fields that it has."""
        read = SubjectRegister.from_table({"统一社会信用代码": ["S1"]})

        assert read.fields == ("status",)

    def test_a_name_that_is_given_must_be_there(self):
        """Even where it is the usual one."""
        with pytest.raises(InvalidInput) as info:
            SubjectRegister.from_table(
                {"统一社会信用代码": ["S1"]}, credit="信用等级", risk="x", x="y"
            )

        assert set(codes_of(info)) == {
            (None, "信用等级", "column-missing"),
            (None, "x", "column-missing"),
            (None, "y", "column-missing"),
        }

    def test_the_id_must_be_there(self):
        """Without ids there is no register."""
        with pytest.raises(InvalidInput, match="there are 'a'") as info:
            SubjectRegister.from_table({"a": ["S1"]})

        assert codes_of(info) == [(None, "统一社会信用代码", "column-missing")]

    def test_a_field_can_be_left_out(self):
        """None: even if the table has the usual column."""
        table = {"统一社会信用代码": ["S1"], "信用等级": ["?"], "登记状态": ["？"]}
        read = SubjectRegister.from_table(table, credit=None, status=None)

        assert read.fields == ("status",)

    def test_a_table_without_rows_is_refused(self):
        """A wrong filter or a wrong sheet, not a district without firms."""
        with pytest.raises(InvalidInput, match="how the table was read") as info:
            SubjectRegister.from_table({"代码": []}, id="代码")

        assert codes_of(info) == [(None, "代码", "table-empty")]

    def test_columns_without_rows_make_an_empty_register(self):
        """A selection may be empty, and can be stored and read again."""
        register = SubjectRegister.from_columns(id=[], credit=[])

        assert (len(register), list(register)) == (0, [])
        assert SubjectRegister.from_columns(**register.to_columns()).ids == ()

    def test_all_faults_of_all_columns_are_told_with_their_rows(self):
        """One error for a whole table, by its own column names."""
        table = {
            "代码": ["S1", "S1", "Ｓ3", "", " S5"],
            "等级": ["A", " A", 3, None, "A"],
            "状态": ["正常", "停业", "", "注销", "正常"],
            "日期": ["2025-03-01", "2025/3/1", None, "", "2025-02-29"],
            "次数": [0, -1, 1.5, None, "x"],
            "承诺": ["是", "否", "Y", None, 2],
            "食品": ["甲", 1.5, True, 3, None],
        }
        with pytest.raises(InvalidInput, match="register of subjects has 15") as info:
            SubjectRegister.from_table(
                table, id="代码", credit="等级", status="状态", on_promise="承诺",
                last_inspected_on="日期", visits_this_year="次数", food="食品",
            )  # fmt: skip

        found = codes_of(info)
        assert set(found) == {
            (1, "代码", "id-duplicate"),
            (2, "代码", "id-form"),
            (3, "代码", "id-empty"),
            (4, "代码", "id-padded"),
            (1, "等级", "label-form"),
            (2, "等级", "label-type"),
            (1, "状态", "status-unknown"),
            (1, "日期", "day-form"),
            (4, "日期", "day-form"),
            (1, "次数", "count-range"),
            (2, "次数", "count-form"),
            (4, "次数", "count-form"),
            (2, "承诺", "flag-form"),
            (4, "承诺", "flag-form"),
            (1, "食品", "value-type"),
        }
        rows = [row for row, _, _ in found]
        assert rows == sorted(rows)

    def test_unequal_columns_are_refused(self):
        """Rows would belong to the wrong subjects."""
        with pytest.raises(InvalidInput, match="must have 2 rows") as info:
            SubjectRegister.from_columns(id=["S1", "S2"], kind=["药店"], x=[1, 2])

        assert codes_of(info) == [(None, "kind", "column-length")]

    def test_ids_that_are_numbers_are_refused(self):
        """One fault for the column, with the remedy."""
        with pytest.raises(InvalidInput, match="dtype=str") as info:
            SubjectRegister.from_table(pd.DataFrame({"id": [911, 912]}), id="id")

        assert codes_of(info) == [(None, "id", "id-column")]

    @pytest.mark.parametrize("name", ["x ", "\uff38"])
    def test_names_of_attributes_are_checked(self, name):
        """They stand in rules and in the digest."""
        with pytest.raises(InvalidValueError):
            SubjectRegister.from_columns(id=["S1"], **{name: [1]})
        with pytest.raises(InvalidValueError):
            SubjectRegister.from_table({"id": ["S1"]}, id="id", **{name: "id"})

    def test_credit_codes_are_checked_on_demand(self):
        """Equipment has none, so it is the caller's choice."""
        ids = ["91110000600037341L", "91110000600037341M", "S3"]

        assert len(SubjectRegister.from_columns(id=ids)) == 3
        for make in (
            lambda: SubjectRegister.from_columns(id=ids, check_codes=True),
            lambda: SubjectRegister.from_table(
                {"代码": ids}, id="代码", check_codes=True
            ),
        ):
            with pytest.raises(InvalidInput, match="check character 'L'") as info:
                make()

            assert [(f.row, f.code) for f in info.value.faults] == [
                (1, "credit-code-check"),
                (2, "credit-code-form"),
            ]

    def test_the_input_is_left_as_it_was(self):
        """Arrays stay writable, and theirs."""
        visits = np.array([3])
        days = np.array(["2025-03-01"], "M8[D]")
        register = SubjectRegister.from_columns(
            id=["S1"], visits_this_year=visits, last_inspected_on=days
        )
        visits[0], days[0] = 5, "2026-03-01"

        assert register[0].visits_this_year == 3
        assert register[0].last_inspected_on == DAY

    def test_a_register_is_not_made_by_its_name(self):
        """The message says how."""
        with pytest.raises(TypeError, match="from_columns"):
            SubjectRegister()


class TestRows:
    """Subjects on demand."""

    def test_a_row_is_a_subject(self, register):
        """Every field of it."""
        cells = {name: COLUMNS[name][0] for name in ["id", *FIELDS]}
        more = {"employees": 5, "food": True, "行业": "零售"}

        assert register[0] == Subject(**cells, attributes=more)
        assert (register[0].kind, register[0].on_promise) == ("药店", True)
        assert register[np.int64(1)].status is Status.STRUCK_OFF
        assert register[1].visits_this_year == 2
        assert register[-1].id == "91110000600037341L"

    @pytest.mark.parametrize("row", [3, -4])
    def test_a_row_that_is_not_there_is_an_index_error(self, register, row):
        """As for a list."""
        with pytest.raises(IndexError):
            register[row]

    def test_iteration_gives_the_rows_in_order(self, register):
        """As they came."""
        assert [subject.id for subject in register] == COLUMNS["id"]

    def test_an_id_is_in_the_register_or_not(self, register):
        """Asked by id, because nobody has the subject at hand."""
        assert "S1" in register
        assert "S9" not in register

    def test_it_is_shown_by_size_and_fields(self, register):
        """A million rows are not printed."""
        fields = ", ".join([*FIELDS, "employees", "food", "行业"])

        assert repr(register) == f"<SubjectRegister of 3 subjects, {fields}>"

    def test_nothing_in_it_can_be_changed(self, register):
        """A snapshot has a digest; it must stay the same."""
        with pytest.raises(AttributeError):
            register.ids = ()
        with pytest.raises(TypeError):
            register.classes["kind"] = None
        for array in (
            register.last_inspected_on,
            register.visits_this_year,
            register.classes["kind"].codes,
        ):
            with pytest.raises(ValueError, match="read-only"):
                array[0] = array[1]

    def test_columns_that_were_not_given_mean_the_least(self):
        """Never inspected, no visit."""
        register = SubjectRegister.from_columns(id=["S1", "S2"])

        assert register.last_inspected_on.tolist() == [None, None]
        assert register.visits_this_year.tolist() == [0, 0]

    def test_empty_cells_mean_the_least(self):
        """Active, no visit, never inspected: what a join leaves empty."""
        register = SubjectRegister.from_columns(
            id=["S1", "S2"],
            status=["注销", None],
            visits_this_year=[3, None],
            last_inspected_on=[DAY, None],
        )

        assert register[1] == Subject(id="S2")
        assert register.to_columns()["status"] == ["注销", "存续"]

    def test_an_empty_status_and_the_word_for_it_are_one_class(self):
        """Classes are distinct, or a selection would miss some."""
        register = SubjectRegister.from_columns(
            id=["S1", "S2", "S3"], status=[None, "存续", "注销"]
        )

        assert register.classes["status"].categories == (
            Status.ACTIVE,
            Status.STRUCK_OFF,
        )

    def test_it_survives_pickling(self, register):
        """Workers of a host get it that way."""
        again = pickle.loads(pickle.dumps(register))  # noqa: S301

        assert list(again) == list(register)
        assert again.digest == register.digest
        for copied in (again, copy.copy(register), copy.deepcopy(register)):
            assert copied == register
            assert not copied.last_inspected_on.flags.writeable
            assert not copied.visits_this_year.flags.writeable
            assert not copied.classes["kind"].codes.flags.writeable

    def test_registers_that_say_the_same_are_equal(self, register):
        """As a frame is, it is a set of rows: their order says nothing."""
        rows = [2, 0, 1]
        turned = {name: [column[k] for k in rows] for name, column in COLUMNS.items()}
        again = SubjectRegister.from_columns(**turned)
        other = SubjectRegister.from_columns(**COLUMNS | {"credit": ["D", "B", None]})

        assert register == register.where()
        assert (again, hash(again)) == (register, hash(register))
        assert other != register
        assert register.where(kind={"药店"}) != register
        assert register != COLUMNS

    def test_many_ids_are_looked_up_at_the_cost_of_one_pass(self, register):
        """A host asks for each line of a file; a scan for each would be quadratic."""
        assert "S1" in register

        assert register._known == frozenset(COLUMNS["id"])


class TestWhere:
    """Parts of a register."""

    @pytest.mark.parametrize(
        ("classes", "ids"),
        [
            ({"kind": {"药店"}}, ["S2"]),
            ({"kind": {None}}, ["91110000600037341L"]),
            ({"kind": ["药店", "饭店"], "area": {"上仓镇"}}, ["S2"]),
            ({"on_promise": {False}}, ["S1"]),
            ({"on_promise": {None, True}}, ["S2", "91110000600037341L"]),
            ({"status": {"正常"}}, ["S2"]),
            ({"status": {Status.STRUCK_OFF, Status.MOVED_OUT}}, COLUMNS["id"][1:]),
            ({"employees": {12, 99}}, ["91110000600037341L"]),
            ({"food": {True}}, ["S2"]),
            ({"food": {1}}, []),
            ({"employees": {"5"}}, []),
            ({"行业": {"零售", None}}, ["S2", "S1"]),
            ({"kind": {"电梯"}}, []),
            ({}, COLUMNS["id"]),
        ],
    )
    def test_all_fields_must_have_an_accepted_value(self, register, classes, ids):
        """1 is not True, and "5" is not 5."""
        part = register.where(**classes)

        assert list(part.ids) == ids
        assert list(part) == [s for s in register if s.id in ids]
        assert part.fields == register.fields

    def test_a_field_that_is_not_there_is_refused_with_those_that_are(self, register):
        """A typo would select nobody."""
        with pytest.raises(InvalidValueError, match="there are 'kind', 'area'") as info:
            register.where(knd={"药店"})

        assert info.value.code == "unknown-field"
        assert info.value.params["name"] == "knd"

    def test_a_part_of_a_bare_register_stays_bare(self):
        """No column appears from nowhere."""
        part = SubjectRegister.from_columns(id=["S1"]).where(status={"正常"})

        assert part.fields == ("status",)

    def test_faulty_selections_are_refused(self, register):
        """As in a rule."""
        with pytest.raises(InvalidInput, match="where has 1 fault"):
            register.where(kind="药店")


class TestDigest:
    """What stands for a register in a record."""

    def test_it_is_that_of_the_page(self, register):
        """Anyone can compute it with a JSON writer and a sort."""
        columns = register.to_dict()["columns"]
        defaults = {
            name: field.kind.plain(field.default)
            for name, field in FIELDS.items()
            if field.default is not None
        }

        assert digest("dsgk-register/2", ["id"], defaults, columns) == register.digest

    @pytest.mark.parametrize("field", [f for f in COLUMNS if f != "id"])
    def test_every_field_counts(self, register, field):
        """A changed cell is a changed register."""
        swapped = [COLUMNS[field][1], COLUMNS[field][0], COLUMNS[field][2]]
        other = SubjectRegister.from_columns(**COLUMNS | {field: swapped})

        assert other.digest != register.digest

    def test_an_empty_column_does_not_count(self, register):
        """Whether it was exported or not."""
        other = SubjectRegister.from_columns(**COLUMNS, more=[None, None, ""])

        assert other.digest == register.digest
        assert (
            SubjectRegister.from_columns(
                id=["S1"], credit=[None], visits_this_year=[0], last_inspected_on=[None]
            ).digest
            == SubjectRegister.from_columns(id=["S1"]).digest
        )

    def test_a_number_is_not_its_text(self):
        """Nor is True the number 1."""
        digests = {
            SubjectRegister.from_columns(id=["S1"], x=[value]).digest
            for value in (1, "1", True, "true", None)
        }

        assert len(digests) == 5


class TestToColumns:
    """Back to the host."""

    def test_plain_columns_come_out_as_they_went_in(self, register):
        """Lists of texts, numbers, dates and None."""
        assert register.to_columns() == COLUMNS

    @pytest.mark.parametrize(
        "library",
        [pd.DataFrame, pl.DataFrame, pa.table],
        ids=["pandas", "polars", "arrow"],
    )
    def test_they_make_a_table_that_can_be_read_again(self, register, library):
        """A round trip through any library loses nothing."""
        table = library(register.to_columns())
        again = SubjectRegister.from_table(table, **{name: name for name in COLUMNS})

        assert again.digest == register.digest


class TestStorage:
    """As documents of plain JSON values."""

    def test_a_register_comes_back_from_its_document(self, register):
        """Through a file: every cell, and the fields that it has."""
        text = json.dumps(register.to_dict(), ensure_ascii=False)
        again = SubjectRegister.from_dict(json.loads(text))

        assert again == register
        assert again.to_columns() == register.to_columns()
        assert SubjectRegister.schema()["properties"]["format"] == (
            {"const": register.to_dict()["format"]}
        )

    @pytest.mark.parametrize(
        ("change", "code"),
        [
            ({"format": "dsgk-subject-register/0"}, "format-unknown"),
            ({"more": 1}, "key-unknown"),
            ({"columns": {"kind": []}}, "column-missing"),
            ({"columns": {"id": ["S1"], "kind": "药店"}}, "column-type"),
            ({"columns": {"id": ["S1"], "kind": []}}, "column-length"),
            ({"columns": {"id": ["S1"], "kind": [3]}}, "label-type"),
            ({"columns": {"id": ["S1"], "x ": [3]}}, "label-form"),
        ],
    )
    def test_a_document_that_is_none_is_refused(self, register, change, code):
        """Unknown keys and formats are not skipped in silence."""
        with pytest.raises(DsgkError) as info:
            SubjectRegister.from_dict({**register.to_dict(), **change})

        assert code in {f.code for f in faults_of(info.value)}

    @pytest.mark.parametrize(
        "made",
        [
            Subject(id="S1", on_promise=True, attributes={"a": 1, "b": "x"}),
            Subject(id="S1", status="注销", last_inspected_on=DAY),
            Change(subject_id="S1", field="credit", value=None, on=DAY, reason="x"),
            Change(
                subject_id="S1",
                field="last_inspected_on",
                value=DAY,
                on=DAY,
                reason="x",
            ),
            Change.struck_off("S1", on=DAY, reason="x"),
            Addition(subject=Subject(id="S1", kind="药店"), on=DAY, reason="x"),
        ],
        ids=str,
    )
    def test_values_come_back_from_their_documents(self, made):
        """A host keeps them until they are due."""
        document = json.loads(json.dumps(made.to_dict(), ensure_ascii=False))

        assert type(made).from_dict(document) == made
        assert set(type(made).schema()["properties"]) == set(document)

    def test_faults_of_a_value_are_told_in_both_languages(self):
        """All at once; the Chinese shows the same values."""
        with pytest.raises(InvalidInput) as info:
            Subject(id="S1", status="停业", attributes={"a ": 1, "b": 1.5})

        assert [(f.column, f.code) for f in info.value.faults] == [
            ("status", "status-unknown"),
            ("attributes['a ']", "label-form"),
            ("attributes['b']", "value-type"),
        ]
        assert "停业" in info.value.faults[0].chinese

    def test_a_million_bad_cells_are_told_in_bounded_memory(self):
        """The first thousand in full, all of them by counts."""
        rows = 20_000
        columns = {"id": [f"S{k}" for k in range(rows)], "credit": [" A"] * rows}
        with pytest.raises(InvalidInput) as info:
            SubjectRegister.from_columns(**columns)

        assert info.value.counts == {"label-form": rows}
        assert len(info.value.faults) == 1000


class TestChanges:
    """Dated changes as values."""

    def test_a_value_is_read_as_a_cell_of_its_field(self):
        """A change and a table mean the same."""
        change = Change(
            subject_id="S1", field="last_inspected_on", value="2025-03-01", on=DAY,
            reason="检查",
        )  # fmt: skip

        assert change.value == DAY
        assert Change.moved_out("S1", on=DAY, reason="x").value is Status.MOVED_OUT
        assert Change.struck_off("S1", on=DAY, reason="x").field == "status"

    @pytest.mark.parametrize(
        ("field", "value", "code"),
        [
            ("id", "S2", "change-id"),
            ("status", None, "cell-empty"),
            ("visits_this_year", "", "cell-empty"),
            ("status", "停业", "status-unknown"),
            ("credit", "Ａ", "label-form"),
            ("行业 ", "x", "label-form"),
        ],
    )
    def test_what_is_no_value_of_the_field_is_refused(self, field, value, code):
        """At once, not when it is applied months later."""
        with pytest.raises(InvalidValueError) as info:
            Change(subject_id="S1", field=field, value=value, on=DAY, reason="x")

        assert info.value.code == code

    @pytest.mark.parametrize(
        ("reason", "code"),
        [
            ("", "text-empty"),
            ("  ", "text-empty"),
            (None, "text-type"),
            (3, "text-type"),
        ],
    )
    def test_a_reason_is_required(self, reason, code):
        """Nobody leaves a register without one."""
        with pytest.raises((InvalidTypeError, InvalidValueError)) as info:
            Change.struck_off("S1", on=DAY, reason=reason)

        assert (info.value.fault.column, info.value.code) == ("reason", code)

    def test_a_day_is_a_date(self):
        """A naive point in time could be another day in China."""
        with pytest.raises(InvalidTypeError):
            Change.struck_off("S1", on=dt.datetime(2025, 3, 1), reason="x")  # noqa: DTZ001

    def test_an_addition_has_a_subject(self):
        """An id alone says too little."""
        with pytest.raises(InvalidTypeError, match=r"Write Subject\(…\)") as info:
            Addition(subject="S1", on=DAY, reason="x")

        assert info.value.code == "argument-type"

    def test_both_cite_the_article_on_registers(self):
        """Art. 24: kept current."""
        assert provisions_of(Change) == provisions_of(Addition) == (article(24),)


FOOD = {"food": True}


def change(subject_id, field, value, day=1):
    return Change(
        subject_id=subject_id, field=field, value=value,
        on=dt.date(2025, 3, day), reason="决定书",
    )  # fmt: skip


def addition(subject_id, day=1, **fields):
    return Addition(
        subject=Subject(id=subject_id, **fields),
        on=dt.date(2025, 3, day),
        reason="设立",
    )


class TestApply:
    """A register as it stands on a day."""

    def test_fields_change_and_subjects_join_and_leave(self, register):
        """Who left stays as a row, with the status that says why."""
        after = register.apply(
            [
                Change.struck_off("S2", on=DAY, reason="注销登记"),
                change("S1", "status", "存续"),
                change("S1", "credit", "D"),
                change("S1", "行业", "餐饮"),
                change("S2", "employees", None),
                change("S2", "visits_this_year", 4),
                change("S2", "last_inspected_on", None),
                addition(
                    "S0", kind="电梯", visits_this_year=1, attributes={"food": True}
                ),
                addition("B1", last_inspected_on=dt.date(2025, 2, 1), on_promise=False),
            ],
            on=DAY,
        )

        before = {name: [*cells, None, None] for name, cells in COLUMNS.items()}
        assert after.to_columns() == before | {
            "id": [*COLUMNS["id"], "B1", "S0"],
            "kind": ["药店", "饭店", None, None, "电梯"],
            "credit": ["D", "D", None, None, None],
            "on_promise": [True, False, None, False, None],
            "status": ["注销", "存续", "迁出", "存续", "存续"],
            "last_inspected_on": [
                None, None, dt.date(2025, 1, 31), dt.date(2025, 2, 1), None,
            ],
            "visits_this_year": [4, 2, 1, 0, 1],
            "employees": [None, None, 12, None, None],
            "food": [True, None, False, None, True],
            "行业": ["零售", "餐饮", "餐饮", None, None],
        }  # fmt: skip

    def test_the_register_itself_stays_as_it_was(self, register):
        """A snapshot that was announced can still be shown."""
        digest = register.digest
        register.apply([change("S1", "credit", "D"), addition("S9")], on=DAY)

        assert register.to_columns() == COLUMNS
        assert SubjectRegister.from_columns(**register.to_columns()).digest == digest

    def test_later_changes_are_not_applied_yet(self, register):
        """Nor judged: the subject may join before then."""
        later = [change("S1", "credit", "B", 2), change("S9", "nothing", "x", 2)]
        after = register.apply([change("S1", "credit", "D", 1), *later], on=DAY)

        assert after[1].credit == "D"

    def test_a_change_of_the_day_itself_is_applied(self, register):
        """It holds from that day on."""
        assert (
            register.apply([change("S1", "credit", "D", 2)], on=dt.date(2025, 3, 2))[
                1
            ].credit
            == "D"
        )

    def test_the_later_change_of_a_field_holds(self, register):
        """Whichever comes first in the list."""
        changes = [change("S1", "credit", "D", 2), change("S1", "credit", "B", 1)]
        for order in (changes, changes[::-1]):
            assert register.apply(order, on=dt.date(2025, 3, 9))[1].credit == "D"

    def test_a_subject_that_joined_can_change(self, register):
        """From the day on which it joined."""
        changes = [change("S9", "credit", "D", 2), addition("S9", 2, credit="A")]

        assert register.apply(changes, on=dt.date(2025, 3, 2))[3].credit == "D"

    def test_equal_changes_of_one_day_do_not_contradict(self, register):
        """Two documents may say the same."""
        changes = [change("S1", "credit", "D")] * 2

        assert register.apply(changes, on=DAY)[1].credit == "D"

    def test_fields_that_the_register_lacks_are_added(self):
        """A bare register gets the column with the first change."""
        bare = SubjectRegister.from_columns(id=["S1", "S2"])
        after = bare.apply(
            [
                change("S2", "credit", "D"),
                change("S2", "visits_this_year", 1),
                change("S2", "last_inspected_on", "2025-02-01"),
            ],
            on=DAY,
        )

        assert after.to_columns() == {
            "id": ["S1", "S2"],
            "credit": [None, "D"],
            "status": ["存续", "存续"],
            "last_inspected_on": [None, dt.date(2025, 2, 1)],
            "visits_this_year": [0, 1],
        }

    def test_no_change_changes_nothing(self, register):
        """Neither cells nor fields."""
        bare = SubjectRegister.from_columns(id=["S1"])

        assert register.apply([], on=DAY).to_columns() == COLUMNS
        assert bare.apply([addition("S2")], on=DAY).fields == ("status",)

    def test_all_faults_are_told_with_their_positions(self, register):
        """Nothing is applied until all are right."""
        changes = [
            change("S9", "credit", "D"),
            addition("S1"),
            addition("S8", 2),
            addition("S8", 3),
            change("S8", "credit", "A", 1),
            change("S1", "industry", "x"),
            addition("S7", attributes={"industry": "x"}),
            change("S1", "credit", "C", 2),
            change("S1", "credit", "B", 2),
            change("S1", "on_promise", value=True, day=2),
        ]
        with pytest.raises(InvalidInput, match="list of changes has 7") as info:
            register.apply(changes, on=dt.date(2025, 3, 9))

        assert [(f.row, f.code) for f in info.value.faults] == [
            (0, "change-unknown"),
            (1, "addition-twice"),
            (3, "addition-twice"),
            (4, "change-early"),
            (5, "unknown-field"),
            (6, "unknown-field"),
            (8, "change-conflict"),
        ]
        assert "'employees', 'food', '行业'" in info.value.faults[4].message
        assert "in the register already" in info.value.faults[1].message
        assert "in the additions already" in info.value.faults[2].message
        assert "已在名录库中" in info.value.faults[1].chinese

    def test_true_and_one_contradict(self, register):
        """They are equal in Python, and different values."""
        changes = [change("S1", "food", 1), change("S1", "food", value=True)]
        with pytest.raises(InvalidInput) as info:
            register.apply(changes, on=DAY)

        assert [f.code for f in info.value.faults] == ["change-conflict"]

    def test_what_is_no_change_is_refused(self, register):
        """A tuple is not dated."""
        with pytest.raises(InvalidInput, match="of type Addition or Change") as info:
            register.apply([("S1", "credit", "D"), change("S1", "risk", "高")], on=DAY)

        assert [(f.row, f.code) for f in info.value.faults] == [(0, "argument-type")]

    def test_the_day_is_a_date(self, register):
        """A naive point in time is refused."""
        with pytest.raises(InvalidTypeError):
            register.apply([], on=dt.datetime(2025, 3, 1))  # noqa: DTZ001

    def test_a_class_that_nobody_has_any_more_is_gone(self, register):
        """The register knows the classes of its subjects alone."""
        after = register.apply([change("S2", "risk", "低")], on=DAY)

        assert after.classes["risk"].categories == ("低",)


@pytest.mark.parametrize("given", [1, [1], [()], True, b"ab"])
def test_attributes_that_are_no_mapping_are_refused(given):
    """Pairs of name and value are taken as well."""
    with pytest.raises(InvalidTypeError) as caught:
        Subject(id="S1", attributes=given)

    assert caught.value.code == "argument-mapping"


def test_a_register_is_searched_by_a_selection():
    """Not by a text that came in its place."""
    with pytest.raises(InvalidTypeError, match="must be a mapping"):
        SubjectRegister.from_columns(id=["S1"]).matches("kind")
