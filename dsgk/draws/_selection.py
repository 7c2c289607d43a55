"""
The draw: who is drawn from a frame, in what order, up to which ticket (抽取).

See ``docs/reference/draw-format.md``.
"""

import functools
from collections.abc import Iterator, Mapping
from fractions import Fraction

import attrs
import numpy as np
import numpy.typing as npt

from dsgk.documents import Key
from dsgk.errors import Faults, invalid, shown
from dsgk.fields import (
    check_count,
    check_mapping,
    check_type,
    kind_of,
    take,
    whole_number,
)
from dsgk.frames import Frame, frame_of_checked
from dsgk.kernels.tickets import (
    MAX_WEIGHT,
    certainty,
    first_words,
    lowest,
    rank_of,
    ticket_of,
)
from dsgk.sources import article, cites


_FEW = 2**15


_KEY = kind_of(Key)


@attrs.frozen(kw_only=True)
class StratumDraw:
    """
    What was drawn in one stratum.

    Attributes:
        name: Name of the stratum.
        size: [int >= 0] Rows of the stratum.
        quota: [0 <= int <= size] How many of them were drawn.
        selected: [quota strings] The ids drawn, in draw order; with weights
            the certain ones first.
        cut: The ticket of the last one drawn by order (分界签号); with weights,
            its rank as the shortest decimal. None if none was drawn by order.
        certain: [0 <= int <= quota, or None] With weights, how many were drawn
            for certain (必抽); None without weights.
        certain_from: [int, or None] The least weight that is certain.
        chance_per_weight: [Fraction, or None] With weights, the chance that
            the draw aims at for a row that is not certain, divided by its
            weight; None if there is no such row.

    Examples:
        >>> frame = Frame(["S1", "S2", "S3", "S4"], ["A"] * 4)
        >>> key = "f050b4356fceca7e0bd30cb92bc14db1"
        >>> stratum = draw_subjects(frame, {"A": 2}, key=key).strata["A"]
        >>> stratum.selected, stratum.reserves(1), stratum.chance
        (('S2', 'S4'), ('S3',), Fraction(1, 2))
    """

    name: str
    size: int
    quota: int
    selected: tuple[str, ...]
    cut: str | None
    certain: int | None = None
    certain_from: int | None = None
    chance_per_weight: Fraction | None = None
    _reserves: tuple[str, ...] = attrs.field(default=(), repr=False)
    _frame: Frame | None = attrs.field(default=None, eq=False, repr=False)
    _key: str = attrs.field(default="", eq=False, repr=False)

    @property
    def weighted(self) -> bool:
        """Whether the rows have unequal chances."""
        return self.certain is not None

    @property
    def published_reserves(self) -> tuple[str, ...]:
        """The reserves that a record lists: as many as were drawn, or all."""
        return self._reserves

    @property
    def chance(self) -> Fraction:
        """
        The chance of every row of the stratum, exactly: quota / size.

        Raises:
            InvalidValueError: The rows have weights: their chances differ and
                are not known exactly; see `target_chance`.
        """
        if self.weighted:
            raise invalid("chance-unequal", stratum=self.name)
        return Fraction(self.quota, self.size)

    def target_chance(self, weight: int, /) -> Fraction:
        """
        Return the chance that a draw with weights aims at for a row.

        Exact for rows that are certain, and for the sum.  For other rows,
        sequential Poisson sampling comes close to it; the more rows a stratum
        has, the closer.

        Args:
            weight: [1 <= int < 2**53] The weight of a row of this stratum.

        Raises:
            InvalidValueError: The rows have no weights, or no row of the
                stratum can have this one.

        Examples:
            >>> frame = Frame(["S1", "S2", "S3", "S4"], ["A"] * 4, [1, 2, 3, 10])
            >>> stratum = draw_subjects(frame, {"A": 2}, key="0" * 32).strata["A"]
            >>> stratum.target_chance(10), stratum.target_chance(3)
            (Fraction(1, 1), Fraction(1, 2))
        """
        if not self.weighted:
            raise invalid("chance-equal", stratum=self.name)
        weight = check_count(weight, name="weight", least=1, most=MAX_WEIGHT)
        if self.is_certain(weight):
            return Fraction(1)
        if self.chance_per_weight is None or weight * self.chance_per_weight >= 1:
            raise invalid("weight-unknown", stratum=self.name, got=weight)
        return weight * self.chance_per_weight

    def is_certain(self, weight: int, /) -> bool:
        """Whether a row of this weight is drawn whatever its ticket."""
        return self.certain_from is not None and weight >= self.certain_from

    def reserves(self, count: int, /) -> tuple[str, ...]:
        """
        Return the next rows in draw order after those drawn (替补).

        Args:
            count: [int >= 0] How many; fewer are returned if the stratum has
                no more.

        Raises:
            InvalidValueError: The draw was read from a record that lists
                fewer.
        """
        count = check_count(count, name="count")
        count = min(count, self.size - self.quota)
        if count <= len(self._reserves):
            return self._reserves[:count]
        if self._frame is None:
            raise invalid(
                "reserves-unpublished",
                stratum=self.name,
                got=count,
                published=len(self._reserves),
            )
        rows = np.flatnonzero(self._frame.codes == self._frame.names.index(self.name))
        alone = frame_of_checked(  # the others have no influence
            tuple(self._frame.ids[row] for row in rows.tolist()),
            np.zeros(len(rows), dtype=np.int32),
            [self.name],
            None if self._frame.weights is None else self._frame.weights[rows],
        )
        (again,) = _strata(alone, {self.name: self.quota}, self._key, count)
        return again.published_reserves


@attrs.frozen(kw_only=True)
class Draw:
    """
    What was drawn from a frame (抽取结果).

    Attributes:
        key: [32 lower-case hex characters] The key of the draw.
    """

    key: str
    _strata: tuple[StratumDraw, ...] = attrs.field(repr=False)

    @property
    def strata(self) -> dict[str, StratumDraw]:
        """The strata by name, in the order of the UTF-8 bytes of their names."""
        return {stratum.name: stratum for stratum in self._strata}

    @property
    def selected(self) -> tuple[str, ...]:
        """Ids drawn in all strata: strata by name, each in draw order."""
        return tuple(text for stratum in self._strata for text in stratum.selected)

    def to_columns(self) -> dict[str, list[str]]:
        """
        Give the drawn subjects as columns, in the order of `selected`.

        Examples:
            >>> key = "f050b4356fceca7e0bd30cb92bc14db1"
            >>> draw = draw_subjects(Frame(["S5", "S6"], ["B", "B"]), {"B": 1}, key=key)
            >>> draw.to_columns()["id"], draw.to_columns()["ticket"][0][:16]
            (['S6'], '0aa16dfc80c34e53')
        """
        return {
            "id": list(self.selected),
            "stratum": [s.name for s in self._strata for _ in s.selected],
            "ticket": [ticket_of(text, self.key) for text in self.selected],
        }


@cites(article(3))
def draw_subjects(frame: Frame, quotas: Mapping[str, int], *, key: str) -> Draw:
    """
    Draw subjects from a frame (随机抽取检查对象).

    Each subject has a ticket that depends only on its own id and the key.  In
    each stratum the lowest tickets are drawn.  So the order of the rows has no
    influence, striking out a row moves nobody else, and a raised quota only
    adds.  (With weights, the last two hold for the order by rank; who is certain
    depends on the quota and on the weights of the whole stratum.)

    Args:
        frame: Who can be drawn.
        quotas: [name -> int, 0 <= quota <= size] How many are drawn, for each
            stratum of the frame.
        key: [32 lower-case hex digits] Made by `Announcement.key`.  If
            somebody chooses the key, they choose the draw: do so only for
            rehearsals and studies.

    Returns:
        The draw; empty for a frame without rows.

    Raises:
        InvalidInput: Key or quotas are not valid; all faults at once.

    Examples:
        >>> frame = Frame(["S1", "S2", "S3"], ["A", "A", "B"])
        >>> draw = draw_subjects(frame, {"A": 1, "B": 1}, key="0" * 32)
        >>> len(draw.selected), draw.strata["B"].selected
        (2, ('S3',))
    """
    check_type(frame, Frame, name="frame", instead="Frame(ids, strata)")
    numbers, faults = read_quotas(frame.sizes, quotas)
    with faults.catch():
        key = take(key, _KEY, name="key")
    faults.raise_any("draw")
    return Draw(key=key, strata=tuple(_strata(frame, numbers, key, None)))


def read_quotas(
    sizes: Mapping[str, int], quotas: Mapping[str, int]
) -> tuple[dict[str, int], Faults]:
    """
    Read quotas for strata of the given sizes.

    Args:
        sizes: [name -> int >= 1] The strata.
        quotas: What somebody wants to draw.

    Returns:
        The quotas as ints in the order of *sizes*, complete only if there is
        no fault; and every fault.
    """
    check_mapping(quotas, name="quotas", instead="{'A': 3, 'B': 5}")
    numbers: dict[str, int] = {}
    faults = Faults()
    for name, size in sizes.items():
        place = f"quotas[{name!r}]"
        if name not in quotas:
            faults.add("quota-missing", column=place)
            continue
        quota = whole_number(quotas[name])
        if quota is None:
            got = quotas[name]
            kind = type(got).__name__
            faults.add("quota-type", column=place, got=got, got_type=kind)
        elif not 0 <= quota <= size:
            faults.add("quota-range", column=place, size=size, got=quota)
        else:
            numbers[name] = quota
    for name, given in quotas.items():
        if name not in sizes:
            place = f"quotas[{shown(name)}]"
            faults.add("quota-extra", column=place, got=given)
    return numbers, faults


def _strata(
    frame: Frame, quotas: Mapping[str, int], key: str, spare: int | None
) -> Iterator[StratumDraw]:
    """Draw all strata, each with *spare* reserves; by default as many as its quota."""
    first = first_words(frame.ids, key)
    codes = frame.codes
    if len(frame.names) < _FEW:
        codes = codes.astype(np.int16)  # which sorts by radix
    order = np.argsort(codes, kind="stable")
    start = 0
    for name, size in frame.sizes.items():
        rows = order[start : start + size]
        start += size
        quota = quotas[name]
        count = quota if spare is None else spare
        yield _stratum(frame, rows, first, key, quota=quota, spare=count)


def _stratum(
    frame: Frame,
    rows: npt.NDArray[np.intp],
    first: npt.NDArray[np.uint64],
    key: str,
    *,
    quota: int,
    spare: int,
) -> StratumDraw:
    """Draw one stratum, whose rows are given."""
    by_order = functools.partial(lowest, first=first, ids=frame.ids, key=key)
    name = frame.names[frame.codes[rows[0]]]
    size = len(rows)
    weights = frame.weights
    certain = rows[:0]
    rest = quota
    least = share = None
    if weights is not None:
        here = weights[rows]
        least, rest, total = certainty(here, quota)
        share = Fraction(rest, total) if total else None
        if least is not None:
            certain = by_order(quota, rows[here >= least])
            rows = rows[here < least]
    ordered = by_order(rest + spare, rows, weights=weights)
    cut = None
    if rest:
        last = ordered[rest - 1]
        cut = ticket_of(frame.ids[last], key)
        if weights is not None:
            cut = repr(rank_of(cut, int(weights[last])))
    ids = [frame.ids[row] for row in [*certain.tolist(), *ordered.tolist()]]
    return StratumDraw(
        name=name,
        size=size,
        quota=quota,
        selected=tuple(ids[:quota]),
        cut=cut,
        certain=None if weights is None else len(certain),
        certain_from=least,
        chance_per_weight=share,
        reserves=tuple(ids[quota:]),
        frame=frame,
        key=key,
    )
