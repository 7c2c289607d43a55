"""What was done, what is public, who was covered."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

import numpy as np

from dsgk.calendars import WorkCalendar
from dsgk.errors import InvalidInput
from dsgk.fields import check_day, check_type
from dsgk.ledger import Ledger, Origin
from dsgk.performance.groups import (
    Tier,
    distinct,
    grouped,
    in_order,
    share,
    sizes_of_tiers,
)
from dsgk.publication import PublicationState, schedule_publication
from dsgk.sources import RuleProfile, article, cites


__all__ = ["coverage", "plan_completion", "publication_figures", "random_checks"]

_RULES = RuleProfile()


def random_checks(ledger: Ledger, on: dt.date, /) -> Ledger:
    """The checks that were drawn, as they stood at the end of a day."""
    check_type(ledger, Ledger, name="ledger")
    known = ledger.as_of(on)
    return known.take(known.matches(origin={Origin.RANDOM}))


@cites(article(15), article(31))
def plan_completion(
    ledger: Ledger, /, *, on: dt.date, by: str = "department"
) -> dict[str, list[Any]]:
    """
    How much of the drawn checks was completed, and how much in time (完成率).

    Args:
        ledger: The ledger.
        on: The day; what happened later does not count.
        by: ``"department"``, ``"entry"``, ``"item"``, ``"stratum"`` or
            ``"quarter"``, which is that of the last day.

    Returns:
        One row for each group: ``subjects`` drawn, each once; ``drawn``
        checks, of which ``in_time`` and ``delayed`` are completed, ``open``
        have their last day before them and ``overdue`` behind them;
        ``share_completed``, and ``share_in_time`` of the checks whose last day
        is past, None where there is none.

    Raises:
        InvalidTypeError: *on* is no date, or *ledger* none.
        InvalidValueError: *by* is unknown.

    Cites:
        District Opinion, Art. 15 (按照规定的要求和时限完成) and 31 (绩效考核).
    """
    known = random_checks(ledger, on)
    day = np.datetime64(check_day(on, name="on"), "D")
    due, completed = known.days["due"], known.days["completed_on"]
    groups = grouped(known, by)
    done = ~np.isnat(completed)
    in_time = done & (completed <= due)
    past = due < day
    subjects = distinct(groups.codes, known.classes["subject_id"].codes)
    drawn = groups.tally(np.ones(len(known), dtype=bool))
    return {
        by: groups.names,
        "subjects": groups.tally(subjects),
        "drawn": drawn,
        "in_time": groups.tally(in_time),
        "delayed": groups.tally(done & ~in_time),
        "open": groups.tally(~done & ~past),
        "overdue": groups.tally(~done & past),
        "share_completed": list(map(share, groups.tally(done), drawn)),
        "share_in_time": list(
            map(share, groups.tally(in_time & past), groups.tally(past))
        ),
    }


@cites(article(26), article(31))
def publication_figures(
    ledger: Ledger,
    calendar: WorkCalendar,
    /,
    *,
    on: dt.date,
    by: str = "department",
    rules: RuleProfile = _RULES,
) -> dict[str, list[Any]]:
    """
    How many results are public, and how many in time (公示及时率).

    Args:
        ledger: The ledger.
        calendar: The working days.
        on: The day; what happened later does not count.
        by: As in `plan_completion`.
        rules: The numbers of the law.

    Returns:
        One row for each group: the number of checks in each state of
        `PublicationState` (``on_time``, ``late``, ``overdue``, ``open``,
        ``exempt``, ``not_completed``), and ``share_on_time`` of those that are
        public or overdue, None where there is none. Leads are not in it.

    Raises:
        InvalidTypeError: *on* is no date, or another argument is of another
            type.
        InvalidValueError: *by* is unknown.
        InvalidInput: The calendar does not know the days of some rows.

    Cites:
        District Opinion, Art. 26 and 31 (绩效考核).
    """
    check_type(ledger, Ledger, name="ledger")
    known = ledger.as_of(on)
    known = known.take(~known.matches(origin={Origin.LEAD}))
    states = schedule_publication(known, calendar, rules=rules).states(on)
    groups = grouped(known, by)
    place = {state: code for code, state in enumerate(states.categories)}
    counts = {
        state: groups.tally(states.codes == place.get(state, -1))
        for state in PublicationState
        if state is not PublicationState.OUTSIDE
    }
    on_time = counts[PublicationState.ON_TIME]
    decided = [
        sum(numbers)
        for numbers in zip(
            on_time,
            counts[PublicationState.LATE],
            counts[PublicationState.OVERDUE],
            strict=True,
        )
    ]
    return {
        by: groups.names,
        **{state.code.replace("-", "_"): counts[state] for state in counts},
        "share_on_time": list(map(share, on_time, decided)),
    }


@cites(article(13), article(31))
def coverage(
    ledger: Ledger, sizes: Mapping[Tier, int] | Mapping[str, int], /, *, on: dt.date
) -> dict[str, list[Any]]:
    """
    How many subjects of each tier were drawn and inspected (覆盖率).

    Args:
        ledger: The ledger; the part of one entry by ``ledger.where``.
        sizes: [tier -> int >= 0] Subjects of each tier that are registered,
            or can be drawn, such as ``frame.sizes``; None for subjects that
            were drawn without a tier.
        on: The day; what happened later does not count.

    Returns:
        One row for each tier: ``size``, ``drawn`` and ``completed`` subjects,
        each once however often it was drawn, ``share_drawn`` and
        ``share_completed``.

    Raises:
        InvalidTypeError: *on* is no date, *sizes* no mapping, or *ledger* none.
        InvalidInput: A size is no number, or a tier of the ledger has no size,
            or less than what was drawn in it: all faults at once.

    Cites:
        District Opinion, Art. 13 (差异化分类监管) and 31 (绩效考核).
    """
    known = random_checks(ledger, on)
    groups = grouped(known, "stratum")
    subjects = known.classes["subject_id"].codes
    done = ~np.isnat(known.days["completed_on"])
    drawn = dict(
        zip(groups.names, groups.tally(distinct(groups.codes, subjects)), strict=True)
    )
    completed_rows = np.zeros(len(known), dtype=bool)
    completed_rows[done] = distinct(groups.codes[done], subjects[done])
    completed = dict(zip(groups.names, groups.tally(completed_rows), strict=True))
    of_tier, faults = sizes_of_tiers(sizes, drawn, name="sizes", doing="drawn")
    if faults:
        what = "coverage"
        raise InvalidInput.of(what, faults)
    tiers = in_order(of_tier)
    size = [of_tier[tier] for tier in tiers]
    counts = [drawn.get(tier, 0) for tier in tiers]
    ended = [completed.get(tier, 0) for tier in tiers]
    return {
        "stratum": tiers,
        "size": size,
        "drawn": counts,
        "completed": ended,
        "share_drawn": list(map(share, counts, size)),
        "share_completed": list(map(share, ended, size)),
    }
