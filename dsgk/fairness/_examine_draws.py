"""Whether a series of draws of subjects looks like chance."""

import math
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from dsgk.draws import Draw
from dsgk.errors import Faults, invalid
from dsgk.fairness._reports import (
    FairnessReport,
    Rows,
    Sight,
    Statistic,
    chunks,
    labels_of,
    number_sight,
    repeated_pairs,
    report_of,
    settings_of,
    subsets,
    texts_of,
)
from dsgk.fields import check_type, values_in
from dsgk.frames import Frame
from dsgk.simulate import Rng


Outcome = Draw | Mapping[str, Iterable[str]]
Drawn = dict[str, tuple[str, ...]]
Floats = npt.NDArray[np.float64]

_HALF = 0.5  # the place of a row is its middle


class _Block(NamedTuple):
    """One stratum in one draw."""

    rows: Rows  # codes of its subjects, in the order of the frame
    drawn: Rows  # positions of those drawn, ascending


def examine_draws(
    frames: Frame | Sequence[Frame],
    outcomes: Iterable[Outcome],
    *,
    rng: Rng,
    groups: Mapping[str, str] | None = None,
    repetitions: int = 1999,
    level: float = 0.01,
) -> FairnessReport:
    """
    Examine a series of draws: could they be fair (抽取公平性检验)?

    The subjects drawn are compared with fair draws of the same numbers from
    the same strata.  The questions, and what is measured:

    - ``subjects``: is any subject drawn too often or too seldom? The share of
      its draws in which the most conspicuous one was drawn; exact.
    - ``evenness``: do subjects differ in the number of times as chance would
      have it? Mean square of the distance from the expected number, as a share
      of its variance. Above: some are favoured. Below: it is a rota.
    - ``row-position``: does the position in the list matter? Mean place of the
      subjects drawn, from 0 for the top to 1 for the end.
    - ``row-spacing``: are they as far apart as chance would put them? Mean
      square of the distance from one to the next. Below: every k-th row.
      Above: runs of neighbours.
    - ``strata-offsets``: are the same row numbers drawn in several strata?
      Rows per draw that share their number with a row of another stratum.
    - ``strata-echo``: are the subjects of one stratum drawn at the same places
      as those of the next, relative to its size? Mean distance to the nearest.
    - ``groups``: is any group drawn too often or too seldom? Mean square as
      for evenness, if *groups* are given. Only this question about favour can
      be answered by a single draw.

    Draws of one announcement share their key and so their subjects: pass only
    one of them.

    Args:
        frames: The frame of all draws, or one for each; without weights. Its
            rows have the order of the list used for the draw.
        outcomes: What was drawn: `Draw` values, such as those of a record, or
            ids by stratum. Nobody was drawn in a missing stratum.
        rng: Generator of the fair draws, as in NumPy; the same seed gives the
            same report.
        groups: [id -> group, or None] For example the town of each subject;
            other ids have no group.
        repetitions: [99..10**6] Fair series to compare with. Adjusted figures
            cannot be below about 12 divided by this; if that exceeds *level*,
            only ``subjects`` can be a finding.
        level: [1e-9 to 0.5] Figures with a greater adjusted *p* are fine.

    Returns:
        The report; ``report.findings`` is empty if all looks like chance.

    Raises:
        InvalidValueError: A number is out of range, a frame has weights, there
            is no draw, or the numbers of frames and draws differ.
        InvalidInput: Somebody was drawn who is not in the stratum, or twice.

    Examples:
        >>> from dsgk.draws import draw_subjects
        >>> frame = Frame([f"S{n}" for n in range(60)], ["A"] * 40 + ["B"] * 20)
        >>> quotas = {"A": 4, "B": 4}
        >>> draws = [
        ...     draw_subjects(frame, quotas, key=f"{n:032x}") for n in range(50)
        ... ]
        >>> examine_draws(frame, draws, rng=1).findings
        ()
        >>> top = [{"A": ["S0", "S1", "S2", "S3"], "B": ["S40", "S41"]}] * 3
        >>> report = examine_draws(frame, top, rng=1)
        >>> [test.name for test in report.findings][:2]
        ['evenness', 'row-position']
    """
    source, repetitions = settings_of(rng, repetitions, level)
    results = _outcomes(outcomes)
    used = _frames(frames, len(results))
    series, ids = _series(used, results)
    labels = labels_of(ids, groups)
    expected = _expected(series, len(ids))
    towns = None if labels is None else _towns(series, labels)
    statistics = [_subjects(series, expected)]
    parts: list[dict[str, Floats]] = []
    for part in chunks(repetitions, len(ids) + 1):
        # The draws themselves come first, then the fair ones.
        parts.append(_figures(series, expected, towns, source, part, own=not parts))
    bounds = _bounds(series, expected, towns, source)
    for name in parts[0]:
        values = np.concatenate([part[name] for part in parts])
        statistics.append(Statistic.simulated(name, values, bounds=bounds[name]))
    return report_of(statistics, level)


def _outcomes(outcomes: Iterable[Outcome]) -> list[Drawn]:
    given = None if isinstance(outcomes, Draw) else values_in(outcomes)
    results: list[Drawn] = []
    for outcome in [outcomes] if given is None else given:
        drawn = None if given is None else _drawn(outcome)
        if drawn is None:
            raise invalid("fairness-outcome", name="outcomes", got=outcome)
        results.append(drawn)
    return results


def _drawn(outcome: object) -> Drawn | None:
    """Ids by stratum; None for anything else."""
    if isinstance(outcome, Draw):
        return {name: part.selected for name, part in outcome.strata.items()}
    if not isinstance(outcome, Mapping):
        return None
    drawn: Drawn = {}
    for name, ids in outcome.items():
        texts = texts_of(ids)
        if texts is None:
            return None
        drawn[name] = texts
    return drawn


def _frames(frames: object, count: int) -> list[Frame]:
    several = None if isinstance(frames, Frame) else values_in(frames)
    used: list[Any] = [frames] * max(count, 1) if several is None else list(several)
    for frame in used:
        check_type(frame, Frame, name="frames", instead="Frame(ids, strata)")
        if frame.weights is not None:
            raise invalid("fairness-weights", name="frames")
    if not count:
        raise invalid("fairness-empty", name="outcomes")
    if len(used) != count:
        raise invalid("fairness-frames", name="frames", got=len(used), count=count)
    return used


def _series(
    frames: list[Frame], outcomes: list[Drawn]
) -> tuple[list[list[_Block]], list[str]]:
    """Give each id a number; the strata of each draw, and the ids by number."""
    codes: dict[str, int] = {}
    known: dict[int, dict[str, tuple[dict[str, int], Rows]]] = {}
    series, faults = [], Faults()
    for at, (frame, outcome) in enumerate(zip(frames, outcomes, strict=True)):
        if id(frame) not in known:
            known[id(frame)] = _strata(frame, codes)
        strata = known[id(frame)]
        blocks = []
        for name in [name for name in outcome if name not in strata]:
            faults.add("fairness-stratum", row=at, got=name, known=sorted(strata))
        for name, (places, rows) in strata.items():
            drawn, wrong = _places(places, outcome.get(name, ()))
            for code, text in wrong:
                faults.add(code, row=at, got=text, stratum=name)
            blocks.append(_Block(rows, drawn))
        series.append(blocks)
    faults.raise_any("series of draws")
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
    """Positions of *ids* in a stratum; codes and ids of faults."""
    wrong = [("fairness-stranger", text) for text in ids if text not in places]
    seen: set[str] = set()
    for text in ids:
        if text in seen:
            wrong.append(("fairness-twice", text))
        seen.add(text)
    drawn = sorted(places[text] for text in seen if text in places)
    return np.array(drawn, dtype=np.int64), wrong


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

    The number of times is a sum of independent draws with known chances;
    subjects that were always in the same strata share its distribution.
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
    if not free:  # everybody was drawn or nobody
        return Statistic("subjects", 0.0, 0.0, 1.0, 0.0)
    tails = np.minimum(chances.cumsum(axis=1), chances[:, ::-1].cumsum(axis=1)[:, ::-1])
    p = np.where(expected.variance > 0, tails[history, times], 1.0)
    who = int(p.argmin())
    draws = int(expected.draws[who])
    mean = float(expected.mean[who]) / draws
    numbers = chances[history[who], : draws + 1]

    def sight(level: float) -> Sight:
        return number_sight(numbers, level / (2 * free))

    # In a short series even the least likely number may be no finding.
    spread = float(expected.variance[who]) ** 0.5 / draws
    rarest = min(float(row[row > 0][[0, -1]].min()) for row in chances)
    return Statistic(
        "subjects",
        int(times[who]) / draws,
        mean,
        min(1.0, 2 * free * float(p[who])),
        spread if 2 * free * rarest < 1 else 0.0,
        sight,
    )


def _figures(
    series: list[list[_Block]],
    expected: _Expected,
    towns: "_Towns | None",
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
                continue  # all were drawn or none
            places.append((drawn, size))
            n_drawn += quota
            place += ((drawn + _HALF) / size).sum(axis=1)
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
    if towns is not None:
        figures["groups"] = towns.figure(times)
    return figures


def _bounds(
    series: list[list[_Block]],
    expected: _Expected,
    towns: "_Towns | None",
    rng: np.random.Generator,
) -> dict[str, tuple[float, float]]:
    """
    Least and greatest possible value of each figure.

    They come from the most crowded series, which always draws the first rows,
    and from the most even one, with rows as far apart as possible.
    """
    crowded, even = (
        _figures(extreme, expected, None, rng, 0, own=True)
        for extreme in (
            [
                [_Block(np.sort(b.rows), np.arange(len(b.drawn))) for b in blocks]
                for blocks in series
            ],
            [[_Block(b.rows, _apart(b)) for b in blocks] for blocks in series],
        )
    )
    # The numbers of times of subjects are whole; if even, those next to the mean.
    part = expected.mean % 1
    free = expected.variance > 0
    rota = (part * (1 - part))[free] / expected.variance[free]
    top = float(crowded["row-position"][0])
    bounds = {
        "evenness": (rota.sum() / max(len(rota), 1), crowded["evenness"][0]),
        "row-position": (top, 1 - top),
        "row-spacing": (even["row-spacing"][0], crowded["row-spacing"][0]),
        "strata-offsets": (0.0, crowded["strata-offsets"][0]),
        "strata-echo": (0.0, math.inf),
    }
    if towns is not None:
        bounds["groups"] = towns.bounds()
    return {name: (float(low), float(high)) for name, (low, high) in bounds.items()}


def _apart(block: _Block) -> Rows:
    """Positions as far apart as possible."""
    quota = len(block.drawn)
    return np.arange(quota) * len(block.rows) // max(quota, 1)


def _spacing(drawn: Rows, size: int) -> Floats:
    """Mean square of the steps from one row to the next, and back to the first."""
    steps = np.diff(drawn, axis=1, append=drawn[:, :1] + size) / size
    total: Floats = (steps**2).sum(axis=1) * drawn.shape[1]
    return total


def _echo(one: tuple[Rows, int], other: tuple[Rows, int]) -> Floats:
    """Mean distance from rows of the smaller draw to the nearest of the larger."""
    (few, few_of), (many, many_of) = sorted((one, other), key=lambda p: p[0].shape[1])
    apart = 4.0 * np.arange(len(few))[:, np.newaxis]  # no series meets another
    at = ((few + _HALF) / few_of + apart).ravel()
    marks = ((many + _HALF) / many_of + apart).ravel()
    marks = np.concatenate(([-2.0], marks, [marks[-1] + 2]))
    after = np.searchsorted(marks, at)
    nearest = np.minimum(at - marks[after - 1], marks[after] - at)
    total: Floats = nearest.reshape(few.shape).mean(axis=1) * many.shape[1]
    return total


class _Towns(NamedTuple):
    """How often each group is drawn: in fair draws, at least and at most."""

    members: list[Rows]
    mean: Floats
    variance: Floats
    least: Floats
    most: Floats

    def figure(self, times: npt.NDArray[np.int32]) -> Floats:
        """Mean square of the distance from the expected number, by its variance."""
        counts = [times[:, codes].sum(axis=1) for codes in self.members]
        counted = np.array(counts, dtype=float).reshape(len(counts), len(times)).T
        return self._far(counted - self.mean)

    def bounds(self) -> tuple[float, float]:
        """Least and greatest possible value."""
        low = self._far((self.mean - np.rint(self.mean))[np.newaxis])
        high = self._far(
            np.maximum(self.most - self.mean, self.mean - self.least)[np.newaxis]
        )
        return float(low[0]), float(high[0])

    def _far(self, apart: Floats) -> Floats:
        free = self.variance > 0
        far: Floats = (apart[:, free] ** 2 / self.variance[free]).sum(axis=1)
        return far / max(int(free.sum()), 1)


def _towns(series: list[list[_Block]], labels: Rows) -> _Towns:
    n = int(labels.max(initial=0)) + 1
    mean, variance, least, most = np.zeros((4, n))
    for blocks in series:
        for block in blocks:
            size, quota = len(block.rows), len(block.drawn)
            count = np.bincount(labels[block.rows], minlength=n)
            share = count / size
            mean += quota * share
            variance += quota * share * (1 - share) * (size - quota) / max(size - 1, 1)
            least += np.maximum(quota - (size - count), 0)
            most += np.minimum(quota, count)
    members = [np.flatnonzero(labels == group) for group in range(1, n)]
    return _Towns(members, mean[1:], variance[1:], least[1:], most[1:])  # 0: no group
