"""The digests of registers and ledgers, held against an independent reference."""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, strategies as st
from vectors.digest_reference import digest

from dsgk.ledger import Ledger
from dsgk.subjects import SubjectRegister
from dsgk.tables import Categorical, digest_of_columns


PATH = Path(__file__).parents[1] / "vectors" / "digests.json"
CASES = json.loads(PATH.read_text("utf-8"))
MAKERS = {"dsgk-register/2": SubjectRegister, "dsgk-ledger/2": Ledger}

texts = st.text(
    st.characters(min_codepoint=32, exclude_categories=["Cs", "Cc"]), max_size=80
)
cells = st.none() | texts | st.booleans() | st.integers(-9, 9)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_published_digests_never_change(case):
    """They stand in records, and must be found again by every later version."""
    made = MAKERS[case["format"]].from_columns(**case["columns"])

    assert made.digest == case["digest"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_the_standard_library_finds_them(case):
    """From the page of the format alone."""
    given = (case["format"], case["keys"], case["defaults"], case["columns"])

    assert digest(*given) == case["digest"]


def column(values):
    known = list({(type(v), v): v for v in values if v is not None}.values())
    places = [[(type(v), v) for v in known], [(type(v), v) for v in values]]
    codes = [places[0].index(p) if p in places[0] else -1 for p in places[1]]
    return Categorical(np.array(codes, dtype=np.int32), tuple(known))


@given(
    st.lists(st.tuples(texts, cells, cells), unique_by=lambda row: row[0], max_size=9),
    st.randoms(use_true_random=False),
)
def test_columns_have_the_digest_of_the_page(rows, random):
    """Whatever the lengths of the cells, and however the rows are ordered."""
    listed = list(rows)
    random.shuffle(listed)
    names = ("key", "b", "a")
    plain = {name: [row[k] for row in rows] for k, name in enumerate(names)}
    mixed = {n: column([row[k] for row in listed]) for k, n in enumerate(names)}

    assert digest_of_columns("x/1", mixed, ["key"]) == digest("x/1", ["key"], {}, plain)


def test_two_keys_order_the_rows_together():
    """A table may have no single column that tells its rows apart."""
    plain = {"a": ["x", "x", None], "b": [2, 1, 1], "c": ["p", "q", None]}
    read = {name: column(values) for name, values in plain.items()}

    assert digest_of_columns("x/1", read, "ab") == digest("x/1", ["a", "b"], {}, plain)
