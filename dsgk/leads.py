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

import attrs

from dsgk.assignments import (
    Assignment,
    Fairness,
    PastVisit,
    Seat,
    StaffingTask,
    assign_inspectors,
)
from dsgk.documents import an_entropy, digest_of
from dsgk.errors import Faults, invalid
from dsgk.fields import (
    Coded,
    Id,
    Label,
    Stored,
    check_mapping,
    check_type,
    declared,
    listed,
    of_type,
    value,
)
from dsgk.identifiers import duplicates
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

    Art. 16: 通过投诉举报、转办交办、数据监测等发现的违法违规个案线索; Art. 32:
    无证无照经营行为.

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


def _kind(given: LeadKind | str) -> LeadKind:
    return LeadKind.read(given)


@cites(article(16), article(32))
@value("dsgk-lead/1")
@attrs.frozen(kw_only=True, field_transformer=declared)
class Lead(Stored):
    """
    One single case that is followed up at once (个案线索).

    It names no person: who complained is no part of it.

    Attributes:
        id: Unique; also the id of its task.
        kind: Where it comes from; its code or Chinese text will do.
        subject_id: Whom it concerns. Unlicensed trade has no credit code:
            any id will do, and the subject need not be in the register.
        item: What is inspected.
        department: The department that inspects.
        received_on: Day on which it came in.
        due: Last day for the inspection, where a rule of the host sets one;
            None where it is only to be made at once. Not before *received_on*.
        method: How it is inspected.
    """

    id: Id
    kind: LeadKind = attrs.field(converter=_kind)
    subject_id: Id
    item: Label
    department: Label
    received_on: dt.date
    due: dt.date | None = None
    method: Method = Method.ON_SITE

    def __attrs_post_init__(self) -> None:
        """Reject a last day before the first."""
        if self.due is not None and self.due < self.received_on:
            raise invalid(
                "lead-due",
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
        given = listed(seats, Seat, name="seats")
        own = (Seat(department=self.department, count=rules.min_officers),)
        return StaffingTask(id=self.id, subject_id=self.subject_id, seats=given or own)


def leads_of(leads: Iterable[Lead], /) -> tuple[Lead, ...]:
    """
    Check a list of leads.

    Returns:
        The leads, in the order of their ids.

    Raises:
        InvalidTypeError: *leads* is no list, but one lead or a text.
        InvalidInput: Something is no lead, or an id comes twice.
    """
    right, faults = of_type(leads, Lead, name="leads")
    rows, given = [*right], [*right.values()]
    for row, first in duplicates([lead.id for lead in given]):
        faults.add(
            "id-duplicate",
            row=rows[row],
            column="id",
            text=given[row].id,
            first=rows[first],
        )
    faults.raise_any(_LEADS)
    return tuple(sorted(given, key=lambda lead: lead.id))


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
        InvalidInput: An id comes twice, or is a task of the ledger already.

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
    faults = Faults()
    for row, lead in enumerate(ordered):
        if lead.id in tasks:
            faults.add("lead-known", row=row, column="id", got=lead.id)
    faults.raise_any(_LEADS)
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
    Faults(an_entropy(entropy, "entropy")).raise_any("key for leads")
    digest = digest_of(
        {
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
    )
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
        InvalidInput: *leads* or *seats* are faulty, or as in
            `assign_inspectors`.
        UnstaffableError: There is no legal staffing; it says why.

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
    wanted = check_mapping(
        {} if seats is None else seats, name="seats", instead="{'X1': [Seat(…)]}"
    )
    ids = {lead.id for lead in ordered}
    faults = Faults()
    for lead_id in wanted:
        if lead_id not in ids:
            faults.add("seats-unknown", column="seats", got=lead_id)
    faults.raise_any(_LEADS)
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
