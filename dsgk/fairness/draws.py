"""Whether a series of draws of subjects looks like chance."""

import math
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from dsgk.draws.selection import Draw
from dsgk.errors import Fault, InvalidInput, InvalidTypeError, InvalidValueError
from dsgk.fairness.chance import Rows, chunks, repeated_pairs, subsets
from dsgk.fairness.reports import (
    FairnessReport,
    Statistic,
    check_settings,
    report_of,
)
from dsgk.frames import Frame


__all__ = ["examine_draws"]

Outcome = Draw | Mapping[str, Sequence[str]]
Floats = npt.NDArray[np.float64]

_HALF = 0.5  # a place is the middle of its row


class _Block(NamedTuple):
    """One stratum in one draw."""

    rows: Rows  # codes of its subjects, in the order of the frame
    drawn: Rows  # positions of those drawn, ascending


def examine_draws(
    frames: Frame | Sequence[Frame],
    outcomes: Iterable[Outcome],
    *,
    rng: np.random.Generator,
    groups: Mapping[str, str] | None = None,
    repetitions: int = 1999,
    level: float = 0.01,
) -> FairnessReport:
    """
    Examine a series of draws: could they be fair (抽取公平性检验)?

    Who was drawn is compared with fair draws of the same numbers from the
    same strata.  The questions, with what is counted:

    - ``subjects``: is any subject drawn too often or too seldom? The share of
      its draws in which the most conspicuous one was drawn; exact.
    - ``evenness``: do the numbers of times differ as chance makes them differ?
      Mean square of their distance from the expected number, as a share of
      its variance. Above: some are favoured. Below: it is a rota.
    - ``row-position``: does it matter where one stands in the list? Mean place
      of those drawn, from 0 for the top to 1 for the end.
    - ``row-spacing``: are those drawn as far from each other as chance puts
      them? Mean square of the distances from one to the next. Below: every
      so many-th row. Above: runs of neighbours.
    - ``strata-offsets``: do strata have the same row numbers drawn? Rows per
      draw that share their number in the stratum with another one drawn.
    - ``strata-echo``: are those drawn in one stratum where those of the next
      one are, relative to its size? Mean distance to the nearest.
    - ``groups``: is any group drawn too often or too seldom? Mean square as
      for evenness. Only if *groups* are given, and the one question that a
      single draw can answer about favour.

    Draws of one announcement share their key and so their subjects: give one
    of them, or draws of different announcements.

    Args:
        frames: The frame of all draws, or one for each; without weights. The
            order of its rows is that of the list from which was drawn.
        outcomes: What was drawn: a `Draw`, such as a record has, or ids by
            stratum. Strata that are left out had nobody drawn.
        rng: Where the fair draws come from; the same generator gives the same
            report.
        groups: [id -> group, or None] Such as the town of each subject; ids
            that it does not have are no group's.
        repetitions: [99..10**6] Fair series to compare with. Adjusted figures
            cannot be below about 12 divided by this.
        level: [1e-9 to 0.5] Above it a figure is none to worry about.

    Returns:
        The report; ``report.findings`` is empty if all looks like chance.

    Raises:
        InvalidTypeError: An argument has the wrong type.
        InvalidValueError: A number is out of range, a frame has weights, or
            there are not as many frames as draws.
        InvalidInput: Somebody was drawn who is not in the stratum, or twice:
            all faults at once.

    Examples:
        >>> from dsgk.draws import draw_subjects
        >>> frame = Frame([f"S{n}" for n in range(60)], ["A"] * 40 + ["B"] * 20)
        >>> quotas = {"A": 4, "B": 4}
        >>> draws = [
        ...     draw_subjects(frame, quotas, key=f"{n:032x}") for n in range(50)
        ... ]
        >>> examine_draws(frame, draws, rng=np.random.default_rng(1)).findings
        ()
        >>> top = [{"A": ["S0", "S1", "S2", "S3"], "B": ["S40", "S41"]}] * 3
        >>> report = examine_draws(frame, top, rng=np.random.default_rng(1))
        >>> [test.name for test in report.findings][:2]
        ['evenness', 'row-position']
    """
    check_settings(repetitions, level, rng)
    results = _outcomes(outcomes)
    used = _frames(frames, len(results))
    series, ids = _series(used, results)
    labels = _labels(ids, groups)
    expected = _expected(series, len(ids))
    statistics = [_subjects(series, expected)]
    parts: list[dict[str, Floats]] = []
    for part in chunks(repetitions, len(ids) + 1):
        # The draws themselves come first, then the fair ones.
        parts.append(_figures(series, expected, labels, rng, part, own=not parts))
    for name in parts[0]:
        values = np.concatenate([part[name] for part in parts])
        reach = _HALF if name == "row-position" else math.inf
        statistics.append(Statistic.simulated(name, values, reach=reach))
    return report_of(statistics, level)


def _outcomes(outcomes: Iterable[Outcome]) -> list[Mapping[str, Sequence[str]]]:
    results: list[Mapping[str, Sequence[str]]] = []
    for outcome in outcomes:
        if isinstance(outcome, Draw):
            results.append({n: s.selected for n, s in outcome.strata.items()})
        elif _has_ids(outcome):
            results.append(outcome)
        else:
            msg = (
                f"'outcomes' must be draws or ids by stratum (got {outcome!r}). "
                "Write [record.draws['…'] for record in records], or "
                "[{'A': ['S1', 'S2']}]."
            )
            raise InvalidTypeError(
                msg, code="fairness-outcome", params={"type": type(outcome).__name__}
            )
    return results


def _has_ids(outcome: object) -> bool:
    """Whether these are ids by stratum; one text is no sequence of ids."""
    return isinstance(outcome, Mapping) and not any(
        isinstance(ids, str) for ids in outcome.values()
    )


def _frames(frames: Frame | Sequence[Frame], count: int) -> list[Frame]:
    used = [frames] * count if isinstance(frames, Frame) else list(frames)
    for frame in used:
        if not isinstance(frame, Frame):
            msg = f"'frames' must be of type Frame (got {frame!r}). Write Frame(…)."
            raise InvalidTypeError(
                msg, code="fairness-frame", params={"type": type(frame).__name__}
            )
        if frame.weights is not None:
            msg = (
                "'frames' must have no weights (got some). Where chances are unequal "
                "by intention, equal chances are not the question."
            )
            raise InvalidValueError(msg, code="fairness-weights")
    if not count:
        msg = "'outcomes' must be at least one draw (got none)."
        raise InvalidValueError(msg, code="fairness-empty")
    if len(used) != count:
        msg = (
            f"'frames' must be one for all draws or one for each of {count} (got "
            f"{len(used)})."
        )
        raise InvalidValueError(
            msg, code="fairness-frames", params={"frames": len(used), "draws": count}
        )
    return used


def _series(
    frames: list[Frame], outcomes: list[Mapping[str, Sequence[str]]]
) -> tuple[list[list[_Block]], list[str]]:
    """Make numbers of ids: for each draw its strata, and the ids by number."""
    codes: dict[str, int] = {}
    known: dict[int, dict[str, tuple[dict[str, int], Rows]]] = {}
    series, faults = [], []
    for at, (frame, outcome) in enumerate(zip(frames, outcomes, strict=True)):
        if id(frame) not in known:
            known[id(frame)] = _strata(frame, codes)
        strata = known[id(frame)]
        blocks = []
        for name in outcome.keys() - strata.keys():
            msg = (
                f"stratum {name!r} must be one of the frame (got {sorted(strata)}). "
                "Give the frame from which was drawn."
            )
            faults.append(
                Fault("fairness-stratum", msg, row=at, params={"stratum": name})
            )
        for name, (places, rows) in strata.items():
            drawn, wrong = _places(places, outcome.get(name, ()))
            for code, text in wrong:
                rule = "be drawn once" if code == "fairness-twice" else "be in it"
                msg = (
                    f"{text!r} drawn in stratum {name!r} must {rule} (got it "
                    "otherwise). Give the frame from which was drawn."
                )
                params = {"id": text, "stratum": name}
                faults.append(Fault(code, msg, row=at, params=params))
            blocks.append(_Block(rows, drawn))
        series.append(blocks)
    if faults:
        what = "series of draws"
        raise InvalidInput.of(what, faults)
    return series, list(codes)


def _strata(
    frame: Frame, codes: dict[str, int]
) -> dict[str, tuple[dict[str, int], Rows]]:
    members: dict[str, list[str]] = {name: [] for name in frame.names}
    for text, code in zip(frame.ids, frame.codes.tolist(), strict=True):
        members[frame.names[code]].append(text)
    return {
        name: (
            {text: place for place, text in enumerate(ids)},
            np.array([codes.setdefault(text, len(codes)) for text in ids]),
        )
        for name, ids in members.items()
    }


def _places(
    places: dict[str, int], ids: Sequence[str]
) -> tuple[Rows, list[tuple[str, str]]]:
    """Positions of *ids* in a stratum, and what is wrong with them."""
    wrong = [("fairness-stranger", text) for text in ids if text not in places]
    seen: set[str] = set()
    for text in ids:
        if text in seen:
            wrong.append(("fairness-twice", text))
        seen.add(text)
    drawn = sorted(places[text] for text in seen if text in places)
    return np.array(drawn, dtype=np.int64), wrong


def _labels(ids: list[str], groups: Mapping[str, str] | None) -> Rows | None:
    """Give the group of each id as a number, 0 for none."""
    if groups is None:
        return None
    if not isinstance(groups, Mapping):
        msg = f"'groups' must map ids to groups (got {groups!r}). Write {{'S1': '…'}}."
        raise InvalidTypeError(
            msg, code="fairness-groups", params={"type": type(groups).__name__}
        )
    numbers: dict[str, int] = {}
    return np.array(
        [
            numbers.setdefault(groups[text], len(numbers) + 1) if text in groups else 0
            for text in ids
        ],
        dtype=np.int64,
    )


class _Expected(NamedTuple):
    """How often each subject is drawn in fair draws: mean, variance, draws."""

    mean: Floats
    variance: Floats
    draws: Rows


def _expected(series: list[list[_Block]], n_ids: int) -> _Expected:
    mean, variance = np.zeros(n_ids), np.zeros(n_ids)
    draws = np.zeros(n_ids, dtype=np.int64)
    for blocks in series:
        for block in blocks:
            share = len(block.drawn) / len(block.rows)
            mean[block.rows] += share
            variance[block.rows] += share * (1 - share)
            draws[block.rows] += 1
    return _Expected(mean, variance, draws)


def _subjects(series: list[list[_Block]], expected: _Expected) -> Statistic:
    """
    The most conspicuous subject, by the exact distribution of its number.

    How often a subject is drawn is a sum of independent draws with known
    chances; subjects that were in the same strata all the time share it.
    """
    n_ids = len(expected.mean)
    times = np.zeros(n_ids, dtype=np.int64)
    history, firsts = np.zeros(n_ids, dtype=np.int64), np.zeros(1, dtype=np.int64)
    chances = np.zeros((1, len(series) + 1))
    chances[0, 0] = 1
    known: set[tuple[int, ...]] = set()
    for blocks in series:
        stratum = np.zeros(n_ids, dtype=np.int64)  # 0: not in this frame
        shares = np.zeros(len(blocks) + 1)
        for number, block in enumerate(blocks, 1):
            stratum[block.rows] = number
            shares[number] = len(block.drawn) / len(block.rows)
            times[block.rows[block.drawn]] += 1
        frame = tuple(id(block.rows) for block in blocks)
        if frame not in known:
            known.add(frame)
            before = history
            _, firsts, history = np.unique(
                history * len(shares) + stratum, return_index=True, return_inverse=True
            )
            chances = chances[before[firsts]]
        share = shares[stratum[firsts]][:, np.newaxis]
        drawn = chances[:, :-1] * share
        chances = chances * (1 - share)
        chances[:, 1:] += drawn
    free = int((expected.variance > 0).sum())
    if not free:  # nothing was left to chance
        return Statistic("subjects", 0.0, 0.0, 1.0, 0.0)
    tails = np.minimum(chances.cumsum(axis=1), chances[:, ::-1].cumsum(axis=1)[:, ::-1])
    p = np.where(expected.variance > 0, tails[history, times], 1.0)
    who = int(p.argmin())
    draws = int(expected.draws[who])
    mean = float(expected.mean[who]) / draws
    # Too short a series could not show even the least likely number.
    spread = float(expected.variance[who]) ** 0.5 / draws
    rarest = min(float(row[row > 0][[0, -1]].min()) for row in chances)
    return Statistic(
        "subjects",
        int(times[who]) / draws,
        mean,
        min(1.0, 2 * free * float(p[who])),
        spread if 2 * free * rarest < 1 else 0.0,
        among=free,
        reach=max(mean, 1 - mean),
    )


def _figures(
    series: list[list[_Block]],
    expected: _Expected,
    labels: Rows | None,
    rng: np.random.Generator,
    fair: int,
    *,
    own: bool,
) -> dict[str, Floats]:
    """Figures of *fair* fair series, after those of the series itself if *own*."""
    n = fair + own
    each = np.arange(n)[:, np.newaxis]
    times = np.zeros((n, len(expected.mean)), dtype=np.int32)
    n_drawn = n_blocks = n_draws = n_pairs = 0
    place, spacing, offsets, echo = (np.zeros(n) for _ in range(4))
    towns = _Towns(labels, n)
    for blocks in series:
        places: list[tuple[Rows, int]] = []
        for block in blocks:
            quota, size = len(block.drawn), len(block.rows)
            drawn = subsets(rng, fair, size, quota)
            if own:
                drawn = np.vstack((block.drawn, drawn))
            who = block.rows[drawn]
            times[each, who] += 1
            if not 0 < quota < size:
                continue  # nothing is left to chance
            places.append((drawn, size))
            n_drawn += quota
            place += ((drawn + _HALF) / size).sum(axis=1)
            towns.add(who, block)
            if quota > 1:
                n_blocks += 1
                spacing += _spacing(drawn, size)
        if len(places) > 1:
            n_draws += 1
            offsets += repeated_pairs(np.hstack([drawn for drawn, _ in places]))
            for one, other in pairwise(places):
                n_pairs += 1
                echo += _echo(one, other)
    free = expected.variance > 0
    uneven = (times[:, free] - expected.mean[free]) ** 2 / expected.variance[free]
    figures = {
        "evenness": uneven.sum(axis=1) / max(int(free.sum()), 1),
        "row-position": place / max(n_drawn, 1),
        "row-spacing": spacing / max(n_blocks, 1),
        "strata-offsets": offsets / max(n_draws, 1),
        "strata-echo": echo / max(n_pairs, 1),
    }
    if labels is not None:
        figures["groups"] = towns.figure()
    return figures


def _spacing(drawn: Rows, size: int) -> Floats:
    """Mean square of the steps from one to the next, and round to the first."""
    steps = np.diff(drawn, axis=1, append=drawn[:, :1] + size) / size
    total: Floats = (steps**2).sum(axis=1) * drawn.shape[1]
    return total


def _echo(one: tuple[Rows, int], other: tuple[Rows, int]) -> Floats:
    """Mean distance from those of the smaller draw to the nearest of the larger."""
    (few, few_of), (many, many_of) = sorted((one, other), key=lambda p: p[0].shape[1])
    apart = 4.0 * np.arange(len(few))[:, np.newaxis]  # no series meets another
    at = ((few + _HALF) / few_of + apart).ravel()
    marks = ((many + _HALF) / many_of + apart).ravel()
    marks = np.concatenate(([-2.0], marks, [marks[-1] + 2]))
    after = np.searchsorted(marks, at)
    nearest = np.minimum(at - marks[after - 1], marks[after] - at)
    total: Floats = nearest.reshape(few.shape).mean(axis=1) * many.shape[1]
    return total


class _Towns:
    """How often each group is drawn."""

    def __init__(self, labels: Rows | None, n: int) -> None:
        self.labels = labels
        self.n = n
        self.groups = 1 if labels is None else int(labels.max(initial=0)) + 1
        self.times = np.zeros((n, self.groups))
        self.mean, self.variance = np.zeros(self.groups), np.zeros(self.groups)

    def add(self, who: Rows, block: _Block) -> None:
        """Count those drawn in one stratum, and what to expect of it."""
        if self.labels is None:
            return
        cells = self.labels[who] + self.groups * np.arange(self.n)[:, np.newaxis]
        counted = np.bincount(cells.ravel(), minlength=self.n * self.groups)
        self.times += counted.reshape(self.n, self.groups)
        size, quota = len(block.rows), len(block.drawn)
        share = np.bincount(self.labels[block.rows], minlength=self.groups) / size
        self.mean += quota * share
        self.variance += quota * share * (1 - share) * (size - quota) / (size - 1)

    def figure(self) -> Floats:
        """Mean square of the distance from the expected number, by its variance."""
        free = self.variance > 0
        free[0] = False  # those of no group
        far = (self.times[:, free] - self.mean[free]) ** 2 / self.variance[free]
        total: Floats = far.sum(axis=1) / max(int(free.sum()), 1)
        return total
