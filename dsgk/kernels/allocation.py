"""
Exact shares of whole numbers.

``ceil(0.07 * 100)`` is 8 in binary floating point; here it is 7, at any size.
"""

from fractions import Fraction


__all__ = ["share_down", "share_up"]


def share_up(share: Fraction, size: int, /) -> int:
    """
    Least whole number that is not below a share of *size*.

    Args:
        share: [Fraction >= 0] The share.
        size: [int >= 0] Of how many.

    Returns:
        [int >= 0] ``ceil(share * size)``, exactly.

    Examples:
        >>> share_up(Fraction("0.07"), 100), share_up(Fraction("0.03"), 16)
        (7, 1)
    """
    return -(-share.numerator * size // share.denominator)


def share_down(share: Fraction, size: int, /) -> int:
    """
    Greatest whole number that is not above a share of *size*.

    Args:
        share: [Fraction >= 0] The share.
        size: [int >= 0] Of how many.

    Returns:
        [int >= 0] ``floor(share * size)``, exactly.

    Examples:
        >>> share_down(Fraction("0.29"), 100), share_down(Fraction("0.05"), 16)
        (29, 0)
    """
    return share.numerator * size // share.denominator
