"""Many draws from one frame, for studies: with the chances of a lawful draw."""

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Any

import attrs
import numpy as np
import numpy.typing as npt

from dsgk.draws import read_quotas
from dsgk.errors import invalid
from dsgk.fields import Kind, check_count, check_type, kind_of
from dsgk.frames import Frame
from dsgk.kernels.rationals import exact
from dsgk.kernels.tickets import certainty


Chance = int | float | Fraction | Decimal

Rng = (
    int
    | np.random.Generator
    | np.random.SeedSequence
    | np.random.BitGenerator
    | np.random.RandomState
    | None
)
"""What `numpy.random.default_rng` takes (SPEC 7)."""

_MOST_CELLS = 2**30  # eight gigabytes
_EXACT = kind_of(Fraction)


def check_number(value: object, name: str) -> Fraction | None:
    """
    Read a number, of NumPy too, exactly as it is written.

    Args:
        value: [number] A float counts as the decimal that it prints as.
        name: What the message calls it.

    Returns:
        The number; None if it is not finite.
    """
    try:
        if not isinstance(value, str):
            return exact(value, name)  # type: ignore[arg-type]
    except ValueError:
        return None
    except TypeError:
        pass
    raise invalid("chance-type", name=name, got=value)


def check_chance(value: object, name: str = "value") -> Fraction:
    """Return a chance from 0 to 1, exactly, as `check_number` reads it."""
    number = check_number(value, name)
    if number is None or not 0 <= number <= 1:
        raise invalid("chance-range", name=name, got=value)
    return number


@attrs.frozen
class _Share(Kind):
    """A chance, kept exactly; in a document the text of its fraction."""

    def convert(self, given: Chance | str, /) -> Fraction:
        """Check it."""
        if isinstance(given, str) and not given.endswith("%"):  # of a document
            given = _EXACT.convert(given)
        return check_chance(given)

    def plain(self, held: Fraction, /) -> str:
        """Write it exactly."""
        return str(held)

    def schema(self) -> dict[str, Any]:
        """JSON Schema of the text."""
        return _EXACT.schema()


Share = Annotated[Chance, _Share()]
"""A chance from 0 to 1; a float counts as the decimal that it prints as."""


def check_size(cells: int, what: str) -> None:
    """Reject a result that would not fit into memory."""
    if cells > _MOST_CELLS:
        raise invalid("simulated-size", name=what, got=cells, most=_MOST_CELLS)


def check_progress(function: object) -> Callable[[int], object]:
    """Return the function to be told of progress; one without effect for None."""
    if function is None:
        return int
    if not callable(function):
        raise invalid("progress-type", name="progress", got=function)
    return function


def generator(rng: Rng) -> np.random.Generator:
    """Make a generator from anything that NumPy accepts."""
    if isinstance(rng, np.random.RandomState):  # by itself from NumPy 2.2 on
        return np.random.Generator(rng._bit_generator)  # noqa: SLF001
    try:
        return np.random.default_rng(rng)
    except ValueError:
        raise invalid("rng-range", name="rng", got=rng) from None
    except Exception:  # noqa: BLE001  (NumPy writes what it does not take)
        raise invalid("rng-type", name="rng", got=rng) from None


_CELLS = 1 << 20  # draws times rows at a time: a megabyte of marks
_BYTE = 256
_LEAST_THRESHOLD = 8  # below it, a random byte for each row costs more than it saves
_MOST_DRAWS = 255  # at a time, so that a byte can count them
_FEW = 16  # strata
_SLACK = 3.0  # standard deviations by which coins stay below the quota

_Marks = npt.NDArray[np.bool_]


def draw_many(
    frame: Frame,
    quotas: Mapping[str, int],
    *,
    draws: int,
    rng: Rng = None,
    progress: Callable[[int], object] | None = None,
) -> npt.NDArray[np.int64]:
    """
    Count how often each subject is drawn in many draws.

    Each draw has the chances of `dsgk.draws.draw_subjects` under a fresh key:
    in each stratum all sets of *quota* rows have the same chance; with weights,
    by sequential Poisson sampling.  For studies only: a lawful draw has a key
    and a record.

    Args:
        frame: Who can be drawn.
        quotas: [name -> int, 0 <= quota <= size] How many are drawn each time,
            for each stratum of the frame.
        draws: [int >= 0] How many draws.
        rng: As in NumPy. The same seed gives the same counts with the same
            versions of the library and NumPy.
        progress: Called with the number of draws since the last call, stratum
            after stratum, such as
            ``tqdm(total=draws * len(frame.names)).update``.

    Returns:
        [(n,) int64] Counts in the order of the rows of the frame.

    Raises:
        InvalidInput: Quotas are not valid; all faults at once.

    Examples:
        >>> frame = Frame(["S1", "S2", "S3", "S4"], ["A", "A", "A", "B"])
        >>> counts = draw_many(frame, {"A": 1, "B": 1}, draws=1000, rng=7)
        >>> int(counts[:3].sum()), int(counts[3])
        (1000, 1000)
    """
    tell = check_progress(progress)
    draws = check_count(draws, name="draws")
    plan = _planned(frame, quotas, draws, rng)
    counts = np.zeros(len(frame), dtype=np.int64)
    for rows, chunks in plan:
        seen = None
        for marks in chunks:
            if len(marks) == draws == 1:
                seen = marks[0]
            elif seen is None:
                seen = marks.sum(axis=0, dtype=np.uint8).astype(np.int64)
            else:
                seen += marks.sum(axis=0, dtype=np.uint8)
            tell(len(marks))
        if seen is not None:
            drawn = np.flatnonzero(seen)
            counts[rows[drawn]] = seen[drawn]
    return counts


def draw_rows(
    frame: Frame,
    quotas: Mapping[str, int],
    *,
    draws: int,
    rng: Rng = None,
    progress: Callable[[int], object] | None = None,
) -> npt.NDArray[np.intp]:
    """
    Make many draws, and keep the rows drawn in each.

    With the same seed, the draws are those of `draw_many`.

    Args:
        frame: As for `draw_many`, like those that follow.
        quotas: How many are drawn each time.
        draws: How many draws.
        rng: As in NumPy.
        progress: Called with the number of draws since the last call.

    Returns:
        [(draws, q) positions] Rows of the frame, where q is the sum of the
        quotas: strata in the order of ``frame.names``, ascending in each.

    Raises:
        InvalidInput: As `draw_many`.
        InvalidValueError: The rows of all draws do not fit into memory.

    Examples:
        >>> frame = Frame(["S1", "S2", "S3", "S4"], ["B", "A", "B", "A"])
        >>> draw_rows(frame, {"A": 2, "B": 2}, draws=1).tolist()
        [[1, 3, 0, 2]]
    """
    tell = check_progress(progress)
    draws = check_count(draws, name="draws")
    plan = _planned(frame, quotas, draws, rng)
    check_size(draws * int(sum(quotas.values())), "draws")
    drawn = np.empty((draws, sum(quotas.values())), dtype=np.intp)
    left = 0
    for name, (rows, chunks) in zip(frame.names, plan, strict=True):
        right = left + int(quotas[name])
        first = 0
        for marks in chunks:
            last = first + len(marks)
            cells = np.flatnonzero(marks) % len(rows)
            drawn[first:last, left:right] = rows[cells].reshape(len(marks), -1)
            first = last
            tell(len(marks))
        left = right
    return drawn


def _planned(
    frame: Frame, quotas: Mapping[str, int], draws: int, rng: Rng
) -> Iterator[tuple[npt.NDArray[np.intp], Iterator[_Marks]]]:
    """Check at once; then yield the rows of each stratum and its draws in pieces."""
    check_type(frame, Frame, name="frame", instead="Frame(ids, strata)")
    strata = _Strata(frame)
    sizes = dict(zip(frame.names, strata.sizes, strict=True))
    numbers, faults = read_quotas(sizes, quotas)
    faults.raise_any("simulated draw")
    return _pieces(frame, strata, numbers, draws, generator(rng))


def _pieces(
    frame: Frame,
    strata: "_Strata",
    quotas: Mapping[str, int],
    draws: int,
    rng: np.random.Generator,
) -> Iterator[tuple[npt.NDArray[np.intp], Iterator[_Marks]]]:
    for name, rows in zip(frame.names, strata.rows(), strict=True):
        if frame.weights is None:
            yield rows, _alike(len(rows), quotas[name], draws, rng)
        else:
            yield rows, _by_weight(frame.weights[rows], quotas[name], draws, rng)


class _Strata:
    """
    The rows of each stratum of a frame.

    If there are few, each is searched for by itself: faster than sorting, with
    less memory than keeping all rows.
    """

    def __init__(self, frame: Frame) -> None:
        k = len(frame.names)
        self._codes: npt.NDArray[np.integer] = frame.codes
        self._few = k <= _FEW
        if self._few:
            self._codes = frame.codes.astype(np.int8)
            each = [np.count_nonzero(self._codes == code) for code in range(k)]
        else:
            each = np.bincount(frame.codes, minlength=k).tolist()
        self.sizes: list[int] = [int(size) for size in each]

    def rows(self) -> Iterator[npt.NDArray[np.intp]]:
        """Yield the rows of each stratum, in ascending order."""
        if self._few:
            for code in range(len(self.sizes)):
                yield np.flatnonzero(self._codes == code)
            return
        order = np.argsort(self._codes, kind="stable")
        yield from np.split(order, np.cumsum(self.sizes)[:-1])


def _alike(
    n: int, quota: int, draws: int, rng: np.random.Generator
) -> Iterator[_Marks]:
    """
    Yield draws of *quota* out of *n* as marks; all sets have the same chance.

    Random bytes mark rows, on average a few less than the quota; then random
    rows are marked or unmarked until the number is right.  All steps treat all
    rows alike, so all sets of one size have the same chance.  A small quota
    needs no bytes; a quota above one half draws those left out.
    """
    if quota > n - quota:
        for marks in _alike(n, n - quota, draws, rng):
            np.logical_not(marks, out=marks)
            yield marks
        return
    at_once = max(1, min(_CELLS // n, _MOST_DRAWS, draws))
    spread = np.sqrt(quota * (1 - quota / n))
    threshold = int(_BYTE * max(0.0, quota - _SLACK * spread) / n)
    last = np.empty(at_once * n, dtype=np.int32)
    for first in range(0, draws, at_once):
        d = min(at_once, draws - first)
        if threshold < _LEAST_THRESHOLD:
            marks = np.zeros((d, n), dtype=np.bool_)
            missing = np.full(d, quota)
        else:
            words = rng.integers(0, 2**64, -(-d * n // 8), dtype=np.uint64)
            coins = words.astype("<u8", copy=False).view(np.uint8)[: d * n]
            marks = (coins < threshold).reshape(d, n)
            missing = quota - np.count_nonzero(marks, axis=1)
        _even_out(marks, missing, last, rng)
        yield marks


def _even_out(
    marks: _Marks,
    missing: npt.NDArray[np.int64],
    last: npt.NDArray[np.int32],
    rng: np.random.Generator,
) -> None:
    """
    Mark or unmark random rows until the number is right.

    *last* is scratch: of equal picks, the last to write there counts.
    """
    n = marks.shape[1]
    flat = marks.reshape(-1)
    count = np.abs(missing)
    start = np.repeat(np.arange(len(marks)) * n, count)
    more = np.repeat(missing > 0, count)
    while len(start):
        pick = rng.integers(0, n, len(start), dtype=np.uint32).astype(np.intp)
        pick += start
        number = np.arange(len(pick), dtype=np.int32)
        last[pick] = number
        taken = last[pick] == number
        taken &= flat[pick] != more
        flat[pick] = more  # rows that do not count have that mark already
        left = np.flatnonzero(~taken)
        start, more = start[left], more[left]


def _by_weight(
    weights: npt.NDArray[np.int64], quota: int, draws: int, rng: np.random.Generator
) -> Iterator[_Marks]:
    """Yield draws by sequential Poisson sampling, as the draw format says."""
    n = len(weights)
    least, rest, _ = certainty(weights, quota)
    certain = np.zeros(n, np.bool_) if least is None else weights >= least
    others = np.flatnonzero(~certain)
    here: npt.NDArray[Any] = weights[others].astype(np.float64)
    at_once = max(1, min(_CELLS // n, _MOST_DRAWS, draws))
    for first in range(0, draws, at_once):
        d = min(at_once, draws - first)
        marks = np.repeat(certain[None, :], d, axis=0)
        if rest:
            ranks = rng.random((d, len(others)))
            ranks /= here
            lowest = np.argpartition(ranks, rest - 1, axis=1)[:, :rest]
            np.put_along_axis(marks, others[lowest], values=True, axis=1)
        yield marks
