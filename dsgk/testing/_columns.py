"""Strategies for subjects, their registers, ratios, tier policies and frames."""

import datetime as dt
from collections.abc import Collection, Mapping
from fractions import Fraction
from operator import itemgetter
from typing import Any

import numpy as np
from hypothesis import strategies as st
from hypothesis.errors import InvalidArgument
from hypothesis.strategies import SearchStrategy

from dsgk.calendars import Period, Unit
from dsgk.errors import DsgkError
from dsgk.fields import is_empty
from dsgk.frames import Frame
from dsgk.kernels.tickets import MAX_WEIGHT
from dsgk.kernels.workdays import add_months
from dsgk.subjects import FIELDS, Subject, SubjectRegister, attribute_name
from dsgk.tables import Heading
from dsgk.testing._days import periods
from dsgk.testing._texts import (
    check_int,
    check_interval,
    check_members,
    check_sizes,
    check_strategy,
    check_type,
    derived,
    ids,
    ids_or,
    lists_of,
    named,
)
from dsgk.tiers import Bound, Measure, Ratio, TierPolicy, TierRule, covering


Fields = Mapping[str, SearchStrategy[Any] | None]
"""Cells by field, None for a field that is left out."""

ON = dt.date(2026, 3, 25)
"""The day as of which registers are made, unless another is given."""

_WORDS = {
    "kind": ("药店", "餐饮", "加油站"),
    "area": ("上仓镇", "下营镇"),
    "risk": ("低", "中", "高"),
    "credit": ("A", "B", "C", "D"),
}
_YEARS_BACK = 5
_REST_MONTHS = (12, 24)


def _days_before(on: dt.date) -> SearchStrategy[dt.date | None]:
    """Days up to *on*, often those around the end of a rest."""
    today = np.array([on], "datetime64[D]")
    ago = [add_months(today, -months)[0].item() for months in _REST_MONTHS]
    near = [day + dt.timedelta(k) for day in ago for k in (0, 0, 0, 1, -1)]
    return st.one_of(
        st.none(),
        st.sampled_from(near),
        st.sampled_from([on, dt.date(on.year, 1, 1), *near]),
        st.dates(on - dt.timedelta(366 * _YEARS_BACK), on),
    )


def _usual(field: Heading, on: dt.date) -> SearchStrategy[Any]:
    """Cells of a field by its kind: often its default, and rare ones."""
    least = None if field.default is None else field.kind.plain(field.default)
    about = field.kind.schema()
    if "anyOf" in about:  # a value, or none
        about = about["anyOf"][0]
    if "enum" in about:
        return st.sampled_from([least] * 3 * len(about["enum"]) + about["enum"])
    if about["type"] == "boolean":
        return st.none() | st.booleans()
    if about["type"] == "integer":
        return st.sampled_from([least] * 5 + [1, 2, 3, 9])
    if about.get("format") == "date":
        return _days_before(on)
    # Of four bytes, and with commas.
    words = _WORDS.get(field.name, ("甲", "乙"))
    return st.sampled_from([None, *words, "其他（含、个体）", "\U00020bb7"])


def cells_of(fields: Fields | None, on: dt.date) -> dict[str, SearchStrategy[Any]]:
    """Give strategies for the cells of every field, *fields* in place of the usual."""
    check_type(dt.date, on, "on")
    cells = {name: _usual(field, on) for name, field in FIELDS.items()} | {
        "food": st.none() | st.booleans(),
        "employees": st.none() | st.sampled_from([0, 1, 9, 10, 300]),
    }
    if fields is None:
        return cells
    check_type(Mapping, fields, "fields")
    for name, strategy in fields.items():
        if name not in FIELDS:
            try:
                attribute_name(name)
            except DsgkError as error:
                msg = f"Invalid fields={fields!r}: {error}"
                raise InvalidArgument(msg) from error
        if strategy is None:
            cells.pop(name, None)
        else:
            check_strategy(strategy, f"fields[{name!r}]")
            cells[name] = strategy
    return cells


def subject_columns(
    *,
    min_size: int = 0,
    max_size: int | None = None,
    ids: SearchStrategy[str] | None = None,
    fields: Fields | None = None,
    on: dt.date = ON,
) -> SearchStrategy[dict[str, list[Any]]]:
    """
    Columns of a register, by field, for `SubjectRegister.from_columns`.

    Rename the columns to make them a table of a host.  Cells are plain values,
    empty ones None.

    Args:
        min_size: [int >= 0] Least number of subjects.
        max_size: [int >= *min_size*, or None] Greatest number; None for any.
        ids: The ids; by default `ids`.
        fields: [field or attribute -> cells] In place of the usual cells or
            beside them; None leaves a field out. By default there are all
            fields of a `Subject` and the attributes ``food`` and
            ``employees``.
        on: Day of the register: no inspection is after it.
    """
    check_sizes(min_size, max_size)
    cells = cells_of(fields, on)
    # Rows, not columns, so that shrinking drops whole subjects.
    rows = lists_of(
        st.tuples(ids_or(ids, "ids"), *cells.values()),
        min_size=min_size,
        max_size=max_size,
        unique_by=itemgetter(0),
    )
    names = ["id", *cells]
    return derived(
        rows, lambda rows: {name: [r[k] for r in rows] for k, name in enumerate(names)}
    )


_register_of = named("SubjectRegister.from_columns", SubjectRegister.from_columns)


@st.composite
def _registers(
    draw: st.DrawFn, columns: SearchStrategy[dict[str, list[Any]]]
) -> SubjectRegister:
    cells = {name: st.just(column) for name, column in draw(columns).items()}
    return draw(st.builds(_register_of, **cells))


def subject_registers(
    *,
    min_size: int = 0,
    max_size: int | None = None,
    ids: SearchStrategy[str] | None = None,
    fields: Fields | None = None,
    on: dt.date = ON,
) -> SearchStrategy[SubjectRegister]:
    """
    Registers of subjects (检查对象名录库), sometimes empty.

    Takes the options of `subject_columns`.

    Examples:
        >>> from hypothesis import given
        >>> from dsgk.testing import ON, tier_policies
        >>> @given(subject_registers(), tier_policies())
        ... def test_nobody_is_lost(register, policy):
        ...     plan = policy.frame(register, on=ON)
        ...     assert len(plan.frame) + len(plan.exclusions) == len(register)
        >>> test_nobody_is_lost()
    """
    return _registers(
        subject_columns(
            min_size=min_size, max_size=max_size, ids=ids, fields=fields, on=on
        )
    )


@st.composite
def _subjects(
    draw: st.DrawFn, ids: SearchStrategy[str], cells: dict[str, SearchStrategy[Any]]
) -> Subject:
    values = {name: draw(cell) for name, cell in cells.items()}
    known = {name: values.pop(name) for name in FIELDS if name in values}
    return Subject(id=draw(ids), attributes=values, **known)


def subjects(
    *,
    ids: SearchStrategy[str] | None = None,
    fields: Fields | None = None,
    on: dt.date = ON,
) -> SearchStrategy[Subject]:
    """Single subjects (检查对象), with the cells of `subject_columns`."""
    return _subjects(ids_or(ids, "ids"), cells_of(fields, on))


def selections(
    *, min_size: int = 0, max_size: int = 3, fields: Fields | None = None
) -> SearchStrategy[dict[str, set[Any]]]:
    """
    Selections: accepted values by field, as `SubjectRegister.where` takes them.

    The values are those of the cells, so that they select some subjects of a
    register with the same *fields*.

    Args:
        min_size: [int >= 0] Least number of fields; no field selects everybody.
        max_size: [int >= *min_size*] Greatest number.
        fields: As for `subject_columns`; those by which nobody can be selected,
            such as days and visits, are skipped.
    """
    check_sizes(min_size, max_size)
    cells = {
        name: st.sets(cell.map(lambda c: None if is_empty(c) else c), min_size=1)
        for name, cell in cells_of(fields, ON).items()
        if name not in FIELDS or FIELDS[name].is_class
    }
    check_interval(min_size, len(cells), "min_size", "the number of fields")
    chosen = st.lists(
        st.sampled_from(list(cells)), unique=True, min_size=min_size, max_size=max_size
    )
    return _selections(chosen, cells)


@st.composite
def _selections(
    draw: st.DrawFn,
    chosen: SearchStrategy[list[str]],
    cells: dict[str, SearchStrategy[set[Any]]],
) -> dict[str, set[Any]]:
    return {name: draw(cells[name]) for name in draw(chosen)}


# The usual ones often, and some that are no binary or decimal fractions.
_SHARES = [
    *[Fraction(n, 100) for n in (0, 1, 3, 5, 10, 20, 50, 100)] * 8,
    *[Fraction(n, 100) for n in range(101)],
    *[Fraction(n, 1000) for n in (1, 2, 5, 15, 25, 33, 335, 999)],
    *[Fraction(n, d) for d in (3, 7, 12) for n in range(1, d)],
    Fraction(1, 10**6),
    1 - Fraction(1, 10**6),
]
# They end on days on which registers have their last inspections.
_RESTS = [
    Period(365, Unit.DAY),
    *(Period(n, Unit.MONTH) for n in (12, 24)),
    *(Period(n, Unit.YEAR) for n in (1, 2)),
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
        any_size: Whether each ratio must have a quota for every size of a
            stratum; "20 % to 30 %" of a few subjects may have none. Ratios per
            officer still need the number of officers.
    """
    check_type(bool, any_size, "any_size")
    members = check_members(measures, "measures", Measure)
    return _ratios(members, any_size=any_size)


def ratios_or(given: SearchStrategy[Ratio] | None) -> SearchStrategy[Ratio]:
    """Return the given strategy for ratios; by default one that fits every size."""
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
    *fields*: each subject has a tier, and each tier a quota.

    Args:
        max_size: [int >= 1] Greatest number of rules.
        fields: As for `subject_columns`; rules select by some of them.
        ratios: The ratios; by default shares and counts that have a quota for
            every size of a tier.
        complete: Whether every subject matches a rule; if not, the last rule,
            for everybody, may be missing.
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


# One stratum; two; two that some databases take for one; and many, which sort
# differently by bytes, UTF-16 units and collation.
_MANY = ("A", "B", "C", "D", "a", "0", "食品", "\ufa0e", "\U00020000")
_STRATA = (("A",), ("A", "B"), ("A", "a"), _MANY, _MANY)
_WEIGHT_BITS = 53


def weights() -> SearchStrategy[int]:
    """
    Weights that a frame accepts: small ones, powers of two, the very largest.

    Beside small weights a large one is drawn for certain.  Shrinks to 1.
    """
    return st.one_of(
        st.integers(1, 9),
        st.integers(0, _WEIGHT_BITS - 1).map(lambda power: 2**power),
        st.integers(1, MAX_WEIGHT),
        st.integers(MAX_WEIGHT - 3, MAX_WEIGHT),
    )


_Rows = list[tuple[str, str, int]]


@st.composite
def _frames(
    draw: st.DrawFn, rows: SearchStrategy[_Rows], *, weighted: bool | None
) -> Frame:
    heavy = draw(st.booleans()) if weighted is None else weighted
    table = draw(rows)
    columns = [[row[k] for row in table] for k in range(3 if heavy else 2)]
    return draw(st.builds(Frame, *map(st.just, columns)))


def frames(
    *,
    min_size: int = 0,
    max_size: int | None = None,
    weighted: bool | None = None,
    ids: SearchStrategy[str] | None = None,
    strata: SearchStrategy[str] | None = None,
) -> SearchStrategy[Frame]:
    """
    Frames (抽样框), the one without rows among them.

    Shrinks to few rows in one stratum, without weights if it may.

    Args:
        min_size: [int >= 0] Least number of rows.
        max_size: [int >= *min_size*, or None] Greatest number; None for any.
        weighted: Whether the rows have weights; None for either.
        ids: The ids; by default `ids`.
        strata: The names of strata; by default some that sort differently by
            bytes and by collation.
    """
    check_sizes(min_size, max_size)
    if weighted is not None:
        check_type(bool, weighted, "weighted")
    if strata is not None:
        check_strategy(strata, "strata")
    names = [st.sampled_from(some) for some in _STRATA] if strata is None else [strata]
    texts = ids_or(ids, "ids")
    tables = [
        lists_of(
            st.tuples(texts, name, weights()),
            min_size=min_size,
            max_size=max_size,
            unique_by=lambda row: row[0],
        )
        for name in names
    ]
    return _frames(st.one_of(tables), weighted=weighted)


@st.composite
def _quotas(draw: st.DrawFn, sizes: dict[str, int]) -> dict[str, int]:
    return {name: draw(_quota(size)) for name, size in sizes.items()}


def _quota(size: int) -> SearchStrategy[int]:
    some = [st.integers(1, size - 1)] if size > 1 else []
    return st.one_of(st.integers(0, size), st.just(size), *some)


def quotas(frame: Frame, /) -> SearchStrategy[dict[str, int]]:
    """
    Quotas for the strata of a frame: nobody, everybody, or some.

    Shrinks to nobody.

    Args:
        frame: The frame that they fit.
    """
    check_type(Frame, frame, "frame")
    return _quotas(frame.sizes)


@st.composite
def _frames_with_quotas(
    draw: st.DrawFn, made: SearchStrategy[Frame]
) -> tuple[Frame, dict[str, int]]:
    frame = draw(made)
    return frame, draw(_quotas(frame.sizes))


def frames_with_quotas(
    *,
    min_size: int = 0,
    max_size: int | None = None,
    weighted: bool | None = None,
    ids: SearchStrategy[str] | None = None,
    strata: SearchStrategy[str] | None = None,
) -> SearchStrategy[tuple[Frame, dict[str, int]]]:
    """
    Frames, each with `quotas` that fit it, for `draw_subjects`.

    Takes the options of `frames`.

    Examples:
        >>> from hypothesis import given
        >>> from dsgk.draws import draw_subjects
        >>> from dsgk.testing import keys
        >>> @given(frames_with_quotas(), keys())
        ... def test_as_many_are_drawn_as_was_announced(case, key):
        ...     frame, quotas = case
        ...     draw = draw_subjects(frame, quotas, key=key)
        ...     assert len(draw.selected) == sum(quotas.values())
        >>> test_as_many_are_drawn_as_was_announced()
    """
    return _frames_with_quotas(
        frames(
            min_size=min_size,
            max_size=max_size,
            weighted=weighted,
            ids=ids,
            strata=strata,
        )
    )
