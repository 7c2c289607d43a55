"""Strategies of strategies: lists that shrink well, and the first of a pair."""

from collections.abc import Callable, Hashable
from typing import Any, TypeVar

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy


__all__ = ["first_of", "lists_of"]

_T = TypeVar("_T")
_KEPT = st.sampled_from([False, *[True] * 15])


@st.composite
def _maybe(draw: st.DrawFn, elements: SearchStrategy[_T]) -> _T | None:
    return draw(elements) if draw(_KEPT) else None


@st.composite
def _lists(
    draw: st.DrawFn,
    least: SearchStrategy[list[_T]],
    more: SearchStrategy[list[_T | None]],
    unique_by: Callable[[_T], Hashable] | None,
) -> list[_T]:
    values = [*draw(least)]  # Hypothesis remembers how it made its own
    seen = set() if unique_by is None else set(map(unique_by, values))
    for value in draw(more):
        if value is None:
            continue
        if unique_by is not None:
            key = unique_by(value)
            if key in seen:
                continue
            seen.add(key)
        values.append(value)
    return values


def lists_of(
    elements: SearchStrategy[_T],
    /,
    *,
    min_size: int,
    max_size: int | None,
    unique_by: Callable[[_T], Hashable] | None = None,
) -> SearchStrategy[list[_T]]:
    """
    `hypothesis.strategies.lists` for values that take many choices.

    Hypothesis takes elements out of a list by deleting up to five choices at
    a time, which are too few for a whole subject with its ten cells.  Here one
    choice stands for each element and says whether it is kept.

    Args:
        elements: The values.
        min_size: [int >= 0] Least number of them.
        max_size: [int >= *min_size*, or None] Greatest number; None for any.
        unique_by: By what they differ; None if they need not.
    """
    return _lists(
        st.lists(elements, min_size=min_size, max_size=min_size, unique_by=unique_by),
        st.lists(
            _maybe(elements),
            max_size=None if max_size is None else max_size - min_size,
        ),
        unique_by,
    )


@st.composite
def first_of(draw: st.DrawFn, both: SearchStrategy[tuple[_T, *tuple[Any, ...]]]) -> _T:
    """Give the first of what belongs together."""
    return draw(both)[0]  # a map would be printed in failing examples
