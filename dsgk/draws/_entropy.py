"""
Entropy and seal: where the chance of a draw comes from (公开随机数、封存).

The announcement fixes the form of a public fact to come, so that it has one
spelling and nobody can choose among several.  A seal adds a secret to which the
organiser has committed, and hides the outcome until the visits are over
(``docs/reference/draw-format.md``, sections 3 and 5).
"""

import contextlib
import datetime as dt
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Any, Self, cast

import attrs

from dsgk.documents import Digest, Printed, Secret, hash_of
from dsgk.errors import DsgkError, Fault, Faults, invalid
from dsgk.fields import (
    Coded,
    Kind,
    Natural,
    Positive,
    Stored,
    Value,
    check_type,
    declared,
    faults_of,
    kind_of,
    some,
    take,
    value,
    values_in,
    whole_number,
)
from dsgk.identifiers import plain


LEAST_TEXTS = 2**24
"""Least number of texts that a form admits."""

_ENOUGH = 24  # free choices between two or more, which make as many texts

_HEX = re.compile("[0-9a-fA-F]*")
_NUMBER = re.compile("0|[1-9][0-9]{0,15}")  # below 2**53 has 16 digits at most


class Order(Coded):
    """In which order numbers are written (排列)."""

    ASCENDING = ("ascending", "升序")
    """Sorted, in whatever order they came."""
    AS_DRAWN = ("as-drawn", "按开出顺序")
    """As the bulletin prints them, if it prints the order of the draw."""


def _power(base: int, exponent: int) -> int:
    """A power of a whole number, counted up to 2**24."""
    ways: int = base ** min(exponent, _ENOUGH)
    return min(LEAST_TEXTS, ways)


@value()
@attrs.frozen(field_transformer=declared)
class Numbers(Stored):
    """
    Whole numbers of a bulletin, such as the red balls of a lottery.

    Attributes:
        name: What the bulletin calls them.
        count: How many there are.
        least: The least possible number.
        most: The greatest possible number.
        order: In which order they are written.

    Examples:
        >>> Numbers("红球", count=6, least=1, most=33).text([30, 2, 7, 11, 18, 25])
        '2.7.11.18.25.30.'
    """

    name: Printed
    count: Positive = attrs.field(kw_only=True)
    least: Natural = attrs.field(kw_only=True)
    most: Natural = attrs.field(kw_only=True)
    order: Order = attrs.field(default=Order.ASCENDING, kw_only=True)

    def __attrs_post_init__(self) -> None:
        """Reject bounds that leave too few numbers."""
        room = self.most - self.least + 1
        if room < 1:
            raise invalid(
                "entropy-bounds", column="most", least=self.least, got=self.most
            )
        if self.order is Order.ASCENDING and self.count > room:
            raise invalid("entropy-count", column="count", got=self.count, room=room)

    @property
    def texts(self) -> int:
        """How many texts there are, counted up to 2**24."""
        room = self.most - self.least + 1
        if self.order is Order.AS_DRAWN:
            return _power(room, self.count)
        # Up to half of them, each further number at least doubles the ways.
        few = min(self.count, room - self.count, _ENOUGH)
        return min(LEAST_TEXTS, math.comb(room, few))

    def text(self, values: Any, /) -> str:  # noqa: ANN401
        """
        Write numbers in their one spelling.

        Args:
            values: [count ints] In any order; as drawn if the order counts.

        Raises:
            InvalidValueError: They are not such numbers.
        """
        entries = tuple(values_in(values) or ())
        numbers = [number for e in entries if (number := whole_number(e)) is not None]
        is_right = len(entries) == len(numbers) == self.count and all(
            self.least <= number <= self.most for number in numbers
        )
        if self.order is Order.ASCENDING:
            is_right &= len(set(numbers)) == len(numbers)
            numbers.sort()
        if not is_right:
            raise invalid(
                "entropy-numbers",
                name=self.name,
                count=self.count,
                least=self.least,
                most=self.most,
                order=self.order.code,
                got=values,
            )
        return "".join(f"{number}." for number in numbers)

    def values_of(self, text: str, /) -> list[int]:
        """Split a text into its numbers; anything else is left out."""
        check_type(text, str, name="text")
        return [int(part) for part in text.split(".") if _NUMBER.fullmatch(part)]


def _digits(given: object, count: int, name: str, *, is_hex: bool) -> str:
    is_right = isinstance(given, str) and len(given) == count and given.isascii()
    if not is_right or not (
        _HEX.fullmatch(str(given)) if is_hex else str(given).isdecimal()
    ):
        code = "entropy-hex" if is_hex else "entropy-digits"
        raise invalid(code, name=name, count=count, got=given)
    return f"{str(given).lower()}."


@value()
@attrs.frozen(field_transformer=declared)
class Digits(Stored):
    """
    A number of fixed width, whose leading zeros count.

    A decimal such as a closing index is written without its point: 3012.45 is
    301245, and the name says so.

    Attributes:
        name: What the bulletin calls it.
        digits: How many digits it has.
    """

    name: Printed
    digits: Positive

    @property
    def texts(self) -> int:
        """How many texts there are, counted up to 2**24."""
        return _power(10, self.digits)

    def text(self, values: Any, /) -> str:  # noqa: ANN401
        """
        Write the digits in their one spelling.

        Args:
            values: [digits ASCII digits] A text.

        Raises:
            InvalidValueError: They are not that many digits.
        """
        return _digits(values, self.digits, self.name, is_hex=False)

    def values_of(self, text: str, /) -> str:
        """Take the digits out of a text."""
        check_type(text, str, name="text")
        return text.removesuffix(".")


@value()
@attrs.frozen(field_transformer=declared)
class Hex(Stored):
    """
    A number in hex digits, such as the value of a beacon or the hash of a block.

    Attributes:
        name: What the source calls it.
        hex: How many hex digits it has.
    """

    name: Printed
    hex: Positive

    @property
    def texts(self) -> int:
        """How many texts there are, counted up to 2**24."""
        return _power(16, self.hex)

    def text(self, values: Any, /) -> str:  # noqa: ANN401
        """
        Write the digits in their one spelling, which is lower case.

        Args:
            values: [hex digits] A text in either case.

        Raises:
            InvalidValueError: They are not that many hex digits.
        """
        return _digits(values, self.hex, self.name, is_hex=True)

    def values_of(self, text: str, /) -> str:
        """Take the digits out of a text."""
        check_type(text, str, name="text")
        return text.removesuffix(".")


Group = Numbers | Digits | Hex


@attrs.frozen
class _Group(Kind):
    """A group of a form; its keys say which of the three it is."""

    def convert(self, given: Any, /) -> Group:  # noqa: ANN401
        if isinstance(given, Numbers | Digits | Hex):
            return given
        if not isinstance(given, Mapping):
            raise invalid(
                "argument-type",
                name="value",
                type="Numbers",
                got=given,
                got_type=type(given).__name__,
                instead="Numbers('红球', count=6, least=1, most=33)",
            )
        of = Digits if "digits" in given else Hex if "hex" in given else Numbers
        return Value(of).convert(given)  # type: ignore[no-any-return]

    def plain(self, held: Group, /) -> dict[str, Any]:
        return Value(type(held)).plain(held)  # type: ignore[no-any-return]

    def schema(self) -> dict[str, Any]:
        return {"anyOf": [Value(of).schema() for of in (Numbers, Digits, Hex)]}


_FORM = some(tuple[Annotated[Group, _Group()], ...])


def _form(given: Iterable[Group]) -> tuple[Group, ...]:
    return cast("tuple[Group, ...]", _FORM.convert(given))


@value("dsgk-entropy/1")
@attrs.frozen(field_transformer=declared)
class Entropy(Stored):
    """
    Which public fact completes the key, and how it is written (公开随机数).

    Attributes:
        source: Which fact, and who publishes it.
        on: The day of the fact. If it does not occur on that day, the
            announcement is void.
        form: The groups of the fact, in the order in which they are written.
            Together they admit at least 2**24 texts: with fewer, the organiser
            could try titles until the outcome pleases. The count takes all
            values as equally likely; the leading digits of an index are not
            random.

    Examples:
        >>> entropy = Entropy("某公开开奖号码", dt.date(2026, 4, 1), [
        ...     Numbers("红球", count=6, least=1, most=33),
        ...     Numbers("蓝球", count=1, least=1, most=16, order=Order.AS_DRAWN),
        ... ])
        >>> entropy.text([[30, 2, 7, 11, 18, 25], [9]])
        '2.7.11.18.25.30./9./'
        >>> entropy.read("02.07.11.18.25.30./9./")
        Traceback (most recent call last):
        dsgk.errors.InvalidValueError: 'entropy' must be the text of the announced form (got '02.07.11.18.25.30./9./'). Give the values as the source prints them; the library writes the text.
    """  # noqa: E501

    source: Printed
    on: dt.date
    form: Annotated[tuple[Group, ...], _FORM] = attrs.field(converter=_form)

    def __attrs_post_init__(self) -> None:
        """Reject groups with the same name, and a form with too few texts."""
        faults = Faults()
        first: dict[str, int] = {}
        texts = 1
        for place, group in enumerate(self.form):
            texts *= group.texts
            if first.setdefault(group.name, place) != place:
                faults.add(
                    "entropy-twice", column=f"form[{place}].name", got=group.name
                )
        if texts < LEAST_TEXTS:
            faults.add("entropy-few", column="form", got=texts, least=LEAST_TEXTS)
        faults.raise_any()

    def text(self, values: Sequence[Any], /) -> str:
        """
        Write the fact in its one spelling.

        Args:
            values: One entry for each group: numbers, or a text of digits.

        Raises:
            InvalidInput: They do not have the form.
        """
        given = tuple(values_in(values) or ())
        if len(given) != len(self.form):
            raise invalid(
                "entropy-groups",
                column="entropy",
                names=[group.name for group in self.form],
                got=values,
            )
        faults = Faults()
        text = ""
        for group, entry in zip(self.form, given, strict=True):
            try:
                text += group.text(entry) + "/"
            except DsgkError as error:
                faults += [
                    attrs.evolve(fault, column="entropy") for fault in faults_of(error)
                ]
        faults.raise_any()
        return text

    def read(self, given: object, /) -> str:
        """
        Take the values of the fact, or its text.

        Raises:
            InvalidValueError: The text is another spelling of the fact, which
                would make another draw.
            InvalidInput: The values do not have the form.
        """
        if not isinstance(given, str):
            return self.text(given)  # type: ignore[arg-type]
        parts = given.split("/")
        with contextlib.suppress(DsgkError):
            if given == self.text(
                [group.values_of(p) for group, p in zip(self.form, parts, strict=False)]
            ):
                return plain(given)
        raise invalid("entropy-spelling", column="entropy", got=given)


@value("dsgk-seal/1")
@attrs.frozen(field_transformer=declared)
class Seal(Stored):
    """
    A secret to which the organiser commits, and which is opened later (封存).

    Attributes:
        digest: Commits to the secret; published in the announcement.
        open_by: Last day for publishing the secret.

    Examples:
        >>> Seal.of("f" * 64, open_by=dt.date(2026, 7, 31)).digest[:16]
        '1ea583391dbf9ecc'
    """

    digest: Digest
    open_by: dt.date

    @classmethod
    def of(cls, secret: str, /, *, open_by: dt.date) -> Self:
        """
        Seal a secret.

        Args:
            secret: [64 lower-case hex digits] The host makes it at random for
                one announcement: in Python ``secrets.token_hex(32)``.
            open_by: Last day for publishing it.
        """
        return cls(cls.digest_of(secret), open_by)

    @staticmethod
    def digest_of(secret: str, /) -> str:
        """The digest that commits to a secret."""
        return hash_of(["dsgk-seal:", take(secret, _SECRET, name="secret")])


_DIGEST = kind_of(Digest)
_SECRET = kind_of(Secret)
_TEXT = kind_of(Printed)


def secret_fault(seal: Seal | None, secret: object, /, *, name: str) -> Fault | None:
    """
    Say why a secret does not open a seal, if it does not.

    Args:
        seal: The seal of an announcement, if it has one.
        secret: What was given for it, if anything.
        name: What the message calls it.
    """
    if seal is None:
        return None if secret is None else Fault.of("secret-extra", column=name)
    if secret is None:
        return Fault.of("secret-missing", column=name, digest=seal.digest)
    try:
        opened = Seal.digest_of(secret)  # type: ignore[arg-type]
    except DsgkError as error:
        return error.fault.at(column=name)
    if opened == seal.digest:
        return None
    return Fault.of("secret-other", column=name, expected=seal.digest, got=opened)


def key_of(digest: str, entropy: str, secret: str | None = None, /) -> str:
    """
    Make the key of an announcement (抽取密钥).

    Args:
        digest: Digest of the announcement.
        entropy: Text of the fact.
        secret: The secret, for a sealed draw.

    Returns:
        [32 lower-case hex digits] The first half of the SHA-256 of all of
        them, joined by colons.
    """
    parts = [take(digest, _DIGEST, name="digest"), take(entropy, _TEXT, name="entropy")]
    if secret is not None:
        parts.append(take(secret, _SECRET, name="secret"))
    return hash_of([":".join(parts)])[:32]
