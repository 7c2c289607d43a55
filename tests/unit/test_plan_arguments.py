"""Arguments of plans: years and numbers of tables, texts for members, other types."""

import datetime as dt
import json
from fractions import Fraction

import numpy as np
import pytest

from dsgk.calendars import WorkCalendar
from dsgk.errors import InvalidInput, InvalidTypeError, InvalidValueError
from dsgk.items import InspectionItem, Method
from dsgk.plans import (
    Amendment,
    AmendmentReason,
    Batch,
    Campaign,
    Conference,
    Frequency,
    Mode,
    ModeReason,
    Plan,
    PlanEntry,
    PlannedItem,
    ProposalReason,
    Raise,
    batch_quotas,
    check_plan,
    joint_plan_due,
    read_plan,
    read_window,
)
from dsgk.tiers import Ratio


YEAR = 2026
MARCH, JUNE = dt.date(YEAR, 3, 1), dt.date(YEAR, 6, 30)
CHINA = WorkCalendar.china()
TEXT, HUGE = "2026", 10**5000


def entry(**fields):
    given = {"id": "1", "items": "检查", "ratio": Ratio.exactly("3%"), "lead": "甲局"}
    return PlanEntry(**{**given, **fields})


def amendment(**fields):
    given = {
        "number": 1,
        "on": MARCH,
        "reason": AmendmentReason.SUDDEN_RISK,
        "grounds": "食品中毒事件",
        "raises": Raise(entry="1", ratio=Ratio.exactly("5%")),
    }
    return Amendment(**{**given, **fields})


def test_a_frequency_is_made_of_what_a_cell_states():
    """A number alone says neither bound nor cycle."""
    with pytest.raises(InvalidTypeError, match=r"Frequency\.parse"):
        Frequency.of(3)


class TestMembers:
    """Hosts store codes, plans print Chinese terms; both are read as the member."""

    @pytest.mark.parametrize("reason", AmendmentReason)
    def test_reasons_of_amendments(self, reason):
        for text in (reason.code, reason.label, reason):
            assert amendment(reason=text).reason is reason

    @pytest.mark.parametrize("reason", ModeReason)
    def test_modes_and_their_reasons(self, reason):
        few = reason is ModeReason.FEW_INSPECTORS
        mode = Mode.SUBJECTS_ONLY if few else Mode.INSPECTORS_ONLY
        given = {"ratio": Ratio.exactly("100%")}
        made = entry(**given, mode=mode, mode_reason=reason)

        for of_mode, text in ((mode.code, reason.code), (mode.label, reason.label)):
            assert entry(**given, mode=of_mode, mode_reason=text) == made
        assert (made.mode, made.mode_reason) == (mode, reason)

    @pytest.mark.parametrize("reason", ProposalReason)
    def test_what_entries_were_proposed_for(self, reason):
        for text in (reason.code, reason.label, reason):
            assert entry(proposed_for=[text]).proposed_for == {reason}

    def test_a_text_of_the_list_keeps_a_plan_the_same(self):
        """The stored plan has codes, whatever was written."""
        texts = {"mode": "双随机", "proposed_for": {"监管风险", "monitoring"}}
        made = Plan(year=YEAR, issuer="甲局", entries=[entry(**texts)])

        assert Plan.from_dict(made.to_dict()) == made
        assert made.to_dict()["entries"][0]["mode"] == "both"

    def test_the_message_names_the_field_and_the_list(self):
        with pytest.raises(InvalidValueError, match=r"'mode_reason' .*approval") as e:
            entry(mode_reason="无")

        assert (e.value.params["name"], e.value.params["got"]) == ("mode_reason", "无")
        assert e.value.chinese.startswith(
            "'mode_reason'应为规定的取值之一（实际为'无'）"
        )


class TestNumbers:
    """Tables give NumPy's integers: they are read exactly, and kept as ints."""

    @pytest.mark.parametrize("kind", [np.int64, np.uint16])
    def test_years(self, kind):
        made = Plan(year=kind(YEAR), issuer="甲局", entries=[])

        assert made.to_dict()["year"] == YEAR
        assert type(made.year) is int
        assert read_window("3月—6月", kind(YEAR)) == (MARCH, JUNE)
        assert joint_plan_due(kind(YEAR), calendar=CHINA) == dt.date(YEAR, 3, 31)

    def test_other_numbers(self):
        made = amendment(number=np.int8(1))
        twice = Frequency(np.int64(2), np.int64(2))

        assert type(made.number) is int
        assert (twice, type(twice.low)) == (Frequency.exactly(2), int)
        assert Batch(MARCH, JUNE, np.int64(1)) == Batch(MARCH, JUNE)
        assert type(Batch(MARCH, JUNE, np.int64(1)).part) is Fraction
        plan = Plan(year=YEAR, issuer="甲局", entries=[entry()])
        found = check_plan(plan, calendar=CHINA, visits_per_day=np.int64(4))
        assert found == check_plan(plan, calendar=CHINA, visits_per_day=4)


@pytest.mark.parametrize(
    "make",
    [
        lambda year: Plan(year=year, issuer="甲局", entries=[]),
        lambda year: read_window("3月", year),
        lambda year: joint_plan_due(year, calendar=CHINA),
    ],
    ids=["plan", "window", "due"],
)
class TestYears:
    """One rule for every year: an answer, or what to write instead."""

    @pytest.mark.parametrize("year", [TEXT, None, True, []])
    def test_other_types(self, make, year):
        with pytest.raises(InvalidTypeError) as caught:
            make(year)

        assert caught.value.code == "count-type"
        assert caught.value.params["name"] == "year"

    def test_tables_make_floats_of_years(self, make):
        assert make(2026.0) == make(YEAR)
        with pytest.raises(InvalidValueError) as caught:
            make(2026.5)

        assert caught.value.code == "count-form"

    @pytest.mark.parametrize(
        "year", [0, 10000, -1, HUGE], ids=["0", "10000", "-1", "huge"]
    )
    def test_no_year_of_the_calendar(self, make, year):
        with pytest.raises(InvalidValueError) as caught:
            make(year)

        assert caught.value.code in {"count-range", "count-most"}


WRONG = {
    "amendment: far below 1": (lambda: amendment(number=-HUGE), "count-range"),
    "amendment: 1.5": (lambda: amendment(number=1.5), "count-form"),
    "part: above all": (lambda: Batch(MARCH, JUNE, HUGE), "batch-part"),
    "part: yes": (lambda: Batch(MARCH, JUNE, True), "number-type"),  # noqa: FBT003
    "times: many": (lambda: Frequency.at_most(HUGE), "count-most"),
    "times: 2.5": (lambda: Frequency.at_most(2.5), "count-form"),
    "no calendar": (lambda: joint_plan_due(YEAR, calendar=None), "argument-type"),
    "no rules": (
        lambda: joint_plan_due(YEAR, calendar=CHINA, rules=31),
        "argument-type",
    ),
    "no plan": (lambda: check_plan(None, calendar=CHINA), "argument-type"),
    "a member": (lambda: Conference(convener="甲局", members="甲局"), "argument-list"),
    "no members": (lambda: Conference(convener="甲局", members=None), "argument-list"),
    "no departments": (
        lambda: Campaign(
            name="行动", departments=None, items="检查", first=MARCH, last=JUNE
        ),
        "argument-list",
    ),
}


ITEM = InspectionItem(department="甲局", name="检查")
TABLE = {"抽查事项": ["检查"], "抽查比例": ["3%"]}
HALVES = (Fraction(1, 2), Fraction(1, 2))
SAID = {"year": YEAR, "issuer": "甲局"}
WRONG |= {
    "quota: a text": (lambda: batch_quotas("2", HALVES), "count-type"),
    "quota: below 0": (lambda: batch_quotas(-1, HALVES), "count-range"),
    "parts: none": (lambda: batch_quotas(2, None), "argument-list"),
    "parts: floats": (lambda: batch_quotas(2, (0.5, 0.5)), "argument-type"),
    "parts: too few": (lambda: batch_quotas(2, HALVES[:1]), "batch-quota"),
    "parts: below 0": (
        lambda: batch_quotas(2, (Fraction(-1), Fraction(2))),
        "batch-quota",
    ),
    "item: a name": (
        lambda: PlannedItem("检查").means("检查", ["甲局"]),
        "argument-type",
    ),
    "item: a text": (lambda: PlannedItem("检查").means(ITEM, "甲局"), "argument-list"),
    "methods: lists": (lambda: entry(methods=[["现场检查"]]), "not-in-list"),
    "items: no dimension": (lambda: entry(items=np.array("检查")), "argument-list"),
    "names: none": (lambda: read_plan(TABLE, **SAID, names=None), "argument-mapping"),
    "names: huge": (
        lambda: read_plan(TABLE, **SAID, names={HUGE: "a"}),
        "not-in-list",
    ),
    "selections": (
        lambda: read_plan(TABLE, **SAID, selections=["a"]),
        "argument-mapping",
    ),
    "conference": (
        lambda: Plan.from_table(TABLE, **SAID, conference=np.array([1, 2])),
        "invalid-input",
    ),
    "entry: huge": (
        lambda: Plan(**SAID, entries=[]).entry(HUGE),
        "plan-entry-unknown",
    ),
    "entry: an array": (
        lambda: Plan(**SAID, entries=[entry()]).entry(np.array(["1", "2"])),
        "plan-entry-unknown",
    ),
    "order: huge": (
        lambda: Plan(**SAID, entries=[entry()], amendments=[amendment(number=2**53)]),
        "count-most",
    ),
}


@pytest.mark.parametrize(("make", "code"), WRONG.values(), ids=WRONG)
def test_what_is_something_else_is_refused_with_a_code(make, code):
    """A bare TypeError from inside would not say what to write."""
    with pytest.raises((InvalidTypeError, InvalidValueError)) as caught:
        make()

    assert caught.value.code == code


@pytest.mark.parametrize(
    "change",
    [{"calendar": None}, {"rules": 2}, {"visits_per_day": "2"}, {"remit": "甲局"}],
)
def test_a_plan_is_checked_with_what_is_meant(change):
    plan = Plan(year=YEAR, issuer="甲局", entries=[entry()])

    with pytest.raises(InvalidTypeError) as caught:
        check_plan(plan, **{"calendar": CHINA, **change})

    assert caught.value.code in {"argument-type", "count-type", "argument-list"}
    assert caught.value.params["name"] in change


def test_visits_of_a_day_are_one_or_more():
    plan = Plan(year=YEAR, issuer="甲局", entries=[entry()])

    with pytest.raises(InvalidValueError) as caught:
        check_plan(plan, calendar=CHINA, visits_per_day=-HUGE)

    assert caught.value.code == "count-range"


def places(value, path=()):
    """Every place in a document."""
    yield path
    if isinstance(value, dict):
        for key in value:
            yield from places(value[key], (*path, key))
    elif isinstance(value, list):
        for k, cell in enumerate(value):
            yield from places(cell, (*path, k))


def with_value(document, path, value):
    """The document with another value in one place."""
    if not path:
        return value
    copy = json.loads(json.dumps(document))
    inner = copy
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = value
    return copy


DOCUMENT = Plan(
    **SAID,
    entries=[
        entry(
            methods={Method.ON_SITE},
            subjects={"kind": {"餐饮"}},
            territories={"甲局": {"东"}},
            proposed_for={"risk"},
            frequency=Frequency.exactly(2),
            batches=Batch(MARCH, JUNE),
            cooperating=["乙局"],
        )
    ],
    conference=Conference(convener="甲局", members={"甲局"}),
    adopted_on=MARCH,
    amendments=[amendment()],
).to_dict()


@pytest.mark.parametrize("path", list(places(DOCUMENT)), ids=str)
@pytest.mark.parametrize(
    "value",
    [None, "x", 1.5, float("nan"), HUGE, [HUGE], {"x": HUGE}, [["x"]], True],
    ids=["none", "text", "float", "nan", "huge", "list", "object", "lists", "yes"],
)
def test_a_damaged_document_is_a_plan_or_refused_with_a_code(path, value):
    """Nothing in a stored plan leads to an error from inside."""
    try:
        read = Plan.from_dict(with_value(DOCUMENT, path, value))
    except (InvalidInput, InvalidTypeError, InvalidValueError) as error:
        assert error.code  # noqa: PT017  (both outcomes are right)
    else:
        assert Plan.from_dict(read.to_dict()) == read
