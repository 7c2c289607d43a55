"""What the functions that examine are given, read and checked."""

from collections.abc import Hashable, Iterable, Mapping

import numpy as np

from dsgk.errors import invalid
from dsgk.fairness.chance import Rows
from dsgk.fields import check_count
from dsgk.simulate.arguments import Rng, generator


__all__ = ["labels_of", "settings_of", "texts_of"]

_LEAST_LEVEL, _MOST_LEVEL = 1e-9, 0.5


def settings_of(
    rng: Rng, repetitions: int, level: float
) -> tuple[np.random.Generator, int]:
    """Check the settings; give the generator of fair draws, and how many."""
    times = check_count(repetitions, name="repetitions", least=99, most=10**6)
    if isinstance(level, bool) or not isinstance(level, (int, float)):
        raise invalid("chance-type", name="level", got=level)
    if not _LEAST_LEVEL <= level <= _MOST_LEVEL:
        raise invalid(
            "number-range",
            name="level",
            got=level,
            least=_LEAST_LEVEL,
            most=_MOST_LEVEL,
        )
    return generator(rng), times


def texts_of(values: object) -> tuple[str, ...] | None:
    """Ids as a tuple, or None if these are none; one text is no sequence of ids."""
    if isinstance(values, (str, bytes)) or not isinstance(values, Iterable):
        return None
    texts = tuple(values)
    return texts if all(isinstance(text, str) for text in texts) else None


def labels_of(ids: Iterable[str], groups: object) -> Rows | None:
    """Give the group of each id as a number, 0 for none."""
    if groups is None:
        return None
    if not isinstance(groups, Mapping) or not all(
        isinstance(group, Hashable) for group in groups.values()
    ):
        raise invalid("fairness-groups", name="groups", got=groups)
    numbers: dict[str, int] = {}
    return np.array(
        [
            numbers.setdefault(groups[text], len(numbers) + 1) if text in groups else 0
            for text in ids
        ],
        dtype=np.int64,
    )
