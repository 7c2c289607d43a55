"""Violations not penalised, crimes not sent to the judiciary (未及时惩处、未移送)."""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping

from dsgk.accountability.evidence import Evidence, ReportedFact, with_reports
from dsgk.calendars import Period, WorkCalendar
from dsgk.errors import InvalidTypeError
from dsgk.fields import check_day, check_mapping, check_type, several
from dsgk.ledger import Ledger
from dsgk.results import Referral, Route
from dsgk.sources import Provision, article, cites


__all__ = ["not_penalised", "not_sent_to_judiciary"]


@cites(article(28, 6))
def not_penalised(
    ledger: Ledger,
    referrals: Iterable[Referral],
    /,
    *,
    on: dt.date,
    calendar: WorkCalendar | None = None,
    within: Mapping[Route, Period] | None = None,
    reports: Iterable[ReportedFact] = (),
) -> tuple[Evidence, ...]:
    """
    Violations that were found and not penalised in time (未及时惩处).

    Args:
        ledger: The ledger, which knows the subjects.
        referrals: What was routed, each with the day on which it was done.
        on: The day on which it is looked at.
        calendar: The working days, where *within* is given.
        within: Periods that the host sets for routes. A route without one
            has no last day: what is open on a later day is listed.
        reports: Facts reported on this ground.

    Returns:
        Evidence for each referral to an own penalty or another department
        that is open past its time, or was done after it.

    Raises:
        InvalidTypeError, InvalidInput: An argument is of another type, or
            *within* is given without a calendar.

    Cites:
        District Opinion, Art. 28 (六).
    """
    provision = article(28, 6)
    routes = frozenset({Route.OWN_PENALTY, Route.TRANSFER})
    found = _late_referrals(
        ledger, referrals, routes, provision, on=on, calendar=calendar, within=within
    )
    return with_reports(found, reports, provision)


@cites(article(28, 7))
def not_sent_to_judiciary(
    ledger: Ledger,
    referrals: Iterable[Referral],
    /,
    *,
    on: dt.date,
    calendar: WorkCalendar | None = None,
    within: Mapping[Route, Period] | None = None,
    reports: Iterable[ReportedFact] = (),
) -> tuple[Evidence, ...]:
    """
    Suspected crimes that were not sent to the judiciary (未依法移送司法机关).

    Args:
        ledger: The ledger, which knows the subjects.
        referrals: What was routed, each with the day on which it was done.
        on: The day on which it is looked at.
        calendar: The working days, where *within* is given.
        within: Periods for routes, as in `not_penalised`.
        reports: Facts reported on this ground.

    Returns:
        Evidence for each referral to the judiciary that is open past its
        time, or was done after it.

    Raises:
        InvalidTypeError, InvalidInput: An argument is of another type, or
            *within* is given without a calendar.

    Cites:
        District Opinion, Art. 28 (七).
    """
    provision = article(28, 7)
    routes = frozenset({Route.JUDICIARY})
    found = _late_referrals(
        ledger, referrals, routes, provision, on=on, calendar=calendar, within=within
    )
    return with_reports(found, reports, provision)


def _late_referrals(
    ledger: Ledger,
    referrals: Iterable[Referral],
    routes: Collection[Route],
    provision: Provision,
    *,
    on: dt.date,
    calendar: WorkCalendar | None,
    within: Mapping[Route, Period] | None,
) -> list[Evidence]:
    """Evidence for each referral by one of the routes that is open or late."""
    check_type(ledger, Ledger, name="ledger")
    day = check_day(on, name="on")
    periods = _periods(within)
    if calendar is not None:
        check_type(calendar, WorkCalendar, name="calendar")
    elif periods:
        msg = "'calendar' must be given where 'within' sets periods (got None)."
        raise InvalidTypeError(msg, code="calendar-missing")
    tasks, subjects = (ledger.classes[name] for name in ("task_id", "subject_id"))
    subject_of = {
        tasks.categories[task]: subjects.categories[subject]
        for task, subject in zip(
            tasks.codes.tolist(), subjects.codes.tolist(), strict=True
        )
    }
    found = []
    for referral in several(referrals, Referral, name="referrals"):
        if referral.route not in routes or referral.since > day:
            continue
        last = referral.since
        if calendar is not None and referral.route in periods:
            last = calendar.deadline(referral.since, periods[referral.route]).latest
        done = referral.done_on
        if done is None or done > day:
            code, is_late = "referral-open", last < day
            text = f"found on {referral.since}, open on {day}"
        else:
            code, is_late = "referral-late", referral.route in periods and last < done
            text = f"found on {referral.since}, done on {done}"
        if is_late:
            found.append(
                Evidence(
                    provision=provision,
                    code=code,
                    message=(
                        f"{referral.code.label}: {referral.route.label} "
                        f"({referral.to}), {text} (task {referral.task_id})"
                    ),
                    shown_by=(referral,),
                    on=last,
                    department=referral.department,
                    subject_id=subject_of.get(referral.task_id),
                    task_id=referral.task_id,
                    item=referral.item,
                    params={"days": ((done or day) - referral.since).days},
                )
            )
    return found


def _periods(within: object) -> dict[Route, Period]:
    """Read the periods of routes; a route may be given by its code or its name."""
    if within is None:
        return {}
    instead = "{Route.TRANSFER: Period(7, Unit.WORKING_DAY)}"
    periods = {}
    for route, period in check_mapping(within, name="within", instead=instead).items():
        check_type(period, Period, name="within")
        periods[Route.read(route, name="within")] = period
    return periods
