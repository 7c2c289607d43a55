"""The closed list of results, conclusions of agencies, findings and their routes."""

import datetime as dt
import enum
from collections.abc import Iterable, Iterator
from typing import Any, Self

import attrs
import numpy as np

from dsgk.errors import Fault, Faults, invalid
from dsgk.fields import (
    Coded,
    Id,
    Label,
    Note,
    Stored,
    Text,
    check_day,
    check_type,
    declared,
    labels,
    of_type,
    read_label,
    several,
    some,
    value,
)
from dsgk.inspectors import InspectorRegister
from dsgk.items import ItemList
from dsgk.ledger import Ledger
from dsgk.sources import article, cites


_JUDICIARY = "司法机关"


# -- the closed list ---------------------------------------------------------


class _Means(enum.Flag):
    """What a result means for the check and for the subject."""

    NOTHING = 0
    PROBLEM = enum.auto()
    NOT_INSPECTED = enum.auto()
    REPLACEABLE = enum.auto()
    GONE = NOT_INSPECTED | REPLACEABLE


class ResultCode(Coded):
    """
    One result of a check; a check may have several (检查结果).

    Each is written ``(code, what it means, label, *others)``.

    Examples:
        >>> ResultCode.read("通过登记的住所(经营场所)无法联系").code
        'unreachable'
        >>> [code.label for code in ResultCode if code.may_be_replaced][-1]
        '迁出'
    """

    NO_PROBLEM = ("no-problem", _Means.NOTHING, "未发现问题", "正常")
    NOT_DISCLOSED = (
        "not-disclosed",
        _Means.PROBLEM,
        "未按规定公示应当公示的信息",
        "未按规定公示其他应当公示的信息",
        "未按规定公示年度报告",
    )
    FALSE_DISCLOSURE = (
        "false-disclosure",
        _Means.PROBLEM,
        "公示信息隐瞒真实情况弄虚作假",
        "公示信息隐瞒真实情况、弄虚作假",
    )
    UNREACHABLE = (
        "unreachable",
        _Means.PROBLEM | _Means.GONE,
        "通过登记的住所（经营场所）无法联系",
        "通过登记的住所无法联系",
        "通过登记的住所或者经营场所无法联系",
        "通过登记的住所或经营场所无法联系",
        "无法联系",
    )
    CORRECTED = (
        "corrected",
        _Means.PROBLEM,
        "发现问题已责令改正",
        "发现问题经责令已改正",
    )
    PENDING = ("pending", _Means.PROBLEM, "发现问题待后续处理", "发现问题待后续处置")
    NOT_COOPERATING = (
        "not-cooperating",
        _Means.PROBLEM | _Means.NOT_INSPECTED,
        "不配合检查情节严重",
        "不配合检查，情节严重",
        "不予配合情节严重",
        "拒不配合",
    )
    NO_ACTIVITY = (
        "no-activity",
        _Means.REPLACEABLE,
        "未发现开展本次抽查涉及的经营活动",
    )
    CLOSED = (
        "closed",
        _Means.GONE,
        "已关闭停业或正在组织清算",
        "已关闭停业",
        "正在组织清算",
    )
    MARKET_RULES = ("market-rules", _Means.PROBLEM, "违反工商行政管理相关规定")
    OTHER_MARKET_RULES = (
        "other-market-rules",
        _Means.PROBLEM,
        "违反其他工商行政管理规定行为",
        "违反其他工商行政管理规定",
    )
    FOOD_DRUG_RULES = ("food-drug-rules", _Means.PROBLEM, "违反食品药品管理相关规定")
    QUALITY_RULES = ("quality-rules", _Means.PROBLEM, "违反质量技术监督相关规定")
    OTHER_RULES = ("other-rules", _Means.PROBLEM, "违反其他部门相关规定")
    STRUCK_OFF = ("struck-off", _Means.GONE, "注销", "已注销")
    REVOKED = ("revoked", _Means.GONE, "被吊销", "吊销", "已吊销")
    ANNULLED = ("annulled", _Means.GONE, "被撤销", "撤销", "已撤销")
    MOVED_OUT = ("moved-out", _Means.GONE, "迁出", "已迁出")

    def __init__(self, code: str, means: _Means, label: str, *others: str) -> None:
        super().__init__(code, label, *others)
        self._means = means

    @property
    def is_problem(self) -> bool:
        """Whether it states a problem, whose violation is routed under Art. 22."""
        return _Means.PROBLEM in self._means

    @property
    def prevents_inspection(self) -> bool:
        """
        Whether the subject made the check impossible.

        Then it is one fact for all items of a visit.
        """
        return _Means.NOT_INSPECTED in self._means

    @property
    def may_be_replaced(self) -> bool:
        """
        Whether a substitute may stand in.

        A subject that refuses is not replaced: that would reward refusing.
        """
        return _Means.REPLACEABLE in self._means


# -- agencies ----------------------------------------------------------------


class AgencyWork(Coded):
    """What kind of work an agency does (委托事项)."""

    TESTING = ("testing", "检验检测", "检验", "检测")
    AUDIT = ("audit", "财务审计", "审计")
    ADVICE = ("advice", "调查咨询", "咨询", "调查")
    APPRAISAL = ("appraisal", "鉴定结论", "鉴定")


def _work(given: AgencyWork | str) -> AgencyWork:
    return AgencyWork.read(given)


@cites(article(21))
@value("dsgk-agency-conclusion/1")
@attrs.frozen(kw_only=True, field_transformer=declared)
class AgencyConclusion(Stored):
    """
    What a qualified agency concluded, used in a check (专业机构结论).

    It supports a finding, which only officers make.  Art. 21:
    可以委托有资质的机构开展检验检测、财务审计、调查咨询等工作，或依法采用相关机构作出的鉴定结论.

    Attributes:
        agency: Name of the agency.
        qualification: Its certificate, such as a number of CMA.
        work: Kind of work.
        item: The item for which it was used.
        concluded_on: Day of its report.
        document: Number or title of its report.
        entrusted: Whether the agency was entrusted with the work; False for
            an existing conclusion that was used (依法采用).
    """

    agency: Label
    qualification: Label
    work: AgencyWork = attrs.field(converter=_work)
    item: Label
    concluded_on: dt.date
    document: Label
    entrusted: bool = True


@cites(article(21))
def check_agencies(
    conclusions: Iterable[AgencyConclusion],
    /,
    *,
    items: ItemList,
    inspectors: InspectorRegister,
) -> tuple[Fault, ...]:
    """
    Check whether conclusions of agencies may be used.

    Args:
        conclusions: What is to be used.
        items: The item list, which says where agencies may take part.
        inspectors: The register; an officer in it cannot act as an agency.

    Returns:
        Faults with their positions; empty if all may be used.
    """
    check_type(items, ItemList, name="items")
    check_type(inspectors, InspectorRegister, name="inspectors")
    faults = Faults()
    for row, one in enumerate(
        several(conclusions, AgencyConclusion, name="conclusions")
    ):
        found = items.find(one.item)
        if not any(item.by_agency for item in found):
            state = "does not let agencies take part" if found else "does not have it"
            faults.add(
                "agency-item",
                row=row,
                column="item",
                got=one.item,
                state=state,
                agency=one.agency,
            )
        if one.agency in inspectors and inspectors[one.agency].is_officer:
            faults.add("agency-officer", row=row, column="agency", got=one.agency)
    return tuple(faults)


# -- findings and their routes -----------------------------------------------


class Route(Coded):
    """How a violation is dealt with, and by whom (处置去向)."""

    OWN_PENALTY = ("own-penalty", "依法惩处", "立案查处", "本部门查处")
    TRANSFER = ("transfer", "移交转办", "移交", "转办", "移送相关部门")
    JUDICIARY = ("judiciary", "移送司法机关", "移送司法", "移送公安机关")


def _code(given: ResultCode | str) -> ResultCode:
    return ResultCode.read(given)


def _route(given: Route | str) -> Route:
    return Route.read(given)


@cites(article(22))
@value("dsgk-finding/1")
@attrs.frozen(kw_only=True, field_transformer=declared)
class Finding(Stored):
    """
    One thing that a check found (检查发现).

    Attributes:
        code: The result.
        competent: Departments that are competent for the violation; empty:
            the one that checks. Only for a result that states a problem.
        suspected_crime: Whether a crime is suspected (涉嫌犯罪). Only for a
            result that states a problem.
        details: What was found, in words. The library never publishes it.
        conclusion: The conclusion of an agency that supports it.
    """

    code: ResultCode = attrs.field(converter=_code)
    competent: frozenset[Label] = attrs.field(default=frozenset(), converter=labels)
    suspected_crime: bool = False
    details: Text = ""
    conclusion: AgencyConclusion | None = None

    def __attrs_post_init__(self) -> None:
        """Reject a competent department or a crime where no problem is stated."""
        if not self.code.is_problem and (self.competent or self.suspected_crime):
            raise invalid("finding-route", got=self.code)


_FINDINGS = some(tuple[Finding, ...])


def _findings(given: Finding | Iterable[Finding]) -> tuple[Finding, ...]:
    found: tuple[Finding, ...] = _FINDINGS.convert(
        (given,) if isinstance(given, Finding) else given
    )
    return found


@cites(article(22))
@value("dsgk-check-result/1")
@attrs.frozen(kw_only=True, field_transformer=declared)
class CheckResult(Stored):
    """
    The outcome of one check: one finding or several (检查结果).

    Attributes:
        task_id, item, department: Which check of the ledger.
        entry: Its plan entry; may be left out if only one fits.
        completed_on: Day on which the check was completed.
        findings: Everything that was found. "No problem" stands alone.
        entered_on: Day on which it was entered, if it was.

    Examples:
        >>> result = CheckResult(
        ...     task_id="T1", item="价格检查", department="市场监管局",
        ...     completed_on=dt.date(2026, 4, 1),
        ...     findings=[Finding(code="corrected"), Finding(code="other-rules")],
        ... )
        >>> sorted(code.label for code in result.codes)
        ['发现问题已责令改正', '违反其他部门相关规定']
    """

    task_id: Id
    item: Label
    department: Label
    entry: Id | None = None
    completed_on: dt.date
    findings: tuple[Finding, ...] = attrs.field(converter=_findings)
    entered_on: dt.date | None = None

    def __attrs_post_init__(self) -> None:
        """Reject "no problem" beside other findings."""
        codes = self.codes
        others = codes - {ResultCode.NO_PROBLEM}
        if len(others) not in {0, len(codes)}:
            raise invalid(
                "findings-contradict",
                column="findings",
                got=ResultCode.NO_PROBLEM,
                others=sorted(code.label for code in others),
                codes=sorted(code.code for code in codes),
            )

    @property
    def codes(self) -> frozenset[ResultCode]:
        """The results, each once."""
        return frozenset(finding.code for finding in self.findings)


@cites(article(22))
@value("dsgk-referral/1")
@attrs.frozen(kw_only=True, field_transformer=declared)
class Referral(Stored):
    """
    One violation on one route to one authority (处置、移送).

    Art. 22: 依法进行惩处；移交、转办相关部门；移送司法机关.

    Attributes:
        task_id, item, department: The check that found it.
        code: The result that states it.
        route: How it is dealt with.
        to: The department that penalises it or takes it over, or 司法机关.
        since: Day on which the check was completed.
        done_on: Day on which it was penalised, transferred or sent, not
            before *since*; None if it was not yet.
        document: The document that shows it, if there is one.
    """

    task_id: Id
    item: Label
    department: Label
    code: ResultCode = attrs.field(converter=_code)
    route: Route = attrs.field(converter=_route)
    to: Label
    since: dt.date
    done_on: dt.date | None = None
    document: Note = ""

    def __attrs_post_init__(self) -> None:
        """Reject a day before the check."""
        if self.done_on is not None and self.done_on < self.since:
            raise self._refused(self.done_on, "done_on")

    def _refused(self, day: dt.date, name: str) -> Exception:
        return invalid(
            "referral-day", column=name, got=day, since=self.since, stated=self.done_on
        )

    def done(self, *, on: dt.date, document: str) -> Self:
        """
        Record that it was penalised, transferred or sent.

        Args:
            on: The day.
            document: The document that shows it.

        Raises:
            InvalidValueError: *on* comes before the check, the document is
                not named, or another day is recorded already.
        """
        day = check_day(on, name="on")
        text = read_label(document, name="document")
        if day < self.since or self.done_on not in {None, day}:
            raise self._refused(day, "on")
        return attrs.evolve(self, done_on=day, document=text)


@cites(article(22))
def log_results(ledger: Ledger, results: Iterable[CheckResult], /) -> Ledger:
    """
    Enter the results of checks in a ledger.

    Args:
        ledger: The ledger that has the checks.
        results: In any order, one for each check.

    Raises:
        InvalidInput: A result fits no check or several, a check gets two
            results, or the ledger says something else already. Faults of the
            first two kinds have positions in *results*.
    """
    check_type(ledger, Ledger, name="ledger")
    right, faults = of_type(results, CheckResult, name="results")
    tasks, items, departments, of_plan = (
        ledger.classes[name] for name in ("task_id", "item", "department", "entry")
    )
    wanted = {result.task_id for result in right.values()}
    rows_of: dict[tuple[Any, ...], dict[str | None, int]] = {}
    for row in np.flatnonzero(ledger.matches(task_id=wanted)).tolist():
        check = (tasks.cell(row), items.cell(row), departments.cell(row))
        rows_of.setdefault(check, {})[of_plan.cell(row)] = row
    chosen: dict[int, CheckResult] = {}
    for k, result in right.items():
        entries = rows_of.get((result.task_id, result.item, result.department), {})
        fitting = [
            row
            for entry, row in entries.items()
            if result.entry is None or entry == result.entry
        ]
        if len(fitting) == 1 and fitting[0] not in chosen:
            chosen[fitting[0]] = result
            continue
        many = "result-unclear" if fitting else "result-unknown"
        faults.add(
            "result-twice" if len(fitting) == 1 else many,
            row=k,
            item=result.item,
            department=result.department,
            task_id=result.task_id,
            count=len(fitting),
        )
    faults.raise_any("list of results")
    return ledger.record(
        list(chosen),
        completed_on=[result.completed_on for result in chosen.values()],
        results=[result.codes for result in chosen.values()],
        entered_on=[result.entered_on for result in chosen.values()],
    )


@cites(article(22))
def route_results(results: Iterable[CheckResult], /) -> tuple[Referral, ...]:
    """
    Send every violation to all authorities that are competent for it.

    The department that checked penalises it if it is competent; other
    competent departments get it transferred.  A suspected crime also goes to
    the judiciary.

    Args:
        results: Results of checks, in any order.

    Returns:
        Referrals in the order of results and findings; none for a finding
        that states no problem.

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
    return tuple(
        Referral(
            task_id=result.task_id,
            item=result.item,
            department=result.department,
            code=finding.code,
            route=route,
            to=to,
            since=result.completed_on,
        )
        for result in several(results, CheckResult, name="results")
        for finding in result.findings
        if finding.code.is_problem
        for route, to in _routes(finding, result.department)
    )


def _routes(finding: Finding, own: str) -> Iterator[tuple[Route, str]]:
    competent = finding.competent or {own}
    if own in competent:
        yield Route.OWN_PENALTY, own
    for department in sorted(competent - {own}):
        yield Route.TRANSFER, department
    if finding.suspected_crime:
        yield Route.JUDICIARY, _JUDICIARY
