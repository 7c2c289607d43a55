"""How many subjects break rules: an estimate, not the share of problems found."""

import datetime as dt
from collections.abc import Collection, Mapping
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt

from dsgk.errors import (
    InvalidInput,
    InvalidTypeError,
    InvalidValueError,
    shown,
)
from dsgk.fields import check_mapping, some, take
from dsgk.identifiers import check_id
from dsgk.kernels.proportions import estimate_rate
from dsgk.kernels.rationals import Number, exact
from dsgk.ledger import Ledger
from dsgk.performance.groups import Tier, distinct, in_order, share, sizes_of_tiers
from dsgk.performance.progress import random_checks
from dsgk.results import ResultCode
from dsgk.sources import article, cites
from dsgk.tables import Categorical


__all__ = ["violation_rates"]

_PROBLEMS = tuple(code for code in ResultCode if code.is_problem)


@cites(article(31))
def violation_rates(
    ledger: Ledger,
    sizes: Mapping[str, Mapping[Tier, int]] | Mapping[str, Mapping[str, int]],
    /,
    *,
    on: dt.date,
    codes: Collection[ResultCode | str] = _PROBLEMS,
    confidence: Number = 0.95,
) -> dict[str, list[Any]]:
    """
    Estimate how many subjects of each plan entry break rules (违法率推断).

    Tiers are drawn at different ratios, so the raw share of problems found
    says more of the plan than of the subjects: a department that draws more of
    tier D finds more.  The estimate weighs every tier by its size and says how
    sure it is.

    A subject counts as inspected if a check of the entry at it was completed
    and found nothing that prevented it; substitutes count like those for whom
    they stand in.  What could not be inspected says nothing about rules: its
    share is told beside.

    Args:
        ledger: The ledger; checks of leads do not count.
        sizes: [entry -> tier -> int] Subjects in the frame of each entry, such
            as ``{"3": frame.sizes}``.
        on: The day; what was found later does not count.
        codes: The results that count as a violation.
        confidence: [0 < number < 1] Of the interval.

    Returns:
        One row for each entry of *sizes*: ``inspected`` and ``found``
        subjects, ``not_inspected`` those that were drawn, completed and could
        not be inspected, the ``share_found`` as it is, ``unknown_tiers`` with
        subjects of which none was inspected, and the estimated ``rate`` with
        ``low`` and ``high``; None where tiers are unknown, about which nothing
        can be said.

    Raises:
        InvalidTypeError: *ledger* is none, *sizes* maps no entries to sizes of
            tiers, *codes* is no set, or *confidence* no number.
        InvalidValueError: A code is of no closed list, or *confidence* is not
            between 0 and 1.
        InvalidInput: An entry has no valid id, a size is no number, or a tier
            of the ledger has no size, or less than was inspected in it: all
            faults at once.

    Cites:
        District Opinion, Art. 31 (绩效考核).
    """
    chosen = take(codes, some(frozenset[ResultCode]), name="codes")
    counting = {code.code for code in chosen}
    level = _level(confidence)
    of_entry = check_mapping(sizes, name="sizes", instead="{'3': {'A': 180, 'D': 20}}")
    known = random_checks(ledger, on)
    known = known.take(known.classes["results"].codes >= 0)
    preventing = {code.code for code in ResultCode if code.prevents_inspection}
    column = known.classes["results"]
    prevented = np.array(
        [not preventing.isdisjoint(value) for value in column.categories], dtype=bool
    )[column.codes]
    violating = np.array(
        [not counting.isdisjoint(value) for value in column.categories], dtype=bool
    )[column.codes]
    table: dict[str, list[Any]] = {
        name: []
        for name in (
            "entry", "inspected", "found", "not_inspected", "share_found",
            "unknown_tiers", "rate", "low", "high",
        )
    }  # fmt: skip
    faults = []
    entries = []
    for entry in of_entry:
        try:
            entries.append(check_id(entry, name="sizes"))
        except (InvalidTypeError, InvalidValueError) as error:
            faults.append(error.fault.at(column="sizes"))
    for entry in sorted(entries):
        rows = known.matches(entry={entry})
        subjects = known.classes["subject_id"].codes
        strata = known.classes["stratum"]
        inspected, found = rows & ~prevented, rows & ~prevented & violating
        counts = []
        for mask in (inspected, found):
            first = np.zeros(len(known), dtype=bool)
            first[mask] = distinct(subjects[mask])
            counts.append(_by_tier(strata, first))
        drawn, hits = counts
        of_tier, found_faults = sizes_of_tiers(
            of_entry[entry], drawn, name=f"sizes[{entry!r}]", doing="inspected"
        )
        faults += found_faults
        if faults:
            continue
        everybody = len(np.unique(subjects[rows]))
        n, k = sum(drawn.values()), sum(hits.values())
        told = [tier for tier in in_order(of_tier) if of_tier[tier]]
        unknown = tuple(tier for tier in told if not drawn.get(tier))
        estimate = None
        if told and not unknown:
            estimate = estimate_rate(
                [hits.get(tier, 0) for tier in told],
                [drawn.get(tier, 0) for tier in told],
                [of_tier[tier] for tier in told],
                confidence=level,
            )
        for name, value in (
            ("entry", entry),
            ("inspected", n),
            ("found", k),
            ("not_inspected", everybody - n),
            ("share_found", share(k, n)),
            ("unknown_tiers", unknown),
            ("rate", estimate and float(estimate.rate)),
            ("low", estimate and float(estimate.low)),
            ("high", estimate and float(estimate.high)),
        ):
            table[name].append(value)
    if faults:
        what = "violation rates"
        raise InvalidInput.of(what, faults)
    return table


def _level(confidence: Number) -> Fraction:
    """How sure the interval is to be, exactly."""
    msg = (
        f"'confidence' must be between 0 and 1 (got {shown(confidence)}). Write 0.95 "
        "for 95 %."
    )
    try:
        level = exact(confidence, "confidence")
    except TypeError:
        raise InvalidTypeError(msg, code="confidence") from None
    except ValueError:
        level = Fraction(0)
    if not 0 < level < 1:
        raise InvalidValueError(msg, code="confidence")
    return level


def _by_tier(strata: Categorical[str], rows: npt.NDArray[np.bool_]) -> dict[Any, int]:
    """How many of some rows are in each tier; None for those without one."""
    names = (None, *strata.categories)
    counts = np.bincount(strata.codes[rows] + 1, minlength=len(names)).tolist()
    return {name: count for name, count in zip(names, counts, strict=True) if count}
