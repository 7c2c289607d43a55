"""Strategies for ratios and tier policies."""

from collections.abc import Collection
from fractions import Fraction
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from dsgk.calendars import Period, Unit
from dsgk.testing.arguments import (
    check_int,
    check_members,
    check_strategy,
    check_type,
)
from dsgk.testing.calendars import periods
from dsgk.testing.lists import lists_of
from dsgk.testing.subjects import Fields, selections
from dsgk.testing.texts import ids
from dsgk.tiers import Bound, Measure, Ratio, TierPolicy, TierRule, covering


__all__ = ["ratios", "ratios_or", "tier_policies"]

# The usual ones often, and some that no binary or decimal fraction is.
_SHARES = [
    *[Fraction(n, 100) for n in (0, 1, 3, 5, 10, 20, 50, 100)] * 8,
    *[Fraction(n, 100) for n in range(101)],
    *[Fraction(n, 1000) for n in (1, 2, 5, 15, 25, 33, 335, 999)],
    *[Fraction(n, d) for d in (3, 7, 12) for n in range(1, d)],
    Fraction(1, 10**6),
    1 - Fraction(1, 10**6),
]
# They end on the days on which registers have their last inspections.
_RESTS = [
    Period(365, Unit.DAY),
    Period(12, Unit.MONTH),
    Period(24, Unit.MONTH),
    Period(1, Unit.YEAR),
    Period(2, Unit.YEAR),
]


def _share(draw: st.DrawFn, bound: Bound, *, any_size: bool) -> Ratio:
    make = {
        Bound.AT_LEAST: Ratio.at_least,
        Bound.EXACTLY: Ratio.exactly,
        Bound.AT_MOST: Ratio.at_most,
    }
    shares = st.sampled_from(_SHARES)
    if bound in make:
        return make[bound](draw(shares))
    low, high = sorted([draw(shares), draw(shares)])
    if any_size:  # of one subject either nobody or everybody is drawn
        bounds = [(low, Fraction(1)), (Fraction(0), high)]
        low, high = draw(st.sampled_from(bounds))
    return Ratio.between(low, high)


def _count(draw: st.DrawFn, bound: Bound) -> Ratio:
    one = draw(st.integers(0, 100))
    if bound is Bound.BETWEEN:
        return Ratio.count_between(*sorted([one, draw(st.integers(0, 100))]))
    return Ratio.count_between(
        None if bound is Bound.AT_MOST else one,
        None if bound is Bound.AT_LEAST else one,
    )


@st.composite
def _ratios(draw: st.DrawFn, measures: tuple[Measure, ...], *, any_size: bool) -> Ratio:
    measure = draw(st.sampled_from(measures))
    if measure is Measure.SHARE:
        return _share(draw, draw(st.sampled_from(Bound)), any_size=any_size)
    if measure is Measure.COUNT:
        return _count(draw, draw(st.sampled_from(Bound)))
    return Ratio.per_officer(draw(st.integers(1, 50)), at_least=draw(st.booleans()))


def ratios(
    *, measures: Collection[Measure] = tuple(Measure), any_size: bool = False
) -> SearchStrategy[Ratio]:
    """
    Ratios (抽查比例): shares, numbers of subjects, subjects per officer.

    Shrinks to "at least 0 %", or to the first of the *measures*.

    Args:
        measures: What the ratios may count.
        any_size: Whether each ratio has a quota for every size of a stratum;
            of a few subjects "20 % to 30 %" can have none.  Those per officer
            still need the number of officers.

    Raises:
        InvalidArgument: *measures* is empty or holds something else;
            *any_size* is no bool.
    """
    check_type(bool, any_size, "any_size")
    members = check_members(measures, "measures", Measure)
    return _ratios(members, any_size=any_size)


def ratios_or(given: SearchStrategy[Ratio] | None) -> SearchStrategy[Ratio]:
    """Return the strategy that was given for ratios, or one that fits every size."""
    if given is None:
        return ratios(measures=(Measure.SHARE, Measure.COUNT), any_size=True)
    check_strategy(given, "ratios")
    return given


@st.composite
def _tier_policies(
    draw: st.DrawFn,
    tiers: SearchStrategy[dict[str, Any]],
    rows: SearchStrategy[list[tuple[dict[str, Any], dict[str, set[Any]]]]],
    *,
    complete: bool,
) -> TierPolicy:
    rules: list[TierRule] = []
    for tier, when in draw(rows):
        rule = TierRule(when=when, **tier)
        if covering([r.when for r in rules], rule.when) is None:
            rules.append(rule)
    if not rules or (complete and covering([r.when for r in rules], {}) is None):
        names = {rule.name for rule in rules}
        rules.append(TierRule(**draw(tiers.filter(lambda t: t["name"] not in names))))
    return TierPolicy(rules)


def tier_policies(
    *,
    max_size: int = 6,
    fields: Fields | None = None,
    ratios: SearchStrategy[Ratio] | None = None,
    complete: bool = True,
) -> SearchStrategy[TierPolicy]:
    """
    Tier policies (差异化监管) without dead rules; shrinks to one for everybody.

    By default `TierPolicy.frame` takes them with every register that has the
    *fields*: whatever subjects come, each has a tier, and each tier a quota.

    Args:
        max_size: [int >= 1] Greatest number of rules.
        fields: As for `subject_columns`; rules select by those of them by
            which subjects are classed.
        ratios: The ratios; by default shares and numbers of subjects that
            have a quota for every size of a tier.
        complete: Whether a subject surely matches a rule; if not, the last
            rule for everybody is left out.

    Raises:
        InvalidArgument: *max_size* is no int or below 1; *fields* is faulty
            or has none by which subjects are classed; *ratios* is no
            strategy; *complete* is no bool.
    """
    check_int(max_size, "max_size", least=1)
    check_type(bool, complete, "complete")
    rest = st.one_of(
        st.sampled_from([None, *_RESTS]),
        st.sampled_from([None, *_RESTS]),
        periods(units=(Unit.DAY, Unit.MONTH, Unit.YEAR), max_value=100),
    )
    tiers = st.fixed_dictionaries(
        {
            "name": st.sampled_from("ABCD") | ids(max_size=8),
            "ratio": ratios_or(ratios),
            "rest": rest,
            "yearly_cap": st.sampled_from([None, None, None, 1, 2, 3]),
        }
    )
    selected = st.one_of(
        selections(fields=fields, min_size=1, max_size=1),
        selections(fields=fields, min_size=1, max_size=2),
    )
    rows = lists_of(
        st.tuples(tiers, selected),
        min_size=0,
        max_size=max_size - complete,
        unique_by=lambda row: row[0]["name"],
    )
    return _tier_policies(tiers, rows, complete=complete)
