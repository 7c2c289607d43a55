"""Whether a series of assignments of inspectors looks like chance."""

import itertools
from collections.abc import Iterable
from typing import NamedTuple

import attrs
import numpy as np
import numpy.typing as npt

from dsgk.assignments import Assignment
from dsgk.errors import Fault, InvalidInput, InvalidTypeError
from dsgk.fairness.chance import Rows, chunks, repeated_pairs, subsets
from dsgk.fairness.reports import (
    FairnessReport,
    Statistic,
    check_settings,
    report_of,
)
from dsgk.inspectors.people import Recusal
from dsgk.inspectors.register import InspectorRegister


__all__ = ["Pick", "examine_picks", "picks_of"]

Floats = npt.NDArray[np.float64]


def _texts(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(values)


@attrs.frozen(kw_only=True)
class Pick:
    """
    Who was drawn for the places of one seat, and from whom.

    Attributes:
        subject_id: Whom the task is to.
        pool: The ids of all who could have been drawn, in the order of the
            list from which was drawn.
        chosen: The ids of those who were.
    """

    subject_id: str
    pool: tuple[str, ...] = attrs.field(converter=_texts)
    chosen: tuple[str, ...] = attrs.field(converter=_texts)


def picks_of(
    assignment: Assignment,
    register: InspectorRegister,
    *,
    recusals: Iterable[Recusal] = (),
) -> tuple[Pick, ...]:
    """
    Write down an assignment as picks, one for each seat of each task.

    The pool of a seat is everybody in the register whom it admits and who is
    not recused. Rotation and capacities, which keep some away too, are left
    out of account, as they depend on other tasks.

    Args:
        assignment: The assignment.
        register: From which it was made.
        recusals: Those that it was made with.

    Examples:
        >>> from dsgk.assignments import Seat, StaffingTask, assign_inspectors
        >>> from dsgk.inspectors import Inspector
        >>> register = InspectorRegister(
        ...     Inspector(id=f"XF{n}", department="消防") for n in (1, 2, 3)
        ... )
        >>> task = StaffingTask(
        ...     id="T1", subject_id="S1", seats=(Seat(department="消防"),)
        ... )
        >>> (pick,) = picks_of(
        ...     assign_inspectors([task], register, key="0" * 32), register
        ... )
        >>> pick.pool, len(pick.chosen)
        (('XF1', 'XF2', 'XF3'), 2)
    """
    barred = {(recusal.inspector_id, recusal.subject_id) for recusal in recusals}
    people = sorted(register, key=lambda person: person.id)
    open_to = {
        seat: [person.id for person in people if seat.admits(person)]
        for task in assignment.tasks
        for seat in task.seats
    }
    return tuple(
        Pick(
            subject_id=task.subject_id,
            pool=(i for i in open_to[seat] if (i, task.subject_id) not in barred),
            chosen=(
                seated.inspector_id
                for seated in assignment.teams[task.id]
                if seated.seat == seat
            ),
        )
        for task in assignment.tasks
        for seat in dict.fromkeys(task.seats)  # equal seats are one
    )


class _Alike(NamedTuple):
    """Picks of as many from as many, with their place among all picks."""

    at: Rows
    people: Rows  # [(picks, pool)] codes of the pools
    chosen: Rows  # [(picks, count)] places in the pool, ascending
    subjects: Rows


def examine_picks(
    picks: Iterable[Pick],
    *,
    rng: np.random.Generator,
    repetitions: int = 1999,
    level: float = 0.01,
) -> FairnessReport:
    """
    Examine who was sent where: could it be chance (选派公平性检验)?

    What was done is compared with picks in which everybody in a pool is
    drawn alike.  The questions, with what is counted, all of them on the one
    side on which a fault lies, since a good draw of inspectors may well spread
    the work more evenly than chance would:

    - ``loads``: has anybody much more or less to do than others? Mean square
      of the distance from the expected load, as a share of its variance.
    - ``same-visitor``: do officers come back to the same subjects? Pairs of
      visits of one officer to one subject.
    - ``same-team``: are the same officers sent together? Pairs of tasks that
      two officers have in common.
    - ``succession``: does the next task go to the next in the list? Share of
      picks whose step from the one before is that of another pick.

    Args:
        picks: In the order in which they were made; see `picks_of`.
        rng: Where the fair picks come from; the same generator gives the same
            report.
        repetitions: [99..10**6] Fair series to compare with. Adjusted figures
            cannot be below about 4 divided by this.
        level: [1e-9 to 0.5] Above it a figure is none to worry about.

    Returns:
        The report; ``report.findings`` is empty if all looks like chance.

    Raises:
        InvalidTypeError: An argument has the wrong type.
        InvalidValueError: A number is out of range.
        InvalidInput: Somebody was chosen who is not in the pool, or twice, or
            stands in a pool twice: all faults at once.

    Examples:
        >>> roster = [f"SJ{n}" for n in range(10)]
        >>> turn = [
        ...     Pick(subject_id=f"S{n}", pool=roster, chosen=[roster[n % 10]])
        ...     for n in range(40)
        ... ]
        >>> report = examine_picks(turn, rng=np.random.default_rng(1))
        >>> [test.name for test in report.findings]
        ['succession']
    """
    check_settings(repetitions, level, rng)
    rows = list(picks)
    kinds, n_people, n_subjects = _kinds(rows)
    places = sum(kind.chosen.size for kind in kinds)
    mean, variance = _loads(kinds, n_people)
    parts: list[dict[str, Floats]] = []
    for part in chunks(repetitions, places + n_people):
        n = part + (not parts)
        chosen = [_fair(kind, rng, part, own=not parts) for kind in kinds]
        loads = np.zeros((n, n_people))
        for kind, drawn in zip(kinds, chosen, strict=True):
            people = np.take_along_axis(kind.people[np.newaxis], drawn, axis=2)
            cells = people.reshape(n, -1) + n_people * np.arange(n)[:, np.newaxis]
            loads += np.bincount(cells.ravel(), minlength=n * n_people).reshape(n, -1)
        free = variance > 0
        far = (loads[:, free] - mean[free]) ** 2 / variance[free]
        parts.append(
            {
                "loads": far.sum(axis=1) / max(int(free.sum()), 1),
                "same-visitor": _visitors(kinds, chosen, n, n_subjects),
                "same-team": _teams(kinds, chosen, n, n_people),
                "succession": _succession(kinds, chosen, n, len(rows)),
            }
        )
    statistics = [
        Statistic.simulated(
            name, np.concatenate([part[name] for part in parts]), both_sides=False
        )
        for name in parts[0]
    ]
    return report_of(statistics, level)


def _kinds(picks: list[Pick]) -> tuple[list[_Alike], int, int]:
    """Sort picks by the numbers in pool and seat; officers and subjects as codes."""
    people: dict[str, int] = {}
    subjects: dict[str, int] = {}
    faults = []
    gathered: dict[tuple[int, int], list[tuple[int, list[int], list[int], int]]] = {}
    pools: dict[tuple[str, ...], tuple[dict[str, int], list[int]]] = {}
    for at, pick in enumerate(picks):
        if not isinstance(pick, Pick):
            msg = f"'picks' must be of type Pick (got {pick!r}). Write Pick(…)."
            raise InvalidTypeError(
                msg, code="fairness-pick", params={"type": type(pick).__name__}
            )
        if pick.pool not in pools:
            places = {text: place for place, text in enumerate(pick.pool)}
            codes = [people.setdefault(text, len(people)) for text in pick.pool]
            pools[pick.pool] = places, codes
        places, codes = pools[pick.pool]
        distinct = set(pick.chosen)
        if len(places) < len(codes) or not distinct <= places.keys():
            rule = "be different people of a pool of different people"
        elif len(distinct) < len(pick.chosen):
            rule = "not be chosen twice for one seat"
        elif not distinct:
            continue  # says nothing
        else:
            subject = subjects.setdefault(pick.subject_id, len(subjects))
            chosen = sorted(places[text] for text in pick.chosen)
            row = (at, codes, chosen, subject)
            gathered.setdefault((len(codes), len(chosen)), []).append(row)
            continue
        msg = f"those chosen must {rule} (got {pick.chosen} of {pick.pool[:5]})."
        params = {"chosen": pick.chosen}
        faults.append(Fault("fairness-chosen", msg, row=at, params=params))
    if faults:
        what = "series of picks"
        raise InvalidInput.of(what, faults)
    kinds = []
    for _, alike in sorted(gathered.items()):
        at_, codes_, chosen_, subjects_ = zip(*alike, strict=True)
        kinds.append(_Alike(*map(np.array, (at_, codes_, chosen_, subjects_))))
    return kinds, len(people), len(subjects)


def _loads(kinds: list[_Alike], n_people: int) -> tuple[Floats, Floats]:
    """Expected load of everybody, and its variance."""
    mean, variance = np.zeros(n_people), np.zeros(n_people)
    for kind in kinds:
        share = kind.chosen.shape[1] / kind.people.shape[1]
        times = np.bincount(kind.people.ravel(), minlength=n_people)
        mean += times * share
        variance += times * share * (1 - share)
    return mean, variance


def _fair(kind: _Alike, rng: np.random.Generator, fair: int, *, own: bool) -> Rows:
    """[(n, picks, count)] Places in the pool: the own ones first, then fair ones."""
    count, size = kind.chosen.shape[1], kind.people.shape[1]
    drawn = subsets(rng, fair * len(kind.at), size, count)
    drawn = drawn.reshape(fair, len(kind.at), count)
    return np.concatenate((kind.chosen[np.newaxis], drawn)) if own else drawn


def _visitors(
    kinds: list[_Alike], chosen: list[Rows], n: int, n_subjects: int
) -> Floats:
    """Pairs of visits of one officer to one subject."""
    visits = np.zeros(n_subjects, dtype=np.int64)
    for kind in kinds:
        np.add.at(visits, kind.subjects, 1)
    keys = [np.zeros((n, 0), dtype=np.int64)]
    for kind, drawn in zip(kinds, chosen, strict=True):
        again = visits[kind.subjects] > 1  # others cannot be visited twice
        people = np.take_along_axis(
            kind.people[np.newaxis, again], drawn[:, again], axis=2
        )
        key = people * n_subjects + kind.subjects[again][:, np.newaxis]
        keys.append(key.reshape(n, -1))
    return repeated_pairs(np.hstack(keys))


def _teams(kinds: list[_Alike], chosen: list[Rows], n: int, n_people: int) -> Floats:
    """Pairs of tasks that two officers have in common."""
    keys = [np.zeros((n, 0), dtype=np.int64)]
    for kind, drawn in zip(kinds, chosen, strict=True):
        people = np.take_along_axis(kind.people[np.newaxis], drawn, axis=2)
        for i, j in itertools.combinations(range(drawn.shape[2]), 2):
            pair = np.sort(people[:, :, [i, j]], axis=2)
            keys.append(pair[:, :, 0] * n_people + pair[:, :, 1])
    return repeated_pairs(np.hstack(keys))


def _succession(
    kinds: list[_Alike], chosen: list[Rows], n: int, n_picks: int
) -> Floats:
    """Share of pairs of picks with the same step from the pick before."""
    first = np.full((n, n_picks), -1, dtype=np.int64)
    size = np.zeros(n_picks, dtype=np.int64)
    for kind, drawn in zip(kinds, chosen, strict=True):
        first[:, kind.at] = drawn[:, :, 0]
        size[kind.at] = kind.people.shape[1]
    follows = (size[1:] == size[:-1]) & (size[1:] > 1)
    here, before = first[:, 1:][:, follows], first[:, :-1][:, follows]
    pools = size[1:][follows]
    steps = (here - before) % np.maximum(pools, 1) + (pools << 32)
    pairs = steps.shape[1] * (steps.shape[1] - 1) / 2
    shared: Floats = repeated_pairs(steps) / max(pairs, 1)
    return shared
