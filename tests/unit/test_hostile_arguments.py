"""Whatever is given, a host meets errors of the library that it can tell and store."""

import datetime as dt
import json
import pickle
import re
import time
from decimal import Decimal

import numpy as np
import pytest
from drawing import NAME, PLAN as DRAWN, ROLL_KEY, SEAL, SECRET, VALUES, example

from dsgk.assignments import Seat, StaffingTask, assign_inspectors
from dsgk.calendars import WorkCalendar
from dsgk.draws import Frame, Roll, conduct, verify_receipt, verify_slip
from dsgk.errors import DsgkError, InvalidInput, InvalidValueError, shown
from dsgk.fairness import examine_draws, picks_of
from dsgk.fields import labels
from dsgk.identifiers import (
    MAX_LABEL_LENGTH,
    check_id,
    check_label,
    credit_code_faults,
)
from dsgk.inspectors import Inspector, InspectorRegister
from dsgk.items import InspectionItem, ItemList
from dsgk.kernels.allocation import allocate, allocate_by_power
from dsgk.kernels.proportions import detection_power, estimate_weighted_rate
from dsgk.kernels.rationals import exact
from dsgk.kernels.tickets import PartialDraw
from dsgk.ledger import Ledger
from dsgk.plans import Plan, PlannedItem
from dsgk.publication import PublicationSchedule
from dsgk.results import draw_substitutes
from dsgk.rounds import prepare_round
from dsgk.simulate import (
    Indicator,
    Movement,
    Programme,
    Scenario,
    draw_many,
    expected_visits,
)
from dsgk.sources import RuleProfile
from dsgk.subjects import SubjectRegister, read_field, select
from dsgk.tiers import Exclusion, Exclusions, Ratio, TierPolicy, TierRule, covering


DAY = dt.date(2026, 3, 2)


class Loud:
    """An object of a host that fails whatever is asked of it."""

    def __repr__(self):
        raise RuntimeError

    def __eq__(self, other):
        raise RuntimeError

    def __hash__(self):
        raise RuntimeError


class Quiet(Loud):
    """One that fails when it is compared or shown, and can be a key."""

    __hash__ = object.__hash__


DEEP = []
for _ in range(20_000):
    DEEP = [DEEP]

STRANGE = {
    "none": lambda: None,
    "loud": Loud,
    "quiet": Quiet,
    "louds": lambda: [Loud()],
    "key": lambda: {Quiet(): 1},
    "in mapping": lambda: {"a": Loud()},
    "deep": lambda: DEEP,
    "in list": lambda: [DEEP],
    "ragged": lambda: [[1, 2], [3]],
    "number": lambda: np.array(3),
    "text": lambda: np.array("S1"),
    "table": lambda: np.zeros((2, 2)),
    "column": lambda: np.array([1.5, 2.5]),
    "columns": lambda: [np.array([1, 2])],
    "huge": lambda: 10**5000,
    "surrogate": lambda: "\ud800",
    "bytes": lambda: b"\xff",
    "nan": lambda: float("nan"),
    "signal": lambda: Decimal("sNaN"),
    "cells": lambda: {"id": [Loud()], "抽查事项": [DEEP]},
}

REGISTER = SubjectRegister.from_columns(id=["S1"], kind=["药店"])
FRAME = Frame(["S1", "S2"], ["A", "A"])
LEDGER = Ledger.from_columns(
    task_id=["T1"], subject_id=["S1"], item=["甲"], department=["乙"],
    entry=["1"], stratum=["A"], drawn_on=[DAY], due=[DAY],
)  # fmt: skip
POLICY = TierPolicy([TierRule("A", ratio=Ratio.exactly("3%"))])
SCENARIO = Scenario(Programme("甲", POLICY))
MOVEMENT = Movement("credit", {"A": {"B": 0.1}})
FIGURES = Indicator("x", {"tier": ("A",)}, np.zeros((1, 1)))
ITEM = InspectionItem(name="甲", department="乙")
PEOPLE = InspectorRegister([Inspector(id="A1", department="甲")])
EXCLUDED = Exclusions([Exclusion(id="S1", tier=None, reasons=["whitelist"])])
DAYS = np.array(["2026-03-02"], "datetime64[D]")
CALENDAR = WorkCalendar.china()
FACT = {"roll_key": ROLL_KEY, "entropy": VALUES}
RECORD = conduct(example(), {NAME: DRAWN}, **FACT)
RECEIPT = RECORD.receipt(NAME, "S2", roll=Roll.of(DRAWN, name=NAME, key=ROLL_KEY))
SEALED = conduct(example(seal=SEAL), {NAME: DRAWN}, **FACT, secret=SECRET)
PLAN = Plan.from_table({"抽查事项": ["甲"], "抽查比例": ["3%"]}, issuer="甲", year=2026)
ASSIGNED = assign_inspectors(
    [StaffingTask(id="T1", subject_id="S1", seats=[Seat(department="甲")])],
    InspectorRegister(Inspector(id=f"A{k}", department="甲") for k in range(3)),
    key="0" * 32,
)


def schedule(**changes):
    right = {"ledger": LEDGER, "due": DAYS, "earliest": DAYS, "latest": DAYS}
    return PublicationSchedule(**right | {"provisional": np.array([True])} | changes)


FACES = {
    "covering": lambda x: covering([x], {}),
    "covering later": lambda x: covering([{"credit": {"A"}}], x),
    "covering all": lambda x: covering(x, {}),
    "select": lambda x: select({"credit": x}),
    "select field": lambda x: select(x if isinstance(x, dict) else {Quiet(): {"A"}}),
    "matches": REGISTER.matches,
    "matches values": lambda x: REGISTER.matches({"kind": x}),
    "read_field": lambda x: read_field(x, 1),
    "in register": REGISTER.__contains__,
    "from_table": lambda x: SubjectRegister.from_table(x, id="id"),
    "from_table name": lambda x: SubjectRegister.from_table(
        {"a": ["S1"]}, id="a", kind=x
    ),
    "from_table flag": lambda x: SubjectRegister.from_table(
        {"a": ["S1"]}, id="a", check_codes=x
    ),
    "register columns": SubjectRegister.of_plain_columns,
    "register column": lambda x: SubjectRegister.from_columns(id=["S1"], kind=x),
    "exclusions": Exclusions,
    "exclusions reason": lambda x: EXCLUDED.adding(["S2"], x),
    "exclusions ids": lambda x: EXCLUDED.adding(x, "whitelist"),
    "exclusions columns": Exclusions.of_plain_columns,
    "exclusion reasons": lambda x: Exclusion(id="S1", tier=None, reasons=x),
    "frame codes": lambda x: Frame.from_codes(["S1"], x, ["A"]),
    "frame document": lambda x: Frame.from_dict(
        {"format": "dsgk-frame/1", "columns": x}
    ),
    "document": lambda x: TierRule.from_dict({x: 1} if isinstance(x, Quiet) else x),
    "note": lambda x: InspectionItem(name="甲", department="乙", legal_basis=x),
    "codes": credit_code_faults,
    "code": lambda x: credit_code_faults([x]),
    "label": check_label,
    "per officer": lambda x: Ratio.per_officer(5, at_least=x),
    "days": lambda x: CALENDAR.add_workdays_array(DAYS, x),
    "joint plan": RuleProfile().joint_plan_due,
    "rows": lambda x: LEDGER.record(x, published_on=DAY),
    "schedule": lambda x: schedule(due=x),
    "schedule ledger": lambda x: schedule(ledger=x),
    "items": lambda x: ItemList([ITEM]).find(x),
    "items department": lambda x: ItemList([ITEM]).find("甲", department=x),
    "items table": lambda x: ItemList.from_table({"a": ["b"]}, name=x),
    "means": lambda x: PlannedItem("甲").means(ITEM, x),
    "in people": PEOPLE.__contains__,
    "people where": lambda x: PEOPLE.where(department=x),
    "people flags": lambda x: PEOPLE.where(certified=x),
    "people table": lambda x: InspectorRegister.from_table({"a": ["b"]}, skills=x),
    "plan table": lambda x: Plan.from_table(x, issuer="甲", year=2026),
    "window": lambda x: prepare_round(PLAN, {"甲": REGISTER}, on=DAY, window=x),
    "substitutes": lambda x: draw_substitutes(
        LEDGER, {"1": 5} if x is None else x, on=DAY
    ),
    "draw": example().draw,
    "receipt id": lambda x: verify_receipt(RECEIPT, RECORD, id=x),
    "slip id": lambda x: verify_slip(SEALED.slip(NAME, "S1"), SEALED.closed(), id=x),
    "tier": lambda x: SCENARIO.with_ratio(x, Ratio.exactly("5%")),
    "programme": lambda x: SCENARIO.with_ratio("A", Ratio.exactly("5%"), programme=x),
    "stay": MOVEMENT.stay,
    "moves": lambda x: Movement("credit", x),
    "moves class": lambda x: Movement("credit", {"A": x}),
    "figures": lambda x: FIGURES.where(tier=x),
    "rng": lambda x: draw_many(
        FRAME, {"A": 1}, draws=1, rng=x if x is not None else -1
    ),
    "examined": lambda x: examine_draws(x, [{"A": ["S1"]}], rng=1),
    "picks": lambda x: picks_of(x, PEOPLE),
    "picks register": lambda x: picks_of(ASSIGNED, x),
    "picks recusals": lambda x: picks_of(ASSIGNED, PEOPLE, recusals=x),
    "visits": lambda x: expected_visits(x, coordinated=True),
}


def check_told(error):
    """It can be shown in both languages, and stored."""
    assert len(str(error)) < 20_000
    assert error.chinese
    for fault in getattr(error, "faults", (error.fault,)):
        json.dumps(fault.to_dict(), ensure_ascii=False).encode()


@pytest.mark.parametrize("face", FACES)
def test_what_is_no_argument_is_told_by_the_library(face):
    """No error of Python or NumPy, whatever the object of a host does."""
    for make in STRANGE.values():
        try:
            FACES[face](make())
        except DsgkError as error:
            check_told(error)


KERNELS = {
    "exact": lambda x: exact(x, "x"),
    "total": lambda x: allocate(x, [5, 5]),
    "sizes": lambda x: allocate(1, x),
    "divisor": lambda x: allocate(1, [5, 5], divisor=x),
    "power": lambda x: allocate_by_power(1, [5, 5], x),
    "found": lambda x: estimate_weighted_rate(x, ["1/2"], population=3),
    "sensitivity": lambda x: detection_power(9, 3, bad=1, sensitivity=x),
    "quota": lambda x: PartialDraw.of(["S1"], ["A"], {"A": x}, "0" * 32),
}


@pytest.mark.parametrize("face", KERNELS)
def test_kernels_tell_in_their_words_what_is_no_number(face):
    """They have no faults, but short messages that begin with the argument."""
    for name in STRANGE.keys() - {"none", "number"}:
        try:
            KERNELS[face](STRANGE[name]())  # a huge number is one
        except (TypeError, ValueError) as error:
            assert re.fullmatch("(?s)'.{,400}", str(error))  # noqa: PT017


def test_a_label_has_a_greatest_length():
    """Longer than any item of a published list, and no page of text."""
    assert check_label("甲" * MAX_LABEL_LENGTH)
    with pytest.raises(InvalidValueError) as caught:
        check_label("甲" * (MAX_LABEL_LENGTH + 1))

    assert caught.value.code == "label-length"
    check_told(caught.value)


@pytest.mark.parametrize("kind", [SubjectRegister, Ledger])
def test_what_is_made_of_columns_says_how(kind):
    """Also to who gives it rows."""
    for arguments in ((), (["S1"],)):
        with pytest.raises(TypeError, match="from_columns"):
            kind(*arguments)
    with pytest.raises(TypeError, match="from_columns"):
        kind(id=["S1"])


def test_a_value_that_cannot_be_shown_is_told_by_its_class():
    """An error message must not fail by itself."""
    assert shown(Loud()) == "a Loud that cannot be written"


# -- many faults ---------------------------------------------------------------


def counts_of(make, *arguments):
    with pytest.raises(InvalidInput) as caught:
        make(*arguments)

    assert len(caught.value.faults) == 1000
    check_told(caught.value)
    return caught.value.counts


def test_a_remedy_that_was_not_asked_for_survives_the_way_to_another_process():
    """An error is pickled before anybody looks at it."""
    for check in (check_label, check_id):
        with pytest.raises(InvalidValueError) as caught:
            check("甲 ")

        assert pickle.loads(pickle.dumps(caught.value)).params["instead"] == "甲"  # noqa: S301


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (labels, "label-form"),
        (lambda bad: labels({*bad}), "label-form"),
        (lambda bad: Inspector(id="A1", department="甲", skills=bad), "label-form"),
        (lambda bad: Exclusion(id="S", tier=None, reasons=bad), "not-in-list"),
        (
            lambda bad: InspectorRegister(
                [{**Inspector(id="A1", department="甲").to_dict(), "skills": bad}]
            ),
            "label-form",
        ),
        (
            lambda bad: InspectorRegister(
                {"id": text, "department": "甲"} for text in bad
            ),
            "id-padded",
        ),
    ],
    ids=["list", "set", "field", "members", "nested", "documents"],
)
def test_faults_beyond_the_first_thousand_are_counted(make, code):
    """Also of a list in a value in a list, and in good time."""
    begun = time.process_time()
    counts = counts_of(make, [f"甲{k} " for k in range(5000)])

    assert counts[code] == 5000
    assert time.process_time() - begun < 5
