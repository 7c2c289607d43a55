"""
Whether rules together leave nothing for another rule.

A rule accepts a box: a set of values in each field that it names, everything
in the others.  Boxes are subtracted from a box until a part is left over or
nothing is.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from dsgk.subjects.values import Selection, Status


__all__ = ["covering"]

_Atom = tuple[type, Any]
_Box = dict[str, frozenset[_Atom]]

_OTHER: _Atom = (object, None)  # stands for every value that no rule names


def _typed(values: frozenset[Any]) -> frozenset[_Atom]:
    return frozenset((type(value), value) for value in values)  # 1 is not True


_CLOSED = {
    "on_promise": _typed(frozenset({True, False, None})),
    "status": _typed(frozenset(Status)),
}


def covering(
    earlier: Sequence[Selection], later: Selection, /
) -> tuple[int, ...] | None:
    """
    Find rules that match every subject that a later rule could match.

    Texts can be anything, so only `on_promise` and `status` can be exhausted
    by naming their values; a field that a rule does not name accepts all.

    Args:
        earlier: What the rules before it accept, in any order.
        later: What the rule accepts.

    Returns:
        Positions in *earlier* of rules that cover *later* and of which none
        can be left out; None if some subject could get past them all.

    Examples:
        >>> a, b = {"credit": frozenset("AB")}, {"credit": frozenset("CD")}
        >>> covering([a, b], {"credit": frozenset("BC")})
        (0, 1)
        >>> covering([a, b], {}) is None
        True
    """
    boxes = [{f: _typed(values) for f, values in rule.items()} for rule in earlier]
    target = {f: _typed(values) for f, values in later.items()}
    whole: _Box = {}
    for field in {f for box in (*boxes, target) for f in box}:
        named = [box[field] for box in (*boxes, target) if field in box]
        whole[field] = _CLOSED.get(field) or frozenset({_OTHER}).union(*named)
    target = {**whole, **target}
    kept = list(range(len(boxes)))
    if _leaves_some(target, boxes):
        return None
    for k in range(len(boxes)):
        fewer = [j for j in kept if j != k]
        if not _leaves_some(target, [boxes[j] for j in fewer]):
            kept = fewer
    return tuple(kept)


def _leaves_some(box: _Box, rules: Sequence[Mapping[str, frozenset[_Atom]]]) -> bool:
    """Whether a part of *box* is in none of *rules*."""
    for k, rule in enumerate(rules):
        if all(box[field] & values for field, values in rule.items()):
            inside = box  # gets smaller, so that no part is looked at twice
            for field, values in rule.items():
                outside = inside[field] - values
                if outside and _leaves_some({**inside, field: outside}, rules[k + 1 :]):
                    return True
                inside = {**inside, field: inside[field] & values}
            return False
    return True
