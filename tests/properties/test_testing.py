"""Promises of the strategies: the library takes all that they make."""

import datetime as dt
import json
from collections.abc import Mapping
from fractions import Fraction
from typing import Annotated, Any

import attrs
import scale
from hypothesis import Phase, given, settings, strategies as st

from dsgk import testing
from dsgk.assignments import AssignmentRecord, UnstaffableError, assign_inspectors
from dsgk.calendars import Period, Unit, WorkCalendar
from dsgk.documents import Digest
from dsgk.draws import Announcement, DrawRecord, conduct, draw_subjects
from dsgk.errors import InvalidInput, invalid
from dsgk.fields import (
    Id,
    Kind,
    Label,
    Natural,
    Note,
    Positive,
    Stored,
    Text,
    Title,
    Whole,
    declared,
    kind_of,
    some,
    value,
)
from dsgk.identifiers import check_credit_code, check_id, check_label
from dsgk.inspectors import Inspector, InspectorRegister
from dsgk.joint import Method, Window, merge_checks
from dsgk.plans import Plan, check_plan
from dsgk.simulate._draw_many import Share
from dsgk.subjects import SubjectRegister
from dsgk.testing import ON
from dsgk.tiers import Base, Measure, Ratio
from dsgk.verify import verify_assignment, verify_record


D = dt.date
KEY = "f050b4356fceca7e0bd30cb92bc14db1"
CHINA = WorkCalendar.china()
TWENTY = Period(20, Unit.WORKING_DAY)


@given(testing.ids(), testing.labels(), testing.credit_codes(), testing.entropies())
def test_texts_are_what_they_are_called(text, label, code, fact):
    """Ids, labels and codes pass the library's own check of each."""
    assert fact == fact.strip() != ""
    assert check_id(text) == text
    assert check_label(label) == label
    assert check_credit_code(code) == code


@scale.examples(25)  # new strategies for each example
@given(st.data(), st.integers(1, 128), st.integers(1, 128))
def test_texts_have_the_size_that_was_asked_for(data, one, other):
    """A host's column of ten characters gets no longer ids."""
    low, high = sorted([one, other])

    assert low <= len(data.draw(testing.ids(min_size=low, max_size=high))) <= high
    assert low <= len(data.draw(testing.labels(min_size=low, max_size=high))) <= high


class Even(Kind):
    """Numbers that no strategy knows, nor the schema tells."""

    def convert(self, given, /):
        if given % 2:
            raise invalid("count-form", name="value", got=given)
        return given


@value("dsgk-thing/1")
@attrs.frozen(kw_only=True, field_transformer=declared)
class Thing(Stored):
    """A class with one field of every kind."""

    id: Id
    title: Title
    kind: Label = "0"
    note: Note = ""
    text: Text = ""
    plain: Annotated[str, Kind()] = ""
    flag: bool | None = None
    method: Method = Method.ON_SITE
    on: dt.date | None = None
    count: Annotated[int, Whole(least=-3, most=5)] = 0
    any_count: int = 0
    even: Annotated[int, Even()] = 0
    part: Fraction = Fraction(0)
    digest: Digest | None = None
    chance: Share = 0
    cell: Any = None
    pair: tuple[Id, Positive] | None = None
    people: tuple[Inspector, ...] = ()
    methods: frozenset[Method] = frozenset()
    codes: Annotated[tuple[Label, ...], some(tuple[Label, ...])] = ("0",)
    by_name: Annotated[Mapping[Label, Natural], kind_of(Mapping[Label, Natural])] = (
        attrs.field(factory=dict)
    )
    kin: Mapping[Label, Window] = attrs.field(factory=dict)

    def __attrs_post_init__(self):
        if self.pair is not None and self.flag is None:
            raise invalid("count-form", name="pair", got=self.pair)


@given(testing.values(Thing), testing.values(Thing, kind=st.just("药店")))
def test_a_new_class_needs_no_strategy_of_its_own(thing, shop):
    """Every kind of field is known, and fields that go together are found."""
    assert Thing.from_dict(json.loads(json.dumps(thing.to_dict()))) == thing
    assert len({person.id for person in thing.people}) == len(thing.people)
    assert shop.kind == "药店"


def test_every_field_gets_other_values():
    """Not its default alone."""
    made = []

    @settings(max_examples=200, database=None, phases=[Phase.generate])
    @given(testing.values(Thing))
    def collect(thing):
        made.append(thing)

    collect()

    for field in attrs.fields(Thing):
        assert len({str(getattr(thing, field.name)) for thing in made}) > 1


@given(testing.frames_with_quotas(), testing.keys())
def test_a_frame_can_be_drawn_from_by_its_quotas(case, key):
    frame, quotas = case
    draw = draw_subjects(frame, quotas, key=key)

    assert len(draw.selected) == sum(quotas.values())


@scale.examples(10)
@given(st.data(), st.integers(0, 6), st.integers(0, 6))
def test_collections_have_the_size_that_was_asked_for(data, one, other):
    low, high = sorted([one, other])
    size = {"min_size": low, "max_size": high}

    assert low <= len(data.draw(testing.id_lists(**size))) <= high
    assert low <= len(data.draw(testing.frames(**size))) <= high
    assert low <= len(data.draw(testing.subject_registers(**size))) <= high
    assert low <= len(data.draw(testing.inspector_registers(**size))) <= high
    assert low <= len(data.draw(testing.check_lists(**size))) <= high
    assert low <= len(data.draw(testing.staffing_problems(**size)).tasks) <= high
    assert low <= len(data.draw(testing.plans(**size)).entries) <= high
    if high:
        least = max(low, 1)
        announced = data.draw(testing.announced_draws(min_size=least, max_size=high))
        assert least <= len(announced.frames) <= high
        policy = data.draw(testing.tier_policies(max_size=high))
        assert 1 <= len(policy.rules) <= high


@given(testing.frames(weighted=True), testing.frames(weighted=False))
def test_frames_have_weights_if_they_are_to(weighted, unweighted):
    assert weighted.weights is not None
    assert unweighted.weights is None


@given(testing.announced_draws())
def test_what_is_announced_can_be_conducted_and_stored(case):
    announcement, frames, roll_key, values, secret = case
    record = conduct(
        announcement, frames, roll_key=roll_key, entropy=values, secret=secret
    )

    assert Announcement.from_dict(announcement.to_dict()) == announcement
    assert DrawRecord.from_dict(record.to_dict()) == record


@given(testing.conducted_draws())
def test_records_are_right(case):
    record, frames, roll_key = case

    assert verify_record(record, frames, roll_key=roll_key) == ()


@given(testing.conducted_assignments())
def test_records_of_assignments_are_right(case):
    """And all of them, redraws too, can be stored."""
    record, problem = case
    stored = json.loads(json.dumps(record.to_dict()))

    assert verify_assignment(stored, problem) == ()
    assert AssignmentRecord.from_dict(stored) == record
    assert record.teams.keys() == {task.id for task in problem.tasks}


@given(
    testing.assignment_records(
        problems=testing.staffing_problems(min_size=1, max_size=1, staffable=True)
    )
)
def test_records_of_assignments_are_made_of_what_is_given(record):
    assert isinstance(record, AssignmentRecord)
    assert len(record.teams) == 1


@given(
    testing.conducted_draws(
        draws=testing.frames_with_quotas(ids=st.sampled_from(["S1", "S2"]))
    )
)
def test_records_of_draws_are_made_of_what_is_given(case):
    _, frames, _ = case

    assert {id_ for frame in frames.values() for id_ in frame.ids} <= {"S1", "S2"}


@given(st.data(), testing.frames())
def test_quotas_fit_a_frame_that_is_there_already(data, frame):
    quotas = data.draw(testing.quotas(frame))

    assert quotas.keys() == frame.sizes.keys()
    assert all(0 <= quota <= frame.sizes[name] for name, quota in quotas.items())


@given(testing.tier_policies(ratios=st.just(Ratio.per_officer(2))))
def test_a_policy_has_the_ratios_that_were_given(policy):
    assert {rule.ratio for rule in policy.rules} == {Ratio.per_officer(2)}


@given(testing.tier_policies(complete=False, max_size=2), testing.subject_registers())
def test_a_policy_that_is_not_complete_may_leave_subjects_out(policy, register):
    """It says so as always; the rules that it has can be reached."""
    codes = set()
    try:
        policy.frame(register, on=ON)
    except InvalidInput as error:
        codes = {fault.code for fault in error.faults}

    assert codes <= {"tier-unmatched"}


@given(
    testing.subject_registers(),
    testing.tier_policies(),
    st.sampled_from(Base),
)
def test_a_policy_makes_a_frame_of_a_register(register, policy, base):
    """Nobody without a tier, no tier without a quota, no visit after the day."""
    plan = policy.frame(register, on=ON, base=base)

    assert len(plan.frame) + len(plan.exclusions) == len(register)


@scale.examples(25)
@given(st.data())
def test_a_policy_of_a_hosts_own_fields_fits_its_register(data):
    """One mapping says what both are made of."""
    fields = {
        "kind": st.sampled_from(["甲", "乙", ""]),
        "status": st.sampled_from(["正常", "已注销"]),
        "area": None,
        "size": st.integers(0, 2),
    }
    on = D(2024, 2, 29)
    register = data.draw(testing.subject_registers(fields=fields, on=on))
    policy = data.draw(testing.tier_policies(fields=fields))
    chosen = data.draw(testing.selections(fields=fields))

    assert "area" not in register.fields
    assert set(register.classes["kind"].categories) <= {"甲", "乙"}
    assert len(policy.frame(register, on=on).frame) <= len(register)
    assert len(register.where(**chosen)) <= len(register)


@given(testing.subjects())
def test_a_subject_is_a_row_of_a_register(subject):
    """Values and cells are read alike."""
    columns = {
        "id": [subject.id],
        "kind": [subject.kind],
        "last_inspected_on": [subject.last_inspected_on],
        **{name: [value] for name, value in subject.attributes},
    }
    (row,) = SubjectRegister.from_columns(**columns)

    assert (row.id, row.kind) == (subject.id, subject.kind)
    assert row.last_inspected_on == subject.last_inspected_on
    assert row.attributes == subject.attributes


@given(testing.selections(min_size=1, max_size=2), testing.subject_registers())
def test_a_selection_names_as_many_fields_as_was_asked_for(when, register):
    assert 1 <= len(when) <= 2
    assert len(register.where(**when)) <= len(register)


@given(
    testing.ratios(any_size=True),
    testing.ratios(measures=[Measure.COUNT]),
    testing.ratios(measures=[Measure.SHARE]),
    st.integers(0, 500),
)
def test_ratios_of_any_size_have_a_quota(ratio, count, share, size):
    assert share.measure is Measure.SHARE
    assert 0 <= ratio.quota(size, officers=3) <= size
    assert count.measure is Measure.COUNT


@given(testing.check_lists())
def test_checks_can_be_merged(checks):
    merged = merge_checks(checks)

    assert len(merged.remote) + sum(len(v.checks) for v in merged.visits) == len(checks)


@given(st.data(), st.dates(), st.dates())
def test_windows_keep_to_their_days(data, one, other):
    low, high = sorted([one, other])
    window = data.draw(testing.windows(min_value=low, max_value=high))

    assert low <= window.first <= window.last <= high


def assign(problem, **options):
    """The assignment, or None where there is no legal one."""
    given_ = {"recusals": problem.recusals, "history": problem.history, **options}
    try:
        return assign_inspectors(problem.tasks, problem.register, key=KEY, **given_)
    except UnstaffableError:
        return None


@given(testing.staffing_problems())
def test_problems_have_a_staffing_or_a_reason_why_not(problem):
    """No other error: departments are known, recusals are of somebody, …"""
    assignment = assign(problem)

    assert assignment is None or len(assignment.teams) == len(problem.tasks)


@given(testing.staffing_problems(staffable=True))
def test_staffable_problems_have_a_staffing(problem):
    """Also where nobody goes to an area that they have ties with."""
    assignment = assign(problem, avoid_home_areas=True)

    assert assignment is not None
    assert assignment.teams.keys() == {task.id for task in problem.tasks}


@given(
    st.lists(testing.staffing_tasks(departments=["甲"]), unique_by=lambda t: t.id),
)
def test_tasks_are_as_large_as_the_law_asks_for(tasks):
    """With officers enough for all there is a staffing."""
    register = InspectorRegister(
        Inspector(
            id=f"{n}-{expert}",
            department="甲",
            skills={"食品", "特种设备"},
            is_expert=expert,
        )
        for n in range(15)
        for expert in (False, True)
    )

    assert len(assign_inspectors(tasks, register, key=KEY).teams) == len(tasks)


@given(testing.plans(year=2027), st.integers(0, 50))
def test_plans_can_be_stored_checked_and_carried_out(plan, size):
    """Amended or not, finished or drafted."""
    assert Plan.from_dict(plan.to_dict()) == plan
    assert isinstance(check_plan(plan, calendar=CHINA), tuple)
    for entry in plan.current:
        quota = entry.ratio.quota(size)
        assert sum(entry.quotas(size)) == (quota if entry.batches else 0)


@given(testing.plan_entries(departments=["甲"], items=["乙"], ids=st.just("1")))
def test_entries_are_made_of_what_is_given(entry):
    assert (entry.id, entry.departments) == ("1", ("甲",))
    assert {item.name for item in entry.items} == {"乙"}


@given(st.data(), testing.work_calendars())
def test_a_calendar_answers_for_its_days(data, calendar):
    """Whether a day is worked, and what is due twenty working days later."""
    day = data.draw(
        testing.days(calendar=calendar, max_value=calendar.announced_through)
    )
    due = calendar.deadline(day, TWENTY)

    assert due.earliest <= due.date <= due.latest
    assert due.provisional == (due.date > calendar.announced_through)


@given(st.data(), testing.days(), testing.days())
def test_days_keep_to_their_bounds(data, one, other):
    low, high = sorted([one, other])
    day = data.draw(testing.days(min_value=low, max_value=high))

    assert low <= day <= high
    assert CHINA.is_workday(day) in {True, False}


@scale.examples(30)
@given(st.data(), st.integers(2004, 2036))
def test_notices_of_every_year_are_taken(data, year):
    """After those for the years before, and also where one amends them."""
    years = range(min(year, CHINA.notices[-1].year + 1), year + 1)
    notices = [data.draw(testing.holiday_notices(year=y)) for y in years]
    if data.draw(st.booleans()):
        notices.append(data.draw(testing.holiday_notices(year=year, amends=True)))
    calendar = WorkCalendar.china(notices=notices)

    assert not any(map(calendar.is_workday, notices[-1].days_off))
    assert all(map(calendar.is_workday, notices[-1].make_up_days))


@given(
    st.data(),
    testing.holiday_notices(),
    testing.periods(units=[Unit.WORKING_DAY, Unit.DAY]),
)
def test_a_deadline_foretold_without_a_notice_lies_within_its_bounds(
    data, notice, period
):
    """The notices keep within what the calendar assumes of them."""
    last = D(notice.year, 10, 1)
    start = data.draw(testing.days(min_value=D(notice.year - 1, 12, 1), max_value=last))
    foretold = CHINA.deadline(start, period)
    true = WorkCalendar.china(notices=[notice]).deadline(start, period)

    assert foretold.earliest <= true.date <= foretold.latest
