"""Arguments of strategies: refused where they are written, in Hypothesis' words."""

import datetime as dt
from collections.abc import Callable, Collection
from typing import Any, TypeVar

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
    "named",
]

_T = TypeVar("_T")

_LOOKALIKES: dict[type, type] = {int: bool, dt.date: dt.datetime}


def check_type(kind: type, value: object, name: str) -> None:
    """Refuse a value of another type; a bool is no int, a datetime no date."""
    lookalike = _LOOKALIKES.get(kind)
    if not isinstance(value, kind) or (lookalike and isinstance(value, lookalike)):
        msg = (
            f"Expected {kind.__name__} but got {name}={value!r} "
            f"(type={type(value).__name__})"
        )
        raise InvalidArgument(msg)


def check_int(value: int, name: str, *, least: int, most: int | None = None) -> None:
    """Refuse what is no int, or out of range."""
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
    Refuse sizes that are no interval.

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
    """Refuse bounds that cross."""
    if high < low:
        msg = f"Cannot have {high_name}={high!r} < {low_name}={low!r}"
        raise InvalidArgument(msg)


def check_strategy(value: object, name: str) -> None:
    """Refuse what is no strategy."""
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
    Return distinct values to sample from, refusing none and those of other types.

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
    """Return texts to sample from, refusing those that *check* does."""
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
