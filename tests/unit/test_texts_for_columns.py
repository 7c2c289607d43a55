"""A text where a list belongs is refused: else every letter would be an entry."""

import datetime as dt

import pytest

from dsgk.accountability import procedure_breached
from dsgk.errors import InvalidTypeError
from dsgk.inspectors import InspectorRegister
from dsgk.ledger import Ledger
from dsgk.performance import plan_costs


def test_a_team_is_a_list_of_ids():
    """`"J1"` is one officer, not J and 1, of whom neither is certified."""
    with pytest.raises(InvalidTypeError, match=r"Write \['J1'\]") as caught:
        procedure_breached(
            Ledger.of(()),
            on=dt.date(2026, 3, 17),
            teams={"T1": "J1"},
            inspectors=InspectorRegister(()),
        )

    assert caught.value.code == "argument-list"


@pytest.mark.parametrize("name", ["entry", "department"])
def test_a_column_of_costs_is_a_list(name):
    """`"甲乙"` is one department, not two."""
    columns = {"entry": ["3", "4"], "department": ["甲", "乙"], "tasks": [1, 2]}
    with pytest.raises(InvalidTypeError, match=r"Write \['甲乙'\]") as caught:
        plan_costs(**(columns | {name: "甲乙"}))

    assert caught.value.code == "column-type"
