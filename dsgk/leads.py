"""
Leads: what is inspected at once, outside plan and draw (线索).

A complaint, a transfer, an alert of monitoring or unlicensed trade is followed
up at once.  The subject is given, so nothing is drawn of it; the inspectors
are drawn at random all the same.  Its checks stand in the ledger with an
origin of their own and count in no ratio, cap, coverage or rate.
"""

import datetime as dt
import hashlib
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any

import attrs

from dsgk.assignments import (
    Assignment,
    Fairness,
    PastVisit,
    Seat,
    StaffingTask,
    assign_inspectors,
)
from dsgk.documents import an_entropy, canonical_json
from dsgk.errors import (
    Fault,
    InvalidInput,
    InvalidTypeError,
    InvalidValueError,
    shown,
)
from dsgk.fields import Coded, check_day, check_type
from dsgk.identifiers import check_id, check_label, duplicates
from dsgk.inspectors import InspectorRegister, Recusal
from dsgk.items import Method
from dsgk.ledger import Ledger, LedgerRow, Origin
from dsgk.sources import Provision, RuleProfile, article, cites


__all__ = [
    "LEADS_FORMAT",
    "Lead",
    "LeadKind",
    "assign_to_leads",
    "leads_key",
    "leads_of",
    "log_leads",
]

LEADS_FORMAT = "dsgk-leads/1"
"""Name of the document of which the key for leads is made."""

_RULES = RuleProfile()
_LEADS = "list of leads"


@cites(article(16), article(32))
class LeadKind(Coded):
    """
    Where a lead comes from (线索来源).

    Cites:
        District Opinion, Art. 16 (通过投诉举报、转办交办、数据监测等发现的违法违规个案
        线索) and 32 (无证无照经营行为).

    Examples:
        >>> LeadKind.read("举报"), str(LeadKind.UNLICENSED.provision)
        (<LeadKind.COMPLAINT: 'complaint'>, 'District Opinion, Art. 32')
    """

    COMPLAINT = ("complaint", "投诉举报", "投诉", "举报")
    TRANSFER = ("transfer", "转办交办", "转办", "交办", "移送", "移交")
    MONITORING = ("monitoring", "数据监测", "监测", "监测预警")
    UNLICENSED = ("unlicensed-trade", "无证无照经营", "无证经营", "无照经营")

    @property
    def provision(self) -> Provision:
        """The provision under which such a lead is handled."""
        return article(32) if self is LeadKind.UNLICENSED else article(16)


def _kind(value: object) -> LeadKind:
    return LeadKind.read(value, name="kind")


def _received(value: dt.date) -> dt.date:
    return check_day(value, name="received_on")


def _due(value: dt.date | None) -> dt.date | None:
    return None if value is None else check_day(value, name="due")


@cites(article(16), article(32))
@attrs.frozen(kw_only=True)
class Lead:
    """
    One single case that is followed up (个案线索).

    It names no person: who complained is no part of it.

    Attributes:
        id: Unique; also the id of its task.
        kind: Where it comes from.
        subject_id: Whom it concerns. Unlicensed trade has no credit code:
            any id will do, and the subject need not be in the register.
        item: What is inspected.
        department: The department that inspects.
        received_on: Day on which it came in.
        due: Last day for the inspection, where a rule of the host sets one;
            None where it is only to be made at once.
        method: How it is inspected.

    Raises:
        InvalidTypeError, InvalidValueError: A value is none of its field, or
            *due* comes before *received_on*.

    Cites:
        District Opinion, Art. 16 (要立即实施检查、依法处置) and 32.
    """

    id: str
    kind: LeadKind = attrs.field(converter=_kind)
    subject_id: str
    item: str
    department: str
    received_on: dt.date = attrs.field(converter=_received)
    due: dt.date | None = attrs.field(default=None, converter=_due)
    method: Method = Method.ON_SITE

    def __attrs_post_init__(self) -> None:
        """Refuse what no lead can be."""
        check_id(self.id)
        check_id(self.subject_id, name="subject_id")
        check_label(self.item, name="item")
        check_label(self.department, name="department")
        if not isinstance(self.method, Method):
            msg = (
                f"'method' must be a Method (got {shown(self.method)}). "
                "Write Method.ON_SITE."
            )
            raise InvalidTypeError(msg, code="lead-method")
        if self.due is not None and self.due < self.received_on:
            msg = (
                f"'due' must not be before 'received_on' (got {self.due}, received on "
                f"{self.received_on}). Leave it out where the check is only to be made "
                "at once."
            )
            raise InvalidValueError(
                msg, code="lead-due", params={"id": self.id, "due": self.due}
            )

    @property
    def row(self) -> LedgerRow:
        """Its check, as it joins the ledger."""
        return LedgerRow(
            task_id=self.id,
            subject_id=self.subject_id,
            item=self.item,
            department=self.department,
            origin=Origin.LEAD,
            basis=self.kind.code,
            method=self.method,
            drawn_on=self.received_on,
            due=self.due,
        )

    def task(
        self, seats: Iterable[Seat] = (), /, *, rules: RuleProfile = _RULES
    ) -> StaffingTask:
        """
        The task for which inspectors are drawn.

        Args:
            seats: Who is needed; by default the officers whom the law asks
                for, of the lead's department.
            rules: The numbers of the law.

        Raises:
            InvalidTypeError, InvalidValueError: *seats* are none, or *rules*
                are of another type.
        """
        check_type(rules, RuleProfile, name="rules")
        given = _seats(seats)
        own = (Seat(department=self.department, count=rules.min_officers),)
        return StaffingTask(id=self.id, subject_id=self.subject_id, seats=given or own)


def _seats(seats: object) -> tuple[Any, ...]:
    """Take the seats of a team; the task refuses what is none."""
    if isinstance(seats, str) or not isinstance(seats, Iterable):
        msg = f"'seats' must be several seats (got {shown(seats)}). Write [Seat(…)]."
        raise InvalidTypeError(msg, code="lead-seats")
    return tuple(seats)


def leads_of(leads: Iterable[Lead], /) -> tuple[Lead, ...]:
    """
    Check a list of leads.

    Returns:
        The leads, in the order of their ids.

    Raises:
        InvalidTypeError: *leads* is no list, but one lead or a text.
        InvalidInput: Something is no lead, or an id comes twice.
    """
    given: object = leads
    if isinstance(given, (str, Mapping)) or not isinstance(given, Iterable):
        msg = f"'leads' must be several leads (got {shown(leads)}). Write [Lead(…), …]."
        raise InvalidTypeError(msg, code="leads-type")
    listed: list[Any] = list(given)
    faults = [
        Fault.told(
            "lead-type",
            f"must be a Lead (got {shown(lead)}). Write Lead(…).",
            row=k,
        )
        for k, lead in enumerate(listed)
        if not isinstance(lead, Lead)
    ]
    if not faults:
        ids = [lead.id for lead in listed]
        for row, first in duplicates(ids):
            msg = (
                f"'id' must be unique among the leads (got {ids[row]!r} here and in "
                f"row {first}). Number them anew, or keep one of them."
            )
            faults.append(
                Fault.told(
                    "id-duplicate", msg, row=row, column="id", params={"first": first}
                )
            )
    if faults:
        raise InvalidInput.of(_LEADS, faults)
    return tuple(sorted(listed, key=lambda lead: lead.id))


@cites(article(16), article(32))
def log_leads(ledger: Ledger, leads: Iterable[Lead], /) -> Ledger:
    """
    The ledger with the checks of leads, apart from what was drawn.

    Args:
        ledger: The ledger so far.
        leads: New leads, each with an id that is no task of the ledger.

    Returns:
        The ledger with one check more for each lead, of origin `Origin.LEAD`,
        without plan entry and tier; its basis is the kind of the lead.

    Raises:
        InvalidTypeError: *ledger* is none, or *leads* is no list.
        InvalidInput: An id comes twice, or is a task of the ledger already.

    Cites:
        District Opinion, Art. 16 (个案线索，要立即实施检查) and 32.

    Examples:
        >>> lead = Lead(
        ...     id="X1", kind="举报", subject_id="S1", item="食品经营检查",
        ...     department="市场监管局", received_on=dt.date(2026, 4, 1),
        ... )
        >>> ledger = log_leads(Ledger.of(), [lead])
        >>> ledger[0].origin.label, ledger[0].entry, ledger[0].basis
        ('线索核查', None, 'complaint')
    """
    check_type(ledger, Ledger, name="ledger")
    ordered = leads_of(leads)
    tasks = set(ledger.classes["task_id"].categories)
    faults = [
        Fault.told(
            "lead-known",
            f"'id' must not be a task of the ledger (got {lead.id!r}). Record what "
            "happened to it with ledger.record.",
            row=row,
            column="id",
            params={"id": lead.id},
        )
        for row, lead in enumerate(ordered)
        if lead.id in tasks
    ]
    if faults:
        raise InvalidInput.of(_LEADS, faults)
    return ledger.extend(lead.row for lead in ordered)


def leads_key(leads: Iterable[Lead], /, *, entropy: str) -> str:
    """
    Make the key with which the inspectors of leads are drawn.

    Like the key of a draw of subjects it is the first 32 hex characters of
    the SHA-256 of a digest, a colon and a public fact; the digest is that of
    the leads, so that every day's leads have a key of their own.

    Args:
        leads: In any order.
        entropy: A public fact that did not exist when the leads came in, as
            its source prints it.

    Raises:
        InvalidInput: The entropy is no text for it, or *leads* are faulty.

    Examples:
        >>> leads_key([], entropy="02-07-11-18-25-30+09")
        '7a0cdcd64c3268bcc3aa27a34a946b38'
    """
    faults = an_entropy(entropy, "entropy")
    if faults:
        what = "key for leads"
        raise InvalidInput.of(what, faults)
    document = {
        "format": LEADS_FORMAT,
        "leads": [
            {
                "id": lead.id,
                "subject_id": lead.subject_id,
                "received_on": lead.received_on.isoformat(),
            }
            for lead in leads_of(leads)
        ],
    }
    digest = hashlib.sha256(canonical_json(document)).hexdigest()
    return hashlib.sha256(f"{digest}:{entropy}".encode()).hexdigest()[:32]


@cites(article(3), article(16))
def assign_to_leads(
    leads: Iterable[Lead],
    register: InspectorRegister,
    /,
    *,
    entropy: str,
    seats: Mapping[str, Iterable[Seat]] | None = None,
    recusals: Iterable[Recusal] = (),
    history: Iterable[PastVisit] = (),
    current_loads: Mapping[str, int] = MappingProxyType({}),
    fairness: Fairness = Fairness.EQUAL_CHANCE,
    rules: RuleProfile = _RULES,
) -> Assignment:
    """
    Draw the inspectors of leads at random (随机选派).

    Args:
        leads: The leads, in any order.
        register: Who can be sent.
        entropy: As in `leads_key`.
        seats: [id of a lead -> seats] Who is needed; for the others the
            officers whom the law asks for, of the lead's department.
        recusals: As in `assign_inspectors`, as are the rest.
        history: Past visits.
        current_loads: Tasks that people have already, by id, such as the
            loads of the year's assignment: a lead is drawn at once, within
            their capacities.
        fairness: What is made equal.
        rules: The numbers of the law.

    Raises:
        InvalidTypeError: An argument is of another type.
        InvalidInput: *leads* or *seats* are faulty, or as in
            `assign_inspectors`.
        UnstaffableError: There is no legal staffing; it says why.

    Cites:
        District Opinion, Art. 3 (随机选派执法检查人员) and 16.

    Examples:
        >>> from dsgk.inspectors import Inspector
        >>> officers = InspectorRegister(
        ...     Inspector(id=f"SJ{n}", department="市场监管局") for n in (1, 2, 3)
        ... )
        >>> lead = Lead(
        ...     id="X1", kind="举报", subject_id="S1", item="食品经营检查",
        ...     department="市场监管局", received_on=dt.date(2026, 4, 1),
        ... )
        >>> drawn = assign_to_leads([lead], officers, entropy="02-07-11")
        >>> len(drawn.teams["X1"]), drawn.key == leads_key([lead], entropy="02-07-11")
        (2, True)
    """
    ordered = leads_of(leads)
    check_type(rules, RuleProfile, name="rules")
    wanted: Mapping[str, Iterable[Seat]] = {} if seats is None else seats
    given: object = wanted
    if not isinstance(given, Mapping):
        msg = (
            f"'seats' must map leads to their seats (got {shown(seats)}). Write "
            "{'X1': [Seat(…)]}."
        )
        raise InvalidTypeError(msg, code="lead-seats")
    ids = {lead.id for lead in ordered}
    faults = [
        Fault.told(
            "seats-unknown",
            f"'seats' must be of leads that are given (got {lead_id!r}). Leave them "
            "out, or add the lead.",
            column="seats",
            params={"id": lead_id},
        )
        for lead_id in wanted
        if lead_id not in ids
    ]
    if faults:
        raise InvalidInput.of(_LEADS, faults)
    return assign_inspectors(
        [lead.task(wanted.get(lead.id, ()), rules=rules) for lead in ordered],
        register,
        key=leads_key(ordered, entropy=entropy),
        recusals=recusals,
        history=history,
        current_loads=current_loads,
        fairness=fairness,
        rules=rules,
    )
