"""Whether a series of assignments of inspectors looks like chance."""

import itertools
import math
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple, cast

import attrs
import numpy as np
import numpy.typing as npt

from dsgk.assignments import Assignment
from dsgk.errors import Faults
from dsgk.fairness._reports import (
    FairnessReport,
    Rows,
    Statistic,
    chunks,
    labels_of,
    repeated_pairs,
    report_of,
    settings_of,
    subsets,
)
from dsgk.fields import (
    Id,
    Stored,
    check_type,
    declared,
    kind_of,
    several,
    value,
)
from dsgk.inspectors import InspectorRegister, Recusal
from dsgk.simulate import Rng


Floats = npt.NDArray[np.float64]


def _texts(values: Iterable[str]) -> tuple[str, ...]:
    return cast("tuple[str, ...]", _IDS.convert(values))


_IDS = kind_of(tuple[Id, ...])


@value("dsgk-pick/1")
@attrs.frozen(kw_only=True, field_transformer=declared)
class Pick(Stored):
    """
    Who was drawn for the places of one seat, and from which pool.

    Attributes:
        subject_id: The subject of the task.
        pool: Ids of all who could have been drawn, in the order of the list
            used for the draw.
        chosen: Ids of those who were drawn.
    """

    subject_id: Id
    pool: tuple[Id, ...] = attrs.field(converter=_texts)
    chosen: tuple[Id, ...] = attrs.field(converter=_texts)


def picks_of(
    assignment: Assignment,
    register: InspectorRegister,
    *,
    recusals: Iterable[Recusal] = (),
) -> tuple[Pick, ...]:
    """
    Write down an assignment as picks, one for each seat of each task.

    The pool of a seat is everybody in the register whom it admits and who is
    not recused.  Rotation and capacities, which depend on other tasks, are
    ignored.

    Args:
        assignment: The assignment.
        register: Its register.
        recusals: Its recusals.

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
    check_type(assignment, Assignment, name="assignment")
    check_type(register, InspectorRegister, name="register")
    given = several(recusals, Recusal, name="recusals")
    barred = {(recusal.inspector_id, recusal.subject_id) for recusal in given}
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
    """Picks with equal numbers in pool and seat, and their places among all picks."""

    at: Rows
    people: Rows  # [(picks, pool)] codes of the pools
    chosen: Rows  # [(picks, count)] places in the pool, ascending
    subjects: Rows


def examine_picks(
    picks: Iterable[Pick],
    *,
    rng: Rng,
    groups: Mapping[str, str] | None = None,
    repetitions: int = 1999,
    level: float = 0.01,
) -> FairnessReport:
    """
    Examine who was sent where: could it be chance (选派公平性检验)?

    The picks are compared with fair ones, in which everybody in a pool has the
    same chance.  The questions, and what is measured.  Only large figures are
    findings, since a good draw of inspectors may well spread the work more
    evenly than chance:

    - ``loads``: has anybody much more or less to do than others? Mean square
      of the distance from the expected load, as a share of its variance.
    - ``same-visitor``: do officers come back to the same subjects? Pairs of
      visits of one officer to one subject.
    - ``same-team``: are the same officers sent together? Pairs of tasks that
      two officers share.
    - ``groups``: do officers go to the same group of subjects, such as a town?
      Mean square of the distance from the expected number of visits of each to
      each, as a share of its variance, if *groups* are given. It works where
      ``same-visitor`` cannot: if each subject is visited once.
    - ``succession``: does the next task go to the next in the list? Share of
      pairs of picks with the same step from the previous pick.

    Args:
        picks: In the order in which they were made; see `picks_of`.
        rng: Generator of the fair picks, as in NumPy; the same seed gives the
            same report.
        groups: [id of a subject -> group, or None] For example its town; other
            ids have no group.
        repetitions: [99..10**6] Fair series to compare with. Adjusted figures
            cannot be below about 4 divided by this; if that exceeds *level*,
            nothing can be a finding.
        level: [1e-9 to 0.5] Figures with a greater adjusted *p* are fine.

    Returns:
        The report; ``report.findings`` is empty if all looks like chance.

    Raises:
        InvalidValueError: A number is out of range.
        InvalidInput: Somebody was chosen who is not in the pool, was chosen
            twice, or is in a pool twice.

    Examples:
        >>> roster = [f"SJ{n}" for n in range(10)]
        >>> turn = [
        ...     Pick(subject_id=f"S{n}", pool=roster, chosen=[roster[n % 10]])
        ...     for n in range(40)
        ... ]
        >>> report = examine_picks(turn, rng=1)
        >>> [test.name for test in report.findings]
        ['succession']
    """
    source, repetitions = settings_of(rng, repetitions, level)
    kinds, n_people, subjects = _kinds(several(picks, Pick, name="picks"))
    labels = labels_of(subjects, groups)
    tables = {"loads": _table(kinds, n_people, np.ones(len(subjects), dtype=np.int64))}
    if labels is not None:
        tables["groups"] = _table(kinds, n_people, labels)
    places = sum(kind.chosen.size for kind in kinds)
    cells = places + sum(len(table.mean) for table in tables.values())
    parts: list[dict[str, Floats]] = []
    for part in chunks(repetitions, cells):
        # The picks themselves come first, then the fair ones.
        chosen = [_fair(kind, source, part, own=not parts) for kind in kinds]
        parts.append(_figures(kinds, chosen, tables, part + (not parts)))
    bounds = _bounds(kinds, tables)
    statistics = [
        Statistic.simulated(
            name,
            np.concatenate([part[name] for part in parts]),
            both_sides=False,
            bounds=bounds[name],
        )
        for name in parts[0]
    ]
    return report_of(statistics, level)


def _kinds(picks: Sequence[Pick]) -> tuple[list[_Alike], int, list[str]]:
    """
    Group picks by the sizes of pool and seat; turn people into codes.

    Returns:
        The picks, the number of officers, and the subjects by their code.
    """
    people: dict[str, int] = {}
    subjects: dict[str, int] = {}
    faults = Faults()
    gathered: dict[tuple[int, int], list[tuple[int, list[int], list[int], int]]] = {}
    pools: dict[tuple[str, ...], tuple[dict[str, int], list[int]]] = {}
    for at, pick in enumerate(picks):
        if pick.pool not in pools:
            places = {text: place for place, text in enumerate(pick.pool)}
            codes = [people.setdefault(text, len(people)) for text in pick.pool]
            pools[pick.pool] = places, codes
        places, codes = pools[pick.pool]
        distinct = set(pick.chosen)
        if len(places) < len(codes) or not distinct <= places.keys():
            code = "fairness-pool"
        elif len(distinct) < len(pick.chosen):
            code = "fairness-chosen"
        elif not distinct:
            continue  # says nothing
        else:
            subject = subjects.setdefault(pick.subject_id, len(subjects))
            chosen = sorted(places[text] for text in pick.chosen)
            row = (at, codes, chosen, subject)
            gathered.setdefault((len(codes), len(chosen)), []).append(row)
            continue
        faults.add(code, row=at, got=pick.chosen, pool=pick.pool)
    faults.raise_any("series of picks")
    kinds = []
    for _, alike in sorted(gathered.items()):
        at_, codes_, chosen_, subjects_ = zip(*alike, strict=True)
        kinds.append(_Alike(*map(np.array, (at_, codes_, chosen_, subjects_))))
    return kinds, len(people), list(subjects)


class _Table(NamedTuple):
    """How often each officer goes to each group of subjects in fair picks."""

    labels: Rows  # group of each subject, 0 for none
    groups: int
    mean: Floats
    variance: Floats

    def cells(self, kind: _Alike, people: Rows) -> Rows:
        """[(n, visits)] The cell of each visit to a subject with a group."""
        label = self.labels[kind.subjects]
        some = label > 0
        cells = people[:, some] * self.groups + label[some, np.newaxis] - 1
        return cells.reshape(len(people), -1)

    def figure(self, kinds: list[_Alike], chosen: list[Rows], n: int) -> Floats:
        """Mean square of the distance from the expected number, by its variance."""
        size = len(self.mean)
        counts = np.zeros((n, size))
        for kind, drawn in zip(kinds, chosen, strict=True):
            cells = self.cells(kind, _people(kind, drawn))
            cells = cells + size * np.arange(n)[:, np.newaxis]
            counted = np.bincount(cells.ravel(), minlength=n * size)
            counts += counted.reshape(n, size)
        free = self.variance > 0
        far = (counts[:, free] - self.mean[free]) ** 2 / self.variance[free]
        total: Floats = far.sum(axis=1) / max(int(free.sum()), 1)
        return total


def _table(kinds: list[_Alike], n_people: int, labels: Rows) -> _Table:
    groups = int(labels.max(initial=0))
    mean, variance = np.zeros((2, n_people * groups))
    table = _Table(labels, groups, mean, variance)
    for kind in kinds:
        share = kind.chosen.shape[1] / kind.people.shape[1]
        cells = table.cells(kind, kind.people[np.newaxis])
        times = np.bincount(cells.ravel(), minlength=len(mean))
        mean += times * share
        variance += times * share * (1 - share)
    return table


def _figures(
    kinds: list[_Alike], chosen: list[Rows], tables: dict[str, _Table], n: int
) -> dict[str, Floats]:
    """Figures of *n* series."""
    loads = tables["loads"]
    return {
        **{name: table.figure(kinds, chosen, n) for name, table in tables.items()},
        "same-visitor": _visitors(kinds, chosen, n, len(loads.labels)),
        "same-team": _teams(kinds, chosen, n, len(loads.mean)),
        "succession": _succession(kinds, chosen, n),
    }


def _bounds(
    kinds: list[_Alike], tables: dict[str, _Table]
) -> dict[str, tuple[float, float]]:
    """
    Least and greatest possible value of each figure.

    Figures are greatest if the same officers are always sent, as far as pools
    allow.  Pairs are fewest if no count exceeds another by more than one.
    """
    same = [
        np.argsort(kind.people)[np.newaxis, :, : kind.chosen.shape[1]] for kind in kinds
    ]
    still = [np.zeros_like(kind.chosen)[np.newaxis] for kind in kinds]
    most = _figures(kinds, same, tables, 1)
    most["succession"] = _succession(kinds, still, 1)
    n_people, n_subjects = len(tables["loads"].mean), len(tables["loads"].labels)
    visits = np.zeros(n_subjects, dtype=np.int64)
    pairs = 0
    for kind in kinds:
        count = kind.chosen.shape[1]
        np.add.at(visits, kind.subjects, count)
        pairs += len(kind.at) * math.comb(count, 2)
    sizes, follows = _following(kinds)
    pools, steps = np.unique(sizes[1:][follows], return_counts=True)
    alike = sum(map(_fewest, steps.tolist(), pools.tolist()))
    least = {
        "same-visitor": sum(_fewest(n, n_people) for n in visits.tolist()),
        "same-team": _fewest(pairs, math.comb(n_people, 2)),
        "succession": alike / max(math.comb(int(steps.sum()), 2), 1),
    }
    return {
        name: (float(least.get(name, 0.0)), float(values[0]))
        for name, values in most.items()
    }


def _fewest(things: int, kinds: int) -> int:
    """Pairs of equal things, if they are spread evenly over the kinds."""
    each, more = divmod(things, max(kinds, 1))
    return more * each + kinds * math.comb(each, 2)


def _people(kind: _Alike, drawn: Rows) -> Rows:
    """[(n, picks, count)] Codes of the officers in their places."""
    return np.take_along_axis(kind.people[np.newaxis], drawn, axis=2)


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
        people = _people(kind, drawn)[:, again]
        key = people * n_subjects + kind.subjects[again][:, np.newaxis]
        keys.append(key.reshape(n, -1))
    return repeated_pairs(np.hstack(keys))


def _teams(kinds: list[_Alike], chosen: list[Rows], n: int, n_people: int) -> Floats:
    """Pairs of tasks that two officers have in common."""
    keys = [np.zeros((n, 0), dtype=np.int64)]
    for kind, drawn in zip(kinds, chosen, strict=True):
        people = _people(kind, drawn)
        for i, j in itertools.combinations(range(drawn.shape[2]), 2):
            pair = np.sort(people[:, :, [i, j]], axis=2)
            keys.append(pair[:, :, 0] * n_people + pair[:, :, 1])
    return repeated_pairs(np.hstack(keys))


def _succession(kinds: list[_Alike], chosen: list[Rows], n: int) -> Floats:
    """Share of pairs of picks with the same step from the pick before."""
    sizes, follows = _following(kinds)
    first = np.full((n, len(sizes)), -1, dtype=np.int64)
    for kind, drawn in zip(kinds, chosen, strict=True):
        first[:, kind.at] = drawn[:, :, 0]
    here, before = first[:, 1:][:, follows], first[:, :-1][:, follows]
    pools = sizes[1:][follows]
    steps = (here - before) % np.maximum(pools, 1) + (pools << 32)
    shared: Floats = repeated_pairs(steps) / max(math.comb(steps.shape[1], 2), 1)
    return shared


def _following(kinds: list[_Alike]) -> tuple[Rows, npt.NDArray[np.bool_]]:
    """Sizes of the pools of all picks; which picks after the first have a step."""
    sizes = np.zeros(
        max((int(kind.at[-1]) + 1 for kind in kinds), default=0), dtype=np.int64
    )
    for kind in kinds:
        sizes[kind.at] = kind.people.shape[1]
    return sizes, (sizes[1:] == sizes[:-1]) & (sizes[1:] > 1)
