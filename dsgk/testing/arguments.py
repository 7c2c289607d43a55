"""Arguments of strategies, checked where they are written; lists that shrink well."""

import datetime as dt
from collections.abc import Callable, Collection, Hashable
from typing import Any, TypeVar

from hypothesis import strategies as st
from hypothesis.errors import InvalidArgument
from hypothesis.strategies import SearchStrategy

from dsgk.errors import DsgkError


__all__ = [
    "check_int",
    "check_interval",
    "check_members",
    "check_pool",
    "check_sizes",
    "check_strategy",
    "check_type",
    "first_of",
    "lists_of",
    "named",
]

_T = TypeVar("_T")

_LOOKALIKES: dict[type, type] = {int: bool, dt.date: dt.datetime}


def check_type(kind: type, value: object, name: str) -> None:
    """Reject a value of another type; a bool is no int, a datetime no date."""
    lookalike = _LOOKALIKES.get(kind)
    if not isinstance(value, kind) or (lookalike and isinstance(value, lookalike)):
        msg = (
            f"Expected {kind.__name__} but got {name}={value!r} "
            f"(type={type(value).__name__})"
        )
        raise InvalidArgument(msg)


def check_int(value: int, name: str, *, least: int, most: int | None = None) -> None:
    """Reject anything but an int in range."""
    check_type(int, value, name)
    if value < least:
        msg = f"Invalid {name}={value!r} < {least}"
        raise InvalidArgument(msg)
    if most is not None and value > most:
        msg = f"Invalid {name}={value!r} > {most}"
        raise InvalidArgument(msg)


def check_sizes(
    min_size: int, max_size: int | None, *, least: int = 0, most: int | None = None
) -> None:
    """
    Reject sizes that are no interval.

    Args:
        min_size: The least size.
        max_size: The greatest size, None for any.
        least: What both are at least.
        most: What both are at most, None for any.
    """
    check_int(min_size, "min_size", least=least, most=most)
    if max_size is not None:
        check_int(max_size, "max_size", least=least, most=most)
        check_interval(min_size, max_size, "min_size", "max_size")


def check_interval(low: Any, high: Any, low_name: str, high_name: str) -> None:  # noqa: ANN401
    """Reject bounds that cross."""
    if high < low:
        msg = f"Cannot have {high_name}={high!r} < {low_name}={low!r}"
        raise InvalidArgument(msg)


def check_strategy(value: object, name: str) -> None:
    """Reject anything but a strategy."""
    if not isinstance(value, SearchStrategy):
        several = isinstance(value, Collection) and not isinstance(value, str)
        instead = f"st.sampled_from({value!r})" if several else f"st.just({value!r})"
        msg = (
            f"Expected a SearchStrategy but got {name}={value!r} "
            f"(type={type(value).__name__}). Write {instead} instead."
        )
        raise InvalidArgument(msg)


def check_members(values: Collection[_T], name: str, kind: type[_T]) -> tuple[_T, ...]:
    """
    Return distinct values of one type to sample from, at least one.

    The members of a set come out in the order of their reprs, so that every
    run makes the same examples.
    """
    if isinstance(values, (str, bytes)) or not isinstance(values, Collection):
        msg = (
            f"Expected a collection of {kind.__name__} but got {name}={values!r} "
            f"(type={type(values).__name__})"
        )
        raise InvalidArgument(msg)
    if not values:
        msg = f"Cannot sample from {name}={values!r}, which has no member"
        raise InvalidArgument(msg)
    for member in values:
        check_type(kind, member, f"a member of {name}")
    if isinstance(values, (set, frozenset)):
        return tuple(sorted(values, key=repr))
    return tuple(dict.fromkeys(values))


def check_pool(
    values: Collection[str], name: str, check: Callable[..., str]
) -> tuple[str, ...]:
    """Return texts to sample from, all of which *check* accepts."""
    members = check_members(values, name, str)
    for member in members:
        try:
            check(member, name=name)
        except DsgkError as error:
            raise InvalidArgument(str(error)) from error
    return members


def named(name: str, function: Callable[..., _T], /) -> Callable[..., _T]:
    """
    Return *function* under the name by which Hypothesis prints its calls.

    A failing example is printed as the call that made it, and a class method
    without its class.
    """

    def call(*args: Any, **kwargs: Any) -> _T:  # noqa: ANN401
        return function(*args, **kwargs)

    call.__name__ = name
    return call


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
