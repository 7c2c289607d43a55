"""The frame: columns in, one digest out, all faults at once."""

import copy
import enum
import hashlib
import pickle
from decimal import Decimal

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from dsgk.errors import InvalidInput, InvalidTypeError
from dsgk.frames import Frame
from dsgk.kernels.tickets import MAX_WEIGHT


IDS = ["S1", "S2", "S3", "S4", "S5", "S6"]
STRATA = ["A", "A", "A", "A", "B", "B"]


def faults_of(function, /, *args, **kwargs):
    with pytest.raises(InvalidInput) as caught:
        function(*args, **kwargs)
    return [(f.code, f.row, f.column) for f in caught.value.faults]


class Kind(str, enum.Enum):  # noqa: UP042  (prints its name, as hosts write it)
    SHOP = "药店"


@pytest.mark.parametrize(
    "frame",
    [
        Frame([Kind.SHOP, "S2"], ["A", Kind.SHOP]),
        Frame.from_codes([Kind.SHOP, "S2"], [1, 0], [Kind.SHOP, "A"]),
        Frame((Kind.SHOP, "S2"), ("A", Kind.SHOP)),
    ],
    ids=["columns", "codes", "tuples"],
)
def test_members_of_an_enum_of_texts_are_their_texts(frame):
    """A receipt and a shell line print the text, not the name of the member."""
    assert frame.ids == ("药店", "S2")
    assert frame.names == ("A", "药店")
    assert {str} == set(map(type, (*frame.ids, *frame.names)))
    assert frame.to_columns() == {"id": ["药店", "S2"], "stratum": ["A", "药店"]}


class TestDigest:
    def test_is_the_one_of_the_worked_example(self):
        """Section 7 of the format: a citizen gets it with sort and sha256sum."""
        expected = "a9ad9e86f697a397e074944a192eafb6d1fb9b9f4f743681799f7e41480cff0c"

        assert expected == Frame(IDS, STRATA).digest

    def test_is_of_the_canonical_text(self):
        """What is published as a file is what was hashed."""
        frame = Frame(IDS[::-1], STRATA[::-1])
        expected = b"S1\tA\nS2\tA\nS3\tA\nS4\tA\nS5\tB\nS6\tB\n"

        assert expected == frame.canonical
        assert hashlib.sha256(expected).hexdigest() == frame.digest

    def test_holds_the_weights(self):
        """A weight changed after the announcement is found."""
        frame = Frame(["S10", "S1"], ["B", "A"], [MAX_WEIGHT, 1])

        assert frame.canonical == b"S1\tA\t1\nS10\tB\t9007199254740991\n"
        assert hashlib.sha256(frame.canonical).hexdigest() == frame.digest

    def test_sorts_by_bytes_not_by_utf_16_units(self):
        """U+FB00.. sorts after emoji in JavaScript and Java, before it in bytes."""
        low, high = "\ufa0e", "\U0001f600"  # as UTF-16, high begins with D83D

        frame = Frame([high, low], ["A", "A"])

        assert f"{low}\tA\n{high}\tA\n".encode() == frame.canonical

    def test_is_of_the_empty_text_without_rows(self):
        """An item for which nobody is eligible can be announced as such."""
        frame = Frame([], [])

        assert hashlib.sha256(b"").hexdigest() == frame.digest
        assert (len(frame), frame.sizes, frame.names) == (0, {}, ())

    def test_of_more_rows_than_one_piece_is_the_same(self):
        """The pieces in which a large frame is hashed leave no trace."""
        ids = [f"S{i:05}" for i in range(20_000)]
        text = "".join(f"{i}\tA\n" for i in ids)

        assert (
            hashlib.sha256(text.encode()).hexdigest()
            == Frame(ids[::-1], ["A"] * len(ids)).digest
        )


class TestColumns:
    def test_names_are_those_that_occur_in_the_order_of_their_bytes(self):
        """The order in which strata are announced and drawn."""
        frame = Frame(["1", "2", "3", "4"], ["乙", "Z", "a", "\U00020000"])

        assert frame.names == ("Z", "a", "乙", "\U00020000")
        assert frame.codes.tolist() == [2, 0, 1, 3]
        assert list(frame.sizes.values()) == [1, 1, 1, 1]

    def test_a_stratum_may_be_called_none(self):
        """无 is the class of whoever has none; what programs write is told."""
        frame = Frame(["S1", "S2"], ["无", "A"])

        assert frame.names == ("A", "无")
        assert frame == Frame.from_codes(["S1", "S2"], [0, 1], ["无", "A"])
        told = [("id-nothing", 1, "stratum")]
        assert faults_of(Frame, ["S1", "S2"], ["无", "nan"]) == told
        assert faults_of(Frame, ["无", "S2"], ["A", "A"]) == [("id-nothing", 0, "id")]

    @pytest.mark.parametrize(
        "column",
        [tuple, np.array, pd.Series, pl.Series, pa.array],
        ids=["tuple", "numpy", "pandas", "polars", "arrow"],
    )
    def test_may_come_from_any_table(self, column):
        """A host passes the columns that it has."""
        frame = Frame(column(IDS), column(STRATA), column([1, 2, 3, 4, 5, 6]))

        assert Frame(IDS, STRATA, [1, 2, 3, 4, 5, 6]) == frame
        assert tuple(IDS) == frame.ids
        assert {str} == set(map(type, frame.ids))

    def test_from_codes_is_the_same_frame(self):
        """A policy that has codes need not write a million names."""
        codes = np.array([2, 2, 2, 2, 0, 0], dtype=np.uint64)

        frame = Frame.from_codes(IDS, codes, ["B", "unused", "A"])

        assert Frame(IDS, STRATA) == frame
        assert frame.names == ("A", "B")
        assert frame.codes.tolist() == [0, 0, 0, 0, 1, 1]

    def test_from_codes_takes_weights_and_no_rows(self):
        """The two ways to make a frame agree in everything."""
        weighted = Frame.from_codes(["S1"], [0], ["A"], [7])

        assert Frame(["S1"], ["A"], [7]) == weighted
        assert Frame([], []) == Frame.from_codes([], [], ["A"])

    def test_of_the_caller_stay_as_they_were(self):
        """Neither frozen nor shared: a later change of them changes no frame."""
        codes = np.array([0, 0])
        weights = np.array([1, 2])

        frame = Frame.from_codes(["S1", "S2"], codes, ["A"], weights)
        weights[0] = 9
        codes[0] = 5

        assert frame.canonical == b"S1\tA\t1\nS2\tA\t2\n"

    def test_cannot_be_changed(self):
        """The digest is computed once and must stay true."""
        frame = Frame(IDS, STRATA, [1] * 6)

        with pytest.raises(ValueError, match="read-only"):
            frame.weights[0] = 2
        with pytest.raises(ValueError, match="read-only"):
            frame.codes[0] = 1
        with pytest.raises(AttributeError):
            frame.ids = ()

    def test_go_back_as_they_came(self):
        """A host stores what it gave, in its own order."""
        rows = {"id": IDS[::-1], "stratum": STRATA[::-1]}
        weights = {"weight": [1, 2, 3, 4, 5, 6]}

        assert rows == Frame(*rows.values()).to_columns()
        assert rows | weights == Frame(*rows.values(), *weights.values()).to_columns()


class TestEquality:
    def test_ignores_the_order_of_rows(self):
        """A frame is a set."""
        one, other = Frame(IDS, STRATA), Frame(IDS[::-1], STRATA[::-1])

        assert one == other
        assert hash(one) == hash(other)
        assert one == one  # noqa: PLR0124  (the way without a digest)

    @pytest.mark.parametrize(
        "other",
        [
            Frame(IDS[1:], STRATA[1:]),
            Frame(IDS, [*STRATA[1:], "B"]),
            Frame(IDS, STRATA, [1] * 6),
            Frame([*IDS[1:], "S7"], STRATA),
            "a frame",
        ],
        ids=["row", "stratum", "weight", "id", "type"],
    )
    def test_sees_every_difference(self, other):
        """Size, stratum, weight, id."""
        assert Frame(IDS, STRATA) != other

    @pytest.mark.parametrize(
        "copied",
        [copy.deepcopy, lambda f: pickle.loads(pickle.dumps(f))],  # noqa: S301
        ids=["copy", "pickle"],
    )
    def test_survives_copying(self, copied):
        """Frames travel to other processes."""
        frame = Frame(IDS, STRATA, [1] * 6)
        again = copied(frame)

        assert frame == again
        assert not again.codes.flags.writeable
        assert not again.weights.flags.writeable
        assert copied(Frame(IDS, STRATA)).weights is None

    def test_shows_sizes_instead_of_rows(self):
        """A million ids on a screen help nobody."""
        expected = "<Frame of 6 rows, weighted, sizes {'A': 4, 'B': 2}>"

        assert expected == repr(Frame(IDS, STRATA, [1] * 6))
        assert repr(Frame([], [])) == "<Frame of 0 rows, sizes {}>"


class TestFaults:
    def test_are_told_all_at_once_in_the_order_of_rows(self):
        """One round trip to the owner of the table, not five."""
        ids = ["S1", "S1", " S2", "Ｓ3", "S\t4", ""]
        strata = ["A", "A ", "B", "A ", "", "B"]
        weights = [1, 0, 2**53, 1.5, True, -1]

        expected = [
            ("id-duplicate", 1, "id"),
            ("id-padded", 1, "stratum"),
            ("weight-range", 1, "weight"),
            ("id-padded", 2, "id"),
            ("weight-range", 2, "weight"),
            ("id-form", 3, "id"),
            ("id-padded", 3, "stratum"),
            ("count-type", 3, "weight"),
            ("id-character", 4, "id"),
            ("cell-empty", 4, "stratum"),
            ("count-type", 4, "weight"),
            ("id-empty", 5, "id"),
            ("weight-range", 5, "weight"),
        ]

        assert expected == faults_of(Frame, ids, strata, weights)

    def test_of_a_stratum_are_told_in_every_row(self):
        """Also where a cell is no text, and cannot even be hashed."""
        strata = [None, ["A"], None, float("nan"), "B ", "B "]
        codes = ["cell-empty", "id-type", "cell-empty", "cell-empty"]
        expected = [*enumerate(codes), (4, "id-padded"), (5, "id-padded")]

        found = faults_of(Frame, IDS, strata)
        assert [(code, row, "stratum") for row, code in expected] == found

    def test_of_lengths_are_told_with_the_others(self):
        """A column that lost a row is no reason to hide a duplicate."""
        length, twice = "column-length", ("id-duplicate", 1, "id")

        assert faults_of(Frame, ["S1", "S1"], ["A"], [1, 1, 1]) == [
            (length, None, "id"), (length, None, "stratum"), twice,
        ]  # fmt: skip
        assert faults_of(Frame, ["S1", "S2"], ["A", "A"], [1]) == [
            (length, None, "weight")
        ]
        assert faults_of(Frame.from_codes, ["S1"], [0, 0], ["A"]) == [
            (length, None, "id")
        ]

    @pytest.mark.parametrize(
        "weights", [[3.0, 1], [Decimal("3.00"), 1], np.array([3.0, 1]), (np.int8(3), 1)]
    )
    def test_of_weights_do_not_depend_on_the_container(self, weights):
        """pandas makes floats of whole numbers, Arrow Decimals."""
        assert Frame(["S1", "S2"], ["A", "A"], weights).weights.tolist() == [3, 1]

    @pytest.mark.parametrize("weight", [0, MAX_WEIGHT + 1, -1, 2**64])
    def test_of_weights_begin_beyond_the_bounds(self, weight):
        """1 and 2**53 - 1 are the last that are allowed."""
        assert faults_of(Frame, ["S1"], ["A"], [weight]) == [
            ("weight-range", 0, "weight")
        ]

    def test_of_weights_are_told_where_python_writes_no_number(self):
        """A number of more than 4300 digits has no text in Python."""
        with pytest.raises(InvalidInput, match="too long to be written") as caught:
            Frame(["S1"], ["A"], [10**5000])

        assert [(f.code, f.row) for f in caught.value.faults] == [("weight-range", 0)]

    def test_of_codes_name_the_row(self):
        """A code without a name would be a row without a stratum."""
        codes = [0, 3, -1]

        assert faults_of(Frame.from_codes, IDS[:3], codes, ["A", "B", "A"]) == [
            ("stratum-code", 1, "codes"),
            ("id-duplicate", 2, "names"),
            ("stratum-code", 2, "codes"),
        ]
        assert faults_of(Frame.from_codes, IDS[:1], [0], ["A ", 5]) == [
            ("id-padded", 0, "names"),
            ("id-type", 1, "names"),
        ]

    @pytest.mark.parametrize(
        "codes", [["A"], [0.0], [[0]], [True]], ids=["text", "float", "2-d", "bool"]
    )
    def test_of_a_column_of_codes_that_is_none(self, codes):
        """Names in the place of codes are told apart from a wrong code."""
        with pytest.raises(InvalidTypeError, match=r"Frame\(ids, strata\)") as caught:
            Frame.from_codes(["S1"], codes, ["A"])

        assert caught.value.code == "frame-codes"

    @pytest.mark.parametrize(
        "column",
        ["S1", b"S1", 5, iter(["S1"])],
        ids=["str", "bytes", "int", "iterator"],
    )
    def test_a_text_is_not_a_column(self, column):
        """`Frame("S1", "A")` would draw from the ids S and 1."""
        for args in [(column, ["A"]), (["S1"], column), (["S1"], ["A"], column)]:
            with pytest.raises(InvalidTypeError, match="must be a column") as caught:
                Frame(*args)

            assert caught.value.code == "column-type"

    def test_numpy_scalars_are_numbers_and_texts(self):
        """What a host picks out of arrays by hand is as good as the array."""
        one = Frame([np.str_("S1")], [np.str_("A")], [np.int64(3)])

        assert Frame(["S1"], ["A"], [3]) == one
        assert [str] == list(map(type, one.names))


def test_a_frame_is_stored():
    """With weights or without, as columns under the name of the format."""
    for frame in (Frame(IDS, STRATA), Frame(IDS, STRATA, [1] * len(IDS))):
        document = frame.to_dict()

        assert document["format"] == "dsgk-frame/1"
        assert Frame.from_dict(document) == frame
