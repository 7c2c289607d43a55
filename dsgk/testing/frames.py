"""Strategies for frames, with and without weights, and quotas that fit them."""

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from dsgk.frames import Frame
from dsgk.kernels.tickets import MAX_WEIGHT
from dsgk.testing.arguments import check_sizes, check_strategy, check_type
from dsgk.testing.lists import lists_of
from dsgk.testing.texts import ids_or


__all__ = ["frames", "frames_with_quotas", "quotas", "weights"]

# One stratum for all, two, two that some databases take for one, and many, whose
# order differs between bytes, UTF-16 units and collations.
_MANY = ("A", "B", "C", "D", "a", "0", "食品", "\ufa0e", "\U00020000")
_STRATA = (("A",), ("A", "B"), ("A", "a"), _MANY, _MANY)
_WEIGHT_BITS = 53


def weights() -> SearchStrategy[int]:
    """
    Weights that a frame accepts: a few units, powers of two, the very largest.

    Beside a weight of a few units a large one is drawn for certain.  Shrinks
    to 1.
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

    Raises:
        InvalidArgument: Sizes are no ints, out of range, or cross; *weighted*
            is no bool; *ids* or *strata* is no strategy.
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
    Quotas for the strata of a frame: nobody, everybody, and all between.

    Shrinks to nobody.

    Args:
        frame: The frame that they fit.

    Raises:
        InvalidArgument: *frame* is no `Frame`.
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
    Frames, each with `quotas` that fit it: what `draw_subjects` takes.

    Args:
        min_size: As for `frames`, and so are the others.
        max_size: As for `frames`.
        weighted: As for `frames`.
        ids: As for `frames`.
        strata: As for `frames`.

    Raises:
        InvalidArgument: As for `frames`.

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
