"""
Whole years, in any order of events: nothing lost, nothing doubled, all in time.

The machine keeps a plain list of what happened beside the ledger, and after
every step holds every figure of the library against a count of that list.
"""

import datetime as dt
import hashlib
from collections import Counter
from fractions import Fraction

import attrs
import pytest
from drawing import ROLL_KEY, chance, fact
from hypothesis import settings, strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)

from dsgk.accountability import not_carried_out, not_published
from dsgk.assignments import assign_inspectors
from dsgk.calendars import WorkCalendar
from dsgk.case_leads import CaseLead, CaseLeadKind, log_case_leads
from dsgk.draws import conduct
from dsgk.errors import InvalidInput
from dsgk.inspectors import Inspector, InspectorRegister
from dsgk.items import Method
from dsgk.ledger import Ledger, Origin
from dsgk.performance import (
    coverage,
    joint_figures,
    origin_figures,
    plan_completion,
    publication_figures,
    spent_officer_days,
    violation_rates,
    visit_figures,
)
from dsgk.plans import (
    Amendment,
    AmendmentReason,
    Batch,
    Plan,
    PlanEntry,
    Raise,
    batch_quotas,
)
from dsgk.publication import (
    Exemption,
    PublicationState,
    exempt,
    public_records,
    schedule_publication,
)
from dsgk.results import (
    CheckResult,
    FeedbackRule,
    Finding,
    ResultCode,
    Route,
    draw_substitutes,
    log_results,
    propose,
    route_results,
)
from dsgk.rounds import prepare_round
from dsgk.subjects import SubjectRegister
from dsgk.tiers import Ratio, TierPolicy, TierRule
from dsgk.verify import verify_record


CALENDAR = WorkCalendar.china()
START, END = dt.date(2026, 1, 5), dt.date(2026, 12, 31)
DEPARTMENTS = ("公安局", "市场监管局", "消防救援大队")
CREDIT = {f"S{n:02}": "ABCD"[n % 4] for n in range(16)}
OFFICERS = InspectorRegister(
    Inspector(id=f"{d}{n}", department=d) for d in DEPARTMENTS for n in range(4)
)
AREAS = {subject: "东西"[n // 2 % 2] for n, subject in enumerate(CREDIT)}
RATIOS = ("10%", "25%", "40%", "60%", "100%")
SHARES = tuple(map(Ratio.at_least, RATIOS))
BY_OFFICER = tuple(map(Ratio.per_officer, (1, 2, 3, 4, 5)))
LADDERS = {"E0": SHARES, "E1": SHARES, "E2": SHARES, "E3": SHARES, "E4": BY_OFFICER}
TERRITORIES = (
    {"消防救援大队": {"东"}},
    {"公安局": {"东", "西"}, "消防救援大队": {"西"}},
    {"市场监管局": {"西"}},
    {"市场监管局": {"东"}, "公安局": {"西"}},
)
RULES = (
    FeedbackRule(
        name="不配合检查",
        consequence="信用风险分类",
        when={"not-cooperating"},
        field="credit",
        moves={"A": "D", "B": "D", "C": "D"},
    ),
    FeedbackRule(
        name="发现问题",
        consequence="信用风险分类",
        when={"corrected", "pending"},
        field="credit",
        moves={"A": "B", "B": "C", "C": "D"},
    ),
)
OUTCOMES = (
    {"no-problem"},
    {"no-problem"},
    {"corrected"},
    {"corrected", "pending"},
    {"unreachable"},
    {"closed"},
    {"not-cooperating"},
    {"no-activity"},
)
GONE = {"unreachable", "closed", "not-cooperating"}
REPLACEABLE = {"unreachable", "closed", "no-activity"}


CREDIT_TIERS = TierPolicy(
    TierRule(credit, ratio=Ratio.at_least(ratio), when={"credit": {credit}})
    for credit, ratio in zip("ABCD", RATIOS, strict=False)
)


def batches(count):
    """A year in equal parts, each from the first day of a quarter on."""
    first = [dt.date(2026, 1 + month, 1) for month in range(0, 12, 12 // count)]
    last = [day - dt.timedelta(1) for day in (*first[1:], dt.date(2027, 1, 1))]
    return [Batch(*days, Fraction(1, count)) for days in zip(first, last, strict=True)]


def due_by_hand(start):
    """The twentieth working day after a day, by walking."""
    day, left = start, 20
    while left:
        day += dt.timedelta(1)
        left -= CALENDAR.is_workday(day)
    return day


def state_by_hand(row, on):
    """How the publication of one check stands."""
    if row.origin is Origin.CASE_LEAD:
        return PublicationState.OUTSIDE
    if row.completed_on is None or row.completed_on > on:
        return PublicationState.NOT_COMPLETED
    if row.exemption:
        return PublicationState.EXEMPT
    due = due_by_hand(row.completed_on)
    if row.published_on is not None:
        on_time = row.published_on <= due
        return PublicationState.ON_TIME if on_time else PublicationState.LATE
    return PublicationState.OVERDUE if on > due else PublicationState.OPEN


class Year(RuleBasedStateMachine):
    """One district, one year."""

    @initialize(
        rungs=st.lists(st.integers(0, 3), min_size=5, max_size=5),
        counts=st.lists(st.sampled_from((1, 2, 4)), min_size=5, max_size=5),
        method=st.sampled_from(list(Method)),
        territories=st.sampled_from(TERRITORIES),
        entropy=st.integers(0, 99),
    )
    def begin(self, rungs, counts, method, territories, entropy):
        self.day = START
        self.ledger = Ledger.of()
        self.rows = {}
        self.records = {}
        self.cases = {}
        self.used = frozenset()
        self.lowered = Counter()
        self.register = SubjectRegister.from_columns(
            id=list(CREDIT), credit=list(CREDIT.values()), area=list(AREAS.values())
        )
        methods = (Method.ON_SITE, Method.ON_SITE, method, Method.ON_SITE, method)
        leads = (*DEPARTMENTS, "市场监管局", "公安局")
        cooperating = {1: ["公安局"], 3: ["公安局", "消防救援大队"]}
        self.plan = Plan(
            year=2026,
            issuer="区联席会议",
            entries=[
                PlanEntry(
                    id=f"E{n}",
                    items=[f"事项{n}"],
                    ratio=LADDERS[f"E{n}"][rung],
                    lead=leads[n],
                    cooperating=cooperating.get(n, ()),
                    territories=territories if n == 3 else {},
                    methods={methods[n]},
                    batches=batches(count),
                )
                for n, (rung, count) in enumerate(zip(rungs, counts, strict=True))
            ],
        )
        self.draw(entropy)

    # -- what happens ----------------------------------------------------

    def keep(self, rows):
        """Note down rows by hand."""
        for row in rows:
            place = (row.task_id, row.item, row.department, row.entry)
            assert place not in self.rows
            self.rows[place] = row

    def change(self, places, **fields):
        for place in places:
            self.rows[place] = attrs.evolve(self.rows[place], **fields)

    def number(self, place):
        """The row of the ledger that holds a check."""
        (row,) = (
            k
            for k, row in enumerate(self.ledger)
            if (row.task_id, row.item, row.department, row.entry) == place
        )
        return row

    def quarter(self):
        return (self.day.month + 2) // 3

    @precondition(lambda self: self.quarter() not in self.records)
    @rule(entropy=st.integers(0, 99))
    def draw(self, entropy):
        """All entries of a quarter together; batches add up to the year's ratio."""
        quarter = self.quarter()
        prepared = prepare_round(
            self.plan, self.register, on=self.day, quarter=quarter, ledger=self.ledger,
            tiers={"E2": CREDIT_TIERS}, inspectors=OFFICERS,
        )  # fmt: skip
        before = {entry.id: self.drawn(entry) for entry in self.plan.current}
        raised = {one.entry for a in self.plan.amendments for one in a.raises}
        if any(sum(quotas.values()) for quotas in prepared.quotas.values()):
            self.conduct(prepared, quarter, entropy)
        for entry in self.by_ratio():
            begun = sum(batch.first <= self.day for batch in entry.batches)
            target = sum(self.quotas(entry)[:begun])
            if entry.takes_all:  # drawn once, for the order of its batches
                target = sum(self.quotas(entry))
            reached = max(before[entry.id][0], min(target, sum(before[entry.id])))
            is_last = entry.id in raised and begun == len(entry.batches)

            if entry.id in prepared.frames or is_last:
                assert self.drawn(entry)[0] == reached

    def conduct(self, prepared, quarter, entropy):
        announcement = prepared.announce(
            title=f"第{quarter}季度抽取",
            issuer="区联席会议",
            announced_on=self.day - dt.timedelta(1),
            **fact(self.day - dt.timedelta(1)),
        )
        record = conduct(announcement, prepared.draw_plans, **chance(f"{entropy:02}"))
        rows = list(
            prepared.ledger(record, drawn_on=self.day, prefix=f"第{quarter}季度-")
        )
        self.keep(rows)
        self.ledger = self.ledger.extend(rows)
        self.records[quarter] = record, prepared

    def by_ratio(self):
        """Entries whose own ratio says how many are drawn, not tiers."""
        return [entry for entry in self.plan.current if entry.id != "E2"]

    def subjects(self, entry):
        """Who can be drawn for an entry: those in the territory of its lead."""
        areas = entry.territories.get(entry.lead, {"东", "西"})
        return {subject for subject, area in AREAS.items() if area in areas}

    def quotas(self, entry):
        """How many each batch draws by the ratio; each lead has four officers."""
        parts = tuple(batch.part for batch in entry.batches)
        year = entry.ratio.quota(len(self.subjects(entry)), officers=4)
        return batch_quotas(year, parts)

    def drawn(self, entry):
        """How many subjects an entry drew, and how many it still could."""
        own = [row for row in self.rows.values() if row.entry == entry.id]
        drawn = {row.subject_id for row in own if not row.replaces}
        return len(drawn), len(self.subjects(entry) - {row.subject_id for row in own})

    @rule(
        kind=st.sampled_from(CaseLeadKind),
        subject=st.sampled_from([*CREDIT, "无照摊贩"]),
        department=st.sampled_from(DEPARTMENTS),
        due=st.none() | st.integers(0, 9),
    )
    def lead(self, kind, subject, department, due):
        """A case lead comes in and gets its inspectors at once."""
        case = CaseLead(
            id=f"X{len(self.cases)}",
            kind=kind,
            subject_id=subject,
            item="事项0",
            department=department,
            received_on=self.day,
            due=None if due is None else self.day + dt.timedelta(due),
        )
        self.cases[case.id] = case
        self.ledger = log_case_leads(self.ledger, [case])
        self.keep([case.row])
        key = hashlib.sha256(f"{self.day}".encode()).hexdigest()[:32]
        drawn = assign_inspectors([case.task()], OFFICERS, key=key)

        assert len(drawn.teams[case.id]) == 2
        with pytest.raises(InvalidInput):
            log_case_leads(self.ledger, [case])

    def opened(self):
        return [p for p, row in self.rows.items() if row.completed_on is None]

    @precondition(lambda self: self.opened())
    @rule(
        first=st.integers(0, len(OUTCOMES) - 1),
        step=st.integers(1, 3),
        late=st.integers(0, 9),
        crime=st.booleans(),
    )
    def complete(self, first, step, late, crime):
        """Checks are completed; the result comes in some days later, or at once."""
        results = []
        found = []
        for n, place in enumerate(self.opened()[::step], first):
            row = self.rows[place]
            codes = OUTCOMES[n % len(OUTCOMES)]
            found += codes
            done = max(row.drawn_on, self.day - dt.timedelta(late))
            findings = [
                Finding(
                    code=code,
                    suspected_crime=crime and ResultCode.read(code).is_problem,
                    competent={"税务局", row.department} if code == "pending" else (),
                )
                for code in sorted(codes)
            ]
            results.append(
                CheckResult(
                    task_id=row.task_id,
                    item=row.item,
                    department=row.department,
                    entry=row.entry,
                    completed_on=done,
                    findings=findings,
                )
            )
            self.change([place], completed_on=done, results=tuple(sorted(codes)))
        self.ledger = log_results(self.ledger, results)
        routed = route_results(results)
        routes = Counter(referral.route for referral in routed)
        problems = sum(ResultCode.read(code).is_problem for code in found)

        assert routes[Route.OWN_PENALTY] == problems
        assert routes[Route.TRANSFER] == found.count("pending")
        assert routes[Route.JUDICIARY] == problems * crime

    def entered(self, *, public):
        return [
            p
            for p, row in self.rows.items()
            if row.results
            and not row.exemption
            and row.published_on is None
            and (row.entered_on is not None) == public
        ]

    @precondition(lambda self: self.entered(public=False))
    @rule(step=st.integers(1, 3))
    def enter(self, step):
        places = self.entered(public=False)[::step]
        self.ledger = self.ledger.record(
            list(map(self.number, places)), entered_on=self.day
        )
        self.change(places, entered_on=self.day)

    @precondition(lambda self: self.entered(public=True))
    @rule(step=st.integers(1, 3))
    def publish(self, step):
        places = self.entered(public=True)[::step]
        numbers = list(map(self.number, places))
        self.ledger = self.ledger.record(numbers, published_on=self.day)
        self.change(places, published_on=self.day)
        with pytest.raises(InvalidInput):
            self.ledger.record(numbers, published_on=self.day + dt.timedelta(1))

    @precondition(lambda self: self.entered(public=False))
    @rule(step=st.integers(2, 9), reason=st.sampled_from(["商业秘密", "个人隐私"]))
    def withhold(self, step, reason):
        places = self.entered(public=False)[::step]
        exemption = Exemption(reason)
        self.ledger = exempt(self.ledger, list(map(self.number, places)), exemption)
        self.change(places, exemption=exemption.text)

    @precondition(lambda self: self.records)
    @rule(data=st.data())
    def substitute(self, data):
        """Reserves stand in, in their order; the record stays as it is."""
        record, drawn = data.draw(st.sampled_from(list(self.records.values())))
        frames, parts = drawn.frames, drawn.parts
        before = record.to_dict()
        own = record.announcement.digest
        failed = set()
        for entry in record.draws:
            of_entry = [r for r in self.rows.values() if r.entry == entry]
            replaced = {r.replaces for r in of_entry}
            by_subject = {}
            for row in of_entry:
                if row.basis == own:
                    by_subject.setdefault(row.subject_id, []).append(row)
            failed |= {
                (entry, subject)
                for subject, rows in by_subject.items()
                if subject not in replaced
                and all(set(row.results) & REPLACEABLE for row in rows)
            }
        found = draw_substitutes(self.ledger, record.draws, on=self.day, parts=parts)
        self.keep(found.rows)
        self.ledger = self.ledger.extend(found.rows)
        stood_in = {(row.entry, row.replaces) for row in found.rows}

        assert stood_in | set(found.unfilled) == failed
        assert not stood_in & set(found.unfilled)
        for row in found.rows:
            layer = record.draws[row.entry].strata[row.stratum]
            assert row.subject_id in layer.reserves(layer.size)
            assert frames[row.entry].ids.count(row.subject_id) == 1
        again = draw_substitutes(self.ledger, record.draws, on=self.day, parts=parts)
        assert again.rows == ()
        assert set(again.unfilled) == set(found.unfilled)
        assert record.to_dict() == before
        assert verify_record(record, drawn.draw_plans, roll_key=ROLL_KEY) == ()

    @rule(n=st.integers(0, 4), rung=st.integers(0, 4))
    def amend(self, n, rung):
        """Ratios go up and never down."""
        entry = self.plan.current[n]
        ladder = LADDERS[entry.id]
        amendment = Amendment(
            number=len(self.plan.amendments) + 1,
            on=self.day,
            reason=AmendmentReason.SUDDEN_RISK,
            grounds="突发风险",
            raises=[Raise(entry=entry.id, ratio=ladder[rung])],
        )
        if rung > ladder.index(entry.ratio):
            self.plan = self.plan.amend(amendment)
        else:
            with pytest.raises(InvalidInput):
                self.plan.amend(amendment)

    @rule()
    def feed_back(self):
        """No fact lowers anybody twice."""
        feedback = propose(
            self.ledger, self.register, RULES, on=self.day, used=self.used
        )
        facts = [fact for p in feedback.proposals for fact in p.facts]
        self.lowered.update(facts)
        self.used |= feedback.used
        self.register = self.register.apply(
            [p.change for p in feedback.proposals], on=self.day
        )
        again = propose(self.ledger, self.register, RULES, on=self.day, used=self.used)

        assert set(facts) == feedback.used
        assert max(self.lowered.values(), default=1) == 1
        assert again.proposals == ()

    @rule(days=st.integers(1, 50))
    def wait(self, days):
        self.day = min(END, self.day + dt.timedelta(days))

    @precondition(lambda self: self.day.month < 10)
    @rule(days=st.integers(0, 9), entropy=st.integers(0, 99))
    def turn(self, days, entropy):
        """The next quarter begins, and is drawn in its first days."""
        first = dt.date(2026, 3 * self.quarter() + 1, 1)
        self.day = first + dt.timedelta(days)
        self.draw(entropy)

    # -- what must hold after every step ---------------------------------

    def known(self):
        return [row for row in self.rows.values() if row.origin is Origin.RANDOM]

    @invariant()
    def nothing_is_lost_and_nothing_doubled(self):
        rows = list(self.rows.values())

        assert len(self.ledger) == len(rows)
        assert Ledger.of(rows[::-1]).digest == self.ledger.digest
        checks = Counter(
            (r.entry, r.subject_id, r.item, r.department) for r in self.known()
        )
        assert max(checks.values(), default=1) == 1

    @invariant()
    def every_due_date_and_state_is_right(self):
        schedule = schedule_publication(self.ledger, CALENDAR)
        for k, row in enumerate(self.ledger):
            owes = row.completed_on and not row.exemption
            owes = owes and row.origin is not Origin.CASE_LEAD
            due = due_by_hand(row.completed_on) if owes else None

            assert due == schedule.due[k].item()
        states = schedule.states(self.day).cells()
        assert states == [state_by_hand(row, self.day) for row in self.ledger]
        overdue = schedule.overdue(self.day)
        assert overdue.tolist() == [s is PublicationState.OVERDUE for s in states]

    @invariant()
    def completion_agrees_with_the_ledger(self):
        table = plan_completion(self.ledger, on=self.day)
        rows = self.known()
        for k, department in enumerate(table["department"]):
            own = [r for r in rows if r.department == department]
            done = [r for r in own if r.completed_on]
            late = [r for r in done if r.completed_on > r.due]
            overdue = [r for r in own if not r.completed_on and r.due < self.day]

            assert len(own) == table["drawn"][k]
            assert len(done) - len(late) == table["in_time"][k]
            assert len(late) == table["delayed"][k]
            assert len(overdue) == table["overdue"][k]
            assert len(own) - len(done) - len(overdue) == table["open"][k]
            assert len({r.subject_id for r in own}) == table["subjects"][k]
        by_entry = plan_completion(self.ledger, on=self.day, by="entry")
        assert sum(table["drawn"]) == sum(by_entry["drawn"]) == len(rows)

    @invariant()
    def progress_of_the_plan_agrees_with_the_ledger(self):
        progress = self.plan.progress(self.ledger, on=self.day)
        for entry, tally in progress.entries.items():
            own = [r for r in self.known() if r.entry == entry]

            assert len({r.subject_id for r in own}) == tally.drawn
            assert len({r.replaces for r in own if r.replaces}) == tally.replaced
            assert tally.drawn == tally.done + tally.due + tally.late + tally.replaced
        assert progress.unplanned == ()

    @invariant()
    def batches_that_were_not_drawn_are_named(self):
        progress = self.plan.progress(
            self.ledger,
            on=self.day,
            subjects=self.register,
            inspectors=OFFICERS,
            tiers={"E2": CREDIT_TIERS},
        )
        named = [one for one in progress.undrawn if one.entry != "E2"]
        expected = []
        for entry in self.by_ratio():
            due = [r.due for r in self.known() if r.entry == entry.id]
            for k, batch in enumerate(entry.batches):
                reached = sum(self.quotas(entry)[: k + 1])
                if (
                    batch.first <= self.day
                    and not any(batch.first <= day <= batch.last for day in due)
                    and self.quotas(entry)[k]
                    and self.drawn(entry)[0] < reached
                ):
                    expected.append((entry.id, batch))

        assert named == expected

    @invariant()
    def departments_check_in_their_territory(self):
        entry = self.plan.entry("E3")
        found = {}
        for row in self.known():
            if row.entry == "E3":
                found.setdefault(row.subject_id, set()).add(row.department)

        for subject, departments in found.items():
            assert departments == {
                name
                for name in entry.departments
                if AREAS[subject] in entry.territories.get(name, {"东", "西"})
            }

    @invariant()
    def publication_agrees_with_the_ledger(self):
        table = publication_figures(self.ledger, CALENDAR, on=self.day)
        states = Counter(state_by_hand(row, self.day) for row in self.ledger)
        for state, count in states.items():
            if state is not PublicationState.OUTSIDE:
                assert count == sum(table[state.code.replace("-", "_")])
        public = public_records(self.ledger, on=self.day)
        shown = sum(len(record.results) for record in public.records)
        withheld = sum(count for _, count in public.withheld)
        results = [
            r
            for r in self.rows.values()
            if r.results and r.origin is not Origin.CASE_LEAD
        ]
        assert shown + withheld == len(results)
        assert withheld == sum(r.exemption is not None for r in results)

    @invariant()
    def leads_stay_apart(self):
        table = origin_figures(self.ledger, on=self.day)

        assert sum(table["case-lead"]) == len(self.cases)
        assert sum(table["random"]) == len(self.known())
        without = self.ledger.take(~self.ledger.matches(origin={Origin.CASE_LEAD}))
        for figures in (plan_completion, visit_figures, joint_figures):
            assert figures(self.ledger, on=self.day) == figures(without, on=self.day)

    @invariant()
    def coverage_and_rates_agree_with_the_ledger(self):
        sizes = dict.fromkeys((*"ABCD", "全部"), len(CREDIT))
        table = coverage(self.ledger, sizes, on=self.day)
        rows = self.known()
        for k, tier in enumerate(table["stratum"]):
            own = {r.subject_id for r in rows if r.stratum == tier}

            assert len(own) == table["drawn"][k]
        everybody = {"E0": {"全部": len(CREDIT)}}
        rates = violation_rates(self.ledger, everybody, on=self.day)
        own = [r for r in rows if r.entry == "E0" and r.results]
        inspected = {r.subject_id for r in own if not set(r.results) & GONE}
        assert len(inspected) == rates["inspected"][0]
        others = {r.subject_id for r in own} - inspected
        assert len(others) == rates["not_inspected"][0]
        if rates["rate"][0] is not None:
            assert rates["low"][0] <= rates["rate"][0] <= rates["high"][0]

    @invariant()
    def visits_agree_with_the_ledger(self):
        table = visit_figures(self.ledger, on=self.day)
        rows = [r for r in self.known() if r.method is Method.ON_SITE]

        assert sum(table["visits"]) == len({r.task_id for r in rows})
        assert sum(table["apart"]) == len({(r.task_id, r.department) for r in rows})
        officers = {row.task_id: 2 for row in self.rows.values()}
        spent = spent_officer_days(self.ledger, officers, on=self.day)
        completed = {r.task_id for r in self.rows.values() if r.completed_on}
        assert sum(spent["officer_days"]) == len(completed)

    @invariant()
    def evidence_agrees_with_the_ledger(self):
        late = not_carried_out(self.ledger, on=self.day)
        codes = Counter(evidence.code for evidence in late)
        rows = self.rows.values()

        assert codes["not-carried-out"] == sum(
            bool(r.due and r.due < self.day and not r.completed_on) for r in rows
        )
        assert codes["delayed"] == sum(
            bool(r.due and r.completed_on and r.completed_on > r.due) for r in rows
        )
        assert codes["case-lead-open"] == sum(
            r.due is None and not r.completed_on and r.drawn_on < self.day for r in rows
        )
        unpublished = not_published(self.ledger, on=self.day, calendar=CALENDAR)
        states = Counter(state_by_hand(row, self.day) for row in self.ledger)
        assert len(unpublished) == (
            states[PublicationState.OVERDUE] + states[PublicationState.LATE]
        )

    @invariant()
    def what_stood_on_a_day_stands(self):
        """A figure of an earlier day is the same whatever came later."""
        middle = START + (self.day - START) / 2
        early = [r for r in self.ledger.as_of(middle) if r.origin is Origin.RANDOM]

        assert len(early) == sum(r.drawn_on <= middle for r in self.known())
        assert all((r.completed_on or middle) <= middle for r in early)
        back = Ledger.from_columns(**self.ledger.to_columns())
        assert self.ledger.digest == back.digest


TestYear = Year.TestCase
TestYear.settings = settings(
    max_examples=max(1, settings.default.max_examples // 4), stateful_step_count=30
)
