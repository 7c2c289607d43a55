"""
Case leads: what is inspected at once, outside plan and draw (线索).

A complaint, a transfer, an alert from monitoring or unlicensed trade is
followed up at once.  Its subject is known, so only the inspectors are drawn.
Its checks stand in the ledger with an origin of their own and count towards no
ratio, cap, coverage or rate.
"""

import datetime as dt
from collections.abc import Iterable

import attrs

from dsgk.assignments import Seat, StaffingTask
from dsgk.errors import Faults, invalid
from dsgk.fields import (
    Coded,
    Id,
    Label,
    Stored,
    check_type,
    declared,
    listed,
    of_type,
    value,
)
from dsgk.identifiers import duplicates
from dsgk.items import Method
from dsgk.ledger import Ledger, LedgerRow, Origin
from dsgk.sources import Provision, RuleProfile, article, cites


__all__ = [
    "CaseLead",
    "CaseLeadKind",
    "log_case_leads",
]

_RULES = RuleProfile()
_CASE_LEADS = "list of case leads"


@cites(article(16), article(32))
class CaseLeadKind(Coded):
    """
    Where a case lead comes from (线索来源).

    Art. 16: 通过投诉举报、转办交办、数据监测等发现的违法违规个案线索; Art. 32:
    无证无照经营行为.

    Examples:
        >>> CaseLeadKind.read("举报"), str(CaseLeadKind.UNLICENSED.provision)
        (<CaseLeadKind.COMPLAINT: 'complaint'>, 'District Opinion, Art. 32')
    """

    COMPLAINT = ("complaint", "投诉举报", "投诉", "举报")
    TRANSFER = ("transfer", "转办交办", "转办", "交办", "移送", "移交")
    MONITORING = ("monitoring", "数据监测", "监测", "监测预警")
    UNLICENSED = ("unlicensed-trade", "无证无照经营", "无证经营", "无照经营")

    @property
    def provision(self) -> Provision:
        """The provision under which such a case lead is handled."""
        return article(32) if self is CaseLeadKind.UNLICENSED else article(16)


def _kind(given: CaseLeadKind | str) -> CaseLeadKind:
    return CaseLeadKind.read(given)


@cites(article(16), article(32))
@value("dsgk-case-lead/1")
@attrs.frozen(kw_only=True, field_transformer=declared)
class CaseLead(Stored):
    """
    A single case that is followed up at once (个案线索).

    It does not say who complained.

    Attributes:
        id: Unique; also the id of its task.
        kind: Where it comes from; its code or Chinese text will do.
        subject_id: Whom it concerns. Unlicensed traders have no credit code:
            any id will do, and they need not be in the register.
        item: What is inspected.
        department: The department that inspects.
        received_on: Day on which it came in.
        due: Last day for the inspection, if the host sets one; not before
            *received_on*. None: as soon as possible.
        method: How it is inspected.
    """

    id: Id
    kind: CaseLeadKind = attrs.field(converter=_kind)
    subject_id: Id
    item: Label
    department: Label
    received_on: dt.date
    due: dt.date | None = None
    method: Method = Method.ON_SITE

    def __attrs_post_init__(self) -> None:
        """Reject a last day before the day on which it came in."""
        if self.due is not None and self.due < self.received_on:
            raise invalid(
                "case-lead-due",
                column="due",
                id=self.id,
                got=self.due,
                received_on=self.received_on,
            )

    @property
    def row(self) -> LedgerRow:
        """Its check, as it joins the ledger."""
        return LedgerRow(
            task_id=self.id,
            subject_id=self.subject_id,
            item=self.item,
            department=self.department,
            origin=Origin.CASE_LEAD,
            basis=self.kind.code,
            method=self.method,
            drawn_on=self.received_on,
            due=self.due,
        )

    @cites(article(3), article(16))
    def task(
        self, seats: Iterable[Seat] = (), /, *, rules: RuleProfile = _RULES
    ) -> StaffingTask:
        """
        The task for which inspectors are drawn (随机选派).

        Tasks of case leads make a `StaffingProblem`, whose chances are stated with
        the reason ``"case-lead"``: the subject is given, the inspectors are not.

        Args:
            seats: Who is needed; by default as many officers of its
                department as the law demands.
            rules: The numbers of the law.

        Raises:
            InvalidTypeError: *seats* or *rules* have the wrong type.

        Examples:
            >>> from dsgk.assignments import StaffingProblem
            >>> from dsgk.draws import Digits, Entropy
            >>> from dsgk.inspectors import Inspector, InspectorRegister
            >>> complaint = CaseLead(
            ...     id="X1", kind="举报", subject_id="S1", item="食品经营检查",
            ...     department="市场监管局", received_on=dt.date(2026, 4, 1),
            ... )
            >>> officers = InspectorRegister(
            ...     Inspector(id=f"SJ{n}", department="市场监管局") for n in (1, 2, 3)
            ... )
            >>> fact = Entropy("公开号码", dt.date(2026, 4, 2), [Digits("号码", 8)])
            >>> problem = StaffingProblem([complaint.task()], officers)
            >>> stated = problem.chances(fact, reason="case-lead")
            >>> len(stated.draw(stated.key(["02071118"])).teams["X1"])
            2
        """
        check_type(rules, RuleProfile, name="rules")
        given = listed(seats, Seat, name="seats")
        own = (Seat(department=self.department, count=rules.min_officers),)
        return StaffingTask(id=self.id, subject_id=self.subject_id, seats=given or own)


def _by_id(case_leads: Iterable[CaseLead], /) -> list[CaseLead]:
    """Sort case leads; reject other things and ids that come twice."""
    right, faults = of_type(case_leads, CaseLead, name="case_leads")
    rows, given = [*right], [*right.values()]
    for row, first in duplicates([one.id for one in given]):
        faults.add(
            "id-duplicate",
            row=rows[row],
            column="id",
            text=given[row].id,
            first=rows[first],
        )
    faults.raise_any(_CASE_LEADS)
    return sorted(given, key=lambda one: one.id)


@cites(article(16), article(32))
def log_case_leads(ledger: Ledger, case_leads: Iterable[CaseLead], /) -> Ledger:
    """
    Add the checks of case leads to a ledger.

    Args:
        ledger: The ledger so far.
        case_leads: New ones; no id of theirs is a task of the ledger.

    Returns:
        The ledger with one more check for each case lead: of origin
        `Origin.CASE_LEAD`, without plan entry or tier; the kind is its basis.

    Raises:
        InvalidInput: An id comes twice, or is a task of the ledger already.

    Examples:
        >>> complaint = CaseLead(
        ...     id="X1", kind="举报", subject_id="S1", item="食品经营检查",
        ...     department="市场监管局", received_on=dt.date(2026, 4, 1),
        ... )
        >>> ledger = log_case_leads(Ledger.of(), [complaint])
        >>> ledger[0].origin.label, ledger[0].entry, ledger[0].basis
        ('线索核查', None, 'complaint')
    """
    check_type(ledger, Ledger, name="ledger")
    ordered = _by_id(case_leads)
    tasks = set(ledger.classes["task_id"].categories)
    faults = Faults()
    for row, one in enumerate(ordered):
        if one.id in tasks:
            faults.add("case-lead-known", row=row, column="id", got=one.id)
    faults.raise_any(_CASE_LEADS)
    return ledger.extend(one.row for one in ordered)
