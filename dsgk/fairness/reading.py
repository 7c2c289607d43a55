"""What the functions that examine are given, read and checked."""

from collections.abc import Hashable, Iterable, Mapping

import numpy as np

from dsgk.errors import InvalidTypeError, InvalidValueError, shown
from dsgk.fairness.chance import Rows
from dsgk.simulate.arguments import Rng, generator


__all__ = ["generator_of", "labels_of", "texts_of"]


def generator_of(rng: Rng, repetitions: int, level: float) -> np.random.Generator:
    """
    Check the settings, and make the generator of fair draws.

    Raises:
        InvalidTypeError: *rng* is nothing that NumPy takes, *repetitions* no
            int, *level* no number.
        InvalidValueError: A number is out of range.
    """
    for name, value, kinds, low, high in (
        ("repetitions", repetitions, (int, np.integer), 99, 10**6),
        ("level", level, (int, float), 1e-9, 0.5),
    ):
        if isinstance(value, bool) or not isinstance(value, kinds):
            msg = (
                f"{name!r} must be a number (got {shown(value)}). "
                "Leave it out if unsure."
            )
            raise InvalidTypeError(
                msg, code="fairness-number-type", params={"name": name}
            )
        if not low <= value <= high:
            msg = (
                f"{name!r} must be from {low} to {high} (got {shown(value)}). "
                "Leave it out if unsure."
            )
            raise InvalidValueError(
                msg,
                code="fairness-number-range",
                params={"name": name, "value": value, "least": low, "most": high},
            )
    return generator(rng)


def texts_of(values: object) -> tuple[str, ...] | None:
    """Ids as a tuple, or None if these are none; one text is no sequence of ids."""
    if isinstance(values, (str, bytes)) or not isinstance(values, Iterable):
        return None
    texts = tuple(values)
    return texts if all(isinstance(text, str) for text in texts) else None


def labels_of(ids: Iterable[str], groups: object) -> Rows | None:
    """
    Give the group of each id as a number, 0 for none.

    Raises:
        InvalidTypeError: *groups* is no mapping of ids to groups.
    """
    if groups is None:
        return None
    if not isinstance(groups, Mapping) or not all(
        isinstance(group, Hashable) for group in groups.values()
    ):
        msg = (
            f"'groups' must map ids to groups (got {shown(groups)}). "
            "Write {'S1': '东', 'S2': '西'}."
        )
        raise InvalidTypeError(
            msg, code="fairness-groups", params={"type": type(groups).__name__}
        )
    numbers: dict[str, int] = {}
    return np.array(
        [
            numbers.setdefault(groups[text], len(numbers) + 1) if text in groups else 0
            for text in ids
        ],
        dtype=np.int64,
    )
