"""What is listed: pieces of evidence, and facts that the host reports."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

import attrs

from dsgk.errors import InvalidTypeError, InvalidValueError, shown
from dsgk.fields import check_day, several
from dsgk.identifiers import check_id, check_label
from dsgk.ledger import LedgerRow
from dsgk.sources import DISTRICT_OPINION, Provision


__all__ = [
    "CONSEQUENCES",
    "Evidence",
    "ReportedFact",
    "evidence_columns",
    "of_row",
    "reports_of",
    "with_reports",
]

CONSEQUENCES = "harmful consequences (不良后果)"
"""What Art. 28 (2) and (8) ask for besides, and no ledger shows."""

_ARTICLES = (28, 29)


def _on(value: dt.date) -> dt.date:
    return check_day(value, name="on")


@attrs.frozen(kw_only=True)
class ReportedFact:
    """
    A fact that no ledger shows, reported by the host (报告的事实).

    Attributes:
        provision: The item of Art. 28 or 29 on which it bears.
        on: Day on which it came to pass.
        document: The document that shows it; without one it is a rumour.
        words: What it is, in words that name no person.
        subject_id: The subject that it is about, if one.
        task_id: The task that it is about, if one.
        department: The department that it is about, if one.

    Raises:
        InvalidTypeError, InvalidValueError: A value is none of its field, or
            the provision is no item of Art. 28 or 29.

    Examples:
        >>> from dsgk.sources import article
        >>> fact = ReportedFact(
        ...     provision=article(29, 4), on=dt.date(2026, 7, 1), subject_id="S1",
        ...     document="事故调查报告〔2026〕3号", words="事故由外部施工引起",
        ... )
        >>> print(fact.provision)
        District Opinion, Art. 29(4)
    """

    provision: Provision
    on: dt.date = attrs.field(converter=_on)
    document: str
    words: str
    subject_id: str | None = None
    task_id: str | None = None
    department: str | None = None

    def __attrs_post_init__(self) -> None:
        """Refuse a fact without a document, or on no ground."""
        known: object = self.provision
        if not isinstance(known, Provision):
            msg = (
                f"'provision' must be a Provision (got {shown(known)}). "
                "Write article(28, 2)."
            )
            raise InvalidTypeError(msg, code="report-provision")
        if (
            known.instrument != DISTRICT_OPINION
            or known.article not in _ARTICLES
            or known.item is None
        ):
            msg = (
                f"'provision' must be an item of Art. 28 or 29 (got {known}). "
                "Write article(28, 2)."
            )
            raise InvalidValueError(
                msg, code="report-provision", params={"provision": str(known)}
            )
        check_label(self.document, name="document")
        check_label(self.words, name="words")
        for field in ("subject_id", "task_id"):
            if getattr(self, field) is not None:
                check_id(getattr(self, field), name=field)
        if self.department is not None:
            check_label(self.department, name="department")

    def concerns(self, task_id: str | None, subject_id: str | None) -> bool:
        """Whether it is about a task, or, naming none, about its subject."""
        if self.task_id is not None:
            return self.task_id == task_id
        return self.subject_id is not None and self.subject_id == subject_id


def _params(params: Mapping[str, Any]) -> dict[str, Any]:
    return dict(params)


@attrs.frozen(kw_only=True)
class Evidence:
    """
    One piece of evidence on one ground; no verdict (证据).

    Attributes:
        provision: The ground: an item of Art. 28 or 29.
        code: What is shown, as a stable kebab-case key.
        message: The same in a sentence.
        shown_by: The records that show it: rows of the ledger, receipts,
            referrals, results, reported facts.
        missing: What the ground asks for besides and these records do not
            show; empty where they show all of it.
        on: Day on which it came to pass.
        department, subject_id, task_id, item: What it is about.
        params: Further figures.
    """

    provision: Provision
    code: str
    message: str
    shown_by: tuple[Any, ...]
    missing: tuple[str, ...] = ()
    on: dt.date | None = None
    department: str | None = None
    subject_id: str | None = None
    task_id: str | None = None
    item: str | None = None
    params: Mapping[str, Any] = attrs.field(
        factory=dict, converter=_params, hash=False, repr=False
    )


def of_row(
    row: LedgerRow,
    provision: Provision,
    code: str,
    message: str,
    /,
    *,
    on: dt.date | None,
    also: Iterable[Any] = (),
    missing: Iterable[str] = (),
    params: Mapping[str, Any] | None = None,
) -> Evidence:
    """Make evidence that a row of the ledger shows."""
    return Evidence(
        provision=provision,
        code=code,
        message=f"{message} ({row.item} of {row.department}, task {row.task_id})",
        shown_by=(row, *also),
        missing=tuple(missing),
        on=on,
        department=row.department,
        subject_id=row.subject_id,
        task_id=row.task_id,
        item=row.item,
        params=params or {},
    )


def reports_of(
    reports: Iterable[ReportedFact], provision: Provision, /
) -> tuple[ReportedFact, ...]:
    """
    Take the reported facts that bear on one ground.

    Raises:
        InvalidTypeError, InvalidInput: Something is no reported fact.
    """
    given = several(reports, ReportedFact, name="reports")
    return tuple(report for report in given if report.provision == provision)


def with_reports(
    found: Iterable[Evidence],
    reports: Iterable[ReportedFact],
    provision: Provision,
    /,
    *,
    settles: str = "",
) -> tuple[Evidence, ...]:
    """
    Join what records show and what was reported on one ground.

    Args:
        found: Evidence of records.
        reports: Reported facts, of any ground.
        provision: The ground.
        settles: What a report about the same task or subject shows, so that
            it is not missing any more.

    Returns:
        The evidence, each with the reports about it; then the reports that
        are about none of it, so that none is lost.
    """
    own = reports_of(reports, provision)
    joined = []
    used = set()
    for evidence in found:
        about = [
            report
            for report in own
            if report.concerns(evidence.task_id, evidence.subject_id)
        ]
        used.update(about)
        if about:
            evidence = attrs.evolve(  # noqa: PLW2901
                evidence,
                shown_by=(*evidence.shown_by, *about),
                missing=tuple(m for m in evidence.missing if m != settles),
            )
        joined.append(evidence)
    joined += [
        Evidence(
            provision=provision,
            code="reported",
            message=f"{report.words} ({report.document})",
            shown_by=(report,),
            on=report.on,
            department=report.department,
            subject_id=report.subject_id,
            task_id=report.task_id,
        )
        for report in own
        if report not in used
    ]
    return tuple(joined)


def evidence_columns(evidence: Iterable[Evidence], /) -> dict[str, list[Any]]:
    """
    Plain columns of a list of evidence, for a table of any library.

    Returns:
        ``provision``, ``code``, ``department``, ``subject_id``, ``task_id``,
        ``item``, ``on``, ``message`` and ``missing``, this joined by
        semicolons.

    Raises:
        InvalidTypeError, InvalidInput: Something is no evidence.
    """
    listed = several(evidence, Evidence, name="evidence")
    columns: dict[str, list[Any]] = {"provision": [str(e.provision) for e in listed]}
    for field in ("code", "department", "subject_id", "task_id", "item", "on"):
        columns[field] = [getattr(e, field) for e in listed]
    columns["message"] = [e.message for e in listed]
    columns["missing"] = ["; ".join(e.missing) for e in listed]
    return columns
