"""By when a result must be public, and whether it was (公示期限)."""

import datetime as dt
from typing import Any

import attrs
import numpy as np
import numpy.typing as npt

from dsgk.calendars import Deadline, Period, Unit, WorkCalendar
from dsgk.errors import InvalidInput
from dsgk.fields import Coded, check_day, check_type
from dsgk.ledger import Ledger, Origin
from dsgk.sources import RuleProfile, article, cites
from dsgk.tables import Categorical, Days


__all__ = [
    "PublicationSchedule",
    "PublicationState",
    "publish_by",
    "schedule_publication",
]

_RULES = RuleProfile()
_NO_DAY = np.datetime64("NaT", "D")


@cites(article(26))
def publish_by(
    completed_on: dt.date, calendar: WorkCalendar, *, rules: RuleProfile = _RULES
) -> Deadline:
    """
    The last day on which a result must be entered and public.

    Args:
        completed_on: Day on which the check was completed, not counted.
        calendar: The working days.
        rules: The numbers of the law.

    Returns:
        The deadline, provisional where working days of a year count that is
        not announced yet.

    Raises:
        InvalidTypeError, InvalidValueError: As in ``calendar.deadline``; also
            *calendar* or *rules* are of another type.

    Cites:
        District Opinion, Art. 26 (在检查任务完成后的20个工作日内).

    Examples:
        >>> calendar = WorkCalendar.china()
        >>> print(publish_by(dt.date(2026, 2, 13), calendar).date)
        2026-03-19
    """
    check_type(calendar, WorkCalendar, name="calendar")
    check_type(rules, RuleProfile, name="rules")
    return calendar.deadline(completed_on, _period(rules))


def _period(rules: RuleProfile) -> Period:
    return Period(rules.publication_workdays, Unit.WORKING_DAY)


class PublicationState(Coded):
    """How publication of one check stands on a day (公示状态)."""

    OUTSIDE = ("outside", "线索核查，另行处理")
    NOT_COMPLETED = ("not-completed", "检查未完成")
    EXEMPT = ("exempt", "依法不予公示")
    OPEN = ("open", "期限内")
    OVERDUE = ("overdue", "逾期未公示")
    ON_TIME = ("on-time", "按期公示")
    LATE = ("late", "逾期公示")


_STATES = tuple(PublicationState)


@cites(article(26))
@attrs.frozen(kw_only=True, eq=False)
class PublicationSchedule:
    """
    The due dates of all checks of a ledger (公示期限表).

    Attributes:
        ledger: The ledger.
        due: [n, datetime64[D]] Last day; NaT where nothing is due: the check
            is not completed, exempt, or of a lead.
        provisional: [n, bool] Whether that day is not settled by a notice yet.
        earliest, latest: [n, datetime64[D]] Between which days it will lie.

    Cites:
        District Opinion, Art. 26.
    """

    ledger: Ledger
    due: Days
    provisional: npt.NDArray[np.bool_]
    earliest: Days
    latest: Days

    def states(self, on: dt.date, /) -> Categorical[PublicationState]:
        """
        How every check stands at the end of a day; each in one state.

        A result is overdue from the day after its last day on, and where that
        day is provisional only when it is past beyond doubt.

        Args:
            on: The day. What happened later does not count.

        Returns:
            [n] One state for each check.  A check that was drawn later is not
            completed.

        Raises:
            InvalidTypeError: *on* is no date.
        """
        day = np.datetime64(check_day(on, name="on"), "D")
        published, completed = (
            self.ledger.days[name] for name in ("published_on", "completed_on")
        )
        is_public = published <= day
        conditions = {
            PublicationState.OUTSIDE: self.ledger.matches(origin={Origin.LEAD}),
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
        """Which results ought to be public at the end of a day and are not."""
        return _is(self.states(on), PublicationState.OVERDUE)

    def not_entered(self, on: dt.date, /) -> npt.NDArray[np.bool_]:
        """Which results ought to be entered at the end of a day and are not."""
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
        ledger = self.ledger
        return {
            "task_id": ledger.classes["task_id"].cells(),
            "item": ledger.classes["item"].cells(),
            "department": ledger.classes["department"].cells(),
            "completed_on": ledger.days["completed_on"].tolist(),
            "due": self.due.tolist(),
            "provisional": self.provisional.tolist(),
            "earliest": self.earliest.tolist(),
            "latest": self.latest.tolist(),
            "published_on": ledger.days["published_on"].tolist(),
        }


def _is(
    states: Categorical[PublicationState], state: PublicationState
) -> npt.NDArray[np.bool_]:
    wanted = np.array([value is state for value in states.categories], dtype=bool)
    mask: npt.NDArray[np.bool_] = wanted[states.codes]
    return mask


@cites(article(26))
def schedule_publication(
    ledger: Ledger, calendar: WorkCalendar, /, *, rules: RuleProfile = _RULES
) -> PublicationSchedule:
    """
    Work out by when every result of a ledger must be public.

    Args:
        ledger: The ledger; a million checks take a fraction of a second.
        calendar: The working days.
        rules: The numbers of the law.

    Raises:
        InvalidTypeError: An argument is of another type.
        InvalidInput: The calendar does not know the days of some rows; all of
            them are told.

    Cites:
        District Opinion, Art. 26 (在检查任务完成后的20个工作日内).
    """
    check_type(ledger, Ledger, name="ledger")
    check_type(calendar, WorkCalendar, name="calendar")
    check_type(rules, RuleProfile, name="rules")
    completed = ledger.days["completed_on"]
    rows = np.flatnonzero(
        ~np.isnat(completed)
        & (ledger.classes["exemption"].codes < 0)
        & ~ledger.matches(origin={Origin.LEAD})
    )
    try:
        dates, guessed = calendar.add_workdays_array(
            completed[rows], rules.publication_workdays
        )
    except InvalidInput as error:
        what = "ledger"
        raise InvalidInput.of(
            what,
            [
                attrs.evolve(f, row=int(rows[f.row or 0]), column="completed_on")
                for f in error.faults
            ],
        ) from None
    due = np.full(len(ledger), _NO_DAY)
    due[rows] = dates
    provisional = np.zeros(len(ledger), dtype=bool)
    provisional[rows] = guessed
    earliest, latest = due.copy(), due.copy()
    for start in np.unique(completed[provisional]).tolist():  # few days, if any
        deadline = publish_by(start, calendar, rules=rules)
        there = provisional & (completed == np.datetime64(start, "D"))
        earliest[there] = np.datetime64(deadline.earliest, "D")
        latest[there] = np.datetime64(deadline.latest, "D")
    for array in (due, provisional, earliest, latest):
        array.flags.writeable = False
    return PublicationSchedule(
        ledger=ledger,
        due=due,
        provisional=provisional,
        earliest=earliest,
        latest=latest,
    )
