"""Subjects that are not in the frame, and why (不列入抽查范围)."""

import enum
from collections.abc import Sequence
from typing import Any, overload

import attrs
import numpy as np
import numpy.typing as npt

from dsgk.sources import CAPS_2024_54, Provision, article
from dsgk.subjects.values import Status


__all__ = ["LEFT", "Exclusion", "ExclusionReason", "Exclusions", "bit_of"]


class ExclusionReason(enum.Enum):
    """
    Why a subject of the register cannot be drawn.

    The order of the members is the order in which reasons are told where
    several apply: who left the register comes first.

    Attributes:
        code: Stable kebab-case key.
        provision: The provision that the exclusion rests on.
    """

    STRUCK_OFF = ("struck-off", article(24))
    REVOKED = ("revoked", article(24))
    ANNULLED = ("annulled", article(24))
    MOVED_OUT = ("moved-out", article(24))
    WHITELISTED = ("whitelist", article(13))
    INSIDE_REST = ("inside-rest", article(13))
    YEARLY_CAP = ("yearly-cap", CAPS_2024_54)
    DRAWN_BEFORE = ("drawn-before", article(15))

    @property
    def code(self) -> str:
        """Stable kebab-case key."""
        return self.value[0]

    @property
    def provision(self) -> Provision:
        """The provision that the exclusion rests on."""
        return self.value[1]


LEFT = {
    Status.STRUCK_OFF: ExclusionReason.STRUCK_OFF,
    Status.REVOKED: ExclusionReason.REVOKED,
    Status.ANNULLED: ExclusionReason.ANNULLED,
    Status.MOVED_OUT: ExclusionReason.MOVED_OUT,
}
"""Why a subject of a status cannot be drawn."""

_REASONS = tuple(ExclusionReason)


def bit_of(reason: ExclusionReason | None, /) -> int:
    """Return the number that stands for one reason in a column, 0 for none."""
    return 0 if reason is None else 1 << _REASONS.index(reason)


_REASONS_OF = [
    tuple(reason for reason in _REASONS if bits & bit_of(reason))
    for bits in range(1 << len(_REASONS))
]


@attrs.frozen(kw_only=True)
class Exclusion:
    """
    One subject that cannot be drawn.

    Attributes:
        id: The subject.
        tier: Its tier, None if it left the register.
        reasons: Every reason that applies, in the order of `ExclusionReason`.
    """

    id: str
    tier: str | None
    reasons: tuple[ExclusionReason, ...]

    @property
    def reason(self) -> ExclusionReason:
        """The reason that comes first."""
        return self.reasons[0]

    @property
    def provision(self) -> Provision:
        """The provision that this reason rests on."""
        return self.reason.provision


@attrs.frozen(eq=False, repr=False)
class Exclusions(Sequence[Exclusion]):
    """
    The subjects that cannot be drawn, in the order of the register.

    A sequence of `Exclusion` values that are made on demand.

    Args:
        ids: [n strings] The subjects.
        bits: [n, uint8] Their reasons, each reason one bit.
        codes: [n, int32] Position of the tier, -1 for none.
        names: Names of the tiers.
    """

    ids: tuple[str, ...]
    _bits: npt.NDArray[np.uint8]
    _codes: npt.NDArray[np.int32]
    _names: tuple[str, ...]

    def __len__(self) -> int:
        """Number of subjects."""
        return len(self.ids)

    @overload
    def __getitem__(self, row: int, /) -> Exclusion: ...

    @overload
    def __getitem__(self, row: slice, /) -> "Exclusions": ...

    def __getitem__(self, row: int | slice, /) -> "Exclusion | Exclusions":
        """One exclusion, or a part of them."""
        if isinstance(row, slice):
            return Exclusions(
                self.ids[row], self._bits[row], self._codes[row], self._names
            )
        code = int(self._codes[row])
        return Exclusion(
            id=self.ids[row],
            tier=None if code < 0 else self._names[code],
            reasons=_REASONS_OF[self._bits[row]],
        )

    def adding(self, ids: Sequence[str], reason: ExclusionReason, /) -> "Exclusions":
        """Add subjects that are left out for one reason, and have no tier here."""
        count = len(ids)
        bits = np.full(count, bit_of(reason), dtype=np.uint8)
        codes = np.full(count, -1, dtype=np.int32)
        return Exclusions(
            (*self.ids, *ids),
            np.concatenate([self._bits, bits]),
            np.concatenate([self._codes, codes]),
            self._names,
        )

    def __repr__(self) -> str:
        """Numbers instead of rows, of which there may be many."""
        told = {reason.code: count for reason, count in self.counts.items()}
        return f"<Exclusions of {len(self)} subjects, {told}>"

    @property
    def counts(self) -> dict[ExclusionReason, int]:
        """Subjects by the reason that comes first; they add up to all."""
        numbers = np.bincount(self._bits, minlength=len(_REASONS_OF)).tolist()
        counts = dict.fromkeys(_REASONS, 0)
        for bits, number in enumerate(numbers):
            if number:
                counts[_REASONS_OF[bits][0]] += number
        return {reason: count for reason, count in counts.items() if count}

    def to_columns(self) -> dict[str, list[Any]]:
        """
        Plain columns: id, tier, code of the reason, provision, all the codes.

        Returns:
            By name, [n cells] texts; ``reasons`` holds tuples of codes.
        """
        names = [*self._names, None]  # code -1 is the last
        reasons = [_REASONS_OF[bits] for bits in self._bits.tolist()]
        return {
            "id": list(self.ids),
            "tier": [names[code] for code in self._codes.tolist()],
            "reason": [r[0].code for r in reasons],
            "provision": [str(r[0].provision) for r in reasons],
            "reasons": [tuple(reason.code for reason in r) for r in reasons],
        }
