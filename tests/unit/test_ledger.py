"""The ledger: columns in and out, faults by row, days that stand."""

import datetime as dt
import json
import pickle

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given, strategies as st
from vectors.digest_reference import digest

from dsgk.errors import InvalidInput, InvalidTypeError, InvalidValueError
from dsgk.items import Method
from dsgk.ledger import (
    COLUMNS as ABOUT,
    Ledger,
    LedgerRow,
    Origin,
    Results,
    joint_codes,
)


USUAL_NAMES = {name: column.heading for name, column in ABOUT.items()}
METHOD = ABOUT["method"].kind
DRAWN, DUE = dt.date(2026, 3, 10), dt.date(2026, 6, 30)
COLUMNS = {
    "task_id": ["T1", "T1", "T2"],
    "subject_id": ["S1", "S1", "S2"],
    "item": ["价格检查", "消防检查", "价格检查"],
    "department": ["市场监管局", "消防救援大队", "市场监管局"],
    "entry": ["3", "4", "3"],
    "stratum": ["A", "A", "B"],
    "drawn_on": [DRAWN] * 3,
    "due": [DUE] * 3,
}


def ledger(**changes):
    return Ledger.from_columns(**{**COLUMNS, **changes})


def row(**changes):
    fields = {
        "task_id": "T9",
        "subject_id": "S9",
        "item": "价格检查",
        "department": "市场监管局",
        "entry": "3",
        "drawn_on": DRAWN,
        "due": DUE,
    }
    return LedgerRow(**{**fields, **changes})


def codes_of(make):
    with pytest.raises(InvalidInput) as caught:
        make()
    return [(fault.row, fault.column, fault.code) for fault in caught.value.faults]


class TestColumns:
    def test_rows_are_made_on_demand(self):
        """Millions of checks are columns; one of them is a value."""
        assert len(ledger()) == 3
        assert ledger()[0] == LedgerRow(
            task_id="T1",
            subject_id="S1",
            item="价格检查",
            department="市场监管局",
            entry="3",
            stratum="A",
            drawn_on=DRAWN,
            due=DUE,
        )
        assert [r.task_id for r in ledger()] == ["T1", "T1", "T2"]
        assert ledger()[np.int64(2)].subject_id == "S2"
        assert repr(ledger()) == "<Ledger of 3 checks in 2 tasks>"

    def test_columns_go_back_as_they_came(self):
        """A host stores them and reads them again."""
        full = ledger(
            origin=["random", "随机抽查", Origin.RANDOM],
            method=["written", "书面检查", Method.WRITTEN],
            basis=["公告", None, ""],
            completed_on=["2026-04-01", None, None],
            results=["corrected;other-rules", None, None],
            entered_on=["2026-04-02", None, None],
            exemption=["trade-secret", None, None],
            replaces=[None, None, "S3"],
        )
        columns = full.to_columns()

        assert columns["results"] == ["corrected;other-rules", None, None]
        assert columns["origin"] == ["random"] * 3
        assert columns["method"] == ["written"] * 3
        assert columns["basis"] == ["公告", None, None]
        assert columns["completed_on"] == [dt.date(2026, 4, 1), None, None]
        assert Ledger.from_columns(**columns).to_columns() == columns
        assert Ledger.of(list(full)).to_columns() == columns

    @pytest.mark.parametrize(
        "library",
        [dict, pd.DataFrame, pl.DataFrame, pa.table],
        ids=["dict", "pandas", "polars", "arrow"],
    )
    def test_every_kind_of_table_is_read_alike(self, library):
        """No table library is needed, and none is favoured."""
        table = {USUAL_NAMES[name]: cells for name, cells in COLUMNS.items()}
        table["检查结果"] = ["no-problem", None, "closed;unreachable"]
        table["检查完成日期"] = ["2026-04-01", None, "2026-04-02"]
        read = Ledger.from_table(library(table))

        assert read[2].results == ("closed", "unreachable")
        assert (
            ledger(
                results=[("no-problem",), None, {"closed", "unreachable"}],
                completed_on=[dt.date(2026, 4, 1), None, dt.date(2026, 4, 2)],
            ).digest
            == read.digest
        )

    def test_columns_may_have_other_names(self):
        """Real tables call them as they like; a name that is given must be there."""
        table = {USUAL_NAMES[name]: cells for name, cells in COLUMNS.items()}
        table["编号"] = table.pop("任务编号")

        assert Ledger.from_table(table, names={"task_id": "编号"})[0].task_id == "T1"
        assert codes_of(lambda: Ledger.from_table(table)) == [
            (None, "任务编号", "column-missing")
        ]
        assert codes_of(
            lambda: Ledger.from_table(table, names={"task_id": "编号", "basis": "号"})
        ) == [(None, "号", "column-missing")]
        with pytest.raises(InvalidValueError) as caught:
            Ledger.from_table(table, names={"id": "编号"})
        assert caught.value.code == "unknown-field"

    def test_an_empty_ledger_is_one(self):
        """A year begins with nothing."""
        empty = Ledger.of()

        assert len(empty) == 0
        assert list(empty) == []
        assert len(empty.extend(ledger())) == 3
        assert empty.as_of(DRAWN).digest == empty.digest
        assert len(empty.record([])) == 0

    def test_columns_cannot_be_changed(self):
        """What is stated stays stated."""
        with pytest.raises(ValueError, match="read-only"):
            ledger().days["due"][0] = DRAWN
        with pytest.raises(ValueError, match="read-only"):
            ledger().classes["item"].codes[0] = 0
        with pytest.raises(TypeError):
            ledger().days["due"] = ledger().days["drawn_on"]
        with pytest.raises(TypeError, match=r"Ledger\.of"):
            Ledger()


class TestNames:
    """A table is read under the usual Chinese names, or those of the fields."""

    @pytest.mark.parametrize(
        "library",
        [dict, pd.DataFrame, pl.DataFrame, pa.table],
        ids=["dict", "pandas", "polars", "arrow"],
    )
    def test_what_goes_out_comes_back(self, library):
        """Whatever happened to the checks, and under either kind of name."""
        known = ledger().record(
            [0, 1],
            completed_on=[DRAWN, DUE],
            results=["no-problem", "closed;unreachable"],
            exemption=["商业秘密", None],
        )
        out = known.to_columns()

        assert Ledger.from_table(library(out)).digest == known.digest
        mixed = {
            USUAL_NAMES[name] if k % 2 else name: column
            for k, (name, column) in enumerate(out.items())
        }
        assert Ledger.from_table(library(mixed)).digest == known.digest

    def test_one_field_under_two_names_is_not_guessed(self):
        table = {**ledger().to_columns(), "任务编号": ["A", "B", "C"]}

        assert codes_of(lambda: Ledger.from_table(table)) == [
            (None, "任务编号", "column-either")
        ]
        given = Ledger.from_table(table, names={"task_id": "任务编号"})
        assert given.classes["task_id"].categories == ("A", "B", "C")

    def test_a_column_that_is_named_for_a_field_is_of_no_other(self):
        table = {**COLUMNS, "entry": ["甲", "乙", "丙"], "条目": ["3", "4", "3"]}
        named = {"stratum": "entry", "entry": "条目"}
        read = Ledger.from_table(table, names=named)

        assert [one.stratum for one in read] == ["甲", "乙", "丙"]
        assert [one.entry for one in read] == ["3", "4", "3"]
        del named["entry"], table["条目"]
        assert codes_of(lambda: Ledger.from_table(table, names=named)) == [
            (k, "计划条目", "plan-entry-missing") for k in range(3)
        ]

    def test_all_that_is_wrong_with_columns_is_told_at_once(self):
        table = {name: COLUMNS[name] for name in COLUMNS if name != "item"}
        table["due"] = [DUE]

        assert codes_of(lambda: Ledger.from_table(table)) == [
            (None, "抽查事项", "column-missing"),
            (None, "due", "column-length"),
        ]
        table["due"] = "2026-06-30"
        assert codes_of(lambda: Ledger.from_table(table)) == [
            (None, "抽查事项", "column-missing"),
            (None, "due", "column-type"),
        ]

    @pytest.mark.parametrize(
        ("names", "code"),
        [
            (None, "argument-mapping"),
            (["task_id"], "argument-mapping"),
            ({"task_id": 3}, "text-type"),
        ],
    )
    def test_names_are_names_by_field(self, names, code):
        with pytest.raises(InvalidTypeError) as caught:
            Ledger.from_table(COLUMNS, names=names)

        assert caught.value.code == code


class TestFaults:
    @pytest.mark.parametrize(
        ("changes", "expected"),
        [
            ({"due": [DUE, None, DUE]}, [(1, "due", "due-missing")]),
            ({"entry": ["3", None, "3"]}, [(1, "entry", "plan-entry-missing")]),
            (
                {"origin": [None, "case-lead", None], "stratum": [None] * 3},
                [(1, "entry", "case-lead-planned")],
            ),
            (
                {"origin": [None, "case-lead", None], "entry": ["3", None, "3"]},
                [(1, "entry", "case-lead-planned")],
            ),
            (
                {"due": [DUE, DRAWN - dt.timedelta(1), DRAWN]},
                [(1, "due", "due-before-draw")],
            ),
            (
                {"completed_on": ["2026-03-09", "2026-03-10", None]},
                [(0, "completed_on", "completed-before-draw")],
            ),
            ({"results": [None, "closed", None]}, [(1, "results", "results-early")]),
            (
                {
                    "completed_on": ["2026-04-02"] * 3,
                    "results": ["closed"] * 3,
                    "entered_on": ["2026-04-01", "2026-04-02", None],
                },
                [(0, "entered_on", "entered-before-completed")],
            ),
            (
                {"entered_on": [None, None, "2026-04-01"]},
                [
                    (2, "entered_on", "entered-before-completed"),
                    (2, "entered_on", "entered-nothing"),
                ],
            ),
            (
                {
                    "completed_on": ["2026-04-02"] * 3,
                    "results": ["closed"] * 3,
                    "entered_on": ["2026-04-03", "2026-04-03", None],
                    "published_on": ["2026-04-02", "2026-04-03", "2026-04-05"],
                },
                [
                    (0, "published_on", "published-before-entered"),
                    (2, "published_on", "published-before-entered"),
                ],
            ),
            (
                {
                    "completed_on": ["2026-04-02"] * 3,
                    "results": ["closed"] * 3,
                    "entered_on": ["2026-04-03"] * 3,
                    "published_on": ["2026-04-03", None, "2026-04-03"],
                    "exemption": ["privacy", "privacy", None],
                },
                [(0, "exemption", "published-exempt")],
            ),
            (
                {"replaces": [None, "S3", None], "origin": [None, "campaign", None]},
                [(1, "replaces", "replaces-undrawn")],
            ),
            ({"replaces": ["S2", "S1", "S7"]}, [(1, "replaces", "replaces-itself")]),
            ({"drawn_on": [DRAWN, None, DRAWN]}, [(1, "drawn_on", "cell-empty")]),
            ({"item": ["甲", "乙", ""]}, [(2, "item", "cell-empty")]),
            (
                {"subject_id": ["S1", "S1", None], "replaces": [None, None, "S9"]},
                [(2, "subject_id", "cell-empty")],
            ),
            (
                {"subject_id": ["S1", "S1", None], "replaces": ["S9", None, None]},
                [(2, "subject_id", "cell-empty")],
            ),
            ({"subject_id": ["S1", "S3", "S2"]}, [(1, "task_id", "task-subjects")]),
            ({"origin": ["random", "抽", None]}, [(1, "origin", "not-in-list")]),
            ({"results": ["关闭", None, None]}, [(0, "results", "results-form")]),
            ({"method": [None, "定期检查", None]}, [(1, "method", "method-unclear")]),
            ({"task_id": ["T1", "T1 ", "T2"]}, [(1, "task_id", "id-padded")]),
            ({"task_id": ["T1", 7, "T2"]}, [(1, "task_id", "id-type")]),
        ],
    )  # fmt: skip
    def test_a_row_that_cannot_be_is_told(self, changes, expected):
        """Each with its row and column, so that the table can be corrected."""
        assert codes_of(lambda: ledger(**changes)) == expected

    def test_the_table_is_told_by_its_own_names(self):
        """Whoever corrects it sees the table, not the library."""
        table = {USUAL_NAMES[name]: cells for name, cells in COLUMNS.items()}
        table["检查截止日期"] = [DUE, DUE, "2026-01-01"]

        assert codes_of(lambda: Ledger.from_table(table)) == [
            (2, "检查截止日期", "due-before-draw")
        ]

    def test_all_faults_come_at_once_and_none_twice(self):
        """A cell that cannot be read is not told again as missing."""
        found = codes_of(
            lambda: ledger(
                task_id=[None, "T1", "T 2 "],
                drawn_on=["2026/3/10", DRAWN, DRAWN],
                due=[DUE, "?", "2026-01-01"],
                origin=["线", None, None],
                entry=[None, None, "3"],
                completed_on=[None, "2025-01-01", None],
            )
        )

        assert found == [
            (0, "origin", "not-in-list"),
            (0, "drawn_on", "day-form"),
            (0, "task_id", "cell-empty"),
            (1, "due", "day-form"),
            (1, "entry", "plan-entry-missing"),
            (1, "completed_on", "completed-before-draw"),
            (2, "task_id", "id-padded"),
            (2, "due", "due-before-draw"),
        ]

    def test_a_column_of_another_kind_is_one_fault(self):
        """A column of numbers is not a fault of every row."""
        found = codes_of(lambda: ledger(drawn_on=np.array([1, 2, 3])))

        assert found == [(None, "drawn_on", "day-column")]

    def test_a_check_stands_there_once(self):
        """Nothing is counted twice."""
        twice = {name: [*cells, cells[0]] for name, cells in COLUMNS.items()}
        again = {**twice, "task_id": ["T1", "T1", "T2", "T3"]}

        assert codes_of(lambda: Ledger.from_columns(**twice)) == [
            (3, "task_id", "ledger-doubled")
        ]
        assert codes_of(lambda: Ledger.from_columns(**again)) == [
            (3, "subject_id", "drawn-twice")
        ]
        later = {**again, "drawn_on": [*[DRAWN] * 3, DRAWN + dt.timedelta(1)]}
        assert len(Ledger.from_columns(**later)) == 4

    def test_two_entries_may_ask_for_one_check(self):
        """The plan may overlap; then each entry keeps its row."""
        twice = {name: [*cells, cells[0]] for name, cells in COLUMNS.items()}

        assert len(Ledger.from_columns(**{**twice, "entry": ["3", "4", "3", "5"]})) == 4

    def test_a_subject_is_replaced_once(self):
        """Two substitutes for one would be a choice."""
        replaced = ledger().extend([row(replaces="S1")])
        second = row(task_id="T8", subject_id="S8", replaces="S1")

        assert codes_of(lambda: replaced.extend([second])) == [
            (4, "replaces", "replaced-twice")
        ]
        other = row(task_id="T8", subject_id="S8", replaces="S1", entry="4")
        assert len(replaced.extend([other])) == 5

    def test_a_lead_needs_neither_entry_nor_last_day(self):
        """Art. 16: it is inspected at once, outside the plan."""
        lead = row(origin="case-lead", entry=None, due=None, basis="complaint")

        assert Ledger.of([lead])[0].origin is Origin.CASE_LEAD
        assert Ledger.of([lead])[0].due is None

    def test_what_is_no_row_is_refused(self):
        """Fields of a row must all be there: nothing is guessed."""
        assert codes_of(lambda: Ledger.of([row(), 3, {"task_id": "T1"}]))[:2] == [
            (1, "rows", "argument-type"),
            (2, "subject_id", "key-missing"),
        ]


class TestReading:
    @pytest.mark.parametrize(
        ("cell", "expected"),
        [
            ("no-problem", ("no-problem",)),
            ("b；a、a", ("a", "b")),
            ("h;g;f;e;d;c;b;a", tuple("abcdefgh")),
            (["b", "a"], ("a", "b")),
            (frozenset({"x"}), ("x",)),
            (Origin.CASE_LEAD, ("case-lead",)),
            ((Origin.CASE_LEAD, "a"), ("a", "case-lead")),
        ],
    )
    def test_results_are_read_as_a_set_of_codes(self, cell, expected):
        """In whatever form a table or a program holds them."""
        assert expected == Results().cell(cell, name="results")

    @pytest.mark.parametrize(
        ("cell", "code"),
        [(1, "results-type"), ((1,), "results-type"), ((), "results-none"),
         ("No", "results-form"), ("a;", "results-form")],
    )  # fmt: skip
    def test_other_cells_are_refused(self, cell, code):
        """A code that nobody knows would be counted as nothing."""
        with pytest.raises((InvalidTypeError, InvalidValueError)) as caught:
            Results().cell(cell, name="results")

        assert caught.value.code == code

    def test_methods_are_read_as_the_field_writes_them(self):
        """One method for one check."""
        assert METHOD.cell("实地核查", name="method") is Method.ON_SITE
        assert METHOD.cell("online", name="method") is Method.ONLINE
        assert METHOD.cell("现场检查", name="method") is Method.ON_SITE
        assert METHOD.cell(Method.WRITTEN, name="method") is Method.WRITTEN
        with pytest.raises(InvalidValueError):
            METHOD.cell("现场检查、书面检查", name="method")


class TestParts:
    def test_checks_are_chosen_by_their_classes(self):
        """Values as they are read, in any of their forms."""
        full = ledger(
            origin=["random", "campaign", None],
            completed_on=[DRAWN, DRAWN, None],
            results=[("a", "b"), "c", None],
        )

        assert full.matches(origin={"专项检查"}).tolist() == [False, True, False]
        assert full.matches(origin={Origin.RANDOM}).tolist() == [True, False, True]
        assert full.matches(results={"b", "z"}).tolist() == [True, False, False]
        assert full.matches(results={"c", None}).tolist() == [False, True, True]
        assert full.where(entry={"3"}, stratum={"A", None})[0].task_id == "T1"
        assert len(full.where(basis={None})) == 3
        assert full.matches().tolist() == [True] * 3

    @pytest.mark.parametrize(
        ("classes", "code"),
        [
            ({"due": {DUE}}, "unknown-field"),
            ({"origin": "random"}, "selection-set"),
            ({"origin": {"random": 1}}, "selection-set"),
            ({"origin": None}, "selection-set"),
            ({"origin": {"?"}}, "not-in-list"),
        ],
    )
    def test_a_selection_that_means_nothing_is_refused(self, classes, code):
        """An empty answer would look like a fact."""
        with pytest.raises((InvalidTypeError, InvalidValueError)) as caught:
            ledger().matches(**classes)

        assert caught.value.code == code

    def test_rows_are_taken_by_number_or_by_mask(self):
        """In the order that is asked for."""
        assert [r.item for r in ledger().take(np.array([2, 0]))] == ["价格检查"] * 2
        mask = np.array([False, True, False])
        assert [r.item for r in ledger().take(mask)] == ["消防检查"]
        assert [r.task_id for r in ledger().take([2, 1, 0])] == ["T2", "T1", "T1"]
        assert len(ledger().take(np.ones(3, dtype=bool))) == 3

    @pytest.mark.parametrize("rows", [[0, 0], [3], [True], np.ones(4, dtype=bool)])
    def test_rows_that_are_not_there_are_not_taken(self, rows):
        """A mask of another ledger would choose others."""
        with pytest.raises((InvalidTypeError, InvalidValueError)):
            ledger().take(rows)

    def test_a_ledger_of_a_day_knows_nothing_later(self):
        """Figures on a day do not change with what comes after it."""
        full = ledger(
            drawn_on=[DRAWN, DRAWN, DUE],
            completed_on=["2026-04-01", "2026-04-02", None],
            results=["no-problem", "closed", None],
            entered_on=["2026-04-05", None, None],
            published_on=["2026-04-06", None, None],
        )
        before, on, after = (
            full.as_of(dt.date(2026, 3, 31) + dt.timedelta(n)) for n in (0, 1, 6)
        )

        assert [r.completed_on for r in before] == [None, None]
        assert [r.results for r in before] == [(), ()]
        assert before.classes["results"].categories == ()
        assert [r.results for r in on] == [("no-problem",), ()]
        assert on[0].due == DUE
        assert after[0].entered_on == dt.date(2026, 4, 5)
        assert after[0].published_on == dt.date(2026, 4, 6)
        assert len(full.as_of(DUE)) == 3
        with pytest.raises(InvalidTypeError):
            full.as_of("2026-04-01")


class TestUnusualCells:
    """What no cell can be is told with its place, not by an error from inside."""

    @pytest.mark.parametrize(
        "results",
        [10**5000, [10**5000], np.array(1), 1.5],
        ids=["huge", "list", "no dimension", "float"],
    )
    def test_results_are_codes(self, results):
        assert codes_of(lambda: Ledger.of([row(results=results)])) == [
            (0, "results", "results-type")
        ]

    def test_results_of_an_array_are_its_codes(self):
        known = row(results=np.array(["closed", "unreachable"]), completed_on=DUE)

        assert Ledger.of([known])[0].results == ("closed", "unreachable")

    def test_a_method_is_no_array(self):
        with pytest.raises(InvalidInput) as caught:
            Ledger.of([row(method=np.array(["on site", "online"]))])

        assert [(f.row, f.column) for f in caught.value.faults] == [(0, "method")]

    @pytest.mark.parametrize(
        "name", ["task_id", "subject_id", "item", "department", "drawn_on"]
    )
    def test_no_column_is_none_that_must_be_there(self, name):
        assert codes_of(lambda: ledger(**{name: None})) == [(None, name, "column-type")]

    @pytest.mark.parametrize(
        "values",
        ["3", b"3", None, 3, {"3": 1}, np.array("3")],
        ids=["text", "bytes", "none", "number", "mapping", "no dimension"],
    )
    def test_values_to_match_are_several(self, values):
        with pytest.raises(InvalidTypeError) as caught:
            ledger().matches(entry=values)

        assert caught.value.code == "selection-set"


class TestOneRow:
    def test_rows_count_from_either_end(self):
        known = ledger()

        assert known[np.int64(2)] == known[-1]
        assert list(reversed(known)) == list(known)[::-1]

    @pytest.mark.parametrize("row", ["T1", None, 0.0, True, slice(2)], ids=str)
    def test_a_row_has_a_whole_number(self, row):
        with pytest.raises(InvalidTypeError) as caught:
            ledger()[row]

        assert caught.value.code == "count-type"

    @pytest.mark.parametrize("row", [3, -4, 10**5000], ids=["3", "-4", "huge"])
    def test_there_is_no_other_row(self, row):
        """As of any sequence, so that Python's own loops end."""
        with pytest.raises(IndexError, match="'row' must be below 3"):
            ledger()[row]


class TestSeveralRows:
    @pytest.mark.parametrize(
        "rows", [None, row(), "T1", 1.5, {"task_id": "T1"}, np.array(1)], ids=str
    )
    def test_one_row_alone_is_refused(self, rows):
        for make in (Ledger.of, ledger().extend):
            with pytest.raises(InvalidTypeError) as caught:
                make(rows)
            assert caught.value.code == "argument-list"

    def test_rows_of_a_ledger_are_rows(self):
        assert Ledger.of(ledger()).digest == ledger().digest


class TestChanges:
    def test_what_happens_is_filled_in(self):
        """One value for all rows, or one for each."""
        done = ledger().record(
            [2, 0],
            completed_on=["2026-04-02", dt.date(2026, 4, 1)],
            results=["closed", ("pending", "corrected")],
        )
        done = done.record(np.array([True, False, True]), entered_on=DUE)

        assert done[0].results == ("corrected", "pending")
        assert done[0].completed_on == dt.date(2026, 4, 1)
        assert done[2].results == ("closed",)
        assert [r.entered_on for r in done] == [DUE, None, DUE]
        assert ledger()[0].completed_on is None

    def test_a_gap_leaves_a_cell_as_it_is(self):
        """Results may come in for some rows alone."""
        done = ledger().record(
            [0, 1], completed_on=DRAWN, results=["closed", None], exemption=None
        )
        more = done.record(
            [0, 1], results=[None, "no-problem"], published_on=[None] * 2
        )

        assert [r.results for r in more][:2] == [("closed",), ("no-problem",)]

    def test_the_same_may_be_said_again_and_nothing_else(self):
        """A ledger that can be rewritten proves nothing."""
        done = ledger().record([0], completed_on=DRAWN, results="closed")

        assert done.record([0], completed_on=DRAWN, results={"closed"}).digest == (
            done.digest
        )
        found = codes_of(
            lambda: done.record([1, 0], completed_on=DUE, results="no-problem")
        )
        assert found == [
            (0, "completed_on", "rewritten"),
            (0, "results", "rewritten"),
        ]

    def test_faults_are_told_with_the_row_of_the_ledger(self):
        """Not with the place in the list that was given."""
        found = codes_of(
            lambda: ledger().record(
                [2, 1], completed_on=["2026-04-01", "?"], results=["关", "closed"],
                entered_on=[DUE],
            )
        )  # fmt: skip

        assert found == [
            (None, "entered_on", "column-length"),
            (1, "completed_on", "day-form"),
            (2, "results", "results-form"),
        ]

    @pytest.mark.parametrize(
        "rows", [[3], [-1], [0, 0], [0.5], "0", [[0]], np.array([True])]
    )
    def test_rows_that_are_not_there_are_refused(self, rows):
        """A wrong row would change another check."""
        with pytest.raises((InvalidTypeError, InvalidValueError)) as caught:
            ledger().record(rows, completed_on=DUE)

        assert caught.value.code in {"rows-type", "rows-range"}

    def test_further_checks_come_behind(self):
        """As rows or as a ledger, checked together with what is there."""
        more = ledger().extend([row()])
        both = ledger().extend(Ledger.of([row()]))

        assert more[3] == row()
        assert more.digest == both.digest
        assert codes_of(lambda: more.extend([row()])) == [
            (4, "task_id", "ledger-doubled")
        ]
        other = row(task_id="T7", subject_id="S7", due=None)
        assert codes_of(lambda: more.extend([row(), other])) == [
            (1, "due", "due-missing")
        ]


class TestDigest:
    @given(st.permutations(range(3)))
    def test_order_has_no_influence(self, order):
        """Two ledgers are the same if they say the same."""
        assert ledger().take(np.array(order)).digest == ledger().digest

    def test_it_is_that_of_the_page(self):
        """Anyone can make it again, in any language."""
        made = ledger().record(
            [0], completed_on="2026-04-01", results={"unreachable", "closed"}
        )
        columns = made.to_columns()
        columns |= {name: [d and str(d) for d in columns[name]] for name in made.days}
        columns["results"] = [list(row.results) or None for row in made]
        defaults = {"origin": "random", "method": "on site"}
        keys = ["task_id", "item", "department", "entry"]

        assert digest("dsgk-ledger/2", keys, defaults, columns) == made.digest

    @pytest.mark.parametrize(
        "change",
        [
            {"item": ["甲", "乙", "丙"]},
            {"due": [DUE, DUE, DRAWN]},
            {"basis": ["x"] * 3},
        ],
    )
    def test_every_column_counts(self, change):
        """No statement can be changed unseen."""
        assert ledger(**change).digest != ledger().digest


class TestStorage:
    """As documents of plain JSON values."""

    def full(self):
        return ledger(
            origin=["random", "random", "random"],
            method=["written", "online", None],
            completed_on=["2026-04-01", "2026-04-01", None],
            results=[("closed", "unreachable"), "no-problem", None],
        )

    def test_a_ledger_comes_back_from_its_document(self):
        """Through a file, equal to what it was stored from."""
        made = self.full()
        again = Ledger.from_dict(json.loads(json.dumps(made.to_dict())))

        assert (again, hash(again)) == (made, hash(made))
        assert again.to_columns() == made.to_columns()
        assert again == made.take([2, 1, 0])
        assert made != ledger()
        assert made != made.to_columns()

    def test_columns_that_may_be_absent_may_be_absent(self):
        """Others may not, and unknown ones are not skipped."""
        document = {"format": Ledger.FORMAT, "columns": ledger().to_dict()["columns"]}
        for name in ("results", "basis", "completed_on"):
            del document["columns"][name]

        assert Ledger.from_dict(document) == ledger()
        document["columns"]["notes"] = [1, 2, 3]
        assert codes_of(lambda: Ledger.from_dict(document)) == [
            (None, "notes", "key-unknown")
        ]

    def test_rows_come_back_from_their_documents(self):
        """Every cell is read, since JSON has neither days nor members of lists."""
        for one in (*self.full(), row(origin=Origin.CASE_LEAD, entry=None, due=None)):
            document = json.loads(json.dumps(one.to_dict()))

            assert LedgerRow.from_dict(document) == one
        assert set(LedgerRow.schema()["properties"]) == set(document)

    def test_faults_of_a_row_are_told_at_once(self):
        """With their fields, in both languages."""
        document = {**row().to_dict(), "task_id": "T1 ", "due": "?", "results": ["关"]}
        with pytest.raises(InvalidInput) as caught:
            LedgerRow.from_dict(document)

        assert [f.column for f in caught.value.faults] == ["task_id", "results", "due"]
        assert "关" in caught.value.faults[1].chinese

    def test_it_survives_pickling(self):
        """Equal, and read-only again."""
        made = self.full()
        again = pickle.loads(pickle.dumps(made))  # noqa: S301

        assert again == made
        assert not again.days["due"].flags.writeable
        assert not again.classes["item"].codes.flags.writeable

    def test_many_faulty_rows_are_told_in_bounded_memory(self):
        """The first thousand in full, all of them by counts."""
        n = 5_000
        columns = {name: [COLUMNS[name][0]] * n for name in COLUMNS}
        columns["task_id"] = [f"T{k}" for k in range(n)]
        columns["subject_id"] = [f"S{k}" for k in range(n)]
        with pytest.raises(InvalidInput) as caught:
            Ledger.from_columns(**columns | {"due": [None] * n})

        assert caught.value.counts == {"due-missing": n}
        assert len(caught.value.faults) == 1000


@given(
    st.lists(
        st.tuples(st.integers(-1, 3), st.integers(-1, 2), st.integers(0, 2)),
        max_size=20,
    )
)
def test_rows_have_one_code_if_all_their_cells_are_equal(rows):
    """What doubles are found by."""
    columns = [np.array([r[k] for r in rows], dtype=np.int32) for k in range(3)]
    codes = joint_codes(*columns).tolist()

    for one, a in zip(codes, rows, strict=True):
        for other, b in zip(codes, rows, strict=True):
            assert (one == other) == (a == b)
    assert sorted(set(codes)) == list(range(len(set(rows))))
