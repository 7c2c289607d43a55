"""How many subjects entries inspect in a year, by registers and officers."""

import types
from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from dsgk.errors import InvalidValueError
from dsgk.inspectors import InspectorRegister
from dsgk.plans.arguments import wrong_type
from dsgk.plans.entries import PlanEntry
from dsgk.sources import article
from dsgk.subjects import SubjectRegister
from dsgk.tiers import Measure, Ratio, TierPolicy


__all__ = [
    "UNPLANNABLE",
    "Numbers",
    "check_registers",
    "lead_officers",
    "officers_of",
    "planned_numbers",
]

UNPLANNABLE = frozenset({"ratio-unmet", "officers-none"})
"""Codes of errors that say that a ratio admits no number."""

_NO_TIERS: Mapping[str, TierPolicy] = types.MappingProxyType({})
_MANY = 2**53  # subjects, where their number is not known


class Numbers(NamedTuple):
    """
    How many subjects an entry has and inspects, None where that is not known.

    Attributes:
        size: [int >= 0, or None] Registered subjects.
        quota: [int >= 0, or None] How many of them are inspected in the year.
        parts: By department, its part of the subjects.
    """

    size: int | None
    quota: int | None
    parts: Mapping[str, Fraction]

    @property
    def share(self) -> Fraction | None:
        """Share of the subjects that is inspected."""
        if not self.size or self.quota is None:
            return None
        return Fraction(self.quota, self.size)


def check_registers(
    registers: object,
    inspectors: object,
    tiers: object = _NO_TIERS,
    /,
    *,
    name: str = "subjects",
) -> None:
    """
    Refuse what are no registers or tiers.

    Args:
        registers: A register of subjects, or several by department.
        inspectors: A register, or None.
        tiers: Policies by entry.
        name: What the error calls the registers.
    """
    several = registers.values() if isinstance(registers, Mapping) else (registers,)
    for register in several:
        if not isinstance(register, SubjectRegister):
            instead = "a SubjectRegister, or {'市场监管局': register}"
            raise wrong_type(register, name, instead)
    if not isinstance(inspectors, InspectorRegister | None):
        raise wrong_type(inspectors, "inspectors", "InspectorRegister([…])")
    policies = tiers.values() if isinstance(tiers, Mapping) else (tiers,)
    for policy in policies:
        if not isinstance(policy, TierPolicy):
            raise wrong_type(policy, "tiers", "{'3': TierPolicy([…])}")


def officers_of(inspectors: InspectorRegister, /) -> dict[str, int]:
    """
    Certified officers of each department.

    Args:
        inspectors: The register; experts do not count.
    """
    officers: dict[str, int] = {}
    for person in inspectors:
        if person.is_officer:
            officers[person.department] = officers.get(person.department, 0) + 1
    return officers


def lead_officers(
    entry: PlanEntry, ratios: Iterable[Ratio], officers: Mapping[str, int] | None, /
) -> int | None:
    """
    Officers of the lead of an entry, by whom ratios are counted.

    Args:
        entry: The entry.
        ratios: Its ratio, or those of its tiers.
        officers: Officers of each department; None where they are not known.

    Raises:
        InvalidValueError: A ratio is counted by officers, and the lead has
            none: nobody would ever be drawn.
    """
    if officers is None:
        return None
    number = officers.get(entry.lead, 0)
    counted = [one for one in ratios if one.measure is Measure.PER_OFFICER]
    if counted and not number:
        msg = (
            f"the lead must have officers for the ratio {str(counted[0])!r} (got none "
            f"of {entry.lead!r} for {entry.id!r}). Add them to the register of "
            "inspectors, or plan a share of the subjects."
        )
        raise InvalidValueError(
            msg,
            code="officers-none",
            params={"id": entry.id, "department": entry.lead},
            provision=str(article(12)),
        )
    return number


def _registered(register: SubjectRegister, entry: PlanEntry) -> npt.NDArray[np.bool_]:
    """Which rows are registered subjects of an entry."""
    status = register.classes["status"]
    active = np.array([*(value.is_registered for value in status.categories), False])
    rows: npt.NDArray[np.bool_] = (
        register.matches(entry.selection) & active[status.codes]
    )
    return rows


def planned_numbers(
    entry: PlanEntry,
    subjects: SubjectRegister | Mapping[str, SubjectRegister] | None,
    officers: Mapping[str, int] | None,
    tiers: TierPolicy | None = None,
    /,
) -> Numbers:
    """
    How many subjects an entry has and inspects.

    Args:
        entry: The entry.
        subjects: The register, or one for each lead department.
        officers: Officers of each department.
        tiers: The tiers of the entry, if it has some.

    Raises:
        InvalidInput: The register lacks a field of the tiers.
        InvalidValueError: The ratio admits no whole number of these subjects,
            or is counted by officers that the lead does not have; or the
            register lacks a field of the entry.
    """
    register = (
        subjects
        if isinstance(subjects, SubjectRegister) or subjects is None
        else subjects.get(entry.lead)
    )
    parts = dict.fromkeys(entry.departments, Fraction(1))
    size = None
    sizes: list[int | None] = [None]
    ratios = [entry.ratio]
    by_tier = tiers is not None and entry.ratio.measure is Measure.SHARE
    if tiers is not None and by_tier:
        ratios = [rule.ratio for rule in tiers.rules]
        sizes = [None] * len(ratios)
    if register is not None:
        rows = _registered(register, entry)
        size = int(np.count_nonzero(rows))
        sizes = [size]
        if tiers is not None and by_tier:
            codes = tiers.classify(register)[rows]
            sizes = np.bincount(codes[codes >= 0], minlength=len(ratios)).tolist()
        for name, areas in entry.territories.items():
            inside = np.count_nonzero(rows & register.matches({"area": areas}))
            parts[name] = Fraction(int(inside), size) if size else Fraction(0)
    own = lead_officers(entry, ratios, officers)
    numbers = [_number(r, n, own) for r, n in zip(ratios, sizes, strict=True)]
    known = [number for number in numbers if number is not None]
    return Numbers(size, sum(known) if len(known) == len(numbers) else None, parts)


def _number(ratio: Ratio, size: int | None, officers: int | None) -> int | None:
    """How many of so many a ratio asks for, None where that is not known."""
    if (ratio.measure is Measure.SHARE and size is None) or (
        ratio.measure is Measure.PER_OFFICER and officers is None
    ):
        return None
    return ratio.quota(_MANY if size is None else size, officers=officers)
