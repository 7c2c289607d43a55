"""Results of checks: into the ledger, and onto their routes (处置)."""

import datetime as dt
from collections.abc import Iterable
from typing import Any, Self

import attrs

from dsgk.errors import (
    Fault,
    InvalidInput,
    InvalidTypeError,
    InvalidValueError,
    shown,
)
from dsgk.fields import Coded, check_day, check_type, labels, listed, several
from dsgk.identifiers import check_id, check_label
from dsgk.ledger import Ledger
from dsgk.results.agencies import AgencyConclusion
from dsgk.results.codes import ResultCode
from dsgk.sources import article, cites


__all__ = [
    "CheckResult",
    "Finding",
    "Referral",
    "Route",
    "log_results",
    "route_results",
]

_JUDICIARY = "司法机关"


class Route(Coded):
    """Where a violation goes (处置去向)."""

    OWN_PENALTY = ("own-penalty", "依法惩处", "立案查处", "本部门查处")
    TRANSFER = ("transfer", "移交转办", "移交", "转办", "移送相关部门")
    JUDICIARY = ("judiciary", "移送司法机关", "移送司法", "移送公安机关")


def _code(value: object) -> ResultCode:
    return ResultCode.read(value, name="code")


def _competent(value: Iterable[str]) -> frozenset[str]:
    return labels(value)


@cites(article(22))
@attrs.frozen(kw_only=True)
class Finding:
    """
    One thing that a check found (检查发现).

    Attributes:
        code: The result.
        competent: Departments that are competent for the violation; empty
            where it is the one that checks. Several may be.
        suspected_crime: Whether a crime is suspected (涉嫌犯罪).
        details: What was found, in words. Not made public by the library.
        conclusion: The conclusion of an agency that supports it.

    Raises:
        InvalidTypeError, InvalidValueError: A value is none of its field, or
            departments or a crime are named where no violation was found.

    Cites:
        District Opinion, Art. 22.
    """

    code: ResultCode = attrs.field(converter=_code)
    competent: frozenset[str] = attrs.field(default=frozenset(), converter=_competent)
    suspected_crime: bool = False
    details: str = ""
    conclusion: AgencyConclusion | None = None

    def __attrs_post_init__(self) -> None:
        """Refuse other types, and routes of what is no violation."""
        fields = (self.suspected_crime, self.details, self.conclusion)
        if not all(map(isinstance, fields, (bool, str, AgencyConclusion | None))):
            msg = (
                "a finding must be made of a bool, a text and an AgencyConclusion "
                f"(got {shown(fields)}). Write Finding(code='corrected', details='…')."
            )
            raise InvalidTypeError(msg, code="finding-type")
        if not self.code.is_problem and (self.competent or self.suspected_crime):
            msg = (
                f"'competent' and 'suspected_crime' must be of a violation (got the "
                f"result {self.code.label}). Give the result that states it."
            )
            raise InvalidValueError(
                msg,
                code="finding-route",
                params={"code": self.code.code},
                provision=str(article(22)),
            )


def _completed(value: dt.date) -> dt.date:
    return check_day(value, name="completed_on")


def _entered(value: dt.date | None) -> dt.date | None:
    return None if value is None else check_day(value, name="entered_on")


def _route(value: object) -> Route:
    return Route.read(value, name="route")


def _since(value: dt.date) -> dt.date:
    return check_day(value, name="since")


def _done(value: dt.date | None) -> dt.date | None:
    return None if value is None else check_day(value, name="done_on")


def _findings(value: Finding | Iterable[Finding]) -> tuple[Finding, ...]:
    if isinstance(value, Finding):
        return (value,)
    given: object = value
    findings = tuple(given) if isinstance(given, Iterable) else ()
    if not findings or not all(isinstance(f, Finding) for f in findings):
        msg = (
            f"'findings' must be one or more findings (got {shown(value)}). "
            "Write [Finding(code='no-problem')]."
        )
        raise InvalidTypeError(msg, code="result-findings")
    return findings


@cites(article(22))
@attrs.frozen(kw_only=True)
class CheckResult:
    """
    What one check came to: one finding or several (检查结果).

    Attributes:
        task_id, item, department: Which check of the ledger.
        entry: Its plan entry; may be left out where only one fits.
        completed_on: Day on which the check was completed.
        findings: All that was found; none hides another.
        entered_on: Day on which it was entered, if it was.

    Raises:
        InvalidTypeError, InvalidValueError: A value is none of its field, or
            findings contradict each other.

    Examples:
        >>> result = CheckResult(
        ...     task_id="T1", item="价格检查", department="市场监管局",
        ...     completed_on=dt.date(2026, 4, 1),
        ...     findings=[Finding(code="corrected"), Finding(code="other-rules")],
        ... )
        >>> sorted(code.label for code in result.codes)
        ['发现问题已责令改正', '违反其他部门相关规定']
    """

    task_id: str
    item: str
    department: str
    entry: str | None = None
    completed_on: dt.date = attrs.field(converter=_completed)
    findings: tuple[Finding, ...] = attrs.field(converter=_findings)
    entered_on: dt.date | None = attrs.field(default=None, converter=_entered)

    def __attrs_post_init__(self) -> None:
        """Refuse findings of which one says that there was nothing."""
        check_id(self.task_id, name="task_id")
        check_label(self.item, name="item")
        check_label(self.department, name="department")
        others = self.codes - {ResultCode.NO_PROBLEM}
        if ResultCode.NO_PROBLEM in self.codes and others:
            msg = (
                f"'findings' must not contradict each other (got "
                f"{ResultCode.NO_PROBLEM.label} beside "
                f"{'、'.join(sorted(code.label for code in others))}). Leave out the "
                "one that does not hold."
            )
            raise InvalidValueError(
                msg,
                code="findings-contradict",
                params={"codes": sorted(code.code for code in self.codes)},
            )

    @property
    def codes(self) -> frozenset[ResultCode]:
        """The results, each once."""
        return frozenset(finding.code for finding in self.findings)


@cites(article(22))
@attrs.frozen(kw_only=True)
class Referral:
    """
    One violation on one route to one authority (处置、移送).

    Attributes:
        task_id, item, department: The check that found it.
        code: The result that states it.
        route: The route.
        to: The department that penalises or to which it is transferred, or
            司法机关.
        since: Day on which the check was completed.
        done_on: Day on which it was penalised, transferred or sent; None
            while it was not.
        document: The document that shows it; empty while there is none.

    Raises:
        InvalidTypeError, InvalidValueError: A value is none of its field, or
            *done_on* comes before *since*.

    Cites:
        District Opinion, Art. 22 (依法进行惩处；移交、转办相关部门；移送司法机关).
    """

    task_id: str
    item: str
    department: str
    code: ResultCode = attrs.field(converter=_code)
    route: Route = attrs.field(converter=_route)
    to: str
    since: dt.date = attrs.field(converter=_since)
    done_on: dt.date | None = attrs.field(default=None, converter=_done)
    document: str = ""

    def __attrs_post_init__(self) -> None:
        """Refuse what a host could not have got from here."""
        check_id(self.task_id, name="task_id")
        for field in ("item", "department", "to"):
            check_label(getattr(self, field), name=field)
        document: object = self.document
        if not isinstance(document, str) or document:
            check_label(self.document, name="document")
        if self.done_on is not None and self.done_on < self.since:
            raise self._day_refused(self.done_on)

    def _day_refused(self, day: dt.date) -> InvalidValueError:
        msg = (
            f"'on' must not be before {self.since}, nor another day than was "
            f"stated (got {day}, stated {self.done_on}). Correct the day."
        )
        return InvalidValueError(
            msg, code="referral-day", params={"on": day, "since": self.since}
        )

    def done(self, *, on: dt.date, document: str) -> Self:
        """
        The same, after it was penalised, transferred or sent.

        Args:
            on: The day.
            document: The document that shows it.

        Raises:
            InvalidTypeError: *on* is no date, or *document* no text.
            InvalidValueError: *on* comes before the check, the document is
                not named, or another day was stated before.
        """
        day = check_day(on, name="on")
        check_label(document, name="document")
        if day < self.since or self.done_on not in {None, day}:
            raise self._day_refused(day)
        return attrs.evolve(self, done_on=day, document=document)


@cites(article(22))
def log_results(ledger: Ledger, results: Iterable[CheckResult], /) -> Ledger:
    """
    The ledger with results of checks.

    Args:
        ledger: The ledger in which the checks stand.
        results: Results, in any order, one for each check.

    Raises:
        InvalidTypeError: *ledger* is none, or *results* is no list.
        InvalidInput: A result fits no check or several, a check gets two
            results, or the ledger says something else already: all faults at
            once, the first two kinds with positions in *results*.

    Cites:
        District Opinion, Art. 22.
    """
    check_type(ledger, Ledger, name="ledger")
    given = listed(results, CheckResult, name="results")
    tasks, items, departments, of_plan = (
        ledger.classes[name] for name in ("task_id", "item", "department", "entry")
    )
    wanted = {result.task_id for result in given if isinstance(result, CheckResult)}
    rows_of: dict[tuple[Any, ...], dict[str | None, int]] = {}
    for row in ledger.matches(task_id=wanted).nonzero()[0].tolist():
        check = (tasks.cell(row), items.cell(row), departments.cell(row))
        rows_of.setdefault(check, {})[of_plan.cell(row)] = row
    faults: list[Fault] = []
    chosen: dict[int, CheckResult] = {}
    for k, result in enumerate(given):
        if not isinstance(result, CheckResult):
            msg = f"must be a CheckResult (got {shown(result)}). Write CheckResult(…)."
            faults.append(Fault.told("result-type", msg, row=k))
            continue
        check = (result.task_id, result.item, result.department)
        entries = rows_of.get(check, {})
        fitting = [
            row
            for entry, row in entries.items()
            if result.entry is None or entry == result.entry
        ]
        if len(fitting) != 1:
            code = "result-unknown" if not fitting else "result-unclear"
            msg = (
                f"must be of one check of the ledger (got {result.item!r} of "
                f"{result.department!r} in the task {result.task_id!r}, of which there "
                f"are {len(fitting)}). Correct the ids, or give the plan entry."
            )
        elif fitting[0] in chosen:
            code = "result-twice"
            msg = (
                f"must be the only one of its check (got a second for {result.item!r} "
                f"of {result.department!r} in the task {result.task_id!r}). Put all "
                "findings into one result."
            )
        else:
            chosen[fitting[0]] = result
            continue
        faults.append(Fault.told(code, msg, row=k, params={"task_id": result.task_id}))
    if faults:
        what = "list of results"
        raise InvalidInput.of(what, faults)
    return ledger.record(
        list(chosen),
        completed_on=[result.completed_on for result in chosen.values()],
        results=[result.codes for result in chosen.values()],
        entered_on=[result.entered_on for result in chosen.values()],
    )


@cites(article(22))
def route_results(results: Iterable[CheckResult], /) -> tuple[Referral, ...]:
    """
    Say where every violation goes; one may take several routes at once.

    A violation goes to every department that is competent: the one that
    checked penalises it itself, the others get it transferred.  A suspected
    crime goes to the judiciary besides.

    Args:
        results: Results of checks, in any order.

    Returns:
        Referrals in the order of results and findings; none for what is no
        violation.

    Raises:
        InvalidTypeError, InvalidInput: *results* holds something else.

    Cites:
        District Opinion, Art. 22.

    Examples:
        >>> result = CheckResult(
        ...     task_id="T1", item="价格检查", department="市场监管局",
        ...     completed_on=dt.date(2026, 4, 1),
        ...     findings=Finding(
        ...         code="pending", competent={"市场监管局", "税务局"},
        ...         suspected_crime=True,
        ...     ),
        ... )
        >>> for referral in route_results([result]):
        ...     print(referral.route.label, referral.to)
        依法惩处 市场监管局
        移交转办 税务局
        移送司法机关 司法机关
    """
    referrals = []
    for result in several(results, CheckResult, name="results"):
        for finding in result.findings:
            if not finding.code.is_problem:
                continue
            competent = finding.competent or {result.department}
            routes = [
                (Route.OWN_PENALTY, name)
                for name in competent
                if name == result.department
            ]
            routes += [
                (Route.TRANSFER, name)
                for name in sorted(competent)
                if name != result.department
            ]
            if finding.suspected_crime:
                routes.append((Route.JUDICIARY, _JUDICIARY))
            referrals += [
                Referral(
                    task_id=result.task_id,
                    item=result.item,
                    department=result.department,
                    code=finding.code,
                    route=route,
                    to=to,
                    since=result.completed_on,
                )
                for route, to in routes
            ]
    return tuple(referrals)
