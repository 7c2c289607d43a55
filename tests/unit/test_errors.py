"""Errors carry what a host needs to translate, log and mend."""

import copy
import datetime as dt
import enum
import json
import pickle
from fractions import Fraction

import numpy as np
import pytest

from dsgk.errors import (
    DsgkError,
    Fault,
    Faults,
    FrozenDict,
    InvalidInput,
    InvalidTypeError,
    InvalidValueError,
    Severity,
    invalid,
    shown,
)


def empty(row, column="id"):
    return Fault.of("cell-empty", row=row, column=column)


ERRORS = [
    invalid("count-range", name="visits", got=-1, least=0),
    invalid("count-type", name="visits", got="三", got_type="str"),
    InvalidInput.of("table", [empty(1)]),
]


# -- errors --------------------------------------------------------------------


@pytest.mark.parametrize("error", ERRORS, ids=lambda e: type(e).__name__)
def test_an_error_survives_the_way_to_another_process(error):
    """Hosts draw in worker processes."""
    again = pickle.loads(pickle.dumps(error))  # noqa: S301

    assert error.fault == again.fault
    assert getattr(error, "faults", None) == getattr(again, "faults", None)
    assert (str(error), error.chinese) == (str(again), again.chinese)
    assert type(error) is type(again)


@pytest.mark.parametrize(
    ("error", "builtin"),
    [
        (InvalidValueError, ValueError),
        (InvalidTypeError, TypeError),
        (InvalidInput, ValueError),
    ],
    ids=["value", "type", "input"],
)
def test_an_error_is_what_a_host_catches_already(error, builtin):
    """Code that knows nothing of the library still catches the builtin."""
    assert issubclass(error, builtin)
    assert issubclass(error, DsgkError)


def test_an_error_tells_its_code_values_and_provision_in_two_languages():
    """A host shows either sentence, and finds the case by its code."""
    error = invalid("credit-code-check", name="id", text="9", check="L")

    assert error.code == "credit-code-check"
    assert error.params == {"name": "id", "text": "9", "check": "L"}
    assert error.provision == "GB 32100"
    assert str(error).startswith("'id' must end in its check character 'L' (got '9').")
    assert error.chinese.startswith("'id'的校验码应为'L'（实际为'9'）。")


def test_the_catalogue_says_which_errors_are_of_type():
    """The class of an error follows from its code."""
    assert type(invalid("count-form", name="x", got="3.5")) is InvalidValueError
    assert type(invalid("id-type", name="x", got=1, got_type="int")) is InvalidTypeError


# -- sentences -----------------------------------------------------------------


def test_the_first_remedy_whose_values_are_known_is_given():
    """The exact text to write where there is one, else advice."""
    known = Fault.of("id-padded", name="id", text="S1 ", instead="S1")
    unknown = Fault.of("id-padded", name="id", text=" ", instead=None)

    assert known.message.endswith("Write 'S1' instead.")
    assert unknown.message.endswith("Give an id of its own.")
    assert known.chinese.endswith("请改为'S1'。")
    assert unknown.chinese.endswith("请另给一个标识。")
    assert (known.instead, unknown.instead) == ("S1", None)


class Colour(enum.Enum):
    """A closed list without labels."""

    RED = "red"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (dt.date(2025, 3, 1), "2025-03-01"),
        (Fraction(1, 3), "1/3"),
        (Colour.RED, "'red'"),
        (("a", 1), "'a', 1"),
        ({"b", "a"}, "'a', 'b'"),
        ((), "none"),
        ([*range(22)], ", ".join(map(str, range(20))) + " … (+2)"),
        (None, "None"),
        (3.5, "3.5"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_values_stand_in_a_sentence_as_readers_write_them(value, text):
    """Days in ISO form, fractions exact, sets in order, long lists cut."""
    fault = Fault.of("entry-unknown", name="x", got=value)

    assert fault.message == f"'x' must not be there (got {text})."


def test_a_long_text_is_cut_also_where_it_stands_bare():
    """A whole page in a message helps nobody."""
    fault = Fault.of(
        "type-differs", name="x", got=1, expected="y" * 500, got_type="int"
    )

    assert "y" * 60 + "…" in fault.message
    assert len(fault.message) < 200


def test_counts_and_names_of_inputs_are_written_in_each_language():
    """One fault, two faults; terms of the library have their Chinese."""
    one = InvalidInput.of("inspector register", [empty(None)])
    two = InvalidInput.of("list 'x'", [empty(None), empty(None)])

    assert one.fault.message == "inspector register has 1 fault"
    assert two.fault.message == "list 'x' has 2 faults"
    assert one.fault.chinese == "执法检查人员名录库有1处问题"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("S1 ", "'S1 '"),
        ("x" * 158, repr("x" * 158)),
        ("x" * 159, "'" + "x" * 59 + "…"),
        (10**5000, "a number too long to be written"),
        ([1] * 1000, "[1" + ", 1" * 19 + ",…"),
    ],
    ids=["text", "longest", "cut", "number", "list"],
)
def test_a_value_is_shown_as_far_as_it_can_be_read(value, text):
    """A cell with a whole document, or a number that Python refuses to write."""
    assert shown(value) == text


def test_a_value_nested_without_end_is_shown():
    """An error message must not fail by itself."""
    nested = []
    for _ in range(100_000):
        nested = [nested]

    assert shown(nested) == "a value nested too deep to be written"


def test_a_value_that_cannot_be_written_is_named():
    """A host's own class may fail in its repr."""

    class Broken:
        def __repr__(self):
            raise RuntimeError

    assert shown([Broken()]) == "a list that cannot be written"


# -- faults --------------------------------------------------------------------


def test_a_fault_says_where_it_stands():
    """Entries, row and column come first, as in a list of corrections."""
    rule = (
        "must be filled (got an empty cell). Write what is known; "
        "repeat the value of a merged cell in each of its rows."
    )

    assert str(Fault.of("cell-empty", name="id")) == f"'id' {rule}"
    assert str(Fault.of("cell-empty", name="id", row=0)) == f"row 0: 'id' {rule}"
    assert str(empty(2)) == f"row 2, column 'id': 'id' {rule}"
    assert repr(empty(2)) == f"<Fault cell-empty: {empty(2)}>"
    fault = Fault.of("cell-empty", name="id", entries=["3", "县局/4"])
    assert str(fault) == f"3, 县局/4: 'id' {rule}"


def test_a_fault_keeps_all_that_the_error_said():
    """An error caught in a loop over rows becomes one fault of many."""
    error = invalid("credit-code-check", name="id", text="9", check="L")

    fault = error.fault.at(row=3, column="代码")

    assert fault == Fault.of(
        "credit-code-check", row=3, column="代码", text="9", check="L"
    )
    assert fault.at() == fault
    assert fault.message.startswith("'代码' must")


def test_a_fault_of_a_document_tells_path_expected_and_got():
    """What compares two documents tells its differences as faults."""
    fault = Fault.of(
        "value-differs", column="draws[0].cut", expected=3, got=4, hint=None
    )

    assert (fault.path, fault.expected, fault.got) == ("draws[0].cut", 3, 4)
    assert fault.message == "'draws[0].cut' must be 3 (got 4)."


def test_a_fault_is_stored_in_two_languages():
    """A host keeps what was told, and shows it years later."""
    got = [
        Fraction(1, 2),
        dt.date(2025, 3, 1),
        Colour.RED,
        {"b", "a"},
        {1: None},
        2**60,
        3,
    ]
    fault = Fault.of("entry-unknown", row=np.int64(2), column="x", got=got)

    document = json.loads(json.dumps(fault.to_dict()))

    assert document == {
        "format": "dsgk-fault/1",
        "code": "entry-unknown",
        "params": {
            "got": ["1/2", "2025-03-01", "red", ["a", "b"], {"1": None}, str(2**60), 3],
            "name": "x",
        },
        "row": 2,
        "column": "x",
        "provision": None,
        "severity": "error",
        "entries": [],
        "message": fault.message,
        "chinese": fault.chinese,
    }


def test_a_fault_is_a_value():
    """Equal by content, hashed, pickled and copied."""
    fault = empty(1)

    assert pickle.loads(pickle.dumps(fault)) == fault  # noqa: S301
    assert copy.deepcopy(fault) == fault
    assert {fault, empty(1)} == {fault}
    assert fault.severity is Severity.ERROR


def test_params_of_a_fault_are_a_copy_that_cannot_be_changed():
    """A frozen value does not change with the dict it was made from."""
    params = {"name": "id"}
    fault = Fault(code="cell-empty", params=params)
    params["name"] = "x"

    assert fault.params == {"name": "id"}
    for change in (
        lambda: fault.params.__setitem__("name", 2),
        lambda: fault.params.update(a=2),
        lambda: fault.params.pop("name"),
        lambda: fault.params.__ior__({"a": 2}),
    ):
        with pytest.raises(TypeError, match="cannot be changed"):
            change()
    assert hash(FrozenDict(a=1, b=2)) == hash(FrozenDict(b=2, a=1))


# -- many faults ---------------------------------------------------------------


def test_an_input_tells_all_of_its_faults():
    """Nobody mends a table one error at a time."""
    error = InvalidInput.of("table", [empty(1), empty(2)])

    rule = (
        "'id' must be filled (got an empty cell). Write what is known; "
        "repeat the value of a merged cell in each of its rows."
    )
    assert str(error) == (
        "table has 2 faults (rows count from 0)\n"
        f"  row 1, column 'id': {rule}\n"
        f"  row 2, column 'id': {rule}"
    )
    assert error.chinese == (
        "表有2处问题\n  第1行：'id'不能为空。 请填写；合并单元格请在每行填写。\n"
        "  第2行：'id'不能为空。 请填写；合并单元格请在每行填写。"
    ).replace("。 ", "。")
    assert [fault.row for fault in error.faults] == [1, 2]
    assert error.params == {"what": "table", "count": 2}
    assert error.counts == {"cell-empty": 2}


def test_rows_are_explained_only_where_there_are_rows():
    """A fault of the whole input has no row."""
    fault = Fault.of("cell-empty", name="x", provision="p")
    error = InvalidInput.of("announcement", [fault])

    assert str(error).splitlines()[0] == "announcement has 1 fault"
    assert error.provision == "p"
    assert "第" not in error.chinese


def test_a_long_list_makes_a_message_that_can_be_read():
    """The message stops after twenty, the list of faults does not."""
    error = InvalidInput.of("table", map(empty, range(23)))

    assert len(str(error).splitlines()) == 22
    assert str(error).splitlines()[-1] == (
        "  … and 3 more, see `.faults` and `.counts` of this error (cell-empty: 23)"
    )
    assert error.chinese.splitlines()[-1] == "  ……另有3处（cell-empty: 23）"
    assert len(error.faults) == 23


def test_faults_are_gathered_from_everywhere():
    """One by one, whole columns at once, and from other lists."""
    faults = Faults([empty(5)])
    faults.add("count-form", row=1, column="n", got="x")
    faults.add("key-missing", column="format")
    other = Faults()
    other.add_rows(np.array([2, 3]), empty, column="id")
    other.add_rows([], empty, column="id")
    faults += other
    faults += [empty(4)]

    assert [fault.row for fault in faults] == [None, 1, 2, 3, 4, 5]
    assert len(faults) == 6
    assert faults.counts == {"cell-empty": 4, "count-form": 1, "key-missing": 1}
    assert repr(faults) == "<Faults: cell-empty: 4, count-form: 1, key-missing: 1>"
    assert faults.rows("id") == {2, 3, 4, 5}
    assert faults.rows("id") & {1, 2} == {2}
    assert (3 in faults.rows("id"), 6 in faults.rows("id")) == (True, False)
    assert len(faults.rows("id")) == 4
    assert faults.rows("other") == set()


def test_no_fault_is_none():
    """Nothing found, nothing raised."""
    faults = Faults()

    faults.raise_any("table")

    assert not faults
    assert (len(faults), [*faults], repr(faults)) == (0, [], "<Faults: none>")


def test_one_fault_alone_is_raised_as_an_error_of_its_kind():
    """Unless it is one of an input, which has a name."""
    faults = Faults([Fault.of("id-type", name="id", got=1, got_type="int")])

    with pytest.raises(InvalidTypeError):
        faults.raise_any()
    with pytest.raises(InvalidInput, match="table has 1 fault"):
        faults.raise_any("table")
    faults += [empty(0)]
    with pytest.raises(InvalidInput, match="input has 2 faults"):
        faults.raise_any()


def one_by_one(rows):
    faults = Faults()
    for row in rows:
        faults.add("cell-empty", row=row, column="id")
    return faults


def merged(rows):
    faults = Faults()
    for row in rows:
        faults += Faults([empty(row)])
    return faults


@pytest.mark.parametrize(
    "gather", [one_by_one, merged, lambda rows: Faults(map(empty, rows))]
)
@pytest.mark.parametrize("step", [1, -1], ids=["ascending", "descending"])
def test_of_many_faults_the_first_thousand_are_told(gather, step):
    """In the order of the rows, in whatever order they were found."""
    faults = gather(range(5000)[::step])

    error = InvalidInput.of("table", faults)

    assert [fault.row for fault in error.faults] == [*range(1000)]
    assert error.counts == {"cell-empty": 5000}
    assert len(faults.rows("id")) == 5000
    assert error.params["count"] == 5000


def test_faults_of_a_part_are_placed_in_the_whole():
    """The k-th row of a part is another row of the table."""
    part = Faults([empty(0), empty(2), Fault.of("key-missing", column="format")])

    whole = part.at_rows(np.array([7, 8, 9]))

    assert [fault.row for fault in whole] == [None, 7, 9]
    assert whole.rows("id") == {7, 9}
    assert whole.counts == part.counts


def test_of_many_rows_only_the_first_thousand_are_made():
    """A million bad rows cost what their numbers cost."""
    made = []
    faults = Faults()

    faults.add_rows(
        np.arange(10**6), lambda row: made.append(row) or empty(row), column="id"
    )

    assert made == [*range(1000)]
    assert len(faults) == 10**6


NESTED = []
for _ in range(5000):
    NESTED = [NESTED]


@pytest.mark.parametrize(
    "value",
    [NESTED, [NESTED, NESTED], {10**5000}, [10**5000], {10**5000: NESTED}],
    ids=["nested", "twice", "set", "list", "mapping"],
)
def test_whatever_came_can_be_told_and_stored(value):
    """A message about a value must not fail on the value."""
    error = invalid("value-differs", column="draws", expected="x", got=value)

    assert len(str(error)) < 1000
    assert len(error.chinese) < 1000
    assert str(error) in repr(error)
    assert len(json.dumps(error.fault.to_dict())) < 3000


@pytest.mark.parametrize(
    "got",
    [
        "甲" * 10**6,
        ["x"] * 10**6,
        {str(n): n for n in range(10**5)},
        {"k" * 10**6: 1},
        [["y" * 100] * 30] * 30,
        10**5000,
        np.array(5),
    ],
    ids=["text", "list", "mapping", "key", "nested", "number", "array"],
)
def test_what_came_is_stored_short(got):
    """A host keeps the fault, not the million cells that somebody gave."""
    fault = Fault.of("count-type", name="x", got=got, got_type="…")

    assert len(json.dumps(fault.to_dict())) < 5000


def test_a_lone_surrogate_is_stored_by_its_number():
    """What has no UTF-8 cannot be written to a file."""
    fault = Fault.of("key-unknown", column="\ud800", got={"\ud800": "\ud800"})

    json.dumps(fault.to_dict(), ensure_ascii=False).encode()
    assert fault.to_dict()["params"]["got"] == {"\\ud800": "\\ud800"}


def test_faults_of_the_whole_input_are_told_to_the_first_thousand():
    """A hundred thousand unknown keys are counted, not made."""
    faults = Faults()
    for number in range(5000):
        faults.add("key-unknown", column=str(number), got=0)
    faults.extend([Fault.of("key-missing", column="last")])

    assert [fault.column for fault in faults] == [*map(str, range(1000))]
    assert faults.counts == {"key-unknown": 5000, "key-missing": 1}


def test_a_place_is_told_short():
    """A million letters may stand where the name of a column is asked for."""
    fault = Fault.of("cell-empty", row=0, column="c" * 10**6)

    assert max(len(str(fault)), len(repr(fault)), len(fault.chinese)) < 500
    assert len(json.dumps(fault.to_dict())) < 2000
