"""Shapes of documents: what one value must look like."""

import pytest

from dsgk.documents import a_count, a_float, a_text
from dsgk.fields import MOST


@pytest.mark.parametrize(
    ("value", "codes"),
    [
        (0, []),
        (MOST, []),
        (-1, ["count-range"]),
        (MOST + 1, ["count-most"]),
        (True, ["type-differs"]),
        ("3", ["type-differs"]),
    ],
)
def test_a_count_is_one_that_every_reader_of_json_keeps(value, codes):
    """Beyond 2**53 readers in other languages round."""
    assert [fault.code for fault in a_count(value, "size")] == codes


@pytest.mark.parametrize(
    ("value", "codes"),
    [
        ("0.1", []),
        ("1e-05", []),
        ("0.10", ["float-form"]),
        ("inf", ["float-form"]),
        ("ein Zehntel", ["float-form"]),
        (None, ["float-form"]),
        (0.1, ["float-form"]),
    ],
)
def test_a_float_is_its_shortest_decimal(value, codes):
    """Two texts of one number would be two digests."""
    assert [fault.code for fault in a_float(value, "cut")] == codes


@pytest.mark.parametrize(
    ("value", "codes"),
    [
        ("甲", []),
        (" ", ["text-empty"]),
        (3, ["type-differs"]),
        ("\ud800", ["text-surrogate"]),
    ],
)
def test_a_text_says_something_and_can_be_hashed(value, codes):
    assert [fault.code for fault in a_text(value, "title")] == codes
