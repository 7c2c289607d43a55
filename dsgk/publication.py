"""
Publication: what is public, where, by when (公示).

Channels and exemptions; the due dates of a year and whether they were kept;
what the public reads about a subject; plans, item lists, announcements and draw
records as publications.
"""

import datetime as dt
import functools
import operator
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Annotated, Any, Self

import attrs
import numpy as np
import numpy.typing as npt

from dsgk.calendars import Deadline, Period, Unit, WorkCalendar
from dsgk.documents import Digest, digest_of
from dsgk.draws import DrawRecord
from dsgk.errors import Fault, Faults, InvalidInput, InvalidValueError, invalid
from dsgk.fields import (
    MOST,
    Coded,
    Id,
    Kind,
    Label,
    Natural,
    Note,
    Stored,
    check_day,
    check_type,
    declared,
    faults_of,
    read_member,
    several,
    some,
    take,
    text_fault,
    value,
)
from dsgk.identifiers import credit_code_faults
from dsgk.ledger import Ledger, Origin
from dsgk.results import ResultCode
from dsgk.sources import RuleProfile, article, cites
from dsgk.tables import Categorical, Days


__all__ = [
    "Channel",
    "Exemption",
    "ExemptionReason",
    "PublicRecord",
    "PublicRecords",
    "PublicResult",
    "Publication",
    "PublicationKind",
    "PublicationSchedule",
    "PublicationState",
    "check_publications",
    "exempt",
    "public_records",
    "publish_by",
    "schedule_publication",
]

_RULES = RuleProfile()
_NO_DAY = np.datetime64("NaT", "D")


# -- channels and exemptions -------------------------------------------------


@cites(article(26))
class Channel(Coded):
    """
    Where something is made public (公示渠道).

    Art. 26: 国家企业信用信息公示系统、信用中国（天津）网站和天津市市场主体信用信息
    公示系统等渠道.
    """

    NATIONAL = ("national-credit-system", "国家企业信用信息公示系统")
    CREDIT_CHINA = (
        "credit-china",
        "信用中国（天津）网站",
        "信用中国（天津）",
        "信用中国",
    )
    CITY = ("city-credit-system", "天津市市场主体信用信息公示系统")
    GOVERNMENT_SITE = ("government-site", "政府网站", "部门网站", "门户网站")


_CHANNELS = (Channel.NATIONAL, Channel.CREDIT_CHINA, Channel.CITY)
_ONE_OR_MORE = some(tuple[Channel, ...])


def _channels(given: Iterable[Channel | str]) -> tuple[Channel, ...]:
    channels: tuple[Channel, ...] = _ONE_OR_MORE.convert(given)
    return channels


class PublicationKind(Coded):
    """What is made public (公示内容)."""

    PLAN = ("plan", "年度抽查计划", "抽查计划")
    ITEM_LIST = ("item-list", "随机抽查事项清单", "抽查事项清单")
    ANNOUNCEMENT = ("announcement", "抽取公告")
    DRAW_RECORD = ("draw-record", "抽取记录", "抽取结果")
    RESULTS = ("results", "抽查检查结果", "检查结果")


class ExemptionReason(Coded):
    """
    Why the law keeps a result from being public (不予公示理由).

    Examples:
        >>> ExemptionReason.read("商业秘密").basis
        '《政府信息公开条例》第十五条'
    """

    STATE_SECRET = ("state-secret", "国家秘密", "依法确定为国家秘密")
    FORBIDDEN = ("forbidden-by-law", "法律、行政法规禁止公开", "法律法规禁止公开")
    SAFETY = (
        "public-safety",
        "公开后可能危及国家安全、公共安全、经济安全、社会稳定",
        "公共安全",
        "危及国家安全",
    )
    TRADE_SECRET = ("trade-secret", "商业秘密", "涉及商业秘密")
    PRIVACY = ("privacy", "个人隐私", "涉及个人隐私")
    CASE_FILE = ("case-file", "行政执法案卷信息", "执法案卷", "行政执法案卷")

    @property
    def basis(self) -> str:
        """The provision on which it usually rests."""
        numbers = {"trade-secret": "十五", "privacy": "十五", "case-file": "十六"}
        return f"《政府信息公开条例》第{numbers.get(self.code, '十四')}条"


def _reason(given: ExemptionReason | str) -> ExemptionReason:
    return ExemptionReason.read(given)


@cites(article(26))
@value("dsgk-exemption/1")
@attrs.frozen(field_transformer=declared)
class Exemption(Stored):
    """
    Why one result is not made public, with its legal basis (不予公示).

    Art. 26: 除依法依规不适合公开的情形外.

    Attributes:
        reason: The reason; its code or Chinese text will do.
        basis: The provision; by default the one on which the reason usually
            rests.

    Examples:
        >>> exemption = Exemption("法律、行政法规禁止公开", "《统计法》第二十八条")
        >>> exemption.text
        'forbidden-by-law: 《统计法》第二十八条'
        >>> Exemption.read(exemption.text) == exemption
        True
    """

    reason: ExemptionReason = attrs.field(converter=_reason)
    basis: Note = ""

    def __attrs_post_init__(self) -> None:
        """Fill in the usual basis."""
        if not self.basis:
            object.__setattr__(self, "basis", self.reason.basis)

    @property
    def text(self) -> str:
        """Reason and basis, as a cell of the ledger holds them."""
        return f"{self.reason.code}: {self.basis}"

    @classmethod
    def read(cls, text: object, /, *, name: str = "exemption") -> Self:
        """
        Read what `text` gives, or one of the texts of a reason.

        Raises:
            InvalidTypeError: It is no text.
            InvalidValueError: It does not start with a known reason.
        """
        fault = text_fault(text, name=name)
        if fault:
            raise fault.error()
        reason, _, basis = str(text).partition(":")
        return cls(ExemptionReason.read(reason, name=name), basis.strip())


@cites(article(26))
def exempt(
    ledger: Ledger, rows: list[int] | npt.NDArray[Any], exemption: Exemption, /
) -> Ledger:
    """
    Exempt results from publication.

    Args:
        ledger: The ledger.
        rows: Numbers of rows, or a mask, as ``ledger.record`` takes them.
        exemption: Reason and basis, which stay in the ledger.

    Raises:
        InvalidInput: A result is public already, or exempt for another reason.
    """
    check_type(ledger, Ledger, name="ledger")
    check_type(exemption, Exemption, name="exemption", instead="Exemption('商业秘密')")
    return ledger.record(rows, exemption=exemption.text)


# -- by when -----------------------------------------------------------------


@cites(article(26))
def publish_by(
    completed_on: dt.date, calendar: WorkCalendar, *, rules: RuleProfile = _RULES
) -> Deadline:
    """
    The last day for entering a result and making it public.

    Art. 26: 在检查任务完成后的20个工作日内.

    Args:
        completed_on: Day on which the check was completed; not counted.
        calendar: The working days.
        rules: The numbers of the law.

    Returns:
        The deadline; provisional if it depends on a year that is not announced
        yet.

    Raises:
        InvalidValueError: As in ``calendar.deadline``.

    Examples:
        >>> calendar = WorkCalendar.china()
        >>> print(publish_by(dt.date(2026, 2, 13), calendar).date)
        2026-03-19
    """
    check_type(calendar, WorkCalendar, name="calendar")
    check_type(rules, RuleProfile, name="rules")
    period = Period(rules.publication_workdays, Unit.WORKING_DAY)
    return calendar.deadline(completed_on, period)


class PublicationState(Coded):
    """Whether a check is published, on a given day (公示状态)."""

    OUTSIDE = ("outside", "线索核查，另行处理")
    NOT_COMPLETED = ("not-completed", "检查未完成")
    EXEMPT = ("exempt", "依法不予公示")
    OPEN = ("open", "期限内")
    OVERDUE = ("overdue", "逾期未公示")
    ON_TIME = ("on-time", "按期公示")
    LATE = ("late", "逾期公示")


_STATES = tuple(PublicationState)


# NaT equals NaT.
_SAME = attrs.cmp_using(eq=functools.partial(np.array_equal, equal_nan=True))


@cites(article(26))
@attrs.frozen(kw_only=True)
class PublicationSchedule:
    """
    The due dates of all checks of a ledger (公示期限表).

    Attributes:
        ledger: The ledger.
        due: [n, datetime64[D]] Last day; NaT if nothing is due: the check is
            not completed, exempt, or belongs to a case lead.
        provisional: [n, bool] Whether a notice is still to settle that day.
        earliest, latest: [n, datetime64[D]] Bounds of that day.
    """

    ledger: Ledger
    due: Days = attrs.field(eq=_SAME)
    provisional: npt.NDArray[np.bool_] = attrs.field(eq=_SAME)
    earliest: Days = attrs.field(eq=_SAME)
    latest: Days = attrs.field(eq=_SAME)

    def __attrs_post_init__(self) -> None:
        """Check the arrays, and make them read-only."""
        check_type(self.ledger, Ledger, name="ledger")
        for name in ("due", "provisional", "earliest", "latest"):
            array = getattr(self, name)
            kind = "b" if name == "provisional" else "M"
            if not isinstance(array, np.ndarray) or (
                (array.shape, array.dtype.kind) != ((len(self.ledger),), kind)
            ):
                raise invalid("column-type", name=name, type=type(array).__name__)
            array.flags.writeable = False

    def __reduce__(self) -> tuple[Any, ...]:
        """Copy and pickle by the fields, so that a copy is read-only too."""
        fields = {
            field.name: getattr(self, field.name) for field in attrs.fields(type(self))
        }
        return functools.partial(type(self), **fields), ()

    def states(self, on: dt.date, /) -> Categorical[PublicationState]:
        """
        The state of every check at the end of a day.

        A result is overdue from the day after its last day; if that day is
        provisional, from the day after its latest bound.

        Args:
            on: The day. What happened later does not count.

        Returns:
            [n] One state for each check; "not completed" if drawn later.
        """
        day = np.datetime64(check_day(on, name="on"), "D")
        published, completed = (
            self.ledger.days[name] for name in ("published_on", "completed_on")
        )
        is_public = published <= day
        conditions = {
            PublicationState.OUTSIDE: self.ledger.matches(origin={Origin.CASE_LEAD}),
            PublicationState.NOT_COMPLETED: ~(completed <= day),
            PublicationState.EXEMPT: self.ledger.classes["exemption"].codes >= 0,
            PublicationState.LATE: is_public & (published > self.latest),
            PublicationState.ON_TIME: is_public,
            PublicationState.OVERDUE: self.latest < day,
        }
        codes = np.select(
            list(conditions.values()),
            [_STATES.index(state) for state in conditions],
            default=_STATES.index(PublicationState.OPEN),
        )
        return Categorical.of(codes.astype(np.int32), _STATES)

    def overdue(self, on: dt.date, /) -> npt.NDArray[np.bool_]:
        """Which results should be public at the end of a day but are not."""
        states = self.states(on)
        wanted = [state is PublicationState.OVERDUE for state in states.categories]
        mask: npt.NDArray[np.bool_] = np.array(wanted, dtype=bool)[states.codes]
        return mask

    def not_entered(self, on: dt.date, /) -> npt.NDArray[np.bool_]:
        """Which results should be entered at the end of a day but are not."""
        day = np.datetime64(check_day(on, name="on"), "D")
        missing: npt.NDArray[np.bool_] = self.overdue(on) & ~(
            self.ledger.days["entered_on"] <= day
        )
        return missing

    def to_columns(self) -> dict[str, list[Any]]:
        """
        One row for each check, in the order of the ledger.

        Returns:
            ``task_id``, ``item``, ``department``, ``completed_on``, ``due``,
            ``provisional``, ``earliest``, ``latest`` and ``published_on``.
        """
        classes, days = self.ledger.classes, self.ledger.days
        own = ("due", "provisional", "earliest", "latest")
        return {
            **{
                name: classes[name].cells()
                for name in ("task_id", "item", "department")
            },
            "completed_on": days["completed_on"].tolist(),
            **{name: getattr(self, name).tolist() for name in own},
            "published_on": days["published_on"].tolist(),
        }


@cites(article(26))
def schedule_publication(
    ledger: Ledger, calendar: WorkCalendar, /, *, rules: RuleProfile = _RULES
) -> PublicationSchedule:
    """
    Compute the last day for publishing every result of a ledger.

    Args:
        ledger: The ledger; a million checks take a fraction of a second.
        calendar: The working days.
        rules: The numbers of the law.

    Raises:
        InvalidInput: The calendar does not know the days of some rows.
    """
    check_type(ledger, Ledger, name="ledger")
    check_type(calendar, WorkCalendar, name="calendar")
    check_type(rules, RuleProfile, name="rules")
    completed = ledger.days["completed_on"]
    rows = np.flatnonzero(
        ~np.isnat(completed)
        & (ledger.classes["exemption"].codes < 0)
        & ~ledger.matches(origin={Origin.CASE_LEAD})
    )
    try:
        dates, guessed = calendar.add_workdays_array(
            completed[rows], rules.publication_workdays
        )
    except InvalidInput as error:
        faults = faults_of(error).at_rows(rows).at(column="completed_on")
        raise InvalidInput.of("ledger", faults) from None
    due = np.full(len(ledger), _NO_DAY)
    due[rows] = dates
    provisional = np.zeros(len(ledger), dtype=bool)
    provisional[rows] = guessed
    earliest, latest = due.copy(), due.copy()
    for start in np.unique(completed[provisional]).tolist():  # few if any
        deadline = publish_by(start, calendar, rules=rules)
        there = provisional & (completed == np.datetime64(start, "D"))
        earliest[there] = np.datetime64(deadline.earliest, "D")
        latest[there] = np.datetime64(deadline.latest, "D")
    bounds = {"earliest": earliest, "latest": latest}
    return PublicationSchedule(
        ledger=ledger, due=due, provisional=provisional, **bounds
    )


# -- what the public reads about a subject -----------------------------------


@attrs.frozen
class _Labelled(Kind):
    """A member of a closed list; documents hold its Chinese term."""

    of: type[Coded]

    def plain(self, held: Coded, /) -> str:
        return held.label

    def schema(self) -> dict[str, Any]:
        return {"enum": [member.label for member in self.of]}


@attrs.frozen
class _Term(_Labelled):
    """A Chinese term of a closed list."""

    def convert(self, given: Any, /) -> str:  # noqa: ANN401
        return read_member(self.of, given).label

    def plain(self, held: Any, /) -> str:  # noqa: ANN401
        return str(held)


@value("dsgk-public-result/1")
@attrs.frozen(field_transformer=declared)
class PublicResult(Stored):
    """
    One check as the public reads it.

    Attributes:
        item: What was inspected.
        department: The department that inspected; no person.
        kind: Random check or special campaign, in Chinese.
        inspected_on: Day on which the check was completed.
        results: The results, in the terms of the closed list.
    """

    item: Label
    department: Label
    kind: Annotated[str, _Term(Origin)]
    inspected_on: dt.date
    results: tuple[Annotated[str, _Term(ResultCode)], ...]


@cites(article(26))
@value("dsgk-public-results/1")
@attrs.frozen(kw_only=True, field_transformer=declared)
class PublicRecord(Stored):
    """
    All results of one subject (归集到市场主体名下).

    It holds what the law names and nothing else: no inspector, no complaint,
    no class of risk or credit, no details of a finding.

    Attributes:
        subject_id: The subject.
        results: By day, department and item.
        channels: Where it is public.
    """

    subject_id: Id
    results: tuple[PublicResult, ...]
    channels: tuple[Annotated[Channel, _Labelled(Channel)], ...] = attrs.field(
        default=_CHANNELS, converter=_channels
    )


@value("dsgk-public-records/1")
@attrs.frozen(kw_only=True, field_transformer=declared)
class PublicRecords(Stored):
    """
    Everything that a ledger makes public.

    Attributes:
        records: One for each subject, by id.
        withheld: How many results are not made public, by reason and basis.
    """

    records: tuple[PublicRecord, ...]
    withheld: tuple[tuple[Exemption, Natural], ...]


@cites(article(3), article(26))
def public_records(
    ledger: Ledger, /, *, on: dt.date, channels: Iterable[Channel | str] = _CHANNELS
) -> PublicRecords:
    """
    Gather the results to be published about each subject (检查结果公示).

    Results of draws and campaigns; case leads are handled separately (Art. 16).

    Args:
        ledger: The ledger.
        on: Last day on which a check may have been completed.
        channels: Where they will be public.

    Returns:
        The records, and how many results are withheld for each reason.

    Raises:
        InvalidInput: A result or an exemption is not on its list, or the id
            of a subject is the number of an identity card; all faults at once,
            with their rows.
    """
    check_type(ledger, Ledger, name="ledger")
    where = take(channels, _ONE_OR_MORE, name="channels")
    day = np.datetime64(check_day(on, name="on"), "D")
    classes, completed = ledger.classes, ledger.days["completed_on"]
    reached = (
        (completed <= day)
        & (classes["results"].codes >= 0)
        & ~ledger.matches(origin={Origin.CASE_LEAD})
    )
    is_exempt = classes["exemption"].codes >= 0
    rows = np.flatnonzero(reached & ~is_exempt)
    kept_back = np.flatnonzero(reached & is_exempt)
    faults = Faults()
    words = _read(
        classes["results"], _words, np.flatnonzero(reached), faults, "results"
    )
    reasons = _read(
        classes["exemption"], Exemption.read, kept_back, faults, "exemption"
    )
    _add_personal(classes["subject_id"], rows, faults)
    faults.raise_any("ledger")
    subjects: dict[str, list[PublicResult]] = {}
    cells: list[list[Any]] = [
        classes[name].take(rows).cells()
        for name in ("subject_id", "item", "department", "origin")
    ]
    days, found = completed[rows].tolist(), classes["results"].codes[rows].tolist()
    for subject_id, item, department, origin, day_of, code in zip(
        *cells, days, found, strict=True
    ):
        result = PublicResult(item, department, origin, day_of, words[code])
        subjects.setdefault(subject_id, []).append(result)
    withheld = Counter(
        reasons[code] for code in classes["exemption"].codes[kept_back].tolist()
    )
    return PublicRecords(
        records=tuple(
            PublicRecord(
                subject_id=subject_id,
                results=tuple(sorted(subjects[subject_id], key=_ORDER)),
                channels=where,
            )
            for subject_id in sorted(subjects)
        ),
        withheld=tuple(sorted(withheld.items(), key=lambda pair: pair[0].text)),
    )


_ORDER = operator.attrgetter("inspected_on", "department", "item", "results")


def _words(codes: tuple[str, ...], /, *, name: str) -> tuple[str, ...]:
    return tuple(ResultCode.read(code, name=name).label for code in codes)


def _read(
    column: Categorical[Any],
    read: Callable[..., Any],
    rows: npt.NDArray[np.intp],
    faults: Faults,
    name: str,
) -> dict[int, Any]:
    """Read the cells of some rows, once for each code; tell their faults."""
    values: dict[int, Any] = {}
    wrong: dict[int, Fault] = {}
    codes = column.codes[rows]
    for code in np.unique(codes).tolist():
        try:
            values[code] = read(column.categories[code], name=name)
        except InvalidValueError as error:
            wrong[code] = error.fault
    faults.add_rows(
        rows[np.isin(codes, [*wrong])],
        lambda row: wrong[int(column.codes[row])].at(row=row, column=name),
        column=name,
    )
    return values


_IDENTITY_NUMBER = re.compile(
    r"[1-8]\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dX]"
)
_WEIGHTS = [pow(2, 17 - k, 11) for k in range(17)]


def _add_personal(
    subjects: Categorical[str], rows: npt.NDArray[np.intp], faults: Faults
) -> None:
    """Tell the rows whose subject has the number of an identity card as its id."""
    codes = subjects.codes[rows]
    personal = [
        code
        for code in np.unique(codes).tolist()
        if _is_identity_number(subjects.categories[code])
    ]
    faults.add_rows(
        rows[np.isin(codes, personal)],
        lambda row: Fault.of("identity-number", row=row, column="subject_id"),
        column="subject_id",
    )


def _is_identity_number(text: str) -> bool:
    """Whether a text is the number of an identity card and not a credit code."""
    if not _IDENTITY_NUMBER.fullmatch(text):
        return False
    total = sum(int(c) * w for c, w in zip(text, _WEIGHTS, strict=False))
    return text[-1] == "10X98765432"[total % 11] and bool(credit_code_faults([text]))


# -- documents ---------------------------------------------------------------


def _kind(given: PublicationKind | str) -> PublicationKind:
    return PublicationKind.read(given)


@cites(article(3), article(12), article(26))
@value("dsgk-publication/1")
@attrs.frozen(kw_only=True, field_transformer=declared)
class Publication(Stored):
    """
    One document that was made public (公示).

    Attributes:
        kind: Plan, item list, announcement, draw record or results.
        title: For the public.
        digest: [64 hex digits] SHA-256 of the document in the canonical form
            of RFC 8785; for an announcement, its own digest.
        published_on: The day.
        channels: Where, at least one.

    Examples:
        >>> plan = {"title": "2026年度抽查计划", "entries": []}
        >>> publication = Publication.of(
        ...     "年度抽查计划", plan, title="2026年度抽查计划",
        ...     published_on=dt.date(2026, 3, 25), channels=["政府网站"],
        ... )
        >>> publication.digest[:8], publication.shows(plan)
        ('a7b58dc4', True)
    """

    kind: PublicationKind = attrs.field(converter=_kind)
    title: Label
    digest: Digest
    published_on: dt.date
    channels: tuple[Channel, ...] = attrs.field(converter=_channels)

    @classmethod
    def of(
        cls,
        kind: PublicationKind | str,
        document: Mapping[str, Any],
        /,
        *,
        title: str,
        published_on: dt.date,
        channels: Iterable[Channel | str],
    ) -> Self:
        """
        Make a publication of a document.

        Args:
            kind: What it is.
            document: Plain JSON values, as ``to_dict()`` gives them.
            title: For the public.
            published_on: The day.
            channels: Where.

        Raises:
            InvalidTypeError: The document has no canonical form.
        """
        return cls(
            kind=kind,
            title=title,
            digest=_digest(document),
            published_on=published_on,
            channels=channels,
        )

    def shows(self, document: Mapping[str, Any], /) -> bool:
        """Whether *document* is the one that was made public."""
        return self.digest == _digest(document)


def _digest(document: Mapping[str, Any]) -> str:
    try:
        _check_plain(document, "")
        return digest_of(document)
    except RecursionError:
        deep = "a value nested too deep"
        raise invalid("document-value", name="document", got=deep) from None


def _check_plain(given: object, path: str) -> None:
    """Reject values without a canonical form, such as floats."""
    if isinstance(given, Mapping) and all(
        isinstance(key, str) and key.isascii() for key in given
    ):
        for key, inner in given.items():
            _check_plain(inner, f"{path}.{key}" if path else key)
    elif path and isinstance(given, list):
        for at, inner in enumerate(given):
            _check_plain(inner, f"{path}[{at}]")
    elif path and isinstance(given, str):
        fault = text_fault(given, name=path)
        if fault:
            raise fault.error()
    elif not path or not (
        given is None or (isinstance(given, int) and abs(given) <= MOST)
    ):
        raise invalid("document-value", name=path or "document", got=given)


@cites(article(3), article(10), article(12))
def check_publications(
    publications: Iterable[Publication], /, *, records: Iterable[DrawRecord] = ()
) -> tuple[Fault, ...]:
    """
    List what should be public besides results and is not.

    Args:
        publications: What was made public.
        records: The draws that were made.

    Returns:
        Faults: no plan, no item list, a draw record or its announcement is
        missing, or the announcement came later than the day it names. Empty if
        all is well.
    """
    public = several(publications, Publication, name="publications")
    faults = Faults()
    for kind, provision in (
        (PublicationKind.PLAN, article(12)),
        (PublicationKind.ITEM_LIST, article(10)),
    ):
        if all(publication.kind is not kind for publication in public):
            faults.add("not-public", kind=kind, provision=str(provision))
    first: dict[str, dt.date] = {}
    for publication in public:
        known = first.get(publication.digest, publication.published_on)
        first[publication.digest] = min(known, publication.published_on)
    for record in several(records, DrawRecord, name="records"):
        announcement = record.announcement
        title, day = announcement.title, first.get(announcement.digest)
        if day is None or day > announcement.announced_on:
            faults.add(
                "announcement-late" if day else "announcement-not-public",
                title=title,
                digest=announcement.digest,
                announced_on=announcement.announced_on,
                got=day,
            )
        if _digest(record.to_dict()) not in first:
            faults.add("record-not-public", title=title)
    return tuple(faults)
