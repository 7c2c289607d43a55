"""Promises of plans and rounds, for plans and registers of every kind."""

import datetime as dt
import json
from fractions import Fraction
from itertools import pairwise

import pytest
from drawing import chance, fact
from hypothesis import example, given, strategies as st

from dsgk.calendars import WorkCalendar
from dsgk.draws import conduct
from dsgk.errors import InvalidInput
from dsgk.items import InspectionItem, ItemList, Method
from dsgk.ledger import Ledger
from dsgk.plans import (
    Amendment,
    AmendmentReason,
    Batch,
    Conference,
    Cycle,
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
    is_raised,
)
from dsgk.plans._numbers import Demand, overload
from dsgk.rounds import prepare_round
from dsgk.subjects import SubjectRegister
from dsgk.tiers import Measure, Ratio, TierPolicy, TierRule


CALENDAR = WorkCalendar.china()
YEAR = 2026
NEW_YEAR, SILVESTER = dt.date(YEAR, 1, 1), dt.date(YEAR, 12, 31)
DEPARTMENTS = ["市场监管局", "公安局", "卫生健康委"]
ITEMS = ["卫生检查", "治安检查", "价格检查"]

days = st.dates(NEW_YEAR, SILVESTER)
shares = st.fractions(0, 1, max_denominator=12)
ratios = st.one_of(
    shares.map(Ratio.at_least),
    shares.map(Ratio.at_most),
    shares.map(Ratio.exactly),
    st.tuples(shares, shares).map(lambda pair: Ratio.between(min(pair), max(pair))),
    st.integers(0, 12).map(lambda n: Ratio.count_between(n, n)),
    st.integers(0, 12).map(lambda n: Ratio.count_between(n, None)),
    st.integers(0, 12).map(lambda n: Ratio.count_between(None, n)),
    st.integers(0, 6).map(lambda n: Ratio.count_between(n, 2 * n + 1)),
    st.integers(1, 9).map(Ratio.per_officer),
    st.integers(1, 9).map(lambda n: Ratio.per_officer(n, at_least=True)),
)
frequencies = st.builds(
    lambda low, more, cycle, kind: {
        "exactly": Frequency(low, low, cycle),
        "at least": Frequency(low, None, cycle),
        "at most": Frequency(None, low, cycle),
        "between": Frequency(low, low + more, cycle),
    }[kind],
    st.integers(1, 4),
    st.integers(0, 3),
    st.sampled_from(Cycle),
    st.sampled_from(["exactly", "at least", "at most", "between"]),
)
parts = st.lists(st.integers(1, 5), min_size=1, max_size=5).map(
    lambda ns: tuple(Fraction(n, sum(ns)) for n in ns)
)


@st.composite
def batches(draw, *, disjoint=False):
    """Batches of a year that begin one after the other."""
    cut = draw(parts)
    n = 2 * len(cut) if disjoint else len(cut)
    points = sorted(draw(st.lists(days, min_size=n, max_size=n, unique=True)))
    if disjoint:
        pairs = zip(points[::2], points[1::2], strict=True)
    else:
        pairs = ((first, draw(st.dates(first, SILVESTER))) for first in points)
    return tuple(
        Batch(first, last, part) for (first, last), part in zip(pairs, cut, strict=True)
    )


@st.composite
def entries(draw, number=1):
    lead, *others = draw(st.permutations(DEPARTMENTS))
    cooperating = others[: draw(st.integers(0, 2))]
    own = st.none() | st.sampled_from([lead, *cooperating])
    subjects = draw(
        st.fixed_dictionaries(
            {},
            optional={
                "kind": st.sets(st.sampled_from(["宾馆", "饭店", None]), min_size=1),
                "size": st.sets(st.sampled_from([1, 2, True]), min_size=1),
            },
        )
    )
    reason = draw(
        st.sampled_from([None, ModeReason.FEW_INSPECTORS, ModeReason.APPROVAL])
    )
    mode = {
        None: Mode.BOTH,
        ModeReason.FEW_INSPECTORS: Mode.SUBJECTS_ONLY,
        ModeReason.APPROVAL: Mode.INSPECTORS_ONLY,
    }[reason]
    return PlanEntry(
        id=str(number),
        title=draw(st.sampled_from(["", "综合抽查"])),
        items=[
            PlannedItem(draw(st.sampled_from(ITEMS)), department=draw(own))
            for _ in range(draw(st.integers(1, 2)))
        ],
        object=draw(st.sampled_from(["", "宾馆"])),
        subjects=subjects,
        ratio=draw(ratios),
        frequency=draw(st.none() | frequencies),
        focus=draw(st.sampled_from(["", "布草"])),
        methods=draw(st.sets(st.sampled_from(Method))),
        by_agency=draw(st.booleans()),
        batches=draw(st.just(()) | batches()),
        level=draw(st.sampled_from(["", "区级"])),
        mode=mode,
        mode_reason=reason,
        lead=lead,
        cooperating=cooperating,
        territories={d: {"上仓镇"} for d in cooperating if draw(st.booleans())},
        proposed_for=draw(st.sets(st.sampled_from(ProposalReason))),
    )


@st.composite
def plans(draw, prefix="", max_size=3):
    n = draw(st.integers(0, max_size))
    members = draw(st.sets(st.sampled_from(DEPARTMENTS), min_size=1))
    conference = Conference(convener=min(members), members=members)
    return Plan(
        year=YEAR,
        issuer=draw(st.sampled_from(DEPARTMENTS)),
        entries=[draw(entries(f"{prefix}{k}")) for k in range(n)],
        conference=draw(st.none() | st.just(conference)),
        adopted_on=draw(st.none() | days),
    )


SIZES = [*range(30), 99, 100, 101, 1000, 10_007]


def quota(ratio, size, officers):
    """What is drawn, None where the ratio admits no number."""
    try:
        return ratio.quota(size, officers=officers)
    except ValueError:
        return None


@given(ratios, ratios)
@example(Ratio.parse("1户"), Ratio.parse("5%"))
@example(Ratio.parse("2户"), Ratio.parse("50%"))
@example(Ratio.parse("≤5%"), Ratio.parse("5%"))
@example(Ratio.parse("≥3%"), Ratio.parse("≤10%"))
def test_a_raise_never_draws_fewer(old, new):
    """Art. 16: whatever the register and the staff, nobody is spared by a raise."""
    cases = [
        (quota(old, size, officers), quota(new, size, officers))
        for size in SIZES
        for officers in (0, 1, 2, 50, 10_007)
    ]
    fewer = any(a is not None and b is not None and b < a for a, b in cases)

    if is_raised(old, new):
        assert not fewer
    elif not fewer and old.measure is new.measure:
        # What is refused without drawing fewer lowers a most, or raises nothing.
        more = any(a is not None and b is not None and b > a for a, b in cases)
        most = (old.low is None or old.low != old.high) and old.high is not None
        lowered = most and new.high is not None and new.high < old.high
        lifted = most and (new.high is None or new.high > old.high)
        unclear = any(None in case for case in cases)
        assert lowered or not (more or lifted) or unclear


@given(st.lists(ratios, min_size=2, max_size=12))
def test_raises_in_a_row_draw_no_fewer(listed):
    """However many amendments a plan has, they lead upwards."""
    chain = listed[:1]
    for ratio in listed[1:]:
        if is_raised(chain[-1], ratio):
            chain.append(ratio)
    for size in SIZES:
        numbers = [n for r in chain if (n := quota(r, size, 3)) is not None]
        assert numbers == sorted(numbers)


@given(ratios)
def test_nothing_is_raised_over_itself(ratio):
    assert not is_raised(ratio, ratio)


@given(frequencies, frequencies)
def test_a_frequency_is_raised_in_one_direction_at_most(one, other):
    """Two figures cannot each be a raise of the other."""
    assert not (is_raised(one, other) and is_raised(other, one))
    if is_raised(one, other):
        assert one.yearly[0] <= other.yearly[0]


@given(frequencies)
def test_a_frequency_is_read_back(frequency):
    assert Frequency.parse(str(frequency)) == frequency


@given(frequencies, days, days)
def test_a_period_is_divided_without_gaps(frequency, one, other):
    """Every day of the period is in exactly one batch."""
    first, last = min(one, other), max(one, other)
    try:
        cut = frequency.batches(first, last)
    except ValueError:
        assert (frequency.low or 1) > 1  # a cycle with fewer days than draws
        return

    assert (cut[0].first, cut[-1].last) == (first, last)
    assert all(a.last + dt.timedelta(1) == b.first for a, b in pairwise(cut))
    assert sum(b.part for b in cut) == 1
    assert len(cut) == (frequency.low or 1) * len(frequency.cycles(first, last))


@given(st.integers(0, 10_000), parts)
def test_batches_add_up_to_the_year(total, cut):
    """Exactly, and never behind their part, nor a whole subject ahead of it."""
    numbers = batch_quotas(total, cut)
    reached, wanted = 0, Fraction(0)
    for number, part in zip(numbers, cut, strict=True):
        reached += number
        wanted += part * total
        assert wanted <= reached < wanted + 1

    assert sum(numbers) == total


@given(plans())
def test_a_plan_is_the_same_after_it_was_stored(plan):
    """JSON keeps everything; the plain form is the same again."""
    document = json.loads(json.dumps(plan.to_dict()))

    assert Plan.from_dict(document) == plan
    assert Plan.from_dict(document).to_dict() == document


@st.composite
def amended(draw):
    """A plan with amendments that it accepted."""
    plan = draw(plans())
    for day in sorted(draw(st.lists(days, max_size=4))):
        if not plan.entries:
            break
        entry = draw(st.sampled_from(plan.current))
        raised = draw(ratios)
        often = draw(st.none() | frequencies)
        amendment = Amendment(
            number=len(plan.amendments) + 1,
            on=day,
            reason=draw(st.sampled_from(AmendmentReason)),
            grounds="抽查发现",
            raises=[Raise(entry=entry.id, ratio=raised, frequency=often)],
        )
        early = plan.adopted_on is not None and day < plan.adopted_on
        lowers = not is_raised(entry.ratio, raised) or not (
            often is None
            or entry.frequency is None
            or is_raised(entry.frequency, often)
        )
        if early or lowers:
            with pytest.raises(InvalidInput):
                plan.amend(amendment)
        else:
            plan = plan.amend(amendment)
    return plan


@given(amended())
def test_amendments_go_upwards_and_leave_the_history(plan):
    """Day by day, nobody of any register is drawn less; what was adopted stays."""
    dates = [NEW_YEAR, *(a.on for a in plan.amendments), SILVESTER]
    versions = [plan.on(day).current for day in sorted(dates)]

    assert versions[-1] == plan.current
    for earlier, later in pairwise(versions):
        for one, other in zip(earlier, later, strict=True):
            assert one == other or one.id == other.id
            for size in (0, 1, 7, 100):
                before, after = quota(one.ratio, size, 3), quota(other.ratio, size, 3)
                assert before is None or after is None or before <= after
    assert Plan.from_dict(plan.to_dict()) == plan


listed = ItemList(
    [InspectionItem(department=d, name=i) for d in DEPARTMENTS for i in ITEMS[:2]]
)


@given(plans(max_size=3), plans(prefix="Z", max_size=1), st.randoms())
def test_the_order_of_entries_has_no_influence_on_findings(plan, other, chance):
    """A finding is about the plan, not about how it was printed."""
    mixed = [*plan.entries]
    chance.shuffle(mixed)
    again = Plan.from_dict(
        plan.to_dict()
        | {
            "entries": Plan(year=YEAR, issuer=plan.issuer, entries=mixed).to_dict()[
                "entries"
            ]
        }
    )
    context = {"calendar": CALENDAR, "items": listed, "others": [other]}

    assert check_plan(plan, **context) == check_plan(again, **context)


def workdays(first, last):
    return sum(
        (first + dt.timedelta(k)).weekday() < 5 for k in range((last - first).days + 1)
    )


window = st.tuples(st.integers(0, 12), st.integers(0, 12)).map(sorted)


@given(st.lists(st.tuples(window, st.integers(0, 4)), max_size=6), st.integers(0, 4))
def test_visits_fit_if_the_earliest_due_can_be_made_first(rows, per_day):
    """Against the schedule that always serves the visit that is due first."""
    start = dt.date(YEAR, 3, 2)
    demands = [
        Demand(start + dt.timedelta(a), start + dt.timedelta(b), n)
        for (a, b), n in rows
    ]
    waiting = sorted((b, a) for (a, b), n in rows for _ in range(n))
    possible = True
    for day in range(13):
        room = per_day * workdays(*[start + dt.timedelta(day)] * 2)
        for visit in [v for v in waiting if v[1] <= day][:room]:
            waiting.remove(visit)
        possible &= all(due > day for due, _ in waiting)
    excess = overload(demands, per_day=per_day, workdays=workdays)

    assert (excess is None) == possible
    if excess is not None:
        inside = [
            d for d in demands if d.first >= excess.first and d.last <= excess.last
        ]
        assert excess.visits == sum(d.visits for d in inside) > excess.possible
        assert excess.possible == per_day * workdays(excess.first, excess.last)


CREDIT = ["A", "B", "D"]
policies = st.none() | st.tuples(shares, shares, shares).map(
    lambda three: TierPolicy(
        [
            TierRule(
                name, ratio=Ratio.at_least(share), when={"credit": {name}}, yearly_cap=2
            )
            for name, share in zip(CREDIT, three, strict=True)
        ]
    )
)


@st.composite
def registers(draw, ids=range(24)):
    chosen = draw(st.lists(st.sampled_from(ids), unique=True, max_size=14))
    n = len(chosen)

    def column(*values):
        return draw(st.lists(st.sampled_from(values), min_size=n, max_size=n))

    return SubjectRegister.from_columns(
        id=[f"S{k}" for k in chosen],
        kind=column("宾馆", "饭店"),
        area=column("上仓镇", "下营镇"),
        credit=column(*CREDIT),
        status=column("存续", "存续", "存续", "注销"),
        visits_this_year=column(0, 0, 0, 2),
    )


def conducted(prepared, entropy):
    announcement = prepared.announce(
        title="抽取", issuer="区", announced_on=NEW_YEAR, **fact(NEW_YEAR)
    )
    return conduct(announcement, prepared.draw_plans, **chance(entropy))


simple = st.one_of(
    shares.map(Ratio.at_least),
    shares.map(Ratio.at_most),
    shares.map(Ratio.exactly),
    st.integers(0, 12).map(lambda n: Ratio.count_between(n, n)),
)


@st.composite
def drawn_entries(draw, number):
    return PlanEntry(
        id=str(number),
        items=[draw(st.sampled_from(ITEMS))],
        subjects=draw(
            st.sampled_from([{}, {"kind": {"宾馆"}}, {"credit": {"A", "D"}}])
        ),
        ratio=draw(simple),
        batches=draw(batches(disjoint=True)),
        lead=DEPARTMENTS[0],
        cooperating=draw(st.sampled_from([(), DEPARTMENTS[1:2], DEPARTMENTS[1:]])),
        territories=draw(st.sampled_from([{}, {DEPARTMENTS[0]: {"上仓镇"}}])),
    )


@given(st.data(), registers())
def test_a_year_of_rounds_draws_everybody_once_and_the_year_in_all(data, register):
    """Register = frame + exclusions + drawn before, in every round; sums are exact."""
    made = [data.draw(drawn_entries(k)) for k in range(data.draw(st.integers(1, 2)))]
    plan = Plan(year=YEAR, issuer="区", entries=made)
    tiers = {e.id: p for e in made if (p := data.draw(policies)) is not None}
    ledger = Ledger.of()
    seen = {entry.id: [] for entry in made}
    missing = {entry.id: 0 for entry in made}
    for quarter in (1, 2, 3, 4):
        prepared = prepare_round(
            plan, register, quarter=quarter, on=NEW_YEAR, tiers=tiers,
            ledger=ledger,
        )  # fmt: skip
        if not prepared.parts:
            continue
        record = conducted(prepared, str(quarter))
        for name, part in prepared.parts.items():
            own = register.where(**part.entry.selection)
            excluded = [e.id for e in part.exclusions]
            everybody = [*part.frame.ids, *excluded, *part.drawn_before]
            assert sorted(everybody) == sorted(own.ids)
            chosen = record.draws[name].selected
            assert not set(chosen) & set(seen[name])
            seen[name] += chosen
            missing[name] = sum(part.shortfalls.values())
            rows = list(part.parted(record))
            assert [subject for subject, _, _ in rows] == list(chosen)
            assert {batch for _, _, batch in rows} <= set(part.batches)
        checks = prepared.checks(record)
        merged = prepared.merge(record)
        assert len(checks) == sum(len(v.checks) for v in merged.visits)
        ledger = ledger.extend(
            prepared.ledger(record, drawn_on=NEW_YEAR, prefix=f"Q{quarter}-")
        )
        assert len(ledger.where(entry=set(seen))) == len(ledger)
    for entry in made:
        part = [e for e in register.where(**entry.selection) if e.status.is_registered]
        if entry.ratio.measure is Measure.SHARE and entry.id in tiers:
            year = sum(
                rule.ratio.quota(sum(s.credit == rule.name for s in part))
                for rule in tiers[entry.id].rules
            )
        else:
            year = entry.ratio.quota(len(part))
        assert len(seen[entry.id]) + missing[entry.id] == year
        tally = plan.progress(ledger, on=SILVESTER).entries[entry.id]
        assert tally.drawn == tally.late + tally.due == len(seen[entry.id])
