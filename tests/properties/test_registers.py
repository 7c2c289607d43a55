"""Promises of the register of subjects and of the tiers made of it."""

import datetime as dt
import itertools

import pandas as pd
import polars as pl
import pyarrow as pa
from dateutil.relativedelta import relativedelta
from hypothesis import assume, example, given, strategies as st

from dsgk import testing
from dsgk.calendars import Period, Unit
from dsgk.errors import InvalidInput
from dsgk.subjects import FIELDS, Addition, Change, Status, Subject, SubjectRegister
from dsgk.tiers import (
    LEFT,
    Base,
    ExclusionReason,
    Ratio,
    TierPolicy,
    TierRule,
    covering,
)


TODAY = dt.date(2025, 3, 10)
IDS = [f"S{k}" for k in range(12)]
CELLS = {
    "kind": st.sampled_from(["药店", "饭店", None]),
    "credit": st.sampled_from(["A", "B", "C", "D", None]),
    "risk": st.sampled_from(["高", "低", None]),
    "status": st.sampled_from([status.value for status in Status] + ["存续"] * 6),
    "last_inspected_on": st.none()
    | st.dates(TODAY - dt.timedelta(days=800), TODAY)
    | st.sampled_from([dt.date(2024, 2, 29), dt.date(2024, 8, 31), TODAY]),
    "visits_this_year": st.integers(0, 4),
    "food": st.sampled_from([True, False, None]),
    "size": st.sampled_from([1, 2, None]),
}


def columns(min_size=0):
    """Columns of a register with every field: those that rules read often the same."""
    return testing.subject_columns(
        min_size=min_size,
        ids=st.sampled_from(IDS),
        fields=CELLS | {"employees": None},
        on=TODAY,
    )


VALUES = {
    "kind": ["药店", "饭店", None],
    "credit": ["A", "B", "C", "D", None],
    "risk": ["高", "低", None],
    "on_promise": [True, False, None],
    "status": list(Status),
    "food": [True, False, None],
    "size": [1, 2, None],
}


def selections(*, max_fields=3):
    """What a rule matches."""
    sets = {f: st.sets(st.sampled_from(v), min_size=1) for f, v in VALUES.items()}
    return st.lists(
        st.sampled_from([*VALUES]), max_size=max_fields, unique=True
    ).flatmap(lambda fields: st.fixed_dictionaries({f: sets[f] for f in fields}))


periods = st.builds(
    Period, st.integers(1, 30), st.sampled_from([Unit.DAY, Unit.MONTH, Unit.YEAR])
)
ratios = st.sampled_from(
    [Ratio.exactly("100%"), Ratio.at_least("3%"), Ratio.at_most("50%")]
)


@st.composite
def policies(draw):
    """Rules that can all be reached; the last may match everybody."""
    rules = []
    whens = draw(st.lists(selections(), max_size=4)) + [{}] * draw(
        st.sampled_from([1, 1, 0])
    )
    for when in whens:
        if covering([r.when for r in rules], TierRule("x", ratio=ALL, when=when).when):
            continue
        rules.append(
            TierRule(
                f"T{len(rules)}",
                ratio=draw(ratios),
                when=when,
                rest=draw(st.none() | periods),
                yearly_cap=draw(st.none() | st.integers(1, 4)),
            )
        )
    assume(rules)
    return TierPolicy(rules)


ALL = Ratio.exactly("100%")


def matches(subject, when):
    """One rule and one subject, as a clerk would compare them."""
    cells = {**dict.fromkeys(VALUES), **dict(subject.attributes)}
    cells |= {field: getattr(subject, field) for field in FIELDS}
    return all(
        any(type(v) is type(cells[f]) and v == cells[f] for v in values)
        for f, values in when.items()
    )


def free_on(day, rest):
    unit = {Unit.DAY: "days", Unit.MONTH: "months", Unit.YEAR: "years"}[rest.unit]
    return day + relativedelta(**{unit: rest.n})


def judged(subject, policy, whitelist):
    """Tier and reasons of one subject, as a clerk would find them."""
    reasons = set()
    tier = None
    if subject.status in LEFT:
        reasons.add(LEFT[subject.status])
    else:
        tier = next((r for r in policy.rules if matches(subject, r.when)), None)
        if tier is None:
            return None, None
        last = subject.last_inspected_on
        if tier.rest and last and free_on(last, tier.rest) > TODAY:
            reasons.add(ExclusionReason.INSIDE_REST)
        if tier.yearly_cap and subject.visits_this_year >= tier.yearly_cap:
            reasons.add(ExclusionReason.YEARLY_CAP)
    if subject.id in whitelist:
        reasons.add(ExclusionReason.WHITELISTED)
    return tier and tier.name, reasons


@given(columns(), policies(), st.sets(st.sampled_from([*IDS, "其他"])), st.data())
def test_every_subject_is_in_the_frame_or_in_the_exclusions(
    given_columns, policy, whitelist, data
):
    """Register = frame + exclusions, each subject once, for the right reasons."""
    register = SubjectRegister.from_columns(**given_columns)
    base = data.draw(st.sampled_from(Base))
    verdicts = {s.id: judged(s, policy, whitelist) for s in register}
    unmatched = [i for i, (_, reasons) in verdicts.items() if reasons is None]
    try:
        plan = policy.frame(register, on=TODAY, base=base, whitelist=whitelist)
    except InvalidInput as error:
        told = [i for fault in error.faults for i in fault.params["ids"]]

        assert sorted(told) == sorted(unmatched) != []
        return

    assert unmatched == []
    assert sorted([*plan.frame.ids, *plan.exclusions.ids]) == sorted(register.ids)
    strata = plan.frame.to_columns()
    placed = dict(zip(strata["id"], strata["stratum"], strict=True))
    assert placed == {i: tier for i, (tier, why) in verdicts.items() if not why}
    assert {e.id: (e.tier, set(e.reasons)) for e in plan.exclusions} == {
        i: verdict for i, verdict in verdicts.items() if verdict[1]
    }
    for exclusion in plan.exclusions:
        order = [list(ExclusionReason).index(reason) for reason in exclusion.reasons]
        assert order == sorted(order)
    assert sum(plan.exclusions.counts.values()) == len(plan.exclusions)
    assert set(plan.whitelist_unknown) == whitelist - set(register.ids)
    tiers = [tier for tier, _ in verdicts.values() if tier]
    assert plan.registered == {t: tiers.count(t) for t in dict.fromkeys(tiers)}
    for rule in policy.rules:
        in_tier = tiers.count(rule.name)
        eligible = plan.frame.sizes.get(rule.name, 0)
        wanted = rule.ratio.quota(in_tier if base is Base.REGISTERED else eligible)
        quota = plan.quotas.get(rule.name, 0)
        assert quota == min(wanted, eligible)
        assert quota + plan.shortfalls.get(rule.name, 0) == wanted
        assert (rule.name in plan.empty_tiers) == (in_tier == 0)
        assert (rule.name in plan.quotas) == (eligible > 0)


@given(columns(), policies(), st.data())
def test_the_order_of_the_rows_has_no_influence(given_columns, policy, data):
    """Nobody gains by sorting a register."""
    n = len(given_columns["id"])
    order = data.draw(st.permutations(range(n)))
    shuffled = {f: [cells[k] for k in order] for f, cells in given_columns.items()}
    one = SubjectRegister.from_columns(**given_columns)
    other = SubjectRegister.from_columns(**shuffled)

    assert one.digest == other.digest
    try:
        plan = policy.frame(one, on=TODAY)
    except InvalidInput:
        return
    again = policy.frame(other, on=TODAY)
    assert plan.frame.digest == again.frame.digest
    assert plan.quotas == again.quotas
    assert set(plan.exclusions) == set(again.exclusions)


@given(columns())
def test_a_register_goes_out_and_comes_back(given_columns):
    """Plain columns hold everything that a register knows."""
    register = SubjectRegister.from_columns(**given_columns)
    again = SubjectRegister.from_columns(**register.to_columns())

    assert register.to_columns() == given_columns
    assert again.to_columns() == given_columns
    assert list(again) == list(register)


@given(columns(min_size=1))
def test_every_library_gives_the_same_register(given_columns):
    """The digest does not tell which library read the table."""
    digest = SubjectRegister.from_columns(**given_columns).digest
    names = {name: name for name in given_columns}
    for library in (pd.DataFrame, pl.DataFrame, pa.table):
        table = library(given_columns)

        assert SubjectRegister.from_table(table, **names).digest == digest


@given(columns(), st.data())
def test_different_registers_have_different_digests(given_columns, data):
    """One changed cell, one lost row: another register."""
    register = SubjectRegister.from_columns(**given_columns)
    assume(len(register))
    row = data.draw(st.integers(0, len(register) - 1))
    field = data.draw(st.sampled_from([f for f in CELLS if f != "status"]))
    cell = data.draw(CELLS[field].filter(lambda c: c != given_columns[field][row]))
    changed = [*given_columns[field]]
    changed[row] = cell
    other = SubjectRegister.from_columns(**{**given_columns, field: changed})
    fewer = SubjectRegister.from_columns(**{f: c[1:] for f, c in given_columns.items()})

    assert len({register.digest, other.digest, fewer.digest}) == 3


@given(columns(), selections())
def test_a_selection_is_what_a_clerk_would_pick(given_columns, when):
    """All fields, any of the values."""
    register = SubjectRegister.from_columns(**given_columns)

    expected = [subject for subject in register if matches(subject, when)]
    assert list(register.where(**when)) == expected


days = st.dates(dt.date(2025, 3, 1), dt.date(2025, 3, 6))
NEW = {
    field: st.sampled_from(VALUES[field]) for field in ("credit", "food", "kind")
} | {
    "status": st.sampled_from(Status),
    "visits_this_year": CELLS["visits_this_year"],
    "last_inspected_on": CELLS["last_inspected_on"],
}


@st.composite
def changes(draw, ids):
    """Changes without a fault: of subjects that are there, or have joined."""
    joined = {}
    for text in draw(st.lists(st.sampled_from(["N1", "N2", "N3"]), unique=True)):
        subject = Subject(id=text, credit=draw(NEW["credit"]))
        joined[text] = Addition(subject=subject, on=draw(days), reason="设立登记")
    made = {}
    if known := [*ids, *joined]:
        for text, field, on in draw(
            st.lists(
                st.tuples(st.sampled_from(known), st.sampled_from(list(NEW)), days)
            )
        ):
            if text in ids or joined[text].on <= on:
                made[text, field, on] = Change(
                    subject_id=text, field=field, value=draw(NEW[field]), on=on,
                    reason="决定书",
                )  # fmt: skip
    return [*joined.values(), *made.values()]


@given(columns(), st.data())
def test_the_order_of_changes_has_no_influence(given_columns, data):
    """Only their days count."""
    register = SubjectRegister.from_columns(**given_columns)
    listed = data.draw(changes(register.ids))
    shuffled = data.draw(st.permutations(listed))
    on = data.draw(days)

    one, other = register.apply(listed, on=on), register.apply(shuffled, on=on)
    assert one.to_columns() == other.to_columns()


@given(columns(), st.data())
def test_changes_can_be_applied_day_by_day(given_columns, data):
    """A register kept current every night is the one made at the end."""
    register = SubjectRegister.from_columns(**given_columns)
    listed = data.draw(changes(register.ids))
    first, last = sorted([data.draw(days), data.draw(days)])
    later = [change for change in listed if change.on > first]
    stepwise = register.apply(listed, on=first).apply(later, on=last)

    assert stepwise.digest == register.apply(listed, on=last).digest


@given(columns(), st.data())
def test_a_register_has_after_changes_what_a_clerk_would_write(given_columns, data):
    """Every subject keeps its row; each field has its latest value."""
    register = SubjectRegister.from_columns(**given_columns)
    listed = data.draw(changes(register.ids))
    on = data.draw(days)
    expected = {s.id: s for s in register}
    for change in sorted(listed, key=lambda c: (c.on, isinstance(c, Change))):
        if change.on > on:
            continue
        if isinstance(change, Addition):
            expected[change.subject_id] = change.subject
            continue
        old = expected[change.subject_id]
        fields = {name: getattr(old, name) for name in FIELDS}
        attributes = dict(old.attributes)
        where = fields if change.field in fields else attributes
        where[change.field] = change.value
        expected[old.id] = Subject(id=old.id, attributes=attributes, **fields)

    after = register.apply(listed, on=on)
    assert {s.id: s for s in after} == expected
    assert after.ids[: len(register)] == register.ids
    assert len(after) == len(expected)


def points(fields):
    """Every kind of subject that rules on *fields* can tell apart."""
    closed = {"on_promise", "status"}
    axes = [VALUES[f] if f in closed else [*VALUES[f], "其他值"] for f in fields]
    return [dict(zip(fields, cells, strict=True)) for cells in itertools.product(*axes)]


def accepts(when, point):
    return all(
        any(type(v) is type(point[f]) and v == point[f] for v in values)
        for f, values in when.items()
    )


@given(st.lists(selections(max_fields=2), max_size=5), selections(max_fields=2))
@example(earlier=[{"on_promise": {True}}, {"on_promise": {False, None}}], later={})
def test_a_rule_is_dead_exactly_if_no_subject_can_reach_it(earlier, later):
    """Compared with going through every possible subject."""
    read = [TierRule("x", ratio=ALL, when=when).when for when in (*earlier, later)]
    fields = sorted({field for when in read for field in when})
    assume(len(fields) <= 4)
    reached = [p for p in points(fields) if accepts(read[-1], p)]
    alive = any(not any(accepts(w, p) for w in read[:-1]) for p in reached)
    found = covering(read[:-1], read[-1])

    assert (found is None) == alive
    if found is not None:
        for left_out in found:
            rest = [read[k] for k in found if k != left_out]
            assert any(not any(accepts(w, p) for w in rest) for p in reached)
