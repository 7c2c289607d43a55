"""Pieces of evidence, and facts that the host reports."""

import datetime as dt
import functools
import re
import types
from collections.abc import Iterable, Mapping
from typing import Annotated, Any

import attrs

from dsgk._messages import EVIDENCE
from dsgk.draws import Receipt
from dsgk.errors import Fault, Faults, invalid
from dsgk.fields import (
    Id,
    Kind,
    Label,
    Stored,
    check_mapping,
    declared,
    listed,
    several,
    trusted,
    value,
)
from dsgk.ledger import LedgerRow
from dsgk.results import AgencyConclusion, CheckResult, Referral
from dsgk.sources import DISTRICT_OPINION, PROVISIONS, Provision


CONSEQUENCES = "consequences"
"""Harmful consequences, which Art. 28 (2) and (8) demand and no ledger shows."""

_GROUNDS: Mapping[str, Provision] = {
    str(provision): provision
    for provision in PROVISIONS
    if provision.instrument == DISTRICT_OPINION
    and provision.article in {28, 29}
    and provision.item is not None
}
_KNOWN = frozenset(_GROUNDS.values())
_ISO_DAY = re.compile(r"\d{4}-\d\d-\d\d")


@attrs.frozen
class _Ground(Kind):
    """An item of Art. 28 or 29, stored as it is cited."""

    def convert(self, given: Any, /) -> Provision:  # noqa: ANN401
        if isinstance(given, Provision) and given in _KNOWN:
            return given
        if isinstance(given, str) and given in _GROUNDS:
            return _GROUNDS[given]
        got = str(given) if isinstance(given, Provision) else given
        raise invalid("report-provision", name="value", got=got)

    def plain(self, held: Provision, /) -> str:
        return str(held)

    def schema(self) -> dict[str, Any]:
        return {"enum": [*_GROUNDS]}


Ground = Annotated[Provision, _Ground()]


@value("dsgk-reported-fact/1")
@attrs.frozen(kw_only=True, field_transformer=declared)
class ReportedFact(Stored):
    """
    A fact that no ledger shows, reported by the host (报告的事实).

    Attributes:
        provision: The item of Art. 28 or 29 on which it bears.
        on: Day on which it happened.
        document: The document that shows it; without one it is a rumour.
        words: What happened, in words that name no person.
        subject_id, task_id, department: What it is about, as far as known.

    Examples:
        >>> from dsgk.sources import article
        >>> fact = ReportedFact(
        ...     provision=article(29, 4), on=dt.date(2026, 7, 1), subject_id="S1",
        ...     document="事故调查报告〔2026〕3号", words="事故由外部施工引起",
        ... )
        >>> print(fact.provision)
        District Opinion, Art. 29(4)
    """

    provision: Ground
    on: dt.date
    document: Label
    words: Label
    subject_id: Id | None = None
    task_id: Id | None = None
    department: Label | None = None

    def concerns(self, task_id: str | None, subject_id: str | None) -> bool:
        """Whether it is about a task; or about its subject, if it names no task."""
        if self.task_id is not None:
            return self.task_id == task_id
        return self.subject_id is not None and self.subject_id == subject_id


_RECORDS = (
    LedgerRow, Receipt, Referral, CheckResult, AgencyConclusion, ReportedFact
)  # fmt: skip
_BY_FORMAT: Mapping[str, Any] = {
    getattr(kind, "FORMAT", kind.__name__): kind for kind in _RECORDS
}


@attrs.frozen
class _Shown(Kind):
    """Records of several kinds, each with its format; or the ids of a team."""

    def convert(self, given: Any, /) -> tuple[Any, ...]:  # noqa: ANN401
        entries = listed(given, object, name="value")
        if all(isinstance(entry, (*_RECORDS, tuple)) for entry in entries):
            return entries
        found = []
        faults = Faults()
        for place, entry in enumerate(entries):
            with faults.catch(f"[{place}]"):
                found.append(_record(entry))
        faults.raise_any()
        return tuple(found)

    def plain(self, held: Any, /) -> list[Any]:  # noqa: ANN401
        return [
            list(entry) if isinstance(entry, tuple) else entry.to_dict()
            for entry in held
        ]

    def schema(self) -> dict[str, Any]:
        return {"type": "array", "items": {"type": ["object", "array"]}}


def _record(entry: object) -> Any:  # noqa: ANN401
    if isinstance(entry, (*_RECORDS, tuple, list)):
        return tuple(entry) if isinstance(entry, list) else entry
    form = check_mapping(entry, name="value", instead="a record").get("format")
    if not isinstance(form, str) or form not in _BY_FORMAT:
        raise invalid(
            "format-unknown", column="format", expected=tuple(_BY_FORMAT), got=form
        )
    return _BY_FORMAT[form].from_dict(entry)


@attrs.frozen
class _Code(Kind):
    """A code of the catalogue of evidence, without the head that its kind shares."""

    head: str

    def convert(self, given: Any, /) -> str:  # noqa: ANN401
        if isinstance(given, str) and self.head + given in EVIDENCE:
            return str(given)
        known = ", ".join(self.schema()["enum"])
        raise invalid("not-in-list", name="value", got=given, known=known)

    def schema(self) -> dict[str, Any]:
        known = (code for code in EVIDENCE if code.startswith(self.head))
        return {"enum": sorted(code.removeprefix(self.head) for code in known)}


_SHOWN, _MISSING = "evidence-", "missing-"
_ABOUT = ("department", "subject_id", "task_id", "item")


@attrs.frozen
class _Figures(Kind):
    """Values of a sentence by name: texts, numbers and days."""

    def convert(self, given: Any, /) -> Mapping[str, Any]:  # noqa: ANN401
        figures = check_mapping(given, name="value", instead="{…: …}").items()
        return types.MappingProxyType(
            {
                name: dt.date.fromisoformat(figure)
                if isinstance(figure, str) and _ISO_DAY.fullmatch(figure)
                else figure
                for name, figure in figures
            }
        )

    def plain(self, held: Any, /) -> dict[str, Any]:  # noqa: ANN401
        return {
            name: figure.isoformat() if isinstance(figure, dt.date) else figure
            for name, figure in held.items()
        }

    def schema(self) -> dict[str, Any]:
        return {"type": "object"}


@value("dsgk-evidence/1")
@attrs.frozen(kw_only=True, field_transformer=declared)
class Evidence(Stored):
    """
    One piece of evidence on one ground; no verdict (证据).

    Attributes:
        provision: The ground: an item of Art. 28 or 29.
        code: What is shown, as a stable kebab-case key.
        shown_by: The records that show it: rows of the ledger, receipts,
            referrals, results, reported facts; a team as the ids of its people.
        lacking: Codes of what the ground also demands and these records do
            not show.
        on: Day on which it happened.
        department, subject_id, task_id, item: What it is about.
        params: Further values of the sentence.
    """

    provision: Ground
    code: Annotated[str, _Code(_SHOWN)]
    shown_by: Annotated[tuple[Any, ...], _Shown()]
    lacking: tuple[Annotated[str, _Code(_MISSING)], ...] = ()
    on: dt.date | None = None
    department: Label | None = None
    subject_id: Id | None = None
    task_id: Id | None = None
    item: Label | None = None
    params: Annotated[Mapping[str, Any], _Figures()] = attrs.field(
        factory=dict, hash=False, repr=False
    )

    def _told(self, code: str) -> Fault:
        known = {name: getattr(self, name) for name in ("on", *_ABOUT)}
        return Fault.of(code, **{**known, **self.params})

    @property
    def message(self) -> str:
        """What is shown, in a sentence."""
        return self._told(_SHOWN + self.code).message

    @property
    def chinese(self) -> str:
        """The same in Chinese."""
        return self._told(_SHOWN + self.code).chinese

    @property
    def missing(self) -> tuple[str, ...]:
        """What is not shown, in sentences, in the order of *lacking*."""
        return tuple(self._told(_MISSING + code).message for code in self.lacking)

    @property
    def missing_chinese(self) -> tuple[str, ...]:
        """The same in Chinese."""
        return tuple(self._told(_MISSING + code).chinese for code in self.lacking)

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle by fields, since a view of a mapping has no pickle."""
        names = [field.name for field in attrs.fields(Evidence)]
        fields = {name: getattr(self, name) for name in names}
        fields["params"] = dict(self.params)
        return functools.partial(type(self), **fields), ()


class Found:
    """
    The evidence on one ground, gathered record by record.

    Args:
        provision: The ground.
        reports: Reported facts, on any ground.
        settles: Code of what a report about the same task or subject shows,
            so that it is no longer missing.
    """

    def __init__(
        self, provision: Provision, reports: Iterable[ReportedFact], settles: str = ""
    ) -> None:
        """Keep the reports that bear on the ground."""
        given = several(reports, ReportedFact, name="reports")
        self._provision = provision
        self._reports = [one for one in given if one.provision == provision]
        self._settles = settles
        self._evidence: list[Evidence] = []

    def note(
        self,
        code: str,
        *shown_by: Any,  # noqa: ANN401
        on: dt.date | None,
        lacking: Iterable[str] = (),
        about: Mapping[str, Any] = types.MappingProxyType({}),
        params: Mapping[str, Any] = types.MappingProxyType({}),
    ) -> None:
        """
        Note evidence, made of checked parts: there may be thousands.

        Args:
            code: See `Evidence`.
            *shown_by: See `Evidence`; the first says what it is about.
            on: See `Evidence`.
            lacking: See `Evidence`.
            about: What it is about and the first record does not say.
            params: Further values of the sentence.
        """
        known = {name: getattr(shown_by[0], name, None) for name in _ABOUT}
        evidence = trusted(
            Evidence,
            provision=self._provision,
            code=code,
            shown_by=shown_by,
            lacking=tuple(lacking),
            on=on,
            params=types.MappingProxyType(dict(params)),
            **{**known, **about},
        )
        self._evidence.append(evidence)

    def joined(self) -> tuple[Evidence, ...]:
        """
        Join what records show and what was reported.

        Returns:
            The evidence, each with the reports about it; then the reports
            that are about none of it, so that none is lost.
        """
        used = set()
        for k, evidence in enumerate(self._evidence):
            about = [
                report
                for report in self._reports
                if report.concerns(evidence.task_id, evidence.subject_id)
            ]
            used.update(about)
            if about:
                lacking = (c for c in evidence.lacking if c != self._settles)
                shown_by = (*evidence.shown_by, *about)
                self._evidence[k] = attrs.evolve(
                    evidence, shown_by=shown_by, lacking=tuple(lacking)
                )
        for report in self._reports:
            if report not in used:
                said = {"words": report.words, "document": report.document}
                self.note("reported", report, on=report.on, params=said)
        return tuple(self._evidence)


def evidence_columns(evidence: Iterable[Evidence], /) -> dict[str, list[Any]]:
    """
    Return a list of evidence as columns, for a table of any library.

    Returns:
        ``provision``, ``code``, ``department``, ``subject_id``, ``task_id``,
        ``item``, ``on``; ``message``, ``missing`` (joined by semicolons) and
        their Chinese, ``chinese`` and ``missing_chinese``.
    """
    every = several(evidence, Evidence, name="evidence")
    columns: dict[str, list[Any]] = {"provision": [str(e.provision) for e in every]}
    for field in ("code", *_ABOUT, "on"):
        columns[field] = [getattr(e, field) for e in every]
    columns["message"] = [e.message for e in every]
    columns["missing"] = ["; ".join(e.missing) for e in every]
    columns["chinese"] = [e.chinese for e in every]
    columns["missing_chinese"] = ["；".join(e.missing_chinese) for e in every]
    return columns
