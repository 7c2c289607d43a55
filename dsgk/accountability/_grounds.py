"""The nine grounds of liability, the seven of exemption, and what bears on each."""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from typing import Any

import attrs
import numpy as np

from dsgk.accountability._evidence import (
    CONSEQUENCES,
    Evidence,
    ReportedFact,
    of_row,
    with_reports,
)
from dsgk.calendars import Period, WorkCalendar
from dsgk.draws import DrawRecord, Receipt, ReceiptStatus, verify_receipt
from dsgk.errors import Faults, invalid
from dsgk.fields import (
    Id,
    Label,
    Stored,
    check_day,
    check_mapping,
    check_type,
    declared,
    kind_of,
    several,
    take,
    value,
)
from dsgk.inspectors import InspectorRegister, Recusal
from dsgk.items import ItemList
from dsgk.ledger import Ledger, LedgerRow, Origin
from dsgk.plans import Plan, PlanEntry
from dsgk.publication import PublicationState, schedule_publication
from dsgk.results import CheckResult, Referral, ResultCode, Route
from dsgk.sources import Provision, RuleProfile, article, cites


__all__ = [
    "Problem",
    "beyond_technical_means",
    "dealt_with_before",
    "exceeded_powers",
    "exemption_evidence",
    "false_agency_report",
    "liability_evidence",
    "no_causal_link",
    "not_as_required",
    "not_carried_out",
    "not_on_the_task",
    "not_penalised",
    "not_published",
    "not_sent_to_judiciary",
    "other_exemptions",
    "other_grounds",
    "prevented_by_subject",
    "procedure_violated",
    "unlawful_coercion",
]

_RULES = RuleProfile()
_PREVENTED = frozenset(code.code for code in ResultCode if code.prevents_inspection)
_RELAPSE = "relapse"
_FALSE_REPORT = "falsity"
_IN_TIME = "in-time"


# -- liability, Art. 28 ------------------------------------------------------


@cites(article(28, 1))
def not_carried_out(
    ledger: Ledger, /, *, on: dt.date, reports: Iterable[ReportedFact] = ()
) -> tuple[Evidence, ...]:
    """
    Tasks that were not carried out, or late (不执行或者拖延执行抽查任务).

    Returns:
        Evidence for each check that is past its last day and open
        (``not-carried-out``) or was completed after it (``delayed``), and for
        each case lead without a last day that is still open on a day after it came
        in (``case-lead-open``).
    """
    check_type(ledger, Ledger, name="ledger")
    day = check_day(on, name="on")
    today = np.datetime64(day, "D")
    known = ledger.as_of(day)
    due, completed = known.days["due"], known.days["completed_on"]
    still_open = np.isnat(completed)
    waiting = still_open & np.isnat(due) & (known.days["drawn_on"] < today)
    found = []
    for rows, code in (
        (still_open & (due < today), "not-carried-out"),
        (completed > due, "delayed"),
        (waiting, "case-lead-open"),
    ):
        for k in np.flatnonzero(rows).tolist():
            row = known[k]
            since = row.due or row.drawn_on
            days = ((row.completed_on or day) - since).days
            figures: dict[str, Any] = {"days": days}
            if row.completed_on:
                figures["completed_on"] = row.completed_on
            found.append(of_row(row, article(28, 1), code, on=since, params=figures))
    return with_reports(found, reports, article(28, 1))


@cites(article(28, 2))
def not_as_required(
    ledger: Ledger, /, *, on: dt.date, reports: Iterable[ReportedFact] = ()
) -> tuple[Evidence, ...]:
    """
    Checks not made as required, with harmful consequences (未按要求进行抽查).

    Returns:
        Evidence for each check that was completed without any result
        (``no-result``); the consequences are missing unless they are reported.
    """
    check_type(ledger, Ledger, name="ledger")
    known = ledger.as_of(on)
    rows = ~np.isnat(known.days["completed_on"]) & (known.classes["results"].codes < 0)
    found = [
        of_row(
            row,
            article(28, 2),
            "no-result",
            on=row.completed_on,
            lacking=[CONSEQUENCES],
        )
        for row in map(known.__getitem__, np.flatnonzero(rows).tolist())
    ]
    return with_reports(found, reports, article(28, 2), settles=CONSEQUENCES)


_TEAM = kind_of(tuple[Id, ...])


@cites(article(28, 3))
def procedure_violated(
    ledger: Ledger,
    /,
    *,
    on: dt.date,
    teams: Mapping[str, Iterable[str]],
    inspectors: InspectorRegister,
    recusals: Iterable[Recusal] = (),
    reports: Iterable[ReportedFact] = (),
    rules: RuleProfile = _RULES,
) -> tuple[Evidence, ...]:
    """
    Violations of the procedure that the law sets (违反法定检查程序).

    Returns:
        Evidence for each completed task that had fewer certified officers
        than the law asks for (``too-few-officers``, Administrative Penalty
        Law, Art. 42), or somebody who was recused (``recusal-ignored``, Art. 43).

    Raises:
        InvalidTypeError: A team is a text: every letter would be an inspector.
        InvalidValueError: Somebody in a team has no valid id.
    """
    check_type(ledger, Ledger, name="ledger")
    check_type(inspectors, InspectorRegister, name="inspectors")
    check_type(rules, RuleProfile, name="rules")
    listed = check_mapping(teams, name="teams", instead="{'T1': ['SJ001', 'SJ002']}")
    known = ledger.as_of(on)
    barred = {
        (recusal.inspector_id, recusal.subject_id)
        for recusal in several(recusals, Recusal, name="recusals")
    }
    people_of = {
        task_id: tuple(sorted({*take(people, _TEAM, name=f"teams[{task_id!r}]")}))
        for task_id, people in listed.items()
    }
    found = []
    for row in _one_row_of_each_task(known, people_of):
        team = people_of[row.task_id]
        officers = sum(i in inspectors and inspectors[i].is_officer for i in team)
        present = sum((i, row.subject_id) in barred for i in team)
        for is_broken, code, figures in (
            (
                officers < rules.min_officers,
                "too-few-officers",
                {"officers": officers, "least": rules.min_officers},
            ),
            (present > 0, "recusal-ignored", {"recused": present}),
        ):
            if is_broken:
                evidence = of_row(
                    row,
                    article(28, 3),
                    code,
                    on=row.completed_on,
                    also=[team],
                    params=figures,
                )
                found.append(evidence)
    return with_reports(found, reports, article(28, 3))


def _one_row_of_each_task(
    ledger: Ledger, teams: Mapping[str, Iterable[str]]
) -> list[LedgerRow]:
    """The first completed check of every task of which the team is known."""
    rows = ledger.matches(task_id=set(teams)) & ~np.isnat(ledger.days["completed_on"])
    numbers = np.flatnonzero(rows)
    codes = ledger.classes["task_id"].codes[numbers]
    _, first = np.unique(codes, return_index=True)
    return [ledger[k] for k in numbers[np.sort(first)].tolist()]


@cites(article(28, 4))
def exceeded_powers(
    ledger: Ledger,
    /,
    *,
    on: dt.date,
    items: ItemList | None = None,
    plans: Iterable[Plan] = (),
    records: Iterable[DrawRecord] = (),
    reports: Iterable[ReportedFact] = (),
) -> tuple[Evidence, ...]:
    """
    Powers exceeded or abused (超越或者滥用法定职权).

    Lists use one name for several objects and categories, and a row of the
    ledger has the name alone.  Its plan entry says which of them is meant;
    where it does not, or is not given, and some of them were in force and
    others not, missing is which of them was inspected.

    Returns:
        Evidence for each random check whose item was not on the list of the
        department on the day of the draw (``item-not-listed``), and for each
        whose basis is one of the *records* and whose subject was neither drawn
        in it nor stands in for one (``not-drawn``).
    """
    check_type(ledger, Ledger, name="ledger")
    if items is not None:
        check_type(items, ItemList, name="items")
    known = ledger.as_of(on)
    known = known.take(known.matches(origin={Origin.RANDOM}))
    entries = {
        entry.id: entry
        for plan in several(plans, Plan, name="plans")
        for entry in plan.entries
    }
    drawn = {
        (record.announcement.digest, name): frozenset(draw.selected)
        for record in several(records, DrawRecord, name="records")
        for name, draw in record.draws.items()
    }
    before = {(r.basis, r.entry, r.subject_id): r.replaces for r in known if r.replaces}
    listed: dict[tuple[str, str, str | None, dt.date], set[bool]] = {}
    found = []
    for row in known:
        if items is not None:
            place = (row.item, row.department, row.entry, row.drawn_on)
            if place not in listed:
                listed[place] = _in_force(row, items, entries.get(row.entry or ""))
            if False in listed[place]:
                unclear = ["object"] if True in listed[place] else []
                found.append(
                    of_row(
                        row,
                        article(28, 4),
                        "item-not-listed",
                        on=row.drawn_on,
                        lacking=unclear,
                    )
                )
        selected = drawn.get((row.basis or "", row.entry or ""))
        if selected is not None and _root(row, before) not in selected:
            found.append(
                of_row(
                    row,
                    article(28, 4),
                    "not-drawn",
                    on=row.drawn_on,
                    params={"announcement": row.basis},
                )
            )
    return with_reports(found, reports, article(28, 4))


def _in_force(row: LedgerRow, items: ItemList, entry: PlanEntry | None) -> set[bool]:
    """Whether each item that a check can be of was in force; False for no item."""
    meant = items.find(row.item, department=row.department)
    planned = [
        one
        for one in (() if entry is None else entry.items)
        if one.name == row.item and one.department in {None, row.department}
    ]
    if planned:
        meant = tuple(
            item
            for item in meant
            if any(one.means(item, (row.department,)) for one in planned)
        )
    versions: dict[tuple[str, ...], bool] = {item.key: False for item in meant}
    for item in meant:
        versions[item.key] |= item.is_in_force(row.drawn_on)
    return set(versions.values()) or {False}


def _root(
    row: LedgerRow, before: Mapping[tuple[str | None, str | None, str], str | None]
) -> str | None:
    """The subject that was drawn, behind however many substitutes."""
    subject: str | None = row.subject_id
    seen: set[str] = set()
    while subject is not None and subject not in seen:
        seen.add(subject)
        following = before.get((row.basis, row.entry, subject))
        if following is None:
            return subject
        subject = following
    return None


@cites(article(28, 5))
def unlawful_coercion(reports: Iterable[ReportedFact], /) -> tuple[Evidence, ...]:
    """Coercive measures taken unlawfully (违法实施行政强制措施); reported alone."""
    return with_reports((), reports, article(28, 5))


@cites(article(28, 6))
def not_penalised(
    ledger: Ledger,
    referrals: Iterable[Referral],
    /,
    *,
    on: dt.date,
    calendar: WorkCalendar | None = None,
    within: Mapping[Route, Period] | None = None,
    reports: Iterable[ReportedFact] = (),
) -> tuple[Evidence, ...]:
    """
    Violations that were found and not penalised in time (未及时惩处).

    Where *within* sets periods, *calendar* must be given.

    Returns:
        Evidence for each referral to anybody but the judiciary that is open past
        its time (``referral-open``), or was done after it (``referral-late``).
    """
    routes = {*Route} - {Route.JUDICIARY}
    found = _late_referrals(
        ledger,
        referrals,
        routes,
        article(28, 6),
        on=on,
        calendar=calendar,
        within=within,
    )
    return with_reports(found, reports, article(28, 6))


@cites(article(28, 7))
def not_sent_to_judiciary(
    ledger: Ledger,
    referrals: Iterable[Referral],
    /,
    *,
    on: dt.date,
    calendar: WorkCalendar | None = None,
    within: Mapping[Route, Period] | None = None,
    reports: Iterable[ReportedFact] = (),
) -> tuple[Evidence, ...]:
    """
    Suspected crimes that were not sent to the judiciary (未依法移送司法机关).

    The same as `not_penalised`, for referrals to the judiciary.
    """
    found = _late_referrals(
        ledger,
        referrals,
        {Route.JUDICIARY},
        article(28, 7),
        on=on,
        calendar=calendar,
        within=within,
    )
    return with_reports(found, reports, article(28, 7))


def _late_referrals(
    ledger: Ledger,
    referrals: Iterable[Referral],
    routes: Collection[Route],
    provision: Provision,
    /,
    *,
    on: dt.date,
    calendar: WorkCalendar | None,
    within: Mapping[Route, Period] | None,
) -> list[Evidence]:
    """Evidence for each referral by one of the routes that is open or late."""
    check_type(ledger, Ledger, name="ledger")
    day = check_day(on, name="on")
    periods = {} if within is None else take(within, _PERIODS, name="within")
    if calendar is not None:
        check_type(calendar, WorkCalendar, name="calendar")
    elif periods:
        raise invalid("calendar-missing", column="calendar")
    tasks, subjects = (ledger.classes[name] for name in ("task_id", "subject_id"))
    subject_of = {
        tasks.categories[task]: subjects.categories[subject]
        for task, subject in zip(
            tasks.codes.tolist(), subjects.codes.tolist(), strict=True
        )
    }
    found = []
    for referral in several(referrals, Referral, name="referrals"):
        if referral.route not in routes or referral.since > day:
            continue
        last = referral.since
        if calendar is not None and referral.route in periods:
            last = calendar.deadline(referral.since, periods[referral.route]).latest
        is_open = referral.done_on is None or referral.done_on > day
        until = day if is_open else referral.done_on or day
        if last < until and (is_open or referral.route in periods):
            found.append(
                Evidence(
                    provision=provision,
                    code="referral-open" if is_open else "referral-late",
                    shown_by=(referral,),
                    on=last,
                    department=referral.department,
                    subject_id=subject_of.get(referral.task_id),
                    task_id=referral.task_id,
                    item=referral.item,
                    params={
                        "result": referral.code.label,
                        "route": referral.route.label,
                        "to": referral.to,
                        "since": referral.since,
                        "until": until,
                        "days": (until - referral.since).days,
                    },
                )
            )
    return found


_PERIODS = kind_of(Mapping[Route, Period])


@cites(article(28, 8))
def not_published(
    ledger: Ledger,
    /,
    *,
    on: dt.date,
    calendar: WorkCalendar,
    reports: Iterable[ReportedFact] = (),
    rules: RuleProfile = _RULES,
) -> tuple[Evidence, ...]:
    """
    Results not made public in time, with harmful consequences (未依法及时公示).

    Returns:
        Evidence for each result that is overdue (``not-published``) or was
        published late (``published-late``); the consequences are missing
        unless they are reported.
    """
    check_type(ledger, Ledger, name="ledger")
    known = ledger.as_of(on)
    schedule = schedule_publication(known, calendar, rules=rules)
    states = schedule.states(on)
    late = {PublicationState.OVERDUE, PublicationState.LATE}
    wanted = np.array([state in late for state in states.categories], dtype=bool)
    found = []
    for k in np.flatnonzero(wanted[states.codes]).tolist():
        row, due = known[k], schedule.due[k].item()
        public = row.published_on or check_day(on, name="on")
        figures: dict[str, Any] = {"due": due, "days": (public - due).days}
        if row.published_on:
            figures["published_on"] = row.published_on
        found.append(
            of_row(
                row,
                article(28, 8),
                "published-late" if row.published_on else "not-published",
                on=due,
                lacking=[CONSEQUENCES],
                params=figures,
            )
        )
    return with_reports(found, reports, article(28, 8), settles=CONSEQUENCES)


@cites(article(28, 9))
def other_grounds(reports: Iterable[ReportedFact], /) -> tuple[Evidence, ...]:
    """Other cases in which the law provides for liability; reported alone."""
    return with_reports((), reports, article(28, 9))


@cites(article(28))
def liability_evidence(
    ledger: Ledger,
    /,
    *,
    on: dt.date,
    calendar: WorkCalendar,
    referrals: Iterable[Referral] = (),
    within: Mapping[Route, Period] | None = None,
    teams: Mapping[str, Iterable[str]] | None = None,
    inspectors: InspectorRegister | None = None,
    recusals: Iterable[Recusal] = (),
    items: ItemList | None = None,
    plans: Iterable[Plan] = (),
    records: Iterable[DrawRecord] = (),
    reports: Iterable[ReportedFact] = (),
    rules: RuleProfile = _RULES,
) -> tuple[Evidence, ...]:
    """
    List the evidence on all nine grounds; never a verdict on a person.

    The functions of the single grounds take the same arguments.

    Args:
        ledger: The ledger.
        on: The day on which it is looked at; the last day of a period is not
            late yet.
        calendar: The working days.
        referrals: What was routed, each with the day on which it was done.
        within: Periods that the host sets for routes. A route without one
            has no last day: what is open on a later day is listed.
        teams: [task id -> inspector ids] Who in fact inspected; None where
            that is not looked at.
        inspectors: The register, which says who counts as an officer; must be
            given where *teams* are.
        recusals: Who had to keep away from whom.
        items: The item list, whose names of departments are those of the
            ledger; None where it is not looked at.
        plans: The plans of whose entries the checks are.
        records: Draw records, whose draws are called like the plan entries.
        reports: Facts that no ledger shows, such as harmful consequences.
        rules: The numbers of the law.

    Returns:
        Evidence in the order of the grounds. An empty list shows that the
        records bear on none, and no more.
    """
    facts = several(reports, ReportedFact, name="reports")
    sent = several(referrals, Referral, name="referrals")
    if inspectors is None and isinstance(teams, Mapping) and teams:
        raise invalid("inspectors-missing", column="inspectors")
    return (
        *not_carried_out(ledger, on=on, reports=facts),
        *not_as_required(ledger, on=on, reports=facts),
        *procedure_violated(
            ledger,
            on=on,
            teams={} if teams is None else teams,
            inspectors=InspectorRegister(()) if inspectors is None else inspectors,
            recusals=recusals,
            reports=facts,
            rules=rules,
        ),
        *exceeded_powers(
            ledger, on=on, items=items, plans=plans, records=records, reports=facts
        ),
        *unlawful_coercion(facts),
        *not_penalised(
            ledger, sent, on=on, calendar=calendar, within=within, reports=facts
        ),
        *not_sent_to_judiciary(
            ledger, sent, on=on, calendar=calendar, within=within, reports=facts
        ),
        *not_published(ledger, on=on, calendar=calendar, reports=facts, rules=rules),
        *other_grounds(facts),
    )


# -- exemption, Art. 29 ------------------------------------------------------


@value("dsgk-problem/1")
@attrs.frozen(kw_only=True, field_transformer=declared)
class Problem(Stored):
    """
    Something that happened at a subject, for which somebody may be asked.

    Attributes:
        subject_id: The subject.
        item: The item that would have covered it.
        department: The department that is asked.
        happened_on: The day.
    """

    subject_id: Id
    item: Label
    department: Label
    happened_on: dt.date


def _rows_of(problem: Problem, ledger: Ledger) -> list[LedgerRow]:
    """What the department had to do at the subject up to that day."""
    check_type(problem, Problem, name="problem")
    check_type(ledger, Ledger, name="ledger")
    known = ledger.as_of(problem.happened_on)
    rows = known.matches(
        subject_id={problem.subject_id}, department={problem.department}
    )
    return [known[k] for k in np.flatnonzero(rows).tolist()]


@cites(article(29, 1))
def not_on_the_task(
    problem: Problem,
    ledger: Ledger,
    /,
    *,
    receipts: Iterable[Receipt] = (),
    records: Iterable[DrawRecord] = (),
    reports: Iterable[ReportedFact] = (),
) -> tuple[Evidence, ...]:
    """
    The subject was not drawn, or the item was not on the task (未被抽查).

    A receipt proves from the roll that a subject could be drawn and was not:
    anyone can compute its ticket and hold it against the cut.  Who was left out,
    or is not registered, was not spared by chance, and gets no evidence here.

    Args:
        problem: See `exemption_evidence`.
        ledger: See `exemption_evidence`.
        receipts: See `exemption_evidence`.
        records: The published records of these draws; each receipt is checked
            against the one of its announcement, since anybody can write one.
        reports: See `exemption_evidence`.

    Returns:
        Evidence for each receipt of a subject that was not drawn
        (``not-drawn``), and for each task of the department at it without the
        item (``item-not-on-task``); none if the item was on a task of it.
        Missing is, where checks of the department were late on that day, that
        it did its duty (履行抽查职责).

    Raises:
        InvalidValueError: A receipt is of another subject.
        InvalidInput: A receipt is not right, or of none of the records.
    """
    rows = _rows_of(problem, ledger)
    given = several(receipts, Receipt, name="receipts")
    published = {
        record.announcement.digest: record
        for record in several(records, DrawRecord, name="records")
    }
    for receipt in given:
        if receipt.id != problem.subject_id:
            raise invalid(
                "receipt-other",
                column="receipts",
                id=problem.subject_id,
                got=receipt.id,
            )
        if receipt.digest not in published:
            raise invalid("receipt-unknown", column="receipts", got=receipt.digest)
        wrong = verify_receipt(
            receipt, published[receipt.digest], id=problem.subject_id
        )
        Faults(wrong).raise_any("receipt")
    tasks: dict[str, list[LedgerRow]] = {}
    for row in rows:
        tasks.setdefault(row.task_id, []).append(row)
    found: list[Evidence] = []
    if not any(row.item == problem.item for row in rows):
        late = _late(problem, ledger)
        about: dict[str, Any] = {
            "provision": article(29, 1),
            "lacking": ("duty",) if late else (),
            "department": problem.department,
            "subject_id": problem.subject_id,
            "item": problem.item,
        }
        for receipt in given:
            if receipt.status is ReceiptStatus.NOT_DRAWN:
                figures = {
                    "draw": receipt.draw,
                    "ticket": receipt.ticket,
                    "cut": receipt.cut or "none",
                    "late": late,
                }
                found.append(
                    Evidence(
                        code="not-drawn", shown_by=(receipt,), params=figures, **about
                    )
                )
        for task_id, of_task in tasks.items():
            items = "、".join(row.item for row in of_task)
            found.append(
                Evidence(
                    code="item-not-on-task",
                    shown_by=tuple(of_task),
                    on=of_task[0].drawn_on,
                    task_id=task_id,
                    params={"items": items, "late": late},
                    **about,
                )
            )
    return with_reports(found, reports, article(29, 1))


def _late(problem: Problem, ledger: Ledger) -> int:
    """How many random checks of the department were overdue on that day."""
    known = ledger.as_of(problem.happened_on)
    rows = known.matches(department={problem.department}, origin={Origin.RANDOM})
    rows &= np.isnat(known.days["completed_on"])
    rows &= known.days["due"] < np.datetime64(problem.happened_on, "D")
    return int(rows.sum())


@cites(article(29, 2))
def prevented_by_subject(
    problem: Problem, ledger: Ledger, /, *, reports: Iterable[ReportedFact] = ()
) -> tuple[Evidence, ...]:
    """
    No inspection was possible in time for reasons of the subject (无法实施).

    Returns:
        Evidence for each check of the department at the subject that found it
        unreachable, closed, gone or refusing (``prevented``); missing, where
        that was found after the last day of the window, that it was in time.
    """
    found = []
    for row in _rows_of(problem, ledger):
        words = [
            ResultCode.read(code).label for code in row.results if code in _PREVENTED
        ]
        if words:
            done, due = row.completed_on, row.due
            in_time = done is not None and due is not None and done <= due
            found.append(
                of_row(
                    row,
                    article(29, 2),
                    "prevented",
                    on=done,
                    lacking=() if in_time else (_IN_TIME,),
                    params={"words": "、".join(words)},
                )
            )
    return with_reports(found, reports, article(29, 2), settles=_IN_TIME)


@cites(article(29, 3))
def beyond_technical_means(reports: Iterable[ReportedFact], /) -> tuple[Evidence, ...]:
    """The problem could not be found with existing means; reported alone."""
    return with_reports((), reports, article(29, 3))


@cites(article(29, 4))
def no_causal_link(reports: Iterable[ReportedFact], /) -> tuple[Evidence, ...]:
    """The accident has no causal link with the inspection; reported alone."""
    return with_reports((), reports, article(29, 4))


@cites(article(29, 5))
def dealt_with_before(
    problem: Problem,
    ledger: Ledger,
    /,
    *,
    referrals: Iterable[Referral] = (),
    reports: Iterable[ReportedFact] = (),
) -> tuple[Evidence, ...]:
    """
    The violation was dealt with before, and the subject relapsed (已经依法查处).

    Returns:
        Evidence for each check of the department at the subject that ordered
        a correction (``correction-ordered``), and for each own penalty
        (``penalised``), up to that day; the relapse is missing unless it is
        reported.
    """
    rows = _rows_of(problem, ledger)
    found = [
        of_row(
            row,
            article(29, 5),
            "correction-ordered",
            on=row.completed_on,
            lacking=[_RELAPSE],
        )
        for row in rows
        if ResultCode.CORRECTED.code in row.results
    ]
    tasks = {(row.task_id, row.item): row for row in rows}
    for referral in several(referrals, Referral, name="referrals"):
        row = tasks.get((referral.task_id, referral.item))
        if (
            row is not None
            and referral.route is Route.OWN_PENALTY
            and referral.department == problem.department
            and referral.done_on is not None
            and referral.done_on <= problem.happened_on
        ):
            found.append(
                of_row(
                    row,
                    article(29, 5),
                    "penalised",
                    on=referral.done_on,
                    also=[referral],
                    lacking=[_RELAPSE],
                )
            )
    return with_reports(found, reports, article(29, 5), settles=_RELAPSE)


@cites(article(29, 6))
def false_agency_report(
    problem: Problem,
    ledger: Ledger,
    /,
    *,
    results: Iterable[CheckResult] = (),
    reports: Iterable[ReportedFact] = (),
) -> tuple[Evidence, ...]:
    """
    An entrusted agency gave a false report (专业机构出具虚假报告).

    Returns:
        Evidence for each conclusion that a check of the department at the
        subject used (``agency-report``); its falsity is missing unless it is
        reported.
    """
    rows = {(row.task_id, row.item): row for row in _rows_of(problem, ledger)}
    found = []
    for result in several(results, CheckResult, name="results"):
        row = rows.get((result.task_id, result.item))
        if row is None or result.department != problem.department:
            continue
        for finding in result.findings:
            conclusion = finding.conclusion
            if conclusion is not None and conclusion.entrusted:
                found.append(
                    of_row(
                        row,
                        article(29, 6),
                        "agency-report",
                        on=conclusion.concluded_on,
                        also=[conclusion],
                        lacking=[_FALSE_REPORT],
                        params={
                            "document": conclusion.document,
                            "agency": conclusion.agency,
                        },
                    )
                )
    return with_reports(found, reports, article(29, 6), settles=_FALSE_REPORT)


@cites(article(29, 7))
def other_exemptions(reports: Iterable[ReportedFact], /) -> tuple[Evidence, ...]:
    """Other cases in which the law provides for no liability; reported alone."""
    return with_reports((), reports, article(29, 7))


@cites(article(29))
def exemption_evidence(
    problem: Problem,
    ledger: Ledger,
    /,
    *,
    receipts: Iterable[Receipt] = (),
    records: Iterable[DrawRecord] = (),
    referrals: Iterable[Referral] = (),
    results: Iterable[CheckResult] = (),
    reports: Iterable[ReportedFact] = (),
) -> tuple[Evidence, ...]:
    """
    List the evidence on all seven grounds; never a verdict on a person.

    The functions of the single grounds take the same arguments.

    Args:
        problem: What happened.
        ledger: The ledger of the department's checks.
        receipts: Receipts of the draws in which the subject could have been
            drawn, made from the roll by ``record.receipt``.
        records: The published records of these draws, which the receipts are
            checked against.
        referrals: What was routed, each with the day on which it was done.
        results: Results with the conclusions of agencies that they used.
        reports: Facts that no ledger shows, such as a relapse, or that a
            report was false; those about other subjects or departments are
            left aside.

    Returns:
        Evidence in the order of the grounds. An empty list shows that the
        records bear on none, and no more.
    """
    check_type(problem, Problem, name="problem")
    facts = tuple(
        report
        for report in several(reports, ReportedFact, name="reports")
        if report.subject_id in {None, problem.subject_id}
        and report.department in {None, problem.department}
    )
    return (
        *not_on_the_task(
            problem, ledger, receipts=receipts, records=records, reports=facts
        ),
        *prevented_by_subject(problem, ledger, reports=facts),
        *beyond_technical_means(facts),
        *no_causal_link(facts),
        *dealt_with_before(problem, ledger, referrals=referrals, reports=facts),
        *false_agency_report(problem, ledger, results=results, reports=facts),
        *other_exemptions(facts),
    )
