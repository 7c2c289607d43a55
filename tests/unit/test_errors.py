"""Errors carry what a host needs to translate, log and mend."""

import pickle

import pytest

from dsgk.errors import (
    DsgkError,
    Fault,
    InvalidInput,
    InvalidTypeError,
    InvalidValueError,
    shown,
)


ERRORS = [
    DsgkError("m", code="c", params={"a": 1}, provision="p"),
    InvalidValueError("m", params={"a": 1}),
    InvalidTypeError("m", code="c"),
    InvalidInput.of("table", [Fault("c", "m", row=1, column="id", params={"x": [1]})]),
]


@pytest.mark.parametrize("error", ERRORS, ids=lambda e: type(e).__name__)
def test_an_error_survives_the_way_to_another_process(error):
    """Hosts draw in worker processes."""
    again = pickle.loads(pickle.dumps(error))  # noqa: S301

    assert vars(error) == vars(again)
    assert str(error) == str(again)
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


def test_a_code_of_one_error_does_not_leak_into_its_class():
    """A code is of the error, its class keeps the default."""
    InvalidValueError("m", code="special")

    assert InvalidValueError("m").code == "invalid-value"
    assert InvalidValueError.code == "invalid-value"


def test_a_fault_says_where_it_stands():
    """Row and column come first, as in a list of corrections."""
    assert str(Fault("c", "m")) == "m"
    assert str(Fault("c", "m", row=0)) == "row 0: m"
    assert str(Fault("c", "m", column="id")) == "column 'id': m"
    assert str(Fault("c", "m", row=2, column="id")) == "row 2, column 'id': m"


def test_a_fault_keeps_all_that_the_error_said():
    """An error caught in a loop over rows becomes one fault of many."""
    error = InvalidValueError("m", code="c", params={"a": 1}, provision="p")

    fault = error.fault.at(row=3, column="id")

    assert fault == Fault("c", "m", row=3, column="id", params={"a": 1}, provision="p")


def test_params_of_a_fault_are_a_copy():
    """A frozen value does not change with the dict it was made from."""
    params = {"a": 1}
    fault = Fault("c", "m", params=params)
    params["a"] = 2

    assert fault.params == {"a": 1}


def test_an_input_tells_all_of_its_faults():
    """Nobody mends a table one error at a time."""
    error = InvalidInput.of("table", [Fault("c", "x", row=1), Fault("c", "y", row=2)])

    assert str(error) == (
        "table has 2 faults (rows count from 0)\n  row 1: x\n  row 2: y"
    )
    assert [f.message for f in error.faults] == ["x", "y"]
    assert error.params == {"what": "table", "count": 2}


def test_rows_are_explained_only_where_there_are_rows():
    """A fault of the whole input has no row."""
    error = InvalidInput.of("announcement", [Fault("c", "x", provision="p")])

    assert str(error) == "announcement has 1 fault\n  x"
    assert error.provision == "p"


def test_a_million_faults_make_a_message_that_can_be_read():
    """The message stops after twenty, the list of faults does not."""
    error = InvalidInput.of("table", (Fault("c", "x", row=i) for i in range(23)))

    lines = str(error).splitlines()
    assert len(lines) == 22
    assert lines[-1] == "  … and 3 more, see `.faults` of this error"
    assert len(error.faults) == 23


def test_a_value_is_shown_as_far_as_it_can_be_read():
    """A cell with a whole document, or a number that Python refuses to write."""
    assert shown("S1 ") == "'S1 '"
    assert repr("x" * 158) == shown("x" * 158)
    assert shown("x" * 159) == "'" + "x" * 59 + "…"
    assert shown(10**5000) == "a number too long to be written"
