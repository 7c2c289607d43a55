"""The nine grounds of liability, and the evidence for each (责任追究)."""

import datetime as dt
from collections.abc import Iterable, Mapping

import numpy as np

from dsgk.accountability.evidence import (
    CONSEQUENCES,
    Evidence,
    ReportedFact,
    of_row,
    with_reports,
)
from dsgk.accountability.powers import exceeded_powers
from dsgk.accountability.referrals import not_penalised, not_sent_to_judiciary
from dsgk.calendars import Period, WorkCalendar
from dsgk.draws import DrawRecord
from dsgk.errors import InvalidTypeError, shown
from dsgk.fields import check_day, check_mapping, check_type, several
from dsgk.identifiers import check_id
from dsgk.inspectors import InspectorRegister, Recusal
from dsgk.items import ItemList
from dsgk.ledger import Ledger, LedgerRow
from dsgk.plans import Plan
from dsgk.publication import PublicationState, schedule_publication
from dsgk.results import Referral, Route
from dsgk.sources import (
    PENALTY_LAW_42,
    PENALTY_LAW_43,
    RuleProfile,
    article,
    cites,
)


__all__ = [
    "liability_evidence",
    "not_as_required",
    "not_carried_out",
    "not_published",
    "other_grounds",
    "procedure_violated",
    "unlawful_coercion",
]

_RULES = RuleProfile()


@cites(article(28, 1))
def not_carried_out(
    ledger: Ledger, /, *, on: dt.date, reports: Iterable[ReportedFact] = ()
) -> tuple[Evidence, ...]:
    """
    Tasks that were not carried out, or late (不执行或者拖延执行抽查任务).

    Args:
        ledger: The ledger.
        on: The day on which it is looked at; the last day of a window is not
            late yet.
        reports: Facts reported on this ground.

    Returns:
        Evidence for each check that is past its last day and open
        (``not-carried-out``) or was completed after it (``delayed``), and for
        each lead without a last day that is still open on a day after it came
        in (``lead-open``).

    Raises:
        InvalidTypeError, InvalidInput: An argument is of another type.

    Cites:
        District Opinion, Art. 28 (一).
    """
    check_type(ledger, Ledger, name="ledger")
    day = check_day(on, name="on")
    today = np.datetime64(day, "D")
    known = ledger.as_of(day)
    due, completed = known.days["due"], known.days["completed_on"]
    still_open = np.isnat(completed)
    waiting = still_open & np.isnat(due) & (known.days["drawn_on"] < today)
    found = []
    for rows, code, words in (
        (still_open & (due < today), "not-carried-out", "was due on {0} and is open"),
        (completed > due, "delayed", "was due on {0} and completed on {1}"),
        (waiting, "lead-open", "came in on {2} and is open"),
    ):
        for k in np.flatnonzero(rows).tolist():
            row = known[k]
            since = row.due or row.drawn_on
            text = words.format(row.due, row.completed_on, row.drawn_on)
            days = ((row.completed_on or day) - since).days
            found.append(
                of_row(
                    row,
                    article(28, 1),
                    code,
                    f"a check {text}",
                    on=since,
                    params={"days": days},
                )
            )
    return with_reports(found, reports, article(28, 1))


@cites(article(28, 2))
def not_as_required(
    ledger: Ledger, /, *, on: dt.date, reports: Iterable[ReportedFact] = ()
) -> tuple[Evidence, ...]:
    """
    Checks not made as required, with harmful consequences (未按要求进行抽查).

    Args:
        ledger: The ledger.
        on: The day on which it is looked at.
        reports: Facts reported on this ground: consequences, and failures
            that no ledger shows.

    Returns:
        Evidence for each check that was completed without any result; the
        consequences are missing unless they are reported.

    Raises:
        InvalidTypeError, InvalidInput: An argument is of another type.

    Cites:
        District Opinion, Art. 28 (二).
    """
    check_type(ledger, Ledger, name="ledger")
    known = ledger.as_of(on)
    rows = ~np.isnat(known.days["completed_on"]) & (known.classes["results"].codes < 0)
    found = [
        of_row(
            known[k],
            article(28, 2),
            "no-result",
            f"a check was completed on {known[k].completed_on} without any result",
            on=known[k].completed_on,
            missing=[CONSEQUENCES],
        )
        for k in np.flatnonzero(rows).tolist()
    ]
    return with_reports(found, reports, article(28, 2), settles=CONSEQUENCES)


@cites(article(28, 3))
def procedure_violated(
    ledger: Ledger,
    /,
    *,
    on: dt.date,
    teams: Mapping[str, Iterable[str]],
    inspectors: InspectorRegister,
    recusals: Iterable[Recusal] = (),
    reports: Iterable[ReportedFact] = (),
    rules: RuleProfile = _RULES,
) -> tuple[Evidence, ...]:
    """
    Violations of the procedure that the law sets (违反法定检查程序).

    Args:
        ledger: The ledger.
        on: The day on which it is looked at.
        teams: [task id -> inspector ids] Who in fact inspected.
        inspectors: The register, which says who counts as an officer.
        recusals: Who had to keep away from whom.
        reports: Facts reported on this ground.
        rules: The numbers of the law.

    Returns:
        Evidence for each completed task that had fewer certified officers
        than the law asks for (``too-few-officers``), or somebody who was
        recused (``recusal-ignored``).

    Raises:
        InvalidTypeError, InvalidInput: An argument is of another type, such
            as a team that is a text.
        InvalidValueError: Somebody in a team has no valid id.

    Cites:
        District Opinion, Art. 28 (三); Administrative Penalty Law, Art. 42
        and 43.
    """
    check_type(ledger, Ledger, name="ledger")
    check_type(inspectors, InspectorRegister, name="inspectors")
    check_type(rules, RuleProfile, name="rules")
    listed = check_mapping(teams, name="teams", instead="{'T1': ['SJ001', 'SJ002']}")
    known = ledger.as_of(on)
    barred = {
        (recusal.inspector_id, recusal.subject_id)
        for recusal in several(recusals, Recusal, name="recusals")
    }
    found = []
    people_of = {task_id: _team(task_id, people) for task_id, people in listed.items()}
    for row in _one_row_of_each_task(known, people_of):
        team = people_of[row.task_id]
        officers = [i for i in team if i in inspectors and inspectors[i].is_officer]
        params = {"officers": len(officers), "least": rules.min_officers}
        if len(officers) < rules.min_officers:
            found.append(
                of_row(
                    row,
                    article(28, 3),
                    "too-few-officers",
                    f"{len(officers)} certified officers inspected, the law asks for "
                    f"{rules.min_officers}; see {PENALTY_LAW_42}",
                    on=row.completed_on,
                    also=[tuple(team)],
                    params=params,
                )
            )
        present = [i for i in team if (i, row.subject_id) in barred]
        if present:
            found.append(
                of_row(
                    row,
                    article(28, 3),
                    "recusal-ignored",
                    f"{len(present)} of the team were recused from the subject; see "
                    f"{PENALTY_LAW_43}",
                    on=row.completed_on,
                    also=[tuple(team)],
                    params={"recused": len(present)},
                )
            )
    return with_reports(found, reports, article(28, 3))


def _team(task_id: str, people: object) -> list[str]:
    """The ids of a team, each once; else every letter would be an inspector."""
    if isinstance(people, str) or not isinstance(people, Iterable):
        msg = (
            f"the team of task {task_id!r} must list ids (got {shown(people)}). "
            f"Write [{shown(people)}]."
        )
        raise InvalidTypeError(msg, code="team-type", params={"task": task_id})
    return sorted({check_id(text, name="teams") for text in people})


def _one_row_of_each_task(
    ledger: Ledger, teams: Mapping[str, Iterable[str]]
) -> list[LedgerRow]:
    """The first completed check of every task of which the team is known."""
    rows = ledger.matches(task_id=set(teams)) & ~np.isnat(ledger.days["completed_on"])
    numbers = np.flatnonzero(rows)
    codes = ledger.classes["task_id"].codes[numbers]
    _, first = np.unique(codes, return_index=True)
    return [ledger[k] for k in numbers[np.sort(first)].tolist()]


@cites(article(28, 5))
def unlawful_coercion(reports: Iterable[ReportedFact], /) -> tuple[Evidence, ...]:
    """
    Coercive measures taken unlawfully (违法实施行政强制措施); reported alone.

    Raises:
        InvalidTypeError, InvalidInput: An argument is of another type.

    Cites:
        District Opinion, Art. 28 (五).
    """
    return with_reports((), reports, article(28, 5))


@cites(article(28, 8))
def not_published(
    ledger: Ledger,
    /,
    *,
    on: dt.date,
    calendar: WorkCalendar,
    reports: Iterable[ReportedFact] = (),
    rules: RuleProfile = _RULES,
) -> tuple[Evidence, ...]:
    """
    Results not made public in time, with harmful consequences (未依法及时公示).

    Args:
        ledger: The ledger.
        on: The day on which it is looked at; the last day is not late yet.
        calendar: The working days.
        reports: Facts reported on this ground: the consequences.
        rules: The numbers of the law.

    Returns:
        Evidence for each result that is overdue (``not-published``) or was
        published late (``published-late``); the consequences are missing
        unless they are reported.

    Raises:
        InvalidTypeError, InvalidInput: An argument is of another type.

    Cites:
        District Opinion, Art. 28 (八).
    """
    check_type(ledger, Ledger, name="ledger")
    known = ledger.as_of(on)
    schedule = schedule_publication(known, calendar, rules=rules)
    states = schedule.states(on)
    found = []
    for k, code in enumerate(states.codes.tolist()):
        state = states.categories[code]
        if state not in {PublicationState.OVERDUE, PublicationState.LATE}:
            continue
        row, due = known[k], schedule.due[k].item()
        public = row.published_on or check_day(on, name="on")
        found.append(
            of_row(
                row,
                article(28, 8),
                "published-late" if row.published_on else "not-published",
                f"a result was to be public by {due}"
                + (f" and was on {row.published_on}" if row.published_on else ""),
                on=due,
                missing=[CONSEQUENCES],
                params={"due": due, "days": (public - due).days},
            )
        )
    return with_reports(found, reports, article(28, 8), settles=CONSEQUENCES)


@cites(article(28, 9))
def other_grounds(reports: Iterable[ReportedFact], /) -> tuple[Evidence, ...]:
    """
    Other cases in which the law provides for liability; reported alone.

    Raises:
        InvalidTypeError, InvalidInput: An argument is of another type.

    Cites:
        District Opinion, Art. 28 (九).
    """
    return with_reports((), reports, article(28, 9))


@cites(article(28))
def liability_evidence(
    ledger: Ledger,
    /,
    *,
    on: dt.date,
    calendar: WorkCalendar,
    referrals: Iterable[Referral] = (),
    within: Mapping[Route, Period] | None = None,
    teams: Mapping[str, Iterable[str]] | None = None,
    inspectors: InspectorRegister | None = None,
    recusals: Iterable[Recusal] = (),
    items: ItemList | None = None,
    plans: Iterable[Plan] = (),
    records: Iterable[DrawRecord] = (),
    reports: Iterable[ReportedFact] = (),
    rules: RuleProfile = _RULES,
) -> tuple[Evidence, ...]:
    """
    List the evidence on all nine grounds; never a verdict on a person.

    Args:
        ledger: The ledger.
        on: The day on which it is looked at.
        calendar: The working days.
        referrals: What was routed.
        within: Periods for routes, as in `not_penalised`.
        teams: [task id -> inspector ids] Who in fact inspected; None where
            that is not looked at.
        inspectors: The register; needed with *teams*.
        recusals: Who had to keep away from whom.
        items: The item list, None where it is not looked at.
        plans: Plans, as in `exceeded_powers`.
        records: Draw records, as in `exceeded_powers`.
        reports: Facts that no ledger shows.
        rules: The numbers of the law.

    Returns:
        Evidence in the order of the grounds. An empty list shows that the
        records bear on none, and no more.

    Raises:
        InvalidTypeError, InvalidInput: *teams* are given without
            *inspectors*, or another argument is of another type.

    Cites:
        District Opinion, Art. 28.
    """
    facts = several(reports, ReportedFact, name="reports")
    sent = several(referrals, Referral, name="referrals")
    if inspectors is None and isinstance(teams, Mapping) and teams:
        msg = "'inspectors' must be given where 'teams' are (got None)."
        raise InvalidTypeError(msg, code="inspectors-missing")
    return (
        *not_carried_out(ledger, on=on, reports=facts),
        *not_as_required(ledger, on=on, reports=facts),
        *procedure_violated(
            ledger,
            on=on,
            teams={} if teams is None else teams,
            inspectors=InspectorRegister(()) if inspectors is None else inspectors,
            recusals=recusals,
            reports=facts,
            rules=rules,
        ),
        *exceeded_powers(
            ledger, on=on, items=items, plans=plans, records=records, reports=facts
        ),
        *unlawful_coercion(facts),
        *not_penalised(
            ledger, sent, on=on, calendar=calendar, within=within, reports=facts
        ),
        *not_sent_to_judiciary(
            ledger, sent, on=on, calendar=calendar, within=within, reports=facts
        ),
        *not_published(ledger, on=on, calendar=calendar, reports=facts, rules=rules),
        *other_grounds(facts),
    )
