"""The seven grounds of exemption, and the evidence for each (免责)."""

import datetime as dt
from collections.abc import Iterable

import attrs
import numpy as np

from dsgk.accountability.evidence import (
    Evidence,
    ReportedFact,
    of_row,
    with_reports,
)
from dsgk.draws import Receipt
from dsgk.errors import InvalidValueError
from dsgk.fields import check_day, check_type, several
from dsgk.identifiers import check_id, check_label
from dsgk.ledger import Ledger, LedgerRow, Origin
from dsgk.results import CheckResult, Referral, ResultCode, Route
from dsgk.sources import article, cites


__all__ = [
    "Problem",
    "beyond_technical_means",
    "dealt_with_before",
    "exemption_evidence",
    "false_agency_report",
    "no_causal_link",
    "not_on_the_task",
    "other_exemptions",
    "prevented_by_subject",
]

_PREVENTED = frozenset(code.code for code in ResultCode if code.prevents_inspection)
_RELAPSE = "refusal to correct, or relapse (拒不改正或再次擅自启用)"
_FALSE_REPORT = "falsity of the report (虚假报告)"
_IN_TIME = "that it was within the time of the plan (抽查计划规定时间内)"


def _happened(value: dt.date) -> dt.date:
    return check_day(value, name="happened_on")


@attrs.frozen(kw_only=True)
class Problem:
    """
    Something that happened at a subject, for which somebody may be asked.

    Attributes:
        subject_id: The subject.
        item: The item that would have covered it.
        department: The department that is asked.
        happened_on: The day.

    Raises:
        InvalidTypeError, InvalidValueError: A value is none of its field.
    """

    subject_id: str
    item: str
    department: str
    happened_on: dt.date = attrs.field(converter=_happened)

    def __attrs_post_init__(self) -> None:
        """Refuse what is no id or name."""
        check_id(self.subject_id, name="subject_id")
        check_label(self.item, name="item")
        check_label(self.department, name="department")


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
    reports: Iterable[ReportedFact] = (),
) -> tuple[Evidence, ...]:
    """
    The subject was not drawn, or the item was not on the task (未被抽查).

    The receipt of a draw record proves that a subject was not drawn: anyone
    can compute its ticket and hold it against the cut.

    Args:
        problem: What happened.
        ledger: The ledger of the department's checks.
        receipts: Receipts of the draws in which the subject could have been
            drawn, made by ``record.receipt``.
        reports: Facts reported on this ground.

    Returns:
        Evidence for each receipt of a subject that was not drawn
        (``not-drawn``), and for each task of the department at it without the
        item (``item-not-on-task``); none if the item was on a task of it.
        Missing is, where checks of the department were late on that day, that
        it did its duty (履行抽查职责).

    Raises:
        InvalidTypeError, InvalidInput: An argument is of another type.
        InvalidValueError: A receipt is of another subject.

    Cites:
        District Opinion, Art. 29 (一).
    """
    provision = article(29, 1)
    rows = _rows_of(problem, ledger)
    found: list[Evidence] = []
    late = _late(problem, ledger)
    missing = [f"that it did its duty: {late} of its checks were late"] if late else []
    for receipt in several(receipts, Receipt, name="receipts"):
        if receipt.id != problem.subject_id:
            msg = (
                f"'receipts' must be of the subject {problem.subject_id!r} (got one of "
                f"{receipt.id!r}). Leave it out."
            )
            raise InvalidValueError(
                msg, code="receipt-other", params={"id": receipt.id}
            )
        if not receipt.drawn and not any(row.item == problem.item for row in rows):
            found.append(
                Evidence(
                    provision=provision,
                    code="not-drawn",
                    message=(
                        f"{receipt.id} was not drawn in {receipt.draw}: its ticket "
                        f"{receipt.ticket} is above the cut {receipt.cut}"
                    ),
                    shown_by=(receipt,),
                    missing=tuple(missing),
                    department=problem.department,
                    subject_id=problem.subject_id,
                    item=problem.item,
                    params={"late": late},
                )
            )
    tasks: dict[str, list[LedgerRow]] = {}
    for row in rows:
        tasks.setdefault(row.task_id, []).append(row)
    if not any(row.item == problem.item for row in rows):
        found += [
            Evidence(
                provision=provision,
                code="item-not-on-task",
                message=(
                    f"{problem.item} was not among the items of the task {task_id}: "
                    f"{'、'.join(row.item for row in of_task)}"
                ),
                shown_by=tuple(of_task),
                missing=tuple(missing),
                on=of_task[0].drawn_on,
                department=problem.department,
                subject_id=problem.subject_id,
                task_id=task_id,
                item=problem.item,
                params={"late": late},
            )
            for task_id, of_task in tasks.items()
        ]
    return with_reports(found, reports, provision)


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

    Args:
        problem: What happened.
        ledger: The ledger of the department's checks.
        reports: Facts reported on this ground.

    Returns:
        Evidence for each check of the department at the subject that found it
        unreachable, closed, gone or refusing; missing, where that was found
        after the last day of the window, that it was in time.

    Raises:
        InvalidTypeError, InvalidInput: An argument is of another type.

    Cites:
        District Opinion, Art. 29 (二).
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
                    f"no inspection was possible on {done}: {'、'.join(words)}",
                    on=done,
                    missing=() if in_time else (_IN_TIME,),
                )
            )
    return with_reports(found, reports, article(29, 2), settles=_IN_TIME)


@cites(article(29, 3))
def beyond_technical_means(reports: Iterable[ReportedFact], /) -> tuple[Evidence, ...]:
    """
    The problem could not be found with existing means; reported alone.

    Raises:
        InvalidTypeError, InvalidInput: An argument is of another type.

    Cites:
        District Opinion, Art. 29 (三).
    """
    return with_reports((), reports, article(29, 3))


@cites(article(29, 4))
def no_causal_link(reports: Iterable[ReportedFact], /) -> tuple[Evidence, ...]:
    """
    The accident has no causal link with the inspection; reported alone.

    Raises:
        InvalidTypeError, InvalidInput: An argument is of another type.

    Cites:
        District Opinion, Art. 29 (四).
    """
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

    Args:
        problem: What happened.
        ledger: The ledger of the department's checks.
        referrals: What was routed, each with the day on which it was done.
        reports: Facts reported on this ground: refusal to correct, relapse.

    Returns:
        Evidence for each check of the department at the subject that ordered
        a correction, and for each own penalty, up to that day; the relapse is
        missing unless it is reported.

    Raises:
        InvalidTypeError, InvalidInput: An argument is of another type.

    Cites:
        District Opinion, Art. 29 (五).
    """
    provision = article(29, 5)
    rows = _rows_of(problem, ledger)
    found = [
        of_row(
            row,
            provision,
            "correction-ordered",
            f"a correction was ordered on {row.completed_on}",
            on=row.completed_on,
            missing=[_RELAPSE],
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
                    provision,
                    "penalised",
                    f"the violation was penalised on {referral.done_on}",
                    on=referral.done_on,
                    also=[referral],
                    missing=[_RELAPSE],
                )
            )
    return with_reports(found, reports, provision, settles=_RELAPSE)


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

    Args:
        problem: What happened.
        ledger: The ledger of the department's checks.
        results: Results with the conclusions of agencies that they used.
        reports: Facts reported on this ground: that a report was false.

    Returns:
        Evidence for each conclusion that a check of the department at the
        subject used; its falsity is missing unless it is reported.

    Raises:
        InvalidTypeError, InvalidInput: An argument is of another type.

    Cites:
        District Opinion, Art. 29 (六).
    """
    provision = article(29, 6)
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
                        provision,
                        "agency-report",
                        f"the check used {conclusion.document} of {conclusion.agency}",
                        on=conclusion.concluded_on,
                        also=[conclusion],
                        missing=[_FALSE_REPORT],
                    )
                )
    return with_reports(found, reports, provision, settles=_FALSE_REPORT)


@cites(article(29, 7))
def other_exemptions(reports: Iterable[ReportedFact], /) -> tuple[Evidence, ...]:
    """
    Other cases in which the law provides for no liability; reported alone.

    Raises:
        InvalidTypeError, InvalidInput: An argument is of another type.

    Cites:
        District Opinion, Art. 29 (七).
    """
    return with_reports((), reports, article(29, 7))


@cites(article(29))
def exemption_evidence(
    problem: Problem,
    ledger: Ledger,
    /,
    *,
    receipts: Iterable[Receipt] = (),
    referrals: Iterable[Referral] = (),
    results: Iterable[CheckResult] = (),
    reports: Iterable[ReportedFact] = (),
) -> tuple[Evidence, ...]:
    """
    List the evidence on all seven grounds; never a verdict on a person.

    Args:
        problem: What happened.
        ledger: The ledger.
        receipts: Receipts of the draws in which the subject could have been
            drawn.
        referrals: What was routed.
        results: Results with the conclusions of agencies that they used.
        reports: Facts that no ledger shows; those about other subjects or
            departments are left aside.

    Returns:
        Evidence in the order of the grounds. An empty list shows that the
        records bear on none, and no more.

    Raises:
        InvalidTypeError, InvalidInput: An argument is of another type.

    Cites:
        District Opinion, Art. 29.
    """
    check_type(problem, Problem, name="problem")
    facts = tuple(
        report
        for report in several(reports, ReportedFact, name="reports")
        if report.subject_id in {None, problem.subject_id}
        and report.department in {None, problem.department}
    )
    return (
        *not_on_the_task(problem, ledger, receipts=receipts, reports=facts),
        *prevented_by_subject(problem, ledger, reports=facts),
        *beyond_technical_means(facts),
        *no_causal_link(facts),
        *dealt_with_before(problem, ledger, referrals=referrals, reports=facts),
        *false_agency_report(problem, ledger, results=results, reports=facts),
        *other_exemptions(facts),
    )
