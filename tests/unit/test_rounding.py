"""From chances to a choice: the published vectors, and what is refused."""

import json
from pathlib import Path

import numpy as np
import pytest
from vectors import assign_reference as reference

from dsgk.kernels.rounding import round_flow, round_table
from dsgk.kernels.shake import Shake


VECTORS = json.loads(
    (Path(__file__).parents[1] / "vectors" / "assign-rounding.json").read_text("utf-8")
)


@pytest.mark.parametrize("case", VECTORS, ids=lambda case: case["label"])
def test_published_choices_never_change(case):
    """Vectors are append-only: a changed choice would be another format."""
    row, officer, chance = np.array(case["entries"]).T
    chosen = round_table(
        row,
        officer,
        chance,
        task=case["task"],
        n_officers=case["n_officers"],
        unit=case["unit"],
        source=Shake(case["key"], case["label"]),
    )

    got = np.stack((row, officer), axis=1)[chosen > 0].tolist()
    assert case["chosen"] == sorted(got)


@pytest.mark.parametrize("case", VECTORS, ids=lambda case: case["label"])
def test_the_order_of_the_entries_of_a_row_is_irrelevant(case):
    """Entries are put in order by the draw itself."""
    entries = np.array(case["entries"])
    order = np.lexsort((-entries[:, 1], entries[:, 0]))
    row, officer, chance = entries[order].T
    chosen = round_table(
        row,
        officer,
        chance,
        task=case["task"],
        n_officers=case["n_officers"],
        unit=case["unit"],
        source=Shake(case["key"], case["label"]),
    )

    got = np.stack((row, officer), axis=1)[chosen > 0].tolist()
    assert case["chosen"] == sorted(got)


def test_no_rows_are_no_choice():
    """A day without tasks is a day without officers."""
    chosen = round_table(
        [], [], [], task=[], n_officers=3, unit=12, source=Shake("k", "none")
    )

    assert np.int64 == chosen.dtype
    assert chosen.size == 0


def test_whole_amounts_ask_for_no_chance():
    """What is certain is not drawn."""
    source = Shake("k", "whole")

    got = round_flow([0, 1], [1, 0], [24, -12], unit=12, source=source)

    assert got.tolist() == [2, -1]
    assert next(reference.stream("k", "whole")) == source.words(1)[0]


def test_a_fraction_that_cannot_go_on_is_refused():
    """A row whose chances do not add up to whole seats has no exact draw."""
    with pytest.raises(ValueError, match="got a fraction at node 3"):
        round_flow([3, 5], [5, 3], [7, 2], unit=12, source=Shake("k", "odd"))


def test_inputs_stay_as_they_are():
    """What the caller published is not touched."""
    columns = [np.array(c) for c in ([0, 0, 1, 1], [2, 3, 2, 3], [5, 7, 7, 5])]
    before = [c.copy() for c in columns]

    round_flow(*columns, unit=12, source=Shake("k", "same"))

    assert all((a == b).all() for a, b in zip(before, columns, strict=True))
