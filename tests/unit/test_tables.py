"""Columns of tables: every kind of table gives the same cells, or all faults."""

import datetime as dt
import enum
from decimal import Decimal

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from dsgk.errors import Fault, InvalidInput, InvalidTypeError, InvalidValueError
from dsgk.fields import (
    check_day,
    read_count,
    read_day,
    read_flag,
    read_label,
    read_value,
    several,
    whole_number,
)
from dsgk.tables import (
    Categorical,
    column_of,
    columns_of,
    read_column,
    read_days,
    read_ids,
)


IDS = ["91110000600037341L", "S2", "S3", "S4"]
CREDIT = ["A", None, "B", "A"]
DAYS = [dt.date(2024, 2, 29), None, dt.date(2025, 3, 1), dt.date(1899, 12, 31)]
VISITS = [0, 3, None, 1]


class Kind(str, enum.Enum):  # noqa: UP042  (prints its name, as hosts write it)
    """Texts that are members, of another name than their text."""

    SHOP = "药店"
    YES = "是"


def len_of(cell):
    """Ids of cells that are too long to be written."""
    try:
        return repr(cell)[:20]
    except ValueError:
        return "many digits"


NAMES = {"id": "代码", "credit": "等级", "day": "日期", "visits": "次数"}


def plain():
    return dict(zip(NAMES.values(), (IDS, CREDIT, DAYS, VISITS), strict=True))


def structured():
    rows = list(zip(IDS, CREDIT, DAYS, VISITS, strict=True))
    kinds = [("代码", object), ("等级", object), ("日期", "M8[D]"), ("次数", float)]

    return np.array(rows, dtype=kinds)


def pandas_categorical():
    table = pd.DataFrame(plain())
    table["等级"] = table["等级"].astype("category")
    table["次数"] = table["次数"].astype("Int64")
    table["日期"] = pd.to_datetime(table["日期"])
    return table


def polars_categorical():
    return pl.DataFrame(plain()).with_columns(pl.col("等级").cast(pl.Categorical))


def arrow_chunked():
    table = pa.table(plain())
    return pa.concat_tables([table.slice(0, 1), table.slice(1)])


def arrow_encoded():
    table = pa.table(plain())
    table = table.set_column(1, "等级", table["等级"].dictionary_encode())
    return table.set_column(0, "代码", table["代码"].cast(pa.large_string()))


TABLES = {
    "dict of lists": plain,
    "dict of tuples": lambda: {k: tuple(v) for k, v in plain().items()},
    "dict of arrays": lambda: {k: np.array(v, object) for k, v in plain().items()},
    "structured array": structured,
    "pandas": lambda: pd.DataFrame(plain()),
    "pandas of objects": lambda: pd.DataFrame(plain(), dtype=object),
    "pandas categorical": pandas_categorical,
    "pandas arrow": lambda: pd.DataFrame(plain()).convert_dtypes(
        dtype_backend="pyarrow"
    ),
    "polars": lambda: pl.DataFrame(plain()),
    "polars categorical": polars_categorical,
    "polars enum": lambda: pl.DataFrame(plain()).with_columns(
        pl.col("等级").cast(pl.Enum(["B", "A"]))
    ),
    "arrow": lambda: pa.table(plain()),
    "arrow chunked": arrow_chunked,
    "arrow encoded": arrow_encoded,
    "arrow batch": lambda: pa.record_batch(plain()),
}


@pytest.mark.parametrize("make", TABLES.values(), ids=TABLES.keys())
def test_every_kind_of_table_gives_the_same_cells(make):
    """A host keeps its table library; the draw does not depend on it."""
    columns = columns_of(make(), NAMES)

    ids, faults = read_ids(columns["id"], name="id")
    assert (ids, [*faults]) == (tuple(IDS), [])
    credit, faults = read_column(columns["credit"], read_label, name="credit")
    assert ([*faults], credit.cells()) == ([], CREDIT)
    days, faults = read_days(columns["day"], name="day")
    assert ([*faults], days.tolist()) == ([], DAYS)
    visits, faults = read_column(columns["visits"], read_count, name="visits")
    assert ([*faults], visits.cells()) == ([], VISITS)


class TestColumnsOf:
    """Which columns are taken, and what is told when they cannot be."""

    def test_names_alone_keep_their_names(self):
        """The items of a list of names are the keys of what comes back."""
        assert columns_of({"a": [1], "b": [2]}, ["a"]) == {"a": [1]}

    def test_all_faults_of_all_columns_are_told_at_once(self):
        """A clerk fixes an export once, not column by column."""
        table = {"a": [1, 2], "b": [1], "c": "text", "d": [3, 4]}

        with pytest.raises(InvalidInput, match="plan has 3 faults") as info:
            columns_of(table, ["a", "b", "c", "d", "e"], what="plan")

        assert [(f.code, f.column) for f in info.value.faults] == [
            ("column-type", "c"),
            ("column-missing", "e"),
            ("column-length", "b"),
        ]
        assert list("abcd") == info.value.faults[1].params["columns"]
        assert info.value.faults[2].params == {"name": "b", "length": 1, "expected": 2}
        assert "there are 'a', 'b', 'c', 'd'" in str(info.value)

    def test_the_longer_length_is_taken_for_right_on_a_tie(self):
        """Rows are more often lost than invented."""
        with pytest.raises(InvalidInput) as info:
            columns_of({"a": [1], "b": [1, 2]}, ["a", "b"])

        assert [f.column for f in info.value.faults] == ["a"]

    def test_a_length_is_told_under_the_name_in_the_table(self):
        """The clerk knows the column by that name."""
        with pytest.raises(InvalidInput, match="column '代码'") as info:
            columns_of({"代码": [1], "b": [1, 2]}, {"id": "代码", "b": "b"})

        assert [f.column for f in info.value.faults] == ["代码"]

    @pytest.mark.parametrize(
        "table",
        [{"a": [1]}, pd.DataFrame({"a": [1]}), pd.Series([[1]], index=["a"])],
        ids=["dict", "pandas", "nameless"],
    )
    def test_an_optional_column_may_be_absent(self, table):
        """Registers have the columns that they have."""
        assert list(columns_of(table, {"x": "a", "y": "b"}, optional={"y"})) == ["x"]

    def test_a_table_that_cannot_tell_its_columns_is_asked_for_each(self):
        """Anything with table[name] is a table."""
        with pytest.raises(InvalidInput) as info:
            columns_of(pd.Series([[1]], index=["a"]), ["a", "b"])

        assert [f.column for f in info.value.faults] == ["b"]
        assert "there are" not in str(info.value)

    def test_a_table_without_columns_says_so(self):
        """An empty sheet is named as such."""
        with pytest.raises(InvalidInput, match="there are none"):
            columns_of({}, ["a"])

    @pytest.mark.parametrize(
        "table",
        [
            pd.DataFrame([[1, 2]], columns=["a", "a"]),
            pa.Table.from_arrays([pa.array([1]), pa.array([2])], names=["a", "a"]),
        ],
        ids=["pandas", "arrow"],
    )
    def test_a_name_that_two_columns_have_is_refused(self, table):
        """Nobody knows which of the two was meant."""
        with pytest.raises(InvalidInput, match="got it 2 times") as info:
            columns_of(table, {"x": "a"}, optional={"x"})

        assert info.value.faults[0].code == "column-duplicate"

    @pytest.mark.parametrize(
        "table",
        [
            None,
            "text",
            b"text",
            3,
            [{"a": 1}],
            ({"a": 1},),
            {"a"},
            np.array([1]),
            iter([]),
            pl.LazyFrame({"a": [1]}),
        ],
        ids=lambda table: type(table).__name__,
    )
    def test_what_has_no_columns_by_name_is_refused(self, table):
        """Rows, texts and lazy frames come with the advice for them."""
        with pytest.raises(InvalidTypeError, match="turn rows into columns") as info:
            columns_of(table, ["a"])

        assert info.value.code == "table-type"
        assert {"what": "table", "type": type(table).__name__} == info.value.params

    def test_the_table_is_left_as_it_was(self):
        """Input is never changed."""
        table = plain()
        columns_of(table, NAMES)

        assert plain() == table


class TestColumnOf:
    """What is a column of cells."""

    @pytest.mark.parametrize(
        "values",
        [
            "text",
            b"bytes",
            (c for c in "abc"),
            {"a", "b"},
            {"a": 1},
            3,
            None,
            np.zeros((2, 2)),
            np.array(3),
            np.array([b"S1"]),
            np.array([1j]),
            np.ma.array([b"S1"]),
            pd.DataFrame({"a": [1]}),
        ],
    )
    def test_what_is_no_column_is_refused(self, values):
        """A generator would be empty at the second look, a set has no order."""
        with pytest.raises(InvalidTypeError, match="'x' must be a column") as info:
            column_of(values, name="x")

        assert info.value.code == "column-type"

    @pytest.mark.parametrize(
        ("values", "cells"),
        [
            (("S1", None), ["S1", None]),
            (range(2), [0, 1]),
            (np.array(["S1", "S02"]), ["S1", "S02"]),
            (np.array(["S1"], dtype=np.dtypes.StringDType()), ["S1"]),
            (np.array(["S1", None], dtype=object), ["S1", None]),
            (np.array([1, 2]), [1, 2]),
            (np.array([True]), [True]),
            (np.ma.array([1, 2], mask=[False, True]), [1, None]),
            (pd.Index(["S1", "S2"]), ["S1", "S2"]),
            (pd.Series([1, 2], dtype="int64"), [1, 2]),
            (pd.Series(["a", None], dtype="string"), ["a", None]),
            (pd.Series([True, None], dtype="boolean"), [True, None]),
            (pl.Series([1, None]), [1, None]),
            (pl.Series([True, None]), [True, None]),
            (pa.array([1, None]), [1, None]),
            (pa.chunked_array([["a"], [None]]), ["a", None]),
        ],
    )
    def test_the_cells_of_a_column_come_out_as_they_are(self, values, cells):
        """Empty cells become None, and nothing else changes."""
        assert cells == list(column_of(values, name="x"))

    def test_masked_days_are_empty(self):
        """A mask hides a cell, whatever stands under it."""
        values = np.ma.array(np.array(["2025-03-01"] * 2, "M8[ns]"), mask=[0, 1])
        column = column_of(values, name="x")
        days, faults = read_days(column, name="x")

        assert type(column) is np.ndarray
        assert ([dt.date(2025, 3, 1), None], []) == (days.tolist(), [*faults])

    def test_anything_that_numpy_can_view_is_a_column(self):
        """Other table libraries need no support of their own."""

        class Other:
            def __array__(self, dtype=None, copy=None):
                return np.array([1, 2], dtype=dtype)

        assert list(column_of(Other(), name="x")) == [1, 2]


class TestReadColumn:
    """One pass over the distinct cells."""

    @pytest.mark.parametrize(
        "empty",
        [None, float("nan"), np.float64("nan"), pd.NA, pd.NaT, np.ma.masked, "",
         np.datetime64("NaT", "D"), Decimal("nan")],
        ids=repr,
    )  # fmt: skip
    def test_every_kind_of_nothing_is_the_same_empty_cell(self, empty):
        """Nulls of all libraries and the empty field of a CSV file."""
        column, faults = read_column(["A", empty, "A"], read_label, name="x")

        assert (column.cells(), [*faults]) == (["A", None, "A"], [])

    def test_values_are_sorted_and_rows_keep_their_order(self):
        """The column does not depend on which row came first."""
        column, faults = read_column(["B", "A", None, "B"], read_label, name="x")

        assert column.categories == ("A", "B")
        assert column.codes.tolist() == [1, 0, -1, 1]
        assert np.int32 == column.codes.dtype
        assert not faults
        assert len(column) == 4
        assert [column.cell(i) for i in range(4)] == ["B", "A", None, "B"]

    def test_equal_numbers_of_different_types_stay_apart(self):
        """In Python 1 == True, and yet they are different cells."""
        column, faults = read_column([1, True, "1", 0, False], read_value, name="x")

        assert not faults
        assert [(int, 1), (bool, True), (str, "1"), (int, 0), (bool, False)] == [
            (type(cell), cell) for cell in column.cells()
        ]
        assert column.categories == (False, True, 0, 1, "1")

    def test_texts_of_other_types_become_plain_ones(self):
        """Scalars of NumPy print differently and would spoil messages."""
        column, _ = read_column([np.str_("A"), "A"], read_label, name="x")

        assert column.categories == ("A",)
        assert type(column.categories[0]) is str

    def test_a_reader_may_tell_several_faults_of_a_cell(self):
        """The first of them stands for the cell."""

        def read(cell, *, name):
            raise InvalidInput.of(cell, [Fault.of("cell-empty", column=name)] * 2)

        _, faults = read_column(["A", "A"], read, name="x")

        told = [(fault.code, fault.row, fault.column) for fault in faults]
        assert told == [("cell-empty", 0, "x"), ("cell-empty", 1, "x")]

    def test_all_faulty_rows_are_told_with_their_rows(self):
        """Each row that has a fault has a message, even if the cell repeats."""
        column, faults = read_column(["A", " A", 3, " A", "B"], read_label, name="x")

        assert [(f.row, f.code) for f in faults] == [
            (1, "label-form"),
            (2, "label-type"),
            (3, "label-form"),
        ]
        assert column.cells() == ["A", None, None, None, "B"]
        assert column.categories == ("A", "B")

    @pytest.mark.parametrize("cell", [["A"], ({},)], ids=repr)
    def test_a_cell_that_cannot_be_hashed_is_a_fault_of_its_row(self, cell):
        """Nested data is told like any other fault."""
        _, faults = read_column(["A", cell, "A", cell], read_label, name="x")

        assert [f.row for f in faults] == [1, 3]
        assert {"label-type"} == {f.code for f in faults}

    def test_a_column_of_no_rows_is_a_column(self):
        """Empty is not an error here."""
        for column in ([], np.array([]), np.array([], "M8[D]")):
            read, faults = read_column(column, read_label, name="x")

            assert (read.cells(), read.categories, [*faults]) == ([], (), [])

    def test_days_in_a_column_of_labels_are_shown_as_days(self):
        """The message shows what stands in the table."""
        _, faults = read_column(
            np.array(["2025-03-01"], "M8[ns]"), read_label, name="x"
        )

        (fault,) = faults
        assert "2025-03-01" in fault.message

    def test_chosen_rows_keep_only_their_values(self):
        """A part of a register knows no class that it has not."""
        column, _ = read_column(["B", "A", None, "C"], read_label, name="x")
        part = column.take(np.array([2, 3, 0]))

        assert (part.cells(), part.categories) == ([None, "C", "B"], ("B", "C"))

    def test_a_column_of_nothing_has_no_values(self):
        """Code -1 alone."""
        empty = Categorical(np.full(2, -1, np.int32), ())

        assert empty.cells() == [None, None]


class TestReadIds:
    """Ids come as text, or not at all."""

    @pytest.mark.parametrize(
        "column",
        [
            np.array([911100006000373]),
            np.array([9.1e17, float("nan")]),
            [911100006000373, 9.1e17],
            [np.int64(3)],
            pd.Series([3, None]),
            pl.Series([3]),
            pa.array([3]),
        ],
    )
    def test_a_column_of_numbers_is_one_fault_with_the_remedy(self, column):
        """Leading zeros are lost already, so converting back would be a guess."""
        ids, faults = read_ids(column_of(column, name="id"), name="id")

        assert ids == ()
        (fault,) = faults
        assert (fault.code, fault.row) == ("id-column", None)
        assert "dtype=str" in fault.message

    def test_every_faulty_id_is_told_with_its_row(self):
        """Duplicate, empty, full-width, padded and control-character ids."""
        column = ["S1", "S1", "", "Ｓ2", " S3", "S\x004", None, 5]
        ids, faults = read_ids(column, name="id")

        assert ids == ()
        assert {
            (1, "id-duplicate"),
            (2, "id-empty"), (3, "id-form"), (4, "id-padded"), (5, "id-character"),
            (6, "id-type"), (7, "id-type"),
        } == {(f.row, f.code) for f in faults}  # fmt: skip
        assert [(f.row, f.code) for f in read_ids(column[:2], name="id")[1]] == [
            (1, "id-duplicate")
        ]

    def test_ids_of_other_text_types_become_plain_texts(self):
        """They are hashed, compared and printed as text."""
        ids, faults = read_ids([np.str_("S1"), "S2"], name="id")

        assert (ids, [*faults]) == (("S1", "S2"), [])
        assert {str} == set(map(type, ids))

    def test_members_of_an_enum_of_texts_are_their_texts(self):
        """Their ``str()`` is their name: a ticket of that is another firm's."""
        ids, faults = read_ids([Kind.SHOP, "S1"], name="id")
        _, repeats = read_ids([Kind.SHOP, "药店"], name="id")

        assert (ids, [*faults]) == (("药店", "S1"), [])
        assert list(map(type, ids)) == [str, str]
        assert [(fault.row, fault.code) for fault in repeats] == [(1, "id-duplicate")]
        assert read_label(Kind.SHOP, name="kind") == "药店"
        assert type(read_label(Kind.SHOP, name="kind")) is str

    def test_no_ids_are_no_fault(self):
        """Whether a table may be empty is for the register to say."""
        for column in ([], np.array([], dtype=float)):
            ids, faults = read_ids(column, name="id")

            assert (ids, [*faults]) == ((), [])


class TestReadDay:
    """Days in the forms that tables have them."""

    @pytest.mark.parametrize(
        "cell",
        [
            dt.date(2025, 3, 1),
            dt.datetime(2025, 3, 1),  # noqa: DTZ001
            dt.datetime(2025, 2, 28, 16, 0, tzinfo=dt.UTC),
            dt.datetime(2025, 3, 1, 15, 59, tzinfo=dt.UTC),
            pd.Timestamp("2025-03-01"),
            pd.Timestamp("2025-02-28T16:00Z"),
            np.datetime64("2025-03-01"),
            np.datetime64("2025-03-01T00:00:00"),
            "2025-03-01",
            np.str_("2025-03-01"),
        ],
        ids=repr,
    )
    def test_every_form_of_a_day_is_the_same_day(self, cell):
        """Aware points in time are days in China."""
        day = read_day(cell, name="x")

        assert dt.date(2025, 3, 1) == day
        assert type(day) is dt.date

    def test_a_day_of_numpy_beyond_the_years_of_dates_is_shown_as_it_came(self):
        """Python has no such date, and a number of days says nothing."""
        with pytest.raises(InvalidTypeError, match="20000-01-01") as info:
            read_day(np.datetime64("20000-01-01"), name="x")

        assert info.value.params["got_type"] == "datetime64"

    def test_the_ends_of_time_stay_where_they_are(self):
        """Databases write the last day of all for "never"."""
        last = dt.datetime.max.replace(tzinfo=dt.UTC)

        assert read_day(last, name="x") == dt.date.max

    @pytest.mark.parametrize(
        ("cell", "instead"),
        [
            ("2025/3/1", "2025-03-01"),
            ("2025.03.01", "2025-03-01"),
            ("2025年3月1日", "2025-03-01"),
            ("20250301", "2025-03-01"),
            ("２０２５-03-01", "2025-03-01"),
            ("2025-03-01 00:00:00", "2025-03-01"),
            ("2025-03-01T08:00:00Z", "2025-03-01"),
            (" 2025-03-01", "2025-03-01"),
            ("2025-02-28T16:00:00Z", "2025-03-01"),  # the next day in China
            ("0001-01-01T00:00:00+14:00", "0001-01-01"),
        ],
    )
    def test_another_spelling_is_refused_with_the_day_to_write(self, cell, instead):
        """3/4/2025 could be March or April, so only one form is read."""
        with pytest.raises(InvalidValueError, match=f"Write '{instead}'") as info:
            read_day(cell, name="x")

        assert info.value.code == "day-form"

    @pytest.mark.parametrize(
        "cell", ["2025-02-29", "2025-2-30", "today", "2025", "3/4/2025", "45717"]
    )
    def test_what_is_no_day_is_refused_without_a_guess(self, cell):
        """NumPy would read the clock for 'today' and 1 January for '2025'."""
        with pytest.raises(InvalidValueError, match="a day that exists") as info:
            read_day(cell, name="x")

        assert info.value.code == "day-form"

    @pytest.mark.parametrize(
        "cell",
        [
            dt.datetime(2025, 3, 1, 8),  # noqa: DTZ001
            pd.Timestamp("2025-03-01T00:00:00.000000001"),
            np.datetime64("2025-03-01T08:00"),
        ],
        ids=repr,
    )
    def test_a_naive_time_of_day_is_refused(self, cell):
        """Nobody knows whose time it is, and so which day in China."""
        with pytest.raises(InvalidValueError, match="with its zone") as info:
            read_day(cell, name="x")

        assert info.value.code == "day-time"

    @pytest.mark.parametrize(
        "cell",
        [45717, 45717.0, True, ("2025", 3), np.datetime64("2025-03"),
         np.datetime64(5, "W")],
        ids=repr,
    )  # fmt: skip
    def test_another_type_is_refused(self, cell):
        """The day numbers of a spreadsheet have two origins; a month is no day."""
        with pytest.raises(InvalidTypeError) as info:
            read_day(cell, name="x")

        assert info.value.code == "day-type"


class TestCheckDay:
    """Days that are arguments."""

    @pytest.mark.parametrize(
        "day",
        [
            dt.date(2025, 3, 1),
            dt.datetime(2025, 2, 28, 16, 0, tzinfo=dt.UTC),
            pd.Timestamp("2025-03-01T15:59Z"),
        ],
        ids=repr,
    )
    def test_a_date_or_an_aware_datetime_is_a_day_in_china(self, day):
        """The caller's clock may stand anywhere."""
        checked = check_day(day, name="on")

        assert checked == dt.date(2025, 3, 1)
        assert type(checked) is dt.date

    def test_a_naive_datetime_is_refused(self):
        """Even at midnight: an argument, unlike a table, can be written as a date."""
        with pytest.raises(InvalidTypeError, match="its time zone") as info:
            check_day(dt.datetime(2025, 3, 1), name="on")  # noqa: DTZ001

        assert info.value.code == "datetime-naive"

    @pytest.mark.parametrize("day", ["2025-03-01", None, 45717, pd.NaT], ids=repr)
    def test_anything_else_is_refused(self, day):
        """Texts are for tables."""
        with pytest.raises(InvalidTypeError, match=r"date\(2025, 3, 1\)") as info:
            check_day(day, name="on")

        assert info.value.code == "day-type"


class TestWholeNumber:
    """Numbers that are arguments."""

    @pytest.mark.parametrize("value", [20, np.int64(20), np.array(20)], ids=repr)
    def test_every_kind_of_int_is_an_int(self, value):
        """Hosts take numbers out of arrays."""
        number = whole_number(value)

        assert (int, 20) == (type(number), number)

    @pytest.mark.parametrize(
        "value", [True, np.True_, 20.0, "20", None, np.array([20])], ids=repr
    )
    def test_nothing_else_is(self, value):
        """A float that is whole by chance is not, by the next one."""
        assert whole_number(value) is None


class TestReadDays:
    """Columns of days."""

    @pytest.mark.parametrize("unit", ["D", "h", "m", "s", "ms", "us", "ns"])
    def test_arrays_of_every_unit_give_days(self, unit):
        """pandas has changed its unit, and may again."""
        column = np.array(["2024-02-29", "NaT", "1969-12-31"], f"M8[{unit}]")
        days, faults = read_days(column, name="x")

        assert ([*faults], str(days.dtype)) == ([], "datetime64[D]")
        assert [dt.date(2024, 2, 29), None, dt.date(1969, 12, 31)] == days.tolist()

    def test_a_naive_time_of_day_is_a_fault_of_its_row(self):
        """Before 1970, too, where rounding goes the other way."""
        column = np.array(
            ["1969-12-31T12:00", "2025-03-01", "2025-03-01T00:01"], "M8[m]"
        )
        days, faults = read_days(column, name="x")

        assert [(f.row, f.code) for f in faults] == [(0, "day-time"), (2, "day-time")]
        assert [None, dt.date(2025, 3, 1), None] == days.tolist()

    def test_a_day_beyond_the_years_of_dates_is_a_fault(self):
        """Such a day could not even be printed as a date."""
        column = np.array(
            ["10000-01-01", "-0001-01-01", "9999-12-31", "0001-01-01"], "M8[D]"
        )
        _, faults = read_days(column, name="x")

        assert [(f.row, f.code) for f in faults] == [(0, "day-range"), (1, "day-range")]

    @pytest.mark.parametrize(
        "column",
        [
            np.array([45717]),
            np.array([True]),
            np.array(["2025-03"], "M8[M]"),
            np.array(["2025-03-06"], "M8[7D]"),  # of the week, not the day
        ],
    )
    def test_an_array_of_something_else_is_one_fault(self, column):
        """A column of numbers is told once, not once per row."""
        days, faults = read_days(column, name="x")

        assert [(f.code, f.row) for f in faults] == [("day-column", None)]
        assert days.tolist() == [None]

    def test_a_column_of_nothing_is_a_column_of_empty_days(self):
        """pandas makes a column of floats of one without a value."""
        for column in (np.full(2, np.nan), [None, None]):
            days, faults = read_days(column, name="x")

            assert (days.tolist(), [*faults]) == ([None, None], [])
        days, faults = read_days(np.array([], float), name="x")

        assert (days.tolist(), [*faults]) == ([], [])

    @pytest.mark.parametrize("zone", ["UTC", "Asia/Shanghai", "America/New_York"])
    def test_an_aware_column_of_pandas_gives_days_in_china(self, zone):
        """The same instant, whatever zone the table shows it in."""
        times = pd.to_datetime(["2025-02-28T16:00Z", "2025-03-01T15:59Z", None])
        for column in (
            pd.Series(times).dt.tz_convert(zone),
            times.tz_convert(zone),
            pl.Series(["2025-02-28T16:00Z", "2025-03-01T15:59Z", None])
            .str.to_datetime()
            .dt.convert_time_zone(zone),
        ):
            days, faults = read_days(column_of(column, name="x"), name="x")

            assert not faults
            assert [dt.date(2025, 3, 1)] * 2 + [None] == days.tolist()

    def test_texts_with_faults_are_told_by_row(self):
        """Good rows are read, bad ones are named."""
        days, faults = read_days(["2025-03-01", "2025/3/1", ""], name="x")

        assert [(f.row, f.code) for f in faults] == [(1, "day-form")]
        assert [dt.date(2025, 3, 1), None, None] == days.tolist()


class TestReadCount:
    """Whole numbers."""

    @pytest.mark.parametrize(
        "cell",
        [3, "3", 3.0, np.int8(3), np.float32(3), Decimal("3.00"), Decimal("0.3E1")],
        ids=repr,
    )
    def test_a_whole_number_is_read_in_every_form(self, cell):
        """CSV files have texts, tables with empty cells have floats."""
        count = read_count(cell, name="x")

        assert count == 3
        assert type(count) is int

    @pytest.mark.parametrize(
        "cell",
        [
            "03",
            "3.0",
            " 3",
            "三",
            "３",
            3.5,
            float("inf"),
            Decimal("3.5"),
            Decimal("1E+5000"),
            Decimal("sNaN"),
        ],
        ids=repr,
    )
    def test_what_is_no_whole_number_is_refused(self, cell):
        """Read nothing that could have been something else."""
        with pytest.raises(InvalidValueError) as info:
            read_count(cell, name="x")

        assert info.value.code == "count-form"

    @pytest.mark.parametrize(
        "cell", [-1, 2**53, 1e300, "9007199254740992", 10**5000, "9" * 5000], ids=len_of
    )
    def test_numbers_out_of_range_are_refused(self, cell):
        """Nothing is counted below zero, and floats are exact below 2**53."""
        with pytest.raises(InvalidValueError) as info:
            read_count(cell, name="x")

        assert info.value.code == ("count-range" if cell == -1 else "count-most")

    def test_the_limits_are_read(self):
        """0 and the largest number that every float holds."""
        assert (
            read_count(0, name="x"),
            read_count(2**53 - 1, name="x"),
        ) == (0, 2**53 - 1)

    @pytest.mark.parametrize(
        "cell", [True, np.True_, dt.date(2025, 3, 1), b"3"], ids=repr
    )
    def test_another_type_is_refused(self, cell):
        """True is not a number of visits."""
        with pytest.raises(InvalidTypeError) as info:
            read_count(cell, name="x")

        assert info.value.code == "count-type"


class TestReadFlag:
    """Yes and no."""

    @pytest.mark.parametrize(
        "cell",
        [True, 1, 1.0, Decimal(1), np.True_, np.int8(1), "是", Kind.YES],
        ids=repr,
    )
    def test_yes_has_these_forms(self, cell):
        """Databases have 1, tables 是."""
        assert read_flag(cell, name="x") is True

    @pytest.mark.parametrize(
        "cell", [False, 0, 0.0, np.False_, np.int8(0), "否"], ids=repr
    )
    def test_no_has_these_forms(self, cell):
        """Databases have 0, tables 否."""
        assert read_flag(cell, name="x") is False

    @pytest.mark.parametrize(
        "cell",
        ["true", "Y", "1", 2, 0.5, Decimal("sNaN"), dt.date(2025, 3, 1)],
        ids=repr,
    )
    def test_other_forms_are_refused(self, cell):
        """The message lists the forms that are read."""
        with pytest.raises(InvalidValueError, match="'是' or '否'") as info:
            read_flag(cell, name="x")

        assert info.value.code == "flag-form"


class TestReadValue:
    """Further attributes."""

    @pytest.mark.parametrize(
        ("cell", "value"),
        [
            ("甲", "甲"),
            (True, True),
            (np.False_, False),
            (7, 7),
            (np.int8(7), 7),
            (7.0, 7),
            (np.float32(-7), -7),
        ],
        ids=repr,
    )
    def test_texts_bools_and_ints_are_values(self, cell, value):
        """Rules compare them for being equal."""
        read = read_value(cell, name="x")

        assert (type(value), value) == (type(read), read)

    @pytest.mark.parametrize(
        "cell", [1.5, float("inf"), dt.date(2025, 3, 1), b"x"], ids=repr
    )
    def test_other_types_are_refused(self, cell):
        """A class of floats is an accident waiting to happen."""
        with pytest.raises(InvalidTypeError) as info:
            read_value(cell, name="x")

        assert info.value.code == "value-type"

    @pytest.mark.parametrize("cell", [2.0**53, 2**53, -(2**53), 10**5000], ids=len_of)
    def test_numbers_that_other_programs_read_as_others_are_refused(self, cell):
        """The digest has to be the same for who reads the register elsewhere."""
        with pytest.raises(InvalidValueError, match="as text") as info:
            read_value(cell, name="x")

        assert info.value.code == "value-range"
        assert read_value(2**53 - 1, name="x") == 2**53 - 1

    def test_a_text_must_be_a_label(self):
        """Two spellings of one class would be two classes."""
        with pytest.raises(InvalidValueError) as info:
            read_value("甲 ", name="x")

        assert info.value.code == "label-form"


class TestArguments:
    """What is given as a whole."""

    @pytest.mark.parametrize(
        "values", ["S1", b"S1", {}, {"S1": 1}, None, 3, np.array(3)], ids=repr
    )
    def test_one_value_alone_is_no_list(self, values):
        """A text is a list of its letters to the language, and to nobody else."""
        with pytest.raises(InvalidTypeError, match=r"Write \[") as caught:
            several(values, Kind, name="kinds")

        assert caught.value.code == "argument-list"

    def test_all_of_another_class_are_told_with_their_rows(self):
        """Not the first of many."""
        with pytest.raises(InvalidInput) as caught:
            several([Kind.YES, 1, Kind.YES, None], Kind, name="kinds")

        assert [(fault.code, fault.row) for fault in caught.value.faults] == [
            ("argument-type", 1),
            ("argument-type", 3),
        ]

    def test_an_error_of_the_hosts_own_is_not_hidden(self):
        """A generator that fails says why by itself."""
        with pytest.raises(TypeError, match="unsupported operand"):
            several((1 + text for text in "ab"), int, name="numbers")
