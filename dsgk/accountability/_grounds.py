"""The nine grounds of liability and the seven of exemption, with their evidence."""

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

import attrs
import numpy as np

from dsgk.accountability._evidence import CONSEQUENCES, Evidence, Found, ReportedFact
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
from dsgk.items import InspectionItem, ItemList
from dsgk.ledger import Ledger, LedgerRow, Origin
from dsgk.plans import Plan, PlanEntry
from dsgk.publication import PublicationState, schedule_publication
from dsgk.results import CheckResult, Referral, ResultCode, Route
from dsgk.sources import RuleProfile, article, cites


_RULES = RuleProfile()
_PREVENTED = frozenset(code.code for code in ResultCode if code.prevents_inspection)
_RELAPSE = "relapse"
_FALSE_REPORT = "falsity"
_IN_TIME = "in-time"


# -- liability, Art. 28 ------------------------------------------------------


def _known(ledger: Ledger, on: dt.date) -> Ledger:
    check_type(ledger, Ledger, name="ledger")
    return ledger.as_of(on)


@cites(article(28, 1))
def not_carried_out(
    ledger: Ledger, /, *, on: dt.date, reports: Iterable[ReportedFact] = ()
) -> tuple[Evidence, ...]:
    """
    Tasks that were not carried out, or late (不执行或者拖延执行抽查任务).

    Returns:
        Evidence for each check that is open after its last day
        (``not-carried-out``) or was completed after it (``delayed``), and for
        each case lead without a last day that is still open after the day on
        which it came in (``case-lead-open``).
    """
    day = check_day(on, name="on")
    known = _known(ledger, day)
    today = np.datetime64(day, "D")
    due, completed = known.days["due"], known.days["completed_on"]
    still_open = np.isnat(completed)
    waiting = still_open & np.isnat(due) & (known.days["drawn_on"] < today)
    found = Found(article(28, 1), reports)
    for rows, code in (
        (still_open & (due < today), "not-carried-out"),
        (completed > due, "delayed"),
        (waiting, "case-lead-open"),
    ):
        for row in known.take(rows):
            since = row.due or row.drawn_on
            figures: dict[str, Any] = {"days": ((row.completed_on or day) - since).days}
            if row.completed_on:
                figures["completed_on"] = row.completed_on
            found.note(code, row, on=since, params=figures)
    return found.joined()


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
    known = _known(ledger, on)
    rows = ~np.isnat(known.days["completed_on"]) & (known.classes["results"].codes < 0)
    found = Found(article(28, 2), reports, CONSEQUENCES)
    for row in known.take(rows):
        found.note("no-result", row, on=row.completed_on, lacking=[CONSEQUENCES])
    return found.joined()


_TEAM = kind_of(tuple[Id, ...])


@cites(article(28, 3))
def procedure_breached(
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
    Breaches of the procedure that the law prescribes (违反法定检查程序).

    Returns:
        Evidence for each completed task that had fewer certified officers
        than the law demands (``too-few-officers``, Administrative Penalty
        Law, Art. 42), or somebody who was recused (``recusal-ignored``, Art. 43).

    Raises:
        InvalidTypeError: A team is a text: every letter would be an inspector.
        InvalidValueError: Somebody in a team has no valid id.
    """
    known = _known(ledger, on)
    check_type(inspectors, InspectorRegister, name="inspectors")
    check_type(rules, RuleProfile, name="rules")
    listed = check_mapping(teams, name="teams", instead="{'T1': ['SJ001', 'SJ002']}")
    barred = {
        (recusal.inspector_id, recusal.subject_id)
        for recusal in several(recusals, Recusal, name="recusals")
    }
    people_of = {
        task_id: tuple(sorted({*take(people, _TEAM, name=f"teams[{task_id!r}]")}))
        for task_id, people in listed.items()
    }
    found = Found(article(28, 3), reports)
    for row in _one_row_of_each_task(known, people_of):
        team, day = people_of[row.task_id], row.completed_on
        officers = sum(i in inspectors and inspectors[i].is_officer for i in team)
        if officers < rules.min_officers:
            figures = {"officers": officers, "least": rules.min_officers}
            found.note("too-few-officers", row, team, on=day, params=figures)
        recused = sum((i, row.subject_id) in barred for i in team)
        if recused:
            found.note(
                "recusal-ignored", row, team, on=day, params={"recused": recused}
            )
    return found.joined()


def _one_row_of_each_task(
    ledger: Ledger, teams: Mapping[str, Iterable[str]]
) -> Iterator[LedgerRow]:
    """The first completed check of each task whose team is known."""
    rows = ledger.matches(task_id=set(teams)) & ~np.isnat(ledger.days["completed_on"])
    done = ledger.take(rows)
    _, first = np.unique(done.classes["task_id"].codes, return_index=True)
    yield from done.take(np.sort(first))


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

    A list may use one name for several objects and categories, and a row of
    the ledger has nothing but the name.  The plan entry says which is meant.
    If it does not, or is not given, and only some of them were in force, the
    evidence says that the object is missing.

    Returns:
        Evidence for each random check whose item was not on the list of the
        department on the day of the draw (``item-not-listed``), and for each
        whose basis is one of the *records* and whose subject was neither drawn
        there nor stands in for one that was (``not-drawn``).
    """
    known = _known(ledger, on)
    if items is not None:
        check_type(items, ItemList, name="items")
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
    found = Found(article(28, 4), reports)
    for row in known:
        if items is not None:
            place = (row.item, row.department, row.entry, row.drawn_on)
            if place not in listed:
                listed[place] = _in_force(row, items, entries.get(row.entry or ""))
            if False in listed[place]:
                unclear = ["object"] if True in listed[place] else []
                found.note("item-not-listed", row, on=row.drawn_on, lacking=unclear)
        selected = drawn.get((row.basis or "", row.entry or ""))
        if selected is not None and _root(row, before) not in selected:
            announced = {"announcement": row.basis}
            found.note("not-drawn", row, on=row.drawn_on, params=announced)
    return found.joined()


def _in_force(row: LedgerRow, items: ItemList, entry: PlanEntry | None) -> set[bool]:
    """Whether each item that the check may mean was in force; False if none fits."""
    meant: Iterable[InspectionItem] = items.find(row.item, department=row.department)
    planned = [
        one
        for one in (() if entry is None else entry.items)
        if one.name == row.item and one.department in {None, row.department}
    ]
    if planned:
        own = (row.department,)
        meant = [i for i in meant if any(one.means(i, own) for one in planned)]
    versions: dict[tuple[str, ...], bool] = {item.key: False for item in meant}
    for item in meant:
        versions[item.key] |= item.is_in_force(row.drawn_on)
    return set(versions.values()) or {False}


def _root(
    row: LedgerRow, before: Mapping[tuple[str | None, str | None, str], str | None]
) -> str | None:
    """The subject that was drawn first, however many substitutes followed."""
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
    return Found(article(28, 5), reports).joined()


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
        Evidence for each referral to anybody but the judiciary that is open
        past its time (``referral-open``) or was done after it
        (``referral-late``).
    """
    routes = {*Route} - {Route.JUDICIARY}
    found = Found(article(28, 6), reports)
    _add_late(found, routes, ledger, referrals, on=on, calendar=calendar, within=within)
    return found.joined()


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
    found = Found(article(28, 7), reports)
    _add_late(
        found,
        {Route.JUDICIARY},
        ledger,
        referrals,
        on=on,
        calendar=calendar,
        within=within,
    )
    return found.joined()


def _add_late(
    found: Found,
    routes: Collection[Route],
    ledger: Ledger,
    referrals: Iterable[Referral],
    *,
    on: dt.date,
    calendar: WorkCalendar | None,
    within: Mapping[Route, Period] | None,
) -> None:
    """Add each referral by one of the routes that is open or late."""
    check_type(ledger, Ledger, name="ledger")
    day = check_day(on, name="on")
    periods = {} if within is None else take(within, _PERIODS, name="within")
    if calendar is not None:
        check_type(calendar, WorkCalendar, name="calendar")
    elif periods:
        raise invalid("calendar-missing", column="calendar")
    tasks, subjects = (
        ledger.classes[name].cells() for name in ("task_id", "subject_id")
    )
    subject_of = dict(zip(tasks, subjects, strict=True))
    for referral in several(referrals, Referral, name="referrals"):
        if referral.route not in routes or referral.since > day:
            continue
        last = referral.since
        if calendar is not None and referral.route in periods:
            last = calendar.deadline(referral.since, periods[referral.route]).latest
        is_open = referral.done_on is None or referral.done_on > day
        until = day if is_open else referral.done_on or day
        if last < until and (is_open or referral.route in periods):
            found.note(
                "referral-open" if is_open else "referral-late",
                referral,
                on=last,
                about={"subject_id": subject_of.get(referral.task_id)},
                params={
                    "result": referral.code.label,
                    "route": referral.route.label,
                    "to": referral.to,
                    "since": referral.since,
                    "until": until,
                    "days": (until - referral.since).days,
                },
            )


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
    day = check_day(on, name="on")
    known = _known(ledger, day)
    schedule = schedule_publication(known, calendar, rules=rules)
    states = schedule.states(day)
    late = {PublicationState.OVERDUE, PublicationState.LATE}
    wanted = np.array([state in late for state in states.categories], dtype=bool)
    rows = wanted[states.codes]
    found = Found(article(28, 8), reports, CONSEQUENCES)
    for row, due in zip(known.take(rows), schedule.due[rows].tolist(), strict=True):
        public = row.published_on
        figures: dict[str, Any] = {"due": due, "days": ((public or day) - due).days}
        if public:
            figures["published_on"] = public
        code = "published-late" if public else "not-published"
        found.note(code, row, on=due, lacking=[CONSEQUENCES], params=figures)
    return found.joined()


@cites(article(28, 9))
def other_grounds(reports: Iterable[ReportedFact], /) -> tuple[Evidence, ...]:
    """Other cases in which the law provides for liability; reported alone."""
    return Found(article(28, 9), reports).joined()


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
        on: The day of the review; on the last day of a period nothing is
            late yet.
        calendar: The working days.
        referrals: What was routed, each with the day on which it was done.
        within: Periods that the host sets for routes. A route without one
            has no last day: what is open on a later day is listed.
        teams: [task id -> inspector ids] Who in fact inspected; None: not
            reviewed.
        inspectors: The register, which says who counts as an officer; must be
            given where *teams* are.
        recusals: Who had to keep away from whom.
        items: The item list, with departments named as in the ledger; None:
            not reviewed.
        plans: The plans to whose entries the checks belong.
        records: Draw records; each draw has the name of its plan entry.
        reports: Facts that no ledger shows, such as harmful consequences.
        rules: The numbers of the law.

    Returns:
        Evidence in the order of the grounds. None means that these records
        bear on no ground, and nothing more.
    """
    facts = several(reports, ReportedFact, name="reports")
    sent = several(referrals, Referral, name="referrals")
    if inspectors is None and isinstance(teams, Mapping) and teams:
        raise invalid("inspectors-missing", column="inspectors")
    return (
        *not_carried_out(ledger, on=on, reports=facts),
        *not_as_required(ledger, on=on, reports=facts),
        *procedure_breached(
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


@value("dsgk-incident/1")
@attrs.frozen(kw_only=True, field_transformer=declared)
class Incident(Stored):
    """
    Something that went wrong at a subject, and whose inspection is questioned.

    Attributes:
        subject_id: The subject.
        item: The item that would have covered it.
        department: The department whose inspection is questioned.
        happened_on: The day.
    """

    subject_id: Id
    item: Label
    department: Label
    happened_on: dt.date


def _rows_of(incident: Incident, ledger: Ledger) -> Ledger:
    """The checks of the department at the subject, as they stood on that day."""
    check_type(incident, Incident, name="incident")
    known = _known(ledger, incident.happened_on)
    return known.where(
        subject_id={incident.subject_id}, department={incident.department}
    )


@cites(article(29, 1))
def not_on_the_task(
    incident: Incident,
    ledger: Ledger,
    /,
    *,
    receipts: Iterable[Receipt] = (),
    records: Iterable[DrawRecord] = (),
    reports: Iterable[ReportedFact] = (),
) -> tuple[Evidence, ...]:
    """
    The subject was not drawn, or the item was not on the task (未被抽查).

    A receipt from the roll proves that a subject could have been drawn and
    was not: anyone can compute its ticket and compare it with the cut.  For a
    subject that was left out or never registered, chance decided nothing, so
    there is no evidence here.

    Args:
        incident: See `exemption_evidence`.
        ledger: See `exemption_evidence`.
        receipts: See `exemption_evidence`.
        records: The published records of these draws. Each receipt is checked
            against its record, since anybody can write a receipt.
        reports: See `exemption_evidence`.

    Returns:
        Evidence for each receipt that says "not drawn" (``not-drawn``), and
        for each task of the department at the subject (``item-not-on-task``);
        nothing if the item was on one of these tasks. If checks of the
        department were late on that day, the evidence lacks that it did its
        duty (履行抽查职责).

    Raises:
        InvalidValueError: A receipt is for another subject.
        InvalidInput: A receipt is wrong, or none of the records has its draw.
    """
    rows = _rows_of(incident, ledger)
    given = several(receipts, Receipt, name="receipts")
    published = {
        record.announcement.digest: record
        for record in several(records, DrawRecord, name="records")
    }
    own = incident.subject_id
    for receipt in given:
        if receipt.id != own:
            raise invalid("receipt-other", column="receipts", id=own, got=receipt.id)
        if receipt.digest not in published:
            raise invalid("receipt-unknown", column="receipts", got=receipt.digest)
        wrong = verify_receipt(receipt, published[receipt.digest], id=own)
        Faults(wrong).raise_any("receipt")
    tasks: dict[str, list[LedgerRow]] = {}
    for row in rows:
        tasks.setdefault(row.task_id, []).append(row)
    found = Found(article(29, 1), reports)
    if any(row.item == incident.item for row in rows):
        return found.joined()
    late = _late(incident, ledger)
    shared: dict[str, Any] = {
        "lacking": ["duty"] if late else [],
        "about": {name: getattr(incident, name) for name in _ASKED},
    }
    for receipt in given:
        if receipt.status is ReceiptStatus.NOT_DRAWN:
            figures = {"draw": receipt.draw, "ticket": receipt.ticket}
            figures["cut"] = receipt.cut or "none"
            params = {**figures, "late": late}
            found.note("not-drawn", receipt, on=None, params=params, **shared)
    for of_task in tasks.values():
        params = {"items": "、".join(row.item for row in of_task), "late": late}
        on = of_task[0].drawn_on
        found.note("item-not-on-task", *of_task, on=on, params=params, **shared)
    return found.joined()


_ASKED = ("department", "subject_id", "item")


def _late(incident: Incident, ledger: Ledger) -> int:
    """How many random checks of the department were overdue on that day."""
    known = ledger.as_of(incident.happened_on)
    rows = known.matches(department={incident.department}, origin={Origin.RANDOM})
    rows &= np.isnat(known.days["completed_on"])
    return int((rows & (known.days["due"] < np.datetime64(incident.happened_on))).sum())


@cites(article(29, 2))
def prevented_by_subject(
    incident: Incident, ledger: Ledger, /, *, reports: Iterable[ReportedFact] = ()
) -> tuple[Evidence, ...]:
    """
    The subject made an inspection in time impossible (无法实施).

    Returns:
        Evidence for each check of the department that found the subject
        unreachable, closed, gone or refusing (``prevented``). If that was
        found after the last day of the window, the evidence lacks that it was
        in time.
    """
    found = Found(article(29, 2), reports, _IN_TIME)
    for row in _rows_of(incident, ledger):
        words = [
            ResultCode.read(code).label for code in row.results if code in _PREVENTED
        ]
        if words:
            done, due = row.completed_on, row.due
            in_time = done is not None and due is not None and done <= due
            lacking = () if in_time else (_IN_TIME,)
            params = {"words": "、".join(words)}
            found.note("prevented", row, on=done, lacking=lacking, params=params)
    return found.joined()


@cites(article(29, 3))
def beyond_technical_means(reports: Iterable[ReportedFact], /) -> tuple[Evidence, ...]:
    """A problem could not be found with existing means; reported alone."""
    return Found(article(29, 3), reports).joined()


@cites(article(29, 4))
def no_causal_link(reports: Iterable[ReportedFact], /) -> tuple[Evidence, ...]:
    """The accident has no causal link with the inspection; reported alone."""
    return Found(article(29, 4), reports).joined()


@cites(article(29, 5))
def dealt_with_before(
    incident: Incident,
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
        a correction (``correction-ordered``), and for each penalty that the
        department imposed (``penalised``) up to that day. The relapse is
        missing unless it is reported.
    """
    rows = _rows_of(incident, ledger)
    found = Found(article(29, 5), reports, _RELAPSE)
    for row in rows:
        if ResultCode.CORRECTED.code in row.results:
            day = row.completed_on
            found.note("correction-ordered", row, on=day, lacking=[_RELAPSE])
    tasks = {(row.task_id, row.item): row for row in rows}
    for referral in several(referrals, Referral, name="referrals"):
        check = tasks.get((referral.task_id, referral.item))
        day = referral.done_on
        if (
            check is not None
            and referral.route is Route.OWN_PENALTY
            and referral.department == incident.department
            and day is not None
            and day <= incident.happened_on
        ):
            found.note("penalised", check, referral, on=day, lacking=[_RELAPSE])
    return found.joined()


@cites(article(29, 6))
def false_agency_report(
    incident: Incident,
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
    rows = {(row.task_id, row.item): row for row in _rows_of(incident, ledger)}
    found = Found(article(29, 6), reports, _FALSE_REPORT)
    for result in several(results, CheckResult, name="results"):
        row = rows.get((result.task_id, result.item))
        if row is None or result.department != incident.department:
            continue
        for conclusion in (finding.conclusion for finding in result.findings):
            if conclusion is not None and conclusion.entrusted:
                found.note(
                    "agency-report",
                    row,
                    conclusion,
                    on=conclusion.concluded_on,
                    lacking=[_FALSE_REPORT],
                    params={
                        "document": conclusion.document,
                        "agency": conclusion.agency,
                    },
                )
    return found.joined()


@cites(article(29, 7))
def other_exemptions(reports: Iterable[ReportedFact], /) -> tuple[Evidence, ...]:
    """Other cases in which the law provides for no liability; reported alone."""
    return Found(article(29, 7), reports).joined()


@cites(article(29))
def exemption_evidence(
    incident: Incident,
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
        incident: What happened.
        ledger: The ledger of the department's checks.
        receipts: Receipts of the draws in which the subject could have been
            drawn, made from the roll by ``record.receipt``.
        records: The published records of these draws.
        referrals: What was routed, each with the day on which it was done.
        results: Results with the conclusions of agencies that they used.
        reports: Facts that no ledger shows, such as a relapse or a false
            report; those about other subjects or departments are left out.

    Returns:
        Evidence in the order of the grounds. None means that these records
        bear on no ground, and nothing more.
    """
    check_type(incident, Incident, name="incident")
    facts = tuple(
        report
        for report in several(reports, ReportedFact, name="reports")
        if report.subject_id in {None, incident.subject_id}
        and report.department in {None, incident.department}
    )
    return (
        *not_on_the_task(
            incident, ledger, receipts=receipts, records=records, reports=facts
        ),
        *prevented_by_subject(incident, ledger, reports=facts),
        *beyond_technical_means(facts),
        *no_causal_link(facts),
        *dealt_with_before(incident, ledger, referrals=referrals, reports=facts),
        *false_agency_report(incident, ledger, results=results, reports=facts),
        *other_exemptions(facts),
    )
