"""Values: what a field declares, and all that follows from it."""

import copy
import datetime as dt
import pickle
from collections.abc import Iterable, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Any

import attrs
import numpy as np
import pytest

from dsgk.errors import DsgkError, FrozenDict, InvalidInput, InvalidTypeError
from dsgk.fields import (
    Coded,
    Exact,
    Id,
    Kind,
    Label,
    Natural,
    Note,
    Positive,
    Share,
    Stored,
    Text,
    Title,
    Whole,
    check_count,
    check_type,
    declared,
    faults_of,
    kind_of,
    labels,
    several,
    some,
    take,
    trusted,
    value,
)
from dsgk.tables import read_values


DAY = dt.date(2026, 3, 1)


class Colour(Coded):
    """A closed list."""

    RED = ("red", "红", "朱")
    BLUE = ("blue", "蓝")


@attrs.frozen
class Span:
    """A value that is written as a text."""

    days: int

    @classmethod
    def parse(cls, text):
        return cls(check_count(int(text.removesuffix("d")), least=1))

    def __str__(self):
        return f"{self.days}d"


class LongSpan(Span):
    """A value of a subclass is a value of the class."""


@attrs.frozen
class Sheet:
    """A value that writes its own document."""

    cells: tuple

    def to_dict(self):
        return {"cells": list(self.cells)}

    @classmethod
    def from_dict(cls, document):
        return cls(tuple(document["cells"]))


@value("test-seat/1")
@attrs.frozen(kw_only=True, field_transformer=declared)
class Seat(Stored):
    id: Id
    count: Positive = 1


def _seats(given: Iterable[Seat]) -> tuple[Seat, ...]:
    return several(given, Seat, name="seats")


@value("test-all/1")
@attrs.frozen(kw_only=True, field_transformer=declared)
class All(Stored):
    """A field of each kind."""

    id: Id = "A1"
    label: Label = "甲"
    note: Note = ""
    text: Text = ""
    plain: str = ""
    title: Title = "题"
    flag: bool = False
    number: int = 0
    natural: Natural = 0
    range: Annotated[int, Whole(least=1, most=3)] = 1
    day: dt.date = DAY
    exact: Fraction = Fraction(1, 3)
    share: Share = Fraction(1, 3)
    colour: Colour = Colour.RED
    span: Span = Span(1)
    seat: Seat = Seat(id="S1")
    sheet: Sheet = Sheet((1, 2))
    days: tuple[dt.date, ...] = ()
    marks: frozenset[Label] = frozenset()
    colours: frozenset[Colour] = frozenset()
    places: frozenset[Seat] = frozenset()
    seats: tuple[Seat, ...] = attrs.field(default=(), converter=_seats)
    pair: tuple[Id, Natural] = ("A", 0)
    few: Annotated[tuple[int, ...], some(tuple[int, ...])] = (1,)
    table: Mapping[Label, Seat] = FrozenDict()
    maybe: Natural | None = None
    anything: Any = None


FULL = {
    "note": "备注",
    "text": "任意 文字",
    "flag": True,
    "number": -5,
    "natural": 7,
    "range": 3,
    "exact": Fraction(-7, 2),
    "share": 1,
    "colour": Colour.BLUE,
    "span": Span(20),
    "days": [DAY, DAY],
    "marks": {"乙", "甲"},
    "colours": [Colour.BLUE, Colour.RED],
    "places": [Seat(id="B"), Seat(id="A")],
    "seats": [Seat(id="B"), Seat(id="A")],
    "pair": ["P", 3],
    "table": {"甲": Seat(id="X")},
    "maybe": 4,
    "anything": "x",
}


def told(error):
    """Codes and places of all faults of an error."""
    return [(fault.code, fault.column) for fault in faults_of(error.value)]


# -- conversion ----------------------------------------------------------------


TAKEN = [
    ("flag", np.True_, True),
    ("flag", "是", True),
    ("number", np.int8(3), 3),
    ("number", 3.0, 3),
    ("day", "2026-03-01", DAY),
    ("day", dt.datetime(2026, 2, 28, 16, tzinfo=dt.UTC), DAY),
    ("exact", "1/4", Fraction(1, 4)),
    ("exact", "0.25", Fraction(1, 4)),
    ("exact", "25%", Fraction(1, 4)),
    ("exact", Decimal("0.25"), Fraction(1, 4)),
    ("exact", 2, Fraction(2)),
    ("share", "100%", Fraction(1)),
    ("colour", "blue", Colour.BLUE),
    ("colour", "朱", Colour.RED),
    ("colour", " 蓝", Colour.BLUE),
    ("span", "20d", Span(20)),
    ("span", LongSpan(99), LongSpan(99)),
    ("seat", {"id": "S2", "count": 2}, Seat(id="S2", count=2)),
    ("sheet", {"cells": [3]}, Sheet((3,))),
    ("days", ["2026-03-01"], (DAY,)),
    ("marks", ["甲", "甲"], frozenset({"甲"})),
    ("seats", [{"id": "S2", "count": 2}], (Seat(id="S2", count=2),)),
    ("pair", ["A", 1], ("A", 1)),
    ("table", {"甲": {"id": "S", "count": 1}}, {"甲": Seat(id="S")}),
    ("maybe", None, None),
    ("anything", [1], [1]),
]


@pytest.mark.parametrize(
    ("field", "given", "held"), TAKEN, ids=[ascii(case[:2]) for case in TAKEN]
)
def test_what_stands_for_a_value_is_taken_for_it(field, given, held):
    """A text or plain JSON value, where it can mean one thing alone."""
    kept = getattr(All(**{field: given}), field)

    assert kept == held
    assert type(kept) is type(held) or isinstance(kept, FrozenDict)


REFUSED = [
    ("id", "A ", ("id-padded", "id")),
    ("label", "", ("label-form", "label")),
    ("note", "甲 ", ("label-form", "note")),
    ("text", 3, ("text-type", "text")),
    ("plain", "\ud800", ("text-surrogate", "plain")),
    ("title", "  ", ("text-empty", "title")),
    ("flag", 2, ("flag-form", "flag")),
    ("number", "3", ("count-type", "number")),
    ("number", True, ("count-type", "number")),
    ("number", 2.5, ("count-form", "number")),
    ("number", 2**53, ("count-most", "number")),
    ("natural", -1, ("count-range", "natural")),
    ("range", 4, ("count-most", "range")),
    ("day", "2026年", ("day-form", "day")),
    ("day", 20260301, ("day-type", "day")),
    ("day", dt.datetime(2026, 3, 1), ("datetime-naive", "day")),  # noqa: DTZ001
    ("exact", 0.25, ("number-type", "exact")),
    ("exact", Decimal("inf"), ("number-type", "exact")),
    ("exact", "1e9", ("number-form", "exact")),
    ("exact", "1/0", ("number-form", "exact")),
    ("exact", "9" * 99, ("number-form", "exact")),
    ("share", "101%", ("number-range", "share")),
    ("share", -1, ("number-range", "share")),
    ("colour", "绿", ("not-in-list", "colour")),
    ("colour", None, ("not-in-list", "colour")),
    ("span", "0d", ("count-range", "span")),
    ("span", 3, ("argument-type", "span")),
    ("seat", {"id": "S2"}, ("key-missing", "seat.count")),
    ("seat", "S2", ("argument-type", "seat")),
    ("days", DAY, ("argument-list", "days")),
    ("days", [DAY, "?"], ("day-form", "days[1]")),
    ("marks", "甲", ("argument-list", "marks")),
    ("marks", [""], ("label-form", "marks[0]")),
    ("seats", Seat(id="S"), ("argument-list", "seats")),
    ("pair", ["A"], ("row-length", "pair")),
    ("pair", 5, ("row-length", "pair")),
    ("pair", ["A", -1], ("count-range", "pair[1]")),
    ("few", [], ("list-empty", "few")),
    ("table", ["甲"], ("argument-mapping", "table")),
    ("table", {"甲": 3}, ("argument-type", "table['甲']")),
    ("maybe", -1, ("count-range", "maybe")),
]


@pytest.mark.parametrize(
    ("field", "given", "fault"), REFUSED, ids=[ascii(case[:2]) for case in REFUSED]
)
def test_what_is_no_value_is_told_with_its_place(field, given, fault):
    """One code for one mistake, whatever the class."""
    with pytest.raises(DsgkError) as caught:
        All(**{field: given})

    assert told(caught) == [fault]


def test_all_faults_of_a_value_are_told_at_once():
    """In the order of the fields, nested ones by their path."""
    with pytest.raises(InvalidInput, match="All has 8 faults") as caught:
        All(
            id=" A",
            day="2026年",
            days=[DAY, "?", 5],
            marks={"", " 甲"},
            seat={"id": "", "count": 0},
        )

    assert told(caught) == [
        ("id-padded", "id"),
        ("day-form", "day"),
        ("id-empty", "seat.id"),
        ("count-range", "seat.count"),
        ("day-form", "days[1]"),
        ("day-type", "days[2]"),
        ("label-form", "marks[0]"),
        ("label-form", "marks[1]"),
    ]


def test_faults_of_values_in_a_list_have_their_rows():
    """A table of people is corrected row by row."""
    with pytest.raises(InvalidInput) as caught:
        All(seats=[Seat(id="S"), {"id": "S", "count": 0}, "S3"])

    assert [(f.code, f.row, f.column) for f in caught.value.faults] == [
        ("count-range", 1, "seats.count"),
        ("argument-type", 2, "seats"),
    ]


def test_arguments_that_do_not_fit_the_class_are_told_with_the_others():
    """A misspelt field and a missing one are one mistake, seen from two sides."""
    with pytest.raises(InvalidInput) as caught:
        Seat(Id="S", anzahl=0)
    with pytest.raises(DsgkError) as placed:
        Seat("S", id="S")

    assert [fault.code for fault in caught.value.faults] == [
        "argument-unknown",
        "argument-unknown",
        "argument-missing",
    ]
    assert [fault.params["name"] for fault in caught.value.faults] == [
        "Id",
        "anzahl",
        "id",
    ]
    assert placed.value.code == "argument-position"


def test_an_error_of_python_that_no_field_explains_is_not_hidden():
    """Such as a generator of the host that fails."""
    with pytest.raises(TypeError, match="unsupported operand"):
        All(days=(1 + text for text in "ab"))


def test_a_single_fault_is_raised_as_an_error_of_its_kind():
    """A wrong type is a TypeError."""
    with pytest.raises(InvalidTypeError):
        Seat(id=3)


# -- storage -------------------------------------------------------------------


@pytest.mark.parametrize("fields", [{}, FULL], ids=["defaults", "full"])
def test_a_value_is_read_as_it_was_stored(fields):
    """Plain JSON values and the name of the format; sets in one order."""
    kept = All(**fields)

    document = kept.to_dict()

    assert All.from_dict(document) == kept
    assert All.from_dict(document).to_dict() == document
    assert document["format"] == "test-all/1"
    assert document["places"] == [
        {"id": seat, "count": 1} for seat in ("A", "B") if fields
    ]


def test_values_are_hashed_pickled_and_copied():
    """Tables within them included."""
    kept = All(**FULL)

    assert pickle.loads(pickle.dumps(kept)) == kept  # noqa: S301
    assert copy.deepcopy(kept) == kept
    assert hash(kept) == hash(All(**FULL))
    with pytest.raises(TypeError, match="cannot be changed"):
        kept.table["乙"] = Seat(id="Y")


def test_a_document_is_read_strictly_and_all_its_faults_are_told():
    """A key that is misspelt would be a default."""
    document = {**Seat(id="S").to_dict(), "anzahl": 2, "id": " S"}
    del document["count"]

    with pytest.raises(InvalidInput, match="document of Seat has 3 faults") as caught:
        Seat.from_dict(document)
    with pytest.raises(InvalidInput) as strange:
        Seat.from_dict({"id": "S", "count": 1, "format": "test-seat/2"})
    with pytest.raises(InvalidInput) as bare:
        Seat.from_dict({"id": "S", "count": 1})

    assert told(caught) == [
        ("key-missing", "count"),
        ("key-unknown", "anzahl"),
        ("id-padded", "id"),
    ]
    assert told(strange) == [("format-unknown", "format")]
    assert told(bare) == [("key-missing", "format")]


def test_faults_of_a_well_formed_document_are_told():
    """Checked once, by the class itself."""
    document = {**Seat(id="S").to_dict(), "count": 0}

    with pytest.raises(DsgkError) as caught:
        Seat.from_dict(document)

    assert told(caught) == [("count-range", "count")]


@pytest.mark.parametrize("document", [None, [], "{}", 5], ids=repr)
def test_what_is_no_document_is_refused(document):
    """JSON may hold anything."""
    with pytest.raises(InvalidTypeError, match=r"Seat\.to_dict") as caught:
        Seat.from_dict(document)

    assert caught.value.code == "argument-mapping"


def test_the_schema_describes_every_field():
    """For hosts that check documents in another language."""
    schema = All.schema()
    fields = schema["properties"]

    assert schema["required"] == [*fields] == ["format", *attrs.fields_dict(All)]
    assert schema["additionalProperties"] is False
    assert fields["format"] == {"const": "test-all/1"}
    assert fields["range"] == {"type": "integer", "minimum": 1, "maximum": 3}
    assert fields["day"] == {"type": "string", "format": "date"}
    assert fields["colour"] == {"enum": ["red", "blue"]}
    assert fields["span"] == {"type": "string"}
    assert fields["seat"]["required"] == ["id", "count"]
    assert fields["marks"]["uniqueItems"] is True
    assert fields["few"]["minItems"] == 1
    assert fields["pair"]["prefixItems"][1]["minimum"] == 0
    assert fields["table"]["additionalProperties"] == fields["seat"]
    assert fields["maybe"]["anyOf"][1] == {"type": "null"}
    assert fields["exact"]["type"] == fields["id"]["type"] == "string"
    assert fields["anything"] == {}


# -- single arguments ----------------------------------------------------------


def test_an_argument_is_taken_as_a_field_would():
    """With its name; one fault is an error of its own kind, several are one error."""
    assert take("50%", kind_of(Share), name="share") == Fraction(1, 2)
    with pytest.raises(InvalidTypeError, match="'share' must be an exact number"):
        take(0.5, kind_of(Share), name="share")
    with pytest.raises(InvalidInput, match="days has 2 faults") as caught:
        take(["?", 5], kind_of(tuple[dt.date, ...]), name="days")

    assert told(caught) == [("day-form", "days[0]"), ("day-type", "days[1]")]


def test_labels_are_a_set():
    """For fields that take any collection of them."""
    assert labels(iter(["甲", "乙"])) == {"甲", "乙"}
    with pytest.raises(InvalidTypeError):
        labels("甲")


def test_a_remedy_may_be_given():
    """Where the class alone does not say how one is made."""
    with pytest.raises(InvalidTypeError, match=r"Write Seat\(id='S1'\)\."):
        check_type(3, Seat, name="seat", instead="Seat(id='S1')")


def test_what_is_known_to_be_right_is_made_without_a_second_look():
    """By the room that made the parts."""
    made = trusted(Seat, id="S1", count=2)

    assert made == Seat(id="S1", count=2)
    assert hash(made) == hash(Seat(id="S1", count=2))


def test_a_field_without_a_kind_is_a_mistake_of_the_programmer():
    """It is told when the class is made."""
    with pytest.raises(TypeError, match="no kind of field"):
        kind_of("Seat")


def test_numbers_without_bounds_are_exact_numbers():
    """A share has bounds, a figure has not."""
    assert Exact().convert("-7/2") == Fraction(-7, 2)
    assert Exact(least=0).convert(10**9) == 10**9


# -- rows of a table -----------------------------------------------------------


@value("test-row/1")
@attrs.frozen(kw_only=True, field_transformer=declared)
class Row(Stored):
    id: Id
    visits: Natural
    colour: Colour = Colour.RED
    skills: frozenset[Label] = attrs.field(default=frozenset(), converter=labels)
    since: dt.date | None = None
    note: Annotated[str, Kind()] = attrs.field(default="-", metadata={"filled": True})

    def __attrs_post_init__(self):
        if self.visits > 99:
            check_count(self.visits, name="visits", most=99)


HEADINGS = {name: name.upper() for name in attrs.fields_dict(Row)}


def test_rows_of_a_table_are_values():
    """Cells are read in their usual forms; an empty one is the default."""
    table = {
        "ID": ["A", "B"],
        "VISITS": ["3", 4.0],
        "COLOUR": ["蓝", None],
        "SKILLS": ["食品、药品", None],
        "SINCE": ["2026-03-01", None],
    }

    rows = read_values(Row, table, HEADINGS, optional=["note"], ids=["id"])

    assert rows == [
        Row(id="A", visits=3, colour="blue", skills={"食品", "药品"}, since=DAY),
        Row(id="B", visits=4),
    ]


def test_all_faults_of_a_table_are_told_by_row_and_heading():
    """Those of cells first; those of whole rows when all cells are right."""
    table = {
        "ID": ["A", "A", "C"],
        "VISITS": [None, "x", 1],
        "COLOUR": ["绿", None, "红"],
        "SKILLS": [None, "、", None],
        "SINCE": ["2026-03-01", None, 5],
        "NOTE": ["a", None, "b"],
    }
    wrong = {**table, "ID": ["A", "B", "C"], "VISITS": [1, 100, 2]}
    for heading, cells in [("COLOUR", None), ("SKILLS", None), ("SINCE", None)]:
        wrong[heading] = [cells] * 3
    wrong["NOTE"] = ["a", "b", "c"]

    with pytest.raises(InvalidInput, match="table has 7 faults") as caught:
        read_values(Row, table, HEADINGS, ids=["id"])
    with pytest.raises(InvalidInput, match="table has 1 fault") as rows:
        read_values(Row, wrong, HEADINGS, ids=["id"])

    assert sorted((f.row, f.column, f.code) for f in caught.value.faults) == [
        (0, "COLOUR", "not-in-list"),
        (0, "VISITS", "cell-empty"),
        (1, "ID", "id-duplicate"),
        (1, "NOTE", "cell-empty"),
        (1, "SKILLS", "names-unwritten"),
        (1, "VISITS", "count-form"),
        (2, "SINCE", "day-type"),
    ]
    assert [(f.row, f.code) for f in rows.value.faults] == [(1, "count-most")]


def test_a_format_that_is_an_array_is_an_unknown_format():
    """NumPy says neither yes nor no to whether it equals a text."""
    with pytest.raises(InvalidInput) as caught:
        Seat.from_dict({"format": np.zeros((2, 2)), "id": "A1", "count": 1})

    assert [fault.code for fault in caught.value.faults] == ["format-unknown"]
